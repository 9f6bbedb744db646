"""The dry run over HTTP: what each event would do, who may ask, and what it does not tell."""

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx
import orjson
import pytest

from schemas.parsing import BATCH_MAX
from services.api.vergelijkingen import Vergelijking
from services.ingest.accept import RefusedError, judge
from services.store.derive import bring_up_to_date
from services.store.entries import read_entries
from services.store.model import IN_USE
from tests.support import wire
from tests.support.proef_help import CAPACITY, PATH, READING, ask, outcomes, row, sent, serving_at
from tests.support.rondes import on_both_stores
from tests.support.strategies import read
from tests.support.web_client import problem_of
from tests.support.web_events import EVENTS, NOW, SOURCE, event


def test_each_event_is_held_against_what_is_in_force(client):
    found = ask(
        client,
        row(wire.reading(310, "2026-05-20T08:00:00Z")),
        row(wire.reading(311, "2026-05-20T08:00:00Z")),
        row(wire.reading(310, "2026-05-26T06:00:00Z")),
        row(wire.access("gecontroleerd", "2026-05-20"), "LOC-TER-APEL"),
        row(wire.reading(-1, "2026-05-20T08:00:00Z")),
    )
    assert outcomes(found) == ["gelijk", "geweigerd", "nieuw", "gelijk", "geweigerd"]
    assert found["aantallen"] == {"nieuw": 1, "gelijk": 2, "wijktAf": 0, "geweigerd": 2}
    assert (found["cijfers"], found["verdwenen"], found["later"]) == (None, [], 0)
    equal, other, new, _, wrong = found["rijen"]
    assert (equal["time"], equal["vervangt"], equal["zin"]) == (
        None,
        [],
        "310 mensen aanwezig (geteld op 20 mei 2026 10:00)",
    )
    assert "dan gebeurtenis 0 in dit verzoek" in other["fouten"][0]["melding"]
    assert (new["time"], new["index"]) == ("2026-05-26T08:00:00Z", 2)
    assert wrong["fouten"] == [{"veld": "data.aanwezig", "melding": "moet minstens 0 zijn"}]
    assert (wrong["zin"], wrong["data"]["aanwezig"]) == (None, -1)


def test_without_sentences_all_else_is_the_same(client):
    rows = [row(wire.reading(311, "2026-05-20T08:00:00Z")), row(wire.reading(1, "2026-05-26T06:00:00Z"))]
    told, untold = ask(client, *rows), ask(client, *rows, zinnen=False)
    assert all(one.pop("zin") for one in told["rijen"])
    assert [one.pop("zin") for one in untold["rijen"]] == [None, None]
    assert untold["rijen"] == told["rijen"]


def test_what_would_be_replaced_is_told_in_words(client):
    (found,) = ask(client, row(wire.reading(280, "2026-05-20T08:00:00Z")))["rijen"]
    target = next(one for one in EVENTS if one["data"].get("aanwezig") == 310)
    assert found["uitkomst"] == "wijkt af"
    assert found["vervangt"] == [
        {
            "register": "aanwezig",
            "waarde": 310,
            "geldigVanaf": "2026-05-20T08:00:00Z",
            "vastgelegdOp": "2026-05-20T08:00:00Z",
            "gebeurtenisId": target["id"],
            "zin": "310 mensen aanwezig",
        }
    ]


def test_the_answer_is_as_it_is_described(client):
    rows = [
        row(wire.reading(280, "2026-05-20T08:00:00Z")),
        row(wire.capacity("regulier", 310, None, "2026-05-01")),
        row(wire.reading(1, "2026-07-01"), "LOC-LEEG"),
        {"type": "x"},
        "geen object",
    ]
    found = ask(client, *rows, volledig={"source": SOURCE, "type": f"nl.{CAPACITY}.v1", "onderwerpen": []})
    Vergelijking.model_validate(found)
    assert outcomes(found) == ["wijkt af", "wijkt af", "nieuw", "geweigerd", "geweigerd"]
    assert found["later"] == 1


def test_what_is_sent_after_it_is_needed_once(filled, fill):
    """The same file twice sends nothing, a correction wins, and A to B to A ends at A."""
    moment = "2026-05-20T08:00:00Z"
    rows = [
        row(wire.reading(280, moment)),
        row(wire.capacity("regulier", 320, None, "2026-05-01")),
        row(wire.capacity("regulier", 320, None, "2026-05-03")),
        row(wire.access("open", "2026-05-02")),
    ]
    with serving_at(filled, NOW) as client:
        first = ask(client, *rows)
        assert outcomes(first) == ["wijkt af", "wijkt af", "gelijk", "nieuw"]
        fill(filled, read(sent(rows, first)), NOW)
        assert outcomes(ask(client, *rows)) == ["gelijk"] * 4
    for later, people in ((1, 310), (2, 280), (3, 280)):
        now = NOW + timedelta(hours=later)
        with serving_at(filled, now) as client:
            one = row(wire.reading(people, moment), time=moment)
            found = ask(client, one)
            assert outcomes(found) == ["gelijk" if later == 3 else "wijkt af"]
            fill(filled, read(sent([one], found)), now)
            locatie = client.get("/v1/locaties/LOC-UTRECHT").json()
            assert locatie["aanwezig"] == people
    bring_up_to_date(filled)
    with serving_at(filled, NOW + timedelta(hours=4)) as client:
        assert outcomes(ask(client, *rows)) == ["gelijk"] * 4, "from the derived tables too"


def test_places_that_are_sent_again_stay_there_as_long_as_they_were(client):
    found = ask(client, row(wire.capacity("regulier", 320, None, "2026-05-01")))["rijen"][0]
    assert found["data"]["plaatsen"] == [
        {"soort": "regulier", "aantal": 320, "beschikbaarVanaf": "2023-12-31T23:00:00Z"}
    ]


def test_an_exported_log_sends_nothing_where_it_came_from_and_goes_in_elsewhere_as_it_is(client, store):
    log = client.get("/v1/gebeurtenissen", params={"aantal": 1000}).json()["items"]
    rows = [{name: one[name] for name in ("id", "type", "source", "subject", "time", "data")} for one in log]
    assert set(outcomes(ask(client, *rows))) == {"gelijk"}
    with serving_at(store, NOW) as empty:
        found = ask(empty, *rows)
    assert set(outcomes(found)) == {"nieuw"}
    assert [one["time"] for one in found["rijen"]] == [one["time"] for one in log]


def test_an_id_is_of_one_event(client):
    known = EVENTS[3]
    named = {name: known[name] for name in ("id", "type", "source", "subject", "data")}
    other = named | {"data": named["data"] | {"aanwezig": 1}}
    new = row(wire.reading(5, "2026-05-24"), id=str(uuid5(NAMESPACE_URL, "nieuw")), time="2026-05-25")
    changed = new | {"data": new["data"] | {"aanwezig": 6}}
    found = ask(client, named, other, new, new, changed)
    assert outcomes(found) == ["gelijk", "geweigerd", "nieuw", "gelijk", "geweigerd"]
    assert [one["fouten"] for one in found["rijen"] if one["fouten"]] == [[{"veld": "id", "melding": IN_USE}]] * 2


def test_what_the_source_does_not_name_any_more_is_proposed_and_not_made(filled, fill):
    def gone(client: httpx.Client, kind: str, *subjects: str, **more: Any) -> list[tuple[str, Any]]:
        volledig = {"source": SOURCE, "type": f"nl.{kind}.v1", "onderwerpen": subjects} | more
        return [(one["subject"], one["waarde"]) for one in ask(client, volledig=volledig)["verdwenen"]]

    with serving_at(filled, NOW) as client:
        assert gone(client, CAPACITY, "LOC-TER-APEL", "LOC-DICHT") == [
            ("LOC-UTRECHT", {"aantal": 300, "inzetbaar": 290})
        ]
        assert gone(client, READING, "LOC-UTRECHT") == [], "of counts only those of the moments that it tells of"
        moments = ["2026-05-25T08:00:00Z", "2026-05-20T08:00:00Z"]
        assert gone(client, READING, "LOC-UTRECHT", momenten=moments) == [("LOC-TER-APEL", 1900)]
        assert gone(client, CAPACITY, source="urn:nld:oin:00000000000000000009:systeem:ander") == []
        (told,) = ask(
            client,
            volledig={"source": SOURCE, "type": f"nl.{READING}.v1", "onderwerpen": [], "momenten": moments[:1]},
        )["verdwenen"]
        assert told["zin"] == "1.900 mensen aanwezig (geteld op 25 mei 2026 10:00)"
        (target,) = (one for one in EVENTS if one["id"] == told["gebeurtenisId"])
        retraction = event(
            "gebeurtenissen.ingetrokken", target["subject"], "2026-05-26", gebeurtenisId=target["id"], reden="weg"
        )
        assert outcomes(ask(client, row(("gebeurtenissen.ingetrokken", retraction["data"]), target["subject"]))) == [
            "nieuw"
        ]
        fill(filled, read([retraction]), NOW)
        assert gone(client, READING, "LOC-UTRECHT", momenten=moments) == []
        assert outcomes(ask(client, row(("gebeurtenissen.ingetrokken", retraction["data"]), target["subject"]))) == [
            "gelijk"
        ]
        assert outcomes(ask(client, row(wire.reading(1900, moments[0]), "LOC-TER-APEL"))) == ["nieuw"]


@on_both_stores
def test_very_many_events_are_compared_at_once(store, fill):
    """So many that what they are about does not fit in one question to the store."""
    rows = [row(wire.reading(n, "2026-05-20"), f"LOC-{'X' * 30}{n}") for n in range(3_000)]
    stored = [
        one | {"specversion": "1.0", "id": str(uuid5(NAMESPACE_URL, str(n))), "time": "2026-05-20"}
        for n, one in enumerate(rows)
    ]
    fill(store, read(stored[1:]), NOW)
    with serving_at(store, NOW) as client:
        found = ask(client, *rows)
    assert outcomes(found) == ["nieuw"] + ["gelijk"] * 2_999


# What can't be asked --------------------------------------------------------------------------------------------------

REFUSED = {
    "no list": ({"gebeurtenissen": {}}, "gebeurtenissen"),
    "too many": ({"gebeurtenissen": [1] * (BATCH_MAX + 1)}, "gebeurtenissen"),
    "nothing": ({}, "gebeurtenissen"),
    "another field": ({"gebeurtenissen": [], "x": 1}, "x"),
    "no type": (
        {"gebeurtenissen": [], "volledig": {"source": SOURCE, "type": "nl.x.v1", "onderwerpen": []}},
        "volledig.type",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_with_the_request_is_named(client, name):
    body, field = REFUSED[name]
    assert [one["veld"] for one in problem_of(client.post(PATH, json=body), 400)["fouten"]] == [field]


def test_what_is_wrong_with_an_event_is_told_as_when_it_is_sent(client):
    """One event that is wrong does not stop the others."""
    wrong = [
        row(wire.reading(1, "2026-13-01")) | {"x": 1},
        row(wire.reading(1, "2026-05-01"), time="2026-05-26T09:00:00Z"),
        row(("opvanglocaties.onbekend", {})),
        row(wire.reading(1, "2026-05-01"), "LOC lower"),
    ]
    found = ask(client, *wrong, row(wire.reading(1, "2026-05-01")))
    assert outcomes(found) == ["geweigerd"] * 4 + ["nieuw"]
    whole = [{"specversion": "1.0", "id": EVENTS[0]["id"], "time": "2026-05-26T08:00:00Z"} | one for one in wrong]
    with pytest.raises(RefusedError) as refused:
        judge(read_entries(orjson.dumps(whole)), NOW)
    told = [(n, one["veld"], one["melding"]) for n, said in enumerate(found["rijen"]) for one in said["fouten"]]
    assert told == [(one.index, one.veld, one.melding) for one in refused.value.fouten]


def test_it_must_be_json_and_not_too_much(client):
    problem_of(client.post(PATH, content=b"{}", headers={"Content-Type": "text/plain"}), 415)
    problem_of(client.post(PATH, content=b"{", headers={"Content-Type": "application/json"}), 400)
    problem_of(client.post(PATH, json={"gebeurtenissen": ["x" * (8 * 1024 * 1024)]}), 413)
    deep = b'{"gebeurtenissen": [' + b"[" * 300 + b"]" * 300 + b"]}"
    problem_of(client.post(PATH, content=deep, headers={"Content-Type": "application/json"}), 400)


# The figures before and after -----------------------------------------------------------------------------------------


def figures(found: dict[str, Any]) -> dict[tuple[str, str], tuple[Any, Any]]:
    return {(one["onderwerp"], one["grootheid"]): (one["van"], one["naar"]) for one in found["cijfers"]}


def test_the_figures_after_are_those_once_the_events_are_stored(filled, fill):
    """Of everything that the answers tell of a locatie, its gemeente and the country."""
    reader = {"gebeurtenisId": next(one["id"] for one in EVENTS if one["data"].get("aanwezig") == 1900), "reden": "weg"}
    rows = [
        row(wire.reading(280, "2026-05-26T06:00:00Z")),
        row(wire.capacity("regulier", 320, None, "2026-05-01")),
        row(wire.capacity("regulier", 900, None, "2026-06-01")),
        row(wire.registration("Nieuw", "GM0014", "azc", "2026-05-01"), "LOC-NIEUW"),
        row(wire.capacity("regulier", 1000, None, "2026-05-01"), "LOC-NIEUW"),
        row(wire.task("2024", "verdeelbesluit", 131, "2026-05-01"), "GM0034"),
        row(("gebeurtenissen.ingetrokken", reader), "LOC-TER-APEL"),
    ]
    paths = {"NL": "/v1/bezetting", "LOC-UTRECHT": "", "LOC-TER-APEL": "", "LOC-NIEUW": "", "GM0014": "", "GM0034": ""}
    paths = {
        one: path or f"/v1/{'locaties' if one.startswith('LOC') else 'gemeenten'}/{one}" for one, path in paths.items()
    }

    def answered() -> dict[str, dict[str, Any]]:
        with serving_at(filled, NOW) as client:
            found = {one: client.get(path).json() for one, path in paths.items()}
            land = client.get("/v1/naleving").json()
        found["NL"] |= {name: land[name] for name in ("tekort",)} | land["totalen"]
        return found

    before = answered()
    with serving_at(filled, NOW) as client:
        found = ask(client, *rows, cijfers=True)
        told = figures(found)
        assert ask(client, *rows)["cijfers"] is None
    assert found["later"] == 1
    fill(filled, read(sent(rows, found)), NOW)
    after = answered()
    assert {"aanwezig", "inzetbaar", "peilmoment"} < {name for own, name in told if own == "LOC-UTRECHT"}
    assert told["LOC-TER-APEL", "aanwezig"] == (1900, 2100)
    assert ("GM0034", "opgave") in told
    assert ("NL", "voldoet") in told
    for (own, name), (van, naar) in told.items():
        if own in before and name in before[own]:
            assert (before[own][name], after[own][name]) == (van, naar), (own, name)
    shown = {(own, name) for own, name in told if own in paths}
    for own, name in {(own, name) for own in paths for name in ("aanwezig", "inzetbaar", "naleving", "meetellend")}:
        if before[own].get(name) != after[own].get(name):
            assert (own, name) in shown
