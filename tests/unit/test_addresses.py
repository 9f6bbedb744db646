"""Every address is declared once. The declared addresses are the served ones, and the declaration gives the right."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from starlette.requests import Request

from services.access import Right
from services.access.audit import refused
from services.access.roles import NOBODY, is_open, right_for
from services.dashboard.melden.melden import Klaarvraag
from services.dashboard.page import Page
from services.dashboard.page_request import Bladtijd
from services.dashboard.pages import PAGES
from services.web.addresses import ADDRESSES, BEZETTING, CONTROLE_CODE, GEBEURTENIS, Address, declared_at, loggable
from tests.support.declared import addresses_forgotten, pages_forgotten, routes_of_services, walk

SERVICES = Path(__file__).parents[2] / "services"
TEMPLATES = {
    file.name: file.read_text(encoding="utf-8") for file in (SERVICES / "dashboard" / "templates").glob("*.html")
}
SCRIPTS = {file.name: file.read_text(encoding="utf-8") for file in (SERVICES / "dashboard" / "static").glob("*.js")}
MADE_UP = Address("GET", "/v1/wachtlijst", Right.READ, "api", "figures")
"""An address that no service serves."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[tuple[str, str]]]:
    return routes_of_services(tmp_path_factory.mktemp("diensten"))


def test_what_is_declared_is_served_and_the_other_way_round(served):
    pages = [page.address for page in PAGES]
    assert addresses_forgotten([*ADDRESSES, *pages], served) == []


def test_an_address_that_is_declared_and_not_served_is_named():
    (said,) = addresses_forgotten([MADE_UP], {"api": set()})
    assert said == (
        "services/web/addresses.py declares GET /v1/wachtlijst, which no router of api serves: write the route "
        "with `at`"
    )


def test_an_address_that_is_served_and_not_declared_is_named():
    (said,) = addresses_forgotten([], {"alarms": {("POST", "/v1/wachtlijst")}})
    assert said == (
        "alarms serves POST /v1/wachtlijst, which services/web/addresses.py does not declare: say there what it asks "
        "and what it speaks of"
    )


def test_an_address_of_another_service_or_declared_twice_is_named():
    at_another = {"api": {("GET", "/v1/wachtlijst")}, "ingest": {("GET", "/v1/wachtlijst")}}
    (said,) = addresses_forgotten([MADE_UP], at_another)
    assert said.startswith("ingest serves GET /v1/wachtlijst, which services/web/addresses.py gives to api")
    (said,) = addresses_forgotten([MADE_UP, MADE_UP], {"api": {("GET", "/v1/wachtlijst")}})
    assert said == "services/web/addresses.py declares a method and path twice: keep one of them"


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: f"{one.method} {one.path}")
def test_the_right_is_that_of_the_declaration(address):
    path = address.path.replace("{", "").replace("}", "")
    assert right_for(address.method, path) is address.asks
    assert is_open(path) is address.open
    same = [one for one in declared_at(path) if one.method == address.method]
    assert same == [address], "two declarations match one path: which of them a caller meets depends on the router"


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.path)
def test_a_page_asks_what_it_says(page):
    assert right_for("GET", page.path) is page.address.asks
    assert not is_open(page.path)


def test_reading_what_is_not_declared_asks_the_right_to_read_and_changing_it_a_beheerder():
    assert right_for("POST", "/v1/wachtlijst") is Right.MANAGE
    assert right_for("DELETE", "/v1/bezetting") is Right.MANAGE
    assert right_for("GET", "/v1/toegang/x") is Right.MANAGE
    assert right_for("GET", "/v1/wachtlijst") is Right.READ
    assert not is_open("/v1/wachtlijst")
    assert not is_open("/static/elders.css")


def test_only_what_must_be_open_is_open():
    """A user without a token sees no figures: the health of the process, the login, the files of a page, and whether a
    letter still stands of which somebody has the code."""
    assert {one.path for one in ADDRESSES if one.open} == {
        "/gezond",
        "/gereed",
        "/v1/openapi.json",
        "/inloggen",
        "/inloggen/terug",
        "/controle",
        "/controle/{code}",
        "/static/opvangpeil.css",
        "/static/opvangpeil.js",
        "/static/opvangpeil.svg",
    }


SERVING = ("access", "alarms", "api", "dashboard", "ingest", "web")
"""The rooms that serve addresses, or link to them.

Others may write them out: the importer and the commands are clients, which may ask a server of another version; `core`
and `reads` know no HTTP, so a path there is text.
"""


ROUTES = tuple(f"router.{verb}" for verb in ("get", "post", "put", "delete", "patch"))


def paths_in(text: str) -> list[str]:
    """Returns the strings in code that write out a path of the API or a route of their own, without docstrings."""
    tree = ast.parse(text)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    routes = [ast.unparse(call) for call in calls if ast.unparse(call).startswith(ROUTES)]
    return [one.value for one in strings if re.search(r"/v1\b", one.value) and id(one) not in prose] + routes


def test_an_address_that_is_written_out_is_seen():
    assert paths_in('"""About /v1/stroom."""\nx = f"{url}/v1/alarmen?a={b}"') == ["/v1/alarmen?a="]
    assert paths_in('@router.get("/wachtlijst")\ndef f(): pass') == ["router.get"]
    assert paths_in("@at(router, WACHTLIJST)\ndef f(): return WACHTLIJST.to(code)") == []


def test_no_path_of_the_api_stands_outside_its_declaration():
    """A path written out elsewhere would be a second place to change."""
    files = [file for room in SERVING for file in sorted((SERVICES / room).rglob("*.py"))]
    texts = {file.relative_to(SERVICES).as_posix(): file.read_text(encoding="utf-8") for file in files}
    found = {name: paths for name, text in texts.items() if (paths := paths_in(text))}
    assert found.pop("web/addresses.py"), "the declarations themselves are seen"
    assert not found, f"use an address of services/web/addresses.py, and for a route `at`: {found}"


@pytest.mark.parametrize("name", sorted(TEMPLATES | SCRIPTS))
def test_a_page_links_only_to_answers_that_there_are(name):
    assert [link for link in links_in((TEMPLATES | SCRIPTS)[name]) if not declared_at(link)] == []


def links_in(text):
    """Returns the links to answers in a template or a script, with X for what is filled in."""
    filled = re.sub(r"\{\{ [^'}]*\}\}", "X", text)
    filled = re.sub(r"' ~ [\w.]+(?: ~ ')?", lambda found: "X" if found[0].endswith("'") else "X'", filled)
    return re.findall(r"""["'](/v1/[^"'?]*)""", filled)


def test_the_links_of_pages_are_found():
    assert len([link for text in TEMPLATES.values() for link in links_in(text)]) > 20
    assert links_in("programma('/v1/a/' ~ b.code ~ '/c') programma('/v1/a/' ~ b.code)") == ["/v1/a/X/c", "/v1/a/X"]
    assert links_in('href="/v1/a/{{ b.id }}?c={{ d }}"') == ["/v1/a/X"]


def test_a_path_is_filled_in():
    assert GEBEURTENIS.to("een") == "/v1/gebeurtenissen/een"
    assert BEZETTING.to() == BEZETTING.path
    for wrong in ((), ("een", "twee")):
        with pytest.raises(ValueError, match="does not take"):
            GEBEURTENIS.to(*wrong)


WAITING = Page(path="/wachtlijst", template="wachtlijst.html", vraag=Bladtijd, make=PAGES[1].make, menu="Wachtlijst")
"""A page that does not exist."""


def test_every_page_is_declared_in_full():
    assert pages_forgotten(PAGES, TEMPLATES) == []


def test_a_page_without_its_template_is_named():
    (said,) = pages_forgotten([*PAGES, WAITING], TEMPLATES)
    assert said == (
        "services/dashboard/pages.py: /wachtlijst is shown by wachtlijst.html, which is not in templates/: write it"
    )
    assert pages_forgotten([*PAGES, WAITING], TEMPLATES | {WAITING.template: "<p>"}) == []


def test_a_template_that_no_page_shows_is_named():
    (said,) = pages_forgotten(PAGES, TEMPLATES | {"wachtlijst.html": '{% extends "basis.html" %}'})
    assert said == "templates/wachtlijst.html is a page that services/dashboard/pages.py does not declare: add it there"


def test_a_page_that_says_too_little_is_named():
    there = TEMPLATES | {WAITING.template: ""}
    (said,) = pages_forgotten([*PAGES, replace(WAITING, menu=None)], there)
    assert said.startswith("services/dashboard/pages.py: /wachtlijst needs either a name in the menu (`menu`) or how")
    (said,) = pages_forgotten([*PAGES, replace(WAITING, reached_from="elsewhere")], there)
    assert "either" in said
    (said,) = pages_forgotten([*PAGES, replace(WAITING, path="/wachtlijst/{code}")], there)
    assert said == (
        "services/dashboard/pages.py: /wachtlijst/{code} needs `path_names`, what its path names, so that tests can "
        "fill that in"
    )
    (said,) = pages_forgotten([*PAGES, replace(WAITING, vraag=Klaarvraag)], there)
    assert said == (
        "services/dashboard/pages.py: /wachtlijst can't be opened without id, over, status, soort: give it an "
        "`example`, so that tests can open it"
    )
    (said,) = pages_forgotten([*PAGES, PAGES[0]], TEMPLATES)
    assert said == "services/dashboard/pages.py declares / twice: keep one of them"


def test_a_page_that_is_not_served_is_named(served):
    pages = [page.address for page in (*PAGES, WAITING)]
    (said,) = addresses_forgotten([*ADDRESSES, *pages], served, "services/dashboard/pages.py")
    assert said.startswith("services/dashboard/pages.py declares GET /wachtlijst, which no router of api serves")


def test_a_walk_that_leaves_pages_out_says_so():
    with pytest.raises(AssertionError, match=r"^/locaties/\{code\} is about a locatie: say which ones this test has"):
        walk(PAGES, {})
    codes = {"locatie": ["LOC-A", "LOC-B"], "gemeente": ["GM1"], "provincie": ["PV1"], "alarm": ["een"]}
    codes |= {"gebeurtenis": ["twee"], "ontvanger": ["drie"]}
    found = walk([*PAGES, WAITING], codes)
    assert len(found) == len(set(found)) == len(PAGES) + 1 + 2
    assert {"/wachtlijst", "/locaties/LOC-B/verklaring", "/alarmen/een", "/melden"} < set(found)


def test_a_log_shows_what_is_secret_in_a_path_by_its_form_alone():
    """A code in a path is a secret of whoever got the letter."""
    code = "-".join(["0ABC"] * 24)
    scope = {"type": "http", "method": "GET", "path": CONTROLE_CODE.to(code), "query_string": b"", "headers": []}
    with structlog.testing.capture_logs() as lines:
        refused(Request(scope), NOBODY, 429, "te vaak")
    assert [line["wat"] for line in lines] == [f"GET {CONTROLE_CODE.path}"]
    assert loggable("/v1/locaties/LOC-A") == "/v1/locaties/LOC-A"
