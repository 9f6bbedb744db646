"""Whether amtool accepts the settings, who receives which alarm, and which alarm suppresses which."""

import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from schemas.alarmregels import van_toezicht
from tests.alarms.conftest import Tool
from tests.support.alertmanager_node import CONFIG
from tests.support.deploy_files import DEPLOY, documents
from tests.support.prometheus_node import RULES

(LOADED,) = documents(CONFIG)
OWN_RULES = tomllib.loads((DEPLOY / "alarmregels.toml").read_text(encoding="utf-8"))["regel"]
HEALTH = {rule["alert"]: rule for group in documents(RULES)[0]["groups"] for rule in group["rules"] if "alert" in rule}
TOEZICHT = {rule["naam"] for rule in OWN_RULES if van_toezicht(rule["grootheid"])}
FLOW = {"stroom-stil", "achterstand", "onverwerkbaar"}
Labels = dict[str, str]


def own(regel: str, ernst: str = "waarschuwing", onderwerp: str = "NL") -> Labels:
    """The labels with which Opvangpeil posts an alarm."""
    labels = {"alertname": regel, "regel": regel, "onderwerp": onderwerp, "ernst": ernst, "dienst": "opvangpeil"}
    return labels | ({"toezicht": "ja"} if regel in TOEZICHT else {})


def health(name: str, **labels: str) -> Labels:
    """The labels with which Prometheus sends an alert."""
    return {"alertname": name, "job": "opvangpeil", **HEALTH[name]["labels"], **labels}


def match(matchers: list[str], labels: Labels) -> bool:
    for matcher in matchers:
        name, how, value = re.fullmatch(r'(\w+)(=~|!~|!=|=)"(.*)"', matcher).groups()  # type: ignore[union-attr]
        held = labels.get(name, "")
        same = bool(re.fullmatch(value, held)) if how.endswith("~") else held == value
        if same is how.startswith("!"):
            return False
    return True


def inhibits(source: Labels, target: Labels) -> bool:
    return any(
        match(rule["source_matchers"], source) and match(rule["target_matchers"], target)
        for rule in LOADED["inhibit_rules"]
    )


def leaf(labels: Labels, route: dict[str, Any] = LOADED["route"]) -> dict[str, Any]:
    """Returns the first route that matches, with the settings that it inherits."""
    for below in route.get("routes", ()):
        if match(below["matchers"], labels):
            return leaf(labels, {**{k: v for k, v in route.items() if k not in {"routes", "continue"}}, **below})
    return route


def milliseconds(duration: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h)", duration).groups()  # type: ignore[union-attr]
    return int(number) * {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}[unit]


@pytest.fixture
def who_hears(amtool: Tool) -> Callable[[Labels], set[str]]:
    """Asks Alertmanager's own tool which receivers the routes choose."""

    def asked(labels: Labels) -> set[str]:
        pairs = [f"{name}={value}" for name, value in labels.items()]
        return set(amtool("config", "routes", "test", f"--config.file={CONFIG}", *pairs).strip().split(","))

    return asked


def test_amtool_takes_it(amtool: Tool) -> None:
    assert "SUCCESS" in amtool("check-config", CONFIG)


def test_an_alarm_is_for_the_operatiekamer(who_hears: Callable[[Labels], set[str]]) -> None:
    for rule in OWN_RULES:
        more = {"beheer"} if rule["naam"] in FLOW else set()
        for_whom = {"toezicht"} if rule["naam"] in TOEZICHT else {"operatiekamer"} | more
        assert who_hears(own(rule["naam"], rule["ernst"])) == for_whom, rule["naam"]
    assert who_hears(own("te-weinig-gegevens") | {"toezicht": "ja"}) == {"toezicht"}
    assert who_hears(own("een-eigen-regel", "info")) == {"operatiekamer"}


def test_what_is_wrong_with_opvangpeil_is_for_beheer(who_hears: Callable[[Labels], set[str]]) -> None:
    for name in HEALTH.keys() - {"OpvangpeilWaakhond"}:
        assert who_hears(health(name)) == {"beheer"}, name
    assert who_hears({"alertname": "IetsAnders"}) == {"beheer"}, "rather too many words than lost ones"


def test_each_watchdog_has_its_switch(who_hears: Callable[[Labels], set[str]]) -> None:
    assert who_hears(own("waakhond", "info")) == {"dodemansknop-opvangpeil"}
    assert who_hears(health("OpvangpeilWaakhond")) == {"dodemansknop-prometheus"}
    for receiver in LOADED["receivers"]:
        told = {webhook["send_resolved"] for webhook in receiver["webhook_configs"]}
        assert told == {not receiver["name"].startswith("dodemansknop")}
    for labels in (own("waakhond", "info"), health("OpvangpeilWaakhond")):
        assert milliseconds(leaf(labels)["repeat_interval"]) <= 60_000


def test_one_message_for_each_rule_and_the_worse_the_sooner() -> None:
    for make, by in ((own, ["regel"]), (lambda _, ernst: {"alertname": "OpvangpeilX", "ernst": ernst}, ["alertname"])):
        routes = [leaf(make("locatie-bezetting", ernst)) for ernst in ("kritiek", "hoog", "waarschuwing", "info")]
        assert all(route["group_by"] == by for route in routes)
        for wait in ("group_wait", "group_interval", "repeat_interval"):
            waits = [milliseconds(route[wait]) for route in routes]
            assert waits == sorted(waits)
            assert len(set(waits)) == 4
        # Alertmanager remembers a notification for 120 hours, and repeats it after that in any case.
        assert milliseconds(routes[-1]["repeat_interval"]) < milliseconds("120h")


def test_what_goes_unsaid_is_what_the_rules_say() -> None:
    names = {rule["naam"]: rule for rule in OWN_RULES}
    for name, rule in names.items():
        by = {other for other in [*names, "waakhond"] if inhibits(own(other), own(name))}
        assert by == set(rule.get("onderdruktDoor", ())), name
    assert not any(inhibits(own(name), own("waakhond", "info")) for name in names)


def test_what_follows_from_a_part_that_is_down_goes_unsaid() -> None:
    for part in ("ingest", "processor", "alarms", "api", "alles"):
        down = health("OpvangpeilOnbereikbaar", onderdeel=part)
        unsaid = {name for name in HEALTH if inhibits(down, health(name, onderdeel="api"))}
        kept = {name for name in HEALTH if HEALTH[name]["labels"]["ernst"] == "kritiek"} | {"OpvangpeilWaakhond"}
        kept -= {"OpvangpeilAlarmenKijkenNiet"} if part in {"alarms", "alles"} else set()
        kept -= {"OpvangpeilVerwerkerHangt"} if part in {"processor", "alles"} else set()
        assert unsaid == HEALTH.keys() - kept
        assert not any(inhibits(down, own(rule["naam"], rule["ernst"])) for rule in OWN_RULES)


def test_what_follows_from_a_store_that_is_away_goes_unsaid() -> None:
    away = health("OpvangpeilOpslagOnbereikbaar")
    assert {name for name in HEALTH if inhibits(away, health(name))} == {
        "OpvangpeilAchterstandGroeit",
        "OpvangpeilVerwerkerHangt",
        "OpvangpeilInsertsMislukken",
        "OpvangpeilGeenGebeurtenissen",
        "OpvangpeilHttpFouten",
        "OpvangpeilHttpTraag",
        "OpvangpeilAlarmenKijkenNiet",
        "OpvangpeilAlarmenKijkenTraag",
    }


def test_no_secret_is_in_the_file_and_no_name_is_mistyped() -> None:
    urls = [webhook["url"] for receiver in LOADED["receivers"] for webhook in receiver["webhook_configs"]]
    assert all(url.startswith("http://127.0.0.1:") for url in urls)
    assert len(set(urls)) == len(urls)
    named = {
        value for rule in LOADED["inhibit_rules"] for m in rule["source_matchers"] for value in re.findall(r"Opv\w+", m)
    }
    assert named <= HEALTH.keys()
