"""What is taken away says by which licence it may be used, and where its figures are explained."""

import csv
import io
import zipfile

import pytest
from pyarrow import parquet

from schemas.fields import AMSTERDAM, parse_moment
from services.access import Role
from services.core.grootheden import GROOTHEDEN
from services.core.registers import Register
from services.web.publicatie import GEEN_LICENTIE, Publicatie
from tests.support.access_help import FakeTable, access_of, bearer, serving, token
from tests.support.reads import serving_pages
from tests.support.web_client import problem_of
from tests.support.web_events import NOW

CC0 = "http://creativecommons.org/publicdomain/zero/1.0/deed.nl"
LIST = "/v1/gemeenten"
REPORTS = tuple(f"/v1/rapporten/{which}" for which in ("bezetting", "naleving", "kamerbrief", "gemeente/GM0344"))


@pytest.fixture
def licensed(client):
    """The same client, of a service that says who publishes."""
    client.app.state.publicatie = Publicatie(CC0, "Ministerie van Voorbeelden", url="https://opvangpeil.example.org")
    yield client
    client.app.state.publicatie = Publicatie()


@pytest.fixture
def pages(filled):
    """A client of the pages of such a service, which has no URL of its own."""
    with serving_pages(filled) as client:
        client.app.state.publicatie = Publicatie(CC0)
        yield client


@pytest.mark.parametrize("path", [LIST, *REPORTS, "/v1/gebeurtenissen", "/v1/locaties/LOC-TER-APEL"])
def test_each_file_says_its_licence_and_where_it_is_explained(licensed, path):
    explained = "https://opvangpeil.example.org/v1/definities"
    rows = list(csv.DictReader(io.StringIO(licensed.get(f"{path}?formaat=csv").text, newline="")))
    assert {(row["licentie"], row["definities"]) for row in rows} == {(CC0, explained)}
    table = parquet.read_table(io.BytesIO(licensed.get(f"{path}?formaat=parquet").content))
    assert (table.schema.metadata[b"licentie"], table.schema.metadata[b"definities"]) == (
        CC0.encode(),
        explained.encode(),
    )
    book = zipfile.ZipFile(io.BytesIO(licensed.get(f"{path}?formaat=xlsx").content))
    texts = book.read("xl/sharedStrings.xml").decode()
    assert all(text in texts for text in (CC0, explained, "Ministerie van Voorbeelden"))


def test_a_file_of_a_page_says_the_same(pages):
    rows = list(csv.DictReader(io.StringIO(pages.get("/provincies?formaat=csv").text, newline="")))
    assert {(row["licentie"], row["definities"]) for row in rows} == {(CC0, "http://testserver/v1/definities")}


def test_without_a_licence_it_says_that_and_no_more(client):
    rows = csv.DictReader(io.StringIO(client.get(f"{LIST}?formaat=csv").text, newline=""))
    assert {row["licentie"] for row in rows} == {GEEN_LICENTIE}
    answer = client.get(LIST)
    assert answer.headers["link"] == '</v1/definities>; rel="describedby"'
    assert "licentie" not in answer.json(), "an answer is its figures alone"


def test_an_answer_says_the_same_in_its_header(licensed):
    assert licensed.get(LIST).links["license"]["url"] == CC0
    past = licensed.get(f"{LIST}?bekendOp=2026-05-26T07:59:59Z")
    again = licensed.get(f"{LIST}?bekendOp=2026-05-26T07:59:59Z", headers={"If-None-Match": past.headers["etag"]})
    assert (again.status_code, again.headers["link"]) == (304, past.headers["link"])


@pytest.mark.parametrize("path", REPORTS)
def test_a_report_is_made_to_be_kept_so_its_json_says_it_too(licensed, path):
    said = licensed.get(path).json()
    assert (said["licentie"], said["definities"]) == (CC0, "https://opvangpeil.example.org/v1/definities")


def test_every_figure_is_defined(client):
    said = client.get("/v1/definities").json()
    found = {one["grootheid"]: one for one in said["items"]}
    assert set(found) == {one.naam for one in GROOTHEDEN}
    assert all(one["betekenis"] and one["eenheid"] and one["van"] for one in said["items"])
    names = {register.value.name for register in Register}
    assert all(set(one["registers"]) <= names for one in said["items"])
    assert found["meetellend"]["registers"] == [
        "registratie",
        "open",
        "plaatsen",
        "cyclus",
        "telregel",
        "overdracht",
    ]
    assert found["voldoetNiet"]["formule"], "a class is counted too"
    assert {"licentie", "definities", "positie"} <= {one["veld"] for one in said["velden"]}
    assert "naleving" in {one["woord"] for one in said["begrippen"]}
    rows = csv.DictReader(io.StringIO(client.get("/v1/definities?formaat=csv").text, newline=""))
    assert [row["grootheid"] for row in rows] == [one.naam for one in GROOTHEDEN]


def parts(node):
    """Every object in JSON-LD."""
    if isinstance(node, dict):
        yield node
    if isinstance(node, list | dict):
        for one in node.values() if isinstance(node, dict) else node:
            yield from parts(one)


def test_every_address_in_the_catalogue_of_this_service_answers(pages):
    pages.app.state.publicatie = Publicatie(CC0, "Ministerie van Voorbeelden", contact="opvang@example.org")
    answer = pages.get("/v1/catalogus")
    assert answer.headers["content-type"] == "application/ld+json"
    found = {
        (name, one["@id"])
        for node in parts(answer.json())
        for name, values in node.items()
        for one in (values if isinstance(values, list) else ())
        if one.get("@id", "").startswith("http://testserver/")
    }
    leads_on = {"dcat:downloadURL", "dcat:accessURL", "dcat:landingPage", "foaf:page", "dcat:endpointDescription"}
    assert {name for name, _ in found} >= leads_on
    for url in sorted({url for name, url in found if name in leads_on}):
        assert pages.get(url).status_code == 200, url
    first = pages.get("/v1/gebeurtenissen?aantal=1").json()["items"][0]["time"]
    day = parse_moment(first).astimezone(AMSTERDAM).date().isoformat()
    starts = {one["@value"] for node in parts(answer.json()) for one in node.get("dcat:startDate", ())}
    assert starts == {day}, "from the first event on"


def test_the_catalogue_comes_in_the_form_that_is_asked(client):
    client.app.state.publicatie = Publicatie(CC0, "Ministerie van Voorbeelden", contact="opvang@example.org")
    turtle = client.get("/v1/catalogus", headers={"Accept": "text/turtle"})
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert turtle.content == client.get("/v1/catalogus?formaat=turtle").content
    assert client.get("/v1/catalogus?formaat=jsonld").json()["@type"] == "dcat:Catalog"
    problem_of(client.get("/v1/catalogus", headers={"Accept": "text/csv"}), 406)
    assert problem_of(client.get("/v1/catalogus?formaat=csv&x=1"), 400)["fouten"]
    assert "OPVANGPEIL" not in turtle.text
    client.app.state.publicatie = Publicatie(CC0)
    said = problem_of(client.get("/v1/catalogus"), 404)["detail"]
    assert "OPVANGPEIL_UITGEVER, OPVANGPEIL_CONTACT" in said
    assert "OPVANGPEIL_LICENTIE" not in said
    client.app.state.publicatie = Publicatie()


def test_the_catalogue_says_public_to_who_shows_nothing_and_restricted_to_who_shows_a_token(store):
    table = FakeTable()
    with serving(store, access_of(table, lambda: NOW), lambda: NOW) as client:
        assert "access-right/PUBLIC" in client.get("/v1/catalogus").text
    own = token(table, lambda: NOW, Role.LEZER)
    with serving(store, access_of(table, lambda: NOW), lambda: NOW) as client:
        problem_of(client.get("/v1/catalogus"), 401)
        assert "access-right/RESTRICTED" in client.get("/v1/catalogus", headers=bearer(own)).text
