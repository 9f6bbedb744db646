"""Access control on every request: who is admitted, what a refused caller is told, and what the audit log records."""

from datetime import timedelta

import pytest

from schemas.fields import parse_moment
from services.access import Role, guard
from services.access.access import Limits
from services.access.oidc import looks_like_one
from services.eventlog.topics import EVENTS
from services.ingest.accept import Ingest
from services.ingest.app import ingest_router
from services.store.tokens import TokenTable
from tests.support.access_help import FakeIssuer, FakeTable, access_of, audited, bearer, old_token, serving, token
from tests.support.web_client import fresh_metrics, from_address, problem_of
from tests.support.web_events import SOURCE, reading

NOW = parse_moment("2026-05-26T08:00:00Z")
OPEN = ("/gezond", "/gereed", "/v1/openapi.json")
BATCH = {"content-type": "application/cloudevents-batch+json"}
OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"


def clock():
    return NOW


class FakeProducer:
    """A log that accepts every message."""

    async def append_async(self, topic, *_):
        assert topic == EVENTS


@pytest.fixture
def table(store):
    return TokenTable(store.connection)


def of(store, access):
    ingest = ingest_router(Ingest(FakeProducer(), store, clock, fresh_metrics(), None))
    return serving(store, access, clock, ingest)


def test_without_access_set_up_this_machine_may_everything(store, table):
    with of(store, access_of(table, clock)) as client:
        for path in (*OPEN, "/v1/bezetting", "/metrics", "/", "/v1/toegang"):
            assert client.get(path).status_code == 200, path
        assert client.post("/v1/gebeurtenissen", json=[reading("LOC-A", 1, "2020-01-01T00:00:00Z")]).status_code == 202


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "127.0.0.1.evil.example"])
def test_without_access_set_up_a_name_of_elsewhere_reaches_nothing(store, table, host):
    with of(store, access_of(table, clock)) as client:
        for path in (*OPEN, "/v1/bezetting", "/"):
            problem_of(client.get(path, headers={"Host": host}), 403)
        for good in ("localhost", "127.0.0.1:8080", "[::1]:8080"):
            assert client.get("/v1/bezetting", headers={"Host": good}).status_code == 200


def test_without_access_set_up_a_page_of_elsewhere_changes_nothing(store, table):
    wanted = {"naam": "kwaad", "rollen": ["beheerder"]}
    with of(store, access_of(table, clock)) as client:
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
        ):
            problem_of(client.post("/v1/toegang", json=wanted, headers=headers), 403)
        assert table.all() == []
        assert client.post("/v1/toegang", json=wanted, headers={"Origin": "http://testserver"}).status_code == 201


def test_once_there_is_a_token_every_address_asks_for_one(store, table):
    token(table, clock, Role.LEZER)
    with of(store, access_of(table, clock)) as client:
        for path in OPEN:
            assert client.get(path, headers={"Host": "opvangpeil.example.org"}).status_code == 200
        for path in ("/", "/metrics", "/v1/bezetting", "/v1/toegang", "/v1/nergens", "/static/../v1/bezetting"):
            answer = client.get(path)
            problem_of(answer, 401)
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="opvangpeil"'
        problem_of(client.post("/v1/gebeurtenissen", json=[]), 401)


READERS = {Role.LEZER, Role.VERTROUWELIJK, Role.TOEZICHT, Role.METER, Role.OPERATOR, Role.BEHEERDER}
MATRIX = {
    ("GET", "/v1/bezetting"): READERS,
    ("GET", "/metrics"): READERS,
    ("GET", "/"): READERS,
    ("POST", "/v1/gebeurtenissen"): {Role.TOEZICHT, Role.INVOER, Role.IMPORTEUR, Role.BEHEERDER},
    ("POST", "/v1/alarmen/x/bevestigingen"): {Role.OPERATOR, Role.BEHEERDER},
    ("GET", "/v1/toegang"): {Role.BEHEERDER},
    ("POST", "/v1/toegang"): {Role.BEHEERDER},
    ("DELETE", "/v1/toegang/x"): {Role.BEHEERDER},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says(store, table, role):
    text = token(table, clock, role, source=SOURCE if role is Role.INVOER else None)
    with of(store, access_of(table, clock)) as client:
        for (method, path), roles in MATRIX.items():
            answer = client.request(method, path, headers=bearer(text), content=b"{}")
            if role in roles:
                assert answer.status_code not in (401, 403), (method, path)
            else:
                assert role in problem_of(answer, 403)["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        [("Authorization", "Basic YTpi")],
        [("Authorization", "Bearer")],
        [("Authorization", "Bearer x")],
        [("Authorization", b"Bearer \xc3\xa9")],
        [("Authorization", "x")],
    ],
)
def test_what_is_no_token_is_refused(store, table, headers):
    token(table, clock, Role.LEZER)
    with of(store, access_of(table, clock)) as client:
        answer = client.get("/v1/bezetting", headers=headers)
        problem_of(answer, 401)
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_two_tokens_at_once_are_refused(store, table):
    text = token(table, clock, Role.LEZER)
    with of(store, access_of(table, clock)) as client:
        problem_of(client.get("/v1/bezetting", headers=[*bearer(text).items(), *bearer(text).items()]), 401)


@pytest.mark.parametrize("set_up", [True, False])
def test_a_token_in_a_url_is_refused_and_named_nowhere(store, table, set_up, capfd):
    text = token(FakeTable() if not set_up else table, clock, Role.LEZER)
    jwt = FakeIssuer(clock).sign()
    assert looks_like_one(jwt)
    with of(store, access_of(table, clock)) as client, audited() as lines:
        for query in ({"access_token": "x"}, {"token": text}, {"zoek": text}, {"zoek": jwt}, {text: ""}):
            answer = client.get("/v1/locaties", params=query, headers=bearer(text))
            problem_of(answer, 400)
            assert text not in answer.text
        client.get(f"/v1/{text}")
    assert text not in str(lines) + "".join(capfd.readouterr())


def test_a_source_that_speaks_for_another_is_told_which_it_may_use(store, table):
    text = token(table, clock, Role.INVOER, source=SOURCE)
    events = [
        reading("LOC-A", number, "2026-05-26T07:00:00Z", source=source)
        for number, source in enumerate((SOURCE, OTHER, SOURCE, OTHER))
    ]
    with of(store, access_of(table, clock)) as client, audited() as lines:
        problem = problem_of(client.post("/v1/gebeurtenissen", json=events, headers=bearer(text) | BATCH), 403)
        assert [fout["index"] for fout in problem["fouten"]] == [1, 3]
        assert {fout["veld"] for fout in problem["fouten"]} == {"1.source", "3.source"}
        assert SOURCE in problem["detail"]
        own = client.post("/v1/gebeurtenissen", json=events[:1], headers=bearer(text) | BATCH)
        assert own.status_code == 202
    (line,) = lines
    assert (line["status"], line["wat"]) == (403, "POST /v1/gebeurtenissen")
    assert line["wie"].startswith("token:")
    assert SOURCE in line["reden"]


def test_an_old_event_asks_the_role_importeur(store, table):
    invoer = token(table, clock, Role.INVOER, source=SOURCE)
    importeur = token(table, clock, Role.IMPORTEUR)
    old = [reading("LOC-A", 1, "2020-01-01T00:00:00Z"), reading("LOC-A", 1, "2026-05-26T07:00:00Z")]
    with of(store, access_of(table, clock)) as client:
        refused = client.post("/v1/gebeurtenissen", json=old, headers=bearer(invoer) | BATCH)
        problem = problem_of(refused, 403)
        assert [(fout["index"], fout["veld"]) for fout in problem["fouten"]] == [(0, "0.time")]
        assert "importeur" in problem["fouten"][0]["melding"]
        assert client.post("/v1/gebeurtenissen", json=old, headers=bearer(importeur) | BATCH).status_code == 202


def test_a_first_token_that_would_shut_everybody_out_is_refused(store, table):
    with of(store, access_of(table, clock)) as client:
        refused = client.post("/v1/toegang", json={"naam": "grafana", "rollen": ["lezer"]})
        assert [fout["veld"] for fout in problem_of(refused, 400)["fouten"]] == ["rollen"]
        assert table.all() == []
        first = client.post("/v1/toegang", json={"naam": "beheer", "rollen": ["beheerder"]})
        client.headers.update(bearer(first.json()["token"]))
        assert client.post("/v1/toegang", json={"naam": "grafana", "rollen": ["lezer"]}).status_code == 201


def test_tokens_are_made_listed_and_withdrawn(store, table):
    first = token(table, clock, Role.BEHEERDER)
    with of(store, access_of(table, clock)) as client, audited() as lines:
        client.headers.update(bearer(first))
        wanted = {"naam": "coa", "rollen": ["invoer"], "source": SOURCE, "geldigTot": "2026-06-01"}
        made = client.post("/v1/toegang", json=wanted)
        assert made.status_code == 201
        text = made.json()["token"]
        assert made.json()["geldigTot"] == "2026-05-31T22:00:00Z"
        listed = client.get("/v1/toegang").json()["items"]
        assert sorted(one["naam"] for one in listed) == ["coa", "proef"]
        assert text not in client.get("/v1/toegang").text
        assert "argon2" not in client.get("/v1/toegang").text
        mine = {"Authorization": f"Bearer {text}"}
        assert client.post("/v1/gebeurtenissen", json=[], headers=mine | BATCH).status_code == 400
        assert client.delete(f"/v1/toegang/{made.json()['id']}").status_code == 204
        problem_of(client.post("/v1/gebeurtenissen", json=[], headers=mine | BATCH), 401)
        withdrawn = {one["naam"]: one["ingetrokkenOp"] for one in client.get("/v1/toegang").json()["items"]}
        assert withdrawn == {"proef": None, "coa": "2026-05-26T08:00:00Z"}
        problem_of(client.delete("/v1/toegang/nergens"), 404)
        assert client.delete(f"/v1/toegang/{made.json()['id']}").status_code == 204
    assert [line["event"] for line in lines] == ["token gemaakt", "token ingetrokken", "geweigerd", "token ingetrokken"]
    assert all(line["wie"].startswith("token:") and line["adres"] for line in lines)
    assert text not in str(lines)


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (b"{", [""]),
        (b"[]", [""]),
        (b"{}", ["naam", "rollen"]),
        (b'{"naam":"a","rollen":["baas"],"meer":1}', ["rollen.0", "meer"]),
        (b'{"naam":"a@b","rollen":["invoer"]}', ["naam", "source"]),
        (b'{"naam":"a","rollen":["lezer"],"geldigTot":"2020-01-01"}', ["geldigTot"]),
    ],
)
def test_a_token_that_can_not_be_is_told_all_that_is_wrong(store, table, body, wrong):
    text = token(table, clock, Role.BEHEERDER)
    with of(store, access_of(table, clock)) as client:
        client.headers.update(bearer(text))
        answer = client.post("/v1/toegang", content=body, headers={"content-type": "application/json"})
        assert [fout["veld"] for fout in problem_of(answer, 400)["fouten"]] == wrong
        problem_of(client.post("/v1/toegang", content=body, headers={"content-type": "text/plain"}), 415)


def test_withdrawn_elsewhere_is_withdrawn_here_once_it_looks(store, table):
    text = token(table, clock, Role.LEZER)
    here, elsewhere = access_of(table, clock), access_of(TokenTable(store.connection), clock)
    with of(store, here) as client:
        assert client.get("/v1/bezetting", headers=bearer(text)).status_code == 200
        elsewhere.tokens.withdraw(text.split("_")[1])
        here.tokens.refresh()
        assert "ingetrokken" in problem_of(client.get("/v1/bezetting", headers=bearer(text)), 401)["detail"]


def test_until_the_store_was_seen_nobody_is_let_in_and_after_that_the_last_known_go_on(store):
    fake = FakeTable()
    text = token(fake, clock, Role.IMPORTEUR)
    fake.away = True
    access = access_of(fake, clock)
    events = [reading("LOC-A", 1, "2026-05-26T07:00:00Z")]
    with of(store, access) as client:
        for headers in (bearer(text), {}):
            problem_of(client.post("/v1/gebeurtenissen", json=events, headers=headers | BATCH), 503)
        assert client.get("/gezond").status_code == 200
        fake.away = False
        access.tokens.refresh()
        fake.away = True
        assert client.post("/v1/gebeurtenissen", json=events, headers=bearer(text) | BATCH).status_code == 202


def test_a_token_that_asks_too_often_is_told_when_to_come_back(store, table):
    busy, calm = token(table, clock, Role.LEZER), token(table, clock, Role.LEZER)
    with of(store, access_of(table, clock, limits=Limits(per_second=1.5))) as client, audited() as lines:
        answers = [client.get("/v1/provincies", headers=bearer(busy)) for _ in range(30)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert len(refused) > 0
        assert "1.5 verzoeken per seconde" in problem_of(refused[0], 429)["detail"]
        assert int(refused[0].headers["Retry-After"]) == 1
        assert client.get("/v1/provincies", headers=bearer(calm)).status_code == 200
    assert [line["status"] for line in lines] == [429] * len(refused)


def test_who_is_refused_again_and_again_waits_for_the_answer_and_is_logged_less(store, table, monkeypatch):
    monkeypatch.setattr(guard, "REFUSED_PER_SECOND", 0.25)
    monkeypatch.setattr(guard, "REFUSED_AT_ONCE", 2.0)
    busy = token(table, clock, Role.LEZER)
    with of(store, access_of(table, clock, limits=Limits(per_second=0.01))) as client, audited() as lines:
        refused = [client.get("/v1/provincies", headers=bearer(busy)).status_code for _ in range(9)]
    assert set(refused) == {line["status"] for line in lines} == {429}
    unlogged = sum(line.get("ookGeweigerd", 0) for line in lines)
    assert 0 < unlogged <= len(refused) - len(lines)


@pytest.mark.parametrize(
    ("first", "then", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::4", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_wrong_tokens_count_against_where_they_come_from_and_right_ones_never_wait(store, table, first, then, same):
    text = token(table, clock, Role.LEZER)
    limits = Limits(failures_per_second=0.001, failures_at_once=3)
    served = of(store, access_of(table, clock, limits=limits))
    with served as client:
        one, other = (from_address(client, address) for address in (first, then))
        tried = [one.get("/v1/provincies", headers=bearer(f"ovp_x{n}")).status_code for n in range(5)]
        assert tried == [401, 401, 401, 429, 429]
        assert one.get("/v1/provincies", headers=bearer(text)).status_code == 200, "it was never seen before"
        problem_of(one.get("/v1/provincies"), 401)
        assert other.get("/v1/provincies", headers=bearer("ovp_y")).status_code == (429 if same else 401)


def test_a_token_that_is_withdrawn_while_its_hash_is_renewed_stays_withdrawn(store, table):
    """Another process withdraws it after this one read the tokens."""
    memory = FakeTable()
    text = old_token(memory, clock, Role.LEZER)
    own_id = text.split("_")[1]
    table.add(memory.rows[own_id])
    here = access_of(table, clock)
    table.withdraw(own_id, NOW)
    with of(store, here) as client:
        assert client.get("/v1/provincies", headers=bearer(text)).status_code == 200, "this process does not know yet"
        (row,) = table.all()
        assert row.withdrawn_at == NOW
        assert "ingetrokken" in problem_of(client.get("/v1/provincies", headers=bearer(text)), 401)["detail"]


def test_the_description_names_what_is_asked(store, table):
    with of(store, access_of(table, clock)) as client:
        document = client.get("/v1/openapi.json").json()
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert {"token": []} in document["security"]
    for item in document["paths"].values():
        for operation in item.values():
            assert {"401", "403", "429"} <= operation["responses"].keys()
            assert "WWW-Authenticate" in operation["responses"]["401"]["headers"]
            assert "Retry-After" in operation["responses"]["429"]["headers"]


def test_an_expired_token_is_told_since_when(store, table):
    text = token(table, clock, Role.LEZER, until=NOW + timedelta(hours=1))
    with of(store, access_of(table, lambda: NOW + timedelta(hours=2))) as client, audited() as lines:
        detail = problem_of(client.get("/v1/bezetting", headers=bearer(text)), 401)["detail"]
    assert "verlopen op 26 mei 2026 11:00" in detail
    assert lines[0]["wie"] == f"token:{text.split('_')[1]}"
