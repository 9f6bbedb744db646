"""The types of event on the alarms topic, as pydantic models; their `data` is in `schemas/alarm_data.py`.

Only Opvangpeil itself writes them. The docstrings are Dutch: they are descriptions in the JSON Schema and the AsyncAPI
document.
"""

from typing import Literal

from schemas.alarm_data import AlarmData, BevestigingData, BewakingData, MeldingData, OntvangerData, StilteData
from schemas.envelope import Envelope
from schemas.fields import ElkOnderwerp


class AlarmWachtend(Envelope):
    """Een regel gaat op, maar nog niet zo lang dat het een alarm is. Alleen Opvangpeil zelf schrijft alarmen."""

    type: Literal["nl.opvangalarmen.alarm-wachtend.v1"]
    subject: ElkOnderwerp
    data: AlarmData


class AlarmGeactiveerd(Envelope):
    """Een alarm ging af. Alleen Opvangpeil zelf schrijft alarmen."""

    type: Literal["nl.opvangalarmen.alarm-geactiveerd.v1"]
    subject: ElkOnderwerp
    data: AlarmData


class AlarmHerstellend(Envelope):
    """De oorzaak van een alarm is weg, maar nog niet zo lang dat het voorbij is."""

    type: Literal["nl.opvangalarmen.alarm-herstellend.v1"]
    subject: ElkOnderwerp
    data: AlarmData


class AlarmHersteld(Envelope):
    """Een alarm eindigde. Alleen Opvangpeil zelf schrijft alarmen."""

    type: Literal["nl.opvangalarmen.alarm-hersteld.v1"]
    subject: ElkOnderwerp
    data: AlarmData


class AlarmBevestigd(Envelope):
    """Iemand heeft een alarm opgepakt. Alleen Opvangpeil zelf schrijft alarmen."""

    type: Literal["nl.opvangalarmen.alarm-bevestigd.v1"]
    subject: ElkOnderwerp
    data: BevestigingData


class StilteIngesteld(Envelope):
    """Een tijd lang wordt over iets niets gemeld; de alarmen zelf blijven te zien."""

    type: Literal["nl.opvangalarmen.stilte-ingesteld.v1"]
    subject: ElkOnderwerp
    data: StilteData


class StilteBeeindigd(Envelope):
    """Een stilte eindigde eerder dan was gezegd: tot is het moment van eindigen."""

    type: Literal["nl.opvangalarmen.stilte-beeindigd.v1"]
    subject: ElkOnderwerp
    data: StilteData


class AlarmGemeld(Envelope):
    """Een overgang van een alarm is gemeld, of juist niet."""

    type: Literal["nl.opvangalarmen.alarm-gemeld.v1"]
    subject: ElkOnderwerp
    data: MeldingData


class OntvangerGewijzigd(Envelope):
    """Een ontvanger van alarmen is in- of uitgeschakeld."""

    type: Literal["nl.opvangalarmen.ontvanger-gewijzigd.v1"]
    subject: ElkOnderwerp
    data: OntvangerData


class BewakingBegonnen(Envelope):
    """Voor het eerst werd gekeken of er alarmen zijn: van daarvoor is er geen. Alleen Opvangpeil zelf schrijft dit."""

    type: Literal["nl.opvangalarmen.bewaking-begonnen.v1"]
    subject: Literal["NL"]
    data: BewakingData


AlarmEvent = (
    AlarmWachtend
    | AlarmGeactiveerd
    | AlarmHerstellend
    | AlarmHersteld
    | AlarmBevestigd
    | AlarmGemeld
    | StilteIngesteld
    | StilteBeeindigd
    | OntvangerGewijzigd
    | BewakingBegonnen
)
"""The types that only Opvangpeil itself writes, on `opvang.alarmen.v1`."""
