"""The reconciliation over HTTP: published figures next to the figures that our events give for the same date."""

from typing import Any

import httpx
import pytest

from services.api.app import api_router
from services.reads.reader import Reader
from services.web import make_app
from tests.support.one_june import EVENTS, NOW, reading
from tests.support.strategies import read
from tests.support.web_client import client_of, fresh_metrics, problem_of
from tests.support.web_events import event

pytestmark = pytest.mark.http_later


def published(subject: str, peildatum: str, bron: str, *cijfers: tuple[str, float, str]) -> dict[str, Any]:
    said = [{"grootheid": name, "waarde": value, "nauwkeurigheid": precision} for name, value, precision in cijfers]
    return event(
        "opvangcijfers.cijfers-gepubliceerd", subject, "2026-06-25", peildatum=peildatum, bron=bron, cijfers=said
    )


COA = published("NL", "2026-06-04", "COA", ("aanwezig", 61, "exact"), ("locaties", 1, "exact"))
LETTER = published(
    "NL",
    "2026-06-04",
    "brief",
    ("voldoet", 1, "exact"),
    ("voldoetNiet", 100, "minstens"),
    ("nietOfGedeeltelijk", 0, "exact"),
)
GEMEENTE = published("GM0344", "2026-06-06", "krant", ("opgave2024", 60, "exact"), ("bezettingsgraad", 1.1, "ongeveer"))
OTHER = published("LOC-UTRECHT", "2026-06-06", "krant", ("slaapplaatsen", 90, "hoogstens"))


@pytest.fixture
def client(store, fill):
    fill(store, read([*EVENTS, COA, LETTER, GEMEENTE, OTHER]), NOW)
    with client_of(
        make_app("Proef", [api_router(Reader(store, lambda: NOW))], metrics=fresh_metrics(), checks={})
    ) as found:
        yield found


def rows(client: httpx.Client, **asked: Any) -> dict[tuple[str, str], dict[str, Any]]:
    answer = client.get("/v1/aansluiting", params=asked)
    assert answer.status_code == 200, answer.text
    return {(row["onderwerp"], row["grootheid"]): row for row in answer.json()["items"]}


def test_each_figure_of_others_stands_beside_ours_of_that_date(client):
    found = rows(client)
    said = {key: (row["gepubliceerd"], row["onze"], row["verschil"], row["klopt"]) for key, row in found.items()}
    assert said == {
        ("NL", "aanwezig"): (61, 60, -1, False),
        ("NL", "locaties"): (1, 1, 0, True),
        ("NL", "voldoet"): (1, 1, 0, True),
        ("NL", "voldoetNiet"): (100, 0, -100, False),
        ("NL", "nietOfGedeeltelijk"): (0, 0, 0, True),
        ("GM0344", "opgave2024"): (60, 60, 0, True),
        ("GM0344", "bezettingsgraad"): (1.1, 90 / 80, pytest.approx(0.025), None),
        ("LOC-UTRECHT", "slaapplaatsen"): (90, None, None, None),
    }
    assert [row["peildatum"] for row in found.values()] == ["2026-06-06"] * 3 + ["2026-06-04"] * 5
    assert (
        found["NL", "aanwezig"] | {"onderwerpNaam": "Nederland", "bron": "COA", "gebeurtenis": COA["id"]}
        == (found["NL", "aanwezig"])
    )


def test_later_knowledge_is_held_against_what_was_published(client, store, fill):
    fill(store, read([reading(61, "2026-06-03T10:00:00Z", time="2026-06-28")]), NOW)
    assert rows(client)["NL", "aanwezig"]["verschil"] == 0
    assert rows(client, bekendOp="2026-06-27")["NL", "aanwezig"]["verschil"] == -1
    assert rows(client, bekendOp="2026-06-20") == {}  # nothing was published yet


def test_page_by_page_it_is_the_same(client):
    whole, seen, asked = list(rows(client)), [], {"aantal": 2}
    while True:
        answer = client.get("/v1/aansluiting", params=asked).json()
        seen += [(row["onderwerp"], row["grootheid"]) for row in answer["items"]]
        if answer["volgende"] is None:
            break
        asked |= {"na": answer["volgende"]}
    assert seen == whole


def test_only_what_is_asked_for(client):
    assert set(rows(client, onderwerp="GM0344")) == {("GM0344", "opgave2024"), ("GM0344", "bezettingsgraad")}
    assert set(rows(client, grootheid="voldoet")) == {("NL", "voldoet")}
    assert set(rows(client, geldigOp="2026-06-05")) == {key for key in rows(client) if key[0] == "NL"}
    problem = problem_of(client.get("/v1/aansluiting", params={"na": "x"}), 400)
    assert [fout["veld"] for fout in problem["fouten"]] == ["na"]
