"""Since when somebody watches. The first look says it once, also when nothing goes off then."""

from datetime import datetime
from uuid import uuid5

from schemas.events import BewakingBegonnen, Event
from services.core.alarms.alarmen import NAMESPACE, Transition, envelope
from services.core.registers import LANDELIJK

BEGIN_ID = str(uuid5(NAMESPACE, "bewaking-begonnen"))
"""Always the same, so that repeats and second instances are harmless. Of several, the earliest stands."""


def bewaking_begonnen(now: datetime) -> BewakingBegonnen:
    """Returns the event that says that somebody watches."""
    said = envelope(BewakingBegonnen, BEGIN_ID, LANDELIJK, now)
    return BewakingBegonnen.model_validate(said | {"data": {}})


class Bewaking:
    """Since when somebody watches, in whatever order and however often it is heard.

    Where nobody said so, it follows from the first transition of an alarm: only who watches makes one. Silences,
    confirmations and deliveries tell nothing, because people and receivers act without anybody who watches.
    """

    def __init__(self) -> None:
        self.sinds: datetime | None = None
        """None: nobody watched yet."""
        self.gezegd = False
        """Whether it was said."""

    def add(self, event: Event) -> None:
        """Takes note of an event. Other events change nothing."""
        if isinstance(event, Transition | BewakingBegonnen):
            self.sinds = event.time if self.sinds is None else min(self.sinds, event.time)
        self.gezegd = self.gezegd or isinstance(event, BewakingBegonnen)
