"""The words that pages use more than once: what a field of a question is called, and the choices of a filter."""

from collections.abc import Mapping

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
}
"""Field of a question in the address of a page → what people call it."""


def veld(name: str) -> str:
    """Returns what people call a field of a question."""
    return VELDEN.get(name) or name[:1].upper() + name[1:]
