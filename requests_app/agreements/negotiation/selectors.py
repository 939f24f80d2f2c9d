"""Agreements as both heads find them: where each stands, what it says, what is different, whose turn it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Value
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.agreements.models import Agreement, Signature
from requests_app.agreements.negotiation import policies
from requests_app.agreements.negotiation.states import MEANING
from requests_app.agreements.policies import visible
from requests_app.agreements.selectors import stage_of
from requests_app.agreements.states import Life, Side, Stage
from requests_app.agreements.terms import Clause, Terms, clauses
from requests_app.events.models import Event
from requests_app.kernel.written import counted_once
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for, names_of

PARTIES = ("customer", "supplier", "service", "calendar")


def agreements_seen(person: Person) -> QuerySet[Agreement]:
    """Every version between two departments that this person may read, newest first, with what its page needs."""
    rows = Agreement.objects.filter(customer__isnull=False, supplier__isnull=False)
    rows = visible(person, rows).select_related(*PARTIES, "created_by")
    return rows.prefetch_related("targets", "signatures__person").order_by("-pk")


def get_negotiated(*, person: Person, pk: int) -> Agreement:
    found = agreements_seen(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def former_of(agreement: Agreement) -> Agreement | None:
    """The signed version that this one follows or would follow."""
    parties = {name: getattr(agreement, name) for name in ("customer", "supplier", "service")}
    rows = Agreement.objects.filter(**parties, life=Life.SIGNED).exclude(pk=agreement.pk)
    if agreement.life == Life.SIGNED:
        rows = rows.filter(version__lt=agreement.version)
    return rows.prefetch_related("targets").select_related("calendar").order_by("-version").first()


def waiting_for(person: Person) -> QuerySet[Agreement]:
    """Proposals that this person's side has to answer: the other one spoke last."""
    return agreements_seen(person).filter(_waits_for(Value(sorted(standing(person).head_of))))


def _waits_for(leads: Value) -> Q:
    """The side that did not speak last is one of these departments, whose heads therefore see the proposal."""
    turn = Q(proposed_by=Side.SUPPLIER, customer__among=leads) | Q(proposed_by=Side.CUSTOMER, supplier__among=leads)
    return turn & Q(life=Life.PROPOSED)


def count_waiting(person: Person) -> int:
    """How many `waiting_for` would list."""
    leads = standing(person).head_of
    return _waiting(leads=leads) if leads else 0


@counted_once
def _waiting(*, leads: Value) -> QuerySet:
    parties = {"customer__isnull": False, "supplier__isnull": False}
    return Agreement.objects.filter(_waits_for(leads), **parties).values("pk")


@dataclass(frozen=True)
class Line:
    """A version in a list."""

    agreement: Agreement
    stage: Stage
    meaning: str
    my_turn: bool


def lines_of(rows: Iterable[Agreement], person: Person) -> list[Line]:
    now = timezone.now()
    found = []
    for agreement in rows:
        stage = stage_of(agreement, now)
        found.append(Line(agreement, stage, MEANING[stage], my_turn=is_turn_of(person, agreement)))
    return found


def is_turn_of(person: Person, agreement: Agreement) -> bool:
    """Whether this person's side has to answer now."""
    if agreement.life == Life.DRAFT:
        return agreement.proposed_by in policies.sides_of(person, agreement)
    return agreement.life == Life.PROPOSED and Side(agreement.proposed_by).other in policies.sides_of(person, agreement)


@dataclass(frozen=True)
class Happened:
    """A step of the negotiation, with the redline of what it changed."""

    words: str
    at: datetime
    note: str


@dataclass(frozen=True)
class Seat:
    """One side of the table, and its signature if it has signed what lies there."""

    side: Side
    department: Department
    signature: Signature | None


@dataclass(frozen=True)
class AgreementPage:
    agreement: Agreement
    stage: Stage
    meaning: str
    clauses: list[Clause]
    compared_with: Agreement | None
    round_changes: list[Clause]
    seats: list[Seat]
    history: list[Happened]
    versions: list[Line]
    sides: list[Side]
    my_turn: bool
    can_end: bool

    @property
    def may_withdraw(self) -> bool:
        on_table = self.stage in (Stage.PROPOSED, Stage.COUNTERED)
        return bool(self.sides) and (on_table or (self.stage == Stage.DRAFT and self.my_turn))

    @property
    def may_propose_next(self) -> bool:
        """While nothing is on the table between these two."""
        table = {Stage.DRAFT, Stage.PROPOSED, Stage.COUNTERED}
        return bool(self.sides) and not table & {line.stage for line in self.versions}

    @property
    def waits_for(self) -> str:
        """The department that has to answer the proposal."""
        turn = Side(self.agreement.proposed_by).other if self.agreement.proposed_by else Side.CUSTOMER
        return next(str(seat.department) for seat in self.seats if seat.side == turn)


def agreement_page(*, person: Person, pk: int) -> AgreementPage:
    """The page, or 404. The text stands beside the version in force before it."""
    agreement = get_negotiated(person=person, pk=pk)
    former = former_of(agreement)
    stage = stage_of(agreement)
    parties = {name: getattr(agreement, name) for name in ("customer", "supplier", "service")}
    versions = agreements_seen(person).filter(**parties)
    return AgreementPage(
        agreement=agreement,
        stage=stage,
        meaning=MEANING[stage],
        clauses=clauses(Terms.of(agreement), Terms.of(former) if former else None),
        compared_with=former,
        round_changes=_round_changes(agreement),
        seats=seats_of(agreement),
        history=_history(agreement),
        versions=lines_of(versions, person),
        sides=policies.sides_of(person, agreement),
        my_turn=is_turn_of(person, agreement),
        can_end=stage in (Stage.IN_FORCE, Stage.SIGNED) and policies.can_end(person, agreement),
    )


def seats_of(agreement: Agreement) -> list[Seat]:
    """Supplier and customer, with their signatures."""
    signed = {row.side: row for row in agreement.signatures.all()}
    parties = {Side.SUPPLIER: agreement.supplier, Side.CUSTOMER: agreement.customer}
    return [Seat(side, department, signed.get(side)) for side, department in parties.items() if department]


def _events(agreement: Agreement) -> QuerySet[Event]:
    rows = Event.objects.filter(subject_kind="agreement", subject_id=agreement.pk, kind__startswith="agreement.")
    return rows.order_by("at", "pk")


def _round_changes(agreement: Agreement) -> list[Clause]:
    """What the last counter-proposal changed of the one before it, while it waits for an answer."""
    if agreement.life != Life.PROPOSED:
        return []
    last = _events(agreement).filter(kind="agreement.countered").last()
    if last is None:
        return []
    found = clauses(Terms.from_json(last.data["after"]), Terms.from_json(last.data["before"]))
    return [clause for clause in found if clause.changed]


WORDS = {
    "agreement.drafted": gettext_lazy("%(who)s drafted it"),
    "agreement.proposed": gettext_lazy("%(who)s signed and proposed it"),
    "agreement.countered": gettext_lazy("%(who)s answered with other terms and signed them"),
    "agreement.signed": gettext_lazy("%(who)s signed; both have signed"),
    "agreement.withdrawn": gettext_lazy("%(who)s took it off the table"),
    "agreement.ended": gettext_lazy("%(who)s ended it"),
    "agreement.expiring": gettext_lazy("Both heads were reminded that it will end"),
}


def _history(agreement: Agreement) -> list[Happened]:
    events = list(_events(agreement))
    names = names_of([event.actor_id for event in events])
    return [
        Happened(
            str(WORDS[event.kind]) % {"who": names.get(event.actor_id or 0, _("Somebody"))},
            event.at,
            event.data.get("note", ""),
        )
        for event in events
    ]


def departments_to_agree_for(person: Person) -> QuerySet[Department]:
    """Those that this person heads, and so may negotiate for."""
    return departments_for(person).filter(pk__in=standing(person).head_of)
