"""What becomes of a set of messages: a pure plan. Never raises; bad input is a named outcome."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from schemas.errors import Fout
from schemas.events import Event
from schemas.reading import Rejected, from_binary, read_facts
from services.store.model import Accepted, Known, Place, Unprocessable

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


@dataclass(slots=True)
class Plan:
    """What to store, and what can't be."""

    accepted: list[Accepted] = field(default_factory=list)
    unprocessable: list[Unprocessable] = field(default_factory=list)


def read(message: Message) -> Reading:
    """Read a message: structured, a batch, or binary mode (attributes in `ce_` headers)."""
    if message.value is None:
        return Reading(message, (Rejected(0, (), b""),))
    headers = {name.lower(): value for name, value in message.headers}
    body = message.value
    if not headers.get("content-type", STRUCTURED).startswith(STRUCTURED) and any(n.startswith("ce_") for n in headers):
        attributes = [(n[3:], v.decode("utf-8", "replace")) for n, v in headers.items() if n.startswith("ce_")]
        body = from_binary(attributes, body)
    return Reading(message, read_facts(body))


def ids(readings: Iterable[Reading]) -> set[str]:
    """The ids of every event that was read."""
    return {item.id for reading in readings for item in reading.items if isinstance(item, Event)}


def plan(readings: Iterable[Reading], known: Mapping[str, Known], now: datetime) -> Plan:
    """Decide. The first event with an id stands: a repeat is stored identically, another content is refused.

    A repeat keeps the place and the moment of the first time, so that storing it again changes nothing; it is stored
    again all the same, since the first time may have been cut off between the log and its derived tables.
    """
    result = Plan()
    seen = dict(known)
    for reading in readings:
        message = reading.message
        for index, item in enumerate(reading.items):
            if isinstance(item, Rejected):
                result.unprocessable.append(unprocessable(message, item, now))
                continue
            first = seen.setdefault(item.id, Known(item.said, now, message.place))
            if first.said == item.said:
                result.accepted.append(Accepted(item, first))
            else:
                result.unprocessable.append(unprocessable(message, reused(index, item), now))
    return result


def reused(index: int, event: Event) -> Rejected:
    """The refusal of an id that names another event already."""
    return rejected(index, event, "id", f"{event.id} is al gebruikt voor een gebeurtenis met andere inhoud")


def rejected(index: int, event: Event, veld: str, melding: str) -> Rejected:
    """The refusal of an event that could be read."""
    return Rejected(index, (Fout(index, veld, melding),), event.model_dump_json(exclude_none=True).encode())


def unprocessable(message: Message, item: Rejected, now: datetime) -> Unprocessable:
    """A rejection with where it stood."""
    return Unprocessable(message.topic, message.place, item.index, item.reason or "leeg bericht", now, item.raw)
