"""Reads the files of deploy/ strictly, and knows the names in the program to which these files may refer."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer
import typer.main
from ruamel.yaml import YAML
from typer.core import TyperGroup

from services.cli import app
from services.web import make_app
from tests.support.web_client import fresh_metrics

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
IMAGE = "opvangpeil:0.1.0"
"""The name and tag of our image in every file."""


def documents(file: Path) -> list[dict[str, Any]]:
    """Returns every document of a file. A repeated key is an error."""
    return list(YAML(typ="safe", pure=True).load_all(file.read_text(encoding="utf-8")))


def settings_of_the_program() -> set[str]:
    """Returns every variable that the program reads."""
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "services").rglob("*.py"))
    return set(re.findall(r"\bOPVANGPEIL_[A-Z_]+\b", text))


def health_paths() -> set[str]:
    """Returns the paths at which every service reports its health."""
    service = make_app("Proef", [], metrics=fresh_metrics(), checks={})
    return {path for router in service.state.routers for path in (route.path for route in router.routes)}


def runs(command: list[str]) -> bool:
    """Whether the command of a container is ours: a service as a module, or a command of the command line."""
    match command:
        case ["python", "-m", str(module)]:
            return find_spec(f"{module}.__main__") is not None
        case ["opvangpeil", str(name), *_]:
            return name in commands()
    return False


def commands() -> set[str]:
    """Returns every command of `opvangpeil`, with subcommands such as `onverwerkbaar lijst`."""
    top, found = typer.main.get_command(app), set()
    assert isinstance(top, TyperGroup)
    context = typer.Context(top)
    for name in top.list_commands(context):
        command = top.get_command(context, name)
        found |= {name, *(f"{name} {below}" for below in getattr(command, "commands", ()))}
    return found


KUBERNETES = sorted((DEPLOY / "kubernetes").rglob("*.yaml"))


ALL = [(file.name, document) for file in KUBERNETES for document in documents(file)]


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {document["metadata"]["name"]: document for _, document in ALL if document["kind"] == kind}


def container(workload: dict[str, Any]) -> dict[str, Any]:
    (one,) = workload["spec"]["template"]["spec"]["containers"]
    return one
