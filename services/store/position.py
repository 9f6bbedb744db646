"""`positie`: exactly which stored events an answer counted.

Events are stored in the order of each partition, and a message whole. So how far every partition is stored names the
set: `3-120.98` is the third life of the topic, partition 0 up to offset 120, partition 1 up to 98. A broker without a
disk begins its topics anew; lives before the present one are stored whole, or will never be.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

SIMULATED = ":systeem:simulatie"
_FORM = re.compile(r"(\d{1,9})-((?:\d{1,19}|x)(?:\.(?:\d{1,19}|x))*)?")


Row = tuple[int, int, str, int, datetime]
"""(epoch, partition, source, last offset, last import)."""


class PositionError(ValueError):
    """A positie that no answer ever carried."""


class Herkomst(NamedTuple):
    """Of when an answer is, and exactly which stored events it was counted from."""

    geldig_op: datetime
    bekend_op: datetime
    positie: str
    simulatie: bool
    """At least one event in the store is simulated, so every answer says so."""


@dataclass(frozen=True, slots=True)
class Position:
    """The last offset stored of each partition (-1: none yet), in one life of the topic."""

    epoch: int
    offsets: tuple[int, ...]
    simulated: bool = field(default=False, compare=False)
    earlier: Mapping[int, tuple[int, ...]] = field(default_factory=dict, compare=False)
    """The same of the lives before this one."""
    imported_at: datetime = field(default=datetime(1970, 1, 1, tzinfo=UTC), compare=False)
    """When an event was last received that was more than a day old: an import of history."""

    rows: tuple[Row, ...] = field(default=(), compare=False, repr=False)
    """What it was made from."""

    def __str__(self) -> str:
        return f"{self.epoch}-" + ".".join("x" if offset < 0 else str(offset) for offset in self.offsets)

    def herkomst(self, geldig_op: datetime, bekend_op: datetime) -> Herkomst:
        """What an answer at (V, K) says of itself that was counted up to here."""
        return Herkomst(geldig_op, bekend_op, str(self), self.simulated)

    def extended(self, rows: Sequence[Row]) -> "Position":
        """The same with more stored."""
        return from_rows([*self.rows, *rows]) if rows else self

    def within(self, other: "Position") -> bool:
        """Whether the other goes at least as far, in every partition."""
        if self.epoch != other.epoch:
            return self.epoch < other.epoch
        return len(self.offsets) <= len(other.offsets) and all(
            mine <= theirs for mine, theirs in zip(self.offsets, other.offsets, strict=False)
        )

    def upto(self) -> str:
        """The part of the log up to here, as a condition that the key of the log serves."""
        within = " OR ".join(
            f"(partition = {partition} AND offset <= {offset})"
            for partition, offset in enumerate(self.offsets)
            if offset >= 0
        )
        return f"(epoch < {self.epoch} OR (epoch = {self.epoch} AND ({within or 'false'})))"

    def ends(self) -> str | None:
        """The last offset of each partition, as a condition; None when nothing is stored in this life."""
        ends = [
            f"(partition = {partition} AND offset = {last})" for partition, last in enumerate(self.offsets) if last >= 0
        ]
        return f"epoch = {self.epoch} AND ({' OR '.join(ends)})" if ends else None

    def beyond(self) -> str:
        """The part of the log after here."""
        after = [
            f"(partition = {partition}" + (f" AND offset > {offset})" if offset >= 0 else ")")
            for partition, offset in enumerate(self.offsets)
        ]
        after.append(f"partition >= {len(self.offsets)}")
        return f"(epoch > {self.epoch} OR (epoch = {self.epoch} AND ({' OR '.join(after)})))"


def from_rows(rows: Iterable[Row]) -> Position:
    """From what is stored of each source; more than one row of each does no harm."""
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
    """Read a positie as an answer carried it. Raises PositionError when it can't be one of this store's."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise PositionError(
            f"{text!r} is geen positie; neem het veld positie van een eerder antwoord over, zoals {stored}"
        )
    offsets = tuple(-1 if part == "x" else int(part) for part in (match[2] or "").split(".") if part)
    wanted = Position(int(match[1]), offsets, stored.simulated)
    reached = stored.offsets if wanted.epoch == stored.epoch else stored.earlier.get(wanted.epoch, ())
    beyond = any(mine > last for mine, last in zip(offsets, reached, strict=False))
    if wanted.epoch > stored.epoch or len(offsets) > len(reached) or beyond:
        raise PositionError(f"positie {text} noemt meer dan er is opgeslagen (nu {stored})")
    return wanted
