"""The ladder of interbestuurlijk toezicht: the place of each step, its usual term, and what may follow.

What comes from a source and what is an assumption stands in `schemas/reference/README.md`.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple, get_args

from schemas.data import Toezichtstap

_YES_OR_NO = {"ja": True, "nee": False}


class Trede(NamedTuple):
    """A step of toezicht, and its place on the ladder."""

    stap: Toezichtstap
    trede: int | None
    """Its place in the general framework, from 1 to 6; None for `beëindigd`, which stands outside the ladder."""
    fase: str | None
    """What the framework calls that place."""
    termijn_dagen: int | None
    """The days that a gemeente usually gets from this step on; None where there is no usual term."""
    volgende: tuple[Toezichtstap, ...]
    """The steps that may follow. The same step again may follow too, and is not among them."""
    eerste: bool
    """Whether supervision may begin with it."""


def read_toezichtladder(text: str) -> dict[Toezichtstap, Trede]:
    """Parses the ladder from CSV text, in its order.

    Raises ValueError for a line that can't be right, and for a step that is missing, unknown or there twice.
    """
    found: dict[Toezichtstap, Trede] = {}
    for line, row in enumerate(csv.DictReader(text.splitlines(), restval=""), start=2):
        try:
            one = _read(row)
        except ValueError as error:
            raise ValueError(f"regel {line}: {error}") from error
        if one.stap in found:
            raise ValueError(f"regel {line}: {one.stap} staat er al in")
        found[one.stap] = one
    if missing := [stap for stap in get_args(Toezichtstap) if stap not in found]:
        raise ValueError(f"deze stappen ontbreken: {', '.join(missing)}")
    return found


def _read(row: Mapping[str, str]) -> Trede:
    if row["eerste"] not in _YES_OR_NO:
        raise ValueError(f"eerste is {row['eerste']!r}; verwacht ja of nee")
    if bool(row["trede"]) != bool(row["fase"]):
        raise ValueError("een stap heeft een trede en een fase, of geen van beide")
    return Trede(
        stap=_step(row["stap"]),
        trede=int(row["trede"]) if row["trede"] else None,
        fase=row["fase"] or None,
        termijn_dagen=int(row["termijnDagen"]) if row["termijnDagen"] else None,
        volgende=tuple(map(_step, row["volgende"].split(";"))),
        eerste=_YES_OR_NO[row["eerste"]],
    )


def _step(name: str) -> Toezichtstap:
    known: tuple[Toezichtstap, ...] = get_args(Toezichtstap)
    for stap in known:
        if stap == name:
            return stap
    raise ValueError(f"{name!r} is geen stap; wel: {', '.join(known)}")


@cache
def toezichtladder() -> Mapping[Toezichtstap, Trede]:
    """Returns each step with its place, in the order of the ladder."""
    return MappingProxyType(read_toezichtladder(files(__package__).joinpath("toezichtladder.csv").read_text("utf-8")))
