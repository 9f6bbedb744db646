"""Reads the files of deploy/ strictly, and knows what the program has that they may name."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer.main
from ruamel.yaml import YAML

from services.cli import app
from services.web import make_app
from tests.support.web_client import fresh_metrics

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
IMAGE = "opvangpeil:0.1.0"
"""One name and one tag, wherever it stands."""


def documents(file: Path) -> list[dict[str, Any]]:
    """Returns every document of a file. A key that is there twice is an error."""
    return list(YAML(typ="safe", pure=True).load_all(file.read_text(encoding="utf-8")))


def settings_of_the_program() -> set[str]:
    """Returns every variable that the program reads."""
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "services").rglob("*.py"))
    return set(re.findall(r"\bOPVANGPEIL_[A-Z_]+\b", text))


def health_paths() -> set[str]:
    """Returns the paths at which every service tells how it is."""
    service = make_app("Proef", [], metrics=fresh_metrics(), checks={})
    return {path for router in service.state.routers for path in (route.path for route in router.routes)}


def runs(command: list[str]) -> bool:
    """Whether a container's command is one of ours: a service as a module, or a command of the command line."""
    match command:
        case ["python", "-m", str(module)]:
            return find_spec(f"{module}.__main__") is not None
        case ["opvangpeil", str(name), *_]:
            return name in commands()
    return False


def commands() -> set[str]:
    """Returns every command of `opvangpeil`, also `onverwerkbaar lijst`."""
    found = set()
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        found |= {name, *(f"{name} {below}" for below in getattr(command, "commands", ()))}
    return found


KUBERNETES = sorted((DEPLOY / "kubernetes").rglob("*.yaml"))


ALL = [(file.name, document) for file in KUBERNETES for document in documents(file)]


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {document["metadata"]["name"]: document for _, document in ALL if document["kind"] == kind}


def container(workload: dict[str, Any]) -> dict[str, Any]:
    (one,) = workload["spec"]["template"]["spec"]["containers"]
    return one
