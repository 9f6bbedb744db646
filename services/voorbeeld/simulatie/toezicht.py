"""The toezicht in the simulation after the letters of 26 May 2026: steps and terms, what they cost, and who there is.

It goes by the usual terms of the ladder, and is decided apart from all else, so it moves nothing that was made before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from schemas.data import Toezichtstap
from schemas.reference.toezichtladder import toezichtladder
from services.voorbeeld.simulatie.constanten import instellingen
from services.voorbeeld.simulatie.locaties import SimLocatie
from services.voorbeeld.simulatie.logboek import SimLogboek
from services.voorbeeld.simulatie.opgaven import NIETS_BEKEND, bekend
from services.voorbeeld.simulatie.plannen import Gemeenteplan
from services.voorbeeld.simulatie.verdeling import toeval_van
from services.voorbeeld.vorm import middernacht, tekst

_STAP = "spreidingswet.toezichtstap-gezet"
_AANNAME = "Simulatie: een aanname, zonder bron"
_KORT = 42
"""The most days of a term on a route that is laid down."""
_EERST: tuple[Toezichtstap, ...] = ("ambtelijk gesprek",)
_ZATERDAG = 5


@dataclass(frozen=True, slots=True)
class SimStap:
    """A step that is taken, and the last day of its term."""

    stap: Toezichtstap
    dag: date
    termijn: date | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """How the toezicht on one gemeente goes that got a letter."""

    plan: Gemeenteplan
    begint: date
    """The day of the step after the letter."""
    route: tuple[Toezichtstap, ...]
    """The first steps after the letter. Chance decides what follows on these."""
    provincie: str | None
    """The provincie that is its toezichthouder; None: the minister."""
    op_orde: Mapping[str, Any]
    """How it comes to meet its opgave, as `netwerk.toml` says; empty when it doesn't."""
    haalt_op: date
    """From when it has the places for that."""


def schrijf_toezicht(
    log: SimLogboek, rijen: Sequence[Gemeenteplan], netwerk: Mapping[str, Sequence[SimLocatie]], zaad: int
) -> None:
    """Writes all events about toezicht after the letters, and the places by which some gemeenten come to comply."""
    toeval = toeval_van(zaad, "toezicht")
    _inzet(log)
    for dossier in _dossiers(rijen, toeval):
        if dossier.op_orde:
            _breid_uit(log, dossier, netwerk[dossier.plan.code][0])
        for stap in _stappen(dossier, toeval):
            log.voeg_toe(
                _STAP,
                dossier.plan.code,
                middernacht(stap.dag) + timedelta(seconds=toeval.randint(8 * 3600, 17 * 3600)),
                stap=stap.stap,
                gezetOp=tekst(stap.dag),
                toezichthouder=dossier.provincie,
                termijn=tekst(stap.termijn) if stap.termijn else None,
                bron=None,  # That of a step is the reference of a file, and this has none.
            )


def _inzet(log: SimLogboek) -> None:
    """Writes the hours that each step takes, and the people that there are. Both are assumptions, and say so."""
    keuzes, vanaf = instellingen()["toezicht"], instellingen()["naleving"]["brief_op"]
    for stap, (uren, minstens, hoogstens) in keuzes["uren"].items():
        log.voeg_toe(
            "spreidingswet.inzet-geraamd",
            "NL",
            middernacht(vanaf),
            stap=stap,
            urenPerGemeente=uren,
            urenMinstens=minstens,
            urenHoogstens=hoogstens,
            geldigVanaf=tekst(vanaf),
            bron=_AANNAME,
        )
    for feit in keuzes["capaciteit"]:
        log.voeg_toe(
            "spreidingswet.toezichtcapaciteit-vastgesteld",
            feit["onderwerp"],
            middernacht(feit["vanaf"]),
            fte=feit["fte"],
            urenPerFte=feit["uren_per_fte"],
            geldigVanaf=tekst(feit["vanaf"]),
            bron=_AANNAME,
        )


def _dossiers(rijen: Sequence[Gemeenteplan], toeval: Random) -> Iterator[Dossier]:
    """Yields the course of each gemeente that got a letter, in order of code."""
    keuzes = instellingen()["toezicht"]
    brieven = [plan for plan in rijen if not plan.voldoet]
    op_orde = _verloot(_minst_tekort(brieven), keuzes["op_orde"], toeval)
    rest = [plan.code for plan in brieven if plan.code not in op_orde]
    routes = _verloot(rest, keuzes["route"], toeval)
    rest = [code for code in rest if code not in routes]
    wachten = set(toeval.sample(rest, keuzes["zonder_gesprek"]))
    eigen = [plan.code for plan in brieven if plan.opgave.gemeente.provincie == keuzes["provincie"]]
    van_de_provincie = set(toeval.sample(eigen, keuzes["van_de_provincie"]))
    for plan in brieven:
        route = tuple(routes.get(plan.code, {}).get("stappen", _EERST))
        gekozen = op_orde.get(plan.code, {})
        yield Dossier(
            plan=plan,
            begint=_later(toeval) if plan.code in wachten or route[:1] != _EERST else _gesprek(toeval),
            route=route,
            provincie=keuzes["provincie"] if plan.code in van_de_provincie else None,
            op_orde=gekozen,
            haalt_op=_dag(gekozen["van"], gekozen["tot"], toeval) if gekozen else keuzes["tot"],
        )


def _minst_tekort(brieven: Sequence[Gemeenteplan]) -> list[str]:
    """Returns as many gemeenten as come to meet their opgave: those with some places that are the fewest short.

    Not among them is one of which something is published: that stays as it is.
    """
    kan = [plan for plan in brieven if plan.na and bekend(plan.code) == NIETS_BEKEND]
    kan.sort(key=lambda plan: plan.opgave.verdeelbesluit - plan.na)
    return [plan.code for plan in kan[: sum(groep["aantal"] for groep in instellingen()["toezicht"]["op_orde"])]]


def _verloot(codes: Sequence[str], groepen: Sequence[dict[str, Any]], toeval: Random) -> dict[str, dict[str, Any]]:
    """Draws as many gemeenten as each group asks. Returns the group of each that was drawn."""
    beurten = [groep for groep in groepen for _ in range(groep["aantal"])]
    return dict(zip(toeval.sample(codes, len(beurten)), beurten, strict=True))


def _gesprek(toeval: Random) -> date:
    keuzes = instellingen()["toezicht"]
    return _dag(keuzes["gesprek_van"], keuzes["gesprek_tot"], toeval)


def _later(toeval: Random) -> date:
    """Returns a day after those of the first talks."""
    tot = instellingen()["toezicht"]["gesprek_tot"]
    return _dag(tot + timedelta(days=1), tot + timedelta(days=60), toeval)


def _dag(van: date, tot: date, toeval: Random) -> date:
    """Returns a working day from `van` up to and including `tot`."""
    dagen = [van + timedelta(days=n) for n in range((tot - van).days + 1)]
    return toeval.choice([dag for dag in dagen if dag.weekday() < _ZATERDAG])


def _breid_uit(log: SimLogboek, dossier: Dossier, eerste: SimLocatie) -> None:
    """Gives a gemeente the places that it is short of, with its part for amv. The others may be there until a day.

    The people stay as they are: who moves where is decided by the places of 26 May.
    """
    plan, cyclus, einde = dossier.plan, instellingen()["cyclus"], dossier.op_orde.get("einde")
    tekort = plan.opgave.verdeelbesluit - plan.na
    voor_amv = -(-tekort * cyclus["waarvan_amv"] // cyclus["raming"])
    nu = eerste.straks + plan.na - plan.voor if plan.voor else plan.na
    erbij = {"amv": (voor_amv, None), eerste.vrije_soort(nu): (tekort - voor_amv, einde)}
    for soort, (aantal, tot) in erbij.items():
        log.voeg_toe(
            "opvanglocaties.capaciteit-gewijzigd",
            eerste.id,
            middernacht(dossier.haalt_op) - timedelta(days=3),
            geldigVanaf=tekst(dossier.haalt_op),
            geldigTot=tekst(tot) if tot else None,
            plaatsen=[eerste.met_meer(nu, soort, aantal)],
        )


def _stappen(dossier: Dossier, toeval: Random) -> Iterator[SimStap]:
    """Yields the steps after the letter: until the gemeente meets its opgave, and else until the end."""
    gekozen = dossier.op_orde
    for stap in _loop(dossier, toeval):
        if stap.dag >= dossier.haalt_op:
            break
        yield stap
    if gekozen:
        yield SimStap("beëindigd", _werkdag(dossier.haalt_op + timedelta(days=gekozen["beeindigd_na"])), None)
    if "opnieuw" in gekozen:
        yield SimStap("brief", gekozen["opnieuw"], _termijn("brief", gekozen["opnieuw"]))


def _loop(dossier: Dossier, toeval: Random) -> Iterator[SimStap]:
    """Yields steps without end: first the route, and then each time the same step again or a next one."""
    keuzes, dag = instellingen()["toezicht"], dossier.begint
    stap = dossier.route[0]
    nummer = 0
    while True:
        kort = _KORT if len(dossier.route) > 1 else None
        einde = _termijn(stap, dag, kort)
        yield SimStap(stap, dag, None if toeval.random() < keuzes["zonder_termijn"] else einde)
        dag = _werkdag(einde + timedelta(days=toeval.randint(-keuzes["eerder"], keuzes["later"])))
        dag = dag if dag > keuzes["gesprek_tot"] else _later(toeval)  # Until then there were only first talks.
        nummer += 1
        stap = dossier.route[nummer] if nummer < len(dossier.route) else _volgende(stap, toeval)


def _volgende(stap: Toezichtstap, toeval: Random) -> Toezichtstap:
    keuzes, ladder = instellingen()["toezicht"], toezichtladder()
    hoger = [one for one in ladder[stap].volgende if one != "beëindigd"]
    if stap == keuzes["hoogste"] or toeval.random() >= keuzes["gaat_verder"]:
        return stap
    return hoger[-1] if toeval.random() < keuzes["meteen"] else hoger[0]


def _termijn(stap: Toezichtstap, dag: date, hoogstens: int | None = None) -> date:
    """Returns the last day of the usual term of a step, or of a shorter one."""
    dagen = toezichtladder()[stap].termijn_dagen or 0
    return dag + timedelta(days=min(dagen, hoogstens or dagen))


def _werkdag(dag: date) -> date:
    """Returns the day itself, or in a weekend the Monday after it."""
    return dag + timedelta(days=max(0, 7 - dag.weekday()) if dag.weekday() >= _ZATERDAG else 0)
