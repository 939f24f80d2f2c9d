"""Public holidays as a proposal: they become special days of a calendar, which an admin edits like any other."""

from collections.abc import Iterable
from functools import cache

import holidays
from babel import Locale, UnknownLocaleError
from django.utils.translation import gettext as _

from requests_app.calendars.states import YEARS, SpecialDay
from requests_app.kernel.errors import WrongInput

MOST_YEARS = 10
LONGEST_REGION = 10  # what a calendar can note; a few places inside regions have longer names


@cache
def countries() -> dict[str, tuple[str, ...]]:
    """Country code → its region codes, for the countries whose holidays are known."""
    return {code: tuple(regions) for code, regions in holidays.list_supported_countries(include_aliases=False).items()}


def country_names(language: str) -> list[tuple[str, str]]:
    """(code, name) by name, in the reader's language where it is known."""
    names = Locale.parse(language, sep="-").territories
    return sorted(((code, names.get(code, code)) for code in countries()), key=lambda pair: pair[1])


def region_names(country: str) -> list[tuple[str, str]]:
    """(code, name) of the regions whose holidays are told apart, by name; the code where no name is known."""
    if country not in countries():
        return []
    aliases = getattr(holidays.country_holidays(country), "subdivisions_aliases", {})
    names = {code: name for name, code in reversed(aliases.items())}
    codes = [code for code in countries()[country] if len(code) <= LONGEST_REGION]
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])


def language_names(country: str, language: str) -> list[tuple[str, str]]:
    """(code, name for the reader) of the languages in which the country's holidays have names, its own first."""
    if country not in countries():
        return []
    known = holidays.country_holidays(country)
    own = known.default_language
    codes = sorted(known.supported_languages, key=lambda code: (code != own, code))
    return [(code, _language_name(code, language)) for code in codes]


def _language_name(code: str, language: str) -> str:
    try:
        return Locale.parse(code).get_display_name(Locale.parse(language, sep="-")) or code
    except UnknownLocaleError:
        return code


def public_holidays(*, country: str, region: str = "", years: Iterable[int], language: str = "") -> list[SpecialDay]:
    """The days off in order of date, named in `language` where known, else in the country's own.

    Raises WrongInput for a country, region or year that nothing is known about.
    """
    wanted = _check_years(years)
    if not country:
        raise WrongInput({"country": [_("Choose the country whose public holidays are days off.")]})
    check_place(country, region)
    # Without a language the library would answer in that of the server process.
    known = holidays.country_holidays(country)
    spoken = language if language in known.supported_languages else known.default_language
    found = holidays.country_holidays(country, subdiv=region or None, years=wanted, language=spoken)
    days = [SpecialDay(day, name[:120]) for day, name in sorted(found.items()) if day.year in wanted]
    if not days:
        raise WrongInput({"years": [_("No public holidays are known for these years. Enter the days by hand.")]})
    return days


def check_place(country: str, region: str) -> None:
    """Raises WrongInput unless both are known or left out; a region needs its country."""
    if country and country not in countries():
        raise WrongInput({"country": [_("No public holidays are known for this country. Enter the days by hand.")]})
    if region and region not in countries().get(country, ()):
        raise WrongInput({"region": [_("This country has no such region. Choose one of its regions, or none.")]})


def _check_years(years: Iterable[int]) -> list[int]:
    wanted = sorted(set(years))
    if not wanted or len(wanted) > MOST_YEARS or wanted[0] not in YEARS or wanted[-1] not in YEARS:
        raise WrongInput({"years": [_("Choose one to %(n)s years between 1900 and 2199.") % {"n": MOST_YEARS}]})
    return wanted
