"""What a page of another moment says of its links is so: they lead to that same moment, also those for programs."""

import re

import pytest

from services.dashboard.pages import PAGES
from services.web.addresses import CONTROLE
from tests.support.bezorg_help import hears_all
from tests.support.declared import walk
from tests.support.html_page import Page
from tests.support.reads import serving_pages
from tests.support.spare import empty_store
from tests.support.strategies import read
from tests.support.web_events import EVENTS, NOW
from tests.support.web_law import LAW

THEN = "geldigOp=2026-05-20T00%3A00&bekendOp=2026-05-21T00%3A00&telregel=cyclus"
THEN_EXACT = ("2026-05-19T22:00:00Z", "2026-05-20T22:00:00Z")
NAMED = {
    "locatie": ["LOC-TER-APEL"],
    "gemeente": ["GM1950"],
    "provincie": ["PV20"],
    "gebeurtenis": [EVENTS[0]["id"]],
    "ontvanger": ["meldkamer"],
}
ALWAYS_OF_NOW = ("/melden", "/inlezen", "/namen", "/ontvangers", "/ontvangers/meldkamer")
"""What the pages below these say is of now, whatever is asked."""
PATHS = [path for path in walk([one for one in PAGES if one.path_names != "alarm"], NAMED) if "melden" not in path]
"""Pages of which each can be asked of another moment."""


@pytest.fixture(scope="module")
def client(chdb_folder, fill):
    """A client of a store that no test writes to."""
    with empty_store(chdb_folder) as store:
        fill(store, read([*EVENTS, *LAW]), ontvangen_op=NOW)
        with serving_pages(store, receivers=[hears_all()]) as client:
            yield client


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith(ALWAYS_OF_NOW)])
def test_every_link_keeps_the_moment(client, path):
    bare, _, query = path.partition("?")
    answer = client.get(f"{bare}?{THEN}&{query}".rstrip("&"))
    assert answer.status_code == 200, answer.text
    links = [link for link in Page(answer.text).links() if link.startswith("/")]
    events = "/v1/gebeurtenissen/"
    of_now = ("/v1/openapi.json", events, CONTROLE.path, *ALWAYS_OF_NOW)
    lost = {link for link in links if "eldigOp=" not in link and not link.startswith(of_now)}
    assert {re.split("[?#]", link)[0] for link in lost} <= {bare}, "only to the same page of now"
    for link in links:
        if link.startswith("/v1/") and not link.startswith(("/v1/openapi.json", "/v1/verschillen")) and "?" in link:
            said = client.get(link)
            assert said.status_code == 200, (link, said.text)
            assert (said.json().get("geldigOp"), said.json().get("bekendOp")) in (THEN_EXACT, (None, None)), link


@pytest.mark.parametrize("path", ALWAYS_OF_NOW)
def test_a_page_that_is_always_of_now_leads_to_now_and_offers_no_other_moment(client, path):
    answer = client.get(f"{path}?{THEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?telregel=cyclus")
    page = Page(client.get(path).text)
    assert not [one for one in page.all("details") if one.get("id") == "tijd"]
    assert "Vaste link" not in page.text
