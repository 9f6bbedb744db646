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
from tests.support.meld_help import CAPACITY, READING, World, clock, look
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
