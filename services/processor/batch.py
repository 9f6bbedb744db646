"""What becomes of a set of messages: a pure plan. Never raises; bad input is a named outcome."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from schemas.parsing import Invalid, from_binary, original
from services.store.entries import Entries, Entry, Said, read_again
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
    """A message and the entries or rejections that were read from it."""

    message: Message
    items: Entries
    body: bytes
    """What was read: as it came, or in binary mode the structured event that its headers and body make together."""


@dataclass(slots=True)
class Plan:
    """What to store, what can't be, and how many events of each message were known already."""

    accepted: list[Accepted] = field(default_factory=list)
    unprocessable: list[Unprocessable] = field(default_factory=list)
    repeated: Counter[Place] = field(default_factory=Counter)
    seen: dict[str, Entry] = field(default_factory=dict)
    """What is to be stored, by id."""


def read(message: Message) -> Reading:
    """Read a message: structured, a batch, or binary mode (attributes in `ce_` headers)."""
    if message.value is None:
        return Reading(message, (Invalid(0, (), b""),), b"")
    headers = {name.lower(): value for name, value in message.headers}
    body = message.value
    if not headers.get("content-type", STRUCTURED).startswith(STRUCTURED) and any(n.startswith("ce_") for n in headers):
        attributes = [(n[3:], v.decode("utf-8", "replace")) for n, v in headers.items() if n.startswith("ce_")]
        body = from_binary(attributes, body)
    return Reading(message, read_again(body), body)


def ids(readings: Iterable[Reading]) -> set[str]:
    """The ids of every event that was read."""
    return {item.event_id for reading in readings for item in reading.items if not isinstance(item, Invalid)}


def plan(readings: Iterable[Reading], known: Mapping[str, Said], now: datetime, before: Mapping[str, Entry]) -> Plan:
    """Decide. The first event with an id stands: a repeat is stored already, another content is refused.

    `known` is in the log; `before` was decided just before, and may be on its way there.
    """
    result = Plan()
    seen = result.seen
    for reading in readings:
        origin = Origin(reading.message.topic, reading.message.place, reading.body)
        accepted: dict[int, Entry] = {}
        for number, item in enumerate(reading.items):
            if isinstance(item, Invalid):
                reason = item.reason or "leeg bericht"
                result.unprocessable.append(
                    Unprocessable(origin.topic, origin.place, item.index, reason, now, item.raw)
                )
                continue
            own_id = item.event_id
            earlier = seen.get(own_id) or before.get(own_id)
            first = earlier.said if earlier else known.get(own_id)
            if first is None:
                seen[own_id] = accepted[number] = item
            elif first == item.said:
                result.repeated[origin.place] += 1
            else:
                result.unprocessable.append(refused(origin, number, f"id: {own_id} {IN_USE}", now, in_use=True))
        if accepted:
            result.accepted.append(Accepted(origin, now, accepted))
    return result


def whole_messages(accepted: Sequence[Accepted], rows_max: int) -> Iterator[list[Accepted]]:
    """In parts of about `rows_max` events, no message in two of them: a positie names whole messages."""
    part: list[Accepted] = []
    rows = 0
    for message in accepted:
        if part and rows + len(message.entries) > rows_max:
            yield part
            part, rows = [], 0
        part.append(message)
        rows += len(message.entries)
    if part:
        yield part


def count(accepted: Iterable[Accepted]) -> int:
    """Events to be stored."""
    return sum(len(message.entries) for message in accepted)


def apart(accepted: Iterable[Accepted]) -> list[Accepted]:
    """Each event as if it were alone in its message."""
    return [
        message._replace(entries={number: entry}) for message in accepted for number, entry in message.entries.items()
    ]


def among(accepted: Iterable[Accepted], refusals: Iterable[Unprocessable]) -> set[str]:
    """The ids of the events that can't be stored."""
    places = {(refusal.place, refusal.index) for refusal in refusals}
    return {
        entry.event_id
        for message in accepted
        for number, entry in message.entries.items()
        if (message.origin.place, number) in places
    }


def without(accepted: Iterable[Accepted], refusals: Iterable[Unprocessable]) -> list[Accepted]:
    """What remains to be stored when some events can't be."""
    places = {(refusal.place, refusal.index) for refusal in refusals}
    return [
        message._replace(
            entries={n: entry for n, entry in message.entries.items() if (message.origin.place, n) not in places}
        )
        for message in accepted
    ]


def refused(origin: Origin, number: int, reason: str, now: datetime, *, in_use: bool = False) -> Unprocessable:
    """An event that could be read, but not be stored: with its bytes as they came."""
    raw = original(origin.body, number)
    return Unprocessable(origin.topic, origin.place, number, reason, now, raw, in_use)
