"""The report of one gemeente for a letter: its figures as a paragraph, and the events that they rest on.

A letter goes to others. So it never names a locatie that is afgeschermd, whoever makes it: the places of those stand in
one row, as they do for everybody.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from schemas.fields import Json, format_moment
from schemas.reference import Gemeente, gemeenten
from services.core.gemeenten import indeling
from services.core.reasons.gemeentebrief import alinea, feiten, kern
from services.core.reasons.verklaring import Logregel
from services.core.reasons.zin import zin_van, zonder_melding
from services.core.voorbehoud import van_gemeente
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.controle import Uitgegeven
from services.reads.question import Audience, NotKnownError, Question
from services.reads.rapporten import head
from services.reads.reader import Reader
from services.reads.uitlegbaar import of_gemeente, telt_in_naleving
from services.reads.verklaring import afgeschermd, in_force

Over = Callable[[Iterable[Gemeente]], Collection[str]]


def nobody(_: Iterable[Gemeente]) -> Collection[str]:
    """Is for a letter as everybody may see it: no step of any gemeente."""
    return ()


class Brief(NamedTuple):
    """A report of one gemeente."""

    question: Question
    """What it answers: what was asked, for who may not meet what is afgeschermd."""
    said: Json
    uitgegeven: Uitgegeven
    """What its code says."""
    cijfers: Cijfers


def brief(reader: Reader, question: Question, code: str, over: Over) -> Brief:
    """Makes the report. Raises NotKnownError for a gemeente that is not there at V.

    `over`: given the gemeenten at V, the codes of those whose toezicht whoever asks may see.
    """
    sees = code in over(indeling(gemeenten(), question.geldig_op).geldig)
    question = replace(question, audience=Audience.TOEZICHT if sees else Audience.LEZER)
    cijfers = reader.figures(question)
    row = next((row for row in cijfers.naleving if row.gemeente.code == code), None)
    if row is None:
        raise NotKnownError("gemeente", code, question, successor=cijfers.indeling.current(code))
    found, herkomst = feiten(row, cijfers.wet, cijfers.indeling), cijfers.herkomst
    text = alinea(
        found,
        row.gemeente.naam,
        *question.point,
        over_toezicht=question.audience.sees_toezicht,
        simulatie=herkomst.simulatie,
    )
    said = head("gemeente", cijfers, question) | answers.judged_by(cijfers)
    said |= {"gemeente": code, "gemeenteNaam": row.gemeente.naam, "voorbehoud": answers.reasons(van_gemeente(row))}
    said |= {"alinea": text, "gebeurtenissen": _events(reader, cijfers, code)}
    return Brief(question, said, Uitgegeven.of(question, code, kern(found)), cijfers)


def _events(reader: Reader, cijfers: Cijfers, code: str) -> list[Json]:
    """Tells the events that count in the naleving of a gemeente, and last the places that are told without one."""
    naam = cache(cijfers.naam_van)
    told: list[Json] = [
        {
            "id": one.id,
            "source": one.source,
            "time": format_moment(one.time),
            "onderwerp": one.subject,
            "zin": zin_van(one, naam).tekst,
        }
        for one in sorted(_counted(reader, cijfers, code), key=lambda one: (one.time, one.id))
    ]
    own, amv = afgeschermd(cijfers, code)
    places = zonder_melding({"plaatsen": own, "waarvanAmv": amv})
    sentence = f"{naam(code)}: {places}, van locaties die afgeschermd zijn en hier niet apart staan"
    return [*told, {"id": None, "source": None, "time": None, "onderwerp": code, "zin": sentence}]


def _counted(reader: Reader, cijfers: Cijfers, code: str) -> list[Logregel]:
    found, telt = of_gemeente(reader, cijfers, code), telt_in_naleving(cijfers, [code])
    if found is None:
        return []

    def read(hidden: frozenset[str]) -> list[Logregel]:
        counts = (winner for key, winner in in_force(cijfers, found, hidden) if telt(key, winner)[0] == "telt")
        return reader.store.written_by({winner.event_id for winner in counts}, cijfers.herkomst.positie)

    return reader.unhidden(cijfers.audience, read)
