"""Finds out, at its own pace, what takes longer than a look at the live view may take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from schemas.alarmregels import AlarmRegel
from schemas.fields import Json
from schemas.reference import gemeenten
from services.core import delen
from services.core.alarms.beeld import Achterhaald, Afwijkend, Terugblik, Uitgezocht, Uitzoekwerk
from services.core.alarms.bewaakt import BEWAAKT
from services.core.alarms.bewaakt.vergelijking import Nalevingen
from services.core.history.reeks import at_moments, first_below, lijn
from services.core.history.sommen import gebied, sommen
from services.core.history.verloop import zonder
from services.core.history.vooruit import Vooruit, vooruit
from services.core.naleving import naleving
from services.core.reasons.aansluiting import EIGEN_BRON, NIET_VAST_TE_STELLEN
from services.core.registers import SubjectKind, forgotten
from services.core.telregel import Gevraagd, Maatstaf, cyclus_in_force, maatstaf
from services.reads.aansluiting import GepubliceerdCijfer, beside, published
from services.reads.question import Audience, Question, question_of_now
from services.reads.reader import Reader

_HOUR = timedelta(hours=1)
_INSTANT = timedelta(microseconds=1)
SEES = Audience.AFGESCHERMD
"""What alarms are made of. They are the same for everybody, so they tell nothing of toezicht."""
OF_NOW = frozenset({Uitzoekwerk.ONTVANGST, Uitzoekwerk.ONVERWERKBAAR})
"""What can be found out of now only."""
ARRIVED_MIN = 20
"""A share of fewer events than this means nothing."""


class Uitzoeker:
    """Finds out what these rules need beside the live view. Every method blocks on the store."""

    def __init__(self, reader: Reader, regels: Sequence[AlarmRegel]) -> None:
        self._reader = reader
        self._regels: dict[Uitzoekwerk, list[AlarmRegel]] = {}
        for regel in regels:
            if (werk := BEWAAKT[regel.grootheid].uitzoekwerk) is not None:
                self._regels.setdefault(werk, []).append(regel)

    def find(self, now: datetime, at: datetime | None = None) -> Uitgezocht:
        """Finds out all that any rule needs at V = K, which is `at`, or else `now`.

        Of an earlier moment than now it is not known what came in. Raises StoreUnavailableError.
        """
        found, point = Uitgezocht(), now if at is None else at
        for werk, regels in self._regels.items():
            if point == now or werk not in OF_NOW:
                found = self._with(found, werk, regels, question_of_now(point, SEES).asked_at(now))
        return found

    def _with(
        self, found: Uitgezocht, werk: Uitzoekwerk, regels: Sequence[AlarmRegel], question: Question
    ) -> Uitgezocht:
        """Adds the outcome of one kind of work. `regels`: those that need it."""
        at = question.geldig_op
        match werk:
            case Uitzoekwerk.ONTVANGST:
                found = replace(found, laatste_ontvangst=self.last_received())
            case Uitzoekwerk.ONVERWERKBAAR:
                found = replace(found, aandeel_onverwerkbaar=self._unprocessable(at))
            case Uitzoekwerk.NALEVINGEN_TOEN:
                backs = {regel.terugblik for regel in regels}
                then = {back.total_seconds(): self._classes_at(at - back, question) for back in backs}
                found = replace(found, nalevingen_toen=then)
            case Uitzoekwerk.TEKORT:
                days = max(max(regel.gaat_af, regel.wist) for regel in regels)
                if days:  # Otherwise nothing lies ahead, so nothing is looked for.
                    known, short = self._short_from(at, at + timedelta(days=days))
                    found = replace(found, tekort_bekend=known, tekort_vanaf=short)
            case Uitzoekwerk.TERUGBLIK:
                back = max(regel.terugblik for regel in regels)
                found = replace(found, terugblik=self._looked_back(at - back, at))
            case Uitzoekwerk.VOORUIT:
                ahead = timedelta(days=max(max(regel.gaat_af, regel.wist) for regel in regels))
                found = replace(found, vooruit=self._ahead(at, at + ahead) if ahead else {})
            case Uitzoekwerk.ACHTERHAALD:
                found = replace(found, achterhaald=self._outdated(question))
            case Uitzoekwerk.AFWIJKENDE_PUBLICATIES:
                found = replace(found, afwijkend=self._deviating(question))
            case _:
                raise forgotten(werk, "Uitzoeker in services/reads/uitzoeken.py")
        return found

    def last_received(self) -> datetime | None:
        """Returns when the last event came in that everybody may know of."""
        return self._reader.store.last_received(self._reader.shielded())

    def _unprocessable(self, now: datetime) -> float | None:
        """Returns the share over the last hour. None when too little came in: one of three says nothing."""
        stored, unprocessable = self._reader.store.arrived_since(now - _HOUR)
        arrived = stored + unprocessable
        return unprocessable / arrived if arrived >= ARRIVED_MIN else None

    def _classes_at(self, then: datetime, question: Question) -> dict[str, str]:
        """Returns the class of each gemeente then, by what is known at K, under the cyclus at V and its own rule."""
        at, store = question.geldig_op, self._reader.store
        current = cyclus_in_force(store.telling(at, at, now=question.now).wet)
        before = store.telling(then, at, now=question.now)
        by = maatstaf(before.wet, Gevraagd(current.id, None)) if current else Maatstaf(None, None)
        rows = naleving(before.wet, before.standen, gemeenten(), then, by)
        return {row.gemeente.code: row.naleving for row in rows}

    def _short_from(self, van: datetime, tot: datetime) -> tuple[bool, datetime | None]:
        """Returns whether it can be told, and when known usable places fall below the people who are present now."""
        verloop, _ = self._reader.store.verloop(van, tot, van)
        seen = zonder(verloop, self._reader.shielded())
        sums = sommen(seen, gebied(gemeenten(), seen, lambda _: True), self._reader.grenzen)
        (people,) = at_moments(sums.moment, lijn(delen.aanwezig, sums), [van])
        if people is None:
            return False, None
        return True, first_below(sums.moment, sums.delen.inzetbaar, people, van)

    def _looked_back(self, van: datetime, at: datetime) -> Mapping[str, Terugblik]:
        """Returns when each gemeente complied last from `van` on, by what is known now, under the cyclus in force."""
        verloop, _ = self._reader.store.verloop(van, at + _INSTANT, at, metingen=())
        found = Nalevingen(verloop, gemeenten())
        return {code: found.terugblik(code, at) for code in found.codes}

    def _ahead(self, van: datetime, tot: datetime) -> Mapping[str, Vooruit]:
        """Returns until when each gemeente that complies has places enough, by what is known at `van`."""
        verloop, _ = self._reader.store.verloop(van, tot, van, metingen=())
        return vooruit(verloop, gemeenten())

    def _outdated(self, question: Question) -> dict[str, list[Achterhaald]]:
        """Returns, for every onderwerp with a published figure of ours, those that changed since or can't be stated."""
        every, at = published(self._reader, question)
        own = [one for one in every if _is_ours(one)]
        found: dict[str, list[Achterhaald]] = {one.key[0]: [] for one in own}
        for one, row in self._beside(own, question.counted_at(str(at))):
            if row["klopt"] is False or row["reden"] == NIET_VAST_TE_STELLEN:
                found[one.key[0]].append(
                    Achterhaald(row["grootheid"], row["peildatum"], row["gepubliceerd"], row["onze"])
                )
        return found

    def _deviating(self, question: Question) -> dict[str, list[Afwijkend]]:
        """Returns, for every onderwerp of which others published a figure, the last of each figure, beside ours."""
        every, at = published(self._reader, question)
        theirs = sorted((one for one in every if not _is_ours(one)), key=lambda one: one.order)
        last = {(one.key[0], one.winner.value["grootheid"]): one for one in theirs}
        found: dict[str, list[Afwijkend]] = {one.key[0]: [] for one in last.values()}
        for one, row in self._beside([*last.values()], question.counted_at(str(at))):
            ours = row["onze"] if row["vergelijkbaar"] else None
            said = (row["grootheid"], row["bron"], row["peildatum"], row["gepubliceerd"])
            found[one.key[0]].append(Afwijkend(*said, ours, row["nauwkeurigheid"]))
        return found

    def _beside(
        self, figures: Sequence[GepubliceerdCijfer], question: Question
    ) -> Iterator[tuple[GepubliceerdCijfer, Json]]:
        """Puts our own figures beside these, one peildatum at a time: each takes a whole view.

        Those of areas are the figures that everybody sees.
        """
        for moment, of_locatie in sorted({(one.winner.effective_at, _of_locatie(one)) for one in figures}):
            some = [one for one in figures if (one.winner.effective_at, _of_locatie(one)) == (moment, of_locatie)]
            asked = question if of_locatie else replace(question, audience=Audience.LEZER)
            yield from zip(some, beside(self._reader, asked, some), strict=True)


def _of_locatie(one: GepubliceerdCijfer) -> bool:
    return SubjectKind.LOCATIE.holds(one.key[0])


def _is_ours(one: GepubliceerdCijfer) -> bool:
    return str(one.winner.value["bron"]).startswith(EIGEN_BRON)
