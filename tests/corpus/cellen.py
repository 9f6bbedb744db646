"""Workbooks with odd cells: formulas, errors, text that is a number, dates without a form; and those of LibreOffice."""

import io
from collections.abc import Iterator
from datetime import date, time

import openpyxl
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.bouw import bewaar, herpakt, ods, ods_cel, ods_rij, vul, werkmap
from tests.corpus.geval import Geval, profiel, telling
from tests.corpus.werkmappen import KOP, OCHTEND, RIJEN, in_werkmap


def gevallen() -> Iterator[Geval]:
    """Yields the files of this kind."""
    yield from _formules()
    yield from _cellen()
    yield from _vormen()
    yield from _ods()


def _formules() -> Iterator[Geval]:
    def boek(*cellen: tuple[str, object]) -> bytes:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        sheet = book.add_worksheet("Blad")
        sheet.write_row("A1", KOP)
        for n, (formula, value) in enumerate(cellen, 1):
            sheet.write_row(n, 0, ["Azc De Linde", f"2026-11-{n:02}"])
            sheet.write_formula(n, 2, formula, None, value)
        book.close()
        return herpakt(out.getvalue())

    yield in_werkmap(
        "formules.xlsx",
        "formules, met wat zij de vorige keer gaven",
        boek(("=300+12", 312), ("=A1", "87"), ("=2=2", True)),
        goed={2: 312, 3: 87},
        mis={4: "'waar' is geen getal"},
    )
    yield in_werkmap(
        "nooit-uitgerekend.xlsx",
        "formules die een programma schreef en niemand uitrekende",
        werkmap(Blad=[KOP, ["Azc De Linde", OCHTEND, "=300+12"], RIJEN[2]]),
        goed={3: 87},
        mis={2: "kolom C 'Aanwezig': de formule is nooit uitgerekend"},
    )
    was, gives_nothing = b"<f>2</f><v>2</v>", b"<f>2</f><v></v>"

    def niets(sheet: bytes) -> bytes:
        return sheet.replace(b'<c r="C3">' + was, b'<c r="C3" t="str">' + gives_nothing)

    yield in_werkmap(
        "formule-geeft-leeg.xlsx",
        'een formule als =ALS(B3="";"";1) die niets geeft: een lege cel',
        herpakt(boek(("=1", 1), ("=2", 2)), {"xl/worksheets/sheet1.xml": niets}),
        goed={2: 1},
        mis={3: "kolom C 'Aanwezig': is leeg"},
    )
    yield in_werkmap(
        "fouten.xlsx",
        "formules die een fout geven",
        boek(("=Z1", "#REF!"), ("=1/0", "#DIV/0!"), ("=1", "#N/A"), ("=312", 312)),
        goed={5: 312},
        mis={2: "de formule geeft #REF!", 3: "de formule geeft #DIV/0!", 4: "de formule geeft #N/A"},
    )


def _cellen() -> Iterator[Geval]:
    yield in_werkmap(
        "getal-als-tekst.xlsx",
        "getallen en datums die tekst zijn, tussen echte",
        werkmap(
            Blad=[
                KOP,
                ["Azc De Linde", "28-11-2026", "2104"],
                ["Azc De Linde", date(2026, 11, 29), "2.104"],
                ["Azc De Linde", "30-11-2026", "vol"],
                ["Azc De Linde", date(2026, 11, 27), 2104.0],
            ]
        ),
        telling(schrijfwijze='datum = "dag-maand-jaar"\nduizendtallen = "."'),
        {2: 2104, 3: 2104, 5: 2104},
        mis={4: "kolom C 'Aanwezig': 'vol' is geen getal"},
    )
    yield in_werkmap(
        "halve-mensen.xlsx",
        "een gemiddelde waar een aantal hoort, en een getal dat geen aantal kan zijn",
        werkmap(
            Blad=[KOP, ["Azc De Linde", OCHTEND, 312.5], ["Azc De Linde", OCHTEND, 1e20], ["Azc De Linde", OCHTEND, -3]]
        ),
        goed={},
        mis={2: "312,5 is geen geheel getal", 3: "is te groot", 4: "moet minstens 0 zijn"},
    )
    yield in_werkmap(
        "serieel.xlsx",
        "datums zonder opmaak: het getal waarmee Excel dagen telt",
        werkmap(
            Blad=[KOP, ["Azc De Linde", 46354, 312], ["Azc De Linde", 46354.3125, 313], ["Azc De Linde", OCHTEND, 314]]
        ),
        telling(schrijfwijze='datum = "serieel"'),
        {2: "2026-11-28", 3: "2026-11-28T06:30:00Z", 4: "2026-11-28T06:30:00Z"},
    )
    yield in_werkmap(
        "serieel-ongezegd.xlsx",
        "hetzelfde, zonder dat het profiel het zegt",
        werkmap(Blad=[KOP, ["Azc De Linde", 46354, 312]]),
        goed={},
        mis={2: 'zet in [schrijfwijze] datum = "serieel"'},
    )


def _vormen() -> Iterator[Geval]:
    old = openpyxl.Workbook()
    old.epoch = CALENDAR_MAC_1904
    vul(old.worksheets[0], RIJEN)
    yield in_werkmap(
        "datums-1904.xlsx",
        "een werkmap die vanaf 1904 telt, van een Mac",
        bewaar(old),
        goed=dict.fromkeys((2, 3), "2026-11-28T06:30:00Z"),
    )
    rows = [
        ["Locatie", "Datum", "Tijd", "Aanwezig"],
        ["Azc De Linde", date(2026, 11, 28), time(7, 30), 312],
        ["Azc De Linde", "28-11-2026", "7.30 uur", 313],
    ]
    yield in_werkmap(
        "tijdkolom.xlsx",
        "datum en tijd in twee kolommen",
        werkmap(Blad=rows),
        telling(wissel=lambda one: one.replace('["Datum"]', '["Datum"], tijdkolom = ["Tijd"]')),
        dict.fromkeys((2, 3), "2026-11-28T06:30:00Z"),
    )
    macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    yield in_werkmap(
        "macro.xlsm",
        "een werkmap met macro's, die niet gelezen worden",
        herpakt(
            werkmap(Blad=RIJEN),
            {"[Content_Types].xml": lambda one: one.replace(plain, macro)},
            xl__vbaProject_bin=b"geen echte macro",
        ),
    )
    share = profiel(
        'type = "cijfers-gepubliceerd"\nonderwerp = {vast = "NL"}\nvelden.peildatum = {kolom = ["Datum"]}\n'
        'velden.bron = {vast = "Verzonnen bron"}\nvelden.grootheid = {vast = "bezettingsgraad"}\n'
        'velden.waarde = {kolom = ["Waarde"], eenheid = "breuk"}'
    )

    def procent(blad: Worksheet) -> None:
        vul(blad, [["Datum", "Waarde"], [OCHTEND, 0.965]])
        blad["B2"].number_format = "0%"

    yield in_werkmap(
        "procent.xlsx",
        "een cel die 97% laat zien en 0,965 bevat",
        werkmap(Blad=procent),
        share,
        {2: {"cijfers": [{"grootheid": "bezettingsgraad", "waarde": 0.965}]}},
    )


def _ods() -> Iterator[Geval]:
    empty = ods_rij(ods_cel(None, 'table:number-columns-repeated="1024"'), keer=1_048_570)
    yield in_werkmap("gewoon.ods", "een werkmap van LibreOffice", ods(Blad=[*(ods_rij(*row) for row in RIJEN), empty]))
    yield in_werkmap(
        "herhaald.ods",
        "rijen en cellen die er maar één keer staan, met hoe vaak",
        ods(
            Blad=[
                ods_rij("Locatie", "Datum", "Aanwezig"),
                ods_rij("Azc De Linde", OCHTEND, 312, keer=2),
                ods_rij(keer=3),
                ods_rij("Opvang Zuiderzee", OCHTEND, ods_cel(40, 'table:number-columns-repeated="3"')),
                empty,
            ]
        ),
        goed={2: 312, 3: 312, 7: 40},
    )
    error = ods_cel("#DIV/0!", 'table:formula="of:=1/0" calcext:value-type="error"')
    yield in_werkmap(
        "fouten.ods",
        "formules die een fout geven, van LibreOffice en zoals Excel ze als ODS bewaart",
        ods(
            Blad=[
                ods_rij("Locatie", "Datum", "Aanwezig"),
                ods_rij("Azc De Linde", OCHTEND, error),
                ods_rij("Azc De Linde", OCHTEND, "#REF!"),
                ods_rij("Azc De Linde", OCHTEND, '<table:table-cell table:formula="of:=1+1"/>'),
                ods_rij("Azc De Linde", OCHTEND, 312),
            ]
        ),
        goed={5: 312},
        mis={2: "de formule geeft #DIV/0!", 3: "de formule geeft #REF!", 4: "de formule geeft een fout"},
    )
