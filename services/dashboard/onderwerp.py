"""The pages of a locatie, a gemeente and a provincie: figures, their history, alarms and announcements."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any, Literal

from schemas.reference import PROVINCIES, Gemeente
from services.core.alarms.alarmen import Alarm
from services.core.fold import history
from services.core.grootheden.opvang import AANWEZIG, INZETBAAR, MAXIMUM
from services.core.grootheden.wet import MEETELLEND, OPGAVE
from services.core.history.reeks import perioden
from services.core.history.verloop import Verloop
from services.core.locaties import Locatie, Maximum
from services.core.reasons.nieuws import aankondigingen
from services.core.registers import Register, SubjectKind
from services.dashboard.grafiek import Grafiek, Lijn, grafiek
from services.dashboard.page_request import Blad, Bladtijd
from services.dashboard.tekst import naam_van
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.lijnen import Lijnen, of_area, of_locatie, of_naleving
from services.reads.question import NotKnownError

_BACK = {"maand": timedelta(days=31), "kwartaal": timedelta(days=92), "jaar": timedelta(days=366)}
AHEAD = timedelta(days=366)
"""How far ahead announcements are looked for."""
AHEAD_SHOWN_MAX = timedelta(days=183)
"""How far ahead they are drawn at most. A chart also looks no further ahead than back."""
EVENTS_MAX = 10_000
"""Events about a gemeente itself. There are a few a year."""
DAYS_MAX = timedelta(days=200)
ALARMS_MAX = 20


class Onderwerpvraag(Bladtijd):
    """How far the chart goes back."""

    periode: Literal["maand", "kwartaal", "jaar"] = "kwartaal"


def locatie(blad: Blad[Onderwerpvraag]) -> dict[str, Any]:
    """Returns a locatie. Raises NotKnownError for one that is unknown, or that the caller may not see."""
    own_id, cijfers = blad.code, blad.cijfers()
    found = next((one for one in cijfers.shown if one.id == own_id), None)
    if found is None:
        raise NotKnownError("locatie", own_id, blad.question)
    van, tot = _range(blad)
    verloop, _ = blad.reader.store.verloop(
        van, blad.question.geldig_op + AHEAD, blad.question.bekend_op, locatie=own_id, positie=blad.question.positie
    )
    days = blad.reader.breaches(cijfers, [found])
    return {
        "herkomst": cijfers.herkomst,
        "onderwerp": own_id,
        "locatie": answers.locatie_row(cijfers, found, days.get(own_id)),
        "vrij": found.vrij,
        "gepubliceerd": answers.published(cijfers, own_id)["gepubliceerd"],
        "alarmen": _alarms(blad, {own_id}),
        "verloop": _locatie_chart(blad, verloop, found, van, tot),
        "aangekondigd": _announced(blad, cijfers, verloop, {own_id}),
        "naam": partial(naam_van, cijfers),
    }


def gemeente(blad: Blad[Onderwerpvraag]) -> dict[str, Any]:
    """Returns a gemeente. Raises NotKnownError for one that is not there at V, and names its successor."""
    code, cijfers = blad.code, blad.cijfers()
    row = next((row for row in cijfers.naleving if row.gemeente.code == code), None)
    if row is None:
        raise NotKnownError("gemeente", code, blad.question, successor=cijfers.indeling.current(code))
    here = cijfers.by_gemeente.get(code, [])
    area = _area(blad, cijfers, here, lambda one: one.code == code, code)
    said = {"gemeente": answers.gemeente(cijfers, row), "cyclus": cijfers.cyclus}
    return area | said | {"toezicht": _supervision(blad, cijfers, code)}


def _supervision(blad: Blad[Onderwerpvraag], cijfers: Cijfers, code: str) -> list[tuple[datetime, str]]:
    """Returns every step of supervision until V, latest first. Nothing but the step and its date is recorded."""
    at = cijfers.herkomst
    logged = blad.reader.store.behind({code}, "", at.bekend_op, at.positie, EVENTS_MAX)
    steps = history((one.event for one in logged), at.geldig_op, at.bekend_op)
    told = {
        moment: str(winner.value)
        for (_, register, moment), winner in steps.items()
        if Register.of_name(register) is Register.TOEZICHT
    }
    return sorted(told.items(), reverse=True)


def provincie(blad: Blad[Onderwerpvraag]) -> dict[str, Any]:
    """Returns a provincie. Raises NotKnownError."""
    code = blad.code
    if code not in PROVINCIES:
        raise NotKnownError("provincie", code, blad.question)
    cijfers = blad.cijfers()
    area = _area(blad, cijfers, cijfers.of_provincie(code), lambda one: one.provincie == code, code)
    return area | {"provincie": answers.provincie(cijfers, code), "cyclus": cijfers.cyclus}


def _area(
    blad: Blad[Onderwerpvraag],
    cijfers: Cijfers,
    here: Sequence[Locatie],
    lies_in: Callable[[Gemeente], bool],
    code: str,
) -> dict[str, Any]:
    """Returns what the pages of a gemeente and a provincie share."""
    van, tot = _range(blad)
    everywhere, _ = blad.reader.store.verloop(
        van,
        blad.question.geldig_op + AHEAD,
        blad.question.bekend_op,
        positie=blad.question.positie,
        metingen=[one.id for one in here],
    )
    verloop = _within(everywhere, cijfers, lies_in)
    shown = [one for one in here if one.id not in cijfers.hidden]
    about = {code} | {one.id for one in shown}
    task = of_naleving(verloop, lies_in, provincie=code if code in PROVINCIES else None)
    return {
        "herkomst": cijfers.herkomst,
        "onderwerp": code,
        "locaties": shown,
        "alarmen": _alarms(blad, about),
        "verloop": _people_chart(blad, of_area(verloop, lies_in), van, tot),
        "opgaven": _task_chart(blad, task, van, tot),
        "aangekondigd": _announced(blad, cijfers, verloop, about),
        "naam": partial(naam_van, cijfers),
    }


def _within(verloop: Verloop, cijfers: Cijfers, lies_in: Callable[[Gemeente], bool]) -> Verloop:
    """Keeps only the locaties that ever lie in this area, since only those are drawn."""
    codes = {row.gemeente.code for row in cijfers.naleving if lies_in(row.gemeente)}
    here = {
        subject
        for (subject, register), winner in chain(verloop.begin.items(), verloop.steps)
        if Register.of_name(register) is Register.REGISTRATIE
        and cijfers.indeling.current(winner.value["gemeente"]) in codes
    }

    def drawn(subject: str) -> bool:
        return subject in here or not SubjectKind.LOCATIE.holds(subject)

    return verloop._replace(
        begin={key: winner for key, winner in verloop.begin.items() if drawn(key[0])},
        steps=[(key, winner) for key, winner in verloop.steps if drawn(key[0])],
    )


def _range(blad: Blad[Onderwerpvraag]) -> tuple[datetime, datetime]:
    back = _BACK[blad.vraag.periode]
    now = blad.question.geldig_op
    return now - back, now + min(back, AHEAD_SHOWN_MAX)


def _alarms(blad: Blad[Onderwerpvraag], about: Iterable[str]) -> list[Alarm]:
    """Returns the alarms about these subjects, newest first, with those that are over."""
    wanted = frozenset(about)
    every = blad.reader.alarmen(blad.question)
    return [alarm for alarm in every if alarm.onderwerp in wanted and alarm.status != "wachtend"][:ALARMS_MAX]


def _announced(blad: Blad[Onderwerpvraag], cijfers: Cijfers, verloop: Verloop, about: set[str]) -> list[Any]:
    now = blad.question.geldig_op
    own = {key: winner for key, winner in cijfers.registers.items() if key[0] in about}
    ahead = [(key, winner) for key, winner in verloop.steps if key[0] in about]
    return aankondigingen(own, ahead, now, now + AHEAD)


def _locatie_chart(
    blad: Blad[Onderwerpvraag], verloop: Verloop, found: Locatie, van: datetime, tot: datetime
) -> Grafiek:
    lines = of_locatie(verloop, found.id)
    drawn = [] if lines is None else _people_and_places(blad, lines, van, tot)
    if found.maximum is not None:
        drawn.append(Lijn(MAXIMUM.label, MAXIMUM.naam, _limit(found.maximum, van, tot), trap=True))
    return _drawn(blad, "Aanwezig en plaatsen", drawn, van, tot)


def _people_chart(blad: Blad[Onderwerpvraag], lines: Lijnen, van: datetime, tot: datetime) -> Grafiek:
    return _drawn(blad, "Aanwezig en plaatsen", _people_and_places(blad, lines, van, tot), van, tot)


def _task_chart(blad: Blad[Onderwerpvraag], lines: Lijnen, van: datetime, tot: datetime) -> Grafiek:
    task = [Lijn(one.label, one.naam, _points(lines, one.naam, van, tot), trap=True) for one in (MEETELLEND, OPGAVE)]
    return _drawn(blad, "Opgave en plaatsen die meetellen", task, van, tot, "opgaven", "plaatsen")


def _people_and_places(blad: Blad[Onderwerpvraag], lines: Lijnen, van: datetime, tot: datetime) -> list[Lijn]:
    """Draws people only until V, since nobody knows how many there will be, and places until the end."""
    now = blad.question.geldig_op
    return [
        Lijn(AANWEZIG.label, AANWEZIG.naam, _points(lines, AANWEZIG.naam, van, now)),
        Lijn(INZETBAAR.label, INZETBAAR.naam, _points(lines, INZETBAAR.naam, van, tot), trap=True),
    ]


def _points(lines: Lijnen, grootheid: str, van: datetime, tot: datetime) -> list[tuple[datetime, float | None]]:
    """Returns the figure at the end of each day, or of each week when the time is long."""
    borders = perioden(van, tot, "dag" if tot - van <= DAYS_MAX else "week")
    points = lines.points(grootheid, borders)
    return [(end, point.laatste) for point, end in zip(points, borders[1:], strict=True)]


def _limit(maximum: Maximum, van: datetime, tot: datetime) -> list[tuple[datetime, float | None]]:
    begin, end = max(van, maximum.geldig_vanaf), min(tot, maximum.geldig_tot or tot)
    return [(begin, maximum.maximum), (end, maximum.maximum)]


def _drawn(
    blad: Blad[Onderwerpvraag],
    titel: str,
    lines: Sequence[Lijn],
    van: datetime,
    tot: datetime,
    name: str = "verloop",
    eenheid: str = "plaatsen en personen",
) -> Grafiek:
    return grafiek(name, titel, lines, van=van, tot=tot, nu=blad.question.geldig_op, eenheid=eenheid)
