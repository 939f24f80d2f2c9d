"""Improvement plans over HTTP."""

import pytest
from django.utils import timezone

from metrics.improvement.models import Improvement
from metrics.improvement.policies import reads_figure
from tests.factories.improvements import measured, planned

pytestmark = pytest.mark.django_db
PATH = "/api/v1/improvements/"


def body(company, **more) -> dict:
    return {
        "department": "it", "name": "Rota", "side": "supplier", "figure": "resolution_time", "expected": -0.2,
        "effective_on": timezone.localdate().isoformat(), "owner": company.assigned.email,
    } | more  # fmt: skip


@pytest.fixture
def head(company, as_api):
    return as_api(company.supplier_head)


def test_one_is_planned_read_and_listed(company, head):
    made = head.post(PATH, body(company, other="sales", comparison="facilities"))
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    one = made.json()
    assert head.get(f"{PATH}{one['id']}/").json() == one
    assert (one["other"], one["comparison"], one["scale"], one["moves"]) == (
        "sales", "facilities", "ratio", ["start", "cancel"],
    )  # fmt: skip
    listed = head.get(PATH, {"department": "it"}).json()["results"]
    assert [row["id"] for row in listed] == [one["id"]]


def test_the_effect_is_told_with_all_its_numbers(company, head):
    first, second = head.get(f"{PATH}{measured(company).pk}/").json()["effects"]
    assert (first["horizon"], first["verdict"], first["held"], first["method"]) == ("first", "improved", None, 1)
    assert first["low"] < first["effect"] < first["high"] < 0
    assert (second["verdict"], second["effect"]) == ("too_early", None)


def test_sent_again_under_its_key_it_happens_once(company, head):
    answers = [head.post(PATH, body(company), headers={"Idempotency-Key": "once"}) for _time in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Improvement.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"figure": "created"}, "figure"), ({"expected": 0.2}, "expected"), ({"expected": 99}, "expected"),
        ({"owner": "nobody@example.test"}, "owner"), ({"other": "nowhere"}, "other"), ({"other": "it"}, "other"),
        ({"service": "badge"}, "service"), ({"department": "nowhere"}, "department"), ({"colour": "red"}, "colour"),
        ({"side": "both"}, "side"), ({"effective_on": "soon"}, "effective_on"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_named(company, head, wrong, field):
    answer = head.post(PATH, body(company, **wrong))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_it_is_changed_moved_and_its_actions_done(company, head):
    one = f"{PATH}{planned(company).pk}/"
    changed = head.patch(one, {"expected": -0.1, "other": "sales"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["expected"], changed.json()["other"]) == (200, -0.1, "sales")
    action = {"what": "Draw it up", "owner": company.agent.email, "due_on": timezone.localdate().isoformat()}
    added = head.post(f"{one}actions/", action)
    assert (added.status_code, added.json()["actions"][0]["done_on"]) == (201, None)
    done = head.post(f"{one}actions/{added.json()['actions'][0]['id']}/done/")
    assert done.json()["actions"][0]["done_on"] == timezone.localdate().isoformat()
    assert head.post(f"{one}actions/99/done/").status_code == 404
    started = head.post(f"{one}moves/", {"move": "start"})
    assert (started.json()["state"], started.json()["moves"]) == ("running", ["judge", "cancel"])
    assert list(head.patch(one, {"expected": -0.3}).json()["errors"]) == ["expected"]
    early = head.post(f"{one}moves/", {"move": "judge", "note": "Good"})
    assert (early.status_code, early.json()["code"]) == (409, "too_early")
    assert head.post(f"{one}moves/", {"move": "close"}).status_code == 409
    assert head.post(f"{one}moves/", {"move": "cancel", "note": "x"}, headers={"If-Match": '"1"'}).status_code == 412
    assert head.post(f"{one}moves/", {"move": "cancel", "note": "No money"}).json()["state"] == "cancelled"
    assert head.get(PATH).json()["results"] == []
    assert len(head.get(PATH, {"ended": "yes"}).json()["results"]) == 1


def test_others_change_nothing_and_strangers_see_nothing(company, as_api):
    one = f"{PATH}{planned(company).pk}/"
    agent, stranger = as_api(company.agent), as_api(company.stranger)
    for client, status in ((agent, 403), (stranger, 404)):
        assert client.patch(one, {"name": "x"}).status_code == status
        assert client.post(f"{one}moves/", {"move": "start"}).status_code == status
        assert client.post(f"{one}actions/", {}).status_code == status
    assert agent.post(PATH, body(company)).status_code == 403
    assert stranger.get(PATH).json()["results"] == []


def test_what_people_answered_is_told_to_whoever_may_read_sums_of_it(company, as_api):
    row = measured(company, before=3.5, after=4.2, figure="rating_mean", expected=0.3, other=company.sales)
    for reader in (company.supplier_head, company.customer_head, company.executive):
        assert len(as_api(reader).get(f"{PATH}{row.pk}/").json()["effects"]) == 2
    assert reads_figure(company.stranger, row) is False


def test_the_list_takes_as_many_queries_for_three_as_for_one(company, head, django_assert_max_num_queries):
    measured(company)
    head.get(PATH)
    with django_assert_max_num_queries(100) as one:
        head.get(PATH)
    for _time in range(2):
        measured(company, other=company.sales, service=company.laptop)
    with django_assert_max_num_queries(len(one)):
        assert len(head.get(PATH).json()["results"]) == 3
