"""What is taken away says by which licence it may be used, and where its figures are explained."""

import csv
import io
import zipfile

import pytest
from pyarrow import parquet

from services.core.grootheden import GROOTHEDEN
from services.core.registers import Register
from services.web.publicatie import GEEN_LICENTIE, Publicatie
from tests.support.reads import serving_pages

CC0 = "http://creativecommons.org/publicdomain/zero/1.0/deed.nl"
LIST = "/v1/gemeenten"
REPORTS = ("/v1/rapporten/bezetting", "/v1/rapporten/naleving", "/v1/rapporten/kamerbrief")


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
