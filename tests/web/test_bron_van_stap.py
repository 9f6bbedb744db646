"""The bron of a step of toezicht is a reference, and its retraction says why in words of a list.

What an earlier version took counts, but its words nobody is told.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from schemas.data import ANDERE_REDEN
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
from tests.support.meld_help import NOW, SHIELDED, World, clock, look
from tests.support.rondes import only_whole
from tests.support.web_client import client_of, problem_of
from tests.support.web_events import EVENTS, SOURCE, sent

URL = "/v1/gebeurtenissen"
OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"
TIME = "2026-05-26T07:59:00Z"
SAID = "De wethouder zei dat het er niet van komt"


def step(stap: str, **more: str) -> dict[str, Any]:
    kind, data = wire.step(stap, "2026-05-26", "PV26")
    return sent("GM0344", (kind, data | more), TIME)


OLD, NEW = step("besluit", bron=SAID), step("uitvoering", bron=SAID)
LATER = "2026-05-26T07:59:30Z"


def gone(of: dict[str, Any], subject: str = "GM0344", time: str = LATER, **more: str) -> dict[str, Any]:
    kind, data = wire.retraction(of["id"])
    return sent(subject, (kind, data | more), time)


LONG = "https://voorbeeld.nl/de_wethouder_zei_dat_het_er_niet_van_komt_en_dat_het_zo_blijft"
OLD_GONE = step("brief", bron=LONG)
"""It is retracted, in words of its source's own."""
GONE = gone(OLD_GONE, reden=SAID, bron=SAID)
GONE_TOO = gone(OLD_GONE, "NL", reden=f"{SAID}, ook later niet", bron="Z-2026/00417")
"""A retraction may stand under any subject."""
PLACES = next(one for one in EVENTS if "plaatsen" in one["data"])
PLAIN = gone(PLACES, PLACES["subject"], reden="De telling was van de buurlocatie")
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
    of_before = enumerate((OLD, OLD_GONE, GONE, GONE_TOO, PLAIN), 1)
    writable.insert([accepted(before(one), NOW, Place(1, 3, number)) for number, one in of_before])
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
        *(f"{kind}/{one['id']}" for one in (OLD_GONE, GONE, GONE_TOO) for kind in (URL, "/gebeurtenissen")),
        f"{URL}?type={GONE['type']}",
        "/v1/verschillen?vanGeldigOp=2025-08-01",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "wethouder" not in answer.text, path


def test_why_a_step_was_retracted_is_told_in_words_of_the_list_and_of_anything_else_as_it_was_said(client):
    told = {one["id"]: one["data"] for one in client.get(f"{URL}?type={GONE['type']}").json()["items"]}
    assert told[GONE["id"]] == {"gebeurtenisId": OLD_GONE["id"], "reden": ANDERE_REDEN}
    assert told[GONE_TOO["id"]] == {
        "gebeurtenisId": OLD_GONE["id"],
        "reden": ANDERE_REDEN,
        "bron": "Z-2026/00417",
    }
    assert told[PLAIN["id"]] == PLAIN["data"]
    assert "; reden: andere reden" in client.get(f"/gebeurtenissen/{GONE['id']}").text
    assert "buurlocatie" in client.get(f"/gebeurtenissen/{PLACES['id']}").text


def test_a_new_retraction_of_a_step_says_why_in_words_of_the_list(client):
    free = gone(OLD, reden=SAID)
    for body, fields in (
        (free, {"data.reden"}),
        (gone(OLD, "NL", reden=SAID, bron=SAID), {"data.reden", "data.bron"}),
        (gone(OLD, bron=SAID), {"data.bron"}),
        ([RIGHT, gone(RIGHT, reden=SAID)], {"1.data.reden"}),
    ):
        fouten = problem_of(client.post(URL, json=body), 400)["fouten"]
        assert {one["veld"] for one in fouten} == fields
        assert all("andere datum" in one["melding"] for one in fouten if "reden" in one["veld"])
    assert client.get(f"{URL}/{free['id']}").status_code == 404
    asked = {"soort": "intrekking", "over": "GM0344", "data.gebeurtenisId": OLD["id"]}
    page = look(client, asked | {"data.reden": SAID})
    assert (page.faults, page.hidden) == ({"data.reden"}, None)
    assert look(client, asked | {"data.reden": "dubbel"}).hidden
    assert "data.reden" in client.post("/v1/vergelijkingen", json={"gebeurtenissen": [free]}).text
    for body, status in (
        (GONE, 200),
        ([GONE, GONE_TOO], 200),
        (gone(PLACES, PLACES["subject"], reden="Nog eens bekeken"), 201),
        (gone(OLD, reden="andere datum"), 201),
    ):
        assert client.post(URL, json=body).status_code == status, body


def test_who_does_not_see_a_step_learns_nothing_from_how_its_retraction_is_answered(stored: Store):
    """It counts for nothing, since the step is of another source; and its words are told nowhere.

    Nor does it learn by reading back what it sent whether that retracts something that is hidden from it.
    """
    table = TokenTable(stored.connection)
    blind = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=OTHER))
    asks = {"blind": blind, "boss": bearer(token(table, clock, Role.BEHEERDER))}
    never, secret = step("brief"), SHIELDED[1]
    stored.insert([accepted(before(one), NOW, Place(1, 4, number)) for number, one in enumerate(SHIELDED, 1)])
    with client_of(World(stored, access=access_of(table, clock)).app) as client:
        for target in (OLD, never, secret):
            said = gone(target, reden=SAID) | {"source": OTHER}
            assert client.post(URL, json=said, headers=blind).status_code == 201
            read = {who: client.get(f"{URL}/{said['id']}", headers=who_asks) for who, who_asks in asks.items()}
            told = {who: answer.json()["data"]["reden"] for who, answer in read.items()}
            assert told == {"blind": ANDERE_REDEN, "boss": SAID if target is secret else ANDERE_REDEN}
            page = client.get(f"/gebeurtenissen/{said['id']}", headers=blind)
            assert page.status_code == 200, page.text
            assert ("andere reden" in page.text, SAID in page.text) == (True, False)


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
    assert client.post(URL, json=gone(OLD)).status_code == 201
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
        for n, one in enumerate((OLD, NEW, gone(OLD, reden=SAID)))
    ]
    made = plan(parsed, {OLD["id"]: entry(before(OLD)).said}, NOW, before={})
    assert ([one.origin.place for one in made.accepted], made.repeated) == ([Place(1, 0, 2)], {Place(1, 0, 0): 1})
    (refused,) = made.unprocessable
    assert refused.place == Place(1, 0, 1)
    assert refused.reason.startswith("data.bron: is geen verwijzing; verwacht een zaaknummer")


def test_it_is_checked_kept_and_restored(stored: Store, new_store, tmp_path: Path):
    file, other = tmp_path / "bewaard.zip", new_store()
    restore(other, file, back_up(stored, file, NOW))
    kept = {one["id"]: entry(before(one)).said for one in (OLD, OLD_GONE, GONE)}
    assert other.known(kept) == stored.known(kept) == kept
    assert check(stored, NOW, seed=1) == check(other, NOW, seed=1) == []
