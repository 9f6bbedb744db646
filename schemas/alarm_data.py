"""The models of `data` for the events about alarms, which only Opvangpeil itself writes.

Their docstrings are Dutch: they are descriptions in the JSON Schema.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.data import Data, Ernst, LocatieSoort
from schemas.fields import (
    ElkOnderwerp,
    EventId,
    GemeenteCode,
    GetalOfTekst,
    Grootheidsnaam,
    Labels,
    Moment,
    Pseudoniem,
    Regel,
    Tekst,
    Vingerafdruk,
)


class AlarmData(Data):
    """Eén overgang van een alarm."""

    alarmId: EventId = Field(description="De id van de eerste overgang van dit alarm")
    regel: Regel
    ernst: Ernst
    sinds: Moment = Field(description="Het moment van de eerste overgang van dit alarm")
    waarde: GetalOfTekst | None = Field(None, description="Wat de regel zag; ontbreekt als het niet bekend is")
    drempel: GetalOfTekst | None = None
    vorige: EventId | None = Field(None, description="De id van de overgang hiervoor, als die er was")
    grootheid: Grootheidsnaam | None = Field(None, description="Waar de regel naar kijkt")
    toelichting: Tekst | None = Field(None, description="Wat er aan de hand is, in één zin")
    runbook: Tekst | None = Field(None, description="Waar staat wat te doen")
    labels: Labels | None = Field(None, description="Wat de regel meegeeft aan wie het alarm ontvangt")
    gemeente: GemeenteCode | None = Field(
        None, description="Van een alarm over een locatie: de gemeente waarin zij toen lag, als dat bekend was"
    )
    locatiesoort: LocatieSoort | None = Field(
        None, description="Van een alarm over een locatie: haar soort toen, als die bekend was"
    )
    onderdruktDoor: Annotated[list[Regel], Field(min_length=1, max_length=20)] | None = Field(
        None, description="Is een van deze regels actief over hetzelfde onderwerp of over NL, dan wordt dit niet gemeld"
    )
    voorRegel: Regel | None = Field(
        None, description="Van te-weinig-gegevens: de regel die door een gebrek aan gegevens niet kan oordelen"
    )
    teltVanaf: Moment | None = Field(
        None, description="Vanaf wanneer de wachttijd telt; ontbreekt als dat vanaf deze overgang is"
    )
    onbekendSinds: Moment | None = Field(
        None, description="Sinds wanneer de waarde niet bekend is: zolang telt de wachttijd niet door"
    )


class BevestigingData(AlarmData):
    """Een bevestiging van een alarm: wie het heeft opgepakt."""

    bevestigdDoor: Pseudoniem
    notitie: Tekst | None = None


class StilteData(Data):
    """Waarover een tijd lang niets wordt gemeld, en waarom. Regel en onderwerp samen: alleen als beide kloppen."""

    stilteId: EventId = Field(description="De id van de gebeurtenis waarmee deze stilte begon")
    regel: Regel | None = Field(None, description="Alleen alarmen van deze regel")
    grootheid: Grootheidsnaam | None = Field(None, description="Waar die regel naar kijkt")
    onderwerp: ElkOnderwerp | None = Field(None, description="Alleen alarmen over dit onderwerp")
    vanaf: Moment
    tot: Moment = Field(description="Het eerste moment waarop weer wordt gemeld")
    reden: Tekst
    doorWie: Pseudoniem


class MeldingData(Data):
    """Hoe het ging met het melden van één overgang aan één ontvanger."""

    alarmId: EventId
    overgang: EventId = Field(description="De id van de overgang die werd gemeld")
    ontvanger: Regel = Field(description="De naam van de ontvanger")
    uitkomst: Literal["bezorgd", "uitgesteld", "opgegeven", "onderdrukt"]
    poging: Annotated[int, Field(ge=0, le=1000, description="De hoeveelste poging dit was; 0 als er geen was")]
    volgendePoging: Moment | None = None
    fout: Tekst | None = None


class OntvangerData(Data):
    """Of een ontvanger meldingen krijgt; weer ingeschakeld krijgt hij ook wat was opgegeven.

    Met `krijgt` zegt dit alleen wat er in het bestand van de ontvangers staat, en schakelt het niets in of uit.
    """

    ontvanger: Regel = Field(description="De naam van de ontvanger")
    actief: bool
    krijgt: Vingerafdruk | None = Field(
        None,
        description="Vingerafdruk van welke alarmen hij vanaf nu krijgt; niets: hij staat niet meer in het bestand",
    )
    reden: Tekst
    doorWie: Pseudoniem | None = Field(
        None, description="Ontbreekt als hij er zelf om vroeg (410 Gone), en bij een wijziging van het bestand"
    )


class BewakingData(Data):
    """Meer dan wanneer het begon valt er niet te zeggen: dat staat in `time`."""
