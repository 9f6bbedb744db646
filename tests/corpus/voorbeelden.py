"""Makes the example files of the profiles that come with Opvangpeil. Every locatie, number and decision is made up.

Each file says so itself, in its name and in its first row.
"""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.bouw import tekst, vul, werkmap

_SOORTEN = ("Regulier", "Nood", "Amv")
_KOP = [
    *("Code", "Naam", "Gemeente", "Soort", "Afgeschermd", "Open sinds"),
    *(f"{soort} {wat}" for soort in _SOORTEN for wat in ("plaatsen", "inzetbaar")),
    *("Plaatsen per", "Contract tot", "Gesloten per", "Maximum", "Maximum per", "Grondslag"),
    *("Dwangsom per dag", "Dwangsom ten hoogste", "Toegang", "Toegang per", "Reden toegang"),
]
"""The columns of the list of locaties. Those of a soort stand below it."""
_VERZONNEN = "VERZONNEN VOORBEELD: geen locatie, getal of besluit hierin bestaat"


def voorbeelden() -> Iterator[tuple[str, bytes]]:
    """Yields the name and content of each example."""
    yield "nachttelling-voorbeeld-2026-11-28.xlsx", _nachttelling()
    yield "locatielijst-voorbeeld.xlsx", _locatielijst()
    yield "verdeelbesluiten-voorbeeld.csv", _verdeelbesluiten()
    yield "coa-weekcijfers-voorbeeld.csv", _weekcijfers()


def _nachttelling() -> bytes:
    dag, vroeg = date(2026, 11, 28), time(7, 0)
    rows = [
        [_VERZONNEN],
        ["Nachttelling 28 november 2026, beslapen bedden"],
        [],
        ["Locatie", "Datum", "Tijd", "Capaciteit", "Aanwezig", "Opmerking"],
        ["Azc Verzonnen-Noord", dag, vroeg, 400, 388, None],
        ["Azc Verzonnen-Zuid", dag, vroeg, 250, 251, "een bed bijgezet"],
        ["Subtotaal azc", None, None, 650, "=SUM(E5:E6)", None],
        ["Noodopvang Schipperskade (verzonnen)", dag, time(6, 30), 120, 97, None],
        ["Noodopvang Molenhal (verzonnen)", dag, vroeg, 80, "n.b.", "telling volgt"],
        ["Totaal", None, None, 850, "=SUM(E5:E6,E8:E9)", None],
    ]
    uitleg = [[_VERZONNEN], ["Geteld wordt wie er om 7 uur 's ochtends is."], ["n.b. = nog niet bekend; dat is geen 0"]]
    return werkmap(Telling=rows, Toelichting=uitleg)


def _locatielijst() -> bytes:
    rows = [
        _plaats("NOORD", "Azc Verzonnen-Noord", "Súdwest-Fryslân", "Asielzoekerscentrum", date(2024, 3, 1))
        | {"Regulier plaatsen": 400, "Regulier inzetbaar": 390, "Amv plaatsen": 20, "Plaatsen per": date(2026, 1, 1),
           "Contract tot": date(2031, 3, 1)},
        _plaats("ZUID", "Azc Verzonnen-Zuid", "Den Bosch", "azc", date(2025, 9, 1))
        | {"Regulier plaatsen": 250, "Plaatsen per": date(2026, 1, 1), "Maximum": 260, "Maximum per": date(2025, 9, 1),
           "Grondslag": "Bestuursovereenkomst (verzonnen)", "Dwangsom per dag": 1500, "Dwangsom ten hoogste": 150_000,
           "Toegang": "gecontroleerd", "Toegang per": date(2026, 11, 1), "Reden toegang": "Voller dan afgesproken"},
        _plaats("KADE", "Noodopvang Schipperskade (verzonnen)", "GM0363", "noodopvang", date(2026, 2, 15))
        | {"Nood plaatsen": 120, "Nood inzetbaar": 110, "Plaatsen per": date(2026, 2, 15),
           "Contract tot": date(2027, 2, 15)},
        _plaats("HAL", "Noodopvang Molenhal (verzonnen)", "Bergen (L.)", "noodopvang", date(2026, 4, 1))
        | {"Afgeschermd": "ja", "Nood plaatsen": 80, "Plaatsen per": date(2026, 4, 1),
           "Gesloten per": date(2026, 12, 1)},
        {"Code": "Totaal", "Regulier plaatsen": 650, "Nood plaatsen": 200, "Amv plaatsen": 20},
    ]  # fmt: skip

    def locaties(blad: Worksheet) -> None:
        vul(blad, [[_VERZONNEN]])
        for column, kop in enumerate(_KOP, 1):
            above, _, below = kop.partition(" ") if kop.split()[0] in _SOORTEN else (kop, "", "")
            blad.cell(3, column, above)
            if below:
                blad.cell(4, column, below)
            else:
                blad.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
            vul(blad, [[row.get(kop)] for row in rows], 5, column)
        for column in (n for n, kop in enumerate(_KOP, 1) if kop.endswith(" plaatsen")):
            blad.merge_cells(start_row=3, end_row=3, start_column=column, end_column=column + 1)

    return werkmap(Locaties=locaties)


def _plaats(code: str, naam: str, gemeente: str, soort: str, sinds: date) -> dict[str, Any]:
    about = {"Code": f"LOC-VERZONNEN-{code}", "Naam": naam, "Gemeente": gemeente, "Soort": soort}
    return about | {"Afgeschermd": "nee", "Open sinds": sinds}


def _verdeelbesluiten() -> bytes:
    rows = [
        [_VERZONNEN],
        ["Gemeente", "Opgave", "Waarvan amv", "Datum besluit", "Realiseren vóór"],
        ["Súdwest-Fryslân", "1.204", 60, "20-11-2026", "01-07-2027"],
        ["Gemeente Utrecht", "2.310", 115, "20-11-2026", "01-07-2027"],
        ["Den Haag", 980, "", "20 november 2026", ""],
        ["0893", 0, 0, "20-11-2026", ""],
        ["Totaal", "4.494", 175, "", ""],
    ]
    return tekst(rows, codering="cp1252")


def _weekcijfers() -> bytes:
    head = ["Peildatum", "Gepubliceerd op", "Locaties", "Reguliere locaties", "Noodopvanglocaties",
            "Personen met recht op opvang", "In reguliere opvang", "In noodopvang van het COA",
            "Buiten locaties van het COA"]  # fmt: skip
    rows = [
        [_VERZONNEN],
        head,
        ["16-11-2026", "18-11-2026", 311, 140, 171, "70.123", "40.456", "24.567", "5.100"],
        ["23-11-2026", "25-11-2026", 312, 141, 171, "70.345", "40.512", "24.601", "n.b."],
    ]
    return tekst(rows)
