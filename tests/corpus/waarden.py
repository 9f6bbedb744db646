"""What stands in cells of text: numbers, dates, times, words, names."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.corpus.bouw import tekst
from tests.corpus.geval import BEZETTING, Geval, profiel, telling

_DMJ = 'datum = "dag-maand-jaar"'
_CIJFER = """type = "cijfers-gepubliceerd"
onderwerp = {vast = "NL"}
velden.peildatum = {kolom = ["Datum"]}
velden.bron = {vast = "Verzonnen bron"}
velden.grootheid = {vast = "bezettingsgraad"}
velden.waarde = {kolom = ["Waarde"]}"""


def gevallen() -> Iterator[Geval]:
    """Yields the files of this kind."""
    yield from _getallen()
    yield from _cijfers()
    yield from _datums()
    yield from _anders_geschreven()
    yield from _tijden()


def _aantallen(naam: str, fout: str, schrijfwijze: str, cellen: Sequence[str], **uit: Any) -> Geval:
    rows = [
        ["Locatie", "Datum", "Aanwezig"],
        *(["Azc De Linde", f"{n:02}-11-2026", one] for n, one in enumerate(cellen, 1)),
    ]
    return Geval(f"getal/{naam}.csv", fout, tekst(rows), telling(schrijfwijze=f"{_DMJ}\n{schrijfwijze}"), **uit)


def _getallen() -> Iterator[Geval]:
    punt, komma = 'duizendtallen = "."', 'decimalen = ","'
    yield _aantallen(
        "duizend-punt",
        "2.104 is tweeduizend",
        punt,
        ["2.104", "312", "1.002.104"],
        goed={2: 2104, 3: 312},
        mis={4: "mag hoogstens 100000"},
    )
    yield _aantallen(
        "punt-ongezegd",
        "2.104 zonder dat het profiel zegt wat een punt is",
        "",
        ["2.104", "312"],
        goed={3: 312},
        mis={2: "'2.104' is dubbelzinnig"},
    )
    yield _aantallen(
        "komma-nul",
        "hele getallen met decimalen",
        komma,
        ["2104,0", "312,00", "312,5"],
        goed={2: 2104, 3: 312},
        mis={4: "'312,5' is geen geheel getal"},
    )
    yield _aantallen(
        "spatie",
        "een vaste spatie tussen duizendtallen, uit een ander land of programma",
        'duizendtallen = " "',
        ["2\u00a0104", "2 104", "2\u202f104", "21 04"],
        goed={2: 2104, 3: 2104, 4: 2104},
        mis={5: "'21 04'"},
    )
    yield _aantallen(
        "groepen-fout",
        "punten op plaatsen waar geen duizendtallen staan",
        f"{punt}\n{komma}",
        ["12.34", "1.23.456", "1234.567", "2.104,0"],
        goed={5: 2104},
        mis={2: "'12.34'", 3: "'1.23.456'", 4: "'1234.567'"},
    )
    yield _aantallen(
        "negatief",
        "een negatief aantal mensen",
        "",
        ["-5", "0"],
        goed={3: 0},
        mis={2: "moet minstens 0 zijn"},
    )
    yield _aantallen(
        "geen-getal",
        "wat mensen invullen waar een getal hoort",
        'leeg = ["-", "n.b."]',
        ["circa 20", "12 à 13", "1.2.3", "(5)", "12 pers.", "-", "N.B.", "#N/B", "9" * 30, "1e3"],
        mis={
            2: "'circa 20' is geen getal",
            3: "'12 à 13'",
            4: "'1.2.3'",
            5: "'(5)'",
            6: "'12 pers.'",
            7: "is leeg",
            8: "is leeg",
            9: "de formule geeft #N/B",
            10: "is te groot",
            11: "'1e3'",
        },
    )


def _cijfers() -> Iterator[Geval]:
    def geval(naam: str, fout: str, schrijfwijze: str, cellen: Sequence[str], eenheid: str = "", **uit: Any) -> Geval:
        rows = [["Datum", "Waarde"], *([f"2026-11-{n:02}", one] for n, one in enumerate(cellen, 1))]
        event = _CIJFER.replace('["Waarde"]', f'["Waarde"], eenheid = "{eenheid}"') if eenheid else _CIJFER
        return Geval(f"getal/{naam}.csv", fout, tekst(rows), profiel(event, schrijfwijze=schrijfwijze), **uit)

    def waarde(getal: float) -> dict[str, Any]:
        return {"cijfers": [{"grootheid": "bezettingsgraad", "waarde": getal}]}

    yield geval(
        "amerikaans",
        "1,234.5 met komma's tussen de duizendtallen",
        'duizendtallen = ","\ndecimalen = "."',
        ["1,234.5", "0.96"],
        goed={2: waarde(1234.5), 3: waarde(0.96)},
    )
    yield geval(
        "procent",
        "percentages, met en zonder teken",
        'decimalen = ","',
        ["85%", "96,5 %", "101", "-2%"],
        "procent",
        goed={2: waarde(0.85), 3: waarde(0.965), 4: waarde(1.01), 5: waarde(-0.02)},
    )
    yield geval(
        "procent-ongezegd",
        "een percentage waar het profiel geen eenheid noemt",
        'decimalen = ","',
        ["85%", "0,85"],
        goed={3: waarde(0.85)},
        mis={2: "'85%' is een percentage"},
    )
    yield geval(
        "breuk",
        "een deel van het geheel, soms als percentage geschreven",
        'decimalen = ","',
        ["0,85", "85%"],
        "breuk",
        goed={2: waarde(0.85), 3: waarde(0.85)},
    )


def _op(naam: str, fout: str, schrijfwijze: str, cellen: Sequence[Any], extra: str = "", **uit: Any) -> Geval:
    rows = [["Locatie", "Datum", "Aanwezig"], *(["Azc De Linde", one, 312] for one in cellen)]
    event = BEZETTING.replace('["Datum"]', f'["Datum"]{extra}')
    return Geval(f"datum/{naam}.csv", fout, tekst(rows), profiel(event, schrijfwijze=schrijfwijze), **uit)


def _datums() -> Iterator[Geval]:
    yield _op(
        "iso",
        "ISO, met en zonder tijd en zone",
        "",
        ["2026-11-28", "2026-11-28 07:30", "2026-11-28T07:30:00+01:00", "2026-11-28T06:30Z", "2026-02-30"],
        goed={2: "2026-11-28", **dict.fromkeys((3, 4, 5), "2026-11-28T06:30:00Z")},
        mis={6: "geen datum die bestaat"},
    )
    yield _op(
        "dag-maand-jaar",
        "wat een Nederlander schrijft, ook een dag die niet bestaat",
        _DMJ,
        [
            "28-11-2026",
            "28/11/26",
            "1.2.2026",
            "31-02-2026",
            "11-28-2026",
            "2026/11/28",
            "28-11/2026",
            "za 28-11-2026",
            "Zaterdag 28/11/26 7:30",
            "tot 28-11-2026",
        ],
        goed={
            2: "2026-11-28",
            3: "2026-11-28",
            4: "2026-02-01",
            9: "2026-11-28",
            10: "2026-11-28T06:30:00Z",
        },
        mis={
            5: "'31-02-2026' is geen datum die bestaat",
            6: "geen datum die bestaat",
            7: "dag-maand-jaar",
            8: "geen datum",
            11: "geen datum",
        },
    )
    yield _op(
        "maand-dag-jaar",
        "een bron met Amerikaanse instellingen",
        'datum = "maand-dag-jaar"',
        ["11/28/2026", "2/1/2026"],
        goed={2: "2026-11-28", 3: "2026-02-01"},
    )
    yield _op(
        "volgorde-ongezegd",
        "01-02-2026 zonder dat het profiel de volgorde noemt",
        "",
        ["01-02-2026", "28-11-2026"],
        mis={2: "'01-02-2026': het profiel zegt niet wat dag en wat maand is", 3: "wat dag en wat maand"},
    )


def _anders_geschreven() -> Iterator[Geval]:
    yield _op(
        "woorden",
        "de maand in letters",
        "",
        [
            "1 februari 2026",
            "za 28 nov. 2026",
            "zaterdag 28 november 2026 om 7.30 uur",
            "1 brumaire 2026",
            "28 november",
            "28-nov-26",
            "za 28-nov-26 7:30",
            "vanaf 28 november 2026",
        ],
        goed={
            2: "2026-02-01",
            3: "2026-11-28",
            4: "2026-11-28T06:30:00Z",
            7: "2026-11-28",
            8: "2026-11-28T06:30:00Z",
        },
        mis={5: "'brumaire' is geen maand", 6: "geen datum", 9: "geen datum"},
    )
    yield _op(
        "serieel",
        "dagen zoals Excel ze telt, als tekst",
        'datum = "serieel"\ndecimalen = ","',
        ["46354", "46354,3125", "12"],
        goed={2: "2026-11-28", 3: "2026-11-28T06:30:00Z"},
        mis={4: "buiten 2010 tot en met 2050"},
    )
    yield _op("serieel-ongezegd", "een getal waar een datum hoort", _DMJ, ["46354"], mis={2: "'46354' is geen datum"})
    yield _op(
        "aaneen",
        "jaar, maand en dag aaneen",
        'datum = "jaarmaanddag"',
        ["20261128", "20261128 07:30", "20261332"],
        goed={2: "2026-11-28", 3: "2026-11-28T06:30:00Z"},
        mis={4: "geen datum die bestaat"},
    )
    yield _op(
        "buiten-bereik",
        "een jaar waarin geen gebeurtenis kan liggen",
        _DMJ,
        ["28-11-1999", "28-11-2062"],
        mis={2: "ligt buiten 2010 tot en met 2050", 3: "ligt buiten 2010 tot en met 2050"},
    )


def _tijden() -> Iterator[Geval]:
    yield _op(
        "tijden",
        "tijden zoals mensen ze schrijven",
        _DMJ,
        [
            "28-11-2026 7.30 uur",
            "28-11-2026 07:30:00",
            "28-11-2026, 7:30",
            "28-11-2026 24:00",
            "28-11-2026 7u30",
            "28-11-2026 25:10",
        ],
        goed=dict.fromkeys((2, 3, 4), "2026-11-28T06:30:00Z"),
        mis={5: "heeft geen tijd die bestaat", 6: "geen datum", 7: "heeft geen tijd die bestaat"},
    )
    yield _op(
        "zomertijd",
        "het uur dat er niet is, en het uur dat er twee keer is",
        _DMJ,
        [
            "29-03-2026 02:30",
            "25-10-2026 02:30",
            "25-10-2026 02:30 zomertijd",
            "25-10-2026 02:30 wintertijd",
            "28-11-2026 02:30 wintertijd",
        ],
        goed={4: "2026-10-25T00:30:00Z", 5: "2026-10-25T01:30:00Z", 6: "2026-11-28T01:30:00Z"},
        mis={2: "bestaat niet: die nacht ging de klok van 02:00 naar 03:00", 3: "komt die nacht twee keer"},
    )
    yield _op(
        "middernacht",
        "een datum met en zonder tijd, waar het profiel zegt hoe laat het zonder is",
        _DMJ,
        ["28-11-2026", "28-11-2026 00:00"],
        ', tijd = "07:00"',
        goed={2: "2026-11-28T06:00:00Z", 3: "2026-11-27T23:00:00Z"},
    )
    rows = [
        ["Locatie", "Datum", "Geteld om", "Aanwezig"],
        ["Azc De Linde", "28-11-2026", "7.30 uur", 312],
        ["Azc De Linde", "29-11-2026", "", 313],
        ["Azc De Linde", "25-10-2026", "2:30 wintertijd", 314],
        ["Azc De Linde", "30-11-2026", "ochtend", 315],
        ["Azc De Linde", "30-11-2026 07:30", "7:30", 316],
    ]
    yield Geval(
        "datum/tijdkolom.csv",
        "datum en tijd in twee kolommen",
        tekst(rows),
        telling(wissel=lambda one: one.replace('["Datum"]', '["Datum"], tijdkolom = ["Geteld om"]')),
        {2: "2026-11-28T06:30:00Z", 4: "2026-10-25T01:30:00Z"},
        {3: "kolom C 'Geteld om': is leeg", 5: "'ochtend' is geen tijd", 6: "heeft zelf al een tijd"},
    )
