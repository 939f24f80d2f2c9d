"""Departments, people, hats and tokens over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app.events.models import Event
from requests_app.org.models import ApiToken, Department, Membership, Person
from requests_app.org.services import create_token, issue_token, save_department
from tests.factories import make_person

pytestmark = pytest.mark.django_db
DEPARTMENTS, PEOPLE, TOKENS = "/api/v1/departments/", "/api/v1/people/", "/api/v1/tokens/"


@pytest.fixture
def partner(company):
    """Somebody of a partner organisation."""
    acme = save_department(by=company.admin, slug="acme", name="Acme", kind="partner")
    save_department(by=company.admin, slug="other", name="Other partner", kind="partner")
    return make_person("Paul Partner", acme)


class TestDepartments:
    def test_are_listed_by_name_for_everybody(self, company, as_api):
        found = as_api(company.stranger).get(DEPARTMENTS).data["results"]
        assert [row["slug"] for row in found] == ["facilities", "it", "sales"]

    @pytest.mark.parametrize("limit", [1, 3])
    def test_a_page_costs_three_queries(self, company, as_api, limit, django_assert_num_queries):
        client = as_api(company.stranger)
        with django_assert_num_queries(3):
            assert len(client.get(DEPARTMENTS, {"limit": limit}).data["results"]) == limit

    def test_a_partner_knows_the_company_and_itself_but_no_other_partner(self, as_api, partner):
        found = as_api(partner).get(DEPARTMENTS).data["results"]
        assert [row["slug"] for row in found] == ["acme", "facilities", "it", "sales"]
        assert as_api(partner).get(f"{DEPARTMENTS}other/").status_code == 404

    def test_are_made_by_administrators(self, company, as_api):
        body = {"slug": "legal", "name": "Legal", "parent": "it", "language": "ru", "mission": "Fair play"}
        made = as_api(company.admin).post(DEPARTMENTS, body)
        assert (made.status_code, made["Location"]) == (201, f"http://testserver{DEPARTMENTS}legal/")
        assert {key: made.data[key] for key in body} == body
        assert as_api(company.supplier_head).post(DEPARTMENTS, body).status_code == 403

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"slug": "it"}, "slug"),
            ({"slug": "no blanks"}, "slug"),
            ({"slug": "ит"}, "slug"),
            ({"name": " "}, "name"),
            ({"parent": "none"}, "parent"),
            ({"time_zone": "Mars/Olympus"}, "time_zone"),
            ({"time_zone": "../etc"}, "time_zone"),
            ({"time_zone": "Europe"}, "time_zone"),
            ({"language": "tlh"}, "language"),
            ({"kind": "secret"}, "kind"),
            ({"path": "/1/"}, "path"),
            ({"calendar_id": 1}, "calendar_id"),
        ],
    )
    def test_what_is_wrong_is_said_by_field(self, company, as_api, change, field):
        answer = as_api(company.admin).post(DEPARTMENTS, {"slug": "legal", "name": "Legal"} | change)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
        assert Department.objects.count() == 3

    def test_their_heads_change_what_does_not_touch_the_structure(self, company, as_api):
        head = as_api(company.supplier_head)
        assert head.patch(f"{DEPARTMENTS}it/", {"mission": "Keep it running"}).data["mission"] == "Keep it running"
        assert head.patch(f"{DEPARTMENTS}it/", {"slug": "tech"}).status_code == 403
        assert head.patch(f"{DEPARTMENTS}sales/", {"mission": "x"}).status_code == 403

    def test_a_change_names_the_version_that_was_read(self, company, as_api):
        client, here = as_api(company.admin), f"{DEPARTMENTS}it/"
        read = client.get(here)["ETag"]
        assert client.patch(here, {"mission": "One"}, headers={"If-Match": read}).status_code == 200
        stale = client.patch(here, {"mission": "Two"}, headers={"If-Match": read})
        assert (stale.status_code, Department.objects.get(slug="it").mission) == (412, "One")

    def test_a_department_cannot_lie_below_itself(self, company, as_api):
        client = as_api(company.admin)
        client.patch(f"{DEPARTMENTS}sales/", {"parent": "it"})
        answer = client.patch(f"{DEPARTMENTS}it/", {"parent": "sales"})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["parent"])

    def test_one_that_is_closed_is_there_only_for_administrators_who_can_open_it_again(self, company, as_api):
        admin, here = as_api(company.admin), f"{DEPARTMENTS}facilities/"
        assert admin.patch(here, {"is_active": False}).data["is_active"] is False
        assert as_api(company.requester).get(here).status_code == 404
        assert admin.patch(here, {"is_active": True}).data["is_active"] is True


class TestPeople:
    def test_the_directory_tells_who_somebody_is_and_no_more(self, company, as_api):
        shown = as_api(company.stranger).get(f"{PEOPLE}{company.agent.email}/").data
        assert shown == {
            "email": company.agent.email,
            "name": "Anton Agent",
            "position": "",
            "departments": [{"department": "it", "roles": ["agent"], "home": True}],
            "links": {"self": f"http://testserver{PEOPLE}{company.agent.email}/"},
        }

    def test_oneself_and_administrators_see_the_rest(self, company, as_api):
        rest = {"language", "time_zone", "is_active", "is_admin", "is_executive", "is_auditor"}
        own = as_api(company.agent).get(f"{PEOPLE}me/").data
        assert own.keys() >= rest
        assert own["email"] == company.agent.email
        assert as_api(company.admin).get(f"{PEOPLE}{company.agent.email}/").data == own

    def test_are_found_by_words_and_by_department(self, company, as_api):
        client = as_api(company.stranger)

        def names(**query):
            return [person["name"] for person in client.get(PEOPLE, query).data["results"]]

        assert names(q="RITA req") == ["Rita Requester"]
        assert names(department="it") == ["Ansel Assigned", "Anton Agent", "Sofia Supplier"]
        assert names(q="x%_") == []

    @pytest.mark.parametrize("limit", [1, 3])
    def test_a_page_costs_four_queries(self, company, as_api, limit, django_assert_num_queries):
        client = as_api(company.stranger)
        with django_assert_num_queries(4):
            assert len(client.get(PEOPLE, {"limit": limit}).data["results"]) == limit

    def test_a_partner_finds_only_its_own(self, as_api, partner):
        assert [row["name"] for row in as_api(partner).get(PEOPLE).data["results"]] == ["Paul Partner"]

    def test_leavers_are_gone_for_all_but_administrators(self, company, as_api):
        here = f"{PEOPLE}{company.agent.email}/"
        assert as_api(company.admin).patch(here, {"is_active": False}).data["is_active"] is False
        assert as_api(company.stranger).get(here).status_code == 404
        assert as_api(company.admin).get(here).status_code == 200

    def test_are_added_by_administrators_without_a_password(self, company, as_api):
        body = {"email": "New@Example.Test", "name": "Nora New", "is_executive": True}
        made = as_api(company.admin).post(PEOPLE, body)
        assert (made.status_code, made.data["email"], made.data["is_executive"]) == (201, "new@example.test", True)
        assert not Person.objects.get(email="new@example.test").has_usable_password()
        assert as_api(company.supplier_head).post(PEOPLE, body).status_code == 403

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"email": "rita.requester@example.test"}, "email"),
            ({"email": "no address"}, "email"),
            ({"name": ""}, "name"),
            ({"time_zone": "Mars"}, "time_zone"),
            ({"password": "x"}, "password"),
            ({"is_admin": "yes"}, "is_admin"),
        ],
    )
    def test_what_is_wrong_is_said_by_field(self, company, as_api, change, field):
        answer = as_api(company.admin).post(PEOPLE, {"email": "new@example.test", "name": "Nora"} | change)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])

    def test_nobody_raises_oneself(self, company, as_api):
        answer = as_api(company.admin).patch(f"{PEOPLE}{company.admin.email}/", {"is_executive": True})
        assert answer.status_code == 403
        assert as_api(company.agent).patch(f"{PEOPLE}{company.agent.email}/", {"is_admin": True}).status_code == 403

    def test_a_change_names_the_version_that_was_read(self, company, as_api):
        client, here = as_api(company.admin), f"{PEOPLE}{company.agent.email}/"
        read = client.get(here)["ETag"]
        assert client.patch(here, {"position": "One"}, headers={"If-Match": read}).status_code == 200
        assert client.patch(here, {"position": "Two"}, headers={"If-Match": read}).status_code == 412


class TestHats:
    def put(self, client, company, person, **body):
        return client.put(f"{DEPARTMENTS}it/members/{person.email}/", body)

    def test_a_head_makes_and_unmakes_agents(self, company, as_api):
        Membership.objects.create(person=company.stranger, department=company.it, role="member")
        head = as_api(company.supplier_head)
        made = self.put(head, company, company.stranger, roles=["member", "agent"])
        assert made.data["departments"] == [
            {"department": "facilities", "roles": ["member"], "home": True},
            {"department": "it", "roles": ["agent", "member"], "home": False},
        ]
        assert self.put(head, company, company.stranger, roles=["member"]).status_code == 200

    def test_a_head_makes_no_heads_and_not_in_other_departments(self, company, as_api):
        head = as_api(company.supplier_head)
        assert self.put(head, company, company.stranger, roles=["head"]).status_code == 403
        assert as_api(company.customer_head).put(
            f"{DEPARTMENTS}it/members/{company.agent.email}/", {"roles": []}
        ).status_code == 403  # fmt: skip

    def test_an_administrator_sets_anything_and_unknown_roles_are_refused(self, company, as_api):
        admin = as_api(company.admin)
        assert self.put(admin, company, company.stranger, roles=["head"], home=True).status_code == 200
        assert self.put(admin, company, company.stranger, roles=["king"]).status_code == 400
        assert self.put(admin, company, company.stranger).json()["errors"] == {"roles": ["This field is required."]}


class TestTokens:
    def test_a_new_one_works_at_once_and_its_text_is_shown_this_once(self, company, as_api, client):
        made = as_api(company.requester).post(TOKENS, {"name": "reports"})
        text = made.data["token"]
        assert (made.status_code, made.data["read_only"]) == (201, True)
        assert client.get(PEOPLE, headers={"Authorization": f"Bearer {text}"}).status_code == 200
        listed = as_api(company.requester).get(TOKENS).data["results"]
        assert "reports" in [token["name"] for token in listed]
        assert text not in str(listed)
        assert text not in str(list(ApiToken.objects.values()))
        assert text not in str(list(Event.objects.values()))

    def test_one_made_with_a_token_does_no_more_and_lasts_no_longer(self, company, as_api, client):
        short, text = issue_token(by=company.requester, name="short", days=3)
        made = client.post(
            TOKENS, {"name": "longer", "days": 365, "read_only": False}, content_type="application/json",
            headers={"Authorization": f"Bearer {text}"},
        )  # fmt: skip
        assert made.data["expires_at"] == short.expires_at
        assert made.data["read_only"] is False

    def test_a_reading_token_makes_none(self, company, as_api):
        assert as_api(company.requester, read_only=True).post(TOKENS, {"name": "x"}).status_code == 403

    @pytest.mark.parametrize("who", ["auditor", "executive"])
    def test_whoever_only_looks_gets_tokens_that_only_read(self, company, who):
        token, _text = issue_token(by=getattr(company, who), name="x", read_only=False)
        assert token.read_only is True

    @pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x", "days": 0}, {"name": "x", "days": 366}])
    def test_last_at_most_a_year_and_have_a_name(self, company, as_api, body):
        assert as_api(company.requester).post(TOKENS, body).status_code == 400

    def test_are_withdrawn_with_immediate_effect(self, company, as_api):
        client = as_api(company.requester)
        token = ApiToken.objects.get(person=company.requester)
        assert client.delete(f"{TOKENS}{token.pk}/").status_code == 204
        assert client.get(TOKENS).status_code == 401

    def test_of_others_are_absent_except_for_administrators(self, company, as_api):
        create_token(person=company.agent, name="theirs")
        theirs = ApiToken.objects.get(person=company.agent)
        stranger, admin = as_api(company.stranger), as_api(company.admin)
        assert stranger.get(f"{TOKENS}{theirs.pk}/").status_code == 404
        assert stranger.delete(f"{TOKENS}{theirs.pk}/").status_code == 404
        assert stranger.get(TOKENS, {"person": company.agent.email}).status_code == 403
        assert [row["id"] for row in admin.get(TOKENS, {"person": company.agent.email}).data["results"]] == [theirs.pk]
        assert admin.delete(f"{TOKENS}{theirs.pk}/").status_code == 204

    @pytest.mark.parametrize("why", ["expired", "of somebody who left", "unknown", "not a bearer's"])
    def test_that_are_no_good_open_nothing(self, company, client, why):
        token, text = issue_token(by=company.requester, name="x")
        header = f"Bearer {text}"
        if why == "expired":
            ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        elif why == "of somebody who left":
            Person.objects.filter(pk=company.requester.pk).update(is_active=False)
        else:
            header = "Bearer sd_wrong" if why == "unknown" else f"Basic {text}"
        answer = client.get(PEOPLE, headers={"Authorization": header})
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")

    def test_never_fall_back_to_a_session(self, company, as_browser):
        browser = as_browser(company.requester)
        assert browser.get(PEOPLE).status_code == 200
        assert browser.get(PEOPLE, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_reading_token_hears_404_before_403(company, as_api, new_request):
    moves = f"/api/v1/requests/{new_request.number}/moves/"
    for who, status in (("stranger", 404), ("requester", 403)):
        client = as_api(getattr(company, who), read_only=True)
        assert client.post(moves, {"action": "cancel"}).status_code == status
