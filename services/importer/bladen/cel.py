"""What a cell, a row and a sheet of a file hold."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import NamedTuple


class LeesError(ValueError):
    """What stands in a cell can't be what it must be. The message is Dutch."""


class Fout(NamedTuple):
    """A cell without a value that can be used. `tekst` says why, in Dutch."""

    tekst: str


Waarde = None | str | int | float | bool | date | datetime | time | Fout
"""What a cell holds. A moment has no zone: files show the clock on the wall. An empty cell is None."""


class Rij(NamedTuple):
    """A row, under the number that people see beside it, counted from 1."""

    nummer: int
    waarden: Sequence[Waarde]


class Blad(NamedTuple):
    """A sheet. Its rows can be read once. A file of text has one, named ''."""

    naam: str
    verborgen: bool
    rijen: Iterable[Rij]


def kolomletter(index: int) -> str:
    """Returns the letters above a column, from its index: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def is_leeg(waarde: Waarde) -> bool:
    """Returns whether a cell holds nothing, or only blanks."""
    return waarde is None or (isinstance(waarde, str) and not waarde.strip())
