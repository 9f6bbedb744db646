"""The description of the API at `/v1/openapi.json`: OpenAPI 3.1, made from the routes.

It is completed with what the API Design Rules want of every operation.
"""

from typing import Any

import orjson
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from pydantic.json_schema import models_json_schema

from schemas.events import FACTS, adapter
from services.web.addresses import API, OPENAPI, at
from services.web.edge import API_VERSION
from services.web.problems import MEDIA_TYPE, Probleem, refuse_parameters

_REFS = "#/components/schemas/{model}"
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Probleem"}}}
_CONTACT = {"name": "Opvangpeil", "email": "opvangpeil@example.org", "url": "https://opvangpeil.example.org/contact"}
_EVERYWHERE = {
    "400": "Het verzoek klopt niet; alle fouten staan erbij.",
    "401": "Er is geen token, of het klopt niet (meer).",
    "403": "Dit mag hier niet: door de rol, de source, het type, het onderwerp of de ouderdom. Het antwoord zegt wat.",
    "406": "Het gevraagde formaat (Accept) is er niet.",
    "429": "Te veel tegelijk of te vaak: het antwoord zegt welk aandeel op is. Ook na te veel foute tokens.",
    "500": "Storing in Opvangpeil zelf.",
    "503": "Tijdelijk niet beschikbaar; probeer het later weer.",
}
_RETRY_AFTER = {"description": "Na hoeveel seconden opnieuw te proberen", "schema": {"type": "integer", "minimum": 0}}
_AUTHENTICATE = {"description": "Wat er wordt gevraagd: een Bearer-token", "schema": {"type": "string"}}
_SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "Een token van Opvangpeil (ovp_…), of een access token van de ingestelde OIDC-uitgever.",
    },
    "sessie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-opvangpeil-sessie",
        "description": "De sessie van een browser, na /inloggen.",
    },
}
"""On loopback neither is asked as long as access is not set up, so the description has an empty one beside them."""
_VERSION_HEADER = {"description": "Versie van dit koppelvlak", "schema": {"type": "string", "examples": [API_VERSION]}}


def openapi_router() -> APIRouter:
    """Returns the address of the description, which every site may read."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_parameters)])

    @at(router, OPENAPI)
    def openapi(request: Request) -> Response:
        headers = {"Access-Control-Allow-Origin": "*"}
        return Response(orjson.dumps(request.app.openapi()), 200, headers, "application/json")

    return router


class Described(FastAPI):
    """A service that describes itself completely."""

    def openapi(self) -> dict[str, Any]:
        """Returns the description, which is made once."""
        if self.openapi_schema is None:
            self.openapi_schema = _complete(
                get_openapi(
                    title=self.title,
                    version=API_VERSION,
                    openapi_version="3.1.0",
                    description=self.description,
                    routes=self.routes,
                    servers=[{"url": API}],
                    license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
                )
            )
        return self.openapi_schema


def _complete(document: dict[str, Any]) -> dict[str, Any]:
    """Adds problems and the version header to every operation, and puts paths below the server's `/v1`."""
    document["info"]["contact"] = _CONTACT  # the framework would need a validator of e-mail addresses for it
    document["paths"] = {path.removeprefix(API): item for path, item in document.get("paths", {}).items()}
    for operation in (operation for item in document["paths"].values() for operation in item.values()):
        for parameter in operation.get("parameters", ()):
            parameter["schema"] = _parameter_schema(parameter["schema"])
        responses = operation["responses"]
        responses.pop("422", None)  # the framework's; ours is 400
        for status, text in _EVERYWHERE.items():
            responses.setdefault(status, {"description": text})
        for status, response in responses.items():
            headers = response.setdefault("headers", {})
            headers["API-Version"] = {"$ref": "#/components/headers/API-Version"}
            if response["description"] == "Successful Response":
                response["description"] = "Gelukt."
            if int(status) >= 400:
                response["content"] = _PROBLEM
            if status == "401":
                headers["WWW-Authenticate"] = _AUTHENTICATE
            if status in ("429", "503"):
                headers["Retry-After"] = _RETRY_AFTER
        operation["responses"] = dict(sorted(responses.items()))
    components = document.setdefault("components", {})
    components["securitySchemes"] = _SECURITY
    document["security"] = [{"token": []}, {"sessie": []}, {}]
    components["headers"] = {"API-Version": _VERSION_HEADER}
    components["schemas"] = _schemas() | {
        name: schema
        for name, schema in components.get("schemas", {}).items()
        if name not in ("HTTPValidationError", "ValidationError")
    }
    return document


def _parameter_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Returns a schema without null and titles: a parameter of a query is left out rather than null."""
    kept = {name: value for name, value in schema.items() if name not in ("title", "description", "anyOf")}
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    return kept | (choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {})


def _schemas() -> dict[str, Any]:
    """Returns the schemas that routes refer to by name: the problem, and every event that may be sent."""
    _, problem = models_json_schema([(Probleem, "serialization")], ref_template=_REFS)
    events = adapter(*FACTS).json_schema(ref_template=_REFS)
    schemas: dict[str, Any] = problem["$defs"] | events.pop("$defs")
    return schemas | {"GebeurtenisIn": events}
