"""Programmes are settings: each change is recorded, and told with before and after."""

import pytest

from feedback.awards.keeping import save_programme
from servicedesk.pages.settings.changes import changes_of
from tests.factories.awards import programme_of

pytestmark = pytest.mark.django_db


def test_a_change_of_a_programme_is_told_in_the_history_of_settings(company, as_browser):
    programme = programme_of(company, weights={"kept": 2})
    save_programme(by=company.admin, programme=programme, name="Best service", way="figures", weights={"kept": 3})
    newest = changes_of("award_programme", programme.pk)[0]
    assert [(line.label, line.before, line.after) for line in newest.lines] == [
        ("What decides", "A vote of all staff", "The figures alone"),
        ("Agreement kept", "2", "3"),
    ]
    assert "Award programme" in as_browser(company.admin).get("/settings/history/").content.decode()
