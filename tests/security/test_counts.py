"""A number tells no more than its list: what is counted for somebody is what the same person could list."""

import re

import pytest
from django.test import Client

from requests_app.desk.models import ServiceRequest
from requests_app.desk.states import OPEN
from tests.security.world import LETTERS, World

pytestmark = pytest.mark.django_db
SIGNED_IN = LETTERS[1:]
SUPPLYING = ("SA", "AS", "SH", "AD", "AU")
ROW = re.compile(r'<td class="no num t3">(SR-[0-9]+)</td>')
TAB = re.compile(r'<a href="(/departments/it/queue/[^"]*)"[^>]*>[^<]*<span class="n">([0-9]+)</span>')
SHOWN = re.compile(r"([0-9]+) of ([0-9]+) shown")
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().replace("&amp;", "&")


def listed(client: Client, address: str) -> list[str]:
    """The numbers in the list, through all its pages."""
    found: list[str] = []
    while address:
        text = page(client, address)
        found += ROW.findall(text)
        onward = NEXT.search(text)
        address = onward[1] if onward else ""
    return found


def total(text: str) -> int:
    shown = SHOWN.search(text)
    return int(shown[2]) if shown else 0


@pytest.mark.parametrize("letter", SIGNED_IN)
@pytest.mark.parametrize("query", ["status=any", "overdue=1", "q=help&status=any"])
def test_the_total_of_a_list_is_the_number_of_its_rows(letter, query, world: World):
    client, address = world.browser(letter), f"/requests/?{query}"
    assert total(page(client, address)) == len(listed(client, address))


@pytest.mark.parametrize("letter", SIGNED_IN)
def test_the_list_of_everything_is_what_is_visible(letter, world: World):
    rows = ServiceRequest.objects.visible_to(world.person(letter))
    assert set(listed(world.browser(letter), "/requests/?status=any")) == {row.number for row in rows}


@pytest.mark.parametrize("letter", SUPPLYING)
def test_the_number_at_each_tab_of_a_queue_is_the_number_of_its_rows(letter, world: World):
    client = world.browser(letter)
    tabs = TAB.findall(page(client, "/departments/it/queue/"))
    assert len(tabs) == 8
    assert {tab: int(number) for tab, number in tabs} == {tab: len(listed(client, tab)) for tab, _number in tabs}


@pytest.mark.parametrize("letter", ["SA", "AS", "SH"])
def test_the_number_in_the_sidebar_is_the_open_part_of_the_queue(letter, world: World):
    client = world.browser(letter)
    badge = re.search(r'href="/departments/it/queue/"[^>]*>.*?<span class="n">([0-9]+)', page(client, "/search/"), re.S)
    assert badge
    assert int(badge[1]) == len(listed(client, "/departments/it/queue/"))


def test_an_agent_counts_no_confidential_request_that_only_others_work_on(world: World):
    client, secret = world.browser("SA"), ServiceRequest.objects.filter(privacy="confidential", status__in=OPEN)
    assert secret.exists()
    assert total(page(client, "/departments/it/queue/")) == ServiceRequest.objects.filter(
        supplier=world.company.it, status__in=OPEN
    ).exclude(privacy="confidential").count()  # fmt: skip


@pytest.mark.parametrize("letter", SIGNED_IN)
def test_the_numbers_on_my_desk_are_those_of_the_lists_they_lead_to(letter, world: World):
    client = world.browser(letter)
    desk = client.get("/").context["page"].desk
    assert desk.asked_count == len(listed(client, "/requests/?asked=me"))
    assert desk.work_count == len([number for number in listed(client, "/requests/?assignee=me") if _is_open(number)])
    assert desk.asked_count + desk.ended_count == len(listed(client, "/requests/?asked=me&status=any"))


def _is_open(number: str) -> bool:
    return ServiceRequest.objects.get(pk=int(number.removeprefix("SR-"))).status in OPEN


@pytest.mark.parametrize("letter", SIGNED_IN)
def test_the_list_of_the_api_is_that_of_the_page(letter, world: World):
    client, found, address = world.program(letter), [], "/api/v1/requests/?limit=100"
    while address:
        answer = client.get(address).json()
        assert set(answer) == {"next", "previous", "results"}  # nothing is counted that is not there
        found += [row["number"] for row in answer["results"]]
        address = answer["next"]
    assert sorted(found) == sorted(listed(world.browser(letter), "/requests/?status=any"))


@pytest.mark.parametrize("letter", SIGNED_IN)
def test_the_number_behind_a_figure_is_told_only_to_whom_the_figure_is(letter, world: World):
    behind = "figure=created&side=supplier&department=it&from=2020-01-01&to=2199-01-01"
    client = world.browser(letter)
    answer = client.get(f"/requests/?{behind}")
    n = answer.context["behind"].n
    sees_figure = client.get("/departments/it/as-supplier/").status_code == 200
    assert (n is not None) == sees_figure
    rows = set(listed(client, f"/requests/?{behind}"))
    assert rows == {row.number for row in ServiceRequest.objects.visible_to(world.person(letter))}
