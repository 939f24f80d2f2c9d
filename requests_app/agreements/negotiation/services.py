"""Two heads come to an agreement: draft, proposal, counter-proposal, two signatures, and its end."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.agreements.models import Agreement, Signature
from requests_app.agreements.negotiation import policies
from requests_app.agreements.services import check_terms, one_at_a_time, write_targets
from requests_app.agreements.states import FROM_SIGNATURE, Life, Side
from requests_app.agreements.terms import Terms, digest_of
from requests_app.catalogue.models import Service
from requests_app.events.models import Event
from requests_app.events.services import record
from requests_app.kernel.errors import IllegalMove, NotAllowed, StaleVersion, WrongInput, check_text, require_text
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing

OPEN = (Life.DRAFT, Life.PROPOSED)


@transaction.atomic
def draft_agreement(
    *, by: Person, customer: Department, supplier: Department, terms: Terms, service: Service | None = None
) -> Agreement:
    """A draft of the side that `by` heads; nobody else reads it before it is proposed.

    WrongInput for a department with itself or a service of somebody else; IllegalMove while another version is on
    the table between the same parties.
    """
    if not policies.can_draft(by, customer.pk, supplier.pk):
        raise NotAllowed(
            _("Only the head of one of the two departments drafts this."),
            needed=_("Ask the head of %(one)s or of %(other)s.") % {"one": customer, "other": supplier},
        )
    if customer.pk == supplier.pk:
        raise WrongInput({"customer": [_("A department agrees with another one. Choose a different customer.")]})
    if service and service.department_id != supplier.pk:
        raise WrongInput({"service": [_("This department does not offer that. Choose one of its services.")]})
    check_terms(terms)
    one_at_a_time(supplier, customer, service)
    parties = {"customer": customer, "supplier": supplier, "service": service}
    _require_free_table(parties)
    side = Side.CUSTOMER if customer.pk in standing(by).head_of else Side.SUPPLIER
    agreement = Agreement(**parties, life=Life.DRAFT, proposed_by=side, created_by=by)
    agreement.version = _next_version(agreement)
    _write(agreement, terms)
    _record("agreement.drafted", agreement, by, side=side)
    return agreement


def _require_free_table(parties: dict[str, Any]) -> None:
    there = Agreement.objects.filter(**parties, life__in=OPEN).first()
    if there is not None:
        raise IllegalMove(
            _("Another version is on the table between these already (number %(pk)s). Go on with that one.")
            % {"pk": there.pk}
        )


def _next_version(agreement: Agreement) -> int:
    parties = {name: getattr(agreement, name) for name in ("customer", "supplier", "service")}
    last = Agreement.objects.filter(**parties, life=Life.SIGNED).order_by("-version").first()
    return last.version + 1 if last else 1


def _write(agreement: Agreement, terms: Terms) -> None:
    for column, value in terms.columns().items():
        setattr(agreement, column, value)
    agreement.valid_from, agreement.valid_to = terms.valid_from or FROM_SIGNATURE, terms.valid_to
    agreement.save()
    write_targets(agreement, terms.targets)


@transaction.atomic
def revise_draft(*, by: Person, agreement: Agreement, terms: Terms) -> Agreement:
    """Another text for a draft that nobody else has seen."""
    agreement = _locked(agreement.pk, Life.DRAFT)
    policies.require_side(by, agreement, Side(agreement.proposed_by))
    check_terms(terms)
    _write(agreement, terms)
    return agreement


@transaction.atomic
def propose_agreement(*, by: Person, agreement: Agreement, note: str = "") -> Agreement:
    """Put the draft on the table: signed by this side, for the other one to sign, counter or refuse."""
    agreement = _locked(agreement.pk, Life.DRAFT)
    side = policies.require_side(by, agreement, Side(agreement.proposed_by))
    agreement.life, agreement.round = Life.PROPOSED, 1
    agreement.save(update_fields=["life", "round"])
    _sign(agreement, side, by)
    _record("agreement.proposed", agreement, by, side=side, note=check_text("note", note, longest=2000), after=True)
    return agreement


@transaction.atomic
def counter_agreement(
    *, by: Person, agreement: Agreement, terms: Terms, note: str = "", round_seen: int | None = None
) -> Agreement:
    """Answer with other terms: signed by this side, and now the first one has to answer. StaleVersion as in signing."""
    agreement = _locked(agreement.pk, Life.PROPOSED)
    side = policies.require_side(by, agreement, Side(agreement.proposed_by).other)
    _require_round(agreement, round_seen)
    check_terms(terms)
    before = Terms.of(agreement)
    if terms.as_json() == before.as_json():
        raise IllegalMove(_("Nothing is different from the proposal. Sign it, or change a term."))
    agreement.proposed_by, agreement.round = side, agreement.round + 1
    _write(agreement, terms)
    agreement.signatures.all().delete()
    _sign(_reread(agreement), side, by)
    data = {"side": side, "note": check_text("note", note, longest=2000), "before": before.as_json()}
    _record("agreement.countered", agreement, by, after=True, **data)
    return agreement


@transaction.atomic
def sign_agreement(*, by: Person, agreement: Agreement, round_seen: int | None = None) -> Agreement:
    """The second signature. The version begins at its date, now if that is past, and ends the one before it.

    `round_seen` is the round that was read: StaleVersion when the other side has changed its proposal since.
    """
    agreement = _locked(agreement.pk, Life.PROPOSED)
    side = policies.require_side(by, agreement, Side(agreement.proposed_by).other)
    _require_round(agreement, round_seen)
    if agreement.signatures.filter(person=by).exists():
        raise NotAllowed(
            _("You have signed for the other side already. Two heads sign, never one for both."),
            needed=_("Ask a deputy of this department."),
        )
    one_at_a_time(agreement.supplier, agreement.customer, agreement.service)
    since = max(agreement.valid_from, timezone.now())
    if agreement.valid_to is not None and agreement.valid_to <= since:
        raise IllegalMove(_("It would end before it begins. Propose another date of its end."))
    _sign(agreement, side, by)
    former = _end_former(agreement, since)
    agreement.life, agreement.version, agreement.valid_from = Life.SIGNED, _next_version(agreement), since
    agreement.save(update_fields=["life", "version", "valid_from"])
    _record("agreement.signed", agreement, by, side=side, before={"agreement": former.pk if former else None})
    return agreement


def _end_former(agreement: Agreement, since: datetime) -> Agreement | None:
    """What is in force between the parties ends where the new version begins; IllegalMove for one that begins later."""
    parties = {name: getattr(agreement, name) for name in ("customer", "supplier", "service")}
    former = Agreement.objects.filter(**parties, life=Life.SIGNED).order_by("-version").first()
    if former is None or (former.valid_to is not None and former.valid_to <= since):
        return former
    if former.valid_from >= since:
        raise IllegalMove(_("Another version has been signed that begins later. Propose a date after its beginning."))
    former.valid_to = since
    former.save(update_fields=["valid_to"])
    return former


@transaction.atomic
def withdraw_agreement(*, by: Person, agreement: Agreement, reason: str) -> Agreement:
    """Off the table: a draft or proposal taken back by its side, or refused by the other one, with a reason."""
    agreement = _locked(agreement.pk, *OPEN)
    sides = [Side(agreement.proposed_by)] if agreement.life == Life.DRAFT else [*Side]
    side = policies.require_side(by, agreement, *sides)
    agreement.life, agreement.end_reason = Life.WITHDRAWN, require_text("reason", reason, longest=2000)
    agreement.save(update_fields=["life", "end_reason"])
    _record("agreement.withdrawn", agreement, by, side=side, note=agreement.end_reason)
    return agreement


@transaction.atomic
def end_agreement(*, by: Person, agreement: Agreement, reason: str, at: datetime | None = None) -> Agreement:
    """What is in force ends, now or at a time to come; what is less specific holds from then on.

    Either head or an administrator does this, with a reason that the other side reads.
    """
    agreement = _locked(agreement.pk, Life.SIGNED)
    if not policies.can_end(by, agreement):
        policies.require_side(by, agreement, *Side)
    now = timezone.now()
    ends = at or now
    if ends < now:
        raise WrongInput({"at": [_("What is past was promised already. Give a time in the future, or none for now.")]})
    if agreement.valid_to is not None and agreement.valid_to <= ends:
        raise IllegalMove(_("It has ended already, or ends before that."))
    agreement.valid_to = max(ends, agreement.valid_from + timedelta(microseconds=1))
    agreement.end_reason = require_text("reason", reason, longest=2000)
    agreement.save(update_fields=["valid_to", "end_reason"])
    _record("agreement.ended", agreement, by, note=agreement.end_reason, at=agreement.valid_to.isoformat())
    return agreement


def remind_of_expiry(now: datetime | None = None) -> int:
    """Tell both heads, once, of each agreement that will end within the days it names; how many were told of."""
    now = now or timezone.now()
    due = Agreement.objects.filter(
        life=Life.SIGNED, customer__isnull=False, reminded_at=None, end_reason="",
        valid_from__lte=now, valid_to__gt=now, valid_to__lte=now + F("remind_days") * timedelta(days=1),
    )  # fmt: skip
    return sum(_remind(pk, now) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=pk)
    if agreement.reminded_at is not None or agreement.valid_to is None:
        return False
    agreement.reminded_at = now
    agreement.save(update_fields=["reminded_at"])
    _record("agreement.expiring", agreement, None, until=agreement.valid_to.isoformat())
    return True


def require_open(agreement: Agreement) -> None:
    """IllegalMove once it is no longer on the table."""
    if agreement.life not in OPEN:
        said = _("This is “%(life)s” now, so that can no longer be done.")
        raise IllegalMove(said % {"life": agreement.get_life_display()})


def _locked(pk: int, *lives: Life) -> Agreement:
    agreement = _with_parties().select_for_update(of=("self",)).get(pk=pk)
    if agreement.life not in lives:
        said = _("This is “%(life)s” now, so that can no longer be done.")
        raise IllegalMove(said % {"life": agreement.get_life_display()})
    return agreement


def _require_round(agreement: Agreement, seen: int | None) -> None:
    if seen is not None and seen != agreement.round:
        raise StaleVersion(_("The other side has spoken since you opened this. Read its proposal, then decide."))


def _with_parties() -> QuerySet[Agreement]:
    return Agreement.objects.select_related("customer", "supplier", "service", "calendar")


def _reread(agreement: Agreement) -> Agreement:
    """With the targets as they were just written."""
    return _with_parties().get(pk=agreement.pk)


def _sign(agreement: Agreement, side: Side, by: Person) -> None:
    digest = digest_of(agreement, Terms.of(agreement))
    Signature.objects.create(agreement=agreement, side=side, person=by, at=timezone.now(), digest=digest)


def _record(kind: str, agreement: Agreement, by: Person | None, *, after: bool = False, **data: Any) -> Event:
    data |= {"customer": agreement.customer_id, "supplier": agreement.supplier_id, "round": agreement.round}
    if after:
        data["after"] = Terms.of(_reread(agreement)).as_json()
    return record(kind=kind, subject_kind="agreement", subject_id=agreement.pk, by=by, data=data)
