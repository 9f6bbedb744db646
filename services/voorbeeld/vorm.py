"""Writes sample events in one form: keys in a fixed order, moments in UTC, and no nulls."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from schemas.fields import AMSTERDAM, format_moment

CloudEvent = dict[str, Any]
"""A CloudEvent in structured mode, with its keys in a fixed order."""

BRONMAP = Path(__file__).resolve().parents[2] / "deploy" / "voorbeeld"
"""The folder with the readable sources of both sets."""

# Twenty zeros are a placeholder in the form of an OIN. No organisation has this number.
_AFZENDER = "urn:nld:oin:00000000000000000000:systeem:"
PUBLIEK = _AFZENDER + "publieke-bronnen"
SIMULATIE = _AFZENDER + "simulatie"

VELDEN: dict[str, tuple[str, ...]] = {
    "opvanglocaties.locatie-geregistreerd": ("naam", "gemeente", "soort", "zichtbaarheid", "geldigVanaf", "bron"),
    "opvanglocaties.locatie-gesloten": ("geldigVanaf", "bron"),
    "opvanglocaties.capaciteit-gewijzigd": ("geldigVanaf", "geldigTot", "plaatsen", "bron"),
    "opvanglocaties.bezetting-gemeld": ("peilmoment", "aanwezig", "bron"),
    "opvanglocaties.toegang-gewijzigd": ("geldigVanaf", "regime", "reden", "bron"),
    "opvanglocaties.maximum-vastgesteld": (
        "geldigVanaf",
        "geldigTot",
        "maximum",
        "grondslag",
        "dwangsomPerDag",
        "dwangsomPlafond",
        "bron",
    ),
    "spreidingswet.cyclus-vastgesteld": (
        "raming",
        "peildatum",
        "beschikbaarTotMinstens",
        "meetellendeSoorten",
        "volledig",
        "realiserenVoor",
        "telregel",
        "geldigVanaf",
        "bron",
    ),
    "spreidingswet.telregel-vastgesteld": (
        "naam",
        "omschrijving",
        "meetellendeSoorten",
        "beschikbaarTotMinstens",
        "nogMinstensMaanden",
        "duurMinstensMaanden",
        "zonderEinddatum",
        "amvApart",
        "termijn",
        "geldigVanaf",
        "bron",
    ),
    "spreidingswet.opgave-vastgesteld": (
        "cyclus",
        "status",
        "opgave",
        "waarvanAmv",
        "realiserenVoor",
        "geldigVanaf",
        "bron",
    ),
    "spreidingswet.opgave-stand-gewijzigd": ("cyclus", "stand", "zaak", "geldigVanaf", "geldigTot", "bron"),
    "spreidingswet.overdracht-afgesproken": ("cyclus", "naar", "aantal", "geldigVanaf", "geldigTot", "bron"),
    "spreidingswet.toezichtstap-gezet": ("stap", "gezetOp", "bron"),
    "opvangcijfers.cijfers-gepubliceerd": ("peildatum", "cijfers", "bron"),
}
"""The fields of `data` for each type, in the order in which they are written: that of the model, with `bron` last."""


def type_naam(soort: str) -> str:
    """Returns the full CloudEvents type: `nl.<domain>.<event>.v1`."""
    return f"nl.{soort}.v1"


def data(soort: str, /, **waarden: object) -> dict[str, Any]:
    """Returns `data` of one type, in the fixed order and without the fields that are None.

    Raises ValueError for a field that the type does not have.
    """
    velden = VELDEN[soort]
    if onbekend := waarden.keys() - set(velden):
        raise ValueError(f"{soort} kent geen {', '.join(sorted(onbekend))}; wel: {', '.join(velden)}")
    return {veld: waarden[veld] for veld in velden if waarden.get(veld) is not None}


def middernacht(dag: date) -> datetime:
    """Returns 00:00 in Europe/Amsterdam of a day, in UTC. That is what a date without a time means."""
    return datetime.combine(dag, time(), AMSTERDAM).astimezone(UTC)


def tekst(dag: date) -> str:
    """Returns 00:00 in Europe/Amsterdam of a day, as text in UTC."""
    return format_moment(middernacht(dag))


def lees_csv(pad: Path) -> Iterator[dict[str, str | None]]:
    """Yields the rows of a source file, with None for an empty cell."""
    with pad.open(encoding="utf-8", newline="") as bestand:
        for rij in csv.DictReader(bestand):
            yield {kolom: cel or None for kolom, cel in rij.items()}
