"""The pages of a locatie, a gemeente and a provincie: figures, their history, alarms and announcements."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from schemas.reference import PROVINCIES, Gemeente
from services.core.alarms.alarmen import Alarm
from services.core.bezetting import verlaten
from services.core.genoemd import telregel as genoemd
from services.core.grootheden import KLASSENAMEN
from services.core.naleving import toezeggingen
from services.core.opgaven import Opgave
from services.core.overdrachten import waarom_zonder_gevolg
from services.core.reasons.nieuws import aankondigingen
from services.core.registers import Register, end_of
from services.core.registerzinnen import Woorden
from services.core.voorbehoud import van_naleving
from services.dashboard.alarmen.lijst import Toets, alarmstand, kijk, nu_gezien, onbewaakt, op_ernst
from services.dashboard.grafiek import verloop
from services.dashboard.grafiek.periode import YEAR_AHEAD, Periodevraag
from services.dashboard.grafiek.verloop import Alarmloop, Getoond, Stand
from services.dashboard.kaart.kaart import STIJLEN
from services.dashboard.page_request import Blad, Daadvraag
from services.dashboard.telling import telling
from services.reads import answers
from services.reads.alarm_keuze import Keuze, rijen_van
from services.reads.alarm_nu import Nu
from services.reads.cijfers import Cijfers
from services.reads.question import NotKnownError

ALARMS_MAX = 5
"""How many alarms stand above the figures. There is a list of all of them."""


class Onderwerpvraag(Daadvraag, Periodevraag):
    """Which period the charts show, and what was done about its alarms just now."""


def locatie(blad: Blad[Onderwerpvraag]) -> dict[str, Any]:
    """Returns a locatie. Raises NotKnownError for one that is unknown, or that the caller may not see."""
    own_id = blad.code
    blad.reader.check_locatie(own_id, blad.question)
    cijfers = blad.cijfers()
    found = cijfers.locatie(own_id)
    if found is None:
        raise NotKnownError("locatie", own_id, blad.question)
    days = blad.reader.breaches(cijfers, [found])
    alarmen = _alarms(blad, cijfers, own_id)
    shown = verloop.van_locatie(blad, cijfers, own_id, Alarmloop(alarmen.alle, alarmen.sinds))
    return {
        "herkomst": cijfers.herkomst,
        "onderwerp": own_id,
        "locatie": answers.locatie_row(cijfers, found, days.get(own_id)),
        "vrij": found.vrij,
        "actueel": cijfers.grenzen.is_recent(found.peilmoment, blad.question.geldig_op),
        "verlaten": next(iter(verlaten([found], cijfers.grenzen)), None),
        "gepubliceerd": answers.published(cijfers, own_id)["gepubliceerd"],
        "alarmen": alarmen,
        "tijd": shown,
        "aangekondigd": _announced(blad, cijfers, shown, {own_id}),
        "naam": cijfers.naam_van,
    }


def gemeente(blad: Blad[Onderwerpvraag]) -> dict[str, Any]:
    """Returns a gemeente. Raises NotKnownError for one that is not there at V, and names its successor."""
    code, cijfers = blad.code, blad.cijfers()
    row = next((row for row in cijfers.naleving if row.gemeente.code == code), None)
    if row is None:
        raise NotKnownError("gemeente", code, blad.question, successor=cijfers.indeling.current(code))
    here = cijfers.locaties_in([code])
    area = van_gebied(blad, cijfers, {one.id for one in here}, lambda one: one.code == code, code, row.opgave)
    said = {
        "gemeente": answers.gemeente(cijfers, row),
        "maatstaf": cijfers.maatstaf,
        "besluit": row.besluit,
        "inwoners": row.inwoners,
        "locaties": [telling(one, blad.question.geldig_op, cijfers.grenzen) for one in here],
        "verlaten": verlaten(here, cijfers.grenzen),
        "overdrachten": _promises(cijfers, code),
        "onder_toezicht": code in blad.caller.toezicht_over(cijfers.indeling.geldig),
    }
    return area | said


class Afspraak(NamedTuple):
    """An agreement in force about places: that a gemeente gives them, or receives them."""

    geeft: bool
    code: str
    """The other gemeente."""
    aantal: int
    tot: datetime | None
    ongedekt: int
    """The part of it for which the giver has no places: it counts nowhere."""
    zonder_gevolg: str | None
    """Why it counts nowhere at all; None when it may count."""


def _promises(cijfers: Cijfers, code: str) -> list[Afspraak]:
    """Returns what a gemeente promised and was promised, in the order in which promises are covered."""
    if cijfers.cyclus is None:
        return []
    now, at, cyclus = cijfers.indeling, cijfers.herkomst.geldig_op, cijfers.cyclus.id
    promised = toezeggingen(cijfers.wet, now, at, cijfers.maatstaf, cijfers.naleving)
    covered = {one.winner.event_id: one.gedekt for one in promised}
    found = []
    for (subject, stored), winner in sorted(
        Register.OVERDRACHT.among(cijfers.wet, cyclus), key=lambda one: one[1].rank
    ):
        ontvangt = Register.OVERDRACHT.parts(stored)[1]
        giver, receiver, end = now.current(subject), now.current(ontvangt), end_of(winner)
        if code in (giver, receiver) and (end is None or end > at):
            many, why = winner.value["aantal"], waarom_zonder_gevolg(subject, ontvangt, now)
            if why is None and cijfers.maatstaf.regel is None:
                why = f"{genoemd(cijfers.cyclus.telregel)} is niet vastgesteld"
            other = receiver if giver == code else giver
            open_ = many - covered.get(winner.event_id, 0)
            found.append(Afspraak(giver == code, other, many, end, open_, why))
    return found


def provincie(blad: Blad[Onderwerpvraag]) -> dict[str, Any]:
    """Returns a provincie. Raises NotKnownError."""
    code = blad.code
    if code not in PROVINCIES:
        raise NotKnownError("provincie", code, blad.question)
    cijfers = blad.cijfers()
    stand, rows = cijfers.stand_van(code), cijfers.gemeenten_van(code)
    codes = [row.gemeente.code for row in rows]
    area = van_gebied(blad, cijfers, set(cijfers.ids_in(codes)), lambda one: one.provincie == code, code, stand.opgave)
    law = {
        "verlaten": verlaten(cijfers.gesloten_in(codes), cijfers.grenzen),
        "maatstaf": cijfers.maatstaf,
        "inwoners": stand.delen.inwoners,
        "wet": answers.law_of(rows),
        "wet_voorbehoud": answers.reasons(van_naleving(cijfers.maatstaf, rows)),
        "klassen": KLASSENAMEN,
        "stijlen": STIJLEN,
    }
    return area | law | {"provincie": answers.provincie(cijfers, code)}


def van_gebied(
    blad: Blad[Onderwerpvraag],
    cijfers: Cijfers,
    here: Collection[str],
    lies_in: Callable[[Gemeente], bool],
    code: str,
    opgave: Opgave | None,
) -> dict[str, Any]:
    """Returns what pages about a gemeente or a provincie share. `here`: the locaties in it."""
    sums = cijfers.in_provincie(code) if code in PROVINCIES else cijfers.in_gemeente(code)
    about = {code, *here}
    alarmen = _alarms(blad, cijfers, code)
    stand, loop = Stand(sums, opgave, cijfers.cyclus), Alarmloop(alarmen.alle, alarmen.sinds)
    shown = verloop.van_gebied(blad, cijfers, code, lies_in, stand, loop)
    return {
        "herkomst": cijfers.herkomst,
        "onderwerp": code,
        "plaatsen_bekend": sums.delen.geplaatst,
        "alarmen": alarmen,
        "tijd": shown,
        "aangekondigd": _announced(blad, cijfers, shown, about),
        "naam": cijfers.naam_van,
    }


class Alarmlijst(NamedTuple):
    """The alarms about something and about what lies in it, and what their rules see now."""

    alarmen: Sequence[Alarm]
    """The worst that go off."""
    aantal: int
    """How many go off."""
    alle: Sequence[Alarm]
    """All of them, also those that are over, newest first."""
    nu: Mapping[str, Nu]
    toestand: Mapping[str, str]
    onbewaakt: Toets | None
    sinds: datetime | None


def _alarms(blad: Blad[Onderwerpvraag], cijfers: Cijfers, about: str) -> Alarmlijst:
    stand, keuze = alarmstand(blad), Keuze(binnen=about)
    rijen = [one for one in rijen_van(cijfers, stand.alarmen, stand.toestand) if keuze.past(one)]
    every = [rij.alarm for rij in rijen if rij.alarm.status != "wachtend"]
    toets = onbewaakt(blad, stand.sinds)
    open_rijen = [] if toets else [rij for rij in rijen if rij.alarm.open]  # of now, and nobody watched then
    gezien = kijk(blad, open_rijen)
    worst = [rij.alarm for rij in op_ernst(gezien, open_rijen)][:ALARMS_MAX]
    nu = nu_gezien(blad, gezien, worst)
    return Alarmlijst(worst, len(open_rijen), every, nu, stand.toestand, toets, stand.sinds)


def _announced(blad: Blad[Onderwerpvraag], cijfers: Cijfers, shown: Getoond, about: set[str]) -> list[Any]:
    now = blad.question.geldig_op
    own = {key: winner for key, winner in cijfers.registers.items() if key[0] in about}
    ahead = [(key, winner) for key, winner in shown.stappen if key[0] in about]
    return aankondigingen(own, ahead, now, now + YEAR_AHEAD, Woorden(cijfers.naam_van))
