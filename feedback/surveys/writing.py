"""Results as plain values: what the page tells, and no more."""

import csv
import io

from django.utils.translation import gettext as _

from feedback.surveys.figures import Figure, Results


def csv_of(results: Results) -> bytes:
    """One line an answer that could be given, for all and for each group that may be shown; UTF-8 with its mark.

    SECURITY: a text that begins like a formula is told apart by an apostrophe.
    """
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(
        [_("Question"), _("Statement"), _("Who"), "n", _("Mean"), _("from"), _("to"), _("Answer"), _("Count")]
    )
    names = {group.key: group.name for group in results.groups}
    for result in results.items:
        told = [(_("All"), result.whole)] if result.whole else []
        told += [(names[key], figure) for key, figure in result.groups.items()]
        for who, figure in told:
            for line in _lines(figure):
                texts = [result.item.group or result.item.text, result.item.text if result.item.group else "", who]
                writer.writerow([_plain(text) for text in texts] + line)
    return made.getvalue().encode("utf-8-sig")


def _lines(figure: Figure) -> list[list]:
    mean = figure.mean
    start = [figure.n, *((mean.value, mean.low, mean.high) if mean else ("", "", ""))]
    return [[*start, _plain(share.words), share.count] for share in figure.shares] or [[*start, "", ""]]


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
