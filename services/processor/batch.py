"""What becomes of a set of messages: a pure plan. Never raises; bad input is a named outcome."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from schemas.events import Event, Said
from schemas.reading import Rejected, from_binary, original, read_again
from services.store.model import IN_USE, Accepted, Origin, Place, Unprocessable

STRUCTURED = b"application/cloudevents"


class Message(NamedTuple):
    """A message as it stands on a topic."""

    topic: str
    place: Place
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A message and the events or rejections that were read from it."""

    message: Message
    items: tuple[Event | Rejected, ...]
    whole: bool = False
    """Each rejection is about the message as it came: in binary mode what was read is not what came."""


@dataclass(slots=True)
class Plan:
    """What to store, what can't be, and how many events of each message were known already."""

    accepted: list[Accepted] = field(default_factory=list)
    unprocessable: list[Unprocessable] = field(default_factory=list)
    repeated: Counter[Place] = field(default_factory=Counter)


def read(message: Message) -> Reading:
    """Read a message: structured, a batch, or binary mode (attributes in `ce_` headers)."""
    if message.value is None:
        return Reading(message, (Rejected(0, (), b""),), whole=True)
    headers = {name.lower(): value for name, value in message.headers}
    body = message.value
    if not headers.get("content-type", STRUCTURED).startswith(STRUCTURED) and any(n.startswith("ce_") for n in headers):
        attributes = [(n[3:], v.decode("utf-8", "replace")) for n, v in headers.items() if n.startswith("ce_")]
        return Reading(message, read_again(from_binary(attributes, body)), whole=True)
    return Reading(message, read_again(body))


def ids(readings: Iterable[Reading]) -> set[str]:
    """The ids of every event that was read."""
    return {item.id for reading in readings for item in reading.items if not isinstance(item, Rejected)}


def plan(readings: Iterable[Reading], known: Mapping[str, Said], now: datetime) -> Plan:
    """Decide. The first event with an id stands: a repeat is stored already, another content is refused."""
    result = Plan()
    seen: dict[str, Event] = {}
    for reading in readings:
        topic, place, body = reading.message.topic, reading.message.place, reading.message.value or b""
        for index, item in enumerate(reading.items):
            if isinstance(item, Rejected):
                raw = body if reading.whole else item.raw
                reason = item.reason or "leeg bericht"
                result.unprocessable.append(Unprocessable(topic, place, item.index, reason, now, raw))
                continue
            origin = Origin(topic, place, index, body)
            first = known.get(item.id) or (seen[item.id].said if item.id in seen else None)
            if first is None:
                seen[item.id] = item
                result.accepted.append(Accepted(item, now, origin))
            elif first == item.said:
                result.repeated[place] += 1
            else:
                result.unprocessable.append(refused(origin, f"id: {item.id} {IN_USE}", now, in_use=True))
    return result


def whole_messages(accepted: Sequence[Accepted], rows_max: int) -> Iterator[list[Accepted]]:
    """In parts of about `rows_max`, no message in two of them: a positie names whole messages."""
    part: list[Accepted] = []
    for _, of_message in groupby(accepted, lambda item: item.origin.place):
        items = list(of_message)
        if part and len(part) + len(items) > rows_max:
            yield part
            part = []
        part += items
    if part:
        yield part


def refused(origin: Origin, reason: str, now: datetime, *, in_use: bool = False) -> Unprocessable:
    """An event that could be read, but not be stored: with its bytes as they came."""
    raw = original(origin.body, origin.number)
    return Unprocessable(origin.topic, origin.place, origin.number, reason, now, raw, in_use)
