"""How each address of corrective actions is tried: IT owes them to Sales, and they came of requests of Rita's."""

from feedback.actions.models import Cause, CorrectiveAction
from tests.security.probes import Probe


def stands_at(name: str, state: str):
    return lambda _world, names, _letter: CorrectiveAction.objects.get(pk=names[name]).state == state


def is_there(model: type, **values):
    return lambda _world, _names, _letter: model.objects.filter(**values).exists()


_OPEN = {"title": "It came late"}
_BETWEEN = {**_OPEN, "supplier": "it", "customer": "sales"}
_PLAN = {"note": "One list", "owner": "{agent}", "due_on": "2027-01-04"}


def _steps(action: str, name: str, state: str, words: dict, form: dict | None = None) -> list[Probe]:
    """A step of the action that stands where it can be taken: over the API, and on its page."""
    source = {"contain": "action_open", "plan": "action_analysed", "cancel": "action_open"}.get(name, "action_done")
    return [
        Probe(action, "api:corrective_action_steps", "post", {"pk": f"{{{source}}}"}, {"step": name, **words},
              effect=stands_at(source, state)),
        Probe(action, "actions:step", "post", {"pk": f"{{{source}}}", "name": name}, form or words,
              effect=stands_at(source, state)),
    ]  # fmt: skip


ACTIONS = [
    Probe("everybody", "actions:list"),
    Probe("everybody", "api:corrective_actions"),
    Probe("everybody", "api:causes"),
    Probe("cap.view", "actions:action", path={"pk": "{action_open}"}),
    Probe("cap.view", "api:corrective_action", path={"pk": "{action_open}"}),
    Probe("action.open_form", "actions:new"),
    Probe("action.open", "actions:new", "post", {}, _BETWEEN, effect=is_there(CorrectiveAction, title="It came late"),
          refusals=(403, 400)),
    Probe("action.open", "api:corrective_actions", "post", {}, _BETWEEN,
          effect=is_there(CorrectiveAction, title="It came late")),
    Probe("action.open_of_request", "actions:new_of_request", path={"number": "{number}"}),
    Probe("action.open_of_request", "actions:new_of_request", "post", {"number": "{number}"}, _OPEN,
          effect=is_there(CorrectiveAction, title="It came late")),
    Probe("action.open_of_request", "api:corrective_actions", "post", {}, {**_OPEN, "request": "{number}"},
          skip=frozenset({"EX"}),  # whose token only reads, which is said first
          effect=is_there(CorrectiveAction, title="It came late")),
    *_steps("cap.update_progress", "contain", "contained", {"note": "A spare one"}),
    *_steps("cap.create_edit", "plan", "planned", _PLAN, _PLAN | {"owner": "{agent_pk}"}),
    *_steps("cap.create_edit", "cancel", "cancelled", {"note": "Not needed"}),
    *_steps("cap.verify_effectiveness", "verify", "verified", {"check_days": 30}),
    Probe("cause.propose", "settings:causes"),
    Probe("cause.propose", "settings:cause", path={"pk": "{cause}"}),
    Probe("cause.open_proposal", "settings:cause", path={"pk": "{cause_proposed}"}),
    Probe("cause.propose", "settings:causes", "post", {}, {"name": "Nobody knew"}, effect=is_there(Cause, name="Nobody knew")),
    Probe("cause.edit", "settings:cause", "post", {"pk": "{cause}"}, {"name": "Nobody knew", "is_active": "on"},
          effect=is_there(Cause, name="Nobody knew")),
    Probe("cause.propose", "api:causes", "post", {}, {"name": "Nobody knew"}, effect=is_there(Cause, name="Nobody knew")),
    Probe("cap.update_progress", "api:corrective_action_steps", "post", {"pk": "{action_analysed}"},
          {"step": "analyse", "whys": ["So."], "proposed_cause": "Nobody knew", "proposed_below": "{cause}#"},
          effect=is_there(Cause, name="Nobody knew", state="proposed")),
    Probe("everybody", "api:proposed_causes"),
    Probe("cause.read_proposal", "api:cause", path={"pk": "{cause_proposed}"}),
    *[Probe("cause.edit", "settings:decide_cause", "post", {"pk": "{cause_proposed}", "name": name}, words,
            effect=is_there(Cause, state=state))
      for name, words, state in (("accept", {"name": "Nobody knew"}, "accepted"), ("merge", {"into": "{cause}"}, "merged"),
                                 ("refuse", {"reason": "Too narrow"}, "refused"))],
    Probe("cause.decide", "api:decide_cause", "post", {"pk": "{cause_proposed}"}, {"decision": "refuse", "reason": "Too narrow"},
          skip=frozenset({"EX"}),  # whose token only reads, which is said first
          effect=is_there(Cause, state="refused")),
]  # fmt: skip
