"""Writes a table as a workbook: typed cells under a frozen header, and a sheet that says what the columns mean."""

import io
from datetime import UTC, date, datetime
from typing import Any

from xlsxwriter import Workbook

from services.export.tabel import CelWaarde, Kolom, Tabel, plain_text

_WIDTH_MIN, _WIDTH_MAX = 10, 60
_EXCEL_INT_MAX = 2**53
"""A workbook can't hold larger whole numbers, so these stand in it as text."""


def as_xlsx(tabel: Tabel) -> bytes:
    """Returns a workbook with the sheets `gegevens` and `definities`. Its moments are in UTC, and say so."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        made = tabel.kop.get("gemaaktOp")
        if isinstance(made, str):
            book.set_properties({"title": tabel.titel, "created": datetime.fromisoformat(made).replace(tzinfo=None)})
        head = book.add_format({"bold": True, "bottom": 1})
        forms = {
            "moment": book.add_format({"num_format": 'dd-mm-yyyy hh:mm:ss "UTC"'}),
            "datum": book.add_format({"num_format": "dd-mm-yyyy"}),
            "breuk": book.add_format({"num_format": "#,##0.0000"}),
            "heel": book.add_format({"num_format": "#,##0"}),
        }
        data = book.add_worksheet("gegevens")
        data.freeze_panes(1, 0)
        for n, kolom in enumerate(tabel.kolommen):
            data.write_string(0, n, kolom.naam, head)
            cells = [row[n] for row in tabel.rijen]
            data.set_column(n, n, _width(kolom, cells))
            for line, cell in enumerate(cells, start=1):
                _write(data, line, n, cell, kolom, forms)
        if tabel.rijen:
            data.autofilter(0, 0, len(tabel.rijen), max(len(tabel.kolommen) - 1, 0))
        _definitions(book.add_worksheet("definities"), tabel, head)
    return out.getvalue()


def _write(sheet: Any, line: int, column: int, cell: CelWaarde, kolom: Kolom, forms: dict[str, Any]) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(line, column, cell)
        case int() | float() if abs(cell) < _EXCEL_INT_MAX:
            sheet.write_number(line, column, cell, forms.get(kolom.soort))
        case str() if kolom.soort == "moment":
            # A cell has no time zone, and on the Dutch clock two hours of a night in October would be the same.
            moment = datetime.fromisoformat(cell).astimezone(UTC).replace(tzinfo=None)
            sheet.write_datetime(line, column, moment, forms["moment"])
        case str() if kolom.soort == "datum":
            sheet.write_datetime(line, column, date.fromisoformat(cell), forms["datum"])
        case _:
            sheet.write_string(line, column, str(cell))


def _definitions(sheet: Any, tabel: Tabel, head: Any) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, tabel.titel, head)
    line = 1
    for name, value in tabel.kop.items():
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, plain_text(value))
        line += 1
    if any(kolom.soort == "moment" for kolom in tabel.kolommen):
        sheet.write_string(line, 0, "tijdzone")
        sheet.write_string(line, 1, "UTC")
        line += 1
    sheet.write_string(line + 1, 0, "kolom", head)
    sheet.write_string(line + 1, 1, "betekenis", head)
    for number, kolom in enumerate(tabel.kolommen, start=line + 2):
        sheet.write_string(number, 0, kolom.naam)
        sheet.write_string(number, 1, kolom.uitleg)
    sheet.freeze_panes(1, 0)


def _width(kolom: Kolom, cells: list[CelWaarde]) -> int:
    longest = max((len(str(cell)) for cell in cells[:200]), default=0)
    return min(max(longest, len(kolom.naam), _WIDTH_MIN) + 2, _WIDTH_MAX)
