"""A real Prometheus with our settings and rules sends its alerts to a real Alertmanager."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support import prometheus_node
from tests.support.alertmanager_node import AlertmanagerNode
from tests.support.missing import without
from tests.support.prometheus_node import PrometheusNode, shipped
from tests.support.webhook_receiver import Answer, Request, WebhookReceiver

FIRST_SECONDS_MAX = 30
"""Prometheus takes 5 seconds to discover its targets and Alertmanager, whatever the settings."""
METRICS = """opvangpeil_simulatie {}
opvangpeil_verwerker_achterstand{{partitie="0"}} 7
opvangpeil_verwerker_achterstand{{partitie="1"}} 5
"""


def shows(service: WebhookReceiver, *, simulatie: int) -> None:
    body = METRICS.format(simulatie).encode()
    service.otherwise(Answer(body=body, headers={"Content-Type": "text/plain; version=0.0.4"}))


@pytest.fixture
def service() -> Iterator[WebhookReceiver]:
    """Serves /metrics in the place of Opvangpeil."""
    with WebhookReceiver() as service:
        shows(service, simulatie=0)
        yield service


@pytest.fixture
def prometheus(tmp_path: Path, service: WebhookReceiver, alertmanager: AlertmanagerNode) -> Iterator[PrometheusNode]:
    if reason := prometheus_node.missing():
        without("Prometheus", reason)
    config = shipped({"alles": f"127.0.0.1:{service.port}"}, alertmanager.address)
    with PrometheusNode(tmp_path / "prometheus", config) as node:
        yield node


def called(who: str, alertname: str, status: str) -> Callable[[Sequence[Request]], list[dict[str, Any]]]:
    def found(requests: Sequence[Request]) -> list[dict[str, Any]]:
        calls = [request.json() for request in requests if request.path == f"/{who}"]
        return [
            call for call in calls if call["status"] == status and call["commonLabels"].get("alertname") == alertname
        ]

    return found


def becomes(prometheus: PrometheusNode, expression: str, value: float, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while (now := [*prometheus.ask(expression).values()]) != [value]:
        assert time.monotonic() < deadline, f"{expression}: {now}"
        time.sleep(0.05)


def test_from_what_it_reads_to_a_call_and_an_end(
    prometheus: PrometheusNode, service: WebhookReceiver, receiver: WebhookReceiver
) -> None:
    receiver.wait_for(called("dodemansknop-prometheus", "OpvangpeilWaakhond", "firing"), FIRST_SECONDS_MAX)
    becomes(prometheus, "opvangpeil:achterstand:som", 12)
    becomes(prometheus, 'onderdeel:opvangpeil_bereikbaar:max{onderdeel="alles"}', 1)
    assert {(rule["health"], rule.get("lastError", "")) for rule in prometheus.rules()} == {("ok", "")}
    assert (service.requests[0].method, service.requests[0].path) == ("GET", "/metrics")

    shows(service, simulatie=1)
    call = receiver.wait_for(called("beheer", "OpvangpeilSimulatie", "firing"))[0]
    assert call["commonAnnotations"]["runbook"] == "deploy/runbook.md#cijfers-met-gaten"
    assert call["commonLabels"]["ernst"] == "info"
    shows(service, simulatie=0)
    receiver.wait_for(called("beheer", "OpvangpeilSimulatie", "resolved"))

    service.stop()
    becomes(prometheus, "onderdeel:opvangpeil_bereikbaar:max", 0)
    service.start()
    becomes(prometheus, "onderdeel:opvangpeil_bereikbaar:max", 1)
