"""A real Alertmanager with our settings: how it handles the alarms of Opvangpeil, and which receiver it calls."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.alertmanager_node import AlertmanagerNode
from tests.support.webhook_receiver import Request, WebhookReceiver

SITES = [f"LOC-{n:02}" for n in range(40)]
MARK = "markering"
"""A rule that no route names and nothing inhibits: its alarms tell how far Alertmanager is."""


def alarm(regel: str, onderwerp: str, ernst: str = "waarschuwing", **labels: str) -> dict[str, Any]:
    """Returns an alarm in the form in which Opvangpeil posts it. It is valid for two minutes."""
    now = datetime.now(UTC)
    return {
        "labels": {
            "alertname": regel,
            "regel": regel,
            "onderwerp": onderwerp,
            "ernst": ernst,
            "dienst": "opvangpeil",
            **labels,
        },
        "annotations": {
            "samenvatting": f"{regel} {onderwerp}",
            "toelichting": "107 aanwezigen, 100 inzetbare plaatsen.",
            "runbook": f"deploy/runbook.md#{regel}",
            "verklaring": f"/v1/locaties/{onderwerp}/verklaring",
        },
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(minutes=2)).isoformat(),
        "generatorURL": "http://127.0.0.1:8080/v1/alarmen",
    }


def ended(alarm: dict[str, Any]) -> dict[str, Any]:
    return alarm | {"endsAt": datetime.now(UTC).isoformat()}


def told(who: str, regel: str, status: str = "firing") -> Callable[[Sequence[Request]], list[dict[str, Any]]]:
    """Finds the calls to a receiver about a rule."""

    def found(requests: Sequence[Request]) -> list[dict[str, Any]]:
        calls = [request.json() for request in requests if request.path == f"/{who}"]
        return [call for call in calls if call["status"] == status and call["commonLabels"].get("regel") == regel]

    return found


def others(alertmanager: AlertmanagerNode, receiver: WebhookReceiver) -> list[Request]:
    """Returns the calls so far, after Alertmanager had the time to make more of them.

    A mark is begun and ended, and both are told. So whatever was posted before went through `group_wait` and
    `group_interval` too, which are the same for all routes in these settings.
    """
    mark = alarm(MARK, f"LOC-{len(receiver.requests)}")
    alertmanager.post(mark)
    receiver.wait_for(told("operatiekamer", MARK))
    alertmanager.post(ended(mark))
    receiver.wait_for(told("operatiekamer", MARK, "resolved"))
    return [request for request in receiver.requests if request.json()["commonLabels"].get("regel") != MARK]


def test_forty_full_locaties_are_one_message(alertmanager: AlertmanagerNode, receiver: WebhookReceiver) -> None:
    alertmanager.post(*(alarm("locatie-bezetting", site, team="zuid") for site in SITES))
    (call,) = receiver.wait_for(told("operatiekamer", "locatie-bezetting"))
    assert sorted(alert["labels"]["onderwerp"] for alert in call["alerts"]) == SITES
    assert call["groupLabels"] == {"regel": "locatie-bezetting"}
    assert call["commonLabels"]["team"] == "zuid"
    assert call["commonAnnotations"]["runbook"] == "deploy/runbook.md#locatie-bezetting"
    assert len(others(alertmanager, receiver)) == 1, "nobody else, and not again"


def test_the_country_speaks_for_its_norm_and_not_for_its_locaties(
    alertmanager: AlertmanagerNode, receiver: WebhookReceiver
) -> None:
    country = alarm("landelijke-bezetting", "NL", "kritiek")
    sites = [alarm("locatie-bezetting", site) for site in SITES]
    alertmanager.post(country, *sites, alarm("landelijke-bezetting-norm", "NL"), alarm("tekort-in-zicht", "NL"))
    receiver.wait_for(told("operatiekamer", "landelijke-bezetting"))
    receiver.wait_for(told("operatiekamer", "tekort-in-zicht"))
    (call,) = receiver.wait_for(told("operatiekamer", "locatie-bezetting"))
    assert len(call["alerts"]) == 40
    assert len(others(alertmanager, receiver)) == 3, "that it is above the norm is known, and not told"
    alertmanager.post(ended(country))
    receiver.wait_for(told("operatiekamer", "landelijke-bezetting", "resolved"))
    receiver.wait_for(told("operatiekamer", "landelijke-bezetting-norm"))


def test_a_silent_stream_speaks_for_silent_locaties(alertmanager: AlertmanagerNode, receiver: WebhookReceiver) -> None:
    alertmanager.post(alarm("locatie-zonder-gegevens", "LOC-01"), alarm("stroom-stil", "NL", "hoog"))
    receiver.wait_for(told("operatiekamer", "stroom-stil"))
    receiver.wait_for(told("beheer", "stroom-stil"))
    assert len(others(alertmanager, receiver)) == 2


def test_the_end_is_told(alertmanager: AlertmanagerNode, receiver: WebhookReceiver) -> None:
    first, second = alarm("toegang", "LOC-01", "hoog"), alarm("toegang", "LOC-02", "hoog")
    alertmanager.post(first, second)
    receiver.wait_for(told("operatiekamer", "toegang"))
    alertmanager.post(ended(first), ended(second))
    (call,) = receiver.wait_for(told("operatiekamer", "toegang", "resolved"))
    assert {alert["status"] for alert in call["alerts"]} == {"resolved"}


def test_what_is_not_posted_again_ends_by_itself(alertmanager: AlertmanagerNode, receiver: WebhookReceiver) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=2.5)).isoformat()
    alertmanager.post(alarm("toegang", "LOC-01") | {"endsAt": soon})
    receiver.wait_for(told("operatiekamer", "toegang"))
    receiver.wait_for(told("operatiekamer", "toegang", "resolved"))


def test_the_watchdog_calls_its_switch_until_it_stays_away(
    alertmanager: AlertmanagerNode, receiver: WebhookReceiver
) -> None:
    watchdog = alarm("waakhond", "NL", "info")
    alertmanager.post(watchdog)
    calls = receiver.wait_for(lambda requests: len(requests) >= 3 and list(requests))
    assert {request.path for request in calls} == {"/dodemansknop-opvangpeil"}
    alertmanager.post(ended(watchdog))
    deadline = time.monotonic() + 20
    while alertmanager.alerts("regel=waakhond"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    others(alertmanager, receiver)
    receiver.forget()
    assert others(alertmanager, receiver) == [], "not even that it ended: that would be a sign of life"


def test_a_call_that_fails_is_made_again(alertmanager: AlertmanagerNode, receiver: WebhookReceiver) -> None:
    receiver.answer(503)
    alertmanager.post(alarm("toegang", "LOC-01"))
    receiver.wait_for(lambda requests: len(requests) == 2)
    assert len(others(alertmanager, receiver)) == 2


def test_after_a_restart_it_forgot_the_alarms_but_not_what_it_said(
    alertmanager: AlertmanagerNode, receiver: WebhookReceiver
) -> None:
    said = alarm("toegang", "LOC-01")
    alertmanager.post(said)
    receiver.wait_for(told("operatiekamer", "toegang"))
    alertmanager.until_answered(1)
    alertmanager.stop()
    alertmanager.start()
    assert alertmanager.alerts() == [], "so who sends must send again"
    alertmanager.post(said)
    assert len(others(alertmanager, receiver)) == 1
    alertmanager.post(ended(said))
    receiver.wait_for(told("operatiekamer", "toegang", "resolved"))
