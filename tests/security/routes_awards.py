"""How each address of awards is tried: one open for nominations, one voted on, one that IT won; years back."""

from datetime import timedelta

from feedback.awards.models import Award, Nomination, Programme, Tally, Voter
from tests.factories.awards import today
from tests.security.probes import Probe


def _past(days: int):
    return lambda: (today() - timedelta(days=days)).isoformat()


def _soon(days: int):
    return lambda: (today() + timedelta(days=days)).isoformat()


def _named(name: str):
    return lambda _world, _names, _letter: Programme.objects.filter(name=name).exists()


def _nominated(world, names, letter: str) -> bool:
    person = world.person(letter)
    return Nomination.objects.filter(nominee__award=names["award_open"], person=person, reason="They help").exists()


def _voted(world, names, letter: str) -> bool:
    votes = Tally.objects.get(nominee=names["award_nominee"]).votes
    return votes == 1 and Voter.objects.filter(award=names["award_voting"], person=world.person(letter)).exists()


def _stands(state: str):
    return lambda _world, names, _letter: Award.objects.get(pk=names["award_open"]).state == state


def _opened(_world, names, _letter: str) -> bool:
    return Award.objects.filter(programme=names["award_programme"]).count() == 2


def _programme() -> int:
    return Programme.objects.get(name="Best service").pk


_OPEN, _VOTING, _PROGRAMME = ({"pk": f"{{{name}}}"} for name in ("award_open", "award_voting", "award_programme"))
_DAYS = {"first": _past(1040), "last": _past(990), "nominate_until": _soon(7), "vote_until": _soon(14)}
_TYPED = {"name": "Anew", "unit": "department", "way": "staff", "tie": "joint", "fewest_requests": "30",
          "fewest_response": "20", "most_flagged": "5", "weight_kept": "3"}  # fmt: skip
_SENT = {"name": "Anew", "weights": lambda: [{"criterion": "kept", "weight": 3}]}
_CANCEL = {"pk": "{award_open}", "name": "cancel"}

AWARDS = [
    *(Probe("everybody", route) for route in ("awards:list", "api:awards")),
    *(Probe("everybody", route, path=_OPEN) for route in ("awards:award", "api:award")),
    Probe("everybody", "awards:certificate", path={"pk": "{award_won}"}),
    *(Probe("award.keep", route) for route in ("awards:new_programme", "api:award_programmes")),
    *(Probe("award.keep", route, path=_PROGRAMME)
      for route in ("awards:programme", "awards:open", "api:award_programme")),
    Probe("award.keep", "awards:new_programme", "post", {}, _TYPED, effect=_named("Anew")),
    Probe("award.keep", "api:award_programmes", "post", {}, _SENT, effect=_named("Anew")),
    Probe("award.keep", "awards:programme", "post", _PROGRAMME, _TYPED, effect=_named("Anew")),
    Probe("award.keep", "api:award_programme", "put", _PROGRAMME, _SENT, effect=_named("Anew")),
    Probe("award.keep", "awards:open", "post", _PROGRAMME, _DAYS, effect=_opened),
    Probe("award.keep", "api:awards", "post", {}, {"programme": _programme, **_DAYS}, effect=_opened),
    Probe("award.keep", "awards:step", "post", _CANCEL, {"note": "A fault"}, effect=_stands("cancelled")),
    Probe("award.keep", "api:award_steps", "post", _OPEN, {"step": "start_vote"}, effect=_stands("voting")),
    Probe("award.open_form", "awards:nominate", path=_OPEN),
    Probe("award.open_form", "awards:vote", path=_VOTING),
    # On the page one's own department is not among the choices.
    Probe("award.favour_it", "awards:nominate", "post", _OPEN, {"department": "it", "reason": "They help"},
          effect=_nominated, refusals=(400, 403)),
    Probe("award.favour_it", "api:award_nominations", "post", _OPEN, {"department": "it", "reason": "They help"},
          effect=_nominated),
    Probe("award.favour_it", "awards:vote", "post", _VOTING, {"nominee": "{award_nominee}"}, effect=_voted,
          refusals=(400, 403)),
    Probe("award.favour_it", "api:award_vote", "put", _VOTING, {"nominee": "{award_nominee}"}, effect=_voted),
]  # fmt: skip
