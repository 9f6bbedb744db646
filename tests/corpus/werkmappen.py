"""Workbooks with what people do to tables: titles, merged cells, totals, empty rows, several sheets."""

from collections.abc import Iterator
from datetime import date, datetime

from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.bouw import ods, ods_cel, ods_rij, vul, werkmap
from tests.corpus.geval import BEZETTING, Geval, profiel, telling

KOP = ["Locatie", "Datum", "Aanwezig"]
OCHTEND = datetime(2026, 11, 28, 7, 30)  # noqa: DTZ001 - a cell shows the clock on the wall
RIJEN = [KOP, ["Azc De Linde", OCHTEND, 312], ["Café Zuid", OCHTEND, 87]]
GOED = {2: 312, 3: 87}
_PLAATSEN = """type = "capaciteit-gewijzigd"
onderwerp = {kolom = ["Locatie"], namen = "locatie"}
velden.geldigVanaf = {kolom = ["Vanaf"]}
velden."plaatsen.regulier.aantal" = {kolom = ["Plaatsen regulier"]}
velden."plaatsen.nood.aantal" = {kolom = ["Plaatsen nood"]}"""


def gevallen() -> Iterator[Geval]:
    """Yields the files of this kind."""
    yield from _koppen()
    yield from _samengevoegd()
    yield from _rijen()
    yield from _bladen()


def in_werkmap(naam: str, fout: str, inhoud: bytes, text: str = "", goed: dict = GOED, **uit: object) -> Geval:
    """Returns a file of this kind, with a profile of counts unless another is given."""
    return Geval(f"werkmap/{naam}", fout, inhoud, text or telling(), goed, **uit)


def _koppen() -> Iterator[Geval]:
    yield in_werkmap("gewoon.xlsx", "getallen en momenten als getallen en momenten", werkmap(Blad=RIJEN))

    def lager(blad: Worksheet) -> None:
        blad["A1"], blad["A2"], blad["B2"] = "Verzonnen nachttelling", "Stand per", date(2026, 11, 28)
        blad["A4"] = "Toelichting: beslapen bedden"
        vul(blad, RIJEN, 7)

    yield in_werkmap(
        "kop-in-rij-7.xlsx",
        "titels boven de tabel, en de kennis in een cel",
        werkmap(Blad=lager),
        telling(kennis='uit = "cel"\ncel = "B2"\ntijd = "09:00"'),
        {8: {"aanwezig": 312, "time": "2026-11-28T08:00:00Z"}, 9: 87},
    )
    yield in_werkmap(
        "kop-vast.xlsx",
        "twee rijen die op de kop lijken; het profiel zegt welke het is",
        werkmap(Blad=[KOP, ["vul in", "vul in", "vul in"], [], *RIJEN]),
        telling("kopregel = 4"),
        {5: 312, 6: 87},
    )
    yield in_werkmap(
        "begint-op-c4.xlsx",
        "de tabel begint niet links boven",
        werkmap(Blad=lambda blad: vul(blad, RIJEN, 4, 3)),
        goed={5: 312, 6: 87},
    )
    other = [["LOCATIE :", "Datum*", "Aantal\nbewoners"], *RIJEN[1:]]
    yield in_werkmap(
        "andere-spelling.xlsx",
        "de koppen heten bij elke afzender anders",
        werkmap(Blad=other),
        telling(wissel=lambda one: one.replace('["Aanwezig"]', '["Aanwezig", "Bezetting", "Aantal bewoners"]')),
    )
    yield in_werkmap(
        "extra-kolom.xlsx",
        "er kwam een kolom bij, middenin",
        werkmap(Blad=[[row[0], extra, *row[1:]] for row, extra in zip(RIJEN, ["Regio", "Noord", "Zuid"], strict=True)]),
    )
    maybe = BEZETTING + '\nvelden.bron = {kolom = ["Opmerking"], magOntbreken = true}'
    yield in_werkmap("kolom-mag-ontbreken.xlsx", "een kolom die er niet altijd is", werkmap(Blad=RIJEN), profiel(maybe))
    yield in_werkmap("zonder-kop.xlsx", "geen kopregel", werkmap(Blad=RIJEN[1:]), goed={}, heel="nergens de kopregel")


def _samengevoegd() -> Iterator[Geval]:
    rows = [
        ["Locatie", "Vanaf", "Plaatsen", None],
        [None, None, "regulier", "nood"],
        ["Azc De Linde", date(2026, 1, 1), 300, 20],
        ["Noodopvang Haven", date(2026, 2, 1), None, 450],
    ]
    parts = {
        3: {"plaatsen": [{"soort": "regulier", "aantal": 300}, {"soort": "nood", "aantal": 20}]},
        4: {"subject": "LOC-HAVEN", "plaatsen": [{"soort": "nood", "aantal": 450}]},
    }

    def kop(blad: Worksheet) -> None:
        vul(blad, rows)
        for cells in ("A1:A2", "B1:B2", "C1:D1"):
            blad.merge_cells(cells)

    two = profiel(_PLAATSEN, bestand="kopregels = 2")
    yield in_werkmap(
        "kop-van-twee-rijen.xlsx", "een kop van twee rijen, met samengevoegde cellen", werkmap(Blad=kop), two, parts
    )
    high, wide = 'table:number-rows-spanned="2"', 'table:number-columns-spanned="2"'
    covered = "<table:covered-table-cell/>"
    yield in_werkmap(
        "kop-van-twee-rijen.ods",
        "hetzelfde, uit LibreOffice",
        ods(
            Blad=[
                ods_rij(ods_cel("Locatie", high), ods_cel("Vanaf", high), ods_cel("Plaatsen", wide), covered),
                ods_rij(covered, covered, "regulier", "nood"),
                *(ods_rij(*row) for row in rows[2:]),
            ]
        ),
        two,
        parts,
    )

    def omlaag(blad: Worksheet) -> None:
        vul(blad, [KOP, ["Azc De Linde", date(2026, 11, 28), 312], [None, date(2026, 11, 29), 313]])
        vul(blad, [["Café Zuid", date(2026, 11, 30), 87], ["Opvang Zuiderzee", None, 40]], 4)
        blad.merge_cells("A2:A3")
        blad.merge_cells("B4:B5")

    yield in_werkmap(
        "omlaag-samengevoegd.xlsx",
        "een naam en een datum die voor meer rijen gelden",
        werkmap(Blad=omlaag),
        goed={
            2: 312,
            3: {"subject": "LOC-LINDE", "aanwezig": 313},
            4: 87,
            5: {"peilmoment": "2026-11-30", "aanwezig": 40},
        },
    )

    def getal(blad: Worksheet) -> None:
        vul(blad, [KOP, ["Azc De Linde", OCHTEND, 312], ["Café Zuid", OCHTEND, None]])
        blad.merge_cells("C2:C3")

    yield in_werkmap(
        "getal-samengevoegd.xlsx",
        "één getal voor twee locaties: van wie het is blijkt niet",
        werkmap(Blad=getal),
        goed={2: 312},
        mis={3: "kolom C 'Aanwezig': is leeg"},
    )


def _rijen() -> Iterator[Geval]:
    rows = [
        KOP,
        ["Noord"],
        RIJEN[1],
        ["Subtotaal Noord", None, 312],
        [],
        RIJEN[2],
        ["Totaal", OCHTEND, 399],
        [" ", None, None],
    ]
    yield in_werkmap(
        "totalen.xlsx",
        "kopjes, subtotalen, witregels en een totaal",
        werkmap(Blad=rows),
        telling(overslaan='kolom = ["Locatie"]\nbegint = ["Totaal", "Subtotaal"]\n---\nkolom = ["Datum"]\nleeg = true'),
        {3: 312, 6: 87},
        over=3,
    )
    yield in_werkmap(
        "totaal-ongezegd.xlsx",
        "een totaal dat het profiel niet noemt",
        werkmap(Blad=[*RIJEN, ["Totaal", OCHTEND, 399]]),
        mis={4: "'Totaal' lijkt een som van andere rijen"},
    )
    wide = [[None, row[0], None, row[1], None, None, row[2], None] for row in RIJEN]
    yield in_werkmap(
        "lege-kolommen.xlsx",
        "lege rijen en kolommen ertussen",
        werkmap(Blad=[[], wide[0], [], wide[1], [], [], wide[2]]),
        goed={4: 312, 7: 87},
    )

    def opmaak(blad: Worksheet) -> None:
        vul(blad, RIJEN)
        for row in range(4, 400):
            blad.cell(row, 12).fill = PatternFill("solid", fgColor="FFFF00")

    yield in_werkmap("opmaak-tot-onder.xlsx", "opmaak tot ver onder de gegevens", werkmap(Blad=opmaak))

    def gefilterd(blad: Worksheet) -> None:
        vul(blad, RIJEN)
        blad.row_dimensions[2].hidden = True

    yield in_werkmap("gefilterd.xlsx", "een rij die door een filter verborgen is, telt mee", werkmap(Blad=gefilterd))


def _bladen() -> Iterator[Geval]:
    uitleg = [["Toelichting"], ["Alles hierin is verzonnen."], ["Locatie", "naam zoals het COA die geeft"]]
    yield in_werkmap(
        "toelichting.xlsx",
        "een blad met uitleg voor en een na de telling",
        werkmap(Toelichting=uitleg, Telling=RIJEN, Contact=[["Vragen"], ["bel niemand"]]),
    )
    yield in_werkmap(
        "twee-bladen.xlsx",
        "een blad per regio",
        werkmap(Noord=RIJEN[:2], Zuid=[KOP, ["Café Zuid", OCHTEND, 87]]),
        goed={2: [312, 87]},
    )
    yield in_werkmap(
        "blad-met-ster.xlsx",
        "bladen die elke week anders heten",
        werkmap(
            Week_48=RIJEN, Week_47_oud=[KOP, ["Azc De Linde", OCHTEND, 1]], Intern=[KOP, ["Azc De Linde", OCHTEND, 2]]
        ),
        telling('bladen = ["week ??"]'),
    )
    yield in_werkmap(
        "blad-ontbreekt.xlsx",
        "het blad kreeg een andere naam",
        werkmap(Blad1=RIJEN),
        telling('bladen = ["Telling"]'),
        {},
        heel="heeft geen blad dat 'Telling' heet; wel: Blad1",
    )

    def verborgen(blad: Worksheet) -> None:
        vul(blad, [KOP, ["Azc De Linde", OCHTEND, 1]])
        blad.sheet_state = "hidden"

    book = werkmap(Telling=RIJEN, Vorige=verborgen)
    yield in_werkmap("verborgen-blad.xlsx", "een verborgen blad met een oude telling", book)
    yield in_werkmap(
        "verborgen-genoemd.xlsx",
        "een verborgen blad dat het profiel noemt",
        book,
        telling('bladen = ["Vorige"]'),
        {2: 1},
    )
