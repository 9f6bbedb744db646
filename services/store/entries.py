"""Makes entries of the log from bytes. Ingest and processor both do it here, so both judge by the same rules.

An entry weighs a third of the event that it comes from. What becomes of a body depends on its bytes alone, and is
remembered for a moment: where ingest and processor share a process, a message is parsed once. To parse a batch of 1,000
events takes 8 ms, and to find it again 0.1.
"""

import threading
from typing import Any, NamedTuple

import orjson

from schemas.events import Event, Ingetrokken
from schemas.moments import micros
from schemas.parsing import Invalid, parse_facts
from services.core.fold import writes

REMEMBERED_BYTES_MAX = 2 * 1024 * 1024
"""The largest body that is remembered. Its entries weigh some times as much."""
REMEMBERED_MAX = 16
"""How many bodies are remembered between ingest and processor."""
NO_EVENT = "00000000-0000-0000-0000-000000000000"

Said = tuple[str, str, str, int, bytes]
"""What an event says besides its id. A repeat says the same; an event that reuses an id says something else."""


class Entry(NamedTuple):
    """An event as the log keeps it, with the writes to registers that the core made of it. Moments are microseconds."""

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
        """Returns what the event says besides its id."""
        return self[1:6]


Entries = tuple[Entry | Invalid, ...]
"""What a message says, in its order. Each item is an entry, or says why it is none."""


def read_entries(body: bytes) -> Entries:
    """Parses one event or a batch, of the types that sources may send. Never raises, and never returns nothing.

    The result is remembered until `read_again` asks for it.
    """
    read = _read(body)
    if len(body) <= REMEMBERED_BYTES_MAX and not any(isinstance(item, Invalid) for item in read):
        with _lock:
            _remembered[body] = read
            if len(_remembered) > REMEMBERED_MAX:
                del _remembered[next(iter(_remembered))]
    return read


def read_again(body: bytes) -> Entries:
    """Gives the entries of a body that `read_entries` may have parsed just now in this process."""
    with _lock:
        read = _remembered.pop(body, None)
    return _read(body) if read is None else read


_lock = threading.Lock()
_remembered: dict[bytes, Entries] = {}


def entry(event: Event) -> Entry:
    """Makes the entry of an event that was accepted."""
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
