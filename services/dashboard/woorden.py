"""The words that pages use more than once: fields of a question, how alarms stand, and what else they call alike."""

from collections.abc import Mapping

from schemas.fields import OWN_RULE
from schemas.reference import PROVINCIES
from services.core import genoemd
from services.core.grootheden.namen import cijfernaam

VELDEN: Mapping[str, str] = {
    "geldigOp": "Stand van",
    "bekendOp": "Zoals bekend op",
    "metGeldigOp": "Vergelijk met de stand van",
    "metBekendOp": "Vergelijk met wat bekend was op",
    "sinds": "Vergelijk met",
    "positie": "Positie",
    "vanGeldigOp": "Eerste stand van",
    "vanBekendOp": "Eerste zoals bekend op",
    "naarGeldigOp": "Tweede stand van",
    "naarBekendOp": "Tweede zoals bekend op",
    "vanTelregel": "Telregel van het eerste moment",
    "naarTelregel": "Telregel van het tweede moment",
    "telregel": "Telregel",
    "kaart": "Kleur van de kaart",
    "zoek": "Gezocht op",
    "groep": "Gegroepeerd op",
    "sorteer": "Gesorteerd op",
    "aantal": "Rijen per bladzijde",
    "stelGemeenten": "Stel zoveel gemeenten",
    "stelStap": "Stel in de stap",
    "dagen": "Minstens zoveel dagen in de stap",
    "verlopen": "Termijn verlopen",
    "week": "Termijn in de week van",
    "open": "Open locaties",
    "vol": "Meer mensen dan plaatsen",
    "status": "Staat",
    "rol": "Wat ervan werd",
}
"""Field of a question in the address of a page → what people call it."""

STATEN: Mapping[str, str] = {
    "actief": "niet opgepakt",
    "opgepakt": "opgepakt",
    "onderdrukt": "onderdrukt",
    "stil": "stilgelegd",
    "wachtend": "wacht nog",
    "hersteld": "voorbij",
}
"""How an alarm stands → the word for it, wherever alarms are shown."""
STATUSSEN: Mapping[str, str] = {
    "wachtend": "wacht nog",
    "actief": "actief",
    "herstellend": "herstelt",
    "hersteld": "voorbij",
}
"""The status of an alarm → the word for it."""
GEMELD: Mapping[str, str] = {"actief": "gaat af", "hersteld": "voorbij", "bevestigd": "opgepakt"}
"""What a receiver is told of an alarm → the words for it."""

DUREN: Mapping[str, str] = {"1u": "1 uur", "4u": "4 uur", "morgen": "tot morgen 8:00", "24u": "24 uur", "tot": "tot:"}
"""How long a silence may be asked for → the words for it. `tot`: until a moment that is filled in beside it."""
TOEN_ONBEKEND = "toen nog niet bekend"
"""What is said instead of `later bekend geworden` where the second moment knows less than the first."""
_WAARDEN: Mapping[str, str] = {
    "true": "ja",
    "false": "nee",
    "week": "vorige week",
    "jaar": "1 jan",
    OWN_RULE: "die van de cyclus zelf",
    "NL": "heel Nederland",
    **PROVINCIES,
}


def veld(name: str) -> str:
    """Returns what people call a field of a question."""
    return VELDEN.get(name) or name[:1].upper() + name[1:]


def gekozen(name: str, value: str) -> str:
    """Returns how people say what is chosen for a field."""
    if name == "sorteer":
        return f"{cijfernaam(value.lstrip('-'))}{', van hoog naar laag' if value.startswith('-') else ''}"
    if name == "status":
        return STATEN.get(value, value)
    return _WAARDEN.get(value, value)


def telregel(naam: str) -> str:
    """Returns the name of a telregel as it stands by itself."""
    return "van de cyclus zelf" if naam == OWN_RULE else genoemd.regel(naam)
