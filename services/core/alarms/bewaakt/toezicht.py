"""What rules watch for the desk of toezicht. Their alarms are for that alone (`alleen_toezicht` in TE_BEWAKEN)."""

from collections.abc import Mapping

import numpy as np

from schemas.alarmregels import AlarmRegel
from services.core.alarms.beeld import Beeld, Terugblik, Uitzoekwerk, Waarden
from services.core.alarms.bewaakt.declaratie import (
    VERKLARING_GEMEENTE,
    VERKLARING_TOEZICHT,
    Bewaakt,
    GeenVerleden,
    VanNalevingen,
    niet_bekend,
)
from services.core.alarms.bewaakt.vergelijking import Nalevingen, dagen_over, fte_tekort, terugval
from services.core.alarms.woorden import days, klasse, naam
from services.core.dutch import dutch_date, dutch_day, dutch_moment, estimate, gemeenten, length, number, plaatsen
from services.core.grootheden.declaratie import Eenheid
from services.core.grootheden.vormen import naast_elkaar
from services.core.history.vooruit import Vooruit
from services.core.naleving import GemeenteNaleving
from services.core.registers import LANDELIJK
from services.core.stap import MINISTER
from services.core.toezicht import GRENZEN, Toezichtstand, toezichtstand, zaak

_DAY = 86_400.0


def _waarden(found: Mapping[str, float]) -> Waarden:
    return Waarden([*found], np.array([*found.values()], dtype=np.float64))


def _row(onderwerp: str, beeld: Beeld) -> GemeenteNaleving:
    return next(row for row in beeld.naleving if row.gemeente.code == onderwerp)


# The term of a step --------------------------------------------------------------------------------------------------


def _over_termijn(_: AlarmRegel, beeld: Beeld) -> Waarden:
    """Of each gemeente in a step with a term. It passes by the clock, without an event."""
    found = {row.gemeente.code: dagen_over(zaak(row, row.stap)) for row in beeld.naleving}
    return _waarden({code: over for code, over in found.items() if over is not None})


def _over_termijn_zin(_: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    row, name = _row(onderwerp, beeld), naam(onderwerp, beeld)
    if row.stap is None or row.stap.termijn is None:
        return f"{name} is in geen stap met een termijn."
    day = dutch_date(row.stap.termijn)
    when = f"liep tot en met {day}, {days(waarde)} geleden" if waarde else f"loopt tot en met {day}"
    return f"De termijn van de stap '{row.stap.stap}' tegen {name} {when}; de naleving is {klasse(row)}."


# A gemeente that complied --------------------------------------------------------------------------------------------


def _teruggevallen(regel: AlarmRegel, beeld: Beeld) -> Waarden | None:
    found = beeld.gevonden.terugblik
    if found is None:
        return None
    rows = [row for row in beeld.naleving if row.gemeente.code in found]
    return _waarden(
        {row.gemeente.code: terugval(zaak(row, row.stap), found[row.gemeente.code], regel.terugblik) for row in rows}
    )


def _teruggevallen_zin(_: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    row, before = _row(onderwerp, beeld), (beeld.gevonden.terugblik or {}).get(onderwerp, Terugblik())
    now = f"De naleving van {naam(onderwerp, beeld)} is {klasse(row)}"
    if waarde and before.voldeed_tot is not None:
        now += f" en was tot {dutch_day(before.voldeed_tot)} 'voldoet'"
    return f"{now}. {_stap(row)}"


def _stap(row: GemeenteNaleving) -> str:
    if row.stap is None:
        return "Er is geen stap van het toezicht tegen deze gemeente bekend."
    return f"De laatste stap van het toezicht is '{row.stap.stap}', van {dutch_day(row.stap.gezet_op)}."


# What the toezicht takes of people -----------------------------------------------------------------------------------


def _stand(beeld: Beeld) -> Toezichtstand:
    return toezichtstand([zaak(row, row.stap) for row in beeld.naleving], beeld.registers)


def _fte(_: AlarmRegel, beeld: Beeld) -> Waarden:
    return _waarden(fte_tekort(_stand(beeld)))


def _houder(onderwerp: str, beeld: Beeld) -> str:
    return "de minister (NL)" if onderwerp == LANDELIJK else f"de provincie {naam(onderwerp, beeld)}"


def _fte_zin(_: AlarmRegel, onderwerp: str, _waarde: float, beeld: Beeld) -> str:
    stand, houder = _stand(beeld), MINISTER if onderwerp == LANDELIJK else onderwerp
    needed, low, high = (stand.fte_nodig(grens, houder) for grens in GRENZEN)
    there = stand.fte_beschikbaar(houder)
    if needed is None or there is None:
        return _fte_onbekend(onderwerp, beeld)
    *nodig, er = naast_elkaar([needed, low, high, there], Eenheid.FTE)
    return (
        f"De stappen van {_houder(onderwerp, beeld)} tegen {gemeenten(stand.in_stap(houder=houder) or 0)} vragen naar "
        f"raming {estimate(nodig, 'fte')}; beschikbaar is {er} fte. {_zeker(needed, low, high, there)}"
    )


def _zeker(needed: float, low: float | None, high: float | None, there: float) -> str:
    """Says whether it would be the same at the other end of the estimate."""
    short = needed > there
    way, bound, other = ("laagste", low, "genoeg") if short else ("hoogste", high, "te weinig")
    if bound is None:
        return f"Of dat zeker is, is niet te zeggen: de {way} raming is niet bekend."
    if (bound > there) == short:
        return f"Zeker is het wel: ook bij de {way} raming is er {'te weinig' if short else 'genoeg'}."
    return f"Zeker is het niet: bij de {way} raming is er {other}."


def _fte_onbekend(onderwerp: str, beeld: Beeld) -> str:
    return (
        f"Of {_houder(onderwerp, beeld)} genoeg fte heeft voor het toezicht, is niet vast te stellen: er is geen stap "
        "bekend, de uren van een stap zijn niet geraamd, of van de toezichthouder is niet bekend hoeveel fte hij heeft."
    )


# Until when a gemeente has places enough -----------------------------------------------------------------------------


def _onder_opgave(_: AlarmRegel, beeld: Beeld) -> Waarden | None:
    """Only of gemeenten that comply: what is short already is nothing to be warned of."""
    found = beeld.gevonden.vooruit
    if found is None:
        return None
    own = [row.gemeente.code for row in beeld.naleving if row.naleving == "voldoet" and row.gemeente.code in found]
    return Waarden(own, np.array([_left(found[code], beeld) for code in own], dtype=np.float64))


def _left(ahead: Vooruit, beeld: Beeld) -> float:
    if not ahead.bekend:
        return np.nan
    return np.inf if ahead.tot is None else max(0.0, (ahead.tot - beeld.now).total_seconds()) / _DAY


def _onder_opgave_zin(regel: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    name, limit = naam(onderwerp, beeld), days(regel.gaat_af)
    ahead = (beeld.gevonden.vooruit or {}).get(onderwerp)
    if ahead is None or ahead.tot is None or ahead.dan is None:
        return f"{name} houdt de komende {limit} met wat nu bekend is genoeg plaatsen voor haar opgave."
    return (
        f"{name} heeft vanaf {dutch_moment(ahead.tot)}, over {length(waarde * _DAY)}, met wat nu bekend is "
        f"{_short(ahead.dan)} (drempel {limit})."
    )


def _short(then: GemeenteNaleving) -> str:
    """Says of what a gemeente has too few then."""
    opgave = 0 if then.besluit is None else then.besluit.opgave
    if then.meetellend < opgave:
        return f"{number(then.meetellend)} plaatsen voor een opgave van {number(opgave)}"
    amv = 0 if then.besluit is None else then.besluit.waarvan_amv or 0
    return f"{plaatsen(then.amv)} voor amv, en {number(amv)} zijn er nodig"


def _onder_opgave_onbekend(onderwerp: str, beeld: Beeld) -> str:
    ahead = (beeld.gevonden.vooruit or {}).get(onderwerp)
    said = f"Of {naam(onderwerp, beeld)} genoeg plaatsen houdt voor haar opgave, is niet vast te stellen"
    if ahead is None or ahead.tot is None or ahead.dan is None:
        return f"{said}."
    return f"{said}: vanaf {dutch_moment(ahead.tot)} is haar naleving onbekend ({ahead.dan.reden})."


VAN_TOEZICHT = (
    Bewaakt(
        naam="dagen-over-termijn",
        waarden=_over_termijn,
        verleden=VanNalevingen(Nalevingen.over_termijn),
        zin=_over_termijn_zin,
        onbekend=niet_bekend("Of {} na de termijn van haar stap aan haar opgave voldoet, is niet vast te stellen."),
        verklaring=VERKLARING_GEMEENTE,
    ),
    Bewaakt(
        naam="teruggevallen-na-voldoet",
        waarden=_teruggevallen,
        verleden=VanNalevingen(Nalevingen.teruggevallen),
        zin=_teruggevallen_zin,
        onbekend=niet_bekend("Of {} is teruggevallen nadat zij voldeed, is niet vast te stellen."),
        verklaring=VERKLARING_GEMEENTE,
        uitzoekwerk=Uitzoekwerk.TERUGBLIK,
    ),
    Bewaakt(
        naam="dagen-tot-onder-opgave",
        waarden=_onder_opgave,
        verleden=GeenVerleden(
            "kijkt steeds vooruit met wat toen bekend was; een toets kijkt met de kennis van één moment"
        ),
        zin=_onder_opgave_zin,
        onbekend=_onder_opgave_onbekend,
        verklaring=VERKLARING_GEMEENTE,
        uitzoekwerk=Uitzoekwerk.VOORUIT,
        oneindig="blijft genoeg",
        nul="nu al",
    ),
    Bewaakt(
        naam="fte-tekort",
        waarden=_fte,
        verleden=VanNalevingen(Nalevingen.fte_tekort),
        zin=_fte_zin,
        onbekend=_fte_onbekend,
        verklaring=VERKLARING_TOEZICHT,
        erachter="fte te weinig",
    ),
)
