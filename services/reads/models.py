"""What the answers look like: for the description at `/v1/openapi.json` and for tests.

Answers are not run through these models, for speed; a test holds them to it.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.events import LocatieSoort, Nauwkeurigheid, OpgaveStatus, PlaatsSoort, Regime, Toezichtstap, Zichtbaarheid

Moment = Annotated[str, Field(pattern=r"Z$", json_schema_extra={"format": "date-time"})]
Datum = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"})]
Aantal = Annotated[int, Field(ge=0)]
Graad = Annotated[float, Field(ge=0)]
Klasse = Literal["voldoet", "gedeeltelijk", "voldoet niet", "geen opgave", "onbekend"]
OF_WHEN = "Over welk moment in de wereld"
KNOWN_WHEN = "Met wat toen bekend was"


class Model(BaseModel):
    """Precies deze velden."""

    model_config = ConfigDict(extra="forbid")


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


class Gepubliceerd(Model):
    """Een cijfer dat anderen publiceerden; telt nergens mee."""

    grootheid: str
    waarde: float
    nauwkeurigheid: Nauwkeurigheid
    peildatum: Datum
    bron: str


class Sommen(Model):
    """Sommen over de open locaties van een gebied."""

    locaties: Aantal = Field(description="Aantal open locaties")
    aanwezig: Aantal | None = Field(description="Aanwezigen volgens de laatste meldingen; null als niemand meldde")
    plaatsen: Aantal
    inzetbaar: Aantal = Field(description="Plaatsen die nu te gebruiken zijn")
    bezettingsgraad: Graad | None = Field(
        description="aanwezig / inzetbaar, over locaties waarvan beide bekend zijn; kan boven 1 zijn"
    )
    dekking: Annotated[float, Field(ge=0, le=1)] | None = Field(
        description="Aandeel van de inzetbare plaatsen waarvan de bezetting hoogstens 24 uur oud is"
    )
    dataOuderdomSeconden: Aantal | None = Field(description="Ouderdom van de oudste getelde melding")
    dataOuderdomMediaanSeconden: Aantal | None


class Bezetting(Kop, Sommen):
    """De bezetting van een gebied."""

    gepubliceerd: list[Gepubliceerd]


class PlaatsenVanSoort(Model):
    """Plaatsen van één soort."""

    aantal: Aantal
    inzetbaar: Aantal
    geldigTot: Moment | None = Field(description="Eerste moment waarop deze plaatsen er niet meer zijn")


class Overschrijding(Model):
    """Dagen boven het maximum. Dagen zonder meting tellen niet: beide aantallen zijn ondergrenzen."""

    dagen: Aantal
    dagenMetMeting: Aantal
    dwangsom: Aantal | None = Field(description="Euro: dagen × dwangsom per dag, hoogstens het plafond")
    plafond: Aantal | None = Field(description="Euro")


class LocatieRegel(Model):
    """Een locatie. null = niet bekend."""

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
    totaalPlaatsen: Aantal | None
    inzetbaar: Aantal | None
    aanwezig: Aantal | None
    peilmoment: Moment | None
    dataOuderdomSeconden: Aantal | None
    bezettingsgraad: Graad | None
    bovenCapaciteit: bool
    toegang: Regime | None
    maximum: Aantal | None
    maximumGrondslag: str | None
    bovenMaximum: bool
    overschrijding: Overschrijding | None = Field(description="null zonder maximum")


class Locatie(Kop, LocatieRegel):
    """Een locatie, met wat anderen erover publiceerden."""

    gepubliceerd: list[Gepubliceerd]


class Locaties(Kop):
    """Een bladzijde locaties."""

    items: list[LocatieRegel]
    onbekend: list[LocatieRegel] = Field(
        description="Locaties waarover iets gemeld is, maar waarvan de registratie onbekend is; ze tellen nergens mee"
    )
    volgende: str | None = Field(description="Voor de volgende bladzijde: geef dit als `na`; null op de laatste")


class NalevingRegel(Model):
    """Hoe een gemeente ervoor staat."""

    code: str
    naam: str
    provincie: str
    provincieNaam: str
    opgave: Aantal | None
    opgaveStatus: OpgaveStatus | None
    waarvanAmv: Aantal | None
    meetellend: Aantal = Field(description="eigen + ontvangen - gegeven, minstens 0")
    eigen: Aantal
    ontvangen: Aantal
    gegeven: Aantal
    tekort: Aantal | None
    naleving: Klasse
    toezicht: Toezichtstap | None


class GemeenteRegel(NalevingRegel):
    """Een gemeente, met de sommen over haar locaties."""

    bezetting: Sommen


class Gemeenten(Kop):
    """Alle gemeenten die op geldigOp bestaan."""

    cyclus: str | None
    items: list[GemeenteRegel]
    volgende: None


class Gemeente(Kop, NalevingRegel):
    """Een gemeente."""

    cyclus: str | None
    bezetting: Bezetting


class Totalen(Model):
    """Aantal gemeenten per klasse; samen alle gemeenten die er op geldigOp zijn."""

    voldoet: Aantal
    gedeeltelijk: Aantal
    voldoetNiet: Aantal
    geenOpgave: Aantal
    onbekend: Aantal


class ProvincieRegel(Sommen):
    """Een provincie."""

    code: str
    naam: str
    opgave: Aantal | None
    opgaveStatus: OpgaveStatus | None
    totalen: Totalen


class Provincies(Kop):
    """De twaalf provincies."""

    cyclus: str | None
    items: list[ProvincieRegel]
    volgende: None


class Provincie(Kop, ProvincieRegel):
    """Een provincie, met wat anderen erover publiceerden."""

    cyclus: str | None
    gepubliceerd: list[Gepubliceerd]


class Naleving(Kop):
    """Welke gemeenten hun opgave onder de Spreidingswet vervullen."""

    cyclus: str | None
    totalen: Totalen
    gemeenten: list[NalevingRegel]
    gepubliceerd: list[Gepubliceerd]


class Herkomst(Model):
    """Welke gebeurtenis het is, van wie, en van wanneer."""

    id: str
    source: str
    type: str
    subject: str
    time: Moment = Field(description="Wanneer de bron haar vastlegde")
    ontvangenOp: Moment = Field(description="Wanneer Opvangpeil haar ontving")


class Gebeurtenis(Herkomst):
    """Een gebeurtenis zoals zij is opgeslagen."""

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
    waarde: float | str | None
    drempel: float | str | None
    toelichting: str | None
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


class Alarmen(Kop):
    """Alarmen, het nieuwste eerst."""

    items: list[Alarm]
    volgende: str | None
