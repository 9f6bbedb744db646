"""What can be explained: the figures that stand at an address, and how to find the events behind them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from schemas.reference import PROVINCIES
from services.core.grootheden import rusten_op
from services.core.grootheden.declaratie import FigureOf
from services.core.locaties import Locatie
from services.core.naleving import toezeggingen
from services.core.reasons.formules import (
    Uitgelegd,
    van_bezetting,
    van_gemeente,
    van_locatie,
    van_naleving,
    van_overschrijding,
    van_provincie,
    van_toezicht,
)
from services.core.reasons.verklaring import (
    Ook,
    Telt,
    either,
    in_bezetting,
    in_locatie,
    in_overschrijding,
)
from services.core.reasons.wet import Case, giving, in_naleving, in_provincie, in_toezicht
from services.core.registers import LANDELIJK, Register, SubjectKind
from services.reads.cijfers import Cijfers
from services.reads.reader import Reader

_CYCLI = frozenset(f"{SubjectKind.CYCLUS.value}{number:02}" for number in range(100))
"""Every id that a cyclus can have."""
_ALL = frozenset(Register)
_LAW = rusten_op(FigureOf.GEMEENTE)
"""What the naleving of a gemeente rests on."""
_TOEZICHT = rusten_op(FigureOf.TOEZICHT)
"""What the figures of the toezicht rest on."""
VAN_TOEZICHT = _TOEZICHT - _LAW | {Register.TOEZICHT}
"""What only the toezicht rests on."""
_PLACES = frozenset(one for one in _LAW if SubjectKind.LOCATIE in one.declared.subjects)
"""What of that is about locaties."""


class Explained(NamedTuple):
    """What is explained, and how to find its events."""

    figuren: list[Uitgelegd]
    subjects: frozenset[str]
    """Its events are about these subjects. Some of them may have nothing to do with it."""
    prefix: str
    """They may also be about subjects that begin like this, if it is not empty."""
    telt: Telt
    concerns: Callable[[str, Register], bool] = lambda _subject, _register: True
    """Given a subject and a register: whether that has anything to do with it."""
    ook: Ook = lambda _key, _write: None
    """What counts in it besides what is in force."""
    law_of: str | None = None
    """The code whose naleving is explained, or NL; None when no naleving is."""
    ever: Mapping[str, frozenset[Register]] = {}
    """Code of a gemeente → what concerns it of a locatie that was ever registered there.

    Every promise of places to one of these gemeenten concerns it too.
    """


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
    parts = {part for code in codes for part in cijfers.indeling.parts(code)}
    return Explained(
        van_naleving(cijfers.naleving, cijfers.maatstaf),
        frozenset(parts) | _CYCLI,
        SubjectKind.LOCATIE.value,
        telt_in_naleving(cijfers, codes),
        lambda _, register: register in _LAW,
        law_of=LANDELIJK,
    )


def of_toezicht(cijfers: Cijfers) -> Explained | None:
    """The toezicht on all gemeenten. Returns None when there is no cyclus as asked for."""
    found = of_naleving(cijfers)
    if found is None:
        return None
    codes = [row.gemeente.code for row in cijfers.naleving]
    return found._replace(
        figuren=van_toezicht(cijfers.toezicht, cijfers.unseen),
        subjects=found.subjects | {LANDELIJK} | PROVINCIES.keys(),
        telt=in_toezicht(_case(cijfers, codes)),
        concerns=lambda _, register: register in _TOEZICHT,
    )


def of_locatie(reader: Reader, cijfers: Cijfers, own_id: str) -> Explained | None:
    """A locatie. Returns None when this audience may not see it, or nothing is known of it."""
    found = cijfers.locatie(own_id)
    if found is None:
        return None
    valid_at, maximum = cijfers.herkomst.geldig_op, found.maximum
    days = reader.breaches(cijfers, [found])
    above = van_overschrijding(maximum, days[own_id]) if maximum and own_id in days else []
    return Explained(
        van_locatie(found, valid_at) + above,
        frozenset([own_id]),
        "",
        in_locatie(cijfers.about(own_id), valid_at),
        ook=in_overschrijding(maximum),
    )


def of_gemeente(reader: Reader, cijfers: Cijfers, code: str) -> Explained | None:
    """A gemeente: its opgave, its places that count, and its people. Returns None when there is none at V."""
    row = next((row for row in cijfers.naleving if row.gemeente.code == code), None)
    if row is None:
        return None
    valid_at, here = cijfers.herkomst.geldig_op, cijfers.by_gemeente.get(code, [])
    bezetting = in_bezetting(cijfers.registers, here, valid_at)
    figuren = van_gemeente(row, cijfers.cyclus, cijfers.unseen) + van_bezetting(
        here, cijfers.in_gemeente(code), valid_at
    )
    telt = either(bezetting=bezetting, naleving=telt_in_naleving(cijfers, [code]))
    return _of_area(reader, cijfers, code, [code], here, Explained(figuren, frozenset(), "", telt), _ALL)


def of_provincie(reader: Reader, cijfers: Cijfers, code: str) -> Explained | None:
    """A provincie: its people and places, its own opgave, and the places that count in its gemeenten.

    Returns None when there is none.
    """
    if code not in PROVINCIES:
        return None
    valid_at, here = cijfers.herkomst.geldig_op, cijfers.of_provincie(code)
    within = [row.gemeente.code for row in cijfers.gemeenten_van(code)]
    bezetting = in_bezetting(cijfers.registers, here, valid_at)
    telt = either(bezetting=bezetting, naleving=in_provincie(_case(cijfers, [code, *within])))
    figuren = van_bezetting(here, cijfers.in_provincie(code), valid_at)
    figuren += van_provincie(cijfers.stand_van(code), cijfers.maatstaf)
    found = Explained(figuren, frozenset(), "", telt)
    return _of_area(reader, cijfers, code, within, here, found, rusten_op(FigureOf.PROVINCIE))


def _of_area(
    reader: Reader,
    cijfers: Cijfers,
    code: str,
    gemeenten: Sequence[str],
    here: Iterable[Locatie],
    found: Explained,
    of_gemeente: frozenset[Register],
) -> Explained:
    """Adds how to find the events of an area: `gemeenten` are those in it, and `here` its locaties.

    `of_gemeente` are the registers of a gemeente that concern it.
    """
    now = cijfers.indeling
    givers = giving(cijfers.registers, now, cijfers.maatstaf, gemeenten, cijfers.herkomst.geldig_op)
    of_givers = {locatie.id for giver in givers for locatie in cijfers.by_gemeente.get(giver, [])}
    parts = {part for one in gemeenten for part in now.parts(one)}
    ever = {part: _PLACES for giver in givers for part in now.parts(giver)} | dict.fromkeys(parts, _ALL)
    own = {locatie.id for locatie in here} | {code}

    def concerns(subject: str, register: Register) -> bool:
        if subject in own or SubjectKind.CYCLUS.holds(subject) or (subject in parts and register in of_gemeente):
            return True
        if register is Register.OVERDRACHT:
            return now.current(subject) in givers
        return subject in of_givers and register in _PLACES

    subjects = frozenset(own | of_givers | ever.keys() | reader.store.named(ever)) | _CYCLI
    return found._replace(subjects=subjects, concerns=concerns, law_of=code, ever=ever)


def telt_in_naleving(cijfers: Cijfers, codes: Sequence[str]) -> Telt:
    """Judges writes for the naleving of these gemeenten."""
    return in_naleving(_case(cijfers, codes))


def _case(cijfers: Cijfers, codes: Sequence[str]) -> Case:
    registers, now, by, valid_at = cijfers.registers, cijfers.indeling, cijfers.maatstaf, cijfers.herkomst.geldig_op
    promised = toezeggingen(registers, now, valid_at, by, cijfers.naleving)
    return Case(registers, cijfers.locaties, now, by, codes, valid_at, promised)


class Uitlegbaar(NamedTuple):
    """What can be explained: it stands at an address that begins with its key in EXPLANATIONS."""

    naam: str
    """What does not exist when nothing is found there."""
    uitgelegd: Callable[[Reader, Cijfers, str], Explained | None]
    van: SubjectKind | None = None
    """What its address names; None where it is of the whole country."""


EXPLANATIONS: Mapping[str, Uitlegbaar] = {
    "bezetting": Uitlegbaar("bezetting", lambda _reader, cijfers, _code: of_country(cijfers)),
    "naleving": Uitlegbaar("cyclus", lambda _reader, cijfers, _code: of_naleving(cijfers)),
    "toezicht": Uitlegbaar("cyclus", lambda _reader, cijfers, _code: of_toezicht(cijfers)),
    "locaties": Uitlegbaar("locatie", of_locatie, SubjectKind.LOCATIE),
    "gemeenten": Uitlegbaar("gemeente", of_gemeente, SubjectKind.GEMEENTE),
    "provincies": Uitlegbaar("provincie", of_provincie, SubjectKind.PROVINCIE),
}
"""The first part of an address → what is explained there. Every other place derives from this."""


def explained_of(subject: str) -> str | None:
    """Returns the key of what explains a subject itself; None where nothing does."""
    return next((kind for kind, one in EXPLANATIONS.items() if one.van is not None and one.van.holds(subject)), None)


def pad_van_uitleg(kind: str, code: str = "") -> str:
    """Returns where an explanation stands: the path of its page, and below `/v1` that of its answer."""
    return f"/{kind}/{code}/verklaring" if code else f"/{kind}/verklaring"
