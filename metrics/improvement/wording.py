"""A change, its interval and its verdict in words, on the scale of its figure."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.improvement.models import Improvement, ImprovementEffect
from metrics.improvement.states import FEWEST_WEEKS, FIGURES, Horizon, Scale, Verdict, scale_of
from requests_app.kernel import formats

LEAST_P = 0.0001


def change(scale: str, value: float) -> str:
    """ "−18 %", "+2.1 points", "+0.30"; signed."""
    if scale == Scale.RATIO:
        words = formats.percent(value, 0)
        return f"+{words}" if round(value * 100) > 0 else words
    return formats.points(value) if scale == Scale.POINTS else formats.number(value, 2, signed=True)


def size(scale: str, value: float) -> str:
    """The same without a sign: "12 %"."""
    return change(scale, value).lstrip(f"+{formats.MINUS}")


def _bare(scale: str, value: float) -> str:
    if scale == Scale.PLAIN:
        return formats.number(value, 2, signed=True)
    return formats.number(value * 100, 0 if scale == Scale.RATIO else 1, signed=scale == Scale.POINTS)


def short(improvement: Improvement, effect: ImprovementEffect | None) -> str:
    """For charts: "−18 %, 95 % CI −27…−9"; empty until there is something to tell."""
    if effect is None or effect.effect is None or effect.low is None or effect.high is None:
        return ""
    scale = scale_of(FIGURES[improvement.figure])
    return _("%(effect)s, 95 %% CI %(low)s…%(high)s") % {
        "effect": change(scale, effect.effect), "low": _bare(scale, effect.low), "high": _bare(scale, effect.high),
    }  # fmt: skip


def sentences(improvement: Improvement, effect: ImprovementEffect) -> list[str]:
    """What a quarter came to, for people: the effect with its interval, from what, and what could not be seen."""
    definition = FIGURES[improvement.figure]
    scale = scale_of(definition)
    if effect.verdict == Verdict.TOO_EARLY or effect.effect is None or effect.low is None or effect.high is None:
        return [_too_early(effect)]
    said = [
        _("%(figure)s: %(effect)s, with 95 %% confidence between %(low)s and %(high)s.") % {
            "figure": definition.label, "effect": change(scale, effect.effect), "low": change(scale, effect.low),
            "high": change(scale, effect.high),
        },
        _weeks(effect),
    ]  # fmt: skip
    if effect.by_trend:
        said.append(
            _("The figure was on its way before already, so it is compared with that line going on, not with a level.")
        )
    if effect.verdict == Verdict.NO_EVIDENCE and effect.detectable is not None:
        said.append(
            _("That does not show that nothing changed: less than %(size)s would probably have been missed.")
            % {"size": size(scale, effect.detectable)}
        )
    return said


def _weeks(effect: ImprovementEffect) -> str:
    before = ngettext("%(n)s week before", "%(n)s weeks before", effect.weeks_before) % {"n": effect.weeks_before}
    after = ngettext("%(n)s week after", "%(n)s weeks after", effect.weeks_after) % {"n": effect.weeks_after}
    return _("From %(before)s and %(after)s.") % {"before": before, "after": after}


def _too_early(effect: ImprovementEffect) -> str:
    return _("%(weeks)s On each side %(fewest)s weeks with enough requests are needed.") % {
        "weeks": _weeks(effect), "fewest": FEWEST_WEEKS,
    }  # fmt: skip


def lasted(effect: ImprovementEffect) -> tuple[str, str, str]:
    """(meaning, icon, words) of whether it held in this quarter."""
    if effect.horizon == Horizon.FIRST or effect.verdict == Verdict.TOO_EARLY:
        return "", "", ""
    if effect.held is None:
        return "", "help-circle", _("Cannot be told")
    return ("good", "circle-check", _("It held")) if effect.held else ("bad", "alert-triangle", _("It did not hold"))


def expected(improvement: Improvement) -> str:
    return change(scale_of(FIGURES[improvement.figure]), improvement.expected)


def _p(value: float) -> str:
    return formats.number(value, 4) if value >= LEAST_P else f"<{formats.NBSP}{formats.number(LEAST_P, 4)}"


def numbers(improvement: Improvement, effect: ImprovementEffect) -> list[tuple[str, str]]:
    """What is behind a verdict, (name, value), for whoever wants to check it."""
    found, unit = effect.details, FIGURES[improvement.figure].unit.value
    if not found:
        return []
    scale = scale_of(FIGURES[improvement.figure])
    rows: list[tuple[str, str]] = []
    if "median_before" in found:
        rows += [
            (_("Median before"), formats.amount(found["median_before"], unit)),
            (_("Median after"), formats.amount(found["median_after"], unit)),
        ]
    two = found["bootstrap"]
    rows += [
        (_("Shift of the weeks (Hodges–Lehmann)"), change(scale, found["shift"])),
        (_("Mann–Whitney U"), formats.number(found["u"], 1)),
        (_("p of it"), _p(found["p"])),
        (_("Probability that a week after is lower"), formats.percent(found["lower_after"], 0)),
        (_("Difference of medians, interval by bootstrap"), f"{change(scale, two[0])} … {change(scale, two[1])}"),
        (_("Effect at the last week by segmented regression"), change(scale, found["trend_effect"])),
        (_("p of a slope before"), _p(found["slope_p"])),
        (_("How much of a week is in the next"), formats.number(found["carry"], 2)),
        (_("Durbin–Watson"), formats.number(found["durbin_watson"], 2)),
    ]
    if effect.p_adjusted is not None:
        rows.append((_("p, corrected for figures looked at together"), _p(effect.p_adjusted)))
    return [*rows, (_("Seed and version of the method"), f"{effect.seed} · {effect.method}")]
