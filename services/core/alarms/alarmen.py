"""Alarms: what their transitions say, how they follow from each other, and the alarms that these make.

An alarm goes wachtend → actief → herstellend → hersteld, each step a transition: an event that names the one before it.
The id of a transition follows from what it is a transition from, so repeats and second instances are harmless.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from schemas.alarmregels import AlarmRegel
from schemas.events import (
    AlarmBevestigd,
    AlarmGeactiveerd,
    AlarmHersteld,
    AlarmHerstellend,
    AlarmWachtend,
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
_MODEL: Mapping[Status, type[Transition]] = {status: model for model, status in STATUS.items()}
AlarmKey = tuple[str, str]
"""(regel, onderwerp): of each there is at most one open alarm."""


@dataclass(frozen=True, slots=True)
class Bevestiging:
    """Somebody took an alarm up."""

    door: str
    """A pseudonym."""
    op: datetime
    notitie: str | None
    gebeurtenis: AlarmBevestigd


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as it stood at some moment: from its first transition to its end."""

    id: str
    """The id of its first transition."""
    regel: str
    onderwerp: str
    status: Status
    ernst: str
    sinds: datetime
    """When it went into this: of its first transition."""
    actief_sinds: datetime | None
    """When it became an alarm; None while it waits, or ended waiting."""
    hersteld_op: datetime | None
    waarde: float | str | None
    """What its latest transition saw."""
    drempel: float | str | None
    toelichting: str | None
    """One sentence, of when it became what it is."""
    runbook: str | None
    labels: Mapping[str, str]
    onderdrukt_door: tuple[str, ...]
    """The rules that make it not worth telling, while they are active about the same or about NL."""
    grootheid: str | None
    bevestiging: Bevestiging | None
    """The last one."""
    overgangen: tuple[Transition, ...]

    def duur_seconden(self, moment: datetime) -> int | None:
        """How long it was an alarm, until its end or this moment; None if it never was."""
        begin = self.actief_sinds
        return None if begin is None else int(((self.hersteld_op or moment) - begin).total_seconds())

    @property
    def open(self) -> bool:
        """It is an alarm now: no longer waiting to be one, and not over."""
        return self.status in ("actief", "herstellend")


class Ketens:
    """The transitions of each key, first to last, whatever order they were heard in.

    Each names the one before it, so no clock decides their order. Two instances may make the same transition, or two
    different ones after the same, at slightly different moments: the earliest stands, with what follows from it.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._after: dict[tuple[AlarmKey, str | None], Transition] = {}
        self._last: dict[AlarmKey, Transition] = {}
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        """Hear of an event; what is no transition is passed over, and so is a repeat."""
        if not isinstance(event, Transition):
            return
        key = event.data.regel, event.subject
        place = key, event.data.vorige
        held = self._after.get(place)
        if held is None or (event.time, event.id) < (held.time, held.id):
            self._after[place] = event
            last = self._last.get(key)
            if held is None and event.data.vorige == (last.id if last else None):
                self._last[key] = self._through(key, event)[-1]
            elif chain := self.of(key):  # it came late, or another was said earlier after all
                self._last[key] = chain[-1]

    @property
    def last(self) -> Mapping[AlarmKey, Transition]:
        """The latest transition of each key, as far as those before it are known."""
        return self._last

    def of(self, key: AlarmKey) -> list[Transition]:
        """The transitions of a key."""
        first = self._after.get((key, None))
        return [] if first is None else self._through(key, first)

    def _through(self, key: AlarmKey, first: Transition) -> list[Transition]:
        chain: list[Transition] = []
        seen: set[str] = set()
        following: Transition | None = first
        while following is not None and following.id not in seen:  # who else writes here might make a circle
            chain.append(following)
            seen.add(following.id)
            following = self._after.get((key, following.id))
        return chain


def alarmen_of(key: AlarmKey, chain: Sequence[Transition]) -> Iterator[Alarm]:
    """The alarms that the transitions of a key make, the oldest first."""
    own: list[Transition] = []
    for one in chain:
        own.append(one)
        if isinstance(one, AlarmHersteld):
            yield _alarm(key, own)
            own = []
    if own:
        yield _alarm(key, own)


def as_of(alarm: Alarm, own_id: str) -> Alarm:
    """The alarm as it was at one of its transitions; at anything else as it is."""
    number = next((n for n, one in enumerate(alarm.overgangen) if one.id == own_id), None)
    if number is None:
        return alarm
    (then,) = alarmen_of((alarm.regel, alarm.onderwerp), alarm.overgangen[: number + 1])
    return then


def kind_of(alarm: Alarm, own_id: str) -> str | None:
    """What an event of this alarm is: its status, or 'bevestigd'; None when it is none of it."""
    if alarm.bevestiging is not None and alarm.bevestiging.gebeurtenis.id == own_id:
        return "bevestigd"
    return next((STATUS[type(one)] for one in alarm.overgangen if one.id == own_id), None)


def transition_id(key: AlarmKey, previous: str | None, status: Status) -> str:
    """UUIDv5 of the rule, the onderwerp and the id of the transition before it (design §4), and of what it becomes.

    So two instances that see another next step do not say two things under one id.
    """
    return str(uuid5(NAMESPACE, "|".join((*key, previous or "", status))))


def transition(
    status: Status, key: AlarmKey, last: Transition | None, now: datetime, said: dict[str, Any]
) -> Transition:
    """The event by which the alarm of a key comes into a status. `said`: the rest of its data."""
    own_id = transition_id(key, last.id if last else None, status)
    goes_on = last if last is not None and not isinstance(last, AlarmHersteld) else None
    moment = format_moment(now)
    model = _MODEL[status]
    data = {
        "alarmId": goes_on.data.alarmId if goes_on else own_id,
        "regel": key[0],
        "sinds": format_moment(goes_on.data.sinds) if goes_on else moment,
        "vorige": last.id if last else None,
    }
    return model.model_validate(
        {
            "specversion": "1.0",
            "id": own_id,
            "source": SOURCE,
            "type": type_name(model),
            "subject": key[1],
            "time": moment,
            "data": data | said,
        }
    )


def said_of(regel: AlarmRegel, ernst: str, waarde: float | str | None, toelichting: str | None) -> dict[str, Any]:
    """What a transition says of its rule and of what that saw."""
    return {
        "ernst": ernst,
        "waarde": waarde,
        "drempel": regel.getoonde_drempel,
        "grootheid": regel.grootheid,
        "toelichting": toelichting,
        "runbook": regel.runbook,
        "labels": dict(regel.labels) or None,
        "onderdruktDoor": regel.onderdruktDoor or None,
    }


def _alarm(key: AlarmKey, own: list[Transition]) -> Alarm:
    first, last = own[0], own[-1]
    active = next((one for one in own if isinstance(one, AlarmGeactiveerd)), None)
    tells = last if last.data.toelichting else active or first
    return Alarm(
        id=first.data.alarmId,
        regel=key[0],
        onderwerp=key[1],
        status=STATUS[type(last)],
        ernst=(active or first).data.ernst,
        sinds=first.time,
        actief_sinds=active.time if active else None,
        hersteld_op=last.time if isinstance(last, AlarmHersteld) else None,
        waarde=last.data.waarde,
        drempel=last.data.drempel,
        toelichting=tells.data.toelichting,
        runbook=first.data.runbook,
        labels=first.data.labels or {},
        onderdrukt_door=tuple(first.data.onderdruktDoor or ()),
        grootheid=first.data.grootheid,
        bevestiging=None,
        overgangen=tuple(own),
    )
