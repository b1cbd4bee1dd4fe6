"""Tables for spreadsheets, as CSV. A spreadsheet takes a cell that begins with one of FORMULAS for a formula: it is quoted.

return csv_answer("guests.csv", [_("Name"), _("Seat")], [["Ada", "12A"]])
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.http import HttpResponse

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = StringIO()
    writer = csv.writer(text)
    for row in [header, *rows]:
        writer.writerow([harmless(str(cell)) for cell in row])
    return text.getvalue()


def harmless(cell: str) -> str:
    """With a quotation mark before what a spreadsheet would calculate."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULAS) or cell.startswith(FORMULAS) else cell


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A file to save, in UTF-8 with the mark by which spreadsheets know it."""
    response = HttpResponse("\ufeff" + as_csv(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
