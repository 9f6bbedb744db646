"""An answer of the API as one table: its rows, or itself as a single row. Pure.

What is within what gets a name with a dot (`maximum.dagen`), and lists stay together as JSON.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import orjson

Soort = Literal["tekst", "heel", "breuk", "waar", "moment", "datum"]
Cel = str | int | float | bool | None
ROWS = ("items", "gemeenten", "punten", "maanden", "verschillen", "gebeurtenissen", "rijen")
"""Where an answer keeps its rows: the first of these that is there."""
ALONG = ("figuren",)
"""What comes along beside the rows. Other lists there have an address of their own."""
HEAD = ("geldigOp", "bekendOp", "gemaaktOp", "positie", "simulatie", "versie")
"""What is said of the whole. It comes back in every row of a CSV, so that a row can stand alone."""

_DATUM = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

_FORMS: Mapping[Soort, re.Pattern[str]] = {"moment": _MOMENT, "datum": _DATUM}


class Kolom(NamedTuple):
    """A column."""

    naam: str
    soort: Soort
    uitleg: str = ""


class Tabel(NamedTuple):
    """Rows with the same columns, and what is said of all of them."""

    titel: str
    kop: Mapping[str, Cel]
    kolommen: Sequence[Kolom]
    rijen: Sequence[Sequence[Cel]]


def as_table(titel: str, answer: Mapping[str, Any], uitleg: Mapping[str, str], **also: Cel) -> Tabel:
    """The rows of an answer; `also` is said beside what it says of itself."""
    place = next((name for name in ROWS if isinstance(answer.get(name), list)), None)
    beside = {
        name: value
        for name, value in answer.items()
        if name != place and (place is None or name in ALONG or not isinstance(value, list))
    }
    said = dict(_flat(beside))
    rows = [dict(_flat(row)) for row in answer[place]] if place else [said]
    kop = {name: value for name, value in (said | also).items() if place or name in HEAD}
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if place or name not in HEAD]
    columns = [Kolom(name, _kind([row.get(name) for row in rows]), _meaning(name, uitleg)) for name in names]
    return Tabel(titel, kop, columns, [[row.get(name) for name in names] for row in rows])


def _flat(said: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Cel]]:
    for name, value in said.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", orjson.dumps(value).decode() if isinstance(value, list) else value


def _kind(values: Sequence[Cel]) -> Soort:
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, bool) for value in known):
        return "waar"
    if known and all(isinstance(value, int) and not isinstance(value, bool) for value in known):
        return "heel"
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return "breuk"
    for soort, form in _FORMS.items():
        if known and all(isinstance(value, str) and form.fullmatch(value) for value in known):
            return soort
    return "tekst"


def _meaning(name: str, uitleg: Mapping[str, str]) -> str:
    return uitleg.get(name) or uitleg.get(name.rpartition(".")[2], "")
