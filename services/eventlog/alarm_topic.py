"""Says things on the alarms topic: transitions, confirmations, silences, deliveries. Only Opvangpeil itself does."""

import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from schemas.events import Event
from services.eventlog.producer import Producer
from services.eventlog.topics import ALARMS

One = TypeVar("One", bound=Event)
_HEADERS = [("content-type", b"application/cloudevents+json")]


async def say(producer: Producer, events: Sequence[One], confirmed: Callable[[One], object] = lambda _: None) -> None:
    """Append events, in this order; `confirmed` hears of each that the broker has. Raises BrokerUnavailableError."""
    outcomes = await asyncio.gather(
        *(
            producer.append_async(ALARMS, one.subject, one.model_dump_json(exclude_none=True).encode(), _HEADERS)
            for one in events
        ),
        return_exceptions=True,
    )
    for one, outcome in zip(events, outcomes, strict=True):
        if not isinstance(outcome, BaseException):
            confirmed(one)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


def new_id(now: datetime) -> str:
    """An id for an event of which no id follows from what it says: UUIDv7 (RFC 9562 §5.7), so that ids are in order."""
    moment = int(now.timestamp() * 1000)
    chance = int.from_bytes(os.urandom(10), "big")
    high = moment << 80 | 0x7 << 76 | (chance >> 68 & 0xFFF) << 64
    return str(UUID(int=high | 0b10 << 62 | chance & (1 << 62) - 1))
