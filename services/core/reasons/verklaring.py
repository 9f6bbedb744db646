"""Why a figure is what it is: every write behind it, and what became of that write.

A test folds the writes with role `telt` alone and finds the same figures. So an explanation leaves nothing out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from schemas.events import Event, Ingetrokken
from services.core.dutch import dutch_day
from services.core.fold import writes
from services.core.grootheden import rusten_op
from services.core.grootheden.declaratie import FigureOf
from services.core.locaties import Locatie, Maximum
from services.core.registers import Key, Register, Registers, Winner, Write, end_of

Rol = Literal["telt", "vervangen", "ingetrokken", "nog niet geldig", "verlopen", "telt niet mee"]
Uitspraak = tuple[Rol, str | None]
"""A role, and why."""
Telt = Callable[[Key, Winner], Uitspraak]
"""Says which role the write in force in a register has in a figure."""
TELT: Uitspraak = ("telt", None)
NEEDLESS: Uitspraak = ("telt niet mee", "is hier niet nodig")
_PUBLISHED: Uitspraak = ("telt niet mee", "wat anderen publiceerden staat ernaast en telt nergens")
_NOT_REGISTERED: Uitspraak = ("telt niet mee", "de locatie is niet geregistreerd")
Rules = Mapping[Register, Telt]
"""How the writes to each register are judged that some figures rest on."""
Ook = Callable[[Key, Winner], Uitspraak | None]
"""Says which role a write still has in a figure after another one followed it; None when it has none."""


class Gelogd(NamedTuple):
    """An event, and when it was received."""

    event: Event
    ontvangen_op: datetime


class Logregel(NamedTuple):
    """An event as an explanation needs it: who told it and when, and what it writes."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    ontvangen_op: datetime
    schrijvingen: Sequence[Write]
    intrekking: Mapping[str, Any] | None
    """The `data` of a retraction; None for any other event."""


def logregel(gelogd: Gelogd) -> Logregel:
    """Returns what an explanation needs of an event."""
    event = gelogd.event
    retraction = event.data.model_dump() if isinstance(event, Ingetrokken) else None
    return Logregel(
        event.id, event.source, event.type, event.subject, event.time, gelogd.ontvangen_op, writes(event), retraction
    )


class Registerregel(NamedTuple):
    """What one event says of one register, and what became of it."""

    gelogd: Logregel
    register: str | None
    """Its stored name; None for a retraction, which writes no register."""
    waarde: Any
    geldt: datetime | None
    """From when on it holds in the world; None for a retraction."""
    rol: Rol
    reden: str | None
    door: str | None = None
    """The id of the event that replaced or retracted it; of a retraction, the id of what it retracts."""


def regels(
    logged: Iterable[Logregel],
    valid_at: datetime,
    known_at: datetime,
    telt: Telt,
    ook: Ook = lambda _key, _write: None,
) -> list[Registerregel]:
    """A row for each register that an event writes, of all events known at K.

    The rows of a register begin with its greatest write. Retractions come last. `telt` judges the writes in force;
    `ook` judges those that were in force from an earlier moment on.
    """
    known = {one.id: one for one in logged if one.time <= known_at}
    retractions = {
        (one.intrekking["gebeurtenisId"], one.source): one
        for one in sorted(known.values(), key=lambda one: (one.time, one.id), reverse=True)
        if one.intrekking is not None
    }
    written: dict[Key, list[tuple[Logregel, Winner]]] = defaultdict(list)
    for one in known.values():
        for register, effective_at, value in one.schrijvingen:
            written[one.subject, register].append((one, Winner(value, effective_at, one.time, one.id)))
    rows: list[Registerregel] = []
    for key in sorted(written):
        rows += _of_register(key, written[key], retractions, valid_at, telt, ook)
    return rows + [_retraction(one, known) for one in known.values() if one.intrekking is not None]


def _of_register(
    key: Key,
    written: list[tuple[Logregel, Winner]],
    retractions: Mapping[tuple[str, str], Logregel],
    valid_at: datetime,
    telt: Telt,
    ook: Ook,
) -> Iterator[Registerregel]:
    """The rows of one register. What is in force is the greatest write that holds at V and is not retracted.

    That of a lens holds from when it is known.
    """
    lens = Register.of(key).declared.lens
    in_force: Winner | None = None
    stood, replaced = valid_at, TELT
    for one, write in sorted(written, key=lambda pair: pair[1][1:], reverse=True):
        by = None
        if (retraction := retractions.get((one.id, one.source))) is not None:
            said, by = _retracted(retraction), retraction.id
        elif write.effective_at > valid_at and not lens:
            said = "nog niet geldig", f"geldt vanaf {dutch_day(write.effective_at)}"
        elif in_force is None:
            in_force, stood, said = write, write.effective_at, telt(key, write)
            replaced = "vervangen", f"door {one.id}, geldig vanaf {dutch_day(write.effective_at)}"
        else:
            said, by = replaced, in_force.event_id
            if write.effective_at != stood:
                stood = write.effective_at
                if (still := ook(key, write)) is not None:
                    said, by = still, None
        yield Registerregel(one, key[1], write.value, write.effective_at, *said, by)


def _retracted(by: Logregel) -> Uitspraak:
    reden = None if by.intrekking is None else by.intrekking["reden"]
    return "ingetrokken", f"door {by.id}, vastgelegd op {dutch_day(by.time)}: {reden}"


def _retraction(one: Logregel, known: Mapping[str, Logregel]) -> Registerregel:
    said = one.intrekking or {}
    target = said["gebeurtenisId"]
    done = f"trekt {target} in: {said['reden']}"
    if (of := known.get(target)) is not None and of.source != one.source:
        done = f"zonder gevolg: {target} is van een andere bron"
    elif of is not None and of.intrekking is not None:
        done = f"zonder gevolg: {target} is zelf een intrekking, en die blijft"
    return Registerregel(one, None, target, None, "telt niet mee", done, target)


# What counts in which figure --------------------------------------------------------------------------------------


def in_locatie(registers: Registers, valid_at: datetime) -> Telt:
    """Judges writes for the figures of a locatie by itself, open or not."""
    counts = _always(TELT)
    rules: Rules = {
        Register.REGISTRATIE: counts,
        Register.OPEN: counts,
        Register.AANWEZIG: counts,
        Register.TOEGANG: counts,
        Register.PLAATSEN: _places(registers, valid_at),
        Register.MAXIMUM: lambda _, write: expired(write, valid_at) or TELT,
    }
    return by_register(rules, FigureOf.LOCATIE)


def in_overschrijding(maximum: Maximum | None) -> Ook:
    """Judges writes for the days above a maximum: every reading that was taken while it holds counts."""

    def ook(key: Key, write: Winner) -> Uitspraak | None:
        if maximum is None or Register.of(key) is not Register.AANWEZIG or not maximum.holds_at(write.effective_at):
            return None
        above = "" if write.value > maximum.maximum else "niet "
        return "telt", f"meting {above}boven het maximum, op {dutch_day(write.effective_at)}"

    return ook


def in_bezetting(registers: Registers, locaties: Iterable[Locatie], valid_at: datetime) -> Telt:
    """Judges writes for the sums over these locaties: of the closed ones only the people who were there."""
    by_id = {locatie.id: locatie for locatie in locaties}
    people = if_open(registers, by_id, _always(TELT), or_with_people=True)
    rules: Rules = {
        Register.REGISTRATIE: people,
        Register.OPEN: people,
        Register.AANWEZIG: people,
        Register.PLAATSEN: if_open(registers, by_id, _places(registers, valid_at)),
    }
    return by_register(rules, FigureOf.GEBIED)


def either(**views: Telt) -> Telt:
    """Judges writes for several figures, given by name.

    A write that counts in one of them counts. The reason names those in which it does not.
    """

    def telt(key: Key, write: Winner) -> Uitspraak:
        said = {name: one for name, view in views.items() if (one := view(key, write)) != NEEDLESS}
        counts = [reason for role, reason in said.values() if role == "telt"]
        if not counts:
            return next(iter(said.values()), NEEDLESS)
        reasons = [reason for reason in counts if reason]
        reasons += [f"niet in de {name}: {reason}" for name, (role, reason) in said.items() if role != "telt"]
        return "telt", "; ".join(dict.fromkeys(reasons)) or None

    return telt


def _always(said: Uitspraak) -> Telt:
    return lambda _key, _write: said


def _places(registers: Registers, valid_at: datetime) -> Telt:
    """Judges places: those that ended count as 0 where no others of the locatie are left."""
    without = without_places(registers, valid_at)
    return lambda key, write: expired(write, valid_at, counts_as_zero=key[0] in without) or TELT


def forgotten_rules(ruled: Iterable[Register], resting: Iterable[Register], kind: str) -> list[str]:
    """What is wrong with the rules for the figures of a kind of subject, which rest on these registers."""
    ruled, resting, where = set(ruled), set(resting), "services/core/reasons"
    return [
        *(
            f"figures of a {kind} rest on {one.name}: say in {where} which writes to it count"
            for one in resting - ruled
        ),
        *(f"no figure of a {kind} rests on {one.name}: take its rule out of {where}" for one in ruled - resting),
    ]


def by_register(rules: Rules, soort: FigureOf) -> Telt:
    """Judges each write by the rule of its register.

    Raises LookupError where the rules are not exactly those of the registers that the figures of `soort` rest on.
    """
    if wrong := forgotten_rules(rules, rusten_op(soort), soort.value):
        raise LookupError("\n".join(wrong))
    others = {Register.GEPUBLICEERD: _always(_PUBLISHED)}
    judged = {register: rules.get(register) or others.get(register) or _always(NEEDLESS) for register in Register}
    of_name = Register.of_name
    return lambda key, write: judged[of_name(key[1])](key, write)


def if_open(registers: Registers, by_id: Mapping[str, Locatie], telt: Telt, *, or_with_people: bool = False) -> Telt:
    """Judges the writes of these locaties, as far as they are registered and open.

    With `or_with_people` also those of closed ones with people in their last reading.
    """

    def judged(key: Key, write: Winner) -> Uitspraak:
        if (locatie := by_id.get(key[0])) is None:
            return _elsewhere(registers, key[0])
        if not locatie.registered:
            return _NOT_REGISTERED
        if locatie.open:
            return telt(key, write)
        if or_with_people and locatie.gesloten_op is not None and locatie.aanwezig:
            return "telt", "gesloten, met mensen in de laatste meting"
        return "telt niet mee", "de locatie is gesloten"

    return judged


def _elsewhere(registers: Registers, own_id: str) -> Uitspraak:
    registratie = Register.REGISTRATIE.get(registers, own_id)
    if registratie is None:
        return _NOT_REGISTERED
    return "telt niet mee", f"de locatie ligt in {registratie.value['gemeente']}"


def without_places(registers: Registers, valid_at: datetime) -> frozenset[str]:
    """The locaties whose reported places have all ended. They have 0 places, which is not the same as unknown."""
    left: dict[str, bool] = {}
    for (subject, _), write in Register.PLAATSEN.among(registers):
        left[subject] = left.get(subject, False) or not _ended(end_of(write), valid_at)
    return frozenset(subject for subject, any_left in left.items() if not any_left)


def expired(write: Winner, valid_at: datetime, *, counts_as_zero: bool = False) -> Uitspraak | None:
    """What became of a write that ended; None when it did not. The last places of a locatie count as 0."""
    end = end_of(write)
    if end is None or not _ended(end, valid_at):
        return None
    until = f"gold tot {dutch_day(end)}"
    return ("telt", f"{until}: telt als 0 plaatsen") if counts_as_zero else ("verlopen", until)


def _ended(end: datetime | None, valid_at: datetime) -> bool:
    return end is not None and end <= valid_at
