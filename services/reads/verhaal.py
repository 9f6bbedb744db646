"""A difference between two (V, K) as a story: what each part adds, and the events behind each part in words."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from schemas.events import Event, Ingetrokken
from schemas.reference import PROVINCIES
from services.core.bezetting import Bezetting
from services.core.grootheden.opvang import AANWEZIG, AANWEZIG_GEMETEN
from services.core.naleving import GemeenteNaleving
from services.core.reasons.oorzaken import Oorzaken
from services.core.reasons.verhaal import PER_LOCATIE, Verhaal, hoe, van_gemeenten, van_klassen, van_locaties, verhuisd
from services.core.reasons.verschil import Verandering
from services.core.reasons.zin import Zin, zin_van
from services.core.registers import LANDELIJK, Register, SubjectKind
from services.core.voorbehoud import waarom
from services.reads.cijfers import Cijfers
from services.reads.question import NotKnownError, Question
from services.reads.reader import Reader
from services.reads.verschil import names_of, own_figures, point_of, points_of, retracted, sentence, subjects_of

_IN_STORIES = frozenset({Register.REGISTRATIE, Register.OPEN, Register.PLAATSEN, Register.AANWEZIG})
"""The registers whose changes the stories of people and places tell."""


_ORDER = {register: number for number, register in enumerate(Register)}


class Verteld(NamedTuple):
    """One event that made a part another, in words."""

    id: str
    zin: Zin


class Vergelijking:
    """The figures at the four points, and the stories of what differs for one subject. Nothing in it is a new figure.

    Raises NotKnownError for an unknown subject, or for a rule that nobody set.
    """

    def __init__(self, reader: Reader, van: Question, naar: Question, onderwerp: str) -> None:
        self._reader, self._naar = reader, naar
        self.onderwerp = onderwerp
        self.cijfers: Sequence[Cijfers] = points_of(reader, van, naar)
        if onderwerp not in subjects_of(self.cijfers):
            raise NotKnownError("onderwerp", onderwerp, naar)
        self.names = names_of(self.cijfers)
        self._punten = [point_of(one) for one in self.cijfers]
        first, last = self.cijfers[0], self.cijfers[-1]
        self._oorzaken = Oorzaken(self._punten, retracted(reader, naar, first, last))
        self._locaties = [{own.id: own for own in one.locaties} for one in (first, last)]

    @property
    def eigen(self) -> list[Verandering]:
        """The figures of the subject itself that differ."""
        return own_figures(self._reader, self.cijfers, self.onderwerp)

    def opvang(self) -> list[Verhaal]:
        """The stories of people and places.

        The people are those that the figure `aanwezig` states, where it can be stated at each point. Otherwise they are
        those that were measured.
        """
        if SubjectKind.LOCATIE.holds(self.onderwerp):
            return []
        told = van_locaties(self.onderwerp, self._punten)
        return [self._stated(one) if one.geheel.grootheid == AANWEZIG_GEMETEN.naam else one for one in told]

    def waarom_gemeten(self) -> str:
        """Why the people can't be stated at one of the points, and the story is of those that were measured."""
        if SubjectKind.LOCATIE.holds(self.onderwerp):
            return ""
        return next((why for one in self.cijfers if (why := waarom(self._area(one)))), "")

    def wet(self) -> list[Verhaal]:
        """The stories of the places that count, and of those that are short."""
        return [] if SubjectKind.LOCATIE.holds(self.onderwerp) else van_gemeenten(self.onderwerp, self._rows())

    def klassen(self) -> Mapping[str, Verhaal]:
        """The number of gemeenten in each class; empty for one gemeente or locatie."""
        return van_klassen(self.onderwerp, self._rows()) if self._has_gemeenten else {}

    def verhuisd(self) -> list[Verandering]:
        """The gemeenten here that changed class at any point."""
        return [] if SubjectKind.LOCATIE.holds(self.onderwerp) else verhuisd(self._rows())

    def zin(self, row: Verandering) -> str | None:
        """Says why a gemeente is in another class; None when it is in the same class again."""
        return sentence(row, self.cijfers, self.names)

    def hoe(self, part: Verandering) -> str:
        """Says what became of a locatie in a sum; empty for a part that is something else."""
        first, last = (some.get(part.onderwerp) for some in self._locaties)
        return hoe(self._summed(part), first, last) if SubjectKind.LOCATIE.holds(part.onderwerp) else ""

    def oorzaken(self, part: Verandering) -> list[str]:
        """Returns the ids of the events that made a part another."""
        name = self._summed(part)
        if SubjectKind.LOCATIE.holds(part.onderwerp):
            return self._oorzaken.of_part(part.onderwerp, name) if name in PER_LOCATIE else self._oorzaken.of(part)
        if SubjectKind.GEMEENTE.holds(part.onderwerp):
            return self._oorzaken.of(part)
        return self._oorzaken.of(part._replace(onderwerp=self.onderwerp, grootheid=part.onderwerp))  # a term

    def verder(self) -> list[str]:
        """Returns the ids of the other events that changed something here: access, limits, opgaven, what others said.

        Those of one register stand together, and the newest comes first. Of one locatie it is every event that changed
        something.
        """
        alone = SubjectKind.LOCATIE.holds(self.onderwerp)
        own, told = ({self.onderwerp}, frozenset[Register]()) if alone else (self._here(), _IN_STORIES)
        ends = self.cijfers[0].registers, self.cijfers[-1].registers
        kinds: dict[str, int] = {}
        logged: dict[str, float] = {}
        for key, ids in self._oorzaken.by_register().items():
            kind = Register.of(key)
            if kind not in told and (own is None or key[0] in own):
                kinds |= {own_id: min(_ORDER[kind], kinds.get(own_id, len(_ORDER))) for own_id in ids}
                winners = (registers[key] for registers in ends if key in registers)
                logged |= {winner.event_id: winner.recorded_at.timestamp() for winner in winners}
        return sorted(kinds, key=lambda own_id: (kinds[own_id], -logged.get(own_id, 0), own_id))

    def verteld(self, ids: Collection[str]) -> dict[str, Verteld]:
        """Returns these events in words, as far as the caller may see them."""
        found = {event.id: event for event in self._events(ids)}
        targets = [one.data.gebeurtenisId for one in found.values() if isinstance(one, Ingetrokken)]
        known = found | {event.id: event for event in self._events([one for one in targets if one not in found])}

        def doel(event: Event) -> Event | None:
            return known.get(event.data.gebeurtenisId) if isinstance(event, Ingetrokken) else None

        return {own_id: Verteld(own_id, zin_van(event, self.naam, doel(event))) for own_id, event in found.items()}

    def naam(self, subject: str) -> str:
        """Returns what people call a subject."""
        return self.names.get(subject, subject)

    def _here(self) -> set[str] | None:
        """The subjects that lie here at any of the points; None for all."""
        if self.onderwerp == LANDELIJK:
            return None
        locaties = ((one, place) for punt in self._punten for one in punt.locaties for place in punt.places_of(one))
        gemeenten = (row.gemeente.code for rows in self._rows() for row in rows)
        return {self.onderwerp, *gemeenten} | {one.id for one, place in locaties if place == self.onderwerp}

    def _events(self, ids: Collection[str]) -> Iterable[Event]:
        if not ids:
            return []
        herkomst, hidden = self.cijfers[-1].herkomst, self._reader.hidden_from(self._naar.audience)
        logged = (one.event for one in self._reader.store.by_id(ids, herkomst.positie))
        return [one for one in logged if one.subject not in hidden and one.type not in hidden]

    @property
    def _has_gemeenten(self) -> bool:
        return self.onderwerp == LANDELIJK or self.onderwerp in PROVINCIES

    def _rows(self) -> list[Sequence[GemeenteNaleving]]:
        here = self.onderwerp
        if here == LANDELIJK:
            return [one.naleving for one in self.cijfers]
        return [[r for r in one.naleving if here in (r.gemeente.code, r.gemeente.provincie)] for one in self.cijfers]

    def _summed(self, part: Verandering) -> str:
        return AANWEZIG_GEMETEN.naam if part.grootheid == AANWEZIG.naam else part.grootheid

    def _stated(self, told: Verhaal) -> Verhaal:
        if any(self._area(one).aanwezig is None for one in self.cijfers):
            return told
        return Verhaal(
            told.geheel._replace(grootheid=AANWEZIG.naam),
            [part._replace(grootheid=AANWEZIG.naam) for part in told.delen],
        )

    def _area(self, cijfers: Cijfers) -> Bezetting:
        return self._of_area(cijfers)(self.onderwerp)

    def _of_area(self, cijfers: Cijfers) -> Callable[[str], Bezetting]:
        if self.onderwerp == LANDELIJK:
            return lambda _: cijfers.landelijk
        return cijfers.in_provincie if self.onderwerp in PROVINCIES else cijfers.in_gemeente
