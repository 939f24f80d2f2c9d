"""The rating over HTTP: read, give, change, refuse; one error shape."""

import pytest

from feedback.ratings.models import Rating, RatingVersion
from tests.factories import file_laptop

FULL = {
    "overall": 4,
    "dimensions": {"reliability": 5, "assurance": 4, "tangibles": 3, "empathy": 2, "responsiveness": 1},
    "effort": 5,
    "comment": "Quick, and friendly.",
    "share_with_team": True,
}


@pytest.fixture
def path(delivered_request) -> str:
    return f"/api/v1/requests/{delivered_request.number}/rating/"


@pytest.fixture
def requester(company, as_api):
    return as_api(company.requester)


def test_before_the_rating_the_requester_reads_that_there_is_none(requester, path, delivered_request):
    answer = requester.get(path)

    assert answer.status_code == 200
    assert answer["ETag"] == '"0"'
    assert answer.json() == {
        "request": delivered_request.number,
        "supplier": "it",
        "overall": None,
        "dimensions": dict.fromkeys(FULL["dimensions"]),
        "effort": None,
        "comment": "",
        "share_with_team": False,
        "given_at": None,
        "changed_at": None,
        "replies": [],
        "may_reply": False,
        "answers": 0,
        "may_answer": True,
        "until": answer.json()["until"],
    }


def test_a_rating_is_given_and_read_back(requester, path, full_answer):
    given = requester.put(path, FULL)

    assert given.status_code == 200
    assert given["ETag"] == '"1"'
    assert Rating.objects.get().answer == full_answer
    assert {name: given.json()[name] for name in FULL} == FULL
    assert given.json()["given_at"] == given.json()["changed_at"]
    assert requester.get(path).json() == given.json()


def test_a_score_is_enough(requester, path):
    assert requester.put(path, {"overall": 3}).status_code == 200
    assert requester.put(path, {"overall": 3, "effort": None, "dimensions": {"empathy": None}}).json()["answers"] == 1


def test_a_change_replaces_the_answer_and_is_counted(requester, path):
    requester.put(path, FULL)
    changed = requester.put(path, {"overall": 1})

    assert (changed.json()["overall"], changed.json()["comment"], changed.json()["answers"]) == (1, "", 2)
    assert RatingVersion.objects.count() == 2


def test_a_change_that_saw_something_older_is_refused(requester, path):
    requester.put(path, FULL, headers={"If-Match": '"0"'})

    refused = requester.put(path, {"overall": 1}, headers={"If-Match": '"0"'})
    assert (refused.status_code, refused.json()["code"]) == (412, "stale")
    assert requester.put(path, {"overall": 1}, headers={"If-Match": '"1"'}).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "overall"),
        ({"overall": 0}, "overall"),
        ({"overall": 6}, "overall"),
        ({"overall": "4"}, "overall"),
        ({"overall": True}, "overall"),
        ({"overall": None}, "overall"),
        ({"overall": 10**18}, "overall"),
        ({"overall": 4, "effort": 9}, "effort"),
        ({"overall": 4, "dimensions": {"empathy": 7}}, "dimensions.empathy"),
        ({"overall": 4, "dimensions": {"charm": 5}}, "dimensions.charm"),
        ({"overall": 4, "dimensions": [1]}, "dimensions"),
        ({"overall": 4, "dimensions": None}, "dimensions"),
        ({"overall": 4, "comment": 5}, "comment"),
        ({"overall": 4, "comment": "x" * 4001}, "comment"),
        ({"overall": 4, "share_with_team": "yes"}, "share_with_team"),
        ({"overall": 4, "stars": 5}, "stars"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_and_changes_nothing(requester, path, body, field):
    refused = requester.put(path, body)

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert [name.removesuffix(".body") for name in refused.json()["errors"]] == [field]
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"4", b'{"overall": 4, "comment": "\\u0000"}', b"\xff", b"{"])
def test_a_body_that_is_no_rating_is_refused(requester, path, body):
    assert requester.put(path, body, content_type="application/json").status_code == 400


def test_too_early_and_too_late_are_refused_by_state(company, requester, delivered_request, path):
    early = requester.put(f"/api/v1/requests/{file_laptop(company).number}/rating/", {"overall": 4})
    assert (early.status_code, early.json()["code"]) == (409, "not_delivered")

    type(delivered_request).objects.update(delivered_at="2020-01-01T00:00Z")
    late = requester.put(path, {"overall": 4})
    assert (late.status_code, late.json()["code"]) == (409, "over")


def test_only_the_requester_gives_it(company, as_api, path):
    found = {
        letters: as_api(person).put(path, {"overall": 5}).status_code for letters, person in company.by_context.items()
    }

    assert {letters for letters, status in found.items() if status == 200} == {"RQ"}
    refused = {"CC", "CH", "SA", "AS", "SH", "AD", "AU"}
    assert {letters for letters, status in found.items() if status == 403} == refused
    assert {letters for letters, status in found.items() if status == 404} == {"U", "WT", "OA", "OH", "EX"}
    assert as_api().put(path, {"overall": 5}).status_code == 401


@pytest.mark.parametrize(("shared", "readers"), [(False, {"RQ"}), (True, {"RQ", "SA", "AS", "SH"})])
def test_the_rated_team_reads_only_what_was_shared(company, as_api, requester, path, shared, readers):
    requester.put(path, FULL | {"share_with_team": shared})

    found = {letters for letters, person in company.by_context.items() if as_api(person).get(path).status_code == 200}

    assert found == readers
    assert as_api().get(path).status_code == 401


def test_that_there_is_no_rating_is_not_told_to_the_team(company, as_api, path):
    assert as_api(company.agent).get(path).status_code == 404


def test_the_team_reads_who_may_change_it(company, as_api, requester, path):
    requester.put(path, FULL)

    read = as_api(company.agent).get(path).json()

    assert (read["overall"], read["may_answer"], read["until"]) == (4, False, None)


def test_a_token_that_only_reads_gives_nothing(company, as_api, path):
    reading = as_api(company.requester, read_only=True)

    assert reading.put(path, {"overall": 4}).status_code == 403
    assert reading.get(path).status_code == 200


def test_parameters_it_does_not_know_are_refused(requester, path):
    assert requester.get(path, {"as": "agent"}).status_code == 400
