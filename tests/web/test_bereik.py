"""A token and an account write only what they may: events of certain types, about certain subjects."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from services.access import Role
from services.store.tokens import TokenTable
from tests.support import wire
from tests.support.access_help import FakeIssuer, access_of, bearer, token
from tests.support.meld_help import CAPACITY, READING, Form, World, clock, look
from tests.support.web_client import client_of, problem_of
from tests.support.web_events import SOURCE, event, reading, sent

URL = "/v1/gebeurtenissen"
STEP = "nl.spreidingswet.toezichtstap-gezet.v1"
COUNT = "nl.opvanglocaties.bezetting-gemeld.v1"
OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"
TIME = "2026-05-26T07:59:00Z"
COUNTED = reading("LOC-UTRECHT", 281, TIME)
STEPPED = sent("GM0344", wire.step("brief", "2026-05-26"), TIME)
ABOUT_GM = event("opvangcijfers.cijfers-gepubliceerd", "GM0363", TIME, peildatum="2026-05-01", bron="x", cijfers=[])


@contextmanager
def asking(store: Any, *roles: Role, **bereik: Any) -> Iterator[tuple[httpx.Client, dict[str, str]]]:
    """Gives a client of a server with the form, and the headers of a token that may write this."""
    table = TokenTable(store.connection)
    headers = bearer(token(table, clock, *roles, source=SOURCE, **bereik))
    with client_of(World(store, access=access_of(table, clock)).app) as client:
        yield client, headers


def retraction(of: dict[str, Any], subject: str) -> dict[str, Any]:
    return sent(subject, ("gebeurtenissen.ingetrokken", {"gebeurtenisId": of["id"], "reden": "vergissing"}), TIME)


def test_a_token_with_types_writes_those_and_is_told_what_it_may(writable):
    with asking(writable, Role.INVOER, types=[STEP]) as (client, headers):
        assert client.post(URL, json=STEPPED, headers=headers).status_code == 201
        problem = problem_of(client.post(URL, json=[STEPPED, COUNTED], headers=headers), 403)
        assert problem["detail"] == (
            "Er is niets aangenomen. 1 van de 2 gebeurtenissen van een ander type of over iets anders: "
            f"hier mag alleen van type {STEP}."
        )
        assert [(one["veld"], one["index"]) for one in problem["fouten"]] == [("1.type", 1)]
        assert COUNT in problem["fouten"][0]["melding"]


@pytest.mark.parametrize(
    ("subjects", "taken"),
    [
        (["LOC-*"], 201),
        (["LOC-UTRECHT"], 201),
        (["GM0344"], 403),
        (["LOC-UTR"], 403),
        (["LOC-UTRECHT-*"], 403),
        (["*"], 201),
    ],
)
def test_a_subject_is_an_id_or_how_it_begins(writable, subjects, taken):
    """A gemeente stands for itself: not for the locaties that lie there."""
    with asking(writable, Role.INVOER, subjects=subjects) as (client, headers):
        answer = client.post(URL, json=COUNTED, headers=headers)
        assert answer.status_code == taken
        if taken == 403:
            assert f"hier mag alleen over {subjects[0]}" in problem_of(answer, 403)["fouten"][0]["melding"]


def test_it_retracts_what_it_may_send_and_is_told_no_more_than_that(writable):
    """An id that nobody stored, one of another source and one that it may not send are answered alike."""
    foreign = reading("LOC-UTRECHT", 12, TIME, source=OTHER)
    with asking(writable, Role.BEHEERDER) as (client, headers):
        assert client.post(URL, json=[foreign, STEPPED], headers=headers).status_code == 201
    with asking(writable, Role.INVOER, types=[COUNT], subjects=["LOC-*"]) as (client, headers):
        assert client.post(URL, json=COUNTED, headers=headers).status_code == 201
        assert client.post(URL, json=retraction(COUNTED, "LOC-UTRECHT"), headers=headers).status_code == 201
        never = {"id": "00000000-0000-4000-8000-000000000000"}
        told = set()
        for target in (never, foreign, STEPPED):
            problem = problem_of(client.post(URL, json=retraction(target, "LOC-UTRECHT"), headers=headers), 403)
            assert problem["fouten"][0]["veld"] == "data.gebeurtenisId"
            told.add(str(problem))
        assert len(told) == 1
        new = reading("LOC-UTRECHT", 282, TIME)
        both = [new, retraction(new, "LOC-UTRECHT")]
        assert client.post(URL, json=both, headers=headers).status_code == 403, "nothing is stored of it yet"


def test_the_role_toezicht_sets_steps_and_takes_them_back(writable):
    with asking(writable, Role.TOEZICHT) as (client, headers):
        assert client.post(URL, json=STEPPED, headers=headers).status_code == 201
        seen = client.get("/v1/gemeenten/GM0344", headers=headers)
        assert seen.json().get("toezicht") == "brief", seen.text
        assert client.post(URL, json=retraction(STEPPED, "GM0344"), headers=headers).status_code == 201
        assert client.post(URL, json=COUNTED, headers=headers).status_code == 403
        assert "Melden</a>" in client.get("/", headers=headers).text
        assert "Stap van toezicht" in client.get("/melden", headers=headers).text


BESLUIT = wire.step("besluit", "2026-05-26", "PV26")
AMSTERDAM = sent("GM0363", wire.step("brief", "2026-05-26"), TIME) | {"source": OTHER}
UTRECHT = sent("GM0344", wire.step("brief", "2026-05-25"), TIME) | {"source": OTHER}


@pytest.mark.parametrize("subjects", [["PV26"], ["GM03*"], ["GM0344"]])
def test_a_provincie_sets_the_steps_of_its_own_gemeenten_and_of_no_other(writable, subjects):
    """What stands for many steps of many gemeenten (`GM03*`) is as `PV26`: only which gemeenten differs."""
    own, foreign = sent("GM0344", BESLUIT, TIME), sent("GM0034", BESLUIT, TIME)
    with asking(writable, Role.TOEZICHT, subjects=subjects) as (client, headers):
        assert [client.post(URL, json=own, headers=headers).status_code for _ in range(2)] == [201, 200]
        changed = own | {"data": own["data"] | {"stap": "brief"}}
        assert client.post(URL, json=[changed, changed], headers=headers).status_code == 409
        problem = problem_of(client.post(URL, json=[foreign], headers=headers), 403)
        assert problem["fouten"][0]["veld"] == "0.subject"
        assert f"over {subjects[0]}" in problem["fouten"][0]["melding"]
        assert client.post(URL, json=retraction(own, "GM0344"), headers=headers).status_code == 201


def test_the_same_token_of_another_role_means_the_provincie_itself(writable):
    capacity = sent("PV26", wire.staff(2, 1600, "2026-01-01"), TIME)
    for role in (Role.INVOER, Role.IMPORTEUR):
        with asking(writable, role, subjects=["PV26"]) as (client, headers):
            assert client.post(URL, json=sent("GM0344", BESLUIT, TIME), headers=headers).status_code == 403
            assert client.post(URL, json=capacity, headers=headers).status_code in (200, 201)
    with asking(writable, Role.TOEZICHT, Role.INVOER, subjects=["PV26"]) as (client, headers):
        assert client.post(URL, json=sent("GM0344", BESLUIT, TIME), headers=headers).status_code == 201
        task = sent("GM0344", wire.task("2024", "verdeelbesluit", 100, "2026-01-01"), TIME)
        assert client.post(URL, json=task, headers=headers).status_code == 403


def test_a_provincie_reads_the_steps_of_its_own_gemeenten_and_otherwise_as_a_lezer(writable):
    own = sent("GM0344", BESLUIT, TIME)
    with asking(writable, Role.BEHEERDER) as (client, headers):
        assert client.post(URL, json=[UTRECHT, AMSTERDAM], headers=headers).status_code == 201
    with asking(writable, Role.TOEZICHT, subjects=["PV26"]) as (client, headers):
        assert client.post(URL, json=own, headers=headers).status_code == 201

        def status(one: dict[str, Any]) -> set[int]:
            return {client.get(f"{at}/{one['id']}", headers=headers).status_code for at in (URL, "/gebeurtenissen")}

        assert (status(own), status(UTRECHT), status(AMSTERDAM)) == ({200}, {200}, {404})
        assert "toezicht" not in client.get("/v1/gemeenten/GM0344", headers=headers).json()
        assert client.get("/gemeenten?toezicht=true", headers=headers).status_code == 403
        log = client.get(URL, params={"type": STEP}, headers=headers).json()
        assert log["items"] == []


def test_the_form_of_a_provincie_begins_with_what_is_in_force_there(writable):
    """Else a form would send the minister as toezichthouder, where the provincie was."""
    own = sent("GM0344", BESLUIT, TIME)
    with asking(writable, Role.TOEZICHT, subjects=["PV26"]) as (client, headers):
        assert client.post(URL, json=[own], headers=headers).status_code == 201
        asked = {"soort": "toezichtstap"}
        begun, other = (
            client.get("/melden", params=asked | {"over": over}, headers=headers).text for over in ("GM0344", "GM0363")
        )
        assert "<bdi>Nu: Besluit</bdi>" in begun
        assert '<option value="PV26" selected>' in begun
        assert "te zien met de rol toezicht over deze gemeente" in other
        offered = Form(client.get("/melden", params=asked, headers=headers).text).lists["lijst-over"]
        assert "Utrecht" in offered
        assert "Amsterdam" not in offered
        retract = {"soort": "intrekking", "over": "GM0344"}
        assert own["id"] in client.get("/melden", params=retract, headers=headers).text
        back = retract | {"data.gebeurtenisId": own["id"], "data.reden": "vergissing"}
        checked = look(client, back, headers=headers)
        assert "van besluit naar geen" in checked.text
        assert client.post("/melden", data=checked.hidden, headers=headers).status_code == 303
        assert "Ingetrokken</dt><dd>ja" in client.get(f"/gebeurtenissen/{own['id']}", headers=headers).text


def test_the_form_holds_to_it_before_and_at_sending(writable):
    free = {"source": SOURCE}
    with asking(writable, Role.BEHEERDER) as (client, headers):
        other, places = (look(client, one | free, headers=headers).hidden for one in (READING, CAPACITY))
    with asking(writable, Role.LEZER, Role.INVOER, types=[COUNT], subjects=["LOC-TER-*"]) as (client, headers):
        page = look(client, READING, headers=headers)
        assert (page.faults, page.hidden) == ({"over"}, None)
        assert "hier mag alleen van type" in page.text
        assert client.post("/melden", data=other, headers=headers).status_code == 403
        assert "Dit kunt u hier niet melden" in look(client, CAPACITY, headers=headers).text
        assert client.post("/melden", data=places, headers=headers).status_code == 403
        allowed = look(client, READING | {"over": "LOC-TER-APEL"}, headers=headers).hidden
        assert client.post("/melden", data=allowed, headers=headers).status_code == 303


def test_an_account_carries_it_in_claims(writable):
    issuer = FakeIssuer(clock)
    access = access_of(TokenTable(writable.connection), clock, issuer.issuer())
    with client_of(World(writable, access=access).app) as client:

        def status(one: dict[str, Any], **claims: Any) -> int:
            headers = bearer(issuer.sign(roles=["invoer"], source=SOURCE, **claims))
            return client.post(URL, json=one, headers=headers).status_code

        assert status(COUNTED, types=[STEP]) == 403
        assert status(STEPPED, types=f"{STEP} {COUNT}", onderwerpen=["GM*"]) == 201
        assert status(COUNTED, onderwerpen="GM* PV*") == 403
        for wrong in ([], "", 12, {"a": 1}, [3]):
            assert status(COUNTED, onderwerpen=wrong) == status(COUNTED, types=wrong) == 403, wrong
        assert status(COUNTED) == 201
