"""What should be said aloud: the alarms that the live figures call for, and the transitions that bring that about.

Level-triggered (design §4): `desired` looks at the live view, `reconcile` compares it with the latest transition of
each alarm. Neither looks at events or at what was said before that, so importing history raises nothing about the past.
The id of a transition follows from what it is a transition from, so repeats and second instances are harmless.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from schemas.data import Ernst
from schemas.events import AlarmBevestigd, AlarmGeactiveerd, AlarmHersteld, Event, type_name
from schemas.fields import format_moment
from services.core.bezetting import Bezetting
from services.core.locaties import Locatie

SOURCE = "urn:nld:oin:00000000000000000000:systeem:opvangpeil"
_NAMESPACE = uuid5(NAMESPACE_URL, SOURCE)

Transition = AlarmGeactiveerd | AlarmHersteld
Key = tuple[str, str]
"""(regel, onderwerp): of each there is at most one open alarm."""


@dataclass(frozen=True, slots=True)
class Regel:
    """A rule: when it speaks, and where stands what to do about it."""

    naam: str
    drempel: float | str
    runbook: str


LANDELIJKE_BEZETTING = Regel("landelijke-bezetting", 1.0, "deploy/runbook.md#landelijke-bezetting")
"""The bezettingsgraad of the whole country is above the drempel."""
TOEGANG = Regel("toegang", "open", "deploy/runbook.md#toegang")
"""An open locatie reports another access regime than the drempel."""
REGELS = {regel.naam: regel for regel in (LANDELIJKE_BEZETTING, TOEGANG)}


@dataclass(frozen=True, slots=True)
class Desired:
    """What a rule says of its onderwerp at this moment."""

    actief: bool | None
    """None = can't be told: what was said last stands, since no data is neither trouble nor its end."""
    ernst: Ernst
    waarde: float | str | None
    drempel: float | str


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as it stood at some moment: from its activation to its end."""

    id: str
    """The id of the transition that activated it."""
    regel: str
    onderwerp: str
    status: Literal["actief", "hersteld"]
    ernst: str
    sinds: datetime
    """When it was activated."""
    hersteld_op: datetime | None
    waarde: float | str | None
    """What its latest transition saw."""
    drempel: float | str | None
    bevestigd_door: str | None
    """Who took it up last, as a pseudonym."""
    runbook: str | None
    """None for a rule that no longer exists."""


def desired(locaties: Iterable[Locatie], landelijk: Bezetting) -> dict[Key, Desired]:
    """What the rules say of the live view. What is not named is not active."""
    grade, limit = landelijk.bezettingsgraad, LANDELIJKE_BEZETTING.drempel
    said = {
        (LANDELIJKE_BEZETTING.naam, "NL"): Desired(
            actief=None if grade is None else grade > float(limit), ernst="kritiek", waarde=grade, drempel=limit
        )
    }
    for locatie in locaties:
        # Never reported is not 'other than open': nobody said that access is restricted.
        if locatie.counts and locatie.toegang is not None:
            said[TOEGANG.naam, locatie.id] = Desired(
                actief=locatie.toegang != TOEGANG.drempel,
                ernst="hoog" if locatie.soort == "aanmeldcentrum" else "waarschuwing",
                waarde=locatie.toegang,
                drempel=TOEGANG.drempel,
            )
    return said


def reconcile(wanted: Mapping[Key, Desired], latest: Mapping[Key, Transition], now: datetime) -> list[Transition]:
    """The transitions that bring the alarms in line with what is wanted, in order of key; none when they are.

    `latest` is the latest transition known of each key, see `latest_of`. One that is missing there (not stored yet) is
    made again with the same id.
    """
    transitions: list[Transition] = []
    for key in sorted(wanted.keys() | latest.keys()):
        said, last = wanted.get(key), latest.get(key)
        open_alarm = last if isinstance(last, AlarmGeactiveerd) else None
        if said is not None and said.actief and open_alarm is None:
            transitions.append(_activation(key, said, last, now))
        elif open_alarm is not None and (said is None or said.actief is False):
            transitions.append(_recovery(key, said, open_alarm, now))
    return transitions


def latest_of(transitions: Iterable[Event], known_at: datetime) -> dict[Key, Transition]:
    """The latest transition of each key among those with `time` ≤ K. Other events are passed over."""
    return {key: chain[-1] for key, chain in _chains(transitions, known_at).items()}


def alarmen_at(events: Iterable[Event], known_at: datetime) -> list[Alarm]:
    """Every alarm that there was by K, the newest first; of those of one moment in order of regel and onderwerp."""
    events = list(events)
    taken_up = [event for event in events if isinstance(event, AlarmBevestigd) and event.time <= known_at]
    taken_up.sort(key=lambda event: (event.time, event.id))
    by_alarm = {event.data.alarmId: event.data.bevestigdDoor for event in taken_up}
    found = []
    for key, chain in _chains(events, known_at).items():
        for place, transition in enumerate(chain):
            if isinstance(transition, AlarmGeactiveerd):
                follower = chain[place + 1] if place + 1 < len(chain) else None
                found.append(_alarm(key, transition, follower, by_alarm.get(transition.id)))
    found.sort(key=lambda alarm: (alarm.regel, alarm.onderwerp))
    return sorted(found, key=lambda alarm: alarm.sinds, reverse=True)


def transition_id(key: Key, previous: str | None) -> str:
    """UUIDv5 of the rule, the onderwerp and the id of the transition before it (design §4)."""
    return str(uuid5(_NAMESPACE, "|".join((*key, previous or ""))))


def _chains(transitions: Iterable[Event], known_at: datetime) -> dict[Key, list[Transition]]:
    """The transitions of each key, first to last. Each names the one before it, so no clock decides their order.

    Two instances may make the same transition, at slightly different moments: the earliest stands.
    """
    after: dict[tuple[Key, str | None], Transition] = {}
    for transition in transitions:
        if isinstance(transition, Transition) and transition.time <= known_at:
            place = (transition.data.regel, transition.subject), transition.data.vorige
            held = after.get(place)
            if held is None or (transition.time, transition.id) < (held.time, held.id):
                after[place] = transition
    chains: dict[Key, list[Transition]] = {}
    for (key, previous), transition in after.items():
        if previous is None:
            chain = chains[key] = [transition]
            while (follower := after.get((key, chain[-1].id))) is not None:
                chain.append(follower)
    return chains


def _alarm(key: Key, activation: AlarmGeactiveerd, recovery: Transition | None, taken_up_by: str | None) -> Alarm:
    latest = (recovery or activation).data
    regel = REGELS.get(key[0])
    return Alarm(
        id=activation.id,
        regel=key[0],
        onderwerp=key[1],
        status="hersteld" if recovery else "actief",
        ernst=activation.data.ernst,
        sinds=activation.data.sinds,
        hersteld_op=recovery.time if recovery else None,
        waarde=latest.waarde,
        drempel=latest.drempel,
        bevestigd_door=taken_up_by,
        runbook=regel.runbook if regel else None,
    )


def _activation(key: Key, wanted: Desired, last: Transition | None, now: datetime) -> AlarmGeactiveerd:
    own_id = transition_id(key, last.id if last else None)
    moment = format_moment(now)
    data = {
        "alarmId": own_id,
        "regel": key[0],
        "ernst": wanted.ernst,
        "sinds": moment,
        "waarde": wanted.waarde,
        "drempel": wanted.drempel,
        "vorige": last.id if last else None,
    }
    return AlarmGeactiveerd.model_validate(_envelope(AlarmGeactiveerd, key, own_id, moment) | {"data": data})


def _recovery(key: Key, wanted: Desired | None, alarm: AlarmGeactiveerd, now: datetime) -> AlarmHersteld:
    own_id = transition_id(key, alarm.id)
    data = {
        "alarmId": alarm.id,
        "regel": key[0],
        "ernst": alarm.data.ernst,
        "sinds": format_moment(alarm.data.sinds),
        "waarde": wanted.waarde if wanted else None,
        "drempel": alarm.data.drempel,
        "vorige": alarm.id,
    }
    return AlarmHersteld.model_validate(_envelope(AlarmHersteld, key, own_id, format_moment(now)) | {"data": data})


def _envelope(model: type[Event], key: Key, own_id: str, moment: str) -> dict[str, str]:
    return {
        "specversion": "1.0",
        "id": own_id,
        "source": SOURCE,
        "type": type_name(model),
        "subject": key[1],
        "time": moment,
    }
