"""The models of answers beyond the figures of one moment: explanations, series, telregels, differences and reports."""

from typing import Any, Literal

from pydantic import Field

from schemas.data import Nauwkeurigheid
from services.core.grootheden import genoemd, vergeleken
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import LOCATIES
from services.core.history.reeks import Tijdstap
from services.core.naleving import Klasse
from services.core.reasons.verklaring import Rol
from services.reads.models import (
    INWONERS_OP,
    Datum,
    Grond,
    Kop,
    M,
    Model,
    Moment,
    NalevingRegel,
    Omvattend,
    OverInwoners,
    Voorbehoud,
    Wetscijfers,
    filled,
    type_of,
)


class Figuur(Model):
    """Een cijfer, en hoe het tot stand komt."""

    grootheid: str
    waarde: float | int | str | bool | None
    formule: str = Field(description="De formule met de getallen ingevuld")
    vorm: str = Field(default="", description="Met `zinnen`: hoe de waarde te lezen is, met `{}` waar zij staat")


class Verklaringsregel(Model):
    """Wat een gebeurtenis van één register zegt, en wat ervan werd.

    Van wat afgeschermd is staat er één regel, met register `afgeschermd`: hoeveel plaatsen daarvan meetellen. Die heeft
    geen gebeurtenis.
    """

    id: str | None
    source: str | None
    type: str | None
    subject: str
    time: Moment | None = Field(description="Wanneer de bron haar vastlegde")
    ontvangenOp: Moment | None = Field(description="Wanneer Opvangpeil haar ontving")
    register_: str | None = Field(alias="register", description="null bij een intrekking: die zegt zelf niets")
    waarde: Any
    rol: Rol
    reden: str | None = Field(description="Waarom; bij 'telt' meestal null")
    zin: str = Field(default="", description="Met `zinnen`: over wie, wat, vanaf wanneer, van wie en wanneer gemeld")
    waarom: str = Field(default="", description="Met `zinnen`: waarom zij meetelt of niet, met namen")


class Verklaring(Kop, Omvattend):
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


class Reeks(Kop, Omvattend):
    """Een cijfer door de tijd."""

    grootheid: str
    stap: Tijdstap
    inwonersOp: Datum | None = Field(default=None, description=f"Alleen per 1.000 inwoners. {INWONERS_OP}")
    van: Moment
    tot: Moment
    punten: list[ReeksPunt]


class Vooruitmaand(Model):
    """Wat op het laatste ogenblik van een maand bekend is. Plaatsen."""

    begin: Moment
    plaatsen: int
    inzetbaar: int
    meetellend: int | None
    opgave: int | None = Field(
        description="Van een provincie haar eigen opgave; landelijk de som van de verdeelbesluiten, en null als die "
        "niet alle bekend zijn"
    )
    opgaveMinstens: int | None = Field(description="Som van de bekende verdeelbesluiten van de gemeenten")
    tekort: int | None = Field(
        description="Som van wat de gemeenten elk tekortkomen, zonder geschorste en vernietigde verdeelbesluiten; "
        "null als dat van een gemeente niet vast te stellen is"
    )
    tekortMinstens: int | None = Field(description="Met wat het minstens is waar het niet vaststaat")
    tekortHoogstens: int | None = Field(
        description="Met wat het hoogstens kan zijn waar het niet vaststaat; null zonder bovengrens"
    )
    voorbehoud: list[Voorbehoud] = Field(description="Waarom het tekort niet vast te stellen is, of wat het weglaat")


class Vooruitblik(Kop, Omvattend):
    """De bekende plaatsen van de komende maanden."""

    voorbehoud: list[Voorbehoud] = Field(description="Waarom aanwezig of tekortVanaf niet vast te stellen is")
    tot: Moment
    aanwezig: int | None = Field(description="Op geldigOp; null als het niet vast te stellen is")
    dekking: float | None = Field(
        description="Op geldigOp: het deel van de inzetbare plaatsen met een verse meting; null zonder plaatsen"
    )
    tekortVanaf: Moment | None = Field(
        description="Het eerste moment waarop er minder inzetbare plaatsen zijn dan nu mensen aanwezig; null: nooit, "
        "of niet vast te stellen"
    )
    tekortUiterlijkVanaf: Moment | None = Field(
        description="Waar tekortVanaf niet vast te stellen is: vanaf dan zijn er zeker minder plaatsen; null zonder "
        "zo'n moment"
    )
    maanden: list[Vooruitmaand]


class TelregelStand(Wetscijfers):
    """De naleving volgens één telregel."""

    naam: str
    omschrijving: str


class OnderTelregel(Model):
    """Een klasse volgens een telregel."""

    telregel: str
    naleving: Klasse


class Verplaatsing(Model):
    """Gemeenten die volgens een andere telregel in een andere klasse vallen."""

    van: OnderTelregel
    naar: OnderTelregel
    gemeenten: list[str]


class Telregels(Kop, Omvattend):
    """De naleving volgens elke telregel van een cyclus."""

    cyclus: str | None
    telregel: str | None
    voorbehoud: list[Voorbehoud] = Field(description="Waarom er niets is om naar te oordelen")
    regels: list[TelregelStand]
    verplaatsingen: list[Verplaatsing]


class Aansluitregel(Model):
    """Een gepubliceerd cijfer naast het onze."""

    onderwerp: str
    onderwerpNaam: str | None
    grootheid: str
    peildatum: Datum
    bron: str
    nauwkeurigheid: Nauwkeurigheid
    gepubliceerd: float | int
    onze: float | int | None = Field(description="Op het moment van de peildatum; null als het niet vergelijkbaar is")
    vergelijkbaar: bool = Field(description="Of ons cijfer naast het gepubliceerde te leggen is")
    reden: str | None = Field(description="Waarom het niet vergelijkbaar is; null als het dat wel is")
    verschil: float | int | None = Field(description="onze − gepubliceerd; null als het niet vergelijkbaar is")
    klopt: bool | None = Field(
        description="null als het niet vergelijkbaar is, en van 'ongeveer': dat zegt niet wat dichtbij genoeg is"
    )
    bekendSinds: Moment
    gebeurtenis: str


class Aansluiting(Kop, Omvattend):
    """Wat anderen publiceerden naast wat onze gebeurtenissen geven."""

    items: list[Aansluitregel]
    volgende: str | None


class Punt(Model):
    """Over welk moment, met welke kennis, en volgens welke regel geteld."""

    geldigOp: Moment
    bekendOp: Moment
    cyclus: str | None
    telregel: str | None


class Verschil(Model):
    """Een cijfer dat niet overal hetzelfde is. Een deel is null als een van zijn twee einden null of geen getal is."""

    grootheid: str
    onderwerp: str = Field(description="NL, of het id of de code van een locatie, gemeente of provincie")
    onderwerpNaam: str | None
    van: float | int | str | bool | None = Field(description="Op het eerste moment, met de eerste kennis")
    tussen: float | int | str | bool | None = Field(description="Op het eerste moment, met de tweede kennis")
    tussenRegel: float | int | str | bool | None = Field(
        description="Op het tweede moment, met de tweede kennis, volgens de telregel van het eerste"
    )
    naar: float | int | str | bool | None = Field(
        description="Op het tweede moment, met de tweede kennis, volgens de tweede telregel"
    )
    inzicht: float | int | None = Field(description="tussen − van: wat over het eerste moment bekend werd")
    wereld: float | int | None = Field(description="tussenRegel − tussen: wat er in de wereld veranderde")
    regel: float | int | None = Field(
        description="naar − tussenRegel: wat de tweede telregel anders telt; 0 als beide dezelfde zijn"
    )
    gebeurtenissen: list[str] = Field(
        description="Welke gebeurtenissen dat deden; leeg als alleen de tijd verstreek of de indeling veranderde"
    )
    zin: str | None = Field(description="Van een gemeente die van klasse veranderde: wat men ervan kan zeggen")


class Verschillen(Grond, Omvattend):
    """Wat er tussen twee momenten verschilt, elk met zijn eigen kennis en telregel."""

    van: Punt
    naar: Punt
    verschillen: list[Verschil]


class Rapport(Kop, Omvattend):
    """Cijfers van één moment om mee te nemen; met `positie` precies te herhalen."""

    rapport: Literal["bezetting", "naleving", "toezicht", "kamerbrief", "gemeente"]
    gemaaktOp: Moment
    versie: str = Field(description="Van Opvangpeil, waarmee het is gemaakt")
    betekenis: str = Field(
        description="De versie van wat de cijfers betekenen; een rapport van een andere versie zegt er iets anders mee"
    )
    licentie: str = Field(description="URI van de licentie, of de woorden `geen licentie opgegeven`")
    definities: str = Field(description="Waar staat wat elk cijfer betekent")
    voorbehoud: list[Voorbehoud] = Field(description="Waarom cijfers niet vast te stellen zijn, of wat ze weglaten")


def _with_sums(base: type[M]) -> type[M]:
    """Adds the sums of a report. A locatie has them too, where it has such a figure, and counts as one."""
    figures = [genoemd(name, FigureOf.GEBIED) for name in vergeleken(FigureOf.GEBIED)]
    return filled(base, {one.naam: (type_of(one, bekend=one is LOCATIES, begrensd=False), Field()) for one in figures})


@_with_sums
class _Bezettingcijfers(Model):
    soort: Literal["landelijk", "provincie", "gemeente", "locatie"]
    onderwerp: str
    naam: str | None
    gemeente: str | None
    provincie: str | None


class BezettingRij(_Bezettingcijfers):
    """De bezetting van een gebied of locatie."""

    toegang: str | None
    peilmoment: Moment | None
    voorbehoud: list[Voorbehoud]


class RapportBezetting(Rapport):
    """De bezetting van alles wat open is."""

    rijen: list[BezettingRij]


class RapportNaleving(OverInwoners, Rapport, Wetscijfers):
    """De naleving van elke gemeente."""

    cyclus: str | None
    telregel: str | None
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
    telregel: str | None
    alinea: str
    rijen: list[Briefcijfer]


class Briefgebeurtenis(Model):
    """Een gebeurtenis waarop de alinea rust."""

    id: str | None = Field(description="null: plaatsen van locaties die afgeschermd zijn, zonder melding")
    source: str | None
    time: Moment | None = Field(description="Wanneer de bron het vastlegde")
    onderwerp: str
    zin: str = Field(description="Wat zij zegt, voor mensen")


class RapportGemeente(Rapport):
    """De cijfers van één gemeente, om in een brief te plakken."""

    cyclus: str | None
    telregel: str | None
    gemeente: str
    gemeenteNaam: str
    alinea: str
    gebeurtenissen: list[Briefgebeurtenis]
    code: str = Field(description="Waarmee wie de brief krijgt kan nagaan of zij nog klopt; elke keer een andere")
    controle: str = Field(description="Het adres waar dat kan, voor iedereen")


class Definitie(Model):
    """Wat een cijfer betekent."""

    grootheid: str
    label: str = Field(description="Hoe mensen het noemen")
    betekenis: str = Field(description="Wat het betekent, in één zin")
    eenheid: str = Field(description="In welke eenheid het staat")
    van: list[str] = Field(description="Waarvan het een cijfer is: gebied, locatie, overschrijding, gemeente, …")
    registers: list[str] = Field(description="Uit welke registers het volgt; een gebeurtenis schrijft in registers")
    formule: str | None = Field(
        description="Hoe het voor heel Nederland is geteld, met de getallen van dit moment ingevuld; null als het geen "
        "cijfer van Nederland is. Die van een gemeente of locatie staat in haar verklaring"
    )


class Veld(Model):
    """Een veld dat geen cijfer is."""

    veld: str
    betekenis: str


class Begrip(Model):
    """Een woord."""

    woord: str
    betekenis: str


class Definities(Kop, Omvattend):
    """Wat elk cijfer, elk veld en elk woord betekent."""

    items: list[Definitie]
    volgende: None = Field(description="Er is altijd maar één bladzijde")
    velden: list[Veld]
    begrippen: list[Begrip]
