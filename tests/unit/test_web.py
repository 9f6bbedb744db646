"""Rules for every answer of every service: the Dutch API Design Rules, errors, health and metrics."""

import asyncio
import math
import threading

import pytest
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from services.metrics import LIJST, gathered
from services.store.model import StoreUnavailableError
from services.store.position import PositionError
from services.web import NotReadyError, make_app
from services.web.formats import accepts, media_type
from services.web.health import CHECK_SECONDS_MAX
from tests.support.web_client import client_of, fresh_metrics, problem_of, sampled

LIMIT = 1000


def routes() -> APIRouter:
    """Makes routes with every kind of behaviour."""
    router = APIRouter(prefix="/v1")

    @router.get("/goed")
    def goed() -> Response:
        return PlainTextResponse("goed", headers={"Cache-Control": "private, no-cache"})

    @router.get("/dingen/{naam}")
    def ding(naam: str, aantal: int = 1) -> Response:
        return PlainTextResponse(naam * aantal)

    @router.post("/dingen/{naam}")
    async def tel(naam: str, request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    @router.get("/kapot")
    def kapot() -> Response:
        raise RuntimeError("wachtwoord=geheim")

    @router.get("/weg")
    def weg() -> Response:
        raise StoreUnavailableError("clickhouse://gebruiker@host")

    @router.get("/positie")
    def positie() -> Response:
        raise PositionError("'x' is geen positie")

    return router


@pytest.fixture
def client():
    app = make_app("Proef", [routes()], metrics=fresh_metrics(), checks={}, body_bytes_max=LIMIT)
    with client_of(app) as client:
        yield client


@pytest.mark.parametrize("hosts", [[], ["testserver", "testserver"], ["testserver", "evil.example"]])
def test_a_request_says_once_which_host_it_is_for(hosts):
    """A proxy before us might read another one than we do. A bare request, since a client fills in the header."""
    app = make_app("Proef", [routes()], metrics=fresh_metrics(), checks={})
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/goed",
        "query_string": b"",
        "headers": [(b"host", one.encode()) for one in hosts],
    }
    said = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        said.append(message)

    asyncio.run(app(scope, receive, send))
    assert [one["status"] for one in said if "status" in one] == [400]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/goed", 200),
        ("HEAD", "/v1/goed", 200),
        ("OPTIONS", "/v1/goed", 204),
        ("GET", "/v1/dingen/a?aantal=veel", 400),
        ("GET", "/v1/positie", 400),
        ("GET", "/v1/nergens", 404),
        ("GET", "/v1/goed/", 404),
        ("DELETE", "/v1/goed", 405),
        ("POST", "/v1/dingen/a", 413),
        ("GET", "/v1/kapot", 500),
        ("GET", "/v1/weg", 503),
        ("GET", "/gezond", 200),
        ("GET", "/metrics", 200),
        ("GET", "/v1/openapi.json", 200),
    ],
)
def test_every_answer_carries_version_and_security_headers(client, method, path, status):
    body = b"x" * (LIMIT + 1) if method == "POST" else None
    answer = client.request(method, path, content=body)
    assert answer.status_code == status
    assert answer.headers["api-version"].count(".") == 2
    assert answer.headers["cache-control"] == (
        "private, no-cache" if path == "/v1/goed" and status == 200 else "no-store"
    )
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert int(answer.headers["strict-transport-security"].partition("max-age=")[2].partition(";")[0]) >= 31_536_000
    assert answer.headers.get("access-control-allow-origin") == ("*" if path.endswith("openapi.json") else None)
    if status >= 400:
        problem_of(answer, status)


def test_a_fault_of_ours_says_nothing_about_its_cause(client):
    problem = problem_of(client.get("/v1/kapot"), 500)
    assert "geheim" not in str(problem)
    assert "Traceback" not in str(problem)
    assert problem["fouten"] == []


def test_an_absent_store_is_to_be_tried_again_later(client):
    answer = client.get("/v1/weg")
    assert int(answer.headers["retry-after"]) > 0
    assert "gebruiker" not in answer.text


def test_405_names_the_methods_of_every_route_with_that_path(client):
    answer = client.delete("/v1/dingen/a")
    problem = problem_of(answer, 405)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert "POST" in problem["detail"]
    assert client.options("/v1/dingen/a").headers["allow"] == answer.headers["allow"]


def test_head_is_get_without_its_body(client):
    head, get = client.head("/v1/dingen/abc"), client.get("/v1/dingen/abc")
    assert (head.content, get.content) == (b"", b"abc")
    assert head.headers == get.headers


def test_every_error_of_a_request_is_told_at_once(client):
    problem = problem_of(client.get("/v1/dingen/a?aantal=veel&aantal=meer"), 400)
    assert [fout["veld"] for fout in problem["fouten"]] == ["aantal", "aantal"]
    assert "geheel getal" in problem["fouten"][0]["melding"]
    assert "meer dan eens" in problem["fouten"][1]["melding"]


def test_the_body_limit_goes_by_what_was_announced(client):
    assert client.post("/v1/dingen/a", content=b"x" * LIMIT).text == str(LIMIT)
    problem = problem_of(client.post("/v1/dingen/a", content=b"x" * (LIMIT + 1)), 413)
    assert str(LIMIT) in problem["detail"]


@pytest.mark.parametrize(("sizes", "status"), [((600, 400), 200), ((600, 400, 1), 413), ((LIMIT + 1, 5), 413)])
def test_the_body_limit_counts_what_arrives(client, sizes, status):
    """This holds for a body in parts, and without a Content-Length."""
    parts = [{"type": "http.request", "body": b"x" * size, "more_body": True} for size in sizes]
    waiting = [*parts, {"type": "http.request", "body": b"", "more_body": False}]
    answered = []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        answered.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/v1/dingen/a",
        "raw_path": b"/v1/dingen/a",
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"host", b"testserver")],
        "client": None,
        "server": None,
    }
    asyncio.run(client.app(scope, receive, send))
    assert answered[0]["status"] == status
    assert status == 200 or len(waiting) >= 1, "no more is read than the limit"


def test_parameters_of_a_route_without_any_are_refused(client):
    problem = problem_of(client.get("/gezond?diep=ja&x=1"), 400)
    assert [fout["veld"] for fout in problem["fouten"]] == ["diep", "x"]


def _away() -> None:
    raise ConnectionError("geheim adres")


def _pending() -> None:
    raise NotReadyError("de voorbeeldgegevens worden nog ingelezen")


def test_ready_names_the_parts_that_are_not():
    checks = {"clickhouse": lambda: None, "broker": _away, "voorbeeld": _pending}
    with client_of(make_app("Proef", [], metrics=fresh_metrics(), checks=checks)) as client:
        problem = problem_of(client.get("/gereed"), 503)
        assert client.get("/gezond").status_code == 200
    assert {fout["veld"] for fout in problem["fouten"]} == {"broker", "voorbeeld"}
    assert "geheim" not in str(problem)
    assert "worden nog ingelezen" in str(problem)


def test_ready_when_every_part_is_and_warnings_do_not_change_that():
    checks = {"clickhouse": lambda: None, "onverwerkbaar": lambda: "3 % van de berichten is onverwerkbaar"}
    with client_of(make_app("Proef", [], metrics=fresh_metrics(), checks=checks)) as client:
        answer = client.get("/gereed")
    assert answer.status_code == 200
    assert answer.json()["waarschuwingen"] == ["3 % van de berichten is onverwerkbaar"]


def test_a_part_that_hangs_is_not_ready(monkeypatch):
    monkeypatch.setattr("services.web.health.CHECK_SECONDS_MAX", CHECK_SECONDS_MAX / 100)
    released = threading.Event()
    checks = {"broker": lambda: released.wait(60) and None}
    try:
        with client_of(make_app("Proef", [], metrics=fresh_metrics(), checks=checks)) as client:
            assert "antwoordt niet" in str(problem_of(client.get("/gereed"), 503))
            released.set()
    finally:
        released.set()


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", True),
        ("*/*", True),
        ("application/json", True),
        ("text/html, application/*;q=0.5", True),
        ("Application/JSON; q=0.1", True),
        ("text/csv", False),
        ("application/json;q=0, */*", False),
        ("application/*;q=0, application/json", True),
        ("*/*;q=0", False),
        ("application/json;q=veel", False),
        (",", True),
    ],
)
def test_the_most_specific_range_of_accept_decides(accept, expected):
    assert accepts(accept, "application/json") is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("application/json", ("application/json", None)),
        ("Application/CloudEvents+JSON; charset=UTF-8", ("application/cloudevents+json", "utf-8")),
        ("", ("", None)),
        ("json", ("json", None)),
    ],
)
def test_a_content_type_is_read_without_its_parameters(header, expected):
    assert media_type(header) == expected


def test_a_process_without_receivers_does_not_say_that_their_file_is_wrong():
    assert math.isnan(fresh_metrics().registry.get_sample_value("opvangpeil_ontvangers_geldig"))


def test_metrics_are_the_closed_list_and_nothing_else():
    metrics = fresh_metrics()
    figures = {meting.naam: [(tuple("x" for _ in meting.labels), 1.5)] for meting in LIJST if meting.soort == "figuur"}
    shown = gathered(metrics.registry, figures, all_of_it=True)
    told = {family.name: family for family in shown.collect() if not family.name.startswith("process_")}
    assert set(told) == {meting.naam for meting in LIJST}
    for meting in LIJST:
        assert told[meting.naam].documentation == meting.hulp
        assert told[meting.naam].type == {"figuur": "gauge"}.get(meting.soort, meting.soort)


def test_an_unknown_figure_has_no_sample_and_an_unlisted_one_is_refused():
    told = sampled(fresh_metrics(), {"opvangpeil_bezettingsgraad": [((), None)], "opvangpeil_dekking": [((), 0)]})
    assert "opvangpeil_bezettingsgraad" not in told
    assert told["opvangpeil_dekking"] == 0
    with pytest.raises(KeyError):
        sampled(fresh_metrics(), {"opvangpeil_verzonnen": [((), 1)]})


def test_who_may_not_measure_gets_the_figures_of_the_reception_alone():
    figures = {meting.naam: [(tuple("x" for _ in meting.labels), 1.5)] for meting in LIJST if meting.soort == "figuur"}
    shown = gathered(fresh_metrics().registry, figures, all_of_it=False)
    assert {family.name for family in shown.collect()} == {meting.naam for meting in LIJST if meting.domein}


def test_requests_are_counted_by_route_not_by_path():
    """A path or a method from outside must not add a series."""
    metrics = fresh_metrics()
    with client_of(make_app("Proef", [routes()], metrics=metrics, checks={})) as client:
        client.get("/v1/dingen/a")
        client.get("/v1/dingen/b")
        client.get("/v1/verzonnen-1")
        client.get("/v1/verzonnen-2")
        client.request("VERZONNEN", "/v1/goed")
        client.get("/v1/kapot")

    def counted(methode: str, route: str, status: str) -> float | None:
        labels = {"methode": methode, "route": route, "status": status}
        return metrics.registry.get_sample_value("opvangpeil_http_verzoeken_total", labels)

    assert counted("GET", "/v1/dingen/{naam}", "200") == 2
    assert counted("GET", "onbekend", "404") == 2
    assert counted("anders", "/v1/goed", "405") == 1
    assert counted("GET", "/v1/kapot", "500") == 1


def test_the_description_says_what_the_design_rules_want():
    document = make_app("Proef", [routes()], metrics=fresh_metrics(), checks={}).openapi()
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/v1"}]
    assert set(document["info"]["contact"]) == {"name", "email", "url"}
    assert set(document["paths"]) == {"/goed", "/dingen/{naam}", "/kapot", "/weg", "/positie"}
    for item in document["paths"].values():
        for operation in item.values():
            assert {"400", "406", "500", "503"} <= set(operation["responses"])
            assert "422" not in operation["responses"]
            for status, response in operation["responses"].items():
                assert "API-Version" in response["headers"]
                if int(status) >= 400:
                    assert set(response["content"]) == {"application/problem+json"}
