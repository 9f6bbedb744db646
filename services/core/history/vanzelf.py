"""When figures of now next change by the clock alone: nothing is reported, and yet something ends or grows too old."""

from datetime import datetime, timedelta

import numpy as np

from schemas.moments import day_of, from_micros, micros, start_of_day
from services.core.delen import STANDAARD, Grenzen
from services.core.registers import Register, Registers, end_of_write, moment_in
from services.core.standen import UNKNOWN, Standen

_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_TERMS = frozenset({Register.CYCLUS, Register.OPGAVE})
_IN_STAND = frozenset({Register.AANWEZIG, Register.PLAATSEN})
"""The registers whose moments are columns of a table of locaties. They are nearly all that there are."""


def verandert_vanzelf(registers: Registers, stand: Standen, op: datetime, grenzen: Grenzen = STANDAARD) -> datetime:
    """Gives the first moment after V at which a figure may change without a write that takes effect.

    That is when a reading is no longer fresh or recent, when a write ends, when a term passes, or when a day begins:
    mergers, lasting long enough, the term of a step of toezicht and all that is counted by the day go by days.

    Args:
        registers: the writes in force at V.
        stand: the same locaties as columns.
        op: V.
        grenzen: how old a reading may be.
    """
    found = [_next_day(op)]
    for key, winner in registers.items():
        register = Register.of(key)
        if register.declared.ends and register not in _IN_STAND:
            found.append(end_of_write(key, winner) or op)
        elif register in _TERMS:
            found.append(moment_in(winner.value, "realiserenVoor") or op)
    read_at = stand.peilmoment[stand.aanwezig != UNKNOWN]
    too_old = [read_at + (age + _MICROSECOND) // _MICROSECOND for age in (grenzen.vers, grenzen.recent)]
    columns = np.concatenate([*too_old, stand.tot.ravel()])
    later = columns[columns > micros(op)]
    if len(later) and later.min() < micros(found[0]):
        found.append(from_micros(int(later.min())))
    return min(moment for moment in found if moment > op)


def _next_day(op: datetime) -> datetime:
    """Gives when the next day begins in the Netherlands."""
    return start_of_day(day_of(op) + _DAY)
