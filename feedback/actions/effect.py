"""Did it work? What was counted before and after, and what an exact test says of it. Pure: no query, no clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from requests_app.kernel.rates import rate_change

SURE = 0.05  # above this a difference may be chance


@dataclass(frozen=True)
class Counted:
    """So many cases among so many chances for one, from an instant on until another."""

    since: datetime
    until: datetime
    count: int
    of: int

    @property
    def rate(self) -> float | None:
        return self.count / self.of if self.of else None


class Verdict(StrEnum):
    REACHED = "reached"
    SHORT = "short"
    UNSURE = "unsure"
    WORSE = "worse"
    NO_DATA = "no_data"
    TOO_FEW = "too_few"


VERDICT_WORDS = {
    Verdict.REACHED: _("It fell as far as planned, further than chance explains."),
    Verdict.SHORT: _("It fell further than chance explains, but not as far as planned."),
    Verdict.UNSURE: _("No evidence: a difference like this can be chance."),
    Verdict.WORSE: _("It rose, further than chance explains."),
    Verdict.NO_DATA: _("Nothing was counted before and after, so nothing can be told."),
    Verdict.TOO_FEW: _("Of fewer than five people in either window the figure is not told, nor before both are over."),
}
MEANINGS = {Verdict.REACHED: "good", Verdict.SHORT: "warn", Verdict.WORSE: "bad"}


@dataclass(frozen=True)
class Effect:
    """A figure before and after. `before` and `after` are None where they must not be told."""

    metric: str
    target_percent: int
    before: Counted | None
    after: Counted | None
    over: bool  # whether the window after it has passed

    @property
    def p(self) -> float | None:
        """How likely a difference like this is when nothing changed; None where nothing was counted."""
        if not self.before or not self.after or not self.before.count + self.after.count:
            return None
        if not self.before.of or not self.after.of:
            return None
        return _p(self.before, self.after, self.after.count)

    @property
    def ratio(self) -> float | None:
        """The rate after, as a multiple of the rate before."""
        if not self.before or not self.after or not self.before.rate or self.after.rate is None:
            return None
        return self.after.rate / self.before.rate

    @property
    def verdict(self) -> Verdict:
        if not self.before or not self.after:
            return Verdict.TOO_FEW
        if self.p is None:
            return Verdict.NO_DATA
        if self.p >= SURE:
            return Verdict.UNSURE
        if self.ratio is None or self.ratio > 1:
            return Verdict.WORSE
        return Verdict.REACHED if self._is_reached(self.after.count) else Verdict.SHORT

    @property
    def words(self) -> str:
        return str(VERDICT_WORDS[self.verdict])

    @property
    def meaning(self) -> str:
        return MEANINGS.get(self.verdict, "")

    @property
    def bears_out(self) -> bool:
        """Whether the figure says that it worked; of a window that still runs nothing is said yet."""
        return self.over and self.verdict == Verdict.REACHED

    @property
    def would_show(self) -> int | None:
        """The most cases after it that would have borne it out; None when not even none would."""
        if not self.before or not self.after or not self.before.of or not self.after.of:
            return None
        most = self.before.count * self.after.of // self.before.of
        for count in range(most, -1, -1):
            if self._is_reached(count) and _p(self.before, self.after, count) < SURE:
                return count
        return None

    def _is_reached(self, count: int) -> bool:
        if not self.before or not self.after:
            return False
        return 100 * count * self.before.of <= (100 - self.target_percent) * self.before.count * self.after.of

    def kept(self) -> dict[str, Any]:
        """As an event and the row keep it."""
        return {
            "metric": self.metric, "target_percent": self.target_percent, "over": self.over, "verdict": self.verdict,
            "before": _kept(self.before), "after": _kept(self.after), "p": self.p,
        }  # fmt: skip


def _kept(counted: Counted | None) -> dict[str, Any] | None:
    if counted is None:
        return None
    since, until = counted.since.isoformat(), counted.until.isoformat()
    return {"since": since, "until": until, "count": counted.count, "of": counted.of}


def effect_kept(kept: dict[str, Any]) -> Effect:
    """The effect that `kept` was made of."""
    return Effect(
        kept["metric"], kept["target_percent"], _counted(kept["before"]), _counted(kept["after"]), kept["over"]
    )


def _counted(kept: dict[str, Any] | None) -> Counted | None:
    if kept is None:
        return None
    since, until = (datetime.fromisoformat(kept[name]) for name in ("since", "until"))
    return Counted(since, until, kept["count"], kept["of"])


def _p(before: Counted, after: Counted, count: int) -> float:
    """Of no change, had `count` cases come after it."""
    return rate_change(count, before.count, exposure=after.of, exposure_before=before.of)
