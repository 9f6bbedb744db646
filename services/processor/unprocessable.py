"""Puts what could not be accepted on its own topic, for whoever listens there."""

from collections.abc import Sequence

from services.eventlog.producer import Producer
from services.eventlog.topics import MESSAGE_BYTES_MAX, UNPROCESSABLE
from services.store.model import Unprocessable

_BYTES_MAX = MESSAGE_BYTES_MAX - 64 * 1024


def append_unprocessable(producer: Producer, items: Sequence[Unprocessable]) -> None:
    """Appends each item with its reason and its place. Raises BrokerUnavailableError; repeating it does no harm."""
    for item in items:
        place = item.place
        producer.append(
            UNPROCESSABLE,
            None,
            item.raw[:_BYTES_MAX],  # of what would not fit, the beginning: the table keeps all of it
            [
                ("reden", item.reason.encode()),
                ("herkomst", f"{item.topic}/{place.partition}/{place.offset}/{item.index}".encode()),
            ],
        )
