"""The overview: everything that an operations room wants to see at a glance."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, NamedTuple

from services.core.bezetting import achtergebleven, ruimte, verlaten
from services.core.grootheden import waarde_van
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import AANWEZIG, BEZETTINGSGRAAD, INZETBAAR, LOCATIES
from services.core.history.reeks import laatste_dagen, perioden
from services.core.locaties import Locatie, locatie
from services.core.naleving import totalen
from services.core.reasons.nieuws import aankondigingen, wijzigingen
from services.core.registers import LANDELIJK, Register
from services.core.registerzinnen import Woorden
from services.core.voorbehoud import van_naleving
from services.dashboard.alarmen.keuze import NIET_GEMELD
from services.dashboard.alarmen.lijst import Alarmstand, alarmstand, kijk, nu_gezien, onbewaakt, op_ernst
from services.dashboard.grafiek.grafiek import gemarkeerd, grafiek
from services.dashboard.grafiek.lijnen import uitgedund, van_toen
from services.dashboard.grafiek.periode import Periode, Periodevraag, Vast, periode_van_dagen
from services.dashboard.grafiek.vorm import Geval, Grafiek, Lijn
from services.dashboard.kaart.kaart import KLEURINGEN, STIJLEN, Kleuring, kaart
from services.dashboard.laatst import laatst_bekend
from services.dashboard.opvallend import Alarmrang, Hoeveel, opvallend
from services.dashboard.page import Maker, Proces
from services.dashboard.page_request import Blad, Daadvraag
from services.reads import answers
from services.reads.alarm_keuze import ERNSTEN
from services.reads.alarm_nu import Regelblik
from services.reads.cijfers import Cijfers, Totaalcijfers
from services.reads.question import NotKnownError
from services.reads.reader import DAY, Reader
from services.reads.reeksen import trend
from services.web.addresses import ONTVANGERS

TREND_DAYS = 31
DAYS_MAX = 120
"""The chart shows each week when there are more days than this. More points would not be told apart there."""
HALF_A_YEAR_AHEAD = timedelta(days=183)
"""How far ahead announcements are looked for."""
_INSTANT = timedelta(microseconds=1)
PUBLISHED_MAX, AHEAD_MAX = 12, 100


class Aantallen(NamedTuple):
    """How many rows of each kind are shown. Of the others only the number is told."""

    alarmen: int
    maxima: int
    nieuws: int
    opvallend: Hoeveel


AT_A_DESK = Aantallen(4, 5, 8, Hoeveel(volste=10, stil=5, hoogstens_stil=10, bewegingen=5))
ON_THE_WALL = Aantallen(8, 1, 0, Hoeveel(volste=10, stil=0, hoogstens_stil=10, bewegingen=0))
"""Nobody scrolls a screen on the wall, so everything has to fit."""
_VERGELEKEN = (AANWEZIG, INZETBAAR, BEZETTINGSGRAAD, LOCATIES)
"""The sums that are shown with how they differ from a day before."""


class Overzichtsvraag(Daadvraag, Periodevraag):
    """How the map is coloured, which period the chart shows, and whether it is for a screen on the wall."""

    periode: Vast = "maand"
    kaart: Kleuring = "naleving"
    weergave: Literal["wand"] | None = None


def of_process(proces: Proces) -> Maker[Overzichtsvraag]:
    """Makes the page in one process, which may know that nobody receives alarms."""

    def make(blad: Blad[Overzichtsvraag]) -> dict[str, Any]:
        nobody = blad.nu and proces.receivers is not None and not proces.receivers() and blad.mag(ONTVANGERS.asks)
        return overzicht(blad) | {"niemand_hoort": nobody}

    return make


def overzicht(blad: Blad[Overzichtsvraag]) -> dict[str, Any]:
    """Returns what the page shows in any process."""
    reader, question = blad.reader, blad.question
    alarmen = alarmstand(blad)  # The alarms first: that looks at the log, and the figures use the same look.
    cijfers = blad.cijfers()
    now, before = question.geldig_op, (question.geldig_op - DAY, question.bekend_op - DAY)
    woorden = Woorden(cijfers.naam_van)
    changed = wijzigingen(cijfers.registers, before, woorden)
    ahead = reader.ahead(question, cijfers, now + HALF_A_YEAR_AHEAD)
    coming = aankondigingen(cijfers.registers, ahead, now, now + HALF_A_YEAR_AHEAD, woorden)
    wall = blad.vraag.weergave == "wand"
    most = ON_THE_WALL if wall else AT_A_DESK
    maxima = _limited(cijfers)
    toen = _day_before(blad, cijfers)
    toets = onbewaakt(blad, alarmen.sinds)
    rijen = [] if toets else alarmen.open_rijen(cijfers)  # alarms of now say nothing of a moment that nobody watched
    gezien = kijk(blad, rijen)
    rang = Alarmrang([rij.alarm for rij in op_ernst(gezien, rijen)], alarmen.toestand)
    return {
        "herkomst": cijfers.herkomst,
        "cijfers": answers.landelijk(cijfers),
        "gepubliceerd": answers.published(cijfers, LANDELIJK)["gepubliceerd"][:PUBLISHED_MAX],
        "plaatsen_bekend": cijfers.landelijk.delen.geplaatst,
        "ruimte": ruimte(cijfers.standen, now, cijfers.grenzen) if cijfers.landelijk.vast_te_stellen else None,
        "verlaten": verlaten(map(cijfers.met_id, achtergebleven(cijfers.standen, cijfers.ids)), cijfers.grenzen),
        "laatst": laatst_bekend(blad, cijfers),
        **_of_trend(blad, cijfers, alarmen),
        "toen": _vergeleken(cijfers, toen),
        "opvallend": opvallend(blad, cijfers, rang, toen.herkomst.geldig_op, most.opvallend),
        **_of_alarms(blad, alarmen, rang, gezien, most.alarmen),
        "onbewaakt": toets,
        "maxima": _above(reader, cijfers, maxima[: most.maxima]),
        "recent": cijfers.grenzen.recent.total_seconds(),
        "maxima_aantal": len(maxima),
        **_of_law(cijfers),
        "kaart": kaart(cijfers, blad.vraag.kaart),
        "kaarten_op_de_muur": [kaart(cijfers, one) for one in KLEURINGEN] if wall else [],
        "gewijzigd": changed[: most.nieuws],
        "gewijzigd_aantal": len(changed),
        "aangekondigd": coming[: most.nieuws],
        "later": coming[most.nieuws : AHEAD_MAX],
        "aangekondigd_aantal": len(coming),
        "naam": cijfers.naam_van,
        "wand": wall,
    }


def _of_alarms(
    blad: Blad[Overzichtsvraag], stand: Alarmstand, rang: Alarmrang, gezien: Regelblik, most: int
) -> dict[str, Any]:
    """Returns the worst alarms of which somebody is told, and how many there are of each kind."""
    told = [one for one in rang.alarmen if stand.toestand[one.id] not in NIET_GEMELD]
    return {
        "ernsten": _per_ernst(stand),
        "alarmen": told[:most],
        "alarmen_aantal": len(told),
        "alarmen_nu": nu_gezien(blad, gezien, told[:most]),
        "toestand": stand.toestand,
        "aantallen": stand.aantallen,
        "bewaakt_sinds": stand.sinds,
    }


def _of_law(cijfers: Cijfers) -> dict[str, Any]:
    """Returns the gemeenten in each class, and by what they are judged."""
    return {
        "maatstaf": cijfers.maatstaf,
        "klassen": totalen(cijfers.naleving),
        "stijlen": STIJLEN,
        "wet": answers.law_of(cijfers.naleving),
        "wet_voorbehoud": answers.reasons(van_naleving(cijfers.maatstaf, cijfers.naleving)),
        "vorige": None if cijfers.vorige is None else (cijfers.vorige.cyclus, totalen(cijfers.vorige.naleving)),
        "gemeenten": len(cijfers.naleving),
    }


def _day_before(blad: Blad[Overzichtsvraag], cijfers: Cijfers) -> Totaalcijfers:
    """Returns the sums of a day before, by the rule of the cyclus when nobody had set this one yet."""
    try:
        return blad.reader.day_before(blad.question, cijfers)
    except NotKnownError:
        return blad.reader.day_before(blad.question.counted_by(None), cijfers)


def _per_ernst(alarmen: Alarmstand) -> dict[str, int]:
    """Counts the alarms that go off and that nobody took up yet, the worst ernst first."""
    waiting = [one.ernst for one in alarmen.alarmen if one.open and alarmen.toestand[one.id] == "actief"]
    return {ernst: waiting.count(ernst) for ernst in ERNSTEN}


def _limited(cijfers: Cijfers) -> list[Locatie]:
    """Returns the open locaties with a maximum in force, largest maximum first."""
    asked = {subject for (subject, _), _ in Register.MAXIMUM.among(cijfers.registers)}
    at = cijfers.herkomst.geldig_op
    found = [locatie(cijfers.registers, one, at) for one in asked]
    limited = [one for one in found if one.maximum is not None and one.counts]
    return sorted(limited, key=_largest_first)


def _above(reader: Reader, cijfers: Cijfers, limited: Sequence[Locatie]) -> list[Mapping[str, Any]]:
    """Returns the rows of these locaties, with the days above their maximum."""
    days = reader.breaches(cijfers, limited)
    return [answers.locatie_row(cijfers, one, days.get(one.id)) for one in limited]


def _largest_first(one: Locatie) -> tuple[int, str]:
    return -(one.maximum.maximum if one.maximum else 0), one.id


def _vergeleken(cijfers: Cijfers, toen: Totaalcijfers) -> dict[str, Any]:
    """Returns how the sums differ from those of a day before, and the gemeenten by the rule of the present ones.

    `anders_geteld`: whether they were judged by another rule then. `klassen` is None where this one can't judge both.
    """
    now, then, judged = cijfers.landelijk, toen.landelijk, toen.volgens(cijfers)
    was = {row.gemeente.code: row.naleving for row in judged.naleving} if judged else {}
    moved = [
        (row.gemeente, was[row.gemeente.code], row.naleving)
        for row in cijfers.naleving
        if was.get(row.gemeente.code, row.naleving) != row.naleving
    ]
    of_law = {"klassen": moved if judged else None, "anders_geteld": judged is not toen}
    return (
        {"op": toen.herkomst.geldig_op}
        | of_law
        | {one.naam: _minus(*(waarde_van(one, FigureOf.GEBIED, sums) for sums in (now, then))) for one in _VERGELEKEN}
    )


def _minus(now: Any, then: Any) -> Any:
    return None if now is None or then is None else now - then


def _of_trend(blad: Blad[Overzichtsvraag], cijfers: Cijfers, stand: Alarmstand) -> dict[str, Any]:
    """Returns the chart of the period that is asked for, and the last days. Nearly always these are days of it too."""
    now = cijfers.herkomst.geldig_op
    asked = periode_van_dagen(blad.vraag, now)
    borders, last = asked.dagen, laatste_dagen(now, TREND_DAYS)
    dagen = trend(blad.reader, blad.question, cijfers, borders) if len(borders) > 1 else []
    in_it = borders[-len(last) :] == last
    return {
        "periode": asked,
        "trend": _drawn(blad, cijfers, stand, asked, dagen),
        "trend_dagen": dagen[-TREND_DAYS:] if in_it else trend(blad.reader, blad.question, cijfers, last),
    }


def _drawn(
    blad: Blad[Overzichtsvraag], cijfers: Cijfers, stand: Alarmstand, asked: Periode, dagen: Sequence[float | None]
) -> Grafiek:
    """Draws the bezettingsgraad at the last instant of each day that is over, and now; of a long time, of each week.

    The days are over, so an event of today costs no more than the figures of today.
    """
    now, borders = cijfers.herkomst.geldig_op, asked.dagen
    points = [(border - _INSTANT, value) for border, value in zip(borders[1:], dagen, strict=True)]
    daily = len(points) <= DAYS_MAX
    points = uitgedund(points, perioden(borders[0], borders[-1], "week") if points else [], DAYS_MAX)
    if asked.tot == now:
        points.append((now, cijfers.landelijk.bezettingsgraad))
    line = Lijn(BEZETTINGSGRAAD.label, "graad", points)
    drawn = grafiek(
        "trend",
        "Landelijke bezettingsgraad",
        [line],
        van=asked.van,
        tot=asked.tot,
        nu=now,
        eenheid="aan het eind van elke dag" if daily else "aan het eind van elke week",
        procent=True,
    )
    rang = [one for one in stand.alarmen if one.onderwerp == LANDELIJK and one.actief_sinds is not None]
    cases = [Geval(one.actief_sinds or one.sinds, one.hersteld_op, one.ernst) for one in rang]
    marked = gemarkeerd(drawn, cases, [], now, stand.sinds)
    return marked if blad.nu else van_toen(marked, now)
