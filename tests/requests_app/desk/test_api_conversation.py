"""Moves, messages, files, handoffs, history, clocks and watchers over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app.agreements.states import DEFAULT_TARGETS
from requests_app.desk.models import Attachment, ServiceRequest
from requests_app.desk.services.attachments import path_of
from requests_app.desk.services.conversation import add_watcher, attach, post_message
from requests_app.desk.services.handoffs import offer_handoff
from requests_app.desk.services.moves import Words, move_request
from requests_app.events.services import record
from tests.api_stage import read_to_the_end, text_file
from tests.factories import accept, file_laptop

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/requests/"


def at(row: ServiceRequest, part: str) -> str:
    return f"{ADDRESS}{row.number}/{part}/"


class TestMoves:
    def move(self, client, row, **body):
        return client.post(at(row, "moves"), body)

    def test_answers_with_the_request_as_it_is_now(self, company, as_api, new_request):
        answer = self.move(as_api(company.assigned), new_request, action="accept")
        assert (answer.status_code, answer.data["status"], answer.data["assignee"]) == (
            200, "accepted", company.assigned.email
        )  # fmt: skip
        assert answer["ETag"] == '"2"'

    def test_a_move_that_is_not_yours_names_who_could(self, company, as_api, new_request):
        answer = self.move(as_api(company.requester), new_request, action="accept")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        assert "an agent of the supplying department" in answer.json()["detail"]

    def test_a_move_that_the_state_does_not_allow_says_so(self, company, as_api, accepted_request):
        answer = self.move(as_api(company.assigned), accepted_request, action="resume")
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")

    def test_a_move_of_an_older_version_is_stale(self, company, as_api, new_request):
        client = as_api(company.assigned)
        answer = client.post(at(new_request, "moves"), {"action": "accept"}, headers={"If-Match": '"7"'})
        assert answer.status_code == 412

    @pytest.mark.parametrize(
        ("body", "status", "fields"),
        [
            ({"action": "hold", "hold_reason": "customer", "reason": "Which size?"}, 200, None),
            ({"action": "hold", "reason": "third_party"}, 200, None),
            ({"action": "hold"}, 400, ["hold_reason"]),
            ({"action": "hold", "reason": "lunch"}, 400, ["hold_reason"]),
            ({"action": "hold", "hold_reason": "lunch"}, 400, ["hold_reason"]),
            ({"action": "decline"}, 400, ["reason"]),
            ({"action": "explode"}, 400, ["action"]),
            ({}, 400, ["action"]),
        ],
    )
    def test_a_move_says_what_it_needs(self, company, as_api, accepted_request, body, status, fields):
        answer = self.move(as_api(company.assigned), accepted_request, **body)
        assert answer.status_code == status
        assert fields is None or list(answer.json()["errors"]) == fields

    def test_a_hold_reason_given_as_the_reason_is_no_note(self, company, as_api, accepted_request):
        answer = self.move(as_api(company.assigned), accepted_request, action="hold", reason="third_party")
        assert answer.data["hold_reason"] == "third_party"
        assert accepted_request.holds.get().note == ""

    def test_a_rejection_says_what_was_agreed_what_came_and_what_would_put_it_right(
        self, company, as_api, delivered_request
    ):
        client = as_api(company.requester)
        silent = self.move(client, delivered_request, action="reject", agreed="A")
        assert list(silent.json()["errors"]) == ["received", "remedy"]
        told = self.move(client, delivered_request, action="reject", agreed="A", received="B", remedy="C")
        assert told.data["status"] == "in_progress"


class TestMessages:
    def test_both_sides_read_replies_and_only_the_supplier_reads_notes(self, company, as_api, accepted_request):
        agent, requester = as_api(company.assigned), as_api(company.requester)
        agent.post(at(accepted_request, "messages"), {"body": "Which size?"})
        agent.post(at(accepted_request, "messages"), {"body": "Stock is low", "internal": True})
        requester.post(at(accepted_request, "messages"), {"body": "13 inch"})

        def bodies(client):
            return [message["body"] for message in client.get(at(accepted_request, "messages")).data["results"]]

        assert bodies(agent) == ["Which size?", "Stock is low", "13 inch"]
        assert bodies(requester) == ["Which size?", "13 inch"]
        assert bodies(as_api(company.auditor)) == ["Which size?", "Stock is low", "13 inch"]

    def test_the_customer_writes_no_notes(self, company, as_api, accepted_request):
        body = {"body": "psst", "internal": True}
        answer = as_api(company.requester).post(at(accepted_request, "messages"), body)
        assert answer.status_code == 403

    def test_says_for_whom_the_author_speaks(self, company, as_api, accepted_request):
        answer = as_api(company.assigned).post(at(accepted_request, "messages"), {"body": "x"})
        assert {key: answer.data[key] for key in ("author", "department", "body", "internal", "edited_at")} == {
            "author": company.assigned.email,
            "department": "it",
            "body": "x",
            "internal": False,
            "edited_at": None,
        }

    @pytest.mark.parametrize("rows", [1, 3])
    def test_a_page_costs_five_queries(self, company, as_api, accepted_request, rows, django_assert_num_queries):
        for _ in range(rows):
            post_message(by=company.assigned, service_request=accepted_request, body="x")
        client = as_api(company.requester)
        with django_assert_num_queries(5):
            assert len(client.get(at(accepted_request, "messages")).data["results"]) == rows


class TestFiles:
    def upload(self, client, row, *files, **more):
        return client.post(at(row, "attachments"), {"files": list(files)} | more, format="multipart")

    def test_are_taken_described_and_given_back(self, company, as_api, new_request):
        client = as_api(company.requester)
        answer = self.upload(client, new_request, text_file("a.txt", b"one"), text_file("ß 打印.txt", b"two"))
        assert answer.status_code == 201
        first, second = answer.data["results"]
        assert (first["name"], first["size"], first["content_type"], first["internal"]) == (
            "a.txt", 3, "text/plain", False
        )  # fmt: skip
        assert client.get(at(new_request, "attachments")).data["results"] == [first, second]

        content = client.get(second["links"]["content"])
        assert read_to_the_end(content) == b"two"
        assert content["Content-Disposition"] == "attachment; filename*=utf-8''%C3%9F%20%E6%89%93%E5%8D%B0.txt"
        assert content["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert content["X-Content-Type-Options"] == "nosniff"
        assert content["Cross-Origin-Resource-Policy"] == "same-origin"

    def test_internal_ones_are_not_there_for_the_customer(self, company, as_api, accepted_request):
        answer = self.upload(as_api(company.assigned), accepted_request, text_file(), internal="true")
        hidden = answer.data["results"][0]
        requester = as_api(company.requester)
        assert requester.get(at(accepted_request, "attachments")).data["results"] == []
        assert requester.get(hidden["links"]["content"]).status_code == 404
        assert read_to_the_end(as_api(company.agent).get(hidden["links"]["content"])) == b"hello"

    @pytest.mark.parametrize(
        ("files", "more"),
        [
            ([], {}),
            (["not a file"], {}),
            ([text_file("virus.exe")], {}),
            ([text_file("page.html", b"<script>")], {}),
            ([text_file("photo.png", b"no picture")], {}),
            ([text_file(f"{place}.txt") for place in range(11)], {}),
            ([text_file()], {"internal": "perhaps"}),
            ([text_file()], {"path": "/etc"}),
        ],
    )
    def test_what_cannot_be_kept_is_refused_by_name_and_nothing_is(self, company, as_api, new_request, files, more):
        answer = self.upload(as_api(company.requester), new_request, *files, **more)
        assert answer.status_code == 400
        assert answer.json()["errors"]
        assert Attachment.objects.count() == 0

    def test_a_file_that_is_too_large_is_refused(self, company, as_api, new_request, settings):
        settings.UPLOAD_LIMIT_BYTES = 4
        answer = self.upload(as_api(company.requester), new_request, text_file(content=b"hello"))
        assert answer.status_code in (400, 413)
        assert answer.json()["errors"]["files"]

    def test_a_name_is_only_shown_and_never_a_path(self, company, as_api, new_request):
        client = as_api(company.requester)
        answer = self.upload(client, new_request, text_file("..\\..\\secret\u202e.txt"))
        assert answer.data["results"][0]["name"] == "secret.txt"

    def test_a_file_that_is_gone_from_the_disk_is_absent(self, company, as_api, new_request):
        file = attach(by=company.requester, service_request=new_request, files=[text_file()])[0]
        path_of(file).unlink()
        assert as_api(company.requester).get(f"/api/v1/attachments/{file.pk}/content/").status_code == 404

    def test_strangers_get_nothing(self, company, as_api, new_request):
        file = attach(by=company.requester, service_request=new_request, files=[text_file()])[0]
        assert as_api(company.stranger).get(f"/api/v1/attachments/{file.pk}/content/").status_code == 404


class TestHandoffs:
    @pytest.fixture
    def offer(self, company, accepted_request):
        return offer_handoff(
            by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Yours"
        )

    def answer(self, client, offer, word: str, **body):
        return client.post(f"/api/v1/handoffs/{offer.pk}/{word}/", body)

    def test_the_receiver_takes_over(self, company, as_api, offer):
        answer = self.answer(as_api(company.other_agent), offer, "accept")
        assert (answer.status_code, answer.data["state"], answer.data["answered_by"]) == (
            200, "accepted", company.other_agent.email
        )  # fmt: skip
        assert offer.service_request.number == answer.data["request"]

    def test_the_receiver_gives_back_and_still_hears_the_answer(self, company, as_api, offer):
        client = as_api(company.other_agent)
        assert list(self.answer(client, offer, "decline").json()["errors"]) == ["reason"]
        answer = self.answer(client, offer, "decline", reason="Not ours")
        assert (answer.status_code, answer.data["state"], answer.data["answer"]) == (200, "declined", "Not ours")
        assert client.get(answer.data["links"]["request"]).status_code == 404

    def test_the_sender_takes_it_back(self, company, as_api, offer):
        answer = self.answer(as_api(company.assigned), offer, "withdraw")
        assert (answer.status_code, answer.data["state"]) == (200, "withdrawn")

    def test_an_offer_is_answered_once(self, company, as_api, offer):
        client = as_api(company.other_agent)
        self.answer(client, offer, "accept")
        again = self.answer(client, offer, "accept")
        assert (again.status_code, again.json()["code"]) == (409, "illegal_move")

    @pytest.mark.parametrize(("who", "word", "status"), [
        ("assigned", "accept", 403), ("requester", "accept", 403), ("requester", "withdraw", 403),
        ("other_agent", "withdraw", 403), ("stranger", "accept", 404), ("executive", "decline", 404),
    ])  # fmt: skip
    def test_only_those_it_concerns_answer(self, company, as_api, offer, who, word, status):
        body = {"reason": "x"} if word == "decline" else {}
        assert self.answer(as_api(getattr(company, who)), offer, word, **body).status_code == status

    def test_are_listed_for_the_request_and_for_those_who_should_answer(self, company, as_api, offer):
        agent = as_api(company.other_agent)
        assert [one["id"] for one in agent.get("/api/v1/handoffs/").data["results"]] == [offer.pk]
        assert as_api(company.assigned).get("/api/v1/handoffs/").data["results"] == []
        here = at(offer.service_request, "handoffs")
        assert as_api(company.requester).get(here).data["results"] == agent.get("/api/v1/handoffs/").data["results"]
        self.answer(agent, offer, "decline", reason="Not ours")
        assert agent.get("/api/v1/handoffs/").data["results"] == []

    @pytest.mark.parametrize("rows", [1, 3])
    def test_a_list_costs_three_queries(self, company, as_api, rows, django_assert_num_queries):
        for _ in range(rows):
            row = accept(company, file_laptop(company))
            offer_handoff(by=company.assigned, service_request=row, to=company.facilities, reason="Yours")
        client = as_api(company.other_agent)
        with django_assert_num_queries(3):
            assert len(client.get("/api/v1/handoffs/").data["results"]) == rows


class TestHistory:
    def test_names_departments_and_people_instead_of_ids(self, company, as_api, accepted_request):
        offer_handoff(by=company.assigned, service_request=accepted_request, to=company.facilities, reason="Yours")
        events = as_api(company.requester).get(at(accepted_request, "events")).data["results"]
        filed, accepted, offered = events
        assert {key: filed["data"][key] for key in ("customer", "supplier", "department", "service", "requester")} == {
            "customer": "sales",
            "supplier": "it",
            "department": "it",
            "service": "laptop",
            "requester": company.requester.email,
        }
        assert (filed["kind"], filed["by"], filed["on_behalf_of"]) == ("request.filed", company.requester.email, None)
        assert accepted["data"] == {"department": "it", "assignee": company.assigned.email}
        assert {key: offered["data"][key] for key in ("from", "to", "department", "reason")} == {
            "from": "it",
            "to": "facilities",
            "department": "facilities",
            "reason": "Yours",
        }

    def test_holds_no_trace_of_notes_or_ratings_for_the_customer(self, company, as_api, accepted_request):
        post_message(by=company.assigned, service_request=accepted_request, body="Stock is low", internal=True)
        record(
            kind="rating.given",
            subject_kind="request",
            subject_id=accepted_request.pk,
            by=company.requester,
            data={"rating": 1, "overall": 1},
        )

        def kinds(person):
            return [event["kind"] for event in as_api(person).get(at(accepted_request, "events")).data["results"]]

        assert kinds(company.requester) == ["request.filed", "request.accepted"]
        assert kinds(company.agent) == ["request.filed", "request.accepted", "message.internal"]

    @pytest.mark.parametrize("rows", [1, 3])
    def test_costs_eight_queries(self, company, as_api, accepted_request, rows, django_assert_num_queries):
        for _ in range(rows):
            post_message(by=company.assigned, service_request=accepted_request, body="x")
        client = as_api(company.requester)
        with django_assert_num_queries(8):
            assert len(client.get(at(accepted_request, "events")).data["results"]) == rows + 2


class TestClocks:
    def test_explain_themselves_and_add_up(self, company, as_api):
        began = (timezone.now() - timedelta(hours=20)).replace(microsecond=0)
        resolution = DEFAULT_TARGETS[5][1]
        hours = lambda n: began + timedelta(hours=n)  # noqa: E731
        accepted_request = accept(company, file_laptop(company, at=began), at=hours(1))
        move_request(
            by=company.assigned, service_request=accepted_request, action="hold",
            words=Words(hold_reason="customer"), at=hours(2),
        )  # fmt: skip
        move_request(by=company.assigned, service_request=accepted_request, action="resume", at=hours(5))
        move_request(by=company.assigned, service_request=accepted_request, action="deliver", at=hours(9))

        clocks = as_api(company.requester).get(at(accepted_request, "clocks")).data["results"]
        clock = next(one for one in clocks if one["measure"] == "resolution")

        assert [clocks[place]["measure"] for place in (0, 1)] == ["response", "resolution"]
        assert (clock["target_seconds"], clock["elapsed_seconds"], clock["paused_seconds"]) == (
            resolution, 6 * 3600, 3 * 3600
        )  # fmt: skip
        assert clock["remaining_seconds"] == resolution - 6 * 3600
        assert [
            (part["begins"], part["ends"], part["counts"], part["working_seconds"]) for part in clock["intervals"]
        ] == [
            (began, hours(2), True, 2 * 3600),
            (hours(2), hours(5), False, 3 * 3600),
            (hours(5), hours(9), True, 4 * 3600),
        ]
        assert sum(part["working_seconds"] for part in clock["intervals"] if part["counts"]) == clock["elapsed_seconds"]
        assert (clock["state"], clock["stopped_at"], clock["due_at"]) == ("kept", hours(9), None)
        assert (clock["agreement"]["version"], clock["agreement"]["rule"]) == (1, "The company's default, version 1.")
        assert clock["calendar"] == {"slug": "standard", "version": 1, "zone": "Europe/Berlin"}
        assert clock["why"] == (
            "The company's default, version 1. Priority Planned: urgency “Work goes on”, touched “One person”. "
            "Calendar “Standard”, Europe/Berlin."
        )

    def test_link_to_the_agreement_they_follow(self, company, as_api, new_request):
        client = as_api(company.requester)
        clock = client.get(at(new_request, "clocks")).data["results"][0]
        assert client.get(clock["agreement"]["link"]).data["version"] == clock["agreement"]["version"]

    def test_show_how_long_the_customer_has_to_answer(self, company, as_api, delivered_request):
        clocks = as_api(company.requester).get(at(delivered_request, "clocks")).data["results"]
        assert [clock["measure"] for clock in clocks] == ["response", "resolution", "verdict"]
        assert (clocks[2]["agreement"], clocks[2]["calendar"], clocks[2]["label"]) == (None, None, "Your acceptance")
        assert clocks[2]["due_at"] == ServiceRequest.objects.get().acceptance_due_at


class TestWatchers:
    def test_are_named_read_along_and_leave(self, company, as_api, new_request):
        requester, watcher = as_api(company.requester), as_api(company.watcher)
        body = {"person": company.watcher.email}
        assert requester.post(at(new_request, "watchers"), body).status_code == 201
        assert requester.post(at(new_request, "watchers"), body).status_code == 201
        listed = watcher.get(at(new_request, "watchers")).data["results"]
        assert listed == [{"person": company.watcher.email, "name": "Wanda Watcher"}]
        gone = watcher.delete(f"{at(new_request, 'watchers')}{company.watcher.email}/")
        assert gone.status_code == 204
        assert watcher.get(at(new_request, "watchers")).status_code == 404

    def test_colleagues_neither_add_nor_remove_them(self, company, as_api, new_request):
        add_watcher(by=company.requester, service_request=new_request, person=company.watcher)
        client = as_api(company.colleague)
        assert client.post(at(new_request, "watchers"), {"person": company.stranger.email}).status_code == 403
        assert client.delete(f"{at(new_request, 'watchers')}{company.watcher.email}/").status_code == 403

    def test_whoever_does_not_watch_cannot_be_removed(self, company, as_api, new_request):
        client = as_api(company.requester)
        assert client.delete(f"{at(new_request, 'watchers')}{company.stranger.email}/").status_code == 404
        unknown = client.post(at(new_request, "watchers"), {"person": "nobody@example.test"})
        assert unknown.json()["errors"] == {"person": ["There is nobody with this address."]}
