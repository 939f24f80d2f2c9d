"""What is told of a closed campaign: figures, groups, texts, trends, gaps; and what never is."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.surveys.figures import results_of
from feedback.surveys.results import results_page
from feedback.surveys.services import create_survey
from feedback.surveys.statistics import cronbach
from feedback.surveys.suppression import shown_groups
from feedback.surveys.writing import csv_of
from requests_app.kernel.errors import NotAllowed
from tests.factories.surveys import CHOICE, OVERALL, WHY, answer_all, closed, crowd, opened, survey_of

pytestmark = pytest.mark.django_db
GROUPS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12))


@given(GROUPS)
def test_what_is_hidden_beside_a_total_is_nothing_or_at_least_five(counts):
    shown = shown_groups(counts)
    hidden = sum(n for group, n in counts.items() if group not in shown)
    assert all(counts[group] >= 5 for group in shown)
    assert not shown or hidden == 0 or hidden >= 5


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 9, "b": 5, "c": 2}, {"a"}),
        ({"a": 9, "b": 5}, {"a", "b"}),
        ({"a": 9, "b": 4}, set()),
        ({"a": 9, "b": 3, "c": 3}, {"a"}),
        ({"a": 4}, set()),
        ({"a": 2, "b": 3}, set()),
        ({"a": 6, "b": 0}, {"a"}),
        ({}, set()),
    ],
)
def test_a_small_group_takes_the_smallest_other_with_it(counts, shown):
    assert shown_groups(counts) == shown


def three_departments(company, survey=None):
    """Ten are asked in Sales, six in Facilities and six in IT."""
    crowd(company.sales, 7)
    crowd(company.facilities, 2)
    crowd(company.it, 3)
    return opened(company, survey, departments=[company.sales, company.facilities, company.it])


def told(campaign, person):
    return results_page(person=person, pk=campaign.pk)


def test_each_question_has_its_mean_interval_and_shares(company):
    campaign = three_departments(company)
    answer_all(campaign, [{"q1": 4, "q2": "a"}] * 10 + [{"q1": 5, "q2": "b"}] * 12)
    page = told(closed(company, campaign), company.customer_head)
    first, second, third = page.results.items
    assert (first.whole.n, round(first.whole.mean.value, 4)) == (22, round(100 / 22, 4))
    assert [share.count for share in first.whole.shares] == [0, 0, 0, 10, 12]
    assert [(share.words, share.count) for share in second.whole.shares] == [("This", 10), ("That", 12)]
    assert third.whole is None
    assert (page.results.invited, page.results.answered) == (22, 22)
    assert {group.name: first.groups[group.key].n for group in page.compared} == {
        "IT Services": 6, "Sales": 10, "Facilities": 6,
    }  # fmt: skip
    assert [len(row.means) for row in page.comparison] == [4]


def test_results_are_told_only_after_the_end_and_not_of_fewer_than_five(company):
    campaign = three_departments(company)
    answer_all(campaign, [{"q1": 4}] * 4)
    assert told(campaign, company.supplier_head).results is None
    results = told(closed(company, campaign), company.supplier_head).results
    assert (results.answered, results.enough, results.items) == (4, False, [])
    with pytest.raises(NotAllowed):
        told(campaign, company.stranger)


@pytest.mark.parametrize(("answers", "shown"), [(9, 0), (10, 10)])
def test_texts_are_shown_from_ten_on_and_only_to_whom_they_are_for(company, answers, shown):
    campaign = three_departments(company, survey_of(company, [WHY]))
    answer_all(campaign, [{"q3": f"Text {number}"} for number in range(answers)])
    closed(company, campaign)
    by_reader = {
        letter: len(told(campaign, company.by_context[letter]).results.items[0].texts)
        for letter in ("SH", "CH", "AU", "EX")
    }
    assert by_reader == {"SH": shown, "CH": 0, "AU": shown, "EX": 0}


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ([("agent", 12)], [("Ann Agent", 12)]),
        ([("agent", 7), ("stranger", 3), ("auditor", 2)], [("Ann Agent", 7), ("somebody else", 5)]),
        ([("agent", 7), ("stranger", 3)], []),  # the three would be the difference to all
        ([("agent", 7), ("stranger", 5), ("auditor", 2)], [("Ann Agent", 7), ("somebody else", 7)]),
        ([("agent", 4), ("stranger", 4)], []),
    ],
    ids=str,
)
def test_people_are_told_who_were_named_by_five_and_the_rest_together(company, named, told):
    questions = [{"key": "who", "kind": "person", "text": {"en": "Who helped?"}}]
    campaign = three_departments(company, survey_of(company, questions))
    answer_all(campaign, [{"who": getattr(company, who).email} for who, count in named for _each in range(count)])
    found = results_page(pk=closed(company, campaign).pk, person=company.auditor).results.items[0]
    named_by = {company.agent.name: "Ann Agent"}
    shares = [(named_by.get(share.words, share.words), share.count) for share in found.whole.shares]
    assert (shares, found.groups) == (told, {})


def test_departments_that_are_picked_are_counted_by_name(company):
    questions = [{"key": "who", "kind": "department", "text": {"en": "Who serves you?"}}]
    campaign = three_departments(company, survey_of(company, questions))
    answer_all(campaign, [{"who": ["it", "facilities"]}] * 4 + [{"who": ["it"]}] * 3)
    figure = told(closed(company, campaign), company.auditor).results.items[0].whole
    assert [(share.words, share.count) for share in figure.shares] == [("IT Services", 7), ("Facilities", 4)]


def test_trends_compare_the_closed_campaigns_of_one_questionnaire(company):
    survey = survey_of(company, [OVERALL])
    first = three_departments(company, survey)
    answer_all(first, [{"q1": 3}] * 10)
    closed(company, first)
    second = opened(company, survey, departments=[company.sales])
    answer_all(second, [{"q1": 4}] * 6)
    page = told(closed(company, second), company.supplier_head)
    assert page.trend_heads == [first, second]
    assert [[mean.value for mean in row.means] for row in page.trend] == [[3.0, 4.0]]
    assert [row.course for row in page.trend] == [[3.0, 4.0]]
    assert told(first, company.supplier_head).trend == []


def whole_year(company):
    return create_survey(by=company.supplier_head, title="The year", department=company.it, ready="service_year")


def service_answer(questions, perceived, expected, points) -> dict:
    found = {"overall": 4}
    for question in questions:
        value = {"perception": perceived, "expectation": expected}.get(question.get("measure"))
        found |= {f"{question['key']}__{row['key']}": value for row in question.get("rows", []) if value}
        if question.get("measure") == "importance":
            found[question["key"]] = points
    return found


def test_gaps_are_how_it_is_less_how_it_should_be_and_half_answers_of_few_hide_them(company):
    campaign = three_departments(company, whole_year(company))
    questions = campaign.version.questions
    full = [service_answer(questions, 5, 7, 20)] * 8 + [service_answer(questions, 6, 7, 20)] * 8
    answer_all(campaign, full)
    results = told(closed(company, campaign), company.auditor).results
    first = results.gaps[0]
    assert (first.dimension, first.n, first.gap, first.perception) == ("reliability", 16, -1.5, 5.5)
    assert (len(results.gaps), results.gap) == (5, -1.5)

    half = dict(full[0])
    del half["reliability__news"]
    again = opened(company, campaign.survey, departments=[company.sales, company.facilities, company.it])
    answer_all(again, [*full, half])
    found = told(closed(company, again), company.auditor).results.gaps
    assert "reliability" not in [gap.dimension for gap in found]


def matrix_of(key: str, count: int, **more) -> dict:
    rows = [{"key": f"s{number}", "text": {"en": f"Statement {number}"}} for number in range(count)]
    return {"key": key, "kind": "matrix5", "text": {"en": f"About {key}?"}, "rows": rows} | more


def scales_told(company, campaign) -> list:
    return told(closed(company, campaign), company.auditor).scales


def test_alpha_comes_from_thirty_on_and_straight_lines_are_told_both_ways(company):
    crowd(company.sales, 50)
    campaign = opened(company, survey_of(company, [matrix_of("m", 6), OVERALL]))
    mixed = [{f"m__s{place}": 1 + (number + place % 2) % 5 for place in range(6)} | {"q1": 1} for number in range(35)]
    straight = [{f"m__s{place}": 3 for place in range(6)} | {"q1": 5}] * 6
    answer_all(campaign, mixed + straight)
    page = told(closed(company, campaign), company.auditor)
    (found,) = page.scales
    assert (found.words, found.scale.k, found.scale.n) == ("About m?", 6, 41)  # without the question beside it
    assert (found.scale.alpha.n, found.scale.without_straight.n, page.results.trust.straight) == (41, 35, 6)

    few = opened(company, campaign.survey)
    answer_all(few, mixed[:26] + straight[:3])
    page = told(closed(company, few), company.auditor)
    (found,) = page.scales
    assert (found.scale.n, found.scale.alpha, found.scale.without_straight) == (29, None, None)
    assert (page.results.trust.straight, found.scale.statements[0].place) == (None, None)


def test_each_dimension_and_each_matrix_has_an_alpha_of_its_own(company):
    crowd(company.sales, 50)
    parts = [matrix_of("m", 3, dimension="reliability"), matrix_of("o", 2, dimension="reliability"), matrix_of("p", 3)]
    campaign = opened(company, survey_of(company, [*parts, OVERALL]))
    keys = [f"{one['key']}__{row['key']}" for one in parts for row in one["rows"]]
    turned = {"p__s2"}
    scores = [[1 + (number * 3 + number // 5 * place) % 5 for place, _key in enumerate(keys)] for number in range(40)]
    told_of = [[6 - row[5] if key in turned else row[place] for place, key in enumerate(keys)] for row in scores]
    answer_all(campaign, [dict(zip(keys, row, strict=True)) | {"q1": 3} for row in told_of])
    first, second = scales_told(company, campaign)
    assert [(one.words, one.scale.k) for one in (first, second)] == [("Reliability", 5), ("About p?", 3)]
    assert first.scale.alpha == cronbach([row[:5] for row in told_of])
    assert second.scale.alpha == cronbach([row[5:] for row in told_of])
    assert [one.place.looks_reversed for one in second.scale.statements] == [True, False, True]
    assert second.scale.has_reversed


@pytest.mark.parametrize(("halves", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_alpha_is_not_told_where_few_left_some_statements_out(company, halves, shown):
    crowd(company.sales, 50)
    campaign = opened(company, survey_of(company, [matrix_of("m", 3)]))
    whole = [{f"m__s{place}": 1 + (number + place) % 5 for place in range(3)} for number in range(32)]
    answer_all(campaign, [*whole, *[{"m__s0": 2}] * halves])
    (found,) = scales_told(company, campaign)
    assert (found.scale.n, found.scale.alpha is not None) == (32, shown)


def rows_of(page) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_of(page).decode("utf-8-sig"))))


def test_the_export_tells_what_the_page_tells_and_no_formula(company):
    options = [{"key": "a", "text": {"en": "=1+1"}}, {"key": "b", "text": {"en": "That"}}]
    campaign = three_departments(company, survey_of(company, [OVERALL, CHOICE | {"options": options}]))
    answer_all(campaign, [{"q1": 4, "q2": "a"}] * 16 + [{"q1": 5}] * 3)
    page = told(closed(company, campaign), company.auditor)
    rows = rows_of(page)
    shown = sum(1 + len(item.groups) for item in page.results.items if item.whole)
    assert len(rows) == 1 + sum(
        len(figure.shares) for item in page.results.items for figure in (item.whole, *item.groups.values())
    )
    assert shown >= 2
    assert ["Answers", "Which one?", "", "All", "16", "", "", "", "'=1+1", "16"] in rows
    assert results_of(campaign, [], page.results.groups, texts=False, names={}).items == []


def test_the_export_has_reliability_gaps_trend_and_texts_of_whom_they_are_for(company):
    crowd(company.sales, 40)
    matrices = [matrix_of("m", 3, dimension="care", measure="perception")]
    matrices.append(matrix_of("e", 3, dimension="care", measure="expectation"))
    survey = survey_of(company, [*matrices, WHY])
    for _each in range(2):
        campaign = opened(company, survey)
        answers = [
            {f"{key}__s{place}": 1 + (number + place * number) % 4 for key in "me" for place in range(3)}
            | {"q3": f"Said {number}"}
            for number in range(35)
        ]
        answer_all(campaign, answers)
        closed(company, campaign)
    rows = rows_of(told(campaign, company.auditor))
    found = {row[0]: [one for one in rows if one[0] == row[0]] for row in rows[1:]}
    assert {about: len(lines) for about, lines in found.items()} == {
        "Answers": 2 * 6 * 5 + 1 + 35, "Reliability": 1 + 2 * 3, "Gap": 3, "Over the campaigns": 2 * 6,
    }  # fmt: skip
    assert found["Gap"][1] == ["Gap", "care", "", "All", "35", "0.0", "", "", "Gap", ""]
    assert sorted(row[8] for row in found["Answers"] if row[8].startswith("Said")) == sorted(
        f"Said {number}" for number in range(35)
    )
    assert "Said" not in csv_of(told(campaign, company.executive)).decode()


def test_choices_and_distributions_stand_by_department_as_far_as_groups_are_shown(company, as_browser):
    campaign = three_departments(company)
    answer_all(campaign, [{"q1": 4, "q2": "a"}] * 10 + [{"q1": 5, "q2": "b"}] * 12)
    page = told(closed(company, campaign), company.customer_head)
    scale, choice = (block.splits[0] for block in page.blocks[:2])
    names = [name for name, _n in choice.sizes]
    by_name = {name: [shares[place].count for _words, shares in choice.rows] for place, name in enumerate(names)}
    figures = page.results.items[1].groups
    assert by_name == {group.name: [share.count for share in figures[group.key].shares] for group in page.compared}
    assert [words for words, _shares in scale.rows] == ["1", "2", "3", "4", "5"]
    assert page.blocks[2].splits == []
    body = as_browser(company.customer_head).get(f"/feedback/surveys/campaigns/{campaign.pk}/results/").content.decode()
    assert 'aria-label="By department: Which one?"' in body
