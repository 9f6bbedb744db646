"""The alarms of a locatie, a gemeente and a provincie: above its figures, a line each, the worst first."""

import re

import httpx
import pytest

from tests.support import wire
from tests.support.alarm_help import keep, look, rule, view
from tests.support.html_page import Page
from tests.support.reads import serving_pages
from tests.support.strategies import read
from tests.support.web_events import EVENTS, NOW, registered, sent

PEOPLE = {"LOC-A": 101, "LOC-B": 106, "LOC-C": 103, "LOC-D": 105, "LOC-E": 102, "LOC-F": 104}
"""On 100 places each, all in one gemeente."""
CROWDED = [
    *(registered(one, f"Azc {one[-1]}", "GM0034") for one in PEOPLE),
    *(sent(one, wire.capacity("regulier", 100, None, "2024-01-01")) for one in PEOPLE),
    *(sent(one, wire.reading(many, "2026-05-26T06:00:00Z")) for one, many in PEOPLE.items()),
]
RULES = [rule(naam="vol"), rule(naam="veel-te-vol", drempel=1.055, ernst="kritiek")]
ROW = re.compile(r'<li id="alarm-.*?</li>', re.DOTALL)
FIGURES = '<div class="rooster twee">'
AREAS = ["/gemeenten/GM0034", "/provincies/PV24"]


@pytest.fixture
def client(store, fill):
    events = read([*EVENTS, *CROWDED])
    fill(store, events, ontvangen_op=NOW)
    keep(store, look(RULES, view(events, NOW), []))
    with serving_pages(store, regels=RULES) as client:
        yield client


def rows(client: httpx.Client, path: str) -> list[str]:
    """Returns what stands in each row of an alarm above the figures."""
    above = client.get(path).text.partition(FIGURES)[0]
    return [Page(row).text for row in ROW.findall(above)]


@pytest.mark.parametrize("path", AREAS)
def test_an_area_tells_its_five_worst_alarms_above_its_figures(client, path):
    found = rows(client, path)
    assert len(found) == 5
    assert found[0].startswith("kritiek Veel te vol Azc B 106,0 % 0 seconden")
    assert [re.search(r"Azc \w", one)[0] for one in found[1:]] == ["Azc B", "Azc D", "Azc F", "Azc C"]
    page = Page(client.get(path).text)
    assert f"/alarmen?onderwerp={path.rpartition('/')[2]}&status=alle" in page.links()
    assert "Alarmen 7" in page.text
    assert client.get(path).text.count('id="alarm-') == 5


def test_an_alarm_about_the_subject_of_the_page_does_not_name_it_again(client):
    (told,) = rows(client, "/locaties/LOC-D")
    assert told.startswith("hoog Vol 105,0 % 0 seconden")
    assert "Pak op" in told


@pytest.mark.parametrize("path", ["/locaties/LOC-LEEG", "/gemeenten/GM0014", "/provincies/PV27"])
def test_where_no_alarm_goes_off_one_line_says_so(client, path):
    text = client.get(path).text
    above = text.partition(FIGURES)[0]
    assert "Er gaat geen alarm af." in Page(above).text
    assert "kaartje" not in above


@pytest.mark.parametrize("path", ["/locaties/LOC-D", *AREAS])
def test_alarms_of_now_say_nothing_of_a_moment_that_nobody_watched(client, path):
    then = f"{path}?geldigOp=2026-01-01"
    assert rows(client, then) == []
    assert "Alarmen: niet bewaakt" in Page(client.get(then).text.partition(FIGURES)[0]).text
    assert "Toen werden alarmen niet bewaakt." in Page(client.get(then).text).text
