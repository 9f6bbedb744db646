"""The models of the answers: for the description at `/v1/openapi.json`, and for tests.

Figures are filled in from their declarations. Answers do not pass through these models, for speed; a test holds them
to it.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, create_model

from schemas.events import LocatieSoort, Nauwkeurigheid, PlaatsSoort, Zichtbaarheid
from services.core.grootheden import in_antwoord
from services.core.grootheden.declaratie import Eenheid, FigureOf, Grootheid, Van
from services.core.voorbehoud import Code
from services.reads.question import Audience, Omvat

Moment = Annotated[str, Field(pattern=r"Z$", json_schema_extra={"format": "date-time"})]
Datum = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"})]
Aantal = Annotated[int, Field(ge=0)]
OF_WHEN = "Over welk moment in de wereld"
KNOWN_WHEN = "Met wat toen bekend was"
NEXT = "Voor de volgende bladzijde: geef dit als `na`; null op de laatste"


class Model(BaseModel):
    """Precies deze velden."""

    model_config = ConfigDict(extra="forbid")


M = TypeVar("M", bound=BaseModel)


def met(soort: FigureOf) -> Callable[[type[M]], type[M]]:
    """Adds the figures of a kind of subject to a model, as they are declared. The fields of the model itself stay."""
    fields = {one.naam: (type_of(one, bekend=how.bekend), _field(one, how)) for one, how in in_antwoord(soort)}
    return lambda base: filled(base, fields)


def _field(one: Grootheid, how: Van[Any, Any]) -> Any:
    if one.rust_op & Audience.LEZER.unseen:
        return Field(default=None, description="Alleen voor de rollen toezicht en beheerder; anders staat het er niet")
    return Field(description=how.beschrijving or None)


def filled(base: type[M], fields: Mapping[str, Any]) -> type[M]:
    """The same model, with fields added that it does not have yet."""
    more: dict[str, Any] = {name: field for name, field in fields.items() if name not in base.model_fields}
    return create_model(base.__name__, __base__=base, __module__=base.__module__, __doc__=base.__doc__, **more)


def type_of(one: Grootheid, *, bekend: bool, begrensd: bool = True) -> Any:
    """The type of a figure in an answer. Without `begrensd` it is the bare number."""
    maat = one.eenheid.value
    found: Any = one.keuze or maat.type
    if one.eenheid is Eenheid.MOMENT:
        found = Moment
    elif begrensd and (maat.minstens is not None or maat.hoogstens is not None):
        found = Annotated[maat.type, Field(ge=maat.minstens, le=maat.hoogstens)]
    return found if bekend else found | None


class Grond(Model):
    """Waarop een cijfer rust."""

    positie: str = Field(description="Welke opgeslagen gebeurtenissen zijn geteld; hiermee is het antwoord te herhalen")
    simulatie: Literal[True] | None = Field(
        default=None, description="Staat er, met true, als gebeurtenissen uit een simulatie zijn meegeteld"
    )


class Kop(Grond):
    """Waar een cijfer over gaat en waarop het rust."""

    geldigOp: Moment = Field(description=OF_WHEN)
    bekendOp: Moment = Field(description=KNOWN_WHEN)


INWONERS_OP = (
    "Van welke dag de inwoners ongeveer zijn. Het is geen officieel cijfer, en de bron noemt geen dag: deze is "
    "aannemelijk. Voor elk moment dezelfde, dus door de tijd verandert alleen het aantal plaatsen"
)


class OverInwoners(Kop):
    """Een antwoord met plaatsen per 1.000 inwoners."""

    inwonersOp: Datum = Field(description=INWONERS_OP)


class Gepubliceerd(Model):
    """Een cijfer dat anderen publiceerden; telt nergens mee."""

    grootheid: str
    waarde: float
    nauwkeurigheid: Nauwkeurigheid
    peildatum: Datum
    bron: str


class Voorbehoud(Model):
    """Waarom een cijfer niet vast te stellen is, of wat het weglaat."""

    code: Code
    tekst: str


class Omvattend(Model):
    """Over welke locaties cijfers gaan."""

    omvat: Omvat = Field(
        description="zichtbaar: locaties die afgeschermd zijn tellen niet mee; alles: elke locatie telt mee"
    )


@met(FigureOf.GEBIED)
class Sommen(Omvattend):
    """Sommen over de open locaties van een gebied."""

    voorbehoud: list[Voorbehoud]


class Bezetting(Kop, Sommen):
    """De bezetting van een gebied."""

    gepubliceerd: list[Gepubliceerd]


class PlaatsenVanSoort(Model):
    """Plaatsen van één soort."""

    aantal: Aantal
    inzetbaar: Aantal
    geldigTot: Moment | None = Field(description="Eerste moment waarop deze plaatsen er niet meer zijn")


@met(FigureOf.OVERSCHRIJDING)
class Overschrijding(Model):
    """Dagen boven het maximum. Dagen zonder meting tellen niet: beide aantallen zijn ondergrenzen."""


@met(FigureOf.LOCATIE)
class _Locatiecijfers(Model):
    id: str
    naam: str | None
    gemeente: str | None
    gemeenteNaam: str | None
    provincie: str | None
    provincieNaam: str | None
    soort: LocatieSoort | None
    zichtbaarheid: Zichtbaarheid | None
    open: bool
    plaatsen: dict[PlaatsSoort, PlaatsenVanSoort]


class LocatieRegel(_Locatiecijfers):
    """Een locatie. null = niet bekend."""

    voorbehoud: list[Voorbehoud]
    overschrijding: Overschrijding | None = Field(description="null zonder maximum")


class Locatie(Kop, LocatieRegel):
    """Een locatie, met wat anderen erover publiceerden."""

    gepubliceerd: list[Gepubliceerd]


class Locaties(Kop, Omvattend):
    """Een bladzijde locaties."""

    items: list[LocatieRegel]
    onbekend: list[LocatieRegel] = Field(
        description="Locaties waarover iets gemeld is, maar waarvan de registratie onbekend is; ze tellen nergens mee"
    )
    volgende: str | None = Field(description=NEXT)


@met(FigureOf.GEMEENTE)
class NalevingRegel(Model):
    """Hoe een gemeente ervoor staat."""

    voorbehoud: list[Voorbehoud] = Field(description="Waarom een cijfer van deze gemeente niet vast te stellen is")
    code: str
    naam: str
    provincie: str
    provincieNaam: str


class GemeenteRegel(NalevingRegel):
    """Een gemeente, met de sommen over haar locaties."""

    bezetting: Sommen


class Gemeenten(OverInwoners):
    """Een bladzijde gemeenten die op geldigOp bestaan."""

    cyclus: str | None
    telregel: str | None
    items: list[GemeenteRegel]
    volgende: str | None = Field(description=NEXT)


class Gemeente(OverInwoners, NalevingRegel):
    """Een gemeente."""

    cyclus: str | None
    telregel: str | None
    bezetting: Bezetting


@met(FigureOf.TOTALEN)
class Totalen(Model):
    """Aantal gemeenten per klasse; samen alle gemeenten die er op geldigOp zijn."""


@met(FigureOf.PROVINCIE)
class _Provinciecijfers(Sommen):
    code: str
    naam: str


class ProvincieRegel(_Provinciecijfers):
    """Een provincie."""

    totalen: Totalen


class Provincies(OverInwoners):
    """Een bladzijde van de twaalf provincies."""

    cyclus: str | None
    telregel: str | None
    items: list[ProvincieRegel]
    volgende: str | None = Field(description=NEXT)


class Provincie(OverInwoners, ProvincieRegel):
    """Een provincie, met wat anderen erover publiceerden."""

    cyclus: str | None
    telregel: str | None
    gepubliceerd: list[Gepubliceerd]


@met(FigureOf.LAND)
class Wetscijfers(Model):
    """De naleving in heel Nederland."""

    voorbehoud: list[Voorbehoud]
    totalen: Totalen


class VorigeCyclus(Model):
    """De cyclus hiervoor, zolang de termijn van deze nog loopt."""

    cyclus: str
    totalen: Totalen
    tekort: int | None


class Naleving(OverInwoners, Omvattend, Wetscijfers):
    """Welke gemeenten hun opgave onder de Spreidingswet vervullen."""

    cyclus: str | None
    telregel: str | None = Field(description="Volgens welke regel plaatsen meetellen; null: die is er niet")
    vorigeCyclus: VorigeCyclus | None = Field(default=None, description="Alleen zolang de termijn van cyclus loopt")
    gemeenten: list[NalevingRegel]
    gepubliceerd: list[Gepubliceerd]


class Gebeurtenis(Model):
    """Een gebeurtenis zoals zij is opgeslagen: een CloudEvent."""

    specversion: Literal["1.0"] = Field(description="Versie van CloudEvents")
    id: str
    source: str
    type: str
    subject: str
    time: Moment = Field(description="Wanneer de bron haar vastlegde")
    datacontenttype: Literal["application/json"] = Field(description="Wat `data` is")
    ontvangenop: Moment = Field(description="Wanneer Opvangpeil haar ontving; een uitbreiding, dus in kleine letters")
    data: dict[str, Any]


class GebeurtenisAlleen(Kop, Gebeurtenis):
    """Eén gebeurtenis, met waar het antwoord op rust."""


class Logboek(Kop):
    """Een bladzijde van het logboek, oudste `time` eerst."""

    items: list[Gebeurtenis]
    volgende: str | None


class Melding(Model):
    """Aan wie een overgang is gemeld."""

    ontvanger: str
    overgang: Literal["actief", "hersteld", "bevestigd"]
    uitkomst: Literal["bezorgd", "uitgesteld", "opgegeven", "onderdrukt"]
    op: Moment
    poging: int
    fout: str | None


class Alarm(Model):
    """Een alarm."""

    id: str
    regel: str
    onderwerp: str
    status: Literal["wachtend", "actief", "herstellend", "hersteld"]
    ernst: Literal["info", "waarschuwing", "hoog", "kritiek"]
    sinds: Moment
    actiefSinds: Moment | None
    hersteldOp: Moment | None
    duurSeconden: int | None
    grootheid: str | None
    voorRegel: str | None = Field(description="Van te-weinig-gegevens: de regel die niet kan oordelen")
    waarde: float | str | None = Field(description="Toen het begon; van een alarm dat voorbij is: toen het eindigde")
    waardeNu: float | str | None = Field(
        description="Wat de regel nu ziet (op bekendOp); null als dat niet bekend is, en als het alarm voorbij is"
    )
    drempel: float | str | None
    toelichting: str | None = Field(description="Over waarde")
    toelichtingNu: str | None = Field(description="Over waardeNu, ook als die niet bekend is")
    bevestigdDoor: str | None
    bevestigdOp: Moment | None
    notitie: str | None
    runbook: str | None
    verklaring: str | None
    labels: dict[str, str]
    overschrijding: Overschrijding | None
    stilte: str | None
    onderdruktDoor: str | None
    gemeld: list[Melding]


class Stilte(Model):
    """Waarover een tijd lang niets wordt gemeld."""

    id: str
    status: Literal["komt", "geldt", "voorbij"]
    regel: str | None
    onderwerp: str | None
    vanaf: Moment
    tot: Moment
    reden: str
    doorWie: str
    ingesteldOp: Moment
    beeindigdDoor: str | None


class Stiltes(Kop):
    """Stiltes, die het laatst eindigt eerst."""

    items: list[Stilte]
    volgende: None = Field(description="Er is altijd maar één bladzijde")


class Alarmaantallen(Model):
    """Alarmen die niet voorbij zijn, elk één keer geteld."""

    actief: Aantal = Field(description="Gaan af, en niemand heeft ze opgepakt")
    wachtend: Aantal = Field(description="Duren nog niet lang genoeg")
    onderdrukt: Aantal = Field(description="Worden niet gemeld: een ander alarm zegt het al (onderdruktDoor)")
    stil: Aantal = Field(description="Worden niet gemeld: er geldt een stilte")
    opgepakt: Aantal = Field(description="Gaan af, en iemand is ermee bezig")


class Alarmen(Kop):
    """Alarmen, het nieuwste eerst."""

    bewaaktSinds: Moment | None = Field(
        description="Sinds wanneer er naar alarmen wordt gekeken; null als toen nog niemand keek"
    )
    aantallen: Alarmaantallen = Field(description="Over alle alarmen die u mag zien, niet alleen deze bladzijde")

    items: list[Alarm]
    volgende: str | None
