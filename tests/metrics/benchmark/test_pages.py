"""The comparison of departments: page, API, readers, filters, what is hidden."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone

from metrics.benchmark.selectors import benchmark_page
from metrics.facts.models import RequestFact
from requests_app.kernel.errors import NotAllowed, WrongInput
from tests.factories.facts import count, fact

PAGE, API = "/company/benchmark/", "/api/v1/figures/benchmark/"


def judged(company, supplier, good, n, start, **more):
    """So many decided requests of a supplier ten days ago, the first of them kept."""
    day = timezone.now().date() - timedelta(days=10)
    for place in range(n):
        kept = place < good
        values = {
            "resolution_kept": kept, "resolution_decided_day": day, "outcome": "delivered", "first_delivered_day": day,
            "resolution_ws": 3600 if kept else 36000, "resolution_cs": 3600,
        }  # fmt: skip
        yield fact(start + place, day, customer=company.sales.pk, supplier=supplier.pk, **values | more)


@pytest.fixture
def life(company):
    """IT keeps 190 of 200, Facilities 120 of 200, and Sales was asked nine times."""
    count(
        [
            *judged(company, company.it, 190, 200, 1),
            *judged(company, company.facilities, 120, 200, 1000),
            *judged(company, company.sales, 9, 9, 2000, customer_kind="executive"),
        ]
    )
    return company


def page_of(person, **asked):
    return benchmark_page(person=person, asked=asked)


def test_departments_are_ordered_with_interval_n_and_group(life):
    found = page_of(life.executive).found

    assert [(row.department.slug, row.n, row.groups) for row in found.rows] == [
        ("it", 200, "A"),
        ("facilities", 200, "B"),
    ]
    assert [row.raw for row in found.rows] == [0.95, 0.6]
    assert all(row.low < row.value < row.high for row in found.rows)
    assert 0.6 < found.rows[1].value < found.rows[0].value < 0.95  # pulled toward each other
    assert [(department.slug, n, str(why)) for department, n, why in found.left_out] == [("sales", 9, "fewer than ten")]


def test_durations_are_compared_by_their_geometric_mean(life):
    found = page_of(life.executive, figure="resolution_time").found

    assert [row.department.slug for row in found.rows] == ["it", "facilities"]
    assert found.rows[0].raw == pytest.approx(3600 * 10 ** (10 / 200))
    assert found.is_geometric


def test_filters_narrow_what_is_compared(life):
    found = page_of(life.executive, customer_kind="executive").found
    assert (found.rows, [n for _department, n, _why in found.left_out]) == ([], [9])
    assert len(page_of(life.executive, need_type="technical").found.rows) == 2


def test_what_people_answered_needs_five_people_and_hides_a_second_one(company):
    rated = {"overall": 4, "rated_day": timezone.now().date()}
    rows = []
    for number, (supplier, people) in enumerate([(company.it, 12), (company.facilities, 20), (company.sales, 4)]):
        rows += [
            fact(1000 * number + place, timezone.now().date(), customer=company.it.pk, supplier=supplier.pk,
                 rated_supplier_id=supplier.pk, rater_id=place % people, **rated)
            for place in range(30 + number)
        ]  # fmt: skip
    count(rows)
    found = page_of(company.executive, figure="rating_mean").found

    assert [department.slug for department, _n, _why in found.left_out] == ["it", "sales"]
    assert [row.department.slug for row in found.rows] in ([], ["facilities"])


def answered(company, supplier, start, answers):
    """So many ratings of today, (score, priority) each, of as many people."""
    day = timezone.now().date()
    values = {"customer": company.sales.pk, "supplier": supplier.pk, "rated_supplier_id": supplier.pk, "rated_day": day}
    return [
        fact(start + place, day, rater_id=start + place, overall=score, priority=priority, **values)
        for place, (score, priority) in enumerate(answers)
    ]


def test_who_alone_had_an_urgent_request_is_told_apart_by_no_weight(company):
    """The same answers, of which the only urgent one is the 1 or the 5: the comparison is the same."""
    others = answered(company, company.facilities, 1000, [(3, 1 + place % 2) for place in range(40)])
    seen = []
    for urgent, other in ((1, 5), (5, 1)):
        rows = answered(company, company.it, 1, [(urgent, 1), (other, 3), *[(4, 3)] * 20])
        count([*others, *rows])
        page = page_of(company.executive, figure="rating_mean").found
        seen.append([(row.department.slug, row.n, row.raw, row.value, row.low, row.high) for row in page.rows])
        assert [row.covered for row in page.rows] == [1.0, 1.0]
        RequestFact.objects.all().delete()
    assert [line[0] for line in seen[0]] == ["it", "facilities"]
    assert seen[0] == seen[1]


def test_in_outline_nobody_reads_answers_or_narrows(life):
    found = page_of(life.other_head).found
    assert (found.may_narrow, [choice.key for choice in found.choices if choice.personal]) == (False, [])
    with pytest.raises(NotAllowed):
        page_of(life.other_head, figure="rating_mean")
    with pytest.raises(NotAllowed):
        page_of(life.other_head, need_type="technical")


@pytest.mark.parametrize("asked", [{"figure": "created"}, {"need_type": "x"}, {"customer_kind": "x"},
                                   {"figure": "rating_mean", "need_type": "technical"}])  # fmt: skip
def test_what_cannot_be_compared_is_refused_in_words(life, asked, as_browser):
    with pytest.raises(WrongInput):
        page_of(life.executive, **asked)
    answer = as_browser(life.executive).get(PAGE, asked)
    assert (answer.status_code, "dk-alert bad" in answer.content.decode()) == (400, True)


def test_the_page_says_who_cannot_be_told_apart(company, as_browser):
    count([*judged(company, company.it, 90, 100, 1), *judged(company, company.facilities, 89, 100, 1000)])
    page = unescape(as_browser(company.executive).get(PAGE).content.decode())

    assert "2 departments cannot be told apart on this figure" in page
    assert "Facilities, IT Services" in page or "IT Services, Facilities" in page
    assert 'data-chart="whisker"' in page


def test_without_anything_to_compare_the_page_says_so(company, as_browser):
    page = as_browser(company.executive).get(PAGE).content.decode()
    assert "Too little to compare." in page


def test_it_is_for_whom_the_figures_of_the_company_are(life, as_browser, as_api):
    assert as_browser(life.stranger).get(PAGE).status_code == 403
    assert as_api(life.stranger).get(API, {"figure": "resolution_kept"}).status_code == 403
    assert as_browser().get(PAGE).status_code == 302


def test_the_company_page_leads_to_it(life, as_browser):
    assert f'href="{PAGE}"' in as_browser(life.executive).get("/company/").content.decode()


def test_the_api_tells_the_same_as_the_page(life, as_api):
    told = as_api(life.executive).get(API, {"figure": "resolution_kept"}).json()
    found = page_of(life.executive).found

    assert [row["department"] for row in told["departments"]] == ["it", "facilities"]
    assert [row["value"] for row in told["departments"]] == [row.value for row in found.rows]
    assert told["left_out"] == [{"department": "sales", "n": 9, "reason": "fewer than ten"}]


def test_a_wrong_figure_is_named_by_the_api(life, as_api):
    answer = as_api(life.executive).get(API, {"figure": "created"})
    assert answer.status_code == 400


@pytest.mark.parametrize("n", [20, 60])
def test_the_number_of_queries_does_not_grow(company, django_assert_num_queries, n):
    count([*judged(company, company.it, 15, n, 1), *judged(company, company.facilities, 15, n, 1000)])
    page_of(company.executive)
    with django_assert_num_queries(5):
        page_of(company.executive)


def test_an_open_request_past_its_time_is_a_miss_here_too(life):
    due = datetime.now(UTC) - timedelta(days=5)
    late = fact(9000, due.date(), customer=life.sales.pk, supplier=life.it.pk, resolution_due_at=due)
    late.save()

    assert page_of(life.executive).found.rows[0].n == 201
