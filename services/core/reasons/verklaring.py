"""Why a figure is what it is: every write behind it, and what became of it (design §7).

The writes with role `telt`, folded alone, give the same figures: that is the law which keeps this honest.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from schemas.events import Event, Ingetrokken
from schemas.fields import format_moment
from services.core.dutch import dutch_day
from services.core.fold import writes
from services.core.gemeenten import Indeling
from services.core.locaties import Locatie, Maximum
from services.core.naleving import STATUSSEN, Cyclus
from services.core.registers import Key, Registers, Winner, end_of, end_of_write

Rol = Literal["telt", "vervangen", "ingetrokken", "nog niet geldig", "verlopen", "telt niet mee"]
Uitspraak = tuple[Rol, str | None]
"""A role, and why."""
Telt = Callable[[Key, Winner], Uitspraak]
"""What the write in force in a register is to a figure."""
TELT: Uitspraak = ("telt", None)
NEEDLESS: Uitspraak = ("telt niet mee", "is hier niet nodig")
Ook = Callable[[Key, Winner], Uitspraak | None]
"""What a write that was followed by another is to a figure all the same; None: nothing."""


class Gelogd(NamedTuple):
    """An event, and when it was received."""

    event: Event
    ontvangen_op: datetime


class Regel(NamedTuple):
    """What one event says of one register, and what became of it. A retraction says nothing of any: None."""

    gelogd: Gelogd
    register: str | None
    waarde: Any
    rol: Rol
    reden: str | None


def regels(
    logged: Iterable[Gelogd], valid_at: datetime, known_at: datetime, telt: Telt, ook: Ook = lambda _key, _write: None
) -> list[Regel]:
    """A row for every register that every event known at K writes; per register the greatest first, retractions last.

    `telt` judges the writes in force, `ook` those that were in force from an earlier moment on.
    """
    known = list({one.event.id: one for one in logged if one.event.time <= known_at}.values())
    retractions = {
        (one.event.data.gebeurtenisId, one.event.source): one.event
        for one in sorted(known, key=lambda one: (one.event.time, one.event.id), reverse=True)
        if isinstance(one.event, Ingetrokken)
    }
    written: dict[Key, list[tuple[Gelogd, Winner]]] = defaultdict(list)
    for one in known:
        for register, effective_at, value in writes(one.event):
            winner = Winner(value, effective_at, one.event.time, one.event.id)
            written[one.event.subject, register].append((one, winner))
    rows: list[Regel] = []
    for key in sorted(written):
        in_force = stood = None
        for one, write in sorted(written[key], key=lambda pair: pair[1].rank, reverse=True):
            said = _fate(one.event, write, retractions, valid_at, in_force)
            if said is None:
                in_force, stood, said = write, write.effective_at, telt(key, write)
            elif said[0] == "vervangen" and write.effective_at != stood:
                stood, said = write.effective_at, ook(key, write) or said
            rows.append(Regel(one, key[1], write.value, *said))
    events = {one.event.id: one.event for one in known}
    return rows + [_retraction(one, events) for one in known if isinstance(one.event, Ingetrokken)]


def _fate(
    event: Event,
    write: Winner,
    retractions: Mapping[tuple[str, str], Ingetrokken],
    valid_at: datetime,
    in_force: Winner | None,
) -> Uitspraak | None:
    """Why a write is not in force; None when it is."""
    if (retraction := retractions.get((event.id, event.source))) is not None:
        when = format_moment(retraction.time)
        return "ingetrokken", f"door {retraction.id}, vastgelegd op {when}: {retraction.data.reden}"
    if write.effective_at > valid_at:
        return "nog niet geldig", f"geldt vanaf {format_moment(write.effective_at)}"
    if in_force is not None:
        return "vervangen", f"door {in_force.event_id}, geldig vanaf {format_moment(in_force.effective_at)}"
    return None


def _retraction(one: Gelogd, known: Mapping[str, Event]) -> Regel:
    assert isinstance(one.event, Ingetrokken)  # noqa: S101
    target = one.event.data.gebeurtenisId
    done = f"trekt {target} in: {one.event.data.reden}"
    if (of := known.get(target)) is not None and of.source != one.event.source:
        done = f"zonder gevolg: {target} is van een andere bron"
    elif isinstance(of, Ingetrokken):
        done = f"zonder gevolg: {target} is zelf een intrekking, en die blijft"
    return Regel(one, None, target, "telt niet mee", done)


# What counts in which figure --------------------------------------------------------------------------------------


def in_locatie(registers: Registers, valid_at: datetime) -> Telt:
    """In the figures of a locatie by itself, open or not."""
    without = _without_places(registers, valid_at)
    return lambda key, write: _published(key) or _expired(without, key, write, valid_at) or TELT


def in_overschrijding(maximum: Maximum | None) -> Ook:
    """In the days above a maximum: every reading while it holds."""

    def ook(key: Key, write: Winner) -> Uitspraak | None:
        if maximum is None or key[1] != "aanwezig" or not maximum.holds_at(write.effective_at):
            return None
        above = "" if write.value > maximum.maximum else "niet "
        return "telt", f"meting {above}boven het maximum, op {dutch_day(write.effective_at)}"

    return ook


def in_bezetting(registers: Registers, locaties: Iterable[Locatie], valid_at: datetime) -> Telt:
    """In the sums over the open ones of these locaties."""
    by_id = {locatie.id: locatie for locatie in locaties}
    without = _without_places(registers, valid_at)

    def telt(key: Key, write: Winner) -> Uitspraak:
        subject, register = key
        if (locatie := by_id.get(subject)) is None or not _is_summed(register):
            return _published(key) or NEEDLESS
        return _not_open(locatie) or _expired(without, key, write, valid_at) or TELT

    return telt


def in_naleving(
    registers: Registers,
    locaties: Iterable[Locatie],
    now: Indeling,
    cyclus: Cyclus | None,
    gemeenten: Sequence[str],
    valid_at: datetime,
) -> Telt:
    """In the opgave, the places that count and the class of these gemeenten."""
    by_id = {locatie.id: locatie for locatie in locaties}
    wanted = frozenset(gemeenten)
    without = _without_places(registers, valid_at)

    def of_locatie(locatie: Locatie, key: Key, write: Winner) -> Uitspraak:
        if key[1].startswith("plaatsen."):
            return _not_open(locatie) or _expired(without, key, write, valid_at) or _place(key, write, cyclus)
        return (_not_open(locatie) or TELT) if key[1] in ("registratie", "open") else _needless(key)

    def telt(key: Key, write: Winner) -> Uitspraak:
        subject, register = key
        if (locatie := by_id.get(subject)) is not None:
            return of_locatie(locatie, key, write)
        kind, mine = register.partition(".")[0], now.current(subject) in wanted
        if kind == "cyclus":
            return TELT if cyclus is not None and subject == cyclus.id else ("telt niet mee", "van een andere cyclus")
        if kind == "opgave" and mine:
            return _task(registers, key, cyclus)
        if kind == "overdracht" and (mine or now.current(register.rpartition(".")[2]) in wanted):
            return _transfer(key, write, cyclus, valid_at)
        return TELT if kind == "toezicht" and mine else _needless(key)

    return telt


def either(**views: Telt) -> Telt:
    """In any of several figures, by their names: what counts in one counts, and it is said in which it does not."""

    def telt(key: Key, write: Winner) -> Uitspraak:
        said = {name: one for name, view in views.items() if (one := view(key, write)) != NEEDLESS}
        counts = [reason for role, reason in said.values() if role == "telt"]
        if not counts:
            return next(iter(said.values()), NEEDLESS)
        reasons = [reason for reason in counts if reason]
        reasons += [f"niet in de {name}: {reason}" for name, (role, reason) in said.items() if role != "telt"]
        return "telt", "; ".join(reasons) or None

    return telt


def _is_summed(register: str) -> bool:
    return register in ("registratie", "open", "aanwezig") or register.startswith("plaatsen.")


def _published(key: Key) -> Uitspraak | None:
    if key[1].startswith("gepubliceerd."):
        return "telt niet mee", "wat anderen publiceerden staat ernaast en telt nergens"
    return None


def _needless(key: Key) -> Uitspraak:
    return _published(key) or NEEDLESS


def _not_open(locatie: Locatie) -> Uitspraak | None:
    if not locatie.registered:
        return "telt niet mee", "de locatie is niet geregistreerd"
    return None if locatie.open else ("telt niet mee", "de locatie is gesloten")


def _without_places(registers: Registers, valid_at: datetime) -> frozenset[str]:
    """The locaties of which all places that were ever reported have ended: they have 0, which is not 'unknown'."""
    left: dict[str, bool] = {}
    for (subject, register), write in registers.items():
        if register.startswith("plaatsen."):
            left[subject] = left.get(subject, False) or not _ended(end_of_write((subject, register), write), valid_at)
    return frozenset(subject for subject, any_left in left.items() if not any_left)


def _expired(without: frozenset[str], key: Key, write: Winner, valid_at: datetime) -> Uitspraak | None:
    """Places or a maximum that ended. Of a locatie without any left they count, as 0."""
    end = end_of_write(key, write)
    if end is None or not _ended(end, valid_at):
        return None
    until = f"gold tot {format_moment(end)}"
    if key[1].startswith("plaatsen.") and key[0] in without:
        return "telt", f"{until}: telt als 0 plaatsen"
    return "verlopen", until


def _ended(end: datetime | None, valid_at: datetime) -> bool:
    return end is not None and end <= valid_at


def _place(key: Key, write: Winner, cyclus: Cyclus | None) -> Uitspraak:
    if cyclus is None:
        return "telt niet mee", "er is geen cyclus van kracht"
    soort = key[1].removeprefix("plaatsen.")
    if soort not in cyclus.meetellende_soorten:
        return "telt niet mee", f"{soort} telt niet in cyclus {cyclus.id}"
    end = end_of(write)
    if end is not None and end < cyclus.beschikbaar_tot_minstens:
        wanted = format_moment(cyclus.beschikbaar_tot_minstens)
        return "telt niet mee", f"beschikbaar tot {format_moment(end)}, korter dan {wanted}"
    return TELT


def _task(registers: Registers, key: Key, cyclus: Cyclus | None) -> Uitspraak:
    subject, register = key
    _, of_cyclus, status = register.split(".", 2)
    if cyclus is None or of_cyclus != cyclus.id:
        return "telt niet mee", "van een andere cyclus"
    for stronger in STATUSSEN[: STATUSSEN.index(status)]:
        if (subject, f"opgave.{cyclus.id}.{stronger}") in registers:
            return "telt niet mee", f"{stronger} gaat voor {status}"
    return TELT


def _transfer(key: Key, write: Winner, cyclus: Cyclus | None, valid_at: datetime) -> Uitspraak:
    if cyclus is None or not key[1].startswith(f"overdracht.{cyclus.id}."):
        return "telt niet mee", "van een andere cyclus"
    return _expired(frozenset(), key, write, valid_at) or TELT
