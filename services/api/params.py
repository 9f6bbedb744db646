"""What may be asked: the query parameters of every read, and the question that they come down to."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import orjson
from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from schemas.data import Ernst, OpgaveStatus
from schemas.events import FACT_TYPES
from schemas.fields import EventId, GemeenteCode, ProvincieCode
from schemas.reference import PROVINCIES
from services.access import caller_of
from services.core.alarms.alarmen import Status
from services.core.grootheden import in_reeks, sorteerbaar
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.toezicht import ONDER_TOEZICHT
from services.core.history.reeks import Tijdstap
from services.core.naleving import KLASSEN
from services.core.toezicht import ACTIEF, STAPPEN
from services.export import FORMATS
from services.reads.alarm_keuze import LAND, Volgorde
from services.reads.question import Audience, Question
from services.reads.reader import Reader
from services.reads.toezicht import GEMEENTEN_MAX, WEKEN, Keuze, Stel
from services.web.asked import Tijd, Tijdstip, WaarOfNiet, filled_in, not_known_yet, question_of
from services.web.problems import ProblemError, Veldfout, invalid, repeated_parameters

PageSize = Annotated[int, Field(ge=1, le=1000, description="Hoeveel regels hoogstens")]
Cursor = Annotated[
    str, Field(max_length=400, description="`volgende` uit het vorige antwoord: verder waar dat ophield")
]
CyclusJaar = Annotated[str, Field(pattern=r"^20[0-9]{2}$")] | None


def _orders(own_id: str, *soorten: FigureOf) -> tuple[str, ...]:
    """The orders of a list: by its id, by name and by every number that anybody may see, upward and downward."""
    names = (own_id, "naam", *sorteerbaar(*soorten, unseen=Audience.LEZER.unseen))
    return *names, *(f"-{name}" for name in names)


SORTERINGEN = _orders("id", FigureOf.LOCATIE)
SORTERINGEN_GEMEENTEN = _orders("code", FigureOf.GEMEENTE, FigureOf.GEBIED)
SORTERINGEN_PROVINCIES = _orders("code", FigureOf.GEBIED, FigureOf.PROVINCIE, FigureOf.TOTALEN)
_SORTEER = "Volgorde; met - ervoor van hoog naar laag, onbekend achteraan"

Formaat = Annotated[
    Literal[("json", *FORMATS)] | None,  # type: ignore[valid-type]
    Field(description="Vorm van het antwoord; gaat voor Accept"),
]


class VoorIedereen(BaseModel):
    """Een antwoord dat men iedereen kan geven. Het kan alleen minder laten zien dan wie vraagt mag zien."""

    omvat: Literal["zichtbaar"] | None = Field(
        default=None,
        description="zichtbaar: zoals iedereen het mag zien, ook voor wie meer mag zien",
    )


class Vraag(VoorIedereen, Tijd):
    """Van een cijfer: ook precies welke gebeurtenissen meetellen, in welke vorm, en of iedereen het mag zien."""

    formaat: Formaat = None

    positie: str | None = Field(
        default=None,
        max_length=2000,
        description="`positie` uit een eerder antwoord: tel alleen wat toen was opgeslagen",
    )


Telregelnaam = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


class MetTelregel(BaseModel):
    """Geteld volgens een andere regel dan die de cyclus noemt."""

    telregel: Telregelnaam | None = Field(
        default=None,
        description="Naam van de telregel; `cyclus` is die van de cyclus zelf. Zonder: de regel die de cyclus noemt",
    )


class TelregelVraag(MetTelregel, Vraag):
    """Een cijfer dat van een telregel afhangt."""


class InZinnen(BaseModel):
    """Een verklaring, eventueel ook in woorden."""

    zinnen: WaarOfNiet = Field(
        default=False, description="Bij elke regel ook een zin voor mensen, en in formules namen in plaats van codes"
    )


class UitlegVraag(InZinnen, Vraag):
    """Waarom cijfers zijn wat zij zijn."""


class TelregelUitlegVraag(InZinnen, TelregelVraag):
    """Waarom cijfers zijn wat zij zijn, die van een telregel afhangen."""


class CyclusVraag(Vraag):
    """Eventueel van een andere cyclus dan die geldt."""

    cyclus: CyclusJaar = Field(
        default=None, description="Een andere cyclus van de Spreidingswet dan die op geldigOp geldt"
    )


class NalevingVraag(MetTelregel, CyclusVraag):
    """De naleving, eventueel van een andere cyclus dan die geldt, of volgens een andere telregel."""


class NalevingUitlegVraag(InZinnen, NalevingVraag):
    """Waarom de naleving is wat zij is."""


class Bladvraag(Vraag):
    """Een bladzijde van een lijst: welke regels, in welke volgorde."""

    zoek: str | None = Field(default=None, min_length=1, max_length=120, description="Een deel van de naam")
    sorteer: str
    na: Cursor | None = None
    aantal: PageSize = 100


class LocatieVraag(Bladvraag):
    """Welke locaties, in welke volgorde."""

    gemeente: GemeenteCode | None = Field(default=None, description="Alleen in deze gemeente")
    provincie: ProvincieCode | None = Field(default=None, description="Alleen in deze provincie")
    open: WaarOfNiet | None = Field(default=None, description="Alleen open locaties, of juist alleen gesloten")
    sorteer: Literal[SORTERINGEN] = Field(default="id", description=_SORTEER)  # type: ignore[valid-type]


class GemeenteVraag(MetTelregel, Bladvraag):
    """Welke gemeenten, in welke volgorde. Zonder `aantal` zijn het er zoveel als er zijn."""

    provincie: ProvincieCode | None = Field(default=None, description="Alleen in deze provincie")
    naleving: Literal[KLASSEN] | None = Field(default=None, description="Alleen in deze klasse")  # type: ignore[valid-type]
    opgaveStatus: OpgaveStatus | None = Field(default=None, description="Alleen met een opgave van deze status")
    sorteer: Literal[SORTERINGEN_GEMEENTEN] = Field(default="code", description=_SORTEER)  # type: ignore[valid-type]
    aantal: PageSize = 1000


class ProvincieVraag(MetTelregel, Bladvraag):
    """Welke provincies, in welke volgorde."""

    sorteer: Literal[SORTERINGEN_PROVINCIES] = Field(default="code", description=_SORTEER)  # type: ignore[valid-type]


class LogVraag(Vraag):
    """Welk deel van het logboek. geldigOp verandert hier niets: het logboek bevat ook wat nog moet ingaan."""

    onderwerp: str | None = Field(default=None, min_length=1, max_length=60, description="Alleen over dit onderwerp")
    type: Literal[tuple(FACT_TYPES)] | None = Field(default=None, description="Alleen van dit type")  # type: ignore[valid-type]
    bron: str | None = Field(default=None, min_length=1, max_length=120, description="Alleen van deze `source`")
    na: Cursor | None = None
    aantal: PageSize = 100


class VerschilVraag(VoorIedereen):
    """Tussen welke twee momenten, elk met zijn eigen kennis en telregel."""

    model_config = ConfigDict(extra="forbid")

    vanGeldigOp: Tijdstip | None = Field(default=None, description="Van: over welk moment. Zonder: vanBekendOp")
    vanBekendOp: Tijdstip | None = Field(default=None, description="Van: met wat toen bekend was. Zonder: nu")
    vanTelregel: Telregelnaam | None = Field(
        default=None, description="Van: geteld volgens deze telregel. Zonder: de regel die de cyclus dan noemt"
    )
    naarGeldigOp: Tijdstip | None = Field(default=None, description="Naar: over welk moment. Zonder: naarBekendOp")
    naarBekendOp: Tijdstip | None = Field(default=None, description="Naar: met wat toen bekend was. Zonder: nu")
    naarTelregel: Telregelnaam | None = Field(
        default=None, description="Naar: geteld volgens deze telregel. Zonder: de regel die de cyclus dan noemt"
    )
    formaat: Formaat = None
    positie: str | None = Field(
        default=None,
        max_length=2000,
        description="`positie` uit een eerder antwoord: tel alleen wat toen was opgeslagen",
    )
    onderwerp: str | None = Field(
        default=None,
        min_length=1,
        max_length=60,
        description="Alleen van dit onderwerp: NL, of het id of de code van een locatie, gemeente of provincie",
    )


class ReeksVraag(Vraag):
    """Een reeks: over welke tijd, in welke stappen. geldigOp is het einde als `tot` er niet staat."""

    van: Tijdstip | None = Field(default=None, description="Begin. Zonder: een vaste tijd voor het einde")
    tot: Tijdstip | None = Field(
        default=None, description="Einde, zelf niet meegeteld; mag in de toekomst liggen. Zonder: geldigOp"
    )
    stap: Tijdstap = Field(default="dag", description="Nederlandse uren, dagen, weken (vanaf maandag) of maanden")
    grootheid: str


class BezettingReeksVraag(ReeksVraag):
    """Een reeks van een bezetting."""

    grootheid: Literal[tuple(sorted(in_reeks(FigureOf.GEBIED)))] = Field(  # type: ignore[valid-type]
        default="aanwezig", description="Welk cijfer"
    )


class LocatieReeksVraag(ReeksVraag):
    """Een reeks van een locatie."""

    grootheid: Literal[tuple(sorted(in_reeks(FigureOf.LOCATIE)))] = Field(  # type: ignore[valid-type]
        default="aanwezig", description="Welk cijfer"
    )


class GebiedReeksVraag(MetTelregel, ReeksVraag):
    """Een reeks van een gemeente of provincie: haar bezetting of haar opgave."""

    grootheid: Literal[(*sorted(in_reeks(FigureOf.GEBIED)), *sorted(in_reeks(FigureOf.GEMEENTE)))] = Field(  # type: ignore[valid-type]
        default="aanwezig", description="Welk cijfer; meetellend, opgave en tekort zijn plaatsen"
    )


_OF_LAW = dict.fromkeys(
    (
        *in_reeks(FigureOf.TOTALEN),
        *sorted({*in_reeks(FigureOf.GEMEENTE), *in_reeks(FigureOf.LAND)}),
    )
)
"""The figures of the law that can be asked through time."""


class NalevingReeksVraag(MetTelregel, ReeksVraag):
    """Een reeks van de naleving: aantallen gemeenten per klasse, of sommen van plaatsen."""

    grootheid: Literal[tuple(_OF_LAW)] = Field(  # type: ignore[valid-type]
        default="voldoet", description="Welk cijfer; meetellend, opgave en tekort zijn plaatsen"
    )
    cyclus: CyclusJaar = Field(default=None, description="Een andere cyclus van de Spreidingswet dan die steeds geldt")


class ToezichtReeksVraag(MetTelregel, ReeksVraag):
    """Een reeks van het toezicht."""

    grootheid: Literal[tuple(in_reeks(FigureOf.TOEZICHT))] = Field(  # type: ignore[valid-type]
        default=ONDER_TOEZICHT.naam, description="Welk cijfer; met een punt ervoor van welke stap"
    )
    cyclus: CyclusJaar = Field(default=None, description="Een andere cyclus van de Spreidingswet dan die steeds geldt")


class ToezichtRapportVraag(NalevingVraag):
    """Het toezicht om mee te nemen, met wat het zou kosten om gemeenten op te pakken."""

    stelGemeenten: int | None = Field(
        default=None,
        ge=0,
        le=GEMEENTEN_MAX,
        description="Van `alsAllen`: stel dat zoveel gemeenten worden opgepakt. Zonder: alle die niet of gedeeltelijk "
        "voldoen",
    )
    stelStap: Literal[STAPPEN] = Field(default=ACTIEF, description="Van `alsAllen`: in welke stap")  # type: ignore[valid-type]

    @property
    def stel(self) -> Stel:
        """What if so many were taken up."""
        return Stel(self.stelGemeenten, self.stelStap)


class ToezichtVraag(ToezichtRapportVraag):
    """Het toezicht. Welke gemeenten er staan is te kiezen; de cijfers gaan altijd over het hele land."""

    stap: Literal[STAPPEN] | None = Field(default=None, description="Alleen gemeenten in deze stap")  # type: ignore[valid-type]
    provincie: ProvincieCode | None = Field(default=None, description="Alleen gemeenten in deze provincie")
    verlopen: WaarOfNiet | None = Field(
        default=None, description="Alleen waarvan de termijn verlopen is, of juist niet"
    )
    dagen: int | None = Field(
        default=None, ge=0, le=10_000, description="Alleen die minstens zoveel dagen in hun stap zijn"
    )
    weken: int = Field(default=WEKEN, ge=1, le=104, description="Hoeveel weken vooruit `termijnen` kijkt")

    @property
    def keuze(self) -> Keuze:
        """Which gemeenten are told of."""
        return Keuze(self.stap, self.provincie, self.verlopen, self.dagen)


class VooruitblikVraag(MetTelregel, Vraag):
    """Hoe ver vooruit."""

    maanden: int = Field(default=24, ge=1, le=120, description="Hoeveel hele maanden na de lopende")


class AansluitingVraag(Vraag):
    """Welke gepubliceerde cijfers. geldigOp: met een peildatum tot en met dan."""

    onderwerp: str | None = Field(default=None, min_length=1, max_length=60, description="Alleen over dit onderwerp")
    grootheid: str | None = Field(default=None, min_length=1, max_length=60, description="Alleen dit cijfer")
    na: Cursor | None = None
    aantal: int = Field(default=20, ge=1, le=100, description="Hoeveel regels hoogstens")


class AlarmVraag(Vraag):
    """Welke alarmen, in welke volgorde. Van een alarm telt alleen bekendOp: het is een uitspraak van een moment."""

    status: Status | None = Field(default=None, description="Alleen in deze staat")
    regel: str | None = Field(default=None, min_length=1, max_length=60, description="Alleen van deze regel")
    ernst: Ernst | None = Field(default=None, description="Alleen van deze ernst")
    onderwerp: str | None = Field(default=None, min_length=1, max_length=60, description="Alleen over dit onderwerp")
    provincie: Literal[(LAND, *PROVINCIES)] | None = Field(  # type: ignore[valid-type]
        default=None, description="Alleen in deze provincie; NL: alleen wat over geen provincie gaat"
    )
    zoek: str | None = Field(
        default=None, min_length=1, max_length=120, description="Woorden uit de naam, het id of de regel"
    )
    sorteer: Volgorde = Field(
        default="-sinds",
        description="ernst: het ergste eerst; naam; sinds; afwijking: hoe ver voorbij de drempel toen het begon "
        "(van een alarm dat voorbij is: aan het eind), als deel daarvan. Met - ervoor van hoog naar laag; wat niet "
        "bekend is achteraan",
    )
    na: EventId | None = Field(default=None, description="`volgende` uit het vorige antwoord")
    aantal: PageSize = 100

    @property
    def noemt_namen(self) -> bool:
        """Whether it takes names or places to answer."""
        return self.zoek is not None or self.provincie is not None or self.sorteer.endswith("naam")


class StilteVraag(Vraag):
    """Welke stiltes. Alleen bekendOp telt hier."""

    status: Literal["komt", "geldt", "voorbij"] | None = Field(default=None, description="Alleen in deze staat")


def asked(reader: Reader, request: Request, vraag: Vraag) -> Question:
    """The question that a request asks for its caller. Raises ProblemError 400 for moments that can't be."""
    cyclus = vraag.cyclus if isinstance(vraag, CyclusVraag | NalevingReeksVraag) else None
    telregel = vraag.telregel if isinstance(vraag, MetTelregel) else None
    audience = audience_of(request, vraag)
    positie = asked_positie(reader, request, vraag.positie)
    question = question_of(request, vraag, reader.clock(), audience, positie=positie, cyclus=cyclus)
    return question.counted_by(telregel)


def audience_of(request: Request, vraag: VoorIedereen) -> Audience:
    """For whom the answer is: its caller, or everybody, who never sees more than any caller does."""
    return caller_of(request).audience if vraag.omvat is None else Audience.LEZER


def both_asked(reader: Reader, request: Request, vraag: VerschilVraag) -> tuple[Question, Question]:
    """The two points to compare. Raises ProblemError 400 with everything that is wrong with the request as a whole."""
    now, audience = reader.clock(), audience_of(request, vraag)
    fouten = repeated_parameters(request)
    fouten += not_known_yet(now, vanBekendOp=vraag.vanBekendOp, naarBekendOp=vraag.naarBekendOp)
    if vraag.vanGeldigOp is None and vraag.vanBekendOp is None:
        fouten.append(Veldfout(veld="vanGeldigOp", melding="geef vanGeldigOp of vanBekendOp: waarmee vergelijken"))
    if fouten:
        raise invalid(fouten)
    positie = asked_positie(reader, request, vraag.positie)
    van = Question(*filled_in(vraag.vanGeldigOp, vraag.vanBekendOp, now), now, audience, positie)
    naar = van.at_point(*filled_in(vraag.naarGeldigOp, vraag.naarBekendOp, now))
    return van.counted_by(vraag.vanTelregel), naar.counted_by(vraag.naarTelregel)


def asked_positie(reader: Reader, request: Request, text: str | None) -> str | None:
    """Returns the positie of a request, opened; `with_positie` seals that of its answer. Raises PositionError."""
    request.state.sealed = reader.store.sealed
    return reader.store.sealed.asked(text, raw=caller_of(request).audience.sees_shielded)


def write_cursor(parts: Sequence[Any]) -> str:
    """Writes where a page ended, as text that can stand in a URL as it is."""
    return base64.urlsafe_b64encode(orjson.dumps(list(parts))).decode().rstrip("=")


def read_cursor(cursor: str) -> list[Any]:
    """Reads what `write_cursor` was given. Raises ProblemError 400 for any other text."""
    try:
        parts = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:  # ValueError: not ASCII, or not JSON
        raise wrong_cursor() from error
    if not isinstance(parts, list):
        raise wrong_cursor()
    return parts


def wrong_cursor() -> ProblemError:
    """The problem 400: `na` is not a cursor that an answer gave."""
    return invalid([Veldfout(veld="na", melding="is geen `volgende` uit een eerder antwoord op deze zelfde vraag")])
