"""The oracle: walks through every minute with nothing but "what does the clock on the wall show at this instant?"."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from requests_app.calendars.worktime import Schedule

MINUTE = timedelta(minutes=1)


class Clock:
    """What the wall clock of a zone shows in each minute from `first` on."""

    def __init__(self, zone: str, first: datetime, days: int) -> None:
        place = ZoneInfo(zone)
        instants = [first + i * MINUTE for i in range(days * 1440)]
        self.walls = [at.astimezone(place).replace(tzinfo=None) for at in instants]
        self.shown_first = {wall: i for i, wall in reversed(list(enumerate(self.walls)))}
        self.shown_last = {wall: i for i, wall in enumerate(self.walls)}
        self.jumps = [instants[i] for i in range(1, len(instants)) if self.walls[i] - self.walls[i - 1] != MINUTE]

    def past(self, wall: datetime) -> int:
        """The first minute that shows more than `wall`, which is never shown itself."""
        return next((i for i, shown in enumerate(self.walls) if shown > wall), len(self.walls))


clock = cache(Clock)


class Walker:
    """Marks each minute from `first` on as open or closed. Slow and simple on purpose."""

    def __init__(self, schedule: Schedule, first: datetime, days: int) -> None:
        self.first, self.clock = first, clock(schedule.zone, first, days)
        self.open = bytearray(days * 1440)
        walls = self.clock.walls
        day = walls[0].date() - timedelta(days=1)  # its night may reach into the walk
        while day <= walls[-1].date():
            weekly = [(opens, closes) for weekday, opens, closes in schedule.weekly if weekday == day.weekday()]
            for opens, closes in schedule.exceptions.get(day, weekly):
                self._mark(_wall(day, opens), _wall(day + timedelta(days=closes <= opens), closes))
            day += timedelta(days=1)

    def _mark(self, opens: datetime, closes: datetime) -> None:
        start, stop = self.clock.shown_first.get(opens), self.clock.shown_last.get(closes)
        start = self.clock.past(opens) if start is None else start
        stop = self.clock.past(closes) if stop is None else stop
        self.open[start:stop] = b"\x01" * max(stop - start, 0)

    def between(self, a: datetime, b: datetime) -> timedelta:
        if a > b:
            return -self.between(b, a)
        i, j = (a - self.first) // MINUTE, (b - self.first) // MINUTE
        into_a, into_b = (a - self.first) % MINUTE, (b - self.first) % MINUTE
        return sum(self.open[i:j]) * MINUTE - self.open[i] * into_a + self.open[j] * into_b


def _wall(day: date, clock_time: str) -> datetime:
    hours, minutes = map(int, clock_time.split(":"))
    return datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes)
