"""Converts between plain values and rows of the tables. It does no I/O."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import Any
from uuid import UUID

import numpy as np
import orjson

from schemas.events import Event
from schemas.moments import from_micros, micros
from schemas.parsing import Invalid, parse_stored
from services.core.history.verloop import Metingen, Verloop
from services.core.reasons.verklaring import Gelogd, Logregel
from services.core.registers import Key, Register, Registers, Winner, Write, counts_from
from services.core.standen import GEEN, Standen
from services.store.entries import told
from services.store.model import Accepted, LogEntry, StoreRefusedError
from services.store.present import Ahead, Arrived, in_order
from services.store.shield import Shield

MOMENT = "DateTime64(6, 'UTC')"
LOG_COLUMNS = {
    "epoch": "UInt32",
    "partition": "UInt16",
    "offset": "UInt64",
    "received_at": MOMENT,
    "event_id": "UUID",
    "source": "String",
    "type": "String",
    "subject": "String",
    "recorded_at": MOMENT,
    "data": "String",
    "retracts": "UUID",
    "registers": "Array(String)",
    "effective_at": f"Array({MOMENT})",
    "value": "Array(String)",
}
"""Where and when an event arrived, and then the fields of `Entry`."""
UNPROCESSABLE_COLUMNS = {
    "topic": "LowCardinality(String)",
    "epoch": "UInt32",
    "partition": "UInt16",
    "offset": "UInt64",
    "position": "UInt32",
    "reason": "String",
    "received_at": MOMENT,
    "raw": "String",
}
ALARM_COLUMNS = {
    "event_id": "UUID",
    "recorded_at": MOMENT,
    "event": "String",
    "priority": "Int64",
    "epoch": "UInt32",
    "offset": "UInt64",
}
LIFE_COLUMNS = {"epoch": "UInt32", "topic_id": "UUID"}
SEAL_COLUMNS = {"key": "String"}
_MASK, _ID = (1 << 64) - 1, (1 << 128) - 1


def log_columns(accepted: Sequence[Accepted]) -> list[Sequence[Any]]:
    """Returns the columns of `gebeurtenis`, in the order of LOG_COLUMNS."""
    arrivals = [((*item.origin.place, micros(item.ontvangen_op)), len(item.entries)) for item in accepted]
    arrived = chain.from_iterable(repeat(arrival, count) for arrival, count in arrivals)
    entries = chain.from_iterable(item.entries.values() for item in accepted)
    return [*zip(*arrived, strict=True), *zip(*entries, strict=True)]


def columns_of(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Turns rows into columns; gives `width` empty columns when there are no rows."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]


def events_of(block: Iterable[Sequence[Any]]) -> Iterator[Event]:
    """Makes events of rows of the log (id, source, type, subject, time, data).

    Raises StoreRefusedError for a row that is no valid event: it was accepted once, so something is badly wrong.
    """
    envelopes = [
        b'{"specversion":"1.0","id":"%s","source":%s,"type":"%s","subject":"%s","time":"%s","data":%s}'
        % (
            str(id_).encode(),
            orjson.dumps(source),
            type_.encode(),
            subject.encode(),
            time.astimezone(UTC).replace(tzinfo=None).isoformat().encode() + b"Z",
            told(type_, data).encode(),
        )
        for id_, source, type_, subject, time, data in block
    ]
    for one in parse_stored(b"[" + b",".join(envelopes) + b"]") if envelopes else ():
        if isinstance(one, Invalid):
            raise StoreRefusedError(
                f"in het logboek staat een gebeurtenis die niet geldig is: {one.reason} ({one.raw!r})"
            )
        yield one


def logged_of(rows: Sequence[Any]) -> list[Gelogd]:
    """Makes events of rows of the log (id, source, type, subject, time, received, data), with when they came in."""
    events = events_of([(*row[:5], row[6]) for row in rows])
    return [Gelogd(event, row[5]) for event, row in zip(events, rows, strict=True)]


def written_of(rows: Sequence[Any]) -> list[Logregel]:
    """Makes events with their writes of rows of `log/behind_writes.sql`, without reading all that they say."""
    return [
        Logregel(
            id_,
            source,
            type_,
            subject,
            from_micros(time),
            from_micros(received),
            [
                Write(register, from_micros(since), orjson.loads(value))
                for register, since, value in zip(registers, effective, values, strict=True)
            ],
            orjson.loads(data) if data else None,
        )
        for id_, source, type_, subject, time, received, registers, effective, values, data in rows
    ]


def entry_of(row: Sequence[Any]) -> LogEntry:
    """Makes an entry of a row of the log (id, source, type, subject, time, received, data)."""
    id_, source, type_, subject, time, received, data = row
    return LogEntry(str(id_), source, type_, subject, time, received, orjson.loads(told(type_, data)))


def registers_of(rows: Sequence[Any]) -> Registers:
    """Makes registers of rows (register, subject, value, ver), at most one row for each register."""
    return {(subject, register): winner_of(value, ver) for register, subject, value, ver in rows}


def steps_of(rows: Sequence[Any]) -> list[tuple[Key, Winner]]:
    """Makes writes of rows (register, subject, value, ver), in their order; a register may have several."""
    return [((subject, register), winner_of(value, ver)) for register, subject, value, ver in rows]


def ahead_of(rows: Sequence[Any]) -> list[Ahead]:
    """Makes what is to come of rows (register, subject, value, ver, source), in the order in which it starts."""
    writes = [((subject, register), winner_of(value, ver), source) for register, subject, value, ver, source in rows]
    return in_order(Ahead(counts_from(key, winner), key, winner, source) for key, winner, source in writes)


def shield_of(rows: Sequence[Any], announced: frozenset[str]) -> Shield:
    """Makes the shield of rows (locatie, source, whether it ever shielded, value, ver), one for each two."""
    ever = frozenset(locatie for locatie, _, shields, _, _ in rows if shields)
    standing = {(locatie, source): winner_of(value, ver) for locatie, source, _, value, ver in rows if ver}
    return Shield(ever, standing, announced)


def counted_of(columns: Sequence[Any]) -> tuple[Registers, Standen, Standen]:
    """Makes what sums need of the columns of `registers/standen.sql`.

    Returns:
        The registers in force of all subjects except locaties, a column of numbers for each locatie, and such a column
        for each of those that were to be left out.
    """
    if not columns:
        return {}, GEEN, GEEN
    about, law, left_out, *numbers = columns
    in_force = {
        (subject, register): winner_of(value, ver)
        for subject, writes in zip(about, law, strict=True)
        if subject
        for ver, register, value in sorted((int(ver), *said) for *said, ver in orjson.loads(writes))
    }
    found = Standen(np.array(numbers, dtype=np.int64))
    of_locatie, hidden = np.array([subject == "" for subject in about]), np.array(left_out, dtype=np.bool_)
    return in_force, found.where(of_locatie & ~hidden), found.where(of_locatie & hidden)


def metingen_of(rows: Sequence[tuple[str, Sequence[int], Sequence[int]]]) -> Metingen:
    """Makes columns of rows (subject, its peilmomenten in microseconds, the people at each), in their order."""
    none = np.array([], dtype=np.int64)
    moments, people = (np.concatenate([none, *(np.array(row[n], dtype=np.int64) for row in rows)]) for n in (1, 2))
    counts = np.array([len(row[1]) for row in rows], dtype=np.int64)
    return Metingen([row[0] for row in rows], np.repeat(np.arange(len(rows)), counts), moments, people)


def verloop_of(van: datetime, tot: datetime, writes: Iterable[tuple[Key, Winner]]) -> Verloop:
    """Makes the course of registers from `van` until `tot` of all writes that take effect before `tot`.

    Args:
        van: from when the course is told; writes until then say how it begins.
        tot: until when.
        writes: in the order of register and moment.
    """
    begin: dict[Key, Winner] = {}
    steps: list[tuple[Key, Winner]] = []
    read: dict[str, tuple[list[int], list[int]]] = {}
    for key, winner in writes:
        if winner.effective_at <= van:
            begin[key] = winner
        elif Register.of(key) is Register.AANWEZIG:
            moments, people = read.setdefault(key[0], ([], []))
            moments.append(micros(winner.effective_at))
            people.append(winner.value)
        else:
            steps.append((key, winner))
    return Verloop(van, tot, begin, steps, metingen_of([(subject, *columns) for subject, columns in read.items()]))


def arrived_of(
    source: str,
    own_id: UUID,
    recorded_at: datetime,
    retracts: int,
    subject: str,
    registers: list[str],
    effective_at: list[datetime],
    values: list[str],
) -> Arrived:
    """Makes what an event changes of its row in `registers/since.sql`."""
    id_ = str(own_id)
    writes = [
        ((subject, register), Winner(orjson.loads(value), effective, recorded_at, id_))
        for register, effective, value in zip(registers, effective_at, values, strict=True)
    ]
    return Arrived((id_, source), bool(retracts), writes)


def winner_of(value: str, ver: int) -> Winner:
    """Makes a write of its value and its `ver`, which holds both moments and the id."""
    digits = f"{ver & _ID:032x}"
    own_id = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    return Winner(orjson.loads(value), from_micros(ver >> 192), from_micros(ver >> 128 & _MASK), own_id)
