"""The zones, switches and calendars that working time has to get right."""

from datetime import UTC, date, datetime

from requests_app.calendars.worktime import Schedule

MONDAY_TO_FRIDAY = range(5)
EVERY_DAY = range(7)


def weekly(days, *windows):
    return tuple((day, opens, closes) for day in days for opens, closes in windows)


WEEKS = {
    "24x7": weekly(EVERY_DAY, ("00:00", "24:00")),
    "9 to 17": weekly(MONDAY_TO_FRIDAY, ("09:00", "17:00")),
    "9 to 17 every day": weekly(EVERY_DAY, ("09:00", "17:00")),
    "split day": weekly(MONDAY_TO_FRIDAY, ("08:00", "12:30"), ("13:15", "17:45")),
    "night 22 to 06": weekly(EVERY_DAY, ("22:00", "06:00")),
    "early hours": weekly(EVERY_DAY, ("00:00", "01:00"), ("02:30", "03:30"), ("23:30", "24:00")),
    "empty": (),
}

# Zone, and a day on which its clock does something. The offsets change on that day or the days beside it.
SWITCHES = {
    "New York, spring": ("America/New_York", date(2026, 3, 8)),
    "New York, autumn": ("America/New_York", date(2026, 11, 1)),
    "Berlin, spring": ("Europe/Berlin", date(2026, 3, 29)),
    "Berlin, autumn": ("Europe/Berlin", date(2026, 10, 25)),
    "Lord Howe, half an hour back": ("Australia/Lord_Howe", date(2026, 4, 5)),
    "Lord Howe, half an hour on": ("Australia/Lord_Howe", date(2026, 10, 4)),
    "Kathmandu, +05:45": ("Asia/Kathmandu", date(2026, 5, 5)),
    "Sao Paulo, midnight is missing": ("America/Sao_Paulo", date(2018, 11, 4)),
    "Sao Paulo, 23 o'clock comes twice": ("America/Sao_Paulo", date(2018, 2, 18)),
    "Havana, midnight comes twice": ("America/Havana", date(2026, 11, 1)),
    "Casablanca, Ramadan begins": ("Africa/Casablanca", date(2026, 2, 15)),
    "Casablanca, Ramadan ends": ("Africa/Casablanca", date(2026, 3, 22)),
    "Apia, a day is missing": ("Pacific/Apia", date(2011, 12, 30)),
    "Gaza, spring": ("Asia/Gaza", date(2023, 4, 29)),
    "Gaza, autumn": ("Asia/Gaza", date(2023, 10, 28)),
    "UTC+14": ("Pacific/Kiritimati", date(2026, 1, 1)),
    "UTC-12, the furthest west there is": ("Etc/GMT+12", date(2026, 1, 1)),
}


def schedules(zone: str, day: date) -> dict[str, Schedule]:
    """Each week in that zone, and twice more with the day of the switch off or different."""
    made = {name: Schedule(zone, week) for name, week in WEEKS.items()}
    made["holiday on the day"] = Schedule(zone, WEEKS["9 to 17 every day"], {day: ()})
    made["24x7, holiday on the day"] = Schedule(zone, WEEKS["24x7"], {day: ()})
    made["night, other hours on the day"] = Schedule(
        zone, WEEKS["night 22 to 06"], {day: (("01:30", "02:30"), ("20:00", "03:00"))}
    )
    made["only the day"] = Schedule(zone, (), {day: (("00:00", "24:00"),)})
    return made


def utc(*parts) -> datetime:
    return datetime(*parts, tzinfo=UTC)
