"""What can be asked of figures: days, departments, a service, a priority."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from metrics.rollups.definitions import DEFINITIONS
from metrics.rollups.kinds import KINDS, not_known
from metrics.rollups.states import Period
from requests_app.catalogue.models import Service
from requests_app.kernel import api
from requests_app.kernel.errors import WrongInput
from requests_app.org.models import Department
from requests_app.org.selectors import departments_for

USUAL_DAYS = 30
LONGEST = 366 * 120
STEPS = ("day", "week", "month")
NARROWED = "Only these requests. What people answered is then not told."


@extend_schema_field(OpenApiTypes.STR)
class DayOrMoment(serializers.Field):
    """A date, or an instant whose date counts."""

    def to_internal_value(self, data: Any) -> date | datetime:
        text = str(data)
        try:
            found = date.fromisoformat(text) if len(text) <= 10 else parse_datetime(text[:40])
        except ValueError:
            found = None
        if found is None or not 1900 <= found.year < 2200:
            raise serializers.ValidationError(_("Give a date such as 2026-11-24, from 1900 to 2199."))
        return found


class PeriodQuery(api.Query):
    def get_fields(self):
        fields = super().get_fields()
        first = "The first day; 29 days before today when it is left out."
        after = "The day after the last one; tomorrow when it is left out."
        fields["from"] = DayOrMoment(required=False, help_text=first)
        fields["to"] = DayOrMoment(required=False, help_text=after)
        return fields


class KindsQuery(PeriodQuery):
    """With any of these what people answered is not told: `hidden` is narrowed."""

    def get_fields(self):
        fields = super().get_fields()
        for name, kind in KINDS.items():
            fields[name] = serializers.ChoiceField(
                kind.values, required=False, error_messages={"invalid_choice": not_known(name)}, help_text=NARROWED
            )
        return fields


class DepartmentQuery(KindsQuery):
    customer = serializers.CharField(required=False, max_length=80, help_text="Only what this department asked for.")
    supplier = serializers.CharField(required=False, max_length=80, help_text="Only what this department supplied.")
    service = serializers.CharField(required=False, max_length=80)
    priority = serializers.ChoiceField([(str(level), level) for level in range(1, 6)], required=False)


class FigureQuery(PeriodQuery):
    figure = serializers.ChoiceField(list(DEFINITIONS))


class SeriesQuery(FigureQuery, KindsQuery):
    supplier = serializers.CharField(required=False, max_length=80)
    customer = serializers.CharField(required=False, max_length=80)
    step = serializers.ChoiceField(list(STEPS), required=False, help_text="week when it is left out")


def period_of(asked: dict[str, Any], zone: ZoneInfo) -> Period:
    """The days asked for; half-open, so `to` is the day after the last. An instant means the day it lies in."""
    today = timezone.now().astimezone(zone).date()
    end = _day(asked.get("to"), zone, after=True) or today + timedelta(days=1)
    start = _day(asked.get("from"), zone) or min(end, today + timedelta(days=1)) - timedelta(days=USUAL_DAYS)
    if start >= end:
        raise WrongInput({"to": [_("Give a later day than “from”: “to” is the day after the last one.")]})
    if (end - start).days > LONGEST:
        raise WrongInput({"from": [_("At most 120 years at a time.")]})
    return Period(start, end)


def _day(given: date | datetime | None, zone: ZoneInfo, *, after: bool = False) -> date | None:
    if not isinstance(given, datetime):
        return given
    local = (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(zone)
    midnight = not (local.hour or local.minute or local.second or local.microsecond)
    return local.date() + timedelta(days=1) if after and not midnight else local.date()


def named(asked: dict[str, Any], name: str, request: Request) -> Department | None:
    """The department of a parameter, or None; one that the reader does not know of is an error under its name."""
    if name not in asked:
        return None
    found = departments_for(request.user).filter(slug=asked[name]).first()
    if found is None:
        raise WrongInput({name: [_("There is no such department. Give its slug.")]})
    return found


def service_named(asked: dict[str, Any]) -> Service | None:
    if "service" not in asked:
        return None
    found = Service.objects.filter(slug=asked["service"]).first()
    if found is None:
        raise WrongInput({"service": [_("There is no such service. Give its slug.")]})
    return found


def company_zone() -> ZoneInfo:
    return ZoneInfo(settings.COMPANY_TIME_ZONE)
