"""Why a figure is what it is: the events behind it; and what differs between two moments."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, get_args

from pydantic import Field

from services.api import verklaring as api
from services.api import verschil as differences
from services.api.answering import not_found
from services.api.params import Momenten, not_known_yet
from services.api.verklaring import Onderwerp
from services.core.reasons.verklaring import Rol
from services.core.reasons.verschil import LANDELIJK
from services.dashboard.blad import Blad, Bladmoment, Bladtijd
from services.dashboard.lijst import deel
from services.dashboard.tekst import naam_van
from services.reads.cijfers import Cijfers
from services.reads.reader import Reader
from services.web.problems import Veldfout, invalid

ROWS_MAX = 200
"""On one page."""
Find = Callable[[Reader, Cijfers, str], Onderwerp | None]
FIND: Mapping[str, Find] = {
    "bezetting": lambda _reader, cijfers, _code: api.of_country(cijfers),
    "naleving": lambda _reader, cijfers, _code: api.of_naleving(cijfers),
    "locaties": api.of_locatie,
    "gemeenten": lambda _reader, cijfers, code: api.of_gemeente(cijfers, code),
    "provincies": lambda _reader, cijfers, code: api.of_provincie(cijfers, code),
}
"""The first part of an address → what is explained there."""
NAMED = {"locaties": "locatie", "gemeenten": "gemeente", "provincies": "provincie"}


class Verklaringvraag(Bladtijd):
    """Which events, and which page of them."""

    rol: Rol | None = None
    bladzijde: int = Field(default=1, ge=1, le=10_000)


class Verschilvraag(Bladtijd):
    """With which other moment, and of what only."""

    metGeldigOp: Bladmoment | None = None
    metBekendOp: Bladmoment | None = None
    onderwerp: str | None = Field(default=None, max_length=60)
    bladzijde: int = Field(default=1, ge=1, le=10_000)


def verklaring(blad: Blad[Verklaringvraag], *, kind: str) -> dict[str, Any]:
    """Returns the figures of something, each with its formula, and the events behind them. Raises ProblemError 404."""
    code, cijfers = blad.code, blad.cijfers()
    found = FIND[kind](blad.reader, cijfers, code)
    if found is None:
        raise not_found(NAMED[kind], code, blad.momenten, successor=cijfers.indeling.current(code))
    said = api.explain(blad.reader, blad.caller, cijfers, found)
    rows = [row for row in said["gebeurtenissen"] if blad.vraag.rol in (None, row["rol"])]
    return {
        "herkomst": cijfers.herkomst,
        "onderwerp": code or LANDELIJK,
        "titel": naam_van(cijfers, code or LANDELIJK),
        "terug": f"/{kind}/{code}" if code else "/",
        "gegevens": f"/v1/{kind}/{code}/verklaring" if code else f"/v1/{kind}/verklaring",
        "figuren": said["figuren"],
        "volledig": said["volledig"],
        "rollen": get_args(Rol),
        "naam": partial(naam_van, cijfers),
        **deel(rows, blad.vraag.bladzijde, ROWS_MAX)._asdict(),
    }


def verschil(blad: Blad[Verschilvraag]) -> dict[str, Any]:
    """What differs from another (V, K). Raises ProblemError 400 without that, 404 for an unknown onderwerp."""
    vraag, now = blad.vraag, blad.momenten.now
    if vraag.metGeldigOp is None and vraag.metBekendOp is None:
        raise invalid([Veldfout(veld="metGeldigOp", melding="geef een moment om mee te vergelijken")])
    if fouten := not_known_yet(now, metBekendOp=vraag.metBekendOp):
        raise invalid(fouten)
    van = Momenten.filled_in(vraag.metGeldigOp, vraag.metBekendOp, now)
    naar = blad.momenten
    points = [(van.geldig_op, van.bekend_op), (van.geldig_op, naar.bekend_op), (naar.geldig_op, naar.bekend_op)]
    cijfers = blad.reader.several(points, blad.caller, vraag.positie)
    if vraag.onderwerp is not None and vraag.onderwerp not in differences.subjects_of(cijfers):
        raise not_found("onderwerp", vraag.onderwerp, naar)
    said = differences.told(blad.reader, cijfers, lambda row: vraag.onderwerp in (None, row.onderwerp))
    return {
        "herkomst": cijfers[-1].herkomst,
        "van": van,
        "naar": naar,
        "over": None if vraag.onderwerp is None else naam_van(cijfers[-1], vraag.onderwerp),
        **deel(said["verschillen"], vraag.bladzijde, ROWS_MAX)._asdict(),
    }
