"""What rules watch of each locatie: how full it is, who may come in, its maximum, and how old its reading is."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from schemas.alarmregels import REGIMES, AlarmRegel
from schemas.moments import micros
from services.core.alarms.beeld import Beeld, Waarden
from services.core.alarms.bewaakt.declaratie import VERKLARING_LOCATIE, Bewaakt, Periode, VanLocaties, niet_bekend
from services.core.alarms.reeksen import Waardereeks, also_at, delen_van_stappen, reeks, with_age
from services.core.alarms.woorden import naam, people
from services.core.bezetting import Overschrijding, delen_van
from services.core.delen import Bools, Delen, Druk, Floats, Ints, druk
from services.core.dutch import count, dutch_moment, euros, length, number, percentage, short_percentage
from services.core.history.sommen import Stappen
from services.core.locaties import Locatie, locatie
from services.core.registers import Register, end_of
from services.core.standen import UNKNOWN, Standen

_MICROSECOND = timedelta(microseconds=1)


def _open_now(beeld: Beeld) -> Ints:
    """Returns the columns of the open locaties."""
    return np.flatnonzero(beeld.standen.telt)


def _ids(beeld: Beeld, columns: Ints) -> list[str]:
    return [beeld.locaties[n] for n in columns.tolist()]


def _fresh(regel: AlarmRegel, beeld: Beeld, read_at: Ints) -> Bools:
    """Returns for each reading whether it is young enough for the rule to count as known."""
    if regel.versBinnen is None:
        return np.ones(read_at.shape, dtype=np.bool_)
    return micros(beeld.now) - read_at <= regel.versBinnen // _MICROSECOND


# How full it is ------------------------------------------------------------------------------------------------------


def _graad(regel: AlarmRegel, beeld: Beeld) -> Waarden:
    own = _open_now(beeld)
    stand = Standen(beeld.standen.tabel[:, own])
    parts = delen_van(stand, beeld.now, beeld.grenzen)
    known = (parts.gemeten == 1) & (parts.geplaatst == 1) & _fresh(regel, beeld, stand.peilmoment)
    return Waarden(_ids(beeld, own), druk(Druk(parts.aanwezig_op_plaatsen, parts.plaatsen_met_meting), known))


def _graad_reeks(regel: AlarmRegel, found: Stappen, periode: Periode) -> Waardereeks:
    found, fresh = with_age(regel, found, periode.tot)
    known = found.gemeten & found.geplaatst & fresh
    return reeks(found, found.telt, druk(Druk(known * found.aanwezig, known * found.inzetbaar), known))


def _graad_zin(regel: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    found = locatie(beeld.registers, onderwerp, beeld.now)
    present, name = people(found.aanwezig or 0), naam(onderwerp, beeld)
    counted = _counted(found, beeld)
    if not found.inzetbaar:
        return f"{name} heeft{counted} {present} en geen inzetbare plaatsen."
    places = count(found.inzetbaar, "inzetbare plaats", "inzetbare plaatsen")
    share, limit = percentage(waarde, regel.gaat_af), short_percentage(regel.gaat_af)
    return f"{name} is{counted} voor {share} bezet (drempel {limit}): {present} op {places}."


def _counted(found: Locatie, beeld: Beeld) -> str:
    """Returns when the people were counted, for a reading that is not fresh: it need not be so any more."""
    if found.peilmoment is None or beeld.now - found.peilmoment <= beeld.grenzen.vers:
        return ""
    return f" volgens de laatste meting, van {dutch_moment(found.peilmoment)},"


def _te_oud(zin: str, *, op_plaatsen: bool = False) -> Callable[[str, Beeld], str]:
    """Makes the sentence for a value that is not known, with the moment of a reading that is too old for it.

    `op_plaatsen`: without known places, the reading is not the reason.
    """

    def said(onderwerp: str, beeld: Beeld) -> str:
        found, told = locatie(beeld.registers, onderwerp, beeld.now), zin.format(naam(onderwerp, beeld))
        read_at = found.peilmoment
        other = op_plaatsen and found.inzetbaar is None
        if read_at is None or other or beeld.now - read_at <= beeld.grenzen.vers:
            return f"{told}."
        return f"{told}: de laatste meting is van {dutch_moment(read_at)}."

    return said


# Who may come in -----------------------------------------------------------------------------------------------------


def _toegang(_: AlarmRegel, beeld: Beeld) -> Waarden:
    ids, stored = _ids(beeld, _open_now(beeld)), Register.TOEGANG.stored()
    found = [beeld.registers.get((own_id, stored)) for own_id in ids]
    # A regime that was never reported is not 'other than open': nobody said that access is restricted.
    ranks = [np.nan if winner is None else REGIMES.index(winner.value) for winner in found]
    return Waarden(ids, np.array(ranks, dtype=np.float64))


def _toegang_reeks(_: AlarmRegel, found: Stappen, _periode: Periode) -> Waardereeks:
    return reeks(found, found.telt, np.where(found.toegang >= 0, found.toegang, np.nan))


def _toegang_zin(_: AlarmRegel, onderwerp: str, _waarde: float, beeld: Beeld) -> str:
    winner = beeld.registers[Register.TOEGANG.key(onderwerp)]
    return f"De toegang tot {naam(onderwerp, beeld)} is {winner.value}, sinds {dutch_moment(winner.effective_at)}."


# People above the maximum --------------------------------------------------------------------------------------------


def boven_maximum(beeld: Beeld) -> list[str]:
    """Returns the open locaties with more people than their maximum in force."""
    limited, above = _above_maximum(beeld)
    return [beeld.locaties[n] for n, more in zip(limited, above, strict=True) if more > 0]


def _above_maximum(beeld: Beeld) -> tuple[list[int], list[float]]:
    """Returns the columns of the open locaties with a maximum in force, and how many people each has above it.

    NaN without a reading.
    """
    stand, stored = beeld.standen, Register.MAXIMUM.stored()
    limited: list[int] = []
    above: list[float] = []
    for n in _open_now(beeld).tolist():
        winner = beeld.registers.get((beeld.locaties[n], stored))
        if winner is None or ((tot := end_of(winner)) is not None and tot <= beeld.now):
            continue
        present = int(stand.aanwezig[n])
        limited.append(n)
        above.append(np.nan if present == UNKNOWN else present - winner.value["maximum"])
    return limited, above


def _boven_maximum(regel: AlarmRegel, beeld: Beeld) -> Waarden:
    limited, above = _above_maximum(beeld)
    fresh = _fresh(regel, beeld, beeld.standen.peilmoment[limited])
    return Waarden([beeld.locaties[n] for n in limited], np.where(fresh, np.array(above, dtype=np.float64), np.nan))


def _boven_maximum_reeks(regel: AlarmRegel, found: Stappen, periode: Periode) -> Waardereeks:
    found, fresh = with_age(regel, found, periode.tot)
    above = np.where(found.gemeten & fresh, found.aanwezig - found.maximum, np.nan)
    return reeks(found, found.telt & (found.maximum >= 0), above)


def _boven_maximum_zin(_: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    found = locatie(beeld.registers, onderwerp, beeld.now)
    limit = number(found.maximum.maximum if found.maximum else 0)
    present = f"{naam(onderwerp, beeld)} heeft{_counted(found, beeld)} {people(found.aanwezig or 0)}"
    if waarde == 0:
        return f"{present}, precies het maximum van {limit}."
    if waarde < 0:
        return f"{present}, {number(-waarde)} onder het maximum van {limit}."
    days = _dagen(beeld.overschrijdingen.get(onderwerp))
    return f"{present}, {number(waarde)} boven het maximum van {limit}{days}."


def _dagen(found: Overschrijding | None) -> str:
    """Returns how the sentence goes on about the days above the maximum and what they cost."""
    if found is None:
        return ""
    days = count(found.dagen, "dag", "dagen")
    text = f"; tot nu toe minstens {days} erboven, van {count(found.dagen_met_meting, 'dag', 'dagen')} met een meting"
    if found.dwangsom is None:
        return text
    if found.op_zijn_hoogst:
        return f"{text}; dwangsom {euros(found.dwangsom)}, het hoogste bedrag"
    most = "" if found.plafond is None else f" van hoogstens {euros(found.plafond)}"
    return f"{text}; dwangsom minstens {euros(found.dwangsom)}{most}"


# How old its reading is ----------------------------------------------------------------------------------------------


def _stilte(_: AlarmRegel, beeld: Beeld) -> Waarden:
    own = _open_now(beeld)
    age = (micros(beeld.now) - beeld.standen.peilmoment[own]) / 1e6
    read = beeld.standen.aanwezig[own] != UNKNOWN
    return Waarden(_ids(beeld, own), np.where(read, age, np.nan))


def _stilte_reeks(regel: AlarmRegel, found: Stappen, periode: Periode) -> Waardereeks:
    """The age grows between two readings, so a row is added where it reaches or passes a threshold."""
    limits = {timedelta(seconds=limit) // _MICROSECOND for limit in (regel.gaat_af, regel.wist)}
    found = also_at(found, {limit + past for limit in limits for past in (0, 1)}, periode.tot)
    age = (found.moment - found.peilmoment) / 1e6
    return reeks(found, found.telt, np.where(found.gemeten, age, np.nan))._replace(sinds=found.peilmoment)


def _stilte_zin(regel: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    read_at = locatie(beeld.registers, onderwerp, beeld.now).peilmoment
    when = "" if read_at is None else f" van {dutch_moment(read_at)},"
    limit = length(regel.gaat_af)
    return f"De laatste meting van {naam(onderwerp, beeld)} is{when} {length(waarde)} geleden (drempel {limit})."


# People in a closed locatie -------------------------------------------------------------------------------------------


def _gesloten(_: AlarmRegel, beeld: Beeld) -> Waarden:
    closed = np.flatnonzero(beeld.standen.gesloten)
    stand = Standen(beeld.standen.tabel[:, closed])
    return Waarden(_ids(beeld, closed), _still_there(delen_van(stand, beeld.now, beeld.grenzen), stand.aanwezig))


def _gesloten_reeks(_: AlarmRegel, found: Stappen, periode: Periode) -> Waardereeks:
    aanwezig = np.where(found.gemeten, found.aanwezig, UNKNOWN)
    return reeks(found, found.gesloten_op >= 0, _still_there(delen_van_stappen(found, periode.grenzen), aanwezig))


def _still_there(parts: Delen[Ints], aanwezig: Ints) -> Floats:
    """Returns the people of closed locaties. NaN where nobody counted them, or too long before it closed."""
    unknown = (aanwezig == UNKNOWN) | (parts.gesloten_zonder_telling > 0)
    return np.where(unknown, np.nan, parts.aanwezig_gesloten.astype(np.float64))


def _gesloten_zin(_: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    name, winner = naam(onderwerp, beeld), Register.OPEN.get(beeld.registers, onderwerp)
    since = "" if winner is None else f" sinds {dutch_moment(winner.effective_at)}"
    read_at = locatie(beeld.registers, onderwerp, beeld.now).peilmoment
    when = "" if read_at is None else f" van {dutch_moment(read_at)}"
    were = "was" if waarde == 1 else "waren"
    return f"{name} is gesloten{since}; in de laatste meting{when} {were} er {people(int(waarde))}."


VAN_LOCATIES = (
    Bewaakt(
        naam="locatie-bezettingsgraad",
        waarden=_graad,
        verleden=VanLocaties(_graad_reeks),
        zin=_graad_zin,
        onbekend=_te_oud("De bezettingsgraad van {} is niet bekend", op_plaatsen=True),
        verklaring=VERKLARING_LOCATIE,
        oneindig="geen plaatsen",
    ),
    Bewaakt(
        naam="toegang",
        waarden=_toegang,
        verleden=VanLocaties(_toegang_reeks),
        zin=_toegang_zin,
        onbekend=niet_bekend("De toegang tot {} is niet bekend."),
        verklaring=VERKLARING_LOCATIE,
    ),
    Bewaakt(
        naam="gesloten-met-mensen",
        waarden=_gesloten,
        verleden=VanLocaties(_gesloten_reeks),
        zin=_gesloten_zin,
        onbekend=niet_bekend("Of er nog mensen zijn in {}, dat gesloten is, is niet bekend."),
        verklaring=VERKLARING_LOCATIE,
    ),
    Bewaakt(
        naam="personen-boven-maximum",
        waarden=_boven_maximum,
        verleden=VanLocaties(_boven_maximum_reeks),
        zin=_boven_maximum_zin,
        onbekend=_te_oud("Of {} boven het maximum is, is niet bekend"),
        verklaring=VERKLARING_LOCATIE,
        telt_dagen=True,
        erachter="te veel",
    ),
    Bewaakt(
        naam="stilte-van-locatie",
        waarden=_stilte,
        verleden=VanLocaties(_stilte_reeks),
        zin=_stilte_zin,
        onbekend=niet_bekend("Van {} is geen meting bekend."),
        verklaring=VERKLARING_LOCATIE,
    ),
)
