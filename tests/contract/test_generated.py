"""The checked-in JSON Schemas and the AsyncAPI document are valid and match the models."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.events import ALARM_TYPES, FACT_TYPES, AlarmGemeld, BewakingBegonnen, OntvangerGewijzigd, type_name
from schemas.generate import FOLDER, differences, generated, main
from schemas.parsing import BATCH_MAX
from services.eventlog.topics import ALARMS, EVENTS, UNPROCESSABLE
from tests.support.examples import TYPES, cases, name
from tests.support.json_schemas import validator_of

ASYNCAPI = FOLDER / "asyncapi.json"


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from refs(value)


def resolve(document: Any, ref: str) -> Any:
    at = document
    for part in ref.removeprefix("#/").split("/"):
        at = at[part]
    return at


def test_files_are_what_the_models_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_check_says_what_differs_and_how() -> None:
    files = generated()
    changed, gone = [path for path in files if path != ASYNCAPI][:2]
    files[changed] = files[changed].replace("CloudEvents", "X").replace('"type"', '"tipe"', 1)
    del files[gone]
    files[FOLDER / "jsonschema" / "nieuw.v1.json"] = "{}"
    found = "\n".join(differences(files))
    assert f"schemas/jsonschema/{changed.name} verschilt" in found
    assert "+" in found and '"tipe"' in found and '"type"' in found  # noqa: PT018
    assert f"schemas/jsonschema/{gone.name} hoort bij geen type" in found
    assert "schemas/jsonschema/nieuw.v1.json ontbreekt" in found
    assert len(differences(files)) == 3


@pytest.mark.parametrize("type_name", TYPES)
def test_json_schema_is_sound_and_describes_itself(type_name: str) -> None:
    schema = load(FOLDER / "jsonschema" / f"{type_name}.json")
    validator_of(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(f"/{type_name}.json")
    assert schema["title"] and schema["description"].endswith(".")  # noqa: PT018
    assert schema["additionalProperties"] is False
    assert all(definition["additionalProperties"] is False for definition in schema["$defs"].values())
    assert {"specversion", "id", "source", "type", "subject", "time", "data"} == set(schema["required"])


def test_asyncapi_refers_to_nothing_that_is_not_there() -> None:
    document = load(ASYNCAPI)
    assert all(resolve(document, ref) for ref in refs(document))
    used = {ref.removeprefix("#/components/") for ref in refs(document) if ref.startswith("#/components/")}
    there = {f"{kind}/{key}" for kind, entries in document["components"].items() for key in entries}
    assert used == there


def test_asyncapi_has_the_topics_with_every_type_on_its_own() -> None:
    document = load(ASYNCAPI)
    assert document["asyncapi"] == "3.0.0"
    topics = {channel["address"]: channel for channel in document["channels"].values()}
    assert set(topics) == {EVENTS, ALARMS, UNPROCESSABLE, "/v1/stroom"}

    def names(topic: str) -> set[str]:
        return {resolve(document, ref)["name"] for ref in refs(topics[topic]["messages"])}

    assert names(EVENTS) == set(FACT_TYPES) | {"batch", "binair"}
    assert names(ALARMS) == set(ALARM_TYPES)
    assert names(UNPROCESSABLE) == {"onverwerkbaar"}
    quiet = {type_name(one) for one in (AlarmGemeld, OntvangerGewijzigd, BewakingBegonnen)}
    assert names("/v1/stroom") == set(ALARM_TYPES) - quiet | {"cijfers", "gewijzigd"}
    for channel in ("gebeurtenissen", "alarmen"):
        actions = [op["action"] for op in document["operations"].values() if channel in op["channel"]["$ref"]]
        assert sorted(actions) == ["receive", "send"]


@pytest.mark.parametrize("path", cases("valid"), ids=name)
def test_asyncapi_messages_hold_the_valid_examples(path: Path) -> None:
    document, event = load(ASYNCAPI), load(path)
    messages = document["components"]["messages"].values()
    (message,) = [message for message in messages if message["name"] == event["type"]]
    assert message["contentType"] == "application/cloudevents+json"

    def valid(payload: Any, instance: Any) -> bool:
        return validator_of(payload | {"components": document["components"]}).is_valid(instance)

    batch = document["components"]["messages"]["Batch"]
    assert batch["contentType"] == "application/cloudevents-batch+json"
    assert valid(message["payload"], event)
    assert not valid(message["payload"], event | {"extra": 1})
    assert valid(batch["payload"], [event, event]) == (event["type"] in FACT_TYPES)
    assert not valid(batch["payload"], [])
    assert batch["payload"]["maxItems"] == BATCH_MAX
