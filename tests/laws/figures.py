"""Every figure that the core gives at one (V, K), so that a law can say: nothing changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.events import Event
from services.core.bezetting import Bezetting, Locatie, Overschrijding, bezetting, locaties, overschrijding
from services.core.gemeenten import indeling
from services.core.naleving import Cyclus, GemeenteNaleving, cyclus_in_force, naleving
from services.core.registers import Winner, fold, history
from tests.strategies import PROVINCIES, merging_gemeenten


@dataclass(frozen=True)
class Figures:
    """What an answer at (V, K) can be made of."""

    registers: dict[tuple[str, str], Winner]
    locaties: list[Locatie]
    landelijk: Bezetting
    provincies: dict[str, Bezetting]
    cyclus: Cyclus | None
    naleving: list[GemeenteNaleving]
    overschrijding: dict[str, Overschrijding]


def figures(events: Iterable[Event], valid_at: datetime, known_at: datetime) -> Figures:
    """Everything at (V, K), in the way that the API puts it together."""
    events = list(events)
    registers = fold(events, valid_at, known_at)
    found = locaties(registers, valid_at)
    now = indeling(merging_gemeenten(), valid_at)
    cyclus = cyclus_in_force(registers)
    return Figures(
        registers=registers,
        locaties=found,
        landelijk=bezetting(found, valid_at),
        provincies={
            code: bezetting([loc for loc in found if loc.gemeente and now.provincie(loc.gemeente) == code], valid_at)
            for code in (*PROVINCIES, "PV28")
        },
        cyclus=cyclus,
        naleving=naleving(registers, found, merging_gemeenten(), valid_at, cyclus),
        overschrijding={
            locatie.id: overschrijding(locatie.maximum, readings(events, locatie.id, valid_at, known_at))
            for locatie in found
            if locatie.maximum is not None
        },
    )


def readings(
    events: Iterable[Event], locatie: str, valid_at: datetime, known_at: datetime
) -> list[tuple[datetime, int]]:
    """(peilmoment, aanwezig) of every reading of a locatie that stands at (V, K)."""
    return [
        (moment, winner.value)
        for (subject, register, moment), winner in history(events, valid_at, known_at).items()
        if (subject, register) == (locatie, "aanwezig")
    ]
