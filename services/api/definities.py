"""What each field of an export is: its meaning in one sentence, and the type of its column."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Any, get_args

from pydantic import BaseModel

from schemas.fields import Json
from services.core.grootheden.declaratie import Kolomsoort
from services.core.grootheden.velden import BETEKENISSEN

_SOORTEN: Mapping[tuple[str, str | None], Kolomsoort] = {
    ("integer", None): "heel",
    ("number", None): "breuk",
    ("boolean", None): "waar",
    ("string", "date-time"): "moment",
    ("string", "date"): "datum",
}
"""What a column holds, by type and format in the JSON Schema of its field. Whatever else is text."""


@cache
def meanings(model: type[BaseModel]) -> Mapping[str, str]:
    """Finds what every field in a model means, by its name."""
    found: dict[str, str] = {}
    for name, field in model.model_fields.items():
        found |= {key: text for inner in _within(field.annotation) for key, text in meanings(inner).items()}
        found[field.alias or name] = field.description or BETEKENISSEN.get(name, "")
    return found


@cache
def kolomsoort(model: type[BaseModel], path: str) -> Kolomsoort:
    """Finds what a column of an answer holds: by the declared type of its field, also when nothing of it is known."""
    schema = _schema(model)
    found = [schema]
    for name in path.split("."):
        found = [field for part in found for field in _below(schema, part, name)]
    kinds = {
        _SOORTEN.get((part.get("type", ""), part.get("format")), "tekst")
        for one in found
        for part in _alternatives(schema, one)
        if part.get("type") != "null"
    }
    if kinds == {"heel", "breuk"}:
        return "breuk"
    return kinds.pop() if len(kinds) == 1 else "tekst"


@cache
def _schema(model: type[BaseModel]) -> Json:
    return model.model_json_schema(mode="serialization")


def _below(schema: Json, at: Json, name: str) -> Iterator[Json]:
    """Yields the schema of a field, of an object or of the objects in a list."""
    for part in _alternatives(schema, at):
        if "items" in part:
            yield from _below(schema, part["items"], name)
        elif name in part.get("properties", {}):
            yield part["properties"][name]
        elif isinstance(part.get("additionalProperties"), dict):
            yield part["additionalProperties"]


def _alternatives(schema: Json, at: Json) -> Iterator[Json]:
    if "$ref" in at:
        yield from _alternatives(schema, schema["$defs"][at["$ref"].rpartition("/")[2]])
    elif "anyOf" in at:
        for part in at["anyOf"]:
            yield from _alternatives(schema, part)
    else:
        yield at


def _within(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, UnionType) and not get_args(annotation):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for part in get_args(annotation) for model in _within(part)]
