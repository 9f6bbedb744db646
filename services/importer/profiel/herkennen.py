"""Recognises which events the rows of a table may be, by what people call its columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from services.core.registers import Register
from services.importer.bladen import Rij, Waarde, is_leeg
from services.importer.columns import Column, data_columns, full_type
from services.importer.profiel.kop import vergelijkbaar
from services.importer.profiel.namen import TOTAAL

_DATUM = r"(peil)?(datum|moment)|stand( op| per)?|dag|tijdstip|geteld( op)?|datum( en tijd| telling)?"
_VANAF = rf"geldig (van|vanaf|per)|vanaf|per|sinds|ingang(sdatum)?|open sinds|datum besluit|{_DATUM}"
_LOCATIE = (
    r"(opvang|coa)?-?(locatie)?-?(code|id)|(opvang|coa)?-?locatie(naam|code)?|naam( locatie)?|azc|(opvang)?centrum"
)
_GEMEENTE = r"gemeente(naam|code)?|gem\.?"
_TIJD = re.compile(r"tijd(stip)?|geteld om|uur", re.IGNORECASE)
_CELLEN_MIN = 2
"""The fewest cells of a row that is more than a title."""
NIETS = re.compile(r"-+|—|\?|n\.?b\.?|n\.?v\.?t\.?|onbekend|nog niet bekend", re.IGNORECASE)
"""What people write where nothing is known."""


class Soort(NamedTuple):
    """A kind of event that a row may be. It is one when all of `kenmerk` are among the columns."""

    type: str
    kenmerk: Sequence[str]
    onderwerp: str
    velden: Mapping[str, Sequence[str]]
    """What a column may be called, of each field: the first of these that some column is called."""


def _plaatsen(soort: str, naam: str, aantal: str = "", inzetbaar: str = "") -> Soort:
    veld = Register.PLAATSEN.stored(soort)
    places, usable = "(plaatsen|capaciteit|plekken|bedden)", "(inzetbaar|beschikbaar|inzetbare plaatsen)"
    return Soort(
        "capaciteit-gewijzigd",
        (f"{veld}.aantal",),
        "locatie",
        {
            f"{veld}.aantal": (rf"{naam}[ -]?{places}|{places}[ -]?{naam}{aantal}",),
            f"{veld}.inzetbaar": (rf"{naam}[ -]?{usable}|{usable}[ -]?{naam}{inzetbaar}",),
            "geldigVanaf": (r"plaatsen (per|vanaf|sinds)", _VANAF),
            "geldigTot": (r"geldig tot|tot|eind(datum)?|(looptijd|contract) tot",),
        },
    )


_SOORTEN = (
    Soort(
        "locatie-geregistreerd",
        ("naam", "gemeente"),
        "locatie",
        {
            "naam": (r"(locatie)?naam|locatie",),
            "gemeente": (_GEMEENTE,),
            "soort": (r"(locatie)?(soort|type)( locatie)?",),
            "zichtbaarheid": (r"zichtbaarheid|afgeschermd",),
            "geldigVanaf": (_VANAF,),
        },
    ),
    _plaatsen("regulier", "regulier(e)?", "|(aantal )?(plaatsen|plekken)|capaciteit|bedden", "|inzetbaar|beschikbaar"),
    _plaatsen("nood", "nood(opvang)?"),
    _plaatsen("amv", "amv('s)?"),
    Soort(
        "bezetting-gemeld",
        ("aanwezig",),
        "locatie",
        {
            "aanwezig": (r"(aantal )?(aanwezig(en)?|bewoners|personen)|bezetting|telling|overnachtingen",),
            "peilmoment": (_DATUM,),
        },
    ),
    Soort(
        "maximum-vastgesteld",
        ("maximum",),
        "locatie",
        {
            "maximum": (r"max(imum)?\.?( aantal)?( personen)?",),
            "grondslag": (r"grondslag|besluit|uitspraak",),
            "dwangsomPerDag": (r"dwangsom( per dag)?",),
            "dwangsomPlafond": (r"dwangsom (plafond|ten hoogste|maximaal)|plafond",),
            "geldigVanaf": (r"maximum (per|vanaf|sinds)", _VANAF),
        },
    ),
    Soort(
        "toegang-gewijzigd",
        ("regime",),
        "locatie",
        {
            "regime": (r"toegang(sregime)?|regime",),
            "reden": (r"reden( toegang)?",),
            "geldigVanaf": (r"toegang (per|vanaf|sinds)", _VANAF),
        },
    ),
    Soort(
        "locatie-gesloten",
        ("geldigVanaf",),
        "locatie",
        {"geldigVanaf": (r"gesloten (per|op|sinds)|sluiting(sdatum)?|dicht per",)},
    ),
    Soort(
        "opgave-vastgesteld",
        ("opgave",),
        "gemeente",
        {
            "opgave": (r"(wettelijke )?(opgave|taakstelling)|verdeel(besluit|getal)",),
            "waarvanAmv": (r"(waarvan|opgave|plaatsen) amv|amv",),
            "cyclus": (r"cyclus|ronde",),
            "status": (r"status",),
            "realiserenVoor": (r"realiseren v[oó][oó]r",),
            "geldigVanaf": (_VANAF,),
        },
    ),
)


class Gevonden(NamedTuple):
    """An event that the rows may be."""

    type: str
    onderwerp: str
    """What its subject is: a locatie, a gemeente, or `NL`."""
    kolom: int | None
    """The column of the subject; None when none looks like it."""
    velden: dict[str, int]
    """The column of each field that was found."""
    mist: Sequence[str]
    """The fields that it must have and for which no column was found."""
    als: int | None = None
    """The column that must be filled, when it isn't in each row."""
    vast: Mapping[str, str] = {}
    """The fields of which the value follows from the heading."""


def herken(namen: Sequence[str], rijen: Sequence[Rij]) -> list[Gevonden]:
    """Returns the events that the rows may be; none when the heading doesn't tell."""
    found = [one for soort in _SOORTEN if (one := _als_soort(soort, namen, rijen)) is not None]
    return found or _cijfers(namen, rijen)


def tijdkolom(namen: Sequence[str]) -> int | None:
    """Returns the column with the time of a count, if there is one."""
    return _kolom(namen, _TIJD.pattern)


def cellen(rijen: Sequence[Rij], kolom: int) -> list[Waarde]:
    """Returns what stands in a column, without empty cells."""
    return [row.waarden[kolom] for row in rijen if kolom < len(row.waarden) and not is_leeg(row.waarden[kolom])]


def veld_van(soort: str, veld: str) -> Column:
    """Returns the field of an event."""
    return next(one for one in data_columns(full_type(soort)) if one.name == veld)


def _als_soort(soort: Soort, namen: Sequence[str], rijen: Sequence[Rij]) -> Gevonden | None:
    fields: dict[str, int] = {}
    for veld, koppen in soort.velden.items():
        there = (_kolom(namen, one, tuple(fields.values())) for one in koppen)
        at = next((found for found in there if found is not None), None)
        if at is not None:
            fields[veld] = at
    if not set(soort.kenmerk) <= set(fields):
        return None
    subject = _kolom(namen, _GEMEENTE if soort.onderwerp == "gemeente" else _LOCATIE)
    if subject is None and (soort.onderwerp == "gemeente" or "naam" in soort.kenmerk):
        return None
    required = [one.name for one in data_columns(full_type(soort.type)) if one.required]
    missing = [name for name in required if name not in fields]
    return Gevonden(soort.type, soort.onderwerp, subject, fields, missing, _soms_leeg(rijen, fields[soort.kenmerk[-1]]))


def _soms_leeg(rijen: Sequence[Rij], kolom: int) -> int | None:
    """Returns a column that is empty in some of the rows that are no title or sum; None for any other."""
    rows = [row.waarden for row in rijen if sum(not is_leeg(cell) for cell in row.waarden) >= _CELLEN_MIN]
    rows = [row for row in rows if not any(isinstance(cell, str) and TOTAAL.match(cell.strip()) for cell in row)]
    return kolom if any(len(row) <= kolom or _zegt_niets(row[kolom]) for row in rows) else None


def _zegt_niets(cell: Waarde) -> bool:
    return is_leeg(cell) or (isinstance(cell, str) and NIETS.fullmatch(cell.strip()) is not None)


def _cijfers(namen: Sequence[str], rijen: Sequence[Rij]) -> list[Gevonden]:
    """Returns published figures: one for each column of numbers, in a table with a date and no subject."""
    day = _kolom(namen, _DATUM)
    if day is None or _kolom(namen, f"{_LOCATIE}|{_GEMEENTE}|provincie|cyclus") is not None:
        return []
    numbers = [n for n, name in enumerate(namen) if name and n != day and _is_getallen(cellen(rijen, n))]
    return [
        Gevonden(
            "cijfers-gepubliceerd",
            "NL",
            None,
            {"peildatum": day, "waarde": at},
            ["bron"],
            _soms_leeg(rijen, at),
            {"grootheid": _naam(namen[at])},
        )
        for at in numbers
    ]


def _is_getallen(cells: Sequence[Waarde]) -> bool:
    """Returns whether half of the cells or more are numbers."""
    return bool(cells) and 2 * sum(_is_getal(cell) for cell in cells) >= len(cells)


def _is_getal(cell: Waarde) -> bool:
    if isinstance(cell, str):
        return bool(re.fullmatch(r"-?\d+([., \u00a0]\d+)* ?%?", cell.strip()))
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _naam(kop: str) -> str:
    """Returns a heading as the name of a figure: `In reguliere opvang` is `inReguliereOpvang`."""
    words = re.findall(r"[a-z0-9]+", kop.lower()) or ["cijfer"]
    name = words[0] + "".join(word.capitalize() for word in words[1:])
    return (name if name[0].isalpha() else f"cijfer{name}")[:80]


def _kolom(namen: Sequence[str], koppen: str, zonder: Sequence[int] = ()) -> int | None:
    wanted = re.compile(koppen)
    return next((n for n, name in enumerate(namen) if n not in zonder and wanted.fullmatch(vergelijkbaar(name))), None)


def zoek_kop(rijen: Sequence[Rij]) -> Iterator[tuple[int, int]]:
    """Yields where a heading may stand: its first row, as an index, and how many rows it is."""
    for at, row in enumerate(rijen[:50]):
        texts = [cell for cell in row.waarden if not is_leeg(cell)]
        if len(texts) < _CELLEN_MIN or not all(isinstance(cell, str) and not _is_number(cell) for cell in texts):
            continue
        later = [one for one in rijen[at + 1 : at + 8] if sum(not is_leeg(cell) for cell in one.waarden) >= _CELLEN_MIN]
        if not later:
            continue
        if len({vergelijkbaar(str(text)) for text in texts}) == len(texts):
            yield at, 1
        elif later[0].nummer == row.nummer + 1 and all(isinstance(cell, str | None) for cell in later[0].waarden):
            yield at, 2


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[\d.,%\-/: ]+", text))
