"""What differs between two (V, K): what we learned about the first moment, and what changed since."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from schemas.events import Ingetrokken
from schemas.fields import Json
from schemas.reference import PROVINCIES, gemeente_codes
from services.core.grootheden import KLASSENAMEN, alle, vergeleken
from services.core.grootheden.declaratie import FigureOf, Waarde
from services.core.grootheden.wet import NALEVING, ONDER_TOEZICHT, TOEZICHT
from services.core.locaties import Locatie
from services.core.reasons.formules import Klassestand, zin_van_klasse
from services.core.reasons.verschil import (
    Cel,
    Oorzaken,
    Peilpunt,
    Verandering,
    veranderd,
    verschillen,
)
from services.core.registers import LANDELIJK
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.question import NotKnownError, Question
from services.reads.reader import Reader

_CLASSES: Mapping[str, str] = {naam: klasse for klasse, naam in KLASSENAMEN.items()} | {ONDER_TOEZICHT.naam: ""}
"""Number of gemeenten → the class that it counts; none for those under supervision."""
_SUMS, _OF_PROVINCIE, _OF_LOCATIE = map(vergeleken, (FigureOf.GEBIED, FigureOf.PROVINCIE, FigureOf.LOCATIE))
_OF_GEMEENTE = vergeleken(FigureOf.GEMEENTE)


def verschil(reader: Reader, van: Question, naar: Question, onderwerp: str | None) -> tuple[Sequence[Cijfers], Json]:
    """Returns the answer, and the figures at the three points that it compares. `onderwerp`: the only one.

    The point between has the V of the first and the K of the second. Raises NotKnownError for an unknown onderwerp.
    """
    cijfers = reader.several([van, naar.at_point(van.geldig_op, naar.bekend_op), naar])
    if onderwerp is not None and onderwerp not in subjects_of(cijfers):
        raise NotKnownError("onderwerp", onderwerp, naar)
    return cijfers, told(reader, cijfers, lambda row: onderwerp in (None, row.onderwerp))


def told(reader: Reader, cijfers: Sequence[Cijfers], wanted: Callable[[Verandering], bool]) -> Json:
    """Returns the answer, from the figures at the three points."""
    names = names_of(cijfers)

    def said(row: Verandering, named: list[str]) -> Json:
        return {
            "grootheid": row.grootheid,
            "onderwerp": row.onderwerp,
            "onderwerpNaam": names.get(row.onderwerp),
            "van": row.van,
            "tussen": row.tussen,
            "naar": row.naar,
            "inzicht": row.inzicht,
            "wereld": row.wereld,
            "gebeurtenissen": named,
            "zin": _sentence(row, cijfers, names),
        }

    van, _, naar = (answers.head(one.herkomst) for one in cijfers)
    return {
        "van": {name: van[name] for name in ("geldigOp", "bekendOp")},
        "naar": {name: naar[name] for name in ("geldigOp", "bekendOp")},
        **{name: naar[name] for name in ("positie", "simulatie") if name in naar},
        "verschillen": [said(*pair) for pair in rows_of(cijfers, _causes(reader, cijfers), wanted)],
    }


def rows_of(
    cijfers: Sequence[Cijfers], oorzaken: Oorzaken, wanted: Callable[[Verandering], bool] = lambda _: True
) -> list[tuple[Verandering, list[str]]]:
    """Gives each difference with the ids of the events that made it."""
    rows = verschillen(*(figures(one) for one in cijfers))
    of_class = {key: [row for row in rows if _in_class(row, key)] for key in _CLASSES}

    def named(row: Verandering) -> list[str]:
        return oorzaken.of_all(of_class[row.grootheid]) if row.grootheid in of_class else oorzaken.of(row)

    return [(row, named(row)) for row in rows if wanted(row)]


def figures(cijfers: Cijfers) -> dict[Cel, Waarde]:
    """Returns every figure at one point, as the answer at its own address gives it."""
    said: dict[str, Mapping[str, Any]] = {
        LANDELIJK: _only(vergeleken(FigureOf.GEBIED, overal=False), answers.sums(cijfers.landelijk))
        | answers.totals(cijfers.naleving)
        | _only(vergeleken(FigureOf.LAND), alle(FigureOf.LAND, cijfers.naleving))
    }
    for code in PROVINCIES:
        said[code] = _only((*_SUMS, *_OF_PROVINCIE), answers.provincie_row(cijfers, code))
    for row in cijfers.naleving:
        code = row.gemeente.code
        sums = answers.sums(cijfers.in_gemeente(code))
        said[code] = _only((*_OF_GEMEENTE, *_SUMS), answers.gemeente_row(row) | sums)
    for locatie in cijfers.shown:
        said[locatie.id] = _only(_OF_LOCATIE, answers.locatie_row(cijfers, locatie, None))
    return {(subject, name): value for subject, values in said.items() for name, value in values.items()}


def _only(names: Iterable[str], said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in names}


def _in_class(row: Verandering, key: str) -> bool:
    """Whether this row changes the number of gemeenten in a class."""
    said = (row.van, row.tussen, row.naar)
    if key == ONDER_TOEZICHT.naam:
        return row.grootheid == TOEZICHT.naam and len({value is None for value in said}) > 1
    return row.grootheid == NALEVING.naam and len({value == _CLASSES[key] for value in said}) > 1


def _causes(reader: Reader, cijfers: Sequence[Cijfers]) -> Oorzaken:
    punten = [point_of(one) for one in cijfers]
    herkomst = cijfers[-1].herkomst
    # From the second point to the third only V differs, so nothing is retracted between them.
    vanished = {oorzaak.event_id for oorzaak in veranderd(punten[0], punten[1]).values() if oorzaak.vanished}
    retractions = reader.store.retractions_of(vanished, herkomst.bekend_op, herkomst.positie)
    sources = {one.event.id: one.event.source for one in reader.store.by_id(vanished, herkomst.positie)}
    by = {
        event.data.gebeurtenisId: event.id
        for event in (one.event for one in reversed(retractions))
        if isinstance(event, Ingetrokken) and event.source == sources[event.data.gebeurtenisId]
    }
    return Oorzaken(punten, by, cijfers[0].hidden)


def point_of(cijfers: Cijfers) -> Peilpunt:
    """Returns the state at one point, for finding causes."""

    def places_of(locatie: Locatie) -> Iterable[str]:
        gemeente = cijfers.gemeente_of(locatie)
        return (LANDELIJK,) if gemeente is None else (LANDELIJK, gemeente.code, gemeente.provincie)

    herkomst = cijfers.herkomst
    return Peilpunt(herkomst.geldig_op, cijfers.registers, cijfers.locaties, places_of, cijfers.indeling.current)


def names_of(cijfers: Sequence[Cijfers]) -> dict[str, str]:
    """Returns the name of every subject at the last point that knows it."""
    names: dict[str, str] = {LANDELIJK: "Nederland"} | dict(PROVINCIES)
    for one in cijfers:
        names |= {row.gemeente.code: row.gemeente.naam for row in one.naleving}
        names |= {locatie.id: locatie.naam for locatie in one.shown if locatie.naam is not None}
    return names


def subjects_of(cijfers: Sequence[Cijfers]) -> set[str]:
    """Everything that may have figures at any of these points."""
    return {LANDELIJK, *PROVINCIES} | gemeente_codes() | {locatie.id for one in cijfers for locatie in one.shown}


def _sentence(row: Verandering, cijfers: Sequence[Cijfers], names: Mapping[str, str]) -> str | None:
    if row.grootheid != NALEVING.naam or row.van == row.naar:
        return None
    return zin_van_klasse(names[row.onderwerp], *(_stand(one, row.onderwerp) for one in cijfers))


def _stand(cijfers: Cijfers, code: str) -> Klassestand:
    at = cijfers.herkomst.geldig_op, cijfers.herkomst.bekend_op
    row = next((row for row in cijfers.naleving if row.gemeente.code == code), None)
    if row is None:
        return Klassestand(*at, None, None, None)
    return Klassestand(*at, row.naleving, row.opgave.opgave if row.opgave else None, row.meetellend)
