"""Every figure, from cells and from facts, and the requests behind it: all three have to agree."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from metrics.facts.models import OfferFact, RequestFact
from metrics.rollups import selectors
from metrics.rollups.definitions import COUNTED, DEFINITIONS, Unit
from metrics.rollups.models import FigureTarget
from metrics.rollups.selectors.exact import exact_tallies, snapshot_tallies
from metrics.rollups.selectors.figures import _tallies
from metrics.rollups.states import Period, Scope, Side
from tests.metrics.story import BERLIN

WHOLE = Period(date(2025, 12, 1), date(2026, 7, 1))
PARTS = [WHOLE, Period(date(2026, 2, 1), date(2026, 3, 1)), Period(date(2026, 1, 25), date(2026, 4, 3))]
NOW = datetime(2026, 7, 2, tzinfo=UTC)
KEYS = list(DEFINITIONS)


def scope(side=Side.SUPPLIER, departments=(1,), period=WHOLE, **more):
    return Scope(side, departments, period, more.pop("now", NOW), BERLIN, **more)


SCOPES = [
    scope(side, departments, period)
    for side, departments, period in product(Side.ALL, [(1,), (2, 3), None], PARTS)
] + [
    scope(other_ids=(2,)),
    scope(Side.CUSTOMER, (1, 2), other_ids=(3,)),
    scope(service_id=11),
    scope(priority=3),
    scope(service_id=11, priority=3),
    scope(Side.CUSTOMER, (2,), priority=3, other_ids=(1,)),
    scope(now=datetime(2026, 3, 10, 12, tzinfo=UTC)),
]  # fmt: skip


@pytest.mark.parametrize("chosen", SCOPES, ids=str)
def test_cells_say_what_the_facts_say(many_lives, chosen):
    exact = exact_tallies(chosen, COUNTED)
    found = {
        key: tally for key, tally in _tallies(chosen, list(COUNTED), calendar=True).items()
        if not (COUNTED[key[0]].open_due)
    }  # fmt: skip

    for key, wanted in exact.items():
        if COUNTED[key[0]].open_due:
            continue
        tally = found.pop(key)
        assert (tally.n, tally.total, tally.squares, tally.total_cs) == (
            wanted.n,
            wanted.total,
            wanted.squares,
            wanted.total_cs,
        )
        assert min(len(tally.people), 5) == min(len(wanted.people), 5)
        for mine, theirs in ((tally.quantiles(), wanted.exact), (tally.quantiles_cs(), wanted.exact_cs)):
            for one, other in zip(mine, theirs or mine, strict=True):
                assert one == (None if other is None else pytest.approx(other, rel=0.0101))
    assert not any(tally.n for tally in found.values())


@pytest.mark.parametrize("chosen", SCOPES, ids=str)
def test_as_many_requests_stand_behind_a_figure_as_it_counts(many_lives, chosen):
    for key, figure in selectors.figures(chosen, KEYS).items():
        behind = selectors.count_behind(chosen, key)
        if DEFINITIONS[key].source == "offer":
            ids = selectors.request_ids_behind(chosen, key)
            assert OfferFact.objects.filter(request_id__in=ids).values("request_id").distinct().count() == behind
            assert behind <= figure.n
        elif key == "load_per_agent":
            assert behind == (figure.total or behind)
        else:
            assert figure.n == behind
        assert RequestFact.objects.filter(pk__in=selectors.request_ids_behind(chosen, key)).count() == behind


@pytest.mark.parametrize("chosen", SCOPES, ids=str)
@pytest.mark.parametrize("ends_today", [True, False])
def test_a_period_and_the_one_before_read_together_are_those_read_alone(many_lives, chosen, ends_today):
    if ends_today:
        chosen = replace(chosen, now=chosen.period.bounds(chosen.zone)[1] - timedelta(seconds=1))
    past = [key for key in KEYS if key in COUNTED or key in ("backlog", "load_per_agent")]
    earlier = replace(chosen, period=chosen.period.before())

    found, before = selectors.figures_with_before(chosen, KEYS, past)

    assert found == selectors.figures(chosen, KEYS)
    alone = selectors.figures(earlier, past)
    assert {key: (figure, alone[key]) for key, figure in before.items() if figure != alone[key]} == {}


@pytest.mark.parametrize("chosen", SCOPES, ids=str)
def test_totals_are_the_sums_of_the_facts(many_lives, chosen):
    keys = [key for key in COUNTED if key.startswith(("need_", "held_for_"))]
    exact = exact_tallies(chosen, keys)

    found = selectors.totals(chosen, keys)

    assert found == {key: exact[key,].total if (key,) in exact else 0 for key in keys}
    assert any(found.values()) or (chosen.service_id and chosen.priority)


@pytest.mark.parametrize("chosen", [scope(), scope(Side.CUSTOMER, (2,)), scope(Side.CUSTOMER, (1, 2), other_ids=(3,))])
def test_requests_by_service_are_those_of_the_facts(many_lives, chosen):
    exact = exact_tallies(chosen, ["created"], apart=("service_id",))

    found = selectors.figures_by_service(chosen, ["created"])

    assert {service: row["created"].n for service, row in found.items()} == {
        service or 0: tally.n for (service, _key), tally in exact.items()
    }


@pytest.mark.parametrize("key", [key for key in KEYS if DEFINITIONS[key].unit == Unit.SHARE])
def test_the_parts_of_a_share_make_up_its_rows(many_lives, key):
    chosen = scope(departments=None, now=datetime(2026, 6, 1, tzinfo=UTC))
    figure = selectors.figures(chosen, [key])[key]
    good, bad = (selectors.count_behind(chosen, key, part=part) for part in ("good", "bad"))

    if DEFINITIONS[key].source == "fact":
        assert (good, good + bad) == (figure.total or 0, figure.n)
    else:
        assert good + bad >= selectors.count_behind(chosen, key)


@pytest.mark.parametrize("side", Side.ALL)
def test_departments_add_up_to_the_whole(many_lives, side):
    chosen = scope(side, (1, 2))
    whole = selectors.figures(chosen, KEYS)
    apart = selectors.figures_by_department(chosen, KEYS)

    for key in KEYS:
        if key not in ("load_per_agent",):
            assert sum(row[key].n for row in apart.values() if key in row) == whole[key].n


@pytest.mark.parametrize("side", Side.ALL)
def test_services_add_up_to_the_whole(many_lives, side):
    keys = ["created", "throughput", "resolution_kept", "held_by_supplier", "held_by_nobody"]
    chosen = scope(side, (1,))
    whole = selectors.figures(chosen, keys)
    apart = selectors.figures_by_service(chosen, keys)

    for key in keys:
        assert sum(row[key].n for row in apart.values() if key in row) == whole[key].n
        assert sum(row[key].total or 0 for row in apart.values() if key in row) == (whole[key].total or 0)


def test_the_matrix_holds_every_pair_once(many_lives):
    chosen = scope(departments=None)
    keys = ("resolution_kept", "resolution_time", "backlog", "csat")
    found = selectors.figures_of_pairs(chosen, keys)
    for key in keys:
        assert sum(figure.n for figure in found[key].cells.values()) == selectors.figures(chosen, [key])[key].n


def test_the_ends_of_the_matrix_are_the_figures_of_the_departments(many_lives):
    keys = ["created", "resolution_kept", "resolution_time", "bounce_rate", "overdue_open", "rating_mean"]
    found = selectors.figures_of_pairs(scope(departments=None), keys)
    for side, sums in ((Side.SUPPLIER, "suppliers"), (Side.CUSTOMER, "customers")):
        for department in (1, 2, 3, 4):
            alone = selectors.figures(scope(side, (department,)), keys)
            assert {key: getattr(found[key], sums).get(department, selectors.no_figure(key)).value for key in keys} == {
                key: figure.value for key, figure in alone.items()
            }
    whole = selectors.figures(scope(departments=None), keys)
    assert {key: found[key].whole.value for key in keys} == {key: whole[key].value for key in keys}


def test_all_pairs_are_read_in_three_queries(many_lives, django_assert_num_queries):
    with django_assert_num_queries(3):
        selectors.figures_of_pairs(scope(departments=None), ["created", "resolution_kept", "csat", "backlog"])


def test_ages_of_parts_are_not_added_up(many_lives):
    found = selectors.figures_of_pairs(scope(departments=None), ["backlog_age"])["backlog_age"]
    assert (found.whole, found.suppliers, bool(found.cells)) == (None, {}, True)


@pytest.mark.parametrize("pieces", [WHOLE.cut(7), WHOLE.weeks(), WHOLE.months(), WHOLE.cut(1000)])
def test_a_series_adds_up_to_the_whole(many_lives, pieces):
    keys = ["created", "resolution_time", "resolution_kept", "backlog"]
    chosen = scope()
    whole = selectors.figures(chosen, keys)

    found = selectors.series(chosen, keys, pieces)

    for key in ("created", "resolution_time"):
        assert sum(figure.n for figure in found[key]) == whole[key].n
    assert len(found["backlog"]) == len(pieces)
    for place, piece in enumerate(pieces):
        at_its_end = scope(period=piece, now=datetime(2027, 1, 1, tzinfo=UTC))
        stood = snapshot_tallies(at_its_end, ["backlog"]).get(("backlog",))
        assert found["backlog"][place].n == (stood.n if stood else 0)


def test_a_narrow_series_is_counted_from_facts(many_lives):
    pieces = WHOLE.months()
    chosen = scope(service_id=12, priority=3)

    found = selectors.series(chosen, ["created"], pieces)

    assert sum(figure.n for figure in found["created"]) == selectors.figures(chosen, ["created"])["created"].n > 0


def test_nothing_is_none_and_never_nought_percent(many_lives):
    found = selectors.figures(scope(departments=(99,)), KEYS)

    for key, figure in found.items():
        if DEFINITIONS[key].unit == Unit.COUNT:
            assert (figure.n, figure.value) == (0, 0)
        else:
            assert (figure.n, figure.value, figure.low, figure.high, figure.mean) == (0, None, None, None, None)


def test_targets_are_the_departments_own_before_the_companys(db):
    FigureTarget.objects.create(department_id=None, figure="csat", value=0.7)
    FigureTarget.objects.create(department_id=1, figure="csat", value=0.6)

    assert [selectors.targets_for(department)["csat"] for department in (1, 2, None)] == [0.6, 0.7, 0.7]
    assert selectors.targets_for(2)["resolution_kept"] == 0.92


def test_the_zone_decides_until_when_open_work_is_told():
    until = scope(period=Period(date(2026, 3, 1), date(2026, 3, 2))).until

    assert until == datetime(2026, 3, 2, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize("chosen", SCOPES, ids=str)
def test_what_was_open_earlier_is_told_by_cells_as_by_facts(many_lives, chosen):
    for period in (Period(date(2026, 1, 1), date(2026, 2, 10)), Period(date(2026, 3, 1), date(2026, 4, 1))):
        earlier = replace(chosen, period=period)
        keys = ["backlog", "load_per_agent"]
        exact = {key: tally.total for key, tally in snapshot_tallies(earlier, keys).items() if tally.total}
        assert {
            key: tally.total for key, tally in _tallies(earlier, keys, calendar=False).items() if tally.total
        } == exact


@pytest.mark.parametrize("period", PARTS, ids=str)
def test_figures_summed_by_the_database_are_those_of_the_cells(many_lives, period):
    keys = ["created", "handoffs_mean", "held_by_customer", "held_by_nobody"]
    chosen = scope(departments=(1, 2), period=period)
    by_service = selectors.figures_summed(chosen, keys, ("service_id",), grain="service")
    by_customer = selectors.figures_summed(chosen, keys, ("customer_id",), grain="pair")

    assert {pk: row for (pk,), row in by_service.items()} == selectors.figures_by_service(chosen, keys)
    assert {pk: row for (pk,), row in by_customer.items()} == selectors.figures_by_department(chosen, keys)
