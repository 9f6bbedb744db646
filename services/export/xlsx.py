"""Writes a workbook for people: Dutch heads, real numbers and moments, what the columns mean and where they come from.

The first sheet stays a table for a machine. A cell of its first row holds the name of the column, and shows the Dutch
head: its number format is that text. So whoever reads the cells finds the same names as in a CSV.
"""

import io
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook

from schemas.fields import AMSTERDAM
from services.export.tabel import CelWaarde, Kolom, Tabel, plain_text

_WIDTH_MIN, _WIDTH_MAX = 10, 60
_EXCEL_INT_MAX = 2**53
"""A workbook can't hold larger whole numbers, so these stand in it as text."""
MOMENT = "dd-mm-yyyy hh:mm:ss"
"""How a moment is shown, on the Dutch clock."""
TWICE = {0: f'{MOMENT} "zomertijd"', 1: f'{MOMENT} "wintertijd"'}
"""How one is shown in the hour of a night in October that comes twice, by its fold."""
_FORMS = {"procent": r"0.0\ %", "euro": '"€" #,##0', "twee decimalen": "#,##0.00"}
_SOORTEN = {"datum": "dd-mm-yyyy", "breuk": "#,##0.0000", "heel": "#,##0", "moment": MOMENT}
_HERKOMST = {
    "geldigOp": "Stand van",
    "bekendOp": "Zoals bekend op",
    "gemaaktOp": "Gemaakt op",
    "gevraagd": "Gevraagd (filter en volgorde)",
    "omvat": "Omvat",
    "telregel": "Telregel",
    "cyclus": "Cyclus",
    "positie": "Positie: hiermee is dit precies te herhalen",
    "versie": "Versie van Opvangpeil",
    "uitgever": "Uitgever",
    "licentie": "Licentie",
    "definities": "Wat de cijfers betekenen",
}
"""What the sheet of origin tells, in this order, as far as the table has it."""
_SIMULATED = {
    True: "Ja: deze cijfers zijn verzonnen en zeggen niets over echte gemeenten",
    False: "Nee: deze cijfers volgen uit gemelde gebeurtenissen",
}


class _Forms:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book, self._made = book, dict[tuple[tuple[str, Any], ...], Any]()

    def __call__(self, **asked: Any) -> Any:
        key = tuple(sorted(asked.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(asked)
        return self._made[key]

    def shown(self, form: str) -> Any:
        """Returns the format of numbers that are shown in this form."""
        return self(num_format=form)


def as_xlsx(tabel: Tabel) -> bytes:
    """Returns a workbook: the sheets `gegevens`, `definities` and `Herkomst`, and `Begrippen` with words to explain."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        made = tabel.kop.get("gemaaktOp")
        if isinstance(made, str):
            book.set_properties({"title": tabel.titel, "created": datetime.fromisoformat(made).replace(tzinfo=None)})
        forms = _Forms(book)
        _data(book.add_worksheet("gegevens"), tabel, forms)
        _definitions(book.add_worksheet("definities"), tabel, forms)
        _origin(book.add_worksheet("Herkomst"), tabel, forms)
        if tabel.woorden:
            _two_columns(book.add_worksheet("Begrippen"), ("Begrip", "Betekenis"), tabel.woorden, forms)
    return out.getvalue()


def _data(sheet: Any, tabel: Tabel, forms: _Forms) -> None:
    sheet.freeze_panes(1, 1)
    for n, kolom in enumerate(tabel.kolommen):
        shown = (kolom.kop or kolom.naam).replace('"', "") + (" (seconden)" if kolom.eenheid == "seconden" else "")
        head = forms(bold=True, bottom=1, text_wrap=True, valign="top", num_format=f';;;"{shown}"')
        sheet.write_string(0, n, kolom.naam, head)
        cells = [row[n] for row in tabel.rijen]
        sheet.set_column(n, n, _width(shown, cells))
        for line, cell in enumerate(cells, start=1):
            _write(sheet, line, n, cell, kolom, forms)
    if tabel.rijen:
        sheet.autofilter(0, 0, len(tabel.rijen), max(len(tabel.kolommen) - 1, 0))
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{tabel.titel}&RBladzijde &P van &N")


def _write(sheet: Any, line: int, column: int, cell: CelWaarde, kolom: Kolom, forms: _Forms) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(line, column, cell)
        case int() | float() if abs(cell) < _EXCEL_INT_MAX:
            form = _FORMS.get(kolom.vorm) or _SOORTEN.get(kolom.soort)
            sheet.write_number(line, column, cell, form and forms.shown(form))
        case str() if kolom.soort == "moment" and kolom.vorm != "precies" and "." not in cell:
            _moment(sheet, line, column, cell, forms)
        case str() if kolom.soort == "datum":
            sheet.write_datetime(line, column, date.fromisoformat(cell), forms.shown(_SOORTEN["datum"]))
        case _:
            sheet.write_string(line, column, str(cell))


def _moment(sheet: Any, line: int, column: int, text: str, forms: _Forms) -> None:
    """Writes a moment on the Dutch clock. A cell has no time zone, so an hour that comes twice says which it is."""
    local = datetime.fromisoformat(text).astimezone(AMSTERDAM)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    form = TWICE[local.fold] if twice else MOMENT
    sheet.write_datetime(line, column, local.replace(tzinfo=None, fold=0), forms.shown(form))


def _definitions(sheet: Any, tabel: Tabel, forms: _Forms) -> None:
    head = forms(bold=True, bottom=1)
    wrap = forms(text_wrap=True, valign="top")
    for column, width in enumerate((28, 80, 28, 24)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, tabel.titel, head)
    line = 1
    for name, value in tabel.kop.items():
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, plain_text(value))
        line += 1
    if any(kolom.soort == "moment" for kolom in tabel.kolommen):
        sheet.write_string(line, 0, "tijdzone")
        sheet.write_string(line, 1, "Europe/Amsterdam")
        line += 1
    for column, text in enumerate(("kolom", "betekenis", "kop", "eenheid")):
        sheet.write_string(line + 1, column, text, head)
    for number, kolom in enumerate(tabel.kolommen, start=line + 2):
        for column, text in enumerate((kolom.naam, kolom.uitleg, kolom.kop or kolom.naam, kolom.eenheid)):
            sheet.write_string(number, column, text, wrap)
    sheet.freeze_panes(1, 0)
    _on_paper(sheet)


def _origin(sheet: Any, tabel: Tabel, forms: _Forms) -> None:
    said = {**tabel.kop, **tabel.herkomst}
    bold = forms(bold=True, valign="top")
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 80)
    sheet.write_string(0, 0, "Herkomst", forms(bold=True, bottom=1))
    sheet.write_string(0, 1, tabel.titel, forms(bold=True, bottom=1))
    line = 1
    for name, words in _HERKOMST.items():
        value = said.get(name)
        if value is None or value == "":
            continue
        sheet.write_string(line, 0, words, bold)
        if name.endswith("Op"):
            _moment(sheet, line, 1, str(value), forms)
        else:
            sheet.write_string(line, 1, plain_text(value), forms(text_wrap=True, valign="top"))
        line += 1
    for words, text in (
        ("Simulatie", _SIMULATED[bool(said.get("simulatie"))]),
        ("Tijd", "Alle momenten staan in Nederlandse tijd"),
    ):
        sheet.write_string(line, 0, words, bold)
        sheet.write_string(line, 1, text)
        line += 1
    _on_paper(sheet)


def _two_columns(sheet: Any, heads: tuple[str, str], rows: Any, forms: _Forms) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    for column, text in enumerate(heads):
        sheet.write_string(0, column, text, forms(bold=True, bottom=1))
    for line, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            sheet.write_string(line, column, text, forms(text_wrap=True, valign="top"))
    sheet.freeze_panes(1, 0)
    _on_paper(sheet)


def _on_paper(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _width(head: str, cells: list[CelWaarde]) -> int:
    longest = max((len(str(cell)) for cell in cells[:200]), default=0)
    words = max((len(word) for word in head.split()), default=0)
    return min(max(longest, words + 2, min(len(head), 20), _WIDTH_MIN) + 2, _WIDTH_MAX)
