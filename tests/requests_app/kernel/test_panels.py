"""Blocks that upper packages add to pages of lower ones."""

import pytest

from requests_app.kernel import panels
from requests_app.kernel.panels import Panel, panels_for, provide


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch):
    monkeypatch.setattr(panels, "_providers", {})


def test_a_place_shows_what_is_provided_for_it_in_order():
    provide("request", lambda number: Panel("first.html", number))
    provide("request", lambda number: Panel("second.html", number + 1))
    provide("home", lambda number: Panel("elsewhere.html", number))

    assert panels_for("request", number=1) == [Panel("first.html", 1), Panel("second.html", 2)]
    assert panels_for("nowhere", number=1) == []


def test_who_has_nothing_to_show_shows_nothing():
    provide("request", lambda: None)
    assert panels_for("request") == []


def test_the_same_provider_counts_once():
    def block():
        return Panel("block.html", 1)

    provide("request", block)
    provide("request", block)
    assert panels_for("request") == [Panel("block.html", 1)]
