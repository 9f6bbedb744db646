"""What differs between two (V, K), each by a rule: what we learned, what changed, and what is counted otherwise."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from schemas.events import Event, Ingetrokken, type_name
from schemas.fields import Json
from schemas.reference import PROVINCIES, gemeente_codes
from services.core.bezetting import Overschrijding
from services.core.grootheden import KLASSENAMEN, alle, vergeleken
from services.core.grootheden.declaratie import FigureOf, Waarde
from services.core.grootheden.wet import NALEVING
from services.core.locaties import Locatie
from services.core.naleving import wetstand
from services.core.reasons.formules import Klassestand, zin_van_klasse
from services.core.reasons.oorzaken import Intrekking, Oorzaken, Peilpunt, intrekkingen
from services.core.reasons.verschil import Cel, Verandering, verschillen
from services.core.registers import LANDELIJK, Key, Register, Registers
from services.core.telregel import Gevraagd, namen_van_regels
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.question import NotKnownError, Question
from services.reads.reader import Reader

_CLASSES: Mapping[str, str] = {naam: klasse for klasse, naam in KLASSENAMEN.items()}
"""Number of gemeenten → the class that it counts."""
_SUMS, _OF_PROVINCIE, _OF_LOCATIE = map(vergeleken, (FigureOf.GEBIED, FigureOf.PROVINCIE, FigureOf.LOCATIE))
_DAYS = vergeleken(FigureOf.OVERSCHRIJDING)
_ABOVE = f"{FigureOf.OVERSCHRIJDING.value}."
"""How the names of the days above a maximum begin."""
_PAGE, _LAST = 1_000, str(UUID(int=2**128 - 1))
_ALL = 10_000_000
"""More events than there are about one locatie."""
Boven = Mapping[str, Overschrijding]
"""The days above its maximum of each locatie that has one in force."""
NIETS_BOVEN: Boven = {}


def verschil(reader: Reader, van: Question, naar: Question, onderwerp: str | None) -> tuple[Sequence[Cijfers], Json]:
    """The answer, and the figures at the four points that it compares. `onderwerp`: the only one.

    The second point has the V of the first and the K of the last; the third is the last by the rule of the first.
    Raises NotKnownError for an unknown onderwerp, or for a rule that nobody set.
    """
    cijfers = points_of(reader, van, naar)
    if onderwerp is not None and onderwerp not in subjects_of(cijfers):
        raise NotKnownError("onderwerp", onderwerp, naar)
    return cijfers, told(reader, naar, cijfers, lambda row: onderwerp in (None, row.onderwerp))


def points_of(reader: Reader, van: Question, naar: Question) -> Sequence[Cijfers]:
    """The figures at the four points. The rules are those that are known at the last point.

    Raises NotKnownError for a rule that nobody set.
    """
    plain = [van, naar.at_point(van.geldig_op, naar.bekend_op), naar]
    three = reader.several([question.counted_by(None) for question in plain])
    for rule, judged in ((van.telregel, three[1:]), (naar.telregel, three[2:])):
        _known(rule, judged, naar)
    return counted_by(three, van.gevraagd, naar.gevraagd)


def counted_by(three: Sequence[Cijfers], van: Gevraagd, naar: Gevraagd) -> Sequence[Cijfers]:
    """The figures at the four points, from those at the three (V, K) by the rule that each cyclus names itself."""
    first, between, last = three
    if van.telregel is not None:
        by = {key: winner for key, winner in between.registers.items() if _is_rule(key, van.telregel)}
        others = {key: winner for key, winner in first.registers.items() if not _is_rule(key, van.telregel)}
        first, between, old = (
            first.met(others | by, van),
            between.met(between.registers, van),
            last.met(last.registers, van),
        )
    else:
        old = last
    return first, between, old, old if van.telregel == naar.telregel else last.met(last.registers, naar)


def _known(rule: str | None, judged: Iterable[Cijfers], naar: Question) -> None:
    for one in judged:
        if rule is not None and rule not in (known := namen_van_regels(one.wet, one.cyclus)):
            asked = naar.at_point(one.herkomst.geldig_op, one.herkomst.bekend_op)
            raise NotKnownError("telregel", rule, asked, known=known)


def _is_rule(key: Key, naam: str) -> bool:
    return Register.of(key) is Register.TELREGEL and Register.TELREGEL.parts(key[1]) == (naam,)


def told(reader: Reader, naar: Question, cijfers: Sequence[Cijfers], wanted: Callable[[Verandering], bool]) -> Json:
    """The answer, from the figures at the four points."""
    names = names_of(cijfers)

    def said(row: Verandering, named: list[str]) -> Json:
        return {
            "grootheid": row.grootheid,
            "onderwerp": row.onderwerp,
            "onderwerpNaam": names.get(row.onderwerp),
            "van": row.van,
            "tussen": row.tussen,
            "tussenRegel": row.tussen_regel,
            "naar": row.naar,
            "inzicht": row.inzicht,
            "wereld": row.wereld,
            "regel": row.regel,
            "gebeurtenissen": named,
            "zin": sentence(row, cijfers, names),
        }

    first, last = cijfers[0], cijfers[-1]
    oorzaken = Oorzaken([point_of(one) for one in cijfers], retracted(reader, naar, first, last))
    boven = [reader.breaches(one, one.locaties) for one in cijfers]
    found = rows_of(cijfers, oorzaken, wanted, boven, lambda own_id: _about(reader, own_id, first, last))
    head = answers.head(last.herkomst)
    return {
        "van": _point(first),
        "naar": _point(last),
        "omvat": naar.audience.omvat,
        **{name: head[name] for name in ("positie", "simulatie") if name in head},
        "verschillen": [said(*pair) for pair in found],
    }


def _point(cijfers: Cijfers) -> Json:
    head = answers.head(cijfers.herkomst)
    return {name: head[name] for name in ("geldigOp", "bekendOp")} | answers.judged_by(cijfers)


def rows_of(
    cijfers: Sequence[Cijfers],
    oorzaken: Oorzaken,
    wanted: Callable[[Verandering], bool] = lambda _: True,
    boven: Sequence[Boven] = (NIETS_BOVEN,) * 4,
    about: Callable[[str], Iterable[Event]] = lambda _: (),
) -> list[tuple[Verandering, list[str]]]:
    """Gives each difference with the ids of the events that made it.

    Args:
        cijfers: the figures at the four points.
        oorzaken: the events that made each figure another.
        wanted: which differences.
        boven: the days above a maximum, at each of the points.
        about: gives every event about a locatie, and the retractions of those.
    """
    rows = verschillen(*map(figures, cijfers, boven))
    at_end = {row.gemeente.code: str(row.naleving) for row in cijfers[-1].naleving}

    def with_keys(keys: Collection[Key]) -> Mapping[str, str]:
        return {row.gemeente.code: row.naleving for row in with_only(cijfers, keys).naleving}

    def named(row: Verandering) -> list[str]:
        if row.grootheid.startswith(_ABOVE):
            return oorzaken.of_days_above(row.onderwerp, about(row.onderwerp))
        if row.onderwerp != LANDELIJK:
            return oorzaken.of(row)
        if row.grootheid in _CLASSES:
            klasse = _CLASSES[row.grootheid]
            moved = [one for one in rows if one.grootheid == NALEVING.naam and _moves(one, lambda said: said == klasse)]
            return oorzaken.of_class(moved, at_end, klasse, with_keys)
        return oorzaken.of(row)

    return [(row, named(row)) for row in rows if wanted(row)]


def with_only(cijfers: Sequence[Cijfers], keys: Collection[Key]) -> Cijfers:
    """The figures at the last point, if since the first only these registers had changed."""
    first, last = cijfers[0], cijfers[-1]
    rule = last.gevraagd.telregel
    taken = {key for key in last.registers if key in keys or (rule is not None and _is_rule(key, rule))}
    registers: Registers = {key: winner for key, winner in first.registers.items() if key not in keys} | {
        key: last.registers[key] for key in taken
    }
    return last.met(registers, last.gevraagd)


def own_figures(reader: Reader, cijfers: Sequence[Cijfers], onderwerp: str) -> list[Verandering]:
    """The figures of one subject that differ, without the events that did it."""
    boven = [reader.breaches(one, [own for own in one.locaties if own.id == onderwerp]) for one in cijfers]
    return verschillen(*(figures(one, days, onderwerp) for one, days in zip(cijfers, boven, strict=True)))


def figures(cijfers: Cijfers, boven: Boven = NIETS_BOVEN, onderwerp: str | None = None) -> dict[Cel, Waarde]:
    """Every figure at one point, as the answer of its own address says it. `onderwerp`: only those of this subject."""
    unseen = cijfers.unseen
    of_gemeente = vergeleken(FigureOf.GEMEENTE, unseen=unseen)
    said: dict[str, Mapping[str, Any]] = {}
    if onderwerp in (None, LANDELIJK):
        said[LANDELIJK] = (
            _only(vergeleken(FigureOf.GEBIED, overal=False), answers.sums(cijfers.landelijk))
            | answers.totals(cijfers.naleving)
            | _only(
                vergeleken(FigureOf.LAND, unseen=unseen),
                alle(FigureOf.LAND, wetstand(cijfers.naleving), unseen),
            )
            | _only(vergeleken(FigureOf.TOEZICHT, unseen=unseen), cijfers.van_toezicht)
        )
    for code in PROVINCIES if onderwerp is None else PROVINCIES.keys() & {onderwerp}:
        said[code] = _only((*_SUMS, *_OF_PROVINCIE), answers.provincie_row(cijfers, code))
    for row in cijfers.naleving:
        code = row.gemeente.code
        if onderwerp not in (None, code):
            continue
        sums = answers.sums(cijfers.in_gemeente(code))
        said[code] = _only((*of_gemeente, *_SUMS), answers.gemeente_row(cijfers, row) | sums)
    for locatie in cijfers.locaties:
        if onderwerp not in (None, locatie.id):
            continue
        above = alle(FigureOf.OVERSCHRIJDING, boven[locatie.id]) if locatie.id in boven else {}
        days = {f"{_ABOVE}{name}": value for name, value in above.items() if name in _DAYS}
        said[locatie.id] = _only(_OF_LOCATIE, answers.locatie_row(cijfers, locatie, None)) | days
    return {(subject, name): value for subject, values in said.items() for name, value in values.items()}


def _only(names: Iterable[str], said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in names}


def _moves(row: Verandering, counts: Callable[[Waarde], bool]) -> bool:
    """Whether this gemeente is counted at one of the points and not at another."""
    return len({counts(value) for value in row.waarden}) > 1


def retracted(reader: Reader, naar: Question, first: Cijfers, last: Cijfers) -> list[Intrekking]:
    """The retractions that took effect between the two moments of knowledge, as far as this audience may see them."""
    after, until, positie = first.herkomst.bekend_op, last.herkomst.bekend_op, last.herkomst.positie
    asked = naar.at_point(until, until).counted_at(positie)
    targets: list[str] = []
    seen = (after, _LAST)
    while True:
        page, _ = reader.log(asked, type=type_name(Ingetrokken), na=seen, aantal=_PAGE)
        targets += [entry.data["gebeurtenisId"] for entry in page]
        if len(page) < _PAGE:
            break
        seen = (page[-1].time, page[-1].id)
    if not targets:
        return []
    found = reader.store.by_id(targets, positie) + reader.store.retractions_of(targets, until, positie)
    return intrekkingen((one.event for one in found), after, until)


def _about(reader: Reader, own_id: str, first: Cijfers, last: Cijfers) -> list[Event]:
    """Every event about a locatie that is known at either moment, and the retractions of those."""
    known_at = max(first.herkomst.bekend_op, last.herkomst.bekend_op)
    logged = reader.store.behind({own_id}, "", known_at, last.herkomst.positie, _ALL)
    return [one.event for one in logged]


def point_of(cijfers: Cijfers) -> Peilpunt:
    """Returns the state at one point, for finding causes."""

    def places_of(locatie: Locatie) -> Iterable[str]:
        gemeente = cijfers.gemeente_of(locatie)
        return (LANDELIJK,) if gemeente is None else (LANDELIJK, gemeente.code, gemeente.provincie)

    at = cijfers.herkomst
    return Peilpunt(
        at.geldig_op,
        at.bekend_op,
        cijfers.registers,
        cijfers.locaties,
        places_of,
        cijfers.indeling,
        cijfers.maatstaf,
        cijfers.grenzen,
    )


def names_of(cijfers: Sequence[Cijfers]) -> dict[str, str]:
    """Returns the name of every subject at the last point that knows it."""
    names: dict[str, str] = {LANDELIJK: "Nederland"} | dict(PROVINCIES)
    for one in _distinct(cijfers):
        names |= {row.gemeente.code: row.gemeente.naam for row in one.naleving}
        names |= {locatie.id: locatie.naam for locatie in one.locaties if locatie.naam is not None}
    return names


def subjects_of(cijfers: Sequence[Cijfers]) -> set[str]:
    """Everything that may have figures at any of these points."""
    ids = {own_id for one in _distinct(cijfers) for own_id in one.ids}
    return {LANDELIJK, *PROVINCIES} | gemeente_codes() | ids


def _distinct(cijfers: Sequence[Cijfers]) -> Iterable[Cijfers]:
    """The figures at the points, each once: two points may be the same."""
    return {id(one): one for one in cijfers}.values()


def sentence(row: Verandering, cijfers: Sequence[Cijfers], names: Mapping[str, str]) -> str | None:
    """Says why a gemeente is in another class; None for another figure, or when it is in the same class again."""
    if row.grootheid != NALEVING.naam or row.van == row.naar:
        return None
    return zin_van_klasse(names[row.onderwerp], *(_stand(one, row.onderwerp) for one in cijfers))


def _stand(cijfers: Cijfers, code: str) -> Klassestand:
    at = cijfers.herkomst.geldig_op, cijfers.herkomst.bekend_op
    regel = cijfers.maatstaf.regel.naam if cijfers.maatstaf.regel else None
    row = next((row for row in cijfers.naleving if row.gemeente.code == code), None)
    if row is None:
        return Klassestand(*at, regel, None, None, None)
    counted, apart = (row.meetellend if row.geteld else None), row.besluit is not None and row.amv_apart
    return Klassestand(
        *at,
        regel,
        row.naleving,
        row.besluit.opgave if row.besluit else None,
        counted,
        row.amv if apart else None,
        row.besluit.waarvan_amv if row.besluit else None,
    )
