"""An attacker reads what is told of wall checks, by their own addresses and by those of the campaign, and solves it."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from feedback.surveys.models import SurveyInvitation
from feedback.surveys.services import create_survey, give_answer, take_step
from tests.factories.surveys import opened
from tests.feedback.surveys.test_attacker import API, DEPARTMENTS, Attacker, Staff, subsets

pytestmark = pytest.mark.django_db
WALLS = "/api/v1/figures/wall-checks/"


def attack(company, as_api, staff: Staff, organisation) -> None:
    """A wall check has addresses of its own beside those of its campaign: equations over the same unknowns."""
    people = [
        (person, {f"five__{key}": values[name] for key, name in (("budget", "q1"), ("goals", "q4")) if name in values})
        for person, values in staff.asked(organisation)
    ]
    if sum(asked for asked, _said in organisation) < 5:
        return
    survey = create_survey(by=company.supplier_head, title="Wall", department=company.it, ready="wall_check")
    campaign = opened(company, survey, departments=staff.departments[: len(organisation)])
    readers = [as_api(company.by_context[letter]) for letter in ("EX", "SH")]
    for person, values in people:
        give_answer(by=person, campaign=campaign, values=dict(values))
    assert [reader.get(WALLS).json()["results"] for reader in readers] == [[], []]
    assert [reader.get(f"{WALLS}{campaign.pk}/").status_code for reader in readers] == [404, 404]
    rows = SurveyInvitation.objects.filter(campaign=campaign).select_related("group")
    group_of = {row.person_id: row.group.name if row.group else "All others" for row in rows}
    take_step(by=company.supplier_head, campaign=campaign, step="close")
    truth = [(group_of[person.pk], values) for person, values in people]
    for reader in readers:
        told = reader.get(f"{API}{campaign.pk}/results/").json()
        wall = reader.get(f"{WALLS}{campaign.pk}/").json()
        assert wall["n"] is None or wall["n"] >= 5
        figures = {one["key"]: one["figures"] for one in told["items"]}
        whole = {key: rows[0]["n"] for key, rows in figures.items() if rows and key.startswith("five__")}
        assert {f"five__{one['criterion']}": one["n"] for one in wall["criteria"]} == whole
        assert [
            leak for key in whole for leak in leaks_with_sums(key, figures[key], truth, sorted(set(group_of.values())))
        ] == []


def leaks_with_sums(key: str, figures: list[dict], truth: list[tuple[str, dict]], groups: list[str]) -> list[str]:
    """What follows about fewer than five from the results with n, mean and interval of the whole beside them."""
    scores = ["1", "2", "3", "4", "5"]
    attacker = Attacker(groups, scores)
    for figure in figures:
        for score in scores:
            attacker.learns(figure["group"], score)
    for power in (0, 1, 2):  # n, the sum behind the mean, the squares behind the interval
        attacker.equations.append(sum(int(score) ** power * attacker.vector(groups, score) for score in scores))
    sizes = {some: sum(group in some and key in values for group, values in truth) for some in subsets(groups)}
    return [
        f"{key}: {n} answers of {some}"
        for some, n in sizes.items()
        if 0 < n < 5 and any(attacker.knows(some, score) for score in scores)
    ]


@pytest.mark.parametrize("examples", [20, pytest.param(500, marks=pytest.mark.long)])
def test_nothing_of_fewer_than_five_follows_from_what_wall_checks_tell(company, as_api, examples):
    staff = Staff(company)

    @given(DEPARTMENTS)
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def attempt(organisation) -> None:
        with transaction.atomic():
            attack(company, as_api, staff, organisation)
            transaction.set_rollback(True)

    attempt()
