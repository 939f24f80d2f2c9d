"""The scorecard of a department: the numbers, who reads them, page and API alike."""

from html import unescape

import pytest

from feedback.actions.models import CorrectiveAction
from feedback.voice.services import take_step
from metrics.scorecard.rates import Rate, limits
from metrics.scorecard.selectors import scorecard_of
from requests_app.kernel.errors import NotAllowed, WrongInput
from tests.factories.actions import brought_to, take
from tests.factories.facts import count, decided
from tests.factories.improvements import measured, running
from tests.factories.voices import answered, said

pytestmark = pytest.mark.django_db
PAGE, API = "/departments/it/scorecard/", "/api/v1/figures/departments/it/scorecard/"


@pytest.fixture
def life(company):
    """IT keeps 95 of 100 in the last 30 days, 60 of 100 in those before, 9 of 9 a year ago; Facilities 50 of 100."""
    count([
        *decided(company, company.it, 95, 100, 1, ago=10),
        *decided(company, company.it, 60, 100, 1000, ago=40),
        *decided(company, company.it, 9, 9, 2000, ago=375),
        *decided(company, company.facilities, 50, 100, 3000, ago=10),
    ])  # fmt: skip
    return company


def kept(person):
    page = scorecard_of(person=person, slug="it", choice="30")
    return next(line for line in page.lines if line.definition.key == "resolution_kept")


def test_a_figure_stands_beside_its_past_and_the_company(life):
    line = kept(life.supplier_head)
    assert (line.figure.n, line.figure.value, line.figure.target is not None) == (100, 0.95, True)
    assert (line.before.n, line.before.value, line.since_before) == (100, 0.6, "better")
    assert (line.year_ago.n, line.since_year) == (9, "")
    assert (line.company.n, line.company.value) == (200, 0.725)


def test_it_tells_of_a_quarter_unless_told_otherwise(life):
    page = scorecard_of(person=life.supplier_head, slug="it")
    assert (page.stretch.choice, page.stretch.period.days) == ("quarter", 91)
    assert page.before.end == page.stretch.period.start


@pytest.mark.parametrize(
    ("who", "sees"),
    [("supplier_head", True), ("agent", True), ("executive", True), ("auditor", True), ("customer_head", False),
     ("other_agent", False), ("requester", False), ("admin", False)],
)  # fmt: skip
def test_it_is_for_the_department_those_above_it_executives_and_auditors(life, as_browser, as_api, who, sees):
    person = getattr(life, who)
    expected = 200 if sees else 403
    assert as_browser(person).get(PAGE).status_code == expected
    assert as_api(person).get(API).status_code == expected
    if not sees:
        with pytest.raises(NotAllowed):
            scorecard_of(person=person, slug="it")


def test_answers_of_the_whole_company_are_told_to_whom_all_answers_are(life):
    for person, told in ((life.supplier_head, False), (life.executive, True)):
        page = scorecard_of(person=person, slug="it", choice="30")
        mine = {line.definition.key: line.company for line in page.lines if line.definition.personal}
        assert mine
        assert all((figure is not None) is told for figure in mine.values())


def test_what_was_put_right_what_was_said_and_what_it_brought(life):
    brought_to(life, "planned")
    action = brought_to(life, "verified")
    take(life, action, "recur")
    said(life, "praise")
    answered(life)
    measured(life, name="A second desk")
    running(life, name="A third desk")

    page = scorecard_of(person=life.executive, slug="it", choice="year")
    assert vars(page.actions) == {"opened": 2, "confirmed": 1, "recurred": 1, "open": 2}
    assert vars(page.said) == {
        "complaints": 1, "answered_in_time": 1, "waiting": 0, "suggestions": 0, "praise": 1,
    }  # fmt: skip
    assert ([line.improvement.name for line in page.improvements], page.unmeasured) == (["A second desk"], 1)
    assert scorecard_of(person=life.executive, slug="facilities").actions.opened == 0
    assert CorrectiveAction.objects.count() == 2


def test_the_page_says_what_the_selector_knows_and_why_the_rest_is_missing(life, as_browser):
    text = unescape(as_browser(life.supplier_head).get(f"{PAGE}?period=30").content.decode()).replace("\u00a0", " ")
    for words in ("95.0 %", "60.0 %", "72.5 %", "now better", "too few to say, n 9", "nothing to count",
                  "None has been measured yet.", "How it is counted"):  # fmt: skip
        assert words in text
    assert str(kept(life.supplier_head).definition.formula) in text
    assert f"{PAGE}report/pdf/?period=30" in text
    assert PAGE in as_browser(life.supplier_head).get("/departments/it/as-supplier/").content.decode()
    assert PAGE not in as_browser(life.customer_head).get("/departments/it/as-supplier/").content.decode()


def test_over_http_it_is_the_same(life, as_api):
    page = scorecard_of(person=life.supplier_head, slug="it", choice="30")
    days = f"?from={page.stretch.period.start}&to={page.stretch.period.end}"
    data = as_api(life.supplier_head).get(API + days).data
    assert [(row["key"], row["now"]["n"]) for row in data["figures"]] == [
        (line.definition.key, line.figure.n) for line in page.lines
    ]
    row = next(row for row in data["figures"] if row["key"] == "resolution_kept")
    assert (row["now"]["value"], row["before"]["value"], row["against_before"]) == (0.95, 0.6, "better")
    assert (row["year_ago"]["value"], row["year_ago"]["why"]) == (None, "too few to say, n 9")


def test_days_that_cannot_be_are_refused_and_the_page_stays(life, as_browser):
    answer = as_browser(life.supplier_head).get(f"{PAGE}?from=2026-02-30")
    assert (answer.status_code, "Write a date" in answer.content.decode()) == (400, True)
    with pytest.raises(WrongInput):
        scorecard_of(person=life.supplier_head, slug="it", choice="x")
    assert as_browser(life.supplier_head).get("/departments/nowhere/scorecard/").status_code == 404


def test_it_takes_the_same_queries_for_one_and_for_three(company, as_browser, django_assert_max_num_queries):
    client = as_browser(company.supplier_head)
    client.get(PAGE)
    for place in range(3):
        count(decided(company, company.it, 9, 12, 100 * place + 1, ago=place + 1))
        brought_to(company, "planned")
        measured(company, name=f"Plan {place}")
        with django_assert_max_num_queries(45):
            assert client.get(PAGE).status_code == 200


def test_complaints_and_praise_stand_beside_what_was_asked(life, as_browser, as_api):
    said(life, "complaint")
    taken_back = said(life, "complaint")
    take_step(by=life.requester, voice=taken_back, name="withdraw", note="Sorry")
    for _time in range(2):
        said(life, "praise")
    complaints, praise = scorecard_of(person=life.supplier_head, slug="it", choice="30").rates

    assert (complaints.count, complaints.n, complaints.value, complaints.before) == (1, 100, 1.0, 0.0)
    assert (praise.count, praise.value) == (2, 2.0)
    assert complaints.interval == pytest.approx((0.01, 5.57), abs=0.02)
    assert "Complaints per 100 requests" in as_browser(life.supplier_head).get(PAGE).content.decode()
    rates = as_api(life.supplier_head).get(API).json()["rates"]
    assert [(rate["key"], rate["count"]) for rate in rates] == [("complaint_rate", 1), ("praise_rate", 2)]


@pytest.mark.parametrize(("n", "value"), [(9, None), (10, 10.0)])
def test_of_fewer_than_ten_requests_no_rate_is_told(n, value):
    assert (Rate("praise_rate", 1, n).value, Rate("praise_rate", 1, n).interval is None) == (value, value is None)


@pytest.mark.parametrize(
    ("count", "exact"), [(0, (0, 3.69)), (2, (0.24, 7.22)), (10, (4.8, 18.39)), (100, (81.4, 121.6))]
)
def test_limits_of_a_count_are_those_of_the_poisson_distribution(count, exact):
    assert limits(count) == pytest.approx(exact, rel=0.02, abs=0.06)
