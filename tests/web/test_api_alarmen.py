"""Alarms and metrics over HTTP from a real store. Alarms are as they were at K; metrics equal the API's figures."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from schemas.fields import format_moment, parse_moment
from services.api.gauges import live_figures
from services.metrics import gathered
from services.reads.question import Audience
from services.reads.reader import Reader
from tests.support.alarm_help import confirmed, crowd, keep, look, rule, shipped, view
from tests.support.reads import serving
from tests.support.rondes import on_both_stores
from tests.support.strategies import read
from tests.support.web_client import fresh_metrics, sampled
from tests.support.web_events import EVENTS, NOW

FIRST, SECOND = parse_moment("2026-05-20T00:00:00Z"), parse_moment("2026-05-21T00:00:00Z")
COUNTRY = rule(
    naam="landelijke-bezetting",
    grootheid="landelijke-bezettingsgraad",
    ernst="kritiek",
    labels={"team": "meldkamer"},
    runbook="deploy/runbook.md#landelijke-bezetting",
)


@pytest.fixture
def alarmed(filled):
    """An ended alarm that was acknowledged, and a day later an active alarm and a waiting one."""
    log = []
    (full,) = look([COUNTRY], crowd(FIRST, {"LOC-1": 125}), log)
    log.append(confirmed(full, format_moment(FIRST + timedelta(hours=2)), "medewerker-7", "Overleg loopt"))
    look([COUNTRY], crowd(SECOND, {"LOC-1": 90}), log)
    look([shipped("toegang"), shipped("achterstand")], view(read(EVENTS), SECOND, achterstand=1001), log)
    keep(filled, log)
    return filled


@on_both_stores
def test_alarms_as_they_stood_at_k(alarmed):
    with serving(alarmed) as client:
        _check_alarms(client)


def _check_alarms(client: httpx.Client) -> None:
    def listed(query: str = "") -> list[tuple[str, str, Any]]:
        items = client.get(f"/v1/alarmen?{query}").json()["items"]
        return [(item["onderwerp"], item["status"], item["waarde"]) for item in items]

    waits, stays, ended = (
        ("NL", "wachtend", 1001),
        ("LOC-TER-APEL", "actief", "gecontroleerd"),
        ("NL", "hersteld", 0.9),
    )
    assert listed() == [waits, stays, ended]
    assert listed("bekendOp=2026-05-20T12:00:00Z") == [("NL", "actief", 1.25)]
    assert listed("bekendOp=2026-05-19T12:00:00Z") == []
    assert listed("status=hersteld") == [ended]
    assert listed("status=wachtend") == [waits]
    assert listed("onderwerp=NL&status=actief") == []
    first = client.get("/v1/alarmen?aantal=2").json()
    second = client.get(f"/v1/alarmen?aantal=2&na={first['volgende']}").json()
    assert [item["onderwerp"] for item in first["items"] + second["items"]] == ["NL", "LOC-TER-APEL", "NL"]
    assert second["volgende"] is None


def test_alarms_are_chosen_and_ordered(alarmed):
    with serving(alarmed) as client:

        def listed(query: str) -> list[str]:
            answer = client.get(f"/v1/alarmen?{query}")
            assert answer.status_code == 200, answer.text
            return [item["regel"] for item in answer.json()["items"]]

        assert listed("") == listed("sorteer=-sinds")
        assert listed("sorteer=sinds") == ["landelijke-bezetting", *listed("aantal=2")]
        assert listed("sorteer=ernst")[0] == "landelijke-bezetting"
        assert listed("sorteer=naam") == ["toegang", *listed("provincie=NL")]
        assert listed("sorteer=-afwijking") == ["toegang", "achterstand", "landelijke-bezetting"]
        assert listed("provincie=PV20") == listed("zoek=ter+apel") == listed("zoek=AANMELD") == ["toegang"]
        assert listed("zoek=loc-ter-apel&provincie=PV27") == []
        assert listed("zoek=bezetting+landelijke&status=hersteld") == ["landelijke-bezetting"]
        first = client.get("/v1/alarmen?sorteer=naam&aantal=1").json()
        assert listed(f"sorteer=naam&na={first['volgende']}") == listed("sorteer=naam")[1:]
        assert client.get("/v1/alarmen?sorteer=hoog").status_code == 400
        assert client.get("/v1/alarmen?provincie=PV99").status_code == 400


@on_both_stores
def test_an_alarm_says_what_is_the_matter_since_when_and_who_took_it_up(alarmed):
    with serving(alarmed) as client:
        waits, stays, ended = client.get("/v1/alarmen").json()["items"]
        (then,) = client.get("/v1/alarmen?bekendOp=2026-05-20T12:00:00Z").json()["items"]
        (before,) = client.get("/v1/alarmen?bekendOp=2026-05-20T01:00:00Z").json()["items"]
    common = {
        "id": ended["id"],
        "regel": "landelijke-bezetting",
        "onderwerp": "NL",
        "ernst": "kritiek",
        "sinds": "2026-05-20T00:00:00Z",
        "actiefSinds": "2026-05-20T00:00:00Z",
        "drempel": 1,
        "grootheid": "landelijke-bezettingsgraad",
        "runbook": "deploy/runbook.md#landelijke-bezetting",
        "labels": {"team": "meldkamer"},
        "bevestigdDoor": "medewerker-7",
        "bevestigdOp": "2026-05-20T02:00:00Z",
        "notitie": "Overleg loopt",
    }
    assert ended.items() >= (common | {"hersteldOp": "2026-05-21T00:00:00Z", "duurSeconden": 86_400}).items()
    assert ended["toelichting"].startswith("De landelijke bezettingsgraad is 90,0 % (drempel 100 %): 90 aanwezigen ")
    assert then.items() >= (common | {"hersteldOp": None, "duurSeconden": 43_200}).items()
    assert then["toelichting"].startswith("De landelijke bezettingsgraad is 125,0 % (drempel 100 %): 125 aanwezigen ")
    assert (before["bevestigdDoor"], before["bevestigdOp"], before["notitie"]) == (None, None, None)
    assert (waits["actiefSinds"], waits["duurSeconden"], waits["labels"]) == (None, None, {})
    assert waits["toelichting"] == "1.001 berichten zijn nog niet verwerkt (drempel 1.000)."
    assert stays["toelichting"] == (
        "De toegang tot Aanmeldcentrum Ter Apel (LOC-TER-APEL) is gecontroleerd, sinds 1 mei 2026 00:00."
    )


@on_both_stores
def test_metrics_show_the_numbers_of_the_api(alarmed):
    shown = gathered(
        fresh_metrics().registry,
        live_figures(Reader(alarmed, lambda: NOW))(Audience.EVERYTHING),
        all_of_it=True,
    )
    with serving(alarmed) as client:
        bezetting, totalen = client.get("/v1/bezetting").json(), client.get("/v1/naleving").json()["totalen"]

    def told(naam: str, **labels: str) -> float | None:
        return shown.get_sample_value(naam, labels)

    assert told("opvangpeil_bezettingsgraad") == bezetting["bezettingsgraad"]
    assert told("opvangpeil_dekking") == bezetting["dekking"]
    assert told("opvangpeil_aanwezig") == bezetting["aanwezig"]
    assert told("opvangpeil_data_ouderdom_seconds", maat="oudste") == bezetting["dataOuderdomSeconden"]
    assert told("opvangpeil_naleving_gemeenten", klasse="voldoet niet") == totalen["voldoetNiet"]
    assert told("opvangpeil_alarmen", ernst="hoog", status="actief") == 1
    assert told("opvangpeil_alarmen", ernst="hoog", status="wachtend") == 1
    assert told("opvangpeil_alarmen", ernst="kritiek", status="actief") == 0
    assert told("opvangpeil_gebeurtenissen_opgeslagen") == len(EVENTS)
    assert told("opvangpeil_store_bereikbaar") == 1


@on_both_stores
def test_metrics_of_an_empty_store_claim_nothing(store):
    metrics = fresh_metrics()
    told = sampled(metrics, live_figures(Reader(store, lambda: NOW))(Audience.EVERYTHING))
    assert not told.keys() & {"opvangpeil_bezettingsgraad", "opvangpeil_dekking", "opvangpeil_aanwezig"}
    assert told["opvangpeil_locaties_open"] == 0
