"""The page of all figures: what it tells, of whom, with which filters, and to whom."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.figures.selectors import figures_page
from metrics.figures.states import Line, groups_for
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.meaning import edge_cases
from metrics.rollups.states import Figure, Side
from requests_app.kernel.errors import NotAllowed, WrongInput
from tests.factories.facts import count, decided

pytestmark = pytest.mark.django_db
PAGE = "/departments/it/figures/"


@pytest.fixture
def life(company):
    """IT keeps 95 of 100, all technical, of employees and by browser."""
    count(decided(company, company.it, 95, 100, 1, ago=10))
    return company


def lines(person, **asked):
    page = figures_page(person=person, slug="it", asked=asked)
    return {line.figure.key: line for _heading, shown in page.groups for line in shown}


def text_of(client, query=""):
    answer = client.get(PAGE + query)
    return answer.status_code, unescape(answer.content.decode()).replace("\u00a0", " ")


def test_every_figure_stands_in_a_group_once():
    for side in Side.ALL:
        keys = [key for _heading, found in groups_for(side) for key in found]
        assert sorted(keys) == sorted(set(DEFINITIONS) - ({"load_per_agent"} if side == Side.CUSTOMER else set()))


def test_it_tells_what_the_figures_tell(life, as_browser):
    line = lines(life.supplier_head)["resolution_kept"]
    assert (line.figure.n, line.figure.value, line.state, line.why) == (100, 0.95, "good", "")
    status, text = text_of(as_browser(life.supplier_head))
    assert status == 200
    for words in ("95.0 %", "reached", "nothing to count", str(DEFINITIONS["resolution_kept"].formula),
                  edge_cases(DEFINITIONS["resolution_kept"])[0], 'data-count="100"'):  # fmt: skip
        assert words in text


@pytest.mark.parametrize(
    ("key", "hidden", "why"),
    [
        ("rating_mean", "few", "fewer than five answered"),
        ("rating_mean", "narrowed", "not told of so small a part"),
        ("resolution_kept", "few", "too few to tell"),
        ("resolution_kept", "", "nothing to count"),
    ],
)
def test_why_there_is_no_value_is_said_of_answers_and_of_requests(key, hidden, why):
    assert Line(Figure(DEFINITIONS[key], 3 if hidden else 0, None, hidden=hidden)).why == why


def test_filters_narrow_are_said_and_can_be_taken_away(life, as_browser):
    assert lines(life.supplier_head, need_type="technical", channel="web")["resolution_kept"].figure.n == 100
    assert lines(life.supplier_head, need_type="technical", channel="api")["resolution_kept"].figure.n == 0
    status, text = text_of(as_browser(life.supplier_head), "?period=quarter&need_type=technical&channel=web&priority=3")
    assert status == 200
    assert f'href="{PAGE}?period=quarter&need_type=technical&channel=web"' in text
    assert 'href="?period=quarter"' in text or f'href="{PAGE}?period=quarter"' in text
    assert '<option value="technical" selected>' in text
    assert "What people answered is not told with these filters" in text


def test_the_list_behind_a_number_carries_the_filters_says_them_and_is_as_long(life, as_browser):
    line = lines(life.supplier_head, need_type="technical", customer_kind="employee", channel="web")["created"]
    client = as_browser(life.auditor)
    for name in ("need_type=technical", "customer_kind=employee", "channel=web"):
        assert name in line.url
    answer = client.get(line.url)
    assert (answer.status_code, answer.context["behind"].n) == (200, line.figure.n)
    assert "Type of need: Technical · Kind of customer: Employees · Channel: Browser" in answer.content.decode()
    other = client.get(line.url.replace("channel=web", "channel=api"))
    assert other.context["behind"].n == 0
    wrong = client.get(line.url.replace("channel=web", "channel=pigeon"))
    assert (wrong.status_code, "Choose one of: web, api, import." in wrong.content.decode()) == (400, True)


def test_which_requests_were_rated_low_stands_on_no_list(life, as_browser):
    days = "from=2020-01-01&to=2199-01-01"
    for part, status in (("", 200), ("bad", 404), ("good", 404)):
        address = f"/requests/?figure=csat&side=supplier&department=it&{days}&part={part}"
        assert as_browser(life.supplier_head).get(address).status_code == status


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?need_type=magic&channel=web", "Choose one of: information, resource, technical, service."),
        ("?customer_kind=1", "Choose one of: executive, employee, department, partner."),
        ("?channel=pigeon", "Choose one of: web, api, import."),
        ("?priority=9", "Choose one of: 1, 2, 3, 4, 5."),
        ("?side=both", "Choose one of: supplier, customer."),
        ("?other=nobody", "There is no such department."),
        ("?service=magic%00", "There is no such service."),
        ("?from=2026-02-30&channel=web", "Write a date"),
        ("?period=eternity&priority=x", "Choose one of: 7, 30, quarter, year."),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_the_rest_stays(life, as_browser, query, words):
    status, text = text_of(as_browser(life.supplier_head), query)
    assert (status, words in text) == (400, True)
    assert ('<option value="web" selected>' in text) == ("channel=web" in query)
    with pytest.raises(WrongInput):
        figures_page(person=life.supplier_head, slug="it", asked={"channel": "pigeon"})


@pytest.mark.parametrize(
    ("who", "whole", "narrow"),
    [("supplier_head", 200, 200), ("agent", 200, 200), ("executive", 200, 200), ("auditor", 200, 200),
     ("customer_head", 200, 403), ("other_agent", 200, 403), ("requester", 403, 403), ("admin", 403, 403)],
)  # fmt: skip
def test_in_outline_one_sees_the_whole_and_narrows_to_ones_own_department(life, as_browser, who, whole, narrow):
    client = as_browser(getattr(life, who))
    found = {query: client.get(PAGE + query).status_code for query in ("", "?channel=web", "?priority=3")}
    assert found == {"": whole, "?channel=web": narrow, "?priority=3": narrow}
    if (whole, narrow) == (200, 403):
        page = figures_page(person=getattr(life, who), slug="it", asked={})
        assert ([select.name for select in page.selects], page.reads_answers) == (["other"], False)
        assert not any(line.url for _heading, shown in page.groups for line in shown)
        with pytest.raises(NotAllowed):
            figures_page(person=getattr(life, who), slug="it", asked={"need_type": "service"})
    assert client.get("/departments/none/figures/").status_code == 404


@pytest.mark.parametrize("query", ["", "?side=customer", "?need_type=technical&priority=3"])
def test_it_asks_as_many_queries_for_one_request_as_for_three(company, as_browser, query):
    client, asked = as_browser(company.supplier_head), []
    client.get(PAGE + query)
    for first, n in ((10, 1), (20, 2)):
        count(decided(company, company.it, 1, n, first, ago=5))
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE + query).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1] <= 24


@pytest.mark.parametrize(
    ("language", "words"), [("en", "All figures"), ("ru", "Все показатели"), ("zh-hans", "全部指标")]
)
def test_it_speaks_the_readers_language(life, as_browser, language, words):
    client = as_browser(life.executive)
    text = client.get(f"{PAGE}?channel=web", headers={"accept-language": language}).content.decode()
    assert words in text
    assert PAGE in client.get("/departments/it/as-customer/").content.decode()


def test_over_http_it_is_narrowed_too(life, as_api):
    client, address = as_api(life.supplier_head), "/api/v1/figures/departments/it/supplier/"
    found = {
        row["key"]: row for row in client.get(address, {"channel": "web", "need_type": "technical"}).data["figures"]
    }
    assert (found["created"]["n"], "channel=web" in found["created"]["rows"]) == (100, True)
    assert client.get(address, {"channel": "api"}).data["figures"][0]["n"] == 0
    wrong = client.get(address, {"channel": "pigeon"})
    assert (wrong.status_code, "Choose one of: web, api, import." in str(wrong.json())) == (400, True)

    series = "/api/v1/figures/series/"
    for channel, n in (("web", 100), ("api", 0)):
        points = client.get(series, {"figure": "created", "supplier": "it", "channel": channel}).data["points"]
        assert sum(point["n"] for point in points) == n
    for person, status in ((life.customer_head, 403), (life.executive, 200)):
        asked = {"figure": "created", "supplier": "it", "need_type": "technical"}
        assert as_api(person).get(series, asked).status_code == status
        assert as_api(person).get(series, {"figure": "created", "channel": "web"}).status_code == status


def test_definitions_say_their_day_and_edge_cases(life, as_api):
    rows = as_api(life.agent).get("/api/v1/figures/definitions/").data["figures"]
    row = next(row for row in rows if row["key"] == "csat")
    assert row["day"] == "the day from which the rating counts"
    assert row["edge_cases"] == edge_cases(DEFINITIONS["csat"])
