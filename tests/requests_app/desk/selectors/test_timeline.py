"""The history as cards: each kind of event is told, notes leave no trace for the asking side, odd imports are borne."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.cards import DeliveryCard, HandoffCard, LineCard, MessageCard, RejectionCard
from requests_app.desk.selectors.timeline import answers_of, timeline_of
from requests_app.desk.services.assignment import assign_request, edit_request, reprioritise_request
from requests_app.desk.services.conversation import attach, post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import accept_handoff, decline_handoff, offer_handoff, withdraw_handoff
from requests_app.desk.services.moves import Words, close_unanswered, move_request
from requests_app.desk.services.sweeping import sweep_clocks
from requests_app.events.services import record
from tests.factories import file_laptop

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def pdf(name="plan.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4 content")


@pytest.fixture
def filed(company) -> ServiceRequest:
    filing = Filing("A laptop", urgency=2, impact=3, answers={"model": "13 inch"})
    return file_request(by=company.requester, service=company.laptop, filing=filing, at=START)


def cards(service_request, reader, *, internal=False):
    row = ServiceRequest.objects.select_related("supplier", "customer", "form").get(pk=service_request.pk)
    return timeline_of(row, reader=reader, internal=internal)


def lines(service_request, reader, **options):
    return [card.words for card in cards(service_request, reader, **options) if isinstance(card, LineCard)]


def move(company, row, action, by=None, hours=None, files=(), **words):
    person = by or (company.requester if action in ("confirm", "reject", "cancel") else company.assigned)
    moment = None if hours is None else at(hours)
    move_request(by=person, service_request=row, action=action, words=Words(**words), files=files, at=moment)


def event(company, row, kind, **data):
    data = {"department": company.it.pk, **data}
    record(kind=kind, subject_kind="request", subject_id=row.pk, by=company.assigned, data=data)


def test_what_was_asked_stands_first_with_the_answers_and_the_files(company):
    answers = {"model": "15 inch", "why": "travels", "pieces": "2"}
    filing = Filing("A laptop", description="For Cora", answers=answers, files=(pdf(),))
    row = file_request(by=company.requester, service=company.laptop, filing=filing)
    (card,) = cards(row, company.requester)

    assert isinstance(card, MessageCard)
    assert (card.who, card.mine, card.of, card.body) == ("Rita Requester", True, "Sales, asks", "For Cora")
    assert [(answer.label, answer.value, answer.is_long) for answer in card.answers] == [
        ("Model", "15 inch", False), ("How many", "2", False), ("What for", "travels", True),
    ]  # fmt: skip
    assert [file.name for file in card.files] == ["plan.pdf"]


def test_who_filed_for_somebody_else_is_named(company):
    filing = Filing("A badge", answers={})
    row = file_request(by=company.customer_head, service=company.badge, filing=filing, on_behalf_of=company.requester)
    (card,) = cards(row, company.customer_head)
    assert (card.who, card.for_whom, card.mine) == ("Rita Requester", "Hanna Head", False)


def test_a_bare_filing_is_one_line(company):
    row = file_request(by=company.requester, service=company.badge, filing=Filing("A badge"))
    (card,) = cards(row, company.requester)
    assert card.words == "Rita Requester of Sales filed the request"
    assert card.pieces == ("", "Rita Requester", " of Sales filed the request")


def test_file_answers_are_shown_as_names(company):
    row = ServiceRequest(form=company.laptop.form, answers={"model": ["a.pdf", "b.pdf"]})
    assert [answer.value for answer in answers_of(row)] == ["a.pdf, b.pdf"]
    assert answers_of(ServiceRequest(form=None)) == ()


def test_every_step_is_one_line(company, new_request):
    move(company, new_request, "accept")
    move(company, new_request, "start")
    move(company, new_request, "hold", hold_reason="customer", reason="Which colour?")
    post_message(by=company.requester, service_request=new_request, body="Grey")
    move(company, new_request, "hold", hold_reason="part")
    move(company, new_request, "resume")
    move(company, new_request, "deliver")
    move(company, new_request, "confirm")
    move(company, new_request, "reopen", by=company.requester, reason="It broke")
    move(company, new_request, "cancel", reason="Not needed")

    told = [card for card in cards(new_request, company.requester) if isinstance(card, LineCard)]
    assert [(card.words, card.note) for card in told] == [
        ("Ansel Assigned of IT Services accepted the request", ""),
        ("Ansel Assigned started work", ""),
        ("Clock paused: IT Services waits for Sales", "Which colour?"),
        ("The answer is here, work goes on", ""),
        ("Waiting for a part or material", ""),
        ("Ansel Assigned goes on with the work", ""),
        ("Rita Requester accepted the delivery", ""),
        ("Rita Requester reopened the request", "It broke"),
        ("Rita Requester cancelled the request", "Not needed"),
    ]


def test_a_refusal_gives_its_reason(company, filed):
    move(company, filed, "accept")
    move(company, filed, "decline", reason="Ask Facilities")
    last = cards(filed, company.requester)[-1]
    assert (last.words, last.note) == ("Ansel Assigned of IT Services declined the request", "Ask Facilities")


def test_a_delivery_is_open_until_the_verdict_and_a_rejection_says_three_things(company, filed):
    move(company, filed, "accept")
    move(company, filed, "deliver", reason="On your desk", files=(pdf("record.pdf"),))
    delivery = cards(filed, company.assigned)[-1]
    assert isinstance(delivery, DeliveryCard)
    assert (delivery.who, delivery.mine, delivery.of, delivery.note) == (
        "Ansel Assigned", True, "IT Services", "On your desk",
    )  # fmt: skip
    assert (delivery.open, [file.name for file in delivery.files]) == (True, ["record.pdf"])

    move(company, filed, "reject", agreed="15 inch", received="13 inch", remedy="Change it")
    move(company, filed, "deliver", reason="Changed")
    first, rejection, second = cards(filed, company.requester)[-3:]
    assert (first.open, second.open) == (False, True)
    assert isinstance(rejection, RejectionCard)
    assert (rejection.who, rejection.mine, rejection.agreed, rejection.received, rejection.remedy) == (
        "Rita Requester", True, "15 inch", "13 inch", "Change it",
    )  # fmt: skip


def test_a_delivery_without_answer_is_closed_by_itself(company, filed):
    move(company, filed, "accept")
    move(company, filed, "deliver")
    due = ServiceRequest.objects.get(pk=filed.pk).acceptance_due_at
    close_unanswered(pk=filed.pk, now=due)
    last = cards(filed, company.requester)[-1]
    assert last.words == "Closed: no answer to the delivery came in time, so it counts as accepted"


def test_replies_and_files_keep_their_authors(company, new_request):
    reply = post_message(by=company.agent, service_request=new_request, body="Which?", files=[pdf("list.pdf")])
    attach(by=company.requester, service_request=new_request, files=[pdf("photo.pdf")])
    _asked, card, loose = cards(new_request, company.agent)

    assert (card.who, card.mine, card.of, card.body, card.note) == ("Anton Agent", True, "IT Services", "Which?", False)
    assert (card.anchor, [file.name for file in card.files]) == (f"m{reply.pk}", ["list.pdf"])
    assert (loose.words, loose.files[0].name) == ("Rita Requester added a file", "photo.pdf")


def test_notes_are_seen_by_the_supplier_and_leave_no_trace_elsewhere(company, filed):
    post_message(by=company.agent, service_request=filed, body="Secret", internal=True, files=[pdf("cost.pdf")])
    attach(by=company.supplier_head, service_request=filed, files=[pdf("margin.pdf")], internal=True)
    _asked, note, loose = cards(filed, company.agent, internal=True)

    assert (note.note, note.reads, note.body) == (True, "IT Services", "Secret")
    assert loose.words == "Sofia Supplier added a file, for IT Services only"
    assert [card.at for card in cards(filed, company.requester)] == [START]


def test_an_offer_and_its_answer_are_one_card(company, filed):
    move(company, filed, "accept", hours=1)
    offer = offer_handoff(by=company.assigned, service_request=filed, to=company.facilities, reason="Theirs", at=at(2))
    card = cards(filed, company.requester)[-1]
    assert isinstance(card, HandoffCard)
    assert (card.sender, card.receiver, card.reason, card.who) == (
        "IT Services", "Facilities", "Theirs", "Ansel Assigned",
    )  # fmt: skip
    assert (card.state, card.took, card.number) == ("offered", 0, offer.pk)

    decline_handoff(by=company.other_agent, handoff=offer, reason="Not ours", at=at(3))
    card = cards(filed, company.requester)[-1]
    assert (card.state, card.took, card.answer, card.answered_by) == ("declined", 3600, "Not ours", "Olaf Other")

    again = offer_handoff(by=company.assigned, service_request=filed, to=company.facilities, reason="Please", at=at(4))
    withdraw_handoff(by=company.assigned, handoff=again, at=at(5))
    third = offer_handoff(by=company.assigned, service_request=filed, to=company.facilities, reason="Yours", at=at(6))
    accept_handoff(by=company.other_agent, handoff=third, at=at(7))
    states = [card.state for card in cards(filed, company.requester) if isinstance(card, HandoffCard)]
    assert states == ["declined", "withdrawn", "accepted"]


def test_changes_of_agent_priority_and_text_are_told(company, new_request):
    edit_request(by=company.requester, service_request=new_request, title="Two laptops", description="")
    edit_request(by=company.requester, service_request=new_request, title="Two laptops", description="More")
    reprioritise_request(by=company.agent, service_request=new_request, urgency=1, impact=1, reason="The fair")
    reprioritise_request(by=company.agent, service_request=new_request, urgency=1, impact=1, reason="Looked again")
    assign_request(by=company.agent, service_request=new_request, assignee=company.agent)
    assign_request(by=company.supplier_head, service_request=new_request, assignee=company.assigned)
    assign_request(by=company.supplier_head, service_request=new_request, assignee=None)

    told = [card for card in cards(new_request, company.agent) if isinstance(card, LineCard)]
    assert [(card.words, card.note) for card in told] == [
        ("Rita Requester changed the text", "The title was “A laptop for the new colleague”."),
        ("Rita Requester changed the text", ""),
        ("Anton Agent changed the priority from Planned to Critical", "The fair"),
        ("Anton Agent changed urgency or impact; the priority stays Critical", "Looked again"),
        ("Anton Agent took the request", ""),
        ("Sofia Supplier gave the request to Ansel Assigned", ""),
        ("Sofia Supplier left it to whoever is free", ""),
    ]


def test_alarms_of_the_clocks_carry_their_meaning(company, filed):
    sweep_clocks(at(41))
    told = [card for card in cards(filed, company.requester) if isinstance(card, LineCard)]
    assert [(card.words, card.meaning) for card in told] == [
        ("First response: three quarters of the time are used", "warn"),
        ("First response: the agreed time is over", "bad"),
        ("Resolution: three quarters of the time are used", "warn"),
        ("Resolution: the agreed time is over", "bad"),
    ]


def test_an_imported_history_may_lack_words_rows_and_partners(company, filed):
    event(company, filed, "message.public", message=None)
    event(company, filed, "message.internal", message=None)
    event(company, filed, "request.held", reason="vendor", pauses=False)
    event(company, filed, "request.rejected")
    for answer in ("accepted", "declined", "withdrawn"):
        ids = {"from": company.it.pk, "to": company.facilities.pk}
        event(company, filed, f"handoff.{answer}", handoff=None, **ids)
    event(company, filed, "clock.breached", measure="pickup")
    event(company, filed, "request.delivered")
    event(company, filed, "work.logged", seconds=60)

    assert lines(filed, company.agent, internal=True) == [
        "Ansel Assigned wrote a reply",
        "IT Services put this on hold",
        "Ansel Assigned sent the delivery back",
        "Facilities took the request over from IT Services",
        "Facilities gave the request back to IT Services",
        "IT Services took back its offer to Facilities",
        "pickup: the agreed time is over",
    ]


def test_an_offer_without_a_row_is_still_paired_with_its_answer(company, filed):
    for kind in ("handoff.offered", "handoff.accepted"):
        event(company, filed, kind, handoff=None, **{"from": company.it.pk, "to": company.facilities.pk})
    (card,) = [card for card in cards(filed, company.agent) if isinstance(card, HandoffCard)]
    assert (card.number, card.state) == (0, "accepted")


def test_nobody_in_particular_is_the_service_desk(company, filed):
    record(kind="request.started", subject_kind="request", subject_id=filed.pk, data={"department": company.it.pk})
    record(kind="handoff.offered", subject_kind="request", subject_id=filed.pk, data={"handoff": 9})
    line, card = cards(filed, company.agent)[1:]
    assert (line.words, card.who) == ("the service desk started work", "")


@pytest.mark.parametrize("replies", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_history(company, django_assert_num_queries, replies):
    row = file_laptop(company)
    for number in range(replies):
        post_message(by=company.agent, service_request=row, body=f"Reply {number}", files=[pdf()])
        post_message(by=company.requester, service_request=row, body=f"Answer {number}")
    row = ServiceRequest.objects.select_related("supplier", "customer", "form").get(pk=row.pk)

    with django_assert_num_queries(4):  # events, messages, files, names
        told = timeline_of(row, reader=company.requester, internal=False)
    assert len(told) == 1 + 2 * replies


def test_departments_passed_through_cost_one_more_query(company, accepted_request, django_assert_num_queries):
    offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Theirs")
    row = ServiceRequest.objects.select_related("supplier", "customer", "form").get(pk=accepted_request.pk)
    with django_assert_num_queries(5):
        timeline_of(row, reader=company.requester, internal=False)
