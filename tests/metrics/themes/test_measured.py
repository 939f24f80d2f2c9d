"""How well themes, needs and tone do on texts whose theme, need and tone are known; told in docs/statistics.md."""

from dataclasses import replace

import pytest

from metrics.themes.grouping import NEEDS, THEMES, groups_of, purity
from metrics.themes.words import tone_of
from tests.metrics.themes.measured import LABELLED, features

pytestmark = pytest.mark.django_db


def judged(what, measure, fewest):
    """(groups, share of the texts in them, their purity), of groups with so many texts."""
    rows = LABELLED[what]
    groups = [group for group in groups_of(features([row[-1] for row in rows]), measure) if len(group) >= fewest]
    covered = sum(len(group) for group in groups) / len(rows)
    return len(groups), round(covered, 2), round(purity(groups, [row[0] for row in rows]), 2)


def test_themes_are_nearly_pure_where_the_lexicon_has_their_concept():
    assert judged("comments", THEMES, 5) == (7, 0.8, 0.98)


def test_without_concepts_short_comments_of_three_languages_make_no_themes():
    assert judged("comments", replace(THEMES, concept=0.0001), 5) == (0, 0.0, 0.0)


def test_similar_requests_are_found_together():
    assert judged("requests", NEEDS, 3) == (5, 0.54, 1.0)


def test_where_the_tone_points_anywhere_it_points_right():
    rows = [(tone, tone_of(words)) for _theme, tone, words in LABELLED["comments"] if tone]
    pointing = [(tone, found) for tone, found in rows if found]
    assert (len(rows), len(pointing), sum((tone > 0) == (found > 0) for tone, found in pointing)) == (70, 48, 48)
