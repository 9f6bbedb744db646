"""Makes SQL of the files in `sql/`, such as `sql/registers/own.sql`. No other module does.

A file becomes the text that runs in three steps:

1. Jinja, once for each combination of `When` that occurs, and then kept: `{{ … }}` and `{% … %}` become fragments of
   `shared.sql`, names of registers, and the parts that matter in those states.
2. `filled`, for each query: a name in braces without a type, such as `{rest}`, becomes a range of positions in the
   log, written with our own numbers.
3. ClickHouse, when the query runs: a name in braces with a type, such as `{k:DateTime64(6, 'UTC')}`, is a parameter.
   Values of users only come in here, so they never become SQL.

The queries that fill the derived tables stand in `schemas/clickhouse/derived`, since migrations keep a fingerprint of
them. They have a form of their own: `${VER}` becomes the rank of a write, and `${RANGE}` a range of the log.

A file whose name begins with `_`, such as `sql/registers/_steps.sql`, is a part that other files include.
"""

import re
from collections.abc import Collection
from enum import Enum, auto
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from schemas.events import Ingetrokken, type_name
from schemas.moments import NEVER
from services.core.registers import LENSES, OF_MOMENT, Register, SubjectKind
from services.core.standen import UNKNOWN

RETRACTION_TYPE = type_name(Ingetrokken)
DERIVED = ("schrijving", "cel", "ingetrokken", "bekend", "volgorde", "positie")
"""The tables that are derived from the log, in the order in which they are filled.

`positie` says how far the others are, so it is filled last.
"""
_IN_SUMS = (Register.REGISTRATIE, Register.OPEN, Register.AANWEZIG, Register.PLAATSEN)
NOT_LISTED = {Register.GEPUBLICEERD}
"""The registers of a locatie whose stored names can't be listed. SQL leaves them out by their prefix."""
COUNTED = tuple(name for register in _IN_SUMS for name in register.stored_names())
"""The stored names that count in sums over locaties, in the order in which `registers/standen.sql` numbers them."""
NOT_COUNTED = tuple(
    name
    for register in Register
    if SubjectKind.LOCATIE in register.declared.subjects and register not in {*_IN_SUMS, *NOT_LISTED}
    for name in register.stored_names()
)
"""The other stored names of a locatie, except those of NOT_LISTED. Raises TypeError for one that can't be listed."""


class When(Enum):
    """A state of the store or of the question, in which a query needs a part that it otherwise goes without.

    A part that is not needed is left out, because planning it takes ClickHouse longer than running the rest.
    """

    RETRACTED = auto()
    """There are retractions."""
    RETRACTED_IN_REST = auto()
    """Some retractions are in the log and not yet in the derived tables."""
    REST = auto()
    """Some events are in the log and not yet in the derived tables."""
    KNOWN_BEFORE = auto()
    """K lies in an earlier month than V."""
    LOG_ALONE = auto()
    """The derived tables may hold events after the asked positie, so the query reads a range of the log alone."""
    HIDDEN = auto()
    """Some locaties or types of events are hidden from whoever asks."""
    HIDDEN_RETRACTIONS = auto()
    """Retractions of hidden events are hidden too."""
    MANY_IDS = auto()
    """There are more ids to look for than fit well in a list."""


class Query(NamedTuple):
    """A query to the store."""

    file: str
    """Its file in `sql/`, without `.sql`."""
    by_column: bool = False
    """Whether the answer is a list of values for each column, instead of a list of rows."""

    def sql(self, when: Collection[When] = (), **names: Any) -> str:
        """Returns the text of the query after step 1, with only the parts that it needs.

        Args:
            when: the states that hold for the store and the question.
            names: the other names that the file uses: tables, columns, keys. Never a value of a user.
        """
        return _render(self.file, frozenset(when), names) if names else _rendered(self.file, frozenset(when))


def filled(sql: str, **ranges: str) -> str:
    """Returns the text after step 2: each range of the log stands in the place of its name, such as `{rest}`."""
    for name, condition in ranges.items():
        sql = sql.replace(f"{{{name}}}", condition)
    return sql


def derived_select(table: str) -> str:
    """Returns the query that makes the rows of a derived table from a range of the log, `${RANGE}`.

    Migrations keep a fingerprint of this text, and refuse to go on when it has changed.
    """
    return _SELECTS[table]


@cache  # It stays small: there are some tens of files, each in a few combinations of states.
def _rendered(file: str, when: frozenset[When]) -> str:
    return _render(file, when, {})


def _render(file: str, when: frozenset[When], names: dict[str, Any]) -> str:
    # registers/_gone.sql makes `gone`, the retracted events.
    stands = "(event_id, source) NOT IN gone" if when & {When.RETRACTED, When.LOG_ALONE} else "true"
    flags = {state.name: state in when for state in When}
    return _one_line(_SQL.get_template(f"{file}.sql").render(flags, stands=stands, **names))


def _one_line(text: str) -> str:
    """Returns the text on one line. Literals stay as they are, because `_escaped` leaves no blanks in them."""
    return re.sub(r"(?<=\() | (?=[),])", "", re.sub(r"[ \n]+", " ", text)).strip()


def _escaped(value: Any) -> str:
    """Returns a value as it stands between the quotes of a literal in SQL."""
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return escaped.replace(" ", "\\x20").replace("\n", "\\n")


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("services.store", "sql"),
        autoescape=select_autoescape(),  # Off for names that end in .sql.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        line_comment_prefix="--",
        auto_reload=False,  # files of another version must not meet the code of this one
    )
    made.filters["escaped"] = _escaped
    made.globals |= {
        "Register": Register,
        "LENSES": LENSES,
        "OF_MOMENT": OF_MOMENT,
        "RETRACTION_TYPE": RETRACTION_TYPE,
        "COUNTED": COUNTED,
        "NOT_COUNTED": NOT_COUNTED,
        "LOCATIE": SubjectKind.LOCATIE.value,
        "UNKNOWN": UNKNOWN,
        "NEVER": NEVER,
    }
    shared = made.get_template("shared.sql").make_module()
    made.globals |= {name: value for name, value in vars(shared).items() if not name.startswith("_")}
    return made


def _select(table: str) -> str:
    text = files("schemas").joinpath("clickhouse", "derived", f"{table}.sql").read_text(encoding="utf-8")
    return Template(text).safe_substitute(VER=_one_line(str(_SQL.globals["VER_IN_LOG"]))).strip()


_SQL = _environment()
_SELECTS = {table: _select(table) for table in DERIVED}
_SQL.globals["derived"] = {table: Template(text).substitute(RANGE="{rest}") for table, text in _SELECTS.items()}
