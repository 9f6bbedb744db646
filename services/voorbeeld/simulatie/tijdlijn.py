"""Lets everything but the readings happen: growth, rebuilding, and the days before the letter."""

from collections.abc import Sequence
from datetime import date, timedelta

from services.voorbeeld.simulatie.constanten import CoaStand, coa_standen, instellingen
from services.voorbeeld.simulatie.locaties import SimLocatie, locaties
from services.voorbeeld.simulatie.logboek import SimLogboek
from services.voorbeeld.simulatie.plannen import Gemeenteplan, plannen
from services.voorbeeld.simulatie.toezicht import schrijf_toezicht
from services.voorbeeld.simulatie.verdeling import toeval_van
from services.voorbeeld.simulatie.wet import schrijf_wet
from services.voorbeeld.vorm import middernacht, tekst

_OUDSTE_OPENING = date(2016, 1, 1)


def logboek(aantal: int, zaad: int) -> SimLogboek:
    """Returns the whole log except the readings, for `aantal` locaties in May 2026, in the order of logging."""
    rijen = plannen(zaad)
    netwerk = locaties(rijen, aantal, zaad)
    log = SimLogboek(toeval_van(zaad, "logboek"))
    _groei(log, netwerk)
    for plan in rijen:
        if plan.voor:
            _verbouwing(log, netwerk[plan.code])
        if plan.overgang:
            _overgang(log, plan, netwerk[plan.code][0])
    _ter_apel(log)
    schrijf_wet(log, rijen)
    schrijf_toezicht(log, rijen, netwerk, zaad)
    log.regels.sort(key=lambda regel: regel.gelogd)
    log.mutaties.sort(key=lambda mutatie: mutatie.dag)
    return log


def _groei(log: SimLogboek, netwerk: dict[str, list[SimLocatie]]) -> None:
    """Grows the network from 2022 to January 2025, the largest locaties first, to as many as COA counted on its days.

    Changes between two of those days lie strictly between them, so that the figures hold for the whole of each day.
    """
    oud = sorted((loc for rij in netwerk.values() for loc in rij if loc.toen), key=lambda loc: (-loc.toen, loc.id))
    vulling = [_vulling(stand, oud) for stand in coa_standen()]
    for rang, locatie in enumerate(oud):
        huidig = 0
        for nummer, stand in enumerate(coa_standen()):
            doel = _plaatsen_toen(locatie, vulling[nummer]) if rang < stand.locaties else 0
            if nummer == 0 and doel:
                dag = log.dag_tussen(_OUDSTE_OPENING, instellingen()["begin"])
                log.opent(locatie, dag, log.vooraf(dag), doel)
            elif doel != huidig:
                _verander(log, locatie, log.dag_tussen(coa_standen()[nummer - 1].dag, stand.dag), huidig, doel)
            huidig = doel


def _vulling(stand: CoaStand, oud: Sequence[SimLocatie]) -> float:
    """Returns which part of its later places a locatie has on a day of COA, so that the people of that day fill it."""
    plaatsen = sum(locatie.toen for locatie in oud[: stand.locaties])
    vast = instellingen()["ter_apel"]["maximum"]
    nodig = stand.aanwezig / instellingen()["bezetting"]["historisch"]
    return float((nodig - vast) / (plaatsen - vast))


def _plaatsen_toen(locatie: SimLocatie, vulling: float) -> int:
    """Returns the places of a locatie on a day of COA. Ter Apel always has its 2,000."""
    return locatie.toen if locatie.soort == "aanmeldcentrum" else max(1, round(locatie.toen * vulling))


def _verander(log: SimLogboek, locatie: SimLocatie, dag: date, huidig: int, doel: int, tot: date | None = None) -> None:
    if not doel:
        log.sluit(locatie, dag)
    elif huidig:
        log.krijgt(locatie, dag, log.vooraf(dag), doel, tot)
    else:
        log.opent(locatie, dag, log.vooraf(dag), doel)


def _verbouwing(log: SimLogboek, rij: Sequence[SimLocatie]) -> None:
    """Moves the places of a gemeente, on one day in 2025, to the locaties that it has from then on."""
    keuzes = instellingen()["plaatsen"]
    dag = log.dag_tussen(keuzes["verbouwd_van"], keuzes["verbouwd_tot"])
    for locatie in rij:
        # Half of the noodopvang has an end, years ahead. It expires by itself, without an event.
        tijdelijk = locatie.soort == "noodopvang" and log.toeval.random() < 0.5
        tot = date(log.toeval.randint(2028, 2031), 1, 1) if tijdelijk else None
        _verander(log, locatie, dag, locatie.toen, locatie.straks, tot)


def _overgang(log: SimLogboek, plan: Gemeenteplan, eerste: SimLocatie) -> None:
    """Adds what came or became known between 21 and 26 May 2026, at the first locatie of the gemeente."""
    doel = instellingen()["naleving"]
    dag = log.dag_tussen(doel["log_van"] - timedelta(days=1), doel["log_tot"])
    gelogd = log.werkuur(dag)
    if plan.overgang == "inzicht":
        dag = log.dag_tussen(doel["inzicht_van"], doel["inzicht_tot"])
    if plan.voor:
        log.krijgt(eerste, dag, gelogd, eerste.straks + plan.na - plan.voor)
    else:
        log.opent(eerste, dag, gelogd, plan.na)


def _ter_apel(log: SimLogboek) -> None:
    feit, begin = instellingen()["ter_apel"], instellingen()["begin"]
    log.schrijf(
        "opvanglocaties.maximum-vastgesteld",
        "LOC-TER-APEL",
        middernacht(begin),
        geldigVanaf=tekst(begin),
        maximum=feit["maximum"],
        grondslag="Simulatie: afgesproken maximum",
        dwangsomPerDag=feit["dwangsom_per_dag"],
        dwangsomPlafond=feit["dwangsom_plafond"],
    )
    dag = feit["gecontroleerd_vanaf"]
    log.schrijf(
        "opvanglocaties.toegang-gewijzigd",
        "LOC-TER-APEL",
        middernacht(dag),
        geldigVanaf=tekst(dag),
        regime="gecontroleerd",
    )
