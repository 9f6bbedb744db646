"""The page at `/`: the numbers of the API, readable without JavaScript, style or colour."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from schemas.fields import parse_moment
from services.api.app import api_router
from services.dashboard.app import dashboard_router
from services.store.connect import Connection
from services.store.store import Store
from services.web import make_app
from tests.alarm_help import keep, look, shipped, view
from tests.strategies import read
from tests.web_client import client_of, fresh_metrics, problem_of
from tests.web_events import EVENTS, NOW, SOURCE, registered


class Page(HTMLParser):
    """What stands in a page: its elements in order, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def filled(store, fill):
    fill(store, read(EVENTS), ontvangen_op=NOW)
    return store


@pytest.fixture
def client(filled):
    routers = [api_router(filled, lambda: NOW), dashboard_router(filled, lambda: NOW)]
    with client_of(make_app("Proef", routers, metrics=fresh_metrics(), checks={})) as client:
        yield client


def test_the_page_shows_the_numbers_of_the_api(client, filled):
    keep(filled, look([shipped("toegang")], view(read(EVENTS), NOW), []))
    text = Page(client.get("/").text).text
    bezetting, naleving = client.get("/v1/bezetting").json(), client.get("/v1/naleving").json()
    graad = f"{bezetting['bezettingsgraad'] * 100:.1f} %".replace(".", ",")
    assert graad in text
    assert "Over 2 van de 3 open locaties" in text
    assert f"Aanwezig {bezetting['aanwezig']:,}".replace(",", ".") in text
    assert f"voldoet niet {naleving['totalen']['voldoetNiet']}" in text
    assert f"{naleving['totalen']['geenOpgave']}" in text
    assert "1.900 aanwezig, maximum 2.000" in text
    assert "Minstens 2 dagen erboven, van 3 dagen met een meting. Dwangsom daarover: € 20.000" in text
    assert "toegang Aanmeldcentrum Ter Apel hoog" in text
    assert "Niet nu" not in text
    assert "Simulatie" not in text


def test_what_others_wrote_is_text_and_never_markup(client, filled, fill):
    limit = {
        "specversion": "1.0", "id": "00000000-0000-5000-8000-000000000001", "source": SOURCE, "subject": "LOC-UTRECHT",
        "type": "nl.opvanglocaties.maximum-vastgesteld.v1", "time": "2026-01-01",
        "data": {"geldigVanaf": "2026-01-01", "maximum": 5, "grondslag": "akkoord"},
    }  # fmt: skip
    fill(filled, read([limit]), ontvangen_op=NOW)
    answer = client.get("/")
    assert "Azc Utrecht &lt;script&gt;" in answer.text
    assert Page(answer.text).all("script") == []
    assert Page(client.get("/?geldigOp=%22%3E%3Cscript%3E").text).all("script") == []


def test_another_moment_says_that_it_is_not_now(client):
    answer = client.get("/?geldigOp=2024-05-10T00:00&bekendOp=2024-05-11T00:00:00")
    page = Page(answer.text)
    assert "Niet nu. Dit is de stand van 10-05-2024 00:00, met wat bekend was op 11-05-2024 00:00" in page.text
    assert "2.001 aanwezig, maximum 2.000" in page.text
    assert {field["name"]: field["value"] for field in page.all("input")} == {
        "geldigOp": "2024-05-10T00:00:00",
        "bekendOp": "2024-05-11T00:00:00",
    }
    same = client.get("/?geldigOp=2024-05-09T22:00:00Z&bekendOp=2024-05-11").text
    assert Page(same).text == page.text


def test_empty_fields_of_the_form_mean_now(client):
    assert "Niet nu" not in client.get("/?geldigOp=&bekendOp=").text


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("geldigOp=gisteren&bekendOp=2026-02-30T00:00", {"geldigOp", "bekendOp"}),
        ("bekendOp=2030-01-01T00:00", {"bekendOp"}),
        ("geldigOp=2024-01-01&geldigOp=2025-01-01", {"geldigOp"}),
        ("geldigOp=1900-01-01T00:00&wat=x", {"geldigOp", "wat"}),
    ],
)
def test_what_can_not_be_shown_is_explained(client, query, fields):
    answer = client.get(f"/?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    named = set(re.findall(r"<li><strong>(\w+)</strong>", answer.text))
    assert named == fields
    assert "Bezetting" not in Page(answer.text).text


def test_a_simulation_is_named_on_the_page(client, filled, fill):
    simulated = registered("LOC-SIM", "Simulatie", "GM0344") | {"source": SOURCE.replace(":proef", ":simulatie")}
    fill(filled, read([simulated]), ontvangen_op=NOW)
    assert "zeggen niets over echte gemeenten" in Page(client.get("/").text).text


def test_no_data_is_said_and_never_shown_as_zero(store):
    moment = parse_moment("2026-05-26")
    app = make_app("Proef", [dashboard_router(store, lambda: moment)], metrics=fresh_metrics(), checks={})
    with client_of(app) as client:
        text = Page(client.get("/").text).text
    assert "Er zijn op dit moment geen open locaties bekend." in text
    assert "geen cyclus van de Spreidingswet bekend" in text
    assert "0,0 %" not in text


def test_without_a_store_the_page_says_so():
    away = Store(Connection("clickhouse://127.0.0.1:9/opvang"))
    app = make_app("Proef", [dashboard_router(away, lambda: NOW)], metrics=fresh_metrics(), checks={})
    with client_of(app) as client:
        answer = client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "antwoordt niet" in answer.text


def test_the_page_stands_on_its_structure(client):
    """WCAG 2.2: language, title, landmarks, headings without gaps, labels, table headers, a way past the header."""
    page = Page(client.get("/").text)
    assert page.all("html") == [{"lang": "nl"}]
    assert [len(page.all(tag)) for tag in ("title", "header", "main", "footer", "h1")] == [1] * 5
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert page.all("a")[0]["href"] == f"#{page.all('main')[0]['id']}"
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {label["for"] for label in page.all("label")} == {field["id"] for field in page.all("input")}
    assert all(header["scope"] in ("col", "row") for header in page.all("th"))
    assert all(meter["aria-label"] for meter in page.all("meter"))
    assert {section["aria-labelledby"] for section in page.all("section")} <= set(ids)


def test_the_page_keeps_to_its_own_content_security_policy(client):
    """`default-src 'self'`: no inline style or script, nothing from elsewhere."""
    answer = client.get("/")
    assert answer.headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in answer.headers["content-security-policy"]
    page = Page(answer.text)
    assert page.all("style") == page.all("script") == []
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")], tag
        assert all((attributes.get(name) or "/").startswith(("/", "#")) for name in ("href", "src", "action"))
    style = client.get(page.all("link")[0]["href"])
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "prefers-color-scheme" in style.text or "light-dark(" in style.text
    problem_of(client.get("/static/"), 404)
