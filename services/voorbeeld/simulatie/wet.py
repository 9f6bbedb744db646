"""The Spreidingswet in the simulation: the cyclus, its rules, opgaven, overdrachten, and the letters of 26 May 2026."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from services.voorbeeld.simulatie.constanten import instellingen, provincie_opgaven
from services.voorbeeld.simulatie.logboek import SimLogboek
from services.voorbeeld.simulatie.plannen import Gemeenteplan
from services.voorbeeld.vorm import middernacht, tekst

_EVEN_LATER = timedelta(minutes=1)
"""How much later the cyclus is told again: the later of two writes at one moment is in force."""


def schrijf_wet(log: SimLogboek, rijen: Sequence[Gemeenteplan]) -> None:
    """Writes all events about the law to the log."""
    _cyclus(log)
    _opgaven(log, rijen)
    _telregels(log)
    _overdrachten(log)
    _schorsing(log)
    _brieven(log, rijen)


def _cyclus(log: SimLogboek) -> None:
    """Writes the cyclus, and once more with its term and the rule by which it counts."""
    feit, soort = instellingen()["cyclus"], "spreidingswet.cyclus-vastgesteld"
    op = middernacht(feit["besluiten_op"])
    waarden = {
        "raming": feit["raming"],
        "peildatum": tekst(feit["peildatum"]),
        "beschikbaarTotMinstens": tekst(feit["beschikbaar_tot_minstens"]),
        "meetellendeSoorten": feit["meetellende_soorten"],
        "volledig": True,
        "geldigVanaf": tekst(feit["vanaf"]),
    }
    log.schrijf(soort, feit["id"], op, **waarden)
    termijn = {"realiserenVoor": tekst(feit["realiseren_voor"]), "telregel": feit["telregel"]}
    log.voeg_toe(soort, feit["id"], op + _EVEN_LATER, **waarden, **termijn)


def _telregels(log: SimLogboek) -> None:
    """Writes the rules of what counts. Each is known before the cyclus names one of them."""
    cyclus = instellingen()["cyclus"]
    for regel in instellingen()["telregel"]:
        minstens = regel.get("beschikbaar_tot_minstens")
        log.voeg_toe(
            "spreidingswet.telregel-vastgesteld",
            cyclus["id"],
            middernacht(cyclus["besluiten_op"]),
            naam=regel["naam"],
            omschrijving=regel["omschrijving"],
            meetellendeSoorten=regel["meetellende_soorten"],
            beschikbaarTotMinstens=tekst(minstens) if minstens else None,
            nogMinstensMaanden=regel.get("nog_minstens_maanden"),
            duurMinstensMaanden=regel.get("duur_minstens_maanden"),
            amvApart=regel["amv_apart"],
            termijn=regel["termijn"],
            geldigVanaf=tekst(cyclus["vanaf"]),
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


def _overdrachten(log: SimLogboek) -> None:
    """Writes the overdracht that is known, and one that was invented. The givers have places enough for both."""
    _overdracht(log.schrijf, instellingen()["overdracht"])
    _overdracht(log.voeg_toe, instellingen()["verzonnen_overdracht"])


def _overdracht(schrijf: Callable[..., None], feit: Mapping[str, Any]) -> None:
    schrijf(
        "spreidingswet.overdracht-afgesproken",
        feit["van"],
        middernacht(feit["afgesproken_op"]),
        cyclus=instellingen()["cyclus"]["id"],
        naar=feit["naar"],
        aantal=feit["aantal"],
        geldigVanaf=tekst(feit["vanaf"]),
        geldigTot=tekst(feit["tot"]),
    )


def _schorsing(log: SimLogboek) -> None:
    """Writes what became of one verdeelbesluit: a court suspended it, and later it stood again."""
    feit = instellingen()["schorsing"]
    for stand, op in (("geschorst", feit["van"]), ("geldend", feit["tot"])):
        log.voeg_toe(
            "spreidingswet.opgave-stand-gewijzigd",
            feit["gemeente"],
            middernacht(op),
            cyclus=instellingen()["cyclus"]["id"],
            stand=stand,
            zaak=feit["zaak"],
            geldigVanaf=tekst(op),
        )


def _brieven(log: SimLogboek, rijen: Sequence[Gemeenteplan]) -> None:
    """Writes a letter to each gemeente that does not meet its opgave, logged the day before it is sent."""
    dag = instellingen()["naleving"]["brief_op"]
    for plan in rijen:
        if not plan.voldoet:
            gelogd = log.werkuur(dag - timedelta(days=1))
            stap = {"stap": "brief", "gezetOp": tekst(dag), "bron": None}  # An invented letter has no reference.
            log.schrijf("spreidingswet.toezichtstap-gezet", plan.code, gelogd, **stap)
