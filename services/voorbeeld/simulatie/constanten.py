"""Reads, once, the published figures that the invented network must match: `deploy/voorbeeld/simulatie/`."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from services.voorbeeld.vorm import BRONMAP, lees_csv

SIMULATIEMAP = BRONMAP / "simulatie"


@dataclass(frozen=True, slots=True)
class CoaStand:
    """What COA published about one day: the open locaties, and the people in them.

    Those are the people who have a right to reception, minus those who live outside COA.
    """

    dag: date
    locaties: int
    aanwezig: int


@dataclass(frozen=True, slots=True)
class Bekend:
    """What is known of the opgave and the places of one gemeente. All are numbers of places; None is not known."""

    indicatief: int | None
    minstens: int
    verdeelbesluit: int | None
    waarvan_amv: int | None
    plaatsen: int | None


@cache
def instellingen() -> dict[str, Any]:
    """Returns `netwerk.toml`: published and chosen numbers. Their reasons stand in that file."""
    return tomllib.loads((SIMULATIEMAP / "netwerk.toml").read_text(encoding="utf-8"))


@cache
def coa_standen() -> tuple[CoaStand, ...]:
    """Returns the seven days that COA published, in order."""
    return tuple(
        CoaStand(
            dag=date.fromisoformat(str(rij["peildatum"])),
            locaties=int(rij["locaties"] or 0),
            aanwezig=int(rij["recht_op_opvang"] or 0) - int(rij["buiten_coa"] or 0),
        )
        for rij in lees_csv(SIMULATIEMAP / "coa-totalen.csv")
    )


@cache
def provincie_opgaven() -> dict[str, int]:
    """Returns the published opgave of each provincie. Together they are the raming of 96,000."""
    return {str(rij["provincie"]): int(rij["opgave"] or 0) for rij in lees_csv(SIMULATIEMAP / "provincies.csv")}


@cache
def bekende_opgaven() -> dict[str, Bekend]:
    """Returns what is known, by gemeente code. Most gemeenten are not in it."""
    return {
        str(rij["gemeente"]): Bekend(
            indicatief=_getal(rij["indicatief"]),
            minstens=_getal(rij["minstens"]) or 1,
            verdeelbesluit=_getal(rij["verdeelbesluit"]),
            waarvan_amv=_getal(rij["waarvan_amv"]),
            plaatsen=_getal(rij["plaatsen"]),
        )
        for rij in lees_csv(SIMULATIEMAP / "opgaven.csv")
    }


def _getal(cel: str | None) -> int | None:
    return None if cel is None else int(cel)
