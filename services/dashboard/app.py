"""The page at `/`: the same figures as the API, at any (V, K), in HTML that needs nothing but a browser."""

import re
from datetime import datetime
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic_core import PydanticCustomError

from schemas.fields import AMSTERDAM, format_moment
from services.access import Caller, caller_of
from services.api import answers
from services.api.params import Momenten, Tijd, parse_query_moment
from services.api.read import Reader
from services.clock import Clock
from services.core import formules
from services.core.naleving import totalen
from services.store.model import StoreUnavailableError
from services.store.store import Store
from services.web.problems import ProblemError, Veldfout, invalid, refuse_parameters, unknown_parameter

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}
_KNOWN = ("geldigOp", "bekendOp")
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?")
_NOT_A_MOMENT = "is geen moment van 2010 tot en met 2050; verwacht bijvoorbeeld 2026-05-26T10:00, in Nederlandse tijd"


def dashboard_router(store: Store, clock: Clock) -> APIRouter:
    """`/` and its style sheet."""
    router = APIRouter(include_in_schema=False)
    reader = Reader(store, clock)
    page = _environment().get_template("pagina.html")
    style = files(__package__).joinpath("static", "opvangpeil.css").read_bytes()

    @router.get("/")
    def pagina(request: Request) -> Response:
        caller = caller_of(request)
        shown: dict[str, Any] = {"gevraagd": request.query_params, "wie": caller, "fouten": (), "cijfers": None}
        status = 200
        try:
            shown |= _figures(reader, caller, _momenten(request, clock()))
        except ProblemError as problem:
            shown["fouten"], status = problem.fouten, problem.status
        except StoreUnavailableError:
            shown["fouten"] = [Veldfout(veld="", melding="De gegevensopslag antwoordt niet; probeer het zo weer.")]
            status = 503
        return HTMLResponse(page.render(shown), status, _HEADERS)

    @router.get("/static/opvangpeil.css", dependencies=[Depends(refuse_parameters)])
    def opmaak() -> Response:
        return Response(style, media_type="text/css", headers=_HEADERS)

    return router


def _momenten(request: Request, now: datetime) -> Momenten:
    """As the API reads them; a form also sends empty fields, and moments without an offset."""
    fouten = [unknown_parameter(name, _KNOWN) for name in request.query_params if name not in _KNOWN]
    moments: dict[str, datetime | None] = {}
    for veld in _KNOWN:
        text = request.query_params.get(veld, "").strip()
        try:
            moments[veld] = _moment(text) if text else None
        except PydanticCustomError:
            fouten.append(Veldfout(veld=veld, melding=_NOT_A_MOMENT))
    if fouten:
        raise invalid(fouten)
    return Momenten.of(request, Tijd.model_construct(geldigOp=moments["geldigOp"], bekendOp=moments["bekendOp"]), now)


def _moment(text: str) -> datetime:
    if _LOCAL.fullmatch(text):
        try:
            local = datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)
        except ValueError as error:
            raise PydanticCustomError("moment", "is geen moment") from error
        text = format_moment(local)
    return parse_query_moment(text)


def _figures(reader: Reader, caller: Caller, momenten: Momenten) -> dict[str, Any]:
    cijfers = reader.figures(momenten, caller)
    limited = [locatie for locatie in cijfers.shown if locatie.maximum is not None and locatie.registered]
    days = reader.breaches(cijfers, limited)
    return {
        "cijfers": answers.landelijk(cijfers),
        "geteld": sum(
            locatie.registered and locatie.open and None not in (locatie.aanwezig, locatie.inzetbaar)
            for locatie in cijfers.locaties
        ),
        "cyclus": cijfers.cyclus,
        "klassen": totalen(cijfers.naleving),
        "gemeenten": len(cijfers.naleving),
        "alarmen": [alarm for alarm in reader.alarmen(momenten, caller) if alarm.status != "hersteld"],
        "namen": {locatie.id: locatie.naam for locatie in cijfers.shown if locatie.naam},
        "maxima": [answers.locatie_row(cijfers, locatie, days.get(locatie.id)) for locatie in limited],
        "nu": momenten.geldig_op == momenten.bekend_op == momenten.now,
    }


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("services.dashboard"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"getal": _number, "procent": _percent, "moment": _dutch_moment, "duur": _duration}
    environment.filters |= {"veldwaarde": _field_value}
    return environment


def _number(number: float | str | None) -> str:
    if isinstance(number, str):
        return number or "onbekend"
    return formules.number(number, decimals=3)


def _percent(ratio: float | None) -> str:
    return "onbekend" if ratio is None else f"{ratio * 100:.1f}".replace(".", ",") + " %"


def _dutch_moment(moment: datetime | str) -> str:
    return formules.dutch_moment(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)


def _duration(seconds: int | None) -> str:
    if seconds is None:
        return "onbekend"
    for size, unit in ((86_400, "dagen"), (3_600, "uur"), (60, "minuten")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconden"


def _field_value(text: str) -> str:
    """For a field of the form: what was asked, on the Dutch clock; nothing for what can't be read."""
    try:
        return _moment(text).astimezone(AMSTERDAM).replace(tzinfo=None).isoformat(timespec="seconds") if text else ""
    except PydanticCustomError:
        return ""
