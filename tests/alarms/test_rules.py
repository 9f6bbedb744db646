"""Promtool accepts the rules. Every alert is explained, and has tests in which it fires and in which it is silent."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.alarms.conftest import Tool
from tests.support.deploy_files import DEPLOY, documents
from tests.support.metric_names import asked, unknown
from tests.support.prometheus_node import ALL, CONFIG, RECORDED, RULES

ALERTS = {rule["alert"]: rule for rule in ALL if "alert" in rule}
CASES = sorted((Path(__file__).parent / "promtool").glob("*.yml"))
EXPECTED: list[dict[str, Any]] = [
    case
    for file in CASES
    for document in documents(file)
    for test in document["tests"]
    for case in test.get("alert_rule_test", ())
]
ALWAYS = {"OpvangpeilWaakhond"}
"""This rule always fires, on purpose."""


def test_promtool_takes_them(promtool: Tool) -> None:
    assert f"{len(ALL)} rules found" in promtool("check", "rules", RULES)
    assert "is valid prometheus config file syntax" in promtool("check", "config", CONFIG)


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_they_fire_and_are_silent_when_they_should(promtool: Tool, file: Path) -> None:
    promtool("test", "rules", file)


def test_promtool_sees_a_wrong_expectation(promtool: Tool, tmp_path: Path) -> None:
    wrong = tmp_path / "fout.yml"
    case = {"alertname": "OpvangpeilWaakhond", "eval_time": "1m", "exp_alerts": []}
    wrong.write_bytes(orjson.dumps({"rule_files": [str(RULES)], "tests": [{"alert_rule_test": [case]}]}))
    with pytest.raises(AssertionError, match="OpvangpeilWaakhond"):
        promtool("test", "rules", wrong)


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_every_alert_was_seen_to_fire_and_to_be_silent(name: str) -> None:
    seen = {bool(case["exp_alerts"]) for case in EXPECTED if case["alertname"] == name}
    assert seen == ({True} if name in ALWAYS else {True, False})


def test_nothing_else_is_expected() -> None:
    assert {case["alertname"] for case in EXPECTED} == set(ALERTS)


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_every_alert_says_how_bad_what_and_what_to_do(name: str) -> None:
    rule = ALERTS[name]
    assert re.fullmatch(r"Opvangpeil[A-Z][A-Za-z]+", name)
    assert rule["labels"]["dienst"] == "opvangpeil"
    assert rule["labels"]["ernst"] in {"info", "waarschuwing", "hoog", "kritiek"}
    assert set(rule["annotations"]) == {"samenvatting", "toelichting", "runbook"}
    file, _, anchor = rule["annotations"]["runbook"].partition("#")
    titles = re.findall(r"^#{2,3} (.+)$", (DEPLOY.parent / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert anchor in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.get("alert") or rule["record"])
def test_every_series_is_there(rule: dict[str, Any]) -> None:
    assert unknown(rule["expr"], RECORDED) == []


def test_a_series_that_is_not_there_is_seen() -> None:
    assert asked('sum(rate(opvangpeil_x_total{a="opvangpeil_y", b!~"{}"}[5m])) > a:opvangpeil_z:som') == {
        "opvangpeil_x_total": {"a", "b"},
        "a:opvangpeil_z:som": set(),
    }
    assert unknown("opvangpeil_insert_fouten + opvangpeil_dekking", set()) == ["opvangpeil_insert_fouten"]
    assert unknown('opvangpeil_dekking{soort="x", job="y"}', set()) == ["opvangpeil_dekking: soort"]


def test_every_service_is_asked_and_missed() -> None:
    (config,) = documents(CONFIG)
    (job,) = config["scrape_configs"]
    (names,) = (found["names"] for found in job["dns_sd_configs"])
    (compose,) = documents(DEPLOY / "compose.yaml")
    ours = {name for name, service in compose["services"].items() if "services." in str(service.get("command"))}
    assert set(names) == ours | {"volg"}, "and who watches a folder, where somebody does"
    (reachable,) = (rule["expr"] for rule in ALL if rule.get("record") == "onderdeel:opvangpeil_bereikbaar:max")
    assert set(re.findall(r'absent\(up\{job="opvangpeil", onderdeel="(\w+)"', reachable)) == ours
    assert job["job_name"] == "opvangpeil"
