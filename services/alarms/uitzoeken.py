"""Finds out, at its own pace, what takes longer than a look at the live view may take."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from schemas.alarmregels import AlarmRegel
from schemas.fields import AMSTERDAM
from schemas.reference import gemeenten
from services.core import delen
from services.core.alarms.beeld import Achterhaald, Uitgezocht, Uitzoekwerk
from services.core.alarms.bewaakt import BEWAAKT
from services.core.history.reeks import at_moments, first_below, lijn
from services.core.history.sommen import gebied, sommen
from services.core.naleving import naleving
from services.core.reasons.aansluiting import EIGEN_BRON
from services.core.registers import forgotten
from services.core.telregel import Gevraagd, Maatstaf, cyclus_in_force, maatstaf
from services.reads.aansluiting import beside, published
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader

_HOUR = timedelta(hours=1)
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

    def find(self, now: datetime) -> Uitgezocht:
        """Finds out all that any rule needs. Raises StoreUnavailableError."""
        found = Uitgezocht()
        for werk, regels in self._regels.items():
            found = self._with(found, werk, regels, now)
        return found

    def _with(self, found: Uitgezocht, werk: Uitzoekwerk, regels: Sequence[AlarmRegel], now: datetime) -> Uitgezocht:
        """Adds the outcome of one kind of work. `regels`: those that need it."""
        match werk:
            case Uitzoekwerk.ONTVANGST:
                return replace(found, laatste_ontvangst=self._reader.store.last_received())
            case Uitzoekwerk.ONVERWERKBAAR:
                return replace(found, aandeel_onverwerkbaar=self._unprocessable(now))
            case Uitzoekwerk.NALEVINGEN_TOEN:
                backs = {regel.terugblik for regel in regels}
                then = {back.total_seconds(): self._classes_at(now - back, now) for back in backs}
                return replace(found, nalevingen_toen=then)
            case Uitzoekwerk.TEKORT:
                days = max(max(regel.gaat_af, regel.wist) for regel in regels)
                if not days:  # Nothing lies ahead, so nothing is looked for.
                    return found
                known, short = self._short_from(now, now + timedelta(days=days))
                return replace(found, tekort_bekend=known, tekort_vanaf=short)
            case Uitzoekwerk.ACHTERHAALD:
                return replace(found, achterhaald=self._outdated(now))
            case _:
                raise forgotten(werk, "Uitzoeker in services/alarms/uitzoeken.py")

    def _unprocessable(self, now: datetime) -> float | None:
        """Returns the share over the last hour. None when too little came in: one of three says nothing."""
        stored, unprocessable = self._reader.store.arrived_since(now - _HOUR)
        arrived = stored + unprocessable
        return unprocessable / arrived if arrived >= ARRIVED_MIN else None

    def _classes_at(self, then: datetime, now: datetime) -> dict[str, str]:
        """Returns the class of each gemeente then, by what is known now, under the cyclus of now."""
        current = cyclus_in_force(self._reader.store.telling(now, now, now=now).wet)
        before = self._reader.store.telling(then, now, now=now)
        by = maatstaf(before.wet, Gevraagd(current.id, None)) if current else Maatstaf(None, None)
        rows = naleving(before.wet, before.standen, gemeenten(), then, by)
        return {row.gemeente.code: row.naleving for row in rows}

    def _short_from(self, van: datetime, tot: datetime) -> tuple[bool, datetime | None]:
        """Returns whether it can be told, and when known usable places fall below the people who are present now."""
        verloop, _ = self._reader.store.verloop(van, tot, van)
        sums = sommen(verloop, gebied(gemeenten(), verloop, lambda _: True))
        (people,) = at_moments(sums.moment, lijn(delen.aanwezig, sums), [van])
        if people is None:
            return False, None
        return True, first_below(sums.moment, sums.delen.inzetbaar, people, van)

    def _outdated(self, now: datetime) -> dict[str, list[Achterhaald]]:
        """Returns, for every onderwerp with a published figure of ours, the figures that have changed since."""
        question = question_of_now(now, Audience.EVERYTHING)
        every, at = published(self._reader, question)
        own = [one for one in every if one.winner.value["bron"].startswith(EIGEN_BRON)]
        found: dict[str, list[Achterhaald]] = {one.key[0]: [] for one in own}
        for moment in sorted({one.winner.effective_at for one in own}):  # One at a time: each takes a whole view.
            date = moment.astimezone(AMSTERDAM).date().isoformat()
            that_day = [one for one in own if one.winner.effective_at == moment]
            for one, row in zip(that_day, beside(self._reader, question.counted_at(str(at)), that_day), strict=True):
                if row["klopt"] is False:
                    found[one.key[0]].append(Achterhaald(row["grootheid"], date, row["gepubliceerd"], row["onze"]))
        return found
