"""What is to be told to whom: level-triggered, as the alarms themselves.

f(alarms, what was told, silences, receivers, now) → what is still to be told. What was told, tried or given up is
itself said on the alarms topic, so a restart goes on where it was, and nothing is told under two ids.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid5

from schemas.events import AlarmGeactiveerd, AlarmGemeld, Envelope, Event, OntvangerGewijzigd, type_name
from schemas.fields import format_moment
from schemas.ontvangers import Ontvanger
from services.core.alarms.alarmen import NAMESPACE, SOURCE, Alarm, AlarmKey
from services.core.alarms.stiltes import Stilte, by_key, onderdrukker, stilte_over

SCHEDULE = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long after each failed attempt the next is due (Standard Webhooks); after the last it is given up."""
ATTEMPTS_MAX = len(SCHEDULE) + 1
JITTER = 0.1
"""The wait is up to this share longer, so that what failed together is not tried together."""
WAIT_MAX = timedelta(hours=24)
"""No receiver can ask for longer."""
Place = tuple[str, str]
"""(receiver, id of the transition)."""


class Melding(NamedTuple):
    """Something to be told to a receiver."""

    ontvanger: Ontvanger
    alarm: Alarm
    overgang: Event
    """The transition or confirmation. Its id is the id of the message."""
    pogingen: int
    """Attempts so far …"""
    ronde: int
    """… and since it was given up last."""
    vanaf: datetime
    """Not before."""

    @property
    def place(self) -> Place:
        """What tells it apart."""
        return self.ontvanger.naam, self.overgang.id


class Onderdrukt(NamedTuple):
    """What is not told now, because of a silence or of another alarm that says it already."""

    ontvanger: Ontvanger
    alarm: Alarm
    overgang: Event
    reden: str
    pogingen: int
    """Attempts that were made before."""


@dataclass(slots=True)
class Gemeld:
    """What was told, tried and given up: the last said of each. In whatever order it is heard, the greatest wins."""

    last: dict[Place, AlarmGemeld] = field(default_factory=dict)
    by_alarm: dict[str, dict[Place, AlarmGemeld]] = field(default_factory=dict)
    """The same, of each alarm."""
    switched: dict[str, OntvangerGewijzigd] = field(default_factory=dict)
    given_up_at: dict[Place, int] = field(default_factory=dict)
    """After how many attempts."""
    since: dict[str, datetime] = field(default_factory=dict)
    """When each receiver was first there."""

    def add(self, event: Event) -> None:
        """Hear of an event; others are passed over, and repeats change nothing."""
        if isinstance(event, AlarmGemeld):
            place = event.data.ontvanger, event.data.overgang
            held = self.last.get(place)
            if held is None or _rank(event) > _rank(held):
                self.last[place] = self.by_alarm.setdefault(event.data.alarmId, {})[place] = event
            if event.data.uitkomst == "opgegeven":
                self.given_up_at[place] = max(event.data.poging, self.given_up_at.get(place, 0))
        elif isinstance(event, OntvangerGewijzigd):
            naam = event.data.ontvanger
            held_switch = self.switched.get(naam)
            if held_switch is None or (event.time, event.id) > (held_switch.time, held_switch.id):
                self.switched[naam] = event
            self.since[naam] = min(event.time, self.since.get(naam, event.time))

    def of(self, ontvanger: str, overgang: str) -> AlarmGemeld | None:
        """What was said last of telling this; None also when that was given up and is to be tried anew."""
        said = self.last.get((ontvanger, overgang))
        switch = self.switched.get(ontvanger)
        if said is not None and said.data.uitkomst == "opgegeven" and switch is not None:
            return None if switch.data.actief and switch.time > said.time else said
        return said

    def attempts(self, ontvanger: str, overgang: str) -> int:
        """How often it was tried, in all."""
        said = self.last.get((ontvanger, overgang))
        return 0 if said is None else said.data.poging

    def given_up(self, ontvanger: str) -> list[AlarmGemeld]:
        """What was given up and is not to be tried anew."""
        said = [self.of(*place) for place in self.given_up_at if place[0] == ontvanger]
        return [one for one in said if one is not None and one.data.uitkomst == "opgegeven"]

    def about(self, alarm: Alarm) -> list[AlarmGemeld]:
        """What was said last of telling each of its transitions to each receiver."""
        return list(self.by_alarm.get(alarm.id, {}).values())

    def off(self, ontvanger: str) -> OntvangerGewijzigd | None:
        """By what a receiver is switched off; None when it is on."""
        switch = self.switched.get(ontvanger)
        return None if switch is None or switch.data.actief else switch


def te_melden(
    alarmen: Collection[Alarm],
    gemeld: Gemeld,
    ontvangers: Sequence[Ontvanger],
    stiltes: Sequence[Stilte],
    hidden: Collection[str],
    now: datetime,
    open_ones: Mapping[AlarmKey, Alarm] | None = None,
) -> tuple[list[Melding], list[Onderdrukt]]:
    """What is to be told, the oldest first; and what is not, because of silences and other alarms.

    `alarmen`: those of which anything may be left to tell. `open_ones`: all that are open, if that is more.
    `hidden`: onderwerpen that only some receivers may hear of.
    """
    meldingen: list[Melding] = []
    onderdrukt: list[Onderdrukt] = []
    open_ones = by_key(alarmen) if open_ones is None else open_ones
    for alarm in alarmen:
        for ontvanger in ontvangers:
            if wants(ontvanger, alarm, hidden):
                for overgang in _left(alarm, ontvanger, gemeld):
                    reason = _reason_not_to(alarm, overgang, ontvanger, stiltes, open_ones, now)
                    said = gemeld.of(ontvanger.naam, overgang.id)
                    if reason is None:
                        meldingen.append(_melding(ontvanger, alarm, overgang, gemeld, now))
                    elif said is None or said.data.uitkomst != "onderdrukt":
                        tried = gemeld.attempts(ontvanger.naam, overgang.id)
                        onderdrukt.append(Onderdrukt(ontvanger, alarm, overgang, reason, tried))
    return sorted(meldingen, key=lambda one: (one.vanaf, one.overgang.time, one.overgang.id)), onderdrukt


def wants(ontvanger: Ontvanger, alarm: Alarm, hidden: Collection[str]) -> bool:
    """Whether a receiver wants to hear of this alarm, and may."""
    return (
        alarm.actief_sinds is not None
        and (not ontvanger.regels or alarm.regel in ontvanger.regels)
        and (not ontvanger.ernst or alarm.ernst in ontvanger.ernst)
        and (ontvanger.zietAfgeschermd or alarm.onderwerp not in hidden)
    )


def settled(alarm: Alarm, gemeld: Gemeld, ontvangers: Sequence[Ontvanger]) -> bool:
    """Whether nothing can be left to tell of an alarm: it is over, and each receiver heard what it will hear of it."""
    return alarm.status == "hersteld" and not any(_left(alarm, one, gemeld) for one in ontvangers)


def outcome(
    melding: Melding | Onderdrukt,
    uitkomst: str,
    now: datetime,
    *,
    fout: str | None = None,
    wacht: timedelta | None = None,
) -> AlarmGemeld:
    """The event that says how an attempt went, or that none was made. Its id follows from what it says."""
    attempt = melding.pogingen + int(isinstance(melding, Melding))
    own_id = str(uuid5(NAMESPACE, "|".join((melding.ontvanger.naam, melding.overgang.id, uitkomst, str(attempt)))))
    data: dict[str, Any] = {
        "alarmId": melding.alarm.id,
        "overgang": melding.overgang.id,
        "ontvanger": melding.ontvanger.naam,
        "uitkomst": uitkomst,
        "poging": attempt,
        "fout": fout,
        "volgendePoging": None if wacht is None else format_moment(now + wacht),
    }
    return AlarmGemeld.model_validate(envelope(AlarmGemeld, own_id, melding.alarm.onderwerp, now) | {"data": data})


def wait_after(attempts: int, chance: float, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many failed attempts; None: give it up. `chance`: from 0 to 1. `asked`: Retry-After."""
    if attempts > len(SCHEDULE):
        return None
    wait = SCHEDULE[attempts - 1] * (1 + JITTER * chance)
    return min(max(wait, asked or wait), WAIT_MAX * (1 + JITTER))


def switch(
    ontvanger: str, *, actief: bool, reden: str, door: str | None, own_id: str, now: datetime
) -> OntvangerGewijzigd:
    """The event by which a receiver is switched on or off."""
    data = {"ontvanger": ontvanger, "actief": actief, "reden": reden, "doorWie": door}
    return OntvangerGewijzigd.model_validate(envelope(OntvangerGewijzigd, own_id, "NL", now) | {"data": data})


def envelope(model: type[Envelope], own_id: str, subject: str, now: datetime) -> dict[str, Any]:
    """What every event of ours says besides its data."""
    return {
        "specversion": "1.0",
        "id": own_id,
        "source": SOURCE,
        "type": type_name(model),
        "subject": subject,
        "time": format_moment(now),
    }


def _rank(event: AlarmGemeld) -> tuple[int, datetime, str]:
    return event.data.poging, event.time, event.id


def _left(alarm: Alarm, ontvanger: Ontvanger, gemeld: Gemeld) -> list[Event]:
    """What this receiver has yet to hear of an alarm: first that it began, and when it heard that the rest."""
    first = next((one for one in alarm.overgangen if isinstance(one, AlarmGeactiveerd)), None)
    if first is None:
        return []
    said = gemeld.of(ontvanger.naam, first.id)
    if said is None and alarm.hersteld_op is not None and not _was_there(ontvanger, alarm.hersteld_op, gemeld):
        return []
    if said is None or said.data.uitkomst == "uitgesteld":
        return [first]
    if said.data.uitkomst == "onderdrukt":
        return [first] if alarm.open else []
    if said.data.uitkomst == "opgegeven":
        return []
    follow: list[Event] = [alarm.overgangen[-1]] if alarm.status == "hersteld" else []
    if alarm.bevestiging is not None and ontvanger.bevestigingen:
        follow.append(alarm.bevestiging.gebeurtenis)
    return [one for one in follow if _untold(gemeld.of(ontvanger.naam, one.id))]


def _untold(said: AlarmGemeld | None) -> bool:
    return said is None or said.data.uitkomst in ("uitgesteld", "onderdrukt")


def _was_there(ontvanger: Ontvanger, moment: datetime, gemeld: Gemeld) -> bool:
    """A new receiver hears of what is the matter now, not of what was over before it came."""
    since = gemeld.since.get(ontvanger.naam)
    return since is not None and since < moment


def _reason_not_to(
    alarm: Alarm,
    overgang: Event,
    ontvanger: Ontvanger,
    stiltes: Sequence[Stilte],
    open_ones: Mapping[AlarmKey, Alarm],
    now: datetime,
) -> str | None:
    """Of the beginning only: who heard that hears of the end too."""
    if not isinstance(overgang, AlarmGeactiveerd):
        return None
    if (stilte := stilte_over(alarm, stiltes, now if alarm.open else overgang.time)) is not None:
        return f"stilte {stilte.id}"
    if ontvanger.soort == "alertmanager" or not alarm.open:
        return None  # an Alertmanager inhibits by rules of its own
    above = onderdrukker(alarm, open_ones)
    return None if above is None else f"alarm {above.id}"


def _melding(ontvanger: Ontvanger, alarm: Alarm, overgang: Event, gemeld: Gemeld, now: datetime) -> Melding:
    place = ontvanger.naam, overgang.id
    said, tried = gemeld.of(*place), gemeld.attempts(*place)
    due = said.data.volgendePoging if said else None
    ronde = tried - gemeld.given_up_at.get(place, 0)
    return Melding(ontvanger, alarm, overgang, tried, ronde, due or min(overgang.time, now))
