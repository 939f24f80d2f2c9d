from datetime import date

import pytest
from django.db import connection

from metrics.facts.models import RequestFact
from metrics.rollups import rebuilding, services
from metrics.rollups.definitions import COUNTED, anchors
from metrics.rollups.models import Rollup, StaleCell
from metrics.rollups.services import Cell, columns_read, recount_stale, refresh_figures
from metrics.rollups.sketch import Sketch
from requests_app.events.models import Event
from tests.metrics.lives import Lives
from tests.metrics.story import FINANCE, IT, SALES, answered, event, filed, offered

DAY = date(2026, 4, 8)


def bars(packed):
    sketch = Sketch()
    sketch.take_packed(packed)
    return dict(sketch.counts)


def cells(figure, **filters):
    rows = Rollup.objects.filter(figure=figure, **filters).order_by("grain", "span", "day", "supplier_id")
    return list(rows.values_list("grain", "span", "day", "supplier_id", "customer_id", "n", "total"))


def brought_up(request_ids) -> None:
    refresh_figures(request_ids=request_ids)
    recount_stale()


def test_one_request_counts_in_every_grain_by_day_week_and_month(office, log):
    log(1, [filed("09:00", calendar=office.pk)])
    brought_up([1])

    starts = {"day": DAY, "month": DAY.replace(day=1), "week": date(2026, 4, 6)}
    ids = {
        "customer": (0, SALES), "line": (IT, SALES), "pair": (IT, SALES), "priority": (IT, 0), "service": (IT, 0),
        "supplier": (IT, 0),
    }  # fmt: skip
    assert cells("created") == [
        (grain, span, start, *ids[grain], 1, 1) for grain in ids for span, start in starts.items()
    ]


def test_a_handoff_takes_the_request_out_of_one_cell_and_into_another(office, log):
    log(1, [filed("09:00", calendar=office.pk), offered("10:00", FINANCE)])
    brought_up([1])
    log(1, [answered("11:00", "accepted", FINANCE)])
    brought_up([1])

    assert cells("created", grain="supplier", span="day") == [("supplier", "day", DAY, FINANCE, 0, 1, 1)]
    assert cells("created", grain="customer", span="month") == [("customer", "month", date(2026, 4, 1), 0, SALES, 1, 1)]


def test_refreshing_marks_only_the_cells_whose_count_changes(office, log):
    log(1, [filed("09:00", calendar=office.pk)])
    refresh_figures(request_ids=[1])
    assert {(cell.anchor, cell.supplier_id, cell.day) for cell in StaleCell.objects.all()} == {("created", IT, DAY)}
    recount_stale()

    log(1, [event("09:30", "message.public", side="customer", human=True)])
    assert refresh_figures(request_ids=[1]) == 1
    assert StaleCell.objects.count() == 0

    log(1, [event("10:00", "request.accepted")])
    refresh_figures(request_ids=[1])
    assert {cell.anchor for cell in StaleCell.objects.all()} == {"created", "responded", "accepted"}
    assert refresh_figures(request_ids=[1]) == 0


def test_a_cell_that_nothing_is_left_of_is_gone(office, log):
    log(1, [filed("09:00", calendar=office.pk), event("10:00", "request.delivered")])
    brought_up([1])
    assert cells("throughput", grain="pair")
    log(1, [event("11:00", "request.rejected")])
    brought_up([1])

    assert cells("throughput") == []
    assert [cell[5:] for cell in cells("rework_rate", grain="supplier", span="day")] == [(1, 1)]


def test_durations_keep_working_and_calendar_time_apart(office, log):
    log(1, [filed("16:00", calendar=office.pk), event("04-09 10:00", "request.delivered")])
    log(2, [filed("16:00", calendar=office.pk), event("04-09 11:00", "request.delivered")])
    brought_up([1, 2])

    day = Rollup.objects.get(figure="resolution_time", grain="supplier", span="day")
    month = Rollup.objects.get(figure="resolution_time", grain="supplier", span="month")
    assert (day.n, day.total, day.total_cs) == (month.n, month.total, month.total_cs) == (2, 5 * 3600, 37 * 3600)
    assert bars(day.sketch) == bars(month.sketch) == {445: 1, 465: 1}
    assert len(bars(month.sketch_cs)) == 2


def test_people_who_rated_are_told_apart_up_to_five(office, log):
    for request_id in range(1, 9):
        person = 7 if request_id < 3 else request_id
        given = event("12:00", "rating.given", overall=4, supplier=IT, person=person)
        log(request_id, [filed("09:00", calendar=office.pk), given])
    brought_up(range(1, 9))

    row = Rollup.objects.get(figure="csat", grain="supplier", span="month")
    assert (row.n, len(row.people)) == (8, 5)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counting_bit_by_bit_gives_what_counting_from_the_beginning_gives(office, log, seed):
    """Events arrive in pieces and not in order; the stored facts and cells are those of the whole log all the same."""
    lives = Lives(seed=seed, calendar=office.pk, days=40)
    histories = {serial: lives.life(serial) for serial in range(1, 31)}
    for share in (0.3, 0.6, 1.0):
        for serial, history in histories.items():
            known = Event.objects.filter(subject_id=serial).count()
            log(serial, history[known : max(int(len(history) * share), 1)])
        brought_up(lives.rng.sample(sorted(histories), 15) + list(histories))

    assert (list(rebuilding.wrong_facts()), rebuilding.wrong_cells()) == ([], [])
    assert rebuilding.sizes()["cells"] > 1000


def test_a_second_counter_leaves_at_once(office, log):
    log(1, [filed("09:00", calendar=office.pk)])
    refresh_figures(request_ids=[1])
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [services.RECOUNT_LOCK])
        assert recount_stale() == 0
        assert StaleCell.objects.count() == 1
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [services.RECOUNT_LOCK])
    finally:
        other.close()
    assert recount_stale() == 1


def test_many_marks_are_counted_in_batches(office, log, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    for request_id in range(1, 6):
        log(request_id, [filed("09:00", calendar=office.pk)])
    refresh_figures(request_ids=range(1, 6))
    StaleCell.objects.bulk_create([StaleCell(**Cell("created", IT, SALES, 5, 3, DAY)._asdict()) for _each in range(5)])

    assert recount_stale(most=1) == 2
    assert recount_stale(patience=0) == 2, "a worker that has stayed long enough begins no further batch"
    assert recount_stale() == 2
    assert cells("created", grain="supplier", span="day")[0][5] == 5


def test_columns_read_are_found_in_the_definitions():
    assert columns_read("verdict") == ("acceptance_delay_cs", "acceptance_delay_ws", "accepted_first_time")
    assert "rater_id" in columns_read("rated")
    assert columns_read("offered")[-1] == "place"


def test_every_counted_figure_has_an_anchor_that_the_facts_hold():
    columns = {field.name for field in RequestFact._meta.concrete_fields} | {"offered_day"}

    assert {f"{anchor}_day" for anchor in anchors()} <= columns
    assert {key for definitions in anchors().values() for key in (one.key for one in definitions)} == set(COUNTED)
