"""A right that is lost is lost at once: the session that was open and the token that was made are refused."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from feedback.ratings.services import invite_to_rate, new_token
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.conversation import add_watcher, post_message, remove_watcher
from requests_app.desk.services.handoffs import accept_handoff, offer_handoff
from requests_app.org.models import ApiToken
from requests_app.org.services import create_token, save_person, set_hats, withdraw_token
from tests.factories import accept, make_person

pytestmark = pytest.mark.django_db
SECRET = "between the agents"


class Open:
    """The open session and the token of one person, and what both say of a request."""

    def __init__(self, person, row, as_browser, as_api):
        self.page, self.api = f"/requests/{row.number}/", f"/api/v1/requests/{row.number}/"
        self.browser, self.program = as_browser(person), as_api(person)

    def statuses(self) -> tuple[int, int]:
        return self.browser.get(self.page).status_code, self.program.get(self.api).status_code

    def texts(self) -> str:
        pages = [self.page, "/", "/requests/?status=any", "/search/?q=laptop", f"/search/?q={SECRET}"]
        paths = [f"{self.api}messages/", "/api/v1/requests/?q=laptop", "/api/v1/requests/?assignee=me"]
        answers = [self.browser.get(page) for page in pages] + [self.program.get(path) for path in paths]
        return "".join(answer.content.decode() for answer in answers)


@pytest.fixture
def opened(company, accepted_request, as_browser, as_api):
    post_message(by=company.assigned, service_request=accepted_request, body=SECRET, internal=True)
    return lambda person: Open(person, accepted_request, as_browser, as_api)


def hidden(access: Open, row: ServiceRequest) -> None:
    assert access.statuses() == (404, 404)
    text = access.texts().replace(access.page, "").replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
    assert row.number not in text
    assert row.title not in text


@pytest.mark.parametrize("who", ["agent", "assigned", "supplier_head", "colleague", "customer_head"])
def test_whoever_leaves_the_department_sees_its_requests_no_more(who, company, accepted_request, opened):
    person = getattr(company, who)
    access = opened(person)
    assert access.statuses() == (200, 200)
    home = company.it if who in ("agent", "assigned", "supplier_head") else company.sales
    set_hats(by=company.admin, person=person, department=home, roles=set())
    hidden(access, accepted_request)


def test_an_agent_who_becomes_a_member_elsewhere_takes_no_step_any_more(company, accepted_request, opened):
    access = opened(company.assigned)
    set_hats(by=company.admin, person=company.assigned, department=company.it, roles=set())
    set_hats(by=company.admin, person=company.assigned, department=company.facilities, roles={"agent"}, home=True)

    assert access.browser.post(f"{access.page}moves/deliver/").status_code == 404
    assert access.program.post(f"{access.api}moves/", {"action": "deliver"}).status_code == 404
    assert access.browser.get("/departments/it/queue/").status_code == 403
    accepted_request.refresh_from_db()
    assert accepted_request.status == "accepted"


def test_a_head_who_is_an_agent_now_leads_no_more(company, opened):
    access = opened(company.supplier_head)
    assert access.browser.get("/settings/departments/it/").status_code == 200
    set_hats(by=company.admin, person=company.supplier_head, department=company.it, roles={"agent"})
    assert access.browser.get("/settings/departments/it/").status_code == 403
    assert access.program.patch("/api/v1/departments/it/", {"mission": "Mine"}).status_code == 403


def test_whoever_has_no_access_any_more_is_out_with_session_and_token(company, opened):
    access = opened(company.requester)
    save_person(by=company.admin, person=company.requester, is_active=False)
    answer = access.browser.get(access.page)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert access.program.get(access.api).status_code == 401


def test_a_watcher_who_is_removed_reads_along_no_more(company, accepted_request, opened):
    add_watcher(by=company.requester, service_request=accepted_request, person=company.watcher)
    access = opened(company.watcher)
    assert access.statuses() == (200, 200)
    remove_watcher(by=company.requester, service_request=accepted_request, person=company.watcher)
    hidden(access, accepted_request)


@pytest.mark.parametrize("who", ["colleague", "customer_head", "agent", "admin", "auditor"])
def test_a_request_that_becomes_confidential_is_gone_for_all_but_its_parties(who, company, accepted_request, opened):
    access = opened(getattr(company, who))
    assert access.statuses() == (200, 200)
    ServiceRequest.objects.update(privacy="confidential")
    hidden(access, accepted_request)


def test_who_passed_a_request_on_keeps_to_read_what_both_sides_read_and_nothing_else(
    company, accepted_request, opened, as_browser, as_api
):
    access = opened(company.assigned)
    offer = offer_handoff(
        by=company.assigned, service_request=accepted_request, to=company.facilities, reason="It is theirs"
    )
    accept_handoff(by=company.other_agent, handoff=offer)
    post_message(by=company.other_agent, service_request=accepted_request, body="Of the new ones only", internal=True)

    assert access.statuses() == (200, 200)
    assert "Of the new ones only" not in access.texts()
    assert access.program.post(f"{access.api}moves/", {"action": "deliver"}).status_code == 403
    assert access.browser.post(f"{access.page}moves/deliver/").status_code == 403


def test_an_offer_of_a_confidential_request_is_known_to_heads_only(company, accepted_request, opened, as_api):
    ServiceRequest.objects.update(privacy="confidential")
    offer = offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Yours")
    assert as_api(company.other_agent).get(f"/api/v1/handoffs/{offer.pk}/").status_code == 404
    assert opened(company.other_agent).statuses() == (404, 404)
    assert opened(company.other_head).statuses() == (200, 200)
    assert as_api(company.other_head).get("/api/v1/handoffs/").json()["results"][0]["id"] == offer.pk


def test_a_token_that_is_withdrawn_or_over_is_refused(company, opened, as_api):
    for end in (
        lambda token: withdraw_token(by=company.admin, token=token),
        lambda token: ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1)),
    ):
        access = opened(company.requester)
        assert access.program.get(access.api).status_code == 200
        end(ApiToken.objects.filter(person=company.requester).latest("pk"))
        assert access.program.get(access.api).status_code == 401


def test_a_new_password_ends_the_sessions_that_were_open(company, opened):
    access = opened(company.requester)
    save_person(by=company.admin, person=company.requester, password="another correct horse")
    assert access.browser.get(access.page).status_code == 302


def test_an_administrator_who_is_none_any_more_sets_up_nothing(company, opened):
    second = make_person("Second Admin", is_admin=True)
    access = opened(second)
    assert access.browser.get("/settings/people/").status_code == 200
    save_person(by=company.admin, person=second, is_admin=False)
    assert access.browser.get("/settings/people/").status_code == 403
    assert access.program.post("/api/v1/people/", {"email": "x@example.test", "name": "X"}).status_code == 403
    assert access.statuses() == (404, 404)


def test_the_link_of_a_mail_rates_for_nobody_who_has_left(company, delivered_request, as_browser):
    address = f"/rate/{new_token(invite_to_rate(request_id=delivered_request.pk))}/"
    assert as_browser().get(address).status_code == 200
    save_person(by=company.admin, person=company.requester, is_active=False)
    assert as_browser().get(address).status_code == 404
    assert as_browser().post(address, {"overall": "1"}).status_code == 404


def test_an_address_that_was_given_up_opens_nothing(company, as_browser):
    """Asking for a password makes the library remember the address; it must not outlive its change."""
    former = company.requester.email
    as_browser().post("/accounts/password/reset/", {"email": former})
    assert [letter.to for letter in mail.outbox] == [[former]]
    save_person(by=company.admin, person=company.requester, email="rita.new@example.test")

    as_browser().post("/accounts/password/reset/", {"email": former})
    links = [letter for letter in mail.outbox[1:] if "/accounts/password/reset/key/" in letter.body]
    assert links == []
    signing_in = {"login": former, "password": "correct horse battery staple"}
    browser = as_browser()
    browser.post("/accounts/login/", signing_in)
    assert settings.SESSION_COOKIE_NAME not in browser.cookies or "_auth_user_id" not in browser.session


def test_a_token_never_does_more_than_its_owner_does_now(company, new_request, as_api):
    program = as_api(company.agent)
    assert create_token(person=company.agent)
    set_hats(by=company.admin, person=company.agent, department=company.it, roles={"member"})
    accept(company, new_request)
    path = f"/api/v1/requests/{new_request.number}/"
    assert program.post(f"{path}messages/", {"body": "A note", "internal": True}).status_code in (403, 404)
    assert not new_request.messages.exists()
