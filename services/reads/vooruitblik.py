"""Looks ahead: known places of the coming months against the opgave, and when they fall short of the people."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from schemas.fields import Json, format_known, format_moment
from schemas.reference import PROVINCIES, Gemeente, gemeenten
from services.core import delen
from services.core.bezetting import Bezetting
from services.core.delen import Ints
from services.core.grootheden import KLASSENAMEN, sluiting
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import INZETBAAR, PLAATSEN
from services.core.grootheden.wet import MEETELLEND, OPGAVE, OPGAVE_MINSTENS, TEKORT, TEKORT_HOOGSTENS, TEKORT_MINSTENS
from services.core.history.reeks import at_moment, at_moments, border_after, first_below, lijn, perioden
from services.core.history.sommen import Trap, gebied, sommen
from services.core.history.verloop import Verloop, zonder
from services.core.naleving import KLASSEN
from services.core.voorbehoud import Voorbehoud, van_maand, voorbehoud, zonder_plaatsen
from services.reads import answers
from services.reads.lijnen import Lijnen, gemeente_at, of_naleving
from services.reads.question import NotKnownError, Question
from services.reads.reader import Reader
from services.store.position import Position

INSTANT = timedelta(microseconds=1)
_PLACES = (PLAATSEN.naam, INZETBAAR.naam)
_TASK = tuple(one.naam for one in (MEETELLEND, OPGAVE, OPGAVE_MINSTENS, TEKORT, TEKORT_MINSTENS, TEKORT_HOOGSTENS))


def landelijk(reader: Reader, question: Question, maanden: int) -> Json:
    """Returns the coming months of the whole country."""
    return ahead(reader, question, maanden, lambda _: True)


def provincie(reader: Reader, question: Question, maanden: int, code: str) -> Json:
    """Returns the coming months of a provincie. Raises NotKnownError."""
    if code not in PROVINCIES:
        raise NotKnownError("provincie", code, question)
    return ahead(reader, question, maanden, lambda here: here.provincie == code, code)


def gemeente(reader: Reader, question: Question, maanden: int, code: str) -> Json:
    """Returns the coming months of a gemeente. Raises NotKnownError."""
    gemeente_at(question.geldig_op, code, question)
    return ahead(reader, question, maanden, lambda here: here.code == code)


def ahead(
    reader: Reader,
    question: Question,
    maanden: int,
    lies_in: Callable[[Gemeente], bool],
    provincie: str | None = None,
) -> Json:
    """Returns the figures at the last instant of this month, and of each of `maanden` whole months after it."""
    van = question.geldig_op
    tot = border_after(van, "maand")
    for _ in range(maanden):
        tot = border_after(tot, "maand")

    def read(hidden: frozenset[str]) -> tuple[Verloop, Verloop, Position]:
        found, at = reader.store.verloop(van, tot, question.bekend_op, positie=question.positie)
        return found, zonder(found, hidden), at

    verloop, seen, at = reader.unhidden(question.audience, read)
    sums = sommen(seen, gebied(gemeenten(), seen, lies_in), reader.grenzen)
    task = of_naleving(verloop, lies_in, question.gevraagd, provincie)
    borders = perioden(van, tot, "maand")
    ends = [border - INSTANT for border in borders[1:]]
    lines = {name: at_moments(sums.moment, lijn(sluiting(name, FigureOf.GEBIED), sums), ends) for name in _PLACES}
    lines |= {name: at_moments(task.moment, task.lijnen[name][0], ends) for name in _TASK}
    (people,) = at_moments(sums.moment, lijn(delen.aanwezig, sums), [van])
    (known,) = at_moments(sums.moment, lijn(delen.dekking, sums), [van])
    now = Bezetting(delen.Delen(*(int(part) for part in at_moment(sums.moment, sums.delen, van))), None, None)
    short = _short(sums, people, van)
    head = answers.head(at.herkomst(*question.point))
    return head | {
        "omvat": question.audience.omvat,
        "voorbehoud": answers.reasons([*voorbehoud(now), *short.waarom]),
        "tot": format_moment(tot),
        "aanwezig": people,
        "dekking": known,
        "tekortVanaf": format_known(short.vanaf),
        "tekortUiterlijkVanaf": format_known(short.uiterlijk),
        "maanden": [
            {"begin": format_moment(begin)} | {name: line[n] for name, line in lines.items()} | why
            for n, (begin, why) in enumerate(zip(borders[:-1], _reasons(task, ends), strict=True))
        ],
    }


class _Tekort(NamedTuple):
    """From when on there are fewer usable places than people."""

    vanaf: datetime | None
    """None: never, or it can't be said."""
    uiterlijk: datetime | None
    """Where it can't be said: by then there are certainly too few. None: that is not known either."""
    waarom: list[Voorbehoud]


def _short(sums: Trap[delen.Delen[Ints]], people: float | None, van: datetime) -> _Tekort:
    """Holds the known places against the people of now. An open locatie without known places may have any number."""
    if people is None:
        return _Tekort(None, None, [])
    parts = sums.delen
    first = first_below(sums.moment, parts.inzetbaar, people, van)
    every = np.where(parts.geplaatst == parts.locaties, parts.inzetbaar, int(people))
    certain = first_below(sums.moment, every, people, van)
    if first is None or first == certain:
        return _Tekort(first, None, [])
    there = at_moment(sums.moment, parts, first)
    return _Tekort(None, certain, [zonder_plaatsen(int(there.locaties - there.geplaatst), first)])


def _reasons(task: Lijnen, ends: Sequence[datetime]) -> Iterator[Json]:
    """Why figures of the law can't be stated at each of these moments."""
    lines = {
        klasse: at_moments(task.moment, task.lijnen[naam][0], ends)
        for klasse, naam in (*KLASSENAMEN.items(), (TEKORT.naam, TEKORT.naam))
    }
    for n in range(len(ends)):
        counts = {klasse: int(lines[klasse][n] or 0) for klasse in KLASSEN}
        yield {"voorbehoud": answers.reasons(van_maand(counts, lines[TEKORT.naam][n] is not None))}
