"""Every page speaks Dutch, and writes dates, numbers and signs in one way."""

import pytest

from services.dashboard.page import PathKind
from services.dashboard.pages import PAGES
from services.store.connect import Connection
from services.store.migrate import migrate
from services.store.store import Store
from tests.support.alarm_help import keep, look, shipped, view
from tests.support.bezorg_help import hears_all
from tests.support.declared import walk
from tests.support.reads import serving_pages
from tests.support.strategies import read
from tests.support.taal import odd_on_page
from tests.support.web_events import EVENTS, NOW

NAMED: dict[PathKind, list[str]] = {
    "locatie": ["LOC-TER-APEL", "LOC-UTRECHT", "LOC-LEEG"],
    "gemeente": ["GM1950", "GM0344"],
    "provincie": ["PV20"],
    "alarm": ["ALARM"],
    "ontvanger": ["meldkamer"],
    "gebeurtenis": [EVENTS[0]["id"], EVENTS[-1]["id"]],
}
SHOWN = (
    *walk(PAGES, NAMED),
    "/?weergave=wand",
    "/?geldigOp=2024-05-10T00:00",
    "/locaties?zoek=bestaat-niet",
    "/naleving/telregels?klasse=voldoet&telregel=cyclus",
    "/verschil?metGeldigOp=2024-05-10&metBekendOp=2024-05-10",
    "/alarmen?status=hersteld",
    "/locaties/LOC-NERGENS",
    "/gemeenten?geldigOp=2199-01-01",
    "/nergens",
)


@pytest.fixture(scope="module")
def client(chdb_folder, fill):
    """A client of a store that no test writes to."""
    connection = Connection(f"chdb://{chdb_folder}?database=alleen_taal")
    migrate(connection)
    store = Store(connection)
    fill(store, read(EVENTS), ontvangen_op=NOW)
    keep(store, look([shipped("toegang")], view(read(EVENTS), NOW), []))
    with serving_pages(store, receivers=[hears_all()]) as client:
        yield client
    store.command(f"DROP DATABASE `{connection.database}` SYNC")
    connection.close()


@pytest.mark.parametrize("path", SHOWN)
def test_a_page_speaks_dutch_in_one_way(client, path):
    if "ALARM" in path:
        path = path.replace("ALARM", client.get("/v1/alarmen").json()["items"][0]["id"])
    answer = client.get(path, headers={"Accept": "text/html"})
    found = list(dict.fromkeys(odd_on_page(answer.text)))
    if path.endswith("/brief"):
        found = [one for one in found if not one.startswith("a month in full")]  # a letter writes those
    assert not found, "\n" + "\n".join(found)
