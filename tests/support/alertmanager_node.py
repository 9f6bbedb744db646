"""A real Alertmanager with the settings of deploy/alertmanager: a process on 127.0.0.1 that tests can break."""

import re
import shutil
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx
import orjson
from ruamel.yaml import YAML

from tests.support.node import Node

CONFIG = Path(__file__).parents[2] / "deploy" / "alertmanager" / "alertmanager.yml"
QUICK = {"group_wait": "300ms", "group_interval": "500ms"}
NEVER = "100h"
ANSWERED = r'^alertmanager_notification_latency_seconds_count\{integration="webhook"\} (\d+)'
"""It counts a message here once its receiver has answered."""


def missing() -> str | None:
    """Returns why no Alertmanager can run here, or None."""
    if _program() is None or shutil.which("amtool") is None:
        return "prometheus-alertmanager of amtool is er niet (make setup-systeem)"
    return None


def shipped(webhooks: str) -> dict[str, Any]:
    """Returns the settings as delivered, with shorter waits. Each receiver is called at `webhooks`/its name."""
    config = YAML(typ="safe", pure=True).load(CONFIG)
    config["route"] = _quick(config["route"])
    for receiver in config["receivers"]:
        for webhook in receiver["webhook_configs"]:
            webhook["url"] = f"{webhooks}/{receiver['name']}"
    return config


class AlertmanagerNode(Node):
    """One Alertmanager, without a cluster. `stop`, `kill` and `start` again keep its data and its address."""

    name = "alertmanager"

    def __init__(self, folder: Path, webhooks: str, *, config: Mapping[str, Any] | None = None, port: int = 0) -> None:
        """Makes the node. `webhooks` is the base address of the receivers. `config` replaces `shipped`."""
        super().__init__(folder, port)
        # JSON is YAML.
        (folder / "alertmanager.yml").write_bytes(orjson.dumps(config or shipped(webhooks)))
        self.client = httpx.Client(base_url=self.url, timeout=10)
        self.start()

    @property
    def url(self) -> str:
        """Returns its address."""
        return f"http://{self.address}"

    def _command(self) -> list[str]:
        program = _program()
        assert program is not None
        return [
            program,
            f"--config.file={self.folder / 'alertmanager.yml'}",
            f"--storage.path={self.folder / 'data'}",
            f"--web.listen-address={self.address}",
            "--cluster.listen-address=",
            "--log.level=warn",
        ]

    def _answers(self) -> bool:
        return ready(self.url)

    def post(self, *alerts: Mapping[str, Any]) -> None:
        """Sends alerts (`{labels, annotations, startsAt, endsAt, generatorURL}`), as Opvangpeil and Prometheus do."""
        self.client.post("/api/v2/alerts", json=list(alerts)).raise_for_status()

    def until_answered(self, many: int, seconds: float = 20) -> None:
        """Waits until receivers have answered this many of its messages. Only then does it know that it told them."""
        deadline = time.monotonic() + seconds
        while (now := self._answered()) < many:
            assert time.monotonic() < deadline, f"{now} messages were answered, not {many}"
            time.sleep(0.05)

    def _answered(self) -> int:
        told = self.client.get("/metrics").raise_for_status().text
        found = re.search(ANSWERED, told, re.MULTILINE)
        assert found is not None, "Alertmanager no longer tells how many messages were answered"
        return int(found[1])

    def alerts(self, *matchers: str) -> list[dict[str, Any]]:
        """Returns all active alerts, also those sent to nobody: see `status.inhibitedBy` and `status.silencedBy`."""
        return list(self.client.get("/api/v2/alerts", params={"filter": list(matchers)}).raise_for_status().json())


def ready(url: str) -> bool:
    """Whether a Prometheus or an Alertmanager reports that it is ready."""
    try:
        return httpx.get(f"{url}/-/ready", timeout=10).status_code == 200
    except httpx.TransportError:
        return False  # it is not listening yet


def _program() -> str | None:
    """Returns the path of the program, which has another name on Debian."""
    return shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")


def _quick(route: Mapping[str, Any]) -> dict[str, Any]:
    """Shortens waits of minutes to parts of a second. Only the dead man's switches are called again."""
    again = "500ms" if str(route.get("receiver", "")).startswith("dodemansknop") else NEVER
    return {**route, **QUICK, "repeat_interval": again, "routes": _quick_all(route.get("routes", ()))}


def _quick_all(routes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_quick(route) for route in routes]
