"""Filters and tags for numbers, durations and instants."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from requests_app.agreements.states import time_in_words
from requests_app.kernel import formats

register = template.Library()


@register.filter
def number(value: float | Decimal | None, digits: int = 0) -> str:
    return "" if value is None else formats.number(value, int(digits))


@register.filter
def signed(value: float | Decimal | None, digits: int = 0) -> str:
    return "" if value is None else formats.number(value, int(digits), signed=True)


@register.filter
def percent(share: float | Decimal | None, digits: int = 1) -> str:
    return "" if share is None else formats.percent(share, int(digits))


@register.filter
def points(difference: float | Decimal | None, digits: int = 1) -> str:
    return "" if difference is None else formats.points(difference, int(digits))


@register.filter
def money(amount: Decimal | None, currency: str = "EUR") -> str:
    return "" if amount is None else formats.money(amount, currency)


@register.filter
def filesize(byte_count: int | None) -> str:
    return "" if byte_count is None else formats.size(byte_count)


@register.filter
def worktime(seconds: float | None, form: str = "") -> str:
    """{{ s|worktime }} "3 h 20 min"; {{ s|worktime:"short" }} "3 h 20"."""
    return "" if seconds is None else time_in_words(seconds, short=form == "short")


@register.filter
def caltime(seconds: float | None, form: str = "") -> str:
    return "" if seconds is None else formats.caltime(seconds, short=form == "short")


@register.filter
def amount(value: float | None, unit: str) -> str:
    """{{ figure.value|amount:figure.unit }}: as the unit of a figure is read; seconds are working time."""
    return "" if value is None else formats.amount(value, unit)


@register.filter
def difference(value: float | None, unit: str) -> str:
    """{{ tile.change|difference:tile.unit }}: "−6 min", "+2.1 points", "+0.03"."""
    if value is None:
        return ""
    if unit == "seconds":
        sign = "+" if value > 0 else formats.MINUS if value < 0 else ""
        return sign + formats.worktime(abs(value))
    if unit == "share":
        return formats.points(value)
    return formats.number(value, {"count": 0, "mean": 1}.get(unit, 2), signed=True)


@register.filter
def age(seconds: float | None) -> str:
    return "" if seconds is None else formats.age(seconds)


@register.filter
def day(at: date | None) -> str:
    """{{ period.start|day }}: "19 Nov 2026"."""
    return "" if at is None else formats.day(at)


@register.filter
def days(count: int | None) -> str:
    return "" if count is None else formats.days(count)


@register.simple_tag
def when(at: datetime | None, style: str = "near") -> SafeString | str:
    """{% when dt %} → <time> relative to today; the exact instant and zone on hover."""
    if at is None:
        return ""
    shown = formats.moment(at, style=style)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), shown.exact, shown.text)
