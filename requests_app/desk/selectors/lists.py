"""Lists of requests: one set of filters for the queue, for "all requests" and for what stands behind a figure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from requests_app.agreements.states import HoldReason, Measure
from requests_app.desk.models import NEVER, Clock, Handoff, ServiceRequest, ServiceRequestQuerySet
from requests_app.desk.selectors.clocks import clocks_of, face_of
from requests_app.desk.selectors.search import matching
from requests_app.desk.states import ACTIVE, OPEN, HandoffState, Status
from requests_app.kernel.pagination import Page, first_page, keyset_page
from requests_app.kernel.written import counted_once, written_once
from requests_app.org.models import Person
from requests_app.org.policies import Standing, standing, whoever

PAGE_SIZE = 25
MOST_COUNTED = 1000
SORTS = {
    "due": ("due_key", "pk"),
    "newest": ("-pk",),
    "oldest": ("pk",),
    "priority": ("priority", "due_key", "pk"),
}


# What a row of a queue tells; whose queue it is and by what service it came stand nowhere in it.
IN_QUEUE = (
    "title", "status", "hold_reason", "priority", "created_at", "due_at", "closed_at", "customer__name",
    "requester__name", "assignee__name",
)  # fmt: skip
WAITS: dict[str, Promise] = {
    HoldReason.CUSTOMER: _("Waits for customer"),
    HoldReason.THIRD_PARTY: _("Waits for outside"),
    HoldReason.PART: _("Waits for part"),
    HoldReason.OTHER: _("On hold"),
}


@dataclass(frozen=True)
class Wanted:
    """What the reader wants to see. Empty means everything; `status` empty means what is still open."""

    status: tuple[str, ...] = ()
    any_status: bool = False
    priority: tuple[int, ...] = ()
    customer: tuple[int, ...] = ()
    supplier: tuple[int, ...] = ()
    service: tuple[int, ...] = ()
    assignee: int | None = None
    nobody: bool = False
    asked_by: int | None = None
    overdue: bool = False
    due_today: bool = False
    waits: bool = False
    q: str = ""
    sort: str = "due"
    cursor: str = ""

    @property
    def is_everything(self) -> bool:
        """Nothing is filtered, and the order is the usual one."""
        return replace(self, cursor="") == Wanted()


@dataclass(frozen=True)
class Row:
    """One request in a list, finished for the template. `left` is working time, `state` that of the pressing clock."""

    service_request: ServiceRequest
    left: float | None
    state: str
    age: float
    group: str
    mine: bool

    @property
    def number(self) -> str:
        return self.service_request.number

    @property
    def url(self) -> str:
        return _url_form() % self.number

    @property
    def status_words(self) -> str:
        """The status; on hold, what is waited for says more."""
        return _status_words(get_language() or "", self.service_request.status, self.service_request.hold_reason)

    @property
    def requester(self) -> str:
        """As people are called in a narrow column: M. Haddad."""
        first, *rest = self.service_request.requester.name.split()
        return f"{first[0]}. {rest[-1]}" if rest else first


@cache
def _url_form() -> str:
    """The address of a request with a gap for its number; a page asks for it for every row."""
    return reverse("desk:request", args=["SR-000000"]).replace("%", "%%").replace("SR-000000", "%s")


@lru_cache(maxsize=200)
def _status_words(language: str, status: str, hold_reason: str) -> str:
    return str(WAITS[hold_reason] if hold_reason else Status(status).label)


@dataclass(frozen=True)
class Counted:
    """How many there are: exact up to `MOST_COUNTED`, and in the groups in which the list is shown."""

    total: int
    more: bool = False
    groups: dict[str, int] | None = None


def narrowed(
    rows: ServiceRequestQuerySet, wanted: Wanted, person: Person, *, still: Iterable[str] = OPEN
) -> ServiceRequestQuerySet:
    """`rows` that fit. `still` are the states that count as open in this list."""
    now = timezone.now()
    tests: list[tuple[object, Q]] = [
        (wanted.priority, Q(priority__in=wanted.priority)),
        (wanted.customer, Q(customer_id__in=wanted.customer)),
        (wanted.supplier, Q(supplier_id__in=wanted.supplier)),
        (wanted.service, Q(service_id__in=wanted.service)),
        (wanted.assignee, Q(assignee_id=wanted.assignee)),
        (wanted.nobody, Q(assignee_id=None)),
        (wanted.asked_by, Q(requester_id=wanted.asked_by) | Q(filed_by_id=wanted.asked_by)),
        (wanted.overdue, Q(due_at__lt=now)),
        (wanted.due_today, Q(due_at__gte=now, due_at__lt=end_of_today())),
        (wanted.waits, Q(status="on_hold", hold_reason=HoldReason.CUSTOMER)),
        (not wanted.any_status, Q(status__in=wanted.status or sorted(still))),
    ]
    condition = Q()
    for asked, test in tests:
        if asked:
            condition &= test
    rows = rows.filter(condition)
    return matching(rows, person, wanted.q) if wanted.q else rows


def end_of_today() -> datetime:
    """Midnight of the reader's day, as the current zone has it."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def page_of_rows(rows: ServiceRequestQuerySet, wanted: Wanted, person: Person) -> tuple[Page, list[Row]]:
    """One page in the wanted order, with the clocks of its rows: two queries."""
    page = keyset_page(_in_rows(rows), order=SORTS[wanted.sort], cursor=wanted.cursor, size=PAGE_SIZE)
    return page, finished_rows(page.rows, person)


def opening_page(person: Person, department_id: int) -> tuple[Page, list[Row]]:
    """The first page of a queue with nothing narrowed, which is how it opens: the same, its query written once."""
    hats = standing(person)
    found = _opening(hats.shape, department_id, person=hats.person_id)
    page = first_page(found, order=SORTS["due"], size=PAGE_SIZE)
    return page, finished_rows(page.rows, person)


@written_once
def _opening(hats: Standing, department_id: int, *, person: int) -> ServiceRequestQuerySet:
    rows = queue_rows(whoever(hats, person), department_id).filter(status__in=sorted(OPEN))
    narrow = _in_rows(rows).select_related(None).select_related("customer", "requester", "assignee").only(*IN_QUEUE)
    return narrow.order_by(*SORTS["due"])[: PAGE_SIZE + 1]


def _in_rows(rows: ServiceRequestQuerySet) -> ServiceRequestQuerySet:
    return rows.for_row().annotate(due_key=Coalesce("due_at", Value(NEVER)))


def finished_rows(found: Sequence[ServiceRequest], person: Person) -> list[Row]:
    now, today = timezone.now(), end_of_today()
    clocks = clocks_of(row.pk for row in found)
    return [_finished(row, clocks.get(row.pk, {}), person, now, today) for row in found]


def _finished(row: ServiceRequest, clocks: dict[str, Clock], person: Person, now: datetime, today: datetime) -> Row:
    left, state = _pressing(row, clocks, now)
    return Row(
        service_request=row,
        left=left,
        state=state,
        age=(now - row.created_at).total_seconds(),
        group=_group(row, now, today),
        mine=row.assignee_id == person.pk,
    )


def _pressing(row: ServiceRequest, clocks: dict[str, Clock], now: datetime) -> tuple[float | None, str]:
    """What is left on the clock that comes next, or on the one that is paused; of stopped clocks the verdict."""
    faces = [face_of(clock, row, now) for clock in clocks.values() if clock.stopped_at is None]
    if not faces:
        verdict = clocks.get(Measure.RESOLUTION) or clocks.get(Measure.RESPONSE)
        return None, face_of(verdict, row, now).state if verdict else "none"
    face = min(faces, key=lambda face: face.due or NEVER)
    return face.left, face.state


def _group(row: ServiceRequest, now: datetime, today: datetime) -> str:
    if row.due_at is None:
        return "standing"
    if row.due_at < now:
        return "overdue"
    return "today" if row.due_at < today else "later"


def counted(rows: ServiceRequestQuerySet, *, grouped: bool) -> Counted:
    """One query. Grouped lists are of open requests and counted to the last; others up to MOST_COUNTED."""
    if not grouped:
        total = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
        return Counted(min(total, MOST_COUNTED), more=total > MOST_COUNTED)
    found = dict(rows.order_by().values_list(group_of(timezone.now())).annotate(n=Count("pk")))
    return Counted(sum(found.values()), groups=found)


def group_of(now: datetime) -> Case:
    """The group of a row, computed in the database by the rule of `_group`."""
    return Case(
        When(due_at=None, then=Value("standing")),
        When(due_at__lt=now, then=Value("overdue")),
        When(due_at__lt=end_of_today(), then=Value("today")),
        default=Value("later"),
    )


@dataclass(frozen=True)
class QueueCounts:
    """The numbers at the tabs of a queue."""

    mine: int
    nobody: int
    open: int
    today: int
    overdue: int
    standing: int
    waits: int
    delivered: int
    offered: int

    @property
    def counted(self) -> Counted:
        """The same as counting everything that is open in its groups."""
        groups = {"overdue": self.overdue, "today": self.today, "standing": self.standing}
        return Counted(self.open, groups=groups | {"later": self.open - sum(groups.values())})


def queue_rows(person: Person, department_id: int) -> ServiceRequestQuerySet:
    return ServiceRequest.objects.supplied_by(person, department_id)


def open_in_queue(person: Person, department_id: int, *, most: int) -> int:
    """How much is open there, up to `most`."""
    hats = standing(person)
    return _open_in_queue(hats.shape, department_id, most, person=hats.person_id)


@counted_once
def _open_in_queue(hats: Standing, department_id: int, most: int, *, person: int) -> QuerySet:
    rows = queue_rows(whoever(hats, person), department_id).filter(status__in=sorted(OPEN))
    return rows.order_by().values("pk")[:most]


def offered_rows(person: Person, department_id: int) -> ServiceRequestQuerySet:
    """Requests of others that wait for this department to take them over."""
    return ServiceRequest.objects.offered_to(person, department_id)


def queue_counts(person: Person, department_id: int) -> QueueCounts:
    """Three queries: what the department works on, and what it is offered."""
    hats = standing(person)
    times = {"now": timezone.now(), "midnight": end_of_today()}
    counts = _counts(hats.shape, department_id, person=hats.person_id, **times)[0]
    return QueueCounts(**counts, offered=count_offered(person, department_id))


def count_offered(person: Person, department_id: int) -> int:
    """How many `offered_rows` would list. What is offered to a department its heads see all of."""
    hats = standing(person)
    pks = _offered_ids(receiver_id=department_id)
    if not pks or department_id in hats.head_of:
        return len(pks)
    return _seen_of(hats.shape, person=hats.person_id, pks=pks)


@written_once
def _offered_ids(*, receiver_id: int) -> QuerySet:
    offers = Handoff.objects.filter(receiver_id=receiver_id, state=HandoffState.OFFERED)
    return offers.values_list("service_request_id", flat=True).distinct()


@counted_once
def _seen_of(hats: Standing, *, person: int, pks: list[int]) -> QuerySet:
    return ServiceRequest.objects.filter(pk__among=pks).visible_to(whoever(hats, person)).values("pk")


@written_once
def _counts(
    hats: Standing, department_id: int, *, person: int, now: datetime, midnight: datetime
) -> QuerySet[ServiceRequest, dict[str, int]]:
    is_open = ~Q(status="delivered")
    rows = queue_rows(whoever(hats, person), department_id).filter(status__in=sorted(ACTIVE)).order_by()
    together = rows.annotate(all=Value(1)).values("all")
    return together.annotate(  # what few rows are comes first: a condition that fails spares the rest
        mine=Count("pk", filter=Q(assignee_id=person) & is_open),
        nobody=Count("pk", filter=Q(assignee_id=None) & is_open),
        open=Count("pk", filter=is_open),
        today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=midnight) & is_open),
        overdue=Count("pk", filter=Q(due_at__lt=now) & is_open),
        standing=Count("pk", filter=Q(due_at=None) & is_open),
        waits=Count("pk", filter=Q(hold_reason=HoldReason.CUSTOMER, status="on_hold")),
        delivered=Count("pk", filter=Q(status="delivered")),
    ).values("mine", "nobody", "open", "today", "overdue", "standing", "waits", "delivered")
