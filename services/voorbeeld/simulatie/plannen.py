"""Decides how many places each gemeente has just before and just after the letter of 26 May 2026."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from services.voorbeeld.simulatie.constanten import instellingen
from services.voorbeeld.simulatie.opgaven import SimOpgave, bekend, opgaven
from services.voorbeeld.simulatie.verdeling import toeval_van, verdeel

Overgang = Literal["", "inzicht", "wereld"]
"""Why the places of the two days differ: they don't (''), they were there but not known, or they came."""

_INZICHT: Overgang = "inzicht"
_WERELD: Overgang = "wereld"
_KLEINSTE = 16
"""The fewest places of the first locatie of a gemeente: a kleine woonvoorziening."""


@dataclass(frozen=True, slots=True)
class Gemeenteplan:
    """The places of a gemeente on 21 May 2026 (`voor`) and on 26 May 2026 (`na`)."""

    opgave: SimOpgave
    voor: int
    na: int
    overgang: Overgang = ""

    @property
    def code(self) -> str:
        """The code of the gemeente."""
        return self.opgave.gemeente.code

    @property
    def voldoet(self) -> bool:
        """Whether the places on 26 May reach the opgave."""
        return self.na >= self.opgave.verdeelbesluit


def plannen(zaad: int) -> list[Gemeenteplan]:
    """Returns a plan for each of the 342 gemeenten, in order of code. They give the published classes on both days."""
    toeval = toeval_van(zaad, "plannen")
    voldoet, gedeeltelijk = _klassen(toeval)
    plaatsen = _plaatsen(voldoet, gedeeltelijk, toeval)
    return _overgangen(
        [Gemeenteplan(o, plaatsen.get(o.gemeente.code, 0), plaatsen.get(o.gemeente.code, 0)) for o in opgaven()], toeval
    )


def _klassen(toeval: Random) -> tuple[list[SimOpgave], list[SimOpgave]]:
    """Returns which gemeenten meet their opgave on 26 May, and which in part. Known places decide, and then chance."""
    keuzes, doel = instellingen()["plaatsen"], instellingen()["naleving"]
    voldoet = [o for o in opgaven() if (bekend(o.gemeente.code).plaatsen or 0) >= o.verdeelbesluit]
    gedeeltelijk = [o for o in opgaven() if 0 < (bekend(o.gemeente.code).plaatsen or 0) < o.verdeelbesluit]
    vrij = [
        o
        for o in opgaven()
        if bekend(o.gemeente.code).plaatsen is None and o.verdeelbesluit >= keuzes["kleinste_opgave"]
    ]
    # Larger gemeenten are more likely to have any places. They are shuffled by size, and the last ones have none.
    vrij = _geschud(vrij, toeval)[: len(opgaven()) - doel["voldoet_niet_na"] - len(voldoet) - len(gedeeltelijk)]
    gedeeltelijk += [o for o in vrij if o.verdeelbesluit > keuzes["grote_opgave"]]
    rest = _geschud([o for o in vrij if o.verdeelbesluit <= keuzes["grote_opgave"]], toeval)
    nodig = doel["voldoet_na"] - len(voldoet)
    gekozen = {i * len(rest) // nodig for i in range(nodig)}
    voldoet += [o for i, o in enumerate(rest) if i in gekozen]
    gedeeltelijk += [o for i, o in enumerate(rest) if i not in gekozen]
    return voldoet, gedeeltelijk


def _geschud(rijen: Sequence[SimOpgave], toeval: Random) -> list[SimOpgave]:
    return sorted(rijen, key=lambda o: -o.verdeelbesluit * (0.5 + toeval.random()))


def _plaatsen(voldoet: Sequence[SimOpgave], gedeeltelijk: Sequence[SimOpgave], toeval: Random) -> dict[str, int]:
    """Returns the places on 26 May: as known, or a little over the opgave, or the part that makes the total right."""
    plaatsen = {
        o.gemeente.code: bekend(o.gemeente.code).plaatsen or int(o.verdeelbesluit * (1 + 0.08 * toeval.random()))
        for o in voldoet
    }
    plaatsen |= {o.gemeente.code: bekend(o.gemeente.code).plaatsen or 0 for o in gedeeltelijk}
    deels = [o for o in gedeeltelijk if not plaatsen[o.gemeente.code]]
    delen = verdeel(
        instellingen()["plaatsen"]["totaal"] - sum(plaatsen.values()),
        [o.verdeelbesluit * (0.5 + 0.7 * toeval.random()) for o in deels],
        [max(_KLEINSTE, o.verdeelbesluit // 6) for o in deels],
        [o.verdeelbesluit * 19 // 20 for o in deels],
    )
    return plaatsen | {o.gemeente.code: deel for o, deel in zip(deels, delen, strict=True)}


def _overgangen(rijen: list[Gemeenteplan], toeval: Random) -> list[Gemeenteplan]:
    """Takes back what came or was learned between the two days."""
    doel, groot = instellingen()["naleving"], instellingen()["plaatsen"]["grote_opgave"]
    vrij = [p for p in rijen if p.na and bekend(p.code).plaatsen is None and p.opgave.verdeelbesluit <= groot]
    omhoog = toeval.sample([p for p in vrij if p.voldoet], doel["voldoet_na"] - doel["voldoet_voor"])
    nieuw = toeval.sample([p for p in vrij if not p.voldoet], doel["voldoet_niet_voor"] - doel["voldoet_niet_na"])
    redenen = doel["inzicht"] * [_INZICHT] + (len(omhoog) + len(nieuw) - doel["inzicht"]) * [_WERELD]
    toeval.shuffle(redenen)
    voor = {p.code: int(p.opgave.verdeelbesluit * (0.88 + 0.1 * toeval.random())) for p in omhoog}
    voor |= {p.code: 0 for p in nieuw}
    waarom = dict(zip(voor, redenen, strict=True))
    return [replace(p, voor=voor.get(p.code, p.voor), overgang=waarom.get(p.code, "")) for p in rijen]
