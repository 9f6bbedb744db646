"""The formulas in words of the figures of the Spreidingswet, as `zinnen` has those of the reception."""

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple

from schemas.reference import INWONERS_OP
from services.core import delen as parts
from services.core.delen import Wetsdelen
from services.core.dutch import dutch_date, gemeenten, number, percentage
from services.core.genoemd import telregel as genoemd
from services.core.naleving import KLASSEN, GemeenteNaleving
from services.core.opgaven import Opgave
from services.core.telregel import Cyclus, Maatstaf
from services.core.voorbehoud import waarom_geen_spreidingsindex


class Beoordeeld(NamedTuple):
    """How a gemeente stands, and the cyclus that decides."""

    rij: GemeenteNaleving
    cyclus: Cyclus | None


class Taak(NamedTuple):
    """An opgave and its cyclus."""

    opgave: Opgave | None
    cyclus: Cyclus | None


class Ingedeeld(NamedTuple):
    """The gemeenten by class, and by what they are judged."""

    delen: Wetsdelen[int]
    maatstaf: Maatstaf


class Provinciaal(NamedTuple):
    """The opgave of a provincie itself, and its gemeenten."""

    opgave: Opgave | None
    gemeenten: Ingedeeld


def opgave(taak: Taak) -> str:
    """The places that must be made possible."""
    if taak.cyclus is None:
        return "er is geen cyclus van kracht"
    if taak.opgave is None:
        return f"in cyclus {taak.cyclus.id} is geen opgave bekend"
    return f"{taak.opgave.status} in cyclus {taak.cyclus.id}: {number(taak.opgave.opgave)}"


def opgave_van_gemeente(een: Beoordeeld) -> str:
    """The same, of a gemeente."""
    return opgave(Taak(een.rij.opgave, een.cyclus))


def opgave_van_provincie(provincie: Provinciaal) -> str:
    """The same, of a provincie."""
    return opgave(Taak(provincie.opgave, provincie.gemeenten.maatstaf.cyclus))


def opgave_van_land(g: Ingedeeld) -> str:
    """The verdeelbesluiten of all gemeenten."""
    if g.delen.verdeeld_open:
        return f"niet vast te stellen: van {gemeenten(g.delen.verdeeld_open)} is geen verdeelbesluit bekend"
    return f"som over {gemeenten(g.delen.gemeenten)} van de verdeelbesluiten = {number(g.delen.verdeeld)}"


def opgave_minstens(g: Ingedeeld) -> str:
    """Those that are known."""
    return f"som van de bekende verdeelbesluiten = {number(g.delen.verdeeld)}"


def _geteld(formule: Callable[[Beoordeeld], str]) -> Callable[[Beoordeeld], str]:
    """Says why places can't be counted where there is no rule to count them by."""

    @wraps(formule)
    def said(een: Beoordeeld) -> str:
        return formule(een) if een.rij.geteld else f"niet vast te stellen: {een.rij.reden}"

    return said


@_geteld
def meetellend(een: Beoordeeld) -> str:
    """The places that count."""
    row = een.rij
    open_ = f" ({number(row.ongedekt)} toegezegd en niet gedekt)" if row.ongedekt else ""
    parts = f"{number(row.eigen)} eigen − {number(row.gegeven)} gegeven{open_} + {number(row.ontvangen)} ontvangen"
    return f"{parts} = {number(row.meetellend)}"


def tekort(een: Beoordeeld) -> str:
    """The places short of the opgave."""
    row, besluit = een.rij, een.rij.besluit
    if besluit is None or besluit.opgave == 0:
        return (
            f"niet vast te stellen: {row.waarom_geen_tekort}"
            if row.tekort is None
            else "er is geen opgave, dus geen tekort"
        )
    parts = [f"{number(besluit.opgave)} − {number(row.meetellend)}"]
    if row.amv_apart:
        parts.append(f"{number(besluit.waarvan_amv)} − {number(row.amv)} voor amv")
    said = f"het grootste van {', '.join(['0', *parts[:-1]])} en {parts[-1]}"
    if row.tekort is not None:
        return f"{said} = {number(row.tekort)}"
    bounds = f"minstens {number(row.tekort_minstens)}, hoogstens {number(row.tekort_hoogstens)}"
    return f"niet vast te stellen ({row.waarom_geen_tekort}); {bounds}"


def naleving(een: Beoordeeld) -> str:
    """The class of a gemeente."""
    row, besluit = een.rij, een.rij.besluit
    if row.reden is not None and row.naleving != "termijn loopt":
        return f"{row.reden}: {row.naleving}"
    if besluit is None or besluit.opgave == 0:
        return f"er is geen opgave: {row.naleving}"
    sign = "≥" if row.meetellend >= besluit.opgave else "<"
    said = f"meetellend {number(row.meetellend)} {sign} opgave {number(besluit.opgave)}"
    if row.amv_apart and besluit.waarvan_amv is not None:
        sign = "≥" if row.amv >= besluit.waarvan_amv else "<"
        said += f", amv {number(row.amv)} {sign} {number(besluit.waarvan_amv)}"
    return f"{said}{', ' + row.reden if row.reden else ''}: {row.naleving}"


def toezicht(een: Beoordeeld) -> str:
    """The step of supervision."""
    return "de laatste stap" if een.rij.toezicht else "geen lopende stap bekend"


def van_klasse(klasse: str) -> Callable[[Ingedeeld], str]:
    """The number of gemeenten in a class."""

    def said(g: Ingedeeld) -> str:
        added = " + ".join(str(count) for count in g.delen[: len(KLASSEN)])
        return f"gemeenten waarvan de naleving '{klasse}' is ({_by(g.maatstaf)}); {added} = {g.delen.gemeenten}"

    return said


def tekort_van_land(g: Ingedeeld) -> str:
    """The places short of all gemeenten."""
    if g.delen.tekort_open:
        return f"niet vast te stellen: van {gemeenten(g.delen.tekort_open)} is het tekort niet bekend"
    return f"som over {_known(g)} = {number(g.delen.tekort_minstens)}"


def tekort_minstens(g: Ingedeeld) -> str:
    """The least places that can be short."""
    least = ", met wat het minstens is waar het niet vaststaat" if g.delen.tekort_open else ""
    return f"som over {_known(g)}{least} = {number(g.delen.tekort_minstens)}"


def tekort_hoogstens(g: Ingedeeld) -> str:
    """The most places that can be short."""
    if g.delen.hoogstens_open:
        return f"niet vast te stellen: van {gemeenten(g.delen.hoogstens_open)} is geen verdeelbesluit bekend"
    return (
        "som over alle gemeenten, met wat het hoogstens kan zijn waar het niet vaststaat = "
        f"{number(g.delen.tekort_hoogstens)}"
    )


def spreidingsindex(g: Ingedeeld) -> str:
    """How far the places lie from where the opgaven put them."""
    how = "½ × de som over gemeenten van |deel van de plaatsen − deel van de opgaven|"
    why = waarom_geen_spreidingsindex(g.delen, g.maatstaf)
    if why:
        return f"{how}; niet vast te stellen: {why}"
    together = f"{number(g.delen.meetellend)} plaatsen en een opgave van {number(g.delen.verdeeld)}"
    return f"{how} (samen {together}) = {percentage(parts.nu(parts.spreidingsindex, g.delen))}"


@_geteld
def eigen(een: Beoordeeld) -> str:
    """The places of its own that count."""
    return f"plaatsen in de gemeente die tellen ({_by(een.rij.maatstaf)}) = {number(een.rij.eigen)}"


@_geteld
def amv_meetellend(een: Beoordeeld) -> str:
    """Those of them for amv."""
    return f"eigen plaatsen voor amv die tellen ({_by(een.rij.maatstaf)}) = {number(een.rij.amv)}"


@_geteld
def gegeven(een: Beoordeeld) -> str:
    """The places that count for others."""
    return f"toegezegd aan andere gemeenten, zover eigen plaatsen dat dekken, op volgorde = {number(een.rij.gegeven)}"


@_geteld
def ontvangen(een: Beoordeeld) -> str:
    """The places of others that count here."""
    return f"toegezegd door andere gemeenten, zover hun plaatsen dat dekken = {number(een.rij.ontvangen)}"


@_geteld
def ongedekt(een: Beoordeeld) -> str:
    """What it promised and does not have."""
    return f"toegezegd aan andere gemeenten zonder plaatsen die het dekken = {number(een.rij.ongedekt)}"


def per_1000_inwoners(een: Beoordeeld) -> str:
    """The places that count for each thousand inhabitants."""
    row = een.rij
    if row.naleving == "onbekend":
        return f"niet vast te stellen: {row.reden}"
    return _per_1000(row.delen)


def per_1000_inwoners_samen(g: Ingedeeld) -> str:
    """The same, of several gemeenten."""
    if not g.delen.gemeenten:
        return "niet vast te stellen: er is geen gemeente"
    if g.delen.onbekend:
        return f"niet vast te stellen: van {gemeenten(g.delen.onbekend)} is de naleving onbekend"
    return _per_1000(g.delen)


def _per_1000(delen: Wetsdelen[int]) -> str:
    people = f"ongeveer {number(delen.inwoners)} inwoners ({dutch_date(INWONERS_OP)})"
    return f"{number(delen.meetellend)} × 1.000 / {people}"


def stand(een: Beoordeeld) -> str | None:
    """What became of its verdeelbesluit; None without one."""
    besluit = een.rij.besluit
    if besluit is None:
        return None
    return f"de laatste stand van het verdeelbesluit{'' if besluit.zaak is None else f' ({besluit.zaak})'}"


def realiseren_voor(een: Beoordeeld) -> str | None:
    """The term of its verdeelbesluit; None without one."""
    if een.rij.besluit is None:
        return None
    return "de termijn van het verdeelbesluit, en anders die van de cyclus"


def amv_opgave(een: Beoordeeld) -> str:
    """The part of its opgave for amv."""
    found = een.rij.opgave
    return "niet bekend" if found is None or found.waarvan_amv is None else f"deel van de opgave: {found.waarvan_amv}"


def tekort_minstens_daarvan(een: Beoordeeld) -> str | None:
    """The least places that it can be short; None where what it is short is known."""
    row, besluit = een.rij, een.rij.besluit
    if row.tekort_minstens is None or besluit is None:
        return None
    if not row.tekort_wacht_op_amv:
        return f"niets: {row.reden}"
    return f"het grootste van 0 en {number(besluit.opgave)} − {number(row.meetellend)} = {number(row.tekort_minstens)}"


def tekort_hoogstens_daarvan(een: Beoordeeld) -> str | None:
    """The most places that it can be short; None where what it is short is known."""
    if een.rij.tekort_hoogstens is None:
        return None
    return f"wat het tekort zou zijn als het verdeelbesluit en de plaatsen zo zijn: {number(een.rij.tekort_hoogstens)}"


def _by(maatstaf: Maatstaf) -> str:
    cyclus, regel = maatstaf
    if cyclus is None:
        return "geen cyclus van kracht"
    return f"cyclus {cyclus.id}, {'geen telregel' if regel is None else genoemd(regel.naam)}"


def _known(g: Ingedeeld) -> str:
    missing = g.delen.tekort_open + g.delen.opgeschort
    return f"{gemeenten(g.delen.gemeenten - missing)} waarvan het tekort bekend is"
