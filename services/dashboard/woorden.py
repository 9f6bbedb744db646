"""The words that pages use more than once: what a field of a question is called, and the choices of a filter."""

from collections.abc import Mapping

from schemas.reference import PROVINCIES, gemeenten
from services.core.grootheden import BIJ_NAAM

VELDEN: Mapping[str, str] = {
    "geldigOp": "Stand van",
    "bekendOp": "Zoals bekend op",
    "metGeldigOp": "Vergelijk met de stand van",
    "metBekendOp": "Vergelijk met wat bekend was op",
    "sinds": "Vergelijk met",
    "positie": "Positie",
    "vanTelregel": "Telregel van het eerste moment",
    "naarTelregel": "Telregel van het tweede moment",
    "telregel": "Telregel",
    "kaart": "Kleur van de kaart",
    "sorteer": "Volgorde",
}
"""Field of a question in the address of a page → what people call it."""


def veld(name: str) -> str:
    """Returns what people call a field of a question."""
    return VELDEN.get(name) or name[:1].upper() + name[1:]


_MOMENTEN = {"gisteren": "een dag eerder", "week": "een week eerder", "jaar": "1 jan"}


def gekozen(name: str, value: str) -> str:
    """Writes what a field of a question holds: a name for a code, and words for an order."""
    match name:
        case "provincie":
            return PROVINCIES.get(value, value)
        case "gemeente":
            return next((one.naam for one in gemeenten() if one.code == value), value)
        case "sinds":
            return _MOMENTEN.get(value, value)
        case "sorteer":
            column = value.removeprefix("-")
            label = BIJ_NAAM[column].label.lower() if column in BIJ_NAAM else column
            return f"{label} (aflopend)" if value.startswith("-") else label
    return value
