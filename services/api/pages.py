"""Chooses the rows of a list that an answer holds: filter, order, page. Pure.

A cursor holds the place in the order where a page ended, not a number of rows. So events that come in meanwhile shift
nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from services.api.params import AlarmVraag, LocatieVraag, read_cursor, write_cursor, wrong_cursor
from services.core.alarms.alarmen import Alarm
from services.core.grootheden import genoemd, waarde_van
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.zinnen import gezien
from services.core.locaties import Locatie
from services.reads.alarm_keuze import LAND, Keuze, Rij, in_volgorde, rijen_van
from services.reads.cijfers import Cijfers

SortValue = float | str | None
Order = tuple[type[float] | type[str], Callable[[Locatie], SortValue]]
"""The type of what rows are sorted by, and how it follows from a locatie."""


def _order(name: str, op: datetime) -> Order:
    if name == "id":
        return str, lambda locatie: locatie.id
    if name == "naam":
        return str, lambda locatie: (locatie.naam or "").casefold()
    found = genoemd(name, FigureOf.LOCATIE)
    return float, lambda locatie: waarde_van(found, FigureOf.LOCATIE, gezien(locatie, op))


def locatie_page(cijfers: Cijfers, vraag: LocatieVraag) -> tuple[list[Locatie], str | None]:
    """The registered locaties of one page, and the cursor of the next. Raises ProblemError 400 for a wrong cursor."""
    found = [locatie for locatie in cijfers.locaties if locatie.registered and _wanted(cijfers, locatie, vraag)]
    descending = vraag.sorteer.startswith("-")
    kind, key = _order(vraag.sorteer.removeprefix("-"), cijfers.herkomst.geldig_op)
    known = [locatie for locatie in found if key(locatie) is not None]
    known.sort(key=key, reverse=descending)  # type: ignore[arg-type]  # A stable sort: equal ones stay in order of id.
    ordered = known + [locatie for locatie in found if key(locatie) is None]
    if vraag.na is not None:
        value, last = _place(vraag, kind)
        ordered = [locatie for locatie in ordered if _follows((key(locatie), locatie.id), (value, last), descending)]
    page = ordered[: vraag.aantal]
    more = len(ordered) > len(page)
    return page, write_cursor([vraag.sorteer, key(page[-1]), page[-1].id]) if more else None


def unknown_locaties(cijfers: Cijfers, vraag: LocatieVraag) -> list[Locatie]:
    """The locaties without a known registration, beside the first page."""
    if vraag.na is not None:
        return []
    return [locatie for locatie in cijfers.locaties if not locatie.registered and _wanted(cijfers, locatie, vraag)]


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


def _wanted(cijfers: Cijfers, locatie: Locatie, vraag: LocatieVraag) -> bool:
    gemeente = cijfers.gemeente_of(locatie)
    return (
        (vraag.open is None or vraag.open == locatie.open)
        and (vraag.zoek is None or vraag.zoek.casefold() in (locatie.naam or "").casefold())
        and (vraag.gemeente is None or (gemeente is not None and gemeente.code == vraag.gemeente))
        and (vraag.provincie is None or (gemeente is not None and gemeente.provincie == vraag.provincie))
    )


def _place(vraag: LocatieVraag, kind: type[float] | type[str]) -> tuple[SortValue, str]:
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
