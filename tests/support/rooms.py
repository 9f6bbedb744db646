"""The source of Opvangpeil as the tests of its architecture see it: its files, the rooms they are in, their imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "access": {"clock", "core", "reads", "store", "web"},
    "alarms": {"access", "core", "eventlog", "metrics", "reads", "store", "web"},
    "alarms.deliver": {"access", "alarms", "core", "eventlog", "metrics", "processor", "reads", "store", "web"},
    "api": {"access", "core", "export", "ingest", "metrics", "reads", "store", "web"},
    "clock": set(),
    "config": set(),
    "core": set(),
    "core.alarms": {"core", "core.grootheden", "core.history"},
    "core.grootheden": {"core"},
    "core.history": {"core"},
    "core.reasons": {"core", "core.grootheden"},
    "dashboard": {
        "access",
        "alarms",
        "alarms.deliver",
        "core",
        "export",
        "importer",
        "ingest",
        "reads",
        "store",
        "web",
    },
    "editie": {"api", "core", "export", "reads", "store", "web"},
    "eventlog": {"seal"},
    "export": set(),
    "importer": {"clock", "core"},
    "ingest": {"access", "clock", "eventlog", "logs", "metrics", "reads", "store", "web"},
    "logs": set(),
    "metrics": set(),
    "processor": {"clock", "eventlog", "logs", "metrics", "seal", "store"},
    "reads": {"clock", "core", "store"},
    "seal": set(),
    "store": {"core", "seal"},
    "voorbeeld": set(),
    "web": {"logs", "metrics", "reads", "store"},
}
"""Room of `services` → the other rooms that it may import.

To a room outside core, `core` means all of core, so with its rooms `core.alarms`, `core.history` and so on. To a room
inside core, `core` means only the files directly in services/core.
"""


def room_with(path: str) -> str:
    """Returns the room that a file is in. Empty for a file outside `services`."""
    folder, _, rest = path.partition("/")
    if folder != "services" or rest == "__init__.py":
        return ""
    if rest.endswith("__main__.py"):
        return "__main__"
    return room_of(rest.removesuffix(".py").replace("/", "."))


def room_of(name: str) -> str:
    """Returns the room of a dotted name below `services`.

    The top folder or file, or `folder.subfolder` if `MAY_IMPORT` lists it.
    """
    first, _, more = name.partition(".")
    inner = f"{first}.{more.split('.')[0]}"
    return inner if inner in MAY_IMPORT else first


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yields (line, full name) of every import, including those inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module or '.'}.{alias.name}") for alias in node.names)


@cache
def parsed(text: str) -> ast.Module:
    """Returns the syntax tree of a file. It is cached, since every rule walks it."""
    return ast.parse(text)


@cache
def sources() -> tuple[tuple[str, str], ...]:
    return tuple(_sources())


def _sources() -> Iterator[tuple[str, str]]:
    for folder in ("services", "schemas", "tests", "deploy"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")
