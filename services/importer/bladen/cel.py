"""What a cell, a row and a sheet of a file hold."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

_SHOWN_MAX = 60
_FOUTCODE = re.compile(
    r"#(REF|VERW|DIV/0|DEEL/0|WAARDE|VALUE|GETAL|NUM|NULL|LEEG)!|#(N/A|N/B|NAAM\?|NAME\?)|#?Err:\d{3}", re.IGNORECASE
)


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


def getoond(waarde: Waarde) -> str:
    """Returns what a cell holds, for a message: a text between quotes, and no more of it than can be read."""
    if isinstance(waarde, bool):
        return "'waar'" if waarde else "'onwaar'"
    if isinstance(waarde, float):
        return str(waarde).replace(".", ",")
    if not isinstance(waarde, str):
        return str(waarde)
    said = " ".join("".join(sign if sign.isprintable() else " " for sign in waarde).split())
    return f"'{said[:_SHOWN_MAX]}…'" if len(said) > _SHOWN_MAX else f"'{said}'"


def zonder_schijn(waarde: Waarde) -> Waarde:
    """Returns a cell, with the text of an error for what it is: other programs keep these as text, as does CSV."""
    if isinstance(waarde, str) and waarde[:1] == "#" and _FOUTCODE.fullmatch(waarde.strip()):
        return Fout(f"de formule geeft {waarde.strip()}")
    return waarde


def is_leeg(waarde: Waarde) -> bool:
    """Returns whether a cell holds nothing, or only blanks."""
    return waarde is None or (isinstance(waarde, str) and not waarde.strip())
