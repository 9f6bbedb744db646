"""Decides what becomes of a set of messages, as a plan. Pure. It never raises: bad input is one of the outcomes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from schemas.errors import Fout
from schemas.parsing import Invalid, from_binary, original
from services.store.entries import NO_REFERENCE, Entries, Entry, Said, only_a_repeat, read_again
from services.store.model import IN_USE, Accepted, Origin, Place, Unprocessable

_STRUCTURED = b"application/cloudevents"


class Message(NamedTuple):
    """A message on a topic."""

    topic: str
    place: Place
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]
    refused: str = ""
    """Why nothing of it may be believed; empty when it may."""


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """A message, and what its bytes say: entries of the log, and items that are no valid event."""

    message: Message
    items: Entries
    body: bytes
    """The bytes that were parsed: the message itself or, in binary mode, the structured event made from it."""


@dataclass(slots=True)
class Plan:
    """What to store, what can't be stored, and how many events of each message were known already."""

    accepted: list[Accepted] = field(default_factory=list)
    unprocessable: list[Unprocessable] = field(default_factory=list)
    repeated: Counter[Place] = field(default_factory=Counter)
    seen: dict[str, Entry] = field(default_factory=dict)
    """The entries that will be stored, by event id."""


def parse(message: Message) -> ParsedMessage:
    """Parses a message: one structured event, a batch, or binary mode (attributes in `ce_` headers)."""
    if message.value is None or message.refused:
        raw = message.value or b""
        return ParsedMessage(message, (Invalid(0, (Fout(0, "", message.refused),), raw),), raw)
    headers = {name.lower(): value for name, value in message.headers}
    body = message.value
    if not headers.get("content-type", _STRUCTURED).startswith(_STRUCTURED) and any(
        n.startswith("ce_") for n in headers
    ):
        attributes = [(n[3:], v.decode("utf-8", "replace")) for n, v in headers.items() if n.startswith("ce_")]
        body = from_binary(attributes, body)
    return ParsedMessage(message, read_again(body), body)


def ids(messages: Iterable[ParsedMessage]) -> set[str]:
    """Returns the ids of all valid events."""
    return {item.event_id for message in messages for item in message.items if not isinstance(item, Invalid)}


def plan(
    messages: Iterable[ParsedMessage], known: Mapping[str, Said], now: datetime, before: Mapping[str, Entry]
) -> Plan:
    """Decides what becomes of each event. The first event with an id counts.

    Another one with that id is a repeat when its content is equal, and unprocessable when it is not. `known` are the
    ids in the log. `before` is what the previous plan will store: it may not be in the log yet.
    """
    result = Plan()
    seen = result.seen
    for parsed in messages:
        origin = Origin(parsed.message.topic, parsed.message.place, parsed.body)
        accepted: dict[int, Entry] = {}
        for number, item in enumerate(parsed.items):
            if isinstance(item, Invalid):
                reason = item.reason or "leeg bericht"
                result.unprocessable.append(
                    Unprocessable(origin.topic, origin.place, item.index, reason, now, item.raw)
                )
                continue
            own_id = item.event_id
            earlier = seen.get(own_id) or before.get(own_id)
            first = earlier.said if earlier else known.get(own_id)
            if first is None and only_a_repeat(item):
                reason = ": ".join(NO_REFERENCE)
                result.unprocessable.append(unprocessable(origin, number, reason, now))
            elif first is None:
                seen[own_id] = accepted[number] = item
            elif first == item.said:
                result.repeated[origin.place] += 1
            else:
                reason = f"id: {own_id} {IN_USE}"
                result.unprocessable.append(unprocessable(origin, number, reason, now, first))
        if accepted:
            result.accepted.append(Accepted(origin, now, accepted))
    return result


def whole_messages(accepted: Sequence[Accepted], rows_max: int) -> Iterator[list[Accepted]]:
    """Divides messages into parts of about `rows_max` events, and never cuts a message: a positie names whole ones."""
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
    """Returns the number of events to store."""
    return sum(len(message.entries) for message in accepted)


def apart(accepted: Iterable[Accepted]) -> list[Accepted]:
    """Returns each event as if it were alone in its message."""
    return [
        message._replace(entries={number: entry}) for message in accepted for number, entry in message.entries.items()
    ]


def among(accepted: Iterable[Accepted], culprits: Iterable[Unprocessable]) -> set[str]:
    """Returns the ids of the accepted events that turned out to be unprocessable."""
    places = {(culprit.place, culprit.index) for culprit in culprits}
    return {
        entry.event_id
        for message in accepted
        for number, entry in message.entries.items()
        if (message.origin.place, number) in places
    }


def without(accepted: Iterable[Accepted], culprits: Iterable[Unprocessable]) -> list[Accepted]:
    """Returns what remains to store after the unprocessable events are taken out."""
    places = {(culprit.place, culprit.index) for culprit in culprits}
    return [
        message._replace(
            entries={n: entry for n, entry in message.entries.items() if (message.origin.place, n) not in places}
        )
        for message in accepted
    ]


def unprocessable(origin: Origin, number: int, reason: str, now: datetime, first: Said | None = None) -> Unprocessable:
    """Returns an event that is valid but can't be stored, with its bytes as they came."""
    raw = original(origin.body, number)
    return Unprocessable(origin.topic, origin.place, number, reason, now, raw, first)
