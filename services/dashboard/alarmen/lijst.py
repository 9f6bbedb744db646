"""The pages of alarms: the list as it stood at K, and each alarm with what became of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from schemas.fields import AMSTERDAM
from services.core.alarms.alarmen import Alarm
from services.core.alarms.bewaakt import telt_dagen
from services.core.alarms.stiltes import by_key, stilte_over
from services.core.bezetting import Overschrijding
from services.core.locaties import locatie
from services.dashboard.alarmen import draaiboek
from services.dashboard.alarmen.keuze import (
    GROEPEN,
    ROWS_MAX,
    Alarmvraag,
    facetten,
    groepen,
    keuzes,
    wie_wacht_eerst,
)
from services.dashboard.alarmen.verloop import verloop
from services.dashboard.page_request import Blad, Daadvraag
from services.dashboard.tabellen.lijst import page_of_rows
from services.reads import alarm_answers
from services.reads.alarm_keuze import Keuze, Rij, Veld, Volgorde, in_volgorde, rijen_van
from services.reads.alarm_nu import Nu, Regelblik
from services.reads.cijfers import Cijfers
from services.reads.question import NotKnownError
from services.web.addresses import page_of

_DAY = timedelta(days=1)
_LOOKED_BACK = 30 * _DAY
"""How long before a moment that nobody watched a dry run begins."""


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

    def open_rijen(self, cijfers: Cijfers) -> list[Rij]:
        """Returns the alarms that go off, with what they can be chosen by."""
        return rijen_van(cijfers, (one for one in self.alarmen if one.open), self.toestand)


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


def kijk(blad: Blad[Any], rijen: Sequence[Rij]) -> Regelblik:
    """Looks with the rules of these alarms, once for all that a page tells of them."""
    return Regelblik(blad.reader, blad.question, [rij.alarm for rij in rijen])


def op_ernst(gezien: Regelblik, rijen: Sequence[Rij]) -> list[Rij]:
    """Returns alarms by ernst: first what waits for somebody, of equals what is now farthest beyond its threshold."""
    return wie_wacht_eerst(in_volgorde(rijen, "ernst", lambda rij: rij, gezien.waarde))


def onbewaakt(blad: Blad[Any], sinds: datetime | None) -> Toets | None:
    """Returns a dry run of the moment that is shown, when nobody watched then; None when somebody did.

    Whether somebody still watches now, the alarms topic does not tell.
    """
    at = min(blad.question.point)
    if sinds is not None and (blad.nu or sinds <= at):
        return None
    days = (at.astimezone(AMSTERDAM).date() - _LOOKED_BACK, at.astimezone(AMSTERDAM).date() + _DAY)
    return Toets(*(day.isoformat() for day in days))


def nu_gezien(blad: Blad[Any], gezien: Regelblik, alarmen: Collection[Alarm]) -> Mapping[str, Nu]:
    """Returns the id of each of these alarms → what its rule sees at K."""
    days = _days(blad, alarmen)
    return {one.id: gezien.nu(one, days) for one in alarmen}


def alarmen(blad: Blad[Alarmvraag]) -> dict[str, Any]:
    """Returns the list, as it is asked for."""
    vraag, stand, cijfers = blad.vraag, alarmstand(blad), blad.cijfers()
    alle = rijen_van(cijfers, stand.alarmen, stand.toestand)
    found = [rij for rij in alle if vraag.keuze.past(rij)]
    gezien = kijk(blad, found)
    found = _geordend(gezien, vraag.volgorde, found)
    made = groepen(found, vraag, {**blad.gevraagd, "status": vraag.status or "open"})
    bladen = page_of_rows(found, vraag.bladzijde, ROWS_MAX)
    if vraag.groep == "geen":
        made = [made[0]._replace(rijen=bladen.rijen)]
    shown = [rij.alarm for groep in made for rij in groep.rijen]
    return {
        "herkomst": cijfers.herkomst,
        "onderwerp_naam": None if vraag.onderwerp is None else cijfers.naam_van(vraag.onderwerp),
        "groepen": made,
        "keuzes": keuzes(facetten(alle, vraag.keuze)),
        "groepeer": GROEPEN,
        "toestand": stand.toestand,
        "nu_gezien": nu_gezien(blad, gezien, shown),
        "onbewaakt": onbewaakt(blad, stand.sinds),
        "sinds": stand.sinds,
        **bladen._asdict(),
    }


def _geordend(gezien: Regelblik, asked: Volgorde, rijen: Sequence[Rij]) -> list[Rij]:
    return op_ernst(gezien, rijen) if asked == "ernst" else in_volgorde(rijen, asked, lambda rij: rij, gezien.waarde)


def gekozen(blad: Blad[Alarmvraag], zonder: Veld | None = None) -> list[Rij]:
    """Returns the alarms that a list asks for, of all its pages. `zonder`: whatever they are in this respect."""
    stand = alarmstand(blad)
    rijen = rijen_van(blad.cijfers(), stand.alarmen, stand.toestand)
    return [rij for rij in rijen if blad.vraag.keuze.past(rij, zonder)]


def alarm(blad: Blad[Daadvraag]) -> dict[str, Any]:
    """Returns one alarm, with what became of it. Raises NotKnownError."""
    with blad.reader.alarmboek(blad.question) as boek:
        shown = blad.reader.shown(boek.alarmen(), blad.question.audience)
        found = next((one for one in shown if one.id == blad.code), None)
        if found is None:
            raise NotKnownError("alarm", blad.code, blad.question)
        moment, above = blad.question.bekend_op, by_key(shown)
        said = alarm_answers.alarm_of_boek(boek, found, above, moment)
        stilte = stilte_over(found, boek.stiltes, moment) if found.status != "hersteld" else None
        toestand = alarm_answers.toestand(found, boek.stiltes, above, moment)
        stappen = verloop(found, boek.bevestigingen(found.id), boek.stiltes, moment)
    cijfers = blad.cijfers()
    explained = said["verklaring"]
    return {
        "herkomst": cijfers.herkomst,
        "alarm": said,
        "nu": nu_gezien(blad, Regelblik(blad.reader, blad.question, [found]), [found])[found.id],
        "naam": cijfers.naam_van(found.onderwerp),
        "toestand": toestand,
        "stilte": stilte,
        "eerdere": sum(map(Keuze(binnen=found.onderwerp).past, rijen_van(cijfers, shown, {}))) - 1,
        "wat_te_doen": draaiboek.wat_te_doen(found.runbook),
        "verloop": stappen,
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
