"""Setting what figures are to reach; every change stands in the history."""

from collections.abc import Mapping

from django.db import connection, transaction
from django.utils.translation import gettext as _

from metrics.rollups.models import FigureTarget
from metrics.targets import policies
from metrics.targets.selectors import own_targets
from metrics.targets.states import FIGURES, refused
from requests_app.events.services import record
from requests_app.kernel.errors import WrongInput
from requests_app.kernel.versions import require_unchanged
from requests_app.org.models import Department, Person

LOCK = 0x4654 << 44  # one save at a time: there may be no row yet to lock


@transaction.atomic
def set_targets(
    *, by: Person, department: Department | None, targets: Mapping[str, float | None], based_on: str | None = None
) -> dict[str, float]:
    """Set the named figures, None takes the own target away; what is not named stays. The targets set afterwards.

    Values as stored: shares from 0 to 1, durations in seconds of working time. `based_on` is the fingerprint of the
    own targets that were read: StaleVersion when somebody saved in between. The same again changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    policies.require_set(by, department)
    former = own_targets(department)
    require_unchanged(based_on, former)
    _check(targets)
    changed = {key: value for key, value in targets.items() if former.get(key) != value}
    for key, value in changed.items():
        _store(department, key, value)
    if changed:
        record(
            kind="config.changed", subject_kind="figure_target", subject_id=department.pk if department else 0, by=by,
            data={
                "what": "figure_target",
                "before": {key: former.get(key) for key in changed},
                "after": changed,
                "department": department.pk if department else None,
            },
        )  # fmt: skip
    return own_targets(department)


def _check(targets: Mapping[str, float | None]) -> None:
    errors = {}
    for key, value in targets.items():
        if key not in FIGURES:
            errors[key] = [_("This figure has no target. Choose one whose direction is lower or higher.")]
        elif value is not None and (why := refused(FIGURES[key], value)):
            errors[key] = [why]
    if errors:
        raise WrongInput(errors)


def _store(department: Department | None, key: str, value: float | None) -> None:
    whose = department.pk if department else None
    if value is None:
        FigureTarget.objects.filter(department_id=whose, figure=key).delete()
    else:
        FigureTarget.objects.update_or_create(department_id=whose, figure=key, defaults={"value": value})
