"""Sending a report by hand: the preview shows what will be stored, and sending twice stores one event."""

from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from schemas.fields import format_moment
from services.dashboard.melden.vraag import STANDAARD_SOURCE
from services.web.body import BODY_BYTES_MAX
from tests.support import wire
from tests.support.meld_help import ACCESS, CAPACITY, LATER, READING, Form, World, look
from tests.support.strategies import read
from tests.support.web_client import client_of
from tests.support.web_events import EVENTS, NOW, sent


@pytest.fixture
def client(kept):
    with client_of(World(kept).app) as client:
        yield client


def figures(client: httpx.Client, locatie: str, gemeente: str, moment: str | None = None) -> dict[str, dict[str, Any]]:
    asked = {} if moment is None else {"geldigOp": moment, "bekendOp": format_moment(NOW)}
    return {
        "locatie": client.get(f"/v1/locaties/{locatie}", params=asked).json(),
        "gemeente": client.get(f"/v1/gemeenten/{gemeente}", params=asked).json(),
        "land": client.get("/v1/bezetting", params=asked).json(),
    }


def written(value: Any, kind: str = "locatie") -> str:
    """Writes a figure of the API as the page shows it."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return f"{value * 100:.1f}".replace(".", ",") + " %"
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    unknown = "onbekend" if kind == "locatie" else "niet vast te stellen"
    return unknown if value is None else value


SAME = (
    ("locatie", "Aanwezig", "aanwezig"),
    ("locatie", "Plaatsen", "totaalPlaatsen"),
    ("locatie", "Inzetbare plaatsen", "inzetbaar"),
    ("locatie", "Bezettingsgraad", "bezettingsgraad"),
    ("locatie", "Boven capaciteit", "bovenCapaciteit"),
    ("locatie", "Toegang", "toegang"),
    ("locatie", "Boven maximum", "bovenMaximum"),
    ("locatie", "Open", "open"),
    ("gemeente", "Naleving", "naleving"),
    ("gemeente", "Plaatsen die meetellen", "meetellend"),
    ("gemeente", "Tekort aan plaatsen", "tekort"),
    ("land", "Aanwezig", "aanwezig"),
    ("land", "Inzetbare plaatsen", "inzetbaar"),
    ("land", "Bezettingsgraad", "bezettingsgraad"),
)


def of_table(page: Form, titles: dict[str, str], column: int) -> dict[tuple[str, str], str]:
    return {(kind, label): page.rows[titles[kind], label][column] for kind, label, _ in SAME}


def of_api(said: dict[str, dict[str, Any]]) -> dict[tuple[str, str], str]:
    return {(kind, label): written(said[kind][name], kind) for kind, label, name in SAME}


CASES = {
    "meting": (READING, None),
    "meting die te laat komt": (READING | {"data.peilmoment": "2026-05-01T09:00"}, None),
    "meting van later": (READING | {"data.peilmoment": LATER}, "2026-06-01T08:00:00Z"),
    "capaciteit": (CAPACITY | {"data.plaatsen.regulier.inzetbaar": "340", "data.plaatsen.amv.aantal": "20"}, None),
    "capaciteit die eindigt": (CAPACITY | {"data.geldigTot": "2026-06-15T00:00"}, None),
    "capaciteit van later": (
        CAPACITY | {"data.geldigVanaf": LATER, "data.plaatsen.nood.aantal": "5"},
        "2026-06-01T08:00:00Z",
    ),
    "toegang": (ACCESS, None),
    "toegang van later": (ACCESS | {"data.geldigVanaf": LATER}, "2026-06-01T08:00:00Z"),
    "intrekking van een meting": ({"kind": "bezetting-gemeld"}, None),
    "intrekking van de registratie": ({"kind": "locatie-geregistreerd"}, None),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_shown_before_is_what_the_api_says_after(writable, name):
    fields, moment = CASES[name]
    if "kind" in fields:
        own_id = next(one["id"] for one in EVENTS if one["subject"] == "LOC-UTRECHT" and fields["kind"] in one["type"])
        fields = {
            "soort": "intrekking",
            "over": "LOC-UTRECHT",
            "data.gebeurtenisId": own_id,
            "data.reden": "vergissing",
        }
    titles = {"locatie": "Azc Utrecht <script>", "gemeente": "Gemeente Utrecht", "land": "Nederland"}
    with client_of(World(writable).app) as client:
        page = look(client, fields)
        assert (moment is not None) == ("Dit gaat later in." in page.text)
        assert of_table(page, titles, 0) == of_api(figures(client, "LOC-UTRECHT", "GM0344", moment))
        sent = client.post("/melden", data=page.hidden)
        assert sent.status_code == 303, sent.text
        asked = f"id={page.hidden['id']}&over=LOC-UTRECHT&soort={fields['soort']}&status=201"
        assert sent.headers["location"] == f"/melden/klaar?{asked}"
        after = figures(client, "LOC-UTRECHT", "GM0344", moment)
        if name == "intrekking van de registratie":
            assert after["locatie"]["gemeente"] is None
            page.rows["Azc Utrecht <script>", "Open"] = ["ja", written(after["locatie"]["open"]), "ja"]
        assert of_table(page, titles, 1) == of_api(after)
        done = Form(client.get(sent.headers["location"]).text)
        assert "Opgeslagen" in done.text
        links = [found["href"] for tag, found in done.elements if tag == "a"]
        assert {"/locaties/LOC-UTRECHT", f"/gebeurtenissen/{page.hidden['id']}", "/melden"} <= set(links)


def test_only_what_changes_is_marked(client):
    assert look(client, ACCESS).changed() == {("Azc Utrecht <script>", "Toegang")}
    late = look(client, READING | {"data.peilmoment": "2026-05-01T09:00"})
    assert late.changed() == set()
    assert "Geen enkel cijfer hieronder verandert hierdoor" in late.text
    assert late.hidden is not None


@pytest.mark.parametrize(
    ("soort", "over", "status", "said", "not_said"),
    [
        ("bezetting", "LOC-UTRECHT", 201, "Bij de melding staat of zij meetelt, en waarin.", ()),
        ("bezetting", "LOC-UTRECHT", 202, "De cijfers volgen zo.", ()),
        ("cijfers", "LOC-UTRECHT", 201, "De melding is opgeslagen. Dit telt nergens mee", ("meetelt", "volgen zo")),
        ("cijfers", "LOC-UTRECHT", 202, "veilig aangenomen. Dit telt nergens mee", ("meetelt", "volgen zo")),
        ("inzet", "NL", 201, "geen cijfer van mensen, plaatsen of naleving verandert.", ("meetelt", "volgen zo")),
        ("intrekking", "LOC-UTRECHT", 201, "Bij de intrekking staat wat zij intrekt.", ("meetelt",)),
        ("cijfers", "LOC-UTRECHT", 200, "er is niets veranderd.", ("meetelt", "nergens")),
    ],
)
def test_after_a_report_the_page_promises_no_figure_that_does_not_follow(client, soort, over, status, said, not_said):
    asked = {"id": EVENTS[0]["id"], "over": over, "soort": soort, "status": str(status)}
    text = Form(client.get("/melden/klaar", params=asked).text).text
    assert said in text
    assert [one for one in not_said if one in text] == []


def test_places_that_end_before_the_report_are_not_gone_on_with(writable, fill):
    stop = sent("LOC-UTRECHT", wire.capacity("regulier", 0, None, "2026-06-01"), "2026-05-26")
    fill(writable, read([stop]), NOW)
    with client_of(World(writable).app) as client:
        before, after = (
            look(client, CAPACITY | {"data.geldigVanaf": day}).hidden for day in ("2026-05-31", "2026-06-02")
        )
    name = "data.plaatsen.regulier.beschikbaarVanaf"
    assert (before.get(name), after.get(name)) == ("2023-12-31T23:00:00Z", None)


def test_sending_twice_changes_nothing(writable):
    with client_of(World(writable).app) as client:
        page = look(client, READING)
        first, second = (client.post("/melden", data=page.hidden) for _ in range(2))
        assert [one.headers["location"][-3:] for one in (first, second)] == ["201", "200"]
        assert "Dit was al bekend" in Form(client.get(second.headers["location"]).text).text
        log = client.get("/v1/gebeurtenissen", params={"bron": STANDAARD_SOURCE}).json()["items"]
        assert [one["id"] for one in log] == [page.hidden["id"]]


def test_looking_sends_nothing(kept):
    world = World(kept)
    with client_of(world.app) as client:
        for fields in (READING, CAPACITY, ACCESS):
            look(client, fields)
    assert world.log.messages == []


def test_the_same_id_for_something_else_is_refused(writable):
    with client_of(World(writable, waits=False).app) as client:
        sent = look(client, READING).hidden
        assert client.post("/melden", data=sent).headers["location"].endswith("status=202")
        answer = client.post("/melden", data=sent | {"data.aanwezig": "281"})
        assert answer.status_code == 409
        page = Form(answer.text)
        assert "hoort al bij een gebeurtenis met andere inhoud" in page.text
        assert page.hidden["id"] != sent["id"]


def test_while_the_log_is_away_the_same_event_can_be_sent_again(writable):
    world = World(writable)
    with client_of(world.app) as client:
        sent = look(client, READING).hidden
        world.log.away = True
        answer = client.post("/melden", data=sent)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        again = Form(answer.text)
        assert again.hidden == sent
        assert "Niet verzonden: de broker is weg" in again.text
        world.log.away = False
        assert client.post("/melden", data=again.hidden).headers["location"].endswith("status=201")


def test_a_wrong_post_comes_back_as_the_form(writable):
    with client_of(World(writable).app) as client:
        sent = look(client, READING).hidden
        answer = client.post("/melden", data=sent | {"data.aanwezig": "veel"})
        assert answer.status_code == 400
        assert Form(answer.text).faults == {"data.aanwezig"}
        old = client.post("/melden", data=sent | {"time": format_moment(NOW + timedelta(minutes=6))})
        assert old.status_code == 400
        assert "time ligt meer dan 5 minuten in de toekomst" in Form(old.text).text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        ("{}", "application/json", 415),
        ("", "", 415),
        ("x" * (BODY_BYTES_MAX + 1), "application/x-www-form-urlencoded", 413),
        ("soort=bezetting&soort=toegang", "application/x-www-form-urlencoded", 400),
        ("soort=bezetting&wat=x", "application/x-www-form-urlencoded", 400),
        ("soort=bezetting&data.aanwezig=%ff%00&%=&&", "application/x-www-form-urlencoded", 400),
        ("", "application/x-www-form-urlencoded", 400),
    ],
)
def test_what_is_no_form_is_refused_with_a_page(client, content, kind, status):
    answer = client.post("/melden", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


def test_a_moment_is_sent_without_any_doubt_which(client):
    sent = look(client, READING | {"data.peilmoment": "2025-10-26T02:30:00+01:00"}).hidden
    assert sent["data.peilmoment"] == "2025-10-26T01:30:00Z"
    assert look(client, READING).hidden["data.peilmoment"] == "2026-05-26T07:30:00Z"


def test_what_is_sent_is_the_event_that_was_shown(writable):
    """Every field ends up where it belongs."""
    world = World(writable)
    with client_of(world.app) as client:
        more = {
            "data.plaatsen.nood.aantal": "10",
            "data.plaatsen.nood.inzetbaar": "0",
            "data.geldigTot": LATER,
            "data.bron": "brief 12",
        }
        sent = look(client, CAPACITY | more).hidden
        client.post("/melden", data=sent)
    (body,) = world.log.messages
    assert orjson.loads(body) == {
        "specversion": "1.0",
        "id": sent["id"],
        "source": STANDAARD_SOURCE,
        "subject": "LOC-UTRECHT",
        "type": "nl.opvanglocaties.capaciteit-gewijzigd.v1",
        "time": "2026-05-26T08:00:00Z",
        "data": {
            "geldigVanaf": "2026-05-25T22:00:00Z",
            "geldigTot": "2026-06-01T08:00:00Z",
            "bron": "brief 12",
            "plaatsen": [
                {"soort": "regulier", "aantal": 350, "beschikbaarVanaf": "2023-12-31T23:00:00Z"},  # as it is known
                {"soort": "nood", "aantal": 10, "inzetbaar": 0},
            ],
        },
    }
