"""Why a figure is what it is: every write behind it, and what became of that write.

A test folds the writes with role `telt` alone and finds the same figures. So an explanation leaves nothing out.
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
from services.core.grootheden import rusten_op
from services.core.grootheden.declaratie import FigureOf
from services.core.locaties import Locatie, Maximum
from services.core.opgaven import STATUSSEN
from services.core.overdrachten import givers
from services.core.registers import Key, Register, Registers, Winner, end_of, moment_in
from services.core.telregel import Cyclus, Maatstaf

Rol = Literal["telt", "vervangen", "ingetrokken", "nog niet geldig", "verlopen", "telt niet mee"]
Uitspraak = tuple[Rol, str | None]
"""A role, and why."""
Telt = Callable[[Key, Winner], Uitspraak]
"""Says which role the write in force in a register has in a figure."""
TELT: Uitspraak = ("telt", None)
NEEDLESS: Uitspraak = ("telt niet mee", "is hier niet nodig")
_PUBLISHED: Uitspraak = ("telt niet mee", "wat anderen publiceerden staat ernaast en telt nergens")
_OTHER_CYCLUS: Uitspraak = ("telt niet mee", "van een andere cyclus")
Rules = Mapping[Register, Telt]
"""How the writes to each register are judged that some figures rest on."""
Ook = Callable[[Key, Winner], Uitspraak | None]
"""Says which role a write still has in a figure after another one followed it; None when it has none."""


class Gelogd(NamedTuple):
    """An event, and when it was received."""

    event: Event
    ontvangen_op: datetime


class Registerregel(NamedTuple):
    """What one event says of one register, and what became of it."""

    gelogd: Gelogd
    register: str | None
    """Its stored name; None for a retraction, which writes no register."""
    waarde: Any
    rol: Rol
    reden: str | None


def regels(
    logged: Iterable[Gelogd], valid_at: datetime, known_at: datetime, telt: Telt, ook: Ook = lambda _key, _write: None
) -> list[Registerregel]:
    """A row for each register that an event writes, of all events known at K.

    The rows of a register begin with its greatest write. Retractions come last. `telt` judges the writes in force;
    `ook` judges those that were in force from an earlier moment on.
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
    rows: list[Registerregel] = []
    for key in sorted(written):
        in_force = stood = None
        for one, write in sorted(written[key], key=lambda pair: pair[1].rank, reverse=True):
            said = _fate(one.event, write, retractions, valid_at, in_force)
            if said is None:
                in_force, stood, said = write, write.effective_at, telt(key, write)
            elif said[0] == "vervangen" and write.effective_at != stood:
                stood, said = write.effective_at, ook(key, write) or said
            rows.append(Registerregel(one, key[1], write.value, *said))
    events = {one.event.id: one.event for one in known}
    return rows + [_retraction(one, one.event, events) for one in known if isinstance(one.event, Ingetrokken)]


def _fate(
    event: Event,
    write: Winner,
    retractions: Mapping[tuple[str, str], Ingetrokken],
    valid_at: datetime,
    in_force: Winner | None,
) -> Uitspraak | None:
    """Why a write is not in force; None when it is in force."""
    if (retraction := retractions.get((event.id, event.source))) is not None:
        when = format_moment(retraction.time)
        return "ingetrokken", f"door {retraction.id}, vastgelegd op {when}: {retraction.data.reden}"
    if write.effective_at > valid_at:
        return "nog niet geldig", f"geldt vanaf {format_moment(write.effective_at)}"
    if in_force is not None:
        return "vervangen", f"door {in_force.event_id}, geldig vanaf {format_moment(in_force.effective_at)}"
    return None


def _retraction(one: Gelogd, event: Ingetrokken, known: Mapping[str, Event]) -> Registerregel:
    target = event.data.gebeurtenisId
    done = f"trekt {target} in: {event.data.reden}"
    if (of := known.get(target)) is not None and of.source != event.source:
        done = f"zonder gevolg: {target} is van een andere bron"
    elif isinstance(of, Ingetrokken):
        done = f"zonder gevolg: {target} is zelf een intrekking, en die blijft"
    return Registerregel(one, None, target, "telt niet mee", done)


# What counts in which figure --------------------------------------------------------------------------------------


def in_locatie(registers: Registers, valid_at: datetime) -> Telt:
    """Judges writes for the figures of a locatie by itself, open or not."""
    without = _without_places(registers, valid_at)

    def places(key: Key, write: Winner) -> Uitspraak:
        return _expired(write, valid_at, counts_as_zero=key[0] in without) or TELT

    counts = _always(TELT)
    rules: Rules = {
        Register.REGISTRATIE: counts,
        Register.OPEN: counts,
        Register.AANWEZIG: counts,
        Register.TOEGANG: counts,
        Register.PLAATSEN: places,
        Register.MAXIMUM: lambda _, write: _expired(write, valid_at) or TELT,
    }
    return _by_register(rules, FigureOf.LOCATIE)


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
    without = _without_places(registers, valid_at)

    def places(key: Key, write: Winner) -> Uitspraak:
        return _expired(write, valid_at, counts_as_zero=key[0] in without) or TELT

    people = _if_open(by_id, _always(TELT), or_with_people=True)
    rules: Rules = {
        Register.REGISTRATIE: people,
        Register.OPEN: people,
        Register.AANWEZIG: people,
        Register.PLAATSEN: _if_open(by_id, places),
    }
    return _by_register(rules, FigureOf.GEBIED)


def in_naleving(
    registers: Registers,
    locaties: Iterable[Locatie],
    now: Indeling,
    maatstaf: Maatstaf,
    gemeenten: Sequence[str],
    valid_at: datetime,
) -> Telt:
    """Judges writes for the opgave, the places that count and the class of these gemeenten.

    `locaties` are those that lie in them, and in the gemeenten that give them places.
    """
    by_id = {locatie.id: locatie for locatie in locaties}
    without = _without_places(registers, valid_at)
    wanted = frozenset(gemeenten)
    giving = givers(registers, now, maatstaf.cyclus.id, wanted, valid_at) if maatstaf.cyclus else frozenset()
    of_law = _Law(registers, now, maatstaf, wanted, giving, valid_at)

    def places(key: Key, write: Winner) -> Uitspraak:
        return _expired(write, valid_at, counts_as_zero=key[0] in without) or _place(key, write, maatstaf, valid_at)

    if_open = _if_open(by_id, _always(TELT))
    rules: Rules = {
        Register.REGISTRATIE: if_open,
        Register.OPEN: if_open,
        Register.PLAATSEN: _if_open(by_id, places),
        Register.CYCLUS: of_law.cyclus_rule,
        Register.TELREGEL: of_law.telregel_rule,
        Register.OPGAVE: of_law.opgave_rule,
        Register.OPGAVESTAND: of_law.opgavestand_rule,
        Register.OVERDRACHT: of_law.overdracht_rule,
        Register.TOEZICHT: of_law.toezicht_rule,
    }
    return _by_register(rules, FigureOf.GEMEENTE)


class _Law(NamedTuple):
    """What decides which writes of the law count for some gemeenten."""

    registers: Registers
    now: Indeling
    maatstaf: Maatstaf
    gemeenten: frozenset[str]
    giving: frozenset[str]
    """The gemeenten that promised places to any of them."""
    valid_at: datetime

    @property
    def cyclus(self) -> Cyclus | None:
        """The cyclus by which they are judged."""
        return self.maatstaf.cyclus

    def cyclus_rule(self, key: Key, _write: Winner) -> Uitspraak:
        """Judges a write to a cyclus."""
        return TELT if self.cyclus is not None and key[0] == self.cyclus.id else _OTHER_CYCLUS

    def telregel_rule(self, key: Key, _write: Winner) -> Uitspraak:
        """Judges a write to a rule of what counts."""
        if self.cyclus is None or key[0] != self.cyclus.id:
            return _OTHER_CYCLUS
        (naam,) = Register.TELREGEL.parts(key[1])
        used = self.maatstaf.regel is not None and self.maatstaf.regel.naam == naam
        return TELT if used else ("telt niet mee", "een andere telregel dan waarmee is geteld")

    def toezicht_rule(self, key: Key, _write: Winner) -> Uitspraak:
        """Judges a step of supervision."""
        return TELT if self._about(key[0]) else NEEDLESS

    def opgave_rule(self, key: Key, _write: Winner) -> Uitspraak:
        """Judges a write to an opgave. Only the strongest status of a subject counts."""
        subject, stored = key
        of_cyclus, status = Register.OPGAVE.parts(stored)
        if not self._about(subject):
            return NEEDLESS
        if self.cyclus is None or of_cyclus != self.cyclus.id:
            return _OTHER_CYCLUS
        for stronger in STATUSSEN[: STATUSSEN.index(status)]:
            if Register.OPGAVE.key(subject, of_cyclus, stronger) in self.registers:
                return "telt niet mee", f"{stronger} gaat voor {status}"
        return TELT

    def opgavestand_rule(self, key: Key, write: Winner) -> Uitspraak:
        """Judges what became of a verdeelbesluit."""
        subject, stored = key
        if not self._about(subject):
            return NEEDLESS
        (of_cyclus,) = Register.OPGAVESTAND.parts(stored)
        if self.cyclus is None or of_cyclus != self.cyclus.id:
            return _OTHER_CYCLUS
        besluit = Register.OPGAVE.get(self.registers, subject, of_cyclus, STATUSSEN[0])
        if besluit is None or write.effective_at < besluit.effective_at:
            return "telt niet mee", "er is geen verdeelbesluit van daarvoor"
        return _expired(write, self.valid_at) or TELT

    def overdracht_rule(self, key: Key, write: Winner) -> Uitspraak:
        """Judges an overdracht from these gemeenten, or from one that gives them places: its promises have an order."""
        giver, stored = key
        of_cyclus = Register.OVERDRACHT.parts(stored)[0]
        if not (self._about(giver) or self.now.current(giver) in self.giving):
            return NEEDLESS
        if self.cyclus is None or of_cyclus != self.cyclus.id:
            return _OTHER_CYCLUS
        return _expired(write, self.valid_at) or TELT

    def _about(self, code: str) -> bool:
        return self.now.current(code) in self.gemeenten


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
        return "telt", "; ".join(reasons) or None

    return telt


def _always(said: Uitspraak) -> Telt:
    return lambda _key, _write: said


def forgotten_rules(ruled: Iterable[Register], resting: Iterable[Register], kind: str) -> list[str]:
    """What is wrong with the rules for the figures of a kind of subject, which rest on these registers."""
    ruled, resting, where = set(ruled), set(resting), "services/core/reasons/verklaring.py"
    return [
        *(
            f"figures of a {kind} rest on {one.name}: say in {where} which writes to it count"
            for one in resting - ruled
        ),
        *(f"no figure of a {kind} rests on {one.name}: take its rule out of {where}" for one in ruled - resting),
    ]


def _by_register(rules: Rules, soort: FigureOf) -> Telt:
    """Judges each write by the rule of its register.

    Raises LookupError where the rules are not exactly those of the registers that the figures of `soort` rest on.
    """
    if wrong := forgotten_rules(rules, rusten_op(soort), soort.value):
        raise LookupError("\n".join(wrong))
    others = {Register.GEPUBLICEERD: _always(_PUBLISHED)}
    judged = {register: rules.get(register) or others.get(register) or _always(NEEDLESS) for register in Register}
    of_name = Register.of_name
    return lambda key, write: judged[of_name(key[1])](key, write)


def _if_open(by_id: Mapping[str, Locatie], telt: Telt, *, or_with_people: bool = False) -> Telt:
    """Judges the writes of these locaties, as far as they are registered and open.

    With `or_with_people` also those of closed ones with people in their last reading.
    """

    def judged(key: Key, write: Winner) -> Uitspraak:
        if (locatie := by_id.get(key[0])) is None:
            return NEEDLESS
        if not locatie.registered:
            return "telt niet mee", "de locatie is niet geregistreerd"
        if locatie.open:
            return telt(key, write)
        if or_with_people and locatie.gesloten_op is not None and locatie.aanwezig:
            return "telt", "gesloten, met mensen in de laatste meting"
        return "telt niet mee", "de locatie is gesloten"

    return judged


def _without_places(registers: Registers, valid_at: datetime) -> frozenset[str]:
    """The locaties whose reported places have all ended. They have 0 places, which is not the same as unknown."""
    left: dict[str, bool] = {}
    for (subject, _), write in Register.PLAATSEN.among(registers):
        left[subject] = left.get(subject, False) or not _ended(end_of(write), valid_at)
    return frozenset(subject for subject, any_left in left.items() if not any_left)


def _expired(write: Winner, valid_at: datetime, *, counts_as_zero: bool = False) -> Uitspraak | None:
    """What became of a write that ended; None when it did not. The last places of a locatie count as 0."""
    end = end_of(write)
    if end is None or not _ended(end, valid_at):
        return None
    until = f"gold tot {format_moment(end)}"
    return ("telt", f"{until}: telt als 0 plaatsen") if counts_as_zero else ("verlopen", until)


def _ended(end: datetime | None, valid_at: datetime) -> bool:
    return end is not None and end <= valid_at


def _place(key: Key, write: Winner, maatstaf: Maatstaf, valid_at: datetime) -> Uitspraak:
    cyclus, regel = maatstaf
    if cyclus is None:
        return "telt niet mee", "er is geen cyclus van kracht"
    if regel is None:
        return "telt niet mee", f"telregel {cyclus.telregel} is niet vastgesteld"
    (soort,) = Register.PLAATSEN.parts(key[1])
    if soort not in regel.soorten:
        return "telt niet mee", f"{soort} telt niet volgens telregel {regel.naam} van cyclus {cyclus.id}"
    since = moment_in(write.value, "beschikbaarVanaf") or write.effective_at
    short = regel.te_kort(end_of(write), since, valid_at)
    return TELT if short is None else ("telt niet mee", short)
