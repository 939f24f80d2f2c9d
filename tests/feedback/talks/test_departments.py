"""Talks on the dashboards of departments: each number has the list it counts, and only what the reader may read."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.talks.counting import counted
from feedback.talks.models import Talk, TalkItem
from feedback.talks.services import take_step
from metrics.relations.selectors import relation_of, tiles_for_a_talk
from tests.factories.facts import count, decided
from tests.factories.talks import begun, planned, task_at

pytestmark = pytest.mark.django_db
DASHBOARD = "/departments/it/as-supplier/"
COUNTED = re.compile(r'href="(/feedback/talks/of/[^"]+)" data-count="(\d+)"')


def past(company, kind="customer", state="held", days=10) -> Talk:
    """Held, or called off, so many days ago; the next one is planned."""
    talk = begun(company, kind)
    at = timezone.now() - timedelta(days=days)
    following = timezone.now() + timedelta(days=4)
    if state == "held":
        take_step(by=company.supplier_head, talk=talk, name="end", present=[], starts_at=following)
    else:
        take_step(by=company.supplier_head, talk=talk, name="cancel", reason="Ill")
    Talk.objects.filter(pk=talk.pk).update(starts_at=at)
    talk.refresh_from_db()
    return talk


def late_task(company, talk: Talk) -> TalkItem:
    task = task_at(company, talk)
    TalkItem.objects.filter(pk=task.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    return task


def test_what_was_held_of_what_was_planned_is_counted_with_the_next_and_what_is_late(company):
    held = past(company)
    late_task(company, held)
    past(company, "supplier", "cancelled", 20)
    found = counted(company.supplier_head, company.it, "supplier")
    assert (found.planned, found.held, found.late) == (2, 1, 1)
    assert found.next == Talk.objects.filter(state="planned").order_by("starts_at").first()
    theirs = counted(company.customer_head, company.sales, "customer")
    assert (theirs.planned, theirs.held, theirs.late) == (2, 1, 1)
    assert counted(company.supplier_head, company.it, "customer") is None


def test_what_is_older_than_the_days_is_not_counted_but_its_tasks_are(company):
    late_task(company, past(company, days=91))
    found = counted(company.supplier_head, company.it, "supplier")
    assert (found.planned, found.held, found.late) == (0, 0, 1)


def test_each_number_on_the_dashboard_has_a_list_as_long_as_it_says(company, as_browser):
    late_task(company, past(company))
    past(company, "supplier", "cancelled", 20)
    head = as_browser(company.supplier_head)
    links = COUNTED.findall(head.get(DASHBOARD).content.decode())
    assert sorted(int(n) for _url, n in links) == [1, 1, 2]
    for url, n in links:
        assert head.get(url).content.decode().count("<li data-row") == int(n), url


def test_both_sides_see_the_block_and_whoever_reads_no_talks_does_not(company, as_browser):
    past(company)
    words = "Tasks from talks that are late"
    assert words in as_browser(company.supplier_head).get(DASHBOARD).content.decode()
    assert words in as_browser(company.customer_head).get("/departments/sales/as-customer/").content.decode()
    assert words in as_browser(company.executive).get(DASHBOARD).content.decode()
    assert words not in as_browser(company.other_head).get(DASHBOARD).content.decode()
    assert counted(company.other_head, company.it, "supplier") is None


def test_odd_addresses_are_answered(company, as_browser):
    head = as_browser(company.supplier_head)
    assert head.get("/feedback/talks/of/it/sideways/").status_code == 404
    assert head.get("/feedback/talks/of/nowhere/supplier/").status_code == 404
    assert head.get("/feedback/talks/of/it/supplier/?show=dream").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_block_costs_one_query(company, rows, django_assert_num_queries):
    talk = past(company)
    for _number in range(rows):
        late_task(company, talk)
    counted(company.supplier_head, company.it, "supplier")
    with django_assert_num_queries(1):
        assert counted(company.supplier_head, company.it, "supplier").late == rows


def test_the_api_tells_the_same(company, as_api):
    task = late_task(company, past(company))
    told = as_api(company.supplier_head).get("/api/v1/meetings/departments/it/").json()
    assert (told["planned"], told["held"], told["late"], len(told["talks"])) == (1, 1, 1, 1)
    assert [one["id"] for one in told["tasks"]] == [task.pk]
    assert as_api(company.stranger).get("/api/v1/meetings/departments/it/").json()["talks"] == []


def test_figures_of_the_two_stand_beside_the_agenda_until_the_talk_is_held(company, as_browser):
    count(decided(company, company.it, 2, 3, 1, ago=2))
    talk = planned(company)
    tiles = tiles_for_a_talk(company.supplier_head, company.it, company.sales)
    page = relation_of(person=company.supplier_head, one=company.it, other=company.sales, choice="quarter")
    same = {line.definition.key: line.tiles[0].figure for line in page.lines}
    assert [tile.figure for tile in tiles if tile.figure.key in same] == [
        same[tile.figure.key] for tile in tiles if tile.figure.key in same
    ]
    words, head = "Where the two stand", as_browser(company.supplier_head)
    shown = head.get(f"/feedback/talks/{talk.pk}/").content.decode()
    assert (words in shown, "n 3, too few to tell" in shown, "people answered" in shown) == (True, True, False)
    Talk.objects.filter(pk=talk.pk).update(state="cancelled", ended_at=timezone.now())
    assert words not in head.get(f"/feedback/talks/{talk.pk}/").content.decode()


def test_they_are_for_whom_the_page_of_the_two_is(company):
    told = {
        letter for letter, person in company.by_context.items() if tiles_for_a_talk(person, company.it, company.sales)
    }
    assert told == {"CH", "SA", "AS", "SH", "AU", "EX"}
