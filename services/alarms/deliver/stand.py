"""How the receivers stand: what each may hear, what was delivered, what waits, and a test message on request."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from schemas.events import AlarmGemeld, OntvangerGewijzigd
from schemas.fields import Json, format_known, format_moment
from schemas.moments import micros
from schemas.ontvangers import KINDS, Ontvanger
from services.access import Caller, Right
from services.alarms.acts import Acts, pseudonym
from services.alarms.deliver.lijst import Lijst
from services.alarms.deliver.receiver import Receiver, Tried
from services.core.alarms.alarmen import Alarm, kind_of
from services.core.alarms.bezorging import Bezorging, switch, te_bezorgen
from services.core.alarms.boek import Alarmboek
from services.core.alarms.bundels import zendingen
from services.core.registers import SubjectKind
from services.eventlog.producer import Producer, new_id
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader
from services.web.addresses import ONTVANGERS
from services.web.problems import ProblemError, Veldfout, invalid

CHANGES_MAX = 100
"""Of what was said of a receiver itself, the last so many are shown."""
_PLACE = re.compile(r"(\d{1,17})-([0-9a-f-]{36})")


class Proef(NamedTuple):
    """A test message, and what became of it."""

    id: str
    op: datetime
    tried: Tried


class Ontvangers:
    """The receivers of one process."""

    def __init__(self, reader: Reader, producer: Producer, lijst: Lijst) -> None:
        self.reader = reader
        self._say = Acts(reader, producer)
        self._lijst = lijst
        self._tests: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """Of one receiver one test at a time, however often somebody clicks."""

    @property
    def aantal(self) -> int:
        """How many there are."""
        return len(self._lijst.receivers)

    def bestand(self, caller: Caller) -> Json:
        """Returns whether the file of receivers is right. What is wrong is for whoever may act on alarms."""
        fout = self._lijst.fout
        return {"geldig": fout is None, "fout": fout if caller.may(Right.CONFIRM) else None}

    def of(self, naam: str) -> Receiver:
        """Returns the receiver of this name. Raises ProblemError 404."""
        found = next((one for one in self._lijst.receivers if one.ontvanger.naam == naam), None)
        if found is None:
            raise ProblemError(404, f"Er is geen ontvanger {naam[:60]!r}; zie {ONTVANGERS.path}.")
        return found

    def stand(self, naam: str, audience: Audience) -> tuple[Json, list[Json]]:
        """Returns how a receiver stands, and what is not delivered yet, as far as the caller may know.

        Raises ProblemError 404.
        """
        return self._stand(self.of(naam).ontvanger, audience, self._named())

    def standen(self, audience: Audience) -> list[tuple[Json, list[Json]]]:
        """Returns what `stand` does of all receivers, in the order of the file."""
        named = self._named()
        return [self._stand(one, audience, named) for one in self._lijst.ontvangers]

    def _named(self) -> Collection[str]:
        """The locaties that anybody ever named. Whoever asks is told only of those that are not hidden from it."""
        return self.reader.store.latest(self.reader.clock()).named

    def _stand(self, one: Ontvanger, audience: Audience, named: Collection[str]) -> tuple[Json, list[Json]]:
        reader, now = self.reader, self.reader.clock()
        with reader.alarmboek(question_of_now(now, audience)) as boek:
            # Asked while nothing more is heard, so what was shielded meanwhile is not counted.
            hidden, not_shown = reader.shielded(), reader.hidden_from(audience)
            alarmen = _shown(reader, boek, audience)
            to_do, _ = te_bezorgen(boek.alarmen(), boek.bezorgd, [one], boek.stiltes, hidden, now)
            waiting = [bezorging for bezorging in to_do if bezorging.alarm.id in alarmen]
            failed = _given_up(boek, one, alarmen)
            told = [said for said in boek.bezorgd.of_receiver(one.naam) if said.data.alarmId in alarmen]
            head = _described(one, boek, told, len(waiting), len(failed))
            listed = [
                _waiting(bezorging, zending.vanaf, boek)
                for zending in zendingen(waiting)
                for bezorging in zending.leden
            ]
        return head | _asked(one, named, None if audience.sees_shielded else not_shown), listed + failed

    def wijzigingen(self, naam: str, audience: Audience) -> list[Json]:
        """Returns what was said of a receiver itself, the newest first. Raises ProblemError 404."""
        self.of(naam)
        with self.reader.alarmboek(question_of_now(self.reader.clock(), audience)) as boek:
            return [_change(event) for event in reversed(boek.bezorgd.gewijzigd(naam)[-CHANGES_MAX:])]

    def geschiedenis(
        self, naam: str, audience: Audience, aantal: int, na: str | None = None
    ) -> tuple[list[Json], str | None]:
        """Returns what became of each thing that there was to tell, the newest first, and the cursor of the rest.

        It is the last that was said of each delivery, as far as the caller may know of it.

        Raises ProblemError 404, and 400 for a wrong cursor.
        """
        self.of(naam)
        with self.reader.alarmboek(question_of_now(self.reader.clock(), audience)) as boek:
            alarmen = _shown(self.reader, boek, audience)
            said = [event for event in boek.bezorgd.of_receiver(naam) if event.data.alarmId in alarmen]
            ordered = sorted(said, key=_place, reverse=True)
            if na is not None:
                after = _read_place(na)
                ordered = [event for event in ordered if _place(event) < after]
            page = ordered[:aantal]
            rows = [_told(event, alarmen[event.data.alarmId]) for event in page]
        last = "-".join(map(str, _place(page[-1]))) if len(ordered) > len(page) else None
        return rows, last

    async def herzenden(self, naam: str, caller: Caller) -> tuple[int, int]:
        """Switches a receiver on, so that what was given up is sent again. Returns the status, and how much that is."""
        self.of(naam)
        before, _ = await asyncio.to_thread(self.stand, naam, caller.audience)
        now, text = self.reader.clock(), "opnieuw sturen gevraagd"
        event = switch(naam, actief=True, reden=text, door=pseudonym(caller), own_id=new_id(now), now=now)
        return await self._say([event]), before["mislukt"]

    async def proef(self, naam: str) -> Proef:
        """Sends a test message, as an alarm would be sent. Nothing of it is kept: it is no alarm.

        Raises ProblemError 404.
        """
        self.of(naam)
        async with self._tests[naam]:
            receiver = self.of(naam)  # While it waited, the receiver may have gone.
            now = self.reader.clock()
            own_id = new_id(now)
            return Proef(own_id, now, await receiver.test(own_id, now))


def _asked(one: Ontvanger, named: Collection[str], hidden: Collection[str] | None) -> Json:
    """Returns what it asks for. A locatie is named only to whoever may know that it exists (`hidden` None: everybody).

    Whether it is hidden or nobody ever named it is the same to others: a number says that there are more.
    """
    shown = [
        onderwerp
        for onderwerp in one.onderwerpen
        if hidden is None
        or not SubjectKind.LOCATIE.holds(onderwerp)
        or (onderwerp in named and onderwerp not in hidden)
    ]
    asked = {kind: getattr(one, kind) for kind in KINDS}
    return asked | {"onderwerpen": shown, "onderwerpenNietGenoemd": len(one.onderwerpen) - len(shown)}


def _described(one: Ontvanger, boek: Alarmboek, own: Sequence[AlarmGemeld], waiting: int, failed: int) -> Json:
    """`own`: what was told to it, as far as the caller may know. `waiting`, `failed`: how many of those it may see."""
    off = boek.bezorgd.off(one.naam)
    taken = [event.time for event in own if event.data.uitkomst == "bezorgd"]
    failures = [event for event in own if event.data.uitkomst in ("uitgesteld", "opgegeven") and event.data.poging]
    last = max(failures, key=lambda event: event.time, default=None)
    return {
        "naam": one.naam,
        "soort": one.soort,
        "adres": one.adres,
        "vertrouwelijk": one.vertrouwelijk,
        "zietAfgeschermd": one.vertrouwelijk,
        "toezicht": one.toezicht,
        "bevestigingen": one.bevestigingen,
        "bundel": {ernst: int(wait.total_seconds()) for ernst, wait in one.bundel.items() if wait},
        "ingeschakeld": off is None,
        "reden": off.data.reden if off else None,
        "laatsteSucces": format_known(max(taken, default=None)),
        "wachtend": waiting,
        "mislukt": failed,
        "laatsteFout": last.data.fout if last else None,
        "laatsteFoutOp": format_moment(last.time) if last else None,
    }


def _place(event: AlarmGemeld) -> tuple[int, str]:
    """Where a delivery stands in the history."""
    return micros(event.time), event.data.overgang


def _read_place(text: str) -> tuple[int, str]:
    found = _PLACE.fullmatch(text)
    if found is None:
        raise invalid([Veldfout(veld="na", melding="is geen `volgende` uit een eerder antwoord op deze zelfde vraag")])
    return int(found[1]), found[2]


def _told(event: AlarmGemeld, alarm: Alarm) -> Json:
    """Returns how it went with telling one thing."""
    return {
        "op": format_moment(event.time),
        "alarmId": alarm.id,
        "overgang": event.data.overgang,
        "soort": kind_of(alarm, event.data.overgang) or "",
        "regel": alarm.regel,
        "ernst": alarm.ernst,
        "onderwerp": alarm.onderwerp,
        "uitkomst": event.data.uitkomst,
        "pogingen": event.data.poging,
        "volgendePoging": format_known(event.data.volgendePoging),
        "fout": event.data.fout,
    }


def _change(event: OntvangerGewijzigd) -> Json:
    return {
        "op": format_moment(event.time),
        "reden": event.data.reden,
        "door": event.data.doorWie,
        "ingeschakeld": event.data.actief,
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


def _shown(reader: Reader, boek: Alarmboek, audience: Audience) -> Mapping[str, Alarm]:
    """Returns the alarms that the caller may see, by id."""
    return {alarm.id: alarm for alarm in reader.shown(boek.alarmen(), audience)}


def _given_up(boek: Alarmboek, one: Ontvanger, alarmen: Mapping[str, Alarm]) -> list[Json]:
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
