"""The whole chain with real programs: Opvangpeil, Prometheus that scrapes it, Alertmanager and its receivers."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support import prometheus_node
from tests.support.alertmanager_node import AlertmanagerNode
from tests.support.facts import capacity, reading, registered
from tests.support.missing import without
from tests.support.prometheus_node import PrometheusNode, shipped
from tests.support.server import Server
from tests.support.webhook_receiver import Request, WebhookReceiver

FIRST_SECONDS_MAX = 40
SITES = [f"LOC-{n}" for n in range(5)]


def calls(who: str, regel: str, status: str) -> Callable[[Sequence[Request]], list[dict[str, Any]]]:
    def found(requests: Sequence[Request]) -> list[dict[str, Any]]:
        said = [request.json() for request in requests if request.path == f"/{who}"]
        return [one for one in said if one["status"] == status and one["commonLabels"].get("regel") == regel]

    return found


def still_firing(call: dict[str, Any]) -> list[str]:
    return [one["labels"]["onderwerp"] for one in call["alerts"] if one["status"] == "firing"]


@pytest.fixture
def setting(tmp_path: Path, alertmanager: AlertmanagerNode) -> dict[str, str]:
    file = tmp_path / "ontvangers.toml"
    file.write_text(
        f'[[ontvanger]]\nnaam = "alertmanager"\nsoort = "alertmanager"\nurl = "{alertmanager.url}"\nprivaat = true\n'
    )
    return {"OPVANGPEIL_ONTVANGERS": str(file)}


def test_alarms_reach_alertmanager_which_groups_inhibits_calls_and_hears_of_the_end(
    tmp_path: Path, setting: dict[str, str], alertmanager: AlertmanagerNode, receiver: WebhookReceiver
) -> None:
    with Server(tmp_path / "data", environment=setting) as server:
        receiver.wait_for(calls("dodemansknop-opvangpeil", "waakhond", "firing"), FIRST_SECONDS_MAX)
        server.post([one for site in SITES for one in (registered(site), capacity(site, 100), reading(site, 120))])
        country = receiver.wait_for(calls("operatiekamer", "landelijke-bezetting", "firing"))[0]
        (alert,) = country["alerts"]
        assert alert["labels"]["ernst"] == "kritiek"
        assert alert["annotations"]["toelichting"].startswith("De landelijke bezettingsgraad is 120,0 %")
        assert alert["annotations"]["runbook"] == "deploy/runbook.md#landelijke-bezetting"
        (own,) = server.get("/v1/alarmen", regel="landelijke-bezetting")["items"]
        assert alert["annotations"]["alarmId"] == own["id"]
        server.until("/v1/ontvangers", lambda answer: answer["items"][0]["wachtend"] == 0)
        known = {one["labels"]["onderwerp"]: one["status"] for one in alertmanager.alerts('regel="locatie-bezetting"')}
        assert known.keys() == set(SITES)
        assert not any(status["inhibitedBy"] for status in known.values()), "every full site is heard"
        receiver.wait_for(calls("operatiekamer", "locatie-bezetting", "firing"))
        (norm,) = alertmanager.alerts('regel="landelijke-bezetting-norm"')
        assert norm["status"]["inhibitedBy"], "that a full country is above the norm is no news"
        assert calls("operatiekamer", "landelijke-bezetting-norm", "firing")(receiver.requests) == []

        server.post([reading(site, 10) for site in SITES[1:]])  # 160 people on 500 places; one site is still too full
        receiver.wait_for(calls("operatiekamer", "landelijke-bezetting", "resolved"))
        receiver.wait_for(
            lambda seen: [SITES[0]] in map(still_firing, calls("operatiekamer", "locatie-bezetting", "firing")(seen))
        )

        alertmanager.stop()
        server.post([reading(SITES[0], 10)])
        server.until("/v1/ontvangers", lambda answer: answer["items"][0]["wachtend"] == 1)
        alertmanager.start()
        server.until("/v1/ontvangers", lambda answer: answer["items"][0]["wachtend"] == 0, seconds=40)
        assert alertmanager.alerts('regel="locatie-bezetting"') == []


def test_prometheus_scrapes_the_same_figures_as_the_api(
    tmp_path: Path, setting: dict[str, str], alertmanager: AlertmanagerNode
) -> None:
    if reason := prometheus_node.missing():
        without("Prometheus", reason)
    with Server(tmp_path / "data", environment=setting) as server:
        server.post([registered("LOC-1"), capacity("LOC-1", 300), reading("LOC-1", 301)])
        server.until("/v1/alarmen", lambda answer: answer["items"])
        shown = server.get("/v1/bezetting")
        config = shipped({"alles": server.url.removeprefix("http://")}, alertmanager.address)
        with PrometheusNode(tmp_path / "prometheus", config) as prometheus:
            prometheus.until("opvangpeil_bezettingsgraad", [shown["bezettingsgraad"]], FIRST_SECONDS_MAX)
            prometheus.until("opvangpeil_dekking", [shown["dekking"]])
            deadline = time.monotonic() + FIRST_SECONDS_MAX
            while [*prometheus.ask("sum(opvangpeil_alarmen)").values()] != [len(server.get("/v1/alarmen")["items"])]:
                assert time.monotonic() < deadline, "Prometheus and the API never counted the same alarms"
                time.sleep(0.1)  # meanwhile more alarms may begin, and Prometheus looks once in a while
            prometheus.until('count(opvangpeil_bezorging_pogingen_total{uitkomst="bezorgd"}) > bool 0', [1])
            prometheus.until("time() - opvangpeil_alarm_laatste_blik_timestamp_seconds < bool 60", [1])
            assert {(rule["health"], rule.get("lastError", "")) for rule in prometheus.rules()} == {("ok", "")}
