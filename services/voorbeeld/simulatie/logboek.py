"""The log that the simulation fills: its events, and what these mean for the daily readings."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from services.voorbeeld.simulatie.constanten import instellingen
from services.voorbeeld.simulatie.locaties import SimLocatie
from services.voorbeeld.vorm import data, middernacht, tekst

_BRON = "verzonnen door de simulatie"
_EVEN_LATER = timedelta(seconds=1)
"""How much later the places for amv are told apart. The later of two writes at one moment is in force."""


@dataclass(frozen=True, slots=True)
class Logregel:
    """One event that will be made."""

    gelogd: int
    """When it is logged, in whole seconds since 1970 (UTC)."""
    soort: str
    onderwerp: str
    inhoud: dict[str, Any]
    toegevoegd: bool
    """Whether an earlier version of this sample lacked it. The ids of these are drawn apart, so that all others keep
    theirs, and a folder that holds the earlier version takes in what is new."""


@dataclass(frozen=True, slots=True)
class Mutatie:
    """From the reading at 00:00 of this day on, a locatie has this many usable places. None: it reports no more."""

    dag: date
    locatie: SimLocatie
    inzetbaar: int | None


@dataclass(slots=True)
class SimLogboek:
    """Collects events, and what these mean for the readings."""

    toeval: Random
    regels: list[Logregel] = field(default_factory=list)
    mutaties: list[Mutatie] = field(default_factory=list)

    def schrijf(self, soort: str, onderwerp: str, gelogd: datetime, /, **waarden: object) -> None:
        """Adds one event."""
        self._schrijf(soort, onderwerp, gelogd, waarden, toegevoegd=False)

    def voeg_toe(self, soort: str, onderwerp: str, gelogd: datetime, /, **waarden: object) -> None:
        """Adds one event that an earlier version of this sample lacked. It has the bron of all, or its own, or None."""
        self._schrijf(soort, onderwerp, gelogd, waarden, toegevoegd=True)

    def opent(self, locatie: SimLocatie, dag: date, gelogd: datetime, aantal: int) -> None:
        """Opens a locatie (again) at 00:00 of `dag`, with this many places. It reports from the day after."""
        self.schrijf(
            "opvanglocaties.locatie-geregistreerd",
            locatie.id,
            gelogd,
            naam=locatie.naam,
            gemeente=locatie.gemeente,
            soort=locatie.soort,
            zichtbaarheid="openbaar",
            geldigVanaf=tekst(dag),
        )
        self.schrijf("opvanglocaties.toegang-gewijzigd", locatie.id, gelogd, geldigVanaf=tekst(dag), regime="open")
        self._capaciteit(locatie, dag, gelogd, aantal)
        # Nobody counts a locatie that is not known yet. One that is logged late reports from the day after the logging.
        eerste = max(dag, gelogd.date()) + timedelta(days=1)
        self.mutaties.append(Mutatie(eerste, locatie, locatie.inzetbaar(aantal)))

    def krijgt(self, locatie: SimLocatie, dag: date, gelogd: datetime, aantal: int, tot: date | None = None) -> None:
        """Gives a locatie this many places from 00:00 of `dag`, until `tot` if that is known."""
        self._capaciteit(locatie, dag, gelogd, aantal, tot)
        self.mutaties.append(Mutatie(dag, locatie, locatie.inzetbaar(aantal)))

    def sluit(self, locatie: SimLocatie, dag: date) -> None:
        """Closes a locatie at 00:00 of `dag`."""
        self.schrijf("opvanglocaties.locatie-gesloten", locatie.id, self.vooraf(dag), geldigVanaf=tekst(dag))
        self.mutaties.append(Mutatie(dag, locatie, None))

    def vooraf(self, dag: date) -> datetime:
        """Returns when something for `dag` is announced: in a working hour some days before, but not before the log."""
        begin = middernacht(instellingen()["begin"]) + timedelta(seconds=self.toeval.randint(0, 3600))
        return max(begin, self.werkuur(dag - timedelta(days=self.toeval.randint(3, 30))))

    def werkuur(self, dag: date) -> datetime:
        """Returns a second between 8:00 and 17:00 of a day."""
        return middernacht(dag) + timedelta(seconds=self.toeval.randint(8 * 3600, 17 * 3600))

    def dag_tussen(self, van: date, tot: date) -> date:
        """Returns a day after `van` and before `tot`."""
        return van + timedelta(days=self.toeval.randint(1, (tot - van).days - 1))

    def _capaciteit(
        self, locatie: SimLocatie, dag: date, gelogd: datetime, aantal: int, tot: date | None = None
    ) -> None:
        self.schrijf(
            "opvanglocaties.capaciteit-gewijzigd",
            locatie.id,
            gelogd,
            geldigVanaf=tekst(dag),
            geldigTot=tekst(tot) if tot else None,
            plaatsen=locatie.plaatsen(aantal),
        )
        if dag >= instellingen()["plaatsen"]["verbouwd_van"] and locatie.soort != "amv":
            self.voeg_toe(
                "opvanglocaties.capaciteit-gewijzigd",
                locatie.id,
                gelogd + _EVEN_LATER,
                geldigVanaf=tekst(dag),
                geldigTot=tekst(tot) if tot else None,
                plaatsen=locatie.plaatsen_met_amv(aantal),
            )

    def _schrijf(
        self, soort: str, onderwerp: str, gelogd: datetime, waarden: dict[str, object], *, toegevoegd: bool
    ) -> None:
        inhoud = data(soort, **{"bron": _BRON} | waarden)
        self.regels.append(Logregel(int(gelogd.timestamp()), soort, onderwerp, inhoud, toegevoegd))
