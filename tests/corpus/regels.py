"""What a profile says of rows: names, words, conditions, constants; and Parquet."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pyarrow as pa

from tests.corpus.bouw import parquet, tekst
from tests.corpus.geval import BEZETTING, Geval, profiel, telling

_DMJ = 'datum = "dag-maand-jaar"'
_LOCATIE = """type = "locatie-geregistreerd"
onderwerp = {kolom = ["Code"], namen = "locatie"}
velden.naam = {kolom = ["Naam"]}
velden.gemeente = {kolom = ["Gemeente"], namen = "gemeente"}
velden.soort = {vast = "azc"}
velden.zichtbaarheid = {vast = "openbaar"}
velden.geldigVanaf = {vast = "2026-01-01"}"""


def gevallen() -> Iterator[Geval]:
    """Yields the files of this kind."""
    yield from _namen()
    yield from _woorden()
    yield from _gebeurtenissen()
    yield from _kennis()
    yield from _parquet()


def _gemeenten(naam: str, fout: str, gemeenten: list[str], goed: dict[int, str], mis: dict[int, str]) -> Geval:
    rows = [["Code", "Naam", "Gemeente"], *([f"LOC-{n}", f"Verzonnen {n}", one] for n, one in enumerate(gemeenten, 1))]
    parts = {row: {"gemeente": code} for row, code in goed.items()}
    return Geval(f"naam/{naam}.csv", fout, tekst(rows), profiel(_LOCATIE), parts, mis)


def _namen() -> Iterator[Geval]:
    yield _gemeenten(
        "gemeentecode",
        "de code van een gemeente, met en zonder GM en nullen",
        ["363", "0363", "GM0363", "gm0363", "9999"],
        dict.fromkeys((2, 3, 4, 5), "GM0363"),
        {6: "'9999' is geen gemeente die bekend is"},
    )
    yield _gemeenten(
        "gemeentenaam",
        "accenten, hoofdletters en het woord gemeente; een naam die iemand bevestigde",
        ["Súdwest-Fryslân", "SUDWEST FRYSLAN", "Gemeente Utrecht", "’s-Gravenhage", "Den Bosch", "gemeente den bosch"],
        {2: "GM1900", 3: "GM1900", 4: "GM0344", 5: "GM0518", 6: "GM0796", 7: "GM0796"},
        {},
    )
    yield _gemeenten(
        "twee-bergens",
        "een naam van twee gemeenten, en een tikfout",
        ["Bergen", "Bergen (L.)", "Amsterdan", "Amsterdam"],
        {3: "GM0893", 5: "GM0363"},
        {2: "'Bergen' is geen gemeente die bekend is", 4: "'Amsterdan' is geen gemeente die bekend is"},
    )
    yield Geval(
        "naam/locaties.csv",
        "namen van locaties: zoals geregistreerd, zoals bevestigd, als id, en een die niemand kent",
        tekst(
            [
                ["Locatie", "Datum", "Aanwezig"],
                ["AZC de linde", "28-11-2026", 1],
                ["De Linde, hoofdgebouw", "28-11-2026", 2],
                ["Cafe Zuid", "28-11-2026", 3],
                ["LOC-NIEUW", "28-11-2026", 4],
                ["Azc De Lind", "28-11-2026", 5],
                ["", "28-11-2026", 6],
            ]
        ),
        telling(),
        {
            2: {"subject": "LOC-LINDE"},
            3: {"subject": "LOC-LINDE"},
            4: {"subject": "LOC-CAFE"},
            5: {"subject": "LOC-NIEUW"},
        },
        {6: "'Azc De Lind' is geen locatie die bekend is", 7: "kolom A 'Locatie': is leeg"},
    )
    yield Geval(
        "naam/formule-als-naam.csv",
        "tekst die een rekenprogramma zou uitvoeren: hier blijft het tekst",
        tekst(
            [
                ["Code", "Naam", "Gemeente"],
                ["LOC-1", "=cmd|' /C calc'!A0", "Utrecht"],
                ["LOC-2", "@SUM(A1)", "+31"],
                ["LOC-3", "Verzonnen\u0007bel", "Utrecht"],
                ["LOC-4", "x" * 301, "Utrecht"],
            ]
        ),
        profiel(_LOCATIE),
        {2: {"naam": "=cmd|' /C calc'!A0"}},
        {
            3: "'+31' is geen gemeente die bekend is",
            4: "kolom B 'Naam': bevat",
            5: "kolom B 'Naam': heeft te veel tekens",
        },
    )


def _woorden() -> Iterator[Geval]:
    telregel = """type = "cyclus-vastgesteld"
onderwerp = {kolom = ["Cyclus"]}
velden.geldigVanaf = {vast = "2026-01-01"}
velden.raming = {vast = 96000}
velden.beschikbaarTotMinstens = {vast = "2027-01-01"}
velden.meetellendeSoorten = {kolom = ["Soorten"]}
velden.volledig = {kolom = ["Volledig"], vertaal = {"j" = true, "n" = false, "x" = true}}"""
    words = ["J", "n", "X", "ja", "Nee", "WAAR", "onwaar", "true", "misschien", ""]
    yield Geval(
        "woord/ja-nee.csv",
        "ja en nee op alle manieren; wat daar niet bij hoort staat in vertaal",
        tekst([["Cyclus", "Soorten", "Volledig"], *(["2026", "regulier, NOOD", one] for one in words)]),
        profiel(telregel),
        {
            row: {"volledig": said, "meetellendeSoorten": ["regulier", "nood"]}
            for row, said in enumerate([True, False, True, True, False, True, False, True], 2)
        }
        | {11: {"raming": 96000}},
        {10: "'misschien' staat niet in vertaal"},
    )
    regime = """type = "toegang-gewijzigd"
onderwerp = {kolom = ["Locatie"], namen = "locatie"}
velden.geldigVanaf = {kolom = ["Per"], anders = "2026-11-01"}
velden.regime = {kolom = ["Toegang"], vertaal = {"gedoseerd" = "gecontroleerd", "dicht" = "gesloten"}}"""
    yield Geval(
        "woord/vertaal.csv",
        "woorden van de bron, en een datum die soms ontbreekt",
        tekst(
            [
                ["Locatie", "Toegang", "Per"],
                ["Azc De Linde", "Gedoseerd", "28-11-2026"],
                ["Azc De Linde", "open", ""],
                ["Azc De Linde", "beperkt?", "28-11-2026"],
            ]
        ),
        profiel(regime, schrijfwijze=_DMJ),
        {
            2: {"regime": "gecontroleerd", "geldigVanaf": "2026-11-28"},
            3: {"regime": "open", "geldigVanaf": "2026-11-01"},
        },
        {4: "'beperkt?' staat niet in vertaal van het profiel; wel: gedoseerd, dicht"},
    )


def _gebeurtenissen() -> Iterator[Geval]:
    plaatsen = """type = "capaciteit-gewijzigd"
als = {kolom = ["Plaatsen"], gevuld = true}
onderwerp = {kolom = ["Locatie"], namen = "locatie"}
velden.geldigVanaf = {kolom = ["Datum"]}
velden."plaatsen.regulier.aantal" = {kolom = ["Plaatsen"]}"""
    gesloten = """type = "locatie-gesloten"
als = {kolom = ["Open"], is = ["nee"]}
onderwerp = {kolom = ["Locatie"], namen = "locatie"}
velden.geldigVanaf = {kolom = ["Datum"]}"""
    aanwezig = BEZETTING.replace("\nonderwerp", '\nals = {kolom = ["Open"], niet = ["nee"]}\nonderwerp', 1)
    yield Geval(
        "regel/meer-per-rij.csv",
        "een rij die een telling is, een capaciteit, en een sluiting",
        tekst(
            [
                ["Locatie", "Datum", "Open", "Plaatsen", "Aanwezig"],
                ["Azc De Linde", "28-11-2026", "ja", 350, 312],
                ["Café Zuid", "28-11-2026", "ja", "", 87],
                ["Opvang Zuiderzee", "28-11-2026", "Nee", "", ""],
                ["Noodopvang Haven", "28-11-2026", "ja", "veel", 12],
            ]
        ),
        profiel(aanwezig, plaatsen, gesloten, schrijfwijze=_DMJ),
        {2: [312, {"plaatsen": [{"soort": "regulier", "aantal": 350}]}], 3: 87, 4: {"soort": "locatie-gesloten"}},
        {5: "kolom D 'Plaatsen': 'veel' is geen getal"},
    )
    yield Geval(
        "regel/geen-gebeurtenis.csv",
        "een rij die volgens het profiel niets is",
        tekst(
            [["Locatie", "Datum", "Open"], ["Azc De Linde", "28-11-2026", "ja"], ["Azc De Linde", "29-11-2026", "nee"]]
        ),
        profiel(gesloten, schrijfwijze=_DMJ),
        {3: {"soort": "locatie-gesloten"}},
        {2: "is volgens het profiel geen enkele gebeurtenis"},
    )
    yield Geval(
        "regel/vaste-waarden.csv",
        "een bestand van één locatie, die er zelf niet in staat",
        tekst([["Overnachtingen Ter Verzonnen"], ["Datum", "Aanwezig"], ["28-11-2026", 312]]),
        telling(
            wissel=lambda one: one.replace('kolom = ["Locatie"], namen = "locatie"', 'vast = "LOC-ZEE"').replace(
                '["Datum"]', '["Datum"], tijd = "07:00"'
            )
        ),
        {3: {"subject": "LOC-ZEE", "peilmoment": "2026-11-28T06:00:00Z", "aanwezig": 312}},
    )
    yield Geval(
        "regel/meer-fouten.csv",
        "een rij met drie fouten: alle drie worden genoemd",
        tekst([["Locatie", "Datum", "Aanwezig"], ["Onbekend", "31-02-2026", "veel"]]),
        telling(),
        {},
        {2: "kolom C 'Aanwezig': 'veel' is geen getal"},
    )


def _kennis() -> Iterator[Geval]:
    rows = [["Locatie", "Datum", "Aanwezig"], ["Azc De Linde", "28-11-2026", 312]]
    naam = (
        "uit = \"naam\"\npatroon = '(?P<dag>\\d\\d)(?P<maand>\\d\\d)(?P<jaar>\\d\\d)_(?P<uur>\\d\\d)(?P<minuut>\\d\\d)'"
    )
    yield Geval(
        "kennis/telling_281126_0915.csv",
        "wanneer het werd vastgelegd staat in de naam van het bestand",
        tekst(rows),
        telling(kennis=naam),
        {2: {"time": "2026-11-28T08:15:00Z"}},
    )
    yield Geval(
        "kennis/telling-definitief.csv",
        "iemand gaf het bestand een andere naam",
        tekst(rows),
        telling(kennis=naam),
        heel="in de naam staat geen datum zoals het profiel zegt",
    )
    yield Geval(
        "kennis/telling_310226_0915.csv",
        "een datum in de naam die niet bestaat",
        tekst(rows),
        telling(kennis=naam),
        heel="geen datum die bestaat",
    )
    yield Geval(
        "kennis/cel-leeg.csv",
        "boven de tabel hoort te staan wanneer het werd vastgelegd, en het staat er niet",
        tekst([["Stand per", ""], *rows]),
        telling(kennis='uit = "cel"\ncel = "B1"'),
        heel="cel-leeg.csv, cel B1 is leeg, en daar hoort te staan wanneer dit werd vastgelegd",
    )
    yield Geval(
        "kennis/cel-ernaast.csv",
        "de stand staat in een cel boven de tabel, en een veld is dat moment",
        tekst([["Stand per", "28 november 2026"], *rows]),
        telling(
            kennis='uit = "cel"\ncel = "B1"\ntijd = "09:00"',
            wissel=lambda one: one.replace('{kolom = ["Datum"]}', '{cel = "B1", tijd = "07:00"}'),
        ),
        {3: {"time": "2026-11-28T08:00:00Z", "peilmoment": "2026-11-28T06:00:00Z"}},
    )
    yield Geval(
        "kennis/kolom.csv",
        "wanneer het werd vastgelegd staat in een kolom, en ook het peilmoment is dat",
        tekst(
            [
                ["Locatie", "Geteld en vastgelegd", "Aanwezig"],
                ["Azc De Linde", "28-11-2026 7:30", 312],
                ["Azc De Linde", "", 313],
            ]
        ),
        telling(
            kennis='uit = "kolom"\nkolom = ["Geteld en vastgelegd"]',
            wissel=lambda one: one.replace('{kolom = ["Datum"]}', "{kennis = true}"),
        ),
        {2: {"time": "2026-11-28T06:30:00Z", "peilmoment": "2026-11-28T06:30:00Z"}},
        {3: "kolom B 'Geteld en vastgelegd': is leeg"},
    )


def _parquet() -> Iterator[Geval]:
    moment = [datetime(2026, 11, 28, 6, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC), None]
    yield Geval(
        "kolommen/momenten.parquet",
        "kolommen met een soort: momenten met een zone, en wat ontbreekt",
        parquet(
            {
                "Locatie": pa.array(["LOC-LINDE", "Café Zuid", "Azc De Linde"]),
                "Datum": pa.array(moment, pa.timestamp("us", tz="UTC")),
                "Aanwezig": pa.array([312, 87, 5], pa.int32()),
            }
        ),
        telling(schrijfwijze=""),
        {2: "2026-11-28T06:30:00Z", 3: "2026-10-25T01:30:00Z"},
        {4: "kolom B 'Datum': is leeg"},
    )
    yield Geval(
        "kolommen/uit-pandas.parquet",
        "zoals pandas het schrijft: gehele getallen met een gat zijn breuken, momenten zonder zone in nanoseconden",
        parquet(
            {
                "Locatie": pa.array(["Azc De Linde"] * 4),
                "Aanwezig": pa.array([312.0, None, float("nan"), 87.5]),
                "Datum": pa.array([moment[0].replace(hour=7, tzinfo=None)] * 4, pa.timestamp("ns")),
            }
        ),
        telling(schrijfwijze=""),
        {2: {"aanwezig": 312, "peilmoment": "2026-11-28T06:30:00Z"}},
        {3: "kolom B 'Aanwezig': is leeg", 4: "is geen getal", 5: "87,5 is geen geheel getal"},
    )
