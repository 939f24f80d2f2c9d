"""Changing how often people are asked. Administrators alone: whoever is rated does not choose how much is asked."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from feedback.ratings.models import RatingShare
from feedback.ratings.policies import require_set_rules
from feedback.ratings.rest import rules
from feedback.ratings.states import DAYS, LONGEST_REST, SWITCHES
from requests_app.catalogue.models import Service
from requests_app.events.services import record
from requests_app.kernel.errors import WrongInput
from requests_app.kernel.versions import require_unchanged
from requests_app.org.models import Person

LOCK = 0x5252 << 44  # one save at a time: there may be no row yet to lock
ALL = 100


def shares() -> dict[str, int]:
    """Percent by the short name of the service; services of which everything is asked are left out."""
    return dict(RatingShare.objects.order_by("service__slug").values_list("service__slug", "percent"))


def values_of() -> dict[str, Any]:
    """What stands, as it is compared and told to the history."""
    now = rules()
    return {name: getattr(now, name) for name in (*DAYS, *SWITCHES)} | {"shares": shares()}


@transaction.atomic
def set_rules(
    *,
    by: Person,
    rest_days: int | None = None,
    campaign_rest_days: int | None = None,
    remind: bool | None = None,
    propose_actions: bool | None = None,
    shares: Mapping[str, int] | None = None,
    based_on: str | None = None,
) -> dict[str, Any]:
    """Change what is named, the rest stays; shares are percent by short name of the service, 100 takes the limit away.

    StaleVersion when somebody saved since `based_on`; WrongInput names the field. The same again changes nothing.
    """
    require_set_rules(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    before = values_of()
    require_unchanged(based_on, before)
    days = dict(zip(DAYS, (rest_days, campaign_rest_days), strict=True))
    _check(days, shares or {})
    wanted = rules()
    for name, value in (days | dict(zip(SWITCHES, (remind, propose_actions), strict=True))).items():
        setattr(wanted, name, getattr(wanted, name) if value is None else value)
    wanted.save()
    for service in Service.objects.filter(slug__in=shares or {}):
        _share(service, (shares or {})[service.slug])
    after = values_of()
    if after != before:
        data = {"what": "rating_rules", "before": _flat(before), "after": _flat(after)}
        record(kind="config.changed", subject_kind="rating_rules", subject_id=1, by=by, data=data)
    return after


def _share(service: Service, percent: int) -> None:
    if percent == ALL:
        RatingShare.objects.filter(service=service).delete()
    else:
        RatingShare.objects.update_or_create(service=service, defaults={"percent": percent})


def _check(days: Mapping[str, int | None], shares: Mapping[str, int]) -> None:
    wrong = [_("Give a number of days from 0 to %(n)s; 0 means no limit.") % {"n": LONGEST_REST}]
    errors = {name: wrong for name, n in days.items() if n is not None and not 0 <= n <= LONGEST_REST}
    known = set(Service.objects.filter(slug__in=shares).values_list("slug", flat=True))
    for slug, percent in shares.items():
        if slug not in known:
            errors["shares"] = [_("There is no service “%(slug)s”. Give its short name.") % {"slug": slug[:80]}]
        elif not 0 <= percent <= ALL:
            errors[f"share_{slug}"] = [_("Give a whole percentage from 0 to 100.")]
    if errors:
        raise WrongInput(errors)


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """As the history shows it: a line for each share."""
    told = {name: value for name, value in values.items() if name != "shares"}
    return told | {f"{slug} %": percent for slug, percent in values["shares"].items()}
