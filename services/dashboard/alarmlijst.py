"""The pages of alarms: the list as it stood at K, and each alarm with what became of it."""

from typing import Any, Literal, get_args

from pydantic import Field

from schemas.data import Ernst
from services.core.alarms.alarmen import Alarm
from services.core.alarms.stiltes import by_key
from services.dashboard.lijst import page_of_rows
from services.dashboard.page_request import Blad, Bladtijd
from services.dashboard.tekst import naam_van
from services.reads import alarm_answers
from services.reads.question import NotKnownError
from services.web.addresses import page_of

ROWS_MAX = 100
ERNSTEN: tuple[str, ...] = get_args(Ernst)[::-1]
"""From worst to mildest."""


class Alarmvraag(Bladtijd):
    """Which alarms the list shows."""

    status: Literal["open", "hersteld", "wachtend"] | None = "open"
    ernst: Ernst | None = None
    regel: str | None = Field(default=None, max_length=60)
    bladzijde: int = Field(default=1, ge=1, le=10_000)


def worst_first(alarm: Alarm) -> tuple[int, float, str]:
    """Sorts alarms: the worst first, and of equals the newest first."""
    return ERNSTEN.index(alarm.ernst), -alarm.sinds.timestamp(), alarm.id


def alarmen(blad: Blad[Alarmvraag]) -> dict[str, Any]:
    """Returns one page of the list."""
    vraag = blad.vraag
    every = blad.reader.alarmen(blad.question)
    found = [
        alarm
        for alarm in every
        if vraag.ernst in (None, alarm.ernst) and vraag.regel in (None, alarm.regel) and _is(alarm, vraag.status)
    ]
    if vraag.status == "open":
        found.sort(key=worst_first)
    cijfers, shown = blad.cijfers(), page_of_rows(found, vraag.bladzijde, ROWS_MAX)
    return {
        "herkomst": cijfers.herkomst,
        "namen": {alarm.onderwerp: naam_van(cijfers, alarm.onderwerp) for alarm in shown.rijen},
        "regels": sorted({alarm.regel for alarm in every}),
        "ernsten": ERNSTEN,
        **shown._asdict(),
    }


def alarm(blad: Blad[Bladtijd]) -> dict[str, Any]:
    """Returns one alarm, with what became of it. Raises NotKnownError."""
    with blad.reader.alarmboek(blad.question) as boek:
        shown = blad.reader.shown(boek.alarmen(), blad.question.audience)
        found = next((one for one in shown if one.id == blad.code), None)
        if found is None:
            raise NotKnownError("alarm", blad.code, blad.question)
        said = alarm_answers.alarm_of_boek(boek, found, by_key(shown), blad.question.bekend_op)
    cijfers = blad.cijfers()
    explained = said["verklaring"]
    return {
        "herkomst": cijfers.herkomst,
        "alarm": said,
        "naam": naam_van(cijfers, found.onderwerp),
        "overgangen": found.overgangen,
        "verklaring": None if explained is None else page_of(explained),
    }


def _is(alarm: Alarm, status: str | None) -> bool:
    if status == "open":
        return alarm.open
    return status in (None, alarm.status)
