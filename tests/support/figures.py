"""Computes every figure of the core at one (V, K), so that a law can say that nothing changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.events import Event
from schemas.reference import Gemeente
from services.core.bezetting import Bezetting, Overschrijding, bezetting, overschrijding
from services.core.fold import fold, history
from services.core.gemeenten import indeling
from services.core.history.verloop import Verloop
from services.core.locaties import Locatie, locaties
from services.core.naleving import GemeenteNaleving, naleving
from services.core.registers import Register, Winner
from services.core.standen import standen
from services.core.telregel import NIETS_GEVRAAGD, Cyclus, Gevraagd, maatstaf
from services.store import rows
from tests.support.bodies import PROVINCIES
from tests.support.strategies import few_gemeenten


@dataclass(frozen=True)
class Figures:
    """The parts of every answer at (V, K)."""

    registers: dict[tuple[str, str], Winner]
    locaties: list[Locatie]
    landelijk: Bezetting
    provincies: dict[str, Bezetting]
    cyclus: Cyclus | None
    naleving: list[GemeenteNaleving]
    overschrijding: dict[str, Overschrijding]


def figures(
    events: Iterable[Event],
    valid_at: datetime,
    known_at: datetime,
    table: tuple[Gemeente, ...] | None = None,
    wanted: Gevraagd = NIETS_GEVRAAGD,
) -> Figures:
    """Computes everything at (V, K), put together as the API does it."""
    events, table = list(events), table or few_gemeenten()
    registers = fold(events, valid_at, known_at)
    found = locaties(registers, valid_at)
    by = maatstaf(registers, wanted)
    lies_in = provincies_of(found, valid_at)
    return Figures(
        registers=registers,
        locaties=found,
        landelijk=bezetting(standen(found), valid_at),
        provincies={
            code: bezetting(standen(loc for loc, here in zip(found, lies_in, strict=True) if here == code), valid_at)
            for code in PROVINCIES
        },
        cyclus=by.cyclus,
        naleving=naleving(registers, standen(found), table, valid_at, by),
        overschrijding={
            locatie.id: overschrijding(locatie.maximum, readings(events, locatie.id, valid_at, known_at))
            for locatie in found
            if locatie.maximum is not None
        },
    )


def gemeenten_of(found: list[Locatie], valid_at: datetime) -> list[str | None]:
    """Returns locatie → its gemeente at V, or None if its registration is unknown."""
    now = indeling(few_gemeenten(), valid_at)
    return [None if locatie.gemeente is None else now.current(locatie.gemeente) for locatie in found]


def provincies_of(found: list[Locatie], valid_at: datetime) -> list[str | None]:
    """Returns locatie → its provincie at V."""
    provincie = {gemeente.code: gemeente.provincie for gemeente in few_gemeenten()}
    return [None if code is None else provincie[code] for code in gemeenten_of(found, valid_at)]


def readings(
    events: Iterable[Event], locatie: str, valid_at: datetime, known_at: datetime
) -> list[tuple[datetime, int]]:
    """Returns (peilmoment, aanwezig) of every reading of a locatie that is not retracted at (V, K)."""
    return [
        (moment, winner.value)
        for (subject, register, moment), winner in history(events, valid_at, known_at).items()
        if (subject, register) == (locatie, "aanwezig")
    ]


def verloop_of(events: Iterable[Event], van: datetime, tot: datetime, known_at: datetime) -> Verloop:
    """Returns the contents of the registers between two moments, from the history in the core.

    What counts whatever V is, is there from the begin.
    """
    steps = sorted(history(events, tot - timedelta(microseconds=1), known_at).items())
    told = [
        (key[:2], winner)
        for key, winner in steps
        if not (Register.of(key[:2]).declared.lens or Register.of(key[:2]) is Register.GEPUBLICEERD)
    ]
    found = rows.verloop_of(van, tot, told)
    always = {key: winner for key, winner in fold(events, van, known_at).items() if Register.of(key).declared.lens}
    return found._replace(begin={**found.begin, **always})
