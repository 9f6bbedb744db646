"""The bron of a step of toezicht is a reference. What an earlier version took counts, but its bron nobody is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from schemas.events import Event
from schemas.parsing import parse_repeats
from services.access import Role
from services.processor.batch import Message, parse, plan
from services.store.backup import back_up, restore
from services.store.check import check
from services.store.derive import bring_up_to_date
from services.store.entries import entry
from services.store.model import Place
from services.store.store import Store
from services.store.tokens import TokenTable
from tests.support import wire
from tests.support.access_help import access_of, bearer, token
from tests.support.facts import accepted
from tests.support.meld_help import NOW, World, clock, look
from tests.support.rondes import only_whole
from tests.support.web_client import client_of, problem_of
from tests.support.web_events import SOURCE, sent

URL = "/v1/gebeurtenissen"
TIME = "2026-05-26T07:59:00Z"
SAID = "De wethouder zei dat het er niet van komt"


def step(stap: str, **more: str) -> dict[str, Any]:
    kind, data = wire.step(stap, "2026-05-26", "PV26")
    return sent("GM0344", (kind, data | more), TIME)


OLD, NEW = step("besluit", bron=SAID), step("uitvoering", bron=SAID)
WITHOUT = OLD | {"data": step("besluit")["data"]}
RIGHT = step("uitvoering", bron="Z-2026/00417")


def before(raw: dict[str, Any]) -> Event:
    """An event as an earlier version took it."""
    (event,) = parse_repeats(orjson.dumps(raw))
    assert isinstance(event, Event)
    return event


@pytest.fixture(params=["in de tabellen", only_whole("nog in het logboek")])
def stored(request, writable: Store) -> Store:
    """A store of an earlier version: it holds a step with free text."""
    writable.insert([accepted(before(OLD), NOW, Place(1, 3, 1))])
    if request.param == "in de tabellen":
        bring_up_to_date(writable)
    return writable


@pytest.fixture
def client(stored: Store) -> Iterator[httpx.Client]:
    table = TokenTable(stored.connection)
    with client_of(World(stored, access=access_of(table, clock)).app) as client:
        client.headers.update(bearer(token(table, clock, Role.BEHEERDER)))
        yield client


def test_what_was_taken_before_counts_and_is_nowhere_told(client):
    assert client.get("/v1/gemeenten/GM0344").json()["toezicht"] == "besluit"
    read = client.get(f"{URL}/{OLD['id']}").json()
    assert (read["data"]["stap"], read["data"].get("bron")) == ("besluit", None)
    for path in (
        URL,
        f"{URL}?type={OLD['type']}&formaat=csv",
        f"{URL}/{OLD['id']}",
        f"/gebeurtenissen/{OLD['id']}",
        "/gemeenten/GM0344",
        "/gemeenten/GM0344/verklaring",
        "/v1/gemeenten/GM0344/verklaring?zinnen=true",
        "/melden?soort=toezichtstap&over=GM0344",
        f"/melden?soort=intrekking&over=GM0344&data.gebeurtenisId={OLD['id']}",
        "/v1/verschillen?vanGeldigOp=2025-08-01",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "wethouder" not in answer.text, path


def test_an_exact_repeat_of_it_is_one_and_what_says_something_else_conflicts(client):
    changed = OLD | {"data": OLD["data"] | {"stap": "brief"}}
    for body, status in (
        (OLD, 200),
        ([OLD, OLD], 200),
        (changed, 409),
        ([OLD, WITHOUT], 409),
        ([WITHOUT, WITHOUT], 409),
    ):
        assert client.post(URL, json=body).status_code == status, body
    gone = wire.retraction(OLD["id"])
    assert client.post(URL, json=sent("GM0344", gone, TIME)).status_code == 201
    assert client.get("/v1/gemeenten/GM0344").json()["toezicht"] is None


def test_a_new_one_is_refused_with_what_would_be_right(client):
    for body, veld in ((NEW, "data.bron"), ([OLD, NEW], "1.data.bron")):
        (fout,) = problem_of(client.post(URL, json=body), 400)["fouten"]
        assert fout["veld"] == veld
        assert "verwacht een zaaknummer" in fout["melding"]
    wrong = NEW | {"data": {"gezetOp": "2026-05-26", "bron": SAID}}
    fields = {one["veld"] for one in problem_of(client.post(URL, json=[OLD, wrong]), 400)["fouten"]}
    assert {"1.data.bron", "1.data.stap"} <= fields, "every fault at once"
    assert client.post(URL, json=[OLD, RIGHT]).status_code == 201


def test_the_form_and_a_dry_run_refuse_it_too(client):
    asked = {"soort": "toezichtstap", "over": "GM0344", "data.stap": "uitvoering", "data.gezetOp": "2026-05-26"}
    page = look(client, asked | {"data.bron": SAID, "source": SOURCE})
    assert (page.faults, page.hidden) == ({"data.bron"}, None)
    assert look(client, asked | {"data.bron": "ECLI:NL:RVS:2026:417", "source": SOURCE}).hidden
    tried = client.post("/v1/vergelijkingen", json={"gebeurtenissen": [NEW]})
    assert "data.bron" in tried.text, tried.text


def test_on_the_topic_a_new_one_is_unprocessable_and_a_repeat_is_not():
    parsed = [
        parse(Message("opvang.gebeurtenissen.v1", Place(1, 0, n), orjson.dumps(one), ()))
        for n, one in enumerate((OLD, NEW))
    ]
    made = plan(parsed, {OLD["id"]: entry(before(OLD)).said}, NOW, before={})
    assert (made.accepted, made.repeated) == ([], {Place(1, 0, 0): 1})
    (refused,) = made.unprocessable
    assert refused.place == Place(1, 0, 1)
    assert refused.reason.startswith("data.bron: is geen verwijzing; verwacht een zaaknummer")


def test_it_is_checked_kept_and_restored(stored: Store, new_store, tmp_path: Path):
    file, other = tmp_path / "bewaard.zip", new_store()
    restore(other, file, back_up(stored, file, NOW))
    assert other.known([OLD["id"]]) == stored.known([OLD["id"]]) == {OLD["id"]: entry(before(OLD)).said}
    assert check(stored, NOW, seed=1) == check(other, NOW, seed=1) == []
