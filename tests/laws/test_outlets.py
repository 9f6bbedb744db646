"""What can't be said is said nowhere: JSON, pages, files, sentences, `/metrics` and alarms agree about every hole.

Each world has some locaties, of which some reported long ago or never. So the country can be stated in some of them and
not in others, and each outlet is asked about the same world.
"""

import csv
import io
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.fields import format_moment
from services.api.gauges import live_figures
from services.core.delen import STANDAARD
from services.core.dutch import number
from services.reads.question import Audience
from services.reads.reader import Reader
from services.store.store import Store
from tests.support.alarm_help import look, shipped, view
from tests.support.html_page import Page
from tests.support.reads import serving_pages
from tests.support.rondes import examples
from tests.support.spare import empty_store, release
from tests.support.strategies import read
from tests.support.web_client import fresh_metrics, sampled
from tests.support.web_events import NOW, event, places, reading, registered

AGES = (None, timedelta(hours=1), STANDAARD.recent, STANDAARD.recent + timedelta(seconds=1), timedelta(days=290))
"""How long ago a locatie reported; None: never. The third is just recent enough, and the fourth just too old."""
NOT_STATED = "niet vast te stellen"
WORLDS = st.lists(st.tuples(st.sampled_from(AGES), st.integers(0, 400)), min_size=0, max_size=6)
"""(age of the last reading, people) of each locatie; each has 100 places."""


def events_of(world: list[tuple[timedelta | None, int]]) -> list[dict[str, Any]]:
    """Returns the events of a world."""
    found = []
    for n, (age, people) in enumerate(world):
        own = f"LOC-{n}"
        found += [registered(own, own, "GM0344"), places(own, 100, 100)]
        if age is not None:
            found.append(reading(own, people, format_moment(NOW - age)))
    return found


@pytest.fixture(scope="module", autouse=True)
def spare_stores():
    """Spare stores live as long as this file."""
    yield
    release()


@settings(max_examples=examples(16), deadline=None)
@given(world=WORLDS)
def test_every_outlet_says_the_same_about_the_country(chdb_folder, fill, world):
    events = events_of(world)
    recent = sum(age is not None and age <= STANDAARD.recent for age, _ in world)
    known = bool(world) and recent >= STANDAARD.minimale_dekking * len(world)
    with empty_store(chdb_folder) as store:
        fill(store, read(events), ontvangen_op=NOW)
        with serving_pages(store) as client:
            said = client.get("/v1/bezetting").json()
            assert (said["bezettingsgraad"] is not None) is known
            assert bool(said["voorbehoud"]) is (not known or said["aanwezig"] is None)
            _check_pages(client, said)
            _check_files(client, said)
            _check_sentences(client, said)
        _check_metrics(store, said)
    _check_alarms(events, said)


def _check_pages(client: httpx.Client, said: dict[str, Any]) -> None:
    """No page shows a rate that can't be stated, and each that leaves it out says why."""
    for path in ("/", "/provincies/PV26", "/gemeenten/GM0344"):
        text = Page(client.get(path).text).text
        if said["bezettingsgraad"] is None:
            assert NOT_STATED in text, path
            assert said["voorbehoud"][0]["tekst"] in text or not said["locaties"], path
        else:
            assert f"{number(said['bezettingsgraad'] * 100, 1)} %" in text, path


def _check_files(client: httpx.Client, said: dict[str, Any]) -> None:
    rows = list(csv.DictReader(io.StringIO(_table(client.get("/v1/rapporten/bezetting?formaat=csv").text))))
    land = next(row for row in rows if row["onderwerp"] == "NL")
    for name in ("bezettingsgraad", "aanwezig"):
        assert (land[name] == "") is (said[name] is None)


def _table(text: str) -> str:
    """Leaves out the lines above the header."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    return "".join(lines[next(n for n, line in enumerate(lines) if line.startswith("soort")) :])


def _check_sentences(client: httpx.Client, said: dict[str, Any]) -> None:
    alinea = client.get("/v1/rapporten/kamerbrief").json()["alinea"]
    if said["bezettingsgraad"] is None:
        assert f"bezettingsgraad was {NOT_STATED}: {said['voorbehoud'][0]['tekst']}" in alinea
    else:
        assert f"bezettingsgraad was {number(said['bezettingsgraad'] * 100, 1)} %" in alinea
    assert "niets bekend" in alinea  # about supervision: these worlds have none


def _check_metrics(store: Store, said: dict[str, Any]) -> None:
    told = sampled(fresh_metrics(), live_figures(Reader(store, lambda: NOW))(Audience.LEZER))
    for name in ("bezettingsgraad", "aanwezig"):
        assert (f"opvangpeil_{name}" in told) is (said[name] is not None)


def _check_alarms(events: list[dict[str, Any]], said: dict[str, Any]) -> None:
    rule = shipped("landelijke-bezetting")
    made = look([rule], view(read(events), NOW), [])
    active = [one for one in made if one.data.regel == rule.naam]
    rate = said["bezettingsgraad"]
    assert bool(active) is (rate is not None and rate > rule.gaat_af)


def test_every_outlet_says_why_a_tekort_waits_for_an_amv_number(chdb_folder, fill):
    """100 places must be made possible, 30 are there, and nobody said how many of them must be for amv."""
    events = [registered("LOC-1", "LOC-1", "GM0344"), places("LOC-1", 30, 30), *LAW]
    with empty_store(chdb_folder) as store:
        fill(store, read(events), ontvangen_op=NOW)
        with serving_pages(store) as client:
            land = client.get("/v1/naleving").json()
            assert (land["tekort"], land["tekortMinstens"], land["tekortHoogstens"]) == (None, 70, 100)
            assert land["opgave"] == land["opgaveMinstens"] == 100
            assert AMV in [one["code"] for one in land["voorbehoud"]]
            assert AMV in [one["code"] for one in client.get("/v1/provincies/PV26").json()["voorbehoud"]]
            listed = client.get("/v1/gemeenten").json()["items"]
            alone = client.get("/v1/gemeenten/GM0344").json()
            for rows in (land["gemeenten"], listed, client.get("/v1/rapporten/naleving").json()["rijen"], [alone]):
                row = next(one for one in rows if one["code"] == "GM0344")
                assert (row["naleving"], row["tekort"], row["tekortMinstens"]) == ("gedeeltelijk", None, 70)
                assert [one["code"] for one in row["voorbehoud"]] == [AMV]
            assert row["voorbehoud"][0]["tekst"][1:] in Page(client.get("/gemeenten/GM0344").text).text
            assert f"{AMV}; tekort minstens 70, hoogstens 100" in Page(client.get("/gemeenten?zoek=utrecht").text).text
            assert "Het tekort is niet vast te stellen; minstens 70 plaatsen" in Page(client.get("/").text).text
            table = csv.DictReader(io.StringIO(client.get("/v1/gemeenten?formaat=csv").text.lstrip("\ufeff")))
            line = next(one for one in table if one["code"] == "GM0344")
            assert (line["tekort"], line["voorbehoud"]) == ("", row["voorbehoud"][0]["tekst"])
            assert "geen meting" in line["bezetting.voorbehoud"] or "meldde niets" in line["bezetting.voorbehoud"]


AMV = "amv-opgave onbekend"
LAW = [
    event(
        "spreidingswet.cyclus-vastgesteld",
        "2024",
        "2026-01-02",
        raming=96_000,
        geldigVanaf="2026-01-01",
        beschikbaarTotMinstens="2026-02-01",
        meetellendeSoorten=["regulier", "amv"],
        telregel="apart",
    ),
    event(
        "spreidingswet.telregel-vastgesteld",
        "2024",
        "2026-01-02",
        naam="apart",
        omschrijving="amv apart",
        meetellendeSoorten=["regulier", "amv"],
        amvApart=True,
        geldigVanaf="2026-01-01",
    ),
    event(
        "spreidingswet.opgave-vastgesteld",
        "GM0344",
        "2026-01-02",
        cyclus="2024",
        status="verdeelbesluit",
        opgave=100,
        geldigVanaf="2026-01-01",
    ),
]
