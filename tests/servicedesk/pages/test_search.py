"""One box for everything, also for the palette."""

import pytest

from feedback.forum.services import hide
from requests_app.catalogue.services import change_service
from requests_app.desk.services.conversation import post_message
from tests.factories import file_laptop
from tests.factories.forum import replied, topic_of
from tests.factories.groups import founded

URL = "/search/"


@pytest.fixture
def browser(as_browser, company):
    return lambda who="requester": as_browser(getattr(company, who))


def search(client, q, **headers):
    response = client.get(URL, {"q": q}, **headers)
    assert response.status_code == 200
    return response.content.decode()


def test_requests_services_departments_and_people_are_found(browser, company):
    row = file_laptop(company, title="A screen for Sales")
    page = search(browser(), "sales")
    assert f'href="/requests/{row.number}/" data-result="{row.number}"' in page
    assert 'href="/services/?department=sales" data-result="Department"' in page
    assert 'href="/services/laptop/" data-result="Service"' in search(browser(), "laptop")
    assert "mailto:wanda.watcher@example.test" in search(browser(), "wanda")


def test_topics_of_the_forum_and_joint_groups_are_found_by_who_may_read_them(browser, company):
    topic, group = replied(company).topic, founded(company)
    page = search(browser("stranger"), "passwords")
    assert f'href="/feedback/forum/{topic.pk}/" data-result="Forum"' in page
    assert f'href="/feedback/forum/{topic.pk}/"' in search(browser("stranger"), "May")  # said in a reply
    for words in ("sign-in one", "second password"):  # of its name, of its goal
        assert f'href="/feedback/groups/{group.pk}/" data-result="Joint group"' in search(browser("stranger"), words)
    hide(by=company.supplier_head, topic=topic, reason="Twice")
    company.facilities.kind = "partner"
    company.facilities.save()
    assert "Nothing found" in search(browser("stranger"), "second password")
    assert f"/feedback/forum/{topic.pk}/" not in search(browser("colleague"), "expire")
    assert f"/feedback/forum/{topic.pk}/" in search(browser(), "expire")


@pytest.mark.parametrize("rows", [1, 3])
def test_many_topics_and_groups_cost_what_one_costs(browser, company, rows, django_assert_max_num_queries):
    client = browser()
    for number in range(rows):
        topic_of(company, title=f"Passwords {number}")
        founded(company, name=f"Passwords {number}")
    search(client, "passwords")
    with django_assert_max_num_queries(14):
        search(client, "passwords")


def test_a_number_leads_there(browser, new_request):
    for typed in (new_request.number, new_request.number.lower(), str(new_request.pk)):
        assert f'data-result="{new_request.number}"' in search(browser(), typed)


def test_nothing_is_found_that_may_not_be_seen(browser, company, new_request):
    post_message(by=company.agent, service_request=new_request, body="The margin is thin", internal=True)
    assert "Nothing found for “margin”" in search(browser(), "margin")
    assert new_request.number in search(browser("agent"), "margin")
    assert new_request.number not in search(browser("stranger"), "laptop")
    change_service(by=company.supplier_head, service=company.laptop, is_published=False)
    assert 'href="/services/laptop/"' not in search(browser("stranger"), "laptop")


def test_the_palette_gets_links_it_can_take(browser, new_request):
    page = search(browser(), "laptop", HTTP_HX_REQUEST="true")
    assert ("data-result=" in page, "<!doctype" in page) == (True, False)


def test_many_requests_lead_to_the_list_of_all(browser, company):
    for _number in range(21):
        file_laptop(company, title="A hinge")
    page = search(browser(), "hinge")
    assert page.count('data-result="SR-') == 20
    assert 'href="/requests/?q=hinge&amp;status=any"' in page


def test_an_empty_search_says_what_is_searched(browser):
    assert "Titles, descriptions and replies are searched" in search(browser(), "")
    assert "Titles, descriptions and replies are searched" in search(browser(), "  \x00 ")


@pytest.mark.parametrize(
    "q",
    ["<script>alert(1)</script>", "' OR 1=1 --", "((((", "\\", "%_%", "a" * 5000, "\x00laptop\x00", "💥", "(" * 500],
)
def test_odd_words_find_nothing_and_break_nothing(browser, new_request, q):
    page = search(browser(), q)
    assert "<script>alert" not in page


def test_who_is_not_signed_in_is_asked_to(as_browser):
    assert as_browser().get(URL, {"q": "laptop"}).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_takes_eleven_queries(company, as_browser, django_assert_num_queries, rows):
    for _row in range(rows):
        file_laptop(company, title="Laptop for Sales")
    client = as_browser(company.requester)
    client.get(URL, {"q": "laptop"})
    with django_assert_num_queries(11):
        client.get(URL, {"q": "laptop"})
