"""Instants as other systems write them: with an offset, or local to a zone the mapping names."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
Reader = Callable[[str], datetime]


class BadTime(ValueError):
    """The text is no instant. The message says what was expected."""


def time_reader(formats: Sequence[str], zone: str = "", ambiguous: str = "first") -> Reader:
    """A function from text to an instant in UTC; the formats are tried in order.

    A format is `iso`, `epoch` (seconds), `epoch_ms`, or a pattern such as `%d/%m/%Y %H:%M`. A time without an offset
    is read in `zone`; in the hour that a change of clocks repeats, `ambiguous` chooses first or last.
    """
    readers = [_READERS.get(name) or _by_pattern(name) for name in formats]
    local = ZoneInfo(zone) if zone else None
    fold = 1 if ambiguous == "last" else 0

    def read(text: str) -> datetime:
        for reader in readers:
            try:
                found = reader(text)
            except (ValueError, OverflowError, OSError):
                continue
            return _instant(found, local, fold, text)
        raise BadTime(f"“{text[:40]}” is not a time written like {' or '.join(formats)}")

    return read


def _instant(found: datetime, local: ZoneInfo | None, fold: int, text: str) -> datetime:
    if found.tzinfo is None:
        if local is None:
            raise BadTime(f"“{text[:40]}” has no offset, and the mapping names no zone under [time]")
        found = found.replace(tzinfo=local, fold=fold)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise BadTime(f"“{text[:40]}” lies outside the calendar") from None


def _by_pattern(pattern: str) -> Reader:
    return lambda text: datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is added by the caller


_READERS: dict[str, Reader] = {
    "iso": datetime.fromisoformat,
    "epoch": lambda text: datetime.fromtimestamp(float(text), UTC),
    "epoch_ms": lambda text: datetime.fromtimestamp(float(text) / 1000, UTC),
}
