"""Every address is declared once: what is declared is served, what is served is declared, and the right follows."""

from pathlib import Path

import pytest

from services.access import Right
from services.access.roles import is_open, right_for
from services.web.addresses import ADDRESSES, Address, declared_at
from tests.support.declared import addresses_forgotten, routes_of_services

MADE_UP = Address("GET", "/v1/wachtlijst", Right.READ, "api", "figures")
"""An address that nobody serves."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[tuple[str, str]]]:
    return routes_of_services(tmp_path_factory.mktemp("diensten"))


def test_what_is_declared_is_served_and_the_other_way_round(served):
    api = {one for one in served["api"] if one[0] != "GET" or one[1].startswith(("/v1/", "/static/", "/inloggen"))}
    shared = {("GET", one.path) for one in ADDRESSES if one.owner == "every"}
    assert addresses_forgotten(ADDRESSES, served | {"api": api | shared}) == []


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


def test_what_is_not_declared_is_closed():
    assert right_for("POST", "/v1/wachtlijst") is Right.MANAGE
    assert right_for("DELETE", "/v1/bezetting") is Right.MANAGE
    assert right_for("GET", "/v1/toegang/x") is Right.MANAGE
    assert right_for("GET", "/v1/wachtlijst") is Right.READ
    assert not is_open("/v1/wachtlijst")
    assert not is_open("/static/elders.css")


def test_only_what_must_be_open_is_open():
    """Somebody without a token learns no figure: only how the process is, how to log in, and what a page loads."""
    assert {one.path for one in ADDRESSES if one.open} == {
        "/gezond",
        "/gereed",
        "/v1/openapi.json",
        "/inloggen",
        "/inloggen/terug",
        "/static/opvangpeil.css",
        "/static/opvangpeil.js",
        "/static/opvangpeil.svg",
    }


def test_no_path_of_the_api_stands_in_a_router():
    """A path that is written out beside `at` would be a second place to change."""
    rooms = ("access", "alarms", "ingest", "web")
    for room in rooms:
        for file in sorted((Path(__file__).parents[2] / "services" / room).rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            for verb in ("get", "post", "put", "delete", "patch"):
                assert f"router.{verb}(" not in text, f"{file}: write the route with `at` and an address"
