"""The pages of alarms: the list as it stood at K, and each alarm with what became of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, get_args

from pydantic import Field

from schemas.data import Ernst
from schemas.fields import AMSTERDAM
from services.core.alarms.alarmen import Alarm
from services.core.alarms.bewaakt import telt_dagen
from services.core.alarms.stiltes import by_key
from services.core.bezetting import Overschrijding
from services.core.locaties import locatie
from services.dashboard.lijst import page_of_rows
from services.dashboard.page_request import Blad, Bladtijd
from services.dashboard.tekst import naam_van
from services.reads import alarm_answers
from services.reads.alarm_nu import NIETS, Nu, alarmen_nu
from services.reads.question import NotKnownError
from services.web.addresses import page_of

ROWS_MAX = 100
ERNSTEN: tuple[str, ...] = get_args(Ernst)[::-1]
"""From worst to mildest."""
NIET_GEMELD = frozenset({"onderdrukt", "stil"})
"""How an alarm stands of which nobody is told."""
_DAY = timedelta(days=1)
_LOOKED_BACK = 30 * _DAY
"""How long before a moment that nobody watched a dry run begins."""
Staat = Literal["open", "actief", "opgepakt", "onderdrukt", "stil", "wachtend", "hersteld"]


class Alarmvraag(Bladtijd):
    """Which alarms the list shows. `open`: all that go off, also those of which nobody is told."""

    status: Staat | None = "open"
    ernst: Ernst | None = None
    regel: str | None = Field(default=None, max_length=60)
    bladzijde: int = Field(default=1, ge=1, le=10_000)


class Toets(NamedTuple):
    """The days of a dry run, in Dutch time: what would have gone off if somebody had watched."""

    van: str
    tot: str


class Alarmstand(NamedTuple):
    """All alarms of which the caller may know, as they stood at K."""

    alarmen: Sequence[Alarm]
    """Newest first."""
    toestand: Mapping[str, str]
    """The id of each alarm that is not over → how it stands."""
    aantallen: Mapping[str, int]
    """How it stands → how many."""
    sinds: datetime | None
    """Since when somebody watches; None: nobody did at K."""

    @property
    def worst_first(self) -> list[Alarm]:
        """The open alarms: the worst first, of equals the newest first, and last those of which nobody is told."""
        return sorted(
            (one for one in self.alarmen if one.open),
            key=lambda one: (self.toestand[one.id] in NIET_GEMELD, *_worst(one)),
        )


def alarmstand(blad: Blad[Any]) -> Alarmstand:
    """Returns how the alarms stand at K."""
    moment = blad.question.bekend_op
    with blad.reader.alarmboek(blad.question) as boek:
        shown = blad.reader.shown(boek.alarmen(), blad.question.audience)
        stiltes, sinds = boek.stiltes, boek.sinds
    above = by_key(shown)
    known = [one for one in shown if one.status != "hersteld"]
    states = {one.id: alarm_answers.toestand(one, stiltes, above, moment) for one in known}
    return Alarmstand(shown, states, alarm_answers.aantallen(shown, stiltes, moment), sinds)


def onbewaakt(blad: Blad[Any], sinds: datetime | None) -> Toets | None:
    """Returns a dry run of the moment that is shown, when nobody watched then; None when somebody did.

    Whether somebody still watches now, the alarms topic does not tell.
    """
    at = min(blad.question.point)
    if sinds is not None and (blad.nu or sinds <= at):
        return None
    days = (at.astimezone(AMSTERDAM).date() - _LOOKED_BACK, at.astimezone(AMSTERDAM).date() + _DAY)
    return Toets(*(day.isoformat() for day in days))


def nu_gezien(blad: Blad[Any], alarmen: Collection[Alarm]) -> Mapping[str, Nu]:
    """Returns the id of each of these alarms → what its rule sees at K."""
    seen = alarmen_nu(blad.reader, blad.question, alarmen, _days(blad, alarmen))
    return {one.id: seen.get(one.id, NIETS) for one in alarmen}


def alarmen(blad: Blad[Alarmvraag]) -> dict[str, Any]:
    """Returns one page of the list."""
    vraag, stand = blad.vraag, alarmstand(blad)
    open_ones = vraag.status not in (None, "hersteld", "wachtend")
    found = [
        alarm
        for alarm in (stand.worst_first if open_ones else stand.alarmen)
        if vraag.ernst in (None, alarm.ernst)
        and vraag.regel in (None, alarm.regel)
        and vraag.status in (None, "open" if open_ones else alarm.status, stand.toestand.get(alarm.id))
    ]
    cijfers, shown = blad.cijfers(), page_of_rows(found, vraag.bladzijde, ROWS_MAX)
    return {
        "herkomst": cijfers.herkomst,
        "namen": {alarm.onderwerp: naam_van(cijfers, alarm.onderwerp) for alarm in shown.rijen},
        "regels": sorted({alarm.regel for alarm in stand.alarmen}),
        "ernsten": ERNSTEN,
        "toestand": stand.toestand,
        "aantallen": stand.aantallen,
        "nu_gezien": nu_gezien(blad, shown.rijen),
        "onbewaakt": onbewaakt(blad, stand.sinds),
        "sinds": stand.sinds,
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
        "nu": nu_gezien(blad, [found])[found.id],
        "naam": naam_van(cijfers, found.onderwerp),
        "overgangen": found.overgangen,
        "verklaring": None if explained is None else page_of(explained),
    }


def _days(blad: Blad[Any], alarmen: Collection[Alarm]) -> Mapping[str, Overschrijding]:
    """Returns the days above the maximum where a sentence tells them. Those of now are remembered."""
    above = {one.onderwerp for one in alarmen if one.open and telt_dagen(one.grootheid)}
    if not above or not blad.nu:
        return blad.reader.overschrijdingen(above, blad.question)
    cijfers = blad.cijfers()
    found = [locatie(cijfers.registers, own_id, cijfers.herkomst.geldig_op) for own_id in sorted(above)]
    return blad.reader.breaches(cijfers, found)


def _worst(alarm: Alarm) -> tuple[int, float, str]:
    return ERNSTEN.index(alarm.ernst), -alarm.sinds.timestamp(), alarm.id
