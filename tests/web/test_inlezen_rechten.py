"""Who may bring a file in and confirm names, with which source and how old, and what stays hidden from other roles."""

import re
from typing import Any

import httpx
import pytest

from services.access import Role
from services.store.tokens import TokenTable
from tests.support.access_help import access_of, audited, bearer, token
from tests.support.inlees_help import drop, events_of, profielen, send, telling, words
from tests.support.meld_help import HIDDEN, WORLD, World, clock, fresh
from tests.support.web_client import client_of
from tests.support.web_events import EVENTS, SOURCE

OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"
FRESH = telling("LOC-UTRECHT;2026-05-26T01:00;280")


ROLES = {
    (Role.LEZER,): (403, 403),
    (Role.INVOER,): (403, 403),
    (Role.IMPORTEUR,): (403, 403),
    (Role.LEZER, Role.INVOER): (200, 303),
    (Role.OPERATOR, Role.IMPORTEUR): (200, 303),
    (Role.BEHEERDER,): (200, 303),
}


@pytest.mark.parametrize("roles", ROLES, ids=str)
def test_it_takes_a_role_to_send_and_one_to_read(writable, folder, roles):
    table = TokenTable(writable.connection)
    headers = bearer(token(table, clock, *roles, source=SOURCE))
    boss = bearer(token(table, clock, Role.BEHEERDER))
    names = {"soort.0": "locatie", "naam.0": "Het huis", "anders.0": "LOC-LEEG"}
    with (
        client_of(World(writable, access=access_of(table, clock), profielen=folder).app) as client,
        audited() as lines,
    ):
        tried = drop(client, FRESH, headers=boss)
        seen = [client.get(path, headers=headers).status_code for path in ("/inlezen", "/namen")]
        seen.append(drop(client, FRESH, headers=headers).status_code)
        done = [send(client, tried, headers=headers).status_code]
        done.append(client.post("/namen", data=names, headers=headers).status_code)
        assert [*seen, *done] == [ROLES[roles][0]] * 3 + [ROLES[roles][1]] * 2
        for answer in (drop(client, FRESH), send(client, tried), client.post("/namen", data=names)):
            assert answer.status_code == 401
    assert (folder / "namen.csv").is_file() == (ROLES[roles] == (200, 303))
    assert [line["reden"] != "" for line in lines if line.get("status") == 403] == [True] * (
        5 * (ROLES[roles][0] == 403)
    )


def test_what_the_caller_may_not_send_is_refused_before_it_is_sent(kept, folder):
    table = TokenTable(kept.connection)
    own = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE))
    old = bearer(token(table, clock, Role.LEZER, Role.IMPORTEUR, source=SOURCE))
    other = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=OTHER))
    limited = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE, subjects=["LOC-LEEG"]))
    late = telling("LOC-UTRECHT;2026-05-24T01:00;280")
    with client_of(World(kept, access=access_of(table, clock), profielen=folder).app) as client:
        for headers, content, said in (
            (own, late, "ligt meer dan 24 uur terug; daarvoor is de rol importeur nodig"),
            (other, FRESH, f"dit token mag alleen insturen als {OTHER}"),
            (limited, FRESH, "LOC-UTRECHT is hier geen onderwerp om over in te sturen"),
        ):
            answer = drop(client, content, headers=headers)
            assert (answer.status_code, events_of(answer)) == (200, [])
            assert said in words(answer)
            assert "Geen rij is te versturen." in words(answer)
        for headers, content in ((own, FRESH), (old, late)):
            assert len(events_of(drop(client, content, headers=headers))) == 1
        assert send(client, drop(client, FRESH, headers=own), headers=other).status_code == 403


PROBES = telling(
    f"{HIDDEN.replace(chr(34), chr(34) * 2)};2026-05-26T01:00;55".replace("Schuil", '"Schuil', 1).replace(";", '";', 1),
    "Het klooster;2026-05-26T01:00;55",
    "LOC-GEHEIM;2026-05-26T06:00:00;55",
    "LOC-NERGENS;2026-05-26T06:00:00;55",
    "LOC-UTRECHT;2026-05-26T01:00;280",
)
LIST = b"locatie;vanaf;plaatsen\nLOC-UTRECHT;2024-01-01;300\n"
TABLE = """soort;naam;id
locatie;Het klooster;LOC-GEHEIM
locatie;Het bos;LOC-NERGENS
locatie;De zee;LOC-UTRECHT
locatie;Wacht;
"""


def test_what_is_afgeschermd_is_as_if_it_were_not_there(chdb_folder, fill, tmp_path):
    """Of two worlds that differ in a locatie that is afgeschermd, who may not see it gets the same pages."""
    seen = []
    for name, events in (("met", WORLD), ("zonder", EVENTS)):
        (tmp_path / name).mkdir()
        folder = profielen(tmp_path / name)
        (folder / "namen.csv").write_text(TABLE)
        with fresh(chdb_folder, events, fill) as store:
            table = TokenTable(store.connection)
            own = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE))
            boss = bearer(token(table, clock, Role.BEHEERDER))
            world = World(store, access=access_of(table, clock), profielen=folder)
            with client_of(world.app) as client:
                seen.append(list(_all_of(client, own)))
            if name == "met":
                _boss_sees_it(world, boss)
        kept = (folder / "namen.csv").read_text()
        assert "locatie;Het klooster;LOC-GEHEIM\n" in kept
        assert "locatie;Het bos;LOC-NERGENS\n" in kept
    assert seen[0] == seen[1]
    names_page = seen[0][1][1]
    for hidden in ("LOC-GEHEIM", "LOC-NERGENS", "Het klooster", "Het bos", "Wacht<"):
        assert hidden not in names_page
    assert "De zee" in names_page


def _all_of(client: httpx.Client, headers: dict[str, str]) -> Any:
    def clean(answer: httpx.Response) -> tuple[int, str]:
        return answer.status_code, re.sub(
            r"LOC-(GEHEIM|NERGENS)", "*", answer.text
        ) if answer.request.method == "POST" else answer.text

    yield clean(client.get("/inlezen", headers=headers))
    yield clean(client.get("/namen", headers=headers))
    tried = drop(client, PROBES, headers=headers)
    yield clean(tried)
    yield clean(drop(client, LIST, "plaatsen.csv", headers=headers))
    for name, id_ in (
        ("Het klooster", "LOC-UTRECHT"),
        ("Het bos", "LOC-UTRECHT"),
        ("Nieuw", "LOC-GEHEIM"),
        ("Nieuw", "LOC-NERGENS"),
    ):
        named = {"soort.0": "locatie", "naam.0": name, "anders.0": id_}
        yield clean(client.post("/namen", data=named, headers=headers))
    sent = send(client, tried, headers=headers)
    yield sent.status_code, sent.headers["location"]
    yield clean(client.get("/namen", headers=headers))


def _boss_sees_it(world: World, boss: dict[str, str]) -> None:
    with client_of(world.app) as client:
        page = words(client.get("/namen", headers=boss))
        for shown in ("Het klooster", "Het bos", "LOC-GEHEIM", "LOC-NERGENS", "Wacht"):
            assert shown in page
        tried = drop(client, PROBES, headers=boss)
        assert "Het klooster" not in words(tried), "this caller may know which locatie that is"
        assert "LOC-GEHEIM 77 plaatsen" in words(drop(client, LIST, "plaatsen.csv", headers=boss))
