"""What each field of an export is: its meaning in one sentence, and the type of its column."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Any, get_args

from pydantic import BaseModel

from schemas.fields import Json
from services.core.grootheden import GROOTHEDEN
from services.core.grootheden.declaratie import Kolomsoort

_OVERIG = {
    "geldigOp": "Over welk moment in de wereld",
    "bekendOp": "Met wat toen bekend was",
    "positie": "Welke opgeslagen gebeurtenissen zijn geteld; hiermee is dit precies te herhalen",
    "omvat": "zichtbaar: locaties die afgeschermd zijn tellen niet mee; alles: elke locatie telt mee",
    "zichtbaarheid": "openbaar of afgeschermd",
    "simulatie": "Er tellen gesimuleerde gebeurtenissen mee",
    "gemaaktOp": "Wanneer dit is gemaakt",
    "rapport": "Welk rapport",
    "betekenis": "De versie van wat de cijfers betekenen",
    "voorbehoud": "Waarom een cijfer niet vast te stellen is, of wat het buiten beschouwing laat",
    "tekst": "Dat in één zin",
    "regels": "De telregels van de cyclus",
    "omschrijving": "Wat de regel vraagt",
    "verplaatsingen": "Welke gemeenten volgens een andere telregel in een andere klasse vallen",
    "naar": "Het einde, of het cijfer daar",
    "telregel": "Volgens welke regel plaatsen meetellen",
    "vergelijkbaar": "Of ons cijfer naast het gepubliceerde te leggen is",
    "alinea": "De cijfers in een alinea",
    "cyclus": "Van welke cyclus van de Spreidingswet",
    "onderwerp": "Waarover: NL, of het id van een locatie, of de CBS-code van een gemeente of provincie",
    "onderwerpNaam": "De naam daarvan",
    "grootheid": "Welk cijfer",
    "waarde": "Hoeveel, of wat",
    "id": "Waarmee dit te vinden is",
    "code": "Code van CBS",
    "gemeenteNaam": "De naam van de gemeente",
    "provincie": "CBS-code van de provincie",
    "provincieNaam": "De naam van de provincie",
    "aantal": "Plaatsen van deze soort, ook die nu niet bruikbaar zijn",
    "begin": "Waar deze tijd begint",
    "stap": "Hoe lang een punt duurt",
    "van": "Het begin, of het cijfer daar",
    "tot": "Het einde, dat er niet meer bij hoort",
    "peildatum": "Over welke dag",
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
"""The fields that are no figures."""
_MEANINGS = _OVERIG | {one.naam: one.betekenis for one in GROOTHEDEN}
_SOORTEN: Mapping[tuple[str, str | None], Kolomsoort] = {
    ("integer", None): "heel",
    ("number", None): "breuk",
    ("boolean", None): "waar",
    ("string", "date-time"): "moment",
    ("string", "date"): "datum",
}
"""What a column holds, by type and format in the JSON Schema of its field. Whatever else is text."""


@cache
def meanings(model: type[BaseModel]) -> Mapping[str, str]:
    """Finds what every field in a model means, by its name."""
    found: dict[str, str] = {}
    for name, field in model.model_fields.items():
        found |= {key: text for inner in _within(field.annotation) for key, text in meanings(inner).items()}
        found[field.alias or name] = field.description or _MEANINGS.get(name, "")
    return found


@cache
def kolomsoort(model: type[BaseModel], path: str) -> Kolomsoort:
    """Finds what a column of an answer holds: by the declared type of its field, also when nothing of it is known."""
    schema = _schema(model)
    found = [schema]
    for name in path.split("."):
        found = [field for part in found for field in _below(schema, part, name)]
    kinds = {
        _SOORTEN.get((part.get("type", ""), part.get("format")), "tekst")
        for one in found
        for part in _alternatives(schema, one)
        if part.get("type") != "null"
    }
    if kinds == {"heel", "breuk"}:
        return "breuk"
    return kinds.pop() if len(kinds) == 1 else "tekst"


@cache
def _schema(model: type[BaseModel]) -> Json:
    return model.model_json_schema(mode="serialization")


def _below(schema: Json, at: Json, name: str) -> Iterator[Json]:
    """Yields the schema of a field, of an object or of the objects in a list."""
    for part in _alternatives(schema, at):
        if "items" in part:
            yield from _below(schema, part["items"], name)
        elif name in part.get("properties", {}):
            yield part["properties"][name]
        elif isinstance(part.get("additionalProperties"), dict):
            yield part["additionalProperties"]


def _alternatives(schema: Json, at: Json) -> Iterator[Json]:
    if "$ref" in at:
        yield from _alternatives(schema, schema["$defs"][at["$ref"].rpartition("/")[2]])
    elif "anyOf" in at:
        for part in at["anyOf"]:
            yield from _alternatives(schema, part)
    else:
        yield at


def _within(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, UnionType) and not get_args(annotation):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for part in get_args(annotation) for model in _within(part)]
