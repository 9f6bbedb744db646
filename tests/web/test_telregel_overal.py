"""Every address and page whose answer depends on a telregel takes one, and knows which names there are."""

import pytest

from services.core.grootheden import van
from services.core.grootheden.declaratie import FigureOf
from services.core.registers import Register
from services.dashboard.alarmen import draaiboek
from services.dashboard.page import PathKind
from services.dashboard.pages import PAGES
from services.web import addresses
from services.web.addresses import ADDRESSES, Address, page_of
from tests.support.alarm_help import keep, look, shipped, view
from tests.support.bezorg_help import hears_all
from tests.support.declared import walk
from tests.support.reads import serving_pages
from tests.support.spare import empty_store
from tests.support.strategies import read
from tests.support.web_client import problem_of
from tests.support.web_events import EVENTS, NOW, event

BY_RULE = {
    one.naam
    for soort in (FigureOf.GEMEENTE, FigureOf.TOTALEN, FigureOf.LAND)
    for one, _ in van(soort)
    if Register.TELREGEL in one.rust_op
} - {"reden", "onbekend"} | {"totalen"}
"""What depends on a telregel, by the name of the figure. Two of those names also stand for something else."""
NOT_BY_ONE = {
    addresses.NALEVING_TELREGELS: "it gives every rule beside the others",
    addresses.AANSLUITING: "a report that was recorded names its own rule",
    addresses.METRICS: "a meter has one series, by the rule of the cyclus",
    addresses.STROOM: "it tells what happens, by the rule of the cyclus",
    addresses.DEFINITIES: "it says what figures mean, and gives none",
    addresses.CATALOGUS: "it says where figures are, and gives none",
}
"""Addresses that take no rule, and why."""
LIKE = {
    "{code}": {"gemeenten": "GM0344", "rapporten": "GM0344", "provincies": "PV26"},
    "{id}": {"locaties": "LOC-UTRECHT"},
    "{soort}": {"meldformulieren": "capaciteit"},
}
RULE = event(
    "spreidingswet.telregel-vastgesteld",
    "2024",
    "2026-05-01",
    naam="krant",
    omschrijving="Regel krant",
    meetellendeSoorten=["regulier"],
    geldigVanaf="2025-07-01",
)
NAMED: dict[PathKind, list[str]] = {
    "locatie": ["LOC-UTRECHT"],
    "gemeente": ["GM0344"],
    "provincie": ["PV26"],
    "alarm": ["ALARM"],
    "ontvanger": ["meldkamer"],
    "gebeurtenis": [RULE["id"]],
}
WHEN = {"a cyclus": {}, "no cyclus": {"geldigOp": "2024-06-01"}}


@pytest.fixture(scope="module")
def client(chdb_folder, fill):
    """A client of a store that no test writes to, with one rule beside that of the cyclus, and an alarm."""
    with empty_store(chdb_folder) as store:
        fill(store, read([*EVENTS, RULE]), ontvangen_op=NOW)
        keep(store, look([shipped("toegang")], view(read(EVENTS), NOW), []))
        with serving_pages(store, receivers=[hears_all()]) as client:
            yield client


def reads() -> list[Address]:
    """Every address that answers with figures at once."""
    return [one for one in ADDRESSES if one.method == "GET" and one.about == "figures" and one not in NOT_BY_ONE]


def path_of(address: Address) -> str:
    path = address.path
    for name, codes in LIKE.items():
        path = path.replace(name, codes.get(path.split("/")[2], ""))
    return path


def by_rule(said: object) -> set[str]:
    """What of an answer depends on a rule: the names of its fields, and of the figures that it tells of."""
    if isinstance(said, list):
        return set().union(*map(by_rule, said)) if said else set()
    if not isinstance(said, dict):
        return set()
    named = {name for name in (*said, said.get("grootheid")) if name in BY_RULE}
    return named.union(*(by_rule(part) for name, part in said.items() if name != "gepubliceerd"))


def parameters(client, address: Address) -> dict[str, dict]:
    told = client.get("/v1/openapi.json").json()["paths"][page_of(address.path)]["get"]["parameters"]
    return {one["name"]: one["schema"] for one in told}


def asked_of(address: Address) -> dict[str, str]:
    return {"vanGeldigOp": "2025-01-01"} if address == addresses.VERSCHILLEN else {}


@pytest.mark.parametrize("address", reads(), ids=lambda one: one.path)
def test_what_depends_on_a_rule_can_be_asked_by_another(client, address):
    takes = parameters(client, address)
    answer = client.get(path_of(address), params=asked_of(address))
    assert answer.status_code == 200, answer.text
    found = by_rule(answer.json()) | BY_RULE.intersection(takes.get("grootheid", {}).get("enum", ()))
    rules = {"telregel", "vanTelregel", "naarTelregel"}.intersection(takes)
    assert rules or not found, f"{address.path} tells {sorted(found)} and takes no telregel"


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("address", reads(), ids=lambda one: one.path)
def test_a_name_that_nobody_gave_is_404_at_any_moment(client, address, when):
    for name in {"telregel", "vanTelregel", "naarTelregel"}.intersection(parameters(client, address)):
        asked = asked_of(address) | WHEN[when]
        if address == addresses.VERSCHILLEN:
            asked = {"vanGeldigOp": "2024-05-01", "naarGeldigOp": asked.get("geldigOp", "2026-05-26")}
        if address == addresses.MELDFORMULIER:
            asked = {}  # it is always of now
        problem = problem_of(client.get(path_of(address), params=asked | {name: "niemands"}), 404)
        assert problem["detail"].startswith("Geen telregel 'niemands'"), problem
        assert problem["detail"].endswith("Wel bekend: cyclus, krant."), problem
        exported = client.get(path_of(address), params=asked | {name: "niemands", "formaat": "csv"})
        assert exported.status_code == 404
        for known in ("cyclus", "krant"):
            answer = client.get(path_of(address), params=asked | {name: known})
            assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("path", [path for path in walk(PAGES, NAMED) if path != draaiboek.PAD])  # it has no figures
def test_a_page_says_so_too(client, path, when):
    if "ALARM" in path:
        path = path.replace("ALARM", client.get("/v1/alarmen").json()["items"][0]["id"])
    path, _, query = path.partition("?")
    asked = dict(one.split("=") for one in query.split("&") if one) | WHEN[when] | {"telregel": "niemands"}
    answer = client.get(path, params=asked)
    assert answer.status_code == 404, path
    assert "Geen telregel &#39;niemands&#39;" in answer.text
    assert "Wel bekend: cyclus, krant." in answer.text
