"""Figures with their formulas in words, and the sentence about a gemeente that changes class."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.core import grootheden
from services.core.bezetting import Bezetting, Overschrijding
from services.core.dutch import dutch_day, number, plaatsen
from services.core.genoemd import telregel as genoemd
from services.core.grootheden import KLASSENAMEN, wetszinnen, zinnen
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import DWANGSOM
from services.core.locaties import Locatie, Maximum
from services.core.naleving import GemeenteNaleving, Provinciestand, wetstand
from services.core.registers import Register
from services.core.telregel import Cyclus, Maatstaf
from services.core.toezicht import Toezichtstand


class Uitgelegd(NamedTuple):
    """A figure with its formula in words."""

    grootheid: str
    waarde: Any
    formule: str
    vorm: str = "{}"
    """What stands around the value where people read it: a bound is named as one."""


def van_locatie(locatie: Locatie, valid_at: datetime) -> list[Uitgelegd]:
    """The figures of a locatie by itself."""
    seen = zinnen.gezien(locatie, valid_at)
    return _figuren(FigureOf.LOCATIE, seen, seen)


def van_overschrijding(maximum: Maximum, found: Overschrijding) -> list[Uitgelegd]:
    """The days above the maximum in force, and what they cost. Only days that were measured are known."""
    figuren = _figuren(FigureOf.OVERSCHRIJDING, found, zinnen.Overschreden(maximum, found))
    most = DWANGSOM.naam if found.op_zijn_hoogst else None
    return [
        one._replace(
            grootheid=f"{FigureOf.OVERSCHRIJDING.value}.{one.grootheid}",
            vorm="{}, het hoogste bedrag" if one.grootheid == most else "minstens {}",
        )
        for one in figuren
    ]


def van_bezetting(area: Iterable[Locatie], sums: Bezetting, valid_at: datetime) -> list[Uitgelegd]:
    """The sums of an area."""
    return _figuren(FigureOf.GEBIED, sums, zinnen.geteld(area, sums, valid_at))


def van_gemeente(
    row: GemeenteNaleving, cyclus: Cyclus | None, unseen: frozenset[Register] = frozenset()
) -> list[Uitgelegd]:
    """How a gemeente stands against its opgave, without what rests on an unseen register."""
    return _figuren(FigureOf.GEMEENTE, row, wetszinnen.Beoordeeld(row, cyclus), unseen)


def van_provincie(stand: Provinciestand, maatstaf: Maatstaf) -> list[Uitgelegd]:
    """The opgave of a provincie itself, and the places in its gemeenten."""
    waaruit = wetszinnen.Provinciaal(stand.opgave, wetszinnen.Ingedeeld(stand.delen, maatstaf))
    return _figuren(FigureOf.PROVINCIE, stand, waaruit)


def van_naleving(rows: Sequence[GemeenteNaleving], maatstaf: Maatstaf) -> list[Uitgelegd]:
    """The number of gemeenten in each class, by the name of the class, and the sums over gemeenten."""
    land = wetstand(rows)
    ingedeeld = wetszinnen.Ingedeeld(land.delen, maatstaf)
    klassen = {naam: klasse for klasse, naam in KLASSENAMEN.items()}
    figuren = _figuren(FigureOf.TOTALEN, land.delen, ingedeeld)
    classes = [one._replace(grootheid=klassen.get(one.grootheid, one.grootheid)) for one in figuren]
    return classes + _figuren(FigureOf.LAND, land, ingedeeld)


def van_toezicht(stand: Toezichtstand, unseen: frozenset[Register] = frozenset()) -> list[Uitgelegd]:
    """The toezicht on all gemeenten, without what rests on an unseen register."""
    return _figuren(FigureOf.TOEZICHT, stand, stand, unseen, klein=True)


def _figuren(
    soort: FigureOf, gezien: Any, waaruit: Any, unseen: frozenset[Register] = frozenset(), *, klein: bool = False
) -> list[Uitgelegd]:
    """Every figure of this kind with a formula that says something of what it was made of."""
    return [
        Uitgelegd(one.naam, how.waarde(gezien), formule)
        for one, how in grootheden.van(soort, klein=klein)
        if not one.rust_op & unseen and how.formule is not None and (formule := how.formule(waaruit)) is not None
    ]


class Klassestand(NamedTuple):
    """How a gemeente stands at one (V, K), by one rule. The class is None where it does not exist."""

    valid_at: datetime
    known_at: datetime
    telregel: str | None
    naleving: str | None
    opgave: int | None
    """Of the verdeelbesluit by which it is judged; None without one."""
    meetellend: int | None
    amv: int | None = None
    """Own places for amv that count; None by a rule that does not ask for them apart."""
    waarvan_amv: int | None = None
    """The part of the opgave for amv; None when it is not known."""


def zin_van_klasse(
    naam: str, van: Klassestand, tussen: Klassestand, tussen_regel: Klassestand, naar: Klassestand
) -> str:
    """Says in a few sentences why a gemeente is in another class.

    `tussen` has the V of the first and the K of the last; `tussen_regel` is the last by the rule of the first.
    """
    less = naar.known_at < van.known_at
    known = "wat toen nog niet bekend was" if less else "wat later over het eerste moment bekend werd"
    counted = f"wat {genoemd(naar.telregel)} anders telt"
    said = f"{_when(van)} {_said(naam, van)}. {_when(naar)} {_said(naam, naar)}."
    steps = [
        (tussen, f"{'zonder' if less else 'met'} {known}", known),
        (tussen_regel, "met wat er in de wereld veranderde", "wat er in de wereld veranderde"),
        (naar, f"met {counted}", counted),
    ]
    before, moved = van, []
    for after, by, why in steps:
        if after.naleving != before.naleving:
            moved.append((after, by, why))
        before = after
    if len(moved) == 1:
        return f"{said} Dat komt door {moved[0][2]}."
    told = [f"{by}, {_said(naam, after)}" for after, by, _ in moved[:-1]]
    return f"{said} {told[0][0].upper()}{'; '.join(told)[1:]}; de rest is {moved[-1][2]}."


def _when(stand: Klassestand) -> str:
    same = stand.valid_at == stand.known_at
    return (
        f"Op {dutch_day(stand.valid_at)}, met wat {'toen' if same else f'op {dutch_day(stand.known_at)}'} bekend was,"
    )


def _said(naam: str, stand: Klassestand) -> str:
    said = {
        None: f"bestond {naam} niet als gemeente",
        "geen opgave": f"had {naam} geen opgave",
        "onbekend": f"was niet te zeggen of {naam} aan de opgave voldeed",
        "termijn loopt": f"had {naam} nog tijd om de opgave te realiseren",
        "opgeschort": f"was het verdeelbesluit van {naam} geschorst of vernietigd",
        "voldoet": f"voldeed {naam} aan de opgave",
        "gedeeltelijk": f"voldeed {naam} gedeeltelijk aan de opgave",
        "voldoet niet": f"voldeed {naam} niet aan de opgave",
    }[stand.naleving]
    if stand.opgave and stand.meetellend is not None:
        said += f" ({number(stand.meetellend)} van {plaatsen(stand.opgave)}{_amv(stand)})"
    return said


def _amv(stand: Klassestand) -> str:
    """What the rule asks apart for amv."""
    if stand.amv is None:
        return ""
    asked = "een onbekend aantal" if stand.waarvan_amv is None else number(stand.waarvan_amv)
    return f", amv {number(stand.amv)} van {asked}"
