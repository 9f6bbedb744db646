"""Errors as the Dutch API Design Rules want them: RFC 9457, in Dutch, all at once, never with a stack trace."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, cast

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from schemas.errors import describe, field_path
from services.reads.question import NotKnownError, QuestionError, UnseenError
from services.store.model import StoreDeniedError, StoreUnavailableError
from services.store.position import PositionError
from services.web.addresses import API, OPENAPI

MEDIA_TYPE = "application/problem+json"
PROBLEM = "opvangpeil.problem"
"""The key in the scope of a request under which middleware finds the detail of the problem it was answered with."""
RETRY_AFTER_SECONDS = 5
_BASE = "https://opvangpeil.example.org/problemen/"
TOO_OFTEN = 429
_KINDS = {
    400: ("ongeldige-invoer", "Ongeldige invoer"),
    401: ("niet-aangemeld", "Niet aangemeld"),
    403: ("geen-toegang", "Geen toegang"),
    404: ("niet-gevonden", "Niet gevonden"),
    405: ("methode-niet-toegestaan", "Methode niet toegestaan"),
    406: ("niet-beschikbaar-in-dit-formaat", "Niet beschikbaar in dit formaat"),
    409: ("id-al-gebruikt", "Id al gebruikt voor iets anders"),
    413: ("te-groot", "Bericht te groot"),
    415: ("onbekend-formaat", "Formaat niet ondersteund"),
    TOO_OFTEN: ("te-veel-verzoeken", "Te veel verzoeken"),
    500: ("storing", "Storing in Opvangpeil"),
    503: ("tijdelijk-niet-beschikbaar", "Tijdelijk niet beschikbaar"),
}
_PAGE = """<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Opvangpeil</title><link rel="stylesheet" href="/static/opvangpeil.css">
</head>
<body><main><h1>{title}</h1><p>{detail}</p>{fouten}<p><a href="/">Naar het overzicht</a></p></main></body>
</html>
"""
"""Tells a person what is wrong, where the dashboard can't make a page for it."""
_PAGE_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_log = structlog.get_logger(__name__)


class Veldfout(BaseModel):
    """Eén fout: in welk veld, wat er mis is en wat goed zou zijn."""

    veld: str = Field(description="Het veld, als pad met punten; leeg als het om het geheel gaat")
    melding: str = Field(description="Wat er mis is, en wat goed zou zijn")
    index: int | None = Field(default=None, description="Bij een batch: de hoeveelste gebeurtenis, vanaf 0")


class Probleem(BaseModel):
    """Een fout volgens RFC 9457, met alle fouten tegelijk."""

    type: str = Field(description="De soort fout, als URI", json_schema_extra={"format": "uri"})
    title: str = Field(description="De soort fout, in woorden")
    status: int = Field(description="De HTTP-status", ge=400, le=599)
    detail: str = Field(description="Wat er nu mis ging, en wat te doen")
    fouten: list[Veldfout] = Field(description="Elke fout apart; leeg als het verzoek zelf in orde was")


class ProblemError(Exception):
    """Makes the service answer with this problem. It may be raised anywhere below the edge."""

    def __init__(
        self,
        status: int,
        detail: str,
        fouten: Iterable[Veldfout] = (),
        headers: Mapping[str, str] | None = None,
        *,
        kind: tuple[str, str] | None = None,
    ) -> None:
        """`kind` is a type and title, where those of the status do not fit."""
        super().__init__(detail)
        self.kind = kind or _KINDS.get(status, ("fout", "Fout"))
        self.status, self.detail, self.fouten, self.headers = status, detail, tuple(fouten), dict(headers or {})

    def response(self, request: Request | None = None) -> Response:
        """Returns the problem as application/problem+json, or as a page where a browser asked for one."""
        kind, title = self.kind
        if request is not None and wants_page(request):
            headers = self.headers | {"Content-Security-Policy": _PAGE_POLICY}
            return Response(self._page(title), self.status, headers, "text/html; charset=utf-8")
        problem = Probleem(
            type=_BASE + kind, title=title, status=self.status, detail=self.detail, fouten=list(self.fouten)
        )
        body = orjson.dumps(problem.model_dump(exclude_none=True))
        return Response(body, self.status, self.headers, MEDIA_TYPE)

    def _page(self, title: str) -> str:
        fouten = "".join(f"<li>{escape(fout.veld)} {escape(fout.melding)}</li>" for fout in self.fouten)
        return _PAGE.format(title=escape(title), detail=escape(self.detail), fouten=fouten and f"<ul>{fouten}</ul>")


def wants_page(request: Request) -> bool:
    """Whether a browser asks for a page, outside the API."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(f"{API}/")


def invalid(fouten: Iterable[Veldfout]) -> ProblemError:
    """Returns 400: the request is wrong in these fields."""
    listed = tuple(fouten)
    aantal = "1 fout" if len(listed) == 1 else f"{len(listed)} fouten"
    return ProblemError(400, f"Het verzoek bevat {aantal}; zie fouten.", listed)


def problem_of(error: NotKnownError | UnseenError | QuestionError | PositionError) -> ProblemError:
    """The problem that a question without an answer comes down to: 404, 403 or 400."""
    match error:
        case NotKnownError():
            return ProblemError(404, str(error))
        case UnseenError():
            return ProblemError(403, str(error))
        case PositionError():
            return invalid([Veldfout(veld="positie", melding=str(error))])
    return invalid(veldfouten(error))


def veldfouten(error: QuestionError) -> list[Veldfout]:
    """What is wrong with a question, field by field."""
    return [Veldfout(veld=field, melding=said) for field, said in error.faults]


def unavailable(detail: str, retry_after_seconds: int = RETRY_AFTER_SECONDS) -> ProblemError:
    """Returns 503: the same request may be tried again later, and nothing was half done."""
    return ProblemError(503, detail, headers={"Retry-After": str(retry_after_seconds)})


def internal() -> ProblemError:
    """Returns 500, with what a caller may know of a fault of ours."""
    return ProblemError(
        500, "Er ging iets mis in Opvangpeil zelf. De fout is vastgelegd; probeer het verzoek later opnieuw."
    )


def repeated_parameters(request: Request) -> list[Veldfout]:
    """Returns a fault for each query parameter that is given twice, since it has no clear meaning."""
    names = [name for name, _ in request.query_params.multi_items()]
    return [
        Veldfout(veld=name, melding="staat meer dan eens in het verzoek; elke parameter mag er één keer in")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


async def refuse_parameters(request: Request) -> None:
    """Is a dependency of routes without query parameters. Raises ProblemError 400."""
    if request.query_params:
        raise invalid(unknown_parameter(name, ()) for name in dict.fromkeys(request.query_params.keys()))


def install(app: FastAPI) -> None:
    """Makes a service answer every error below the edge with a problem."""

    @app.exception_handler(ProblemError)
    async def _(request: Request, error: ProblemError) -> Response:
        request.scope.get(PROBLEM, {})["detail"] = error.detail
        return error.response(request)

    @app.exception_handler(StoreDeniedError)
    async def _(request: Request, error: StoreDeniedError) -> Response:
        _log.error("ClickHouse laat dit niet toe", reden=str(error))
        detail = "ClickHouse laat Opvangpeil dit niet doen; wie het beheert moet de rechten nakijken."
        return ProblemError(500, detail).response(request)

    @app.exception_handler(StoreUnavailableError)
    async def _(request: Request, _error: StoreUnavailableError) -> Response:
        detail = "De gegevensopslag antwoordt niet. Er gaat niets verloren; probeer het zo weer."
        return unavailable(detail).response(request)

    @app.exception_handler(PositionError)
    @app.exception_handler(QuestionError)
    @app.exception_handler(UnseenError)
    @app.exception_handler(NotKnownError)
    async def _(request: Request, error: PositionError | QuestionError | UnseenError | NotKnownError) -> Response:
        problem = problem_of(error)
        request.scope.get(PROBLEM, {})["detail"] = problem.detail
        return problem.response(request)

    @app.exception_handler(RequestValidationError)
    async def _(request: Request, error: RequestValidationError) -> Response:
        found = [_parameter_error(request, details) for details in error.errors()]
        return invalid([*found, *repeated_parameters(request)]).response()

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> Response:
        return _http(request, error)


def _parameter_error(request: Request, details: Any) -> Veldfout:
    veld = field_path(details["loc"][1:], tagged=False)  # without 'query' or 'path'
    if details["type"] == "extra_forbidden":
        return unknown_parameter(veld, _known_parameters(request))
    return Veldfout(veld=veld, melding=describe(details))


def unknown_parameter(veld: str, known: Iterable[str]) -> Veldfout:
    """Returns the fault of a name that is no parameter here, with the names that are."""
    wel = ", ".join(known)
    return Veldfout(
        veld=veld, melding=f"is geen bekende parameter; {'wel: ' + wel if wel else 'dit adres heeft geen parameters'}"
    )


def _known_parameters(request: Request) -> list[str]:
    """Returns the parameters that the description of the API names, or the code where that leaves the address out."""
    route = request.scope["route"]
    if not route.include_in_schema:
        models = [one.field_info.annotation for one in route.dependant.query_params]
        return [name for model in models for name in model.model_fields]
    path = route.path.removeprefix(API)
    operation = request.app.openapi()["paths"][path][request.method.lower()]
    return [parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"]


def _http(request: Request, error: HTTPException) -> Response:
    if error.status_code == 405:
        allow = _allowed_methods(request)
        headers = {"Allow": ", ".join(allow)}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        return ProblemError(405, f"{request.method} kan hier niet; wel: {', '.join(allow)}.", (), headers).response(
            request
        )
    if error.status_code == 404:
        if wants_page(request) and (missing := getattr(request.app.state, "missing", None)) is not None:
            return cast(Response, missing(request))
        listed = "" if wants_page(request) else f" Alle adressen staan in {OPENAPI.path}."
        return ProblemError(404, f"Dit adres bestaat niet.{listed}").response(request)
    detail = "Het verzoek is niet te lezen." if error.status_code == 400 else "Het verzoek kan niet worden uitgevoerd."
    return ProblemError(error.status_code, detail, (), error.headers).response(request)


def _allowed_methods(request: Request) -> list[str]:
    """Returns the methods of every route with this path. The framework names only those of the first route."""
    methods = {
        method
        for router in request.app.state.routers
        for route in router.routes
        if route.path_regex.match(request.url.path)
        for method in route.methods
    }
    return sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))
