"""A report as a file: on paper, as a spreadsheet, as plain values."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, fields
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from metrics.reports.states import Amount, Cell, Form, Report, Table, Value
from requests_app.kernel.formats import MINUS, amount, moment, number
from requests_app.kernel.pdf import typeset

DAY = 86400
NUMBER_FORMATS = {
    "seconds": "[h]:mm",
    "calendar": "[h]:mm",
    "share": "0.0%",
    "mean": "0.0",
    "score": "0.00",
    "count": "#,##0",
}
SHEET_NAME, WIDEST = 31, 48
MOST_COLUMNS = 9  # on paper; what is wider goes on below, with its first column repeated
NARROW, SHORT = 6, 14  # columns of a narrow table, letters of a short word
PROSE = 28  # letters; an interval of two durations is shorter
SHADES = {1: "#FBE3DF", 2: "#FBF0E2", 3: "#F3F4F6", 4: "#E4F1EA", 5: "#C8E6D6"}  # --heat-1 to 5 of the look
# SECURITY: a spreadsheet takes a text that begins so for a formula, whoever wrote it.
FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")


def file_of(report: Report, form: str) -> tuple[str, bytes]:
    """File name and content."""
    return f"{report.name}.{form}", _WRITERS[Form(form)](report)


def _pdf(report: Report) -> bytes:
    updated = moment(report.as_of, style="exact").text
    return typeset(
        "metrics/report.typ",
        {
            "title": report.title,
            "author": "",
            "lead": report.lead,
            "foot": f"{report.title} · {report.lead} · {_('updated')} {updated}",
            "tables": [part for table in report.tables if is_told(table) for part in _printed(table)],
        },
    )


def is_told(table: Table) -> bool:
    """Whether there is anything to print: rows, or a word on why there are none."""
    return not table.long and bool(table.rows or table.absent)


def _printed(table: Table) -> Iterator[dict[str, Any]]:
    """As many pieces as it takes for its columns to fit; a note stands under the last one."""
    for start in range(1, max(len(table.columns), 2), MOST_COLUMNS - 1):
        end = start + MOST_COLUMNS - 1
        yield {
            "heading": table.heading if start == 1 else "",
            "columns": [*table.columns[:1], *table.columns[start:end]],
            "rows": [[_printed_cell(cell) for cell in (*row[:1], *row[start:end])] for row in table.rows],
            "left": [
                0,
                *(place for place in range(1, len(table.columns[start:end]) + 1) if _is_prose(table, start, place)),
            ],
            "whole": _is_dated(table),
            "note": (table.note if table.rows else table.absent) if end >= len(table.columns) else "",
        }


def _is_dated(table: Table) -> bool:
    """Whether the first column holds short words, such as days, beside wide ones: it is not to break for their sake."""
    first = [len(_words(row[0])) for row in table.rows]
    others = [len(_words(cell)) for row in table.rows for cell in row[1:]]
    return len(table.columns) <= NARROW and max(first, default=0) <= SHORT < max(others, default=0)


def _is_prose(table: Table, start: int, place: int) -> bool:
    """Whether a column holds sentences: those begin on the left, all else stands under its head on the right."""
    texts = [row[start + place - 1] for row in table.rows]
    return any(isinstance(text, str) and len(text) > PROSE for text in texts)


def _printed_cell(cell: Cell) -> dict[str, str]:
    """The lowest group has a mark too, for who sees no colours."""
    shade = cell.bin if isinstance(cell, Amount) else 0
    return {"words": _words(cell) + (" !" if shade == 1 else ""), "shade": SHADES.get(shade, "")}


def _words(cell: Cell) -> str:
    if isinstance(cell, Amount):
        return "–" if cell.value is None else amount(cell.value, cell.unit)
    if isinstance(cell, int):
        return number(cell)
    return cell or "–"


def _xlsx(report: Report) -> bytes:
    """Each table on a sheet of its own; amounts are numbers with a format, texts are texts and nothing else."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": report.title, "subject": report.lead})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {
            (unit, shade): book.add_format({"num_format": pattern} | ({"bg_color": colour} if colour else {}))
            for unit, pattern in NUMBER_FORMATS.items()
            for shade, colour in {0: "", **SHADES}.items()
        }
        for place, table in enumerate(report.tables):
            sheet = book.add_worksheet(_sheet_name(table.heading, place))
            sheet.freeze_panes(1, 1)
            _fill(sheet, table, head, formats)
    return made.getvalue()


def _fill(sheet: Any, table: Table, head: Any, formats: dict[tuple[str, int], Any]) -> None:
    for column, words in enumerate(table.columns):
        sheet.write_string(0, column, words, head)
        texts = [str(row[column]) for row in table.rows if isinstance(row[column], str)]
        sheet.set_column(column, column, min(max([len(words), 10, *map(len, texts)]) + 2, WIDEST))
    for line, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            _put(sheet, line, column, cell, formats)
    if table.absent and not table.rows:
        sheet.write_string(1, 0, table.absent)


def _put(sheet: Any, line: int, column: int, cell: Cell, formats: dict[tuple[str, int], Any]) -> None:
    if isinstance(cell, Amount) and cell.value is not None:
        value = cell.value / DAY if cell.unit in ("seconds", "calendar") else cell.value
        sheet.write_number(line, column, value, formats[cell.unit, cell.bin])
    elif isinstance(cell, int):
        sheet.write_number(line, column, cell, formats["count", 0])
    elif isinstance(cell, str) and cell:
        sheet.write_string(line, column, cell)


def _sheet_name(heading: str, place: int) -> str:
    """Unique, and without what a spreadsheet does not allow in it."""
    kept = "".join(letter for letter in heading if letter not in "[]:*?/\\'")
    return f"{place + 1} {kept}"[:SHEET_NAME]


def _csv(report: Report) -> bytes:
    """The figures one a line; of a page that has none of its own, every cell of its tables one a line."""
    made = io.StringIO()
    writer = csv.writer(made)
    if report.values:
        writer.writerow([field.name for field in fields(Value)])
        lines: Iterable[Iterable[Any]] = (astuple(value) for value in report.values)
    else:
        writer.writerow(["table", "row", "column", "value", "unit"])
        lines = (line for table in report.tables for line in _lines(table))
    for one in lines:
        writer.writerow([harmless(cell) for cell in one])
    return made.getvalue().encode("utf-8-sig")


def _lines(table: Table) -> Iterator[tuple[Any, ...]]:
    for row in table.rows:
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            value, unit = (cell.value, cell.unit) if isinstance(cell, Amount) else (cell, "")
            yield table.heading, _words(row[0]), column, value, unit


def harmless(cell: Any) -> Any:
    """Numbers stay numbers, also below zero; a text that would be a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith((*FORMULA_STARTS, MINUS)) else cell


_WRITERS: dict[Form, Callable[[Report], bytes]] = {Form.PDF: _pdf, Form.XLSX: _xlsx, Form.CSV: _csv}
