"""Turns an answer of the API into one table: of its rows, or of itself as a single row. Pure.

A field of a nested object becomes a column with a dot in its name (`maximum.dagen`). A list becomes one cell, as JSON.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import orjson

CelSoort = Literal["tekst", "heel", "breuk", "waar", "moment", "datum"]
CelWaarde = str | int | float | bool | None
ROWS = ("items", "gemeenten", "punten", "maanden", "verschillen", "gebeurtenissen", "rijen")
"""The fields in which an answer keeps its rows. The first of these that is there counts."""
ALONG = ("figuren",)
"""The lists that come along with the rows. Every other list has an address of its own."""
HEAD = ("geldigOp", "bekendOp", "gemaaktOp", "positie", "simulatie", "versie")
"""The fields about the answer as a whole. A CSV repeats them in every row, so that a row can stand alone."""

_DATUM = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

_FORMS: Mapping[CelSoort, re.Pattern[str]] = {"moment": _MOMENT, "datum": _DATUM}


class Kolom(NamedTuple):
    """A column of a table."""

    naam: str
    soort: CelSoort
    uitleg: str = ""


class Tabel(NamedTuple):
    """Rows with the same columns, and what holds for all of them."""

    titel: str
    kop: Mapping[str, CelWaarde]
    kolommen: Sequence[Kolom]
    rijen: Sequence[Sequence[CelWaarde]]


def as_table(titel: str, answer: Mapping[str, Any], uitleg: Mapping[str, str], **also: CelWaarde) -> Tabel:
    """Returns the rows of an answer as a table. `uitleg` explains columns; `also` is added to the head."""
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


def _flat(said: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, CelWaarde]]:
    for name, value in said.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", orjson.dumps(value).decode() if isinstance(value, list) else value


def _kind(values: Sequence[CelWaarde]) -> CelSoort:
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
