"""Says what operators do as events on the alarms topic, under a pseudonym: take alarms up, silence some, end a silence.

The id of an act follows from what it says and from what was said of it before. So doing the same twice at once is one
act, and so is doing again what is still so.
"""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import uuid5

from schemas.alarm_data import BevestigingData, StilteData
from schemas.alarmregels import van_toezicht
from schemas.events import AlarmBevestigd, Event, StilteBeeindigd, StilteIngesteld
from schemas.fields import format_moment
from services.access import Caller
from services.core.alarms.alarmen import NAMESPACE, Alarm, Bevestiging, envelope
from services.core.alarms.stiltes import Stilte
from services.core.registers import LANDELIJK
from services.eventlog.brokers import BrokerUnavailableError
from services.eventlog.producer import Producer, say
from services.reads.question import question_of_now
from services.reads.reader import Reader
from services.web.problems import unavailable

STORED_SECONDS_MAX = 3.0
"""An answer waits this long for the acts to be stored. An act itself lasts, whatever comes of the wait."""
SAME_SILENCE_WITHIN = timedelta(minutes=2)
"""Of two silences that say the same and end so close together, the second is the first again."""
SAID_TWICE_WITHIN = timedelta(minutes=2)
"""An act that is said from two pages is stored once, under the first time. That lies at most so long before."""
_PSEUDONYM = re.compile(r"[A-Za-z0-9._-]{1,60}")


class Acts:
    """Says events on the alarms topic and waits until they are stored."""

    def __init__(self, reader: Reader, producer: Producer) -> None:
        self._reader, self._producer = reader, producer

    async def __call__(self, events: Sequence[Event]) -> int:
        """Returns the HTTP status: 201 when the next question shows the acts, 202 when a later one will.

        Raises ProblemError 503 when the broker does not confirm them.
        """
        if not events:
            return 201
        try:
            await say(self._producer, events)
        except BrokerUnavailableError as error:
            why = "De broker bevestigt niet. Kijk zo of het toch is vastgelegd, en probeer het anders opnieuw."
            raise unavailable(why) from error
        deadline, first = time.monotonic() + STORED_SECONDS_MAX, min(one.time for one in events)
        said = {one.id for one in events}
        while time.monotonic() < deadline:
            # One that was said at the same moment from another page may be stored under an earlier time.
            if said <= await asyncio.to_thread(self._reader.store.alarms.ids_from, first - SAID_TWICE_WITHIN):
                return 201
            await asyncio.sleep(0.02)
        return 202


class Wens(NamedTuple):
    """A silence as somebody asks for it."""

    regel: str | None
    onderwerp: str | None
    vanaf: datetime | None
    """None: from now on."""
    tot: datetime
    reden: str
    grootheid: str | None
    """What the rule watches, which decides who may know of the silence."""


def wens_over(alarm: Alarm, tot: datetime, reden: str) -> Wens:
    """Returns the silence of one alarm from now on.

    Of a rule that can't judge and is only for toezicht, all is silenced by the name of that rule: a silence of the lack
    of data itself would be there for everybody to see.
    """
    if alarm.voor_regel is not None and van_toezicht(alarm.grootheid):
        return Wens(alarm.voor_regel, alarm.onderwerp, None, tot, reden, alarm.grootheid)
    return Wens(alarm.regel, alarm.onderwerp, None, tot, reden, None if alarm.voor_regel else alarm.grootheid)


class Daden:
    """What operators may do. Whoever calls has checked that the caller may, and may see what it is about."""

    def __init__(self, reader: Reader, producer: Producer, regels: Mapping[str, str | None]) -> None:
        """`regels`: the names that alarms can carry, each with what its rule watches."""
        self.reader, self._regels = reader, regels
        self._say = Acts(reader, producer)

    def regels(self, caller: Caller) -> Mapping[str, str | None]:
        """Returns the names that alarms can carry that the caller may see, each with what its rule watches."""
        may = caller.audience.sees_toezicht
        return {naam: watches for naam, watches in self._regels.items() if may or not van_toezicht(watches)}

    async def oppakken(
        self, caller: Caller, alarmen: Sequence[Alarm], notitie: str | None
    ) -> tuple[int, list[Bevestiging]]:
        """Takes alarms up. Who took one up with the same note already says nothing new."""
        now, who = self.reader.clock(), pseudonym(caller)
        held = {one.id: one.bevestiging for one in alarmen}
        same = {own_id for own_id, one in held.items() if one and (one.door, one.notitie) == (who, notitie)}
        made = {one.id: _confirmation(one, who, notitie, now) for one in alarmen if one.id not in same}
        status = await self._say([*made.values()])
        return status, [
            Bevestiging(who, made[one.id].time, notitie, made[one.id]) if one.id in made else held[one.id]  # type: ignore[misc]
            for one in alarmen
        ]

    async def stilleggen(self, caller: Caller, wensen: Sequence[Wens]) -> tuple[int, list[Stilte]]:
        """Silences. What the same caller silenced already for as long and for the same reason is not said again."""
        now, who = self.reader.clock(), pseudonym(caller)
        question = question_of_now(now, caller.audience)
        known: dict[tuple[str | None, str | None, str], list[Stilte]] = {}
        for one in await asyncio.to_thread(self.reader.stiltes, question):
            if one.door == who:
                known.setdefault((one.regel, one.onderwerp, one.reden), []).append(one)
        found: list[Stilte] = []
        events: list[Event] = []
        for wens in wensen:
            before = known.get((wens.regel, wens.onderwerp, wens.reden), [])
            again = next((one for one in before if _still(one, wens, now)), None)
            if again is None:
                again = _stilte(wens, who, now, len(before))
                events.append(_silenced(again, now))
            found.append(again)
        return await self._say(events), found

    async def beeindigen(self, caller: Caller, stiltes: Sequence[Stilte]) -> int:
        """Ends silences."""
        now, who = self.reader.clock(), pseudonym(caller)
        return await self._say([_ended(one, who, now) for one in stiltes])


def pseudonym(caller: Caller) -> str:
    """Returns who did it: the name of a token, or the subject that an issuer gave.

    A name that does not fit the form of a pseudonym becomes a hash.
    """
    name = caller.name or caller.id
    if _PSEUDONYM.fullmatch(name):
        return name
    return f"{caller.kind}-{sha256(name.encode()).hexdigest()[:16]}"


def _id(*said: object) -> str:
    return str(uuid5(NAMESPACE, "|".join(map(str, said))))


def _confirmation(alarm: Alarm, who: str, notitie: str | None, now: datetime) -> AlarmBevestigd:
    said = alarm.overgangen[-1].data.model_dump(mode="json", exclude_none=True)
    kept = {name: value for name, value in said.items() if name in BevestigingData.model_fields}
    data = kept | {"bevestigdDoor": who, "notitie": notitie}
    before = alarm.bevestiging.gebeurtenis.id if alarm.bevestiging else ""
    own_id = _id("bevestigd", alarm.id, before, who, notitie)
    return AlarmBevestigd.model_validate(envelope(AlarmBevestigd, own_id, alarm.onderwerp, now) | {"data": data})


def _still(stilte: Stilte, wens: Wens, now: datetime) -> bool:
    """Whether a silence that was set says what is asked for."""
    if stilte.beeindigd_door is not None or stilte.tot <= now:
        return False
    same_begin = stilte.vanaf <= now if wens.vanaf is None else stilte.vanaf == wens.vanaf
    return same_begin and abs(stilte.tot - wens.tot) < SAME_SILENCE_WITHIN


def _stilte(wens: Wens, who: str, now: datetime, before: int) -> Stilte:
    """`before`: how many silences said the same until now."""
    own_id = _id("stil", wens.regel, wens.onderwerp, wens.vanaf, wens.tot, wens.reden, who, before)
    times = wens.vanaf or now, wens.tot, wens.reden, who, now
    return Stilte(own_id, wens.regel, wens.onderwerp, *times, grootheid=wens.grootheid)


def _silenced(stilte: Stilte, now: datetime) -> StilteIngesteld:
    return StilteIngesteld.model_validate(
        envelope(StilteIngesteld, stilte.id, stilte.onderwerp or LANDELIJK, now)
        | {"data": _said(stilte, stilte.tot, stilte.door)}
    )


def _ended(stilte: Stilte, who: str, now: datetime) -> StilteBeeindigd:
    return StilteBeeindigd.model_validate(
        envelope(StilteBeeindigd, _id("beeindigd", stilte.id), stilte.onderwerp or LANDELIJK, now)
        | {"data": _said(stilte, now, who)}
    )


def _said(stilte: Stilte, tot: datetime, who: str) -> dict[str, object]:
    data = StilteData.model_validate(
        {
            "stilteId": stilte.id,
            "regel": stilte.regel,
            "grootheid": stilte.grootheid,
            "onderwerp": stilte.onderwerp,
            "vanaf": format_moment(stilte.vanaf),
            "tot": format_moment(tot),
            "reden": stilte.reden,
            "doorWie": who,
        }
    )
    return data.model_dump(mode="json")
