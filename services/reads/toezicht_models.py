"""The models of the answers about the toezicht, as `models` has those of the other figures."""

from typing import Any, Literal

from pydantic import Field

from schemas.data import Toezichtstap
from services.core.grootheden import in_antwoord
from services.core.grootheden.declaratie import FigureOf, Grootheid
from services.core.grootheden.toezicht import NAMEN, VAN_STAPPEN
from services.core.grootheden.velden import VAN_TOEZICHT
from services.core.naleving import Klasse
from services.core.toezicht import STAPPEN
from services.reads.derived_models import Rapport
from services.reads.models import Kop, M, Model, Moment, Omvattend, Voorbehoud, filled, type_of

_EERSTE = STAPPEN[0]
_OF_VAN_HOUDER = "; bij een toezichthouder: al zijn stappen samen"


def _veld(naam: str) -> Any:
    """A field with the meaning that it has wherever a step or a gemeente under toezicht is told of."""
    return Field(description=VAN_TOEZICHT[naam])


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

    stap: Toezichtstap = _veld("stap")
    trede: int = _veld("trede")
    fase: str = _veld("fase")


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
    haalbaar: int | None = Field(
        description="Hoeveel gemeenten de minister met de beschikbare fte naar raming in die stap kan hebben"
    )
    haalbaarMinstens: int | None = Field(description="Dat, met de hoogste raming")
    haalbaarHoogstens: int | None = Field(description="Dat, met de laagste raming")
    formule: str = Field(description="Hoe `uren` is geteld, met de getallen ingevuld")


class _Gezegd(Model):
    geldigVanaf: Moment
    bron: str | None = _veld("bron")
    gebeurtenis: str = _veld("gebeurtenis")


class Raming(_Gezegd):
    """Hoeveel uren per jaar één gemeente in een stap naar raming kost."""

    stap: Toezichtstap = _veld("stap")
    urenPerGemeente: int = _veld("urenPerGemeente")
    urenPerGemeenteMinstens: int | None
    urenPerGemeenteHoogstens: int | None


class Capaciteit(_Gezegd):
    """Wat een toezichthouder aan mensen heeft."""

    toezichthouder: str = _veld("toezichthouder")
    fteBeschikbaar: float
    urenPerFte: int = _veld("urenPerFte")


class Toezichthouder(Model):
    """Wat de stappen van één toezichthouder kosten, en wat die heeft."""

    toezichthouder: str = _veld("toezichthouder")
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
    stap: Toezichtstap = _veld("stap")
    gezetOp: Moment = _veld("gezetOp")
    toezichthouder: str = _veld("toezichthouder")
    termijn: Moment | None = _veld("termijn")


class InToezicht(_Gemeente, _Stap):
    """Een gemeente in een stap."""

    verlopen: bool | None = _veld("verlopen")
    sinds: Moment = _veld("sinds")
    dagenInStap: int = _veld("dagenInStap")


class KomendeTermijn(_Stap):
    """Een termijn die voorbij gaat."""

    code: str
    naam: str
    naleving: Klasse
    verlooptOp: Moment = _veld("verlooptOp")


class BuitenVolgorde(_Stap):
    """Een stap die niet op de vorige volgt."""

    code: str
    naam: str
    reden: str = _veld("reden")


@_met_samen
class _Samen(Omvattend):
    cyclus: str | None
    telregel: str | None
    voorbehoud: list[Voorbehoud]
    alsAllen: Stel


class Toezicht(Kop, _Samen):
    """Het toezicht op gemeenten. Wat over één gemeente gaat, staat er alleen voor wie haar stappen mag zien."""

    stappen: list[Stapcijfers]
    ramingen: list[Raming] = Field(description="Waarop de uren berusten; van een stap die ontbreekt is geen raming")
    capaciteiten: list[Capaciteit] = Field(description="Wat van toezichthouders bekend is, de minister eerst")
    toezichthouders: list[Toezichthouder] = Field(
        default=[], description="Voor de rollen toezicht en beheerder; een provincie ziet die van haarzelf"
    )
    gemeenten: list[InToezicht] = Field(default=[], description="Gemeenten in een stap, zover de vraag daarnaar is")
    zonderStap: list[ZonderStap] = Field(default=[], description="Voldoen niet of gedeeltelijk, en zijn in geen stap")
    termijnen: list[KomendeTermijn] = Field(
        default=[], description="De termijnen van de komende weken, de eerste eerst"
    )
    buitenVolgorde: list[BuitenVolgorde] = Field(default=[], description=VAN_TOEZICHT["buitenVolgorde"])


@_van_een_stap
class _Rij(Model):
    soort: Literal[
        "stap", "toezichthouder", "gemeente", "zonder stap", "termijn", "buiten volgorde", "raming", "capaciteit"
    ] = Field(description="Waarover de rij gaat")
    onderwerp: str = Field(description="De stap, de toezichthouder, of de code van de gemeente")
    stap: Toezichtstap | None = _veld("stap")
    trede: int | None = _veld("trede")
    fase: str | None = _veld("fase")
    gemeenten: int | None = Field(description=f"Gemeenten waarvan de laatste stap deze is{_OF_VAN_HOUDER}")
    uren: int | None = Field(description=f"Uren per jaar die deze stap naar raming kost{_OF_VAN_HOUDER}")
    urenMinstens: int | None = Field(description="Dat, minstens")
    urenHoogstens: int | None = Field(description="Dat, hoogstens")


class RijToezicht(_Rij):
    """Een stap, een toezichthouder, een gemeente, een termijn die komt, een stap buiten volgorde, of waarop het rust.

    Elke rij heeft alle kolommen. Wat bij een andere soort hoort is null.
    """

    toezichthouder: str | None = _veld("toezichthouder")
    fteNodig: float | None = Field(description="Van een toezichthouder: wat zijn stappen naar raming kosten")
    fteNodigMinstens: float | None = Field(description="Dat, minstens")
    fteNodigHoogstens: float | None = Field(description="Dat, hoogstens")
    fteBeschikbaar: float | None = Field(description="Van een toezichthouder: wat hij heeft")
    code: str | None
    naam: str | None = Field(description="De naam van de gemeente of van de toezichthouder")
    provincie: str | None
    provincieNaam: str | None
    naleving: Klasse | None
    opgave: int | None
    meetellend: int | None
    tekort: int | None
    gezetOp: Moment | None = _veld("gezetOp")
    termijn: Moment | None = _veld("termijn")
    termijnVerlopen: bool | None = _veld("verlopen")
    sinds: Moment | None = _veld("sinds")
    dagenInStap: int | None = _veld("dagenInStap")
    verlooptOp: Moment | None = _veld("verlooptOp")
    reden: str | None = _veld("reden")
    urenPerGemeente: int | None = _veld("urenPerGemeente")
    urenPerGemeenteMinstens: int | None = Field(description="Dat, minstens")
    urenPerGemeenteHoogstens: int | None = Field(description="Dat, hoogstens")
    urenPerFte: int | None = _veld("urenPerFte")
    geldigVanaf: Moment | None = Field(description="Van een raming of wat er aan mensen is: sinds wanneer dat geldt")
    bron: str | None = _veld("bron")
    gebeurtenis: str | None = _veld("gebeurtenis")


class RapportToezicht(Rapport, _Samen):
    """Het toezicht om mee te nemen."""

    rijen: list[RijToezicht]
