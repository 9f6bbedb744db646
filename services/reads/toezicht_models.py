"""The models of the answers about the toezicht, as `models` has those of the other figures."""

from typing import Any, Literal

from pydantic import Field

from schemas.data import Toezichtstap
from services.core.grootheden import in_antwoord
from services.core.grootheden.declaratie import FigureOf, Grootheid
from services.core.grootheden.toezicht import NAMEN, VAN_STAPPEN
from services.core.naleving import Klasse
from services.core.toezicht import STAPPEN
from services.reads.derived_models import Rapport
from services.reads.models import Kop, M, Model, Moment, Omvattend, Voorbehoud, filled, type_of

_EERSTE = STAPPEN[0]
_STAP = "De stap van het interbestuurlijk toezicht"
_TREDE = "De plaats in het rijksbrede kader voor interbestuurlijk toezicht, van 1 tot en met 6"
_HOUDER = "Wie de stap zet: minister, of de code van een provincie"
_TERMIJN = "Op deze dag moet de gemeente uiterlijk hebben gehandeld"
_SINDS = "Sinds wanneer de gemeente zonder onderbreking in die stap is; een nieuwe termijn is dezelfde stap nog eens"
_DAGEN = "Hoeveel dagen de gemeente zonder onderbreking in die stap is"
_BUITEN = "Waarom de stap niet op de vorige volgt; null als hij dat wel doet"


def _van_een_stap(base: type[M]) -> type[M]:
    """Adds the figures of one step, which every step has alike. Their meaning is told without the name of a step."""
    prefix, quoted = f"{NAMEN[_EERSTE]}.", f"'{_EERSTE}'"
    meanings = {one.naam: one.betekenis.replace(f"de stap {quoted}", "deze stap") for one in VAN_STAPPEN[_EERSTE]}
    fields = {
        one.naam.removeprefix(prefix): _typed(one, meanings[one.naam].replace(quoted, "deze"))
        for one in VAN_STAPPEN[_EERSTE]
    }
    return filled(base, fields)


def _met_samen(base: type[M]) -> type[M]:
    """Adds the figures that are of no one step."""
    return filled(
        base, {one.naam: _typed(one, one.betekenis) for one, _ in in_antwoord(FigureOf.TOEZICHT) if "." not in one.naam}
    )


def _typed(one: Grootheid, betekenis: str) -> Any:
    return type_of(one, bekend=False), Field(description=betekenis)


@_van_een_stap
class Stapcijfers(Model):
    """Een stap van het toezicht."""

    stap: Toezichtstap = Field(description=_STAP)
    trede: int = Field(
        description="De plaats in het rijksbrede kader voor interbestuurlijk toezicht, van 1 tot en met 6"
    )
    fase: str = Field(description="Hoe dat kader die plaats noemt")


class Stel(Model):
    """Wat het de minister zou kosten om zoveel gemeenten in één stap te hebben."""

    stap: Toezichtstap = Field(description="In welke stap zij dan zouden zijn")
    gemeenten: int | None = Field(description="null: niet van elke gemeente is bekend of zij voldoet")
    uren: int | None
    urenMinstens: int | None
    urenHoogstens: int | None
    fte: float | None
    fteMinstens: float | None
    fteHoogstens: float | None
    formule: str = Field(description="Hoe `uren` is geteld, met de getallen ingevuld")


class Toezichthouder(Model):
    """Wat de stappen van één toezichthouder kosten, en wat die heeft."""

    toezichthouder: str = Field(description=_HOUDER)
    naam: str
    gemeenten: int | None
    uren: int | None
    urenMinstens: int | None
    urenHoogstens: int | None
    fteNodig: float | None
    fteNodigMinstens: float | None
    fteNodigHoogstens: float | None
    fteBeschikbaar: float | None


class _Gemeente(Model):
    code: str
    naam: str
    provincie: str
    provincieNaam: str
    naleving: Klasse
    opgave: int | None
    meetellend: int | None
    tekort: int | None


class ZonderStap(_Gemeente):
    """Een gemeente die niet of gedeeltelijk voldoet en in geen stap is."""


class _Stap(Model):
    stap: Toezichtstap = Field(description=_STAP)
    gezetOp: Moment = Field(description="Wanneer die stap werd gezet")
    toezichthouder: str = Field(description=_HOUDER)
    termijn: Moment | None = Field(description=_TERMIJN)


class InToezicht(_Gemeente, _Stap):
    """Een gemeente in een stap."""

    verlopen: bool | None = Field(description="Of de termijn voorbij is en zij nog niet voldoet; null: dat is onbekend")
    sinds: Moment = Field(description=_SINDS)
    dagen: int = Field(description=_DAGEN)
    buitenVolgorde: str | None = Field(description=_BUITEN)


class KomendeTermijn(_Stap):
    """Een termijn die voorbij gaat."""

    code: str
    naam: str
    naleving: Klasse
    verlooptOp: Moment = Field(description="Het eerste moment waarop de gemeente te laat is")


class BuitenVolgorde(_Stap):
    """Een stap die niet op de vorige volgt."""

    code: str
    naam: str
    reden: str


@_met_samen
class _Samen(Omvattend):
    cyclus: str | None
    telregel: str | None
    voorbehoud: list[Voorbehoud]
    alsAllen: Stel


class Toezicht(Kop, _Samen):
    """Het toezicht op gemeenten. Wat over één gemeente gaat, staat er alleen voor wie haar stappen mag zien."""

    stappen: list[Stapcijfers]
    toezichthouders: list[Toezichthouder] = Field(default=[], description="Alleen voor de rollen toezicht en beheerder")
    gemeenten: list[InToezicht] = Field(default=[], description="Gemeenten in een stap, zover de vraag daarnaar is")
    zonderStap: list[ZonderStap] = Field(default=[], description="Voldoen niet of gedeeltelijk, en zijn in geen stap")
    termijnen: list[KomendeTermijn] = Field(
        default=[], description="De termijnen van de komende weken, de eerste eerst"
    )
    buitenVolgorde: list[BuitenVolgorde] = Field(default=[], description="Stappen die niet op de vorige volgen")


@_van_een_stap
class _Rij(Model):
    soort: Literal["stap", "toezichthouder", "gemeente", "zonder stap"] = Field(description="Waarover de rij gaat")
    onderwerp: str = Field(description="De stap, de toezichthouder, of de code van de gemeente")
    stap: Toezichtstap | None = Field(description=_STAP)
    trede: int | None = Field(description=_TREDE)
    fase: str | None = Field(description="Hoe dat kader die plaats noemt")


class RijToezicht(_Rij):
    """Een stap, een toezichthouder of een gemeente. Wat bij een andere soort hoort is null, of staat er niet."""

    code: str | None = None
    naam: str | None = None
    provincie: str | None = None
    provincieNaam: str | None = None
    naleving: Klasse | None = None
    opgave: int | None = None
    meetellend: int | None = None
    tekort: int | None = None
    gezetOp: Moment | None = Field(default=None, description="Wanneer die stap werd gezet")
    toezichthouder: str | None = Field(default=None, description=_HOUDER)
    termijn: Moment | None = Field(default=None, description=_TERMIJN)
    sinds: Moment | None = Field(default=None, description=_SINDS)
    dagen: int | None = Field(default=None, description=_DAGEN)
    buitenVolgorde: str | None = Field(default=None, description=_BUITEN)
    fteNodig: float | None = Field(
        default=None, description="Van een toezichthouder: wat zijn stappen naar raming kosten"
    )
    fteNodigMinstens: float | None = Field(default=None, description="Dat, minstens")
    fteNodigHoogstens: float | None = Field(default=None, description="Dat, hoogstens")
    fteBeschikbaar: float | None = Field(default=None, description="Van een toezichthouder: wat hij heeft")
    verlopen: int | bool | None = Field(description="Van een stap: hoeveel gemeenten. Van een gemeente: of zij het is")


class RapportToezicht(Rapport, _Samen):
    """Het toezicht om mee te nemen."""

    termijnen: list[KomendeTermijn] = Field(
        default=[], description="De termijnen van de komende weken, de eerste eerst"
    )
    buitenVolgorde: list[BuitenVolgorde] = Field(default=[], description="Stappen die niet op de vorige volgen")
    rijen: list[RijToezicht]
