"""Two heads come to an agreement, and nothing of it holds before both have signed the same text."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from requests_app.agreements.models import Agreement, Signature
from requests_app.agreements.negotiation import services
from requests_app.agreements.selectors import promise_for, stage_of
from requests_app.agreements.services import end_targets, set_targets
from requests_app.agreements.states import Days, Escalation, Stage
from requests_app.agreements.terms import Terms, digest_of
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.org.services import set_hats
from tests.factories import file_laptop, make_person
from tests.factories.agreements import drafted, proposed, signed

pytestmark = pytest.mark.django_db
HOUR = 3600
TERMS = Terms(targets={"resolution": {3: 2 * HOUR}})


@pytest.fixture
def draft(company) -> Agreement:
    return drafted(company, TERMS)


@pytest.fixture
def proposal(company) -> Agreement:
    return proposed(company, TERMS)


def holds(company, *, later: timedelta = timedelta(seconds=1)) -> int:
    found = promise_for(
        customer_id=company.sales.pk, supplier_id=company.it.pk, service_id=company.laptop.pk, priority=3,
        at=timezone.now() + later,
    )  # fmt: skip
    return found["resolution"].time


def kinds(agreement: Agreement) -> list[str]:
    rows = Event.objects.filter(subject_kind="agreement", subject_id=agreement.pk).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_nothing_holds_before_both_have_signed(company, draft):
    usual = holds(company)
    services.propose_agreement(by=company.supplier_head, agreement=draft)
    assert holds(company) == usual == 24 * HOUR

    services.sign_agreement(by=company.customer_head, agreement=draft)

    assert holds(company) == 2 * HOUR
    draft.refresh_from_db()
    assert (stage_of(draft), draft.version) == (Stage.IN_FORCE, 1)
    assert kinds(draft) == ["agreement.drafted", "agreement.proposed", "agreement.signed"]


def test_both_sides_sign_the_same_text(company, proposal):
    services.sign_agreement(by=company.customer_head, agreement=proposal)

    rows = Signature.objects.filter(agreement=proposal)
    assert {(row.side, row.person) for row in rows} == {
        ("supplier", company.supplier_head), ("customer", company.customer_head),
    }  # fmt: skip
    assert len({row.digest for row in rows}) == 1


def test_the_text_that_was_signed_cannot_be_another_one(company, proposal):
    (row,) = Signature.objects.filter(agreement=proposal)
    other = Terms.of(proposal).changed(price="free")

    assert row.digest == digest_of(proposal, Terms.of(proposal))
    assert row.digest != digest_of(proposal, other)


def test_a_counter_proposal_turns_the_table_and_takes_the_first_signature_away(company, proposal):
    terms = Terms.of(proposal).changed(targets={"resolution": {3: HOUR}}, price="rate card A")
    services.counter_agreement(by=company.customer_head, agreement=proposal, terms=terms, note="One hour, please.")

    proposal.refresh_from_db()
    assert (proposal.round, proposal.proposed_by, stage_of(proposal)) == (2, "customer", Stage.COUNTERED)
    assert [row.person for row in proposal.signatures.all()] == [company.customer_head]
    event = Event.objects.get(kind="agreement.countered")
    assert (event.data["before"]["price"], event.data["after"]["price"]) == ("", "rate card A")
    assert event.data["after"]["targets"] == {"resolution": {"3": HOUR}}

    services.sign_agreement(by=company.supplier_head, agreement=proposal)
    assert holds(company) == HOUR


def test_whoever_spoke_last_waits_for_the_other_side(company, proposal):
    with pytest.raises(NotAllowed, match="head of Sales"):
        services.sign_agreement(by=company.supplier_head, agreement=proposal)
    with pytest.raises(NotAllowed, match="head of Sales"):
        services.counter_agreement(by=company.supplier_head, agreement=proposal, terms=TERMS)


def test_one_person_who_heads_both_cannot_sign_for_both(company):
    both = make_person("Bea Both", company.sales, "head")
    set_hats(by=company.admin, person=both, department=company.it, roles={"head"})
    draft = services.draft_agreement(by=both, customer=company.sales, supplier=company.it, terms=TERMS)
    services.propose_agreement(by=both, agreement=draft)

    with pytest.raises(NotAllowed, match="Two heads sign"):
        services.sign_agreement(by=both, agreement=draft)


@pytest.mark.parametrize("who", ["requester", "agent", "other_head", "admin", "auditor", "executive", "stranger"])
def test_only_the_two_heads_draft_propose_and_sign(company, proposal, who):
    person = getattr(company, who)
    with pytest.raises(NotAllowed):
        services.draft_agreement(
            by=person, customer=company.sales, supplier=company.it, service=company.laptop, terms=TERMS
        )
    with pytest.raises(NotAllowed):
        services.sign_agreement(by=person, agreement=proposal)
    with pytest.raises(NotAllowed):
        services.withdraw_agreement(by=person, agreement=proposal, reason="no")


def test_a_proposal_that_changed_since_it_was_read_is_not_signed_blindly(company, proposal):
    services.counter_agreement(
        by=company.customer_head, agreement=proposal, terms=TERMS.changed(price="rate card A"), round_seen=1
    )
    with pytest.raises(StaleVersion):
        services.sign_agreement(by=company.supplier_head, agreement=proposal, round_seen=1)


def test_a_counter_proposal_has_to_differ(company, proposal):
    with pytest.raises(IllegalMove, match="Nothing is different"):
        services.counter_agreement(by=company.customer_head, agreement=proposal, terms=Terms.of(proposal))


def test_only_one_version_lies_on_the_table_between_the_same_parties(company, draft):
    with pytest.raises(IllegalMove, match="on the table"):
        services.draft_agreement(by=company.customer_head, customer=company.sales, supplier=company.it, terms=TERMS)
    with pytest.raises(IntegrityError, match="one_version_on_the_table"), transaction.atomic():
        Agreement.objects.create(
            customer=company.sales, supplier=company.it, life="draft", proposed_by="customer", valid_from=timezone.now()
        )


def test_a_new_version_ends_the_one_before_it_and_old_requests_keep_their_promise(company):
    first = signed(company, TERMS)
    before = file_laptop(company, urgency=1, impact=3)
    second = signed(company, TERMS.changed(targets={"resolution": {3: 5 * HOUR}}))
    after = file_laptop(company, urgency=1, impact=3)

    first.refresh_from_db()
    assert (first.valid_to, stage_of(first)) == (second.valid_from, Stage.SUPERSEDED)
    assert second.version == 2
    assert before.clocks.get(measure="resolution").seconds == 2 * HOUR
    assert after.clocks.get(measure="resolution").seconds == 5 * HOUR


def test_a_version_that_begins_later_holds_from_then_on(company):
    since = timezone.now() + timedelta(days=3)
    agreement = signed(company, TERMS.changed(valid_from=since))

    assert stage_of(agreement) == Stage.SIGNED
    assert holds(company) == 24 * HOUR
    assert holds(company, later=timedelta(days=3, seconds=1)) == 2 * HOUR


def test_what_ends_by_its_date_leaves_the_less_specific_in_force(company):
    agreement = signed(company, TERMS.changed(valid_to=timezone.now() + timedelta(days=10)))

    assert holds(company) == 2 * HOUR
    assert holds(company, later=timedelta(days=10, seconds=1)) == 24 * HOUR
    assert stage_of(agreement, timezone.now() + timedelta(days=11)) == Stage.ENDED


@pytest.mark.parametrize("who", ["customer_head", "supplier_head", "admin"])
def test_either_head_or_an_administrator_ends_what_is_in_force_with_a_reason(company, who):
    agreement = signed(company, TERMS)
    services.end_agreement(by=getattr(company, who), agreement=agreement, reason="We merge.")

    agreement.refresh_from_db()
    assert (stage_of(agreement), agreement.end_reason) == (Stage.ENDED, "We merge.")
    assert holds(company) == 24 * HOUR


def test_an_end_in_the_past_is_refused(company):
    agreement = signed(company, TERMS)
    with pytest.raises(WrongInput, match="in the future"):
        services.end_agreement(
            by=company.supplier_head, agreement=agreement, reason="x", at=timezone.now() - timedelta(hours=1)
        )


def test_what_two_heads_signed_one_of_them_cannot_change_alone(company):
    signed(company, TERMS)
    parties = {"supplier": company.it, "customer": company.sales}
    with pytest.raises(IllegalMove, match="Two heads have signed"):
        set_targets(by=company.supplier_head, targets={"resolution": {3: 9 * HOUR}}, **parties)
    with pytest.raises(IllegalMove, match="Two heads have signed"):
        end_targets(by=company.supplier_head, **parties)

    set_targets(by=company.admin, targets={"resolution": {3: 9 * HOUR}}, **parties)
    assert holds(company) == 9 * HOUR


@pytest.mark.parametrize("who", ["customer_head", "supplier_head"])
def test_a_proposal_is_taken_back_or_refused_and_the_table_is_free_again(company, proposal, who):
    services.withdraw_agreement(by=getattr(company, who), agreement=proposal, reason="Too dear.")

    proposal.refresh_from_db()
    assert (stage_of(proposal), proposal.end_reason) == (Stage.WITHDRAWN, "Too dear.")
    services.draft_agreement(by=company.customer_head, customer=company.sales, supplier=company.it, terms=TERMS)


def test_a_draft_is_its_own_sides_to_change(company, draft):
    services.revise_draft(by=company.supplier_head, agreement=draft, terms=TERMS.changed(price="free"))
    draft.refresh_from_db()
    assert draft.price == "free"
    with pytest.raises(NotAllowed):
        services.revise_draft(by=company.customer_head, agreement=draft, terms=TERMS)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"targets": {}}, "targets"),
        ({"targets": {"resolution": {3: 59}}}, "resolution_3"),
        ({"targets": {"resolution": {3: Days(0)}}}, "resolution_3"),
        ({"targets": {"speed": {3: 600}}}, "targets"),
        ({"pausing": ("weather",)}, "pausing"),
        ({"acceptance_days": 0}, "acceptance_days"),
        ({"reopen_days": 366}, "reopen_days"),
        ({"remind_days": 0}, "remind_days"),
        ({"reopening": "never"}, "reopening"),
        ({"escalations": (Escalation(0, "resolution", "notify"),)}, "escalations"),
        ({"escalations": (Escalation(50, "response", "notify"),)}, "escalations"),
        ({"escalations": (Escalation(50, "resolution", "explode"),)}, "escalations"),
        ({"escalations": (Escalation(50, "resolution", "notify"),) * 2}, "escalations"),
        ({"escalations": tuple(Escalation(n, "resolution", "notify") for n in range(1, 14))}, "escalations"),
        ({"valid_to": timezone.now() - timedelta(days=1)}, "valid_to"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(company, changed, field):
    with pytest.raises(WrongInput) as refused:
        services.draft_agreement(
            by=company.supplier_head, customer=company.sales, supplier=company.it, terms=TERMS.changed(**changed)
        )
    assert set(refused.value.errors) == {field}


def test_a_department_does_not_agree_with_itself(company):
    with pytest.raises(WrongInput, match="agrees with another one"):
        services.draft_agreement(by=company.supplier_head, customer=company.it, supplier=company.it, terms=TERMS)
    with pytest.raises(IntegrityError, match="nobody_agrees_with_itself"), transaction.atomic():
        Agreement.objects.create(
            customer=company.it, supplier=company.it, proposed_by="customer", life="draft", valid_from=timezone.now()
        )


def test_a_service_of_somebody_else_is_refused(company):
    with pytest.raises(WrongInput, match="does not offer"):
        services.draft_agreement(
            by=company.supplier_head, customer=company.sales, supplier=company.it, service=company.badge, terms=TERMS
        )


def test_both_heads_are_reminded_once_before_it_ends(company):
    ends = timezone.now() + timedelta(days=40)
    agreement = signed(company, TERMS.changed(valid_to=ends, remind_days=30))

    assert services.remind_of_expiry(ends - timedelta(days=31)) == 0
    assert services.remind_of_expiry(ends - timedelta(days=29)) == 1
    assert services.remind_of_expiry(ends - timedelta(days=28)) == 0
    assert kinds(agreement)[-1] == "agreement.expiring"


def test_terms_come_back_from_json_as_they_were(company):
    terms = Terms(
        targets={"response": {1: HOUR}, "resolution": {3: Days(2)}},
        pausing=("customer", "part"),
        escalations=(Escalation(50, "response", "notify"), Escalation(90, "resolution", "raise_priority")),
        calendar=company.calendar,
        quality="No scratches.",
        price="rate card A",
        valid_from=timezone.now(),
        valid_to=timezone.now() + timedelta(days=9),
    )
    assert Terms.from_json(terms.as_json()) == terms


def test_what_would_end_before_it_begins_cannot_be_signed(company):
    table = proposed(company, TERMS.changed(valid_to=timezone.now() + timedelta(days=1)))
    Agreement.objects.filter(pk=table.pk).update(valid_to=timezone.now() - timedelta(days=1))
    with pytest.raises(IllegalMove, match="end before it begins"):
        services.sign_agreement(by=company.customer_head, agreement=table)


def test_a_version_cannot_be_signed_before_one_that_begins_later(company):
    signed(company, TERMS.changed(valid_from=timezone.now() + timedelta(days=9)))
    sooner = proposed(company, TERMS.changed(valid_from=timezone.now() + timedelta(days=2)))
    with pytest.raises(IllegalMove, match="begins later"):
        services.sign_agreement(by=company.customer_head, agreement=sooner)


def test_a_reminder_that_another_scheduler_has_sent_is_not_sent_again(company):
    ends = timezone.now() + timedelta(days=10)
    agreement = signed(company, TERMS.changed(valid_to=ends, remind_days=30))
    Agreement.objects.filter(pk=agreement.pk).update(reminded_at=timezone.now())
    assert services._remind(agreement.pk, timezone.now()) is False


def test_what_is_off_the_table_is_not_answered(company, proposal):
    services.withdraw_agreement(by=company.supplier_head, agreement=proposal, reason="Too early")
    proposal.refresh_from_db()
    with pytest.raises(IllegalMove, match="no longer be done"):
        services.require_open(proposal)
