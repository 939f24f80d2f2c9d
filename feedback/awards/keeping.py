"""Programmes: what is awarded, by which rules; in one transaction."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback.awards import policies
from feedback.awards.models import Programme, Weight
from feedback.awards.states import (
    FEWEST_JURORS,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_WEIGHT,
    Criterion,
    Floors,
    Tie,
    Unit,
    Way,
)
from requests_app.events.services import record
from requests_app.kernel.errors import StaleVersion, WrongInput, check_text, require_text
from requests_app.org.models import Person

KEPT = ("name", "text", "unit", "way", "tie", "fewest_requests", "most_requests", "fewest_response", "most_flagged",
        "is_active")  # fmt: skip
MOST_REQUESTS = 10**9


@transaction.atomic
def save_programme(
    *,
    by: Person,
    programme: Programme | None = None,
    weights: Mapping[str, int],
    jury: Collection[Person] = (),
    expected_version: int | None = None,
    **values: Any,
) -> Programme:
    """Make a programme or change it; `values` are those of KEPT. Awards that were opened keep their rules."""
    policies.require_keep(by)
    if programme is not None:
        programme = Programme.objects.select_for_update().get(pk=programme.pk)
        if expected_version is not None and expected_version != programme.version:
            raise StaleVersion(_("Somebody changed this programme since you opened it. Look again, then decide."))
    before = values_of(programme) if programme else {}
    row = programme or Programme(version=0)
    for name, value in values.items():
        setattr(row, name, value)
    _check(row, weights, jury)
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise WrongInput({"name": [_("There is a programme of this name already. Choose another one.")]}) from error
    row.jury.set(jury)
    row.weights.all().delete()
    Weight.objects.bulk_create(Weight(programme=row, criterion=key, weight=n) for key, n in sorted(weights.items()))
    data = {"what": "award_programme", "before": before, "after": values_of(row)}
    record(kind="config.changed", subject_kind="award_programme", subject_id=row.pk, by=by, data=data)
    return row


def values_of(programme: Programme) -> dict[str, Any]:
    """As the history of changes tells it: plain values, the jury by its addresses."""
    known = {name: getattr(programme, name) for name in KEPT if name != "text"}
    weights = {f"weight_{key}": n for key, n in weights_of(programme).items()}
    jury = programme.jury.order_by("email").values_list("email", flat=True)
    return known | weights | {"jury": ", ".join(jury)}


def weights_of(programme: Programme) -> dict[str, int]:
    """By criterion, in order; a programme with prefetched weights asks nothing."""
    return {row.criterion: row.weight for row in sorted(programme.weights.all(), key=lambda row: row.criterion)}


def floors_of(programme: Programme) -> Floors:
    return Floors(programme.fewest_requests, programme.fewest_response, programme.most_flagged, programme.most_requests)


def _check(row: Programme, weights: Mapping[str, int], jury: Collection[Person]) -> None:
    row.name = require_text("name", row.name, longest=LONGEST_NAME)
    row.text = check_text("text", row.text.strip(), longest=LONGEST_TEXT)
    most = row.most_requests
    faults = [
        ("unit", row.unit not in Unit.values, _("Choose one of those offered.")),
        ("way", row.way not in Way.values, _("Choose one of those offered.")),
        ("tie", row.tie not in Tie.values, _("Choose one of those offered.")),
        ("fewest_requests", not 1 <= row.fewest_requests <= MOST_REQUESTS, _("Give a whole number from 1.")),
        ("most_requests", most is not None and not row.fewest_requests <= most <= MOST_REQUESTS,
         _("Give at least as many as the fewest, or leave it empty.")),
        ("fewest_response", not 0 <= row.fewest_response <= 100, _("Give a percentage from 0 to 100.")),
        ("most_flagged", not 1 <= row.most_flagged <= 100, _("Give a percentage from 1 to 100.")),
        ("weights", not weights, _("Give at least one criterion a weight.")),
        ("weights", not set(weights) <= set(Criterion.values), _("Choose one of those offered.")),
        ("weights", any(not 1 <= n <= MOST_WEIGHT for n in weights.values()),
         _("Give a whole number from 1 to %(most)s.") % {"most": MOST_WEIGHT}),
        ("jury", row.way == Way.JURY and len(jury) < FEWEST_JURORS,
         _("Name at least %(n)s people: of fewer a vote would not stay secret.") % {"n": FEWEST_JURORS}),
        ("jury", any(not policies.takes_part(one) for one in jury), _("Only members of departments are in a jury.")),
    ]  # fmt: skip
    wrong: dict[str, list[str]] = {}
    for name, is_wrong, words in faults:
        if is_wrong:
            wrong.setdefault(name, []).append(words)
    if wrong:
        raise WrongInput(wrong)
