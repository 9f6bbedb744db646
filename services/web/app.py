"""Puts a service together: its routes, with the API Design Rules around them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from services.metrics import Metrics
from services.web import openapi, problems
from services.web.edge import API_VERSION, BODY_BYTES_MAX, Edge
from services.web.health import Check, Scraped, health_router
from services.web.publicatie import Publicatie

_DESCRIPTION = (
    "Hoe vol de asielopvang is en welke gemeenten hun taak vervullen: live, en achteraf na te rekenen. "
    "Elke vraag kan gaan over een ander moment in de wereld (geldigOp) en over wat toen bekend was (bekendOp)."
)


def make_app(
    title: str,
    routers: Sequence[APIRouter],
    *,
    metrics: Metrics,
    checks: Mapping[str, Check],
    versions: Mapping[str, str] = MappingProxyType({}),
    body_bytes_max: int = BODY_BYTES_MAX,
    around: Sequence[Middleware] = (),
    scraped: Scraped = Scraped(),  # noqa: B008  a plain value
) -> FastAPI:
    """Makes a service with these routers, and with the addresses that every service has.

    Args:
        title: its name in the description.
        routers: its routes. They are not nested.
        metrics: what it counts, and shows at `/metrics`.
        checks: the parts that must be well before `/gereed` says so, by name.
        versions: what `/gereed` tells of its versions.
        body_bytes_max: the longest body that it reads.
        around: what stands between the edge and the routes.
        scraped: what `/metrics` shows besides, and to whom.
    """
    app = openapi.Described(
        title=title,
        description=_DESCRIPTION,
        version=API_VERSION,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        middleware=[Middleware(Edge, metrics=metrics, body_bytes_max=body_bytes_max), *around],
    )
    app.state.publicatie = Publicatie()
    app.state.routers = [*routers, openapi.openapi_router(), health_router(metrics, checks, versions, scraped)]
    for router in app.state.routers:
        app.include_router(router)
    problems.install(app)
    return app
