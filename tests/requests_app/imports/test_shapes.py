"""Rows to cases. No database: everything is still a name."""

import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from requests_app.imports.mapping import load_mapping, parse_mapping
from requests_app.imports.shapes import CaseRow, Shape
from requests_app.imports.states import Draft, Hold
from requests_app.imports.times import BadTime
from requests_app.imports.values import BadValue
from requests_app.management.commands.import_history import OWN_MAPPINGS
from tests.requests_app.imports.histories import EVENTS, HEADER, NOW

START = datetime(2024, 1, 5, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shape_of(**case) -> Shape:
    raw = tomllib.loads(EVENTS)
    raw["case"] |= case
    return Shape(parse_mapping(raw), NOW)


def cells(line: str) -> dict[str, str]:
    return dict(zip(HEADER.split(","), line.split(","), strict=True))


def draft(*lines: str, **case) -> Draft:
    shape = shape_of(**case)
    rows = [CaseRow(shape.place_row(cells(line))[1], number, cells(line)) for number, line in enumerate(lines, start=2)]
    return shape.draft("c1", rows)


def test_a_row_names_its_case_and_its_instant():
    assert shape_of().place_row(cells("c1,2024-01-05T08:00,accept,IT,Desk,pia,high,web")) == ("c1", START)


def test_a_row_that_a_rule_ignores_belongs_to_no_case():
    assert shape_of().place_row(cells(",,noise,,,,,")) is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",2024-01-05T08:00,accept,IT,Desk,pia,high,", "no case: the column that names the case is empty"),
        (f"{'c' * 120},2024-01-05T08:00,accept,IT,Desk,pia,high,", "the name of the case is longer than 120"),
        ("c1,,accept,IT,Desk,pia,high,", "no time: the column is empty"),
        ("c1,yesterday,accept,IT,Desk,pia,high,", "“yesterday” is not a time"),
        ("c1,2025-01-05T08:00,accept,IT,Desk,pia,high,", "lies in the future"),
        ("c1,1969-12-31T23:59,accept,IT,Desk,pia,high,", "lies before 1970"),
        ("c1,2024-01-05T08:00,dance,IT,Desk,pia,high,", "unknown kind of event: no rule fits kind “dance”"),
        ("c1,2024-01-05T08:00,accept,,,pia,high,", "no department: the columns that name it are empty"),
        (f"c1,2024-01-05T08:00,accept,IT,{'d' * 121},pia,high,", "the name of the department is longer than 120"),
        (
            "c1,2024-01-05T08:00,accept,IT,Desk,pia,urgent,",
            "priority is “urgent”, which the mapping does not translate",
        ),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_the_reason(line, reason):
    with pytest.raises((BadValue, BadTime), match=reason):
        shape_of().place_row(cells(line))


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({"urgency": {"column": "priority"}}, "urgency is “high”; translate it to a number from 1, the highest, to 3"),
        ({"priority": "9"}, "priority is “9”; translate it to a number from 1, the highest, to 5"),
        ({"need_type": {"column": "origin"}}, "need_type is “web”; it must be one of information"),
        ({"resolution_due": {"column": "origin"}}, "“web” is not a time"),
        ({"ended": "2025-01-01"}, "lies in the future"),
        ({"service": "s" * 121}, "service is longer than 120 characters"),
    ],
)
def test_what_a_row_says_of_its_case_is_checked_with_the_row(case, reason):
    with pytest.raises((BadValue, BadTime), match=reason):
        shape_of(**case).place_row(cells("c1,2024-01-05T08:00,accept,IT,Desk,pia,high,web"))


def test_a_deadline_may_lie_in_the_future():
    found = draft("c1,2024-01-05T08:00,accept,IT,Desk,pia,high,web", resolution_due="2030-01-01")

    assert found.case.due == {"resolution": datetime(2030, 1, 1, tzinfo=UTC)}


def test_the_rows_of_a_case_make_its_request_and_its_steps():
    found = draft("c1,2024-01-05T08:00,offer,IT,Desk,pia,,", "c1,2024-01-05T09:00,wait,IT,Lab,tom,high,web")

    case = found.case
    assert (case.external_id, case.title, case.created_at, case.priority, case.rows) == ("old:c1", "c1", START, 3, 2)
    assert case.attributes == {"origin": "web"}
    assert (found.customer, found.supplier, found.service, found.service_owner) == (
        ("Sales",),
        ("IT", "Desk"),
        "Help",
        ("IT", "Desk"),
    )
    assert [(step.move, step.at, step.hold, step.row) for step in case.steps] == [
        ("offer", START, None, 2), ("hold", START + HOUR, Hold("customer", pauses=True), 3),
    ]  # fmt: skip
    assert (found.places, found.actors) == ([("IT", "Desk"), ("IT", "Lab")], ["pia", "tom"])


def test_of_a_value_that_differs_the_first_or_the_last_row_speaks():
    lines = ["c1,2024-01-05T08:00,accept,IT,Desk,,high,mail", "c1,2024-01-05T09:00,accept,IT,Lab,,low,web"]
    translated = {"column": "priority", "values": {"high": 2, "low": 4}}

    assert draft(*lines).case.priority == 2
    assert draft(*lines, priority=translated | {"take": "last"}).case.priority == 4


def test_without_a_priority_urgency_and_impact_decide():
    assert draft("c1,2024-01-05T08:00,accept,IT,Desk,,,", priority="", urgency="1", impact="2").case.priority == 2


def test_start_and_end_of_a_case_may_stand_in_columns_of_their_own():
    found = draft("c1,2024-01-05T08:00,accept,IT,Desk,,,", started="2024-01-04", ended="2024-01-05T08:30")

    assert found.case.created_at == datetime(2024, 1, 4, tzinfo=UTC)
    assert [(step.move, step.row) for step in found.case.steps] == [("accept", 2), ("deliver", None)]
    assert found.places == [("IT", "Desk"), ()]


def test_a_case_without_a_customer_is_refused_as_a_whole():
    with pytest.raises(BadValue, match="no service or no customer"):
        draft("c1,2024-01-05T08:00,accept,IT,Desk,,,", customer="")


# ── Tickets ──────────────────────────────────────────────────────────────────


def ticket(**columns: str) -> Draft:
    mapping = load_mapping(OWN_MAPPINGS / "ticket_list.toml")
    found = dict.fromkeys(mapping.columns(), "") | {"number": "T1", "created": "05/01/2024 09:00", "department": "Desk"}
    found |= columns
    shape = Shape(mapping, NOW)
    case_id, at = shape.place_row(found)
    return shape.draft(case_id, [CaseRow(at, 2, found)])


def moves(found: Draft) -> list[tuple[str, float]]:
    return [(step.move, (step.at - found.case.created_at) / HOUR) for step in found.case.steps]


def test_the_moments_of_a_ticket_become_its_steps_in_order_of_time():
    found = ticket(
        responded="05/01/2024 10:00",
        accepted="05/01/2024 10:00",
        resolved="05.01.2024 15:00",
        closed="08/01/2024 09:00",
    )

    assert found.case.created_at == START
    assert moves(found) == [("reply", 1), ("accept", 1), ("deliver", 6), ("close", 72)]


@pytest.mark.parametrize(
    ("status", "move"), [("Cancelled", "cancel"), ("Declined", "decline"), ("Closed", "close"), ("", "close")]
)
def test_what_an_end_means_may_hang_on_another_column(status, move):
    assert moves(ticket(closed="05/01/2024 10:00", status=status)) == [(move, 1)]


def test_a_rating_is_given_when_the_ticket_was_closed():
    found = ticket(resolved="05/01/2024 10:00", closed="05/01/2024 12:00", rating="4")

    assert moves(found)[-1] == ("rate", 3)
    assert found.case.steps[-1].words == {"overall": 4, "effort": None, "dimensions": {}}


def test_a_rating_without_a_time_is_given_at_the_end():
    assert moves(ticket(resolved="05/01/2024 10:00", rating="4"))[-1] == ("rate", 1)


@pytest.mark.parametrize("stars", ["6", "0", "good", "³"])
def test_a_rating_outside_the_scale_is_refused(stars):
    with pytest.raises(BadValue, match=r"rating|overall"):
        ticket(rating=stars)


def test_a_ticket_keeps_its_words_and_its_levels():
    found = ticket(title=" A  laptop ", description="Soon", urgency="high", impact="low", due="06/01/2024 09:00")

    case = found.case
    assert (case.title, case.description, case.urgency, case.impact, case.priority) == ("A laptop", "Soon", 1, 3, 3)
    assert case.due == {"resolution": START + 24 * HOUR}
    assert case.filed_row == 2
