"""Which locaties stand out at V: the fullest, those that are silent, and those that changed most.

A rank rests on fresh readings alone: what is not known has no place in it, and stands apart.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from schemas.moments import micros
from services.core.bezetting import delen_van
from services.core.delen import STANDAARD, Bools, Grenzen, Ints, bezettingsgraad_gemeten
from services.core.standen import UNKNOWN, Standen


class Ranglijst(NamedTuple):
    """The open locaties by how full they are, each in one of three lists, or in none: all other things are known."""

    volste: Sequence[str]
    """Those with a fresh reading and usable places, the highest bezettingsgraad first."""
    zonder_plaatsen: Sequence[str]
    """Those with people by a fresh reading and no usable place, or none that is known. Most people first."""
    stil: Sequence[str]
    """Those without a fresh reading. First those that were fullest when they were last heard of."""


class Verschuiving(NamedTuple):
    """How many people more or less there are at a locatie than a while before."""

    id: str
    toen: int
    nu: int

    @property
    def verschil(self) -> int:
        """Below 0 there are fewer now."""
        return self.nu - self.toen


def ranglijst(
    stand: Standen, ids: Sequence[str], valid_at: datetime, grenzen: Grenzen = STANDAARD, most: int | None = None
) -> Ranglijst:
    """Ranks the open locaties at V. `ids`: of each column of `stand`. `most`: of the fullest, this many at most."""
    parts = delen_van(stand, valid_at, grenzen)
    graad, placed = bezettingsgraad_gemeten(parts)
    fresh = _fresh(stand, valid_at, grenzen)
    unplaced = fresh & ~placed & (parts.aanwezig > 0)
    last = np.where(placed, graad, -1.0)
    return Ranglijst(
        volste=_named(ids, _ordered(ids, graad, fresh & placed)[:most]),
        zonder_plaatsen=_named(ids, _ordered(ids, parts.aanwezig, unplaced)),
        stil=_named(ids, _ordered(ids, last, stand.telt & ~fresh)),
    )


def verschuivingen(
    stand: Standen,
    ids: Sequence[str],
    valid_at: datetime,
    toen: Mapping[str, int],
    grenzen: Grenzen = STANDAARD,
) -> list[Verschuiving]:
    """Returns where most people came or left, the largest difference first.

    Only of open locaties where both can be said: there is a fresh reading at V, and `toen` has the people of then.
    """
    own = np.flatnonzero(_fresh(stand, valid_at, grenzen)).tolist()
    moved = [
        Verschuiving(ids[n], toen[ids[n]], int(stand.aanwezig[n]))
        for n in own
        if ids[n] in toen and toen[ids[n]] != stand.aanwezig[n]
    ]
    return sorted(moved, key=lambda one: (-abs(one.verschil), one.id))


def _fresh(stand: Standen, valid_at: datetime, grenzen: Grenzen) -> Bools:
    """Tells of each locatie whether it is open and has a fresh reading."""
    age = micros(valid_at) - stand.peilmoment
    limit = grenzen.vers.total_seconds() * 1_000_000
    found: Bools = stand.telt & (stand.aanwezig != UNKNOWN) & (age <= limit)
    return found


def _ordered(ids: Sequence[str], value: Ints | np.ndarray, wanted: Bools) -> list[int]:
    """Returns the columns that are wanted, the highest value first, and of equals by id."""
    return sorted(np.flatnonzero(wanted).tolist(), key=lambda n: (-value[n], ids[n]))


def _named(ids: Sequence[str], columns: Sequence[int]) -> list[str]:
    return [ids[n] for n in columns]
