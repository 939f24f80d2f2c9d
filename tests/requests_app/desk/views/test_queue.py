"""The queue in the browser: filters in the address, tabs, bulk acts without script."""

import pytest

from requests_app.desk.models import ServiceRequest
from requests_app.desk.services.handoffs import offer_handoff
from tests.factories import accept, deliver, file_laptop, make_person

URL = "/departments/it/queue/"
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "list"}


@pytest.fixture
def browser(as_browser, company):
    return lambda who="agent": as_browser(getattr(company, who))


@pytest.fixture
def several(company):
    rows = {name: file_laptop(company, title=name) for name in ("fresh", "taken", "delivered")}
    accept(company, rows["taken"])
    deliver(company, rows["delivered"])
    return rows


def shown(client, query="", **headers):
    response = client.get(URL + query, **headers)
    assert response.status_code == 200
    page = response.content.decode()
    return {name for name in ("fresh", "taken", "delivered") if f">{name}</a>" in page}


def test_the_queue_is_for_those_who_work_on_it(browser, as_browser, new_request):
    for who, status in [("agent", 200), ("supplier_head", 200), ("admin", 200), ("auditor", 200), ("requester", 403),
                        ("other_agent", 403), ("executive", 403)]:  # fmt: skip
        assert browser(who).get(URL).status_code == status
    refused = browser("requester").get(URL).content.decode()
    assert "ask its head" in refused
    assert "A laptop for the new colleague" not in refused
    assert as_browser().get(URL).status_code == 302
    assert browser().get("/departments/nowhere/queue/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"fresh", "taken"}),
        ("?assignee=nobody", {"fresh"}),
        ("?assignee=me", set()),
        ("?assignee=ansel.assigned@example.test", {"taken"}),
        ("?status=delivered", {"delivered"}),
        ("?status=new&status=delivered", {"fresh", "delivered"}),
        ("?status=any", {"fresh", "taken", "delivered"}),
        ("?priority=5", {"fresh", "taken"}),
        ("?priority=1&priority=2", set()),
        ("?customer=sales", {"fresh", "taken"}),
        ("?customer=facilities", set()),
        ("?service=laptop&supplier=it", {"fresh", "taken"}),
        ("?asked=me", set()),
        ("?overdue=1", set()),
        ("?waits=1", set()),
        ("?q=fresh", {"fresh"}),
        ("?q=SR-000000", set()),
        ("?sort=newest", {"fresh", "taken"}),
        ("?sort=priority", {"fresh", "taken"}),
        ("?sort=oldest&q=", {"fresh", "taken"}),
    ],
)
def test_filters_stand_in_the_address(browser, several, query, found):
    assert shown(browser(), query) == found
    assert shown(browser(), query, **HTMX) == found


def test_what_is_on_is_shown_and_can_be_taken_off(browser, several):
    page = browser().get(URL + "?status=new&priority=5&customer=sales&assignee=nobody&q=fresh&due=today&overdue=1")
    words = page.content.decode()
    for chip in ("Status <b>New</b>", "Priority <b>Planned</b>", "Customer <b>Sales</b>", "Agent <b>nobody</b>",
                 "Words <b>fresh</b>", "Due <b>today</b>", "Overdue <b>yes</b>"):  # fmt: skip
        assert chip in words
    assert 'aria-label="Remove the filter Status New"' in words
    mine = browser().get(URL + "?assignee=me&asked=me&status=any").content.decode()
    assert ("Agent <b>me</b>" in mine, "Asked by <b>me</b>" in mine, "Status <b>any</b>" in mine) == (True, True, True)
    assert (
        "Agent <b>Ansel Assigned</b>" in browser().get(URL + "?assignee=ansel.assigned@example.test").content.decode()
    )


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?colour=red", "There is no filter “colour”."),
        ("?_connector=OR", "There is no filter “_connector”."),
        ("?supplier__name=x", "There is no filter “supplier__name”."),
        ("?status=asleep", "Status: “asleep” is not offered here."),
        ("?priority=7", "Priority: “7” is not offered here."),
        ("?priority=x", "Priority: “x” is not offered here."),
        ("?customer=nowhere", "Customer: “nowhere” is not offered here."),
        ("?customer=%00", "Customer: It holds a character that cannot be kept"),
        ("?assignee=nobody@example.test", "Agent: Nobody here has this address."),
        ("?sort=password", "Sort: “password” is not offered here."),
        ("?q=%00", "Search: It holds a character that cannot be kept"),
        ("?q=" + "x" * 201, "Search: Use at most 200 characters"),
    ],
)
def test_a_filter_that_is_none_is_named(browser, several, query, says):
    for headers in ({}, HTMX):
        response = browser().get(URL + query, **headers)
        assert (response.status_code, says in response.content.decode()) == (400, True)


def test_a_damaged_page_link_is_told(browser, several):
    response = browser().get(URL + "?cursor=abc")
    assert (response.status_code, b"This page link is damaged." in response.content) == (400, True)


def test_pages_lead_on_and_keep_the_filters(browser, company, monkeypatch):
    monkeypatch.setattr("requests_app.desk.selectors.lists.PAGE_SIZE", 2)
    for number in range(3):
        file_laptop(company, title=f"Number {number}")
    first = browser().get(URL + "?status=new").content.decode()
    assert "2 of 3 shown" in first
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "status=new" in link
    second = browser().get(link).content.decode()
    assert ("1 of 3 shown" in second, 'rel="prev"' in second) == (True, True)


def test_offers_of_other_departments_have_their_own_tab(browser, company, several):
    offer_handoff(by=company.assigned, service_request=several["taken"], to=company.facilities, reason="Theirs")
    page = browser("other_agent").get("/departments/facilities/queue/?offered=1").content.decode()
    assert ">taken</a>" in page
    assert "Offered to us <b>yes</b>" in page


def test_an_empty_queue_says_what_it_is_for(browser):
    assert b"Nothing is open here" in browser().get(URL).content
    assert b"Nothing fits these filters" in browser().get(URL + "?overdue=1").content


def test_hostile_titles_are_only_text(browser, company):
    file_laptop(company, title="<img src=x onerror=alert(1)>")
    assert b"<img" not in browser().get(URL).content


# ── Several at once ──


def bulk(client, rows, **data):
    return client.post(URL + "bulk/", {"pick": [row.number for row in rows], **data}, follow=True)


def test_an_agent_takes_several_and_hears_what_was_not_taken(browser, company, several):
    page = bulk(browser(), [several["fresh"], several["taken"]], act="take", back="?sort=newest")

    assert page.redirect_chain == [(f"{URL}?sort=newest", 302)]
    words = page.content.decode()
    assert "1 request assigned." in words
    assert f"{several['taken'].number} was left as it is: This step is not yours to take." in words
    assert ServiceRequest.objects.get(title="fresh").assignee == company.agent
    assert ServiceRequest.objects.get(title="taken").assignee == company.assigned


def test_the_head_gives_several_to_an_agent(browser, company, several):
    bulk(browser("supplier_head"), several.values(), act="assign", assignee=company.agent.email)
    assert set(ServiceRequest.objects.values_list("assignee", flat=True)) == {company.agent.pk}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"act": "take", "pick": []}, "Tick at least one request first."),
        ({"act": "take", "pick": ["x", "SR-", "9" * 30]}, "Tick at least one request first."),
        ({"act": "assign", "pick": ["SR-000001"]}, "Choose who is to work on them."),
        ({"act": "assign", "pick": ["SR-000001"], "assignee": "nobody@example.test"}, "is not offered here"),
        ({"act": "explode", "pick": ["SR-000001"]}, "is not offered here"),
        ({"act": "take", "pick": ["SR-999999"]}, "None of these is here any more."),
    ],
)
def test_what_cannot_be_done_is_said(browser, several, data, says):
    page = browser().post(URL + "bulk/", data, follow=True)
    assert (page.status_code, says in page.content.decode()) == (200, True)


def test_requests_of_others_are_passed_over(browser, company, several):
    stranger_row = several["fresh"]
    page = browser("other_agent").post("/departments/facilities/queue/bulk/",
                                       {"pick": [stranger_row.number], "act": "take"}, follow=True)  # fmt: skip
    assert "None of these is here any more." in page.content.decode()
    assert browser("requester").post(URL + "bulk/", {"pick": [stranger_row.number], "act": "take"}).status_code == 403
    assert browser().get(URL + "bulk/").status_code == 405


def test_the_way_back_stays_on_the_page(browser, several):
    page = browser().post(URL + "bulk/", {"act": "take", "back": "https://evil.example/"})
    assert page["Location"] == URL


def test_who_only_looks_on_gets_no_boxes(browser, several):
    assert b'dk-bulk"' not in browser("auditor").get(URL).content
    assert b'dk-bulk"' in browser().get(URL).content


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_twelve_queries(company, as_browser, django_assert_num_queries, rows):
    for number in range(rows):
        accept(company, file_laptop(company))
        make_person(f"Agent {number}", company.it, "agent")
    client = as_browser(company.assigned)
    client.get(URL)
    with django_assert_num_queries(12):
        client.get(URL)
