"""Pages of other sites read the API where that is allowed: reads only, without credentials, and nothing told beside."""

from contextlib import contextmanager

import pytest
from starlette.middleware import Middleware

from schemas.fields import parse_moment
from services.access import Guard, Role
from services.api.app import api_router
from services.api.stroom import Stroom, stroom_router
from services.dashboard.app import dashboard_router
from services.reads.reader import Reader
from services.web import make_app
from services.web.cors import Cors
from services.wiring.folder import StartError
from services.wiring.running import check_set_up
from tests.support.access_help import FakeTable, access_of, bearer, token
from tests.support.web_client import client_of, fresh_metrics

OURS, OTHER = "https://kaart.example.org", "https://elders.example.org"
ALLOW = "access-control-allow-origin"
ASKS = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}


def clock():
    return parse_moment("2026-07-01T00:00:00Z")


@contextmanager
def serving(store, table, *origins):
    reader, metrics = Reader(store, clock), fresh_metrics()
    around = [Middleware(Cors, origins=origins)] if origins else []
    around.append(Middleware(Guard, access=access_of(table, clock)))
    routers = [api_router(reader), stroom_router(Stroom(reader, metrics)), dashboard_router(reader)]
    with client_of(make_app("Proef", routers, metrics=metrics, checks={}, around=around)) as client:
        yield client


def said_about_cors(answer):
    return {name for name in answer.headers if name.startswith("access-control-")}


@pytest.mark.parametrize(
    "path", ["/v1/bezetting", "/v1/gemeenten?formaat=csv", "/v1/bestaat-niet", "/v1/bezetting?x=1"]
)
def test_an_answer_is_for_the_sites_that_may_read_and_says_that_it_differs_by_site(store, path):
    with serving(store, FakeTable(), OURS, "http://localhost:5173") as client:
        own = client.get(path, headers={"Origin": OURS})
        assert own.headers[ALLOW] == OURS
        assert {"ETag", "Link"} <= set(own.headers["access-control-expose-headers"].split(", "))
        other, nobody = client.get(path, headers={"Origin": OTHER}), client.get(path)
        for answer in (own, other, nobody):
            assert "Origin" in answer.headers["vary"].split(", ")
            assert "access-control-allow-credentials" not in answer.headers
        assert said_about_cors(other) == said_about_cors(nobody) == set()


def test_the_stream_and_head_are_reads_too(store):
    with serving(store, FakeTable(), OURS) as client:
        for path in ("/v1/stroom", "/v1/bezetting"):
            assert client.head(path, headers={"Origin": OURS}).headers[ALLOW] == OURS


def test_for_all_sites_an_answer_is_the_same_for_each_so_a_cache_may_keep_it(store):
    with serving(store, FakeTable(), "*") as client:
        for headers in ({}, {"Origin": OTHER}):
            answer = client.get("/v1/bezetting", headers=headers)
            assert (answer.headers[ALLOW], answer.headers["vary"]) == ("*", "Accept")


@pytest.mark.parametrize("origins", [(OURS,), ("*",)])
def test_what_is_no_read_of_the_api_says_nothing_about_sites(store, origins):
    with serving(store, FakeTable(), *origins) as client:
        for answer in (
            client.post("/v1/alarmtoetsen", headers={"Origin": OURS}, content="x"),
            client.delete("/v1/toegang/x", headers={"Origin": OURS}),
            client.get("/", headers={"Origin": OURS}),
            client.get("/metrics", headers={"Origin": OURS}),
        ):
            assert said_about_cors(answer) == set(), answer.request


def test_without_the_setting_nothing_is_said(store):
    with serving(store, FakeTable()) as client:
        for answer in (
            client.get("/v1/bezetting", headers={"Origin": OURS}),
            client.options("/v1/bezetting", headers={"Origin": OURS, **ASKS}),
        ):
            assert said_about_cors(answer) == set()
        assert client.get("/v1/openapi.json").headers[ALLOW] == "*", "the description is for everybody"


def test_a_preflight_is_answered_before_anybody_shows_a_token_and_alike_for_every_path(store):
    table = FakeTable()
    token(table, clock, Role.BEHEERDER)
    with serving(store, table, OURS) as client:
        paths = ["/v1/bezetting", "/v1/locaties/LOC-GEHEIM", "/v1/bestaat-niet", "/v1/toegang"]
        answers = [client.options(path, headers={"Origin": OURS, **ASKS}) for path in paths]
        assert {(one.status_code, one.content) for one in answers} == {(204, b"")}
        assert len({tuple(sorted(one.headers.items())) for one in answers}) == 1
        one = answers[0].headers
        assert (one[ALLOW], one["access-control-allow-methods"]) == (OURS, "GET, HEAD, OPTIONS")
        assert "authorization" not in one["access-control-allow-headers"].lower()
        assert "Origin" in one["vary"].split(", ")
        post = {"Origin": OURS, "Access-Control-Request-Method": "POST"}
        for refused in (post, {"Origin": OTHER, **ASKS}):
            answer = client.options("/v1/gebeurtenissen", headers=refused)
            assert (answer.status_code, said_about_cors(answer)) == (204, set())


def test_a_page_that_shows_nothing_gets_nothing_and_may_read_why(store):
    table = FakeTable()
    own = token(table, clock, Role.LEZER)
    with serving(store, table, OURS) as client:
        refused = client.get("/v1/bezetting", headers={"Origin": OURS})
        assert (refused.status_code, refused.headers[ALLOW]) == (401, OURS)
        assert client.get("/v1/bezetting", headers={"Origin": OURS} | bearer(own)).status_code == 200


def test_all_sites_may_not_read_what_nobody_guards():
    nobody, table = FakeTable(), FakeTable()
    token(table, clock, Role.BEHEERDER)
    with pytest.raises(StartError, match="OPVANGPEIL_CORS"):
        check_set_up(access_of(nobody, clock), "127.0.0.1", ["*"])
    check_set_up(access_of(nobody, clock), "127.0.0.1", [OURS])
    check_set_up(access_of(table, clock), "127.0.0.1", ["*"])
