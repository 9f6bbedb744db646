"""The models: what each field takes, that everything is bounded and strict, and that every error is Dutch."""

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import schemas
from schemas.alarmregels import Regelbestand
from schemas.errors import FOUTEN_MAX, TEXTS, describe, field_path
from schemas.events import ALARMS, FACTS, Event, adapter
from schemas.fields import FORMS, format_moment
from schemas.ontvangers import Ontvangerbestand
from schemas.parsing import Invalid
from tests.contract.examples import EXAMPLES, TYPES, fields, minimal, read
from tests.support.strategies import LAW

ALL = adapter(*FACTS, *ALARMS)
TEMPLATES = [re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(text)), re.DOTALL) for text in TEXTS.values()]
REJECTING = ("is een alarm; ", "staat meer dan eens ", "en nog ")
"""What reading says by itself."""


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# What the models are made of -----------------------------------------------------------------------------------------


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every node of a pydantic core schema."""
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
"""Of the files that a beheerder writes: their errors are read by people too."""
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
    "function-plain": {},
    "with-info": {},
    "no-info": {},
    "definitions": {},
    "definition-ref": {},
}
"""Per kind of node, and per constraint on it, the errors that pydantic raises for it."""
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


# Errors --------------------------------------------------------------------------------------------------------------

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
    """Those between two fields beside those of other fields, and beside those of the envelope."""
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


# What says the same --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("bezetting-gemeld", {"peilmoment": "2026-05-26"}, {"peilmoment": "2026-05-25T22:00:00.000Z"}),
        ("bezetting-gemeld", {"bron": None}, {}),
        ("capaciteit-gewijzigd", {"geldigTot": "2050-12-31"}, {"geldigTot": "2050-12-31T00:00:00+01:00"}),
        ("cyclus-vastgesteld", {"volledig": True, "peildatum": None}, {}),
        (
            "cijfers-gepubliceerd",
            {"cijfers": [{"grootheid": "a", "waarde": 92.0}]},
            {"cijfers": [{"waarde": 92, "nauwkeurigheid": "exact", "grootheid": "a"}]},
        ),
        (
            "cijfers-gepubliceerd",
            {"cijfers": [{"grootheid": "a", "waarde": -0.0}]},
            {"cijfers": [{"grootheid": "a", "waarde": 0}]},
        ),
        (
            "ingetrokken",
            {"gebeurtenisId": "0190163D-8694-739B-AEA5-966C26F8AD91"},
            {"gebeurtenisId": "0190163d-8694-739b-aea5-966c26f8ad91"},
        ),
        ("alarm-geactiveerd", {"waarde": 1.0}, {"waarde": 1}),
    ],
)
def test_two_spellings_say_the_same(kind: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = read(minimal(kind, **one)), read(minimal(kind, **other))
    assert isinstance(first, Event), first
    assert isinstance(second, Event), second
    assert first.content == second.content
    assert first == second


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("bezetting-gemeld", {"aanwezig": 0}, {"aanwezig": 1}),
        ("bezetting-gemeld", {"bron": "a"}, {}),
        ("bezetting-gemeld", {"bron": "a"}, {"bron": "A"}),
        ("bezetting-gemeld", {"peilmoment": "2026-05-26"}, {"peilmoment": "2026-05-26T00:00:00Z"}),
        (
            "capaciteit-gewijzigd",
            {"plaatsen": [{"soort": "amv", "aantal": 3}]},
            {"plaatsen": [{"soort": "amv", "aantal": 3, "inzetbaar": 3}]},
        ),
        (
            "cijfers-gepubliceerd",
            {"cijfers": [{"grootheid": "a", "waarde": 1.5}]},
            {"cijfers": [{"grootheid": "a", "waarde": 1}]},
        ),
        ("alarm-geactiveerd", {"waarde": 1}, {"waarde": "1"}),
    ],
)
def test_what_differs_says_something_else(kind: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = read(minimal(kind, **one)), read(minimal(kind, **other))
    assert isinstance(first, Event), first
    assert isinstance(second, Event), second
    assert first.content != second.content


def test_content_is_the_data_with_its_moments_in_utc_and_what_is_left_out_filled_in() -> None:
    event = read(
        minimal("cyclus-vastgesteld", beschikbaarTotMinstens="2026-02-01", geldigVanaf="2025-07-01T12:00:00.5Z")
    )
    assert isinstance(event, Event)
    assert orjson.loads(event.content) == {
        "geldigVanaf": format_moment(event.data.geldigVanaf),
        "raming": 96000,
        "volledig": True,
        "meetellendeSoorten": ["regulier", "amv"],
        "beschikbaarTotMinstens": "2026-01-31T23:00:00Z",
    }
    assert format_moment(event.data.geldigVanaf) == "2025-07-01T12:00:00.500000Z"


def test_an_id_is_lower_case() -> None:
    event = read(minimal("bezetting-gemeld") | {"id": "0190163D-8694-739B-AEA5-966C26F8AD91"})
    assert isinstance(event, Event)
    assert event.id == "0190163d-8694-739b-aea5-966c26f8ad91"


# Subjects and rules between fields ------------------------------------------------------------------------------------

_LOCATIE = {"LOC-1", "LOC-" + "A" * 40, "LOC--"}
_GEMEENTE, _PROVINCIE, _CYCLUS = {"GM0363", "GM1696"}, {"PV20", "PV31"}, {"2024", "2099"}
_ALL = {"NL"} | _LOCATIE | _GEMEENTE | _PROVINCIE | _CYCLUS
_NEVER = {
    "",
    "nl",
    "NL ",
    "GM0000",
    "GM9999",
    "GM363",
    "gm0363",
    "PV19",
    "PV32",
    "PV2",
    "1924",
    "2100",
    "24",
    "LOC-",
    "loc-1",
    "LOC-a",
    "LOC-" + "A" * 41,
    "LOC-1\n",
    "LOC_1",
    "Amsterdam",
}


@pytest.mark.parametrize(
    ("domain", "subjects"),
    [
        ("opvanglocaties", _LOCATIE),
        ("spreidingswet.cyclus", _CYCLUS),
        ("spreidingswet.opgave", _GEMEENTE | _PROVINCIE),
        ("spreidingswet.overdracht", _GEMEENTE),
        ("spreidingswet.toezicht", _GEMEENTE),
        ("opvangcijfers", _ALL - _CYCLUS),
        ("gebeurtenissen", _ALL),
        ("opvangalarmen", _ALL),
    ],
)
def test_subjects(domain: str, subjects: set[str]) -> None:
    types = [type_ for type_ in TYPES if type_.startswith(f"nl.{domain}")]
    assert types
    for type_ in types:
        event = minimal(type_.split(".")[2])
        assert {s for s in _ALL | _NEVER if not fields(event | {"subject": s})} == subjects
        assert all(fields(event | {"subject": s}) == ["subject"] for s in _ALL | _NEVER if s not in subjects)


@pytest.mark.parametrize("kind", ["capaciteit-gewijzigd", "maximum-vastgesteld", "overdracht-afgesproken"])
def test_an_end_lies_after_its_begin(kind: str) -> None:
    begin = "2026-06-01"
    for end in ("2026-05-31T22:00:00.000001Z", "2026-06-02", None):
        assert fields(minimal(kind, geldigVanaf=begin, geldigTot=end)) == []
    for end in ("2026-06-01", "2026-05-31T22:00:00Z", "2026-05-31"):
        assert fields(minimal(kind, geldigVanaf=begin, geldigTot=end)) == ["data.geldigTot"]
    assert fields(minimal(kind, geldigVanaf="x", geldigTot="2010-01-01")) == ["data.geldigVanaf"]


def test_a_part_is_never_more_than_the_whole() -> None:
    def plaatsen(aantal: Any, inzetbaar: Any) -> list[str]:
        return fields(
            minimal("capaciteit-gewijzigd", plaatsen=[{"soort": "amv", "aantal": aantal, "inzetbaar": inzetbaar}])
        )

    assert plaatsen(5, 5) == plaatsen(0, 0) == plaatsen(5, None) == []
    assert plaatsen(5, 6) == ["data.plaatsen.0.inzetbaar"]
    assert plaatsen("5", 6) == ["data.plaatsen.0.aantal"]
    assert fields(minimal("opgave-vastgesteld", opgave=5, waarvanAmv=5)) == []
    assert fields(minimal("opgave-vastgesteld", opgave=5, waarvanAmv=6)) == ["data.waarvanAmv"]


def test_a_transfer_goes_to_another_gemeente() -> None:
    event = minimal("overdracht-afgesproken", naar="GM0166")
    assert fields(event | {"subject": "GM0303"}) == []
    assert fields(event | {"subject": "GM0166"}) == ["data.naar"]
    assert fields(event | {"subject": "GM0166", "id": "x"}) == ["id", "data.naar"]
