"""The Spreidingswet in the simulation: the cyclus, the opgaven, an overdracht, and the letters of 26 May 2026."""

from collections.abc import Sequence
from datetime import timedelta

from services.voorbeeld.simulatie.constanten import instellingen, provincie_opgaven
from services.voorbeeld.simulatie.logboek import SimLogboek
from services.voorbeeld.simulatie.plannen import Gemeenteplan
from services.voorbeeld.vorm import middernacht, tekst


def schrijf_wet(log: SimLogboek, rijen: Sequence[Gemeenteplan]) -> None:
    """Writes all events about the law to the log."""
    _cyclus(log)
    _opgaven(log, rijen)
    _overdracht(log)
    _brieven(log, rijen)


def _cyclus(log: SimLogboek) -> None:
    feit = instellingen()["cyclus"]
    log.schrijf(
        "spreidingswet.cyclus-vastgesteld",
        feit["id"],
        middernacht(feit["besluiten_op"]),
        raming=feit["raming"],
        peildatum=tekst(feit["peildatum"]),
        beschikbaarTotMinstens=tekst(feit["beschikbaar_tot_minstens"]),
        meetellendeSoorten=feit["meetellende_soorten"],
        volledig=True,
        geldigVanaf=tekst(feit["vanaf"]),
    )


def _opgaven(log: SimLogboek, rijen: Sequence[Gemeenteplan]) -> None:
    """Writes an indicative opgave for each provincie and gemeente, and a verdeelbesluit for each gemeente."""
    cyclus = instellingen()["cyclus"]
    raming, besluit = middernacht(cyclus["raming_op"]), middernacht(cyclus["besluiten_op"])
    vanaf_raming, vanaf_besluit = tekst(cyclus["raming_op"]), tekst(cyclus["vanaf"])
    soort = "spreidingswet.opgave-vastgesteld"
    for provincie, opgave in provincie_opgaven().items():
        log.schrijf(
            soort, provincie, raming, cyclus=cyclus["id"], status="indicatief", opgave=opgave, geldigVanaf=vanaf_raming
        )
    for plan in rijen:
        log.schrijf(
            soort,
            plan.code,
            raming,
            cyclus=cyclus["id"],
            status="indicatief",
            opgave=plan.opgave.indicatief,
            waarvanAmv=plan.opgave.indicatief_amv,
            geldigVanaf=vanaf_raming,
        )
        log.schrijf(
            soort,
            plan.code,
            besluit,
            cyclus=cyclus["id"],
            status="verdeelbesluit",
            opgave=plan.opgave.verdeelbesluit,
            waarvanAmv=plan.opgave.verdeelbesluit_amv,
            geldigVanaf=vanaf_besluit,
        )


def _overdracht(log: SimLogboek) -> None:
    cyclus, feit = instellingen()["cyclus"], instellingen()["overdracht"]
    log.schrijf(
        "spreidingswet.overdracht-afgesproken",
        feit["van"],
        middernacht(feit["afgesproken_op"]),
        cyclus=cyclus["id"],
        naar=feit["naar"],
        aantal=feit["aantal"],
        geldigVanaf=tekst(feit["vanaf"]),
        geldigTot=tekst(feit["tot"]),
    )


def _brieven(log: SimLogboek, rijen: Sequence[Gemeenteplan]) -> None:
    """Writes a letter to each gemeente that does not meet its opgave, logged the day before it is sent."""
    dag = instellingen()["naleving"]["brief_op"]
    for plan in rijen:
        if not plan.voldoet:
            gelogd = log.werkuur(dag - timedelta(days=1))
            log.schrijf("spreidingswet.toezichtstap-gezet", plan.code, gelogd, stap="brief", gezetOp=tekst(dag))
