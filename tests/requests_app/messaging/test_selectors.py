"""Who hears of what: the other side, never whoever did it, and few."""

from django.utils import timezone

from requests_app.desk.services.assignment import assign_request
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import accept_handoff, decline_handoff, offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.messaging import selectors
from requests_app.messaging.models import OutgoingMail
from requests_app.org.models import Membership, Person
from tests.factories import accept, deliver, file_laptop

REJECTION = Words(agreed="A new one.", received="A used one.", remedy="A new one.")


def test_filing_is_confirmed_to_the_requester(company, told):
    file_laptop(company)

    assert told() == {("request.filed", "Rita Requester")}


def test_filing_for_somebody_tells_that_person(company, told):
    filing = Filing(title="A laptop", answers={"model": "13 inch"})
    file_request(by=company.agent, service=company.laptop, filing=filing, on_behalf_of=company.requester)

    assert told() == {("request.filed", "Rita Requester")}


def test_who_is_given_the_work_is_told_but_not_who_takes_it(company, new_request, told):
    told()
    move_request(by=company.agent, service_request=new_request, action="accept")
    assert told() == set()

    assign_request(by=company.supplier_head, service_request=new_request, assignee=company.assigned)
    assert told() == {("request.assigned", "Ansel Assigned")}


def test_taking_the_work_from_somebody_tells_nobody(company, accepted_request, told):
    told()
    assign_request(by=company.supplier_head, service_request=accepted_request, assignee=None)

    assert told() == set()


def test_a_reply_of_the_supplier_tells_the_requester(company, accepted_request, told):
    told()
    post_message(by=company.agent, service_request=accepted_request, body="Which colour?")

    assert told() == {("message.public", "Rita Requester")}


def test_a_reply_of_the_customer_tells_who_works_on_it(company, accepted_request, told):
    told()
    post_message(by=company.requester, service_request=accepted_request, body="Blue.")

    assert told() == {("message.public", "Ansel Assigned")}


def test_a_reply_on_a_request_nobody_took_tells_the_heads_only(company, new_request, told):
    told()
    post_message(by=company.requester, service_request=new_request, body="Blue, if there is one.")

    assert told() == {("message.public", "Sofia Supplier")}


def test_an_internal_note_tells_nobody(company, accepted_request, told):
    told()
    post_message(by=company.agent, service_request=accepted_request, body="Budget is tight.", internal=True)

    assert told() == set()


def test_the_way_from_delivery_to_the_end_tells_each_side_of_the_others_steps(company, accepted_request, told):
    told()
    deliver(company, accepted_request)
    assert told() == {("request.delivered", "Rita Requester")}

    move_request(by=company.requester, service_request=accepted_request, action="reject", words=REJECTION)
    assert told() == {("request.rejected", "Ansel Assigned")}

    deliver(company, accepted_request)
    told()
    move_request(by=company.requester, service_request=accepted_request, action="confirm")
    assert told() == set()

    again = Words(reason="It broke.")
    move_request(by=company.requester, service_request=accepted_request, action="reopen", words=again)
    assert told() == {("request.reopened", "Ansel Assigned")}


def test_a_delivery_accepted_by_the_head_is_news_to_the_requester(company, delivered_request, told):
    told()
    move_request(by=company.customer_head, service_request=delivered_request, action="confirm")

    assert told() == {("request.confirmed", "Rita Requester")}


def test_declining_tells_the_requester_and_cancelling_who_works_on_it(company, accepted_request, told):
    other = file_laptop(company)
    told()
    move_request(by=company.supplier_head, service_request=other, action="decline", words=Words(reason="Not ours."))
    assert told() == {("request.declined", "Rita Requester")}

    move_request(by=company.requester, service_request=accepted_request, action="cancel")
    assert told() == {("request.cancelled", "Ansel Assigned")}


def test_an_offer_tells_the_heads_of_the_other_department_and_its_refusal_who_offered(company, accepted_request, told):
    told()
    offered = {
        "by": company.assigned,
        "service_request": accepted_request,
        "to": company.facilities,
        "reason": "A door.",
    }
    handoff = offer_handoff(**offered)
    assert told() == {("handoff.offered", "Oda Other")}

    decline_handoff(by=company.other_agent, handoff=handoff, reason="Not a door.")
    assert told() == {("handoff.declined", "Ansel Assigned")}

    accept_handoff(by=company.other_agent, handoff=offer_handoff(**offered))
    assert told() == {("handoff.offered", "Oda Other")}


def test_heads_are_told_for_their_department_or_else_the_agents_that_are_still_there(company):
    Person.objects.filter(pk=company.agent.pk).update(is_active=False)
    assert selectors.heads_of(company.it.pk) == [company.supplier_head.pk]

    Membership.objects.filter(person=company.supplier_head).update(role="deputy")
    assert selectors.heads_of(company.it.pk) == [company.supplier_head.pk]

    Membership.objects.filter(person=company.supplier_head).delete()
    assert selectors.heads_of(company.it.pk) == [company.assigned.pk]


def test_due_times_are_of_clocks_that_run(company, new_request):
    assert set(selectors.due_times(new_request)) == {"response", "resolution"}

    accept(company, new_request)

    assert set(selectors.due_times(new_request)) == {"resolution"}


def test_only_what_both_sides_read_is_ever_quoted(company, accepted_request):
    public = post_message(by=company.agent, service_request=accepted_request, body="Which colour?")
    internal = post_message(by=company.agent, service_request=accepted_request, body="Tight.", internal=True)

    assert selectors.public_words(public.pk) == "Which colour?"
    assert selectors.public_words(internal.pk) == ""


def test_a_case_is_only_for_who_may_see_the_request(company, new_request, told):
    told()
    mail = OutgoingMail.objects.get()
    assert selectors.case_of(mail).actor == "Rita Requester"

    mail.person = company.stranger
    assert selectors.case_of(mail) is None

    mail.person, mail.data = company.requester, {}
    assert selectors.case_of(mail) is None


def test_the_standing_of_mail_counts_what_waits_and_lists_what_was_given_up(company, new_request, told):
    assert selectors.mail_standing() == selectors.MailStanding(0, None, [])

    told()
    waiting = OutgoingMail.objects.get()
    given_up = OutgoingMail.objects.create(
        kind="request.filed", person=company.agent, dedupe_key="b", message_id="<b@x.test>", state="failed"
    )
    OutgoingMail.objects.create(
        kind="request.filed", person=company.agent, dedupe_key="c", message_id="<c@x.test>", state="sent",
        sent_at=timezone.now(),
    )  # fmt: skip

    assert selectors.mail_standing() == selectors.MailStanding(1, waiting.created_at, [given_up])
