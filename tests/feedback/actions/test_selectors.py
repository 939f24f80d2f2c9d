"""Who reads which actions, how much of them, and what stands on whose desk."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from feedback.actions import selectors
from feedback.actions.services import take_step
from feedback.actions.states import State, Words
from tests.factories.actions import STEPS, brought_to, opened, take

pytestmark = pytest.mark.django_db


def test_readers_are_those_of_the_matrix(company, new_request):
    action = opened(company, new_request)
    seen = {}
    for letter, person in company.by_context.items():
        try:
            seen[letter] = selectors.action_page(person=person, pk=action.pk).full
        except Http404:
            continue
    assert seen == {"RQ": False, "CH": True, "SA": True, "AS": True, "SH": True, "AU": True, "EX": False}
    assert {letter for letter, person in company.by_context.items() if selectors.actions_for(person)} == set(seen)


def test_a_summary_holds_no_history_and_no_others(company, new_request):
    action = brought_to(company, "analysed", new_request)
    page = selectors.action_page(person=company.requester, pk=action.pk)
    assert (page.history, page.similar, page.moves, page.source_number) == ([], [], [], new_request.number)


def test_lists_of_both_sides_and_without_what_has_ended(company):
    first, second = opened(company), opened(company, title="Another")
    take(company, second, "cancel")
    head = company.supplier_head
    assert list(selectors.actions_for(head, side="supplier")) == [first]
    assert list(selectors.actions_for(head, side="customer")) == []
    assert list(selectors.actions_for(company.customer_head, side="customer", ended=True)) == [second, first]
    assert list(selectors.actions_for(head, department=company.sales)) == [first]


@pytest.mark.parametrize("state", STEPS)
def test_it_waits_for_whoever_takes_the_next_step(company, state):
    action = brought_to(company, state)
    people = {"head": company.supplier_head, "owner": company.assigned, "customer": company.customer_head}
    people |= {"agent": company.agent, "colleague": company.colleague}
    found = {name for name, person in people.items() if selectors.waiting_for(person)}
    assert found == {"planned": {"owner"}, "done": {"customer"}, "verified": set()}.get(state, {"head"})
    if state == "verified":
        assert [line.action for line in selectors.waiting_for(company.customer_head, action.check_on)] == [action]


def test_every_state_says_who_does_what(company):
    action = brought_to(company, "planned")
    today = timezone.localdate()
    sentences = set()
    for state in State.values:
        action.state = state
        sentences.add(selectors.next_step(action, today))
    assert len(sentences) == len(State.values)
    action.state, action.check_on = "verified", today + timedelta(days=1)
    assert selectors.next_step(action, today) == "Sales looks later whether it lasted."


def test_what_sounds_alike_is_suggested_only_to_who_may_read_it(company):
    action = opened(company, title="VPN drops every morning")
    other = opened(company, title="vpn drops each morning", customer=company.facilities)
    opened(company, title="Invoice without order number")
    assert list(selectors.action_page(person=company.supplier_head, pk=action.pk).similar) == [other]
    assert list(selectors.action_page(person=company.customer_head, pk=action.pk).similar) == []


def test_the_history_tells_every_step_with_its_words(company):
    action = brought_to(company, "planned")
    history = selectors.action_page(person=company.auditor, pk=action.pk).history
    assert [step.words for step in history] == [
        "Sofia Supplier opened it", "Sofia Supplier contained it",
        "Sofia Supplier said what caused it: Handover between departments", "Sofia Supplier planned what is done",
    ]  # fmt: skip
    assert history[-1].note == "One list for both departments."


def test_lists_cost_as_many_queries_for_many_as_for_one(company, django_assert_num_queries):
    opened(company)
    with django_assert_num_queries(1):
        selectors.lines_of(selectors.actions_for(company.supplier_head))
    for n in range(3):
        opened(company, title=f"No. {n}")
    with django_assert_num_queries(1):
        selectors.lines_of(selectors.actions_for(company.supplier_head))


def test_between_two_departments_what_is_open_comes_first_and_others_are_left_out(company):
    done = brought_to(company, "analysed", title="First")
    take_step(by=company.supplier_head, action=done, name="cancel", words=Words(note="Not ours"))
    still = opened(company, title="Second")
    opened(company, customer=company.facilities, title="Somebody else's")
    found = selectors.of_pair(company.customer_head, company.sales, company.it)
    assert [line.action.pk for line in found.rows] == [still.pk, done.pk]
    assert selectors.of_pair(company.stranger, company.sales, company.it).rows == []


def test_it_stands_on_the_page_of_the_two(company, as_browser):
    opened(company, title="Laptops come late again")
    page = as_browser(company.customer_head).get("/relations/it/sales/").content.decode()
    assert "Laptops come late again" in page
