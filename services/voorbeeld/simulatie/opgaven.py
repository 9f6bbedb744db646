"""The opgave of all 342 gemeenten in the simulation. Known figures are kept, and the rest is split by inhabitants."""

from dataclasses import dataclass
from functools import cache

from schemas.reference import Gemeente, gemeenten
from services.voorbeeld.simulatie.constanten import Bekend, bekende_opgaven, instellingen, provincie_opgaven
from services.voorbeeld.simulatie.verdeling import verdeel

NIETS_BEKEND = Bekend(indicatief=None, minstens=1, verdeelbesluit=None, waarvan_amv=None, plaatsen=None)


@dataclass(frozen=True, slots=True)
class SimOpgave:
    """The task of one gemeente, in places, and how many of these are for amv."""

    gemeente: Gemeente
    indicatief: int
    indicatief_amv: int
    verdeelbesluit: int
    verdeelbesluit_amv: int


def bekend(code: str) -> Bekend:
    """Returns what is known of a gemeente."""
    return bekende_opgaven().get(code, NIETS_BEKEND)


@cache
def opgaven() -> tuple[SimOpgave, ...]:
    """Returns all 342 tasks, in order of code.

    The indicative ones add up to the opgave of each provincie, and the verdeelbesluiten to 101,500.
    """
    dag = instellingen()["cyclus"]["besluiten_op"]
    rijen = [g for g in gemeenten() if g.geldig_vanaf <= dag and (g.geldig_tot is None or dag < g.geldig_tot)]
    rijen.sort(key=lambda gemeente: gemeente.code)
    indicatief: dict[str, int] = {}
    for provincie, opgave in provincie_opgaven().items():
        leden = [gemeente for gemeente in rijen if gemeente.provincie == provincie]
        vast = {g.code: bekend(g.code).indicatief for g in leden}
        indicatief |= _rest(opgave, {g.code: float(g.inwoners) for g in leden}, vast)
    # A known indicative figure counts as the verdeelbesluit too, unless that is known itself.
    vast = {g.code: bekend(g.code).verdeelbesluit or bekend(g.code).indicatief for g in rijen}
    besluit = _rest(
        instellingen()["cyclus"]["verdeelbesluiten"], {g.code: float(indicatief[g.code]) for g in rijen}, vast
    )
    return tuple(_opgave(gemeente, indicatief[gemeente.code], besluit[gemeente.code]) for gemeente in rijen)


def _rest(totaal: int, gewichten: dict[str, float], vast: dict[str, int | None]) -> dict[str, int]:
    """Returns the known figures as they are, and splits what remains of `totaal` by weight."""
    gegeven = {code: aantal for code, aantal in vast.items() if aantal is not None}
    open_codes = [code for code in gewichten if code not in gegeven]
    if not open_codes:
        return gegeven
    delen = verdeel(
        totaal - sum(gegeven.values()),
        [gewichten[code] for code in open_codes],
        [bekend(code).minstens for code in open_codes],
    )
    return gegeven | dict(zip(open_codes, delen, strict=True))


def _opgave(gemeente: Gemeente, indicatief: int, besluit: int) -> SimOpgave:
    cyclus = instellingen()["cyclus"]
    aandeel = cyclus["waarvan_amv"] / cyclus["raming"]  # This is 8.48 % everywhere, as published.
    amv = bekend(gemeente.code).waarvan_amv
    return SimOpgave(
        gemeente, indicatief, round(indicatief * aandeel), besluit, round(besluit * aandeel) if amv is None else amv
    )
