"""What each field of an answer or a file is called and means. Of a figure, `grootheden` declares both."""

import re
from collections.abc import Mapping

from services.core.begrippen import BEGRIPPEN
from services.core.grootheden import BIJ_NAAM, GROOTHEDEN
from services.core.grootheden.declaratie import Eenheid

VAN_TOEZICHT: Mapping[str, str] = {
    "stap": "De stap van het interbestuurlijk toezicht",
    "trede": "De plaats in het rijksbrede kader voor interbestuurlijk toezicht, van 1 tot en met 6",
    "fase": "Hoe dat kader die plaats noemt",
    "gezetOp": "Wanneer die stap werd gezet",
    "toezichthouder": "Wie de stap zet: minister, of de code van een provincie",
    "termijn": "Op deze dag moet de gemeente uiterlijk hebben gehandeld",
    "verlopen": "Of de termijn voorbij is en zij nog niet voldoet; leeg als dat niet vast te stellen is",
    "dagenTeLaat": "Hoeveel dagen de termijn voorbij is en zij nog niet voldoet; leeg als zij niet te laat is",
    "sinds": "Sinds wanneer de gemeente zonder onderbreking in die stap is, met welke termijn ook",
    "dagenInStap": "Hoeveel dagen de gemeente zonder onderbreking in die stap is",
    "verlooptOp": "Het eerste moment waarop de gemeente te laat is",
    "reden": "Waarom de stap niet op de vorige volgt",
    "urenPerGemeente": "Hoeveel uren per jaar één gemeente in die stap naar raming kost",
    "urenPerFte": "Hoeveel uren per jaar één fte van de toezichthouder is",
    "bron": "Waarop een raming of wat er aan mensen is berust, volgens de melding; leeg als die dat niet zegt",
    "gebeurtenis": "Het id van die melding",
    "buitenVolgorde": "De stappen van het toezicht dat loopt die niet op de vorige volgen, elk met waarom",
}
"""What fields mean that tell of a step, or of a gemeente under toezicht. Elsewhere some of these names mean more."""
VELDEN: Mapping[str, str] = {
    **VAN_TOEZICHT,
    "geldigOp": "Over welk moment in de wereld",
    "bekendOp": "Met wat toen bekend was",
    "inwonersOp": "Van welke dag de inwoners ongeveer zijn, van hun bron zonder dag; geen officieel cijfer",
    "positie": "Welke opgeslagen gebeurtenissen zijn geteld; hiermee is dit precies te herhalen",
    "omvat": "zichtbaar: locaties die afgeschermd zijn tellen niet mee; alles: elke locatie telt mee",
    "zichtbaarheid": "openbaar of afgeschermd",
    "simulatie": "Er tellen gesimuleerde gebeurtenissen mee",
    "gemaaktOp": "Wanneer dit is gemaakt",
    "rapport": "Welk rapport",
    "label": "Hoe mensen het noemen",
    "eenheid": "In welke eenheid het staat",
    "registers": "Uit welke registers het volgt",
    "formule": "Hoe het is geteld, met de getallen ingevuld",
    "woord": "Het woord",
    "veld": "Het veld",
    "velden": "Velden die geen cijfers zijn",
    "begrippen": "Woorden, elk met wat zij betekenen",
    "licentie": "Onder welke licentie anderen dit mogen gebruiken: haar URI, of dat er geen is opgegeven",
    "definities": "Waar staat wat elk cijfer betekent, in welke eenheid, en uit welke meldingen het volgt",
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
    "stap": "De stap van het interbestuurlijk toezicht; van een reeks: hoe lang een punt duurt",
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
BETEKENISSEN: Mapping[str, str] = {**VELDEN, **{one.naam: one.betekenis for one in GROOTHEDEN}}
"""Field → what it means, in one sentence."""
WOORDEN = tuple((one.woord, one.betekenis) for one in BEGRIPPEN)
"""Each word of the domain, and what it means."""
_BY_NAME = {one.naam: one for one in GROOTHEDEN}
_CAPITAL = re.compile("[A-Z]")
_FORMS = {
    Eenheid.GRAAD: "procent",
    Eenheid.AANDEEL: "procent",
    Eenheid.EURO: "euro",
    Eenheid.PER_1000: "twee decimalen",
}
"""Units that a workbook writes in a form of their own."""


def kop_van(path: str) -> str:
    """Returns what people call a field, by its path in an answer such as `maximum.dagen`."""
    found = BIJ_NAAM.get(path)
    if found is not None:
        return found.kop or found.label
    parts = [_words(part) for part in path.split(".")]
    return " ".join(parts).capitalize()


_PRECIES = frozenset({"time", "ontvangenop"})
"""The moments by which the log orders events."""


def vorm_van(path: str) -> str:
    """Returns in which form people read a field: `procent`, `euro`, `twee decimalen`, or empty for a plain value.

    `precies`: a moment that must come back as it was, to the microsecond.
    """
    if path in _PRECIES:
        return "precies"
    found = BIJ_NAAM.get(path) or _BY_NAME.get(path.rpartition(".")[2])
    return "" if found is None else _FORMS.get(found.eenheid, "")


def eenheid_van(path: str) -> str:
    """Returns the unit of a figure; empty for a field that is no figure, and for words and moments."""
    found = BIJ_NAAM.get(path) or _BY_NAME.get(path.rpartition(".")[2])
    if found is None or found.eenheid.value.kolom not in ("heel", "breuk"):
        return ""
    return found.eenheid.value.naam


def _words(name: str) -> str:
    found = _BY_NAME.get(name)
    return (found.kop or found.label).lower() if found else _CAPITAL.sub(lambda letter: f" {letter[0].lower()}", name)
