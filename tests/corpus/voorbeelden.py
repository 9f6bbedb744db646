"""Makes the example files of the profiles that come with Opvangpeil. Every locatie, number and decision is made up.

Each file says so itself, in its name and in its first row.
"""

from collections.abc import Iterator
from datetime import date, time

from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.bouw import tekst, vul, werkmap

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
    above = ["Code", "Naam", "Gemeente", "Soort", "Afgeschermd", "Open sinds", "Regulier", None, "Nood", None, "Amv", None,
             "Plaatsen per", "Contract tot", "Gesloten per", "Maximum", "Maximum per", "Grondslag", "Dwangsom per dag",
             "Dwangsom ten hoogste", "Toegang", "Toegang per", "Reden toegang"]  # fmt: skip
    below = [None] * 6 + ["plaatsen", "inzetbaar"] * 3 + [None] * 11
    first = date(2026, 1, 1)
    rows = [
        ["LOC-VERZONNEN-NOORD", "Azc Verzonnen-Noord", "Súdwest-Fryslân", "Asielzoekerscentrum", "nee", date(2024, 3, 1),
         400, 390, None, None, 20, None, first, date(2031, 3, 1), *[None] * 9],
        ["LOC-VERZONNEN-ZUID", "Azc Verzonnen-Zuid", "Den Bosch", "azc", "nee", date(2025, 9, 1),
         250, None, None, None, None, None, first, None, None, 260, date(2025, 9, 1), "Bestuursovereenkomst (verzonnen)",
         1500, 150000, "gecontroleerd", date(2026, 11, 1), "Voller dan afgesproken"],
        ["LOC-VERZONNEN-KADE", "Noodopvang Schipperskade (verzonnen)", "GM0363", "noodopvang", "nee", date(2026, 2, 15),
         None, None, 120, 110, None, None, date(2026, 2, 15), date(2027, 2, 15), *[None] * 9],
        ["LOC-VERZONNEN-HAL", "Noodopvang Molenhal (verzonnen)", "Bergen (L.)", "noodopvang", "ja", date(2026, 4, 1),
         None, None, 80, None, None, None, date(2026, 4, 1), None, date(2026, 12, 1), *[None] * 8],
        ["Totaal", None, None, None, None, None, 650, 390, 200, 110, 20, None, *[None] * 11],
    ]  # fmt: skip

    def locaties(blad: Worksheet) -> None:
        vul(blad, [[_VERZONNEN], [], above, below, *rows])
        for column in range(1, len(above) + 1):
            if 7 <= column <= 12:
                if column % 2:
                    blad.merge_cells(start_row=3, end_row=3, start_column=column, end_column=column + 1)
            else:
                blad.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)

    return werkmap(Locaties=locaties)


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
