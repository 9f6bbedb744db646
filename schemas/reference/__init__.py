"""The gemeenten and provincies of the Netherlands, and the successor of a gemeente that ended by merger.

The sources are named in `schemas/reference/README.md`. The set of 342 gemeenten holds from 2023-01-01.
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


INWONERS_OP = date(2026, 1, 1)
"""The day of the inhabitants in the table, as far as can be told: their source gives no date, and this one is likely.

They are about right, and no official figure. One day for all V, so figures through time show what places do.
"""


@dataclass(frozen=True, slots=True)
class Gemeente:
    """A row of the reference table, valid from geldig_vanaf up to but not including geldig_tot. Both are Dutch days."""

    code: str
    naam: str
    provincie: str
    inwoners: int
    """About as many as there were on `INWONERS_OP`."""
    breedte: float
    """Latitude of the centroid, in degrees (WGS 84)."""
    lengte: float
    """Longitude of the centroid, in degrees (WGS 84)."""
    geldig_vanaf: date
    geldig_tot: date | None
    opvolger: str | None
    """The code of the gemeente that takes over its locaties and its opgave when it ends."""


class Zeshoek(NamedTuple):
    """A cell of the hexagon map.

    Its centre lies at y = rij * sqrt(3) / 2 and x = kolom, or kolom + 0.5 in an odd rij. The unit is the width of a
    hexagon, which has a point at the top; y grows to the south.
    """

    kolom: int
    rij: int


def read_gemeenten(text: str) -> tuple[Gemeente, ...]:
    """Parses the reference table from CSV text. Raises ValueError for a row, or a merger, that can't be right."""
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
    """Checks that a successor outlives the gemeente, so that a chain of successors always ends. Raises ValueError."""
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
    """Returns the whole reference table, with the gemeenten that ended."""
    return read_gemeenten(files(__name__).joinpath("gemeenten.csv").read_text(encoding="utf-8"))


@cache
def _by_code() -> Mapping[str, Gemeente]:
    return MappingProxyType({gemeente.code: gemeente for gemeente in gemeenten()})


def gemeente_van(code: str) -> Gemeente:
    """Returns the row of a code that is or was a gemeente."""
    return _by_code()[code]


@cache
def gemeente_codes() -> frozenset[str]:
    """Returns every code that is or was a gemeente."""
    return frozenset(gemeente.code for gemeente in gemeenten())


@cache
def provincie_codes() -> frozenset[str]:
    """Returns the twelve codes of CBS."""
    return frozenset(PROVINCIES)


def read_zeshoeken(text: str) -> dict[str, Zeshoek]:
    """Parses the hexagon map from CSV text. Raises ValueError for a line that can't be right, or that occurs twice."""
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
    """Returns the cell on the hexagon map of each gemeente that is valid now, by code."""
    return MappingProxyType(read_zeshoeken(files(__name__).joinpath("zeshoeken.csv").read_text(encoding="utf-8")))
