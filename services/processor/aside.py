"""Puts what could not be stored on its own topic, for whoever listens there."""

from collections.abc import Sequence

from services.eventlog.producer import Producer
from services.eventlog.topics import UNPROCESSABLE
from services.store.model import Unprocessable


def set_aside(producer: Producer, items: Sequence[Unprocessable]) -> None:
    """Append each with its reason and where it stood. Raises BrokerUnavailableError; to repeat is harmless."""
    for item in items:
        place = item.place
        producer.append(
            UNPROCESSABLE,
            None,
            item.raw,
            [
                ("reden", item.reason.encode()),
                ("herkomst", f"{item.topic}/{place.partition}/{place.offset}/{item.index}".encode()),
            ],
        )
