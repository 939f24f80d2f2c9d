"""How each address of improvement plans is tried: they are IT's, whose figures its agents and heads read."""

from django.utils import timezone

from metrics.improvement.models import Improvement, ImprovementAction
from tests.security.probes import Probe

_AT = {"pk": "{improvement}"}
_DONE = {**_AT, "action": "{improvement_action}"}


def today() -> str:
    return timezone.localdate().isoformat()


def is_there(model: type, **values):
    return lambda _world, _names, _letter: model.objects.filter(**values).exists()


_PLAN = {"name": "Word of mouth", "side": "supplier", "figure": "resolution_time", "effective_on": today}
_FORM = _PLAN | {"expected": "-10", "owner": "{agent_pk}"}
_BODY = _PLAN | {"expected": -0.1, "owner": "{agent}"}
_MADE = is_there(Improvement, name="Word of mouth")
_ACTION = {"what": "Say so", "due_on": today}
_ADDED = is_there(ImprovementAction, what="Say so")
_FINISHED = is_there(ImprovementAction, done_on__isnull=False)
_STARTED = is_there(Improvement, state="running")

IMPROVEMENTS = [
    Probe("metrics.cross_department_named", "improvement:list", path={"slug": "it"}),
    Probe("everybody", "api:improvements"),
    Probe("metrics.cross_department_named", "improvement:marks", path={"slug": "it"}),
    Probe("everybody", "improvement:company_marks"),
    Probe("everybody", "api:improvement_marks"),
    Probe("improvement.read", "improvement:page", path=_AT),
    Probe("improvement.read", "api:improvement", path=_AT),
    Probe("improvement.plan", "improvement:new", path={"slug": "it"}),
    Probe("improvement.plan", "improvement:new", "post", {"slug": "it"}, _FORM, effect=_MADE),
    Probe("improvement.plan", "api:improvements", "post", {}, _BODY | {"department": "it"}, effect=_MADE),
    Probe("improvement.keep", "improvement:change", path=_AT),
    Probe("improvement.keep", "improvement:change", "post", _AT, _FORM, effect=_MADE),
    Probe("improvement.keep", "api:improvement", "patch", _AT, {"name": "Word of mouth"}, effect=_MADE),
    Probe("improvement.keep", "improvement:move", "post", {**_AT, "name": "start"}, {}, effect=_STARTED),
    Probe("improvement.keep", "api:improvement_moves", "post", _AT, {"move": "start"}, effect=_STARTED),
    Probe("improvement.keep", "improvement:add_action", "post", _AT, _ACTION | {"owner": "{agent_pk}"}, effect=_ADDED),
    Probe("improvement.keep", "api:improvement_actions", "post", _AT, _ACTION | {"owner": "{agent}"}, effect=_ADDED),
    Probe("improvement.keep", "improvement:change_action", path=_DONE),
    Probe(
        "improvement.keep", "improvement:change_action", "post", _DONE, _ACTION | {"owner": "{agent_pk}"}, effect=_ADDED
    ),
    Probe("improvement.keep", "api:improvement_action", "patch", _DONE, {"what": "Say so"}, effect=_ADDED),
    Probe("improvement.keep", "improvement:action_done", "post", _DONE, {}, effect=_FINISHED),
    Probe("improvement.keep", "api:improvement_action_done", "post", _DONE, {}, effect=_FINISHED),
]
