"""What registers hold, as JSON: the types of their values. Which register holds which stands in `registers`."""

from typing import NotRequired, TypedDict

from schemas.data import (
    LocatieSoort,
    Nauwkeurigheid,
    Opgavestand,
    PlaatsSoort,
    Toezichtstap,
    Zichtbaarheid,
    ZonderEinddatum,
)


class RegistratieValue(TypedDict):
    """What a locatie is, and in which gemeente it lies."""

    naam: str
    gemeente: str
    soort: LocatieSoort
    zichtbaarheid: Zichtbaarheid


class PlaatsenValue(TypedDict):
    """The places of one soort. Without `beschikbaarVanaf` they are there since the write takes effect."""

    aantal: int
    inzetbaar: int
    geldigTot: NotRequired[str]
    beschikbaarVanaf: NotRequired[str]


class MaximumValue(TypedDict):
    """The most people that may be present, on what ground, and the penalty in euro."""

    maximum: int
    grondslag: str
    dwangsomPerDag: NotRequired[int]
    dwangsomPlafond: NotRequired[int]
    geldigTot: NotRequired[str]


class CyclusValue(TypedDict):
    """Which places count in a cyclus, and whether all of its opgaven and places are in the log."""

    raming: int
    beschikbaarTotMinstens: str
    meetellendeSoorten: list[PlaatsSoort]
    volledig: bool
    realiserenVoor: NotRequired[str]
    telregel: NotRequired[str]


class TelregelValue(TypedDict):
    """Which places count. A demand that is absent is not made."""

    omschrijving: str
    meetellendeSoorten: list[PlaatsSoort]
    zonderEinddatum: ZonderEinddatum
    amvApart: bool
    termijn: bool
    beschikbaarTotMinstens: NotRequired[str]
    nogMinstensMaanden: NotRequired[int]
    duurMinstensMaanden: NotRequired[int]


class OpgaveValue(TypedDict):
    """The places that a gemeente or provincie must make possible."""

    opgave: int
    waarvanAmv: NotRequired[int]
    realiserenVoor: NotRequired[str]


class OpgavestandValue(TypedDict):
    """What became of a verdeelbesluit."""

    stand: Opgavestand
    zaak: NotRequired[str]
    geldigTot: NotRequired[str]


class ToezichtValue(TypedDict):
    """A step of supervision that has a supervisor of its own or a term. Any other step is stored as its name alone."""

    stap: Toezichtstap
    toezichthouder: NotRequired[str]
    termijn: NotRequired[str]


class InzetValue(TypedDict):
    """The hours a year that one gemeente takes in a step of supervision."""

    urenPerGemeente: int
    urenMinstens: NotRequired[int]
    urenHoogstens: NotRequired[int]


class ToezichtcapaciteitValue(TypedDict):
    """The people that a supervisor has for it."""

    fte: int | float
    urenPerFte: int


class OverdrachtValue(TypedDict):
    """The places that count for another gemeente."""

    aantal: int
    geldigTot: NotRequired[str]


class GepubliceerdValue(TypedDict):
    """A figure that others published."""

    grootheid: str
    waarde: int | float
    nauwkeurigheid: Nauwkeurigheid
    bron: str


def stap_of(value: ToezichtValue | Toezichtstap) -> Toezichtstap:
    """Returns the step of a write to `toezicht`."""
    return value if isinstance(value, str) else value["stap"]
