"""An attacker takes everything that a role can fetch, before and after each answer, and solves for what is hidden.

Organisations, who answers, and what, are made by chance. The unknowns are how often each group gave each answer; what
is told makes a system of linear equations. Whatever follows from it about fewer than five people is a leak. Not a leak:
that all of at least five people said the same, which a distribution of five people may always show.
"""

from itertools import chain, combinations

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.surveys.models import SurveyAnswer, SurveyInvitation
from feedback.surveys.services import create_survey, give_answer, take_step
from requests_app.org.models import Person
from requests_app.org.services import save_department
from tests.factories import make_person
from tests.factories.surveys import opened, survey_of

pytestmark = pytest.mark.django_db
API, WALLS = "/api/v1/campaigns/", "/api/v1/figures/wall-checks/"
SCALE = {"key": "q1", "kind": "scale5", "text": {"en": "How?"}}
CHOICE = {"key": "q2", "kind": "single", "text": {"en": "Which?"}, "options": [
    {"key": "a", "text": {"en": "1"}}, {"key": "b", "text": {"en": "2"}}, {"key": "c", "text": {"en": "3"}},
]}  # fmt: skip
AFTER = {"key": "q4", "kind": "scale5", "text": {"en": "After a?"}, "only_if": {"question": "q2", "answers": ["a"]}}
TEXT = {"key": "q3", "kind": "text", "text": {"en": "Why?"}}
READERS = ("SA", "SH", "AU", "EX", "CH")
REFUSED = ("U", "RQ", "WT", "CC", "OA", "AD")
ANSWER = st.fixed_dictionaries(
    {}, optional={"q1": st.integers(1, 3), "q2": st.sampled_from("abc"), "q3": st.just("said"), "q4": st.integers(1, 3)}
)
# For each department how many are asked, and what those say who answer (fewer or as many).
ORGANISATION = st.lists(st.tuples(st.integers(1, 8), st.lists(ANSWER, max_size=8)), min_size=2, max_size=4)


class Attacker:
    """What one reader can fetch, as equations over counts[group, answer] of one question."""

    def __init__(self, groups: list[str], answers: list[str]):
        self.groups, self.answers = groups, answers
        self.equations: list[np.ndarray] = []

    def vector(self, groups, answer: str) -> np.ndarray:
        found = np.zeros((len(self.groups), len(self.answers)))
        for group in groups:
            found[self.groups.index(group), self.answers.index(answer)] = 1
        return found.ravel()

    def learns(self, group: str | None, answer: str) -> None:
        self.equations.append(self.vector([group] if group else self.groups, answer))

    def knows(self, groups, answer: str) -> bool:
        """Whether the equations determine how often these groups together gave this answer."""
        system = np.array(self.equations) if self.equations else np.zeros((1, len(self.groups) * len(self.answers)))
        more = np.vstack([system, self.vector(groups, answer)])
        return np.linalg.matrix_rank(system) == np.linalg.matrix_rank(more)


def subsets(groups):
    return chain.from_iterable(combinations(groups, size) for size in range(1, len(groups) + 1))


def leaks(told: dict, truth: list[tuple[str, dict]], groups: list[str]) -> list[str]:
    """Everything below the floor that follows from what one reader was told after the end."""
    found = []
    for item in told["items"]:
        if item["key"] == "q3":
            assert not item["texts"] or sum("q3" in values for _group, values in truth) >= 10
            assert [figure["group"] for figure in item["figures"]] in ([], [None])
            continue
        answers = [share["answer"] for figure in item["figures"][:1] for share in figure["shares"]]
        attacker = Attacker(groups, answers)
        for figure in item["figures"]:
            assert figure["n"] >= 5
            for answer in answers:
                attacker.learns(figure["group"], answer)
        for some in subsets(groups):
            n = sum(group in some and item["key"] in values for group, values in truth)
            if 0 < n < 5 and any(attacker.knows(some, answer) for answer in answers):
                found.append(f"{item['key']}: {n} answers of {some}")
    return found


class Staff:
    """Four departments of eight, of whom each organisation takes some."""

    def __init__(self, company):
        self.departments = [save_department(by=company.admin, slug=f"d{n}", name=f"D{n}") for n in range(4)]
        self.people = [
            [make_person(f"P {number} {place}", department) for place in range(8)]
            for number, department in enumerate(self.departments)
        ]

    def asked(self, organisation) -> list[tuple]:
        """Person and answer; all others are gone."""
        gone = [one.pk for rows, (asked, _said) in zip(self.people, organisation, strict=False) for one in rows[asked:]]
        Person.objects.filter(pk__in=gone).update(is_active=False)
        pairs = zip(self.people, organisation, strict=False)
        return [pair for rows, (asked, said) in pairs for pair in zip(rows[:asked], said, strict=False)]


def stored(values: dict) -> dict:
    """What is kept: nothing of a question that was not asked."""
    return {key: value for key, value in values.items() if key != "q4" or values.get("q2") == "a"}


def attack(company, as_api, staff: Staff, organisation) -> None:
    people = staff.asked(organisation)
    if sum(asked for asked, _said in organisation) < 5:
        return
    departments = staff.departments[: len(organisation)]
    campaign = opened(company, survey_of(company, [SCALE, CHOICE, AFTER, TEXT]), departments=departments)
    reader = as_api(company.executive)
    before = reader.get(f"{API}{campaign.pk}/results/").json()
    assert before["items"] == []
    rows = SurveyInvitation.objects.filter(campaign=campaign).select_related("group")
    group_of = {row.person_id: row.group.name if row.group else "All others" for row in rows}
    for person, values in people:
        give_answer(by=person, campaign=campaign, values=dict(values))
    truth = [(group_of[person.pk], stored(values)) for person, values in people]
    assert reader.get(f"{API}{campaign.pk}/results/").json() == before
    progress = reader.get(f"{API}{campaign.pk}/").json()["progress"]
    assert [one for one in progress if one["invited"] < 5] == []
    take_step(by=company.supplier_head, campaign=campaign, step="close")
    groups = sorted(set(group_of.values()))
    told = [as_api(company.by_context[letter]).get(f"{API}{campaign.pk}/results/").json() for letter in ("EX", "SH")]
    assert [leaks(one, truth, groups) for one in told] == [[], []]
    assert set(SurveyAnswer.objects.values_list("person", "given_at")) <= {(None, None)}


def attack_wall_check(company, as_api, staff: Staff, organisation) -> None:
    """The same of a wall check, which has addresses of its own: they are equations over the same unknowns."""
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


def attack_many(company, as_api, examples: int, attack=attack) -> None:
    staff = Staff(company)

    @given(ORGANISATION)
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def attempt(organisation) -> None:
        with transaction.atomic():
            attack(company, as_api, staff, organisation)
            transaction.set_rollback(True)

    attempt()


def test_nothing_of_fewer_than_five_follows_from_what_is_told(company, as_api):
    attack_many(company, as_api, 50)


def test_nothing_of_fewer_than_five_follows_from_what_wall_checks_tell(company, as_api):
    attack_many(company, as_api, 30, attack_wall_check)


@pytest.mark.long
def test_nothing_of_fewer_than_five_follows_in_many_organisations(company, as_api):
    attack_many(company, as_api, 500)


def test_the_attacker_would_find_a_group_that_is_hidden_alone():
    attacker = Attacker(["a", "b"], ["1"])
    attacker.learns(None, "1")
    assert not attacker.knows(["b"], "1")
    attacker.learns("a", "1")
    assert attacker.knows(["b"], "1")


@pytest.mark.parametrize("letter", READERS + REFUSED)
def test_while_it_is_open_no_reader_sees_any_answer(letter, company, as_api, as_browser):
    for number in range(6):
        make_person(f"P {number}", company.sales)
    campaign = opened(company, survey_of(company, [SCALE, TEXT]))
    secret = "Word that nobody may see"
    rows = SurveyInvitation.objects.filter(campaign=campaign).select_related("person")
    for row in rows:
        give_answer(by=row.person, campaign=campaign, values={"q1": 2, "q3": secret})
    person = company.by_context[letter]
    there = "/feedback/surveys/"
    paths = [
        "",
        f"campaigns/{campaign.pk}/",
        f"campaigns/{campaign.pk}/results/",
        f"campaigns/{campaign.pk}/results.csv",
    ]
    answers = [as_browser(person).get(f"{there}{path}") for path in paths]
    answers += [as_api(person).get(f"{API}{path}") for path in ("", f"{campaign.pk}/", f"{campaign.pk}/results/")]
    assert [answer.request["PATH_INFO"] for answer in answers if secret in answer.content.decode()] == []
    wanted = 200 if letter in READERS else 403
    assert (answers[2].status_code, answers[-1].status_code) == (wanted, wanted)
