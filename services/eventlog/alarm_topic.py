"""Says things on the alarms topic: transitions, confirmations, silences, deliveries. Only Opvangpeil itself does."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from schemas.events import Event
from schemas.ids import uuid7
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
    """An id for an event of which no id follows from what it says."""
    return uuid7(int(now.timestamp() * 1000), secrets.randbits(74))
