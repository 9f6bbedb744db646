"""What an event says field by field, in the words of the form in which people report it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from services.core import genoemd
from services.dashboard.melden.formulieren import FORMULIEREN, VAN_TYPE
from services.dashboard.melden.lezen import in_woorden
from services.dashboard.melden.velden import DATA, Invoer, Veld

_ELSEWHERE = frozenset({f"{DATA}bron", f"{DATA}gebeurtenisId"})
"""What the page of an event says in another way."""


class Gezegd(NamedTuple):
    """One field of an event, in words."""

    label: str
    waarde: str


def gezegd(type_: str, data: Mapping[str, Any]) -> list[Gezegd]:
    """Returns what an event says, without the fields that it leaves empty, and without where it is said."""
    rows = len(data.get("cijfers", ()))
    return [
        Gezegd(blok.label(veld), _woorden(veld, value))
        for blok in FORMULIEREN[VAN_TYPE[type_]].alle_blokken(rows)
        for veld in blok.velden
        if veld.naam not in _ELSEWHERE and (value := _value(data, veld.naam)) is not None
    ]


def _woorden(veld: Veld, value: Any) -> str:
    return genoemd.regel(value) if veld.invoer is Invoer.TELREGEL else in_woorden(veld, value)


def _value(data: Mapping[str, Any], naam: str) -> Any:
    """Returns what stands at the name of a field, where a row of places goes by its soort and others by number."""
    found: Any = data
    for part in naam.removeprefix(DATA).split("."):
        if isinstance(found, list):
            found = next((row for n, row in enumerate(found) if part in (row.get("soort"), str(n))), None)
        else:
            found = None if found is None else found.get(part)
    return found
