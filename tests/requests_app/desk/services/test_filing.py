"""Filing: checked, numbered, promised and recorded at once, or nothing is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from requests_app.catalogue.services import change_service
from requests_app.catalogue.states import FieldType, FormField
from requests_app.desk.models import Attachment, Clock, ServiceRequest
from requests_app.desk.services.filing import Filing, file_request
from requests_app.events.models import Event
from requests_app.kernel.errors import NotAllowed, WrongInput
from requests_app.org.models import Membership, Person
from requests_app.org.services import set_hats
from tests.factories import make_person

LAPTOP = {"model": "13 inch"}


def test_a_request_belongs_to_the_requesters_department_and_the_services_department(company):
    filed = file_request(by=company.requester, service=company.laptop, filing=Filing("A laptop", answers=LAPTOP))

    stored = ServiceRequest.objects.get()
    assert stored == filed
    assert (stored.customer, stored.supplier, stored.status) == (company.sales, company.it, "new")
    assert (stored.requester, stored.filed_by, stored.assignee) == (company.requester, company.requester, None)
    assert (stored.form, stored.answers) == (company.laptop.form, LAPTOP)


@pytest.mark.parametrize(
    ("urgency", "impact", "priority"),
    [(1, 1, 1), (1, 2, 2), (2, 1, 2), (1, 3, 3), (2, 2, 3), (3, 1, 3), (2, 3, 4), (3, 2, 4), (3, 3, 5)],
)
def test_the_priority_is_looked_up_from_urgency_and_impact(company, urgency, impact, priority):
    filing = Filing("A laptop", urgency=urgency, impact=impact, answers=LAPTOP)

    filed = file_request(by=company.requester, service=company.laptop, filing=filing)

    assert (filed.priority, filed.stated_urgency, filed.stated_impact) == (priority, urgency, impact)


def test_the_promise_becomes_two_running_clocks_and_a_due_time(company):
    now = timezone.now()
    filing = Filing("A laptop", urgency=2, impact=2, answers=LAPTOP)

    filed = file_request(by=company.requester, service=company.laptop, filing=filing, at=now)

    clocks = {clock.measure: clock for clock in Clock.objects.all()}
    spans = {measure: (clock.due_at - now).total_seconds() for measure, clock in clocks.items()}
    assert spans == {"response": 4 * 3600, "resolution": 24 * 3600}
    assert (clocks["response"].warn_at - now).total_seconds() == 3 * 3600
    assert filed.due_at == clocks["response"].due_at


def test_the_event_holds_all_that_the_figures_need(company):
    filed = file_request(by=company.requester, service=company.laptop, filing=Filing("A laptop", answers=LAPTOP))

    event = Event.objects.get(kind="request.filed")
    version = Clock.objects.first().calendar_version_id
    agreement = Clock.objects.first().agreement_id
    assert (event.subject_kind, event.subject_id, event.actor_id) == ("request", filed.pk, company.requester.pk)
    assert event.data == {
        "customer": company.sales.pk, "supplier": company.it.pk, "department": company.it.pk,
        "service": company.laptop.pk, "requester": company.requester.pk, "filed_by": company.requester.pk,
        "priority": 5, "urgency": 3, "impact": 3, "channel": "web", "need_type": "service",
        "customer_kind": "employee", "privacy": "department", "calendar": version,
        "targets": {
            "response": {"seconds": 16 * 3600, "calendar": version, "agreement": agreement},
            "resolution": {"seconds": 80 * 3600, "calendar": version, "agreement": agreement},
        },
    }  # fmt: skip


def test_filing_takes_eleven_queries(company, django_assert_num_queries):
    person = Person.objects.get(pk=company.requester.pk)
    filing = Filing("A laptop", answers=LAPTOP)
    file_request(by=person, service=company.laptop, filing=filing)
    person = Person.objects.get(pk=company.requester.pk)
    with django_assert_num_queries(11):
        file_request(by=person, service=company.laptop, filing=filing)


@pytest.mark.parametrize(
    ("filing", "field"),
    [
        (Filing("  ", answers=LAPTOP), "title"),
        (Filing("x" * 201, answers=LAPTOP), "title"),
        (Filing("A\x00B", answers=LAPTOP), "title"),
        (Filing("A laptop", "\ud800", answers=LAPTOP), "description"),
        (Filing("A laptop", urgency=0, answers=LAPTOP), "urgency"),
        (Filing("A laptop", impact=4, answers=LAPTOP), "impact"),
        (Filing("A laptop"), "form.model"),
        (Filing("A laptop", answers={"model": "17 inch"}), "form.model"),
        (Filing("A laptop", answers={**LAPTOP, "colour": "red"}), "form.colour"),
        (Filing("A laptop", answers={**LAPTOP, "needed_by": "soon"}), "form.needed_by"),
        (Filing("A laptop", answers={**LAPTOP, "pieces": "1e999999"}), "form.pieces"),
        (Filing("A laptop", answers=["model"]), "form"),
    ],
)
def test_wrong_input_names_the_field_and_keeps_nothing(company, filing, field):
    with pytest.raises(WrongInput) as refusal:
        file_request(by=company.requester, service=company.laptop, filing=filing)

    assert list(refusal.value.errors) == [field]
    assert ServiceRequest.objects.count() == 0
    assert Event.objects.filter(kind="request.filed").count() == 0


def test_all_that_is_wrong_is_said_at_once(company):
    with pytest.raises(WrongInput) as refusal:
        file_request(by=company.requester, service=company.laptop, filing=Filing("", urgency=9))

    assert sorted(refusal.value.errors) == ["form.model", "title", "urgency"]
    assert "Say in one line what you need." in str(refusal.value)


def test_the_supplier_files_on_behalf_of_anybody_with_its_own_service(company):
    filed = file_request(
        by=company.agent,
        service=company.laptop,
        filing=Filing("By phone", answers=LAPTOP),
        on_behalf_of=company.requester,
    )

    assert (filed.requester, filed.filed_by, filed.customer) == (company.requester, company.agent, company.sales)
    assert Event.objects.get(kind="request.filed").on_behalf_of_id == company.requester.pk


def test_a_head_files_for_the_own_people(company):
    filed = file_request(
        by=company.customer_head, service=company.laptop, filing=Filing("For Rita", answers=LAPTOP),
        on_behalf_of=company.requester,
    )  # fmt: skip

    assert filed.requester == company.requester


def test_nobody_else_files_for_somebody(company):
    for person in (company.colleague, company.other_agent, company.other_head, company.admin):
        with pytest.raises(NotAllowed):
            file_request(
                by=person, service=company.laptop, filing=Filing("x", answers=LAPTOP), on_behalf_of=company.requester
            )
    assert ServiceRequest.objects.count() == 0


def test_a_person_of_two_departments_says_for_which(company):
    set_hats(by=company.admin, person=company.requester, department=company.facilities, roles={"member"})
    filing = Filing("A laptop", answers=LAPTOP)

    by_default = file_request(by=company.requester, service=company.laptop, filing=filing)
    named = file_request(by=company.requester, service=company.laptop, filing=filing, customer=company.facilities)

    assert (by_default.customer, named.customer) == (company.sales, company.facilities)


def test_a_department_of_others_cannot_be_named(company):
    with pytest.raises(WrongInput) as refusal:
        file_request(
            by=company.requester,
            service=company.laptop,
            filing=Filing("x", answers=LAPTOP),
            customer=company.facilities,
        )
    assert list(refusal.value.errors) == ["customer"]


def test_somebody_without_a_department_cannot_file(company):
    with pytest.raises(NotAllowed, match="you belong to none"):
        file_request(by=company.auditor, service=company.laptop, filing=Filing("x", answers=LAPTOP))


def test_without_a_home_the_first_department_asks(company):
    Membership.objects.filter(person=company.requester).update(home=False)
    company.requester.__dict__.pop("_standing", None)

    filed = file_request(by=company.requester, service=company.laptop, filing=Filing("x", answers=LAPTOP))

    assert filed.customer == company.sales


@pytest.mark.parametrize("kind", ["partner", "executive", "department"])
def test_the_four_kinds_of_customer_are_told_apart(company, kind):
    person = company.customer_head if kind == "department" else company.requester
    if kind == "partner":
        company.sales.kind = "partner"
        company.sales.save()
    person.is_executive = kind == "executive"

    file_request(by=person, service=company.laptop, filing=Filing("x", answers=LAPTOP))

    assert Event.objects.get(kind="request.filed").data["customer_kind"] == kind


def test_attached_files_answer_the_file_question(company, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    fields = [FormField("plan", "Plan", type=FieldType.FILE, required=True)]
    service = change_service(by=company.admin, service=company.badge, fields=fields)
    plan = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 a plan")

    filed = file_request(by=company.requester, service=service, filing=Filing("A badge", files=(plan,)))

    assert filed.answers == {"plan": ["plan.pdf"]}
    assert [row.name for row in Attachment.objects.filter(service_request=filed)] == ["plan.pdf"]


def test_a_request_keeps_the_form_it_was_filed_with(company):
    filed = file_request(by=company.requester, service=company.laptop, filing=Filing("x", answers=LAPTOP))
    change_service(by=company.admin, service=company.laptop, fields=[FormField("new", "New")])

    filed.refresh_from_db()
    assert [question.key for question in filed.form.questions] == ["model", "needed_by", "pieces", "why"]


def test_a_colleague_may_be_somebody_of_no_standing_yet(company):
    new = make_person("Nora New", company.sales)
    filed = file_request(
        by=company.customer_head, service=company.badge, filing=Filing("Badge for Nora"), on_behalf_of=new
    )
    assert filed.customer == company.sales
