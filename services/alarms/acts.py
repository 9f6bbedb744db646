"""Says what operators do as events on the alarms topic, under a pseudonym."""

import asyncio
import re
import time
from hashlib import sha256

from schemas.events import Event
from services.access import Caller
from services.eventlog.brokers import BrokerUnavailableError
from services.eventlog.producer import Producer, say
from services.reads.reader import Reader
from services.web.problems import unavailable

STORED_SECONDS_MAX = 3.0
"""An answer waits this long for the act to be stored. The act itself lasts, whatever comes of the wait."""
_PSEUDONYM = re.compile(r"[A-Za-z0-9._-]{1,60}")


class Acts:
    """Says an event on the alarms topic and waits until it is stored."""

    def __init__(self, reader: Reader, producer: Producer) -> None:
        self._reader, self._producer = reader, producer

    async def __call__(self, event: Event) -> int:
        """Returns the HTTP status: 201 when the next question shows the act, 202 when a later one will.

        Raises ProblemError 503 when the broker does not confirm it.
        """
        try:
            await say(self._producer, [event])
        except BrokerUnavailableError as error:
            why = "De broker bevestigt niet. Kijk zo of het toch is vastgelegd, en probeer het anders opnieuw."
            raise unavailable(why) from error
        deadline = time.monotonic() + STORED_SECONDS_MAX
        while time.monotonic() < deadline:
            if event.id in await asyncio.to_thread(self._reader.store.alarms.ids_from, event.time):
                return 201
            await asyncio.sleep(0.02)
        return 202


def pseudonym(caller: Caller) -> str:
    """Returns who did it: the name of a token, or the subject that an issuer gave.

    A name that does not fit the form of a pseudonym becomes a hash.
    """
    name = caller.name or caller.id
    if _PSEUDONYM.fullmatch(name):
        return name
    return f"{caller.kind}-{sha256(name.encode()).hexdigest()[:16]}"
