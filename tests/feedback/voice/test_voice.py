"""What people say: who may, who reads, who answers, what is told to everybody."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.actions.models import CorrectiveAction
from feedback.voice import selectors
from feedback.voice.models import Voice, Vote
from feedback.voice.services import correct, say, take_step, vote
from feedback.voice.states import ANSWER_DAYS, EVENTS, MEANING, MOVES, STATES_OF, STEP_WORDS, Kind, State
from requests_app.calendars.services import create_calendar
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.events.states import KINDS
from requests_app.kernel.errors import DomainError, IllegalMove, NotAllowed, StaleVersion, WrongInput
from requests_app.messaging.services import send_waiting
from requests_app.org.services import save_department
from tests.factories import accept, file_laptop, make_person
from tests.factories.voices import answered, said

pytestmark = pytest.mark.django_db
TABLE = {
    ("complaint", "answer"): ("open answered", "answered"),
    ("complaint", "accept"): ("answered", "closed"),
    ("complaint", "disagree"): ("answered", "open"),
    ("complaint", "appeal"): ("answered closed", "appealed"),
    ("complaint", "escalate"): ("open", "appealed"),
    ("complaint", "decide"): ("appealed", "decided"),
    ("complaint", "withdraw"): ("open answered", "withdrawn"),
    ("suggestion", "take_up"): ("open", "taken_up"),
    ("suggestion", "decline"): ("open taken_up", "declined"),
    ("suggestion", "carry_out"): ("taken_up", "done"),
    ("suggestion", "withdraw"): ("open", "withdrawn"),
    ("praise", "withdraw"): ("shown", "withdrawn"),
}


def readers(company, voice) -> set[str]:
    found = set()
    for letter, person in company.by_context.items():
        try:
            selectors.voice_page(person=person, pk=voice.pk)
            found.add(letter)
        except Http404:
            continue
    return found


def test_the_table_is_the_one_that_was_decided():
    assert {key: (move.sources, move.target) for key, move in MOVES.items()} == {
        key: (frozenset(sources.split()), target) for key, (sources, target) in TABLE.items()
    }
    assert MEANING.keys() == set(State.values)
    assert [move.name for move in MOVES.values() if move.event not in KINDS] == []
    assert STEP_WORDS.keys() == EVENTS.keys()
    assert [move.name for move in MOVES.values() if move.target not in STATES_OF[Kind(move.kind)]] == []


def test_a_complaint_is_answered_accepted_and_its_outcome_told_without_its_words(company):
    voice = answered(company)
    closed = take_step(by=company.requester, voice=voice, name="accept")

    assert (closed.state, closed.outcome, closed.owner) == (
        "closed",
        "We found it and changed it.",
        company.supplier_head,
    )
    assert closed.due_at == closed.said_at + timedelta(days=5) or closed.due_at > closed.said_at
    told = selectors.outcomes(company.stranger)
    assert [(one.department, one.words) for one in told] == [("IT Services", "We found it and changed it.")]
    assert list(Event.objects.filter(subject_kind="voice").order_by("pk").values_list("kind", flat=True)) == [
        "voice.said", "voice.answered", "voice.accepted",
    ]  # fmt: skip


def test_who_disagrees_gets_another_answer(company):
    again = take_step(by=company.customer_head, voice=answered(company), name="disagree", note="It came again.")
    assert again.state == "open"
    assert take_step(by=company.supplier_head, voice=again, name="answer", note="Now.").state == "answered"


def test_complaints_are_read_by_the_two_sides_and_the_auditor(company, new_request):
    accept(company, new_request)
    assert readers(company, said(company, "complaint", new_request)) == {"RQ", "CH", "AS", "SH", "AU"}
    assert readers(company, said(company, "complaint")) == {"RQ", "CH", "SH", "AU"}


@pytest.mark.parametrize("kind", ["suggestion", "praise"])
def test_suggestions_and_praise_are_read_by_everybody(company, kind):
    voice = said(company, kind)
    assert readers(company, voice) == set(company.by_context)
    withdrawn = take_step(by=company.requester, voice=voice, name="withdraw")
    assert readers(company, withdrawn) == {"RQ", "CH", "SH"}


def test_whom_a_complaint_is_about_reads_no_name_and_does_not_answer(company, new_request):
    accept(company, new_request)
    voice = said(company, "complaint", new_request)
    page = selectors.voice_page(person=company.assigned, pk=voice.pk)
    assert (page.line.author, page.history[0].words, page.moves) == ("", "Somebody said it", [])
    new_request.assignee = company.supplier_head
    new_request.save()
    with pytest.raises(NotAllowed):
        take_step(by=company.supplier_head, voice=voice, name="answer", note="It was right.")


def test_of_a_confidential_request_only_the_supplying_head_hears_and_nothing_is_public(company):
    row = file_laptop(company)
    type(row).objects.update(privacy="confidential")
    row.refresh_from_db()
    assert readers(company, said(company, "complaint", row)) == {"RQ", "SH", "AU"}
    with pytest.raises(WrongInput) as refused:
        said(company, "praise", row)
    assert list(refused.value.errors) == ["kind"]


def test_only_the_asking_side_says_something_about_a_request(company, new_request):
    assert said(company, "praise", new_request, by=company.customer_head).department == company.it
    for person in (company.colleague, company.agent, company.auditor):
        with pytest.raises((NotAllowed, Http404)):
            said(company, "complaint", new_request, by=person)


def test_nobody_praises_their_own_department_but_may_suggest(company):
    for kind in ("praise", "complaint"):
        with pytest.raises(NotAllowed):
            said(company, kind, by=company.agent)
    assert said(company, "suggestion", by=company.agent).customer is None
    with pytest.raises(NotAllowed):
        said(company, "praise", by=company.executive)


def test_five_complaints_a_day_are_enough(company):
    for _ in range(5):
        said(company, "complaint")
    with pytest.raises(DomainError):
        said(company, "complaint")
    assert said(company, "complaint", at=timezone.now() + timedelta(days=2)).state == "open"


def test_what_is_needed_is_asked_for(company):
    with pytest.raises(WrongInput) as refused:
        said(company, "praise", title=" ")
    assert list(refused.value.errors) == ["title"]
    voice = said(company, "suggestion")
    with pytest.raises(WrongInput) as refused:
        take_step(by=company.supplier_head, voice=voice, name="decline")
    assert list(refused.value.errors) == ["note"]


def test_a_vote_counts_once_and_can_be_taken_back(company):
    voice = said(company, "suggestion")
    for wanted, count in ((True, 1), (True, 1), (False, 0), (False, 0), (True, 1)):
        assert vote(by=company.stranger, voice=voice, wanted=wanted).votes == count
    assert Vote.objects.count() == 1


def test_votes_are_for_open_suggestions_of_others(company):
    voice = said(company, "suggestion")
    for person in (company.requester, company.executive):
        with pytest.raises(NotAllowed):
            vote(by=person, voice=voice, wanted=True)
    take_step(by=company.supplier_head, voice=voice, name="take_up", note="In spring.")
    with pytest.raises(IllegalMove):
        vote(by=company.stranger, voice=voice, wanted=True)
    with pytest.raises(IllegalMove):
        vote(by=company.stranger, voice=said(company, "praise"), wanted=True)


def test_a_complaint_leads_to_one_corrective_action(company, new_request):
    voice = said(company, "complaint", new_request)
    made = [correct(by=company.supplier_head, voice=voice) for _ in range(2)]
    assert made[0] == made[1] == CorrectiveAction.objects.get()
    assert (made[0].source_kind, made[0].customer, made[0].service) == ("complaint", company.sales, company.laptop)
    with pytest.raises(NotAllowed):
        correct(by=company.customer_head, voice=said(company, "complaint"))
    with pytest.raises(IllegalMove):
        correct(by=company.supplier_head, voice=said(company, "praise"))


def test_who_saw_something_older_is_refused(company):
    with pytest.raises(StaleVersion):
        take_step(by=company.requester, voice=answered(company), name="accept", expected_version=1)


def test_it_waits_on_the_desks_of_those_who_take_the_next_step(company):
    voice = said(company, "complaint")
    said(company, "praise")
    assert [line.voice for line in selectors.waiting_for(company.supplier_head)] == [voice]
    take_step(by=company.supplier_head, voice=voice, name="answer", note="Done.")
    assert selectors.waiting_for(company.supplier_head) == []
    assert [line.voice for line in selectors.waiting_for(company.requester)] == [voice]


def test_heads_are_mailed_what_is_said_and_authors_what_is_answered(company):
    answered(company)
    deliver("feedback.voice_letters")
    send_waiting()
    assert [(sent.to[0], sent.subject) for sent in mail.outbox] == [
        ("sofia.supplier@example.test", "Somebody said something to you: IT Services"),
        ("rita.requester@example.test", "Your complaint was answered: IT Services"),
    ]


@pytest.mark.parametrize("values", [{"state": "shown"}, {"title": ""}, {"votes": 1}, {"state": "answered"}], ids=str)
def test_a_row_that_makes_no_sense_is_refused(company, values):
    voice = said(company, "complaint")
    with pytest.raises(IntegrityError), transaction.atomic():
        Voice.objects.filter(pk=voice.pk).update(**values)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(Kind.values), steps=st.lists(st.sampled_from(sorted(STEP_WORDS)), max_size=6))
def test_whatever_is_tried_the_table_and_the_database_agree(company, kind, steps):
    with transaction.atomic():
        voice = said(company, kind)
        for step in steps:
            before = Voice.objects.get(pk=voice.pk).state
            move = MOVES.get((kind, step))
            ours = step in ("accept", "disagree", "withdraw", "appeal", "escalate")
            by = company.requester if ours else company.supplier_head
            if step == "decide":
                by = Voice.objects.get(pk=voice.pk).arbiter or company.supplier_head
            try:
                after = take_step(by=by, voice=voice, name=step, note="Words").state
            except DomainError:
                assert move is None or before not in move.sources or move.once_late
            else:
                assert (before in move.sources, after) == (True, move.target)
        transaction.set_rollback(True)


def test_saying_needs_a_department_or_a_request(company):
    with pytest.raises(WrongInput):
        say(by=company.requester, kind="praise", title="Well done")


def test_a_department_whose_calendar_never_opens_answers_within_days_all_the_same(company):
    never = create_calendar(by=company.admin, name="Never", slug="never", zone="Europe/Berlin", weekly=[[]] * 7)
    company.it.calendar_id = never.pk
    company.it.save()
    voice = said(company, "complaint")
    assert voice.due_at == voice.said_at + timedelta(days=ANSWER_DAYS)


def test_partners_are_told_of_no_outcome_of_others(company):
    partner = save_department(by=company.admin, slug="carrier", name="Carrier", kind="partner")
    assert selectors.outcomes(make_person("Pat Partner", partner)) == []
