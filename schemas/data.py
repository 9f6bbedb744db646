"""The models of `data`, for each type of event. Their docstrings are Dutch: they are descriptions in the JSON Schema.

A check that compares two fields belongs to the second of them. Its error then names a field that can be corrected, and
stands beside all other errors of the event.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from schemas.fields import (
    Aantal,
    Bron,
    CyclusId,
    Euro,
    EventId,
    Fte,
    GemeenteCode,
    Getal,
    Grootheidsnaam,
    LandelijkAantal,
    Maanden,
    Moment,
    Naam,
    Strict,
    Tekst,
    TelregelNaam,
    Toezichthouder,
    Uren,
    UrenPerFte,
    Verwijzing,
    Zaak,
)

PlaatsSoort = Literal["regulier", "nood", "amv"]
LocatieSoort = Literal[
    "azc",
    "aanmeldcentrum",
    "pol",
    "noodopvang",
    "amv",
    "gezinslocatie",
    "kleinschalig",
    "nachtopvang",
    "wachtkamer",
    "hotel",
    "anders",
]
Zichtbaarheid = Literal["openbaar", "afgeschermd"]
Regime = Literal["open", "gecontroleerd", "beperkt", "gesloten"]
OpgaveStatus = Literal["indicatief", "provinciaal", "verdeelbesluit"]
Opgavestand = Literal["geldend", "bezwaar", "beroep", "geschorst", "vernietigd"]
ZonderEinddatum = Literal["telt", "telt niet"]
Nauwkeurigheid = Literal["exact", "ongeveer", "minstens", "hoogstens"]
Toezichtstap = Literal[
    "brief",
    "ambtelijk gesprek",
    "bestuurlijk gesprek",
    "actief toezicht",
    "vooraankondiging",
    "besluit",
    "uitvoering",
    "beëindigd",
]
Ernst = Literal["info", "waarschuwing", "hoog", "kritiek"]


def _refuse_before(moment: datetime | None, info: ValidationInfo, begin: str) -> None:
    """Refuses a moment that lies before that of the field `begin`."""
    vanaf = info.data.get(begin)
    if moment is not None and vanaf is not None and moment < vanaf:
        raise PydanticCustomError("before", "ligt vóór {begin}", {"begin": begin})


def _refuse_repeats(keys: Sequence[str]) -> None:
    if len(set(keys)) < len(keys):
        raise PydanticCustomError("repeated", "staat er meer dan eens in")


class Data(Strict):
    """Wat elke data mag bevatten."""

    bron: Bron | None = None


class VanafData(Data):
    """Geldt vanaf een moment."""

    geldigVanaf: Moment


class Geldig(Data):
    """Geldt vanaf geldigVanaf tot geldigTot."""

    geldigVanaf: Moment
    geldigTot: Moment | None = Field(None, description="Het eerste moment waarop het niet meer geldt; na geldigVanaf")

    @field_validator("geldigTot")
    @classmethod
    def _check_order(cls, tot: datetime | None, info: ValidationInfo) -> datetime | None:
        vanaf = info.data.get("geldigVanaf")
        if tot is not None and vanaf is not None and tot <= vanaf:
            raise PydanticCustomError("end_before_start", "ligt niet na geldigVanaf")
        return tot


class RegistratieData(Data):
    """Wat een locatie is, en in welke gemeente ze ligt."""

    naam: Naam
    gemeente: GemeenteCode
    soort: LocatieSoort
    zichtbaarheid: Zichtbaarheid = Field(description="Afgeschermd: op zichzelf alleen te zien voor een beheerder")
    geldigVanaf: Moment


class Plaatsen(Strict):
    """Alle plaatsen van één soort: het aantal, geen verandering van het aantal."""

    soort: PlaatsSoort
    aantal: Aantal
    inzetbaar: Aantal | None = Field(
        None,
        description="Nu bruikbaar: niet aangehouden, defect of in quarantaine; standaard alle, nooit meer dan aantal",
    )
    beschikbaarVanaf: Moment | None = Field(
        None, description="Sinds wanneer deze plaatsen er zijn; standaard geldigVanaf, nooit later dan dat"
    )

    @field_validator("inzetbaar")
    @classmethod
    def _check_usable(cls, inzetbaar: int | None, info: ValidationInfo) -> int | None:
        aantal = info.data.get("aantal")
        if inzetbaar is not None and aantal is not None and inzetbaar > aantal:
            raise PydanticCustomError("usable_exceeds_total", "is groter dan aantal")
        return inzetbaar


class CapaciteitData(Geldig):
    """De plaatsen van de genoemde soorten; de andere soorten blijven zoals ze waren."""

    plaatsen: Annotated[list[Plaatsen], Field(min_length=1, max_length=3)]

    @field_validator("plaatsen")
    @classmethod
    def _check_once(cls, plaatsen: list[Plaatsen]) -> list[Plaatsen]:
        _refuse_repeats([regel.soort for regel in plaatsen])
        return plaatsen

    @field_validator("plaatsen")
    @classmethod
    def _check_since(cls, plaatsen: list[Plaatsen], info: ValidationInfo) -> list[Plaatsen]:
        vanaf = info.data.get("geldigVanaf")
        if vanaf is not None and any(one.beschikbaarVanaf and one.beschikbaarVanaf > vanaf for one in plaatsen):
            raise PydanticCustomError("available_later", "is er pas na geldigVanaf")
        return plaatsen


class BezettingData(Data):
    """Hoeveel mensen er op het peilmoment aanwezig waren."""

    peilmoment: Moment
    aanwezig: Aantal


class ToegangData(VanafData):
    """Het toegangsregime van een locatie."""

    regime: Regime
    reden: Tekst | None = None


class MaximumData(Geldig):
    """Een harde bovengrens aan het aantal aanwezigen (vonnis, afspraak)."""

    maximum: Aantal
    grondslag: Tekst
    dwangsomPerDag: Euro | None = Field(None, description="Euro per dag waarop het maximum is overschreden")
    dwangsomPlafond: Euro | None = Field(None, description="Euro; hier houdt de dwangsom op")


class CyclusData(VanafData):
    """Een cyclus van de Spreidingswet en welke plaatsen daarin meetellen (Stb. 2024, 12 en 13)."""

    raming: LandelijkAantal
    peildatum: Moment | None = None
    beschikbaarTotMinstens: Moment = Field(description="Plaatsen die eerder vervallen, tellen niet mee")
    meetellendeSoorten: Annotated[
        list[PlaatsSoort], Field(min_length=1, max_length=3, json_schema_extra={"uniqueItems": True})
    ]
    volledig: bool = Field(default=True, description="Alle opgaven en plaatsen van deze cyclus zijn gemeld")
    realiserenVoor: Moment | None = Field(
        None,
        description="Vóór dit moment moeten gemeenten hun opgave hebben gerealiseerd; zonder: er loopt geen termijn",
    )
    telregel: TelregelNaam | None = Field(
        None, description="De telregel die geldt als er geen is gevraagd; zonder: die van de cyclus zelf"
    )

    @field_validator("meetellendeSoorten")
    @classmethod
    def _check_once(cls, soorten: list[PlaatsSoort]) -> list[PlaatsSoort]:
        _refuse_repeats(soorten)
        return soorten

    @field_validator("realiserenVoor")
    @classmethod
    def _check_term(cls, voor: datetime | None, info: ValidationInfo) -> datetime | None:
        _refuse_before(voor, info, "geldigVanaf")
        return voor


class TelregelData(VanafData):
    """Welke plaatsen meetellen, en hoe lang ze er moeten zijn. Een regel die geen eis noemt, stelt die niet."""

    naam: TelregelNaam
    omschrijving: Tekst
    meetellendeSoorten: Annotated[
        list[PlaatsSoort], Field(min_length=1, max_length=3, json_schema_extra={"uniqueItems": True})
    ]
    beschikbaarTotMinstens: Moment | None = Field(None, description="Plaatsen die eerder vervallen, tellen niet mee")
    nogMinstensMaanden: Maanden | None = Field(
        None, description="Zo lang moet een plaats er nog zijn, geteld vanaf de dag waarnaar wordt gekeken"
    )
    duurMinstensMaanden: Maanden | None = Field(
        None,
        description="Zo lang moet een plaats er in totaal zijn, vanaf beschikbaarVanaf; "
        "nooit korter dan nogMinstensMaanden",
    )
    zonderEinddatum: ZonderEinddatum = Field(
        default="telt", description="Of plaatsen meetellen waarvan geen einde bekend is"
    )
    amvApart: bool = Field(
        default=False, description="Aan het deel van de opgave voor amv moet ook apart worden voldaan"
    )
    termijn: bool = Field(default=True, description="Vóór realiserenVoor loopt de termijn nog")

    @field_validator("meetellendeSoorten")
    @classmethod
    def _check_once(cls, soorten: list[PlaatsSoort]) -> list[PlaatsSoort]:
        _refuse_repeats(soorten)
        return soorten

    @field_validator("duurMinstensMaanden")
    @classmethod
    def _check_longer(cls, duur: int | None, info: ValidationInfo) -> int | None:
        nog = info.data.get("nogMinstensMaanden")
        if duur is not None and nog is not None and duur < nog:
            raise PydanticCustomError("shorter_than_rest", "is korter dan nogMinstensMaanden")
        return duur


class OpgaveData(VanafData):
    """Hoeveel plaatsen een gemeente of provincie mogelijk moet maken."""

    cyclus: CyclusId
    status: OpgaveStatus
    opgave: Aantal
    waarvanAmv: Aantal | None = Field(
        None, description="Deel van de opgave voor alleenstaande minderjarige vreemdelingen; nooit meer dan opgave"
    )
    realiserenVoor: Moment | None = Field(
        None, description="De termijn van deze opgave, in plaats van die van de cyclus"
    )

    @field_validator("waarvanAmv")
    @classmethod
    def _check_part(cls, amv: int | None, info: ValidationInfo) -> int | None:
        opgave = info.data.get("opgave")
        if amv is not None and opgave is not None and amv > opgave:
            raise PydanticCustomError("part_exceeds_total", "is groter dan opgave")
        return amv

    @field_validator("realiserenVoor")
    @classmethod
    def _check_term(cls, voor: datetime | None, info: ValidationInfo) -> datetime | None:
        _refuse_before(voor, info, "geldigVanaf")
        return voor


class OpgavestandData(Geldig):
    """Wat er van een verdeelbesluit werd: geschorst of vernietigd bindt het niet."""

    cyclus: CyclusId
    stand: Opgavestand
    zaak: Zaak | None = Field(None, description="ECLI of ander kenmerk van de zaak")


class OverdrachtData(Geldig):
    """Plaatsen van het onderwerp die, zo is afgesproken, voor een andere gemeente meetellen."""

    cyclus: CyclusId
    naar: GemeenteCode
    aantal: Aantal


class ToezichtData(Data):
    """Een stap van het interbestuurlijk toezicht: stap en datum; wat er gezegd is, is vertrouwelijk."""

    bron: Verwijzing | None = None
    stap: Toezichtstap
    gezetOp: Moment
    # Left out of the content when it is the minister, so that a step that was stored before others could be named is
    # still the same event.
    toezichthouder: Toezichthouder = Field(default="minister", exclude_if=lambda who: who == "minister")
    termijn: Moment | None = Field(None, description="De dag waarop de gemeente uiterlijk moet hebben gehandeld")

    @field_validator("termijn")
    @classmethod
    def _check_term(cls, termijn: datetime | None, info: ValidationInfo) -> datetime | None:
        _refuse_before(termijn, info, "gezetOp")
        return termijn


class InzetData(VanafData):
    """Hoeveel uren per jaar één gemeente in een stap van het toezicht kost: een raming, met grenzen."""

    stap: Toezichtstap
    urenPerGemeente: Uren
    urenMinstens: Uren | None = None
    urenHoogstens: Uren | None = None

    @field_validator("urenMinstens")
    @classmethod
    def _check_least(cls, minstens: int | None, info: ValidationInfo) -> int | None:
        uren = info.data.get("urenPerGemeente")
        if minstens is not None and uren is not None and minstens > uren:
            raise PydanticCustomError("least_exceeds", "is groter dan urenPerGemeente")
        return minstens

    @field_validator("urenHoogstens")
    @classmethod
    def _check_most(cls, hoogstens: int | None, info: ValidationInfo) -> int | None:
        uren = info.data.get("urenPerGemeente")
        if hoogstens is not None and uren is not None and hoogstens < uren:
            raise PydanticCustomError("most_below", "is kleiner dan urenPerGemeente")
        return hoogstens


class ToezichtcapaciteitData(VanafData):
    """Hoeveel mensen een toezichthouder voor het toezicht heeft."""

    fte: Fte
    urenPerFte: UrenPerFte


class Cijfer(Strict):
    """Eén gepubliceerd getal."""

    grootheid: Grootheidsnaam
    waarde: Getal
    nauwkeurigheid: Nauwkeurigheid = "exact"


class CijfersData(Strict):
    """Wat anderen publiceerden: het telt nergens mee, onze cijfers worden ernaast gelegd."""

    peildatum: Moment
    bron: Bron
    cijfers: Annotated[list[Cijfer], Field(min_length=1, max_length=50)]

    @field_validator("cijfers")
    @classmethod
    def _check_once(cls, cijfers: list[Cijfer]) -> list[Cijfer]:
        _refuse_repeats([cijfer.grootheid for cijfer in cijfers])
        return cijfers


ANDERE_REDEN = "andere reden"
REDENEN_VAN_STAP = (
    "vergissing",
    "dubbel",
    "andere datum",
    "andere gemeente",
    "andere stap",
    "andere termijn",
    "andere toezichthouder",
    ANDERE_REDEN,
)
"""Why a step of toezicht is retracted. Any other text could hold what was said."""


class IntrekkingData(Data):
    """Welke gebeurtenis niet meer geldt, en waarom."""

    gebeurtenisId: EventId
    reden: Tekst = Field(description=f"Van een stap van toezicht een van: {', '.join(REDENEN_VAN_STAP)}")


MOMENTEN: frozenset[str] = frozenset(
    name
    for model in [*globals().values()]
    if isinstance(model, type) and issubclass(model, Strict)
    for name, field in model.model_fields.items()
    if field.annotation in (datetime, datetime | None)
)
"""The fields that hold a moment. Any other text that looks like one is just a text."""
