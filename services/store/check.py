"""Compares the tables with the registers that the core's fold makes of the whole log (`opvangpeil controleer`)."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from schemas.events import Event, Ingetrokken, type_name
from services.core.fold import fold
from services.core.registers import Registers, Winner
from services.store.store import Store

CHUNK = 20_000
"""How many events are folded at a time."""
POINTS = 4
"""How many moments of the past are compared, besides the present."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A register in which the tables and the log differ. None means that no write is in force."""

    geldig_op: datetime
    bekend_op: datetime
    onderwerp: str
    register: str
    logboek: Winner | None
    tabellen: Winner | None


def check(store: Store, now: datetime, seed: int, progress: Callable[[int], None] = lambda _: None) -> list[Difference]:
    """Finds every difference, now and at some moments of the past.

    Args:
        store: the store whose tables are compared.
        now: the present.
        seed: decides which moments of the past.
        progress: is told how many more events were read.
    """
    points = [(now, now), *_points(store, now, seed)]
    expected: list[dict[tuple[str, str], Winner]] = [{} for _ in points]
    retractions = list(store.events(type_name(Ingetrokken)))
    for chunk in _chunks(store.events()):
        facts = [event for event in chunk if not isinstance(event, Ingetrokken)]
        for registers, (valid_at, known_at) in zip(expected, points, strict=True):
            # The greatest of the greatest of parts is the greatest of all: a fold may go chunk by chunk.
            for key, winner in fold([*facts, *retractions], valid_at, known_at).items():
                if key not in registers or winner.rank > registers[key].rank:
                    registers[key] = winner
        progress(len(chunk))
    return [
        difference
        for registers, (valid_at, known_at) in zip(expected, points, strict=True)
        for difference in _compare(registers, store.view(valid_at, known_at, now=now).registers, valid_at, known_at)
    ]


def _compare(log: Registers, tables: Registers, valid_at: datetime, known_at: datetime) -> Iterator[Difference]:
    for subject, register in sorted(log.keys() | tables.keys()):
        key = subject, register
        if log.get(key) != tables.get(key):
            yield Difference(valid_at, known_at, subject, register, log.get(key), tables.get(key))


def _points(store: Store, now: datetime, seed: int) -> list[tuple[datetime, datetime]]:
    """Some pairs (V, K) within the time of the log, with V before and after K."""
    oldest, _ = store.log(bekend_op=now, aantal=1)
    if not oldest:
        return []
    first = oldest[0].time
    chance = random.Random(seed)  # noqa: S311 - which moments to look at, no secret
    span = now - first

    def moment() -> datetime:
        return (first + timedelta(seconds=chance.random() * span.total_seconds())).astimezone(UTC)

    return [(moment(), moment()) for _ in range(POINTS)]


def _chunks(events: Iterator[Event]) -> Iterator[list[Event]]:
    while chunk := list(islice(events, CHUNK)):
        yield chunk
