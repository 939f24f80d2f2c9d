"""Awards in words: of which days, how they ended, who won."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from feedback.awards.models import Award, Nominee
from feedback.awards.states import How, Outcome
from requests_app.kernel.formats import day


def stretch_of(award: Award) -> str:
    """Both days are in it."""
    return f"{day(award.first)} – {day(award.last)}"


def named(winners: Iterable[Nominee]) -> str:
    return ", ".join(sorted(one.department.name for one in winners))


def outcome_of(award: Award) -> str:
    """The outcome as a sentence, with what decided it."""
    if not award.outcome:
        return ""
    how = str(How(award.how).label)
    if award.outcome == Outcome.WINNER:
        return _("There is one winner, decided %(how)s.") % {"how": how}
    if award.outcome == Outcome.JOINT:
        return _("Several win together, decided %(how)s.") % {"how": how}
    return _("No distinguishable winner, decided %(how)s: what separates the best is no more than chance.") % {
        "how": how
    }
