"""My desk in the browser."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from requests_app.desk.models import Handoff, ServiceRequest
from requests_app.desk.services.conversation import post_message
from requests_app.desk.services.filing import Filing, file_request
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.kernel import panels
from servicedesk.pages.views import home
from tests.factories import accept, close, deliver, file_laptop

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def browser(as_browser, company):
    return lambda who="requester": as_browser(getattr(company, who))


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Without the blocks of upper packages, which have tests of their own."""
    monkeypatch.setattr(panels, "_providers", {})


def page(client):
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_desk_teaches_how_to_begin(browser):
    words = page(browser())
    for sentence in ("Nothing waits for you", "You have asked for nothing yet", "Find a service"):
        assert sentence in words
    assert "Your work" not in words
    assert "You have taken nothing yet" in page(browser("agent"))


def test_a_delivery_is_accepted_from_the_desk(browser, company):
    row = deliver(company, file_laptop(company))
    words = page(browser())
    assert "You accept the delivery" in words
    assert f'action="/requests/{row.number}/moves/confirm/"' in words
    version = ServiceRequest.objects.get(pk=row.pk).version
    assert f'name="version" value="{version}"' in words

    browser().post(f"/requests/{row.number}/moves/confirm/", {"version": version})
    assert ServiceRequest.objects.get(pk=row.pk).status == "closed"
    assert "Ended, 1" in page(browser())


def test_a_question_is_quoted(browser, company):
    row = accept(company, file_laptop(company))
    post_message(by=company.assigned, service_request=row, body="Which <floor>?")
    move_request(by=company.assigned, service_request=row, action="hold", words=Words(hold_reason="customer"))
    words = page(browser())
    assert "You answer IT Services" in words
    assert "“Which &lt;floor&gt;?”" in words


def test_an_offer_is_taken_over_from_the_desk(browser, company):
    row = accept(company, file_laptop(company))
    offer = offer_handoff(by=company.assigned, service_request=row, to=company.facilities, reason="Theirs")
    words = page(browser("other_agent"))
    assert "Facilities takes this over or gives it back" in words
    browser("other_agent").post(f"/handoffs/{offer.pk}/accept/")
    assert Handoff.objects.get().state == "accepted"


def test_work_leads_to_the_queue(browser, company):
    accept(company, file_laptop(company, title="Fix it"))
    words = page(browser("assigned"))
    assert ("Fix it" in words, "You deliver" in words, 'href="/departments/it/queue/"' in words) == (True, True, True)


def test_states_beside_the_own_requests(browser, company):
    row = accept(company, file_laptop(company))
    assert "Accepted" in page(browser())
    offer_handoff(by=company.assigned, service_request=row, to=company.facilities, reason="Theirs")
    assert "Handoff offered" in page(browser())


def test_long_lists_lead_to_all_of_them(browser, company):
    for _number in range(11):
        file_laptop(company)
    assert "All 11" in page(browser())


def test_the_services_of_the_department_stand_beside(browser, company):
    file_laptop(company)
    file_laptop(company)
    words = page(browser("colleague"))
    assert 'href="/services/laptop/new/"' in words
    assert "asked 2 times of late" in words


def test_hostile_titles_are_only_text(browser, company):
    file_laptop(company, title="<img src=x onerror=alert(1)>")
    assert "<img" not in page(browser())


def test_who_is_not_signed_in_is_asked_to(as_browser):
    assert as_browser().get("/")["Location"] == "/accounts/login/?next=/"


def test_upper_packages_add_what_waits(browser, company, tmp_path, settings):
    class Ratings:
        count = 2

    (tmp_path / "extra.html").write_text("<li>{{ content.count }} to rate</li>")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    panels.provide("home", lambda person: panels.Panel("extra.html", Ratings()))
    words = page(browser())
    assert ("2 to rate" in words, "2 things wait for you." in words) == (True, True)


@pytest.mark.parametrize(
    ("waits", "work", "sentence"),
    [
        (0, 0, "Nothing waits for you."),
        (1, 0, "1 thing waits for you."),
        (2, 1, "2 things wait for you, and you work on 1 request."),
        (0, 3, "Nothing waits for you, and you work on 3 requests."),
    ],
)
def test_the_day_in_one_sentence(waits, work, sentence):
    class Desk:
        work_count = work

    class Page:
        waiting_count = waits
        desk = Desk()

    assert home._summary(Page()) == sentence


@pytest.mark.parametrize(
    ("hour", "greeting"), [(8, "Good morning, Rita"), (12, "Good afternoon, Rita"), (18, "Good evening, Rita")]
)
def test_the_greeting_knows_the_time_of_day(monkeypatch, hour, greeting):
    monkeypatch.setattr(home.timezone, "localtime", lambda: datetime(2026, 3, 2, hour, tzinfo=BERLIN))
    assert home._greeting("Rita") == greeting


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_sixteen_queries(company, as_browser, django_assert_num_queries, rows):
    for _row in range(rows):
        deliver(company, file_request(by=company.assigned, service=company.laptop,
                                      filing=Filing("Own", answers={"model": "13 inch"})))  # fmt: skip
        close(company, file_laptop(company))
        accept(company, file_laptop(company))
    client = as_browser(company.assigned)
    client.get("/")
    with django_assert_num_queries(16):
        client.get("/")
