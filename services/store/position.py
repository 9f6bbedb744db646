"""`positie`: exactly which stored events an answer counted.

Events are stored in the order of each partition, and a message whole. So how far every partition is stored names the
set: `3-120.98` is the third life of the topic, partition 0 up to offset 120, partition 1 up to 98. A broker without a
disk begins its topics anew; lives before the present one are stored whole, or will never be.
"""

import re
from collections.abc import Iterable
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
    epoch = max(row[0] for row in rows)
    last: dict[int, int] = {}
    for row_epoch, partition, _, offset, _ in rows:
        if row_epoch == epoch:
            last[partition] = max(offset, last.get(partition, -1))
    return Position(
        epoch,
        tuple(last.get(partition, -1) for partition in range(max(last) + 1)),
        simulated=any(row[2].endswith(SIMULATED) for row in rows),
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
    ahead = wanted.epoch > stored.epoch or (
        wanted.epoch == stored.epoch
        and any(
            offset > (stored.offsets[partition] if partition < len(stored.offsets) else -1)
            for partition, offset in enumerate(offsets)
        )
    )
    if ahead:
        raise PositionError(f"positie {text} ligt voorbij wat is opgeslagen ({stored})")
    return wanted
