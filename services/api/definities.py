"""What each figure means, in a sentence for whoever opens an export: of the models, and here where they say nothing."""

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, get_args

from pydantic import BaseModel

_MEANINGS = {
    "aanwezig": "Mensen aanwezig, volgens de laatste meting van elke locatie",
    "plaatsen": "Bekende plaatsen van alle soorten, ook die nu niet bruikbaar zijn",
    "totaalPlaatsen": "Plaatsen van alle soorten, ook die nu niet bruikbaar zijn",
    "inzetbaar": "Plaatsen die nu bruikbaar zijn",
    "bezettingsgraad": "aanwezig / inzetbaar, over open locaties waarvan beide bekend zijn; 1 is vol",
    "dekking": "Deel van de inzetbare plaatsen waarvan de bezetting in de laatste 24 uur is gemeld",
    "dataOuderdomSeconden": "Ouderdom van de oudste meting die meetelt",
    "dataOuderdomMediaanSeconden": "De middelste ouderdom van de metingen die meetellen",
    "locaties": "Aantal open locaties",
    "bovenCapaciteit": "Meer mensen dan inzetbare plaatsen",
    "bovenMaximum": "Meer mensen dan het maximum dat geldt",
    "toegang": "Toegangsregime: open, gecontroleerd, beperkt of gesloten",
    "peilmoment": "Wanneer de laatste meting gold",
    "opgave": "Plaatsen die een gemeente volgens de Spreidingswet mogelijk moet maken",
    "opgaveStatus": "Hoe vast de opgave staat: indicatief, provinciaal of verdeelbesluit",
    "waarvanAmv": "Deel van de opgave voor alleenstaande minderjarige vreemdelingen",
    "meetellend": "Plaatsen die volgens de cyclus meetellen: eigen + ontvangen − gegeven",
    "eigen": "Meetellende plaatsen in de gemeente zelf",
    "ontvangen": "Plaatsen van een andere gemeente die volgens afspraak hier meetellen",
    "gegeven": "Plaatsen hier die volgens afspraak voor een andere gemeente meetellen",
    "tekort": "Plaatsen te weinig voor de opgave",
    "naleving": "voldoet, gedeeltelijk, voldoet niet, geen opgave, of onbekend",
    "toezicht": "Laatste stap van het interbestuurlijk toezicht; leeg als er geen is",
    "geldigOp": "Over welk moment in de wereld",
    "bekendOp": "Met wat toen bekend was",
    "positie": "Welke opgeslagen gebeurtenissen zijn geteld; hiermee is dit precies te herhalen",
    "zichtbaarheid": "openbaar of afgeschermd",
    "simulatie": "Er tellen gesimuleerde gebeurtenissen mee",
}


@cache
def meanings(model: type[BaseModel]) -> Mapping[str, str]:
    """Name of a field, anywhere in a model → what it means."""
    found: dict[str, str] = {}
    for name, field in model.model_fields.items():
        found |= {key: text for inner in _within(field.annotation) for key, text in meanings(inner).items()}
        found[field.alias or name] = field.description or _MEANINGS.get(name, "")
    return found


def _within(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, UnionType) and not get_args(annotation):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for part in get_args(annotation) for model in _within(part)]
