"""From rows to cases: what one row says by itself, and what the rows of a case say together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from requests_app.agreements.states import DEFAULT_MATRIX
from requests_app.catalogue.states import NeedType, Privacy
from requests_app.imports.mapping import DEADLINES, HistoryMapping, Path_, Rule
from requests_app.imports.states import DIMENSIONS, FILE, IGNORE, Case, Draft, Place, Step
from requests_app.imports.times import EARLIEST, BadTime
from requests_app.imports.values import BadValue, Cells, Value
from requests_app.org.states import CustomerKind

LONGEST_NAME = 120
CHOICES = {"need_type": NeedType.values, "customer_kind": CustomerKind.values, "privacy": Privacy.values}
SKEW = timedelta(days=1)  # clocks of other systems may run ahead


class CaseRow(NamedTuple):
    """A row that belongs to a case, at its instant."""

    at: datetime
    line: int
    cells: Cells


@dataclass(frozen=True)
class Shape:
    """Reads rows as a mapping says. `now` bounds the past."""

    mapping: HistoryMapping
    now: datetime

    def place_row(self, cells: Cells) -> tuple[str, datetime] | None:
        """Case and instant of a row; None when a rule ignores it; BadValue or BadTime with the reason to refuse it."""
        rule = self._rule(cells) if self.mapping.rules else None
        if rule and rule.moves[0][0] == IGNORE:
            return None
        case_id = self.mapping.case["id"].read(cells)
        if not case_id:
            raise BadValue("no case: the column that names the case is empty")
        if len(self._external(case_id)) > LONGEST_NAME:
            raise BadValue(f"the name of the case is longer than {LONGEST_NAME} characters")
        time = self.mapping.time or self.mapping.filed
        at = self._instant(time, cells) if time else None
        if at is None:
            raise BadValue("no time: the column is empty")
        self._check(cells, rule)
        return case_id, at

    def draft(self, case_id: str, rows: Sequence[CaseRow]) -> Draft:
        """The case of these rows, in order of time; BadValue when they make none together."""
        case = self._case(case_id, rows)
        service = self._of_rows("service", rows)
        draft = Draft(
            case=case,
            customer=(self._of_rows("customer", rows),),
            supplier=self._place(rows[0].cells, self._rule(rows[0].cells) if self.mapping.rules else None),
            service=service,
            service_owner=_read_path(self.mapping.service_owner, rows[0].cells),
            requester=self._of_rows("requester", rows),
        )
        draft.service_owner = draft.service_owner or draft.supplier
        if not service or not draft.customer[0]:
            raise BadValue("no service or no customer: the columns that name them are empty")
        steps = sorted(self._steps(case, rows), key=lambda found: found[0].at)
        for step, place, actor in steps:
            case.steps.append(step)
            draft.places.append(place)
            draft.actors.append(actor)
        return draft

    # ── One row ──────────────────────────────────────────────────────────────

    def _rule(self, cells: Cells) -> Rule:
        found = next((rule for rule in self.mapping.rules if rule.holds(cells)), None)
        if found is None:
            columns = sorted({test.column for rule in self.mapping.rules for test in rule.tests})
            said = ", ".join(f"{column} “{cells.get(column, '')[:40]}”" for column in columns)
            raise BadValue(f"unknown kind of event: no rule fits {said}")
        return found

    def _check(self, cells: Cells, rule: Rule | None) -> None:
        """Everything the row says about its case, so that a wrong row is refused by itself."""
        self._place(cells, rule)
        for name, value in self.mapping.case.items():
            _check_value(name, value.read(cells))
        for name in ("started", "ended", *DEADLINES.values()):
            self._instant(self.mapping.case.get(name), cells, past=name not in DEADLINES.values())
        for moment in self.mapping.moments:
            self._instant(moment.time, cells)
        for name, value in self.mapping.rating.items():
            if name != "at":
                _stars(name, value.read(cells))

    def _place(self, cells: Cells, rule: Rule | None) -> Place:
        place = _read_path((rule.department if rule else ()) or self.mapping.department, cells)
        if not place:
            raise BadValue("no department: the columns that name it are empty")
        if any(len(name) > LONGEST_NAME for name in place):
            raise BadValue(f"the name of the department is longer than {LONGEST_NAME} characters")
        return place

    def _instant(self, value: Value | None, cells: Cells, *, past: bool = True) -> datetime | None:
        text = value.read(cells) if value else ""
        if not text:
            return None
        at = self.mapping.read_time(text)
        if at < EARLIEST or (past and at > self.now + SKEW):
            raise BadTime(f"“{text[:40]}” lies {'in the future' if at > self.now else 'before 1970'}")
        return at

    # ── All rows of a case ───────────────────────────────────────────────────

    def _case(self, case_id: str, rows: Sequence[CaseRow]) -> Case:
        mapping, read = self.mapping, lambda name: self._of_rows(name, rows)
        urgency, impact = _level("urgency", read("urgency")) or 3, _level("impact", read("impact")) or 3
        moments = {
            name: self._instant_of_rows(name, rows, past=name in ("started", "ended"))
            for name in ("started", "ended", *DEADLINES.values())
        }
        return Case(
            title=" ".join((read("title") or case_id).split()),
            description=read("description"),
            customer=0, supplier=0, service=0, requester=0, calendar=0,
            created_at=moments["started"] or rows[0].at,
            external_id=self._external(case_id),
            urgency=urgency, impact=impact,
            priority=_level("priority", read("priority")) or DEFAULT_MATRIX[urgency][impact],
            need_type=read("need_type") or NeedType.SERVICE.value,
            customer_kind=read("customer_kind") or CustomerKind.EMPLOYEE.value,
            privacy=read("privacy") or Privacy.DEPARTMENT.value,
            due={measure: due for measure, name in DEADLINES.items() if (due := moments[name])},
            attributes={name: text for name, value in mapping.attributes.items() if (text := _taken(value, rows))},
            rows=len(rows),
            filed_row=rows[0].line if mapping.shape == "tickets" else None,
            reopening=mapping.reopening,
            holds_last=mapping.holds_last,
            close_after_days=mapping.close_after_days,
        )  # fmt: skip

    def _of_rows(self, name: str, rows: Sequence[CaseRow]) -> str:
        value = self.mapping.case.get(name)
        return _taken(value, rows) if value else ""

    def _instant_of_rows(self, name: str, rows: Sequence[CaseRow], *, past: bool) -> datetime | None:
        value = self.mapping.case.get(name)
        ordered = rows if value is None or value.take == "first" else rows[::-1]
        return next((at for row in ordered if (at := self._instant(value, row.cells, past=past))), None)

    def _external(self, case_id: str) -> str:
        return f"{self.mapping.source}:{case_id}"

    def _steps(self, case: Case, rows: Sequence[CaseRow]) -> Iterator[tuple[Step, Place, str]]:
        for row in rows:
            yield from self._ticket_steps(row) if self.mapping.shape == "tickets" else self._event_steps(row)
        if ended := self._instant_of_rows("ended", rows, past=True):
            yield Step("deliver", ended), (), ""

    def _event_steps(self, row: CaseRow) -> Iterator[tuple[Step, Place, str]]:
        rule = self._rule(row.cells)
        place, actor = self._place(row.cells, rule), self._actor(row.cells)
        words = {name: text for name, value in rule.words.items() if (text := value.read(row.cells))}
        for move, hold in rule.moves:
            if move == FILE:
                continue
            yield Step(move, row.at, hold=hold, words=words, row=row.line), place, actor

    def _ticket_steps(self, row: CaseRow) -> Iterator[tuple[Step, Place, str]]:
        place, actor = self._place(row.cells, None), self._actor(row.cells)
        ends = [row.at]
        for moment in self.mapping.moments:
            at = self._instant(moment.time, row.cells)
            if at and all(test.holds(row.cells) for test in moment.tests):
                ends.append(at)
                yield Step(moment.move, at, row=row.line), place, actor
        words = _rating(self.mapping.rating, row.cells)
        if words.get("overall"):
            at = self._instant(self.mapping.rating.get("at"), row.cells) or max(ends)
            yield Step("rate", at, words=words, row=row.line), (), ""

    def _actor(self, cells: Cells) -> str:
        return self.mapping.actor.read(cells)[:LONGEST_NAME] if self.mapping.actor else ""


def _taken(value: Value, rows: Sequence[CaseRow]) -> str:
    """The first or the last row that says something speaks for the case."""
    ordered: Iterable[CaseRow] = rows if value.take == "first" else reversed(rows)
    return next((text for row in ordered if (text := value.read(row.cells))), "")


def _read_path(path: Path_, cells: Cells) -> Place:
    return tuple(name for value in path if (name := value.read(cells)))


def _check_value(name: str, text: str) -> None:
    """BadValue when this value of a case is too long, out of range or none of those there are."""
    if name in ("customer", "service", "requester") and len(text) > LONGEST_NAME:
        raise BadValue(f"{name} is longer than {LONGEST_NAME} characters")
    if name in ("urgency", "impact", "priority"):
        _level(name, text)
    if name in CHOICES and text and text not in CHOICES[name]:
        raise BadValue(f"{name} is “{text[:40]}”; it must be one of {', '.join(CHOICES[name])}")


def _level(name: str, text: str) -> int:
    if not text:
        return 0
    most = 5 if name == "priority" else 3
    if text.isascii() and text.isdigit() and 1 <= int(text) <= most:
        return int(text)
    raise BadValue(f"{name} is “{text[:40]}”; translate it to a number from 1, the highest, to {most}")


def _stars(name: str, text: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 5:
        return int(text)
    raise BadValue(f"{name} is “{text[:40]}”; translate it to a number from 1 to 5, the best")


def _rating(rating: Mapping[str, Value], cells: Cells) -> dict[str, Any]:
    found = {name: _stars(name, value.read(cells)) for name, value in rating.items() if name != "at"}
    dimensions = {name: found[name] for name in DIMENSIONS if found.get(name)}
    return {"overall": found.get("overall"), "effort": found.get("effort"), "dimensions": dimensions}
