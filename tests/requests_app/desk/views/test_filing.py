"""Asking for something in the browser."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from requests_app.agreements.models import Agreement
from requests_app.agreements.services import set_targets
from requests_app.catalogue.services import change_service
from requests_app.catalogue.states import FieldType, FormField
from requests_app.desk.models import Attachment, ServiceRequest
from requests_app.events.models import Event
from requests_app.org.services import set_hats

URL = "/services/laptop/new/"
FILLED = {"title": "A laptop", "description": "For Cora", "urgency": "2", "impact": "3", "form_model": "13 inch"}


@pytest.fixture
def browser(as_browser, company):
    return lambda who="requester": as_browser(getattr(company, who))


def key_of(page):
    return re.search(r'name="key" value="([0-9a-f]{32})"', page.content.decode())[1]


def test_the_form_asks_what_the_service_asks(browser):
    page = browser().get(URL).content.decode()
    for name in (
        "title",
        "description",
        "form_model",
        "form_needed_by",
        "form_pieces",
        "form_why",
        "urgency",
        "impact",
    ):
        assert f'name="{name}"' in page
    assert 'name="on_behalf_of"' not in page
    assert 'name="customer"' not in page


def test_filing_leads_to_the_request_with_its_number(browser, company):
    client = browser()
    data = FILLED | {"form_needed_by": "2027-01-04", "form_pieces": "2", "form_why": "travels"}
    response = client.post(URL, data | {"key": key_of(client.get(URL)), "files": SimpleUploadedFile("a.pdf", b"%PDF-")})
    row = ServiceRequest.objects.get()

    assert (response.status_code, response["Location"]) == (302, f"/requests/{row.number}/")
    assert (row.title, row.description, row.customer, row.supplier, row.requester, row.channel, row.priority) == (
        "A laptop", "For Cora", company.sales, company.it, company.requester, "web", 4,
    )  # fmt: skip
    assert row.answers == {"model": "13 inch", "needed_by": "2027-01-04", "pieces": "2", "why": "travels"}
    assert Attachment.objects.get().name == "a.pdf"
    assert f"Sent to IT Services as {row.number}." in client.get(response["Location"]).content.decode()


def test_a_double_click_files_once_and_both_get_the_same_request(browser):
    client = browser()
    data = FILLED | {"key": key_of(client.get(URL))}
    first, second = client.post(URL, data), client.post(URL, data)

    assert first["Location"] == second["Location"]
    assert ServiceRequest.objects.count() == 1
    assert Event.objects.filter(kind="request.filed").count() == 1


def test_other_words_or_a_new_page_are_another_request(browser):
    client = browser()
    data = FILLED | {"key": key_of(client.get(URL))}
    client.post(URL, data)
    client.post(URL, data | {"title": "A second one"})
    client.post(URL, FILLED | {"key": key_of(client.get(URL))})
    for odd in ("", "zz", "\x00", "0" * 33):
        client.post(URL, FILLED | {"key": odd})
    assert ServiceRequest.objects.count() == 7


def test_a_key_of_somebody_else_does_not_lead_to_their_request(browser, company):
    data = FILLED | {"key": "0" * 32}
    browser("requester").post(URL, data)
    browser("agent").post(URL, data)
    assert sorted(ServiceRequest.objects.values_list("requester__name", flat=True)) == ["Anton Agent", "Rita Requester"]


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"title": ""}, "title", "Fill this in."),
        ({"title": "a\x00b"}, "title", "a character that cannot be kept"),
        ({"title": "x" * 201}, "title", "at most 200 characters"),
        ({"urgency": ""}, "urgency", "Choose one."),
        ({"impact": "9"}, "impact", "is not offered here"),
        ({"form_model": ""}, "form_model", "Choose one."),
        ({"form_model": "17 inch"}, "form_model", "is not offered here"),
        ({"form_needed_by": "2027-13-01"}, "form_needed_by", "Write a date as year-month-day"),
        ({"form_pieces": "many"}, "form_pieces", "Write a number, like 12 or 12.5."),
        ({"form_pieces": "NaN"}, "form_pieces", "Write a number, like 12 or 12.5."),
        ({"form_why": "\x00"}, "form_why", "a character that cannot be kept"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(browser, change, field, says):
    response = browser().post(URL, FILLED | change)
    page = response.content.decode()

    assert (response.status_code, ServiceRequest.objects.count()) == (400, 0)
    assert says in page
    assert re.search(rf'id="id_{field}(_0)?_msg"', page)
    if "description" not in change:
        assert "For Cora" in page
    assert 'role="alert"' in page


def test_a_file_of_a_wrong_kind_is_refused_and_the_words_stay(browser):
    response = browser().post(URL, FILLED | {"files": SimpleUploadedFile("tool.exe", b"MZ")})
    page = response.content.decode()
    assert (response.status_code, ServiceRequest.objects.count()) == (400, 0)
    assert "tool.exe cannot be attached" in page
    assert 'value="A laptop"' in page


def test_hostile_words_come_back_as_words(browser):
    nasty = '"><script>alert(1)</script>'
    page = browser().post(URL, FILLED | {"title": nasty, "form_model": ""}).content.decode()
    assert f'value="{escape(nasty)}"' in page
    assert "<script>alert" not in page


def test_a_question_for_files_takes_them(browser, company):
    fields = [FormField("photo", "A photo", type=FieldType.FILE, required=True)]
    change_service(by=company.supplier_head, service=company.laptop, fields=fields)
    data = {name: value for name, value in FILLED.items() if name != "form_model"}

    assert browser().post(URL, data).status_code == 400
    photos = [SimpleUploadedFile("a.pdf", b"%PDF-"), SimpleUploadedFile("b.pdf", b"%PDF-")]
    assert browser().post(URL, data | {"form_photo": photos}).status_code == 302
    row = ServiceRequest.objects.get()
    assert (row.answers, row.attachments.count()) == ({"photo": ["a.pdf", "b.pdf"]}, 2)


# ── For whom ──


def test_a_head_files_for_one_of_their_people(browser, company):
    client = browser("customer_head")
    assert b'name="on_behalf_of"' in client.get(URL).content
    client.post(URL, FILLED | {"on_behalf_of": "RITA.requester@example.test"})
    row = ServiceRequest.objects.get()
    assert (row.requester, row.filed_by, row.customer) == (company.requester, company.customer_head, company.sales)


def test_not_for_somebody_elses_people_and_not_for_nobody(browser, company):
    client = browser("customer_head")
    assert client.post(URL, FILLED | {"on_behalf_of": company.stranger.email}).status_code == 403
    unknown = client.post(URL, FILLED | {"on_behalf_of": "nobody@example.test"})
    assert (unknown.status_code, b"Nobody here has this address." in unknown.content) == (400, True)
    assert ServiceRequest.objects.count() == 0


def test_an_agent_files_for_a_customer_of_their_service(browser, company):
    browser("agent").post(URL, FILLED | {"on_behalf_of": company.stranger.email})
    row = ServiceRequest.objects.get()
    assert (row.requester, row.customer) == (company.stranger, company.facilities)


def test_who_belongs_to_several_departments_chooses(browser, company):
    set_hats(by=company.admin, person=company.requester, department=company.facilities, roles={"member"}, home=False)
    client = browser()
    assert b'<option value="facilities">' in client.get(URL).content
    client.post(URL, FILLED | {"customer": "facilities"})
    assert ServiceRequest.objects.get().customer == company.facilities
    assert client.post(URL, FILLED | {"customer": "it"}).status_code == 400


def test_who_belongs_nowhere_is_told_whom_to_ask(browser):
    assert browser("admin").get(URL).status_code == 200
    response = browser("admin").post(URL, FILLED)
    assert (response.status_code, b"Ask an administrator." in response.content) == (403, True)


# ── The promise ──


def test_the_promise_for_the_choice_and_for_all_choices_is_on_the_page(browser):
    page = browser().get(URL).content.decode()
    assert "What IT Services promises you" in page
    for time in ("8\u00a0h of working time", "40\u00a0h of working time"):
        assert time in page
    for word in ("Critical", "High", "Medium", "Low", "Planned"):
        assert word in page
    assert page.count("Done by") == 1


def test_the_live_promise_follows_the_choice(browser, company):
    def promise(**chosen):
        response = browser().get("/services/laptop/promise/", chosen)
        assert response.status_code == 200
        return response.content.decode()

    assert "4\u00a0h of working time" in promise(urgency="1", impact="1")
    assert 'hx-swap-oob="true"' in promise()
    for odd in ({"urgency": "9"}, {"urgency": "\x00"}, {"customer": "x" * 99}, {"customer": "facilities"}):
        assert "40\u00a0h of working time" in promise(**odd)
    set_targets(by=company.admin, supplier=company.it, customer=company.sales, targets={"resolution": {4: 7200}})
    assert "2\u00a0h of working time" in promise(customer="sales")


def test_without_targets_no_time_is_promised(browser):
    Agreement.objects.all().delete()
    assert browser().get(URL).content.decode().count("No time is promised for this.") == 2


# ── Who gets in ──


@pytest.mark.parametrize("rest", ["new/", "promise/"])
def test_services_that_are_not_offered_are_not_there(browser, as_browser, company, rest):
    change_service(by=company.supplier_head, service=company.laptop, is_published=False)
    assert browser().get(f"/services/laptop/{rest}").status_code == 404
    assert browser().get(f"/services/nothing/{rest}").status_code == 404
    assert as_browser().get(f"/services/laptop/{rest}").status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_form_takes_seven_queries(company, browser, django_assert_num_queries, rows):
    fields = [FormField(f"q{number}", f"Question {number}") for number in range(rows)]
    change_service(by=company.supplier_head, service=company.laptop, fields=fields)
    client = browser()
    client.get(URL)
    with django_assert_num_queries(7):
        client.get(URL)
