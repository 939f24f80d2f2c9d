"""What people write, who reads it, and what it sets in motion."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from requests_app.desk.models import Attachment, Clock, Message, ServiceRequest, Watcher
from requests_app.desk.services.conversation import add_watcher, attach, post_message, remove_watcher
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, WrongInput


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def response() -> Clock:
    return Clock.objects.get(measure="response")


def test_the_suppliers_first_reply_is_the_first_response(company, new_request):
    message = post_message(by=company.agent, service_request=new_request, body="We are on it")

    assert response().stopped_at == message.at
    assert Event.objects.get(kind="message.public").data == {
        "message": message.pk, "department": company.it.pk, "side": "supplier", "human": True,
    }  # fmt: skip
    assert ServiceRequest.objects.get().version == new_request.version + 1


@pytest.mark.parametrize("writer", ["requester", "customer_head"])
def test_the_customers_words_are_no_response(company, new_request, writer):
    post_message(by=getattr(company, writer), service_request=new_request, body="Any news?")

    assert response().stopped_at is None
    assert Event.objects.get(kind="message.public").data["side"] == "customer"


def test_an_internal_note_is_no_response_and_says_nothing_of_a_side(company, new_request):
    note = post_message(by=company.agent, service_request=new_request, body="Ask the vendor", internal=True)

    assert response().stopped_at is None
    assert (note.internal, note.department) == (True, company.it)
    assert Event.objects.get(kind="message.internal").data == {"message": note.pk, "department": company.it.pk}


def test_who_asked_speaks_for_the_customer_even_as_agent_of_the_supplier(company, new_request):
    ServiceRequest.objects.update(requester=company.agent)
    message = post_message(by=company.agent, service_request=new_request, body="Mine")

    assert (message.department, response().stopped_at) == (company.sales, None)


def test_nobody_of_the_asking_side_writes_internal_notes(company, new_request):
    for person in (company.requester, company.customer_head, company.colleague):
        with pytest.raises(NotAllowed):
            post_message(by=person, service_request=new_request, body="secret", internal=True)


@pytest.mark.parametrize("person", ["colleague", "admin", "auditor"])
def test_those_who_only_read_cannot_write(company, new_request, person):
    with pytest.raises(NotAllowed):
        post_message(by=getattr(company, person), service_request=new_request, body="hello")
    assert Message.objects.count() == 0


def test_a_reply_needs_words(company, new_request):
    with pytest.raises(WrongInput):
        post_message(by=company.agent, service_request=new_request, body="  \n ")


def test_a_reply_while_waiting_for_a_part_does_not_end_the_waiting(company, accepted_request):
    move_request(by=company.assigned, service_request=accepted_request, action="hold", words=Words(hold_reason="part"))

    post_message(by=company.requester, service_request=accepted_request, body="Thanks")

    assert ServiceRequest.objects.get().status == "on_hold"


def test_the_suppliers_own_reply_does_not_end_waiting_for_the_customer(company, accepted_request):
    words = Words(hold_reason="customer")
    move_request(by=company.assigned, service_request=accepted_request, action="hold", words=words)

    post_message(by=company.assigned, service_request=accepted_request, body="A reminder")

    assert ServiceRequest.objects.get().status == "on_hold"


def test_a_reply_resumes_also_without_clocks(company, accepted_request):
    words = Words(hold_reason="customer")
    move_request(by=company.assigned, service_request=accepted_request, action="hold", words=words)
    Clock.objects.all().delete()

    post_message(by=company.requester, service_request=accepted_request, body="13 inch")

    assert ServiceRequest.objects.get().status == "in_progress"


def test_files_come_with_a_message_and_are_as_internal_as_it_is(company, new_request):
    for internal in (False, True):
        upload = SimpleUploadedFile("log.txt", b"line")
        post_message(by=company.agent, service_request=new_request, body="see", internal=internal, files=[upload])

    assert list(Attachment.objects.order_by("pk").values_list("message__internal", "internal")) == [
        (False, False), (True, True),
    ]  # fmt: skip


def test_files_without_words_are_attached_by_those_who_may(company, new_request):
    rows = attach(by=company.requester, service_request=new_request, files=[SimpleUploadedFile("a.txt", b"x")])

    assert [(row.name, row.internal) for row in rows] == [("a.txt", False)]
    with pytest.raises(NotAllowed):
        attach(by=company.colleague, service_request=new_request, files=[SimpleUploadedFile("a.txt", b"x")])
    with pytest.raises(NotAllowed):
        attach(by=company.requester, service_request=new_request, files=[], internal=True)


def test_somebody_added_reads_along_until_removed(company, new_request):
    add_watcher(by=company.requester, service_request=new_request, person=company.watcher)
    add_watcher(by=company.requester, service_request=new_request, person=company.watcher)
    assert ServiceRequest.objects.visible_to(company.watcher).count() == 1

    remove_watcher(by=company.watcher, service_request=new_request, person=company.watcher)
    assert ServiceRequest.objects.visible_to(company.watcher).count() == 0


def test_others_are_removed_by_those_who_may(company, new_request):
    add_watcher(by=company.agent, service_request=new_request, person=company.watcher)
    with pytest.raises(NotAllowed):
        remove_watcher(by=company.colleague, service_request=new_request, person=company.watcher)
    remove_watcher(by=company.requester, service_request=new_request, person=company.watcher)
    assert Watcher.objects.count() == 0
