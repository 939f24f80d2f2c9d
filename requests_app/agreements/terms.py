"""What an agreement says, as a value: compared, signed, shown beside another, and replayed over the past."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from requests_app.agreements.models import Agreement
from requests_app.agreements.selectors import targets_of
from requests_app.agreements.states import (
    ACCEPTANCE_DAYS,
    DEFAULT_PAUSING,
    FROM_SIGNATURE,
    PRIORITY,
    REMIND_DAYS,
    REOPEN_DAYS,
    Days,
    Escalation,
    HoldReason,
    Measure,
    Reopening,
    Step,
    Targets,
    Time,
    target_name,
    targets_as_json,
    time_in_words,
)
from requests_app.calendars.models import Calendar
from requests_app.kernel.formats import day, days, workdays

NOTHING = "–"


@dataclass(frozen=True)
class Terms:
    """Everything two heads agree on but who they are. `valid_from` None: from the signature on."""

    targets: Targets = field(default_factory=dict)
    pausing: tuple[str, ...] = DEFAULT_PAUSING
    acceptance_days: int = ACCEPTANCE_DAYS
    reopen_days: int = REOPEN_DAYS
    reopening: str = Reopening.CONTINUE.value
    escalations: tuple[Escalation, ...] = ()
    calendar: Calendar | None = None
    quality: str = ""
    price: str = ""
    remind_days: int = REMIND_DAYS
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    @classmethod
    def of(cls, agreement: Agreement) -> "Terms":
        """Those of a stored version; reads its prefetched targets."""
        plain = {
            name: getattr(agreement, name)
            for name in ("acceptance_days", "reopen_days", "reopening", "calendar", "quality", "price", "remind_days")
        }
        return cls(
            **plain,
            targets=targets_of(agreement),
            pausing=tuple(agreement.pausing),
            escalations=tuple(sorted(Escalation(**step) for step in agreement.escalations)),
            valid_from=None if agreement.valid_from == FROM_SIGNATURE else agreement.valid_from,
            valid_to=agreement.valid_to,
        )

    def columns(self) -> dict[str, Any]:
        """As the row of an agreement keeps them, without the targets and the dates."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        for name in ("targets", "valid_from", "valid_to"):
            del found[name]
        return found | {"pausing": list(self.pausing), "escalations": [vars(step) for step in sorted(self.escalations)]}

    def as_json(self) -> dict[str, Any]:
        """As events and the API write them."""
        return self.columns() | {
            "calendar": self.calendar.slug if self.calendar else None,
            "targets": targets_as_json(self.targets),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Terms":
        """What `as_json` wrote; a calendar that is gone since is left out."""
        plain = {one.name: data[one.name] for one in fields(cls) if one.name in data}
        return cls(**plain | {
            "targets": {
                measure: {int(priority): _time(time) for priority, time in by_priority.items()}
                for measure, by_priority in data["targets"].items()
            },
            "pausing": tuple(data["pausing"]),
            "escalations": tuple(sorted(Escalation(**step) for step in data["escalations"])),
            "calendar": Calendar.objects.filter(slug=data["calendar"] or "").first(),
            "valid_from": datetime.fromisoformat(data["valid_from"]) if data["valid_from"] else None,
            "valid_to": datetime.fromisoformat(data["valid_to"]) if data["valid_to"] else None,
        })  # fmt: skip

    def changed(self, **values: Any) -> "Terms":
        return replace(self, **values)


def _time(value: int | dict[str, int]) -> Time:
    return Days(value["days"]) if isinstance(value, dict) else value


def digest_of(agreement: Agreement, terms: Terms) -> str:
    """The SHA-256 of exactly what is signed: the parties and the terms, in canonical JSON."""
    parties = {name: getattr(agreement, f"{name}_id") for name in ("customer", "supplier", "service")}
    content = {"parties": parties, "terms": terms.as_json()}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class Clause:
    """One line of an agreement in words, and what stood there before, where that was something else."""

    label: str
    words: str
    before: str = ""
    changed: bool = False


def clauses(terms: Terms, former: Terms | None = None) -> list[Clause]:
    """The text of an agreement; beside `former` as a redline that marks each line that differs."""
    now, before = dict(_lines(terms)), dict(_lines(former)) if former else {}
    found = []
    for label in _in_order([*now, *(label for label in before if label not in now)]):
        words, earlier = now.get(label, NOTHING), before.get(label, NOTHING)
        if former is None:
            found.append(Clause(label, words))
        else:
            found.append(Clause(label, words, earlier if words != earlier else "", changed=words != earlier))
    return found


def _in_order(labels: list[str]) -> list[str]:
    """Targets as a form lists them, whichever of two texts has them; then everything else as it comes."""
    targets = [target_name(measure, priority) for measure in Measure.values for priority in PRIORITY]
    rank = {label: place for place, label in enumerate(targets)}
    return sorted(labels, key=lambda label: rank.get(label, len(rank)))


def _lines(terms: Terms) -> Iterator[tuple[str, str]]:
    """Every term by its name, those left empty not at all."""
    for measure, by_priority in terms.targets.items():
        for priority, time in by_priority.items():
            yield target_name(measure, priority), time_in_words(time)
    reasons = dict(HoldReason.choices)
    pauses = pgettext("between the items of a list", ", ").join(
        str(reasons[HoldReason(code)]) for code in terms.pausing
    )
    yield _("When the clock stands still"), pauses or _("never")
    yield _("Accepted without an answer after"), workdays(terms.acceptance_days)
    yield _("Can be reopened for"), days(terms.reopen_days)
    yield _("When it is reopened"), str(Reopening(terms.reopening).label)
    for step in sorted(terms.escalations):
        yield step_words(step), str(Step(step.step).label)
    if terms.calendar:
        yield _("Calendar"), terms.calendar.name
    if terms.quality:
        yield _("Quality standard"), terms.quality
    if terms.price:
        yield _("Price"), terms.price
    yield from _dates(terms)


def step_words(step: Escalation) -> str:
    """When the step is taken."""
    label = Measure(step.measure).label
    return _("At %(percent)s %% of the time for: %(measure)s") % {"percent": step.percent, "measure": label}


def _dates(terms: Terms) -> Iterator[tuple[str, str]]:
    yield _("In force from"), _day(terms.valid_from) if terms.valid_from else _("both signatures on")
    if terms.valid_to:
        yield _("Until"), _day(terms.valid_to)
        yield _("Reminder before it ends"), days(terms.remind_days)


def _day(at: datetime) -> str:
    """The date in the zone and language of the reader."""
    return day(timezone.localtime(at).date())
