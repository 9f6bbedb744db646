"""What is sent in one message: one delivery by itself, or the deliveries that a receiver wants together.

A bundle follows from what is left to deliver, so a restart makes the same one again. It begins with the first delivery
that is in no other, and takes all that happened in so long after that. It is due when that time has passed. Its id
follows from what is in it: as long as that is the same, so is the id, and so is the message.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid5

from schemas.ontvangers import Ontvanger
from services.core.alarms.alarmen import NAMESPACE
from services.core.alarms.bezorgd import BezorgKey
from services.core.alarms.bezorging import Besloten, Bezorging

LEDEN_MAX = 500
"""The most deliveries in one message: a receiver need not take more than a few hundred kB."""


class Zending(NamedTuple):
    """One message to a receiver."""

    ontvanger: Ontvanger
    leden: Sequence[Bezorging]
    """What it tells, the oldest first."""
    vanaf: datetime
    """When the next attempt is due."""

    @property
    def id(self) -> str:
        """The id of the message: that of what it tells, or one that follows from all of it."""
        if len(self.leden) == 1:
            return self.leden[0].overgang.id
        return str(uuid5(NAMESPACE, "|".join((self.ontvanger.naam, *(one.overgang.id for one in self.leden)))))

    @property
    def key(self) -> BezorgKey:
        """What tells it apart from other messages."""
        return self.ontvanger.naam, self.id

    @property
    def ronde(self) -> int:
        """The attempts since it was last given up."""
        return max(one.ronde for one in self.leden)


def zendingen(left: Iterable[Bezorging]) -> list[Zending]:
    """Returns the messages that tell all that is left to deliver, those that are due first at the front."""
    found: list[Zending] = []
    together: dict[tuple[str, str, Besloten], list[Bezorging]] = defaultdict(list)
    for one in left:
        if one.ontvanger.wacht_op(one.alarm.ernst):
            together[one.ontvanger.naam, one.alarm.ernst, one.besloten].append(one)
        else:
            found.append(Zending(one.ontvanger, (one,), one.vanaf))
    for some in together.values():
        found += _bundels(some)
    return sorted(found, key=lambda one: (one.vanaf, one.leden[0].overgang.time, one.id))


def _bundels(some: Sequence[Bezorging]) -> Iterator[Zending]:
    """Makes the bundles of one receiver and one ernst, of what the same receivers may hear of."""
    ontvanger = some[0].ontvanger
    wait = ontvanger.wacht_op(some[0].alarm.ernst)
    inside: list[Bezorging] = []
    for one in sorted(some, key=lambda one: (one.overgang.time, one.overgang.id)):
        if inside and (one.overgang.time >= inside[0].overgang.time + wait or len(inside) == LEDEN_MAX):
            yield _bundel(ontvanger, inside, wait)
            inside = []
        inside.append(one)
    yield _bundel(ontvanger, inside, wait)


def _bundel(ontvanger: Ontvanger, inside: Sequence[Bezorging], wait: timedelta) -> Zending:
    due = max(inside[0].overgang.time + wait, *(one.vanaf for one in inside))
    return Zending(ontvanger, tuple(inside), due)
