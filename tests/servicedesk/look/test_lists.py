"""Rows of a list as markup: what people wrote is text, and every cell says what it should."""

import re
from dataclasses import dataclass
from types import SimpleNamespace as Thing

import pytest
from django.utils import translation

from servicedesk.look.tags.lists import options, request_row

EVIL = '"><script>alert(1)</script>'


@dataclass
class Line:
    service_request: Thing
    left: float | None = 3600.0
    state: str = "running"
    age: float = 7200.0
    mine: bool = False
    number: str = "SR-000007"
    url: str = "/requests/SR-000007/"
    status_words: str = "New"
    requester: str = "R. Requester"


def line(assignee: str | None = "Ansel Assigned", words: str = "Printer", **more) -> Line:
    person = Thing(name=assignee) if assignee else None
    row = Thing(title=words, customer=Thing(name="Sales"), supplier=Thing(name="IT"), priority=2, assignee=person)
    return Line(row, **more)


def cells(html: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", html)]


def test_a_row_of_a_list_says_everything_in_order():
    assert cells(request_row(line())) == [
        "SR-000007", "Printer", "Sales → IT", "High", "New", "AAAnsel Assigned", "1\u00a0h", "2\u00a0h",
    ]  # fmt: skip


def test_a_row_of_a_queue_can_be_ticked_and_names_who_asks():
    html = request_row(line(None), pick=True, other="customer")
    assert cells(html)[3] == "Sales · R. Requester"
    assert 'name="pick" value="SR-000007" data-pick aria-label="Tick SR-000007"' in html
    assert cells(html)[6] == "nobody"


def test_a_stopped_clock_shows_its_verdict_and_none_says_so():
    assert cells(request_row(line(left=None, state="kept")))[6] == "Kept"
    assert cells(request_row(line(left=None, state="none")))[6] == "no target"


@pytest.mark.parametrize("where", ["words", "assignee", "requester", "status_words", "url"])
def test_nothing_that_people_wrote_becomes_markup(where):
    assert "<script" not in request_row(line(**{where: EVIL}), other="customer")


def test_the_words_are_the_readers():
    english = request_row(line())
    with translation.override("ru"):
        assert request_row(line()) != english
    assert request_row(line()) == english


def test_options_are_escaped_and_the_chosen_one_is_on():
    drawn = options([Thing(value="a", words="A & B", on=False), Thing(value=EVIL, words="C", on=True)])
    assert drawn.startswith('<option value="a">A &amp; B</option><option value="&quot;&gt;')
    assert drawn.endswith(" selected>C</option>")
