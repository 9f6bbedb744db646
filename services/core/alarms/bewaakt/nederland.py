"""What rules watch of the country and its gemeenten: places beside people, and gemeenten beside their task."""

from datetime import timedelta

import numpy as np

from schemas.alarmregels import AlarmRegel
from schemas.moments import NEVER
from services.core.alarms.beeld import Beeld, Uitzoekwerk, Waarden, landelijke_waarde
from services.core.alarms.bewaakt.declaratie import (
    VERKLARING_GEMEENTE,
    VERKLARING_NL,
    Bewaakt,
    GeenVerleden,
    Periode,
    VanLocaties,
    VanNalevingen,
    niet_bekend,
)
from services.core.alarms.bewaakt.vergelijking import Nalevingen, verslechtering
from services.core.alarms.reeksen import Waardereeks, delen_van_stappen
from services.core.alarms.woorden import days, klasse, people
from services.core.delen import Delen, bezettingsgraad, of_nan
from services.core.dutch import count, dutch_moment, length, number, percentage, short_percentage
from services.core.history.sommen import Stappen, opgeteld
from services.core.registers import LANDELIJK
from services.core.voorbehoud import waarom

_DAY = 86_400.0


# How full the country is ---------------------------------------------------------------------------------------------


def _graad(_: AlarmRegel, beeld: Beeld) -> Waarden:
    """There is nothing to watch until a first locatie is registered: nobody lacks data that nobody could send."""
    if not beeld.geregistreerd:
        return Waarden((), np.array([], dtype=np.float64))
    return landelijke_waarde(beeld.landelijk.bezettingsgraad)


def _graad_reeks(_: AlarmRegel, found: Stappen, periode: Periode) -> Waardereeks:
    moment, sums = opgeteld(found.nummer, found.moment, delen_van_stappen(found, periode.grenzen), periode.van)
    delen = Delen(*sums)
    begin = 1 if len(moment) > 1 and moment[1] == periode.van else 0  # The row before it counted nothing yet.
    moment = np.maximum(moment[begin:], periode.van)
    registered = found.moment[found.telt | (found.gesloten_op >= 0)]
    there = moment >= registered.min(initial=NEVER)
    grade = of_nan(bezettingsgraad, delen)[begin:]
    return Waardereeks((LANDELIJK,), np.zeros(len(moment), np.int64), moment, there, grade)


def _graad_zin(regel: AlarmRegel, _: str, waarde: float, beeld: Beeld) -> str:
    limit, sums = regel.gaat_af, beeld.landelijk.delen
    return (
        f"De landelijke bezettingsgraad is {percentage(waarde, limit)} (drempel {short_percentage(limit)}): "
        f"{people(sums.aanwezig_op_plaatsen)} op {number(sums.plaatsen_met_meting)} inzetbare plaatsen. "
        f"{number(sums.gemeld)} van {count(sums.locaties, 'locatie', 'locaties')} "
        f"{'meldde' if sums.gemeld == 1 else 'meldden'} in de laatste {_hours(beeld.grenzen.recent)}."
    )


def _graad_onbekend(_: str, beeld: Beeld) -> str:
    why = waarom(beeld.landelijk)
    return f"De landelijke bezettingsgraad is niet vast te stellen: {why or 'er zijn geen inzetbare plaatsen bekend'}."


def _hours(limit: timedelta) -> str:
    return count(limit // timedelta(hours=1), "uur", "uur")


# Until when there are places enough ----------------------------------------------------------------------------------


def _tekort(_: AlarmRegel, beeld: Beeld) -> Waarden:
    found = beeld.gevonden
    if not found.tekort_bekend:
        return landelijke_waarde(None)
    short = found.tekort_vanaf
    return landelijke_waarde(np.inf if short is None else max(0.0, (short - beeld.now).total_seconds()) / _DAY)


def _tekort_zin(regel: AlarmRegel, _onderwerp: str, waarde: float, beeld: Beeld) -> str:
    known = beeld.landelijk.aanwezig
    present = "de aanwezigen van nu" if known is None else f"de {people(known)} van nu"
    limit = days(regel.gaat_af)
    short = beeld.gevonden.tekort_vanaf
    if np.isinf(waarde) or short is None:
        return f"De komende {limit} blijven er genoeg bekende inzetbare plaatsen voor {present}."
    if waarde <= 0:
        return f"Er zijn nu minder bekende inzetbare plaatsen dan {present}."
    left = length(waarde * _DAY)
    return (
        f"Vanaf {dutch_moment(short)}, over {left}, zijn er minder bekende inzetbare plaatsen dan {present} "
        f"(drempel {limit})."
    )


def _tekort_onbekend(_: str, beeld: Beeld) -> str:
    why = waarom(beeld.landelijk)
    return f"Of er een tekort aan plaatsen komt is niet vast te stellen{f': {why}' if why else ''}."


# Gemeenten that do worse than before ---------------------------------------------------------------------------------


def _verslechterd(regel: AlarmRegel, beeld: Beeld) -> Waarden | None:
    before = beeld.gevonden.nalevingen_toen.get(regel.terugblik.total_seconds())
    if before is None:
        return None
    worse = [verslechtering(before.get(row.gemeente.code), row.naleving) for row in beeld.naleving]
    return Waarden([row.gemeente.code for row in beeld.naleving], np.array(worse, dtype=np.float64))


def _verslechterd_zin(regel: AlarmRegel, onderwerp: str, _waarde: float, beeld: Beeld) -> str:
    row = next(row for row in beeld.naleving if row.gemeente.code == onderwerp)
    ago = length(regel.terugblik.total_seconds())
    was = beeld.gevonden.nalevingen_toen[regel.terugblik.total_seconds()][onderwerp]
    return f"De naleving van {row.gemeente.naam} ({onderwerp}) is {klasse(row)}; {ago} geleden was dat '{was}'."


VAN_NEDERLAND = (
    Bewaakt(
        naam="landelijke-bezettingsgraad",
        waarden=_graad,
        verleden=VanLocaties(_graad_reeks, van_iedereen=True),
        zin=_graad_zin,
        onbekend=_graad_onbekend,
        verklaring=VERKLARING_NL,
    ),
    Bewaakt(
        naam="dagen-tot-tekort",
        waarden=_tekort,
        verleden=GeenVerleden(
            "kijkt steeds vooruit met wat toen bekend was; een toets kijkt met de kennis van één moment"
        ),
        zin=_tekort_zin,
        onbekend=_tekort_onbekend,
        verklaring=None,
        uitzoekwerk=Uitzoekwerk.TEKORT,
        nul="nu al",
    ),
    Bewaakt(
        naam="naleving-verslechterd",
        waarden=_verslechterd,
        verleden=VanNalevingen(Nalevingen.verslechterd),
        zin=_verslechterd_zin,
        onbekend=niet_bekend("Of de naleving van {} slechter is geworden, is niet te zeggen."),
        verklaring=VERKLARING_GEMEENTE,
        uitzoekwerk=Uitzoekwerk.NALEVINGEN_TOEN,
    ),
)
