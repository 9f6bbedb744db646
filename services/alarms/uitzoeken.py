"""Finds out, at its own pace, what takes longer than a look at the live view may take."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from schemas.alarmregels import AlarmRegel
from schemas.fields import AMSTERDAM
from schemas.reference import gemeenten
from services.access.roles import EVERYBODY
from services.api.aansluiting import Gepubliceerd, beside
from services.core.alarms.beeld import Achterhaald, Uitgezocht
from services.core.history.reeks import at_moments, first_below, van_som
from services.core.history.sommen import gebied, sommen
from services.core.naleving import cyclus_in_force, naleving
from services.core.reasons.aansluiting import EIGEN_BRON
from services.reads.reader import Reader

_HOUR = timedelta(hours=1)
ARRIVED_MIN = 20
"""Of fewer events a share is none."""


class Uitzoeker:
    """What the rules ask for beside the live view. Everything here blocks on the store."""

    def __init__(self, reader: Reader, regels: Sequence[AlarmRegel]) -> None:
        self._reader = reader
        self._regels = {regel.grootheid: regel for regel in regels}
        self._looks_back = {regel.terugblik for regel in regels if regel.grootheid == "naleving-verslechterd"}
        self._looks_ahead = timedelta(
            days=max((max(r.gaat_af, r.wist) for r in regels if r.grootheid == "dagen-tot-tekort"), default=0)
        )

    def find(self, now: datetime) -> Uitgezocht:
        """All that any rule asks for. Raises StoreUnavailableError."""
        found = Uitgezocht()
        if "aandeel-onverwerkbaar" in self._regels:
            found = replace(found, aandeel_onverwerkbaar=self._refused(now))
        if self._looks_back:
            found = replace(
                found,
                nalevingen_toen={back.total_seconds(): self._classes_at(now - back, now) for back in self._looks_back},
            )
        if self._looks_ahead:
            known, short = self._short_from(now, now + self._looks_ahead)
            found = replace(found, tekort_bekend=known, tekort_vanaf=short)
        if "publicaties-achterhaald" in self._regels:
            found = replace(found, achterhaald=self._outdated(now))
        return found

    def _refused(self, now: datetime) -> float | None:
        """None when too little came in during the last hour: one of three says nothing."""
        stored, refused = self._reader.store.arrived_since(now - _HOUR)
        return refused / (stored + refused) if stored + refused >= ARRIVED_MIN else None

    def _classes_at(self, then: datetime, now: datetime) -> dict[str, str]:
        """The class of each gemeente then, by what is known now, under the cyclus of now."""
        current = cyclus_in_force(self._reader.store.telling(now, now, now=now).wet)
        before = self._reader.store.telling(then, now, now=now)
        cyclus = cyclus_in_force(before.wet, current.id) if current else None
        rows = naleving(before.wet, before.standen, gemeenten(), then, cyclus)
        return {row.gemeente.code: row.naleving for row in rows}

    def _short_from(self, van: datetime, tot: datetime) -> tuple[bool, datetime | None]:
        """Whether it can be told; and when known usable places fall below the people who are present now."""
        verloop, _ = self._reader.store.verloop(van, tot, van)
        sums = sommen(verloop, gebied(gemeenten(), verloop, lambda _: True))
        (people,) = at_moments(sums.moment, van_som(sums, "aanwezig"), [van])
        if people is None:
            return False, None
        return True, first_below(sums.moment, sums.waarden["inzetbaar"], people, van)

    def _outdated(self, now: datetime) -> dict[str, list[Achterhaald]]:
        """Of every onderwerp of which a figure of ours was recorded as published: those that are others now."""
        steps, at = self._reader.store.published(now, now)
        own = [Gepubliceerd(*step) for step in steps if step[1].value["bron"].startswith(EIGEN_BRON)]
        found: dict[str, list[Achterhaald]] = {one.key[0]: [] for one in own}
        for moment in sorted({one.winner.effective_at for one in own}):  # one at a time: each takes a whole view
            date = moment.astimezone(AMSTERDAM).date().isoformat()
            that_day = [one for one in own if one.winner.effective_at == moment]
            for one, row in zip(that_day, beside(self._reader, EVERYBODY, that_day, now, str(at)), strict=True):
                if row["klopt"] is False:
                    found[one.key[0]].append(Achterhaald(row["grootheid"], date, row["gepubliceerd"], row["onze"]))
        return found
