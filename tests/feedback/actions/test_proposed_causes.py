"""Causes that are proposed: who may, where they can be chosen, and what becomes of them and of their actions."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from feedback.actions.causes import add_cause, cause_tree, get_cause, proposals_to, propose_cause
from feedback.actions.deciding import accept_cause, merge_cause, refuse_cause
from feedback.actions.models import Cause
from feedback.actions.services import take_step
from feedback.actions.states import Proposal, Words
from feedback.training.models import Recommendation
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from requests_app.messaging.services import send_waiting
from tests.factories.actions import brought_to, cause_of
from tests.factories.training import course_of

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)


def analysed_with(company, name="Image is old", *, below=None, at=None, by=None, **more):
    """An action analysed with a cause that its agent found missing."""
    action = brought_to(company, "contained", at=at, **more)
    below = below or cause_of("Means")
    words = Words(whys=("The image was old.",), proposal=Proposal(name, below))
    return take_step(by=by or company.agent, action=action, name="analyse", words=words, at=at)


def refreshed(*rows):
    for row in rows:
        row.refresh_from_db()
    return rows if len(rows) > 1 else rows[0]


def paths(action=None) -> list[str]:
    return [twig.path for twig in cause_tree(action=action)]


def test_whoever_works_on_an_action_proposes_a_cause_and_uses_it_there_at_once(company):
    action = analysed_with(company)
    cause = action.cause
    assert (action.state, cause.name, cause.state, cause.proposed_for) == (
        "analysed",
        "Image is old",
        "proposed",
        action,
    )
    assert cause.proposed_by == company.agent
    event = Event.objects.get(kind="cause.proposed")
    assert event.data == event.data | {"name": "Image is old", "below": "Means", "action": action.pk}
    assert paths(action) == ["Means", "Means › Image is old"]
    assert paths() == paths(brought_to(company, "open")) == ["Means"]


def test_it_can_be_chosen_for_no_other_action(company):
    cause = analysed_with(company).cause
    other = brought_to(company, "contained")
    with pytest.raises(WrongInput) as refused:
        take_step(by=company.agent, action=other, name="analyse", words=Words(whys=("So.",), cause=cause))
    assert list(refused.value.errors) == ["cause"]


def test_the_same_proposal_for_one_action_is_one(company):
    action = analysed_with(company)
    words = Words(whys=("Again.",), proposal=Proposal("Image is old", cause_of("Means")))
    again = take_step(by=company.supplier_head, action=action, name="analyse", words=words)
    assert (again.cause, Cause.objects.filter(state="proposed").count()) == (action.cause, 1)


@pytest.mark.parametrize(
    ("name", "below", "cause", "wrong"),
    [
        ("", True, False, "proposed_cause"), ("x" * 121, True, False, "proposed_cause"),
        ("tool", True, False, "proposed_cause"), ("Image", False, False, "proposed_below"),
        ("Image", True, True, "proposed_cause"),
    ],
)  # fmt: skip
def test_a_proposal_that_cannot_stand_is_refused_beside_its_field(company, name, below, cause, wrong):
    action, means = brought_to(company, "contained"), cause_of("Means")
    add_cause(by=None, name="Tool", parent=means)
    words = Words(whys=("So.",), proposal=Proposal(name, means if below else None), cause=means if cause else None)
    with pytest.raises(WrongInput) as refused:
        take_step(by=company.agent, action=action, name="analyse", words=words)
    assert list(refused.value.errors) == [wrong]
    assert Cause.objects.filter(state="proposed").count() == 0


def test_agents_and_heads_propose_without_an_action_and_others_do_not(company):
    for person in (company.agent, company.supplier_head, company.customer_head):
        assert propose_cause(by=person, name="Weather").state == "proposed"
    assert propose_cause(by=company.agent, name="Weather").pk == Cause.objects.get(proposed_by=company.agent).pk
    for person in (company.requester, company.stranger, company.executive, company.auditor):
        with pytest.raises(NotAllowed):
            propose_cause(by=person, name="Weather")


def test_for_an_action_it_is_proposed_by_whoever_may_say_its_cause(company):
    action = brought_to(company, "contained")
    for person in (company.customer_head, company.other_head, company.requester):
        with pytest.raises(NotAllowed):
            propose_cause(by=person, name="Weather", parent=cause_of("Means"), action=action)


def test_only_administrators_decide(company):
    cause = analysed_with(company).cause
    for person in (company.agent, company.supplier_head, company.executive, company.auditor):
        for decide in (
            lambda by: accept_cause(by=by, cause=cause),
            lambda by: merge_cause(by=by, cause=cause, into=cause_of("Means")),
            lambda by: refuse_cause(by=by, cause=cause, reason="No."),
        ):
            with pytest.raises(NotAllowed):
                decide(person)
    assert refreshed(cause).state == "proposed"


def test_accepted_under_another_name_everybody_chooses_it(company):
    action = analysed_with(company)
    accept_cause(by=company.admin, cause=action.cause, name="Image out of date")
    assert paths() == ["Means", "Means › Image out of date"]
    assert refreshed(action).cause.state == "accepted"
    event = Event.objects.get(kind="cause.accepted")
    assert event.data == event.data | {
        "name": "Image out of date",
        "before": "Image is old",
        "person": company.agent.pk,
    }


def test_what_has_a_name_that_is_taken_is_not_accepted(company):
    cause = propose_cause(by=company.agent, name="Weather")
    add_cause(by=company.admin, name="Weather")
    with pytest.raises(WrongInput) as refused:
        accept_cause(by=company.admin, cause=cause)
    assert (list(refused.value.errors), refreshed(cause).state) == (["name"], "proposed")


def test_merged_its_action_follows_and_so_does_what_was_recommended(company):
    tool = add_cause(by=None, name="Tool", parent=cause_of("Means"))
    action = analysed_with(company)
    version = action.version
    course = course_of(company, causes=[tool])
    cause = merge_cause(by=company.admin, cause=action.cause, into=tool)
    deliver("feedback.training")
    refreshed(action)
    assert (action.cause, action.version, action.state) == (tool, version + 1, "analysed")
    assert (cause.state, cause.merged_into, cause.is_active) == ("merged", tool, False)
    event = Event.objects.get(kind="action.resorted")
    assert (event.data["cause"], event.data["why"]) == (tool.pk, "merged")
    assert Event.objects.get(kind="cause.merged").data["actions"] == [action.pk]
    assert list(Recommendation.objects.values_list("course", "action")) == [(course.pk, action.pk)]


@pytest.mark.parametrize("days", [30, 91])
def test_merged_into_the_cause_of_an_earlier_one_that_one_is_opened_again(company, days):
    start, tool = timezone.now() - 100 * DAYS, cause_of("Tool")
    earlier = brought_to(company, "verified", at=start, cause=tool)
    action = analysed_with(company, at=start + days * DAYS)
    merge_cause(by=company.admin, cause=action.cause, into=tool)
    refreshed(earlier, action)
    if days == 30:
        assert (earlier.state, earlier.recurrences, action.state, action.continues) == ("open", 1, "cancelled", earlier)
        assert Event.objects.get(kind="action.reopened").data["again"] == action.pk
    else:
        assert (earlier.state, action.state) == ("verified", "analysed")


def test_merged_it_may_be_the_earlier_one_of_a_newer(company):
    start, tool = timezone.now() - 50 * DAYS, cause_of("Tool")
    earlier = analysed_with(company, at=start)
    for name, by in (("plan", "supplier_head"), ("finish", "supplier_head"), ("verify", "customer_head")):
        words = Words(note="One list.", owner=company.assigned, due_on=(start + DAYS).date())
        earlier = take_step(by=getattr(company, by), action=earlier, name=name, words=words, at=start)
    newer = brought_to(company, "planned", at=start + 10 * DAYS, cause=tool)
    done = brought_to(company, "done", at=start + 10 * DAYS, cause=tool, title="It goes on")
    merge_cause(by=company.admin, cause=earlier.cause, into=tool)
    refreshed(earlier, newer, done)
    assert (earlier.state, earlier.recurrences) == ("open", 1)
    assert (newer.state, newer.continues, done.state) == ("cancelled", earlier, "done")


def test_what_is_closed_or_proposed_itself_takes_no_other_in(company):
    cause = analysed_with(company).cause
    closed = add_cause(by=None, name="Old")
    Cause.objects.filter(pk=closed.pk).update(is_active=False)
    for into in (None, closed, cause, propose_cause(by=company.agent, name="Weather")):
        with pytest.raises(WrongInput) as refused:
            merge_cause(by=company.admin, cause=cause, into=into)
        assert list(refused.value.errors) == ["into"]


def test_refused_its_action_stands_under_the_cause_above(company):
    action = analysed_with(company)
    cause = action.cause
    with pytest.raises(WrongInput):
        refuse_cause(by=company.admin, cause=cause, reason=" ")
    refuse_cause(by=company.admin, cause=cause, reason="It is too narrow.")
    refreshed(action, cause)
    assert (action.cause, cause.state, cause.reason) == (cause_of("Means"), "refused", "It is too narrow.")
    assert (paths(action), Event.objects.get(kind="action.resorted").data["why"]) == (["Means"], "refused")


def test_an_action_that_was_sorted_otherwise_meanwhile_stays_so(company):
    action = analysed_with(company)
    cause, tool = action.cause, cause_of("Tool")
    take_step(by=company.agent, action=action, name="analyse", words=Words(whys=("So.",), cause=tool))
    merge_cause(by=company.admin, cause=cause, into=cause_of("Means"))
    assert refreshed(action).cause == tool


def test_nobody_decides_twice(company):
    cause = propose_cause(by=company.agent, name="Weather")
    refuse_cause(by=company.admin, cause=cause, reason="No.")
    for again in (accept_cause, lambda by, cause: refuse_cause(by=by, cause=cause, reason="No.")):
        with pytest.raises(IllegalMove):
            again(by=company.admin, cause=cause)


def test_proposals_are_read_by_who_made_them_who_reads_the_action_and_administrators(company):
    cause = analysed_with(company).cause
    told = set()
    for letter, person in company.by_context.items():
        try:
            told.add(letter) if get_cause(cause.pk, person=person) else None
        except Http404:
            continue
    assert told == {"CH", "SA", "AS", "SH", "AD", "AU"}
    assert {letter for letter, one in company.by_context.items() if proposals_to(one).exists()} == told


def test_administrators_hear_of_a_proposal_and_who_made_it_what_became_of_it(company):
    cause = analysed_with(company).cause
    deliver("feedback.cause_letters")
    send_waiting()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([company.admin.email], "A cause is proposed: Image is old")
    assert f"/settings/causes/{cause.pk}/" in letter.body
    mail.outbox.clear()
    refuse_cause(by=company.admin, cause=cause, reason="It is too narrow.")
    deliver("feedback.cause_letters")
    send_waiting()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([company.agent.email], "Your cause was not taken: Image is old")
    assert "It is too narrow." in letter.body


@pytest.mark.parametrize(
    "values",
    [
        {"state": "asleep"}, {"proposed_by": None}, {"proposed_at": None}, {"parent": None}, {"state": "accepted"},
        {"state": "refused", "is_active": False}, {"reason": "No."}, {"decided_at": datetime(2026, 1, 1, tzinfo=UTC)}, {"name": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_proposal_that_makes_no_sense_is_refused_by_the_database(company, values):
    cause = analysed_with(company).cause
    with pytest.raises(IntegrityError), transaction.atomic():
        Cause.objects.filter(pk=cause.pk).update(**values)


@pytest.mark.parametrize(
    "values", [{"merged_into": None}, {"is_active": True}, {"decided_by": None}, {"self": True}], ids=str
)
def test_a_merged_one_that_makes_no_sense_is_refused_by_the_database(company, values):
    cause = merge_cause(by=company.admin, cause=analysed_with(company).cause, into=cause_of("Means"))
    values = {"merged_into": cause} if "self" in values else values
    with pytest.raises(IntegrityError), transaction.atomic():
        Cause.objects.filter(pk=cause.pk).update(**values)
