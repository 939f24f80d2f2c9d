"""Who owes the answer to a complaint: never somebody it is about, and always somebody who may give it."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from feedback.voice import selectors
from feedback.voice.due import hand_on_what_nobody_may_answer
from feedback.voice.models import Voice
from feedback.voice.services import take_step
from feedback.voice.tasks import tell_late_voices
from requests_app.desk.services.moves import move_request
from requests_app.events.models import Event
from requests_app.events.services import deliver
from requests_app.kernel.errors import NotAllowed
from requests_app.messaging.services import send_waiting
from requests_app.org.services import save_department
from tests.factories import Company, make_person
from tests.factories.voices import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_the_head(company: Company, new_request):
    """A request that the only head of IT does."""
    return move_request(by=company.supplier_head, service_request=new_request, action="accept")


@pytest.fixture
def above(company: Company):
    board = save_department(by=company.admin, slug="board", name="Board")
    company.it.parent = board
    company.it.save()
    return make_person("Bea Board", board, "head")


def owned(voice: Voice) -> tuple:
    voice.refresh_from_db()
    return voice.owner, voice.stands_in


def test_a_head_of_the_department_answers_and_another_one_when_it_is_about_the_first(company, by_the_head):
    assert owned(said(company, "complaint")) == (company.supplier_head, False)
    deputy = make_person("Dora Deputy", company.it, "deputy")
    voice = said(company, "complaint", by_the_head)
    assert owned(voice) == (deputy, False)
    assert take_step(by=deputy, voice=voice, name="answer", note="So.").state == "answered"


def test_about_the_only_head_somebody_above_answers_in_their_place(company, by_the_head, above):
    voice = said(company, "complaint", by_the_head)
    assert owned(voice) == (above, True)
    assert [line.voice for line in selectors.waiting_for(above)] == [voice]
    assert selectors.waiting_for(company.supplier_head) == []
    page = selectors.voice_page(person=above, pk=voice.pk)
    assert [move.name for move in page.moves] == ["answer"]
    assert page.line.next == "Bea Board answers in place of the heads of IT Services."
    assert page.line.author == company.requester.name
    with pytest.raises(NotAllowed) as refused:
        take_step(by=company.supplier_head, voice=voice, name="answer", note="I did well.")
    assert "Bea Board" in refused.value.needed
    voice = take_step(by=above, voice=voice, name="answer", note="It was not right.")
    assert [move.name for move in selectors.voice_page(person=company.requester, pk=voice.pk).moves] == [
        "accept", "disagree", "withdraw", "appeal",
    ]  # fmt: skip
    assert take_step(by=company.requester, voice=voice, name="appeal", note="No.").arbiter == company.executive


def test_without_a_department_above_an_executive_answers_and_the_confidential_one_without_the_name(
    company, by_the_head
):
    voice = said(company, "complaint", by_the_head, confidential=True)
    assert owned(voice) == (company.executive, True)
    assert selectors.voice_page(person=company.executive, pk=voice.pk).line.author == ""


def test_of_a_confidential_complaint_no_head_of_who_complained_stands_in(company, by_the_head):
    company.customer_head.is_executive = True
    company.customer_head.save()
    type(company.executive).objects.filter(pk=company.executive.pk).update(is_active=False)
    assert owned(said(company, "complaint", by_the_head, confidential=True)) == (company.admin, True)


def test_who_stands_in_is_mailed_and_no_other_head_above_reads_it(company, by_the_head, above):
    voice = said(company, "complaint", by_the_head)
    deliver("feedback.voice_letters")
    send_waiting()
    assert "bea.board" in [sent.to[0].partition("@")[0] for sent in mail.outbox]
    other = make_person("Otto Other", above.memberships.get().department, "deputy")
    assert not selectors.voices_for(other).filter(pk=voice.pk).exists()


def test_when_the_only_head_takes_the_request_later_or_leaves_the_complaint_is_handed_on(company, new_request, above):
    voice = said(company, "complaint", new_request)
    assert (owned(voice), hand_on_what_nobody_may_answer()) == ((company.supplier_head, False), 0)
    move_request(by=company.supplier_head, service_request=new_request, action="accept")
    assert [hand_on_what_nobody_may_answer() for _ in range(2)] == [1, 0]
    assert owned(voice) == (above, True)
    assert Event.objects.get(kind="voice.handed_on").data["owner"] == above.pk
    deliver("feedback.voice_letters")
    send_waiting()
    told = [
        sent.to[0].partition("@")[0] for sent in mail.outbox if sent.subject.startswith("A complaint waits for your")
    ]
    assert told == ["bea.board"]
    words = [step.words for step in selectors.voice_page(person=company.requester, pk=voice.pk).history]
    assert words == [f"{company.requester.name} said it", "From now on Bea Board answers"]

    new_head = make_person("Nora New", company.it, "head")
    tell_late_voices()
    assert owned(voice) == (new_head, False)
    assert not selectors.voices_for(above).filter(pk=voice.pk).exists()


@pytest.mark.parametrize("values", [{"owner": None}, {"kind": "praise", "state": "shown"}], ids=["nobody", "praise"])
def test_a_stand_in_that_makes_no_sense_is_refused(company, by_the_head, values):
    voice = said(company, "complaint", by_the_head)
    with pytest.raises(IntegrityError), transaction.atomic():
        Voice.objects.filter(pk=voice.pk).update(**values)


def test_over_the_api_the_owner_stands_beside_what_was_said(company, by_the_head, above, as_api, as_browser):
    voice = said(company, "complaint", by_the_head)
    assert as_api(company.requester).get(f"/api/v1/voices/{voice.pk}/").json()["owner"] == "Bea Board"
    done = as_api(above).post(f"/api/v1/voices/{voice.pk}/steps/", {"step": "answer", "note": "It was not right."})
    assert (done.status_code, done.json()["state"]) == (200, "answered")
    assert "It was not right." in as_browser(above).get(f"/feedback/voices/{voice.pk}/").content.decode()
