from datetime import date
from unittest.mock import ANY

from metrics.facts.models import HoldingInterval, RequestFact
from metrics.rollups import rebuilding
from metrics.rollups.models import Rollup, StaleCell

DAY = date(2026, 4, 8)


def test_rebuilding_gives_the_same_cells_and_forgets_what_was_stale(many_lives):
    StaleCell.objects.create(anchor="created", supplier_id=1, customer_id=2, service_id=0, priority=1, day=DAY)
    before = set(Rollup.objects.values_list("pk", "n", "total", "squares", "total_cs"))

    assert rebuilding.rebuild_cells() == len(before)
    assert set(Rollup.objects.values_list("pk", "n", "total", "squares", "total_cs")) == before
    assert StaleCell.objects.count() == 0


def test_the_first_count_of_all_is_the_same(many_lives):
    before = Rollup.objects.count()
    Rollup.objects.all().delete()

    assert rebuilding.rebuild_cells() == before
    assert rebuilding.wrong_cells() == []


def test_wrong_facts_intervals_and_cells_are_found(many_lives):
    assert (list(rebuilding.wrong_facts()), rebuilding.wrong_cells()) == ([], [])

    RequestFact.objects.filter(pk=3).update(hops=99)
    HoldingInterval.objects.filter(request_id=5, place=0).delete()
    Rollup.objects.filter(grain="supplier", span="month", figure="created", supplier_id=1).update(n=0)

    assert list(rebuilding.wrong_facts()) == [3, 5]
    wrong = rebuilding.wrong_cells()
    assert ("supplier", 1, 0, 0, 0, "month", ANY, "created") in wrong
    assert all(cell[-1] in ("created", "handoffs_mean") for cell in wrong)


def test_refolding_everything_puts_facts_right_and_marks_their_cells(many_lives):
    RequestFact.objects.filter(pk=3).update(hops=99, created_day=date(2020, 1, 1))
    RequestFact.objects.create(
        request_id=10_000, customer_id=1, supplier_id=2, first_supplier_id=2, priority=1, confidential=False,
        outcome="open", created_at="2026-01-01T00:00Z", created_day="2026-01-01",
    )  # fmt: skip

    folded = list(rebuilding.refold_all())

    assert (sum(count for count, _changed in folded), sum(changed for _count, changed in folded)) == (150, 2)
    assert list(rebuilding.wrong_facts()) == []
    assert StaleCell.objects.filter(day="2020-01-01").exists()
