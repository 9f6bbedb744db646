"""The pages of a locatie, a gemeente and a provincie: figures, their history, alarms and announcements."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any, Literal, NamedTuple

from schemas.moments import from_micros
from schemas.reference import PROVINCIES, Gemeente
from services.core.alarms.alarmen import Alarm
from services.core.bezetting import Bezetting, verlaten
from services.core.fold import history
from services.core.grootheden import KLASSENAMEN
from services.core.grootheden.opvang import AANWEZIG, INZETBAAR, MAXIMUM
from services.core.grootheden.wet import MEETELLEND, OPGAVE
from services.core.history.reeks import perioden
from services.core.history.verloop import Verloop
from services.core.locaties import Locatie, Maximum
from services.core.naleving import toezeggingen
from services.core.opgaven import STATUSSEN, Opgave, opgave_of
from services.core.overdrachten import waarom_zonder_gevolg
from services.core.reasons.nieuws import aankondigingen
from services.core.registers import Register, SubjectKind, end_of
from services.core.registerzinnen import Woorden
from services.core.telregel import Cyclus
from services.core.values import stap_of
from services.core.voorbehoud import van_naleving
from services.dashboard.alarmlijst import Toets, alarmstand, nu_gezien, onbewaakt
from services.dashboard.grafiek import Grafiek, Grafiekpunt, Lijn, einde, grafiek
from services.dashboard.kaart import STIJLEN
from services.dashboard.lijnen import uitgedund, van_metingen, van_toen
from services.dashboard.page_request import Blad, Bladtijd
from services.dashboard.tekst import naam_van
from services.dashboard.telling import telling
from services.reads import answers
from services.reads.alarm_nu import Nu
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
ALARMS_MAX = 20


class Onderwerpvraag(Bladtijd):
    """How far the chart goes back."""

    periode: Literal["maand", "kwartaal", "jaar"] = "kwartaal"


def locatie(blad: Blad[Onderwerpvraag]) -> dict[str, Any]:
    """Returns a locatie. Raises NotKnownError for one that is unknown, or that the caller may not see."""
    own_id = blad.code
    blad.reader.check_locatie(own_id, blad.question)
    cijfers = blad.cijfers()
    found = next((one for one in cijfers.locaties if one.id == own_id), None)
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
        "actueel": cijfers.grenzen.is_recent(found.peilmoment, blad.question.geldig_op),
        "verlaten": next(iter(verlaten([found], cijfers.grenzen)), None),
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
    area = _area(blad, cijfers, here, lambda one: one.code == code, code, row.opgave)
    said = {
        "gemeente": answers.gemeente(cijfers, row),
        "maatstaf": cijfers.maatstaf,
        "besluit": row.besluit,
        "inwoners": row.inwoners,
    }
    return area | said | {"overdrachten": _promises(cijfers, code), "toezicht": _supervision(blad, cijfers, code)}


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
                why = f"telregel {cijfers.cyclus.telregel} is niet vastgesteld"
            other = receiver if giver == code else giver
            open_ = many - covered.get(winner.event_id, 0)
            found.append(Afspraak(giver == code, other, many, end, open_, why))
    return found


class Stap(NamedTuple):
    """A step of supervision."""

    op: datetime
    stap: str
    houder: str | None
    termijn: str | None


def _supervision(blad: Blad[Onderwerpvraag], cijfers: Cijfers, code: str) -> list[Stap]:
    """Returns every step of supervision until V, latest first, also against what merged into a gemeente.

    What was said is never recorded.
    """
    at, parts = cijfers.herkomst, set(cijfers.indeling.parts(code))
    logged = blad.reader.unhidden(
        blad.question.audience,
        lambda hidden: blad.reader.store.behind(parts, "", at.bekend_op, at.positie, EVENTS_MAX, hidden),
        seen=cijfers,
    )
    steps = history((one.event for one in logged), at.geldig_op, at.bekend_op)
    told = [
        _step(moment, winner.value)
        for (_, register, moment), winner in steps.items()
        if Register.of_name(register) is Register.TOEZICHT
    ]
    return sorted(told, key=lambda one: one.op, reverse=True)


def _step(moment: datetime, value: Any) -> Stap:
    more = {} if isinstance(value, str) else value
    houder = str(more.get("toezichthouder") or "")
    return Stap(moment, stap_of(value), PROVINCIES.get(houder, houder) or None, more.get("termijn"))


def provincie(blad: Blad[Onderwerpvraag]) -> dict[str, Any]:
    """Returns a provincie. Raises NotKnownError."""
    code = blad.code
    if code not in PROVINCIES:
        raise NotKnownError("provincie", code, blad.question)
    cijfers = blad.cijfers()
    opgave = opgave_of(cijfers.wet, code, cijfers.cyclus.id) if cijfers.cyclus else None
    area = _area(blad, cijfers, cijfers.of_provincie(code), lambda one: one.provincie == code, code, opgave)
    rows = [row for row in cijfers.naleving if row.gemeente.provincie == code]
    law = {
        "maatstaf": cijfers.maatstaf,
        "inwoners": sum(row.inwoners for row in rows),
        "wet": answers.law_of(rows, cijfers.audience),
        "wet_voorbehoud": answers.reasons(van_naleving(cijfers.maatstaf, rows)),
        "klassen": KLASSENAMEN,
        "stijlen": STIJLEN,
    }
    return area | law | {"provincie": answers.provincie(cijfers, code)}


def _area(
    blad: Blad[Onderwerpvraag],
    cijfers: Cijfers,
    here: Sequence[Locatie],
    lies_in: Callable[[Gemeente], bool],
    code: str,
    opgave: Opgave | None,
) -> dict[str, Any]:
    """Returns what the pages of a gemeente and a provincie share."""
    van, tot = _range(blad)
    sums = cijfers.in_provincie(code) if code in PROVINCIES else cijfers.in_gemeente(code)
    everywhere, _ = blad.reader.store.verloop(
        van,
        blad.question.geldig_op + AHEAD,
        blad.question.bekend_op,
        positie=blad.question.positie,
        metingen=[one.id for one in here],
    )
    verloop = _within(everywhere, cijfers, lies_in)
    about = {code} | {one.id for one in here}
    task = of_naleving(verloop, lies_in, blad.question.gevraagd, provincie=code if code in PROVINCIES else None)
    people = blad.reader.unhidden(
        blad.question.audience,
        lambda hidden: of_area(verloop, lies_in, grenzen=cijfers.grenzen, hidden=hidden),
        seen=cijfers,
    )
    return {
        "herkomst": cijfers.herkomst,
        "onderwerp": code,
        "plaatsen_bekend": sums.delen.geplaatst,
        "locaties": [telling(one, blad.question.geldig_op, cijfers.grenzen) for one in here],
        "verlaten": verlaten(here, cijfers.grenzen),
        "alarmen": _alarms(blad, about),
        "verloop": _people_chart(blad, people, sums, van, tot),
        "opgaven": _task_chart(blad, task, van, tot, opgave, cijfers.cyclus),
        "aangekondigd": _announced(blad, cijfers, verloop, about),
        "naam": partial(naam_van, cijfers),
    }


def _within(verloop: Verloop, cijfers: Cijfers, lies_in: Callable[[Gemeente], bool]) -> Verloop:
    """Keeps only the locaties that decide what is drawn: those that ever lie in this area, or where it gets places."""
    codes, current = {row.gemeente.code for row in cijfers.naleving if lies_in(row.gemeente)}, cijfers.indeling.current
    said = list(chain(verloop.begin.items(), verloop.steps))
    giving = {
        current(subject)
        for (subject, register), _ in said
        if Register.of_name(register) is Register.OVERDRACHT
        and current(Register.OVERDRACHT.parts(register)[1]) in codes
    }
    here = {
        subject
        for (subject, register), winner in said
        if Register.of_name(register) is Register.REGISTRATIE and current(winner.value["gemeente"]) in codes | giving
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


class Alarmlijst(NamedTuple):
    """The alarms about something, and what their rules see now."""

    alarmen: Sequence[Alarm]
    """Newest first, with those that are over."""
    nu: Mapping[str, Nu]
    toestand: Mapping[str, str]
    onbewaakt: Toets | None
    sinds: datetime | None


def _alarms(blad: Blad[Onderwerpvraag], about: Iterable[str]) -> Alarmlijst:
    wanted, stand = frozenset(about), alarmstand(blad)
    found = [one for one in stand.alarmen if one.onderwerp in wanted and one.status != "wachtend"][:ALARMS_MAX]
    return Alarmlijst(found, nu_gezien(blad, found), stand.toestand, onbewaakt(blad, stand.sinds), stand.sinds)


def _announced(blad: Blad[Onderwerpvraag], cijfers: Cijfers, verloop: Verloop, about: set[str]) -> list[Any]:
    now = blad.question.geldig_op
    own = {key: winner for key, winner in cijfers.registers.items() if key[0] in about}
    ahead = [
        (key, winner) for key, winner in verloop.steps if key[0] in about and Register.of(key) not in cijfers.unseen
    ]
    return aankondigingen(own, ahead, now, now + AHEAD, Woorden(partial(naam_van, cijfers)))


def _locatie_chart(
    blad: Blad[Onderwerpvraag], verloop: Verloop, found: Locatie, van: datetime, tot: datetime
) -> Grafiek:
    lines = of_locatie(verloop, found.id)
    drawn = [] if lines is None else [_readings(blad, verloop, van), _places(lines, van, tot)]
    if found.maximum is not None:
        drawn.append(Lijn(MAXIMUM.label, MAXIMUM.naam, _limit(found.maximum, van, tot), trap=True))
    return _drawn(blad, "Aanwezig en plaatsen", drawn, van, tot)


def _people_chart(blad: Blad[Onderwerpvraag], lines: Lijnen, sums: Bezetting, van: datetime, tot: datetime) -> Grafiek:
    """Draws people only until V, since nobody knows how many there will be, and places until the end."""
    people = Lijn(AANWEZIG.label, AANWEZIG.naam, _points(lines, AANWEZIG.naam, van, blad.question.geldig_op))
    return _drawn(blad, "Aanwezig en plaatsen", [people, _places_of_area(lines, sums, van, tot)], van, tot)


def _task_chart(
    blad: Blad[Onderwerpvraag],
    lines: Lijnen,
    van: datetime,
    tot: datetime,
    opgave: Opgave | None,
    cyclus: Cyclus | None,
) -> Grafiek:
    """Names an opgave that does not bind at V as what it is, and places of which not all are known as a bound."""
    status = "" if opgave is None or opgave.status == STATUSSEN[0] else f", {opgave.status}"
    named = {MEETELLEND: MEETELLEND.label, OPGAVE: f"{OPGAVE.label}{status}"}
    counted, asked = (
        Lijn(naam, one.naam, _points(lines, one.naam, van, tot), trap=True) for one, naam in named.items()
    )
    if cyclus is not None and not cyclus.volledig:
        counted = counted._replace(naam=f"{MEETELLEND.label}, minstens") if _ever_some(counted) else _blank(counted)
    return _drawn(blad, "Opgave en plaatsen die meetellen", [counted, asked], van, tot, "opgaven", "plaatsen")


def _readings(blad: Blad[Onderwerpvraag], verloop: Verloop, van: datetime) -> Lijn:
    """Draws each reading of the only locatie of `verloop` until V, with a gap where the next one stays away."""
    now = blad.question.geldig_op
    begun = [
        (winner.effective_at, winner.value)
        for (_, register), winner in verloop.begin.items()
        if Register.of_name(register) is Register.AANWEZIG
    ]
    later = zip(map(from_micros, verloop.metingen.moment.tolist()), verloop.metingen.aanwezig.tolist(), strict=True)
    readings = sorted(one for one in [*begun, *later] if one[0] <= now)
    points = van_metingen(readings, blad.reader.grenzen.recent, now)
    return Lijn(AANWEZIG.label, AANWEZIG.naam, uitgedund(points, perioden(van, now, "week")))


def _places(lines: Lijnen, van: datetime, tot: datetime) -> Lijn:
    return Lijn(INZETBAAR.label, INZETBAAR.naam, _points(lines, INZETBAAR.naam, van, tot), trap=True)


def _places_of_area(lines: Lijnen, sums: Bezetting, van: datetime, tot: datetime) -> Lijn:
    """Draws the places that are known: nothing when there are none and no locatie of which it is known."""
    line = _places(lines, van, tot)
    if not sums.delen.geplaatst and not _ever_some(line):
        return _blank(line)
    some = sums.delen.geplaatst < sums.locaties
    return line._replace(naam=f"{INZETBAAR.label}, minstens") if some else line


def _ever_some(line: Lijn) -> bool:
    return any(many for _, many in line.punten)


def _blank(line: Lijn) -> Lijn:
    return line._replace(punten=[(moment, None) for moment, _ in line.punten])


def _points(lines: Lijnen, grootheid: str, van: datetime, tot: datetime) -> list[Grafiekpunt]:
    """Returns the figure at the end of each day, or of each week when there are very many, with every gap."""
    borders = perioden(van, tot, "dag")
    points = zip(lines.points(grootheid, borders), borders[1:], strict=True)
    return uitgedund([(end, point.laatste) for point, end in points], perioden(van, tot, "week"))


def _limit(maximum: Maximum, van: datetime, tot: datetime) -> list[Grafiekpunt]:
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
    now = blad.question.geldig_op
    tot = einde(lines, van, tot, now)
    drawn = grafiek(name, titel, lines, van=van, tot=tot, nu=now, eenheid=eenheid)
    return drawn if blad.nu else van_toen(drawn, now)
