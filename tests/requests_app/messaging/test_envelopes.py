"""From a row to what goes over the wire: language, zone, threads, and headers nobody can break into."""

import email
import email.policy

import pytest
from django.utils import timezone, translation
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_app.desk.models import ServiceRequest
from requests_app.events.services import deliver as work_through
from requests_app.messaging import envelopes
from requests_app.messaging.models import OutgoingMail
from requests_app.messaging.registry import Choices, Letter, enclose_with, write_with
from requests_app.org.models import Person
from tests.factories import deliver

HOSTILE = [
    "Printer\r\nBcc: everybody@example.test",
    "=?utf-8?q?Hello=0d=0aBcc:_everybody=40example.test?=",
    "\u2028Bcc: x@example.test\u2029",
    "a, b <c@example.test>; d",
    "Drucker kaputt – 打印机坏了 – принтер",
]


def wire_of(mail):
    return email.message_from_bytes(mail.message().as_bytes())


def test_one_request_is_one_thread_and_no_machine_answers(company, accepted_request, post):
    deliver(company, accepted_request)
    wires = [wire_of(mail) for mail in post()]

    assert len(wires) == 2
    assert wires[0]["Message-ID"] != wires[1]["Message-ID"]
    assert wires[0]["References"] == wires[1]["References"]
    assert wires[0]["References"] == wires[0]["In-Reply-To"]
    assert wires[0]["References"].endswith("@localhost>")
    assert wires[0]["Auto-Submitted"] == "auto-generated"
    assert wires[0]["X-Auto-Response-Suppress"] == "All"
    assert wires[0]["Message-ID"] == OutgoingMail.objects.earliest("pk").message_id


def test_two_requests_are_two_threads(company, new_request, accepted_request, post):
    service_request = ServiceRequest.objects.get()
    service_request.pk = None
    service_request.save()

    first, second = (
        envelopes._headers(OutgoingMail(service_request_id=pk, message_id=f"<{pk}@x.test>"))
        for pk in ServiceRequest.objects.order_by("pk").values_list("pk", flat=True)
    )

    assert first["References"] != second["References"]


def test_mail_about_no_request_has_no_thread_and_no_number(company):
    write_with("test.plain", lambda mail: Letter("Hello", ("A word.",), "http://localhost:8000/", "Open"))
    try:
        message = envelopes.message_of(OutgoingMail(kind="test.plain", person=company.agent, message_id="<1@x.test>"))
    finally:
        envelopes.WRITERS.pop("test.plain")

    assert message.subject == "Hello"
    assert set(message.extra_headers) == {"Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"}


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_makes_no_header_and_no_second_reader(company, new_request, mail_server, post, title):
    ServiceRequest.objects.update(title=title)

    post()

    (wire,) = (email.message_from_string(taken, policy=email.policy.default) for taken in mail_server.taken)
    assert wire["Bcc"] is None
    assert wire["To"] == "rita.requester@example.test"
    assert wire["Subject"].strip().startswith(f"[{new_request.number}] Filed: ")
    assert wire["Subject"].isprintable()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(title=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_whatever_the_title_the_message_has_the_same_headers(company, new_request, title):
    new_request.title = title
    ServiceRequest.objects.filter(pk=new_request.pk).update(title=title)
    work_through("messaging.notices")
    mail = OutgoingMail.objects.get()

    wire = wire_of(envelopes.message_of(mail))

    assert sorted(wire.keys()) == sorted(
        ["Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted",
         "X-Auto-Response-Suppress", "In-Reply-To", "References"]
    )  # fmt: skip


def test_text_stays_text_and_html_is_escaped(company, new_request, post):
    ServiceRequest.objects.update(title="<img src=x onerror=alert(1)> & co")
    company.it.name = "R&D <b>"
    company.it.save()

    (mail,) = post()
    html = mail.alternatives[0].content

    assert "Your request is with R&D <b>." in mail.body
    assert escape("Your request is with R&D <b>.") in html
    assert "<img" not in html


def test_plain_text_comes_first_then_html_without_anything_from_elsewhere(company, new_request, post):
    (mail,) = post()
    parts = [part.get_content_type() for part in wire_of(mail).walk()]

    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    html = mail.alternatives[0].content
    assert '<html lang="en">' in html
    for word in ("<img", "<script", "<link", "style=", "https://"):
        assert word not in html


@pytest.mark.parametrize(
    ("language", "zone", "spoken"),
    [("ru", "Asia/Vladivostok", ("ru", "Asia/Vladivostok")), ("xx", "", ("en", "Europe/Berlin")),
     ("", "No/Such", ("en", "Europe/Berlin")), ("zh-hans", "../../etc", ("zh-hans", "Europe/Berlin"))],
)  # fmt: skip
def test_each_reader_is_written_to_in_their_language_and_zone(language, zone, spoken):
    with envelopes.speaking_to(Person(language=language, time_zone=zone)):
        assert (translation.get_language(), str(timezone.get_current_timezone())) == spoken


def test_times_are_in_the_readers_zone(company, new_request, post):
    Person.objects.filter(pk=company.requester.pk).update(time_zone="Asia/Tokyo")

    (mail,) = post()

    assert "JST" in mail.body


def test_an_upper_app_can_enclose_a_question(company, new_request, post):
    enclose_with("request.filed", lambda mail: Choices("Well?", (("Yes", "http://a.test/y"),), note="Only for you."))
    try:
        (mail,) = post()
    finally:
        envelopes.ENCLOSERS.pop("request.filed")

    assert "\nWell?\nYes: http://a.test/y\nOnly for you.\n" in mail.body
    assert '<a href="http://a.test/y">' in mail.alternatives[0].content


def test_a_kind_has_one_writer_and_one_enclosure():
    with pytest.raises(ValueError, match="has a writer already"):
        write_with("request.filed", lambda mail: None)
    enclose_with("test.kind", lambda mail: None)
    try:
        with pytest.raises(ValueError, match="has an enclosure already"):
            enclose_with("test.kind", lambda mail: None)
    finally:
        envelopes.ENCLOSERS.pop("test.kind")
