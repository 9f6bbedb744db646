"""The pages that explain: the events behind a figure, and what differs between two moments."""

from functools import partial
from typing import Any, get_args

from pydantic import Field

from services.core.grootheden import KLASSENAMEN
from services.core.reasons.verklaring import Rol
from services.core.registers import LANDELIJK
from services.dashboard.lijst import page_of_rows
from services.dashboard.page_request import Blad, Bladtijd
from services.dashboard.tekst import naam_van
from services.dashboard.telling import telling
from services.reads import verklaring as reasons
from services.web.addresses import (
    BEZETTING_VERKLARING,
    GEMEENTE_VERKLARING,
    LOCATIE_VERKLARING,
    NALEVING_VERKLARING,
    PROVINCIE_VERKLARING,
)

EXPLAINED_AT = {
    "bezetting": BEZETTING_VERKLARING,
    "naleving": NALEVING_VERKLARING,
    "locaties": LOCATIE_VERKLARING,
    "gemeenten": GEMEENTE_VERKLARING,
    "provincies": PROVINCIE_VERKLARING,
}
"""Name in EXPLANATIONS of services.reads.verklaring → the answer that a page of explanation shows."""
_CLASSES = frozenset(KLASSENAMEN.values())
"""The figures that are a number of gemeenten in a class."""
ROWS_MAX = 200
"""Rows on one page."""


class Verklaringvraag(Bladtijd):
    """Which events are shown, and which page of them."""

    rol: Rol | None = None
    bladzijde: int = Field(default=1, ge=1, le=10_000)


def verklaring(blad: Blad[Verklaringvraag], *, kind: str) -> dict[str, Any]:
    """Returns the figures of something, each with its formula, and the events behind them. Raises NotKnownError."""
    code = blad.code
    cijfers, said = reasons.verklaring(blad.reader, blad.question, kind, code)
    own = next((one for one in cijfers.locaties if one.id == code), None)
    rows = [row for row in said["gebeurtenissen"] if blad.vraag.rol in (None, row["rol"])]
    return {
        "herkomst": cijfers.herkomst,
        "onderwerp": code or LANDELIJK,
        "titel": naam_van(cijfers, code or LANDELIJK),
        "terug": f"/{kind}/{code}" if code else "/",
        "gegevens": EXPLAINED_AT[kind].to(*([code] if code else [])),
        "figuren": said["figuren"],
        "klassen": {one["grootheid"]: one["waarde"] for one in said["figuren"] if one["grootheid"] in _CLASSES},
        "telling": None if own is None else telling(own, cijfers.herkomst.geldig_op, cijfers.grenzen),
        "volledig": said["volledig"],
        "rollen": get_args(Rol),
        "naam": partial(naam_van, cijfers),
        **page_of_rows(rows, blad.vraag.bladzijde, ROWS_MAX)._asdict(),
    }
