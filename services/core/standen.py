"""Locaties as columns of numbers, so that sums over very many of them are fast.

Whether places have ended is judged when a sum is asked for. So the columns hold for every V with the same
writes in force.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from schemas.moments import NEVER, micros
from services.core.delen import Bools, Ints
from services.core.locaties import SOORTEN, Locatie

UNKNOWN = -1
_PER_SOORT = len(SOORTEN)
_FIRST = 5
"""The rows before those of the places."""
WIDTH = _FIRST + 4 * _PER_SOORT
NUMMERS = 10_000
"""How many gemeenten there can be: CBS numbers them with four digits."""


class Standen(NamedTuple):
    """A table with a column for each locatie, and a row for each thing that is known of it."""

    tabel: Ints

    @property
    def gemeente(self) -> Ints:
        """The number of the gemeente, 344 of GM0344, as registered; UNKNOWN without a registration."""
        return self.tabel[0, :]

    @property
    def telt(self) -> Bools:
        """Whether it is registered and open. Other locaties count in no sum."""
        return np.equal(self.tabel[1, :], 1)

    @property
    def aanwezig(self) -> Ints:
        """People; UNKNOWN without a reading."""
        return self.tabel[2, :]

    @property
    def peilmoment(self) -> Ints:
        """When that reading was taken, in microseconds since 1970."""
        return self.tabel[3, :]

    @property
    def gesloten_op(self) -> Ints:
        """When it closed, in microseconds since 1970; UNKNOWN for one that is open, or not known to be closed."""
        return self.tabel[4, :]

    @property
    def gesloten(self) -> Bools:
        """Whether it is registered and closed."""
        return np.not_equal(self.gemeente, UNKNOWN) & np.not_equal(self.gesloten_op, UNKNOWN)

    @property
    def geregistreerd(self) -> bool:
        """Whether any of them is registered."""
        return bool(np.not_equal(self.gemeente, UNKNOWN).any())

    @property
    def aantal(self) -> Ints:
        """Places, a row for each of SOORTEN; UNKNOWN where never written."""
        return self._places(0)

    @property
    def inzetbaar(self) -> Ints:
        """Usable places, in the same rows."""
        return self._places(1)

    @property
    def tot(self) -> Ints:
        """When those places end, in microseconds since 1970; NEVER where they do not."""
        return self._places(2)

    @property
    def vanaf(self) -> Ints:
        """Since when those places are there, in microseconds since 1970; UNKNOWN where never written."""
        return self._places(3)

    def _places(self, nth: int) -> Ints:
        return self.tabel[_FIRST + nth * _PER_SOORT : _FIRST + (nth + 1) * _PER_SOORT]

    def where(self, wanted: Bools) -> "Standen":
        """Keeps these locaties only."""
        return Standen(self.tabel[:, wanted])

    def beside(self, others: "Standen") -> "Standen":
        """Puts other locaties beside these."""
        return Standen(np.concatenate((self.tabel, others.tabel), axis=1)) if others.tabel.size else self

    def replaced(self, columns: Mapping[int, Locatie]) -> "Standen":
        """Puts these locaties at these numbers. A number beyond the last adds columns."""
        highest = max(columns, default=-1)
        more = max(0, highest + 1 - self.tabel.shape[1])
        tabel = np.concatenate((self.tabel, np.full((WIDTH, more), UNKNOWN, dtype=np.int64)), axis=1)
        for number, locatie in columns.items():
            tabel[:, number] = kolom(locatie)
        return Standen(tabel)


def standen(found: Iterable[Locatie]) -> Standen:
    """Makes a table of locaties, in their order."""
    return van_kolommen([kolom(locatie) for locatie in found])


def van_kolommen(columns: Sequence[Sequence[int]]) -> Standen:
    """Makes a table of columns."""
    return Standen(np.array(columns, dtype=np.int64).reshape(-1, WIDTH).T)


GEEN = van_kolommen([])
"""No locatie at all."""


def nummer(code: str) -> int:
    """Gives the number in a code of CBS: 344 for GM0344, 26 for PV26."""
    return int(code[2:])


def kolom(locatie: Locatie) -> list[int]:
    """Gives all that is known of a locatie, as numbers."""
    plaatsen = [locatie.plaatsen.get(soort) for soort in SOORTEN]
    return [
        UNKNOWN if locatie.gemeente is None else nummer(locatie.gemeente),
        int(locatie.counts),
        UNKNOWN if locatie.aanwezig is None else locatie.aanwezig,
        0 if locatie.peilmoment is None else micros(locatie.peilmoment),
        UNKNOWN if locatie.gesloten_op is None else micros(locatie.gesloten_op),
        *(UNKNOWN if p is None else p.aantal for p in plaatsen),
        *(UNKNOWN if p is None else p.inzetbaar for p in plaatsen),
        *(NEVER if p is None or p.geldig_tot is None else micros(p.geldig_tot) for p in plaatsen),
        *(UNKNOWN if p is None else micros(p.beschikbaar_vanaf) for p in plaatsen),
    ]
