"""Locaties as columns of numbers: what sums over very many of them are made of.

What ends is judged when a sum is asked for, so the columns hold for every V in which the same writes are in force.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from schemas.moments import NEVER, micros
from services.core.delen import Bools, Ints
from services.core.locaties import SOORTEN, Locatie

UNKNOWN = -1
_PER_SOORT = len(SOORTEN)
WIDTH = 4 + 3 * _PER_SOORT
NUMMERS = 10_000
"""Of gemeenten: CBS gives them four digits."""


class Standen(NamedTuple):
    """A column of the table for each locatie; a row for each thing that is known of it."""

    tabel: Ints

    @property
    def gemeente(self) -> Ints:
        """The number of the gemeente, 344 of GM0344, as registered; UNKNOWN without a registration."""
        return self.tabel[0, :]

    @property
    def telt(self) -> Bools:
        """It is registered and open: others count in no sum."""
        return np.equal(self.tabel[1, :], 1)

    @property
    def aanwezig(self) -> Ints:
        """People; UNKNOWN without a reading."""
        return self.tabel[2, :]

    @property
    def peilmoment(self) -> Ints:
        """Of that reading."""
        return self.tabel[3, :]

    @property
    def aantal(self) -> Ints:
        """Places, a row for each of SOORTEN; UNKNOWN where never written."""
        return self.tabel[4 : 4 + _PER_SOORT]

    @property
    def inzetbaar(self) -> Ints:
        """Usable places, in the same way."""
        return self.tabel[4 + _PER_SOORT : 4 + 2 * _PER_SOORT]

    @property
    def tot(self) -> Ints:
        """The moment at which those places end; NEVER where they don't."""
        return self.tabel[4 + 2 * _PER_SOORT :]

    def where(self, wanted: Bools) -> "Standen":
        """Of these locaties only."""
        return Standen(self.tabel[:, wanted])

    def replaced(self, columns: Mapping[int, Locatie]) -> "Standen":
        """With these locaties in the place of what stood at these numbers, or after all if that is the next."""
        highest = max(columns, default=-1)
        more = max(0, highest + 1 - self.tabel.shape[1])
        tabel = np.concatenate((self.tabel, np.full((WIDTH, more), UNKNOWN, dtype=np.int64)), axis=1)
        for number, locatie in columns.items():
            tabel[:, number] = kolom(locatie)
        return Standen(tabel)


def standen(found: Iterable[Locatie]) -> Standen:
    """These locaties as columns, in the same order."""
    return van_kolommen([kolom(locatie) for locatie in found])


def van_kolommen(columns: Sequence[Sequence[int]]) -> Standen:
    """The table of these columns."""
    return Standen(np.array(columns, dtype=np.int64).reshape(-1, WIDTH).T)


def nummer(code: str) -> int:
    """The number in a code of CBS: 344 of GM0344, 26 of PV26."""
    return int(code[2:])


def kolom(locatie: Locatie) -> list[int]:
    """All that is known of a locatie, as numbers."""
    plaatsen = [locatie.plaatsen.get(soort) for soort in SOORTEN]
    return [
        UNKNOWN if locatie.gemeente is None else nummer(locatie.gemeente),
        int(locatie.counts),
        UNKNOWN if locatie.aanwezig is None else locatie.aanwezig,
        0 if locatie.peilmoment is None else micros(locatie.peilmoment),
        *(UNKNOWN if p is None else p.aantal for p in plaatsen),
        *(UNKNOWN if p is None else p.inzetbaar for p in plaatsen),
        *(NEVER if p is None or p.geldig_tot is None else micros(p.geldig_tot) for p in plaatsen),
    ]
