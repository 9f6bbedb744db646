"""What may be asked: the query parameters of every read, and the moments that they come down to."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self

import orjson
from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from schemas.events import FACT_TYPES
from schemas.fields import EventId, GemeenteCode, ProvincieCode, parse_moment
from services.core.history.reeks import VAN_LOCATIE, VAN_SOM, Stap
from services.export import FORMATS
from services.web.problems import ProblemError, Veldfout, invalid, repeated_parameters

_LOST_PLUS = re.compile(r" (\d{2}:\d{2})$")
_MOMENT_SCHEMA = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}


def parse_query_moment(value: object) -> datetime:
    """As `parse_moment`, for a query: a `+` that was not written as %2B arrives as a space."""
    return parse_moment(_LOST_PLUS.sub(r"+\1", value) if isinstance(value, str) else value)


def _bool(value: object) -> bool:
    if value not in ("true", "false"):
        raise PydanticCustomError("bool_type", "is geen true of false")
    return value == "true"


Tijdstip = Annotated[datetime, PlainValidator(parse_query_moment), WithJsonSchema(_MOMENT_SCHEMA)]
WaarOfNiet = Annotated[bool, PlainValidator(_bool), WithJsonSchema({"type": "boolean"})]
Aantal = Annotated[int, Field(ge=1, le=1000, description="Hoeveel regels hoogstens")]
Cursor = Annotated[
    str, Field(max_length=400, description="`volgende` uit het vorige antwoord: verder waar dat ophield")
]
Cyclus = Annotated[str, Field(pattern=r"^20[0-9]{2}$")] | None
VAN_OPGAVE = ("meetellend", "opgave", "tekort")
KLASSE_KEYS = {
    "voldoet": "voldoet",
    "gedeeltelijk": "gedeeltelijk",
    "voldoet niet": "voldoetNiet",
    "geen opgave": "geenOpgave",
    "onbekend": "onbekend",
}
"""The class as a row says it → its key in `totalen`."""
Sorteer = Literal[
    "id", "naam", "aanwezig", "inzetbaar", "bezettingsgraad", "-aanwezig", "-inzetbaar", "-bezettingsgraad"
]


Formaat = Annotated[
    Literal[("json", *FORMATS)] | None,  # type: ignore[valid-type]
    Field(description="Vorm van het antwoord; gaat voor Accept"),
]


class Tijd(BaseModel):
    """Over welk moment, en met welke kennis."""

    model_config = ConfigDict(extra="forbid")

    geldigOp: Tijdstip | None = Field(
        default=None, description="Over welk moment in de wereld. Zonder: nu, of bekendOp als dat eerder is"
    )
    bekendOp: Tijdstip | None = Field(
        default=None, description="Met wat toen bekend was; niet later dan nu. Zonder: alles wat nu bekend is"
    )


class Vraag(Tijd):
    """Van een cijfer: ook precies welke gebeurtenissen meetellen, en in welke vorm."""

    formaat: Formaat = None

    positie: str | None = Field(
        default=None,
        max_length=2000,
        description="`positie` uit een eerder antwoord: tel alleen wat toen was opgeslagen",
    )


class NalevingVraag(Vraag):
    """De naleving, eventueel van een andere cyclus dan die geldt."""

    cyclus: Cyclus = Field(default=None, description="Een andere cyclus van de Spreidingswet dan die op geldigOp geldt")


class LocatieVraag(Vraag):
    """Welke locaties, in welke volgorde."""

    zoek: str | None = Field(default=None, min_length=1, max_length=120, description="Een deel van de naam")
    gemeente: GemeenteCode | None = Field(default=None, description="Alleen in deze gemeente")
    provincie: ProvincieCode | None = Field(default=None, description="Alleen in deze provincie")
    open: WaarOfNiet | None = Field(default=None, description="Alleen open locaties, of juist alleen gesloten")
    sorteer: Sorteer = Field(default="id", description="Volgorde; met - ervoor van hoog naar laag, onbekend achteraan")
    na: Cursor | None = None
    aantal: Aantal = 100


class LogVraag(Vraag):
    """Welk deel van het logboek. geldigOp verandert hier niets: het logboek bevat ook wat nog moet ingaan."""

    onderwerp: str | None = Field(default=None, min_length=1, max_length=60, description="Alleen over dit onderwerp")
    type: Literal[tuple(FACT_TYPES)] | None = Field(default=None, description="Alleen van dit type")  # type: ignore[valid-type]
    bron: str | None = Field(default=None, min_length=1, max_length=120, description="Alleen van deze `source`")
    na: Cursor | None = None
    aantal: Aantal = 100


class VerschilVraag(BaseModel):
    """Tussen welke twee momenten, elk met zijn eigen kennis."""

    model_config = ConfigDict(extra="forbid")

    vanGeldigOp: Tijdstip | None = Field(default=None, description="Van: over welk moment. Zonder: vanBekendOp")
    vanBekendOp: Tijdstip | None = Field(default=None, description="Van: met wat toen bekend was. Zonder: nu")
    naarGeldigOp: Tijdstip | None = Field(default=None, description="Naar: over welk moment. Zonder: naarBekendOp")
    naarBekendOp: Tijdstip | None = Field(default=None, description="Naar: met wat toen bekend was. Zonder: nu")
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
    stap: Stap = Field(default="dag", description="Nederlandse uren, dagen, weken (vanaf maandag) of maanden")
    grootheid: str


class BezettingReeksVraag(ReeksVraag):
    """Een reeks van een bezetting."""

    grootheid: Literal[VAN_SOM] = Field(  # type: ignore[valid-type]
        default="aanwezig", description="Welk cijfer"
    )


class LocatieReeksVraag(ReeksVraag):
    """Een reeks van een locatie."""

    grootheid: Literal[VAN_LOCATIE] = Field(  # type: ignore[valid-type]
        default="aanwezig", description="Welk cijfer"
    )


class GebiedReeksVraag(ReeksVraag):
    """Een reeks van een gemeente of provincie: haar bezetting of haar opgave."""

    grootheid: Literal[(*VAN_SOM, *VAN_OPGAVE)] = Field(  # type: ignore[valid-type]
        default="aanwezig", description="Welk cijfer; meetellend, opgave en tekort zijn plaatsen"
    )


class NalevingReeksVraag(ReeksVraag):
    """Een reeks van de naleving: aantallen gemeenten per klasse, of sommen van plaatsen."""

    grootheid: Literal[(*KLASSE_KEYS.values(), *VAN_OPGAVE)] = Field(  # type: ignore[valid-type]
        default="voldoet", description="Welk cijfer; meetellend, opgave en tekort zijn plaatsen"
    )
    cyclus: Cyclus = Field(default=None, description="Een andere cyclus van de Spreidingswet dan die steeds geldt")


class VooruitblikVraag(Vraag):
    """Hoe ver vooruit."""

    maanden: int = Field(default=24, ge=1, le=120, description="Hoeveel hele maanden na de lopende")


class AansluitingVraag(Vraag):
    """Welke gepubliceerde cijfers. geldigOp: met een peildatum tot en met dan."""

    onderwerp: str | None = Field(default=None, min_length=1, max_length=60, description="Alleen over dit onderwerp")
    grootheid: str | None = Field(default=None, min_length=1, max_length=60, description="Alleen dit cijfer")
    na: Cursor | None = None
    aantal: int = Field(default=20, ge=1, le=100, description="Hoeveel regels hoogstens")


class AlarmVraag(Vraag):
    """Welke alarmen. Alleen bekendOp telt hier: een alarm is een uitspraak van een moment, en komt nooit later."""

    status: Literal["wachtend", "actief", "herstellend", "hersteld"] | None = Field(
        default=None, description="Alleen in deze staat"
    )
    regel: str | None = Field(default=None, min_length=1, max_length=60, description="Alleen van deze regel")
    ernst: Literal["info", "waarschuwing", "hoog", "kritiek"] | None = Field(
        default=None, description="Alleen van deze ernst"
    )
    onderwerp: str | None = Field(default=None, min_length=1, max_length=60, description="Alleen over dit onderwerp")
    na: EventId | None = Field(default=None, description="`volgende` uit het vorige antwoord")
    aantal: Aantal = 100


class StilteVraag(Vraag):
    """Welke stiltes. Alleen bekendOp telt hier."""

    status: Literal["komt", "geldt", "voorbij"] | None = Field(default=None, description="Alleen in deze staat")


@dataclass(frozen=True, slots=True)
class Momenten:
    """What (V, K) a question comes down to."""

    geldig_op: datetime
    bekend_op: datetime
    now: datetime

    @property
    def present(self) -> bool:
        """Asked of now, with the knowledge of now."""
        return self.geldig_op == self.bekend_op == self.now

    @property
    def past(self) -> bool:
        """Asked with the knowledge of a moment gone by: only what comes late can still change the answer."""
        return self.bekend_op < self.now

    @classmethod
    def of(cls, request: Request, tijd: Tijd, now: datetime) -> Self:
        """Fill in what was not asked (design §6). Raises ProblemError 400 with every error of a whole request."""
        fouten = repeated_parameters(request) + not_known_yet(now, bekendOp=tijd.bekendOp)
        if fouten:
            raise invalid(fouten)
        return cls.filled_in(tijd.geldigOp, tijd.bekendOp, now)

    @classmethod
    def filled_in(cls, geldig_op: datetime | None, bekend_op: datetime | None, now: datetime) -> Self:
        """Absent K = now, absent V = K or now, whichever is first."""
        known = bekend_op or now
        return cls(geldig_op or min(now, known), known, now)

    @classmethod
    def both(cls, request: Request, vraag: VerschilVraag, now: datetime) -> tuple[Self, Self]:
        """The two points to compare. Raises ProblemError 400 with every error of a whole request."""
        fouten = repeated_parameters(request)
        fouten += not_known_yet(now, vanBekendOp=vraag.vanBekendOp, naarBekendOp=vraag.naarBekendOp)
        if vraag.vanGeldigOp is None and vraag.vanBekendOp is None:
            fouten.append(Veldfout(veld="vanGeldigOp", melding="geef vanGeldigOp of vanBekendOp: waarmee vergelijken"))
        if fouten:
            raise invalid(fouten)
        return (
            cls.filled_in(vraag.vanGeldigOp, vraag.vanBekendOp, now),
            cls.filled_in(vraag.naarGeldigOp, vraag.naarBekendOp, now),
        )


def not_known_yet(now: datetime, **bekend_op: datetime | None) -> list[Veldfout]:
    """Of moments of knowledge: those that are still to come."""
    return [
        Veldfout(veld=name, melding="ligt in de toekomst; wat dan bekend zal zijn weet nog niemand")
        for name, moment in bekend_op.items()
        if moment is not None and moment > now
    ]


def write_cursor(parts: Sequence[Any]) -> str:
    """Where a page ended, as text that stands in a URL unchanged."""
    return base64.urlsafe_b64encode(orjson.dumps(list(parts))).decode().rstrip("=")


def read_cursor(cursor: str) -> list[Any]:
    """What `write_cursor` was given. Raises ProblemError 400."""
    try:
        parts = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:  # ValueError: not ASCII, or not JSON
        raise wrong_cursor() from error
    if not isinstance(parts, list):
        raise wrong_cursor()
    return parts


def wrong_cursor() -> ProblemError:
    """400: `na` is not what an answer gave."""
    return invalid([Veldfout(veld="na", melding="is geen `volgende` uit een eerder antwoord op deze zelfde vraag")])
