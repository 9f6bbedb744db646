"""A real Prometheus with the settings of deploy/prometheus: a process on 127.0.0.1 that tests can break."""

import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import orjson
from ruamel.yaml import YAML

from tests.support.alertmanager_node import ready
from tests.support.deploy_files import DEPLOY, documents
from tests.support.node import Node

CONFIG = DEPLOY / "prometheus" / "prometheus.yml"
RULES = DEPLOY / "prometheus" / "opvangpeil.rules.yml"
(LOADED,) = documents(RULES)
ALL = [rule for group in LOADED["groups"] for rule in group["rules"]]
RECORDED = {rule["record"] for rule in ALL if "record" in rule}
QUICK = {"scrape_interval": "400ms", "scrape_timeout": "400ms", "evaluation_interval": "200ms"}


def missing() -> str | None:
    """Returns why no Prometheus can run here, or None."""
    if shutil.which("prometheus") is None or shutil.which("promtool") is None:
        return "prometheus of promtool is er niet (make setup-systeem)"
    return None


def shipped(services: Mapping[str, str], alertmanager: str) -> dict[str, Any]:
    """Returns the settings as delivered, with shorter intervals, for these `services` (onderdeel → host:port)."""
    config = YAML(typ="safe", pure=True).load(CONFIG)
    config["global"] |= QUICK
    config["rule_files"] = [str(RULES)]
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [alertmanager]
    (job,) = config["scrape_configs"]
    del job["dns_sd_configs"], job["relabel_configs"]
    job["static_configs"] = [
        {"targets": [address], "labels": {"onderdeel": onderdeel}} for onderdeel, address in services.items()
    ]
    return config


class PrometheusNode(Node):
    """One Prometheus. `stop`, `kill` and `start` again keep its data and its address."""

    name = "prometheus"

    def __init__(self, folder: Path, config: Mapping[str, Any], *, port: int = 0) -> None:
        """Makes the node. See `shipped` for `config`."""
        super().__init__(folder, port)
        # JSON is YAML.
        (folder / "prometheus.yml").write_bytes(orjson.dumps(config))
        self.client = httpx.Client(base_url=self.url, timeout=10)
        self.start()

    @property
    def url(self) -> str:
        """Returns its address."""
        return f"http://{self.address}"

    def _command(self) -> list[str]:
        return [
            "prometheus",
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--rules.alert.resend-delay=1s",
            "--log.level=warn",
        ]

    def _answers(self) -> bool:
        return ready(self.url)

    def ask(self, expression: str) -> dict[tuple[tuple[str, str], ...], float]:
        """Returns the current value of an expression, by the labels of each sample."""
        answer = self.client.get("/api/v1/query", params={"query": expression}).raise_for_status().json()
        return {
            tuple(sorted(sample["metric"].items())): float(sample["value"][1]) for sample in answer["data"]["result"]
        }

    def until(self, expression: str, values: Sequence[float], seconds: float = 20) -> None:
        """Asks until the samples have these values."""
        deadline = time.monotonic() + seconds
        while (now := [*self.ask(expression).values()]) != list(values):
            assert time.monotonic() < deadline, f"{expression}: {now}, not {values}"
            time.sleep(0.05)

    def rules(self) -> list[dict[str, Any]]:
        """Returns every rule with its `health`, its `lastError`, and its results."""
        groups = self.client.get("/api/v1/rules").raise_for_status().json()["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]
