"""A question in SQL that is put together from the parts that matter now."""

from collections.abc import Collection, Sequence
from enum import Enum, auto
from typing import NamedTuple

STANDS = "(event_id, source) NOT IN gone"
"""A write that was not retracted. Without any retraction all stand."""


class When(Enum):
    """When a part of a query can matter: to plan what can't takes longer than all else."""

    RETRACTED = auto()
    """There are retractions."""
    RETRACTED_IN_REST = auto()
    REST = auto()
    """The log goes further than the tables."""
    KNOWN_BEFORE = auto()
    """The month of K lies before that of V."""


class Part(NamedTuple):
    """A part of a query, that always matters or only then."""

    sql: str
    when: When | None = None


class Both(NamedTuple):
    """The same question to the tables, and to a range of the log alone: the shortest way, to hold the other against."""

    tables: Sequence[Part]
    log: str
    by_column: bool = False
    """The answer is for each column a list, not for each row."""

    def of_tables(self, now: Collection[When]) -> str:
        """The question to the tables, with the parts that matter now."""
        query = "".join(part.sql for part in self.tables if part.when is None or part.when in now)
        return query if When.RETRACTED in now else query.replace(STANDS, "true")
