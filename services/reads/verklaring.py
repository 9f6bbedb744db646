"""Why a figure is what it is: its formula with the numbers filled in, and every event behind it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from schemas.fields import Json, format_moment
from schemas.reference import PROVINCIES
from services.core.locaties import Locatie
from services.core.opgaven import opgave_of
from services.core.reasons.formules import (
    Uitgelegd,
    van_bezetting,
    van_gemeente,
    van_locatie,
    van_naleving,
    van_overschrijding,
    van_provincie,
)
from services.core.reasons.verklaring import (
    Gelogd,
    Ook,
    Registerregel,
    Telt,
    either,
    in_bezetting,
    in_locatie,
    in_naleving,
    in_overschrijding,
    regels,
)
from services.core.registers import Register, SubjectKind
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.question import Audience, NotKnownError, Question
from services.reads.reader import Reader

EVENTS_MAX = 20_000
"""With more events than this, only those in force are told. The explanation of each locatie tells the rest."""


class Explained(NamedTuple):
    """What is explained, and how to find its events."""

    figuren: list[Uitgelegd]
    subjects: frozenset[str]
    """Its events are about these subjects."""
    prefix: str
    """They may also be about subjects that begin like this, if it is not empty."""
    telt: Telt
    concerns: Callable[[str, str], bool] = lambda _subject, _register: True
    """Given (subject, register): whether that register has anything to do with it."""
    ook: Ook = lambda _key, _write: None
    """What counts in it besides what is in force."""


def of_country(cijfers: Cijfers) -> Explained:
    """The sums over all open locaties."""
    herkomst = cijfers.herkomst
    return Explained(
        van_bezetting(cijfers.locaties, cijfers.landelijk, herkomst.geldig_op),
        frozenset(),
        SubjectKind.LOCATIE.value,
        in_bezetting(cijfers.registers, cijfers.locaties, herkomst.geldig_op),
    )


def of_naleving(cijfers: Cijfers) -> Explained | None:
    """The number of gemeenten in each class. Returns None when there is no cyclus as asked for."""
    if cijfers.gevraagd.cyclus is not None and cijfers.cyclus is None:
        return None
    codes = [row.gemeente.code for row in cijfers.naleving]
    subjects = frozenset(subject for subject, register in cijfers.registers if _of_law(register))
    return Explained(
        van_naleving(cijfers.naleving, cijfers.cyclus),
        subjects,
        SubjectKind.LOCATIE.value,
        _naleving(cijfers, cijfers.locaties, codes),
        lambda _, register: _of_law(register) or _of_place(register),
    )


def of_locatie(reader: Reader, cijfers: Cijfers, own_id: str) -> Explained | None:
    """A locatie. Returns None when this audience may not see it, or nothing is known of it."""
    found = next((locatie for locatie in cijfers.shown if locatie.id == own_id), None)
    if found is None:
        return None
    valid_at, maximum = cijfers.herkomst.geldig_op, found.maximum
    days = reader.breaches(cijfers, [found])
    above = van_overschrijding(maximum, days[own_id]) if maximum and own_id in days else []
    return Explained(
        van_locatie(found, valid_at) + above,
        frozenset([own_id]),
        "",
        in_locatie(cijfers.registers, valid_at),
        ook=in_overschrijding(maximum),
    )


def of_gemeente(cijfers: Cijfers, code: str) -> Explained | None:
    """A gemeente: its opgave, its places that count, and its people. Returns None when there is none at V."""
    row = next((row for row in cijfers.naleving if row.gemeente.code == code), None)
    if row is None:
        return None
    herkomst, here = cijfers.herkomst, cijfers.by_gemeente.get(code, [])
    current = cijfers.indeling.current
    own = {locatie.id for locatie in here}
    own |= {
        subject for subject, _ in cijfers.registers if SubjectKind.GEMEENTE.holds(subject) and current(subject) == code
    }
    rules = _cycli(cijfers)
    givers = {subject for subject, register in cijfers.registers if _received(register, code, current)}

    def concerns(subject: str, register: str) -> bool:
        return subject in own or subject in rules or _received(register, code, current)

    telt = either(
        bezetting=in_bezetting(cijfers.registers, here, herkomst.geldig_op), naleving=_naleving(cijfers, here, [code])
    )
    figuren = van_gemeente(row, cijfers.cyclus) + van_bezetting(here, cijfers.in_gemeente(code), herkomst.geldig_op)
    return Explained(figuren, frozenset(own | rules | givers), "", telt, concerns)


def of_provincie(cijfers: Cijfers, code: str) -> Explained | None:
    """A provincie: its people and places, and its own opgave. Returns None when there is none."""
    if code not in PROVINCIES:
        return None
    herkomst, here, cyclus = cijfers.herkomst, cijfers.of_provincie(code), cijfers.cyclus
    opgave = opgave_of(cijfers.registers, code, cyclus.id) if cyclus else None
    rules = _cycli(cijfers)
    telt = either(
        bezetting=in_bezetting(cijfers.registers, here, herkomst.geldig_op), naleving=_naleving(cijfers, [], [code])
    )
    figuren = van_bezetting(here, cijfers.in_provincie(code), herkomst.geldig_op) + van_provincie(opgave, cyclus)
    return Explained(figuren, frozenset({locatie.id for locatie in here} | {code} | rules), "", telt)


def verklaring(reader: Reader, question: Question, kind: str, code: str = "") -> tuple[Cijfers, Json]:
    """The explanation of what stands at an address, and the figures that it explains. Raises NotKnownError.

    `kind`: the first part of that address, a key of EXPLANATIONS; `code`: which of that kind.
    """
    cijfers = reader.figures(question)
    name, find = EXPLANATIONS[kind]
    found = find(reader, cijfers, code)
    if found is None:
        code = code or question.cyclus or ""
        raise NotKnownError(name, code, question, successor=cijfers.indeling.current(code))
    return cijfers, explain(reader, question.audience, cijfers, found)


def explain(reader: Reader, audience: Audience, cijfers: Cijfers, found: Explained) -> Json:
    """The answer, from exactly the events that the figures were counted from."""
    herkomst = cijfers.herkomst

    def behind(hidden: frozenset[str]) -> tuple[list[Gelogd], bool]:
        subjects = found.subjects - hidden
        logged = reader.store.behind(
            subjects, found.prefix, herkomst.bekend_op, herkomst.positie, EVENTS_MAX + 1, hidden
        )
        if len(logged) <= EVENTS_MAX:
            return logged, True
        in_force = {
            winner.event_id
            for (subject, register), winner in cijfers.registers.items()
            if subject not in hidden and _about(found, subject) and found.concerns(subject, register)
        }
        return reader.store.by_id(in_force, herkomst.positie), False

    logged, whole = reader.unhidden(audience, behind)
    rows = [
        _row(regel)
        for regel in regels(logged, herkomst.geldig_op, herkomst.bekend_op, found.telt, found.ook)
        if regel.register is None or found.concerns(regel.gelogd.event.subject, regel.register)
    ]
    figuren = [figuur._asdict() for figuur in found.figuren]
    return answers.head(herkomst) | {"figuren": figuren, "gebeurtenissen": rows, "volledig": whole}


def _row(regel: Registerregel) -> Json:
    event = regel.gelogd.event
    return {
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": format_moment(event.time),
        "ontvangenOp": format_moment(regel.gelogd.ontvangen_op),
        "register": regel.register,
        "waarde": regel.waarde,
        "rol": regel.rol,
        "reden": regel.reden,
    }


def _naleving(cijfers: Cijfers, locaties: Iterable[Locatie], codes: Sequence[str]) -> Telt:
    herkomst = cijfers.herkomst
    return in_naleving(cijfers.registers, locaties, cijfers.indeling, cijfers.maatstaf, codes, herkomst.geldig_op)


def _cycli(cijfers: Cijfers) -> set[str]:
    return {subject for (subject, _), _ in Register.CYCLUS.among(cijfers.registers)}


def _about(found: Explained, subject: str) -> bool:
    return subject in found.subjects or bool(found.prefix and subject.startswith(found.prefix))


def _of_law(register: str) -> bool:
    return Register.of_name(register) in {Register.CYCLUS, Register.OPGAVE, Register.OVERDRACHT, Register.TOEZICHT}


def _of_place(register: str) -> bool:
    return Register.of_name(register) in {Register.REGISTRATIE, Register.OPEN, Register.PLAATSEN}


def _received(register: str, code: str, current: Callable[[str], str]) -> bool:
    return Register.of_name(register) is Register.OVERDRACHT and current(Register.OVERDRACHT.parts(register)[1]) == code


EXPLANATIONS: Mapping[str, tuple[str, Callable[[Reader, Cijfers, str], Explained | None]]] = {
    "bezetting": ("bezetting", lambda _reader, cijfers, _code: of_country(cijfers)),
    "naleving": ("cyclus", lambda _reader, cijfers, _code: of_naleving(cijfers)),
    "locaties": ("locatie", of_locatie),
    "gemeenten": ("gemeente", lambda _reader, cijfers, code: of_gemeente(cijfers, code)),
    "provincies": ("provincie", lambda _reader, cijfers, code: of_provincie(cijfers, code)),
}
"""The first part of an address → what does not exist when nothing is found there, and how it is explained."""
