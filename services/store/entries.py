"""Bytes → entries of the log. Ingest and processor read with this alike, so that both judge by the same rules.

An entry weighs a third of the event it comes from. Reading is a pure function of the bytes and is remembered for a
moment: where ingest and processor share a process, a message that was just read is not read again.
"""

import threading
from typing import Any, NamedTuple

import orjson

from schemas.events import Event, Ingetrokken
from schemas.moments import micros
from schemas.parsing import Invalid, parse_facts
from services.core.fold import writes

REMEMBERED_BYTES_MAX = 2 * 1024 * 1024
"""The largest body to remember: its entries weigh some times as much."""
REMEMBERED_MAX = 16
"""Bodies to remember between ingest and processor."""
NO_EVENT = "00000000-0000-0000-0000-000000000000"

Said = tuple[str, str, str, int, bytes]
"""What an event says besides its id: equal for a repeat, other for an id that is used again."""


class Entry(NamedTuple):
    """An event as the log keeps it, with the register writes that the core made of it; moments in microseconds."""

    event_id: str
    source: str
    type: str
    subject: str
    recorded_at: int
    data: bytes
    retracts: str
    registers: list[str]
    effective_at: list[int]
    value: list[str]

    @property
    def said(self) -> Said:
        """What it says besides its id."""
        return self[1:6]


Entries = tuple[Entry | Invalid, ...]
"""What a message says, in its order: each item an entry, or why it is none."""


def read_entries(body: bytes) -> Entries:
    """Read one event or a batch of the types that sources may send. Never raises, never returns nothing.

    Remembered until `read_again` asks for it.
    """
    read = _read(body)
    if len(body) <= REMEMBERED_BYTES_MAX and not any(isinstance(item, Invalid) for item in read):
        with _lock:
            _remembered[body] = read
            if len(_remembered) > REMEMBERED_MAX:
                del _remembered[next(iter(_remembered))]
    return read


def read_again(body: bytes) -> Entries:
    """The same, of a body that may have been read just now in this process."""
    with _lock:
        read = _remembered.pop(body, None)
    return _read(body) if read is None else read


_lock = threading.Lock()
_remembered: dict[bytes, Entries] = {}


def entry(event: Event) -> Entry:
    """What the log keeps of an event that was accepted."""
    registers, moments, values = [], [], []
    for register, effective_at, value in writes(event):
        registers.append(register)
        moments.append(micros(effective_at))
        values.append(_json(value))
    return Entry(
        event.id,
        event.source,
        event.type,
        event.subject,
        micros(event.time),
        event.content,
        event.data.gebeurtenisId if isinstance(event, Ingetrokken) else NO_EVENT,
        registers,
        moments,
        values,
    )


def _read(body: bytes) -> Entries:
    return tuple([item if isinstance(item, Invalid) else entry(item) for item in parse_facts(body)])


def _json(value: Any) -> str:
    return str(value) if type(value) is int else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
