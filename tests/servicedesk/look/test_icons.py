"""Every icon a page names is in the list; nothing on a page breaks the content policy by being written there."""

import re
from pathlib import Path

import pytest

from servicedesk.look import statuses

ROOT = Path(__file__).resolve().parents[3]
LISTED = (ROOT / "static" / "icons.txt").read_text().split()
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMED = r'{% icon "([a-z0-9-]+)"'


def test_the_list_is_sorted_and_without_doubles():
    assert sorted(set(LISTED)) == LISTED


def test_every_icon_named_in_a_template_is_listed():
    named = {name for page in TEMPLATES for name in re.findall(NAMED, page.read_text())}
    assert named - set(LISTED) == set()


def test_every_icon_of_the_states_is_listed():
    tables = (statuses.REQUEST, statuses.HANDOFF, statuses.CLOCK, statuses.PRIORITY)
    named = {row[0] for table in tables for row in table.values()} | set(statuses.MEANING_ICONS.values())
    assert named - set(LISTED) == set()


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: str(page.relative_to(ROOT / "templates")))
def test_no_template_holds_code_styles_or_other_hosts(page):
    if "emails" in page.parts:
        pytest.skip("mails carry their own styles; the content policy holds for pages")
    text = page.read_text()
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=)|javascript:|(?:src|href)=\"https?:", text) == []
