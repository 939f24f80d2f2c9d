"""The mapping file: how the columns of a foreign history are read as ours. Documented in docs/import.md."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from requests_app.agreements.states import Measure
from requests_app.catalogue.states import KEY
from requests_app.imports.readers import Dialect
from requests_app.imports.states import DIMENSIONS, IGNORE, REOPENING, WORDS, Hold, parse_move
from requests_app.imports.times import Reader, time_reader
from requests_app.imports.values import BadMapping, Condition, Value, parse_test, parse_value

SHAPES = ("events", "tickets")
CASE_VALUES = (
    "id", "title", "description", "customer", "requester", "service", "need_type", "customer_kind", "privacy",
    "urgency", "impact", "priority", "started", "ended", "response_due", "resolution_due",
)  # fmt: skip
CASE_OPTIONS = ("attributes", "calendar", "targets", "reopened_by", "hold_ends", "close_after_days")
TARGETS = ("none", "open", "all")
# A ticket's moments in the order in which they count when two bear the same time.
MOMENTS = {
    "responded": "reply", "accepted": "accept", "started": "start", "delivered": "deliver", "reopened": "reopen",
    "confirmed": "confirm", "closed": "close", "declined": "decline", "cancelled": "cancel",
}  # fmt: skip
DEADLINES = {Measure.RESPONSE.value: "response_due", Measure.RESOLUTION.value: "resolution_due"}
Path_ = tuple[Value, ...]


@dataclass(frozen=True)
class Rule:
    """The first rule whose tests all hold says what a row means."""

    tests: tuple[Condition, ...]
    moves: tuple[tuple[str, Hold | None], ...]
    department: Path_ = ()
    words: Mapping[str, Value] = field(default_factory=dict)

    def holds(self, cells: Mapping[str, str]) -> bool:
        return all(test.holds(cells) for test in self.tests)


@dataclass(frozen=True)
class Moment:
    """When something happened to a ticket, if it did."""

    move: str
    time: Value
    tests: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class HistoryMapping:
    shape: str
    source: str
    dialect: Dialect
    read_time: Reader
    time: Value | None
    case: Mapping[str, Value]
    attributes: Mapping[str, Value]
    department: Path_
    service_owner: Path_
    actor: Value | None
    domain: str
    active: bool
    calendar: str
    targets: str
    reopening: frozenset[str]
    holds_last: bool
    close_after_days: int | None
    rules: tuple[Rule, ...] = ()
    filed: Value | None = None
    moments: tuple[Moment, ...] = ()
    rating: Mapping[str, Value] = field(default_factory=dict)

    def columns(self) -> set[str]:
        """Every column the mapping speaks of."""
        values: list[Value] = [*self.case.values(), *self.attributes.values(), *self.department, *self.service_owner]
        values += [value for value in (self.time, self.actor, self.filed) if value]
        values += [value for rule in self.rules for value in (*rule.department, *rule.words.values())]
        values += [moment.time for moment in self.moments] + list(self.rating.values())
        owners: list[Rule | Moment] = [*self.rules, *self.moments]
        tests = [test for owner in owners for test in owner.tests]
        return {column for value in values for column in value.columns()} | {test.column for test in tests}


def load_mapping(path: Path) -> HistoryMapping:
    """The mapping of a TOML file; BadMapping with the place and what to write instead."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadMapping(f"{path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(f"{path} is not TOML: {error}") from error
    return parse_mapping(raw)


def parse_mapping(raw: dict[str, Any]) -> HistoryMapping:
    shape = raw.get("shape")
    if shape not in SHAPES:
        raise BadMapping(f"shape: write {' or '.join(SHAPES)}")
    own = {"events": {"rules"}, "tickets": {"times", "rating"}}[shape]
    _only(raw, {"shape", "source", "file", "time", "case", "departments", "people"} | own, "")
    time, case = _table(raw, "time"), _table(raw, "case")
    departments, people = _table(raw, "departments"), _table(raw, "people")
    _only(case, {*CASE_VALUES, *CASE_OPTIONS}, "case")
    _only(departments, {"of_row", "supplier", "service_owner", "active"}, "departments")
    _only(people, {"actor", "domain"}, "people")
    return HistoryMapping(
        shape=shape,
        source=_text(raw, "source"),
        dialect=_dialect(_table(raw, "file")),
        read_time=_times(time),
        time=parse_value(_needed(time, "column", "time"), "time.column") if shape == "events" else None,
        case=_case_values(case),
        attributes=_attributes(_table(case, "attributes", "case")),
        department=_path(departments.get("of_row" if shape == "events" else "supplier"), "departments"),
        service_owner=_path(departments.get("service_owner", []), "departments.service_owner", empty=True),
        actor=parse_value(people["actor"], "people.actor") if "actor" in people else None,
        domain=people.get("domain", "history.invalid"),
        active=bool(departments.get("active", True)),
        calendar=case.get("calendar", ""),
        targets=_one_of(case.get("targets", "none"), TARGETS, "case.targets"),
        reopening=_reopening(case.get("reopened_by", list(REOPENING))),
        holds_last=_one_of(case.get("hold_ends", "resume"), ("resume", "next"), "case.hold_ends") == "resume",
        close_after_days=_days(case.get("close_after_days")),
        **(_event_parts(raw) if shape == "events" else _ticket_parts(raw)),
    )


def _event_parts(raw: dict[str, Any]) -> dict[str, Any]:
    rules = raw.get("rules")
    if not isinstance(rules, list) or not rules:
        raise BadMapping("rules: write at least one [[rules]] with when and then")
    return {"rules": tuple(_rule(rule, f"rules {number}") for number, rule in enumerate(rules, start=1))}


def _ticket_parts(raw: dict[str, Any]) -> dict[str, Any]:
    times, rating = _table(raw, "times"), _table(raw, "rating")
    _only(times, {"filed", *MOMENTS}, "times")
    _only(rating, {"overall", "effort", "at", *DIMENSIONS}, "rating")
    filed = parse_value(_needed(times, "filed", "times"), "times.filed")
    moments = tuple(_moment(name, times[name]) for name in MOMENTS if name in times)
    return {"filed": filed, "moments": moments, "rating": _values(rating, "rating")}


def _rule(raw: Any, place: str) -> Rule:
    if not isinstance(raw, dict):
        raise BadMapping(f"{place}: write a table with when and then")
    _only(raw, {"when", "then", "department", "words"}, place)
    tests = _tests(_table(raw, "when", place), f"{place}.when")
    then = raw.get("then")
    then = [then] if isinstance(then, str) else then
    if not isinstance(then, list) or not then:
        raise BadMapping(f"{place}.then: write a move or a list of moves: {', '.join(WORDS)}")
    try:
        moves = tuple(parse_move(str(text)) for text in then)
    except ValueError as error:
        raise BadMapping(f"{place}.then: {error}") from None
    if len(moves) > 1 and any(word == IGNORE for word, _hold in moves):
        raise BadMapping(f"{place}.then: {IGNORE} stands alone")
    department = _path(raw.get("department", []), f"{place}.department", empty=True)
    return Rule(tests, moves, department, _values(_table(raw, "words", place), f"{place}.words"))


def _moment(name: str, raw: Any) -> Moment:
    place, when = f"times.{name}", {}
    if isinstance(raw, dict):
        when, raw = raw.get("when", {}), {key: value for key, value in raw.items() if key != "when"}
    return Moment(MOMENTS[name], parse_value(raw, place), _tests(when, f"{place}.when"))


def _tests(raw: Any, place: str) -> tuple[Condition, ...]:
    if not isinstance(raw, dict):
        raise BadMapping(f"{place}: write a table of columns and what they must hold")
    return tuple(parse_test(column, condition, place) for column, condition in raw.items())


def _case_values(case: dict[str, Any]) -> dict[str, Value]:
    for name in ("id", "customer", "service"):
        _needed(case, name, "case")
    return {name: parse_value(case[name], f"case.{name}") for name in CASE_VALUES if name in case}


def _attributes(raw: dict[str, Any]) -> dict[str, Value]:
    if wrong := sorted(name for name in raw if not KEY.fullmatch(name)):
        raise BadMapping(f"case.attributes: {', '.join(wrong)}: name them with small letters, digits and _ only")
    return _values(raw, "case.attributes")


def _dialect(raw: dict[str, Any]) -> Dialect:
    _only(raw, {"encoding", "delimiter", "missing"}, "file")
    delimiter, missing = raw.get("delimiter", ","), raw.get("missing", [])
    if not isinstance(delimiter, str) or len(delimiter) != 1:
        raise BadMapping("file.delimiter: write one character")
    if not isinstance(missing, list):
        raise BadMapping("file.missing: write a list of the texts that mean nothing is known")
    return Dialect(str(raw.get("encoding", "utf-8-sig")), delimiter, frozenset({"", *map(str, missing)}))


def _times(raw: dict[str, Any]) -> Reader:
    _only(raw, {"column", "formats", "zone", "ambiguous"}, "time")
    formats, zone = raw.get("formats", ["iso"]), raw.get("zone", "")
    if not isinstance(formats, list) or not formats:
        raise BadMapping('time.formats: write a list such as ["iso"] or ["%d/%m/%Y %H:%M"]')
    try:
        ZoneInfo(zone or "UTC")
    except (ValueError, OSError, LookupError):
        raise BadMapping(f"time.zone: there is no zone “{zone}”; write one such as Europe/Berlin") from None
    ambiguous = _one_of(raw.get("ambiguous", "first"), ("first", "last"), "time.ambiguous")
    return time_reader([str(text) for text in formats], zone, ambiguous)


def _reopening(raw: Any) -> frozenset[str]:
    if not isinstance(raw, list) or set(raw) - {*REOPENING, "work"}:
        raise BadMapping(f"case.reopened_by: write a list of {', '.join([*REOPENING, 'work'])}")
    return frozenset(raw)


def _days(raw: Any) -> int | None:
    if raw is not None and (not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw <= 365):
        raise BadMapping("case.close_after_days: write a number of days from 0 to 365")
    return raw


def _path(raw: Any, place: str, *, empty: bool = False) -> Path_:
    """One value or several, the unit at the top first."""
    parts = raw if isinstance(raw, list) else [raw] if raw is not None else []
    if not parts and not empty:
        raise BadMapping(f"{place}: say where the department of a row stands, the unit at the top first")
    return tuple(parse_value(part, place) for part in parts)


def _values(raw: dict[str, Any], place: str) -> dict[str, Value]:
    return {name: parse_value(value, f"{place}.{name}") for name, value in raw.items()}


def _table(raw: dict[str, Any], name: str, place: str = "") -> dict[str, Any]:
    found = raw.get(name, {})
    if not isinstance(found, dict):
        raise BadMapping(f"{place + '.' if place else ''}{name}: write a table")
    return found


def _only(raw: dict[str, Any], known: Iterable[str], place: str) -> None:
    if unknown := sorted(set(raw) - set(known)):
        where = f"[{place}] " if place else ""
        raise BadMapping(f"{where}{', '.join(unknown)}: not known here; use {', '.join(sorted(known))}")


def _needed(raw: dict[str, Any], name: str, place: str) -> Any:
    if name not in raw:
        raise BadMapping(f"{place}.{name} is missing")
    return raw[name]


def _text(raw: dict[str, Any], name: str) -> str:
    found = raw.get(name)
    if not isinstance(found, str) or not found.strip() or len(found) > 40:
        raise BadMapping(f"{name}: write a short name, such as old-desk")
    return found.strip()


def _one_of(raw: Any, known: Iterable[str], place: str) -> str:
    if raw not in tuple(known):
        raise BadMapping(f"{place}: write {' or '.join(known)}")
    return raw
