"""Who can win: departments and teams with what belongs to them, what was said of them, and whose own they are."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import F, Q

from feedback.awards.days import bounds_of
from feedback.awards.states import Unit
from feedback.voice.models import Voice
from feedback.voice.states import ANSWERED, APPEALED, OPEN, WITHDRAWN, Kind
from requests_app.org.models import Department
from requests_app.org.states import DepartmentKind

Units = Mapping[int, list[int]]
HIGHEST_PRIORITY = 1


def units_of(unit: str) -> dict[int, list[int]]:
    """Unit → the departments whose figures are its own. A department is what stands at the top, with all below it."""
    rows = Department.objects.filter(kind=DepartmentKind.INTERNAL).order_by("pk")
    paths = {row.pk: _ids(row.pk, row.path) for row in rows}
    top = unit == Unit.DEPARTMENT
    found = {row.pk: [row.pk] for row in rows if row.is_active and (row.parent_id is None) == top}
    if top:
        for pk, above in paths.items():
            if above[0] in found and pk != above[0]:
                found[above[0]].append(pk)
    return found


def _ids(pk: int, path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part] or [pk]


def praise_of(units: Units, first: date, last: date) -> dict[int, int]:
    """How many people of other departments praised each unit; who praises often counts once."""
    begins, ends = bounds_of(first, last)
    rows = Voice.objects.filter(kind=Kind.PRAISE, said_at__gte=begins, said_at__lt=ends, customer__isnull=False)
    said = set(rows.exclude(state=WITHDRAWN).values_list("department_id", "customer_id", "author_id"))
    return {
        unit: len({author for to, by, author in said if to in own and by not in own}) for unit, own in units.items()
    }


def complaints_of(units: Units) -> dict[int, int]:
    """Unsettled complaints that are late, were appealed or are about a request of the highest priority.

    SECURITY: confidential ones are left out; that a unit may not take part would tell everybody of them.
    """
    critical = Q(late_level__gt=0) | Q(state=APPEALED) | Q(service_request__priority=HIGHEST_PRIORITY)
    rows = Voice.objects.filter(critical, kind=Kind.COMPLAINT, confidential=False, state__in=[OPEN, ANSWERED, APPEALED])
    about = list(rows.exclude(customer_id=F("department_id")).values_list("department_id", flat=True))
    return {unit: sum(pk in own for pk in about) for unit, own in units.items()}


class Kinship:
    """Which units are somebody's own: their departments, what stands above them and what is below; one query."""

    def __init__(self, units: Collection[int], departments: Iterable[int] | None = None) -> None:
        self.units = frozenset(units)
        rows = Department.objects.all()
        if departments is not None:
            rows = rows.filter(pk__in=self.units | set(departments))
        self._above = {pk: _ids(pk, path) for pk, path in rows.values_list("pk", "path")}

    def own(self, member_of: Iterable[int]) -> frozenset[int]:
        mine = set(member_of)
        above = {pk for one in mine for pk in self._above.get(one, [one])}
        return frozenset(unit for unit in self.units if unit in above or mine & set(self._above.get(unit, [unit])))
