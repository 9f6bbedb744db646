"""Why a figure is what it is: its formula with the numbers filled in, and every event behind it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from schemas.fields import Json, format_moment
from schemas.reference import PROVINCIES
from services.core.grootheden import rusten_op
from services.core.grootheden.declaratie import FigureOf
from services.core.naleving import toezeggingen
from services.core.opgaven import opgave_of
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
    Logregel,
    Ook,
    Registerregel,
    Telt,
    either,
    in_bezetting,
    in_locatie,
    in_overschrijding,
    regels,
)
from services.core.reasons.wet import giving, in_naleving, in_provincie, in_toezicht
from services.core.reasons.zin import gewone_taal, zin_en_waarom, zonder_melding
from services.core.registers import LANDELIJK, Key, Register, SubjectKind, Winner
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.question import Audience, NotKnownError, Question
from services.reads.reader import Reader

EVENTS_MAX = 20_000
"""With more events than this, only those in force are told. The explanation of each locatie tells the rest."""


_CYCLI = frozenset(f"{SubjectKind.CYCLUS.value}{number:02}" for number in range(100))
"""Every id that a cyclus can have."""
_ALL = frozenset(Register)
_LAW = rusten_op(FigureOf.GEMEENTE)
"""What the naleving of a gemeente rests on."""
_TOEZICHT = rusten_op(FigureOf.TOEZICHT)
"""What the figures of the toezicht rest on."""
_PLACES = frozenset(one for one in _LAW if SubjectKind.LOCATIE in one.declared.subjects)
"""What of that is about locaties."""
AFGESCHERMD = "plaatsen van locaties die afgeschermd zijn: die tellen mee in de naleving en staan hier niet apart"


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
        _naleving(cijfers, codes),
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
        telt=in_toezicht(*_judged(cijfers, codes)),
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
    valid_at, here, now = cijfers.herkomst.geldig_op, cijfers.by_gemeente.get(code, []), cijfers.indeling
    givers = giving(cijfers.registers, now, cijfers.maatstaf, [code], valid_at)
    of_givers = {locatie.id for giver in givers for locatie in cijfers.by_gemeente.get(giver, [])}
    ever = {part: _PLACES for giver in givers for part in now.parts(giver)} | dict.fromkeys(now.parts(code), _ALL)
    own = {locatie.id for locatie in here} | set(now.parts(code))

    def concerns(subject: str, register: Register) -> bool:
        if subject in own or SubjectKind.CYCLUS.holds(subject):
            return True
        if register is Register.OVERDRACHT:
            return now.current(subject) in givers
        return subject in of_givers and register in _PLACES

    bezetting = in_bezetting(cijfers.registers, here, valid_at)
    figuren = van_gemeente(row, cijfers.cyclus, cijfers.unseen) + van_bezetting(
        here, cijfers.in_gemeente(code), valid_at
    )
    return Explained(
        figuren,
        frozenset(own | of_givers | ever.keys() | reader.store.named(ever)) | _CYCLI,
        "",
        either(bezetting=bezetting, naleving=_naleving(cijfers, [code])),
        concerns,
        law_of=code,
        ever=ever,
    )


def of_provincie(reader: Reader, cijfers: Cijfers, code: str) -> Explained | None:
    """A provincie: its people and places, and its own opgave. Returns None when there is none."""
    if code not in PROVINCIES:
        return None
    valid_at, here, (cyclus, _) = cijfers.herkomst.geldig_op, cijfers.of_provincie(code), cijfers.maatstaf
    opgave = opgave_of(cijfers.registers, code, cyclus.id) if cyclus else None
    within = [row.gemeente.code for row in cijfers.naleving if row.gemeente.provincie == code]
    ever = {part: _ALL for one in within for part in cijfers.indeling.parts(one)}
    own = {locatie.id for locatie in here} | {code}
    telt = either(
        bezetting=in_bezetting(cijfers.registers, here, valid_at),
        opgave=in_provincie(cijfers.registers, cijfers.indeling, cijfers.maatstaf, code, valid_at),
    )
    return Explained(
        van_bezetting(here, cijfers.in_provincie(code), valid_at) + van_provincie(opgave, cyclus),
        frozenset(own | {one for one in reader.store.named(ever) if SubjectKind.LOCATIE.holds(one)}) | _CYCLI,
        "",
        telt,
        lambda subject, register: subject in own or register is Register.CYCLUS,
        ever=ever,
    )


def verklaring(
    reader: Reader, question: Question, kind: str, code: str = "", *, zinnen: bool = False
) -> tuple[Cijfers, Json]:
    """The explanation of what stands at an address, and the figures that it explains. Raises NotKnownError.

    `kind`: the first part of that address, a key of EXPLANATIONS; `code`: which of that kind. `zinnen`: also in words.
    """
    cijfers, found = explained(reader, question, kind, code)
    return cijfers, explain(reader, question.audience, cijfers, found, zinnen=zinnen)


def explained(reader: Reader, question: Question, kind: str, code: str = "") -> tuple[Cijfers, Explained]:
    """What stands at an address, and how to find its events. Raises NotKnownError. See `verklaring`."""
    if kind == "locaties":
        reader.check_locatie(code, question)
    cijfers = reader.figures(question)
    found = EXPLANATIONS[kind].uitgelegd(reader, cijfers, code)
    if found is None:
        code = code or question.cyclus or ""
        raise NotKnownError(EXPLANATIONS[kind].naam, code, question, successor=cijfers.indeling.current(code))
    return cijfers, found


def explain(reader: Reader, audience: Audience, cijfers: Cijfers, found: Explained, *, zinnen: bool = False) -> Json:
    """The answer, from exactly the events that the figures were counted from. `zinnen`: also in words."""
    herkomst = cijfers.herkomst

    def behind(hidden: frozenset[str]) -> tuple[list[Logregel], bool]:
        logged = written_behind(reader, cijfers, found, hidden, EVENTS_MAX)
        if logged is not None:
            return logged, True
        ids = {winner.event_id for _, winner in in_force(cijfers, found, hidden)}
        return reader.store.written_by(ids, herkomst.positie), False

    logged, whole = reader.unhidden(audience, behind)
    figuren: list[Json] = [
        {"grootheid": one.grootheid, "waarde": one.waarde, "formule": one.formule} for one in found.figuren
    ]
    rows = rows_of(cijfers, found, logged)
    told = [_row(regel) for regel in rows]
    if found.law_of is not None and not audience.sees_shielded:
        told.append(_afgeschermd(cijfers, found.law_of))
    if zinnen:
        for figuur, one in zip(figuren, found.figuren, strict=True):
            figuur["vorm"] = one.vorm
        _say(cijfers, logged, figuren, rows, told)
    omvat = {"omvat": "alles" if found.law_of == LANDELIJK else cijfers.omvat}
    return answers.head(herkomst) | omvat | {"figuren": figuren, "gebeurtenissen": told, "volledig": whole}


def written_behind(
    reader: Reader, cijfers: Cijfers, found: Explained, hidden: frozenset[str], most: int
) -> list[Logregel] | None:
    """The events behind it, with some that may have nothing to do with it; None when there are more than `most`."""
    at = cijfers.herkomst
    return reader.store.written_behind(found.subjects - hidden, found.prefix, at.bekend_op, at.positie, most, hidden)


def in_force(cijfers: Cijfers, found: Explained, hidden: frozenset[str]) -> Iterator[tuple[Key, Winner]]:
    """The writes in force that have to do with it."""
    for key, winner in cijfers.registers.items():
        (subject, stored), register = key, Register.of(key)
        if subject in hidden or not _about(found, subject):
            continue
        if found.concerns(subject, register) or register.gemeente(stored, winner.value) in found.ever:
            yield key, winner


def rows_of(cijfers: Cijfers, found: Explained, logged: Iterable[Logregel]) -> list[Registerregel]:
    """What these events say that has to do with it, and what became of that."""
    at = cijfers.herkomst
    return _concerning(found, regels(logged, at.geldig_op, at.bekend_op, found.telt, found.ook))


def afgeschermd(cijfers: Cijfers, law_of: str) -> tuple[int, int]:
    """The counted places of an area that this audience can't meet, and how many of those are for amv."""
    places = cijfers.afgeschermde_plaatsen
    here = [places.get(law_of, (0, 0))] if law_of != LANDELIJK else [*places.values()]
    own, amv = (sum(pair[n] for pair in here) for n in (0, 1))
    return own, amv


def _afgeschermd(cijfers: Cijfers, law_of: str) -> Json:
    """The counted places that this audience can't meet, so that the explanation leaves nothing out.

    They are told in one row, also when there are none. How much of a promise is covered also rests on such places of
    the gemeente that gives it, so it tells those of each gemeente.
    """
    own, amv = afgeschermd(cijfers, law_of)
    places = cijfers.afgeschermde_plaatsen
    of_each = {code: {"plaatsen": many, "waarvanAmv": for_amv} for code, (many, for_amv) in places.items()}
    return {
        "id": None,
        "source": None,
        "type": None,
        "subject": law_of,
        "time": None,
        "ontvangenOp": None,
        "register": "afgeschermd",
        "waarde": {"plaatsen": own, "waarvanAmv": amv, "gemeenten": of_each},
        "rol": "telt",
        "reden": AFGESCHERMD,
    }


def _say(
    cijfers: Cijfers,
    logged: Iterable[Logregel],
    figuren: Iterable[Json],
    rows: Sequence[Registerregel],
    told: Sequence[Json],
) -> None:
    """Adds to each row of an answer what it says for people, and puts names for the codes in the formulas."""
    naam = cache(cijfers.naam_van)
    events = {one.id: one for one in logged}
    for figuur in figuren:
        figuur["formule"] = gewone_taal(figuur["formule"], naam)
    for row, said in zip(rows, told, strict=False):  # The last row may be one without an event.
        door = None if row.door is None else events.get(row.door)
        zin, why = zin_en_waarom(row.gelogd, row.rol, row.reden, naam, door, row.register or "")
        said |= {"zin": zin.tekst, "waarom": why}
    for said in told[len(rows) :]:
        about = f"{naam(said['subject'])}: {zonder_melding(said['waarde'])}"
        said |= {"zin": f"{about}, zonder melding", "waarom": said["reden"]}


def _concerning(found: Explained, rows: Sequence[Registerregel]) -> list[Registerregel]:
    """The rows that have to do with it, and the retractions of those."""
    once: dict[str, frozenset[Register]] = {}
    naming = set()
    for row in rows:
        subject, register = row.gelogd.subject, row.register
        named = None if register is None else Register.of_name(register).gemeente(register, row.waarde)
        if named is not None and named in found.ever:
            naming.add(id(row))
            if SubjectKind.LOCATIE.holds(subject):
                once[subject] = once.get(subject, frozenset()) | found.ever[named]

    def concerns(row: Registerregel) -> bool:
        if row.register is None:
            return False
        subject, register = row.gelogd.subject, Register.of_name(row.register)
        return found.concerns(subject, register) or id(row) in naming or register in once.get(subject, ())

    told = {row.gelogd.id for row in rows if concerns(row)}
    known = {row.gelogd.id for row in rows}

    def retracts(row: Registerregel) -> bool:
        """Whether it retracts one of those, or something that is still to come about its own subject."""
        target, subject = row.waarde, row.gelogd.subject
        if row.register is not None or target in told:
            return row.register is None
        own = (one for one in Register if any(kind.holds(subject) for kind in one.declared.subjects))
        return target not in known and all(found.concerns(subject, one) for one in own)

    return [row for row in rows if concerns(row) or retracts(row)]


def _row(regel: Registerregel) -> Json:
    event = regel.gelogd
    return {
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": format_moment(event.time),
        "ontvangenOp": format_moment(event.ontvangen_op),
        "register": regel.register,
        "waarde": regel.waarde,
        "rol": regel.rol,
        "reden": regel.reden,
    }


def _naleving(cijfers: Cijfers, codes: Sequence[str]) -> Telt:
    return in_naleving(*_judged(cijfers, codes))


def _judged(cijfers: Cijfers, codes: Sequence[str]) -> tuple[Any, ...]:
    """By what writes about these gemeenten are judged: the arguments of `in_naleving`."""
    registers, now, by, valid_at = cijfers.registers, cijfers.indeling, cijfers.maatstaf, cijfers.herkomst.geldig_op
    promised = toezeggingen(registers, now, valid_at, by, cijfers.naleving)
    return registers, cijfers.locaties, now, by, codes, valid_at, promised


def _about(found: Explained, subject: str) -> bool:
    return subject in found.subjects or bool(found.prefix and subject.startswith(found.prefix))


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
