"""The queries of ClickHouse: each is a file in `sql/`, and this is the one place that makes SQL of it.

A file has three kinds of places to fill in:

* `{{ … }}` and `{% … %}` (Jinja): fragments of `shared.sql`, names of registers, and parts that matter only at times
  (`When`). They are filled in here, once for each combination that occurs.
* `{rest}` and other names without a type: ranges of the log, made of our own numbers. `filled` puts them in.
* `{k:DateTime64(6, 'UTC')}` and other names with a type: parameters. ClickHouse binds them, so no value of a user ever
  becomes SQL.

A file whose name begins with `_` is a piece of other queries.
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
from services.core.locaties import SOORTEN
from services.core.registers import Register, SubjectKind
from services.core.standen import UNKNOWN

RETRACTION = type_name(Ingetrokken)
DERIVED = ("schrijving", "cel", "ingetrokken", "bekend", "volgorde", "positie")
"""The tables that follow from the log. `positie` tells how far, so it comes last."""
PLAATSEN = tuple(Register.PLAATSEN.stored(soort) for soort in SOORTEN)
COUNTED = (Register.REGISTRATIE.stored(), Register.OPEN.stored(), Register.AANWEZIG.stored(), *PLAATSEN)
"""The registers of a locatie that count in sums, in the order in which `registers/standen.sql` numbers them."""
NOT_COUNTED = tuple(
    register.stored()
    for register in Register
    if SubjectKind.LOCATIE in register.declared.subjects
    and register
    not in {Register.REGISTRATIE, Register.OPEN, Register.AANWEZIG, Register.PLAATSEN, Register.GEPUBLICEERD}
)
"""The other registers of a locatie, except what others published about it."""


class When(Enum):
    """A state of the store, or of the query, in which some part of a query matters.

    Parts that can't matter are left out: planning them takes ClickHouse longer than all else.
    """

    RETRACTED = auto()
    """There are retractions."""
    RETRACTED_IN_REST = auto()
    """There are retractions that only the log holds yet."""
    REST = auto()
    """The log goes further than the derived tables."""
    KNOWN_BEFORE = auto()
    """K lies in an earlier month than V."""
    LOG_ALONE = auto()
    """The derived tables may have gone past the positie that is asked, so a range of the log must answer alone."""
    HIDDEN = auto()
    """Some locaties are hidden from whoever asks."""
    HIDDEN_RETRACTIONS = auto()
    """So are the retractions of events about them."""
    MANY_IDS = auto()
    """There are more ids to look for than fit well in a list."""


class Query(NamedTuple):
    """A query to the store."""

    file: str
    """Its file in `sql/`, without `.sql`."""
    by_column: bool = False
    """The answer is a list for each column instead of a row for each line."""

    def sql(self, when: Collection[When] = (), **names: Any) -> str:
        """The text of the query, with only the parts that matter now.

        Args:
            when: what holds of the store and of the query.
            names: what else the file asks for: tables, columns, keys. Never a value of a user.
        """
        return _render(self.file, frozenset(when), names) if names else _rendered(self.file, frozenset(when))


def filled(sql: str, **ranges: str) -> str:
    """Fills in the ranges of the log in a text, each by its name (`{rest}`, `{upto}`)."""
    for name, condition in ranges.items():
        sql = sql.replace(f"{{{name}}}", condition)
    return sql


def derived_select(table: str) -> str:
    """How a derived table follows from a range of the log, `${RANGE}`. Migrations take a fingerprint of this text."""
    text = files("schemas").joinpath("clickhouse", "derived", f"{table}.sql").read_text(encoding="utf-8")
    return Template(text).safe_substitute(VER=_one_line(str(_SQL.globals["VER_IN_LOG"]))).strip()


@cache  # some tens of queries, in a few combinations each
def _rendered(file: str, when: frozenset[When]) -> str:
    return _render(file, when, {})


def _render(file: str, when: frozenset[When], names: dict[str, Any]) -> str:
    stands = "(event_id, source) NOT IN gone" if when & {When.RETRACTED, When.LOG_ALONE} else "true"
    flags = {state.name: state in when for state in When}
    return _one_line(_SQL.get_template(f"{file}.sql").render(flags, stands=stands, **names))


def _one_line(text: str) -> str:
    """The text without its layout. A literal keeps its own: `_escaped` leaves no blanks in it."""
    return re.sub(r"(?<=\() | (?=[),])", "", re.sub(r"[ \n]+", " ", text)).strip()


def _escaped(value: Any) -> str:
    """A value within the quotes of a literal."""
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return escaped.replace(" ", "\\x20").replace("\n", "\\n")


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("services.store", "sql"),
        autoescape=select_autoescape(),  # It escapes HTML, and this is SQL.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        line_comment_prefix="--",
        auto_reload=False,  # files of another version must not meet the code of this one
    )
    made.filters["escaped"] = _escaped
    made.globals |= {
        "Register": Register,
        "COUNTED": COUNTED,
        "NOT_COUNTED": NOT_COUNTED,
        "LOCATIE": SubjectKind.LOCATIE.value,
        "UNKNOWN": UNKNOWN,
        "NEVER": NEVER,
    }
    shared = made.get_template("shared.sql").make_module()
    made.globals |= {name: value for name, value in vars(shared).items() if not name.startswith("_")}
    return made


_SQL = _environment()
_SQL.globals["derived"] = {table: Template(derived_select(table)).substitute(RANGE="{rest}") for table in DERIVED}
