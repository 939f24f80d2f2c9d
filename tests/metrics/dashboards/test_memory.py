"""Pages of figures are kept until the figures change, and never shown to somebody who may see less."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from metrics.dashboards.company import company_page
from metrics.dashboards.memory import BODIES, PAGES, Memory
from metrics.dashboards.selectors import department_page
from metrics.rollups.models import Generation
from metrics.rollups.selectors import generation
from metrics.rollups.services import recount_stale
from requests_app.events.services import deliver as deliver_events
from tests.factories import close, file_laptop

NOON = timezone.localtime().replace(hour=12, minute=0, second=5, microsecond=0)


@pytest.fixture
def kept(settings):
    """The memory at work, empty before and after."""
    settings.PAGES_REMEMBERED = 50
    for memory in (PAGES, BODIES):
        memory._kept.clear()
    yield
    for memory in (PAGES, BODIES):
        memory._kept.clear()


@pytest.fixture
def life(company):
    close(company, file_laptop(company))
    catch_up()
    return company


def catch_up() -> None:
    deliver_events("facts")
    recount_stale()


def seen(person, **more):
    return department_page(person=person, slug="it", side="supplier", **{"now": NOON} | more)


def test_a_page_is_made_once_while_nothing_changes(kept, life):
    assert seen(life.supplier_head) is seen(life.agent)


def test_a_recount_makes_it_new(kept, life):
    before = seen(life.supplier_head)
    number = generation()
    file_laptop(life)
    catch_up()

    after = seen(life.supplier_head)
    assert (before.figures["created"].n, after.figures["created"].n) == (1, 2)
    assert generation() > number


def test_time_alone_makes_it_new(kept, life):
    assert seen(life.agent) is not seen(life.agent, now=NOON + timedelta(minutes=1))


@pytest.mark.parametrize("other", [{"choice": "7"}, {"choice": "year"}, {"start": "2026-01-01", "end": "2026-01-31"}])
def test_other_days_are_another_page(kept, life, other):
    assert seen(life.agent) is not seen(life.agent, **other)


def test_who_may_see_less_gets_a_page_of_their_own(kept, life):
    full, outline = seen(life.supplier_head), seen(life.other_agent)

    assert (full.in_full, outline.in_full) == (True, False)
    assert ("rating_mean" in full.figures, "rating_mean" in outline.figures) == (True, False)


def test_another_language_gets_its_own_words(kept, life):
    english = seen(life.agent)
    with translation.override("ru"):
        assert seen(life.agent) is not english


def test_the_company_is_kept_likewise(kept, life):
    first = company_page(person=life.executive, now=NOON)
    assert company_page(person=life.auditor, now=NOON) is first
    assert company_page(person=life.other_agent, now=NOON) is not first


def test_the_second_reader_costs_fewer_queries_and_sees_the_same(kept, life, as_browser):
    browser, counts, bodies = as_browser(life.supplier_head), [], []
    for _look in range(2):
        with CaptureQueriesContext(connection) as asked:
            page = browser.get("/departments/it/as-supplier/").content.decode()
        counts.append(len(asked))
        bodies.append(page.split('<section class="dk-tiles"')[1])

    assert counts[1] < counts[0] - 10
    assert bodies[0] == bodies[1]


def test_what_was_not_asked_for_the_longest_goes_first(settings):
    settings.PAGES_REMEMBERED = 2
    memory, made = Memory(), []
    for key in ("a", "b", "a", "c", "a", "b"):
        memory.of((key,), lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b"]


def test_nothing_counted_yet_is_generation_nought(db):
    assert (Generation.objects.count(), generation()) == (0, 0)
