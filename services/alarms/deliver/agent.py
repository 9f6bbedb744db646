"""What Faust does with the messages of the alarms topic, for whoever delivers them: lets the courier hear of them."""

from collections.abc import Sequence

from schemas.events import Event
from schemas.parsing import parse_alarms
from services.alarms.deliver.courier import Courier
from services.processor.batch import Message
from services.processor.worker import Handler

DELIVERY_GROUP = "opvangpeil-bezorging"
"""The consumer group. Where it has read is of no importance: what is left to tell follows from what was told."""


def hearing(courier: Courier) -> Handler[Sequence[Event], Sequence[Event]]:
    """Acknowledged as soon as they were heard: what was told is said on the topic itself, and found there again."""

    async def read(messages: Sequence[Message]) -> Sequence[Event]:
        said = [item for message in messages for item in parse_alarms(message.value or b"")]
        return [item for item in said if isinstance(item, Event)]  # what is none is set aside by the processor

    async def decide(events: Sequence[Event]) -> Sequence[Event]:
        return events

    async def store(events: Sequence[Event]) -> None:
        courier.hear(events)

    return Handler(read, decide, store)
