"""How the receivers stand: what each may hear, what was delivered, what waits, and a test message on request."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from schemas.events import AlarmGemeld
from schemas.fields import Json, format_known, format_moment
from schemas.ontvangers import Ontvanger
from services.access import Caller
from services.alarms.acts import Acts, pseudonym
from services.alarms.deliver.receiver import Receiver, Tried
from services.core.alarms.alarmen import kind_of
from services.core.alarms.bezorging import Bezorging, switch, te_bezorgen
from services.core.alarms.boek import Alarmboek
from services.core.alarms.bundels import zendingen
from services.eventlog.producer import Producer, new_id
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader
from services.web.addresses import ONTVANGERS
from services.web.problems import ProblemError


class Proef(NamedTuple):
    """A test message, and what became of it."""

    id: str
    op: datetime
    tried: Tried


class Ontvangers:
    """The receivers of one process."""

    def __init__(self, reader: Reader, producer: Producer, receivers: Sequence[Receiver]) -> None:
        self.reader = reader
        self._say = Acts(reader, producer)
        self._by_name = {one.ontvanger.naam: one for one in receivers}
        self._tests = {naam: asyncio.Lock() for naam in self._by_name}
        """Of one receiver one test at a time, however often somebody clicks."""

    @property
    def namen(self) -> list[str]:
        """The names of all receivers, as they stand in the file."""
        return [*self._by_name]

    def of(self, naam: str) -> Receiver:
        """Returns the receiver of this name. Raises ProblemError 404."""
        if naam not in self._by_name:
            raise ProblemError(404, f"Er is geen ontvanger {naam[:60]!r}; zie {ONTVANGERS.path}.")
        return self._by_name[naam]

    def stand(self, naam: str, audience: Audience) -> tuple[Json, list[Json]]:
        """Returns how a receiver stands, and what is not delivered yet, as far as the caller may know."""
        one, reader, now = self.of(naam).ontvanger, self.reader, self.reader.clock()
        with reader.alarmboek(question_of_now(now, audience)) as boek:
            # Asked while nothing more is heard, so what was shielded meanwhile is not counted.
            hidden, not_shown = reader.shielded(), reader.hidden_from(audience)
            to_do, _ = te_bezorgen(boek.alarmen(), boek.bezorgd, [one], boek.stiltes, hidden, now)
            waiting = [bezorging for bezorging in to_do if bezorging.alarm.onderwerp not in not_shown]
            failed = [row for row in _given_up(boek, one) if row["onderwerp"] not in not_shown]
            told = [said for (other, _), said in boek.bezorgd.last.items() if other == one.naam]
            shown = [said for said in told if said.subject not in not_shown]
            head = _described(one, boek, shown, len(waiting), len(failed))
            listed = [
                _waiting(bezorging, zending.vanaf, boek)
                for zending in zendingen(waiting)
                for bezorging in zending.leden
            ]
        return head, listed + failed

    async def herzenden(self, naam: str, caller: Caller) -> tuple[int, int]:
        """Switches a receiver on, so that what was given up is sent again. Returns the status, and how much that is."""
        self.of(naam)
        before, _ = await asyncio.to_thread(self.stand, naam, caller.audience)
        now, text = self.reader.clock(), "opnieuw sturen gevraagd"
        event = switch(naam, actief=True, reden=text, door=pseudonym(caller), own_id=new_id(now), now=now)
        return await self._say([event]), before["mislukt"]

    async def proef(self, naam: str) -> Proef:
        """Sends a test message, as an alarm would be sent. Nothing of it is kept: it is no alarm."""
        receiver = self.of(naam)
        async with self._tests[naam]:
            now = self.reader.clock()
            own_id = new_id(now)
            return Proef(own_id, now, await receiver.test(own_id, now))


def _described(one: Ontvanger, boek: Alarmboek, own: Sequence[AlarmGemeld], waiting: int, failed: int) -> Json:
    """`own`: what was told to it, as far as the caller may know. `waiting`, `failed`: how many of those it may see."""
    off = boek.bezorgd.off(one.naam)
    taken = [event.time for event in own if event.data.uitkomst == "bezorgd"]
    failures = [event for event in own if event.data.uitkomst in ("uitgesteld", "opgegeven")]
    last = max(failures, key=lambda event: event.time, default=None)
    return {
        "naam": one.naam,
        "soort": one.soort,
        "adres": one.adres,
        "regels": one.regels,
        "ernst": one.ernst,
        "vertrouwelijk": one.vertrouwelijk,
        "zietAfgeschermd": one.vertrouwelijk,
        "bevestigingen": one.bevestigingen,
        "bundel": {ernst: int(wait.total_seconds()) for ernst, wait in one.bundel.items() if wait},
        "ingeschakeld": off is None,
        "reden": off.data.reden if off else None,
        "laatsteSucces": format_known(max(taken, default=None)),
        "wachtend": waiting,
        "mislukt": failed,
        "laatsteFout": last.data.fout if last else None,
    }


def _waiting(bezorging: Bezorging, due: datetime, boek: Alarmboek) -> Json:
    said = boek.bezorgd.of(bezorging.ontvanger.naam, bezorging.overgang.id)
    return {
        "alarmId": bezorging.alarm.id,
        "overgang": bezorging.overgang.id,
        "soort": kind_of(bezorging.alarm, bezorging.overgang.id),
        "regel": bezorging.alarm.regel,
        "onderwerp": bezorging.alarm.onderwerp,
        "status": "wacht",
        "pogingen": bezorging.pogingen,
        "volgendePoging": format_moment(due),
        "fout": said.data.fout if said else None,
    }


def _given_up(boek: Alarmboek, one: Ontvanger) -> list[Json]:
    alarmen = {alarm.id: alarm for alarm in boek.alarmen()}
    found = []
    for said in boek.bezorgd.given_up(one.naam):
        alarm = alarmen.get(said.data.alarmId)
        if alarm is not None:
            found.append(
                {
                    "alarmId": alarm.id,
                    "overgang": said.data.overgang,
                    "soort": kind_of(alarm, said.data.overgang) or "",
                    "regel": alarm.regel,
                    "onderwerp": alarm.onderwerp,
                    "status": "mislukt",
                    "pogingen": said.data.poging,
                    "volgendePoging": None,
                    "fout": said.data.fout,
                }
            )
    return found
