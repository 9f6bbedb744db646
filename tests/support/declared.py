"""Compares declarations with reality: addresses with routes, and pages with files.

Each function returns a sentence for every omission, which says what is missing and where.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

from services.clock import system_clock
from services.config import read_config
from services.dashboard.page import Page, PathKind
from services.eventlog.brokers import parse_brokers
from services.store.connect import Connection
from services.store.store import Store
from services.web import make_app
from services.web.addresses import Address
from services.wiring import parts
from services.wiring.forms import make_resources, open_log
from services.wiring.log import Broker, Log, Topic
from services.wiring.resources import Resources
from tests.support.bezorg_help import lijst_of

IN = "services/web/addresses.py"
IN_PAGES = "services/dashboard/pages.py"
NO_PAGE = {"basis.html", "lijst.html", "fout.html"}
"""Templates that other pages extend, and the template for errors."""
Routes = Mapping[str, Collection[tuple[str, str]]]
"""Service → the method and path of each of its routes."""


BROKER = Broker(parse_brokers("kafka://127.0.0.1:9"), 1, 8)


@contextmanager
def resources() -> Iterator[tuple[Resources, Log]]:
    """Gives the resources for services. Nothing listens at the addresses of the store and the broker."""
    store = Store(Connection("clickhouse://127.0.0.1:9/opvang"))
    shared = make_resources(store, system_clock, read_config({}))
    with open_log(BROKER.brokers, shared.metrics) as log:
        yield shared, log


def routers_of_services(shared: Resources, log: Log, folder: Path) -> dict[str, list[APIRouter]]:
    """Returns service → its routers, as the wiring makes them."""
    taken = parts.way_in(shared, log)
    made = {
        "ingest": parts.ingest(taken),
        "processor": parts.processor(shared, log, BROKER, Topic(BROKER), folder),
        "alarms": parts.alarms(shared, log, BROKER, folder, parts.Alarmering((), lijst_of())),
        "api": parts.api(shared, taken),
    }
    apps = {name: make_app("Proef", part.routers, metrics=shared.metrics, checks={}) for name, part in made.items()}
    return {name: app.state.routers for name, app in apps.items()}


def routes_of_services(folder: Path) -> dict[str, set[tuple[str, str]]]:
    """Returns service → the method and path of each of its routes."""
    with resources() as (shared, log):
        return {name: set(_routes(routers)) for name, routers in routers_of_services(shared, log, folder).items()}


def _routes(routers: Collection[APIRouter]) -> Iterator[tuple[str, str]]:
    for router in routers:
        for route in router.routes:
            assert isinstance(route, APIRoute), (
                f"{route} is no route of FastAPI: this check does not see what it serves"
            )
            yield from ((method, route.path) for method in route.methods)


def addresses_forgotten(declared: Collection[Address], served: Routes, where: str = IN) -> list[str]:
    """Returns the routes without a declaration, and the declarations without a route."""
    owners = {(one.method, one.path): one.owner for one in declared}
    found = []
    if len(owners) < len(declared):
        found.append(f"{where} declares a method and path twice: keep one of them")
    for service, routes in served.items():
        for method, path in sorted(routes):
            owner = owners.get((method, path))
            if owner is None:
                found.append(
                    f"{service} serves {method} {path}, which {where} does not declare: say there what it asks and "
                    "what it speaks of"
                )
            elif owner not in (service, "every"):
                found.append(f"{service} serves {method} {path}, which {where} gives to {owner}: say there who owns it")
    for (method, path), owner in owners.items():
        found += [
            f"{where} declares {method} {path}, which no router of {service} serves: write the route with `at`"
            for service in (served if owner == "every" else [owner])
            if (method, path) not in served.get(service, ())
        ]
    return found


def pages_forgotten(pages: Sequence[Page[Any]], templates: Mapping[str, str]) -> list[str]:
    """Returns what pages lack, and which templates are no declared page. `templates` is name → text."""
    found = [
        f"{IN_PAGES} declares {path} twice: keep one of them"
        for path, times in Counter(page.path for page in pages).items()
        if times > 1
    ]
    for page in pages:
        if page.template not in templates:
            found.append(f"{IN_PAGES}: {page.path} is shown by {page.template}, which is not in templates/: write it")
        if (page.menu is None) == (not page.reached_from):
            found.append(
                f"{IN_PAGES}: {page.path} needs either a name in the menu (`menu`) or how people come to it "
                "(`reached_from`)"
            )
        if ("{" in page.path) != (page.path_names is not None):
            found.append(
                f"{IN_PAGES}: {page.path} needs `path_names`, what its path names, so that tests can fill that in"
            )
        asked = [name for name, field in page.vraag.model_fields.items() if field.is_required()]
        if asked and not page.example:
            found.append(
                f"{IN_PAGES}: {page.path} can't be opened without {', '.join(asked)}: give it an `example`, so that "
                "tests can open it"
            )
    shown = {page.template for page in pages}
    return found + [
        f"templates/{name} is a page that {IN_PAGES} does not declare: add it there"
        for name, text in templates.items()
        if '{% extends "' in text and name not in shown | NO_PAGE
    ]


def walk(pages: Sequence[Page[Any]], named: Mapping[PathKind, Sequence[str]]) -> list[str]:
    """Returns addresses of every page, with content. `named` gives the locaties, gemeenten … of this test."""
    found = []
    for page in pages:
        if page.path_names is not None and not named.get(page.path_names):
            raise AssertionError(
                f"{page.path} is about a {page.path_names}: say which ones this test has, so it is walked"
            )
        codes = [""] if page.path_names is None else named[page.path_names]
        before, _, after = page.path.partition("{")
        query = f"?{page.example}" if page.example else ""
        found += [f"{before}{code}{after.partition('}')[2]}{query}" for code in codes]
    return found
