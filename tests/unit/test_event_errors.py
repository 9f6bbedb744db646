"""Every error about a wrong event is Dutch and names a field as it was sent. All errors of an event come together."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import FOUTEN_MAX, TEXTS, describe, field_path
from schemas.events import Event
from schemas.parsing import Invalid
from tests.support.examples import EXAMPLES, fields, minimal, read
from tests.support.strategies import LAW

TEMPLATES = [re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(text)), re.DOTALL) for text in TEXTS.values()]
REJECTING = ("is een alarm; ", "staat meer dan eens ", "en nog ")
"""The errors that come from reading the bytes."""


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.sampled_from(["NL", "GM0363", "2026-01-01", "open"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abnl.v1", max_size=6), inner, max_size=3),
    max_leaves=6,
)
VALID = [orjson.loads(path.read_bytes()) for path in sorted(EXAMPLES.glob("*/valid/*.json"))]


def places(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


def replaced(event: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    changed = deepcopy(event)
    at = changed
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return changed


@LAW
@given(st.data())
def test_whatever_stands_in_a_field_the_error_is_dutch_and_names_a_field_as_sent(data: st.DataObject) -> None:
    event = data.draw(st.sampled_from(VALID))
    path = data.draw(st.sampled_from([*places(event)][1:]))
    changed = replaced(event, path, data.draw(JSON))
    item = read(changed)
    if isinstance(item, Event):
        return
    sent = {".".join(map(str, place)) for place in places(changed)}
    for fout in item.fouten:
        assert fout.melding.startswith(REJECTING) or any(t.fullmatch(fout.melding) for t in TEMPLATES), fout
        parent = fout.veld.rpartition(".")[0]
        assert fout.veld in sent or (fout.melding == TEXTS["missing"] and (not parent or parent in sent)), fout


def test_all_errors_come_at_once() -> None:
    """Errors between two fields come together with those of other fields and of the envelope."""
    event = minimal(
        "capaciteit-gewijzigd",
        geldigTot="2010-01-02",
        plaatsen=[{"soort": "x", "aantal": 3, "inzetbaar": 4}, {"soort": "nood", "aantal": -1, "extra": 1}],
    ) | {"id": "x", "extra": 1}
    assert fields(event) == [
        "id",
        "data.geldigTot",
        "data.plaatsen.0.soort",
        "data.plaatsen.0.inzetbaar",
        "data.plaatsen.1.aantal",
        "data.plaatsen.1.extra",
        "extra",
    ]


@pytest.mark.parametrize("type_", ["nl.opvanglocaties.bezetting-gemeld.v2", "", 5, None, [], {}, True])
def test_an_unknown_type_is_named_with_what_else_is_wrong(type_: Any) -> None:
    event = minimal("bezetting-gemeld") | {"type": type_, "id": "x", "time": "morgen", "nl.iets": 1}
    item = read(event)
    assert isinstance(item, Invalid)
    assert [fout.veld for fout in item.fouten] == ["type", "id", "time", "nl.iets"]
    assert item.fouten[0].melding.startswith("is geen bekend type; wel: 'nl.opvanglocaties.locatie-geregistreerd.v1', ")


def test_a_field_that_looks_like_a_type_is_named() -> None:
    event = minimal("bezetting-gemeld") | {"nl.x": 1, "nl.opvanglocaties.bezetting-gemeld.v1": 1}
    assert fields(event) == ["nl.x", "nl.opvanglocaties.bezetting-gemeld.v1"]


def test_a_flood_of_errors_is_cut_and_says_so() -> None:
    item = read(minimal("bezetting-gemeld", **{f"veld{number}": 1 for number in range(1000)}))
    assert isinstance(item, Invalid)
    assert len(item.fouten) == FOUTEN_MAX + 1
    assert item.fouten[-1].melding == f"en nog {1000 - FOUTEN_MAX} fouten"


def test_a_long_name_of_a_field_is_cut() -> None:
    assert fields(minimal("bezetting-gemeld") | {"x" * 5000: 1}) == ["x" * 100]
    assert field_path(("nl.a.v1", "data", 3, "x")) == "data.3.x"


def test_a_name_that_is_wrong_is_named_as_sent() -> None:
    assert fields(minimal("alarm-geactiveerd", labels={"Team": 1, "piket": "ja", "x y": "ja"})) == [
        "data.labels.Team",
        "data.labels.Team",
        "data.labels.x y",
    ]
    assert fields(minimal("alarm-geactiveerd") | {"[key]": 1}) == ["[key]"]


def test_an_unforeseen_kind_of_error_is_dutch_too() -> None:
    error: Any = {"type": "nieuw", "msg": "Input {should} be new", "loc": (), "input": 1}
    assert describe(error) == "is niet geldig"
