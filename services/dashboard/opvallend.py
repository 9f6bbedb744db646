"""The rows of what stands out on the overview: the fullest locaties with their fortnight and alarm, and the movers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from schemas.reference import Gemeente
from services.core.alarms.alarmen import Alarm
from services.core.history.loop import Loop
from services.core.locaties import Locatie
from services.core.ranglijst import Verschuiving
from services.dashboard.page_request import Blad
from services.reads.cijfers import Cijfers
from services.reads.lopen import lopen_van
from services.reads.opvallend import rangen, verschoven


class Volle(NamedTuple):
    """One of the fullest locaties."""

    locatie: Locatie
    gemeente: Gemeente | None
    loop: Loop
    alarm: Alarm | None
    """The worst alarm about it that goes off."""
    toestand: str | None
    """How that stands."""


class Stille(NamedTuple):
    """A locatie without a fresh reading."""

    locatie: Locatie
    ouderdom: int | None
    """The age of its last reading in seconds; None when it never had one."""


class Beweging(NamedTuple):
    """A locatie where people came or left."""

    locatie: Locatie
    verschuiving: Verschuiving


class Opvallend(NamedTuple):
    """What stands out among the locaties that the caller may meet."""

    volste: Sequence[Volle]
    hoogst: float
    """What a whole bar stands for: they share it, so that they can be compared."""
    zonder_plaatsen: Sequence[Locatie]
    stil: Sequence[Stille]
    stil_aantal: int
    bewegingen: Sequence[Beweging]
    bewogen_aantal: int


class Alarmrang(NamedTuple):
    """The open alarms, the worst first, and how each stands by its id."""

    alarmen: Sequence[Alarm]
    toestand: Mapping[str, str]


class Hoeveel(NamedTuple):
    """How many rows of each kind are shown."""

    volste: int
    stil: int
    hoogstens_stil: int
    """How many silent ones fill the room that the fullest leave."""
    bewegingen: int


def opvallend(blad: Blad[Any], cijfers: Cijfers, alarmen: Alarmrang, toen: datetime, most: Hoeveel) -> Opvallend:
    """Returns what stands out at V. `toen`: the moment that people are compared with."""
    found = rangen(cijfers, most.volste)
    volste = [cijfers.met_id(own_id) for own_id in found.volste]
    lopen = lopen_van(blad.reader, blad.question, cijfers, volste)
    alarm_of = _worst_of_each(alarmen)
    moved = verschoven(blad.reader, blad.question, cijfers, toen)
    rows = [_volle(cijfers, one, lopen, alarm_of, alarmen) for one in volste]
    room = min(most.stil + most.volste - len(rows), most.hoogstens_stil)  # What the fullest leave free.
    return Opvallend(
        volste=rows,
        hoogst=max([1.5, *(one.bezettingsgraad for one in volste if one.bezettingsgraad is not None)]),
        zonder_plaatsen=[cijfers.met_id(own_id) for own_id in found.zonder_plaatsen],
        stil=[_stille(cijfers, own_id) for own_id in found.stil[:room]],
        stil_aantal=len(found.stil),
        bewegingen=[Beweging(cijfers.met_id(one.id), one) for one in moved[: most.bewegingen]],
        bewogen_aantal=len(moved),
    )


def _worst_of_each(alarmen: Alarmrang) -> Mapping[str, Alarm]:
    """Returns the id of a locatie → its worst alarm that goes off."""
    return {one.onderwerp: one for one in reversed(alarmen.alarmen)}


def _volle(
    cijfers: Cijfers, one: Locatie, lopen: Mapping[str, Loop], alarm_of: Mapping[str, Alarm], alarmen: Alarmrang
) -> Volle:
    alarm = alarm_of.get(one.id)
    return Volle(
        one, cijfers.gemeente_of(one), lopen[one.id], alarm, None if alarm is None else alarmen.toestand[alarm.id]
    )


def _stille(cijfers: Cijfers, own_id: str) -> Stille:
    one = cijfers.met_id(own_id)
    age = None if one.peilmoment is None else cijfers.herkomst.geldig_op - one.peilmoment
    return Stille(one, None if age is None else int(age.total_seconds()))
