"""A report as a file: on paper, as a spreadsheet, as plain values."""

import csv
import io
from collections.abc import Callable
from dataclasses import astuple, fields
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from metrics.reports.states import Amount, Cell, Form, Report, Table, Value
from requests_app.kernel.formats import MINUS, amount, moment, number
from requests_app.kernel.pdf import typeset

DAY = 86400
NUMBER_FORMATS = {"seconds": "[h]:mm", "share": "0.0%", "mean": "0.0", "score": "0.00", "count": "#,##0"}
SHEET_NAME, WIDEST = 31, 48
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
            "tables": [_printed(table) for table in report.tables],
        },
    )


def _printed(table: Table) -> dict[str, Any]:
    return {
        "heading": table.heading,
        "columns": list(table.columns),
        "rows": [[_words(cell) for cell in row] for row in table.rows],
        "note": table.note,
    }


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
        formats = {unit: book.add_format({"num_format": pattern}) for unit, pattern in NUMBER_FORMATS.items()}
        for place, table in enumerate(report.tables):
            sheet = book.add_worksheet(_sheet_name(table.heading, place))
            sheet.freeze_panes(1, 1)
            for column, words in enumerate(table.columns):
                sheet.write_string(0, column, words, head)
                texts = [str(row[column]) for row in table.rows if isinstance(row[column], str)]
                sheet.set_column(column, column, min(max([len(words), 10, *map(len, texts)]) + 2, WIDEST))
            for line, row in enumerate(table.rows, start=1):
                for column, cell in enumerate(row):
                    _put(sheet, line, column, cell, formats)
    return made.getvalue()


def _put(sheet: Any, line: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, Amount) and cell.value is not None:
        value = cell.value / DAY if cell.unit == "seconds" else cell.value
        sheet.write_number(line, column, value, formats[cell.unit])
    elif isinstance(cell, int):
        sheet.write_number(line, column, cell, formats["count"])
    elif isinstance(cell, str) and cell:
        sheet.write_string(line, column, cell)


def _sheet_name(heading: str, place: int) -> str:
    """Unique, and without what a spreadsheet does not allow in it."""
    kept = "".join(letter for letter in heading if letter not in "[]:*?/\\'")
    return f"{place + 1} {kept}"[:SHEET_NAME]


def _csv(report: Report) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow([field.name for field in fields(Value)])
    for value in report.values:
        writer.writerow([harmless(cell) for cell in astuple(value)])
    return made.getvalue().encode("utf-8-sig")


def harmless(cell: Any) -> Any:
    """Numbers stay numbers, also below zero; a text that would be a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith((*FORMULA_STARTS, MINUS)) else cell


_WRITERS: dict[Form, Callable[[Report], bytes]] = {Form.PDF: _pdf, Form.XLSX: _xlsx, Form.CSV: _csv}
