"""What a page loads beside itself: its style sheet, its script and its sign."""

import pytest

from tests.support.html_page import Page
from tests.support.reads import serving_pages
from tests.support.web_client import problem_of


@pytest.fixture
def client(filled):
    with serving_pages(filled) as client:
        yield client


def test_what_a_page_loads_has_an_address_of_its_content(client):
    found = Page(client.get("/").text)
    loaded = [one["href"] for one in found.all("link")] + [one["src"] for one in found.all("script")]
    assert len(loaded) == 3
    for address in loaded:
        answer = client.get(address)
        assert (answer.status_code, answer.headers["content-encoding"]) == (200, "gzip")
        assert "immutable" in answer.headers["cache-control"]
        plain = client.get(address, headers={"Accept-Encoding": "identity"})
        assert plain.content == answer.content
        assert "content-encoding" not in plain.headers
        none = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
        assert "content-encoding" not in none.headers
    problem_of(client.get("/static/"), 404)
    problem_of(client.get("/static/..%2Fapp.py"), 404)


def test_all_that_the_overview_sends_is_small(client):
    found = Page(client.get("/").text)
    addresses = ["/", *(one["href"] for one in found.all("link")), found.all("script")[0]["src"]]
    sent = sum(int(client.get(address).headers["content-length"]) for address in addresses)
    assert sent <= 150_000, sent
