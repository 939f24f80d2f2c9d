"""What a figure means beyond its formula, in words made from its definition: unit, direction, day, edge cases. Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.rollups.definitions import Definition, Direction, Unit

ANCHORS: dict[str, Promise] = {
    "created": gettext_lazy("the day it was filed"),
    "responded": gettext_lazy("the day of the first answer"),
    "accepted": gettext_lazy("the day a department accepted it"),
    "first_delivered": gettext_lazy("the day of the first delivery"),
    "delivered": gettext_lazy("the day of the last delivery"),
    "verdict": gettext_lazy("the day the first delivery was accepted or sent back"),
    "response_decided": gettext_lazy("the day it was answered, or the agreed time for that ran out"),
    "resolution_decided": gettext_lazy("the day it was delivered, or the agreed time for that ran out"),
    "invited": gettext_lazy("the day of the invitation to rate"),
    "rated": gettext_lazy("the day from which the rating counts"),
    "asking": gettext_lazy("the day the supplier said how it was asked"),
    "offered": gettext_lazy("the day the handoff was offered"),
    "snapshot": gettext_lazy("what is open at the end of the period, or now while it lasts"),
}
UNITS: dict[Unit, Promise] = {
    Unit.SECONDS: gettext_lazy("time"),
    Unit.SHARE: gettext_lazy("share in per cent"),
    Unit.MEAN: gettext_lazy("mean number"),
    Unit.COUNT: gettext_lazy("number"),
    Unit.SCORE: gettext_lazy("mean of answers from 1 to 5"),
}
DIRECTIONS: dict[Direction, Promise] = {
    Direction.LOWER: gettext_lazy("less is better"),
    Direction.HIGHER: gettext_lazy("more is better"),
    Direction.NEITHER: gettext_lazy("neither more nor less is better by itself"),
}


def edge_cases(definition: Definition) -> list[str]:
    """What is counted, left out or hidden where one might expect otherwise. Sentences."""
    found = []
    if definition.anchor == "snapshot":
        found += _of_open_work(definition)
    else:
        found.append(_("Days are those of the supplier's time zone. What never came to this day does not count."))
    if definition.is_duration:
        found.append(_("The value is the median. Nothing to count is not 0."))
    if definition.calendar:
        found.append(
            _("Counted in working time, and in calendar time beside it; times below zero are left out of both.")
        )
    elif definition.headline == "mean":
        found.append(_("The value is the mean, in working time."))
    if definition.open_due:
        found.append(_("Open requests whose time has run out count as missed, though nobody has noted it yet."))
    if definition.source == "offer":
        found.append(
            _("Counts handoffs: a request handed over twice counts twice, and stands once in the list behind.")
        )
    return found + _of_few(definition)


def _of_open_work(definition: Definition) -> list[str]:
    found = [_("A request reopened since counts as open throughout.")]
    if definition.key == "stale_open":
        found.append(_("Known of today only: of a period that is over there is nothing to tell."))
    if definition.key == "backlog_age":
        found.append(_("In calendar time, day and night."))
    if definition.key == "overdue_open":
        found.append(_("Requests without a target do not count."))
    if definition.key == "load_per_agent":
        found.append(_("Told of suppliers only, and of today's agents and heads, whatever the filters."))
    return found


def _of_few(definition: Definition) -> list[str]:
    if definition.personal:
        return [
            _("A rating that was shared with the team counts at once. Others count on one day together, once they can "
              "no longer be changed and five people of a customer have answered."),
            _("Hidden below five people who answered; told of departments and pairs, not by service, priority, type of "
              "need, kind of customer or channel: the answers of few could be worked out from the difference."),
        ]  # fmt: skip
    if definition.unit == Unit.SHARE:
        return [_("Below ten requests a share says little: mind the interval.")]
    return []
