"""Whom a campaign asks, and in which groups their answers are counted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from feedback.ratings.models import Invitation as RatingInvitation
from feedback.ratings.rest import days_between_campaigns, rest_days
from feedback.surveys.models import Campaign, SurveyInvitation
from feedback.surveys.rhythm import start_of, today_of
from feedback.surveys.states import FLOOR, NAMED
from requests_app.org.models import Department, Membership, Person
from requests_app.org.states import LEADING_ROLES, CustomerKind, DepartmentKind

_PARTNER = Q(department__kind=DepartmentKind.PARTNER)
_LEADS = Exists(
    Membership.objects.filter(person=OuterRef("person"), department=OuterRef("department"), role__in=LEADING_ROLES)
)
_OWN = ~_PARTNER & Q(person__is_executive=False)
# As requests tell them apart: partners by their organisation, executives by what they are, heads for what they lead.
_KINDS = {
    CustomerKind.PARTNER: _PARTNER,
    CustomerKind.EXECUTIVE: ~_PARTNER & Q(person__is_executive=True),
    CustomerKind.DEPARTMENT: _OWN & Q(_LEADS),
    CustomerKind.EMPLOYEE: _OWN & ~Q(_LEADS),
}

WAITED = timedelta(minutes=10)  # longer than any transaction that opens a campaign


@dataclass(frozen=True)
class Audience:
    """Whom a campaign asks: person → the department for which they are asked. `rested`: how many it leaves in peace."""

    people: dict[int, int]
    rested: int


def audience_of(campaign: Campaign, now: datetime, *, locked: bool = False) -> Audience:
    """Without those who were asked of late, unless the campaign asks whoever it may have been (`asks_in_any_case`).

    `locked`: call in a transaction; of two campaigns that open at once one asks a person, and a rating waits too.
    """
    people = _everybody(campaign)
    if asks_in_any_case(campaign):
        return Audience(people, 0)
    if locked:
        list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    rested = set(_rested(now).filter(pk__in=people).values_list("pk", flat=True))
    return Audience({person: place for person, place in people.items() if person not in rested}, len(rested))


def asks_in_any_case(campaign: Campaign) -> bool:
    """Self-knowledge is a duty: a department whose head was asked something else of late must not be missing in it."""
    return campaign.survey.ready == NAMED


def _everybody(campaign: Campaign) -> dict[int, int]:
    """Active person → the department for which they would be asked: their home if that is asked, else the first."""
    asked = Q(pk=0)
    for department in campaign.departments.all():
        asked |= Q(department_id=department.pk) | Q(department__path__startswith=department.path or "-")
    rows = Membership.objects.filter(asked, person__is_active=True, department__is_active=True)
    if campaign.roles:
        rows = rows.filter(role__in=campaign.roles)
    if campaign.kinds:
        rows = rows.filter(reduce(or_, (_KINDS[CustomerKind(kind)] for kind in campaign.kinds)))
    found: dict[int, int] = {}
    for person_id, department_id in rows.order_by("-home", "pk").values_list("person_id", "department_id"):
        found.setdefault(person_id, department_id)
    return found


def _rested(now: datetime) -> QuerySet[Person]:
    """Whoever was asked for a rating or by a campaign within the days that the settings leave people in peace.

    Between campaigns whole days of the company count, so that what comes every second week asks the same people.
    """
    asked = Q(pk__in=[])
    if between := days_between_campaigns():
        since = start_of(today_of(now) - timedelta(days=between - 1))
        until = now + WAITED  # what opened while this one waited for the people to be free is later than its `now`
        by_campaign = SurveyInvitation.objects.filter(campaign__opened_at__range=(since, until))
        asked |= Q(pk__in=by_campaign.values("person_id"))
    if days := rest_days():
        by_rating = RatingInvitation.objects.filter(delivered_at__gt=now - timedelta(days=days))
        asked |= Q(pk__in=by_rating.values("person_id"))
    return Person.objects.filter(asked)


def asked_since(person_id: int, since: datetime) -> bool:
    """Whether a campaign asked this person after `since`; what invitations to rate hear from here."""
    return SurveyInvitation.objects.filter(person_id=person_id, campaign__opened_at__gt=since).exists()


def groups_of(people: Mapping[int, int]) -> dict[int, int | None]:
    """Person → group; the departments are looked up."""
    parents = dict(Department.objects.values_list("pk", "parent_id"))
    groups = grouped(people, parents)
    return {person: groups[department] for person, department in people.items()}


def grouped(people: Mapping[int, int], parents: Mapping[int, int | None], floor: int = FLOOR) -> dict[int, int | None]:
    """Department → the nearest department at or above it for which at least `floor` people are asked.

    None gathers what stays small up to the top; the smallest group joins it while it is small itself. So every group
    has `floor` people, or there is one group of all.
    """
    members: dict[int | None, list[int]] = defaultdict(list)
    for department in people.values():
        members[department].append(department)
    for department in sorted(
        {place for one in people.values() for place in chain(one, parents)}, key=lambda one: -len(chain(one, parents))
    ):
        if 0 < len(members[department]) < floor:
            members[parents.get(department)] += members.pop(department)
    rest = members.pop(None, [])
    while 0 < len(rest) < floor and any(members.values()):
        smallest = min((place for place in members if members[place]), key=lambda place: (len(members[place]), place))
        rest += members.pop(smallest)
    found: dict[int, int | None] = dict.fromkeys(rest)
    return found | {one: place for place, ones in members.items() for one in ones}


def chain(department: int, parents: Mapping[int, int | None]) -> Sequence[int]:
    """The department and those above it, itself first."""
    found: list[int] = []
    here: int | None = department
    while here is not None and here not in found:
        found.append(here)
        here = parents.get(here)
    return found
