"""Alarms that only the desk of toezicht may know of, with all that is said about them, as stored events."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from schemas.alarmregels import TE_WEINIG_GEGEVENS
from schemas.events import Event, StilteIngesteld
from schemas.fields import format_moment
from services.core.alarms.alarmen import envelope, sleutel
from services.core.alarms.bezorging import Bezorging, outcome
from services.core.alarms.boek import Alarmboek
from tests.support.alarm_help import confirmed
from tests.support.bezorg_help import receiver, steps

RULE, GROOTHEID = "onder-opgave-binnen-halfjaar", "dagen-tot-onder-opgave"
_SAID: dict[str, Any] = {"grootheid": GROOTHEID, "waarde": 40, "drempel": 182, "toelichting": "Het wordt krap."}
SILENCE = str(uuid5(NAMESPACE_URL, "een stilte van het toezicht"))


def went_off(now: datetime) -> list[Event]:
    """Returns the beginning of an alarm about a gemeente, some hours ago."""
    return steps((RULE, "GM0344"), "actief", begin=now - timedelta(hours=3), **_SAID)


def lacks(now: datetime) -> list[Event]:
    """Returns the beginning of the alarm that says that its rule can't judge another gemeente."""
    said = _SAID | {"regel": TE_WEINIG_GEGEVENS, "voorRegel": RULE}
    return steps(sleutel(TE_WEINIG_GEGEVENS, RULE, "GM0014"), "actief", begin=now, **said)


def silenced(now: datetime) -> StilteIngesteld:
    """Returns a silence of that rule about that gemeente."""
    data = {
        "stilteId": SILENCE,
        "regel": RULE,
        "grootheid": GROOTHEID,
        "onderwerp": "GM0344",
        "vanaf": format_moment(now - timedelta(hours=1)),
        "tot": format_moment(now + timedelta(days=30)),
        "reden": "het toezicht weet ervan",
        "doorWie": "jan",
    }
    said = envelope(StilteIngesteld, SILENCE, "GM0344", now - timedelta(hours=1))
    return StilteIngesteld.model_validate(said | {"data": data})


def desk_alarms(now: datetime, receivers: Sequence[str]) -> tuple[list[Event], list[Event]]:
    """Returns what is said before other alarms, and what after them: how it went to tell of it among that.

    The first receiver took the message, and it was given up with the others.
    """
    began, lack = went_off(now), lacks(now)
    (alarm,) = Alarmboek(lack).alarmen()
    told = [
        outcome(Bezorging(receiver(naam, toezicht=True), alarm, lack[0], 0, 0, now), how, now, fout="weg")
        for naam, how in zip(receivers, ("bezorgd", *["opgegeven"] * len(receivers)), strict=False)
    ]
    taken_up = confirmed(began[0], format_moment(now - timedelta(hours=2)), "jan", "aan de slag")
    return [*began, taken_up, silenced(now)], [*lack, *told]
