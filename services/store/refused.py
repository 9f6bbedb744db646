"""What could not be accepted, by number: 1 is the oldest, so that a number keeps its meaning while more come."""

from typing import NamedTuple

from services.store.connect import translated
from services.store.model import Place, Unprocessable
from services.store.store import Store

_KEY = "topic, epoch, partition, offset, position"
_NUMBERED = f"SELECT {_KEY}, row_number() OVER (ORDER BY received_at, {_KEY}) AS number FROM onverwerkbaar FINAL"
_PAGE = f"""
SELECT number, {_KEY}, reason, received_at, length(raw), substring(raw, 1, {{bytes:UInt32}}) AS beginning
FROM onverwerkbaar FINAL INNER JOIN ({_NUMBERED}) AS numbered USING ({_KEY})
WHERE number < {{below:UInt64}} AND positionCaseInsensitiveUTF8(reason, {{reason:String}}) > 0
ORDER BY number DESC LIMIT {{count:UInt32}}
"""
_ALL = 2**32 - 1
_NONE = 2**63


class Refused(NamedTuple):
    """One of them: `item.raw` holds its bytes, or the beginning when `length` is more."""

    number: int
    item: Unprocessable
    length: int


def page(
    store: Store, *, below: int | None = None, reason: str = "", count: int = 50, bytes_max: int = _ALL
) -> list[Refused]:
    """The newest first: with a number under `below`, and a reason that holds this text."""
    parameters = {"below": below or _NONE, "reason": reason, "count": count, "bytes": bytes_max}
    with translated():
        rows = (
            store.connection.client()
            .query(_PAGE, parameters=parameters, column_formats={"beginning": "bytes"})
            .result_rows
        )
    return [
        Refused(number, Unprocessable(topic, Place(epoch, partition, offset), index, why, received, raw), length)
        for number, topic, epoch, partition, offset, index, why, received, length, raw in rows
    ]


def one(store: Store, number: int) -> Refused | None:
    """The one with this number, whole."""
    found = page(store, below=number + 1, count=1)
    return found[0] if found and found[0].number == number else None
