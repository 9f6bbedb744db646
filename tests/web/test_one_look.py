"""All figures of now in one request come from one look at the log, and the next request looks again."""

from collections.abc import Iterator

import pytest

from services.access import Role
from services.reads.question import Audience
from services.reads.reader import Reader
from services.store.connect import Connection
from services.store.figures import FigureReads
from services.store.store import Store
from services.store.tokens import TokenTable
from tests.support.access_help import access_of, bearer, serving, token
from tests.support.bezorg_help import hears_all, lijst_of
from tests.support.reads import ontvangers_of, serving_pages
from tests.support.strategies import read
from tests.support.web_events import NOW, places, reading

PATHS = ("/", "/locaties", "/gemeenten", "/alarmen", "/v1/bezetting", "/v1/locaties", "/v1/naleving", "/v1/alarmen")


def clock():
    return NOW


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Holds an item for each look at the log."""
    seen: list[object] = []
    since = FigureReads._since

    def counting(self, at):
        seen.append(at)
        return since(self, at)

    monkeypatch.setattr(FigureReads, "_since", counting)
    return seen


@pytest.mark.parametrize("path", PATHS)
def test_a_request_looks_once(looks, filled, path):
    table = TokenTable(filled.connection)
    headers = bearer(token(table, clock, Role.LEZER))
    with serving(filled, access_of(table, clock), clock) as client:
        assert client.get(path, headers=headers).status_code == 200  # what is kept of past days is read the first time
        looks.clear()
        assert client.get(path, headers=headers).status_code == 200
        assert len(looks) == 1


def test_the_next_request_sees_what_came_in_meanwhile_also_at_the_same_moment(filled, fill):
    with serving_pages(filled) as client:
        before = client.get("/v1/bezetting").json()
        fill(filled, read([places("LOC-UTRECHT", 1_234, 1_234), reading("LOC-UTRECHT", 7, NOW)]), ontvangen_op=NOW)
        after = client.get("/v1/bezetting").json()
    assert after["geldigOp"] == before["geldigOp"]
    assert after["positie"] != before["positie"]


def test_when_nothing_was_written_nothing_is_read(filled, monkeypatch):
    """The engine is in this process, so nobody else can have written."""
    with serving_pages(filled) as client:
        client.get("/v1/bezetting")
        client.get("/v1/bezetting")
        asked: list[str] = []
        monkeypatch.setattr(Connection, "rows", lambda _, query, *_more, **_named: asked.append(query))
        assert client.get("/v1/bezetting").status_code == 200
    assert asked == []


def test_what_another_store_of_this_process_writes_is_seen(filled, fill):
    with serving_pages(filled) as client:
        client.get("/v1/bezetting")
        before = client.get("/v1/bezetting").json()
        other = Store(Connection(filled.connection.url))
        fill(other, read([places("LOC-UTRECHT", 4_321, 4_321)]), ontvangen_op=NOW)
        assert client.get("/v1/bezetting").json()["positie"] != before["positie"]
    other.connection.close()


@pytest.mark.parametrize("many", [1, 40])
def test_which_locaties_receivers_may_name_is_one_look_however_many_those_are(looks, filled, many):
    """Beside it each receiver takes three, for what must not be shown of what it was told and of what waits."""
    asked = ["LOC-UTRECHT", *(f"LOC-{n}" for n in range(many))]
    lijst = lijst_of(hears_all(onderwerpen=asked), hears_all("piket", onderwerpen=asked))
    ontvangers = ontvangers_of(Reader(filled, clock), lijst)
    ontvangers.standen(Audience.LEZER)  # The first look reads everything, and is none of those.
    looks.clear()
    heads = [head for head, _ in ontvangers.standen(Audience.LEZER)]
    assert [(one["onderwerpen"], one["onderwerpenNietGenoemd"]) for one in heads] == [(["LOC-UTRECHT"], many)] * 2
    assert len(looks) == 1 + 3 * len(heads)


def test_who_leaves_while_the_receivers_are_listed_makes_no_fault(filled):
    lijst = lijst_of(hears_all(), hears_all("piket"))

    def leaves():
        lijst.receivers = lijst.receivers[:1]
        return NOW

    listed = ontvangers_of(Reader(filled, leaves), lijst).standen(Audience.LEZER)
    assert listed[0][0]["naam"] == "meldkamer"
