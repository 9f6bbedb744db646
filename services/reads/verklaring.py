"""Why a figure is what it is: its formula with the numbers filled in, and every event behind it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from schemas.fields import Json, format_moment
from schemas.reference import gemeente_van
from services.core.reasons.verklaring import (
    Logregel,
    Registerregel,
    regels,
)
from services.core.reasons.zin import gewone_taal, zin_en_waarom, zonder_melding
from services.core.registers import LANDELIJK, Key, Register, SubjectKind, Winner
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.question import Audience, NotKnownError, Question
from services.reads.reader import Reader
from services.reads.uitlegbaar import EXPLANATIONS, Explained

EVENTS_MAX = 20_000
"""With more events than this, only those in force are told. The explanation of each locatie tells the rest."""


AFGESCHERMD = "plaatsen van locaties die afgeschermd zijn: die tellen mee in de naleving en staan hier niet apart"


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
    around = {code: {code, gemeente_van(code).provincie, LANDELIJK} for code in places}
    own, amv = (sum(pair[n] for code, pair in places.items() if law_of in around[code]) for n in (0, 1))
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


def _about(found: Explained, subject: str) -> bool:
    return subject in found.subjects or bool(found.prefix and subject.startswith(found.prefix))
