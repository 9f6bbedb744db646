"""Who may not see an event learns nothing of its id, by sending, reading or silencing."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.facts import access, moment, reading, registered
from tests.support.server import Server, made, with_token
from tests.support.web_client import problem_of

ONE, OTHER = (f"urn:nld:oin:0000000100000000000{n}:systeem:proef" for n in (1, 2))
BATCH = "application/cloudevents-batch+json"


class World:
    """A server with tokens: of two sources, of one that may import of any source, and of an operator."""

    def __init__(self, server: Server, tokens: dict[str, str]) -> None:
        self.server = server
        self.of = {
            who: httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {text}"}, timeout=30)
            for who, text in tokens.items()
        }

    def send(self, who: str, *events: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Returns the status, and the answer without the ids."""
        batch = {"content": httpx.Request("POST", "http://x", json=list(events)).content}
        answer = self.of[who].post("/v1/gebeurtenissen", **batch, headers={"content-type": BATCH})
        return answer.status_code, {name: value for name, value in answer.json().items() if name != "ids"}

    def send_alone(self, who: str, event: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        answer = self.of[who].post("/v1/gebeurtenissen", json=event)
        return answer.status_code, {name: value for name, value in answer.json().items() if name != "ids"}


def of(source: str, event: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return event | {"source": source, "time": moment()} | changed


def retraction(target: dict[str, Any], subject: str) -> dict[str, Any]:
    data = {"gebeurtenisId": target["id"], "reden": "vergissing"}
    return of(ONE, reading(subject, 1)) | {"type": "nl.gebeurtenissen.ingetrokken.v1", "data": data}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("ids")
    beheer = made("--naam", "beheer", "--rol", "beheerder", "--data", str(folder / "data"))
    with Server(folder / "data") as server:
        server.client.headers["Authorization"] = f"Bearer {beheer}"
        roles = {
            "een": ("--rol", "invoer", "--rol", "lezer", "--source", ONE),
            "ander": ("--rol", "invoer", "--rol", "lezer", "--source", OTHER),
            "importeur": ("--rol", "importeur"),
            "operator": ("--rol", "operator"),
        }
        tokens = {
            who: made("--naam", who, *options, "--url", server.url, **with_token(beheer))
            for who, options in roles.items()
        }
        world = World(server, tokens | {"beheer": beheer})
        secret = of(ONE, registered("LOC-GEHEIM"))
        secret["data"]["zichtbaarheid"] = "afgeschermd"
        assert world.send("een", secret, of(ONE, registered("LOC-OPEN")))[0] == 201
        yield world
        for client in world.of.values():
            client.close()


NEW, KNOWN = {"nieuw": 1, "herhaald": 0}, {"nieuw": 0, "herhaald": 1}


@pytest.mark.parametrize("how", [World.send, World.send_alone])
def test_an_id_of_what_is_hidden_is_answered_as_a_new_one(world: World, how: Any) -> None:
    hidden, shown = of(ONE, reading("LOC-GEHEIM", 7)), of(ONE, reading("LOC-OPEN", 7))
    undone = retraction(hidden, "LOC-OPEN")
    for one in (hidden, shown, undone):
        assert how(world, "een", one) == (201, NEW)
    for one in (hidden, undone):
        mine = of(OTHER, reading("LOC-OPEN", 8), id=one["id"])
        assert how(world, "ander", mine) == (201, NEW), "as if nobody used it"
        assert how(world, "ander", mine) == (201, NEW), "and so again"
        assert how(world, "importeur", one) == (201, NEW)
    assert how(world, "ander", of(OTHER, reading("LOC-OPEN", 8), id=shown["id"]))[0] == 409
    assert how(world, "importeur", shown) == (200, KNOWN)
    for one in (hidden, shown, undone):
        assert how(world, "een", one) == (200, KNOWN), "who sent it may know"
        assert how(world, "een", of(ONE, reading("LOC-OPEN", 9), id=one["id"]))[0] == 409
        assert how(world, "beheer", of(OTHER, reading("LOC-OPEN", 9), id=one["id"]))[0] == 409
    for one in (hidden, undone):
        assert world.server.get("/v1/onverwerkbaar", reden=one["id"])["items"], "the other one is not lost"
    assert world.server.get(f"/v1/gebeurtenissen/{hidden['id']}")["data"] == hidden["data"], "the first one stays"


def test_the_rest_of_a_batch_is_accepted(world: World) -> None:
    hidden, fresh = of(ONE, reading("LOC-GEHEIM", 7)), of(OTHER, reading("LOC-OPEN", 21))
    world.send("een", hidden)
    mine = of(OTHER, reading("LOC-OPEN", 8), id=hidden["id"])
    assert world.send("ander", mine, fresh) == (201, {"nieuw": 2, "herhaald": 0})
    assert world.server.get(f"/v1/gebeurtenissen/{fresh['id']}")["data"] == fresh["data"]


def test_who_sent_an_event_reads_it_back(world: World) -> None:
    hidden = of(ONE, reading("LOC-GEHEIM", 7))
    world.send("een", hidden)
    path = f"/v1/gebeurtenissen/{hidden['id']}"
    assert world.of["een"].get(path).json()["data"] == hidden["data"]
    for who in ("ander", "operator"):
        never = path.replace(hidden["id"], "00000000-0000-4000-8000-000000000000")
        found, unknown = (problem_of(world.of[who].get(one), 404) for one in (path, never))
        assert found["detail"].split(" op ")[0].replace(hidden["id"], "*") == unknown["detail"].split(" op ")[
            0
        ].replace("00000000-0000-4000-8000-000000000000", "*")
    listed = world.of["een"].get("/v1/gebeurtenissen", params={"aantal": 1000}).text
    assert "LOC-GEHEIM" not in listed, "of others it has no list"


def test_a_silence_about_what_is_hidden_is_refused_as_about_what_is_unknown(world: World) -> None:
    world.server.post([access("LOC-GEHEIM", "gesloten"), access("LOC-OPEN", "gesloten")])
    now = world.server.get("/v1/bezetting")["geldigOp"]
    asked = {"tot": f"{int(now[:4]) + 1}{now[4:7]}-01", "reden": "werk"}
    operator = world.of["operator"]
    refused = [
        problem_of(operator.post("/v1/stiltes", json=asked | {"onderwerp": locatie}), 400)
        for locatie in ("LOC-GEHEIM", "LOC-BESTAAT-NIET")
    ]
    assert refused[0] == refused[1]
    assert refused[0]["fouten"][0]["veld"] == "onderwerp"
    assert operator.post("/v1/stiltes", json=asked | {"onderwerp": "LOC-OPEN"}).status_code == 201
    assert world.of["beheer"].post("/v1/stiltes", json=asked | {"onderwerp": "LOC-GEHEIM"}).status_code == 201
