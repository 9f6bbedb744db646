"""The state machine of an alarm: from what a rule sees now, and the last transition, to the next transition or nothing.

It is level-triggered: it looks at the live view, and never at events or at what was seen before. So a restart, a replay
or a second instance neither repeats nor loses an alarm, and importing history raises nothing about the past. The
transitions themselves are all the memory there is. The id of a transition follows from the one before it, so repeats
and second instances are harmless.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import uuid5

import numpy as np

from schemas.alarmregels import AlarmRegel, Gebrekregel
from schemas.events import AlarmHersteld
from schemas.fields import format_moment
from services.core.alarms.alarmen import NAMESPACE, STATUS, AlarmKey, Status, Transition, envelope, sleutel
from services.core.alarms.beeld import Beeld, Waarden
from services.core.alarms.bewaakt import getoond, toelichting, verdwenen, waarden
from services.core.delen import Bools, Floats

Oordeel = Literal["voorbij", "ertussen", "terug", "onbekend", "weg"]
"""Beyond the threshold; between the two thresholds; back at the one that clears; not known; no longer there."""
NO_RULE = "De regel bestaat niet meer."
_MODEL: Mapping[Status, type[Transition]] = {status: model for model, status in STATUS.items()}

_STEPS: Mapping[Status, Mapping[Oordeel, Status]] = {
    "hersteld": {"voorbij": "wachtend"},
    "wachtend": {"voorbij": "actief", "ertussen": "hersteld", "terug": "hersteld", "weg": "hersteld"},
    "actief": {"terug": "herstellend", "weg": "hersteld"},
    "herstellend": {"voorbij": "actief", "ertussen": "hersteld", "terug": "hersteld", "weg": "hersteld"},
}
"""An unknown value is no reason for any step: no data is neither trouble nor its end. It stops the time of a wait."""

_WAITS = frozenset({("wachtend", "actief"), ("herstellend", "hersteld")})
"""The steps that are taken only after their cause lasted for a while."""
WACHTEND: frozenset[Status] = frozenset({"wachtend", "herstellend"})
"""The statuses in which time counts."""


def next_status(regel: AlarmRegel, oordeel: Oordeel, last: Transition | None, now: datetime) -> Status | None:
    """Returns the status into which the alarm comes now; None when it stays as it is.

    A waiting alarm comes anew into its own status when the time of its wait stops, and when that goes on.
    """
    if last is None:
        return stap(regel, oordeel, "hersteld", timedelta(0))
    status = STATUS[type(last)]
    step = stap(regel, oordeel, status, gewacht(last, now))
    stands_still = last.data.onbekendSinds is not None
    if step is None and status in WACHTEND and (oordeel == "onbekend") != stands_still:
        return status
    return step


def gewacht(last: Transition, now: datetime) -> timedelta:
    """Returns how long the cause of the last transition lasted, without the time in which the value was not known."""
    return (last.data.onbekendSinds or now) - (last.data.teltVanaf or last.time)


def stap(regel: AlarmRegel, oordeel: Oordeel, status: Status, held: timedelta) -> Status | None:
    """Returns the next status of an alarm that `held` its status for so long; None when it stays as it is."""
    step = _STEPS[status].get(oordeel)
    if step == "wachtend" and not regel.voor:
        return "actief"
    if step == "herstellend" and not regel.blijfActief:
        return "hersteld"
    if step is not None and (status, step) in _WAITS and oordeel != "weg" and held < wachttijd(regel, status):
        return None
    return step


def wachttijd(regel: AlarmRegel, status: Status) -> timedelta:
    """Returns how long an alarm stays in a status before a lasting cause takes it further."""
    return regel.voor if status == "wachtend" else regel.blijfActief if status == "herstellend" else timedelta(0)


def overgangen(regels: Sequence[AlarmRegel], beeld: Beeld, last: Mapping[AlarmKey, Transition]) -> list[Transition]:
    """Returns the transitions that bring the alarms in line with the live view, by rule and in order of onderwerp.

    What holds back others begins before them and ends after them. So who has read only some of the transitions tells of
    none that is held back.

    `last` holds the latest known transition of each key. A transition that is missing there, because it is not stored
    yet, is made again with the same id.
    """
    open_of: dict[str, dict[str, Transition]] = {}
    for (naam, onderwerp), one in last.items():
        if not isinstance(one, AlarmHersteld):
            open_of.setdefault(naam, {})[onderwerp] = one
    made = [
        one
        for regel in sorted(regels, key=lambda regel: bool(regel.onderdruktDoor))
        for one in _of_rule(regel, waarden(regel, beeld), beeld, last, open_of)
    ]
    gone = [(naam, onderwerp) for naam, still in open_of.items() for onderwerp in still]
    made.sort(key=_turn)
    return made + [_ended(key, last[key], beeld.now) for key in sorted(gone)]


def _turn(made: Transition) -> int:
    """Returns when a transition is said: what begins first, then what ends of those held back, then the other ends."""
    if not isinstance(made, AlarmHersteld):
        return 0
    return 1 if made.data.onderdruktDoor else 2


def _of_rule(
    regel: AlarmRegel,
    seen: Waarden | None,
    beeld: Beeld,
    last: Mapping[AlarmKey, Transition],
    open_of: dict[str, dict[str, Transition]],
) -> list[Transition]:
    """Makes the transitions of a rule and of its lack of data, and takes what is open of both out of `open_of`."""
    made = []
    for one in (regel, regel.gebrek):
        if one is not None:
            still = open_of.pop(sleutel(one.alarmnaam, one.voor_regel, "")[0], {})
            made += [] if seen is None else _seen_by(one, seen, beeld, last, still)
    return made


def _seen_by(
    regel: AlarmRegel,
    seen: Waarden,
    beeld: Beeld,
    last: Mapping[AlarmKey, Transition],
    still: Mapping[str, Transition],
) -> list[Transition]:
    beyond, between, back = oordelen(regel, seen.waarden)
    raised = {seen.onderwerpen[n]: n for n in np.flatnonzero(beyond).tolist()}
    at = {onderwerp: n for n, onderwerp in enumerate(seen.onderwerpen)} if still else {}
    made = []
    for onderwerp in sorted(raised.keys() | still.keys()):
        n = raised.get(onderwerp, at.get(onderwerp))
        oordeel = _oordeel(n, beyond, between, back)
        before = last.get(sleutel(regel.alarmnaam, regel.voor_regel, onderwerp))
        status = next_status(regel, oordeel, before, beeld.now)
        if status is not None:
            value = None if n is None else float(seen.waarden[n])
            made.append(_transition(status, regel, onderwerp, value, before, beeld))
    return made


def oordelen(regel: AlarmRegel, seen: Floats) -> tuple[Bools, Bools, Bools]:
    """Returns for each value whether it is beyond the threshold, between the two, or past the one that clears.

    A value that is not known is none of these, but beyond the threshold of a rule about just that.
    """
    missing = np.isnan(seen)
    if isinstance(regel, Gebrekregel):
        return missing, np.zeros_like(missing), ~missing
    sign = 1 if regel.richting == "boven" else -1
    beyond = sign * seen > sign * regel.gaat_af
    # A value clears past the threshold for that, or at it where nothing lies past it: 0 people, `open`, or no band.
    at_it = np.less_equal if regel.wist in (0, regel.gaat_af) else np.less
    back = ~beyond & at_it(sign * seen, sign * regel.wist)
    return beyond, ~beyond & ~back & ~missing, back


def _oordeel(n: int | None, beyond: Bools, between: Bools, back: Bools) -> Oordeel:
    if n is None:
        return "weg"
    if beyond[n]:
        return "voorbij"
    if back[n]:
        return "terug"
    return "ertussen" if between[n] else "onbekend"


def _transition(
    status: Status, regel: AlarmRegel, onderwerp: str, seen: float | None, last: Transition | None, beeld: Beeld
) -> Transition:
    ernst = regel.ernst_bij(beeld.soort(onderwerp))
    if last is not None and STATUS[type(last)] != "hersteld":
        ernst = last.data.ernst  # An alarm keeps its ernst.
    text = verdwenen(onderwerp, beeld) if seen is None else toelichting(regel, onderwerp, seen, beeld)
    said = said_of(regel, ernst, None if seen is None else getoond(regel, seen), text)
    said |= {"gemeente": beeld.gemeente(onderwerp), "locatiesoort": beeld.soort(onderwerp)}
    if last is not None and STATUS[type(last)] == status:
        said |= _wait(last, beeld.now)
    return transition(status, sleutel(regel.alarmnaam, regel.voor_regel, onderwerp), last, beeld.now, said)


def _wait(last: Transition, now: datetime) -> dict[str, Any]:
    """Returns what a wait says where its time stops, and where it goes on."""
    stops = last.data.onbekendSinds is None
    return {
        "teltVanaf": format_moment((last.data.teltVanaf or last.time) if stops else now - gewacht(last, now)),
        "onbekendSinds": format_moment(now) if stops else None,
    }


def _ended(key: AlarmKey, last: Transition, now: datetime) -> Transition:
    """Returns the end of an alarm whose rule no longer exists, in the words of its last transition."""
    said = last.data
    names = ("regel", "voorRegel", "ernst", "drempel", "grootheid", "runbook", "labels", "gemeente", "locatiesoort")
    kept = {name: getattr(said, name) for name in names}
    return transition("hersteld", key, last, now, kept | {"toelichting": NO_RULE})


def transition_id(key: AlarmKey, previous: str | None, status: Status) -> str:
    """Returns the UUIDv5 of the rule, the onderwerp, the id of the transition before it, and its status.

    The status is part of it, so that two instances that see another next step do not say two things under one id.
    """
    return str(uuid5(NAMESPACE, "|".join((*key, previous or "", status))))


def transition(
    status: Status, key: AlarmKey, last: Transition | None, now: datetime, said: dict[str, Any]
) -> Transition:
    """Returns the event by which the alarm of a key comes into a status. `said` is the rest of its data."""
    own_id = transition_id(key, last.id if last else None, status)
    goes_on = last if last is not None and not isinstance(last, AlarmHersteld) else None
    data = {
        "alarmId": goes_on.data.alarmId if goes_on else own_id,
        "regel": key[0],
        "sinds": format_moment(goes_on.data.sinds if goes_on else now),
        "vorige": last.id if last else None,
    }
    model = _MODEL[status]
    return model.model_validate(envelope(model, own_id, key[1], now) | {"data": data | said})


def said_of(regel: AlarmRegel, ernst: str, waarde: float | str | None, text: str | None) -> dict[str, Any]:
    """Returns what a transition says of its rule and of what that saw."""
    return {
        "regel": regel.alarmnaam,
        "voorRegel": regel.voor_regel,
        "ernst": ernst,
        "waarde": waarde,
        "drempel": regel.getoonde_drempel,
        "grootheid": regel.grootheid,
        "toelichting": text,
        "runbook": regel.runbook,
        "labels": dict(regel.labels) or None,
        "onderdruktDoor": regel.onderdruktDoor or None,
    }
