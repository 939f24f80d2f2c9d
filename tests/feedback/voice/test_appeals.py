"""Appeals: who decides, once and for good; and what is told of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback.voice import selectors
from feedback.voice.models import Voice
from feedback.voice.services import take_step
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import IllegalMove, NotAllowed, WrongInput
from requests_app.messaging.services import send_waiting
from requests_app.org.services import save_department
from tests.factories import accept, make_person
from tests.factories.voices import answered, appealed, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def above(company):
    """The head of the department above IT."""
    board = save_department(by=company.admin, slug="board", name="Board")
    company.it.parent = board
    company.it.save()
    return make_person("Bea Board", board, "head")


def test_an_appeal_goes_to_the_head_above_and_what_they_decide_is_final(company, above):
    voice = appealed(company)
    assert (voice.state, voice.arbiter, voice.appeal_due_at > voice.due_at) == ("appealed", above, True)
    assert [line.voice for line in selectors.waiting_for(above)] == [voice]
    decided = take_step(by=above, voice=voice, name="decide", note="IT calls before it comes.")
    assert (decided.state, decided.decision, decided.outcome) == (
        "decided",
        "IT calls before it comes.",
        "We found it and changed it.",
    )
    assert selectors.voice_page(person=company.requester, pk=voice.pk).moves == []
    for step, person in (("appeal", company.requester), ("decide", above), ("answer", company.supplier_head)):
        with pytest.raises(IllegalMove):
            take_step(by=person, voice=decided, name=step, note="Again")
    assert [one.words for one in selectors.outcomes(company.stranger)] == ["IT calls before it comes."]
    assert list(Event.objects.filter(subject_kind="voice").order_by("pk").values_list("kind", flat=True)) == [
        "voice.said", "voice.answered", "voice.appealed", "voice.decided",
    ]  # fmt: skip


def test_without_anybody_above_an_executive_decides_and_without_one_an_administrator(company):
    assert appealed(company).arbiter == company.executive
    type(company.executive).objects.filter(is_executive=True).update(is_active=False)
    assert appealed(company).arbiter == company.admin


def test_a_head_who_is_concerned_is_passed_over(company, above):
    company.it.parent.parent = save_department(by=company.admin, slug="top", name="Top")
    company.it.parent.save()
    top = make_person("Tom Top", company.it.parent.parent, "head")
    voice = said(company, "complaint")
    Voice.objects.filter(pk=voice.pk).update(owner=above)
    take_step(by=company.supplier_head, voice=voice, name="answer", note="So it is.")
    assert take_step(by=company.requester, voice=voice, name="appeal", note="No.").arbiter == top


def test_only_who_complained_appeals_and_only_with_a_reason_once_it_was_answered(company):
    for person in (company.customer_head, company.supplier_head, company.auditor):
        with pytest.raises(NotAllowed):
            take_step(by=person, voice=answered(company), name="appeal", note="x")
    with pytest.raises(WrongInput):
        take_step(by=company.requester, voice=answered(company), name="appeal")
    with pytest.raises(IllegalMove):
        take_step(by=company.requester, voice=said(company, "complaint"), name="appeal", note="x")
    settled = take_step(by=company.customer_head, voice=Voice.objects.first(), name="accept")
    assert take_step(by=company.requester, voice=settled, name="appeal", note="Not for me.").state == "appealed"


def test_nobody_decides_about_themselves(company, new_request):
    accept(company, new_request)
    voice = appealed(company, new_request)
    for person in (company.requester, company.customer_head, company.supplier_head, company.assigned, company.admin):
        with pytest.raises(NotAllowed):
            take_step(by=person, voice=voice, name="decide", note="x")
    company.supplier_head.is_executive = True
    company.supplier_head.save()
    with pytest.raises(NotAllowed) as refused:
        take_step(
            by=type(company.supplier_head).objects.get(pk=company.supplier_head.pk),
            voice=voice,
            name="decide",
            note="x",
        )
    assert voice.arbiter.name in refused.value.needed


def test_who_decides_and_both_sides_are_mailed(company, above):
    voice = appealed(company)
    take_step(by=above, voice=voice, name="decide", note="So be it.")
    deliver("feedback.voice_letters")
    send_waiting()
    told = [(sent.to[0].partition("@")[0], sent.subject.partition(":")[0]) for sent in mail.outbox]
    assert sorted(told)[:2] == [
        ("bea.board", "Somebody appealed against an answer"), ("rita.requester", "An appeal was decided"),
    ]  # fmt: skip
    assert ("sofia.supplier", "An appeal was decided") in told


@pytest.mark.parametrize(
    "values",
    [{"appealed_at": timezone.now()}, {"state": "appealed"}, {"state": "decided"}, {"decision": "So"}],
    ids=["a moment", "no moment", "no decision", "a decision"],
)
def test_a_row_that_makes_no_sense_is_refused(company, values):
    voice = answered(company)
    with pytest.raises(IntegrityError), transaction.atomic():
        Voice.objects.filter(pk=voice.pk).update(**values)


def test_over_pages_and_api_it_is_appealed_and_decided(company, above, as_browser, as_api):
    voice = answered(company)
    page = f"/feedback/voices/{voice.pk}/"
    requester, arbiter = as_browser(company.requester), as_browser(above)
    assert arbiter.get(page).status_code == 404
    assert requester.post(f"{page}steps/appeal/", {"note": ""}).status_code == 400
    assert requester.post(f"{page}steps/appeal/", {"note": "It came again."}).status_code == 302
    assert page in arbiter.get("/").content.decode()
    assert "Decide on it" in arbiter.get(page).content.decode()
    found = as_api(company.requester).get(f"/api/v1/voices/{voice.pk}/").json()
    assert (found["state"], found["steps"], found["decision"]) == ("appealed", [], "")
    done = as_api(above).post(f"/api/v1/voices/{voice.pk}/steps/", {"step": "decide", "note": "It holds."})
    assert (done.json()["state"], done.json()["decision"]) == ("decided", "It holds.")
    assert "It holds." in requester.get(page).content.decode()


def test_a_decision_is_due_in_ten_working_days_of_the_department(company, above):
    monday = timezone.now().replace(year=2026, month=3, day=2, hour=9, minute=0, second=0, microsecond=0)
    voice = said(company, "complaint", at=monday)
    voice = take_step(by=company.supplier_head, voice=voice, name="answer", note="So.", at=monday)
    voice = take_step(by=company.requester, voice=voice, name="appeal", note="No.", at=monday)
    assert voice.appeal_due_at == monday + timedelta(days=10)  # its calendar knows no weekend
