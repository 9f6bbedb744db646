"""Bytes → events. Used by ingest and by the processor alike, so that both judge by the same rules.

Reading is a pure function of the bytes and is remembered for a moment: where ingest and processor share a
process, a message that was just validated is not validated again.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from schemas.errors import Fout, describe, field_path
from schemas.events import ALARM_TYPES, ALARMS, FACT_TYPES, FACTS, Event, adapter

EVENT_BYTES_MAX = 64 * 1024
"""The largest event that everyone on the way must forward (CloudEvents 1.0, size limits)."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that can't be accepted: where it stood in the message, why, and its bytes as they came."""

    index: int
    fouten: tuple[Fout, ...]
    raw: bytes

    @property
    def reason(self) -> str:
        """All errors on one line."""
        return "; ".join(f"{f.veld}: {f.melding}" if f.veld else f.melding for f in self.fouten)


@lru_cache(maxsize=16)
def read_facts(body: bytes) -> tuple[Event | Rejected, ...]:
    """Read one event or a batch of the types that sources may send."""
    return _read(body, FACTS)


def read_alarms(body: bytes) -> tuple[Event | Rejected, ...]:
    """Read one transition of an alarm, or a batch of them."""
    return _read(body, ALARMS)


def from_binary(attributes: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """CloudEvents binary mode (attributes in headers, data in the body) as one structured event."""
    head = b",".join(orjson.dumps(name) + b":" + orjson.dumps(value) for name, value in attributes)
    return b"{" + head + (b"," if head else b"") + b'"data":' + (body or b"null") + b"}"


def content(event: Event) -> bytes:
    """`data` in its one canonical form: two events with the same envelope and content say the same."""
    return to_json(event.data, exclude_none=True)


def _read(body: bytes, models: tuple[type[Event], ...]) -> tuple[Event | Rejected, ...]:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return (_rejected(0, "", f"is geen geldige JSON in UTF-8 ({error})", body),)
    batch = parsed if isinstance(parsed, list) else [parsed]
    if not isinstance(parsed, list) and len(body) > EVENT_BYTES_MAX:
        return (_rejected(0, "", f"is {len(body)} bytes; een gebeurtenis is hoogstens {EVENT_BYTES_MAX} bytes", body),)
    # What orjson writes back unchanged can't have held a key twice: the common case, at a tenth of the cost.
    if orjson.dumps(parsed) != body and (key := _repeated_key(body)) is not None:
        return (_rejected(0, key, "staat meer dan eens in hetzelfde object; elke sleutel mag er één keer in", body),)
    try:
        return tuple(_list_adapter(models).validate_json(body if batch is parsed else b"[" + body + b"]"))
    except ValidationError:
        return tuple(_read_one(index, item, models) for index, item in enumerate(batch))


@lru_cache
def _list_adapter(models: tuple[type[Event], ...]) -> TypeAdapter[list[Event]]:
    return TypeAdapter(list[adapter(*models)._type])  # type: ignore[misc]  # noqa: SLF001


def _read_one(index: int, item: Any, models: tuple[type[Event], ...]) -> Event | Rejected:
    raw = orjson.dumps(item)
    if len(raw) > EVENT_BYTES_MAX:
        return _rejected(index, "", f"is {len(raw)} bytes; een gebeurtenis is hoogstens {EVENT_BYTES_MAX} bytes", raw)
    if models is FACTS and isinstance(item, dict) and item.get("type") in ALARM_TYPES:
        return _rejected(index, "type", "is een alarm; alarmen schrijft alleen Opvangpeil zelf", raw)
    try:
        return adapter(*models).validate_json(raw)  # type: ignore[no-any-return]
    except ValidationError as error:
        fouten = tuple(
            Fout(index, field_path(details["loc"]) or _tag_field(details["type"]), describe(details))
            for details in error.errors(include_url=False, include_input=False)
        )
        return Rejected(index, fouten, raw)


def _tag_field(error_type: str) -> str:
    return "type" if error_type.startswith("union_tag") else ""


def _rejected(index: int, veld: str, melding: str, raw: bytes) -> Rejected:
    return Rejected(index, (Fout(index, veld, melding),), raw)


class _RepeatedKeyError(ValueError):
    pass


def _repeated_key(body: bytes) -> str | None:
    """The first key that stands twice in one object, or None."""

    def check(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = dict(pairs)
        if len(keys) < len(pairs):
            seen: set[str] = set()
            raise _RepeatedKeyError(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
        return keys

    try:
        json.loads(body, object_pairs_hook=check)
    except _RepeatedKeyError as error:
        return str(error)
    except RecursionError:
        return "(te diep genest)"
    return None


__all__ = [
    "ALARM_TYPES", "EVENT_BYTES_MAX", "FACT_TYPES", "Event", "Fout", "Rejected",
    "content", "from_binary", "read_alarms", "read_facts",
]  # fmt: skip
