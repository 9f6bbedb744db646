"""The exact SQL of every query, as files. A change in a query or in its renderer shows as a diff.

`python -m tests.contract.golden_sql` writes them again. Look at the diff before you commit it. `sql/` has a file for
each query in `services/store/sql`. It holds every SQL text that the query can give, each below the conditions that
give it.
"""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import services.store
from services.store.queries import DERIVED, Query, When, derived_select

QUESTIONS = Path(services.store.__file__).parent / "sql"
FOLDER = Path(__file__).parent / "sql"
KEY = [("topic", "String", r"o'p \ x"), ("epoch", "UInt32", 3), ("offset", "UInt64", 0)]
PIECE = {"table": "onverwerkbaar", "within": "1"}
NAMES: dict[str, list[dict[str, Any]]] = {
    "backup/count": [PIECE | {"after": [], "last": KEY}, PIECE | {"after": KEY, "last": KEY[:1]}],
    "backup/keys": [
        PIECE | {"keys": ["topic", "epoch"], "size": "20", "rows": 7, "after": after} for after in ([], KEY)
    ],
    "backup/part": [PIECE | {"columns": ["topic", "raw"], "after": [], "last": KEY[:2]}],
    "derived/begin": [{"epoch": 3, "ends": [(0, 120), (2, 98)]}],
    "derived/drop": [{"table": "cel", "on_cluster": " ON CLUSTER 'opvang'"}],
    "derived/fill": [{"table": table, "into": f"{table}_nieuw"} for table in DERIVED],
    "derived/make": [{"table": "cel", "on_cluster": " ON CLUSTER 'opvang'"}],
    "derived/swap": [{"table": "cel", "on_cluster": " ON CLUSTER 'opvang'"}],
    "schema/database": [{"database": "opvang", "on_cluster": " ON CLUSTER 'opvang'"}],
    "schema/migratie": [{"on_cluster": " ON CLUSTER 'opvang'", "replicated": "Replicated"}],
}
"""Values for the parameters of each query that has parameters."""
_CLAUSES = "SELECT|FROM|WHERE|PREWHERE|ARRAY JOIN|INNER JOIN|UNION ALL|GROUP BY|ORDER BY|LIMIT|SETTINGS"


def states() -> Iterator[frozenset[When]]:
    """Yields every combination of conditions that can occur."""
    for size in range(len(When) + 1):
        for chosen in combinations(When, size):
            when = frozenset(chosen)
            tables = when & {When.RETRACTED, When.RETRACTED_IN_REST, When.REST, When.KNOWN_BEFORE}
            if When.RETRACTED_IN_REST in when and not {When.RETRACTED, When.REST} <= when:
                continue
            if {When.HIDDEN, When.HIDDEN_RETRACTIONS} <= when or (When.LOG_ALONE in when and tables):
                continue
            yield when


def questions() -> list[str]:
    """Returns every file that is a query by itself, and not a part of others."""
    files = sorted(path.relative_to(QUESTIONS).with_suffix("").as_posix() for path in QUESTIONS.rglob("*.sql"))
    return [file for file in files if file != "shared" and not Path(file).name.startswith("_")]


def golden(file: str) -> str:
    """Returns every SQL text that a query can give."""
    return "\n".join(
        f"{_said(names)}{_texts({when: Query(file).sql(when, **names) for when in states()})}"
        for names in NAMES.get(file, [{}])
    )


def _said(names: dict[str, Any]) -> str:
    return "".join(f"-- {name}: {value}\n" for name, value in names.items())


def _texts(texts: dict[frozenset[When], str]) -> str:
    """Writes each text once, below the combinations that give it. Leaves out conditions that make no difference."""
    matter = {
        state
        for state in When
        if any(texts[when] != texts.get(when - {state}, texts[when]) for when in texts if state in when)
    }
    found: dict[str, list[str]] = {}
    for when, text in texts.items():
        if when <= matter:
            found.setdefault(text, []).append(" ".join(sorted(state.name for state in when)) or "else")
    headed = (
        ("".join(f"-- {when}\n" for when in said) if matter else "") + laid_out(text) for text, said in found.items()
    )
    return "\n".join(headed)


def laid_out(text: str) -> str:
    """Puts each clause on its own line, so that a diff is short. With spaces for line ends this is the text itself."""
    return re.sub(rf" (?=(?:{_CLAUSES})\b)", "\n", text) + "\n"


def expected() -> dict[Path, str]:
    """Returns the text of every golden file. The SQL that fills the derived tables is included byte for byte."""
    made = {FOLDER / f"{file}.sql": golden(file) for file in questions()}
    return made | {FOLDER / "fingerprinted" / f"{table}.sql": derived_select(table) + "\n" for table in DERIVED}


def main() -> None:
    """Write every golden file."""
    for path in FOLDER.rglob("*.sql"):
        path.unlink()
    for path, text in expected().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
