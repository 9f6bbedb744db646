"""Splits the places of each gemeente over locaties, for January 2025 and for the end."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from random import Random

from schemas.reference import Gemeente
from services.voorbeeld.simulatie.constanten import coa_standen, instellingen
from services.voorbeeld.simulatie.plannen import Gemeenteplan
from services.voorbeeld.simulatie.verdeling import toeval_van, verdeel

_WOORDEN = {
    "azc": "azc",
    "noodopvang": "noodopvang",
    "amv": "amv-opvang",
    "kleinschalig": "kleinschalige opvang",
    "aanmeldcentrum": "aanmeldcentrum",
}
_KRAPTE = (0, 0, 0, 1, 2, 3, 4)
"""Percentages of places that can't be used (held, broken, quarantined). Each is as likely as it occurs here."""


@dataclass(frozen=True, slots=True)
class SimLocatie:
    """One locatie."""

    id: str
    naam: str
    gemeente: str
    soort: str
    gemengd: bool
    krapte: int
    """The percentage of its places that can't be used."""
    drukte: int
    """How full it is compared with others, in thousandths."""
    toen: int
    """Its places in January 2025. 0: it is closed."""
    straks: int
    """Its places after the rebuilding of 2025. 0: it is closed."""

    def plaatsen(self, aantal: int) -> list[dict[str, str | int]]:
        """Divides a number of places over the soorten that this kind of locatie has."""
        nood = aantal // 5 if self.gemengd else 0
        hoofdsoort = {"noodopvang": "nood", "amv": "amv"}.get(self.soort, "regulier")
        return [self._regel(soort, deel) for soort, deel in ((hoofdsoort, aantal - nood), ("nood", nood)) if deel]

    def plaatsen_met_amv(self, aantal: int) -> list[dict[str, str | int]]:
        """Divides the same places, with those for amv apart. As many of them can be used as without that."""
        eerste, *rest = self.plaatsen(aantal)
        cyclus = instellingen()["cyclus"]
        # Rounded up at every locatie, so that enough places for the whole opgave include enough for its part for amv.
        voor_amv = self._regel("amv", -(-aantal * cyclus["waarvan_amv"] // cyclus["raming"]))
        over = {veld: _getal(eerste, veld) - _getal(voor_amv, veld) for veld in ("aantal", "inzetbaar")}
        gelijk = over["aantal"] == over["inzetbaar"]
        anders = {"soort": eerste["soort"], "aantal": over["aantal"]} | ({} if gelijk else over)
        return [anders, voor_amv, *rest]

    def vrije_soort(self, aantal: int) -> str:
        """Returns the soort of places that it has none of, so that these can end without the others."""
        heeft = {regel["soort"] for regel in self.plaatsen(aantal)}
        return next((soort for soort in ("nood", "regulier") if soort not in heeft), "nood")

    def met_meer(self, aantal: int, soort: str, erbij: int) -> dict[str, str | int]:
        """Returns the places of one soort with some more, all of which can be used, where it has `aantal` in all."""
        regels = self.plaatsen(aantal) if self.soort == "amv" else self.plaatsen_met_amv(aantal)
        regel = next((regel for regel in regels if regel["soort"] == soort), self._regel(soort, 0))
        return regel | {veld: _getal(regel, veld) + erbij for veld in ("aantal", "inzetbaar") if veld in regel}

    def inzetbaar(self, aantal: int) -> int:
        """Returns how many of a number of places can be used."""
        return sum(_getal(regel, "inzetbaar") for regel in self.plaatsen(aantal))

    def _regel(self, soort: str, aantal: int) -> dict[str, str | int]:
        bruikbaar = aantal - aantal * self.krapte // 100
        regel: dict[str, str | int] = {"soort": soort, "aantal": aantal}
        return regel if bruikbaar == aantal else regel | {"inzetbaar": bruikbaar}


def _getal(regel: Mapping[str, str | int], veld: str) -> int:
    """Returns a number of a line of places. All can be used where it does not say how many."""
    return int(regel.get(veld, regel["aantal"]))


def locaties(rijen: Sequence[Gemeenteplan], aantal: int, zaad: int) -> dict[str, list[SimLocatie]]:
    """Returns the locaties of each gemeente that ever has any, by code. On 26 May 2026 `aantal` of them are open."""
    toeval = toeval_van(zaad, "locaties")
    nieuw = sum(1 for plan in rijen if plan.na and not plan.voor)
    toen, straks = _aantallen(rijen, coa_standen()[-1].locaties), _aantallen(rijen, aantal - nieuw)
    netwerk: dict[str, list[SimLocatie]] = {}
    for plan in rijen:
        if plan.na and not plan.voor:
            netwerk[plan.code] = [_locatie(plan.opgave.gemeente, 0, 0, plan.na, toeval)]
        elif plan.na:
            delen = _delen(plan.voor, toen[plan.code], straks[plan.code])
            netwerk[plan.code] = [_locatie(plan.opgave.gemeente, i, *deel, toeval) for i, deel in enumerate(delen)]
    return netwerk


def _aantallen(rijen: Sequence[Gemeenteplan], aantal: int) -> dict[str, int]:
    """Returns the number of locaties per gemeente: one each, and each next one where the locaties are largest.

    With a larger `aantal` no gemeente gets fewer.
    """
    ter_apel = instellingen()["ter_apel"]["gemeente"]
    verdeeld = {plan.code: 1 for plan in rijen if plan.voor}
    grootste = [(-plan.voor / 2, plan.code, plan.voor) for plan in rijen if plan.voor and plan.code != ter_apel]
    grootste.sort()
    for _ in range(aantal - len(verdeeld)):
        _, code, plaatsen = heappop(grootste)
        verdeeld[code] += 1
        heappush(grootste, (-plaatsen / (verdeeld[code] + 1), code, plaatsen))
    return verdeeld


def _delen(plaatsen: int, toen: int, straks: int) -> list[tuple[int, int]]:
    """Returns the places of each locatie in January 2025 and at the end, with 0 where it is not open."""
    oud, nieuw = _splits(plaatsen, toen), _splits(plaatsen, straks)
    lengte = max(toen, straks)
    return list(zip(oud + [0] * (lengte - toen), nieuw + [0] * (lengte - straks), strict=True))


def _splits(plaatsen: int, aantal: int) -> list[int]:
    if aantal == 1:  # Most gemeenten have one, and that takes no search.
        return [plaatsen]
    return verdeel(plaatsen, [(i + 1) ** -0.7 for i in range(aantal)], [1] * aantal)


def _locatie(gemeente: Gemeente, volgnummer: int, toen: int, straks: int, toeval: Random) -> SimLocatie:
    soort = _soort(toen or straks, toeval)
    naam, plaats = f"{_WOORDEN[soort]} {gemeente.naam}", f"SIM-{_sleutel(gemeente.naam)}-{volgnummer + 1}"
    if gemeente.code == instellingen()["ter_apel"]["gemeente"]:
        soort, naam, plaats = "aanmeldcentrum", "aanmeldcentrum Ter Apel", "TER-APEL"
    return SimLocatie(
        id=f"LOC-{plaats}",
        naam=_verzonnen(naam if volgnummer == 0 else f"{naam} {volgnummer + 1}"),
        gemeente=gemeente.code,
        soort=soort,
        gemengd=soort == "azc" and toeval.random() < 0.25,
        krapte=0 if soort == "aanmeldcentrum" else toeval.choice(_KRAPTE),
        drukte=1000 if soort == "aanmeldcentrum" else 920 + int(160 * toeval.random()),
        toen=toen,
        straks=straks,
    )


def _verzonnen(naam: str) -> str:
    """Says at the end that a locatie is made up: what tells it from others comes first, also where it is cut."""
    return f"{naam[0].upper()}{naam[1:]} (simulatie)"


def _soort(plaatsen: int, toeval: Random) -> str:
    if plaatsen >= 300:
        return "azc"
    if plaatsen >= 100:
        return "noodopvang"
    return "amv" if plaatsen >= 16 and toeval.random() < 0.5 else "kleinschalig"


def _sleutel(naam: str) -> str:
    """Returns the name of a gemeente as part of an id: `S-GRAVENHAGE` for `'s-Gravenhage`."""
    kaal = unicodedata.normalize("NFKD", naam).encode("ascii", "ignore").decode().upper()
    return re.sub(r"[^A-Z0-9]+", "-", kaal).strip("-")
