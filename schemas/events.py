"""Every type of event, as a pydantic model (design §2). The envelope is CloudEvents 1.0, NL GOV profile 1.1.

`time` is when the source logged it (knowledge time); the moment in the world stands in `data`.
"""

from functools import cache
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

from schemas.fields import (
    Aantal,
    Bron,
    CijferOnderwerp,
    CyclusId,
    ElkOnderwerp,
    Euro,
    EventId,
    GemeenteCode,
    GemeenteOfProvincie,
    Grootheid,
    LandelijkAantal,
    LocatieId,
    Moment,
    Naam,
    Source,
    Strict,
    Tekst,
)

PlaatsSoort = Literal["regulier", "nood", "amv"]
LocatieSoort = Literal[
    "azc", "aanmeldcentrum", "pol", "noodopvang", "amv", "gezinslocatie", "kleinschalig",
    "nachtopvang", "wachtkamer", "hotel", "anders",
]  # fmt: skip
Zichtbaarheid = Literal["openbaar", "afgeschermd"]
Regime = Literal["open", "gecontroleerd", "beperkt", "gesloten"]
OpgaveStatus = Literal["indicatief", "provinciaal", "verdeelbesluit"]
Nauwkeurigheid = Literal["exact", "ongeveer", "minstens", "hoogstens"]
Toezichtstap = Literal[
    "brief", "ambtelijk gesprek", "bestuurlijk gesprek", "actief toezicht",
    "vooraankondiging", "besluit", "uitvoering", "beëindigd",
]  # fmt: skip


class Data(Strict):
    """What every `data` may carry: `bron`, a URL or reference of where the fact stands."""

    bron: Bron | None = None


def _refuse_end_before_start(start: Any, end: Any) -> None:
    if end is not None and end <= start:
        raise PydanticCustomError("end_before_start", "geldigTot ligt niet na geldigVanaf")


class Geldig(Data):
    """In force from geldigVanaf until (not including) geldigTot."""

    geldigVanaf: Moment
    geldigTot: Moment | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        _refuse_end_before_start(self.geldigVanaf, self.geldigTot)
        return self


class RegistratieData(Data):
    """What a locatie is. `afgeschermd`: shown on its own to a beheerder only."""

    naam: Naam
    gemeente: GemeenteCode
    soort: LocatieSoort
    zichtbaarheid: Zichtbaarheid
    geldigVanaf: Moment


class VanafData(Data):
    """Something that holds from a moment on."""

    geldigVanaf: Moment


class Plaatsen(Strict):
    """Absolute numbers of places of one soort; `inzetbaar` = usable now, by default all of them."""

    soort: PlaatsSoort
    aantal: Aantal
    inzetbaar: Aantal | None = None

    @model_validator(mode="after")
    def _check_usable(self) -> Self:
        if self.inzetbaar is not None and self.inzetbaar > self.aantal:
            raise PydanticCustomError("usable_exceeds_total", "inzetbaar is groter dan aantal")
        return self


class CapaciteitData(Geldig):
    """Sets only the soorten that it names."""

    plaatsen: Annotated[list[Plaatsen], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def _check_once(self) -> Self:
        if len({regel.soort for regel in self.plaatsen}) < len(self.plaatsen):
            raise PydanticCustomError("repeated", "dezelfde soort staat er meer dan eens in")
        return self


class BezettingData(Data):
    """People present at the peilmoment."""

    peilmoment: Moment
    aanwezig: Aantal


class ToegangData(VanafData):
    """The access regime of a locatie."""

    regime: Regime
    reden: Tekst | None = None


class MaximumData(Geldig):
    """A hard upper limit on people present, with its ground and penalty (euro a day, up to the plafond)."""

    maximum: Aantal
    grondslag: Tekst
    dwangsomPerDag: Euro | None = None
    dwangsomPlafond: Euro | None = None


class CyclusData(VanafData):
    """A two-year cycle of the Spreidingswet and its rule for which places count (Stb. 2024, 12 and 13)."""

    raming: LandelijkAantal
    peildatum: Moment | None = None
    beschikbaarTotMinstens: Moment
    meetellendeSoorten: Annotated[list[PlaatsSoort], Field(min_length=1, max_length=3)]
    volledig: bool = True

    @model_validator(mode="after")
    def _check_once(self) -> Self:
        if len(set(self.meetellendeSoorten)) < len(self.meetellendeSoorten):
            raise PydanticCustomError("repeated", "dezelfde soort staat er meer dan eens in")
        return self


class OpgaveData(VanafData):
    """Places that a gemeente or provincie must make possible; amv is a part of it, shown only."""

    cyclus: CyclusId
    status: OpgaveStatus
    opgave: Aantal
    waarvanAmv: Aantal | None = None

    @model_validator(mode="after")
    def _check_part(self) -> Self:
        if self.waarvanAmv is not None and self.waarvanAmv > self.opgave:
            raise PydanticCustomError("part_exceeds_total", "waarvanAmv is groter dan opgave")
        return self


class OverdrachtData(Geldig):
    """Places of the subject that count, by agreement, for `naar`."""

    cyclus: CyclusId
    naar: GemeenteCode
    aantal: Aantal


class ToezichtData(Data):
    """A step of the interbestuurlijk toezicht: step and date only; what was said is confidential."""

    stap: Toezichtstap
    gezetOp: Moment


class Cijfer(Strict):
    """One published number."""

    grootheid: Grootheid
    waarde: Annotated[int | float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
    nauwkeurigheid: Nauwkeurigheid = "exact"


class CijfersData(Strict):
    """What others say: counts nowhere, ours is held against it."""

    peildatum: Moment
    bron: Bron
    cijfers: Annotated[list[Cijfer], Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _check_once(self) -> Self:
        if len({cijfer.grootheid for cijfer in self.cijfers}) < len(self.cijfers):
            raise PydanticCustomError("repeated", "dezelfde grootheid staat er meer dan eens in")
        return self


class IntrekkingData(Data):
    """Hides the event it names, for whoever asks with K from this event's `time` on; never a delete."""

    gebeurtenisId: EventId
    reden: Tekst


class AlarmData(Data):
    """One transition of an alarm. `vorige` is the id of the transition before it, if there was one."""

    alarmId: EventId
    regel: Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,59}$")]
    ernst: Literal["info", "waarschuwing", "hoog", "kritiek"]
    sinds: Moment
    waarde: Annotated[float, Field(allow_inf_nan=False)] | Tekst | None = None
    drempel: Annotated[float, Field(allow_inf_nan=False)] | Tekst | None = None
    vorige: EventId | None = None


class Event(Strict):
    """The CloudEvents envelope. `time` is the moment of logging (NL GOV profile §3.4)."""

    specversion: Literal["1.0"]
    id: EventId
    source: Source
    type: str
    subject: str
    time: Moment
    datacontenttype: Literal["application/json"] | None = None
    dataschema: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    data: Any


class LocatieGeregistreerd(Event):
    """Registers a locatie and opens it (again) from geldigVanaf."""

    type: Literal["nl.opvanglocaties.locatie-geregistreerd.v1"]
    subject: LocatieId
    data: RegistratieData


class LocatieGesloten(Event):
    """Closes a locatie: it keeps its places and readings, and counts in no sum."""

    type: Literal["nl.opvanglocaties.locatie-gesloten.v1"]
    subject: LocatieId
    data: VanafData


class CapaciteitGewijzigd(Event):
    """Sets the places of the soorten named."""

    type: Literal["nl.opvanglocaties.capaciteit-gewijzigd.v1"]
    subject: LocatieId
    data: CapaciteitData


class BezettingGemeld(Event):
    """A reading of the people present."""

    type: Literal["nl.opvanglocaties.bezetting-gemeld.v1"]
    subject: LocatieId
    data: BezettingData


class ToegangGewijzigd(Event):
    """A change of the access regime."""

    type: Literal["nl.opvanglocaties.toegang-gewijzigd.v1"]
    subject: LocatieId
    data: ToegangData


class MaximumVastgesteld(Event):
    """A hard limit on the people present."""

    type: Literal["nl.opvanglocaties.maximum-vastgesteld.v1"]
    subject: LocatieId
    data: MaximumData


class CyclusVastgesteld(Event):
    """A cycle of the Spreidingswet."""

    type: Literal["nl.spreidingswet.cyclus-vastgesteld.v1"]
    subject: CyclusId
    data: CyclusData


class OpgaveVastgesteld(Event):
    """A legal task."""

    type: Literal["nl.spreidingswet.opgave-vastgesteld.v1"]
    subject: GemeenteOfProvincie
    data: OpgaveData


class OverdrachtAfgesproken(Event):
    """Places that count for another gemeente. The subject gives."""

    type: Literal["nl.spreidingswet.overdracht-afgesproken.v1"]
    subject: GemeenteCode
    data: OverdrachtData

    @model_validator(mode="after")
    def _check_other(self) -> Self:
        if self.subject == self.data.naar:
            raise PydanticCustomError("to_itself", "een gemeente kan niet aan zichzelf overdragen")
        return self


class ToezichtstapGezet(Event):
    """A step of the supervision of a gemeente."""

    type: Literal["nl.spreidingswet.toezichtstap-gezet.v1"]
    subject: GemeenteCode
    data: ToezichtData


class CijfersGepubliceerd(Event):
    """Numbers that others published."""

    type: Literal["nl.opvangcijfers.cijfers-gepubliceerd.v1"]
    subject: CijferOnderwerp
    data: CijfersData


class Ingetrokken(Event):
    """A retraction. Works on events of its own source only."""

    type: Literal["nl.gebeurtenissen.ingetrokken.v1"]
    subject: ElkOnderwerp
    data: IntrekkingData


class AlarmGeactiveerd(Event):
    """An alarm began."""

    type: Literal["nl.opvangalarmen.alarm-geactiveerd.v1"]
    subject: ElkOnderwerp
    data: AlarmData


class AlarmBevestigd(Event):
    """Somebody took an alarm up."""

    type: Literal["nl.opvangalarmen.alarm-bevestigd.v1"]
    subject: ElkOnderwerp
    data: AlarmData


class AlarmHersteld(Event):
    """An alarm ended."""

    type: Literal["nl.opvangalarmen.alarm-hersteld.v1"]
    subject: ElkOnderwerp
    data: AlarmData


FACTS: tuple[type[Event], ...] = (
    LocatieGeregistreerd, LocatieGesloten, CapaciteitGewijzigd, BezettingGemeld, ToegangGewijzigd, MaximumVastgesteld,
    CyclusVastgesteld, OpgaveVastgesteld, OverdrachtAfgesproken, ToezichtstapGezet, CijfersGepubliceerd, Ingetrokken,
)  # fmt: skip
"""The types that sources may send, on `opvang.gebeurtenissen.v1`."""
ALARMS: tuple[type[Event], ...] = (AlarmGeactiveerd, AlarmBevestigd, AlarmHersteld)
"""The types that only Opvangpeil itself writes, on `opvang.alarmen.v1`."""


def type_name(model: type[Event]) -> str:
    """The CloudEvents `type` of a model."""
    return str(get_args(model.model_fields["type"].annotation)[0])


FACT_TYPES = {type_name(model): model for model in FACTS}
ALARM_TYPES = {type_name(model): model for model in ALARMS}


@cache
def adapter(*models: type[Event]) -> TypeAdapter[Any]:
    """A validator for one event of the given models, told apart by `type`."""
    union: Any = models[0]
    for model in models[1:]:
        union = union | model
    return TypeAdapter(Annotated[union, Field(discriminator="type")] if len(models) > 1 else union)
