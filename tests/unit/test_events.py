"""The parts of the models: everything is bounded, strict and closed, and every error has a Dutch text."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import schemas
from schemas.alarmregels import Regelbestand
from schemas.errors import TEXTS
from schemas.events import ALARMS, FACTS, Event, adapter
from schemas.fields import FORMS
from schemas.ontvangers import Ontvangerbestand
from tests.support.examples import minimal, read

ALL = adapter(*FACTS, *ALARMS)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Yields every node of a pydantic core schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        for key, value in schema.items():
            if key not in ("metadata", "serialization", "config", "json_schema_input_schema"):
                yield from nodes(value)
    elif isinstance(schema, list | tuple):
        for value in schema:
            yield from nodes(value)


NODES = [*nodes(ALL.core_schema)]
FILES = [*nodes(Regelbestand.__pydantic_core_schema__), *nodes(Ontvangerbestand.__pydantic_core_schema__)]
"""The nodes of the files that a beheerder writes. People read their errors too."""
ERRORS: dict[str, dict[str | None, set[str]]] = {
    "tagged-union": {None: {"union_tag_invalid", "union_tag_not_found", "model_attributes_type"}},
    "model": {None: {"model_type"}},
    "model-fields": {None: {"model_attributes_type", "model_type", "extra_forbidden"}},
    "model-field": {None: {"missing"}},
    "str": {
        None: {"string_type"},
        "min_length": {"string_too_short"},
        "max_length": {"string_too_long"},
        "pattern": {"string_pattern_mismatch"},
        "to_lower": set(),
    },
    "int": {None: {"int_type"}, "ge": {"greater_than_equal"}, "le": {"less_than_equal"}},
    "bool": {None: {"bool_type"}},
    "dict": {None: {"dict_type"}, "max_length": {"too_long"}},
    "list": {None: {"list_type"}, "min_length": {"too_short"}, "max_length": {"too_long"}},
    "literal": {None: {"literal_error"}},
    "nullable": {},
    "default": {},
    "function-after": {},
    "function-before": {},
    "function-plain": {},
    "with-info": {},
    "no-info": {},
    "definitions": {},
    "definition-ref": {},
}
"""Kind of node → constraint on it → the errors that pydantic raises."""
_NO_CONSTRAINT = {
    "type",
    "ref",
    "metadata",
    "serialization",
    "strict",
    "schema",
    "items_schema",
    "keys_schema",
    "values_schema",
    "expected",
}


def test_every_error_that_the_models_can_raise_has_a_dutch_text() -> None:
    raised: set[str] = set()
    for node in [*NODES, *FILES]:
        by_constraint = ERRORS[node["type"]]
        raised |= by_constraint.get(None, set())
        if node["type"] in ("str", "int", "list", "dict"):
            raised |= set().union(*(by_constraint[key] for key in set(node) - _NO_CONSTRAINT))
    folder = Path(schemas.__file__).parent
    sources = "".join(
        text_of(folder / f"{module}.py") for module in ("fields", "data", "events", "alarmregels", "ontvangers")
    )
    ours = re.findall(r'PydanticCustomError\(\s*"(\w+)"', sources)
    assert len(set(ours)) >= 10
    assert raised | set(ours) <= set(TEXTS)


def test_every_pattern_is_explained_in_words() -> None:
    patterns = {node["pattern"] for node in [*NODES, *FILES] if "pattern" in node}
    assert patterns
    assert patterns <= set(FORMS)


def test_every_number_text_and_list_is_bounded() -> None:
    for node in NODES:
        match node["type"]:
            case "int":
                assert {"ge", "le"} <= set(node)
            case "str":
                assert "pattern" in node or {"min_length", "max_length"} <= set(node)
            case "list":
                assert {"min_length", "max_length"} <= set(node)
            case "dict":
                assert "max_length" in node
            case "float" | "any" | "union" | "datetime":
                pytest.fail(f"{node['type']} has no bounds or no single meaning")


def test_every_pattern_of_a_text_bounds_its_length() -> None:
    unbounded = re.compile(r"[^\\][*+]|\{\d+,\}")
    loose = [node for node in NODES if "pattern" in node and "max_length" not in node]
    assert loose
    assert not [node["pattern"] for node in loose if unbounded.search(node["pattern"])]


def test_every_model_is_strict_closed_and_frozen() -> None:
    models = [node["cls"] for node in NODES if node["type"] == "model"]
    assert len(set(models)) >= 30
    for model in models:
        assert model.model_config == {"strict": True, "extra": "forbid", "frozen": True}


def test_an_event_never_changes() -> None:
    event = read(minimal("bezetting-gemeld"))
    assert isinstance(event, Event)
    with pytest.raises(ValidationError):
        event.subject = "LOC-2"
    with pytest.raises(ValidationError):
        event.data.aanwezig = 5
