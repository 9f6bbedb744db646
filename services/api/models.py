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


class Figuur(Model):
    """Een cijfer, en hoe het tot stand komt."""

    grootheid: str
    waarde: float | int | str | bool | None
    formule: str = Field(description="De formule met de getallen ingevuld")


class Verklaringsregel(Herkomst):
    """Wat een gebeurtenis van één register zegt, en wat ervan werd."""

    register_: str | None = Field(alias="register", description="null bij een intrekking: die zegt zelf niets")
    waarde: Any
    rol: Literal["telt", "vervangen", "ingetrokken", "nog niet geldig", "verlopen", "telt niet mee"]
    reden: str | None = Field(description="Waarom; bij 'telt' meestal null")


class Verklaring(Kop):
    """Waarom cijfers zijn wat zij zijn. Wat telt, geeft op zichzelf dezelfde cijfers."""

    figuren: list[Figuur]
    gebeurtenissen: list[Verklaringsregel] = Field(description="Een regel per gebeurtenis en register")
    volledig: bool = Field(
        description="false: er zijn zoveel gebeurtenissen dat hier alleen staat wat van kracht is; "
        "de rest staat bij elke locatie of gemeente zelf"
    )


class ReeksPunt(Model):
    """Een cijfer van `begin` tot het volgende punt. null: niet bekend."""

    begin: Moment
    laatste: float | int | None = Field(description="Op het laatste ogenblik")
    maximum: float | int | None = Field(description="Het meeste dat het ooit was")
    gemiddelde: float | None = Field(description="Naar tijd gewogen, over de tijd dat het bekend is")
    dekking: float | None = Field(
        description="Op het laatste ogenblik: het deel van de inzetbare plaatsen met een verse meting; "
        "van de naleving het deel van de gemeenten waarvan de klasse bekend is"
    )


class Reeks(Kop):
    """Een cijfer door de tijd."""

    grootheid: str
    stap: Literal["uur", "dag", "week", "maand"]
    van: Moment
    tot: Moment
    punten: list[ReeksPunt]


class Vooruitmaand(Model):
    """Wat op het laatste ogenblik van een maand bekend is. Plaatsen."""

    begin: Moment
    plaatsen: int
    inzetbaar: int
    meetellend: int | None
    opgave: int | None = Field(description="Som van de bekende opgaven van de gemeenten")
    tekort: int | None


class Vooruitblik(Kop):
    """De bekende plaatsen van de komende maanden."""

    tot: Moment
    aanwezig: int | None = Field(description="Op geldigOp")
    tekortVanaf: Moment | None = Field(
        description="Het eerste moment waarop er minder inzetbare plaatsen zijn dan nu mensen aanwezig; null: nooit"
    )
    maanden: list[Vooruitmaand]


class Aansluitregel(Model):
    """Een gepubliceerd cijfer naast het onze."""

    onderwerp: str
    onderwerpNaam: str | None
    grootheid: str
    peildatum: Datum
    bron: str
    nauwkeurigheid: Literal["exact", "ongeveer", "minstens", "hoogstens"]
    gepubliceerd: float | int
    onze: float | int | None = Field(description="Op 00:00 van de peildatum; null: dat cijfer kennen wij niet")
    verschil: float | int | None = Field(description="onze − gepubliceerd")
    klopt: bool | None = Field(description="Van 'ongeveer' null: dat zegt niet wat dichtbij genoeg is")
    bekendSinds: Moment
    gebeurtenis: str


class Aansluiting(Kop):
    """Wat anderen publiceerden naast wat onze gebeurtenissen geven."""

    items: list[Aansluitregel]
    volgende: str | None


class Punt(Model):
    """Over welk moment, en met welke kennis."""

    geldigOp: Moment
    bekendOp: Moment


class Verschil(Model):
    """Een cijfer dat niet overal hetzelfde is. Van wat geen getal is, zijn wereld en inzicht null."""

    grootheid: str
    onderwerp: str = Field(description="NL, of het id of de code van een locatie, gemeente of provincie")
    onderwerpNaam: str | None
    van: float | int | str | bool | None = Field(description="Op het eerste moment, met de eerste kennis")
    tussen: float | int | str | bool | None = Field(description="Op het eerste moment, met de tweede kennis")
    naar: float | int | str | bool | None = Field(description="Op het tweede moment, met de tweede kennis")
    inzicht: float | int | None = Field(description="tussen − van: wat over het eerste moment bekend werd")
    wereld: float | int | None = Field(description="naar − tussen: wat er in de wereld veranderde")
    gebeurtenissen: list[str] = Field(
        description="Welke gebeurtenissen dat deden; leeg als alleen de tijd verstreek of de indeling veranderde"
    )
    zin: str | None = Field(description="Van een gemeente die van klasse veranderde: wat men ervan kan zeggen")


class Verschillen(Grond):
    """Wat er tussen twee momenten verschilt, elk met zijn eigen kennis."""

    van: Punt
    naar: Punt
    verschillen: list[Verschil]


class Rapport(Kop):
    """Cijfers van één moment om mee te nemen; met `positie` precies te herhalen."""

    gemaaktOp: Moment
    versie: str = Field(description="Van Opvangpeil, waarmee het is gemaakt")


class BezettingRij(Model):
    """De bezetting van een gebied of locatie."""

    soort: Literal["landelijk", "provincie", "gemeente", "locatie"]
    onderwerp: str
    naam: str | None
    gemeente: str | None
    provincie: str | None
    locaties: int
    aanwezig: int | None
    plaatsen: int | None
    inzetbaar: int | None
    bezettingsgraad: float | None
    dekking: float | None
    toegang: str | None
    peilmoment: Moment | None


class RapportBezetting(Rapport):
    """De bezetting van alles wat open is."""

    rijen: list[BezettingRij]


class RapportNaleving(Rapport):
    """De naleving van elke gemeente."""

    cyclus: str | None
    totalen: Totalen
    rijen: list[NalevingRegel]


class Briefcijfer(Model):
    """Een cijfer uit de alinea."""

    grootheid: str
    onderwerp: str
    waarde: float | int | str | None
    gebeurtenissen: int = Field(description="Op hoeveel gebeurtenissen het rust")


class RapportKamerbrief(Rapport):
    """De cijfers van een alinea aan de Tweede Kamer."""

    cyclus: str | None
    alinea: str
    rijen: list[Briefcijfer]


class Alarm(Model):
    """Een alarm."""

    id: str
    regel: str
    onderwerp: str
    status: Literal["wachtend", "actief", "herstellend", "hersteld"]
    ernst: Literal["info", "waarschuwing", "hoog", "kritiek"]
    sinds: Moment
    hersteldOp: Moment | None
    waarde: float | str | None
    drempel: float | str | None
    bevestigdDoor: str | None
    runbook: str | None


class Alarmen(Kop):
    """Alarmen, het nieuwste eerst."""

    items: list[Alarm]
    volgende: str | None
