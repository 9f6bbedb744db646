"""Every type of event, as a pydantic model; their `data` is in `schemas/data.py` and `schemas/alarm_data.py`.

Those of the alarms topic stand in `schemas/alarm_events.py`, and are offered here with the others.

The docstrings of the types are Dutch: they are descriptions in the JSON Schema and the AsyncAPI document.
"""

from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, TypeAdapter, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from schemas.alarm_data import AlarmData, BevestigingData, BewakingData, MeldingData, OntvangerData, StilteData
from schemas.alarm_events import (
    AlarmBevestigd,
    AlarmEvent,
    AlarmGeactiveerd,
    AlarmGemeld,
    AlarmHersteld,
    AlarmHerstellend,
    AlarmWachtend,
    BewakingBegonnen,
    OntvangerGewijzigd,
    StilteBeeindigd,
    StilteIngesteld,
)
from schemas.data import (
    BezettingData,
    CapaciteitData,
    Cijfer,
    CijfersData,
    CyclusData,
    Data,
    Ernst,
    Geldig,
    IntrekkingData,
    InzetData,
    LocatieSoort,
    MaximumData,
    Nauwkeurigheid,
    OpgaveData,
    Opgavestand,
    OpgavestandData,
    OpgaveStatus,
    OverdrachtData,
    Plaatsen,
    PlaatsSoort,
    Regime,
    RegistratieData,
    TelregelData,
    ToegangData,
    ToezichtcapaciteitData,
    ToezichtData,
    Toezichtstap,
    VanafData,
    Zichtbaarheid,
)
from schemas.envelope import Envelope, Reported
from schemas.fields import (
    CijferOnderwerp,
    CyclusId,
    ElkOnderwerp,
    GemeenteCode,
    GemeenteOfProvincie,
    LocatieId,
    NederlandOfProvincie,
)


class LocatieGeregistreerd(Reported):
    """Registreert een locatie en opent die (opnieuw) vanaf geldigVanaf."""

    type: Literal["nl.opvanglocaties.locatie-geregistreerd.v1"]
    subject: LocatieId
    data: RegistratieData


class LocatieGesloten(Reported):
    """Sluit een locatie: ze houdt haar plaatsen en metingen, en telt in geen som meer mee."""

    type: Literal["nl.opvanglocaties.locatie-gesloten.v1"]
    subject: LocatieId
    data: VanafData


class CapaciteitGewijzigd(Reported):
    """Zet de plaatsen van de genoemde soorten."""

    type: Literal["nl.opvanglocaties.capaciteit-gewijzigd.v1"]
    subject: LocatieId
    data: CapaciteitData


class BezettingGemeld(Reported):
    """Een meting van het aantal aanwezigen."""

    type: Literal["nl.opvanglocaties.bezetting-gemeld.v1"]
    subject: LocatieId
    data: BezettingData


class ToegangGewijzigd(Reported):
    """Een ander toegangsregime."""

    type: Literal["nl.opvanglocaties.toegang-gewijzigd.v1"]
    subject: LocatieId
    data: ToegangData


class MaximumVastgesteld(Reported):
    """Een harde bovengrens aan het aantal aanwezigen."""

    type: Literal["nl.opvanglocaties.maximum-vastgesteld.v1"]
    subject: LocatieId
    data: MaximumData


class CyclusVastgesteld(Reported):
    """Een cyclus van de Spreidingswet."""

    type: Literal["nl.spreidingswet.cyclus-vastgesteld.v1"]
    subject: CyclusId
    data: CyclusData


class TelregelVastgesteld(Reported):
    """Een regel voor welke plaatsen meetellen. Een latere regel met dezelfde naam vervangt deze."""

    type: Literal["nl.spreidingswet.telregel-vastgesteld.v1"]
    subject: CyclusId
    data: TelregelData


class OpgaveVastgesteld(Reported):
    """De opgave van een gemeente of provincie in een cyclus."""

    type: Literal["nl.spreidingswet.opgave-vastgesteld.v1"]
    subject: GemeenteOfProvincie
    data: OpgaveData


class OpgaveStandGewijzigd(Reported):
    """Wat er van het verdeelbesluit van een gemeente werd: bezwaar, beroep, schorsing of vernietiging."""

    type: Literal["nl.spreidingswet.opgave-stand-gewijzigd.v1"]
    subject: GemeenteCode
    data: OpgavestandData


class OverdrachtAfgesproken(Reported):
    """Plaatsen die voor een andere gemeente meetellen. Het onderwerp geeft."""

    type: Literal["nl.spreidingswet.overdracht-afgesproken.v1"]
    subject: GemeenteCode
    data: OverdrachtData

    @field_validator("data")
    @classmethod
    def _check_other(cls, data: OverdrachtData, info: ValidationInfo) -> OverdrachtData:
        if data.naar == info.data.get("subject"):
            raise PydanticCustomError("to_itself", "een gemeente kan niet aan zichzelf overdragen")
        return data


class ToezichtstapGezet(Reported):
    """Een stap van het toezicht op een gemeente."""

    type: Literal["nl.spreidingswet.toezichtstap-gezet.v1"]
    subject: GemeenteCode
    data: ToezichtData


class InzetGeraamd(Reported):
    """Hoeveel uren één gemeente in een stap van het toezicht per jaar kost."""

    type: Literal["nl.spreidingswet.inzet-geraamd.v1"]
    subject: Literal["NL"]
    data: InzetData


class ToezichtcapaciteitVastgesteld(Reported):
    """Hoeveel mensen de minister (NL) of een provincie voor het toezicht heeft."""

    type: Literal["nl.spreidingswet.toezichtcapaciteit-vastgesteld.v1"]
    subject: NederlandOfProvincie
    data: ToezichtcapaciteitData


class CijfersGepubliceerd(Reported):
    """Cijfers die anderen publiceerden."""

    type: Literal["nl.opvangcijfers.cijfers-gepubliceerd.v1"]
    subject: CijferOnderwerp
    data: CijfersData


class Ingetrokken(Reported):
    """Verbergt een gebeurtenis van dezelfde bron voor wie kijkt met wat vanaf time bekend is; wist nooit iets."""

    type: Literal["nl.gebeurtenissen.ingetrokken.v1"]
    subject: ElkOnderwerp
    data: IntrekkingData


Fact = (
    LocatieGeregistreerd
    | LocatieGesloten
    | CapaciteitGewijzigd
    | BezettingGemeld
    | ToegangGewijzigd
    | MaximumVastgesteld
    | CyclusVastgesteld
    | TelregelVastgesteld
    | OpgaveVastgesteld
    | OpgaveStandGewijzigd
    | OverdrachtAfgesproken
    | ToezichtstapGezet
    | InzetGeraamd
    | ToezichtcapaciteitVastgesteld
    | CijfersGepubliceerd
    | Ingetrokken
)
"""The types that sources may send, on `opvang.gebeurtenissen.v1`."""
Event = Fact | AlarmEvent
"""Every type. A union, so that mypy finds each `match` that forgets one."""
FACTS: tuple[type[Fact], ...] = get_args(Fact)
ALARMS: tuple[type[AlarmEvent], ...] = get_args(AlarmEvent)


def type_name(model: type[Envelope]) -> str:
    """Returns the CloudEvents `type` of a model."""
    return str(get_args(model.model_fields["type"].annotation)[0])


FACT_TYPES = {type_name(model): model for model in FACTS}
ALARM_TYPES = {type_name(model): model for model in ALARMS}


@cache
def adapter(*models: type[Envelope]) -> TypeAdapter[Any]:
    """Returns a validator for one event. The validator picks one of the given models by the event's `type`."""
    return TypeAdapter(_one_of(models))


@cache
def batch_adapter(*models: type[Envelope]) -> TypeAdapter[Any]:
    """Returns a validator for a list of events, so that a whole batch takes one call."""
    union: Any = _one_of(models)
    return TypeAdapter(list[union])


def _one_of(models: tuple[type[Envelope], ...]) -> Any:
    union: Any = models[0]
    for model in models[1:]:
        union = union | model
    return Annotated[union, Field(discriminator="type")] if len(models) > 1 else union


__all__ = [
    "ALARMS",
    "ALARM_TYPES",
    "FACTS",
    "FACT_TYPES",
    "AlarmBevestigd",
    "AlarmData",
    "AlarmEvent",
    "AlarmGeactiveerd",
    "AlarmGemeld",
    "AlarmHersteld",
    "AlarmHerstellend",
    "AlarmWachtend",
    "BevestigingData",
    "BewakingBegonnen",
    "BewakingData",
    "BezettingData",
    "BezettingGemeld",
    "CapaciteitData",
    "CapaciteitGewijzigd",
    "Cijfer",
    "CijfersData",
    "CijfersGepubliceerd",
    "CyclusData",
    "CyclusVastgesteld",
    "Data",
    "Envelope",
    "Ernst",
    "Event",
    "Fact",
    "Geldig",
    "Ingetrokken",
    "IntrekkingData",
    "InzetData",
    "InzetGeraamd",
    "LocatieGeregistreerd",
    "LocatieGesloten",
    "LocatieSoort",
    "MaximumData",
    "MaximumVastgesteld",
    "MeldingData",
    "Nauwkeurigheid",
    "OntvangerData",
    "OntvangerGewijzigd",
    "OpgaveData",
    "OpgaveStandGewijzigd",
    "OpgaveStatus",
    "OpgaveVastgesteld",
    "Opgavestand",
    "OpgavestandData",
    "OverdrachtAfgesproken",
    "OverdrachtData",
    "PlaatsSoort",
    "Plaatsen",
    "Regime",
    "RegistratieData",
    "StilteBeeindigd",
    "StilteData",
    "StilteIngesteld",
    "TelregelData",
    "TelregelVastgesteld",
    "ToegangData",
    "ToegangGewijzigd",
    "ToezichtData",
    "ToezichtcapaciteitData",
    "ToezichtcapaciteitVastgesteld",
    "Toezichtstap",
    "ToezichtstapGezet",
    "VanafData",
    "Zichtbaarheid",
    "adapter",
    "batch_adapter",
    "type_name",
]
