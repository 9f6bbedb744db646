"""On what the hours and the fte of the toezicht rest, as the page tells it: each estimate with who made it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from schemas.reference import PROVINCIES
from services.core.dutch import estimate, number, side_by_side
from services.core.toezicht import GRENZEN
from services.dashboard.page_request import Blad
from services.reads import raming
from services.reads.cijfers import Totaalcijfers


class Grond(NamedTuple):
    """An estimate, or what a toezichthouder said that it has."""

    over: str
    hoeveel: str
    bron: str | None
    """By what its event says that it knows it; None where that says nothing."""
    gebeurtenis: str
    """The id of that event."""


def gronden(blad: Blad[Any], cijfers: Totaalcijfers) -> list[Grond]:
    """Returns the estimate of each step, and what each toezichthouder has."""
    found = raming.rust_op(blad.reader, blad.question, cijfers)
    return [
        *(
            Grond(f"Eén gemeente in '{one['stap']}'", _uren(one), one["bron"], one["gebeurtenis"])
            for one in found["ramingen"]
        ),
        *(
            Grond(
                f"Mensen van {PROVINCIES.get(one['toezichthouder'], 'de minister')}",
                f"{number(one['fteBeschikbaar'])} fte van {number(one['urenPerFte'])} uur",
                one["bron"],
                one["gebeurtenis"],
            )
            for one in found["capaciteiten"]
        ),
    ]


def _uren(one: Mapping[str, Any]) -> str:
    written = side_by_side([one[f"urenPerGemeente{end}"] for end in GRENZEN.values()], 0)
    return estimate(written, "uur")
