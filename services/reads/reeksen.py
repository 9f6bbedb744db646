"""Series: a figure of every hour, day, week or month, also beyond now from what is announced."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import NamedTuple, Self

from schemas.fields import Json, format_moment
from schemas.moments import start_of_day
from schemas.reference import PROVINCIES, Gemeente
from services.core.dutch import dutch_day, dutch_moment
from services.core.fold import history
from services.core.grootheden import in_reeks
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import BEZETTINGSGRAAD
from services.core.grootheden.wet import PLAATSEN_PER_1000
from services.core.history.reeks import PUNTEN_MAX, Reekspunt, Tijdstap, TooManyError, border_after, perioden
from services.core.registers import LANDELIJK, Register
from services.core.telregel import NIETS_GEVRAAGD
from services.reads import answers
from services.reads.cijfers import Cijfers, Totaalcijfers, ooit_verteld
from services.reads.kept import Period
from services.reads.lijnen import (
    Compute,
    gemeente_at,
    of_area,
    of_locatie,
    of_naleving,
    of_toezicht,
    points_known_at,
    verlopen,
)
from services.reads.memory import revision
from services.reads.question import NotKnownError, Question, QuestionError, UnseenError
from services.reads.reader import Reader
from services.store.position import Position

INSTANT = timedelta(microseconds=1)
_BACK: dict[Tijdstap, timedelta] = {
    "uur": timedelta(days=2),
    "dag": timedelta(days=31),
    "week": timedelta(weeks=26),
    "maand": timedelta(days=731),
}
"""How far a series goes back when no beginning is asked for."""
_FIRST_EVENTS = 1_000
"""Of a locatie whose first thousand events were all retracted, nothing is said to be known."""
_OF_LAW = (FigureOf.GEMEENTE, FigureOf.TOTALEN, FigureOf.LAND, FigureOf.TOEZICHT)
_LAW = frozenset(name for soort in _OF_LAW for name in in_reeks(soort))
"""The figures of the law, which counts every locatie."""
_STEP_DAYS: dict[Tijdstap, float] = {"uur": 1 / 24, "dag": 1, "week": 7, "maand": 30}


@dataclass(frozen=True, slots=True)
class Tijdreeks:
    """A series that is asked for: which figure, from when until when, in which steps."""

    question: Question
    grootheid: str
    stap: Tijdstap
    van: datetime
    tot: datetime
    borders: list[datetime]
    """Where its periods begin, and where the last one ends."""

    @classmethod
    def asked(
        cls,
        question: Question,
        grootheid: str,
        stap: Tijdstap,
        van: datetime | None = None,
        tot: datetime | None = None,
    ) -> Self:
        """Without `tot` it runs until V, and without `van` it is as long as its steps are usually looked at.

        Raises QuestionError when it would be empty, or too long.
        """
        tot = tot or question.geldig_op
        van = van or border_after(tot - _BACK[stap] - INSTANT, stap)
        return cls(question, grootheid, stap, van, tot, _borders(van, tot, stap))

    @property
    def of_now(self) -> bool:
        """Whether the series consists of whole periods up to now, with the knowledge of now. Only such series are kept.

        Series by the hour are not: they would be too many, and a few hours are soon computed.
        """
        now = self.question.now
        begins = border_after(self.van - INSTANT, self.stap) == self.van
        ends = self.tot == now or (self.tot < now and border_after(self.tot - INSTANT, self.stap) == self.tot)
        return self.question.follows_new_events and self.stap != "uur" and begins and ends

    @property
    def periods(self) -> list[Period]:
        """Each whole period that it touches."""
        begins = self.borders[:-1]
        return list(zip(begins, [*begins[1:], border_after(begins[-1], self.stap)], strict=True))

    def at(self, now: datetime) -> Self:
        """Returns the same series, asked at another moment."""
        tot = now if self.tot == self.question.now else self.tot
        return replace(self, question=self.question.moved_to(now), tot=tot)

    def answer(self, found: list[Reekspunt], at: Position) -> tuple[Question, Json]:
        """Returns the answer, and the question that it answers."""
        about = {
            "omvat": "alles" if self.grootheid in _LAW else self.question.audience.omvat,
            "grootheid": self.grootheid,
            "stap": self.stap,
            "van": format_moment(self.van),
            "tot": format_moment(self.tot),
            "punten": [punt._asdict() | {"begin": format_moment(punt.begin)} for punt in found],
        }
        over = answers.OVER_INWONERS if self.grootheid == PLAATSEN_PER_1000.naam else {}
        return self.question, answers.head(at.herkomst(*self.question.point)) | over | about


class Reeksen:
    """The series of everything that has figures.

    Each answer comes with the question that it answers. For now that may be a little later than was asked.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def landelijk(self, reeks: Tijdreeks) -> tuple[Question, Json]:
        """Returns a figure of the whole country."""
        return self._area(reeks, LANDELIJK, lambda _: True)

    def provincie(self, reeks: Tijdreeks, code: str) -> tuple[Question, Json]:
        """Returns a figure of a provincie. Raises NotKnownError."""
        if code not in PROVINCIES:
            raise NotKnownError("provincie", code, reeks.question)
        return self._area(reeks, code, lambda here: here.provincie == code)

    def gemeente(self, reeks: Tijdreeks, code: str) -> tuple[Question, Json]:
        """Returns a figure of a gemeente, not known before it was one. Raises NotKnownError."""
        own = gemeente_at(reeks.tot - INSTANT, code, reeks.question)
        since = start_of_day(own.geldig_vanaf)
        return self._area(reeks, code, lambda here: here.code == code, since)

    def locatie(self, reeks: Tijdreeks, own_id: str) -> tuple[Question, Json]:
        """A figure of a locatie, open or not, not known before anything is said of it.

        Raises NotKnownError when nothing is known of it at any moment, or when this audience may not see it.
        """
        question = reeks.question
        self._reader.check_locatie(own_id, question)
        verloop, at = self._reader.store.verloop(
            reeks.van, reeks.tot, question.bekend_op, locatie=own_id, positie=question.positie
        )
        found = of_locatie(verloop, own_id)
        if found is None and not self._ever(own_id, question.bekend_op, at):
            raise NotKnownError("locatie", own_id, question)
        self._reader.check_locatie(own_id, question)  # It may have been shielded while it was read.
        if found is None:
            nothing = [Reekspunt(begin, None, None, None, None) for begin in reeks.borders[:-1]]
            return reeks.answer(nothing, at)
        return reeks.answer(found.points(reeks.grootheid, reeks.borders), at)

    def _ever(self, own_id: str, known_at: datetime, at: Position) -> bool:
        """Whether anything that is known of a locatie holds at some moment."""
        logged = self._reader.store.behind({own_id}, "", known_at, str(at), _FIRST_EVENTS)
        return bool(history([one.event for one in logged], datetime.max.replace(tzinfo=UTC), known_at))

    def naleving(self, reeks: Tijdreeks) -> tuple[Question, Json]:
        """Returns a number of gemeenten in a class, or a sum over them. Raises NotKnownError for an unknown cyclus."""
        self._check_cyclus(reeks.question)
        compute = Compute(partial(of_naleving, lies_in=lambda _: True, wanted=reeks.question.gevraagd), readings=False)
        return self._lines(reeks, "naleving", reeks.grootheid, compute)

    def toezicht(self, reeks: Tijdreeks) -> tuple[Question, Json]:
        """Returns a figure of the toezicht, at each moment as its audience is told it of that moment.

        Raises NotKnownError for an unknown cyclus, and UnseenError for a figure that its audience is told at none.
        """
        question = reeks.question
        if not ooit_verteld(reeks.grootheid, question.audience, question.gevraagd):
            by = "" if question.gevraagd == NIETS_GEVRAAGD else " volgens een gekozen telregel of cyclus"
            raise UnseenError(f"{reeks.grootheid}{by}")
        self._check_cyclus(question)
        names = (reeks.grootheid,)
        return self._lines(reeks, ("toezicht", names), reeks.grootheid, _van_toezicht(names, question))

    def _check_cyclus(self, question: Question) -> None:
        cyclus = question.cyclus
        if cyclus is not None and Register.CYCLUS.key(cyclus) not in self._reader.totalen(question).wet:
            raise NotKnownError("cyclus", cyclus, question)

    def _area(
        self, reeks: Tijdreeks, code: str, lies_in: Callable[[Gemeente], bool], since: datetime | None = None
    ) -> tuple[Question, Json]:
        """Returns a figure of the locaties in these gemeenten, or of the gemeenten themselves."""
        if reeks.grootheid in in_reeks(FigureOf.GEBIED):
            compute_area = partial(of_area, lies_in=lies_in, since=since, grenzen=self._reader.grenzen)

            def read(hidden: frozenset[str]) -> tuple[Question, Json]:
                compute = Compute(partial(compute_area, hidden=hidden))
                return self._lines(reeks, ("som", code, hidden), reeks.grootheid, compute)

            return self._reader.unhidden(reeks.question.audience, read)
        provincie = code if code in PROVINCIES else None
        of_task = partial(of_naleving, lies_in=lies_in, wanted=reeks.question.gevraagd, provincie=provincie)
        return self._lines(reeks, ("opgave", code), reeks.grootheid, Compute(of_task, readings=False))

    def _lines(self, reeks: Tijdreeks, name: Hashable, grootheid: str, compute: Compute) -> tuple[Question, Json]:
        """Answers about now from what is kept, and computes anything else for this question alone."""
        question = reeks.question
        if reeks.of_now:
            series = self._reader.kept.series((name, reeks.stap, question.cache_key), compute)
            points, known = series.points(grootheid, reeks.periods, question.now)
            return reeks.at(known.known_at).answer(points, known.at)
        found, at = points_known_at(
            self._reader.store, compute, grootheid, reeks.borders, question.bekend_op, question.positie
        )
        return reeks.answer(found, at)


def trend(reader: Reader, question: Question, cijfers: Cijfers, borders: Sequence[datetime]) -> list[float | None]:
    """The bezettingsgraad at the end of each of these days, which are over, with the knowledge of these figures."""
    hidden = reader.hidden_in(cijfers, question.audience)
    found: list[float | None] | None = reader.memory.find(
        ("trend", borders[0]), question, _source(cijfers, borders, hidden)
    )
    if found is not None:
        return found
    return reader.unhidden(
        question.audience, lambda hidden: _trend(reader, question, cijfers, borders, hidden), seen=cijfers
    )


def _trend(
    reader: Reader, question: Question, cijfers: Cijfers, borders: Sequence[datetime], hidden: frozenset[str]
) -> list[float | None]:
    every = Compute(partial(of_area, lies_in=lambda _: True, grenzen=reader.grenzen, hidden=hidden))
    lijn = _Lijn(("som", LANDELIJK, hidden), "dag", BEZETTINGSGRAAD.naam, every)
    return _ends(reader, question, cijfers, ("trend", borders[0]), lijn, borders, _source(cijfers, borders, hidden))


def van_weken(
    reader: Reader, question: Question, cijfers: Totaalcijfers, grootheden: Sequence[str], borders: Sequence[datetime]
) -> list[list[float | None]]:
    """Figures of the toezicht at the end of each of these weeks, which are over, as the audience is told them."""
    names, source = tuple(grootheden), None if cijfers.nu is None else (*borders, revision(cijfers))
    compute = _van_toezicht(names, question)
    if cijfers.nu is None:  # One look at the log gives all of them.
        at = cijfers.herkomst
        (lines,) = (lines for _, lines, _ in verlopen(reader.store, compute, borders, at.bekend_op, at.positie))
        return [[punt.laatste for punt in lines.points(naam, borders)] for naam in names]
    return [
        _ends(
            reader,
            question,
            cijfers,
            ("weken", naam, borders[0]),
            _Lijn(("toezicht", names), "week", naam, compute),
            borders,
            source,
        )
        for naam in names
    ]


def _van_toezicht(grootheden: Sequence[str], question: Question) -> Compute:
    klein = question.audience.sees_toezicht
    return Compute(partial(of_toezicht, grootheden=grootheden, wanted=question.gevraagd, klein=klein), readings=False)


class _Lijn(NamedTuple):
    """A figure through time: the name under which its series is kept, its steps, and how it is made."""

    naam: Hashable
    stap: Tijdstap
    grootheid: str
    compute: Compute


def _ends(
    reader: Reader,
    question: Question,
    cijfers: Totaalcijfers,
    kept_as: Hashable,
    lijn: _Lijn,
    borders: Sequence[datetime],
    source: Hashable,
) -> list[float | None]:
    """A figure at the end of each of these periods, which are over. Of now it is kept as long as `source` is alike."""
    at = cijfers.herkomst
    if cijfers.nu is None:
        points, _ = points_known_at(reader.store, lijn.compute, lijn.grootheid, borders, at.bekend_op, at.positie)
        return [point.laatste for point in points]

    def read() -> list[float | None]:
        series = reader.kept.series((lijn.naam, lijn.stap, question.cache_key), lijn.compute)
        found, _ = series.points(lijn.grootheid, list(pairwise(borders)), at.bekend_op)
        return [point.laatste for point in found]

    return reader.memory.given(kept_as, question, source, read)


def _source(cijfers: Cijfers, borders: Sequence[datetime], hidden: frozenset[str]) -> Hashable:
    """Returns what the trend of now follows from; None at another (V, K)."""
    return None if cijfers.nu is None else (*borders, hidden, revision(cijfers))


def _borders(van: datetime, tot: datetime, stap: Tijdstap) -> list[datetime]:
    """Raises QuestionError."""
    if van >= tot:
        raise QuestionError([("tot", f"moet na het begin van de reeks liggen: {dutch_moment(van)}")])
    try:
        return perioden(van, tot, stap)
    except TooManyError as error:
        longest = int(PUNTEN_MAX * _STEP_DAYS[stap])
        melding = (
            f"geeft meer dan {PUNTEN_MAX} punten; per {stap} kan hoogstens {longest} dagen, dus vanaf "
            f"{dutch_day(tot - timedelta(days=longest))}"
        )
        raise QuestionError([("van", melding)]) from error
