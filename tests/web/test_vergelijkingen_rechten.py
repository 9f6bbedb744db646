"""Who may try events out, and what is told to whoever may not see all."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.access import Role
from services.store.store import Store
from services.store.tokens import TokenTable
from tests.support import wire
from tests.support.access_help import access_of, bearer, token
from tests.support.access_help import serving as guarded
from tests.support.proef_help import CAPACITY, PATH, READING, row
from tests.support.strategies import read
from tests.support.web_client import problem_of
from tests.support.web_events import EVENTS, NOW, SOURCE, event, reading, registered

OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"


def clock():
    return NOW


def test_it_takes_the_right_to_send_and_the_right_to_read(filled):
    table = TokenTable(filled.connection)
    roles = {
        (Role.LEZER,): 403,
        (Role.INVOER,): 403,
        (Role.IMPORTEUR,): 403,
        (Role.LEZER, Role.INVOER): 200,
        (Role.BEHEERDER,): 200,
    }
    asked = [
        (some, status, bearer(token(table, clock, *some, source=SOURCE if Role.INVOER in some else None)))
        for some, status in roles.items()
    ]
    with guarded(filled, access_of(table, clock), clock) as client:
        problem_of(client.post(PATH, json={"gebeurtenissen": []}), 401)
        for some, status, headers in asked:
            assert client.post(PATH, json={"gebeurtenissen": []}, headers=headers).status_code == status, some


def test_what_the_caller_may_not_send_is_refused_row_by_row(filled):
    table = TokenTable(filled.connection)
    old = row(wire.reading(5, "2026-05-01"), time="2026-05-01")
    rows = [
        row(wire.reading(5, "2026-05-02")),
        row(wire.reading(5, "2026-05-02")) | {"source": OTHER},
        row(wire.reading(5, "2026-05-02"), "LOC-LEEG"),
        row(wire.access("open", "2026-05-02")),
        old,
        row(wire.reading(310, "2026-05-20T08:00:00Z"), time="2026-05-20T08:00:00Z"),
    ]
    limits = {"types": [f"nl.{READING}.v1"], "subjects": ["LOC-UTRECHT"]}
    headers = {
        "limited": bearer(token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE, **limits)),
        "importeur": bearer(token(table, clock, Role.LEZER, Role.IMPORTEUR, source=SOURCE)),
    }
    with guarded(filled, access_of(table, clock), clock) as client:
        told = {
            who: [
                (one["uitkomst"], [fout["veld"] for fout in one["fouten"]])
                for one in client.post(PATH, json={"gebeurtenissen": rows}, headers=of).json()["rijen"]
            ]
            for who, of in headers.items()
        }
    assert told["limited"] == [
        ("nieuw", []),
        ("geweigerd", ["source"]),
        ("geweigerd", ["subject"]),
        ("geweigerd", ["type"]),
        ("geweigerd", ["time"]),
        ("gelijk", []),
    ]
    assert told["importeur"][4] == ("nieuw", [])


HIDDEN = [
    {**registered("LOC-GEHEIM", "Onderkomen", "GM0344"), "id": str(uuid5(NAMESPACE_URL, "geheim"))},
    event(CAPACITY, "LOC-GEHEIM", "2024-01-01", **wire.capacity("nood", 400, None, "2024-01-01")[1]),
    reading("LOC-GEHEIM", 350, "2026-05-25T08:00:00Z"),
    event("spreidingswet.toezichtstap-gezet", "GM0344", "2026-05-10", stap="brief", gezetOp="2026-05-10"),
]
HIDDEN[0]["data"] = HIDDEN[0]["data"] | {"zichtbaarheid": "afgeschermd"}


def test_what_is_afgeschermd_is_as_if_it_were_not_there(store, new_store, fill):
    """Whoever may not see it gets the same of a store that holds it and of one that does not. Whoever may, sees it.

    Its places count in no gemeente: those are told to everybody. Figures of what is sent are as of a new locatie, since
    a figure that stayed the same would tell that there is something.
    """
    retraction = {"gebeurtenisId": HIDDEN[2]["id"], "reden": "weg"}
    rows = [
        *({name: one[name] for name in ("id", "type", "source", "subject", "time", "data")} for one in HIDDEN),
        *(row((one["type"][3:-3], one["data"]), one["subject"]) for one in HIDDEN),
        row(wire.registration("Onderkomen", "GM0344", "azc", "2026-01-01"), "LOC-GEHEIM"),
        row(wire.capacity("regulier", 500, None, "2026-05-01"), "LOC-GEHEIM"),
        row(wire.reading(360, "2026-05-26T06:00:00Z"), "LOC-GEHEIM"),
        row(wire.step("besluit", "2026-05-12"), "GM0344"),
        row(("gebeurtenissen.ingetrokken", retraction), "LOC-GEHEIM"),
        row(wire.reading(310, "2026-05-26T06:00:00Z")),
    ]
    wholes = [
        {
            "source": SOURCE,
            "type": kind,
            "onderwerpen": ["LOC-UTRECHT"],
            "momenten": ["2026-05-25T08:00:00Z", "2026-05-10"],
        }
        for kind in {one["type"] for one in HIDDEN}
    ]
    with_it, without = store, new_store()
    fill(with_it, read([*EVENTS, *HIDDEN]), NOW)
    fill(without, read(EVENTS), NOW)

    def told(filled: Store, *roles: Role) -> list[dict[str, Any]]:
        table = TokenTable(filled.connection)
        headers = bearer(token(table, clock, *roles, source=SOURCE))
        with guarded(filled, access_of(table, clock), clock) as client:
            return [
                {
                    **client.post(
                        PATH, json={"gebeurtenissen": rows, "cijfers": True, "volledig": one}, headers=headers
                    ).json(),
                    "positie": "",
                }
                for one in wholes
            ]

    seen = told(with_it, Role.LEZER, Role.IMPORTEUR)
    assert seen == told(without, Role.LEZER, Role.IMPORTEUR)
    assert {one["uitkomst"] for one in seen[0]["rijen"][:8]} == {"nieuw", "gelijk", "geweigerd"}, "rows see each other"
    assert "LOC-GEHEIM" not in str([one["verdwenen"] for one in seen])
    whole = told(with_it, Role.BEHEERDER)
    assert {one["uitkomst"] for one in whole[0]["rijen"][:8]} == {"gelijk", "geweigerd"}
    assert "LOC-GEHEIM" in str([one["verdwenen"] for one in whole])
