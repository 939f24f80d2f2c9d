"""Filing, finding, reading and changing requests over HTTP."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone

from requests_app.agreements.states import DEFAULT_TARGETS
from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.conversation import add_watcher
from requests_app.desk.services.handoffs import offer_handoff
from tests.api_calls import FILING
from tests.factories import accept, file_laptop

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/requests/"


class TestFiling:
    def test_answers_with_everything_a_program_needs_to_go_on(self, company, as_api):
        answer = as_api(company.requester).post(ADDRESS, FILING)

        row = ServiceRequest.objects.get()
        here = f"http://testserver{ADDRESS}{row.number}/"
        response, resolution = DEFAULT_TARGETS[3]
        assert answer.status_code == 201
        assert (answer["Location"], answer["ETag"]) == (here, '"1"')
        assert answer.data == {
            "number": row.number,
            "title": "A laptop",
            "description": "For the new colleague",
            "status": "new",
            "hold_reason": "",
            "priority": 3,
            "urgency": 2,
            "impact": 2,
            "customer": "sales",
            "supplier": "it",
            "service": "laptop",
            "requester": company.requester.email,
            "filed_by": company.requester.email,
            "assignee": None,
            "created_at": row.created_at,
            "changed_at": row.created_at,
            "due_at": row.created_at + timedelta(seconds=response),
            "delivered_at": None,
            "closed_at": None,
            "version": 1,
            "form": FILING["form"],
            "promise": {
                "response_due": row.created_at + timedelta(seconds=response),
                "resolution_due": row.created_at + timedelta(seconds=resolution),
                "why": "The company's default, version 1.",
            },
            "actions": ["cancel"],
            "handoff": None,
            "links": {
                "self": here,
                "html": f"http://testserver/requests/{row.number}/",
                **{
                    part: f"{here}{part}/"
                    for part in (
                        "moves", "messages", "handoffs", "attachments", "events", "clocks", "watchers", "rating"
                    )
                },
            },
        }  # fmt: skip
        assert row.channel == "api"

    def test_reading_it_gives_the_same(self, company, as_api):
        client = as_api(company.requester)
        filed = client.post(ADDRESS, FILING)
        assert client.get(filed.data["links"]["self"]).data == filed.data

    @pytest.mark.parametrize(
        ("change", "errors"),
        [
            ({"title": ""}, {"title": ["This field may not be blank."]}),
            ({"title": "x" * 201}, {"title": ["Ensure this field has no more than 200 characters."]}),
            ({"title": " \t "}, {"title": ["This field may not be blank."]}),
            ({"urgency": 4}, {"urgency": ["Ensure this value is less than or equal to 3."]}),
            ({"urgency": "1"}, {"urgency": ["A valid integer is required."]}),
            ({"service": "none"}, {"service": ["There is no such service."]}),
            ({"customer": "none"}, {"customer": ["There is no such department."]}),
            ({"customer": "it"}, {"customer": ["Choose a department the requester belongs to."]}),
            ({"on_behalf_of": "x@example.test"}, {"on_behalf_of": ["There is nobody with this address."]}),
            ({"form": {}}, {"form.model": ["This is needed."]}),
            (
                {"form": {"model": "17 inch", "needed_by": "soon", "colour": "red"}},
                {
                    "form.model": ["Choose one of: 13 inch, 15 inch."],
                    "form.needed_by": ["Write a date as year-month-day, like 2026-11-24."],
                    "form.colour": ["This service does not ask for that."],
                },
            ),
        ],
    )
    def test_what_is_wrong_is_said_by_field_and_nothing_is_filed(self, company, as_api, change, errors):
        answer = as_api(company.requester).post(ADDRESS, FILING | change)
        assert (answer.status_code, answer.json()["errors"]) == (400, errors)
        assert ServiceRequest.objects.count() == 0

    def test_a_service_that_is_hidden_is_as_unknown_as_one_that_is_not_there(self, company, as_api):
        company.badge.is_published = False
        company.badge.save()
        client = as_api(company.requester)
        hidden = client.post(ADDRESS, {"service": "badge", "title": "x"})
        absent = client.post(ADDRESS, {"service": "bridge", "title": "x"})
        assert (hidden.status_code, hidden.json()) == (400, absent.json())

    def test_an_agent_files_for_a_colleague_who_is_then_the_requester(self, company, as_api):
        body = FILING | {"on_behalf_of": company.requester.email.upper()}
        answer = as_api(company.agent).post(ADDRESS, body)
        assert answer.status_code == 201
        assert (answer.data["requester"], answer.data["filed_by"]) == (company.requester.email, company.agent.email)
        assert answer.data["customer"] == "sales"

    def test_a_colleague_may_not_file_for_another(self, company, as_api):
        answer = as_api(company.colleague).post(ADDRESS, FILING | {"on_behalf_of": company.requester.email})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")

    def test_whoever_belongs_to_no_department_files_for_none(self, company, as_api):
        answer = as_api(company.admin).post(ADDRESS, FILING)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")

    def test_costs_a_dozen_queries(self, company, as_api, django_assert_num_queries):
        client = as_api(company.requester)
        client.post(ADDRESS, FILING)
        with django_assert_num_queries(14):  # two of them open and close the transaction
            client.post(ADDRESS, FILING)


class TestLists:
    @pytest.mark.parametrize("rows", [1, 3])
    def test_cost_three_queries_however_many_rows(self, company, as_api, rows, django_assert_num_queries):
        for place in range(rows):
            accept(company, file_laptop(company, title=f"Laptop {place}"))
        client = as_api(company.requester)
        with django_assert_num_queries(3):
            found = client.get(ADDRESS).data["results"]
        assert [row["title"] for row in found] == [f"Laptop {place}" for place in reversed(range(rows))]

    def test_rows_are_short_and_hold_no_actions(self, company, as_api, new_request):
        row = as_api(company.requester).get(ADDRESS).data["results"][0]
        whole = as_api(company.requester).get(f"{ADDRESS}{new_request.number}/").data
        assert row == {key: whole[key] for key in row} | {"links": row["links"]}
        assert whole.keys() - row.keys() == {"description", "filed_by", "form", "promise", "actions", "handoff"}
        assert row["links"].keys() == {"self", "html"}

    def test_pages_follow_each_other_both_ways(self, company, as_api):
        numbers = [file_laptop(company).number for _ in range(5)]
        client = as_api(company.requester)

        first = client.get(ADDRESS, {"limit": 2}).data
        second = client.get(first["next"]).data
        third = client.get(second["next"]).data

        pages = [[row["number"] for row in page["results"]] for page in (first, second, third)]
        assert pages == [numbers[4:2:-1], numbers[2:0:-1], numbers[:1]]
        assert (first["previous"], third["next"]) == (None, None)
        assert client.get(third["previous"]).data["results"] == second["results"]

    def test_the_next_page_keeps_the_filters(self, company, as_api):
        wanted = [accept(company, file_laptop(company)).number for _ in range(3)]
        file_laptop(company)
        client = as_api(company.requester)
        page = client.get(f"{ADDRESS}?status=accepted&status=on_hold&limit=1").data
        seen = [row["number"] for row in page["results"]]
        while page["next"]:
            page = client.get(page["next"]).data
            seen += [row["number"] for row in page["results"]]
        assert seen == wanted[::-1]

    @pytest.fixture
    def three(self, company):
        """One new, one accepted of priority 1, one of Facilities; filed one day after the other."""
        now = timezone.now().replace(microsecond=0)
        plain = file_laptop(company, title="Plain", description="an ordinary machine")
        urgent = file_laptop(company, title="Urgent", urgency=1, impact=1)
        accept(company, urgent)
        moved = accept(company, file_laptop(company, title="Moved"))
        ServiceRequest.objects.filter(pk=moved.pk).update(supplier=company.facilities, service=company.badge)
        for days, row in enumerate((moved, urgent, plain)):
            ServiceRequest.objects.filter(pk=row.pk).update(created_at=now - timedelta(days=days))
        ServiceRequest.objects.filter(pk=urgent.pk).update(due_at=now - timedelta(hours=1))
        return now

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("", ["Moved", "Urgent", "Plain"]),
            ("status=new", ["Plain"]),
            ("status=new&status=accepted&priority=1", ["Urgent"]),
            ("status=closed", []),
            ("priority=1&priority=5", ["Moved", "Urgent", "Plain"]),
            ("customer=sales", ["Moved", "Urgent", "Plain"]),
            ("customer=it", []),
            ("supplier=it", ["Urgent", "Plain"]),
            ("supplier=it&supplier=facilities", ["Moved", "Urgent", "Plain"]),
            ("service=badge", ["Moved"]),
            ("assignee=none", ["Plain"]),
            ("assignee=ansel.assigned@example.test", ["Moved", "Urgent"]),
            ("assignee=me", []),
            ("requester=me", ["Moved", "Urgent", "Plain"]),
            ("requester=cora.colleague@example.test", []),
            ("overdue=true", ["Urgent"]),
            ("overdue=false", ["Moved", "Plain"]),
            ("mine=true", ["Moved", "Urgent", "Plain"]),
            ("mine=false", []),
            ("q=ordinary", ["Plain"]),
            ("q=ordinary&status=closed", []),
            ("supplier=nobody", []),
        ],
    )
    def test_filters_narrow(self, company, as_api, three, query, titles):
        found = as_api(company.requester).get(f"{ADDRESS}?{query}").data["results"]
        assert [row["title"] for row in found] == titles

    def test_times_are_half_open_and_a_day_is_a_day_of_the_company(self, company, as_api, three):
        client = as_api(company.requester)

        def titles(**query):
            return [row["title"] for row in client.get(ADDRESS, query).data["results"]]

        yesterday = three - timedelta(days=1)
        assert titles(created_from=three.isoformat()) == ["Moved"]
        assert titles(created_to=three.isoformat()) == ["Urgent", "Plain"]
        assert titles(created_from=yesterday.isoformat(), created_to=three.isoformat()) == ["Urgent"]
        day = yesterday.astimezone(ZoneInfo(settings.COMPANY_TIME_ZONE)).date()
        assert titles(created=day.isoformat()) == ["Urgent"]

    def test_hold_only_what_the_reader_may_see(self, company, as_api, new_request):
        seen = {
            letter: len(as_api(person).get(ADDRESS).data["results"]) for letter, person in company.by_context.items()
        }
        assert {letter for letter, count in seen.items() if count} == {"RQ", "CC", "CH", "SA", "AS", "SH", "AD", "AU"}


class TestReading:
    def test_costs_six_queries(self, company, as_api, accepted_request, django_assert_num_queries):
        client = as_api(company.requester)
        with django_assert_num_queries(6):
            client.get(f"{ADDRESS}{accepted_request.number}/")

    @pytest.mark.parametrize("letter", ["U", "OA", "OH", "EX", "WT"])
    def test_what_one_may_not_see_is_as_absent_as_what_is_not_there(self, company, as_api, new_request, letter):
        client = as_api(company.by_context[letter])
        hidden = client.get(f"{ADDRESS}{new_request.number}/")
        absent = client.get(f"{ADDRESS}SR-999999/")
        assert (hidden.status_code, hidden.json()) == (404, absent.json())

    def test_says_what_this_reader_can_do_now(self, company, as_api, delivered_request):
        here = f"{ADDRESS}{delivered_request.number}/"
        assert as_api(company.requester).get(here).data["actions"] == ["confirm", "reject"]
        assert as_api(company.assigned).get(here).data["actions"] == []

    def test_what_was_promised_stays_readable_after_the_clock_has_stopped(self, company, as_api, delivered_request):
        promise = as_api(company.requester).get(f"{ADDRESS}{delivered_request.number}/").data["promise"]
        response, resolution = DEFAULT_TARGETS[5]
        began = delivered_request.created_at
        assert promise == {
            "response_due": began + timedelta(seconds=response),
            "resolution_due": began + timedelta(seconds=resolution),
            "why": "The company's default, version 1.",
        }

    def test_shows_the_offer_that_waits_for_an_answer(self, company, as_api, accepted_request):
        handoff = offer_handoff(
            by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Yours"
        )
        shown = as_api(company.requester).get(f"{ADDRESS}{accepted_request.number}/").data["handoff"]
        assert (shown["id"], shown["sender"], shown["to"], shown["state"]) == (
            handoff.pk, "it", "facilities", "offered"
        )  # fmt: skip

    def test_someone_named_as_watcher_sees_it_from_then_on(self, company, as_api, new_request):
        client = as_api(company.watcher)
        add_watcher(by=company.requester, service_request=new_request, person=company.watcher)
        assert client.get(f"{ADDRESS}{new_request.number}/").status_code == 200


class TestChanging:
    def change(self, client, row, version=None, **body):
        headers = {"If-Match": version} if version else {}
        return client.patch(f"{ADDRESS}{row.number}/", body, headers=headers)

    def test_the_requester_changes_the_words_and_what_is_left_out_stays(self, company, as_api):
        row = file_laptop(company, title="Old", description="Kept")
        answer = self.change(as_api(company.requester), row, title="New")
        assert (answer.status_code, answer.data["title"], answer.data["description"]) == (200, "New", "Kept")
        assert answer["ETag"] == f'"{answer.data["version"]}"'

    def test_the_version_that_was_read_must_be_the_one_that_is_there(self, company, as_api, new_request):
        client = as_api(company.requester)
        stale = self.change(client, new_request, '"9"', title="New")
        assert (stale.status_code, stale.json()["code"]) == (412, "stale")
        assert self.change(client, new_request, '"1"', title="New").status_code == 200
        assert self.change(client, new_request, '"1"', title="Newer").status_code == 412
        assert self.change(client, new_request, "*", title="Newest").status_code == 200

    def test_agents_change_the_priority_with_a_reason(self, company, as_api, accepted_request):
        client = as_api(company.assigned)
        silent = self.change(client, accepted_request, urgency=1)
        assert silent.json()["errors"] == {"reason": ["Say why urgency or impact change."]}
        answer = self.change(client, accepted_request, urgency=1, reason="The whole floor waits")
        assert (answer.data["urgency"], answer.data["impact"], answer.data["priority"]) == (1, 3, 3)

    def test_a_reason_alone_changes_nothing(self, company, as_api, accepted_request):
        answer = self.change(as_api(company.assigned), accepted_request, reason="Because")
        assert answer.json()["errors"] == {"reason": ["A reason goes with urgency or impact."]}

    def test_the_head_gives_it_to_an_agent_and_takes_it_back(self, company, as_api, new_request):
        client = as_api(company.supplier_head)
        given = self.change(client, new_request, assignee=company.agent.email)
        assert (given.status_code, given.data["assignee"]) == (200, company.agent.email)
        taken = self.change(client, new_request, assignee=None)
        assert taken.data["assignee"] is None

    @pytest.mark.parametrize("email", ["nobody@example.test", "stan.stranger@example.test"])
    def test_only_agents_of_the_supplier_can_be_given_it(self, company, as_api, new_request, email):
        answer = self.change(as_api(company.supplier_head), new_request, assignee=email)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["assignee"])

    def test_all_parts_are_changed_or_none(self, company, as_api, new_request):
        """The head may assign, but not change the words."""
        answer = self.change(as_api(company.supplier_head), new_request, assignee=company.agent.email, title="Mine")
        new_request.refresh_from_db()
        assert (answer.status_code, new_request.assignee, new_request.version) == (403, None, 1)

    def test_nothing_sent_changes_nothing(self, company, as_api, new_request):
        answer = self.change(as_api(company.requester), new_request)
        assert (answer.status_code, answer.data["version"]) == (200, 1)


def test_a_reading_token_reads(company, as_api, new_request):
    client = as_api(company.requester, read_only=True)
    assert client.get(ADDRESS).status_code == 200
    refused = client.post(ADDRESS, FILING)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert refused.json()["detail"] == "This token may only read. Use one that may also write."


def test_a_browser_session_works_with_its_csrf_token_and_not_without(company, as_browser):
    client = as_browser(company.requester, enforce_csrf_checks=True)
    assert client.get(ADDRESS).status_code == 200
    forged = client.post(ADDRESS, FILING, content_type="application/json")
    assert (forged.status_code, forged.json()["code"]) == (403, "permission_denied")


def test_rights_end_at_once_with_the_token_the_person_or_the_hat(company, as_api, new_request):
    client = as_api(company.colleague)
    here = f"{ADDRESS}{new_request.number}/"
    assert client.get(here).status_code == 200
    company.colleague.memberships.all().delete()
    assert client.get(here).status_code == 404
    company.colleague.is_active = False
    company.colleague.save()
    assert client.get(here).status_code == 401
