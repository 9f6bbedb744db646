"""What operators do with alarms over HTTP: acknowledge, silence, end a silence. Other roles are refused."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.facts import access, registered
from tests.support.server import Server, made, with_token
from tests.support.web_client import problem_of

ROLES = ("lezer", "invoer", "operator", "beheerder")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class World:
    """A server that asks for tokens, and a client for each role."""

    def __init__(self, server: Server, tokens: dict[str, str]) -> None:
        self.server = server
        self.of = {
            role: httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {text}"}, timeout=30)
            for role, text in tokens.items()
        }

    def alarm(self, onderwerp: str, holds: Any = lambda _: True) -> dict[str, Any]:
        """Waits until the alarm about the toegang of a locatie meets the condition, and returns it."""
        answer = self.server.until(
            "/v1/alarmen",
            lambda found: found["items"] and holds(found["items"][0]),
            regel="toegang",
            onderwerp=onderwerp,
        )
        return dict(answer["items"][0])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("acts")
    (folder / "geheim").write_text(SECRET)
    (folder / "ontvangers.toml").write_text(
        '[[ontvanger]]\nnaam = "meldkamer"\nsoort = "webhook"\nurl = "https://localhost:9/"\ngeheimBestand = "geheim"\n'
    )
    beheer = made("--naam", "beheer", "--rol", "beheerder", "--data", str(folder / "data"))
    setting = {"OPVANGPEIL_ONTVANGERS": str(folder / "ontvangers.toml")}
    with Server(folder / "data", environment=setting) as server:
        server.client.headers["Authorization"] = f"Bearer {beheer}"
        source = ("--source", "urn:nld:oin:00000001000000000001:systeem:proef")
        tokens = {"beheerder": beheer} | {
            role: made(
                "--naam",
                f"dienst-{role}",
                "--rol",
                role,
                *(source if role == "invoer" else ()),
                "--url",
                server.url,
                **with_token(beheer),
            )
            for role in ROLES[:-1]
        }
        world = World(server, tokens)
        server.post([registered(f"LOC-{n}") for n in range(6)] + [access(f"LOC-{n}", "beperkt") for n in range(6)])
        server.post([shielded("LOC-GEHEIM"), access("LOC-GEHEIM", "gesloten")])
        world.alarm("LOC-5")
        yield world
        for client in world.of.values():
            client.close()


def shielded(locatie: str) -> dict[str, Any]:
    event = registered(locatie)
    event["data"]["zichtbaarheid"] = "afgeschermd"
    return event


def test_taking_an_alarm_up_shows_who_and_ends_nothing(world: World) -> None:
    alarm = world.alarm("LOC-0")
    answer = world.of["operator"].post(f"/v1/alarmen/{alarm['id']}/bevestigingen", json={"notitie": "gebeld met COA"})
    assert answer.status_code == 201
    assert answer.json() | {"bevestigdOp": ""} == {
        "alarmId": alarm["id"],
        "bevestigdDoor": "dienst-operator",
        "bevestigdOp": "",
        "notitie": "gebeld met COA",
    }
    after = world.alarm("LOC-0")
    assert (after["status"], after["bevestigdDoor"], after["notitie"]) == (
        "actief",
        "dienst-operator",
        "gebeld met COA",
    )
    before = world.of["lezer"].get("/v1/alarmen", params={"bekendOp": alarm["sinds"], "onderwerp": "LOC-0"}).json()
    assert before["items"][0]["bevestigdDoor"] is None, "known at K: nobody yet"


def test_a_confirmation_ends_with_its_alarm(world: World) -> None:
    alarm = world.alarm("LOC-1")
    assert world.of["operator"].post(f"/v1/alarmen/{alarm['id']}/bevestigingen", json={}).status_code == 201
    world.server.post([access("LOC-1", "open", "2024-03-01")])
    world.alarm("LOC-1", lambda one: one["status"] == "hersteld")
    over = problem_of(world.of["operator"].post(f"/v1/alarmen/{alarm['id']}/bevestigingen", json={}), 409)
    assert over["title"] == "Al voorbij"
    world.server.post([access("LOC-1", "gesloten", "2024-04-01")])
    again = world.alarm("LOC-1", lambda one: one["status"] == "actief")
    assert (again["id"] != alarm["id"], again["bevestigdDoor"]) == (True, None)


def test_during_a_silence_an_alarm_is_shown_and_says_so(world: World) -> None:
    asked = {"regel": "toegang", "onderwerp": "LOC-2", "tot": "2049-01-01", "reden": "verbouwing"}
    problem = problem_of(world.of["operator"].post("/v1/stiltes", json=asked), 400)
    assert problem["fouten"] == [{"veld": "tot", "melding": "ligt meer dan een jaar na nu; kies een eerder einde"}]
    asked["tot"] = _in_a_month(world)
    made_one = world.of["operator"].post("/v1/stiltes", json=asked)
    assert made_one.status_code == 201
    stilte = made_one.json()
    assert (stilte["status"], stilte["doorWie"], stilte["reden"]) == ("geldt", "dienst-operator", "verbouwing")
    assert world.alarm("LOC-2")["stilte"] == stilte["id"]
    listed = world.of["lezer"].get("/v1/stiltes", params={"status": "geldt"}).json()["items"]
    assert stilte["id"] in {one["id"] for one in listed}
    assert world.of["operator"].delete(f"/v1/stiltes/{stilte['id']}").status_code == 204
    ended = {one["id"]: one for one in world.of["lezer"].get("/v1/stiltes").json()["items"]}[stilte["id"]]
    assert (ended["status"], ended["beeindigdDoor"]) == ("voorbij", "dienst-operator")
    assert world.alarm("LOC-2")["stilte"] is None
    problem_of(world.of["operator"].delete(f"/v1/stiltes/{stilte['id']}"), 409)
    problem_of(world.of["operator"].delete("/v1/stiltes/00000000-0000-7000-8000-000000000000"), 404)


def test_a_silence_that_was_to_come_can_be_called_off(world: World) -> None:
    operator = world.of["operator"]
    asked = {"regel": "achterstand", "vanaf": _in_a_month(world), "tot": _in_a_month(world, 2), "reden": "verhuizing"}
    made_one = operator.post("/v1/stiltes", json=asked).json()
    assert made_one["status"] == "komt"
    assert operator.delete(f"/v1/stiltes/{made_one['id']}").status_code == 204
    assert made_one["id"] not in {one["id"] for one in operator.get("/v1/stiltes?status=komt").json()["items"]}
    problem_of(operator.delete(f"/v1/stiltes/{made_one['id']}"), 409)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["tot", "reden"]),
        ({"tot": "STRAKS", "reden": "x"}, ["regel"]),
        ({"regel": "bestaat-niet", "tot": "2020-01-01", "reden": "x"}, ["regel", "tot"]),
        ({"regel": "toegang", "tot": "gisteren", "reden": ""}, ["tot", "reden"]),
        ({"regel": "toegang", "tot": "STRAKS", "reden": "x", "wie": "Jan"}, ["wie"]),
        ({"onderwerp": "GM9999", "tot": "STRAKS", "reden": "x"}, ["onderwerp"]),
    ],
)
def test_a_silence_that_can_not_be_says_all_that_is_wrong(
    world: World, body: dict[str, Any], fields: list[str]
) -> None:
    body = body | ({"tot": _in_a_month(world)} if body.get("tot") == "STRAKS" else {})
    problem = problem_of(world.of["operator"].post("/v1/stiltes", json=body), 400)
    assert [fout["veld"] for fout in problem["fouten"]] == fields
    assert all(fout["melding"] for fout in problem["fouten"])


@pytest.mark.parametrize("role", ["lezer", "invoer"])
def test_only_an_operator_or_a_beheerder_may(world: World, role: str) -> None:
    client, alarm = world.of[role], world.alarm("LOC-3")
    asked = {"regel": "toegang", "tot": _in_a_month(world), "reden": "x"}
    for answer in (
        client.post(f"/v1/alarmen/{alarm['id']}/bevestigingen", json={}),
        client.post("/v1/stiltes", json=asked),
        client.delete("/v1/stiltes/x"),
        client.post("/v1/ontvangers/meldkamer/herzendingen"),
    ):
        problem_of(answer, 403)
    assert world.of["beheerder"].post(f"/v1/alarmen/{alarm['id']}/bevestigingen", json={}).status_code == 201


def test_of_what_is_afgeschermd_an_operator_sees_and_takes_up_nothing(world: World) -> None:
    """A beheerder sees the alarm. For all others it does not exist."""
    seen = world.server.until("/v1/alarmen", lambda found: found["items"], onderwerp="LOC-GEHEIM")["items"][0]
    operator = world.of["operator"]
    assert operator.get("/v1/alarmen", params={"onderwerp": "LOC-GEHEIM"}).json()["items"] == []
    problem_of(operator.post(f"/v1/alarmen/{seen['id']}/bevestigingen", json={}), 404)
    asked = {"onderwerp": "LOC-GEHEIM", "tot": _in_a_month(world), "reden": "x"}
    own_id = world.of["beheerder"].post("/v1/stiltes", json=asked).json()["id"]
    assert own_id not in {one["id"] for one in operator.get("/v1/stiltes").json()["items"]}
    problem_of(operator.delete(f"/v1/stiltes/{own_id}"), 404)
    waiting = operator.get("/v1/ontvangers/meldkamer").json()["meldingen"]
    assert "LOC-GEHEIM" not in {one["onderwerp"] for one in waiting}
    assert {one["onderwerp"] for one in waiting} >= {"LOC-3", "LOC-4"}


def test_what_waits_for_a_receiver_is_counted_of_what_a_caller_may_see(world: World) -> None:
    def read(role: str) -> dict[str, Any]:
        return dict(world.of[role].get("/v1/ontvangers/meldkamer").json())

    def counted(role: str) -> Counter[str]:
        return Counter(one["onderwerp"] for one in read(role)["meldingen"])

    world.server.until("/v1/alarmen", lambda found: found["items"], onderwerp="LOC-GEHEIM")
    theirs, all_of_it = read("operator"), read("beheerder")
    for found in (theirs, all_of_it):
        rows = Counter(one["status"] for one in found["meldingen"])
        assert (found["wachtend"], found["mislukt"]) == (rows["wacht"], rows["mislukt"])
    listed = world.of["operator"].get("/v1/ontvangers").json()["items"][0]
    alone = {"meldingen", "wijzigingen"}
    assert listed == {name: value for name, value in read("operator").items() if name not in alone}
    assert "LOC-GEHEIM" not in counted("operator")


def test_each_act_is_a_line_in_the_audit_log(world: World) -> None:
    alarm = world.alarm("LOC-4")
    world.of["operator"].post(f"/v1/alarmen/{alarm['id']}/bevestigingen", json={"notitie": "onderweg"})
    said = world.server.output.read_text()
    (line,) = [one for one in said.splitlines() if '"alarm bevestigd"' in one and alarm["id"] in one]
    assert '"logboek": "audit"' in line
    assert "dienst-operator" in line
    assert "onderweg" not in line, "what it says is in the event"


def test_what_is_no_body_is_said_to_be_none(world: World) -> None:
    alarm = world.alarm("LOC-3")
    path = f"/v1/alarmen/{alarm['id']}/bevestigingen"
    operator = world.of["operator"]
    problem_of(operator.post(path, content=b"{", headers={"content-type": "application/json"}), 400)
    problem_of(operator.post(path, content=b"{}", headers={"content-type": "text/plain"}), 415)
    large = b'{"notitie": "' + b"x" * 70_000 + b'"}'
    problem_of(operator.post(path, content=large, headers={"content-type": "application/json"}), 413)
    named = problem_of(operator.post(path, json={"naam": "Jan"}), 400)
    assert named["fouten"][0]["veld"] == "naam"


def _in_a_month(world: World, months: int = 1) -> str:
    now = world.server.get("/v1/bezetting")["geldigOp"]
    number = int(now[:4]) * 12 + int(now[5:7]) - 1 + months
    return f"{number // 12}-{number % 12 + 1:02}-28"
