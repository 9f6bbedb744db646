"""What is left to deliver to whom, and the events that say how that went.

Level-triggered, like the alarms themselves: f(alarms, what was delivered, silences, receivers, now) → what is left.
Every attempt is said on the alarms topic, so a restart goes on where it was and nothing is delivered under two ids.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import uuid5

from schemas.alarmregels import van_toezicht
from schemas.events import AlarmBevestigd, AlarmGeactiveerd, AlarmGemeld, Event, OntvangerGewijzigd
from schemas.fields import format_moment
from schemas.ontvangers import NIETS, Ontvanger
from services.core.alarms.alarmen import NAMESPACE, Alarm, AlarmKey, envelope
from services.core.alarms.bezorgd import Bezorgd, BezorgKey
from services.core.alarms.filter import past
from services.core.alarms.stiltes import Stilte, by_key, onderdrukker, stilte_over
from services.core.registers import LANDELIJK

SCHEDULE = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long after each failed attempt the next is due (Standard Webhooks). After the last, the delivery is given up."""
JITTER = 0.1
"""The wait is up to this share longer, so that what failed together is not tried again together."""
WAIT_MAX = timedelta(hours=24)
"""No receiver can ask to be left alone for longer."""

_NEW = "staat nieuw in het bestand van de ontvangers"
_FIRST_SAID = "van welke alarmen hij krijgt wordt vanaf nu vastgelegd"
_OTHERWISE = "krijgt volgens het bestand van de ontvangers voortaan andere alarmen"
_WENT = "staat niet meer in het bestand van de ontvangers"


Besloten = Literal["", "vertrouwelijk", "toezicht"]
"""How a receiver must be marked to hear of an alarm; empty: any receiver may."""


class Bezorging(NamedTuple):
    """Something that is to be delivered to a receiver."""

    ontvanger: Ontvanger
    alarm: Alarm
    overgang: Event
    """The transition or confirmation. Its id is the id of the message."""
    pogingen: int
    """The attempts so far."""
    ronde: int
    """The attempts since it was last given up."""
    vanaf: datetime
    """When the next attempt is due."""
    besloten: Besloten = ""
    """Which receivers alone may hear of it. Then it waits with its own kind only, so it moves nothing others see."""

    @property
    def key(self) -> BezorgKey:
        """What tells it apart from other deliveries."""
        return self.ontvanger.naam, self.overgang.id


class Onderdrukt(NamedTuple):
    """Something that is not delivered now, because of a silence or of another alarm that says it already."""

    ontvanger: Ontvanger
    alarm: Alarm
    overgang: Event
    reden: str
    pogingen: int
    """The attempts that were made before."""


def te_bezorgen(
    alarmen: Collection[Alarm],
    bezorgd: Bezorgd,
    ontvangers: Sequence[Ontvanger],
    stiltes: Sequence[Stilte],
    hidden: Collection[str],
    now: datetime,
    open_ones: Mapping[AlarmKey, Alarm] | None = None,
) -> tuple[list[Bezorging], list[Onderdrukt]]:
    """Returns what is to be delivered, the oldest first, and what silences and other alarms hold back.

    Args:
        alarmen: The alarms that may have something left to deliver.
        bezorgd: What was delivered so far.
        ontvangers: The receivers.
        stiltes: The silences.
        hidden: The onderwerpen that only some receivers may hear of.
        now: The moment to judge silences by.
        open_ones: All open alarms, when those are more than the ones in `alarmen`.
    """
    left: list[Bezorging] = []
    onderdrukt: list[Onderdrukt] = []
    open_ones = by_key(alarmen) if open_ones is None else open_ones
    for alarm in alarmen:
        for ontvanger in ontvangers:
            if alarm.actief_sinds is not None and mag_horen(ontvanger, alarm, hidden):
                for overgang in _left(alarm, ontvanger, bezorgd):
                    reason = _reason_not_to(alarm, overgang, ontvanger, stiltes, open_ones, now)
                    said = bezorgd.of(ontvanger.naam, overgang.id)
                    if reason is None:
                        one = _bezorging(ontvanger, alarm, overgang, bezorgd, now)
                        left.append(one._replace(besloten=besloten(alarm, hidden)))
                    elif said is None or said.data.uitkomst != "onderdrukt":
                        tried = bezorgd.attempts(ontvanger.naam, overgang.id)
                        onderdrukt.append(Onderdrukt(ontvanger, alarm, overgang, reason, tried))
    return sorted(left, key=lambda one: (one.vanaf, one.overgang.time, one.overgang.id)), onderdrukt


def besloten(alarm: Alarm, hidden: Collection[str]) -> Besloten:
    """Returns for which receivers alone an alarm is. None of toezicht is about a locatie, so it never is for two."""
    if van_toezicht(alarm.grootheid):
        return "toezicht"
    return "vertrouwelijk" if alarm.onderwerp in hidden else ""


def mag_horen(ontvanger: Ontvanger, alarm: Alarm, hidden: Collection[str] = ()) -> bool:
    """Whether a receiver may hear of an alarm at all. `hidden`: the onderwerpen that only some may hear of."""
    mark = besloten(alarm, hidden)
    return not mark or bool(getattr(ontvanger, mark))


def settled(alarm: Alarm, bezorgd: Bezorgd, ontvangers: Sequence[Ontvanger]) -> bool:
    """Whether an alarm is over and every receiver has heard all that it will hear of it."""
    return alarm.status == "hersteld" and not any(_left(alarm, one, bezorgd) for one in ontvangers)


def kept(
    alarmen: Collection[Alarm],
    bezorgd: Bezorgd,
    before: Sequence[Ontvanger],
    ontvangers: Sequence[Ontvanger],
    stiltes: Sequence[Stilte],
    hidden: Collection[str],
    now: datetime,
) -> list[AlarmGemeld]:
    """Returns the events that keep what waits while receivers come to ask for other alarms.

    What is over by then is told only to who asked for it before. So of what waited to be told, in a bundle for example,
    it is said before the change that it is put off. What the receiver no longer asks for is not kept.

    Args:
        alarmen: The alarms that may have something left to deliver.
        bezorgd: What was delivered so far.
        before: The receivers until now.
        ontvangers: The receivers from now.
        stiltes: The silences.
        hidden: The onderwerpen that only some receivers may hear of.
        now: The moment of the change.
    """
    after = {one.naam: one for one in ontvangers}
    changed = [one for one in before if one.naam in after and after[one.naam].krijgt != one.krijgt]
    waiting, _ = te_bezorgen(alarmen, bezorgd, changed, stiltes, hidden, now)
    return [
        outcome(one, "uitgesteld", now, tried=False)
        for one in waiting
        if not one.alarm.open and one.key not in bezorgd.last and _still_asked(one, after[one.ontvanger.naam])
    ]


def _still_asked(bezorging: Bezorging, ontvanger: Ontvanger) -> bool:
    told = ontvanger.bevestigingen or not isinstance(bezorging.overgang, AlarmBevestigd)
    return told and mag_horen(ontvanger, bezorging.alarm) and past(ontvanger, bezorging.alarm)


def outcome(
    bezorging: Bezorging | Onderdrukt,
    uitkomst: str,
    now: datetime,
    *,
    fout: str | None = None,
    wacht: timedelta | None = None,
    tried: bool = True,
) -> AlarmGemeld:
    """Returns the event that says how an attempt went, or that none was made. Its id follows from what it says.

    `tried`: whether an attempt was made. None ever is at what is held back.
    """
    attempt = bezorging.pogingen + int(tried and isinstance(bezorging, Bezorging))
    own_id = str(uuid5(NAMESPACE, "|".join((bezorging.ontvanger.naam, bezorging.overgang.id, uitkomst, str(attempt)))))
    data: dict[str, Any] = {
        "alarmId": bezorging.alarm.id,
        "overgang": bezorging.overgang.id,
        "ontvanger": bezorging.ontvanger.naam,
        "uitkomst": uitkomst,
        "poging": attempt,
        "fout": fout,
        "volgendePoging": None if wacht is None else format_moment(now + wacht),
    }
    return AlarmGemeld.model_validate(envelope(AlarmGemeld, own_id, bezorging.alarm.onderwerp, now) | {"data": data})


def wait_after(attempts: int, chance: float, asked: timedelta | None = None) -> timedelta | None:
    """Returns how long to wait after so many failed attempts. None: give up.

    Args:
        attempts: The failed attempts since the delivery was last given up.
        chance: A number from 0 to 1 that spreads the waits.
        asked: How long the receiver asked to be left alone (Retry-After).
    """
    if attempts > len(SCHEDULE):
        return None
    wait = SCHEDULE[attempts - 1] * (1 + JITTER * chance)
    return min(max(wait, asked or wait), WAIT_MAX * (1 + JITTER))


def switch(
    ontvanger: str, *, actief: bool, reden: str, door: str | None, own_id: str, now: datetime, krijgt: str | None = None
) -> OntvangerGewijzigd:
    """Returns the event that switches a receiver on or off; with `krijgt`, the one that says what it gets from now."""
    data = {"ontvanger": ontvanger, "actief": actief, "reden": reden, "doorWie": door, "krijgt": krijgt}
    return OntvangerGewijzigd.model_validate(envelope(OntvangerGewijzigd, own_id, LANDELIJK, now) | {"data": data})


def nieuws(ontvangers: Collection[Ontvanger], bezorgd: Bezorgd) -> list[tuple[str, str, str]]:
    """Returns (name, what it gets, why) of each receiver of whom that is not what was said last."""
    now = {one.naam: one.krijgt for one in ontvangers}
    known = {naam: bezorgd.krijgt(naam) for naam in (*now, *sorted(bezorgd.wijzigingen))}
    found = []
    for naam, last in known.items():
        gets = now.get(naam, NIETS)
        if gets != last:
            found.append((naam, gets, _why(naam, gets, last, bezorgd)))
    return found


def _why(naam: str, gets: str, last: str | None, bezorgd: Bezorgd) -> str:
    if gets == NIETS:
        return _WENT
    if last is None and naam in bezorgd.wijzigingen:  # An earlier version named it, and did not say what it got.
        return _FIRST_SAID
    return _NEW if last in (None, NIETS) else _OTHERWISE


def _left(alarm: Alarm, ontvanger: Ontvanger, bezorgd: Bezorgd) -> list[Event]:
    """Returns what this receiver has yet to hear: first that the alarm began, and the rest once it heard that.

    Whom it was told, or tried to be told, hears the rest also when its filter has changed since. Nobody is left with an
    alarm that never ends. Only what it may not hear of by the mark of the receiver alone is never left. Whether a
    locatie is afgeschermd changes without the file of receivers, so `te_bezorgen` asks that.
    """
    first = next((one for one in alarm.overgangen if isinstance(one, AlarmGeactiveerd)), None)
    if first is None or not mag_horen(ontvanger, alarm):
        return []
    said = bezorgd.of(ontvanger.naam, first.id)
    if said is None or said.data.uitkomst == "onderdrukt":
        tried = bezorgd.attempts(ontvanger.naam, first.id) > 0
        return [first] if tried or _to_begin(alarm, ontvanger, said, bezorgd) else []
    if said.data.uitkomst != "bezorgd":
        return [first] if said.data.uitkomst == "uitgesteld" else []
    follow: list[Event] = [alarm.overgangen[-1]] if alarm.status == "hersteld" else []
    if (taken_up := alarm.bevestiging) is not None:
        begun = (ontvanger.naam, taken_up.gebeurtenis.id) in bezorgd.last
        asks = ontvanger.bevestigingen and (alarm.open or _was_there(ontvanger, taken_up.op, bezorgd))
        if begun or asks:
            follow.append(taken_up.gebeurtenis)
    return [one for one in follow if _undelivered(bezorgd.of(ontvanger.naam, one.id))]


def _to_begin(alarm: Alarm, ontvanger: Ontvanger, held_back: AlarmGemeld | None, bezorgd: Bezorgd) -> bool:
    """Whether to tell of an alarm for the first time. `held_back`: what was said when it was not told before."""
    over = alarm.hersteld_op
    known_then = over is None or (held_back is None and _was_there(ontvanger, over, bezorgd))
    return known_then and past(ontvanger, alarm)


def _undelivered(said: AlarmGemeld | None) -> bool:
    return said is None or said.data.uitkomst in ("uitgesteld", "onderdrukt")


def _was_there(ontvanger: Ontvanger, moment: datetime, bezorgd: Bezorgd) -> bool:
    """A receiver hears what is the matter now, not what was over before it came or before it asked for that."""
    since = bezorgd.since(ontvanger)
    return since is not None and since < moment


def _reason_not_to(
    alarm: Alarm,
    overgang: Event,
    ontvanger: Ontvanger,
    stiltes: Sequence[Stilte],
    open_ones: Mapping[AlarmKey, Alarm],
    now: datetime,
) -> str | None:
    """Returns why the beginning of an alarm is held back. Who heard the beginning always hears the end."""
    if not isinstance(overgang, AlarmGeactiveerd):
        return None
    if (stilte := stilte_over(alarm, stiltes, now if alarm.open else overgang.time)) is not None:
        return f"stilte {stilte.id}"
    if ontvanger.soort == "alertmanager" or not alarm.open:
        return None  # An Alertmanager inhibits by rules of its own.
    above = onderdrukker(alarm, open_ones)
    return None if above is None else f"alarm {above.id}"


def _bezorging(ontvanger: Ontvanger, alarm: Alarm, overgang: Event, bezorgd: Bezorgd, now: datetime) -> Bezorging:
    key = ontvanger.naam, overgang.id
    said, tried = bezorgd.of(*key), bezorgd.attempts(*key)
    due = said.data.volgendePoging if said else None
    ronde = tried - bezorgd.given_up_at.get(key, 0)
    return Bezorging(ontvanger, alarm, overgang, tried, ronde, due or min(overgang.time, now))
