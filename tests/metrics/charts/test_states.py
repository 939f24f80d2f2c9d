"""What a chart is of, and what its signals are called."""

from datetime import date

import pytest

from metrics.charts.states import Verdict, can_be_charted, monday, scale_of, told, verdict_of, whole_weeks
from metrics.charts.statistics import RULES, Alarm, Scale
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.states import Period


@pytest.mark.parametrize(
    ("key", "scale"),
    [
        ("resolution_time", Scale.LOG),
        ("resolution_kept", Scale.SHARE),
        ("handoffs_mean", Scale.RATE),
        ("rating_mean", Scale.PLAIN),
        ("created", Scale.PLAIN),
    ],
)
def test_each_kind_of_figure_has_its_chart(key, scale):
    assert scale_of(DEFINITIONS[key]) == scale


def test_what_stands_open_now_has_no_weeks():
    assert not can_be_charted("backlog")
    assert can_be_charted("created")
    assert not can_be_charted("no-such-figure")


def test_whole_weeks_end_before_this_one():
    assert whole_weeks(date(2026, 11, 26), 2) == [
        Period(date(2026, 11, 9), date(2026, 11, 16)),
        Period(date(2026, 11, 16), date(2026, 11, 23)),
    ]
    assert monday(date(2026, 11, 23)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("key", "above", "verdict"),
    [
        ("resolution_time", True, Verdict.WORSE),
        ("resolution_time", False, Verdict.BETTER),
        ("resolution_kept", True, Verdict.BETTER),
        ("created", True, Verdict.DIFFERENT),
        ("resolution_time", None, Verdict.DIFFERENT),
    ],
)
def test_a_signal_is_good_or_bad_as_the_figure_is_meant(key, above, verdict):
    assert verdict_of(DEFINITIONS[key], Alarm(1, 0, 0, 0, above)) == verdict


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_itself_in_words_of_its_own(rule):
    words = {told(Alarm(rule, 0, 5, 5, above)) for above in (True, False)}

    assert all(words)
    assert len(words) == (1 if rule in (4, 7, 8) else 2)
