"""What sentences and pages call a figure: its label, and a name in words for what only others publish."""

import re
from collections.abc import Mapping

from services.core.grootheden import BIJ_NAAM
from services.core.grootheden.declaratie import Eenheid

_PARTS = re.compile(r"(?<=[a-z])(?=[A-Z\d])|(?<=\d)(?=[A-Z])|-")
_GEPUBLICEERD: Mapping[str, str] = {
    "inRegulier": "mensen in reguliere opvang",
    "inCoaNoodopvang": "mensen in noodopvang van COA",
    "locatiesRegulier": "reguliere locaties",
    "locatiesNoodOfTijdelijk": "locaties voor noodopvang of tijdelijke opvang",
    "rechtOpOpvang": "mensen met recht op opvang",
    "buitenCoa": "mensen buiten de locaties van COA",
    "nietOfGedeeltelijk": "gemeenten die niet of gedeeltelijk voldoen",
    "plaatsenIncidenteel": "incidentele plaatsen",
    "plaatsenGepland": "geplande plaatsen",
    "plaatsenGerealiseerd": "gerealiseerde plaatsen",
    "plaatsenMeerjarig": "meerjarige plaatsen",
    "plaatsenTijdelijk": "tijdelijke plaatsen",
    "plaatsenCrisisnoodopvang": "plaatsen in crisisnoodopvang",
    "opgaveBerekend": "berekende opgave",
    "opgaveBerekendAnders": "opgave, anders berekend",
    "dwangsomDagen": "dagen met dwangsom",
    "dwangsomTotaal": "dwangsom in totaal",
    "dwangsomTotaalBeideReeksen": "dwangsom in totaal, beide reeksen",
}
"""The name of a figure that only others publish → its words, where those do not follow from the name."""


def cijfernaam(name: str) -> str:
    """Returns what a sentence calls a figure, such as `gemeten aanwezig` or `opgave 2024 indicatief`."""
    if found := BIJ_NAAM.get(name):
        return found.label[:1].lower() + found.label[1:]
    return _GEPUBLICEERD.get(name) or _PARTS.sub(" ", name).lower()


def eenheid_van_cijfer(name: str) -> Eenheid | None:
    """Returns the unit of a figure. Of those that only others publish, penalties are in euros; the rest has none."""
    if (found := BIJ_NAAM.get(name)) is not None:
        return found.eenheid
    return Eenheid.EURO if "dwangsom" in name.casefold() and not name.endswith("Dagen") else None
