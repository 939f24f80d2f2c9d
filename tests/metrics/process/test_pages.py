"""The page of the observed process and its answer over HTTP: for whom, with what, and with the lists behind."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from metrics.facts.models import RequestFact
from metrics.process.selectors import process_page
from requests_app.desk.models import ServiceRequest
from requests_app.events.services import deliver as deliver_events
from requests_app.kernel.errors import NotAllowed, WrongInput
from tests.factories import accept, close, deliver, file_laptop
from tests.metrics.process.ways import BOUNCED, HELD, STRAIGHT, walk

PAGE, API = "/departments/it/process/", "/api/v1/figures/departments/it/process/"
JUNE = datetime(2026, 6, 3, 8, tzinfo=UTC)
DAYS = {"from": "2026-06-01", "to": "2026-06-30"}
OF_JUNE = {"choice": "own", "start": "2026-06-01", "end": "2026-06-30"}


@pytest.fixture
def june(company):
    """Seven straight, two held twice, one bounced and sent back, one open; of Sales with IT on 3 June."""
    walk(company, [STRAIGHT] * 7 + [HELD] * 2 + [BOUNCED, "filed 0, accepted 5"], JUNE)
    return company


def text_of(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_the_lead_says_how_many_go_straight_and_how(june, as_browser):
    answer = as_browser(june.supplier_head).get(PAGE, DAYS)

    assert answer.status_code == 200
    said = text_of(answer)
    assert "7 of 10 finished requests go straight." in said
    assert "Most often: Filed → Accepted → Delivered → Accepted by the customer." in said
    assert "1 more is still at work and not counted." in said
    assert "Bottleneck" in said


def test_the_page_holds_what_was_counted(june):
    page = process_page(person=june.supplier_head, slug="it", **OF_JUNE)

    assert (page.process.n, page.process.straight, page.open, page.uncounted) == (10, 7, 1, 0)
    assert [(row.what.n, row.what.median, row.what.p90) for row in page.variants] == [
        (7, 180 * 60, 180 * 60), (2, 900 * 60, 900 * 60), (1, 310 * 60, 310 * 60),
    ]  # fmt: skip
    assert [(row.what.kind.value, row.what.n, row.what.requests, row.what.total) for row in page.needless] == [
        ("held_again", 2, 2, 2 * 60 * 60), ("came_back", 1, 1, 3600), ("sent_back", 1, 1, 100 * 60),
    ]  # fmt: skip
    assert (page.bottleneck.words, page.bottleneck.what.total) == (("Accepted", "Delivered"), 7 * 90 * 60)
    assert [(choice.name, choice.n) for choice in page.services] == [(june.laptop.name, 11)]
    assert [(choice.value, choice.n) for choice in page.others] == [("sales", 11)]


def test_from_the_customers_side_it_is_the_same_way(june):
    supplier = process_page(person=june.supplier_head, slug="it", **OF_JUNE)
    customer = process_page(person=june.customer_head, slug="sales", side="customer", **OF_JUNE)

    assert customer.process == supplier.process
    assert [choice.value for choice in customer.others] == ["it"]


def test_filters_narrow_what_is_counted(june):
    walk(june, [STRAIGHT] * 3, JUNE, first_id=910_001, service=june.badge.pk)
    of = {"person": june.supplier_head, "slug": "it", **OF_JUNE}

    assert process_page(**of).process.n == 13
    assert process_page(**of, service="badge").process.n == 3
    assert process_page(**of, other="sales").process.n == 13
    assert process_page(**of, other="facilities").process.n == 0


def test_calendar_time_is_another_clock(june, office):
    start = datetime(2026, 6, 5, 14, tzinfo=UTC)  # Friday, an hour before closing; done on Monday at 10:40
    walk(june, ["filed 0, accepted 30, delivered 4000"], start, first_id=910_001, calendar=office.pk)
    of = {"person": june.supplier_head, "slug": "it", "choice": "own", "start": "2026-06-05", "end": "2026-06-05"}

    assert [row.what.median for row in process_page(**of).variants] == [9600]
    assert [row.what.median for row in process_page(**of, time="calendar").variants] == [4000 * 60]


def test_before_and_after_a_day_stand_side_by_side(june, as_browser):
    quick = STRAIGHT.replace("accepted 30", "accepted 5")
    walk(june, [quick] * 12, JUNE + timedelta(days=14), first_id=910_001)
    answer = as_browser(june.supplier_head).get(PAGE, DAYS | {"split": "2026-06-15"})
    page = process_page(person=june.supplier_head, slug="it", **OF_JUNE, split="2026-06-15")

    assert (page.halves.before.n, page.halves.after.n) == (10, 12)
    first = page.halves.rows[0]
    assert (first.words, first.what.time, first.what.often) == (("Filed", "Accepted"), "faster", "")
    assert (first.what.before.median, first.what.after.median) == (30 * 60, 5 * 60)
    assert "Straight before: 7 of 10; after: 12 of 12." in text_of(answer)
    assert "faster" in text_of(answer)


def test_a_side_without_anything_is_said(june, as_browser):
    answer = as_browser(june.supplier_head).get(PAGE, DAYS | {"split": "2026-06-20"})
    assert "On one side of this day nothing is finished" in text_of(answer)


def test_without_anything_finished_the_page_says_what_would_help(company, as_browser):
    answer = as_browser(company.supplier_head).get(PAGE)

    assert answer.status_code == 200
    assert "No request filed in this period is finished." in text_of(answer)
    assert "Choose a longer period" in text_of(answer)


def test_requests_counted_before_steps_were_noted_are_told_and_what_mends_it(june, as_browser):
    RequestFact.objects.filter(first_delivered_at__isnull=False, rejected=0, holds=0).update(
        path=[], path_ws=[], path_cs=[]
    )  # fmt: skip
    page = process_page(person=june.supplier_head, slug="it", **OF_JUNE)

    assert (page.process.n, page.uncounted, page.open) == (3, 7, 1)
    assert "7 requests were counted by an earlier version" in text_of(as_browser(june.supplier_head).get(PAGE, DAYS))


# ── Lists behind ─────────────────────────────────────────────────────────────


@pytest.fixture
def lived(company):
    """Real requests: two closed, one delivered, one open."""
    close(company, file_laptop(company))
    close(company, file_laptop(company))
    deliver(company, file_laptop(company))
    accept(company, file_laptop(company))
    deliver_events("facts")
    return company


def shown(client, url):
    return len(set(re.findall(r"/requests/(SR-\d+)/", client.get(url).content.decode())))


def test_every_count_lists_its_requests(lived, as_browser):
    page = process_page(person=lived.supplier_head, slug="it", other="sales", service="laptop")
    client = as_browser(lived.supplier_head)
    rows = [*page.variants, *page.edges]

    assert page.process.n == 3
    assert [shown(client, row.url) for row in rows] == [
        getattr(row.what, "requests", row.what.n) for row in rows
    ]  # fmt: skip


def test_the_list_shows_only_what_the_reader_may_see(lived, as_browser):
    page = process_page(person=lived.supplier_head, slug="it")
    url = page.variants[0].url
    ServiceRequest.objects.update(privacy="confidential")

    assert (page.variants[0].what.n, shown(as_browser(lived.other_head), url)) == (2, 0)
    assert process_page(person=lived.other_head, slug="it").variants == []


@pytest.mark.parametrize("part", ["", "path:0", "detour:late"])
def test_a_part_that_is_none_is_not_found(lived, as_browser, part):
    url = f"/requests/?figure=process&side=supplier&department=it&from=2026-01-01&to=2027-01-01&part={part}"
    assert as_browser(lived.supplier_head).get(url).status_code == 404


# ── For whom ─────────────────────────────────────────────────────────────────


def test_a_visitor_is_asked_to_sign_in(june, as_browser):
    assert as_browser().get(PAGE).status_code == 302


def test_an_unknown_department_is_not_found(june, as_browser, as_api):
    assert as_browser(june.supplier_head).get("/departments/nowhere/process/").status_code == 404
    assert as_api(june.supplier_head).get("/api/v1/figures/departments/nowhere/process/").status_code == 404


def test_somebody_without_figures_is_told_whom_to_ask(june, as_browser, as_api):
    answer = as_browser(june.stranger).get(PAGE)

    assert answer.status_code == 403
    assert "Ask the head of IT Services." in text_of(answer)
    assert as_api(june.stranger).get(API).status_code == 403


def test_in_outline_small_groups_are_hidden_and_no_list_is_linked(june, as_browser):
    page = process_page(person=june.other_head, slug="it", **OF_JUNE)

    assert not page.in_full
    assert [(row.what.n, row.url) for row in page.variants] == [(7, "")]
    assert (page.process.others.n, page.process.others.paths) == (3, 2)
    assert {row.what.few for row in page.edges} == {True, False}
    assert [row.what.few for row in page.needless] == [True] * 3
    assert page.services == []
    assert [(choice.value, choice.n) for choice in page.others] == [("facilities", None)]
    assert "fewer than 5 requests" in text_of(as_browser(june.other_head).get(PAGE, DAYS))


@pytest.mark.parametrize("narrowed", [{"service": "laptop"}, {"other": "sales"}])
def test_in_outline_one_narrows_to_the_own_department_only(june, narrowed):
    with pytest.raises(NotAllowed):
        process_page(person=june.other_head, slug="it", **OF_JUNE, **narrowed)
    assert process_page(person=june.other_head, slug="it", **OF_JUNE, other="facilities").process.n == 0


# ── What cannot be ───────────────────────────────────────────────────────────

WRONG = [
    ({"split": "soon"}, "split"), ({"split": "2026-06-01"}, "split"), ({"service": "nothing"}, "service"),
    ({"other": "nowhere"}, "other"), ({"side": "left"}, "side"), ({"time": "sidereal"}, "time"),
    ({"from": "soon"}, "from"), ({"period": "aeon"}, "period"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "field"), WRONG)
def test_what_cannot_be_is_said_and_the_usual_page_shown(june, as_browser, given, field):
    answer = as_browser(june.supplier_head).get(PAGE, (DAYS if "period" not in given else {}) | given)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    if field == "split" and given["split"] != "soon":
        assert f'value="{given["split"]}"' in answer.content.decode()


def test_what_cannot_be_is_named_by_its_field(june):
    with pytest.raises(WrongInput) as refused:
        process_page(person=june.supplier_head, slug="it", split="2026-06-01", **OF_JUNE)
    assert refused.value.errors == {
        "split": [
            "Choose a day after 2026-06-01 and not after 2026-06-30, so that there is a before and an after."
        ]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"split": "2020-01-01"}, "split"), ({"split": "soon"}, "split"), ({"service": "nothing"}, "service"),
        ({"customer": "nowhere"}, "customer"), ({"supplier": "it"}, "supplier"), ({"side": "left"}, "side"),
        ({"time": "sidereal"}, "time"), ({"colour": "red"}, "colour"), ({"side": "customer", "customer": "it"},
        "customer"),
    ],
)  # fmt: skip
def test_the_api_refuses_by_field(june, as_api, given, field):
    answer = as_api(june.supplier_head).get(API, given)

    assert answer.status_code == 400
    assert field in str(answer.json())


# ── Over HTTP ────────────────────────────────────────────────────────────────


def test_the_api_answers_with_what_the_page_shows(june, as_api):
    answer = as_api(june.supplier_head).get(API, {"from": "2026-06-01", "to": "2026-07-01"}).json()

    assert {key: answer[key] for key in ("department", "side", "from", "to", "time", "split", "n", "straight")} == {
        "department": "it", "side": "supplier", "from": "2026-06-01", "to": "2026-07-01", "time": "working",
        "split": None, "n": 10, "straight": 7,
    }  # fmt: skip
    first = answer["variants"][0]
    assert first | {"rows": ""} == {
        "path": ["filed", "accepted", "delivered", "confirmed"], "n": 7, "share": 0.7, "median": 10800.0,
        "p90": 10800.0, "kept": None, "judged": 0, "straight": True, "rows": "",
    }  # fmt: skip
    assert "figure=process" in first["rows"]
    worst = next(step for step in answer["steps"] if step["bottleneck"])
    assert (worst["from"], worst["to"], worst["n"], worst["total"]) == ("accepted", "delivered", 7, 7 * 90 * 60)
    assert [one["detour"] for one in answer["needless"]] == ["held_again", "came_back", "sent_back"]
    assert (answer["before"], answer["after"], answer["changes"]) == (None, None, None)


def test_the_api_lays_two_halves_side_by_side(june, as_api):
    walk(june, [STRAIGHT.replace("accepted 30", "accepted 5")] * 12, JUNE + timedelta(days=14), first_id=910_001)
    asked = {"from": "2026-06-01", "to": "2026-07-01", "split": "2026-06-15", "customer": "sales", "service": "laptop"}
    answer = as_api(june.supplier_head).get(API, asked).json()

    assert (answer["n"], answer["before"]["n"], answer["after"]["n"]) == (22, 10, 12)
    change = answer["changes"][0]
    assert (change["from"], change["to"], change["time"], change["often"]) == ("filed", "accepted", "faster", None)
    assert (change["before"]["median"], change["after"]["median"]) == (1800.0, 300.0)


def test_in_outline_the_api_hides_small_groups(june, as_api):
    answer = as_api(june.other_head).get(API, {"from": "2026-06-01", "to": "2026-07-01"}).json()

    assert [one["n"] for one in answer["variants"]] == [7]
    assert answer["other_paths"] == {"n": 3, "paths": 2, "share": 0.3}
    assert {step["n"] for step in answer["steps"]} == {None, 7, 8, 10}
    assert {step["rows"] for step in answer["steps"]} == {None}
    assert {(one["n"], one["total"]) for one in answer["needless"]} == {(None, None)}
    assert as_api(june.other_head).get(API, {"customer": "sales"}).status_code == 403


@pytest.mark.parametrize("more", [0, 2])
def test_the_number_of_queries_does_not_grow(june, as_browser, django_assert_max_num_queries, more):
    walk(june, [HELD, BOUNCED] * more, JUNE, first_id=910_001)
    client = as_browser(june.supplier_head)
    client.get(PAGE, DAYS)
    with django_assert_max_num_queries(20):
        client.get(PAGE, DAYS | {"split": "2026-06-15"})


def test_the_page_of_the_department_leads_here(june, as_browser):
    body = as_browser(june.supplier_head).get("/departments/it/as-supplier/").content.decode()
    assert f'href="{PAGE}"' in body
