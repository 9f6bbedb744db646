"""Writes sample events in one form: keys in a fixed order, moments in UTC, and no nulls."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from schemas.events import FACT_TYPES
from schemas.fields import Strict, format_moment
from schemas.moments import start_of_day

CloudEvent = dict[str, Any]
"""A CloudEvent in structured mode, with its keys in a fixed order."""

BRONMAP = Path(__file__).resolve().parents[2] / "deploy" / "voorbeeld"
"""The folder with the readable sources of both sets."""

# Twenty zeros are a placeholder in the form of an OIN. No organisation has this number.
_AFZENDER = "urn:nld:oin:00000000000000000000:systeem:"
PUBLIEK = _AFZENDER + "publieke-bronnen"
SIMULATIE = _AFZENDER + "simulatie"


def type_naam(soort: str) -> str:
    """Returns the full CloudEvents type: `nl.<domain>.<event>.v1`."""
    return f"nl.{soort}.v1"


@cache
def velden(soort: str) -> tuple[str, ...]:
    """Returns the fields of `data` of a type, in the order in which they are written: its model's, `bron` last."""
    model: type[Strict] = FACT_TYPES[type_naam(soort)].model_fields["data"].annotation  # type: ignore[assignment]
    return tuple(sorted(model.model_fields, key="bron".__eq__))


def data(soort: str, /, **waarden: object) -> dict[str, Any]:
    """Returns `data` of one type, in the fixed order and without the fields that are None.

    Raises ValueError for a field that the type does not have.
    """
    known = velden(soort)
    if onbekend := waarden.keys() - set(known):
        raise ValueError(f"{soort} kent geen {', '.join(sorted(onbekend))}; wel: {', '.join(known)}")
    return {veld: waarden[veld] for veld in known if waarden.get(veld) is not None}


def middernacht(dag: date) -> datetime:
    """Returns 00:00 in Europe/Amsterdam of a day, in UTC. That is what a date without a time means."""
    return start_of_day(dag).astimezone(UTC)


def tekst(dag: date) -> str:
    """Returns 00:00 in Europe/Amsterdam of a day, as text in UTC."""
    return format_moment(middernacht(dag))


def lees_csv(pad: Path) -> Iterator[dict[str, str | None]]:
    """Yields the rows of a source file, with None for an empty cell."""
    with pad.open(encoding="utf-8", newline="") as bestand:
        for rij in csv.DictReader(bestand):
            yield {kolom: cel or None for kolom, cel in rij.items()}
