"""Hints for whoever comes here for the first time: at most one on a page, and gone once it was closed.

A hint can be closed without JavaScript too. With JavaScript the browser remembers that it was, and only the browser.
"""

from typing import Any, NamedTuple

from services.dashboard.page_request import Blad


class Hint(NamedTuple):
    """A hint, and the name under which a browser remembers that it was closed."""

    naam: str
    tekst: str


TOEN = Hint(
    "toen",
    "U kijkt niet naar nu. 'Stand van' is het moment in de wereld; 'zoals bekend op' is wat toen was vastgelegd. "
    "De links naar andere cijfers houden dat moment, tot u 'Naar nu' kiest. Melden, Inlezen en Ontvangers gaan van nu "
    "uit.",
)
"""On any page that shows another moment than now."""
HINTS = {
    "/": Hint("cijfers", "Klik bij een cijfer op 'Waarom': daar staan de meldingen waar het uit volgt, en van wie."),
    "/alarmen": Hint("alarmen", "Klik op een alarm voor het verloop en voor wat u kunt doen."),
    "/gemeenten": Hint("tabellen", "Klik op de kop van een kolom om te sorteren; onderaan kunt u de lijst downloaden."),
    "/verschil": Hint(
        "verschil", "Open een regel voor de meldingen erachter. Onderaan staat waardoor cijfers kunnen verschillen."
    ),
}
"""Path of a page → its hint."""


def hint_van(blad: Blad[Any]) -> Hint | None:
    """Returns the hint of a page; None where there is none, as on a wall."""
    if "weergave" in blad.gevraagd:
        return None
    found = HINTS.get(blad.pad)
    return found if blad.nu or blad.pad == "/verschil" else TOEN
