"""Wall checks over HTTP: the numbers of the page, for whom the results are, and nothing of fewer than five."""

import pytest

from tests.factories.chain import wall_check

pytestmark = pytest.mark.django_db
PATH = "/api/v1/figures/wall-checks/"


def test_it_says_what_the_page_says(company, as_api, as_browser):
    check = wall_check(company, [(1, 2, 2, 4, 4)] * 4 + [(2, 1, 1, 5, 4)] * 2)
    api = as_api(company.executive)
    [row] = api.get(PATH).json()["results"]
    assert row == row | {"campaign": check.pk, "n": 6, "measured": 5, "failing": 3, "is_wall": True}
    assert sorted(row["departments"]) == ["it", "sales"]
    told = api.get(f"{PATH}{check.pk}/").json()
    assert [one["criterion"] for one in told["criteria"] if one["fails"]] == ["budget", "schedule", "specification"]
    [wall] = as_browser(company.executive).get("/company/").context["page"].asked_walls
    assert (wall.n, wall.measured, len(wall.signs)) == (row["n"], row["measured"], row["failing"])
    survey = api.get(f"/api/v1/campaigns/{check.pk}/results/").json()
    same = {item["key"]: item["figures"][0] for item in survey["items"] if item["key"].startswith("five__")}
    assert {one["criterion"]: one["n"] for one in told["criteria"]} == {
        key.removeprefix("five__"): figure["n"] for key, figure in same.items()
    }


def test_no_wall_is_said_too(company, as_api):
    wall_check(company, [(1, 1, 1, 4, 4), (5, 5, 5, 5, 5)] * 3)
    [row] = as_api(company.executive).get(PATH).json()["results"]
    assert (row["failing"], row["is_wall"], row["measured"]) == (0, False, 5)


def test_four_answers_tell_nothing_not_even_how_many(company, as_api):
    check = wall_check(company, [(1, 1, 1, 1, 1)] * 4)
    [row] = as_api(company.executive).get(PATH).json()["results"]
    assert (row["n"], row["measured"], row["failing"], row["is_wall"]) == (None, 0, 0, False)
    assert as_api(company.executive).get(f"{PATH}{check.pk}/").json()["criteria"] == []


def test_a_criterion_that_four_answered_is_left_out(company, as_api):
    check = wall_check(company, [(1, 1, 1, 1, 1)] * 4 + [(1, 1, 1, 1, 0)] * 2)
    told = as_api(company.executive).get(f"{PATH}{check.pk}/").json()
    assert [one["criterion"] for one in told["criteria"]] == ["budget", "schedule", "specification", "customer"]


def test_they_are_for_whom_the_results_are(company, as_api):
    check = wall_check(company, [(1, 1, 1, 4, 4)] * 6)
    listed = {letter: as_api(person).get(PATH) for letter, person in company.by_context.items()}
    assert {letter for letter, answer in listed.items() if answer.json().get("results")} == {
        "CH", "SA", "AS", "SH", "AU", "EX",
    }  # fmt: skip
    one = {
        letter: as_api(person).get(f"{PATH}{check.pk}/").status_code for letter, person in company.by_context.items()
    }
    assert {letter for letter, code in one.items() if code == 200} == {"CH", "SA", "AS", "SH", "AU", "EX"}
    assert (one["OH"], one["OA"], one["RQ"], one["AD"]) == (404, 404, 403, 403)


def test_another_survey_is_no_wall_check(company, as_api):
    assert as_api(company.executive).get(f"{PATH}999/").status_code == 404
