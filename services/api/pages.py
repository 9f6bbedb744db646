"""Chooses the rows of a list that an answer holds: filter, order, page. Pure.

A cursor holds the place in the order where a page ended, not a number of rows. So events that come in meanwhile shift
nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from schemas.reference import PROVINCIES
from services.api.params import (
    AlarmVraag,
    Bladvraag,
    GemeenteVraag,
    LocatieVraag,
    ProvincieVraag,
    read_cursor,
    write_cursor,
    wrong_cursor,
)
from services.core.alarms.alarmen import Alarm
from services.core.grootheden import genoemd, sorteerbaar, waarde_van
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.zinnen import gezien
from services.core.locaties import Locatie
from services.core.naleving import GemeenteNaleving
from services.reads import answers
from services.reads.alarm_keuze import LAND, Keuze, Rij, in_volgorde, rijen_van
from services.reads.cijfers import Cijfers, Totaalcijfers

_OF_GEMEENTE = frozenset(sorteerbaar(FigureOf.GEMEENTE))
SortValue = float | str | None
R = TypeVar("R")


class Lijst(NamedTuple, Generic[R]):
    """What a list knows of each of its rows. The rows themselves come in order of id."""

    own_id: Callable[[R], str]
    naam: Callable[[R], str]
    figuur: Callable[[str], Callable[[R], SortValue]]
    """The name of a figure → how it follows of a row."""

    def order(self, name: str) -> tuple[type[float] | type[str], Callable[[R], SortValue]]:
        """Returns the type of what rows are sorted by, and how it follows of a row."""
        if name in ("id", "code"):
            return str, self.own_id
        if name == "naam":
            return str, lambda row: self.naam(row).casefold()
        return float, self.figuur(name)


def page_of(lijst: Lijst[R], rows: Iterable[R], vraag: Bladvraag) -> tuple[list[R], str | None]:
    """The rows of one page, and the cursor of the next. Raises ProblemError 400 for a wrong cursor."""
    found = [row for row in rows if _named(lijst.naam(row), vraag)]
    descending = vraag.sorteer.startswith("-")
    kind, key = lijst.order(vraag.sorteer.removeprefix("-"))
    known = [row for row in found if key(row) is not None]
    known.sort(key=key, reverse=descending)  # type: ignore[arg-type]  # A stable sort: equal ones stay in order of id.
    ordered = known + [row for row in found if key(row) is None]
    if vraag.na is not None:
        value, last = _place(vraag, kind)
        ordered = [row for row in ordered if _follows((key(row), lijst.own_id(row)), (value, last), descending)]
    page = ordered[: vraag.aantal]
    more = len(ordered) > len(page)
    return page, write_cursor([vraag.sorteer, key(page[-1]), lijst.own_id(page[-1])]) if more else None


def locatie_page(cijfers: Cijfers, vraag: LocatieVraag) -> tuple[list[Locatie], str | None]:
    """The registered locaties of one page, and the cursor of the next. Raises ProblemError 400 for a wrong cursor."""

    def figuur(name: str) -> Callable[[Locatie], SortValue]:
        found, op = genoemd(name, FigureOf.LOCATIE), cijfers.herkomst.geldig_op
        return lambda locatie: waarde_van(found, FigureOf.LOCATIE, gezien(locatie, op))

    lijst = Lijst[Locatie](lambda locatie: locatie.id, lambda locatie: locatie.naam or "", figuur)
    rows = [locatie for locatie in cijfers.locaties if locatie.registered and _wanted(cijfers, locatie, vraag)]
    return page_of(lijst, rows, vraag)


def gemeente_page(cijfers: Totaalcijfers, vraag: GemeenteVraag) -> tuple[list[GemeenteNaleving], str | None]:
    """The gemeenten of one page, and the cursor of the next. Raises ProblemError 400 for a wrong cursor."""

    def figuur(name: str) -> Callable[[GemeenteNaleving], SortValue]:
        if name in _OF_GEMEENTE:
            return partial(waarde_van, genoemd(name, FigureOf.GEMEENTE), FigureOf.GEMEENTE)
        found = genoemd(name, FigureOf.GEBIED)
        return lambda row: waarde_van(found, FigureOf.GEBIED, cijfers.in_gemeente(row.gemeente.code))

    lijst = Lijst[GemeenteNaleving](lambda row: row.gemeente.code, lambda row: row.gemeente.naam, figuur)
    rows = [
        row
        for row in cijfers.naleving
        if vraag.provincie in (None, row.gemeente.provincie)
        and vraag.naleving in (None, row.naleving)
        and vraag.opgaveStatus in (None, row.opgave and row.opgave.status)
    ]
    return page_of(lijst, rows, vraag)


def provincie_page(cijfers: Totaalcijfers, vraag: ProvincieVraag) -> tuple[list[str], str | None]:
    """The provincies of one page by code, and the cursor of the next. Raises ProblemError 400 for a wrong cursor."""

    def figuur(name: str) -> Callable[[str], SortValue]:
        rows = {code: answers.provincie_row(cijfers, code) for code in PROVINCIES}
        return lambda code: rows[code][name] if name in rows[code] else rows[code]["totalen"][name]

    return page_of(Lijst[str](str, lambda code: PROVINCIES[code], figuur), sorted(PROVINCIES), vraag)


def unknown_locaties(cijfers: Cijfers, vraag: LocatieVraag) -> list[Locatie]:
    """The locaties without a known registration, beside the first page."""
    if vraag.na is not None:
        return []
    return [
        locatie
        for locatie in cijfers.locaties
        if not locatie.registered and _wanted(cijfers, locatie, vraag) and _named(locatie.naam or "", vraag)
    ]


def alarm_page(alarmen: Sequence[Alarm], named: Cijfers | None, vraag: AlarmVraag) -> tuple[list[Alarm], str | None]:
    """The alarms of one page, and the cursor of the next. Raises ProblemError 400 for a wrong cursor.

    `named`: knows their names and provincies, where these are asked for.
    """
    bare = [Rij(one, one.onderwerp, LAND, one.status) for one in alarmen]
    rijen = bare if named is None else rijen_van(named, alarmen, {one.id: one.status for one in alarmen})
    ordered = in_volgorde(rijen, vraag.sorteer, lambda rij: rij, lambda alarm: alarm.waarde)
    begin = 0
    if vraag.na is not None:
        ids = [rij.alarm.id for rij in ordered]
        if vraag.na not in ids:
            raise wrong_cursor()
        begin = ids.index(vraag.na) + 1
    keuze = Keuze(None, vraag.ernst, vraag.regel, vraag.provincie, vraag.onderwerp, zoek=vraag.zoek or "")
    found = [rij.alarm for rij in ordered[begin:] if vraag.status in (None, rij.alarm.status) and keuze.past(rij)]
    page = found[: vraag.aantal]
    return page, page[-1].id if len(found) > len(page) else None


def _named(naam: str, vraag: Bladvraag) -> bool:
    return vraag.zoek is None or vraag.zoek.casefold() in naam.casefold()


def _wanted(cijfers: Cijfers, locatie: Locatie, vraag: LocatieVraag) -> bool:
    gemeente = cijfers.gemeente_of(locatie)
    return (
        (vraag.open is None or vraag.open == locatie.open)
        and (vraag.gemeente is None or (gemeente is not None and gemeente.code == vraag.gemeente))
        and (vraag.provincie is None or (gemeente is not None and gemeente.provincie == vraag.provincie))
    )


def _place(vraag: Bladvraag, kind: type[float] | type[str]) -> tuple[SortValue, str]:
    match read_cursor(vraag.na or ""):
        case [vraag.sorteer, (float() | int() | str() | None) as value, str(last)] if value is None or isinstance(
            value, (float, int) if kind is float else str
        ):
            return value, last
    raise wrong_cursor()


def _follows(row: tuple[SortValue, str], last: tuple[Any, str], descending: bool) -> bool:
    """Whether a row stands after the last one seen. Unknown values stand at the end, equal ones in order of id."""
    (value, own_id), (seen, last_id) = row, last
    if value == seen:
        return own_id > last_id
    if value is None or seen is None:
        return value is None
    return bool(value < seen if descending else value > seen)
