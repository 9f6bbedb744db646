"""The Grafana dashboard is valid, legible for everybody, and asks only for metrics that exist."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.alarms.conftest import Tool
from tests.support.deploy_files import DEPLOY
from tests.support.metric_names import asked, series, unknown
from tests.support.prometheus_node import ALL, RECORDED

FILE = DEPLOY / "grafana" / "opvangpeil.json"
DASHBOARD = orjson.loads(FILE.read_bytes())
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
DATA = [panel for panel in PANELS if panel["type"] != "row"]
EXPRESSIONS = [target["expr"] for panel in DATA for target in panel["targets"]]
COLUMNS = 24
OKABE_ITO = {"#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#999999"}
"""Colours that people with colour blindness can tell apart, and grey for neutral lines."""
SOURCE = {"type": "prometheus", "uid": "${bron}"}


def everything(value: Any) -> Iterator[tuple[str, Any]]:
    """Yields (key, value) of every object within the value."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield key, below
            yield from everything(below)
    elif isinstance(value, list):
        for below in value:
            yield from everything(below)


def cells(panel: dict[str, Any]) -> set[tuple[int, int]]:
    at = panel["gridPos"]
    return set(itertools.product(range(at["x"], at["x"] + at["w"]), range(at["y"], at["y"] + at["h"])))


def test_the_dashboard_is_consistent() -> None:
    assert (DASHBOARD["uid"], DASHBOARD["schemaVersion"] >= 39) == ("opvangpeil", True)
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    assert len({panel["title"] for panel in PANELS}) == len(PANELS)
    for panel in DATA:
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
    (source,) = DASHBOARD["templating"]["list"]
    assert (source["name"], source["type"], source["query"]) == ("bron", "datasource", "prometheus")
    assert all(below == SOURCE for key, below in everything(PANELS) if key == "datasource")
    assert set(re.findall(r"\$\{?(\w+)", FILE.read_text())) == {"bron", "__rate_interval"}


def test_no_panel_lies_over_another() -> None:
    for one, other in itertools.combinations(PANELS, 2):
        assert not cells(one) & cells(other), (one["title"], other["title"])
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= COLUMNS for panel in PANELS)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_series_is_there(expression: str) -> None:
    assert unknown(expression, RECORDED) == []


def test_prometheus_takes_every_expression(promtool: Tool, tmp_path: Path) -> None:
    rules = [
        {"record": f"paneel{number}", "expr": expression.replace("$__rate_interval", "5m")}
        for number, expression in enumerate(EXPRESSIONS)
    ]
    file = tmp_path / "panelen.yml"
    file.write_bytes(orjson.dumps({"groups": [{"name": "panelen", "rules": rules}]}))  # JSON is YAML
    assert f"{len(EXPRESSIONS)} rules found" in promtool("check", "rules", file)


def test_every_metric_is_shown_somewhere() -> None:
    shown = {name for expression in EXPRESSIONS for name in asked(expression)}
    behind = {rule["record"]: asked(rule["expr"]) for rule in ALL if "record" in rule}
    shown |= {name for recorded in shown & behind.keys() for name in behind[recorded]}
    named = {re.sub(r"_(bucket|count|sum)$", "_bucket", name) for name in series()}
    assert named <= shown
    assert shown >= RECORDED, "what is recorded and never looked at"


def test_colours_are_for_everybody_and_unknown_is_said() -> None:
    colours = {value for _, value in everything(PANELS) if isinstance(value, str) and value.startswith("#")}
    assert colours <= OKABE_ITO
    modes = {value["mode"] for key, value in everything(PANELS) if key == "color" and isinstance(value, dict)}
    assert not any("palette" in mode for mode in modes), "those of Grafana can't be told apart by all"
    for panel in DATA:
        assert panel["fieldConfig"]["defaults"]["noValue"] == "niet bekend", "missing is not 0"
