"""Which icon and meaning goes with which state, the same on every page. Words come from the states themselves."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from requests_app.agreements.states import PRIORITY as PRIORITY_WORDS
from requests_app.desk.states import Status
from requests_app.kernel import formats

# status code → (icon, class). No class: everything is as it should be.
REQUEST = {
    "new": ("circle", "info"),
    "accepted": ("user-check", "info"),
    "in_progress": ("clock", "info"),
    "on_hold": ("player-pause", "hold"),
    "delivered": ("package", "info"),
    "closed": ("circle-check", "good"),
    "declined": ("ban", ""),
    "cancelled": ("x", ""),
}
HANDOFF = {
    "offered": ("arrow-bar-to-right", ""),
    "accepted": ("check", "good"),
    "declined": ("arrow-back-up", "warn"),
    "withdrawn": ("arrow-back-up", ""),
}
CLOCK = {
    "kept": ("check", "good", _("Kept")),
    "missed": ("alert-triangle", "bad", _("Missed")),
    "overdue": ("alert-triangle", "bad", _("Overdue")),
    "warned": ("clock", "warn", _("Due soon")),
    "running": ("clock", "info", _("Running")),
    "paused": ("player-pause", "hold", _("Paused")),
    "cancelled": ("x", "", _("Ended without a verdict")),
    "none": ("minus", "", _("No target")),
}
# priority → (icon, class); 1 is the most pressing.
PRIORITY = {
    1: ("alert-triangle", "bad"),
    2: ("arrow-up", "warn"),
    3: ("minus", ""),
    4: ("arrow-down", ""),
    5: ("arrow-down", ""),
}
MEANING_ICONS = {
    "good": "check",
    "warn": "alert-circle",
    "bad": "alert-triangle",
    "hold": "player-pause",
    "info": "info-circle",
    "": "circle",
}


def request_words(code: str) -> str:
    return str(Status(code).label)


def priority_words(value: int) -> str:
    return str(PRIORITY_WORDS[value])


@formats.remembered
def _kept(time: str) -> str:
    return _t("%(time)s kept") % {"time": time}


@formats.remembered
def _over(time: str) -> str:
    return _t("%(time)s over") % {"time": time}


def due(seconds_left: float, state: str) -> tuple[str, str, str]:
    """Icon, meaning and words of a due cell: what is left, what is over, or what is kept while paused."""
    if state == "paused":
        return "player-pause", "hold", _kept(formats.worktime(seconds_left, short=True))
    if seconds_left < 0:
        return "alert-triangle", "bad", _over(formats.worktime(-seconds_left, short=True))
    return "clock", "warn" if state == "warned" else "", formats.worktime(seconds_left, short=True)
