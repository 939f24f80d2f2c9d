"""Figures narrowed by type of need, kind of customer and channel: counted anew by hand, and equal to the list behind."""

from datetime import UTC, date, datetime
from itertools import product
from statistics import fmean, median

import pytest

from metrics.facts.models import OfferFact, RequestFact
from metrics.rollups import selectors
from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.kinds import KINDS, kind_words, kinds_asked
from metrics.rollups.meaning import ANCHORS, DIRECTIONS, UNITS, edge_cases
from metrics.rollups.states import Period, Scope, Side
from requests_app.kernel.errors import WrongInput
from tests.metrics.story import BERLIN

WHOLE = Period(date(2025, 12, 1), date(2026, 7, 1))
NOW = datetime(2026, 7, 2, tzinfo=UTC)
KEYS = list(DEFINITIONS)
SINGLE = [{name: value} for name, kind in KINDS.items() for value in kind.values]
TOGETHER = [
    {"need_type": "technical", "channel": "web"},
    {"customer_kind": "partner", "priority": 3},
    {"need_type": "service", "customer_kind": "employee", "channel": "import", "other_ids": (2,)},
]
PERSONAL = [key for key in KEYS if DEFINITIONS[key].personal]


def scope(side=Side.SUPPLIER, departments=(1,), **more):
    return Scope(side, departments, WHOLE, NOW, BERLIN, **more)


def facts_of(chosen: Scope) -> list[RequestFact]:
    """The facts of a scope, looked through one by one."""
    mine, other = ("supplier_id", "customer_id") if chosen.side == Side.SUPPLIER else ("customer_id", "supplier_id")
    return [
        fact for fact in RequestFact.objects.all()
        if getattr(fact, mine) in chosen.department_ids
        and (chosen.other_ids is None or getattr(fact, other) in chosen.other_ids)
        and chosen.priority in (None, fact.priority)
        and all(getattr(fact, name) == value for name, value in chosen.kinds.items())
    ]  # fmt: skip


def within(day: date | None) -> bool:
    return day is not None and WHOLE.start <= day < WHOLE.end


def times(facts, day, column):
    found = [
        (getattr(fact, f"{column}_ws"), getattr(fact, f"{column}_cs")) for fact in facts if within(getattr(fact, day))
    ]
    return [(ws, cs) for ws, cs in found if ws is not None and cs is not None and ws >= 0 and cs >= 0]


@pytest.mark.parametrize("side", Side.ALL)
@pytest.mark.parametrize("narrowed", [*SINGLE, *TOGETHER], ids=str)
def test_they_are_what_is_counted_by_hand(many_lives, side, narrowed):
    chosen = scope(side, (1, 3), **narrowed)
    facts = facts_of(chosen)
    found = selectors.figures(chosen, KEYS, calendar=True)

    assert found["created"].n == sum(within(fact.created_day) for fact in facts)
    assert found["throughput"].n == sum(within(fact.delivered_day) for fact in facts)
    assert found["backlog"].n == sum(fact.left_at is None and fact.created_at < chosen.until for fact in facts)
    taken = times(facts, "first_delivered_day", "resolution")
    resolution = found["resolution_time"]
    assert resolution.n == len(taken)
    if taken:
        assert resolution.median == pytest.approx(median(ws for ws, _cs in taken))
        assert resolution.mean == pytest.approx(fmean(ws for ws, _cs in taken))
        assert resolution.calendar.median == pytest.approx(median(cs for _ws, cs in taken))
    verdicts = [fact.accepted_first_time for fact in facts if within(fact.verdict_day)]
    kept = [verdict for verdict in verdicts if verdict is not None]
    assert (found["accepted_first_time"].n, found["accepted_first_time"].total or 0) == (len(kept), sum(kept))


@pytest.mark.parametrize("narrowed", [{"need_type": "technical"}, {"channel": "api", "customer_kind": "employee"}])
def test_handoffs_are_those_of_requests_of_this_kind(many_lives, narrowed):
    of_kind = set(RequestFact.objects.filter(**narrowed).values_list("pk", flat=True))
    by_hand = [
        offer for offer in OfferFact.objects.filter(receiver_id=1).exclude(outcome="withdrawn")
        if offer.request_id in of_kind and within(offer.offered_day)
    ]  # fmt: skip
    figure = selectors.figures(scope(**narrowed), ["handoffs_offered"])["handoffs_offered"]

    assert figure.n == len(by_hand) == selectors.handoffs_behind(scope(**narrowed), "handoffs_offered") > 0


@pytest.mark.parametrize(
    ("side", "narrowed"), list(product(Side.ALL, [SINGLE[1], SINGLE[5], SINGLE[9], *TOGETHER])), ids=str
)
def test_as_many_requests_stand_behind_a_figure_as_it_counts(many_lives, side, narrowed):
    chosen = scope(side, (1,), **narrowed)
    for key, figure in selectors.figures(chosen, KEYS).items():
        behind = selectors.count_behind(chosen, key)
        if DEFINITIONS[key].source == "offer":
            assert (selectors.handoffs_behind(chosen, key), behind <= figure.n) == (figure.n, True)
        elif key != "load_per_agent":
            assert (key, figure.behind) == (key, behind)


@pytest.mark.parametrize("name", KINDS)
def test_all_kinds_together_are_the_whole(many_lives, name):
    keys = ["created", "throughput", "resolution_time", "handoffs_offered", "resolution_kept", "backlog"]
    whole = selectors.figures(scope(), keys)
    parts = [selectors.figures(scope(**{name: value}), keys) for value in KINDS[name].values]

    assert {key: sum(part[key].n for part in parts) for key in keys} == {key: whole[key].n for key in keys}


def test_a_past_backlog_and_a_series_are_narrowed_too(many_lives):
    chosen = Scope(Side.SUPPLIER, (1,), Period(date(2026, 3, 1), date(2026, 4, 1)), NOW, BERLIN, need_type="technical")
    weeks = chosen.period.weeks()
    filed = selectors.series(chosen, ["created"], weeks)["created"]
    rows = RequestFact.objects.filter(supplier_id=1, need_type="technical")
    end = chosen.period.bounds(BERLIN)[1]

    assert [figure.n for figure in filed] == [
        rows.filter(created_day__gte=week.start, created_day__lt=week.end).count() for week in weeks
    ]
    open_then = [fact for fact in rows.filter(created_at__lt=end) if fact.left_at is None or fact.left_at >= end]
    assert selectors.figures(chosen, ["backlog"])["backlog"].n == len(open_then) > 0


@pytest.mark.parametrize("narrowed", [*SINGLE, {"service_id": 11, "priority": 3}], ids=str)
def test_what_people_answered_is_told_of_no_kind_nor_of_a_service_by_priority(many_lives, narrowed):
    chosen = scope(departments=(1, 2, 3, 4), **narrowed)
    found = selectors.figures(chosen, PERSONAL)
    now, before = selectors.figures_with_before(chosen, PERSONAL, PERSONAL)
    weeks = selectors.series(chosen, PERSONAL, chosen.period.months())
    apart = selectors.figures_by_department(chosen, PERSONAL)
    told = [*found.values(), *now.values(), *before.values(), *(one for row in weeks.values() for one in row),
            *(one for row in apart.values() for one in row.values())]  # fmt: skip

    assert {figure.value for figure in told} == {None}
    assert {(figure.total, figure.low, figure.mean) for figure in told} == {(None, None, None)}
    assert {figure.hidden for figure in found.values() if figure.n} <= {"narrowed"}


def test_without_them_what_people_answered_is_told(many_lives):
    assert selectors.figures(scope(), ["csat"])["csat"].value is not None
    assert selectors.figures(scope(need_type="technical"), ["csat"])["csat"].hidden == "narrowed"


def test_a_kind_that_is_none_is_refused_with_the_choices():
    with pytest.raises(WrongInput) as refusal:
        kinds_asked({"channel": "pigeon", "need_type": "service"})

    assert refusal.value.errors == {"channel": ["Choose one of: web, api, import."]}
    assert kinds_asked({"channel": "", "need_type": "service"}) == {"need_type": "service"}
    assert kind_words({"channel": "web"}) == ["Channel: Browser"]


def test_every_definition_says_its_day_unit_direction_and_edge_cases():
    for definition in DEFINITIONS.values():
        assert all(
            (str(ANCHORS[definition.anchor]), str(UNITS[definition.unit]), str(DIRECTIONS[definition.direction]))
        )
        assert edge_cases(definition)
