"""The gemeenten and provincies of the Netherlands, with what a code becomes when gemeenten merge.

Source: see `schemas/reference/README.md`. The set of 342 holds from 2023-01-01.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

PROVINCIES = {
    "PV20": "Groningen", "PV21": "Fryslân", "PV22": "Drenthe", "PV23": "Overijssel", "PV24": "Flevoland",
    "PV25": "Gelderland", "PV26": "Utrecht", "PV27": "Noord-Holland", "PV28": "Zuid-Holland", "PV29": "Zeeland",
    "PV30": "Noord-Brabant", "PV31": "Limburg",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gemeente:
    """A row of the reference table. Valid from geldig_vanaf until (not including) geldig_tot, Dutch days."""

    code: str
    naam: str
    provincie: str
    inwoners: int
    breedte: float
    """Latitude of the centroid, WGS 84, degrees."""
    lengte: float
    """Longitude of the centroid, WGS 84, degrees."""
    geldig_vanaf: date
    geldig_tot: date | None
    opvolger: str | None
    """The code that takes over its locaties and its opgave when it ends."""


def read_gemeenten(text: str) -> tuple[Gemeente, ...]:
    """Read the reference table from CSV text. Raises ValueError for a row that can't be right."""
    rows = []
    for line, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        gemeente = Gemeente(
            code=row["code"], naam=row["naam"], provincie=row["provincie"], inwoners=int(row["inwoners"]),
            breedte=float(row["breedte"]), lengte=float(row["lengte"]),
            geldig_vanaf=date.fromisoformat(row["geldigVanaf"]),
            geldig_tot=date.fromisoformat(row["geldigTot"]) if row["geldigTot"] else None,
            opvolger=row["opvolger"] or None,
        )  # fmt: skip
        if gemeente.provincie not in PROVINCIES:
            raise ValueError(f"regel {line}: {gemeente.provincie!r} is geen provincie; wel: {', '.join(PROVINCIES)}")
        if (gemeente.geldig_tot is None) != (gemeente.opvolger is None):
            raise ValueError(f"regel {line}: {gemeente.code} heeft een einde of een opvolger, maar niet allebei")
        rows.append(gemeente)
    codes = {gemeente.code for gemeente in rows}
    if stray := {g.opvolger for g in rows if g.opvolger} - codes:
        raise ValueError(f"opvolger {', '.join(sorted(stray))} staat zelf niet in de tabel")
    return tuple(rows)


@cache
def gemeenten() -> tuple[Gemeente, ...]:
    """The whole reference table, those that ended included."""
    return read_gemeenten(files(__name__).joinpath("gemeenten.csv").read_text(encoding="utf-8"))


@cache
def gemeente_codes() -> frozenset[str]:
    """Every code that is or was a gemeente."""
    return frozenset(gemeente.code for gemeente in gemeenten())


@cache
def provincie_codes() -> frozenset[str]:
    """The twelve codes of CBS."""
    return frozenset(PROVINCIES)
