"""The map: a hexagon for every gemeente, coloured by what is asked. A sign or a number says the same without colour.

The shape of the map is in `vorm.py`, and the cells of the hexagons in `schemas/reference/zeshoekkaart.py`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Literal, NamedTuple

from schemas.reference import PROVINCIES, zeshoeken
from services.core.bezetting import Bezetting
from services.core.delen import nu, per_1000_inwoners
from services.core.dutch import number
from services.core.grootheden import waarde_van
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import AANWEZIG, BEZETTINGSGRAAD, INZETBAAR, OUDERDOM
from services.core.grootheden.vormen import UNKNOWN
from services.core.grootheden.wet import NALEVING, PLAATSEN_PER_1000, TEKORT
from services.core.naleving import GemeenteNaleving, Klasse
from services.core.voorbehoud import waarom
from services.dashboard.kaart import vorm as kaartvorm
from services.dashboard.tekst import gesteld, getal, ondergrens, per_1000_van, procent
from services.reads.cijfers import Totaalcijfers

Kleuring = Literal["naleving", "tekort", "bezettingsgraad", "inwoners"]
KLEURINGEN: Mapping[Kleuring, str] = {
    "naleving": NALEVING.label.lower(),
    "tekort": "tekort aan plaatsen",  # The declared label says too little outside a table of places.
    "bezettingsgraad": BEZETTINGSGRAAD.label.lower(),
    "inwoners": PLAATSEN_PER_1000.label.lower(),
}
"""What the map can show → its name within a sentence."""
_KEUZES = tuple((one, "per inwoner" if one == "inwoners" else one) for one in KLEURINGEN)
"""The same, each with a name that is short enough to choose it by."""
REGELS = (
    AANWEZIG.label,
    INZETBAAR.label,
    BEZETTINGSGRAAD.label,
    "Oudste meting",  # The declared label tells it from the median, which is not told here.
    NALEVING.label,
    TEKORT.label,
    PLAATSEN_PER_1000.label,
    "Let op",
)
"""What the card of a gemeente tells, in order."""


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
_FULL = (
    (0.8, "tot en met 80 %", "graad1"),
    (0.95, "tot en met 95 %", "graad2"),
    (1.0, "tot en met 100 %", "graad3"),
    (1.05, "tot en met 105 %", "graad4"),
    (1.15, "tot en met 115 %", "graad5"),
)
"""The classes of bezettingsgraad: the most that is in it, its name, and how it looks."""
_OVERFULL = ("boven 115 %", "graad6")
_SPREAD = (
    (0, "geen", "geen"),
    (2, "tot en met 2", "graad1"),
    (4, "tot en met 4", "graad2"),
    (6, "tot en met 6", "graad3"),
    (8, "tot en met 8", "dicht4"),
)
"""The same of places for each thousand inhabitants."""
_DENSE = ("meer dan 8", "dicht5")
_NOT_STATED, _NO_LOCATIE = "niet vast te stellen", "geen open locatie bekend"
_UNKNOWN = ("onbekend", _NOT_STATED)
"""The classes of what is not known."""
_NOT_BINDING = {"indicatief": "de indicatieve opgave", "provinciaal": "de provinciale opgave"}
"""How an opgave is named that binds nobody yet."""


class Vak(NamedTuple):
    """A gemeente on the map."""

    code: str
    naam: str
    x: int
    y: int
    klasse: str
    """Its class in the legend."""
    teken: str
    kort: str
    """What the colour says, in a few words."""
    stijl: str
    """How it looks, in the palette of this colouring."""
    gekozen: bool
    """Whether what was asked leaves it in."""
    provincie: str
    regels: tuple[str, ...]
    """What its card says: a text for each of `REGELS`, empty where there is nothing to say."""


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
    naam: str
    """What this colouring is called where it is chosen."""
    titel: str
    beschrijving: str
    vakken: tuple[Vak, ...]
    grenzen: str
    """The borders between provincies, as a path of SVG."""
    namen: tuple[kaartvorm.Naam, ...]
    legenda: tuple[Legendaregel, ...]
    zonder: tuple[str, ...]
    """The names of gemeenten without a place on the map."""
    breedte: int = kaartvorm.BREEDTE
    hoogte: int = kaartvorm.HOOGTE
    zeshoek: str = kaartvorm.ZESHOEK
    """The outline of a hexagon around its centre."""
    regels: tuple[str, ...] = REGELS
    keuzes: tuple[tuple[Kleuring, str], ...] = _KEUZES


class _Gekleurd(NamedTuple):
    klasse: str
    teken: str
    kort: str


def kaart(cijfers: Totaalcijfers, kleuring: Kleuring, gekozen: Collection[str] | None = None) -> Kaart:
    """Makes the map of the gemeenten at V in this colouring. It dims those whose code is not `gekozen`; None: none."""
    stijlen, colour = _COLOURINGS[kleuring]
    places = zeshoeken()
    shown = [row for row in cijfers.naleving if row.gemeente.code in places]
    shown.sort(key=lambda row: (places[row.gemeente.code].rij, places[row.gemeente.code].kolom))
    sums = [cijfers.in_gemeente(row.gemeente.code) for row in shown]
    codes = frozenset(row.gemeente.code for row in shown)
    asked = codes if gekozen is None else gekozen
    vakken = tuple(
        _vak(row, one, colour(one, row), stijlen, row.gemeente.code in asked)
        for row, one in zip(shown, sums, strict=True)
    )
    counts = Counter(vak.klasse for vak in vakken)
    signs: Mapping[str, str] = {naam: one.teken for naam, one in STIJLEN.items()} if kleuring == "naleving" else {}
    legenda = tuple(_legend(naam, stijl, signs.get(naam, ""), counts) for naam, stijl in stijlen.items())
    said = ", ".join(f"{one.naam} {one.aantal}" for one in legenda if counts[one.naam])
    return Kaart(
        kleuring=kleuring,
        naam=dict(_KEUZES)[kleuring],
        titel=f"Kaart van {len(vakken)} gemeenten naar {KLEURINGEN[kleuring]}",
        beschrijving=f"Elke gemeente is een even grote zeshoek, ongeveer op haar plek. Gemeenten per klasse: {said}.",
        vakken=vakken,
        grenzen=kaartvorm.grenslijn(codes),
        namen=kaartvorm.namen(codes),
        legenda=legenda,
        zonder=tuple(row.gemeente.naam for row in cijfers.naleving if row.gemeente.code not in places),
    )


def _legend(naam: str, stijl: str, teken: str, counts: Mapping[str, int]) -> Legendaregel:
    some_unknown = any(counts[one] for one in _UNKNOWN) or counts.keys() == {_NO_LOCATIE}
    bound = some_unknown and naam not in (*_UNKNOWN, _NO_LOCATIE)
    return Legendaregel(naam, stijl, teken, ondergrens(counts[naam]) if bound else getal(counts[naam]))


def _vak(row: GemeenteNaleving, sums: Bezetting, seen: _Gekleurd, stijlen: Mapping[str, str], gekozen: bool) -> Vak:
    gemeente = row.gemeente
    x, y = kaartvorm.midden(zeshoeken()[gemeente.code])
    provincie = PROVINCIES[gemeente.provincie]
    said = (*_people(sums), *_law(row), waarom(sums) if sums.locaties else "")
    regels = tuple(one.replace("|", "/") for one in said)  # They are told apart by that sign.
    return Vak(gemeente.code, gemeente.naam, x, y, *seen, stijlen[seen.klasse], gekozen, provincie, regels)


def _people(sums: Bezetting) -> tuple[str, str, str, str]:
    """What the card says of people and places. Without an open locatie there is one thing to say."""
    if not sums.locaties:
        return _NO_LOCATIE, "", "", ""
    many, ratio, age = (waarde_van(one, FigureOf.GEBIED, sums) for one in (AANWEZIG, BEZETTINGSGRAAD, OUDERDOM))
    old = "" if age is None else f"{gesteld(age, OUDERDOM.naam)} oud"
    return gesteld(many, AANWEZIG.naam), inzetbaar_van(sums), gesteld(ratio, BEZETTINGSGRAAD.naam), old


def inzetbaar_van(sums: Bezetting) -> str:
    """Writes the usable places of an area: at least so many, where they are not known of each open locatie."""
    if sums.locaties and not sums.delen.geplaatst:
        return UNKNOWN
    return f"{'minstens ' if sums.delen.geplaatst < sums.locaties else ''}{getal(sums.inzetbaar)}"


def _law(row: GemeenteNaleving) -> tuple[str, str, str]:
    """What the card says of the law."""
    why = f" ({row.reden})" if row.reden else ""
    return f"{row.naleving}{why}{_against(row)}", _short(row), per_1000_van(row.delen) or _NOT_STATED


def _against(row: GemeenteNaleving) -> str:
    """The places that count beside the opgave. Only a verdeelbesluit binds, so another one is named."""
    if row.opgave is None or not row.geteld:
        return ""
    counted, asked = getal(row.meetellend), getal(row.opgave.opgave)
    named = _NOT_BINDING.get(row.opgave.status)
    if named is None:
        return f", {counted} van {asked} plaatsen"
    return f"; bekend: {counted} plaatsen die meetellen; {named} is {asked} en bindt niet"


def _short(row: GemeenteNaleving) -> str:
    """Says how many places are short, or why that can't be said and how many it is at most."""
    if row.tekort is None:
        most = "" if row.tekort_hoogstens is None else f", hoogstens {getal(row.tekort_hoogstens)}"
        return f"{_NOT_STATED}{most} ({row.waarom_geen_tekort})"
    return "geen" if row.tekort == 0 else getal(row.tekort)


def _by_naleving(_: Bezetting, row: GemeenteNaleving) -> _Gekleurd:
    return _Gekleurd(row.naleving, STIJLEN[row.naleving].teken, row.naleving)


def _by_tekort(_: Bezetting, row: GemeenteNaleving) -> _Gekleurd:
    if row.tekort is None:
        return _Gekleurd(_NOT_STATED, "?", f"tekort {_NOT_STATED}")
    klasse = next((naam for most, naam in _SHORT if row.tekort <= most), _MORE_SHORT)
    said = "geen tekort" if row.tekort == 0 else f"tekort {getal(row.tekort)} plaatsen"
    return _Gekleurd(klasse, str(row.tekort), said)


def _by_bezettingsgraad(sums: Bezetting, _: GemeenteNaleving) -> _Gekleurd:
    ratio = sums.bezettingsgraad
    if sums.locaties == 0:
        return _Gekleurd(_NO_LOCATIE, "–", _NO_LOCATIE)
    if ratio is None:
        return _Gekleurd(_NOT_STATED, "?", f"bezettingsgraad {_NOT_STATED}")
    klasse = next((naam for most, naam, _ in _FULL if ratio <= most), _OVERFULL[0])
    return _Gekleurd(klasse, f"{ratio * 100:.0f}", f"bezettingsgraad {procent(ratio)}")


def _by_inwoners(_: Bezetting, row: GemeenteNaleving) -> _Gekleurd:
    """By a cyclus of which not all is known the places are at least so many, which no class says."""
    many, said = nu(per_1000_inwoners, row.delen), per_1000_van(row.delen) or _NOT_STATED
    if many is None or row.delen.onvolledig:
        return _Gekleurd(_NOT_STATED, "?", f"{KLEURINGEN['inwoners']}: {said}")
    klasse = next((naam for most, naam, _ in _SPREAD if many <= most), _DENSE[0])
    return _Gekleurd(klasse, number(many, 1) if many else "0", f"{said} {KLEURINGEN['inwoners']}")


Colour = Callable[[Bezetting, GemeenteNaleving], _Gekleurd]
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
        {naam: stijl for _, naam, stijl in _FULL}
        | {_OVERFULL[0]: _OVERFULL[1], _NO_LOCATIE: "geen", _NOT_STATED: "onbekend"},
        _by_bezettingsgraad,
    ),
    "inwoners": (
        {naam: stijl for _, naam, stijl in _SPREAD} | {_DENSE[0]: _DENSE[1], _NOT_STATED: "onbekend"},
        _by_inwoners,
    ),
}
"""What is asked → its classes from light to heavy, how each looks, and which one a gemeente has."""
