"""The table of tokens, which every service shares: names, roles and hashes."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from services.store.connect import WRITER_SETTINGS, Connection, translated
from services.store.queries import Query

TOKENS = Query("access/tokens")
_COLUMNS = [
    "id",
    "name",
    "roles",
    "source",
    "hash",
    "made_at",
    "expires_at",
    "withdrawn_at",
    "types",
    "subjects",
    "version",
]


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as it is kept."""

    id: str
    name: str
    roles: tuple[str, ...]
    source: str | None
    hash: str = field(repr=False)
    made_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None = None
    types: tuple[str, ...] = ()
    """The only types of events that it may send. Empty: those that its roles may send."""
    subjects: tuple[str, ...] = ()
    """The only subjects that it may write about. Empty: any."""


class TokenTable:
    """Reads and writes the table. Every method blocks, and raises StoreUnavailableError when the store is away."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[TokenRow]:
        """Returns every token there ever was, oldest first."""
        return [
            TokenRow(
                id_, name, tuple(roles), source or None, hash_, made, expires, withdrawn, tuple(types), tuple(subjects)
            )
            for id_, name, roles, source, hash_, made, expires, withdrawn, types, subjects in self._connection.rows(
                TOKENS.sql()
            )
        ]

    def add(self, row: TokenRow) -> None:
        """Keeps a new token, or a later state of one."""
        values = [
            row.id,
            row.name,
            list(row.roles),
            row.source or "",
            row.hash,
            row.made_at,
            row.expires_at,
            row.withdrawn_at,
            list(row.types),
            list(row.subjects),
            int(row.withdrawn_at is not None),
        ]
        with translated():
            self._connection.client().insert("toegang", [values], column_names=_COLUMNS, settings=WRITER_SETTINGS)

    def withdraw(self, id_: str, now: datetime) -> TokenRow | None:
        """Withdraws a token and gives it; None when there is none with this id. A withdrawn one stays as it was."""
        row = next((row for row in self.all() if row.id == id_), None)
        if row is not None and row.withdrawn_at is None:
            row = replace(row, withdrawn_at=now)
            self.add(row)
        return row
