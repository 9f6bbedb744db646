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
    "gemaaktOp": "Wanneer dit is gemaakt",
    "rapport": "Welk rapport",
    "alinea": "De cijfers in een alinea",
    "cyclus": "Van welke cyclus van de Spreidingswet",
    "onderwerp": "Waarover: NL, of het id van een locatie, of de CBS-code van een gemeente of provincie",
    "onderwerpNaam": "De naam daarvan",
    "grootheid": "Welk cijfer",
    "waarde": "Hoeveel, of wat",
    "soort": "Waarvan deze regel is (landelijk, provincie, gemeente, locatie), of wat voor locatie het is",
    "id": "Waarmee dit te vinden is",
    "code": "Code van CBS",
    "naam": "Zoals men het noemt",
    "gemeente": "CBS-code van de gemeente",
    "gemeenteNaam": "De naam van de gemeente",
    "provincie": "CBS-code van de provincie",
    "provincieNaam": "De naam van de provincie",
    "open": "De locatie is open",
    "aantal": "Plaatsen van deze soort, ook die nu niet bruikbaar zijn",
    "maximum": "Het hoogste: hoeveel mensen er mogen zijn, of in een reeks het meeste dat er waren",
    "maximumGrondslag": "Waarop dat maximum berust",
    "dagen": "Dagen met een meting boven het maximum",
    "dagenMetMeting": "Dagen met een meting",
    "voldoet": "Gemeenten met genoeg meetellende plaatsen voor hun opgave",
    "gedeeltelijk": "Gemeenten met meetellende plaatsen, maar te weinig",
    "voldoetNiet": "Gemeenten met een opgave en geen meetellende plaatsen",
    "geenOpgave": "Gemeenten zonder opgave",
    "onbekend": "Gemeenten waarvan te weinig bekend is",
    "begin": "Waar deze tijd begint",
    "stap": "Hoe lang een punt duurt",
    "van": "Het begin, of het cijfer daar",
    "tot": "Het einde, dat er niet meer bij hoort",
    "peildatum": "Over welke dag, om 00:00",
    "bron": "Waar het staat",
    "nauwkeurigheid": "exact, ongeveer, minstens of hoogstens",
    "gepubliceerd": "Wat de bron noemt",
    "bekendSinds": "Sinds wanneer dat bekend is",
    "gebeurtenis": "Het id van de gebeurtenis die het meldt",
    "source": "Wie het meldde",
    "type": "Wat voor gebeurtenis",
    "subject": "Waarover die gaat",
    "data": "Wat die zegt",
    "rol": "Of dit telt in het cijfer, en zo niet wat ervan werd",
    "figuren": "De cijfers, elk met zijn formule",
    "regel": "Welke regel dit alarm gaf",
    "status": "Hoe het ermee staat",
    "ernst": "Hoe ernstig",
    "sinds": "Sinds wanneer",
    "actiefSinds": "Wanneer het een alarm werd; leeg zolang het nog wacht",
    "hersteldOp": "Wanneer het overging",
    "duurSeconden": "Hoe lang het een alarm was of is, tot bekendOp",
    "drempel": "Vanaf welke waarde",
    "toelichting": "Wat er aan de hand is, in één zin",
    "bevestigdDoor": "Wie bevestigde het te hebben gezien",
    "bevestigdOp": "Wanneer dat was",
    "notitie": "Wat die daarbij schreef",
    "runbook": "Wat nu te doen",
    "labels": "Wat de regel meegeeft aan wie het alarm ontvangt",
    "verklaring": "Waar staat uit welke gebeurtenissen het volgt",
    "overschrijding": "Dagen boven het maximum tot dit moment, en wat die kosten",
    "stilte": "Het id van de stilte waardoor het niet wordt gemeld",
    "onderdruktDoor": "Het id van het alarm waardoor dit niet wordt gemeld",
    "gemeld": "Aan wie het is gemeld, en hoe dat ging",
    "ontvanger": "Wie het kreeg",
    "overgang": "Wat er werd gemeld: actief, hersteld of bevestigd",
    "uitkomst": "Hoe het melden ging: bezorgd, uitgesteld, opgegeven of onderdrukt",
    "op": "Wanneer",
    "poging": "De hoeveelste poging",
    "fout": "Wat er misging",
    "vanaf": "Vanaf wanneer dit geldt",
    "reden": "Waarom",
    "doorWie": "Wie dit instelde",
    "ingesteldOp": "Wanneer dit werd ingesteld",
    "beeindigdDoor": "Wie er eerder een eind aan maakte",
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
