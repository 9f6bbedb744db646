"""Alarms, and the transitions that they consist of.

An alarm goes wachtend → actief → herstellend → hersteld. Each step is a transition: an event that names the transition
before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from schemas.events import (
    AlarmBevestigd,
    AlarmGeactiveerd,
    AlarmHersteld,
    AlarmHerstellend,
    AlarmWachtend,
    Envelope,
    Event,
    type_name,
)
from schemas.fields import format_moment

SOURCE = "urn:nld:oin:00000000000000000000:systeem:opvangpeil"
NAMESPACE = uuid5(NAMESPACE_URL, SOURCE)

Transition = AlarmWachtend | AlarmGeactiveerd | AlarmHerstellend | AlarmHersteld
Status = Literal["wachtend", "actief", "herstellend", "hersteld"]
STATUS: Mapping[type[Transition], Status] = {
    AlarmWachtend: "wachtend",
    AlarmGeactiveerd: "actief",
    AlarmHerstellend: "herstellend",
    AlarmHersteld: "hersteld",
}
AlarmKey = tuple[str, str]
"""(regel, onderwerp). At most one alarm of each is open. `sleutel` makes it."""


def sleutel(regel: str, voor_regel: str | None, onderwerp: str) -> AlarmKey:
    """Returns the key of an alarm. A lack of data has an alarm for each rule that can't judge."""
    return regel if voor_regel is None else f"{regel}/{voor_regel}", onderwerp


def sleutel_van(event: Transition | AlarmBevestigd) -> AlarmKey:
    """Returns the key of the alarm that an event is about."""
    return sleutel(event.data.regel, event.data.voorRegel, event.subject)


@dataclass(frozen=True, slots=True)
class Bevestiging:
    """Says that somebody took an alarm up."""

    door: str
    """A pseudonym."""
    op: datetime
    notitie: str | None
    gebeurtenis: AlarmBevestigd


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as it stood at some moment, from its first transition to its end."""

    id: str
    """The id of its first transition."""
    regel: str
    voor_regel: str | None
    """The rule that can't judge for lack of data, when this alarm is about that."""
    onderwerp: str
    status: Status
    ernst: str
    sinds: datetime
    """When its first transition was."""
    actief_sinds: datetime | None
    """When it went off. None while it waits, and when it ended while it waited."""
    hersteld_op: datetime | None
    waarde: float | str | None
    """The value that was seen when it went off; while it waits, when it began to; once it is over, when it ended."""
    drempel: float | str | None
    toelichting: str | None
    """One sentence about that value, written then."""
    runbook: str | None
    labels: Mapping[str, str]
    onderdrukt_door: tuple[str, ...]
    """The rules that hold it back while they are active about the same onderwerp or about NL."""
    grootheid: str | None
    gemeente: str | None
    """Of an alarm about a locatie: the code of the gemeente in which it lay when it went off, if that is known."""
    locatiesoort: str | None
    """Of an alarm about a locatie: its soort then, if that is known."""
    bevestiging: Bevestiging | None
    """The last confirmation."""
    overgangen: tuple[Transition, ...]

    def duur_seconden(self, moment: datetime) -> int | None:
        """Returns how long it was an alarm, until its end or until this moment. None if it never went off."""
        begin = self.actief_sinds
        return None if begin is None else int(((self.hersteld_op or moment) - begin).total_seconds())

    @property
    def sleutel(self) -> AlarmKey:
        """Its key."""
        return sleutel(self.regel, self.voor_regel, self.onderwerp)

    @property
    def regels(self) -> tuple[str, ...]:
        """The rules by whose names it can be asked for or silenced: its own, and the one that can't judge."""
        return (self.regel,) if self.voor_regel is None else (self.regel, self.voor_regel)

    @property
    def open(self) -> bool:
        """Whether it is an alarm now: it no longer waits to be one, and is not over."""
        return self.status in ("actief", "herstellend")


def envelope(model: type[Envelope], own_id: str, subject: str, now: datetime) -> dict[str, Any]:
    """Returns what every event of Opvangpeil itself says besides its data."""
    return {
        "specversion": "1.0",
        "id": own_id,
        "source": SOURCE,
        "type": type_name(model),
        "subject": subject,
        "time": format_moment(now),
    }


class Ketens:
    """The transitions of each key, first to last, in whatever order they were heard.

    Each names the one before it, so no clock decides their order. Two instances may make the same transition, or two
    different ones after the same, at slightly different moments. The earliest stands, with what follows from it.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._after: dict[tuple[AlarmKey, str | None], Transition] = {}
        self._last: dict[AlarmKey, Transition] = {}
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        """Takes note of an event. Other events and repeats change nothing."""
        if not isinstance(event, Transition):
            return
        key = sleutel_van(event)
        place = key, event.data.vorige
        held = self._after.get(place)
        if held is None or (event.time, event.id) < (held.time, held.id):
            self._after[place] = event
            last = self._last.get(key)
            if held is None and event.data.vorige == (last.id if last else None):
                self._last[key] = self._through(key, event)[-1]
            elif chain := self.of(key):  # It came late, or turned out to be said earlier.
                self._last[key] = chain[-1]

    @property
    def last(self) -> Mapping[AlarmKey, Transition]:
        """The latest transition of each key, among those whose predecessors are all known."""
        return self._last

    def of(self, key: AlarmKey) -> list[Transition]:
        """Returns the transitions of a key, first to last."""
        first = self._after.get((key, None))
        return [] if first is None else self._through(key, first)

    def _through(self, key: AlarmKey, first: Transition) -> list[Transition]:
        chain: list[Transition] = []
        seen: set[str] = set()
        following: Transition | None = first
        while following is not None and following.id not in seen:  # Other writers might make a circle.
            chain.append(following)
            seen.add(following.id)
            following = self._after.get((key, following.id))
        return chain


def alarmen_of(chain: Sequence[Transition]) -> Iterator[Alarm]:
    """Yields the alarms that the transitions of a key make, the oldest first."""
    own: list[Transition] = []
    for one in chain:
        own.append(one)
        if isinstance(one, AlarmHersteld):
            yield _alarm(own)
            own = []
    if own:
        yield _alarm(own)


def as_of(alarm: Alarm, own_id: str) -> Alarm:
    """Returns the alarm as it was at one of its transitions. Any other id gives the alarm as it is."""
    number = next((n for n, one in enumerate(alarm.overgangen) if one.id == own_id), None)
    if number is None:
        return alarm
    (then,) = alarmen_of(alarm.overgangen[: number + 1])
    return then


def kind_of(alarm: Alarm, own_id: str) -> str | None:
    """Returns what an event of this alarm is: a status, or 'bevestigd'. None when it is not about this alarm."""
    if alarm.bevestiging is not None and alarm.bevestiging.gebeurtenis.id == own_id:
        return "bevestigd"
    return next((STATUS[type(one)] for one in alarm.overgangen if one.id == own_id), None)


def _alarm(own: list[Transition]) -> Alarm:
    first, last = own[0], own[-1]
    active = next((one for one in own if isinstance(one, AlarmGeactiveerd)), None)
    began = active or first
    explains = last if isinstance(last, AlarmHersteld) and last.data.toelichting else began
    return Alarm(
        id=first.data.alarmId,
        regel=first.data.regel,
        voor_regel=first.data.voorRegel,
        onderwerp=first.subject,
        status=STATUS[type(last)],
        ernst=began.data.ernst,
        sinds=first.time,
        actief_sinds=active.time if active else None,
        hersteld_op=last.time if isinstance(last, AlarmHersteld) else None,
        waarde=(last if isinstance(last, AlarmHersteld) else began).data.waarde,
        drempel=last.data.drempel,
        toelichting=explains.data.toelichting,
        runbook=first.data.runbook,
        labels=first.data.labels or {},
        onderdrukt_door=tuple(first.data.onderdruktDoor or ()),
        grootheid=first.data.grootheid,
        gemeente=began.data.gemeente,
        locatiesoort=began.data.locatiesoort,
        bevestiging=None,
        overgangen=tuple(own),
    )
