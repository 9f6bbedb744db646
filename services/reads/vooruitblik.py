"""Looks ahead: known places of the coming months against the opgave, and when they fall short of the people."""

from collections.abc import Callable
from datetime import timedelta

from schemas.fields import Json, format_moment
from schemas.reference import PROVINCIES, Gemeente, gemeenten
from services.core import delen
from services.core.bezetting import Bezetting
from services.core.grootheden import sluiting
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import INZETBAAR, PLAATSEN
from services.core.grootheden.wet import MEETELLEND, OPGAVE, OPGAVE_MINSTENS, TEKORT, TEKORT_HOOGSTENS, TEKORT_MINSTENS
from services.core.history.reeks import at_moment, at_moments, border_after, first_below, lijn, perioden
from services.core.history.sommen import gebied, sommen
from services.core.voorbehoud import voorbehoud
from services.reads import answers
from services.reads.lijnen import gemeente_at, of_naleving
from services.reads.question import NotKnownError, Question
from services.reads.reader import Reader

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
    verloop, at = reader.store.verloop(van, tot, question.bekend_op, positie=question.positie)
    table = gemeenten()
    sums = sommen(verloop, gebied(table, verloop, lies_in), reader.grenzen)
    task = of_naleving(verloop, lies_in, question.gevraagd, provincie)
    borders = perioden(van, tot, "maand")
    ends = [border - INSTANT for border in borders[1:]]
    lines = {name: at_moments(sums.moment, lijn(sluiting(name, FigureOf.GEBIED), sums), ends) for name in _PLACES}
    lines |= {name: at_moments(task.moment, task.lijnen[name][0], ends) for name in _TASK}
    (people,) = at_moments(sums.moment, lijn(delen.aanwezig, sums), [van])
    short = None if people is None else first_below(sums.moment, sums.delen.inzetbaar, people, van)
    (known,) = at_moments(sums.moment, lijn(delen.dekking, sums), [van])
    now = Bezetting(delen.Delen(*(int(part) for part in at_moment(sums.moment, sums.delen, van))), None, None)
    head = answers.head(at.herkomst(*question.point))
    return head | {
        "voorbehoud": answers.reasons(voorbehoud(now)),
        "tot": format_moment(tot),
        "aanwezig": people,
        "dekking": known,
        "tekortVanaf": None if short is None else format_moment(short),
        "maanden": [
            {"begin": format_moment(begin)} | {name: line[n] for name, line in lines.items()}
            for n, begin in enumerate(borders[:-1])
        ],
    }
