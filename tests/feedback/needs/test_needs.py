"""Needs: their life, who may do what, who reads, how they are rated, what is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feedback.needs import selectors
from feedback.needs.models import Need
from feedback.needs.selectors import need_page
from feedback.needs.services import (
    add_source,
    change_need,
    propose,
    rate,
    remove_source,
    take_step,
    tell_what_is_due,
)
from feedback.needs.sources import find_source, source_lines
from feedback.needs.states import MEANING, MOVES, STEP_WORDS, State, Words, gap_of
from feedback.needs.tasks import tell_due_needs
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.events.states import KINDS
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.messaging.services import send_waiting
from tests.factories.improvements import planned
from tests.factories.needs import need_at, needed, words_for
from tests.factories.surveys import QUESTIONS, answer_all, closed, crowd, opened
from tests.factories.voices import said

pytestmark = pytest.mark.django_db
TABLE = {
    "analyse": ("collected analysed", "analysed"),
    "decide": ("analysed decided", "decided"),
    "carry_out": ("decided", "carried_out"),
    "evaluate": ("carried_out", "evaluated"),
    "reopen": ("carried_out evaluated", "analysed"),
    "set_aside": ("collected analysed decided", "set_aside"),
    "take_back_up": ("set_aside", "collected"),
}
WORKERS, HEADS = {"SA", "AS", "SH"}, {"SH"}
WHO = {
    "analyse": WORKERS, "decide": HEADS, "carry_out": WORKERS, "evaluate": WORKERS, "reopen": WORKERS,
    "set_aside": HEADS, "take_back_up": HEADS,
}  # fmt: skip


def test_the_table_is_the_one_that_was_decided():
    assert {name: (move.sources, move.target) for name, move in MOVES.items()} == {
        name: (frozenset(sources.split()), target) for name, (sources, target) in TABLE.items()
    }
    assert MEANING.keys() == set(State.values)
    assert [move.name for move in MOVES.values() if move.event not in KINDS] == []
    assert STEP_WORDS.keys() == MOVES.keys()


@pytest.mark.parametrize("state", State.values)
def test_only_steps_of_the_table_and_only_by_those_who_may(company, state):
    need = need_at(company, state)
    for letter, person in company.by_context.items():
        for name, (sources, target) in TABLE.items():
            allowed, possible = letter in WHO[name], state in sources.split()
            with transaction.atomic():
                try:
                    found = take_step(by=person, need=need, name=name, words=words_for(company, name)).state
                except NotAllowed:
                    found = "not theirs"
                except IllegalMove:
                    found = "not now"
                transaction.set_rollback(True)
            wanted = "not theirs" if not allowed else target if possible else "not now"
            assert (letter, name, found) == (letter, name, wanted)


def test_the_department_its_customers_the_proposer_and_company_roles_read_it(company):
    needed(company)
    readers = {letter for letter, person in company.by_context.items() if Need.objects.visible_to(person).exists()}
    assert readers == {"RQ", "CC", "CH", "SA", "AS", "SH", "AU", "EX"}
    with pytest.raises(Http404):
        selectors.get_need(person=company.other_head, pk=Need.objects.get().pk)


def test_a_step_keeps_its_words_and_writes_an_event(company):
    need = need_at(company, "evaluated")
    kept = (need.analysis, need.solution, need.result, need.effect)
    assert kept == ("Words of analyse", "Words of decide", "Words of carry_out", "Words of evaluate")
    need.refresh_from_db()
    assert (need.urgency, need.importance, need.priority, need.owner, need.version) == (3, 4, 12, company.agent, 5)
    events = Event.objects.filter(subject_kind="need", subject_id=need.pk).order_by("pk")
    assert list(events.values_list("kind", flat=True)) == [
        "need.proposed", "need.analysed", "need.decided", "need.carried_out", "need.evaluated",
    ]  # fmt: skip
    assert events[2].data["before"] == "analysed"
    assert (events[2].data["department"], events[2].data["customers"]) == (company.it.pk, [company.sales.pk])


@pytest.mark.parametrize(
    ("state", "step", "words", "field"),
    [
        ("collected", "analyse", Words(note="", urgency=1, importance=1), "note"),
        ("collected", "analyse", Words(note="x", importance=1), "urgency"),
        ("collected", "analyse", Words(note="x", urgency=1, importance=5), "importance"),
        ("analysed", "decide", Words(note="x"), "owner"),
        ("carried_out", "evaluate", Words(note="x", link="https://elsewhere.example/"), "link"),
    ],
    ids=["no words", "no urgency", "importance off the scale", "no owner", "no plan of ours"],
)
def test_what_a_step_needs_is_asked_for(company, state, step, words, field):
    need = need_at(company, state)
    with pytest.raises(WrongInput) as refused:
        take_step(by=company.supplier_head, need=need, name=step, words=words)
    assert list(refused.value.errors) == [field]


def test_who_carries_it_out_works_for_the_department_and_by_a_day(company):
    need = need_at(company, "analysed")
    for owner, day, field in (
        (company.requester, timezone.localdate(), "owner"),
        (company.agent, None, "due_on"),
    ):
        with pytest.raises(WrongInput) as refused:
            take_step(by=company.supplier_head, need=need, name="decide", words=Words("x", owner=owner, due_on=day))
        assert list(refused.value.errors) == [field]


def test_the_effect_may_name_an_improvement_plan_by_its_address(company):
    need = need_at(company, "carried_out")
    plan = planned(company)
    link = f"https://desk.example/improvements/{plan.pk}/"
    words = Words("Half the calls", link=f"/improvements/{plan.pk + 1}/")
    with pytest.raises(WrongInput) as refused:
        take_step(by=company.agent, need=need, name="evaluate", words=words)
    assert list(refused.value.errors) == ["link"]
    done = take_step(by=company.agent, need=need, name="evaluate", words=Words("Half the calls", link=link))
    assert done.effect_link == f"/improvements/{plan.pk}/"


def test_the_gap_is_followed_from_rating_to_rating_of_those_still_named(company):
    need = needed(company, by=company.supplier_head, customers=[company.sales, company.facilities])
    for head, importance, satisfaction in (
        (company.customer_head, 5, 1), (company.other_head, 3, 3), (company.customer_head, 5, 3),
    ):  # fmt: skip
        rate(by=head, need=need, importance=importance, satisfaction=satisfaction)
    page = need_page(person=company.requester, pk=need.pk)
    assert ([gap.n for _at, gap in page.course], page.line_of_gap) == ([1, 2, 2], [4.0, 2.0, 1.0])
    need.customers.set([company.facilities])
    assert need_page(person=company.supplier_head, pk=need.pk).line_of_gap == []


def test_a_step_on_an_older_version_is_refused(company):
    need = need_at(company, "analysed")
    with pytest.raises(StaleVersion):
        take_step(by=company.agent, need=need, name="analyse", words=words_for(company, "analyse"), expected_version=1)


def test_customers_propose_for_their_own_departments_only(company):
    assert needed(company).customers.get() == company.sales
    for by, customers, error in (
        (company.requester, [company.facilities], NotAllowed),
        (company.admin, [company.sales], NotAllowed),
        (company.agent, [], WrongInput),
        (company.agent, [company.it], WrongInput),
    ):
        with pytest.raises(error):
            propose(by=by, department=company.it, title="x", customers=customers)
    both = propose(by=company.agent, department=company.it, title="x", customers=[company.sales, company.facilities])
    assert both.customers.count() == 2


def test_nobody_proposes_more_than_twenty_a_day(company):
    for number in range(20):
        needed(company, title=f"Need {number}")
    with pytest.raises(DomainError):
        needed(company)


def test_its_words_are_changed_by_the_board_and_until_the_analysis_by_the_proposer(company):
    need = needed(company)
    change_need(by=company.requester, need=need, title="Said better")
    rate(by=company.requester, need=need, importance=5, satisfaction=1)
    need = change_need(by=company.agent, need=need, customers=[company.facilities])
    assert (need.title, need.version, need.ratings.count()) == ("Said better", 3, 0)
    take_step(by=company.agent, need=need, name="analyse", words=words_for(company, "analyse"))
    with pytest.raises(NotAllowed):
        change_need(by=company.requester, need=need, title="Too late")


def test_the_gap_is_importance_less_satisfaction_with_how_many_rated(company):
    need = needed(company, by=company.agent, customers=[company.sales, company.facilities])
    assert selectors.need_page(person=company.agent, pk=need.pk).line.gap is None
    rate(by=company.requester, need=need, importance=1, satisfaction=5)
    rate(by=company.colleague, need=need, importance=5, satisfaction=2)  # of the same department: its newest word
    rate(by=company.stranger, need=need, importance=4, satisfaction=3)
    gap = selectors.need_page(person=company.agent, pk=need.pk).line.gap
    assert (gap.importance, gap.satisfaction, gap.gap, gap.n) == (4.5, 2.5, 2.0, 2)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=30))
def test_a_gap_is_the_mean_of_the_gaps_and_within_four(pairs):
    found = gap_of(pairs)
    if not pairs:
        assert found is None
        return
    assert found.gap == pytest.approx(sum(one - other for one, other in pairs) / len(pairs), abs=1e-9)
    assert -4 <= found.gap <= 4


def test_only_customers_rate_and_on_the_scale(company):
    need = needed(company)
    for by in (company.agent, company.stranger, company.executive):
        with pytest.raises(NotAllowed):
            rate(by=by, need=need, importance=3, satisfaction=3)
    with pytest.raises(WrongInput):
        rate(by=company.requester, need=need, importance=6, satisfaction=3)
    with pytest.raises(NotAllowed):
        rate(by=company.requester, need=need, importance=3, satisfaction=3, department=company.facilities)
    aside = need_at(company, "set_aside")
    with pytest.raises(IllegalMove):
        rate(by=company.requester, need=aside, importance=3, satisfaction=3)


def test_sources_are_told_to_whoever_may_see_them(company, new_request):
    need = needed(company)
    complaint = said(company, "complaint")
    for kind, text in (("request", new_request.number), ("voice", str(complaint.pk)), ("talk", "With Sales, in May")):
        add_source(by=company.requester, need=need, source=find_source(person=company.requester, kind=kind, text=text))
    told = {
        letter: [line.words for line in source_lines(company.by_context[letter], need)] for letter in ("RQ", "SH", "AS")
    }
    whole = [new_request.title, complaint.title, "With Sales, in May"]
    assert told == {"RQ": whole, "SH": whole, "AS": [new_request.title, "", "With Sales, in May"]}
    with pytest.raises(WrongInput):
        find_source(person=company.stranger, kind="request", text=new_request.number)
    with pytest.raises(WrongInput):
        add_source(
            by=company.requester, need=need,
            source=find_source(person=company.requester, kind="request", text=new_request.number),
        )  # fmt: skip
    remove_source(by=company.agent, need=need, pk=need.sources.first().pk)
    assert need.sources.count() == 2


@pytest.mark.parametrize(("people", "told"), [(4, None), (5, 5)])
def test_answers_to_a_survey_are_counted_from_five_on(company, people, told):
    crowd(company.sales, 6)
    campaign = opened(company)
    answer_all(campaign, [{key["key"]: value for key, value in zip(QUESTIONS, (4, "a"), strict=False)}] * people)
    closed(company, campaign)
    need = needed(company)
    found = find_source(person=company.supplier_head, kind="survey", text=str(campaign.pk))
    add_source(by=company.supplier_head, need=need, source=found)
    assert [line.answers for line in source_lines(company.supplier_head, need)] == [told]
    assert [line.answers for line in source_lines(company.requester, need)] == [None]  # who reads no results


def test_the_database_refuses_what_no_step_makes(company):
    need = needed(company)
    for wrong in (
        {"state": "analysed"},
        {"state": "decided", "urgency": 1, "importance": 1},
        {"state": "set_aside"},
        {"state": "unknown"},
        {"urgency": 2},
        {"urgency": 9, "importance": 1},
        {"title": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Need.objects.filter(pk=need.pk).update(**wrong)


def test_the_weightiest_stand_first_on_the_board_and_what_ended_apart(company):
    small, done = needed(company, title="Small"), need_at(company, "evaluated", title="Done")
    big = need_at(company, "analysed", title="Big")
    less = take_step(by=company.agent, need=needed(company, title="Less"), name="analyse", words=Words("x", 1, 2))
    need_at(company, "set_aside", title="Aside")
    board = selectors.board_page(person=company.agent, department=company.it)
    told = {column.state: [line.need.title for line in column.lines] for column in board.columns}
    assert told == {
        "collected": ["Small"], "analysed": ["Big", "Less"], "decided": [], "carried_out": [], "evaluated": ["Done"],
    }  # fmt: skip
    assert list(selectors.needs_for(company.agent).order_by(*selectors.BY_PRIORITY)) == [big, less, small]
    assert list(selectors.needs_for(company.agent, state="evaluated", customer=company.sales)) == [done]
    assert selectors.board_page(person=company.stranger, department=company.it).is_empty


def test_what_is_due_is_told_once_to_whoever_carries_it_out(company):
    need = need_at(company, "decided")
    Need.objects.filter(pk=need.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    tell_due_needs()
    assert tell_what_is_due() == 0
    deliver("feedback.needs_letters")
    mail.outbox.clear()
    send_waiting()
    told = {(tuple(one.to), one.subject.split(": ")[0]) for one in mail.outbox}
    assert ((company.agent.email,), "The day it was planned for has passed") in told
    assert ((company.supplier_head.email,), "A need was proposed") in told
    assert ((company.requester.email,), "A solution was decided on") in told
    assert not [one for one in mail.outbox if one.to == [company.agent.email] and "proposed" in one.subject]


def test_it_waits_on_the_desk_of_whoever_carries_it_out(company):
    need = need_at(company, "decided")
    waiting = {
        letter for letter, person in company.by_context.items() if [line.need for line in selectors.waiting_for(person)] == [need]
    }  # fmt: skip
    assert waiting == {"SA"}
