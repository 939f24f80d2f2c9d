"""All requests a reader may see, and exactly those behind a figure."""

import pytest

from servicedesk.pages.behind import Behind, Figures
from tests.factories import accept, close, deliver, file_laptop

URL = "/requests/"


@pytest.fixture
def browser(as_browser, company):
    return lambda who="requester": as_browser(getattr(company, who))


@pytest.fixture
def several(company):
    rows = {name: file_laptop(company, title=name) for name in ("fresh", "taken", "delivered", "closed")}
    accept(company, rows["taken"])
    deliver(company, rows["delivered"])
    close(company, rows["closed"])
    return rows


def shown(client, query=""):
    response = client.get(URL + query)
    assert response.status_code == 200
    page = response.content.decode()
    return {name for name in ("fresh", "taken", "delivered", "closed") if f">{name}</a>" in page}


@pytest.mark.parametrize(
    ("who", "query", "found"),
    [
        ("requester", "", {"fresh", "taken", "delivered"}),
        ("requester", "?asked=me", {"fresh", "taken", "delivered"}),
        ("requester", "?status=any", {"fresh", "taken", "delivered", "closed"}),
        ("requester", "?status=closed&asked=me", {"closed"}),
        ("requester", "?supplier=it&customer=sales", {"fresh", "taken", "delivered"}),
        ("colleague", "?asked=me", set()),
        ("colleague", "", {"fresh", "taken", "delivered"}),
        ("assigned", "?assignee=me", {"taken", "delivered"}),
        ("stranger", "?status=any", set()),
        ("executive", "?status=any", set()),
        ("auditor", "?status=any", {"fresh", "taken", "delivered", "closed"}),
    ],
)
def test_everybody_lists_what_they_may_see(browser, several, who, query, found):
    assert shown(browser(who), query) == found


def test_the_newest_stand_first_and_the_count_is_the_list(browser, several):
    page = browser().get(URL).content.decode()
    places = [page.index(f">{name}</a>") for name in ("delivered", "taken", "fresh")]
    assert places == sorted(places)
    assert "3 of 3 shown" in page
    assert "Sales → IT Services" in page


def test_the_current_view_is_marked(browser, several):
    page = browser().get(URL + "?asked=me").content.decode()
    assert 'aria-current="page">Asked by me' in page


def test_htmx_gets_the_list_alone(browser, several):
    response = browser().get(URL, HTTP_HX_REQUEST="true")
    assert response.content.startswith(b'<div id="list">') or b"<!doctype" not in response.content


@pytest.mark.parametrize("query", ["?colour=red", "?status=asleep", "?side=supplier&colour=red"])
def test_a_filter_that_is_none_is_named(browser, several, query):
    response = browser().get(URL + query)
    assert (response.status_code, b"These filters could not be used" in response.content) == (400, True)


def test_a_figure_lists_its_rows_whatever_their_state(browser, company, several, monkeypatch):
    asked = []

    def find(person, params, wanted):
        asked.append((person, params))
        return Behind("Accepted first time, IT Services", [several["closed"].pk, several["taken"].pk], n=3)

    monkeypatch.setattr(Figures, "find", staticmethod(find))
    query = "?figure=accepted_first_time&side=supplier&department=it&from=2026-01-01&to=2026-02-01"

    assert shown(browser("agent"), query) == {"closed", "taken"}
    assert asked == [
        (company.agent, {
            "figure": "accepted_first_time", "side": "supplier", "department": "it", "from": "2026-01-01",
            "to": "2026-02-01", "part": "", "only": "", "age": "", "need_type": "", "customer_kind": "", "channel": "",
        })
    ]  # fmt: skip
    page = browser("agent").get(URL + query).content.decode()
    assert "<h1>Accepted first time, IT Services</h1>" in page
    assert shown(browser("agent"), query + "&status=closed") == {"closed"}
    assert shown(browser("stranger"), query) == set()


def test_a_figure_that_is_none_is_not_found(browser, several, monkeypatch):
    monkeypatch.setattr(Figures, "find", None)
    assert browser().get(URL + "?figure=magic").status_code == 404
    monkeypatch.setattr(Figures, "find", staticmethod(lambda person, params, wanted: None))
    assert browser().get(URL + "?figure=magic").status_code == 404


def test_who_is_not_signed_in_is_asked_to(as_browser, several):
    assert as_browser().get(URL).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_seven_queries(company, as_browser, django_assert_num_queries, rows):
    for _row in range(rows):
        accept(company, file_laptop(company))
    client = as_browser(company.requester)
    client.get(URL)
    with django_assert_num_queries(7):
        client.get(URL)
