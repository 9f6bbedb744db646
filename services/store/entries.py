"""Makes entries of the log from bytes. Ingest and processor both do it here, so both judge by the same rules.

An entry weighs a third of the event that it comes from. What becomes of a body depends on its bytes alone, and is
remembered for a moment: where ingest and processor share a process, a message is parsed once. To parse a batch of 1,000
events takes 8 ms, and to find it again 0.1.
"""

import threading
from typing import Any, NamedTuple

import orjson

from schemas.data import ANDERE_REDEN, REDENEN_VAN_STAP
from schemas.errors import TEXTS
from schemas.events import Event, Ingetrokken, ToezichtstapGezet, type_name
from schemas.fields import is_verwijzing
from schemas.moments import micros
from schemas.parsing import Invalid, parse_facts, parse_repeats
from services.core.fold import writes

REMEMBERED_BYTES_MAX = 2 * 1024 * 1024
"""The largest body that is remembered. Its entries weigh some times as much."""
REMEMBERED_MAX = 16
"""How many bodies are remembered between ingest and processor."""
NO_EVENT = "00000000-0000-0000-0000-000000000000"

NO_REFERENCE = ("data.bron", TEXTS["reference"])
"""The field, and what is wrong, of an event that is `only_a_repeat` and was not stored before."""
STEP = type_name(ToezichtstapGezet)
_RETRACTION = type_name(Ingetrokken)

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

    Some may be `only_a_repeat`. The result is remembered until `read_again` asks for it.
    """
    read = _read(body)
    if len(body) <= REMEMBERED_BYTES_MAX and not any(isinstance(item, Invalid) for item in read):
        with _lock:
            _remembered[body] = read
            if len(_remembered) > REMEMBERED_MAX:
                del _remembered[next(iter(_remembered))]
    return read


def judged_as_new(body: bytes) -> Entries:
    """Does what `read_entries` does, where each event that an earlier version took and this one refuses is wrong."""
    return tuple([item if isinstance(item, Invalid) else entry(item) for item in parse_facts(body)])


def only_a_repeat(one: Entry) -> bool:
    """Whether only an earlier version took this event, so that it can be taken as a repeat of a stored one alone."""
    return one.type == STEP and told(one.type, one.data.decode()) != one.data.decode()


def told(type_: str, data: str, *, retracts_step: bool = False) -> str:
    """Returns what is told of the `data` of a stored event.

    Of a step of toezicht, and of a retraction of one (`retracts_step`), that is no bron that is free text; of such a
    retraction no reden in words of its own either. An earlier version took any text there, so it may hold what was
    said. The log keeps it, for a repeat of the event is known by it. Nobody is told it.
    """
    if type_ != STEP and not retracts_step:
        return data
    said = orjson.loads(data)
    if retracts_step and said["reden"] not in REDENEN_VAN_STAP:
        said["reden"] = ANDERE_REDEN
    elif is_verwijzing(said.get("bron", "0")):
        return data
    if not is_verwijzing(said.get("bron", "0")):
        del said["bron"]
    return orjson.dumps(said).decode()


def retracts_in_own_words(type_: str, data: str) -> str | None:
    """Returns the id of what is retracted, where that may be no step of toezicht: by its reden or its bron.

    None for a retraction that would do for a step too, and for every other event.
    """
    if type_ != _RETRACTION or told(type_, data, retracts_step=True) == data:
        return None
    return str(orjson.loads(data)["gebeurtenisId"])


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
    return tuple([item if isinstance(item, Invalid) else entry(item) for item in parse_repeats(body)])


def _json(value: Any) -> str:
    return str(value) if type(value) is int else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
