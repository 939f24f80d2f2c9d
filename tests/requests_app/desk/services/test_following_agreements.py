"""Open requests follow a new agreement when its parties say so: shown first, each once, and lasting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from metrics.facts.models import RequestFact
from metrics.rollups.services import refresh_figures
from requests_app.agreements.negotiation.services import end_agreement
from requests_app.agreements.services import set_targets
from requests_app.agreements.states import Days, Escalation
from requests_app.agreements.terms import Terms
from requests_app.calendars.services import create_calendar
from requests_app.catalogue.services import create_service
from requests_app.desk.models import Clock, Recomputation
from requests_app.desk.selectors.timeline import timeline_of
from requests_app.desk.services import recomputing
from requests_app.desk.services.assignment import reprioritise_request
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.models import Event
from requests_app.kernel.errors import IllegalMove, NotAllowed
from tests.factories import accept, deliver, file_laptop
from tests.factories.agreements import signed

pytestmark = pytest.mark.django_db
MEDIUM = {"urgency": 1, "impact": 3}
TIGHTER = Terms(targets={"response": {3: 1800}, "resolution": {3: 3600}})


def clock(row, measure="resolution") -> Clock:
    return Clock.objects.get(service_request=row, measure=measure, holder=None)


def follow(company, agreement) -> Recomputation:
    run = recomputing.start_recomputation(by=company.supplier_head, rule=agreement)
    recomputing.work_off_recomputations()
    run.refresh_from_db()
    return run


def test_it_is_shown_before_it_is_done_and_nothing_is_written(company):
    row = file_laptop(company, **MEDIUM)
    before = clock(row).due_at
    agreement = signed(company, TIGHTER)

    shown = recomputing.preview(agreement, company.supplier_head)

    assert (shown.clocks, shown.requests) == (2, 1)
    change = next(one for one in shown.changes if one.measure == "resolution")
    assert (change.number, change.before, change.after < before) == (row.number, before, True)
    assert clock(row).due_at == before


def test_open_clocks_follow_and_the_log_says_what_they_were_due_before(company):
    row, done = file_laptop(company, **MEDIUM), deliver(company, file_laptop(company, **MEDIUM))
    before, kept = clock(row).due_at, clock(done)
    agreement = signed(company, TIGHTER)

    run = follow(company, agreement)

    assert (run.total, run.done, run.finished_at is not None) == (1, 1, True)
    followed = clock(row)
    assert (followed.agreement_id, followed.seconds) == (agreement.pk, 3600)
    assert (clock(done).agreement_id, clock(done).seconds) == (kept.agreement_id, kept.seconds)
    row.refresh_from_db()
    assert row.due_at == clock(row, "response").due_at
    event = Event.objects.get(kind="clock.recomputed", subject_id=row.pk)
    assert event.data["agreement"] == agreement.pk
    assert {one["measure"]: (one["before"], one["after"]) for one in event.data["clocks"]}["resolution"] == (
        before.isoformat(), followed.due_at.isoformat(),
    )  # fmt: skip
    cards = timeline_of(row, reader=company.requester, internal=False)
    said = [str(card) for card in cards if "agreement's new version" in str(card)]
    assert len(said) == 1


def test_a_later_change_of_priority_keeps_to_the_new_agreement(company):
    row = file_laptop(company, **MEDIUM)
    agreement = signed(company, Terms(targets={"resolution": {2: 1800, 3: 3600}}))
    follow(company, agreement)

    reprioritise_request(by=company.supplier_head, service_request=row, urgency=1, impact=2, reason="More than one")

    assert (clock(row).agreement_id, clock(row).seconds) == (agreement.pk, 1800)


def test_a_request_that_did_not_follow_keeps_its_own_promise_at_a_change_of_priority(company):
    row = file_laptop(company, **MEDIUM)
    former = clock(row).agreement_id
    signed(company, Terms(targets={"resolution": {2: 1800, 3: 3600}}))
    reprioritise_request(by=company.supplier_head, service_request=row, urgency=1, impact=2, reason="More than one")
    assert clock(row).agreement_id == former


def test_what_was_missed_before_stays_missed_and_pauses_are_carried_over(company):
    start = timezone.now() - timedelta(days=30)
    late = file_laptop(company, **MEDIUM, at=start)
    held = accept(company, file_laptop(company, **MEDIUM))
    waiting = Words(hold_reason="customer", reason="Which size?")
    move_request(by=company.assigned, service_request=held, action="hold", words=waiting)
    pauses = clock(held).pauses

    follow(company, signed(company, Terms(targets={"resolution": {3: 900_000}})))

    assert Event.objects.filter(kind="clock.breached", subject_id=late.pk, data__measure="resolution").count() == 1
    assert clock(late).breached_at is not None
    assert (clock(held).pauses, clock(held).due_at) == (pauses, None)


def test_the_figures_follow_and_are_those_of_the_log(company):
    row = file_laptop(company, **MEDIUM)
    agreement = signed(company, Terms(targets={"resolution": {3: 3600}}))
    follow(company, agreement)
    refresh_figures(request_ids=[row.pk])
    assert RequestFact.objects.get(request_id=row.pk).resolution_due_at == clock(row).due_at


def test_steps_that_would_lie_behind_are_not_taken_after_the_event(company):
    row = file_laptop(company, **MEDIUM, at=timezone.now() - timedelta(days=30))
    steps = (Escalation(50, "resolution", "inform_head"), Escalation(90, "resolution", "raise_priority"))
    follow(company, signed(company, Terms(targets={"resolution": {3: Days(3)}}, escalations=steps)))
    assert (clock(row).steps_done, clock(row).step_at) == (2, None)


def test_only_those_it_is_for_follow(company):
    mine = file_laptop(company, **MEDIUM)
    filing = Filing(title="For us", answers={"model": "13 inch"}, **MEDIUM)
    other_customer = file_request(by=company.stranger, service=company.laptop, filing=filing)
    more_specific = set_targets(
        by=None, supplier=company.it, customer=company.sales, service=company.laptop,
        targets={"response": {4: 60}}, valid_from=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    agreement = signed(company, TIGHTER)
    assert recomputing.preview(agreement, company.supplier_head).requests == 1

    follow(company, agreement)

    assert clock(mine).agreement_id == agreement.pk
    assert clock(other_customer).agreement_id not in (agreement.pk, more_specific.pk)


def test_a_more_specific_promise_does_not_give_way(company):
    specific = set_targets(
        by=None, supplier=company.it, customer=company.sales, service=company.laptop,
        targets={"resolution": {3: 60_000}}, valid_from=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    row = file_laptop(company, **MEDIUM)
    agreement = signed(company, Terms(targets={"resolution": {3: 3600}}))
    assert clock(row).agreement_id == specific.pk
    assert recomputing.preview(agreement, company.supplier_head).clocks == 0
    with pytest.raises(IllegalMove, match="runs by it already"):
        recomputing.start_recomputation(by=company.supplier_head, rule=agreement)


def test_a_request_that_was_handed_over_follows_its_first_supplier(company):
    row = accept(company, file_laptop(company, **MEDIUM))
    handoff = offer_handoff(by=company.assigned, service_request=row, to=company.facilities, reason="It is a desk")
    accept_handoff(by=company.other_agent, handoff=handoff)
    own = {"resolution": {3: 5000}}
    theirs = set_targets(by=company.admin, supplier=company.facilities, customer=company.sales, targets=own)
    assert recomputing.preview(theirs, company.admin).clocks == 0

    agreement = signed(company, Terms(targets={"resolution": {3: 3600}}))
    follow(company, agreement)
    assert clock(row).agreement_id == agreement.pk


def test_it_is_for_heads_and_administrators_and_only_while_it_holds(company):
    file_laptop(company, **MEDIUM)
    agreement = signed(company, TIGHTER)
    with pytest.raises(NotAllowed):
        recomputing.start_recomputation(by=company.requester, rule=agreement)
    recomputing.start_recomputation(by=company.customer_head, rule=agreement)
    with pytest.raises(IllegalMove, match="started this already"):
        recomputing.start_recomputation(by=company.admin, rule=agreement)
    recomputing.work_off_recomputations()

    later = signed(company, TIGHTER.changed(valid_from=timezone.now() + timedelta(days=9)))
    with pytest.raises(IllegalMove, match="not in force now"):
        recomputing.start_recomputation(by=company.supplier_head, rule=later)


def test_on_its_page_and_over_http(company, as_browser, as_api):
    row = file_laptop(company, **MEDIUM)
    agreement = signed(company, TIGHTER)
    client, address = as_browser(company.supplier_head), f"/agreements/{agreement.pk}/open-requests/"
    assert address in client.get(f"/agreements/{agreement.pk}/").content.decode()
    assert row.number in client.get(address).content.decode()
    assert as_browser(company.requester).get(address).status_code == 403

    dry = as_api(company.customer_head).post(f"/api/v1/agreements/{agreement.pk}/recompute/", {"dry_run": True})
    assert (dry.status_code, dry.data["clocks"], dry.data["started"]) == (200, 2, False)
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 409
    recomputing.work_off_recomputations()
    assert "Nothing to do" in client.get(address).content.decode()
    again = as_api(company.admin).post(f"/api/v1/agreements/{agreement.pk}/recompute/", {})
    assert (again.status_code, again.data["code"]) == (409, "illegal_move")


def test_the_calendar_of_the_agreement_is_followed_and_left_again(company):
    half = create_calendar(
        by=company.admin, name="Half", slug="half", zone="Europe/Berlin", weekly=[[["00:00", "12:00"]]] * 7
    )
    row = file_laptop(company, **MEDIUM)
    own = clock(row).calendar_version_id
    follow(company, signed(company, Terms(targets={"resolution": {3: 90_000}}, calendar=half)))
    assert clock(row).calendar_version_id == half.current_id
    follow(company, signed(company, Terms(targets={"resolution": {3: 80_000}})))
    assert clock(row).calendar_version_id == own


def test_a_default_is_followed_where_nothing_more_specific_holds(company):
    row = file_laptop(company, **MEDIUM)
    company_wide = set_targets(by=company.admin, supplier=None, targets={"resolution": {3: 70_000}})
    assert recomputing.preview(company_wide, company.admin).requests == 1
    with pytest.raises(NotAllowed):
        recomputing.start_recomputation(by=company.supplier_head, rule=company_wide)
    recomputing.start_recomputation(by=company.admin, rule=company_wide)
    recomputing.work_off_recomputations()
    assert clock(row).agreement_id == company_wide.pk

    own = set_targets(by=company.supplier_head, supplier=company.it, targets={"resolution": {3: 60_000}})
    follow(company, own)
    assert clock(row).agreement_id == own.pk
    assert recomputing.preview(company_wide, company.admin).clocks == 0


def test_what_ended_or_got_another_promise_meanwhile_is_left_alone(company):
    ended, moved = file_laptop(company, **MEDIUM), file_laptop(company, **MEDIUM)
    agreement = signed(company, TIGHTER)
    run = recomputing.start_recomputation(by=company.supplier_head, rule=agreement)
    move_request(by=company.requester, service_request=ended, action="cancel", words=Words(reason="Not needed"))
    end_agreement(by=company.admin, agreement=agreement, reason="We merge")
    former = clock(moved).agreement_id
    for row in (ended, moved):
        recomputing._recompute(row.pk, run)
    assert clock(moved).agreement_id == former
    assert not Event.objects.filter(kind="clock.recomputed").exists()


def test_what_is_agreed_for_one_service_is_followed_by_its_requests_alone(company):
    row = file_laptop(company, **MEDIUM)
    other = create_service(by=company.admin, department=company.it, name="Printer", slug="printer")
    elsewhere = file_request(by=company.requester, service=other, filing=Filing(title="A printer", **MEDIUM))
    agreement = signed(company, TIGHTER, service=company.laptop)
    follow(company, agreement)
    assert [clock(one).agreement_id == agreement.pk for one in (row, elsewhere)] == [True, False]
