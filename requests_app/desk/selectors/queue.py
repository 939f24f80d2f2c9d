"""The queue of a department as one agent sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.catalogue.models import Service
from requests_app.desk.models import ServiceRequestQuerySet
from requests_app.desk.selectors.lists import (
    Counted,
    QueueCounts,
    Row,
    Wanted,
    counted,
    narrowed,
    offered_rows,
    opening_page,
    page_of_rows,
    queue_counts,
    queue_rows,
)
from requests_app.desk.states import OPEN
from requests_app.kernel.pagination import Page
from requests_app.kernel.written import written_once
from requests_app.org.models import Department, Person
from requests_app.org.selectors import department_choices

# code, words, parameters: the views that every queue has
TABS: tuple[tuple[str, Promise, dict[str, str]], ...] = (
    ("mine", gettext_lazy("Mine"), {"assignee": "me"}),
    ("nobody", gettext_lazy("Unassigned"), {"assignee": "nobody"}),
    ("open", gettext_lazy("All open"), {}),
    ("today", gettext_lazy("Due today"), {"due": "today"}),
    ("overdue", gettext_lazy("Overdue"), {"overdue": "1"}),
    ("waits", gettext_lazy("Waiting for customer"), {"waits": "1"}),
    ("delivered", gettext_lazy("Delivered"), {"status": "delivered"}),
    ("offered", gettext_lazy("Offered to us"), {"offered": "1"}),
)
GROUPS = {
    "overdue": gettext_lazy("Overdue"),
    "today": gettext_lazy("Due today"),
    "later": gettext_lazy("Later"),
    "standing": gettext_lazy("Clock paused"),
}


@dataclass(frozen=True)
class Tab:
    words: str
    query: str
    count: int | None
    current: bool


@dataclass(frozen=True)
class Group:
    """Rows that stand together; without words the list is not divided."""

    words: str
    count: int | None
    rows: Sequence[Row]


@dataclass(frozen=True)
class ListPage:
    """A page of a list with what stands around it."""

    page: Page
    groups: list[Group]
    counted: Counted
    shown: int

    @property
    def words(self) -> str:
        """How much of how much, for the foot of the list."""
        if not self.counted.total:
            return ""
        names = {"shown": self.shown, "total": f"{self.counted.total:,}"}
        if self.counted.more:
            return _("%(shown)s of more than %(total)s shown") % names
        return _("%(shown)s of %(total)s shown") % names


@dataclass(frozen=True)
class QueuePage:
    department: Department
    tabs: list[Tab]
    listed: ListPage
    agents: list[Person]
    works_here: bool

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """To whom what is ticked can be given."""
        return tuple((agent.email, agent.name) for agent in self.agents)


def queue_page(
    *,
    person: Person,
    department: Department,
    agents: list[Person],
    wanted: Wanted,
    offered: bool,
    params: Mapping[str, list[str]],
) -> QueuePage:
    """What the department works on, or with `offered` what others want to pass to it."""
    counts = queue_counts(person, department.pk)
    if wanted == Wanted() and not offered:
        listed = _divided(*opening_page(person, department.pk), counts.counted)
    else:
        rows = offered_rows(person, department.pk) if offered else queue_rows(person, department.pk)
        listed = list_page(rows=narrowed(rows, wanted, person), wanted=wanted, person=person)
    return QueuePage(
        department=department,
        tabs=tabs_of(TABS, params, counts),
        listed=listed,
        agents=agents,
        works_here=any(agent.pk == person.pk for agent in agents),
    )


def list_page(*, rows: ServiceRequestQuerySet, wanted: Wanted, person: Person) -> ListPage:
    """One page of already narrowed rows, counted, and divided when it is in the order of due times."""
    grouped = wanted.sort == "due" and not wanted.any_status and set(wanted.status) <= OPEN
    return _divided(*page_of_rows(rows, wanted, person), counted(rows, grouped=grouped), grouped=grouped)


def _divided(page: Page, found: list[Row], sums: Counted, *, grouped: bool = True) -> ListPage:
    groups = _grouped(found, sums) if grouped else [Group("", None, found)]
    return ListPage(page=page, groups=groups if found else [], counted=sums, shown=len(found))


def _grouped(found: Sequence[Row], sums: Counted) -> list[Group]:
    return [
        Group(str(GROUPS[code]), (sums.groups or {}).get(code), list(rows))
        for code, rows in groupby(found, key=lambda row: row.group)
    ]


def tabs_of(
    tabs: Sequence[tuple[str, str | Promise, dict[str, str]]],
    params: Mapping[str, list[str]],
    counts: QueueCounts | None = None,
) -> list[Tab]:
    """Links to the usual views; the one whose filters are on, and no other, is the current one."""
    here = {name: values for name, values in params.items() if name not in ("cursor", "sort") and any(values)}
    return [
        Tab(
            words=str(words),
            query=f"?{urlencode(wanted)}" if wanted else "",
            count=getattr(counts, code) if counts else None,
            current=here == {name: [value] for name, value in wanted.items()},
        )
        for code, words, wanted in tabs
    ]


def queue_offers(person: Person, department: Department, agents: Sequence[Person]) -> dict[str, list[tuple[str, str]]]:
    """What the filters of a queue let choose from."""
    services = _services(department_id=department.pk)
    people = [("me", _("me")), ("nobody", _("nobody")), *((agent.email, agent.name) for agent in agents)]
    return {"customer": department_choices(person), "service": services, "assignee": people}


@written_once
def _services(*, department_id: int) -> QuerySet:
    return Service.objects.filter(department_id=department_id).order_by("name").values_list("slug", "name")


def list_offers(person: Person) -> dict[str, list[tuple[str, str]]]:
    """What the filters of a list of all requests let choose from."""
    departments = department_choices(person)
    return {"customer": departments, "supplier": departments}
