"""What the weeks come to: verdicts, a comparison, several figures together, and the same again when counted again."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.forms.models import model_to_dict
from django.utils import timezone

from metrics.improvement import counting, wording
from metrics.improvement.models import Improvement, ImprovementEffect
from metrics.improvement.states import monday_of
from metrics.improvement.tasks import recount_improvements
from metrics.rollups.services import recount_stale
from requests_app.events.services import deliver as deliver_events
from tests.factories import close, file_laptop
from tests.factories.improvements import HOUR, measured, midweek, noisy, planned, points, running

pytestmark = pytest.mark.django_db


def effect_of(row: Improvement, horizon: str = "first") -> ImprovementEffect:
    return row.effects.get(horizon=horizon)


def test_a_fifth_less_is_found_with_its_interval(company):
    found = effect_of(measured(company))
    assert (found.verdict, round(found.effect, 2), found.weeks_before, found.by_trend) == ("improved", -0.2, 20, False)
    assert -0.23 < found.low < -0.2 < found.high < -0.17
    assert found.details["median_before"] == pytest.approx(10.05 * HOUR)
    assert wording.short(found.improvement, found) == "−20\u00a0%, 95 % CI −22…−18"


def test_more_is_worse_and_the_same_is_no_evidence(company):
    assert effect_of(measured(company, after=12 * HOUR)).verdict == "worse"
    same = effect_of(measured(company, after=10 * HOUR, figure="first_response_time"))
    assert (same.verdict, same.held) == ("no_evidence", None)
    assert -0.1 < same.detectable < 0
    assert wording.sentences(same.improvement, same)[-1] == (
        "That does not show that nothing changed: less than "
        f"{round(-same.detectable * 100)}\u00a0% would probably have been missed."
    )


def test_a_share_is_told_in_points(company):
    found = effect_of(measured(company, before=0.8, after=0.9, figure="resolution_kept", expected=0.05))
    assert (found.verdict, round(found.effect, 2)) == ("improved", 0.1)
    assert wording.short(found.improvement, found).startswith("+9.9 points, 95 % CI +8.3…+11.")


def test_what_was_on_its_way_already_is_no_success(company):
    row = running(company)
    monday = monday_of(row.effective_on)
    falling = [value * 0.98**at for at, value in enumerate(noisy(10 * HOUR, 34))]
    row.weeks = points(monday - timedelta(weeks=20), falling)
    counting.judge([row], timezone.now())
    found = effect_of(row)
    assert (found.verdict, found.by_trend) == ("no_evidence", True)
    assert found.details["p"] < 0.001  # two levels alone would have been called improved


def test_what_changed_elsewhere_as_well_was_not_the_action(company):
    row = running(company, comparison=company.facilities)
    first = monday_of(row.effective_on) - timedelta(weeks=20)
    row.weeks = points(first, noisy(10 * HOUR, 20) + noisy(8 * HOUR, 14))
    row.compared_weeks = points(first, noisy(20 * HOUR, 20)[::-1] + noisy(16 * HOUR, 14)[::-1])
    counting.judge([row], timezone.now())
    found = effect_of(row)
    assert (found.verdict, "median_before" in found.details) == ("no_evidence", False)
    assert abs(found.effect) < 0.05


def test_whether_it_held_is_told_of_the_later_quarters(company):
    row = running(company, effective_on=midweek(7 * 41))
    first = monday_of(row.effective_on) - timedelta(weeks=20)
    row.weeks = points(first, noisy(10 * HOUR, 20) + noisy(8 * HOUR, 14) + noisy(8.5 * HOUR, 13) + noisy(10 * HOUR, 13))
    counting.judge([row], timezone.now())
    assert [(one.horizon, one.held) for one in row.effects.order_by("pk")] == [
        ("first", None), ("three_months", True), ("six_months", False),
    ]  # fmt: skip


def test_figures_of_one_action_are_corrected_together(company):
    """The second one is only just not chance by itself."""
    one = measured(company)
    other = running(company, figure="first_response_time")
    other.weeks = one.weeks
    counting.judge([one, other], timezone.now())
    assert effect_of(one).p_adjusted == pytest.approx(effect_of(one).p)  # both are as small as that
    other.weeks = points(monday_of(one.effective_on) - timedelta(weeks=20), noisy(HOUR, 34))
    counting.judge([one, other], timezone.now())
    assert effect_of(one).p_adjusted == pytest.approx(2 * effect_of(one).p)


def test_counted_again_it_is_the_same(company):
    row = measured(company)
    before = model_to_dict(effect_of(row))
    counting.judge([row], timezone.now())
    after = model_to_dict(effect_of(row))
    assert {**after, "counted_at": 0} == {**before, "counted_at": 0}
    assert row.effects.count() == 2  # the second quarter has begun


def test_real_requests_are_counted_by_the_week(company):
    close(company, file_laptop(company))
    deliver_events("facts")
    recount_stale()
    later = timezone.now() + timedelta(days=15)
    row = running(company, effective_on=timezone.localdate() - timedelta(days=15), comparison=company.facilities)
    assert counting.recount([row.pk], now=later) == 1
    row.refresh_from_db()
    assert sum(week[2] for week in row.weeks) == 1
    assert sum(week[2] for week in row.compared_weeks) == 0
    assert (effect_of(row).verdict, effect_of(row).weeks_after) == ("too_early", 0)


def test_the_worker_counts_when_it_is_planned_and_every_day(company):
    row = planned(company)
    deliver_events("metrics.improvements")
    row.refresh_from_db()
    assert (len(row.weeks) > 26, row.effects.count()) == (True, 0)  # a plan has a baseline, and no effect
    Improvement.objects.update(weeks=[])
    recount_improvements()
    row.refresh_from_db()
    assert len(row.weeks) > 26
    Improvement.objects.update(weeks=[])
    recount_improvements()  # the day is claimed
    row.refresh_from_db()
    assert row.weeks == []


def test_what_is_cancelled_or_long_over_is_not_counted(company):
    row = planned(company, effective_on=timezone.localdate() - timedelta(days=700))
    assert counting.recount_all() == 0
    Improvement.objects.filter(pk=row.pk).update(state="cancelled", ended_at=timezone.now())
    assert counting.recount([row.pk]) == 0


def test_pages_do_not_load_what_only_workers_need():
    asked = "import django; django.setup(); import servicedesk.urls, sys; print({'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
