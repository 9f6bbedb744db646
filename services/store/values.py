"""Rows that a query gave → values. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import orjson

from schemas.events import Event
from schemas.moments import from_micros, micros
from schemas.parsing import Invalid, parse_stored
from services.core.history.verloop import Metingen, Verloop
from services.core.reasons.verklaring import Gelogd
from services.core.registers import Key, Register, Registers, Winner
from services.core.standen import Standen, standen
from services.store.model import LogEntry, StoreRefusedError
from services.store.present import Arrived

_MASK, _ID = (1 << 64) - 1, (1 << 128) - 1


def events_of(block: Iterable[Sequence[Any]]) -> Iterator[Event]:
    """Rows of the log as events again. They were accepted once, so a row that is not is a fault worth stopping for."""
    envelopes = [
        b'{"specversion":"1.0","id":"%s","source":%s,"type":"%s","subject":"%s","time":"%s","data":%s}'
        % (
            str(id_).encode(),
            orjson.dumps(source),
            type_.encode(),
            subject.encode(),
            time.astimezone(UTC).replace(tzinfo=None).isoformat().encode() + b"Z",
            data.encode(),
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
    """Rows of the log as events, with when they were received."""
    events = events_of([(*row[:5], row[6]) for row in rows])
    return [Gelogd(event, row[5]) for event, row in zip(events, rows, strict=True)]


def entry_of(row: Sequence[Any]) -> LogEntry:
    """A row of the log as it was stored."""
    id_, source, type_, subject, time, received, data = row
    return LogEntry(str(id_), source, type_, subject, time, received, orjson.loads(data))


def registers_of(rows: Sequence[Any]) -> Registers:
    """Rows of (register, subject, value, ver) as the registers in force."""
    return {(subject, register): winner_of(value, ver) for register, subject, value, ver in rows}


def steps_of(rows: Sequence[Any]) -> list[tuple[Key, Winner]]:
    """The same, of which a register may have several."""
    return [((subject, register), winner_of(value, ver)) for register, subject, value, ver in rows]


def counted_of(columns: Sequence[Any]) -> tuple[Registers, Standen]:
    """What is said of all that is no locatie, in force; and of each locatie a row of numbers."""
    if not columns:
        return {}, standen([])
    about, law, *numbers = columns
    in_force = {
        (subject, register): winner_of(value, ver)
        for subject, writes in zip(about, law, strict=True)
        if subject
        for ver, register, value in sorted((int(ver), *said) for *said, ver in orjson.loads(writes))
    }
    return in_force, Standen(np.array(numbers, dtype=np.int64)[:, [subject == "" for subject in about]])


def metingen_of(rows: Sequence[tuple[str, Sequence[int], Sequence[int]]]) -> Metingen:
    """Rows of (subject, its peilmomenten, people), in order, as columns."""
    none = np.array([], dtype=np.int64)
    moments, people = (np.concatenate([none, *(np.array(row[n], dtype=np.int64) for row in rows)]) for n in (1, 2))
    counts = np.array([len(row[1]) for row in rows], dtype=np.int64)
    return Metingen([row[0] for row in rows], np.repeat(np.arange(len(rows)), counts), moments, people)


def verloop_of(van: datetime, tot: datetime, writes: Iterable[tuple[Key, Winner]]) -> Verloop:
    """All writes that take effect before `tot`, in order of register and moment, as what they say from `van` on."""
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
    """What an event that came in since the last look changes."""
    id_ = str(own_id)
    writes = [
        ((subject, register), Winner(orjson.loads(value), effective, recorded_at, id_))
        for register, effective, value in zip(registers, effective_at, values, strict=True)
    ]
    return Arrived((id_, source), bool(retracts), writes)


def winner_of(value: str, ver: int) -> Winner:
    """The write behind a `ver`: it holds both moments and the id."""
    digits = f"{ver & _ID:032x}"
    own_id = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    return Winner(orjson.loads(value), from_micros(ver >> 192), from_micros(ver >> 128 & _MASK), own_id)
