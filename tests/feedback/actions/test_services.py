"""Opening actions and taking them through their life: what is kept, recorded, refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.actions import policies
from feedback.actions.due import tell_what_is_due
from feedback.actions.models import CorrectiveAction
from feedback.actions.services import open_action, take_step
from feedback.actions.states import MOVES, SourceKind, Words
from requests_app.events.models import Event
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.org.services import save_department
from tests.factories.actions import brought_to, cause_of, opened, take, words_for

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="action.").order_by("pk").values_list("kind", flat=True))


def test_from_open_to_closed_each_step_keeps_its_words_and_is_recorded_once(company):
    action = brought_to(company, "verified")
    later = timezone.now() + timedelta(days=31)
    action = take(company, action, "close", later)

    assert (action.state, action.ended_at, action.version) == ("closed", later, 7)
    assert action.whys == ["The order was late.", "Nobody saw it."]
    assert (action.cause.name, action.owner, action.verified_by) == (
        "Handover between departments", company.assigned, company.customer_head,
    )  # fmt: skip
    steps = ["opened", "contained", "analysed", "planned", "done", "verified", "closed"]
    assert kinds() == [f"action.{step}" for step in steps]


def test_of_one_source_there_is_one_action_however_often_it_is_asked_for(company, new_request):
    first, again = opened(company, new_request), opened(company, new_request, title="Something else")

    assert (again.pk, again.title) == (first.pk, "Laptops come late")
    assert kinds() == ["action.opened"]
    assert opened(company).pk != opened(company).pk  # without a source each is its own


def test_the_database_holds_one_action_for_each_source(company, new_request):
    first = opened(company, new_request)
    first.pk, first._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save()


def test_only_the_head_of_the_supplier_opens_one_but_the_product_may(company):
    with pytest.raises(NotAllowed):
        open_action(by=company.customer_head, supplier=company.it, customer=company.sales, title="No")
    made = open_action(source_kind="signal", source_id=7, supplier=company.it, customer=company.sales, title="Rising")
    assert (made.opened_by, made.source_kind) == (None, "signal")


def test_without_a_customer_the_department_above_confirms_and_without_one_it_is_asked_for(company):
    with pytest.raises(WrongInput) as refused:
        open_action(supplier=company.it, title="Rising")
    assert list(refused.value.errors) == ["customer"]
    save_department(by=company.admin, department=company.it, parent=company.facilities)
    company.it.refresh_from_db()
    assert open_action(supplier=company.it, title="Rising").customer == company.facilities


@pytest.mark.parametrize(
    ("more", "field"),
    [({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"title": "a\x00"}, "title"), ({"problem": "\x00"}, "problem")],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_with_it_is_named(company, more, field):
    with pytest.raises(WrongInput) as refused:
        opened(company, **more)
    assert list(refused.value.errors) == [field]


def test_a_department_does_not_confirm_its_own_work_and_the_service_is_the_suppliers(company):
    with pytest.raises(WrongInput) as refused:
        opened(company, customer=company.it)
    assert list(refused.value.errors) == ["customer"]
    with pytest.raises(WrongInput) as refused:
        opened(company, service=company.badge)
    assert list(refused.value.errors) == ["service"]


@pytest.mark.parametrize(
    ("state", "step", "change", "fields"),
    [
        ("open", "contain", {"note": " "}, ["note"]),
        ("open", "contain", {"note": "x" * 10_001}, ["note"]),
        ("contained", "analyse", {"whys": ()}, ["whys"]),
        ("contained", "analyse", {"whys": ("",) * 3, "cause": None}, ["whys", "cause"]),
        ("contained", "analyse", {"whys": ("a",) * 6}, ["whys"]),
        ("contained", "analyse", {"whys": ("a" * 501,)}, ["whys"]),
        ("analysed", "plan", {"note": "", "owner": None, "due_on": None}, ["note", "owner", "due_on"]),
        ("done", "verify", {"check_days": 0}, ["check_days"]),
        ("done", "verify", {"check_days": 366}, ["check_days"]),
    ],
    ids=str,
)
def test_each_step_asks_for_its_words(company, state, step, change, fields):
    action = brought_to(company, state)
    by = company.customer_head if step == "verify" else company.supplier_head
    with pytest.raises(WrongInput) as refused:
        take_step(by=by, action=action, name=step, words=replace(words_for(company, step), **change))
    assert list(refused.value.errors) == fields


def test_the_owner_works_for_the_supplier_and_the_day_is_ahead(company):
    action = brought_to(company, "analysed")
    words = Words("Do it", owner=company.colleague, due_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(WrongInput) as refused:
        take_step(by=company.supplier_head, action=action, name="plan", words=words)
    assert list(refused.value.errors) == ["owner", "due_on"]


def test_a_closed_cause_is_not_chosen(company):
    cause = cause_of()
    cause.is_active = False
    with pytest.raises(WrongInput) as refused:
        brought_to(company, "analysed", cause=cause)
    assert list(refused.value.errors) == ["cause"]


def test_once_there_is_an_owner_other_agents_do_not_report_it_done(company):
    action = brought_to(company, "planned")
    with pytest.raises(NotAllowed) as refused:
        take_step(by=company.agent, action=action, name="finish", words=Words("Done"))
    assert "its owner" in refused.value.needed
    assert take_step(by=company.assigned, action=action, name="finish", words=Words("Done")).state == "done"


def test_only_the_customer_confirms_and_can_send_it_back(company):
    action = brought_to(company, "done")
    for person in (company.supplier_head, company.assigned, company.other_head, company.admin):
        with pytest.raises(NotAllowed):
            take_step(by=person, action=action, name="verify")
    back = take(company, action, "send_back")
    assert (back.state, back.owner) == ("planned", company.assigned)


def test_whether_it_lasted_is_said_from_the_agreed_day_on(company):
    action = brought_to(company, "verified")
    with pytest.raises(IllegalMove):
        take(company, action, "close")
    assert take(company, action, "close", timezone.now() + timedelta(days=30)).state == "closed"


def test_when_the_customer_says_that_it_came_back_it_begins_anew(company):
    action = take(company, brought_to(company, "verified"), "recur")
    assert (action.state, action.recurrences, action.owner, action.verified_by) == ("open", 1, None, None)
    assert action.plan == "One list for both departments."  # what was tried stays to be read


@pytest.mark.parametrize(("days", "state"), [(89, "open"), (91, "verified")])
def test_the_same_cause_within_ninety_days_opens_the_earlier_one_again(company, days, state):
    start = timezone.now() - timedelta(days=100)
    earlier = brought_to(company, "verified", at=start)
    again = brought_to(company, "analysed", at=start + timedelta(days=days))
    earlier.refresh_from_db()

    assert earlier.state == state
    if state == "open":
        assert (again.state, again.continues, earlier.recurrences) == ("cancelled", earlier, 1)
        assert kinds()[-3:] == ["action.analysed", "action.reopened", "action.cancelled"]


@pytest.mark.parametrize("other", ["cause", "service", "customer"])
def test_another_cause_service_or_customer_is_another_problem(company, other):
    start = timezone.now() - timedelta(days=50)
    earlier = brought_to(company, "verified", at=start)
    more = {"service": None} if other == "service" else {"customer": company.facilities} if other == "customer" else {}
    cause = cause_of("Another") if other == "cause" else None
    again = brought_to(company, "analysed", at=start + timedelta(days=10), cause=cause, **more)
    earlier.refresh_from_db()
    assert (earlier.state, again.state) == ("verified", "analysed")


def test_who_saw_something_older_is_refused(company):
    action = opened(company)
    take(company, action, "contain")
    with pytest.raises(StaleVersion):
        take_step(by=company.supplier_head, action=action, name="cancel", words=Words("No need"), expected_version=1)


def test_what_is_late_is_told_once_for_each_day_it_was_planned_for(company):
    action = brought_to(company, "planned")
    past = action.due_on + timedelta(days=1)

    assert [tell_what_is_due(today=day) for day in (action.due_on, past, past)] == [(0, 0), (1, 0), (0, 0)]
    words = replace(words_for(company, "plan"), due_on=action.due_on + timedelta(days=2))
    take_step(by=company.supplier_head, action=action, name="plan", words=words)
    assert tell_what_is_due(today=past + timedelta(days=5)) == (1, 0)
    assert kinds().count("action.overdue") == 2


def test_the_day_of_the_check_is_told_once(company):
    action = brought_to(company, "verified")
    assert [tell_what_is_due(today=action.check_on) for _ in range(2)] == [(0, 1), (0, 0)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(sorted(MOVES)), max_size=9))
def test_whatever_is_tried_in_whatever_order_the_table_and_the_database_agree(company, steps):
    with transaction.atomic():
        action, said = opened(company), 1
        for step in steps:
            before = CorrectiveAction.objects.get(pk=action.pk)
            later = timezone.now() + timedelta(days=40 if step == "close" else 0)
            try:
                after = take(company, action, step, later)
            except DomainError:
                after = CorrectiveAction.objects.get(pk=action.pk)
                assert before.state not in MOVES[step].sources
                assert (after.state, after.version) == (before.state, before.version)
            else:
                assert before.state in MOVES[step].sources
                assert (after.state, after.version) == (MOVES[step].target, before.version + 1)
                said += 1
        assert Event.objects.filter(subject_kind="action", subject_id=action.pk).count() == said
        transaction.set_rollback(True)


def test_kinds_of_sources_are_those_that_the_table_knows():
    assert set(SourceKind.values) == {
        "request", "rejection", "rating", "escalation", "complaint", "talk", "signal", "other"
    }  # fmt: skip


def test_a_visitor_has_no_part_in_it(company):
    assert policies.contexts(AnonymousUser(), opened(company)) == {"AN"}


@pytest.mark.django_db(transaction=True)
def test_opened_by_many_at_once_for_one_source_it_is_one(company, new_request):
    def open_it(_number: int) -> int:
        try:
            return opened(company, new_request).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        found = set(crowd.map(open_it, range(16)))
    assert len(found) == CorrectiveAction.objects.count() == 1
    assert Event.objects.filter(kind="action.opened").count() == 1
