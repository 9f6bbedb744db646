"""Opens the store by URL: `clickhouse://user:pw@host:8123/opvang`, or `chdb:///folder` for the engine in this process.

A client belongs to one thread; the engine behind it is shared. One process holds one chDB folder.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import clickhouse_connect
from clickhouse_connect.datatypes.registry import get_from_name
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DataError
from clickhouse_connect.driver.httputil import get_pool_manager

from services.store.model import (
    StoreAddressError,
    StoreDeniedError,
    StoreInUseError,
    StoreRefusedError,
    StoreUnavailableError,
)
from services.store.queries import Query

DATABASE = Query("schema/database")
DATA_ERRORS = frozenset({6, 26, 27, 32, 33, 38, 41, 43, 53, 69, 70, 72, 117, 131, 321, 349, 376, 407, 440, 469})
"""The codes of errors in the data itself: cannot parse, out of range, … (ClickHouse, src/Common/ErrorCodes.cpp)."""
ENGINE_IN_USE = 76
DENIED = frozenset({192, 193, 194, 497, 516})
"""The codes of a wrong user or password, and of what the user may not do."""
NOT_MIGRATED = frozenset({60, 81})
"""The codes of a table or database that is not there."""
CONNECT_SECONDS_MAX = 2
SILENT_SECONDS_MAX = 15
"""A server that says nothing for so long hangs. One that is busy with a long statement tells of its progress."""
CONNECTIONS_KEPT = 64
"""There are as many as threads that may ask at once. The driver keeps 8 by itself, and connects anew for the rest."""
WRITER_SETTINGS = {
    "async_insert": 0,  # an acknowledged insert is written, on servers of any age
    "max_partitions_per_insert_block": 0,  # an import may span years
    "min_insert_block_size_bytes": 0,  # one part however large the events are: it is there or it is not
    "optimize_on_insert": 0,  # what is written twice is merged later; readers take the greatest anyway
}


_ANYTHING = ""
"""What a statement writes to: its text is not looked into."""


class Connection:
    """The clients of one database: one for each thread, made when the thread first asks."""

    _counting: ClassVar = threading.Lock()
    _written: ClassVar = Counter[str]()
    """Of each table, how often this process wrote to one of that name, in any database."""
    _under_way: ClassVar = Counter[str]()
    """Of each table, how many writes have begun and are not over. Their rows may be there already."""

    def __init__(self, url: str, *, ca: Path | None = None) -> None:
        """Opens nothing yet.

        Args:
            url: where the store is.
            ca: the file with the authority that signed the certificate of the server; None for what the system trusts.

        Raises StoreAddressError when the URL can't be that of a store.
        """
        self.url = url
        parts = urlsplit(url)
        if parts.scheme not in ("clickhouse", "clickhouses", "chdb") or not _has_port(parts):
            raise StoreAddressError(
                f"OPVANGPEIL_CLICKHOUSE={_without_password(url)!r} is geen adres van een ClickHouse; "
                "verwacht clickhouse://gebruiker:wachtwoord@host:8123/opvang of chdb:///map"
            )
        self.embedded = parts.scheme == "chdb"
        named = dict(parse_qsl(parts.query))
        self.cluster = None if self.embedded else named.get("cluster")
        """The cluster on all of whose replicas the tables are made; None for a server alone."""
        self.database = named.get("database") or (not self.embedded and parts.path.strip("/")) or "opvang"
        trusted = str(ca) if ca else None
        self._pool = None if self.embedded else get_pool_manager(maxsize=CONNECTIONS_KEPT, ca_cert=trusted)
        self._local = threading.local()
        self._clients: list[Client] = []
        self._lock = threading.Lock()
        self._closed = False

    def client(self) -> Client:
        """Returns this thread's client. Raises StoreUnavailableError when the store does not answer."""
        client: Client | None = getattr(self._local, "client", None)
        if client is None:
            if self._closed:
                raise StoreUnavailableError("de verbinding met ClickHouse is al gesloten")
            client = self._open(self.database)
            self._local.client = client
            with self._lock:
                self._clients.append(client)
                # What the server can be set to takes 0.4 MB, and is the same for all.
                client.server_settings = self._clients[0].server_settings
        return client

    def rows(
        self,
        query: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        formats: dict[str, str] | None = None,
        by_column: bool = False,
    ) -> Sequence[Any]:
        """Returns the rows that a query gives, or its columns.

        Args:
            query: the text.
            parameters: the values of its `{name:Type}`.
            formats: how a column is read, by its name, where that is not as usual.
            by_column: give columns instead of rows; none at all when there are no rows.
        """
        with translated():
            found = self.client().query(query, parameters=parameters, column_formats=formats)
            rows: Sequence[Any] = found.result_columns if by_column else found.result_rows
            return rows

    def insert(self, table: str, types: Mapping[str, str], columns: Sequence[Sequence[Any]]) -> None:
        """Writes rows, all of them or none.

        Args:
            table: where they go.
            types: the type of each column by its name, in the order of `columns`.
            columns: the values, a sequence for each column.

        Raises StoreRefusedError (this data will never do), StoreUnavailableError (wait and repeat).
        """
        with translated(), self._writing(table):
            try:
                self.client().insert(
                    table,
                    columns,
                    column_names=[*types],
                    column_types=[get_from_name(type_) for type_ in types.values()],
                    column_oriented=True,
                    settings=WRITER_SETTINGS,
                )
            except (TypeError, ValueError, OverflowError) as error:  # a value that the driver can't write out
                raise StoreRefusedError(f"{table}: {error}") from error

    def insert_native(self, table: str, columns: Sequence[str], body: bytes) -> None:
        """Writes rows in the format Native, also those that are there already."""
        with translated(), self._writing(table):
            own = WRITER_SETTINGS | {"insert_deduplicate": 0}
            self.client().raw_insert(table, columns, body, settings=own, fmt="Native")

    def command(self, statement: str) -> None:
        """Runs one statement of DDL or maintenance."""
        with translated(), self._writing(_ANYTHING):
            self.client().command(statement, settings=WRITER_SETTINGS)

    def writes(self, table: str) -> int | None:
        """Returns how often a table was written to; None when that can't be told.

        As long as the number stays the same, so does a table that is written to by the methods of this class alone.
        The engine in this process has its folder to itself, so what this process did not write is not there. It can't
        be told on a server, nor while a write is under way.
        """
        if not self.embedded:
            return None
        with self._counting:
            under_way = self._under_way[table] + self._under_way[_ANYTHING]
            return None if under_way else self._written[table] + self._written[_ANYTHING]

    @classmethod
    @contextmanager
    def _writing(cls, table: str) -> Iterator[None]:
        """Counts a write, also one that fails: it may have come through all the same."""
        with cls._counting:
            cls._under_way[table] += 1
        try:
            yield
        finally:
            with cls._counting:
                cls._under_way[table] -= 1
                cls._written[table] += 1

    def give_back(self) -> None:
        """Makes the engine in this process give back the memory that it keeps for later."""
        if self.embedded:
            self.command("SYSTEM JEMALLOC PURGE")

    def create_database(self, on_cluster: str = "") -> None:
        """Makes the database if it is not there yet. One can't connect to it by name before."""
        client = self._open(None)
        try:
            with translated():
                client.command(DATABASE.sql(database=self.database, on_cluster=on_cluster))
        finally:
            client.close()

    def close(self) -> None:
        """Closes the client of every thread. Afterwards the folder of a chDB is free."""
        self._closed = True
        with self._lock:
            clients, self._clients = self._clients, []
        for client in clients:
            client.close()
        if self._pool is not None:
            self._pool.clear()

    def _open(self, database: str | None) -> Client:
        named: dict[str, Any] = {"database": database} if database else {}
        parts = urlsplit(self.url)
        with translated():
            if self.embedded:
                folder = Path(unquote(parts.path))
                folder.mkdir(parents=True, exist_ok=True)
                return clickhouse_connect.get_client(interface="chdb", path=str(folder), tz_mode="aware", **named)
            return clickhouse_connect.get_client(
                host=parts.hostname or "localhost",
                port=parts.port or (8443 if parts.scheme == "clickhouses" else 8123),
                username=unquote(parts.username or "default"),
                password=unquote(parts.password or ""),
                secure=parts.scheme == "clickhouses",
                tz_mode="aware",
                autogenerate_session_id=False,
                connect_timeout=CONNECT_SECONDS_MAX,
                send_receive_timeout=SILENT_SECONDS_MAX,
                compress=False,  # packing costs this process more than it spares the network next door
                pool_mgr=self._pool,
                **named,
            )


@contextmanager
def translated() -> Iterator[None]:
    """Turns what ClickHouse raises into our own errors: wait and try again, or this data will never do."""
    try:
        yield
    except DataError as error:
        raise StoreRefusedError(str(error)) from error
    except ClickHouseError as error:
        code = getattr(error, "code", None) or _code_in(str(error))
        if code in DATA_ERRORS:
            raise StoreRefusedError(_first_line(error)) from error
        if code == ENGINE_IN_USE:
            raise StoreInUseError(_first_line(error)) from error
        if code in DENIED:
            raise StoreDeniedError(
                f"ClickHouse laat ons niet toe; klopt OPVANGPEIL_CLICKHOUSE? {_first_line(error)}"
            ) from error
        if code in NOT_MIGRATED:
            raise StoreUnavailableError(
                f"in ClickHouse ontbreekt iets; voer `opvangpeil migreer` uit. {_first_line(error)}"
            ) from error
        raise StoreUnavailableError(_first_line(error)) from error
    except OSError as error:
        raise StoreUnavailableError(f"ClickHouse is niet bereikbaar: {error}") from error


def _has_port(parts: SplitResult) -> bool:
    """Whether the port, if any, can be one."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def _code_in(text: str) -> int | None:
    _, found, rest = text.partition("Code: ")
    number = rest.split(".", 1)[0].strip()
    return int(number) if found and number.isdigit() else None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:500]


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return url.replace(f":{parts.password}@", ":***@") if parts.password else url
