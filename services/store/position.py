"""`positie`: exactly which stored events an answer counted.

The events of a partition are stored in order, and those of a message together. So how far each partition is stored
names the set of stored events: `3-120.98` is the third life of the topic, partition 0 up to offset 120 and partition 1
up to 98. A broker without a disk begins its topics anew. Events that are missing from earlier lives will never come.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

SIMULATED = ":systeem:simulatie"
SEALED = "z"
"""How a positie begins that is sealed (`sealed`). No other does."""
_FORM = re.compile(r"(\d{1,9})-((?:\d{1,19}|x)(?:\.(?:\d{1,19}|x))*)?")


Row = tuple[int, int, str, int, datetime]
"""(epoch, partition, source, last offset, last import)."""


class PositionError(ValueError):
    """A positie that no answer ever carried."""


class Herkomst(NamedTuple):
    """Where an answer comes from: its (V, K), and exactly which stored events were counted."""

    geldig_op: datetime
    bekend_op: datetime
    positie: str
    simulatie: bool
    """Whether any event in the store is simulated. If so, every answer says it."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far each partition is stored, in one life of the topic."""

    epoch: int
    """The number of this life."""
    offsets: tuple[int, ...]
    """The last offset stored of each partition; -1 when there is none yet."""
    simulated: bool = field(default=False, compare=False)
    earlier: Mapping[int, tuple[int, ...]] = field(default_factory=dict, compare=False)
    """The offsets of the lives before this one, by their number."""
    imported_at: datetime = field(default=datetime(1970, 1, 1, tzinfo=UTC), compare=False)
    """When the last event came in that was more than a day old by then: an import of history."""
    rows: tuple[Row, ...] = field(default=(), compare=False, repr=False)
    """The rows that this was made from."""

    def __str__(self) -> str:
        return text_of(self.epoch, self.offsets)

    def herkomst(self, geldig_op: datetime, bekend_op: datetime) -> Herkomst:
        """Returns where an answer at (V, K) comes from when it was counted up to here."""
        return Herkomst(geldig_op, bekend_op, str(self), self.simulated)

    def extended(self, rows: Sequence[Row]) -> "Position":
        """Returns this positie with more stored."""
        return from_rows([*self.rows, *rows]) if rows else self

    def within(self, other: "Position") -> bool:
        """Whether the other one goes at least as far in every partition."""
        if self.epoch != other.epoch:
            return self.epoch < other.epoch
        return len(self.offsets) <= len(other.offsets) and all(
            mine <= theirs for mine, theirs in zip(self.offsets, other.offsets, strict=False)
        )

    def upto(self) -> str:
        """Returns the part of the log up to here, as a condition that the index of the log serves."""
        within = " OR ".join(
            f"(partition = {partition} AND offset <= {offset})"
            for partition, offset in enumerate(self.offsets)
            if offset >= 0
        )
        return f"(epoch < {self.epoch} OR (epoch = {self.epoch} AND ({within or 'false'})))"

    def ends(self) -> str | None:
        """Returns the last offset of each partition, as a condition; None when nothing is stored in this life."""
        ends = [
            f"(partition = {partition} AND offset = {last})" for partition, last in enumerate(self.offsets) if last >= 0
        ]
        return f"epoch = {self.epoch} AND ({' OR '.join(ends)})" if ends else None

    def beyond(self) -> str:
        """Returns the part of the log after here."""
        after = [
            f"(partition = {partition}" + (f" AND offset > {offset})" if offset >= 0 else ")")
            for partition, offset in enumerate(self.offsets)
        ]
        after.append(f"partition >= {len(self.offsets)}")
        return f"(epoch > {self.epoch} OR (epoch = {self.epoch} AND ({' OR '.join(after)})))"


def from_rows(rows: Iterable[Row]) -> Position:
    """Makes a positie of what is stored of each source. More than one row of a source does no harm."""
    last: dict[tuple[int, int, str], tuple[int, datetime]] = {}
    for epoch, partition, source, offset, imported_at in rows:
        known = last.get((epoch, partition, source), (offset, imported_at))
        last[epoch, partition, source] = max(offset, known[0]), max(imported_at, known[1])
    if not last:
        return Position(0, ())
    lives: dict[int, dict[int, int]] = {}
    for (epoch, partition, _), (offset, _) in last.items():
        reached = lives.setdefault(epoch, {})
        reached[partition] = max(offset, reached.get(partition, -1))
    offsets = {epoch: tuple(life.get(p, -1) for p in range(max(life) + 1)) for epoch, life in lives.items()}
    present = max(offsets)
    return Position(
        present,
        offsets.pop(present),
        simulated=any(source.endswith(SIMULATED) for _, _, source in last),
        earlier=offsets,
        imported_at=max(imported_at for _, imported_at in last.values()),
        rows=tuple((*key, *value) for key, value in last.items()),
    )


def parse(text: str, stored: Position) -> Position:
    """Reads a positie as an answer carried it. Raises PositionError when it can't be one of this store."""
    epoch, offsets = numbers_of(text)
    wanted = Position(epoch, offsets, stored.simulated)
    reached = stored.offsets if wanted.epoch == stored.epoch else stored.earlier.get(wanted.epoch, ())
    beyond = any(mine > last for mine, last in zip(offsets, reached, strict=False))
    if wanted.epoch > stored.epoch or len(offsets) > len(reached) or beyond:
        raise PositionError("noemt meer dan er is opgeslagen; neem het veld positie van een eerder antwoord over")
    return wanted


def numbers_of(text: str) -> tuple[int, tuple[int, ...]]:
    """Reads the life and the offsets that a positie names. Raises PositionError."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise PositionError(f"{text[:60]!r} is geen positie; neem het veld positie van een eerder antwoord over")
    offsets = tuple(-1 if part == "x" else int(part) for part in (match[2] or "").split(".") if part)
    return int(match[1]), offsets


def text_of(epoch: int, offsets: Iterable[int]) -> str:
    """Writes a positie."""
    return f"{epoch}-" + ".".join("x" if offset < 0 else str(offset) for offset in offsets)
