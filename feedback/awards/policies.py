"""Who keeps programmes and awards, who nominates, who votes, and who reads which scores."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from feedback.awards.models import Award, Juror
from feedback.awards.states import ANNOUNCED, Way
from feedback.awards.units import Kinship
from requests_app.kernel.errors import NotAllowed
from requests_app.org.models import Person
from requests_app.org.policies import ALLOWED_CODES, best_code, contexts_without_object, standing

OTHERS = "metrics.cross_department_named"


def keeps(person: Person) -> bool:
    """feedback.configure of the company: its administrators."""
    return standing(person).is_admin


def require_keep(person: Person) -> None:
    if not keeps(person):
        raise NotAllowed(_("Awards are kept by administrators."), needed=_("Ask one of the administrators."))


def takes_part(person: Person) -> bool:
    hats = standing(person)
    return bool(hats.member_of) and not hats.is_partner


def own_units(person: Person, units: Collection[int]) -> frozenset[int]:
    """Those of the units that are the person's own, above them or below them."""
    member_of = standing(person).member_of
    return Kinship(units, member_of).own(member_of)


def require_take_part(person: Person) -> None:
    if not takes_part(person):
        raise NotAllowed(_("Only members of departments nominate."), needed=_("Ask an administrator."))


def require_nominate(person: Person, department_id: int) -> None:
    require_take_part(person)
    if own_units(person, [department_id]):
        raise NotAllowed(
            _("Nobody nominates their own department."), needed=_("Those who work with it do. Choose another one.")
        )


def is_juror(person: Person, award: Award) -> bool:
    return award.way == Way.JURY and Juror.objects.filter(award=award, person_id=person.pk).exists()


def why_no_vote(person: Person, award: Award, nominees: Collection[int], own: frozenset[int]) -> str:
    """Why somebody does not vote, in a sentence; empty when they do.

    SECURITY: whoever could vote for one nominee only would have no secret, so they sit out.
    """
    if not takes_part(person):
        return _("Only members of departments vote.")
    if award.way == Way.JURY and not is_juror(person, award):
        return _("Only the jury votes.")
    if award.way == Way.JURY and own:
        return _("Your own department is nominated, so you sit out this vote.")
    if len(nominees) - len(own) < 2:
        return _("Your own department is nominated, and what is left is no choice: everybody would know your vote.")
    return ""


def require_vote(person: Person, award: Award, nominees: Collection[int], chosen: int) -> None:
    own = own_units(person, nominees)
    if why := why_no_vote(person, award, nominees, own):
        raise NotAllowed(why, needed=_("The others decide."))
    if chosen in own:
        raise NotAllowed(_("Nobody votes for their own department."), needed=_("Choose another one."))


def reads_parts(person: Person, award: Award) -> bool:
    """Every part of every score: who reads all figures of departments by name, who keeps awards, the jury."""
    code = best_code(OTHERS, contexts_without_object(person))
    return code == "Y" or keeps(person) or is_juror(person, award)


def reads_scores(person: Person) -> bool:
    """The scores of all units as a whole, without their parts: who reads the figures of departments in outline."""
    hats = standing(person)
    return not hats.is_partner and best_code(OTHERS, contexts_without_object(person)) in ALLOWED_CODES


def reads_result(person: Person, award: Award) -> bool:
    """Before it is announced a decision is known to those who announce it."""
    return award.state == ANNOUNCED or keeps(person)
