"""The example files, and how tests read them."""

from pathlib import Path
from typing import Any

import orjson

from schemas.events import ALARM_TYPES, FACT_TYPES, Event
from schemas.parsing import Invalid, parse_alarms, parse_facts

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
TYPES = {**FACT_TYPES, **ALARM_TYPES}


def cases(kind: str) -> list[Path]:
    """Returns every example of a kind: `valid`, `invalid` or `golden`."""
    return sorted(EXAMPLES.glob(f"*/{kind}/*.json"))


def name(path: Path) -> str:
    """Returns the name of an example in tests."""
    return f"{path.parts[-3]}/{path.stem}"


def golden_of(path: Path) -> Path:
    """Returns the file with the writes of a valid example."""
    return path.parents[1] / "golden" / path.name


def read_bytes(type_name: str, body: bytes) -> Event | Invalid:
    """Reads a message that holds one event, from the topic on which its type belongs."""
    (item,) = parse_alarms(body) if type_name in ALARM_TYPES else parse_facts(body)
    return item


def read(event: Any) -> Event | Invalid:
    """Reads an event as it would be after JSON."""
    return read_bytes(str(event.get("type")) if isinstance(event, dict) else "", orjson.dumps(event))


def fields(event: Any) -> list[str]:
    """Returns the invalid fields, in order."""
    item = read(event)
    return [fout.veld for fout in item.fouten] if isinstance(item, Invalid) else []


def minimal(kind: str, **data: Any) -> dict[str, Any]:
    """Returns the minimal valid event of a type (`bezetting-gemeld`), with other data put in."""
    (path,) = EXAMPLES.glob(f"*.{kind}.v1/valid/minimaal.json")
    event: dict[str, Any] = orjson.loads(path.read_bytes())
    return event | {"data": event["data"] | data}
