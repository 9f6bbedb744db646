"""The page of words: what each word and each figure means, and from which reports it follows."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from services.core.begrippen import BEGRIPPEN
from services.core.grootheden import GROOTHEDEN
from services.core.grootheden.declaratie import Eenheid, Grootheid
from services.core.registers import Register
from services.dashboard.page_request import Blad, Bladtijd
from services.reads.definities import formules_van_het_land

REGISTERS = {
    Register.REGISTRATIE: "registraties",
    Register.OPEN: "openen en sluiten",
    Register.PLAATSEN: "plaatsen",
    Register.AANWEZIG: "metingen",
    Register.TOEGANG: "toegang",
    Register.MAXIMUM: "maxima",
    Register.CYCLUS: "de cyclus",
    Register.TELREGEL: "de telregel",
    Register.OPGAVE: "opgaven",
    Register.OPGAVESTAND: "bezwaar, beroep en uitspraken",
    Register.OVERDRACHT: "overdrachten",
    Register.TOEZICHT: "stappen van het toezicht",
    Register.INZET: "geraamde uren",
    Register.TOEZICHTCAPACITEIT: "beschikbare uren",
    Register.GEPUBLICEERD: "wat anderen publiceren",
}
"""What people call the reports that write a register."""
_UNITS = {Eenheid.GRAAD: "procent", Eenheid.AANDEEL: "procent", Eenheid.SECONDEN: "tijd", Eenheid.TEKST: "tekst"}
"""How a page writes a unit, where its name is made for a machine."""


class Cijfer(NamedTuple):
    """A figure, and how it stands in the country now."""

    grootheid: Grootheid
    label: str
    """What the page calls it. No two figures have the same."""
    eenheid: str
    volgt_uit: Sequence[str]
    formule: str
    """How it is counted for the whole country, with the numbers filled in. Empty where it is not one of those."""


def begrippen(blad: Blad[Bladtijd]) -> dict[str, Any]:
    """Returns every word and every figure that the caller may be told of.

    What a figure of the toezicht means is told to everybody: its page names each of them, also one that it withholds.
    """
    cijfers = blad.cijfers()
    formules = formules_van_het_land(cijfers)
    seen = [one for one in GROOTHEDEN if not one.rust_op & cijfers.unseen or one.toezicht is not None]
    return {
        "herkomst": cijfers.herkomst,
        "woorden": sorted(BEGRIPPEN, key=lambda one: one.woord.casefold()),
        "cijfers": sorted((_cijfer(one, formules.get(one.naam, "")) for one in seen), key=_by_label),
        "per_naam": {one.naam: one for one in seen},
    }


def _by_label(one: Cijfer) -> tuple[str, str]:
    return one.label.casefold(), one.grootheid.naam


def _cijfer(one: Grootheid, formule: str) -> Cijfer:
    unit = _UNITS.get(one.eenheid, one.eenheid.value.naam)
    alike = [other for other in GROOTHEDEN if other.label == one.label]
    label = f"{one.label} van een locatie" if len(alike) > 1 and one.gebied is None else one.label
    return Cijfer(one, label, unit, [REGISTERS[found] for found in Register if found in one.rust_op], formule)
