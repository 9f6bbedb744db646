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
from tests.support.web_events import event, registered

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
    assert {key: row["vergelijkbaar"] for key, row in found.items() if not row["vergelijkbaar"]} == {
        ("LOC-UTRECHT", "slaapplaatsen"): False
    }
    assert found["LOC-UTRECHT", "slaapplaatsen"]["reden"] == "dit cijfer kent Opvangpeil niet"
    assert [row["peildatum"] for row in found.values()] == ["2026-06-06"] * 3 + ["2026-06-04"] * 5
    assert (
        found["NL", "aanwezig"] | {"onderwerpNaam": "Nederland", "bron": "COA", "gebeurtenis": COA["id"]}
        == (found["NL", "aanwezig"])
    )


def test_what_can_not_be_compared_says_why_and_neither_agrees_nor_differs(client, store, fill):
    """A rate of one locatie, measured long ago, is not held against what was said of the country (T8)."""
    letter = published("NL", "2026-06-20", "brief", ("bezettingsgraad", 1, "minstens"), ("locaties", 304, "exact"))
    of_law = published("NL", "2026-06-20", "brief van de wet", ("voldoet", 119, "exact"))
    own = published("LOC-UTRECHT", "2026-06-20", "krant van later", ("aanwezig", 90, "exact"))
    whole = event(
        "spreidingswet.cyclus-vastgesteld",
        "2026",
        "2026-06-19",
        raming=88_000,
        geldigVanaf="2026-06-19",
        beschikbaarTotMinstens="2026-10-01",
        meetellendeSoorten=["regulier"],
        volledig=False,
    )
    fill(store, read([letter, of_law, own, whole]), NOW)
    items = client.get("/v1/aansluiting", params={"geldigOp": "2026-06-20"}).json()["items"]
    found = {(row["onderwerp"], row["grootheid"]): row for row in items if row["peildatum"] == "2026-06-20"}
    too_old = "de enige locatie meldde niets in de laatste 78 uur; nodig is 80 % van de locaties"
    assert {key: row["reden"] for key, row in found.items()} == {
        ("NL", "bezettingsgraad"): too_old,
        ("NL", "locaties"): too_old,
        ("NL", "voldoet"): "van 342 gemeenten is te weinig bekend",
        ("LOC-UTRECHT", "aanwezig"): "onze laatste meting is van 5 jun 2026 12:00",
    }
    for row in found.values():
        assert (row["vergelijkbaar"], row["onze"], row["verschil"], row["klopt"]) == (False, None, None, None)


def of_kind(own_id: str, soort: str, *plaatsen: tuple[str, int]) -> list[dict[str, Any]]:
    """A locatie of a kind in Groningen, with its places by soort and twice as many people."""
    about = registered(own_id, own_id, "GM0014")
    about["data"] |= {"soort": soort}
    room = [{"soort": kind, "aantal": many} for kind, many in plaatsen]
    full = {"geldigVanaf": "2026-01-01", "plaatsen": room}
    many = event("opvanglocaties.capaciteit-gewijzigd", own_id, "2026-01-01", **full)
    people = 2 * sum(count for _, count in plaatsen) or 7
    return [
        about,
        *([many] if room else []),
        reading(people, "2026-06-03T10:00:00Z", locatie=own_id, time="2026-06-03"),
    ]


def test_coa_s_weekly_figures_are_held_against_ours_by_kind_of_reception(client, store, fill):
    weekly = published(
        "NL",
        "2026-06-04",
        "COA, weekcijfers",
        ("rechtOpOpvang", 100, "exact"),
        ("inRegulier", 100, "exact"),
        ("inCoaNoodopvang", 40, "exact"),
        ("buitenCoa", 5, "exact"),
        ("locatiesRegulier", 3, "exact"),
        ("locatiesNoodOfTijdelijk", 1, "exact"),
    )
    here = [*of_kind("LOC-NOOD", "noodopvang", ("nood", 20)), *of_kind("LOC-AMV", "amv", ("amv", 10))]
    fill(store, read([weekly, *here, *of_kind("LOC-POL", "pol")]), NOW)

    def said() -> dict[str, tuple[Any, Any, Any]]:
        of = {key[1]: row for key, row in rows(client, onderwerp="NL").items() if row["bron"].startswith("COA, ")}
        return {name: (row["onze"], row["klopt"], row["reden"]) for name, row in of.items()}

    outside = "telt mensen die buiten de locaties wonen"
    assert said() == {
        "rechtOpOpvang": (None, None, "telt ook mensen die buiten de locaties wonen"),
        "inRegulier": (60 + 20 + 7, False, None),
        "inCoaNoodopvang": (40, True, None),
        "buitenCoa": (None, None, outside),
        "locatiesRegulier": (3, True, None),
        "locatiesNoodOfTijdelijk": (1, True, None),
    }
    fill(store, read(of_kind("LOC-BEIDE", "azc", ("regulier", 10), ("nood", 5))), NOW)
    unclear = "1 locatie met regulier en nood samen, of waarvan dat niet bekend is"
    assert {name: reden for name, (_, _, reden) in said().items() if reden == unclear}.keys() == {
        "inRegulier",
        "inCoaNoodopvang",
        "locatiesRegulier",
        "locatiesNoodOfTijdelijk",
    }


def test_an_opgave_is_held_against_the_one_of_the_same_status(client, store, fill):
    said = published(
        "GM0344",
        "2026-06-06",
        "blad",
        ("opgave2024Indicatief", 50, "exact"),
        ("opgave2024Verdeelbesluit", 60, "exact"),
        ("plaatsenGerealiseerd", 100, "exact"),
    )
    fill(store, read([said]), NOW)
    found = {key[1]: row for key, row in rows(client, onderwerp="GM0344").items() if row["bron"] == "blad"}
    assert {name: (row["onze"], row["klopt"]) for name, row in found.items()} == {
        "opgave2024Indicatief": (None, None),
        "opgave2024Verdeelbesluit": (60, True),
        "plaatsenGerealiseerd": (100, True),
    }
    assert found["opgave2024Indicatief"]["reden"] == "van deze opgave is geen status indicatief bekend"


@pytest.mark.parametrize(
    ("after", "reden"),
    [
        (", bekend op 2026-06-05T00:00:00Z, positie 0-9", "volgens eerdere betekenis"),
        (", betekenis 1, bekend op 2026-06-05T00:00:00Z, positie 0-9", "volgens eerdere betekenis"),
        (", betekenis 2, telregel krant, bekend op 2026-06-05T00:00:00Z", "geteld volgens telregel krant"),
        (", betekenis 2, telregel cyclus, bekend op 2026-06-05T00:00:00Z, positie 0-9", None),
    ],
)
def test_a_report_of_ours_is_held_against_ours_when_it_means_the_same(client, store, fill, after, reden):
    fill(
        store,
        read([published("NL", "2026-06-04", f"Opvangpeil, rapport naleving{after}", ("voldoet", 5, "exact"))]),
        NOW,
    )
    (row,) = [row for row in rows(client, onderwerp="NL").values() if row["bron"].startswith("Opvangpeil")]
    assert (row["reden"], row["klopt"]) == (reden, None if reden else False)


def test_days_above_a_maximum_are_compared_when_every_day_was_measured(client, store, fill):
    limit = event(
        "opvanglocaties.maximum-vastgesteld",
        "LOC-UTRECHT",
        "2026-06-01",
        geldigVanaf="2026-06-02",
        maximum=50,
        grondslag="afspraak",
    )
    said = [
        published("LOC-UTRECHT", peildatum, "krant", ("dwangsomDagen", 1, "exact"))
        for peildatum in ("2026-06-03", "2026-06-09")
    ]
    fill(store, read([limit, *said]), NOW)
    answer = client.get("/v1/aansluiting", params={"grootheid": "dwangsomDagen"}).json()["items"]
    assert [(row["onze"], row["klopt"], row["reden"]) for row in answer] == [
        (None, None, "een ondergrens: van 2 van de 7 dagen is er een meting"),
        (1, True, None),
    ]


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
