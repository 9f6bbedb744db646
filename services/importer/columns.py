"""The columns of a CSV. They follow from the models of the events, so that the two can't drift apart.

A plain field is a column with the same name. In some lists of objects a fixed word tells the objects apart, as `soort`
does in `plaatsen`; there each word has columns of its own: `plaatsen.regulier.aantal`. Of any other list of objects
(`cijfers`) a row holds one. A list of words (`meetellendeSoorten`) stands in one cell, separated by spaces.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from schemas.events import FACT_TYPES
from services.importer.model import ImporterError

SUBJECT_NAMES = ("onderwerp", "subject")
"""The subject of an event may be called by either name."""
ENVELOPE = ("type", "id", "source", SUBJECT_NAMES[0], "time")
"""The columns that every type has. `id` is optional."""

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_TRUTH = {"true": True, "ja": True, "waar": True, "false": False, "nee": False, "onwaar": False}


Kind = Literal["geheel", "getal", "waarheid", "woorden", "woord", "moment", "tekst"]
"""What stands in the cells of a column."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of `data`."""

    name: str
    field: str
    """The field of `data` that the cells go to."""
    inner: str | None
    """For a list of objects, the field within one of them."""
    key: tuple[str, str] | None
    """Which object of the list: the one whose field `key[0]` is the word `key[1]`. None: the only one."""
    required: bool
    kind: Kind
    words: tuple[str, ...]
    """The words that may stand in it; none when anything of its kind may."""
    hint: str
    """What stands in the cells, in Dutch."""
    convert: Callable[[str], Any]
    """Turns the text of a cell into a JSON value. Raises ValueError, in Dutch."""


def full_type(name: str) -> str:
    """Returns the full type of an event, also for its short name (`bezetting-gemeld`). Raises ImporterError."""
    full = _short_names().get(name, name)
    if full not in FACT_TYPES:
        raise ImporterError(f"'{name}' is geen type dat uit CSV te maken is; wel: {', '.join(_short_names())}")
    return full


@cache
def data_columns(full: str) -> tuple[Column, ...]:
    """Returns the columns of `data` for one full type, in the order of the model."""
    data = FACT_TYPES[full].model_fields["data"].annotation
    return tuple(column for name, field in _fields(data).items() for column in _columns(name, field))


def data_of(values: Iterable[tuple[Column, Any]]) -> dict[str, Any]:
    """Returns the `data` of an event from the values of its columns; the objects of a list, gathered by their word."""
    data: dict[str, Any] = {}
    lists: dict[str, dict[tuple[str, str] | None, dict[str, Any]]] = {}
    for column, value in values:
        if column.inner is None:
            data[column.field] = value
            continue
        if column.field not in lists:
            data[column.field] = lists[column.field] = {}  # in its place among the fields
        item = {column.key[0]: column.key[1]} if column.key else {}
        lists[column.field].setdefault(column.key, item)[column.inner] = value
    for field, items in lists.items():
        data[field] = list(items.values())
    return data


def column_help(type_name: str) -> str:
    """Returns what `importeer --kolommen TYPE` prints: a line for each column, and the rules for every CSV."""
    full = full_type(type_name)
    rows = [
        ("type", f"{full} (of kort: {_short(full)}); mag weg als het type bij de opdracht staat"),
        (
            "id",
            "niet verplicht: een UUID; zonder id volgt hij uit de inhoud van de rij, zodat herhalen onschadelijk is",
        ),
        ("source", "verplicht: urn:nld:oin:<OIN van 20 cijfers>:systeem:<naam>"),
        (" of ".join(SUBJECT_NAMES), "verplicht: waar het over gaat, bijvoorbeeld LOC-12, GM0363, PV27, NL of 2024"),
        ("time", "verplicht: het moment waarop de bron het vastlegde"),
    ]
    rows += [
        (column.name, ("verplicht: " if column.required else "niet verplicht: ") + column.hint)
        for column in data_columns(full)
    ]
    width = max(len(name) for name, _ in rows)
    rules = (
        "Een kopregel met deze namen, in elke volgorde; gescheiden door komma of puntkomma; UTF-8. Een lege cel is\n"
        "een veld dat er niet is. Getallen zijn alleen cijfers (1200, niet 1.200). Een cel bevat geen regeleinde."
    )
    return "\n".join(f"{name:<{width}}  {text}" for name, text in rows) + "\n\n" + rules


@cache
def _short_names() -> dict[str, str]:
    return {_short(full): full for full in FACT_TYPES}


def _short(full: str) -> str:
    return full.split(".")[-2]


def _fields(model: Any) -> dict[str, FieldInfo]:
    return dict(model.model_fields)


def _columns(name: str, field: FieldInfo) -> list[Column]:
    item = _item_model(field.annotation)
    if item is None:
        return [_column(name, field, name, None, None)]
    inner = _fields(item)
    key = next((n for n, f in inner.items() if f.is_required() and get_origin(f.annotation) is Literal), None)
    if key is None:
        return [_column(n, f, name, n, None) for n, f in inner.items()]
    return [
        _column(f"{name}.{word}.{n}", f, name, n, (key, word))
        for word in get_args(inner[key].annotation)
        for n, f in inner.items()
        if n != key
    ]


def _column(name: str, field: FieldInfo, top: str, inner: str | None, key: tuple[str, str] | None) -> Column:
    kind, words = _kind(field.annotation)
    hint, convert = _HINTS[kind]
    hint = hint.format(", ".join(words)) + (f" ({field.description})" if field.description else "")
    required = field.is_required() and key is None
    return Column(name, top, inner, key, required, kind, words, hint, convert)


def _bare(annotation: Any) -> Any:
    """Returns the annotation without Annotated and without `| None`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in {Union, UnionType}:
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        if len(kinds) == 1:
            return _bare(kinds[0])
    return annotation


def _item_model(annotation: Any) -> type[BaseModel] | None:
    """Returns the model of the items when the annotation is a list of models, else None."""
    bare = _bare(annotation)
    item = _bare(get_args(bare)[0]) if get_origin(bare) is list else None
    return item if isinstance(item, type) and issubclass(item, BaseModel) else None


def _kind(annotation: Any) -> tuple[Kind, tuple[str, ...]]:
    """Returns what stands in the cells, and which words may."""
    bare = _bare(annotation)
    origin = get_origin(bare)
    if bare is int:
        return "geheel", ()
    if bare is bool:
        return "waarheid", ()
    if origin is list:
        return "woorden", get_args(_bare(get_args(bare)[0]))
    if origin in {Union, UnionType} and set(get_args(bare)) == {int, float}:
        return "getal", ()
    if origin is Literal:
        return "woord", get_args(bare)
    return ("moment" if bare.__name__ == "datetime" else "tekst"), ()


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"'{text}' is geen geheel getal; schrijf alleen cijfers, bijvoorbeeld 1200")
    return int(text)


def _number(text: str) -> int | float:
    if _GROUPED.fullmatch(text):
        raise ValueError(
            f"'{text}' is dubbelzinnig; schrijf {text.replace('.', '')} als de punt duizendtallen scheidt,"
            f" en {text}0 als hij voor de decimalen staat"
        )
    if not _NUMBER.fullmatch(text):
        raise ValueError(
            f"'{text}' is geen getal; schrijf alleen cijfers, met een punt voor de decimalen: 1200 of 0.96"
        )
    return float(text) if "." in text else int(text)


def _truth(text: str) -> bool:
    value = _TRUTH.get(text.lower())
    if value is None:
        raise ValueError(f"'{text}' moet ja of nee zijn (of true of false)")
    return value


_HINTS: dict[Kind, tuple[str, Callable[[str], Any]]] = {
    "geheel": ("een geheel getal", _whole),
    "getal": ("een getal, met een punt voor de decimalen", _number),
    "waarheid": ("ja of nee", _truth),
    "woorden": ("een of meer van {}, gescheiden door spaties", str.split),
    "woord": ("een van {}", str),
    "moment": ("een moment of een datum", str),
    "tekst": ("tekst", str),
}
"""What stands in the cells of each kind, in Dutch, and how the text of a cell becomes a JSON value."""
