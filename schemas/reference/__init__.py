"""The gemeenten and provincies of the Netherlands, with what a code becomes when gemeenten merge.

Source: see `schemas/reference/README.md`. The set of 342 holds from 2023-01-01.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

PROVINCIES = {
    "PV20": "Groningen",
    "PV21": "Fryslân",
    "PV22": "Drenthe",
    "PV23": "Overijssel",
    "PV24": "Flevoland",
    "PV25": "Gelderland",
    "PV26": "Utrecht",
    "PV27": "Noord-Holland",
    "PV28": "Zuid-Holland",
    "PV29": "Zeeland",
    "PV30": "Noord-Brabant",
    "PV31": "Limburg",
}


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


class Zeshoek(NamedTuple):
    """A cell of the hexagon map. Its centre lies at x = kolom + 0.5 for an odd rij, y = rij * sqrt(3) / 2.

    In widths of a hexagon with a point up; y grows to the south.
    """

    kolom: int
    rij: int


def read_gemeenten(text: str) -> tuple[Gemeente, ...]:
    """Read the reference table from CSV text. Raises ValueError for a row, or a merger, that can't be right."""
    rows = []
    for line, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        gemeente = Gemeente(
            code=row["code"],
            naam=row["naam"],
            provincie=row["provincie"],
            inwoners=int(row["inwoners"]),
            breedte=float(row["breedte"]),
            lengte=float(row["lengte"]),
            geldig_vanaf=date.fromisoformat(row["geldigVanaf"]),
            geldig_tot=date.fromisoformat(row["geldigTot"]) if row["geldigTot"] else None,
            opvolger=row["opvolger"] or None,
        )
        if gemeente.provincie not in PROVINCIES:
            raise ValueError(f"regel {line}: {gemeente.provincie!r} is geen provincie; wel: {', '.join(PROVINCIES)}")
        if (gemeente.geldig_tot is None) != (gemeente.opvolger is None):
            raise ValueError(f"regel {line}: {gemeente.code} heeft een einde of een opvolger, maar niet allebei")
        rows.append(gemeente)
    by_code = {gemeente.code: gemeente for gemeente in rows}
    if len(by_code) < len(rows):
        raise ValueError("elke code mag er één keer in staan")
    for gemeente in rows:
        _check_merger(gemeente, by_code)
    return tuple(rows)


def _check_merger(gemeente: Gemeente, by_code: Mapping[str, Gemeente]) -> None:
    """A gemeente goes on in one that outlives it, so that following successors always comes to an end."""
    einde = gemeente.geldig_tot
    if einde is None or gemeente.opvolger is None:
        return
    if einde <= gemeente.geldig_vanaf:
        raise ValueError(f"{gemeente.code}: geldigTot moet na geldigVanaf liggen")
    opvolger = by_code.get(gemeente.opvolger)
    if opvolger is None:
        raise ValueError(f"opvolger {gemeente.opvolger} van {gemeente.code} staat zelf niet in de tabel")
    if opvolger.geldig_vanaf > einde or (opvolger.geldig_tot is not None and opvolger.geldig_tot <= einde):
        raise ValueError(f"opvolger {opvolger.code} bestaat niet op {einde}, waar {gemeente.code} eindigt")


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


def read_zeshoeken(text: str) -> dict[str, Zeshoek]:
    """Read the hexagon map from CSV text. Raises ValueError for a line that can't be right, or is there twice."""
    found: dict[str, Zeshoek] = {}
    taken: dict[Zeshoek, str] = {}
    for line, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        code, kolom, rij = row["code"], row["kolom"] or "", row["rij"] or ""
        if not (code and kolom.isdecimal() and rij.isdecimal()):
            raise ValueError(f"regel {line}: verwacht een code en twee hele getallen vanaf 0")
        zeshoek = Zeshoek(int(kolom), int(rij))
        if code in found:
            raise ValueError(f"regel {line}: {code} heeft al een zeshoek")
        if zeshoek in taken:
            raise ValueError(f"regel {line}: kolom {zeshoek.kolom}, rij {zeshoek.rij} is al van {taken[zeshoek]}")
        found[code], taken[zeshoek] = zeshoek, code
    return found


@cache
def zeshoeken() -> Mapping[str, Zeshoek]:
    """The cell of each gemeente on the hexagon map, by code. Those that are valid now are in it."""
    return MappingProxyType(read_zeshoeken(files(__name__).joinpath("zeshoeken.csv").read_text(encoding="utf-8")))
