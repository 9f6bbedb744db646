"""Who gets what at each address about the toezicht, and of which gemeenten."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from services.access import Role
from services.dashboard.pages import PAGES
from services.store.tokens import TokenTable
from services.web import addresses
from services.web.addresses import ADDRESSES
from tests.support import wire
from tests.support.access_help import access_of, bearer, token
from tests.support.meld_help import WORLD, World, clock, fresh
from tests.support.web_client import client_of
from tests.support.web_events import SOURCE, sent

STEPS = [sent(one, wire.step("brief", "2026-05-25"), "2026-05-25") for one in ("GM0344", "GM0307", "GM0363", "GM0599")]
CALLERS: Mapping[str, tuple[Role, ...]] = {
    **{role.value: (role,) for role in Role},
    "toezicht van PV26": (Role.TOEZICHT,),
    "toezicht van PV26, vertrouwelijk": (Role.TOEZICHT, Role.VERTROUWELIJK),
    "toezicht van niets": (Role.TOEZICHT,),
}
SUBJECTS = {one: ["LOC-*"] if "niets" in one else ["PV26"] for one in CALLERS if one.startswith("toezicht van")}
SENDS_ONLY, ALL = {"invoer", "importeur"}, {"toezicht", "beheerder"}
OF_UTRECHT = {"toezicht van PV26", "toezicht van PV26, vertrouwelijk"}
READERS = CALLERS.keys() - SENDS_ONLY
MATRIX: Mapping[str, tuple[str, Mapping[int, set[str]]]] = {
    addresses.TOEZICHT.path: ("", {200: READERS}),
    addresses.TOEZICHT_REEKS.path: (
        "?grootheid=onderToezicht&van=2026-01-01&stap=maand",
        {200: READERS},
    ),
    addresses.TOEZICHT_VERKLARING.path: ("", {200: READERS}),
    addresses.RAPPORT_TOEZICHT.path: ("", {200: READERS}),
    addresses.RAPPORT_GEMEENTE.path: ("", {200: READERS}),
    "/gemeenten/{code}/brief": ("", {200: READERS}),
    "/toezicht": ("", {200: READERS}),
    "/toezicht/verklaring": ("", {200: READERS}),
    "/toezicht/{code}": ("", {200: ALL | OF_UTRECHT, 403: READERS - ALL - OF_UTRECHT}),
}
"""Each address and page about the toezicht → with what it is asked, and who gets what. Who only sends gets 403, and who
shows nothing 401."""


@pytest.fixture(scope="module")
def client(chdb_folder, fill) -> Iterator[httpx.Client]:
    """A client of a store with four letters, two of them in Utrecht, and a token for each caller."""
    with fresh(chdb_folder, [*WORLD, *STEPS], fill) as store:
        table = TokenTable(store.connection)
        tokens = {name: _token(table, name) for name in CALLERS}
        with client_of(World(store, access=access_of(table, clock)).app) as client:
            client.tokens = tokens
            yield client


def _token(table: TokenTable, name: str) -> str:
    source = SOURCE if Role.INVOER in CALLERS[name] else None
    return token(table, clock, *CALLERS[name], source=source, subjects=SUBJECTS.get(name, ()))


def ask(client: httpx.Client, path: str, name: str) -> httpx.Response:
    return client.get(path, headers=bearer(client.tokens[name]))


def test_every_address_and_page_about_the_toezicht_is_in_the_matrix():
    declared = {one.path for one in ADDRESSES if one.method == "GET"} | {page.path for page in PAGES}
    assert declared >= MATRIX.keys() >= {one for one in declared if "toezicht" in one}, "say in MATRIX who gets what"


@pytest.mark.parametrize("path", MATRIX)
def test_who_gets_what(client, path):
    query, expected = MATRIX[path]
    asked = path.replace("{code}", "GM0344") + query
    assert client.get(asked).status_code == 401
    wanted = dict.fromkeys(SENDS_ONLY, 403) | {name: status for status, names in expected.items() for name in names}
    assert wanted.keys() == CALLERS.keys()
    assert {name: ask(client, asked, name).status_code for name in CALLERS} == wanted


def test_of_which_gemeenten_each_is_told(client):
    """A token of the role toezicht that was made with onderwerpen, by whatever version, sees those gemeenten."""
    utrecht = {"GM0344", "GM0307"}
    seen = {name: told(ask(client, addresses.TOEZICHT.path, name).json()) for name in READERS}
    everything = dict.fromkeys(ALL, utrecht | {"GM0363", "GM0599"})
    own = dict.fromkeys(OF_UTRECHT, utrecht)
    assert seen == {name: set() for name in READERS} | everything | own


def told(answer: dict[str, Any]) -> set[str]:
    assert answer["onderToezicht"] == 4
    return {row["code"] for row in answer.get("gemeenten", ())}
