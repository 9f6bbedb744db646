"""What stands under 'Door de tijd' on the pages of a locatie, a gemeente and a provincie: charts, and what happened."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from schemas.fields import EARLIEST
from schemas.moments import day_of, from_micros, start_of_day
from schemas.reference import Gemeente
from services.core.alarms.alarmen import Alarm
from services.core.bezetting import Bezetting
from services.core.grootheden import waarde_van
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import AANWEZIG, INZETBAAR
from services.core.grootheden.wet import MEETELLEND, OPGAVE
from services.core.history.reeks import perioden, veranderingen
from services.core.history.verloop import Verloop
from services.core.opgaven import STATUSSEN, Opgave
from services.core.reasons.nieuws import Bericht, gebeurd
from services.core.registers import Key, Register, Winner
from services.core.registerzinnen import Woorden
from services.core.telregel import Cyclus
from services.core.voorbehoud import waarom
from services.dashboard.grafiek.grafiek import einde, gemarkeerd, grafiek
from services.dashboard.grafiek.lijnen import lijn_van_metingen, uitgedund, van_maximum, van_toen
from services.dashboard.grafiek.periode import Periode, Periodevraag, periode
from services.dashboard.grafiek.vorm import Geval, Grafiek, Grafiekpunt, Lijn
from services.dashboard.page_request import Blad
from services.reads.cijfers import Cijfers
from services.reads.door_de_tijd import Gebiedsloop, of_gebied, of_locatie
from services.reads.lijnen import of_locatie as lijnen_van_locatie

GEBEURD_MAX = 60
"""How many things that happened are told. All of them are marked."""


class Gebeurtenis(NamedTuple):
    """A line of what happened: something that changed, or an alarm."""

    moment: datetime
    bericht: Bericht | None
    alarm: Alarm | None


class Getoond(NamedTuple):
    """What a page shows of its subject through time."""

    periode: Periode
    """With where the charts really begin and end."""
    grafieken: Sequence[Grafiek]
    gebeurd: Sequence[Gebeurtenis]
    """What happened in that time, the latest first."""
    meer: int
    """How many more things happened than are told."""
    stappen: Sequence[tuple[Key, Winner]]
    """Every write about the subject from the beginning of the period on, also what is announced after it."""
    loop: Gebiedsloop | None = None
    """The figures that the charts of an area draw, also beyond the period."""


class Stand(NamedTuple):
    """What the figures of V say of an area."""

    sums: Bezetting
    opgave: Opgave | None
    cyclus: Cyclus | None


class Alarmloop(NamedTuple):
    """The alarms about something, and since when somebody watches; None: nobody ever did."""

    alarmen: Sequence[Alarm]
    sinds: datetime | None


class _Tekening(NamedTuple):
    """A chart that is still to be drawn."""

    naam: str
    titel: str
    eenheid: str
    lijnen: Sequence[Lijn]


def van_locatie(blad: Blad[Any], cijfers: Cijfers, own_id: str, alarmen: Alarmloop) -> Getoond:
    """Returns the course of a locatie."""
    asked = _asked(blad)
    verloop = of_locatie(blad.reader, blad.question, cijfers, own_id, asked.tijdvak)
    if asked.gekozen == "alles":
        asked = from_the_first(asked, chain(_moments(verloop), (at for at, _ in _readings(verloop))))
    lines = lijnen_van_locatie(verloop, own_id)
    drawn: list[Lijn] = []
    if lines is not None:
        readings = [one for one in _readings(verloop) if one[0] <= asked.nu]
        weeks = perioden(asked.van, max(asked.nu, asked.tot), "week")
        drawn.append(lijn_van_metingen(readings, blad.reader.grenzen.recent, min(asked.nu, asked.tot), weeks))
        drawn.append(_places(veranderingen(lines.moment, lines.lijnen[INZETBAAR.naam][0], verloop.van)))
    limit = van_maximum(verloop, asked.tot)
    drawn += [limit] if limit.punten else []
    people = _Tekening("verloop", "Aanwezig en plaatsen", "plaatsen en personen", drawn)
    return _shown(blad, cijfers, asked, [people], verloop, alarmen)


def van_gebied(
    blad: Blad[Any],
    cijfers: Cijfers,
    code: str,
    lies_in: Callable[[Gemeente], bool],
    nu: Stand,
    alarmen: Alarmloop,
) -> Getoond:
    """Returns the course of a gemeente or a provincie."""
    asked = _asked(blad)
    loop = of_gebied(blad.reader, blad.question, cijfers, code, lies_in, asked.tijdvak)
    if asked.gekozen == "alles":
        lines = (loop.aanwezig, loop.inzetbaar, loop.opgave, loop.meetellend)
        asked = from_the_first(asked, (at for line in lines for at, value in line if value))
    drawings = [
        _Tekening("verloop", "Aanwezig en plaatsen", "plaatsen en personen", _people(asked, loop, nu)),
        _Tekening("opgaven", "Opgave en plaatsen die meetellen", "plaatsen", _task(loop, nu)),
    ]
    return _shown(blad, cijfers, asked, drawings, loop.verloop, alarmen)._replace(loop=loop)


def _asked(blad: Blad[Any]) -> Periode:
    vraag: Periodevraag = blad.vraag
    return periode(vraag, blad.question.geldig_op)


def _people(asked: Periode, loop: Gebiedsloop, nu: Stand) -> list[Lijn]:
    """Draws people only until V, since nobody knows how many there will be, and places until the end."""
    counted, why = list(loop.aanwezig), dict(loop.waarom)
    if asked.van <= asked.nu <= asked.tot:
        people = waarde_van(AANWEZIG, FigureOf.GEBIED, nu.sums)
        counted.append((asked.nu, None if isinstance(people, str) else people))
        why[asked.nu] = waarom(nu.sums)
    line = _places(loop.inzetbaar)
    if not nu.sums.delen.geplaatst and not _ever_some(line):
        line = _blank(line)
    elif nu.sums.delen.geplaatst < nu.sums.locaties:
        line = line._replace(naam=f"{INZETBAAR.label}, minstens")
    return [Lijn(AANWEZIG.label, AANWEZIG.naam, counted, waarom=why), line]


def _task(loop: Gebiedsloop, nu: Stand) -> list[Lijn]:
    """Names an opgave that does not bind at V as what it is, and places of which not all are known as a bound."""
    status = "" if nu.opgave is None or nu.opgave.status == STATUSSEN[0] else f", {nu.opgave.status}"
    counted = Lijn(MEETELLEND.label, MEETELLEND.naam, _steps(loop.meetellend), trap=True)
    asked = Lijn(f"{OPGAVE.label}{status}", OPGAVE.naam, _steps(loop.opgave), trap=True)
    if nu.cyclus is not None and not nu.cyclus.volledig:
        counted = counted._replace(naam=f"{MEETELLEND.label}, minstens") if _ever_some(counted) else _blank(counted)
    return [counted, asked]


def _places(steps: Sequence[Grafiekpunt]) -> Lijn:
    return Lijn(INZETBAAR.label, INZETBAAR.naam, _steps(steps), trap=True)


def _steps(steps: Sequence[Grafiekpunt]) -> list[Grafiekpunt]:
    return uitgedund(steps, perioden(steps[0][0], steps[-1][0], "week") if len(steps) > 1 else [])


def _ever_some(line: Lijn) -> bool:
    return any(many for _, many in line.punten)


def _blank(line: Lijn) -> Lijn:
    return line._replace(punten=[(moment, None) for moment, _ in line.punten])


def _readings(verloop: Verloop) -> list[tuple[datetime, float]]:
    """Returns each reading of the only locatie of `verloop`, oldest first."""
    begun = [
        (winner.effective_at, winner.value)
        for key, winner in verloop.begin.items()
        if Register.of(key) is Register.AANWEZIG
    ]
    later = zip(map(from_micros, verloop.metingen.moment.tolist()), verloop.metingen.aanwezig.tolist(), strict=True)
    return sorted([*begun, *later])


def _moments(verloop: Verloop) -> Iterator[datetime]:
    yield from (winner.effective_at for winner in verloop.begin.values())
    yield from (winner.effective_at for _, winner in verloop.steps)


def from_the_first(asked: Periode, known: Iterable[datetime]) -> Periode:
    """Begins a period at the day of the first moment of which anything is known, and not at the beginning of time."""
    first = min((moment for moment in known if moment > EARLIEST), default=asked.nu - timedelta(days=92))
    return asked._replace(van=start_of_day(day_of(min(first, asked.nu))).astimezone(UTC) - timedelta(days=1))


def _shown(
    blad: Blad[Any],
    cijfers: Cijfers,
    asked: Periode,
    drawings: Sequence[_Tekening],
    verloop: Verloop,
    alarmen: Alarmloop,
) -> Getoond:
    nu = asked.nu
    if asked.van < nu < asked.tot and blad.vraag.tot is None:
        ends = (einde(one.lijnen, asked.van, asked.tot, nu) for one in drawings)
        asked = asked._replace(tot=max(ends))
    news = [one for one in verloop.begin.items() if Register.of(one[0]) is not Register.AANWEZIG]
    within = (asked.van, asked.tot)
    happened = gebeurd(dict(news), verloop.steps, within, Woorden(cijfers.naam_van))
    rang = [one for one in alarmen.alarmen if one.actief_sinds is not None and _overlaps(one, within, nu)]
    told = sorted(
        [
            *(Gebeurtenis(one.moment, one, None) for one in happened),
            *(Gebeurtenis(one.actief_sinds, None, one) for one in rang if one.actief_sinds is not None),
        ],
        key=lambda one: one.moment,
        reverse=True,
    )
    cases = [Geval(one.actief_sinds or one.sinds, one.hersteld_op, one.ernst) for one in rang]
    marked = (
        gemarkeerd(_drawn(asked, one), cases, [bericht.moment for bericht in happened], nu, alarmen.sinds)
        for one in drawings
    )
    charts = [one if blad.nu else van_toen(one, nu) for one in marked]
    return Getoond(asked, charts, told[:GEBEURD_MAX], len(told) - len(told[:GEBEURD_MAX]), verloop.steps)


def _overlaps(alarm: Alarm, within: tuple[datetime, datetime], nu: datetime) -> bool:
    return alarm.sinds <= within[1] and (alarm.hersteld_op or max(nu, alarm.sinds)) >= within[0]


def _drawn(asked: Periode, one: _Tekening) -> Grafiek:
    return grafiek(one.naam, one.titel, one.lijnen, van=asked.van, tot=asked.tot, nu=asked.nu, eenheid=one.eenheid)
