"""The models and the JSON Schema treat every example as its folder and name say. Valid ones give the right writes."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from schemas.errors import Fout
from schemas.events import ALARMS, FACTS, Event, adapter
from schemas.generate import json_schema
from schemas.parsing import Invalid
from tests.contract.golden import written
from tests.support.examples import EXAMPLES, TYPES, cases, golden_of, name, read, read_bytes
from tests.support.json_schemas import validator_of

BEYOND_JSON_SCHEMA = {
    "end_before_start",
    "usable_exceeds_total",
    "part_exceeds_total",
    "before",
    "available_later",
    "shorter_than_rest",
    "least_exceeds",
    "most_below",
    "to_itself",  # these compare two fields
    "repeated",  # two rows with the same soort that differ in another field
    "unknown_code",  # the reference table changes apart from the schema
    "moment",
    "moment_range",  # a pattern knows no calendar and no time zones
    "control_characters",  # the schema refuses only the ASCII ones
}
"""Kinds of errors that a JSON Schema can't express, or not always. It must find all other errors."""
NEVERTHELESS = {
    "nl.opvanglocaties.locatie-geregistreerd.v1/moment-in-1900",
    "nl.opvanglocaties.locatie-geregistreerd.v1/naam-op-twee-regels",
    "nl.opvanglocaties.locatie-gesloten.v1/geldigvanaf-is-getal",
    "nl.opvanglocaties.locatie-gesloten.v1/moment-in-2999",
    "nl.opvanglocaties.locatie-gesloten.v1/moment-zonder-offset",
    "nl.opvanglocaties.bezetting-gemeld.v1/peilmoment-in-2051",
    "nl.opvanglocaties.bezetting-gemeld.v1/peilmoment-in-woorden",
    "nl.opvanglocaties.bezetting-gemeld.v1/time-in-1900",
    "nl.opvanglocaties.capaciteit-gewijzigd.v1/beschikbaarvanaf-in-woorden",
    "nl.spreidingswet.cyclus-vastgesteld.v1/moment-in-2999",
    "nl.spreidingswet.cyclus-vastgesteld.v1/soort-dubbel",
    "nl.spreidingswet.telregel-vastgesteld.v1/beschikbaar-tot-in-2999",
    "nl.spreidingswet.telregel-vastgesteld.v1/omschrijving-op-twee-regels",
    "nl.spreidingswet.telregel-vastgesteld.v1/soort-dubbel",
    "nl.spreidingswet.opgave-stand-gewijzigd.v1/zaak-op-twee-regels",
    *(
        f"nl.opvangalarmen.alarm-{step}.v1/sinds-in-1900"
        for step in ("wachtend", "geactiveerd", "herstellend", "hersteld", "bevestigd")
    ),
    "nl.opvangalarmen.alarm-bevestigd.v1/notitie-op-twee-regels",
    "nl.opvangalarmen.alarm-gemeld.v1/volgendepoging-zonder-offset",
    "nl.opvangalarmen.stilte-ingesteld.v1/vanaf-in-1900",
    "nl.opvangalarmen.stilte-beeindigd.v1/vanaf-in-1900",
    "nl.opvangalarmen.ontvanger-gewijzigd.v1/reden-op-twee-regels",
}
"""Examples of these kinds that the JSON Schema does find."""


@cache
def validator(type_name: str) -> Any:
    return validator_of(json_schema(TYPES[type_name]))


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def accepted(path: Path) -> Event:
    event = read_bytes(path.parts[-3], path.read_bytes())
    assert isinstance(event, Event), event.reason
    return event


def kinds(event: Any) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        adapter(*FACTS, *ALARMS).validate_python(event)
    return {details["type"] for details in refused.value.errors()}


def test_there_is_a_folder_for_every_type_and_no_other() -> None:
    assert {folder.name for folder in EXAMPLES.iterdir()} == set(TYPES)


@pytest.mark.parametrize("type_name", TYPES)
def test_every_type_has_examples(type_name: str) -> None:
    valid = {path.stem for path in (EXAMPLES / type_name / "valid").glob("*.json")}
    assert {"minimaal", "volledig"} <= valid
    assert len([*(EXAMPLES / type_name / "invalid").glob("*.json")]) >= 4


@pytest.mark.parametrize("path", cases("valid"), ids=name)
def test_valid_is_accepted(path: Path) -> None:
    event = accepted(path)
    assert type(event) is TYPES[path.parts[-3]]
    assert [*validator(path.parts[-3]).iter_errors(load(path))] == []


@pytest.mark.parametrize("type_name", TYPES)
def test_minimal_needs_all_it_has(type_name: str) -> None:
    example = load(EXAMPLES / type_name / "valid" / "minimaal.json")
    fewer = [example | {"data": {k: v for k, v in example["data"].items() if k != key}} for key in example["data"]]
    fewer += [{k: v for k, v in example.items() if k != key} for key in example]
    assert all(isinstance(read(event), Invalid) for event in fewer)


@pytest.mark.parametrize("type_name", TYPES)
def test_full_has_all_there_is(type_name: str) -> None:
    example, model = load(EXAMPLES / type_name / "valid" / "volledig.json"), TYPES[type_name]
    data: Any = model.model_fields["data"].annotation
    assert set(example) == set(model.model_fields)
    assert set(example["data"]) == set(data.model_fields)


@pytest.mark.filterwarnings("error")  # pydantic only warns about an unexpected value
@pytest.mark.parametrize("path", cases("valid"), ids=name)
def test_what_is_written_back_says_the_same(path: Path) -> None:
    event = accepted(path)
    again = read_bytes(path.parts[-3], event.model_dump_json(exclude_none=True).encode())
    assert again == event
    assert again.content == event.content


@pytest.mark.parametrize("path", cases("invalid"), ids=name)
def test_invalid_is_refused_and_says_where_and_why(path: Path) -> None:
    case = load(path)
    assert set(case) == {"event", "veld", "melding"}
    rejected = read_bytes(path.parts[-3], orjson.dumps(case["event"]))
    assert isinstance(rejected, Invalid)
    assert rejected.fouten == (Fout(0, case["veld"], case["melding"]),)


@pytest.mark.parametrize("path", cases("invalid"), ids=name)
def test_invalid_differs_from_valid_in_one_place_only(path: Path) -> None:
    """This shows that the example is refused for the reason in its name, and for nothing else."""
    good, case = load(path.parents[1] / "valid" / "minimaal.json"), load(path)
    event = case["event"]
    differing = {key for key in good | event if good.get(key) != event.get(key)}
    assert differing <= {"id", case["veld"].partition(".")[0]}


@pytest.mark.parametrize("path", cases("invalid"), ids=name)
def test_json_schema_refuses_it_too_where_it_can(path: Path) -> None:
    event = load(path)["event"]
    refused = not validator(path.parts[-3]).is_valid(event)
    expressible = not kinds(event) <= BEYOND_JSON_SCHEMA or name(path) in NEVERTHELESS
    assert refused == expressible


@pytest.mark.parametrize("path", cases("valid"), ids=name)
def test_golden_writes(path: Path) -> None:
    """`python -m tests.contract.golden` writes them again. Do so only after an intended change."""
    assert written(accepted(path)) == load(golden_of(path))


def test_every_golden_belongs_to_a_valid_example() -> None:
    assert cases("golden") == [golden_of(path) for path in cases("valid")]
