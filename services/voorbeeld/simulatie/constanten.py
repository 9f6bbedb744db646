"""What the invented network is held to: the sources in `deploy/voorbeeld/simulatie/`, read once."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from services.voorbeeld.vorm import BRONMAP, lees_csv

MAP = BRONMAP / "simulatie"


@dataclass(frozen=True, slots=True)
class CoaStand:
    """What COA published about one day: open locaties, and the people in them (entitled minus outside COA)."""

    dag: date
    locaties: int
    aanwezig: int


@dataclass(frozen=True, slots=True)
class Bekend:
    """What is known of one gemeente's opgave and places. Places; None = not known."""

    indicatief: int | None
    minstens: int
    verdeelbesluit: int | None
    waarvan_amv: int | None
    plaatsen: int | None


@cache
def instellingen() -> dict[str, Any]:
    """`netwerk.toml`: published and chosen numbers, each with its reason there."""
    return tomllib.loads((MAP / "netwerk.toml").read_text(encoding="utf-8"))


@cache
def coa_standen() -> tuple[CoaStand, ...]:
    """COA's seven published days, in order."""
    return tuple(
        CoaStand(
            dag=date.fromisoformat(str(rij["peildatum"])),
            locaties=int(rij["locaties"] or 0),
            aanwezig=int(rij["recht_op_opvang"] or 0) - int(rij["buiten_coa"] or 0),
        )
        for rij in lees_csv(MAP / "coa-totalen.csv")
    )


@cache
def provincie_opgaven() -> dict[str, int]:
    """The published opgave of each provincie, together the raming of 96,000."""
    return {str(rij["provincie"]): int(rij["opgave"] or 0) for rij in lees_csv(MAP / "provincies.csv")}


@cache
def bekende_opgaven() -> dict[str, Bekend]:
    """What is known per gemeente code; most gemeenten are not in it."""
    return {
        str(rij["gemeente"]): Bekend(
            indicatief=_getal(rij["indicatief"]),
            minstens=_getal(rij["minstens"]) or 1,
            verdeelbesluit=_getal(rij["verdeelbesluit"]),
            waarvan_amv=_getal(rij["waarvan_amv"]),
            plaatsen=_getal(rij["plaatsen"]),
        )
        for rij in lees_csv(MAP / "opgaven.csv")
    }


def _getal(cel: str | None) -> int | None:
    return None if cel is None else int(cel)
