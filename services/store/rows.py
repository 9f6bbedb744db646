"""What is to be stored → the columns of a table. Pure."""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any

from schemas.moments import micros
from services.store.model import Accepted

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


def log_columns(accepted: Sequence[Accepted]) -> list[Sequence[Any]]:
    """The columns of `gebeurtenis`, in the order of LOG_COLUMNS."""
    arrivals = [((*item.origin.place, micros(item.ontvangen_op)), len(item.entries)) for item in accepted]
    arrived = chain.from_iterable(repeat(arrival, count) for arrival, count in arrivals)
    entries = chain.from_iterable(item.entries.values() for item in accepted)
    return [*zip(*arrived, strict=True), *zip(*entries, strict=True)]


def columns_of(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows turned on their side; `width` empty columns when there are none."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]
