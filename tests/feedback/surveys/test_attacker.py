"""An attacker takes everything that a role can fetch, before and after each answer, and solves for what is hidden.

Every role that may read takes the API, the page and the file, of a campaign and of the one that comes after it with the
same people: page and file tell nothing that the API does not, so the equations are those of the API.

Organisations, who answers, and what, are made by chance. The unknowns are how often each group gave each answer; what
is told makes a system of linear equations. Whatever follows from it about fewer than five people is a leak. Not a leak:
that all of at least five people said the same, which a distribution of five people may always show.
"""

import csv
import io
from html.parser import HTMLParser
from itertools import chain, combinations

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.surveys.figures import results_of
from feedback.surveys.models import Campaign, SurveyAnswer, SurveyInvitation, SurveyVersion
from feedback.surveys.questions import checked_questions
from feedback.surveys.services import give_answer, take_step
from requests_app.org.models import Person
from requests_app.org.services import save_department, set_hats
from tests.factories import make_person
from tests.factories.surveys import opened, survey_of

pytestmark = pytest.mark.django_db
API, PAGES, ELSE = "/api/v1/campaigns/", "/feedback/surveys/campaigns/", "somebody else"
SCALE = {"key": "q1", "kind": "scale5", "text": {"en": "How?"}}
CHOICE = {"key": "q2", "kind": "single", "text": {"en": "Which?"}, "options": [
    {"key": "a", "text": {"en": "1"}}, {"key": "b", "text": {"en": "2"}}, {"key": "c", "text": {"en": "3"}},
]}  # fmt: skip
AFTER = {"key": "q4", "kind": "scale5", "text": {"en": "After a?"}, "only_if": {"question": "q2", "answers": ["a"]}}
TEXT = {"key": "q3", "kind": "text", "text": {"en": "Why?"}}
WHO = {"key": "q5", "kind": "person", "text": {"en": "Who?"}}
ASKED = [SCALE, CHOICE, AFTER, TEXT, WHO]
READERS = ("SA", "SH", "AU", "EX", "CH")
REFUSED = ("U", "RQ", "WT", "CC", "OA", "AD")
ANSWER = st.fixed_dictionaries(
    {}, optional={
        "q1": st.integers(1, 3), "q2": st.sampled_from("abc"), "q3": st.just("said"), "q4": st.integers(1, 3),
        "q5": st.sampled_from(["agent", "stranger", "auditor"]),
    },
)  # fmt: skip
# For each department how many are asked, and what those say who answer (fewer or as many).
DEPARTMENTS = st.lists(st.tuples(st.integers(1, 8), st.lists(ANSWER, max_size=8)), min_size=2, max_size=4)
# What the same people say the second time, by their place: the answers of the first time, moved on by so many.
ORGANISATION = st.tuples(DEPARTMENTS, st.integers(0, 7))


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
        if item["key"] == "q5":
            found += leaks_of_people(item, [values["q5"] for _group, values in truth if "q5" in values])
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


def leaks_of_people(item: dict, named: list[str]) -> list[str]:
    """How often one of the people was named, or several together, where that was by fewer than five."""
    people = sorted(set(named))
    attacker = Attacker(people or ["nobody"], ["named"])
    for figure in item["figures"]:
        assert (figure["group"], figure["n"]) == (None, len(named))
        attacker.learns(None, "named")
        shown = {share["answer"]: share["count"] for share in figure["shares"]}
        others = set(people) - set(shown)
        for name, count in shown.items():
            assert count == (sum(one in others for one in named) if name == ELSE else named.count(name))
            attacker.equations.append(attacker.vector(others if name == ELSE else [name], "named"))
    small = [some for some in subsets(people) if 0 < sum(one in some for one in named) < 5]
    return [f"q5: {some}" for some in small if attacker.knows(some, "named")]


# ── What stands on the page and in the file ──────────────────────────────────


class Tables(HTMLParser):
    """The cells of every table, under the name of its region, or else under the heading before it."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, list[list[str]]]] = []
        self.regions: list[str] = []
        self.heading, self.cell, self.in_heading = "", None, False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "div":
            self.regions.append(dict(attrs).get("aria-label") if dict(attrs).get("role") == "region" else "")
        elif tag == "h3":
            self.heading, self.in_heading = "", True
        elif tag == "table":
            self.found.append((next((one for one in reversed(self.regions) if one), self.heading), []))
        elif tag == "tr":
            self.found[-1][1].append([])
        elif tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        if tag == "div":
            self.regions.pop()
        elif tag == "h3":
            self.in_heading = False
        elif tag in ("td", "th"):
            self.found[-1][1][-1].append(" ".join(self.cell.split()))
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += f" {data}"
        elif self.in_heading:
            self.heading += data


def told_by_api(told: dict) -> set[tuple]:
    return {
        (item["text"], figure["group"] or "All", share["answer"], share["count"])
        for item in told["items"]
        for figure in item["figures"]
        for share in figure["shares"]
    }


def told_by_file(body: str) -> set[tuple]:
    """The shares; the first column says what a line is about."""
    rows = list(csv.reader(io.StringIO(body.lstrip("\ufeff"))))[1:]
    assert {row[0] for row in rows} <= {"Answers", "Over the campaigns"}
    return {(row[1], row[3], row[8], int(row[9])) for row in rows if row[0] == "Answers" and row[9]}


def told_by_page(body: str) -> set[tuple]:
    found = set()
    for label, (heads, *rows) in Tables(body).found:
        if label.startswith("By department: "):
            names = [head.rsplit(" n ", 1)[0] for head in heads[1:]]
            question = label.removeprefix("By department: ")
            found |= {(question, name, row[0], count_in(cell)) for row in rows
                      for name, cell in zip(names, row[1:], strict=True)}  # fmt: skip
        elif heads[:2] == ["Answer", "Count"]:
            found |= {(label, "All", row[0], int(row[1])) for row in rows}
        elif heads[:2] == ["Statement", "n"] and len(rows[0]) == len(heads):
            found |= {(label, "All", head, count_in(cell)) for head, cell in zip(heads[4:], rows[0][4:], strict=True)}
    return found


def count_in(cell: str) -> int:
    """It stands after the share."""
    return int(cell.split()[-1])


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


def attack(company, readers: dict, staff: Staff, organisation) -> None:
    departments, moved = organisation
    people = staff.asked(departments)
    if sum(asked for asked, _said in departments) < 5:
        return
    survey, asked = survey_of(company, ASKED), staff.departments[: len(departments)]
    said = [values for _person, values in people]
    again = [(person, said[(place + moved) % len(said)]) for place, (person, _values) in enumerate(people)]
    held = [hold(company, readers, opened(company, survey, departments=asked), some) for some in (people, again)]
    check_trend(readers, *held)
    assert set(SurveyAnswer.objects.values_list("person", "given_at")) <= {(None, None)}


def hold(company, readers: dict, campaign, people) -> tuple:
    """Until it is closed nothing changes for anybody; then nobody can solve what they are told."""
    reader = readers["EX"][0]
    before = reader.get(f"{API}{campaign.pk}/results/").json()
    assert before["items"] == []
    rows = SurveyInvitation.objects.filter(campaign=campaign).select_related("group")
    group_of = {row.person_id: row.group.name if row.group else "All others" for row in rows}
    for person, values in people:
        named = {"q5": getattr(company, values["q5"]).email} if "q5" in values else {}
        give_answer(by=person, campaign=campaign, values=values | named)
    names = {who: getattr(company, who).name for who in ("agent", "stranger", "auditor")}
    truth = [
        (group_of[person.pk], stored(values) | ({"q5": names[values["q5"]]} if "q5" in values else {}))
        for person, values in people
    ]
    assert reader.get(f"{API}{campaign.pk}/results/").json() == before
    progress = reader.get(f"{API}{campaign.pk}/").json()["progress"]
    assert [one for one in progress if one["invited"] < 5] == []
    take_step(by=company.supplier_head, campaign=campaign, step="close")
    groups = sorted(set(group_of.values()))
    for api, browser in readers.values():
        told = api.get(f"{API}{campaign.pk}/results/").json()
        assert leaks(told, truth, groups) == []
        file = browser.get(f"{PAGES}{campaign.pk}/results.csv").content.decode("utf-8")
        assert told_by_file(file) == told_by_api(told)
        assert told_by_page(browser.get(f"{PAGES}{campaign.pk}/results/").content.decode()) == told_by_api(told)
    return campaign, truth


def check_trend(readers: dict, first: tuple, second: tuple) -> None:
    """What is told of the time before is what was told then: the mean of all who answered, of five or more."""
    campaign, truth = second
    for _api, browser in readers.values():
        body = browser.get(f"{PAGES}{campaign.pk}/results.csv").content.decode("utf-8").lstrip("\ufeff")
        rows = [row for row in csv.reader(io.StringIO(body)) if row[0] == "Over the campaigns" and row[1] == "How?"]
        means = [[values["q1"] for _group, values in some if "q1" in values] for some in (first[1], truth)]
        enough = len(first[1]) >= 5 and len(truth) >= 5
        wanted = [(len(some), round(sum(some) / len(some), 9)) for some in means if len(some) >= 5] if enough else []
        assert [(int(row[4]), round(float(row[5]), 9)) for row in rows] == wanted


def attack_many(company, as_api, as_browser, examples: int) -> None:
    staff = Staff(company)
    set_hats(by=company.admin, person=company.other_head, department=staff.departments[0], roles={"head"})
    people = {letter: company.by_context[letter] for letter in READERS} | {"CH": company.other_head}
    readers = {letter: (as_api(person), as_browser(person)) for letter, person in people.items()}

    @given(ORGANISATION)
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def attempt(organisation) -> None:
        with transaction.atomic():
            attack(company, readers, staff, organisation)
            transaction.set_rollback(True)

    attempt()


def test_nothing_of_fewer_than_five_follows_from_what_is_told(company, as_api, as_browser):
    attack_many(company, as_api, as_browser, 8)


@pytest.mark.long
def test_nothing_of_fewer_than_five_follows_in_many_organisations(company, as_api, as_browser):
    attack_many(company, as_api, as_browser, 500)


def test_the_attacker_would_find_a_group_that_is_hidden_alone():
    attacker = Attacker(["a", "b"], ["1"])
    attacker.learns(None, "1")
    assert not attacker.knows(["b"], "1")
    attacker.learns("a", "1")
    assert attacker.knows(["b"], "1")


def _scale_of(count: int, measure: str, prefix: str) -> dict:
    rows = [{"key": f"s{place}", "text": {"en": f"{prefix}{place}"}} for place in range(count)]
    return {
        "key": prefix,
        "kind": "matrix5",
        "text": {"en": prefix},
        "rows": rows,
        "dimension": "d",
        "measure": measure,
    }


IS, SHOULD = _scale_of(3, "perception", "m"), _scale_of(3, "expectation", "e")
KEYS = [f"{one['key']}__{row['key']}" for one in (IS, SHOULD) for row in one["rows"]]
WHOLE = st.lists(st.integers(1, 5), min_size=6, max_size=6).map(lambda scores: dict(zip(KEYS, scores, strict=True)))
PART = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 5), max_size=5)


@given(st.lists(WHOLE, min_size=28, max_size=40), st.lists(PART, max_size=7))
@settings(max_examples=150, deadline=None)
def test_alpha_and_gap_are_of_people_whose_complement_is_nobody_or_five(whole, part):
    """Means and shares of a statement are of all who answered it; those of a scale or a gap of fewer would tell the rest."""
    people, points = [*whole, *part], {"key": "p", "kind": "number", "text": {"en": "p"}, "dimension": "d",
                                       "measure": "importance"}  # fmt: skip
    questions = checked_questions([IS, SHOULD, points])
    campaign = Campaign(version=SurveyVersion(questions=questions))
    results = results_of(campaign, [(None, values | {"p": 9}) for values in people], [], texts=False, names={})
    (scale,) = results.trust.scales
    used = [one for one in people if all(key in one for key in KEYS[:3])]
    assert scale.alpha is None or (len(used) >= 30 and none_is_left_alone(people, used, KEYS[:3]))
    for gap in results.gaps:
        for is_key, should_key in zip(KEYS[:3], KEYS[3:], strict=True):
            counted = [one for one in people if {is_key, should_key} <= one.keys() and both(one) >= 2]
            assert none_is_left_alone(people, counted, [is_key, should_key]), gap
    assert (results.gap is None) == (results.gaps == [])


def both(values) -> int:
    """Of three statements, how many were answered as it is and as it should be."""
    return sum({is_key, should_key} <= values.keys() for is_key, should_key in zip(KEYS[:3], KEYS[3:], strict=True))


def none_is_left_alone(people, used, keys) -> bool:
    rest = [sum(key in one for one in people) - len(used) for key in keys]
    return all(n == 0 or n >= 5 for n in rest)


def test_four_who_say_only_how_it_should_be_do_not_cover_one_who_says_only_how_it_is():
    """The sum of how it is follows from the gap's, so the one would be the difference."""
    whole = [dict.fromkeys(KEYS, 3)] * 30
    people = [*whole, *[{"e__s0": 2}] * 4, {"m__s0": 1}]
    campaign = Campaign(version=SurveyVersion(questions=checked_questions([IS, SHOULD])))
    results = results_of(campaign, [(None, values) for values in people], [], texts=False, names={})
    assert (results.gaps, results.trust.scales[0].alpha) == ([], None)


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
