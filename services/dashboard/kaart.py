"""The map: a hexagon for every gemeente, coloured by what is asked. A sign or a number says the same without colour.

The places of the hexagons stand in `schemas/reference/zeshoekkaart.py`.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from math import sqrt
from typing import Literal, NamedTuple

from schemas.reference import Gemeente, zeshoeken
from services.core.grootheden.opvang import BEZETTINGSGRAAD
from services.core.grootheden.wet import NALEVING
from services.core.naleving import GemeenteNaleving, Klasse
from services.core.voorbehoud import waarom
from services.dashboard.tekst import getal, ondergrens, procent
from services.reads.cijfers import Totaalcijfers

Kleuring = Literal["naleving", "tekort", "bezettingsgraad"]
KLEURINGEN: Mapping[Kleuring, str] = {
    "naleving": NALEVING.label.lower(),
    "tekort": "tekort aan plaatsen",  # The declared label says too little outside a table of places.
    "bezettingsgraad": BEZETTINGSGRAAD.label.lower(),
}
"""What the map can show → its name within a sentence."""
WIDTH = 24.0
"""The size of a hexagon, in units of the drawing."""
_ROW = WIDTH * sqrt(3) / 2
_RADIUS = WIDTH / sqrt(3)


class Stijl(NamedTuple):
    """How a class of naleving looks, on the map and in the bar."""

    stijl: str
    teken: str


STIJLEN: Mapping[Klasse, Stijl] = {
    "voldoet": Stijl("goed", "✓"),
    "gedeeltelijk": Stijl("half", "±"),
    "voldoet niet": Stijl("slecht", "✕"),
    "geen opgave": Stijl("geen", "–"),
    "termijn loopt": Stijl("loopt", "T"),
    "opgeschort": Stijl("opgeschort", "‖"),
    "onbekend": Stijl("onbekend", "?"),
}
"""Class of naleving → how it looks."""
_SHORT = ((0, "geen tekort"), (100, "1 tot en met 100"), (250, "101 tot en met 250"), (500, "251 tot en met 500"))
_MORE_SHORT = "meer dan 500"
_FULL = ((0.8, "tot en met 80 %"), (0.96, "tot en met 96 %"), (1.0, "tot en met 100 %"))
_OVERFULL = "boven 100 %"
_NOT_STATED, _NO_LOCATIE = "niet vast te stellen", "geen open locatie bekend"
_UNKNOWN = ("onbekend", _NOT_STATED)
"""The classes of what is not known."""
_NOT_BINDING = {"indicatief": "de indicatieve opgave", "provinciaal": "de provinciale opgave"}
"""How an opgave is named that binds nobody yet."""


class Vak(NamedTuple):
    """A gemeente on the map."""

    code: str
    naam: str
    x: float
    y: float
    klasse: str
    """Its class in the legend."""
    teken: str
    uitleg: str
    stijl: str
    """How it looks, in the palette of this colouring."""


class Legendaregel(NamedTuple):
    """A line of the legend."""

    naam: str
    stijl: str
    teken: str
    aantal: str
    """How many there are: at least so many, where what is true of other gemeenten is not known."""


class Kaart(NamedTuple):
    """Everything that is drawn. Maps that look alike are equal and have one hash, so that one drawing serves both."""

    kleuring: Kleuring
    titel: str
    beschrijving: str
    breedte: float
    hoogte: float
    zeshoek: str
    """The outline of a hexagon around its centre."""
    vakken: tuple[Vak, ...]
    legenda: tuple[Legendaregel, ...]
    zonder: tuple[str, ...]
    """The names of gemeenten without a place on the map."""


class _Gekleurd(NamedTuple):
    klasse: str
    teken: str
    uitleg: str


def kaart(cijfers: Totaalcijfers, kleuring: Kleuring) -> Kaart:
    """Makes the map of the gemeenten at V in this colouring."""
    stijlen, colour = _COLOURINGS[kleuring]
    places = zeshoeken()
    shown = [row for row in cijfers.naleving if row.gemeente.code in places]
    shown.sort(key=lambda row: (places[row.gemeente.code].rij, places[row.gemeente.code].kolom))
    vakken = tuple(_vak(row.gemeente, colour(cijfers, row), stijlen) for row in shown)
    counts = Counter(vak.klasse for vak in vakken)
    signs: Mapping[str, str] = {naam: one.teken for naam, one in STIJLEN.items()} if kleuring == "naleving" else {}
    legenda = tuple(_legend(naam, stijl, signs.get(naam, ""), counts) for naam, stijl in stijlen.items())
    said = ", ".join(f"{one.naam} {one.aantal}" for one in legenda if counts[one.naam])
    return Kaart(
        kleuring=kleuring,
        titel=f"Kaart van {len(vakken)} gemeenten naar {KLEURINGEN[kleuring]}",
        beschrijving=f"Elke gemeente is een even grote zeshoek, ongeveer waar zij ligt. {said}.",
        breedte=round(max((vak.x for vak in vakken), default=0) + WIDTH / 2 + 1, 1),
        hoogte=round(max((vak.y for vak in vakken), default=0) + _RADIUS + 1, 1),
        zeshoek=_outline(),
        vakken=vakken,
        legenda=legenda,
        zonder=tuple(row.gemeente.naam for row in cijfers.naleving if row.gemeente.code not in places),
    )


def _legend(naam: str, stijl: str, teken: str, counts: Mapping[str, int]) -> Legendaregel:
    some_unknown = any(counts[one] for one in _UNKNOWN) or counts.keys() == {_NO_LOCATIE}
    bound = some_unknown and naam not in (*_UNKNOWN, _NO_LOCATIE)
    return Legendaregel(naam, stijl, teken, ondergrens(counts[naam]) if bound else getal(counts[naam]))


def _vak(gemeente: Gemeente, said: _Gekleurd, stijlen: Mapping[str, str]) -> Vak:
    place = zeshoeken()[gemeente.code]
    x = (place.kolom + 0.5 * (place.rij % 2)) * WIDTH + WIDTH / 2 + 1
    y = place.rij * _ROW + _RADIUS + 1
    return Vak(gemeente.code, gemeente.naam, round(x, 1), round(y, 1), *said, stijlen[said.klasse])


def _outline() -> str:
    half, side = WIDTH / 2, _RADIUS / 2
    corners = ((0, -_RADIUS), (half, -side), (half, side), (0, _RADIUS), (-half, side), (-half, -side))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _by_naleving(_: Totaalcijfers, row: GemeenteNaleving) -> _Gekleurd:
    why = f" ({row.reden})" if row.reden else ""
    return _Gekleurd(row.naleving, STIJLEN[row.naleving].teken, f"{row.naleving}{why}{_against(row)}")


def _against(row: GemeenteNaleving) -> str:
    """The places that count beside the opgave. Only a verdeelbesluit binds, so another one is named."""
    if row.opgave is None or not row.geteld:
        return ""
    counted, asked = getal(row.meetellend), getal(row.opgave.opgave)
    named = _NOT_BINDING.get(row.opgave.status)
    if named is None:
        return f", {counted} van {asked} plaatsen"
    return f"; bekend: {counted} plaatsen die meetellen; {named} is {asked} en bindt niet"


def _by_tekort(_: Totaalcijfers, row: GemeenteNaleving) -> _Gekleurd:
    if row.tekort is None:
        most = "" if row.tekort_hoogstens is None else f", hoogstens {getal(row.tekort_hoogstens)} plaatsen"
        return _Gekleurd(_NOT_STATED, "?", f"tekort {_NOT_STATED}{most} ({row.waarom_geen_tekort})")
    klasse = next((naam for most, naam in _SHORT if row.tekort <= most), _MORE_SHORT)
    said = "geen tekort" if row.tekort == 0 else f"tekort {getal(row.tekort)} plaatsen"
    return _Gekleurd(klasse, str(row.tekort), said)


def _by_bezettingsgraad(cijfers: Totaalcijfers, row: GemeenteNaleving) -> _Gekleurd:
    sums = cijfers.in_gemeente(row.gemeente.code)
    ratio = sums.bezettingsgraad
    if sums.locaties == 0:
        return _Gekleurd(_NO_LOCATIE, "–", _NO_LOCATIE)
    if ratio is None:
        why = waarom(sums) or "er zijn geen plaatsen bekend"
        return _Gekleurd(_NOT_STATED, "?", f"bezettingsgraad {_NOT_STATED}: {why}")
    klasse = next((naam for most, naam in _FULL if ratio <= most), _OVERFULL)
    return _Gekleurd(klasse, f"{ratio * 100:.0f}", f"bezettingsgraad {procent(ratio)}")


Colour = Callable[[Totaalcijfers, GemeenteNaleving], _Gekleurd]
_COLOURINGS: Mapping[Kleuring, tuple[Mapping[str, str], Colour]] = {
    "naleving": ({naam: one.stijl for naam, one in STIJLEN.items()}, _by_naleving),
    "tekort": (
        dict(
            zip(
                (*(naam for _, naam in _SHORT), _MORE_SHORT, _NOT_STATED),
                ("geen", "trap1", "trap2", "trap3", "trap4", "onbekend"),
                strict=True,
            )
        ),
        _by_tekort,
    ),
    "bezettingsgraad": (
        dict(
            zip(
                (*(naam for _, naam in _FULL), _OVERFULL, _NO_LOCATIE, _NOT_STATED),
                ("trap1", "trap2", "trap3", "slecht", "geen", "onbekend"),
                strict=True,
            )
        ),
        _by_bezettingsgraad,
    ),
}
"""What is asked → its classes from light to heavy, how each looks, and which one a gemeente has."""
