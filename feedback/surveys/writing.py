"""Results as plain values: what the page tells, and no more."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from feedback.surveys.figures import Figure, ItemResult
from feedback.surveys.results import ResultsPage
from feedback.surveys.statistics import Alpha, Mean

DIGITS = 3  # of what is made of all answers together, as on the page


def csv_of(page: ResultsPage) -> bytes:
    """A line for each value that the page tells, by what it is about; UTF-8 with its mark.

    SECURITY: a text that begins like a formula is told apart by an apostrophe.
    """
    made = io.StringIO()
    writer = csv.writer(made)
    heads = [_("About"), _("Question"), _("Statement"), _("Who"), "n", _("Value"), _("from"), _("to"), _("Answer")]
    writer.writerow([*heads, _("Count")])
    for part in (_answers(page), _trust(page), _gaps(page), _trend(page)):
        for line in part:
            writer.writerow([_plain(value) for value in line])
    return made.getvalue().encode("utf-8-sig")


def _answers(page: ResultsPage) -> Iterator[list]:
    names = {group.key: group.name for group in page.results.groups} if page.results else {}
    for result in page.results.items if page.results else ():
        about = [_("Answers"), *_texts(result)]
        told = [(_("All"), result.whole)] if result.whole else []
        for who, figure in [*told, *((names[key], figure) for key, figure in result.groups.items())]:
            start = [*about, who, figure.n, *_mean(figure.mean)]
            yield from ([*start, *last] for last in _shares(figure))
        yield from ([*about, _("All"), "", "", "", "", text, ""] for text in result.texts)


def _texts(result: ItemResult) -> list[str]:
    return [result.item.group, result.item.text] if result.item.group else [result.item.text, ""]


def _shares(figure: Figure) -> list[tuple]:
    return [(share.words, share.count) for share in figure.shares] or [("", "")]


def _mean(mean: Mean | None) -> tuple:
    return (mean.value, mean.low, mean.high) if mean else ("", "", "")


def _trust(page: ResultsPage) -> Iterator[list]:
    for named in page.scales:
        scale, about = named.scale, _("Reliability")
        both = [(_("Cronbach's alpha"), scale.alpha), (_("Alpha without straight answers"), scale.without_straight)]
        for words, alpha in both:
            if alpha:
                yield [about, named.words, "", _("All"), alpha.n, *_alpha(alpha), words, ""]
        for one in scale.statements:
            start = [about, named.words, one.item.text, _("All"), scale.n]
            if one.place and one.place.rest is not None:
                yield [*start, round(one.place.rest, DIGITS), "", "", _("Goes with the others"), ""]
            if one.place and one.place.alpha_without is not None:
                yield [*start, round(one.place.alpha_without, DIGITS), "", "", _("Alpha without it"), ""]


def _alpha(alpha: Alpha) -> list[float]:
    return [round(value, DIGITS) for value in (alpha.value, alpha.low, alpha.high)]


def _gaps(page: ResultsPage) -> Iterator[list]:
    for named in page.gaps:
        start = [_("Gap"), named.words, "", _("All"), named.gap.n]
        yield [*start, named.gap.perception, "", "", _("How it is"), ""]
        yield [*start, named.gap.gap, "", "", _("Gap"), ""]
    if page.results and page.results.gap is not None:
        yield [_("Gap"), _("All"), "", _("All"), "", page.results.gap, "", "", _("Gap"), ""]


def _trend(page: ResultsPage) -> Iterator[list]:
    days = [head.closed_at.date().isoformat() for head in page.trend_heads if head.closed_at]
    for row in page.trend:
        texts = [row.item.group, row.item.text] if row.item.group else [row.item.text, ""]
        for day, mean in zip(days, row.means, strict=True):
            if mean:
                yield [_("Over the campaigns"), *texts, _("All"), mean.n, *_mean(mean), day, ""]


def _plain(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
