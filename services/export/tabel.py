"""Turns an answer of the API into one table: of its rows, or of itself as a single row. Pure.

A field of a nested object becomes a column with a dot in its name (`maximum.dagen`). A list becomes one cell: reasons
as their sentences, and any other as JSON.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import orjson

CelSoort = Literal["tekst", "heel", "breuk", "waar", "moment", "datum"]
CelWaarde = str | int | float | bool | None
ROWS = ("items", "gemeenten", "punten", "maanden", "verschillen", "gebeurtenissen", "rijen", "regels")
"""The fields in which an answer keeps its rows. The first of these that is there counts."""
ALONG = ("figuren", "voorbehoud", "verplaatsingen")
"""The lists that come along with the rows. Every other list has an address of its own."""
APART = "onbekend"
"""A second list of rows of the same form. A column of this name then says of each row whether it comes from there."""
HEAD = (
    "geldigOp",
    "bekendOp",
    "gemaaktOp",
    "positie",
    "simulatie",
    "versie",
    "betekenis",
    "licentie",
    "definities",
)
"""The fields about the answer as a whole. A CSV repeats them in every row, so that a row can stand alone."""


class Kolom(NamedTuple):
    """A column of a table."""

    naam: str
    soort: CelSoort
    uitleg: str = ""
    kop: str = ""
    """What people call it. Empty: its name."""
    vorm: str = ""
    """In which form people read its numbers: `procent`, `euro`, `twee decimalen`, or empty. `precies`: a moment that
    a workbook holds as text, as it does each one with a part of a second, since its cells would lose that."""
    eenheid: str = ""


class Tabel(NamedTuple):
    """Rows with the same columns, and what holds for all of them."""

    titel: str
    kop: Mapping[str, CelWaarde]
    kolommen: Sequence[Kolom]
    rijen: Sequence[Sequence[CelWaarde]]
    herkomst: Mapping[str, CelWaarde] = {}
    """What else a workbook says of where the table comes from, such as what was asked."""
    woorden: Sequence[tuple[str, str]] = ()
    """Words that a workbook explains, each with its meaning."""


class Beschrijving(NamedTuple):
    """How people read a field, by its path such as `maximum.dagen`."""

    kop: Callable[[str], str] = lambda _: ""
    vorm: Callable[[str], str] = lambda _: ""
    eenheid: Callable[[str], str] = lambda _: ""


def as_table(
    titel: str,
    answer: Mapping[str, Any],
    uitleg: Mapping[str, str],
    soort: Callable[[str], CelSoort] = lambda _: "tekst",
    beschrijving: Beschrijving = Beschrijving(),  # noqa: B008 - it never changes
    **also: CelWaarde,
) -> Tabel:
    """Returns the rows of an answer as a table.

    Args:
        titel: the title of the table.
        answer: the answer.
        uitleg: what each column means.
        soort: what a field of the answer holds, by its path such as `items.aanwezig`. It is declared: what a sender
            wrote never decides how it is read.
        beschrijving: how people read a field.
        also: what is added to the head.
    """
    place = next((name for name in ROWS if isinstance(answer.get(name), list)), None)
    beside = {
        name: value
        for name, value in answer.items()
        if name != place and (place is None or name in ALONG or not isinstance(value, list))
    }
    said = dict(_flat(beside))
    rows = _rows(answer, place) if place else [said]
    names = [name for name in _columns(rows) if place or name not in HEAD]
    kop = {
        f"totaal.{name}" if place and name in names and name not in HEAD else name: value
        for name, value in (said | also).items()
        if place or name in HEAD
    }
    columns = [
        Kolom(
            name,
            "waar" if place and name == APART else soort(f"{place}.{name}" if place else name),
            _meaning(name, uitleg),
            beschrijving.kop(name),
            beschrijving.vorm(name),
            beschrijving.eenheid(name),
        )
        for name in names
    ]
    return Tabel(titel, kop, columns, [[row.get(name) for name in names] for row in rows])


def plain_text(value: CelWaarde) -> str:
    """Returns a value as text, the same in every format; empty when it is not known."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _rows(answer: Mapping[str, Any], place: str) -> list[dict[str, CelWaarde]]:
    rows, apart = answer[place], answer.get(APART)
    if not isinstance(apart, list):
        return [dict(_flat(row)) for row in rows]
    return [dict(_flat(row)) | {APART: is_apart} for of, is_apart in ((rows, False), (apart, True)) for row in of]


def _columns(rows: Sequence[Mapping[str, CelWaarde]]) -> list[str]:
    """The names of the columns. An object that some rows lack has a column for each of its fields, and none itself."""
    names = dict.fromkeys(name for row in rows for name in row)
    objects = {name.rpartition(".")[0] for name in names}
    return [name for name in names if name not in objects]


def _flat(said: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, CelWaarde]]:
    for name, value in said.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", _cell(value)


def _cell(value: Any) -> CelWaarde:
    if not isinstance(value, list):
        found: CelWaarde = value
        return found
    if all(isinstance(one, Mapping) and one.keys() == {"code", "tekst"} for one in value):
        return "; ".join(one["tekst"] for one in value) or None
    return orjson.dumps(value).decode()


def _meaning(name: str, uitleg: Mapping[str, str]) -> str:
    return uitleg.get(name) or uitleg.get(name.rpartition(".")[2], "")
