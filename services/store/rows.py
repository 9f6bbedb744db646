"""Accepted events → the columns of the log. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from schemas.events import FACTS, Ingetrokken
from services.core.registers import writes
from services.store.model import Accepted

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WRITES = {model: writes.dispatch(model) for model in FACTS}
_MICROSECOND = timedelta(microseconds=1)
_NOTHING = "00000000-0000-0000-0000-000000000000"

MOMENT = "DateTime64(6, 'UTC')"
LOG_COLUMNS = {
    "epoch": "UInt32",
    "partition": "UInt16",
    "offset": "UInt64",
    "event_id": "UUID",
    "source": "String",
    "type": "String",
    "subject": "String",
    "recorded_at": MOMENT,
    "received_at": MOMENT,
    "data": "String",
    "retracts": "UUID",
    "registers": "Array(String)",
    "effective_at": f"Array({MOMENT})",
    "value": "Array(String)",
}


def micros(moment: datetime) -> int:
    """Microseconds since 1970, as DateTime64(6) keeps them: whole, where a float would round."""
    return (moment - _EPOCH) // _MICROSECOND


def log_columns(accepted: Sequence[Accepted]) -> list[Sequence[Any]]:
    """The columns of `gebeurtenis`, in the order of LOG_COLUMNS."""
    events = [item.event for item in accepted]
    places = zip(*[item.origin.place for item in accepted], strict=True)
    written = [_WRITES[type(event)](event) for event in events]
    return [
        *places,
        [event.id for event in events],
        [event.source for event in events],
        [event.type for event in events],
        [event.subject for event in events],
        [(event.time - _EPOCH) // _MICROSECOND for event in events],
        [micros(item.ontvangen_op) for item in accepted],
        [event.content for event in events],
        [event.data.gebeurtenisId if isinstance(event, Ingetrokken) else _NOTHING for event in events],
        [[register for register, _, _ in row] for row in written],
        [[(effective_at - _EPOCH) // _MICROSECOND for _, effective_at, _ in row] for row in written],
        [[_json(value) for _, _, value in row] for row in written],
    ]


def _json(value: Any) -> str:
    return str(value) if type(value) is int else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def columns_of(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows turned on their side; `width` empty columns when there are none."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]
