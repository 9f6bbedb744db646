"""`positie`: exactly which stored events an answer counted.

Events are stored in the order of each partition, and a message whole. So how far every partition is stored names the
set: `3-120.98` is the third life of the topic, partition 0 up to offset 120, partition 1 up to 98. A broker without a
disk begins its topics anew; lives before the present one are stored whole, or will never be.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from services.store.model import PositionError

SIMULATED = ":systeem:simulatie"
_FORM = re.compile(r"(\d{1,9})-((?:\d{1,19}|x)(?:\.(?:\d{1,19}|x))*)?")


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

    def __str__(self) -> str:
        return f"{self.epoch}-" + ".".join("x" if offset < 0 else str(offset) for offset in self.offsets)

    def parameters(self) -> dict[str, Any]:
        """For the queries that count only what was stored at this position."""
        return {
            "epoch": self.epoch,
            "partitions": list(range(len(self.offsets))) or [0],
            "offsets": list(self.offsets) or [-1],
        }


def from_rows(rows: Iterable[tuple[int, int, str, int, datetime]]) -> Position:
    """From (epoch, partition, source, last offset, last import) of all that is stored."""
    rows = list(rows)
    if not rows:
        return Position(0, ())
    lives: dict[int, dict[int, int]] = {}
    for epoch, partition, _, offset, _ in rows:
        last = lives.setdefault(epoch, {})
        last[partition] = max(offset, last.get(partition, -1))
    offsets = {epoch: tuple(last.get(p, -1) for p in range(max(last) + 1)) for epoch, last in lives.items()}
    present = max(offsets)
    return Position(
        present,
        offsets.pop(present),
        simulated=any(row[2].endswith(SIMULATED) for row in rows),
        earlier=offsets,
        imported_at=max(row[4] for row in rows),
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
