"""Fixtures with the real alarm programs. Tests are skipped with a warning where a program is missing."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import alertmanager_node, prometheus_node
from tests.support.alertmanager_node import AlertmanagerNode
from tests.support.missing import without
from tests.support.webhook_receiver import WebhookReceiver

Tool = Callable[..., str]
"""Runs the program with these arguments and returns its output. Fails on a non-zero exit code."""


@pytest.fixture(scope="session")
def promtool() -> Tool:
    if reason := prometheus_node.missing():
        without("Prometheus", reason)
    return _tool("promtool")


@pytest.fixture(scope="session")
def amtool() -> Tool:
    if reason := alertmanager_node.missing():
        without("Alertmanager", reason)
    return _tool("amtool")


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    """Stands for all receivers that Alertmanager calls. The path of a call is the name of its receiver."""
    with WebhookReceiver() as receiver:
        yield receiver


@pytest.fixture
def alertmanager(tmp_path: Path, receiver: WebhookReceiver) -> Iterator[AlertmanagerNode]:
    """Runs Alertmanager with the shipped settings, but with short waiting times."""
    if reason := alertmanager_node.missing():
        without("Alertmanager", reason)
    with AlertmanagerNode(tmp_path / "alertmanager", receiver.url) as node:
        yield node


def _tool(name: str) -> Tool:
    def run(*arguments: str | Path) -> str:
        done = subprocess.run([name, *arguments], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run
