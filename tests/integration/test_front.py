"""The store over HTTP while its server fails: it reports that in time, recovers, and keeps no half inserts.

Also checks that the test server behaves as ClickHouse: clients do not see each other's settings, databases or
unfinished inserts.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import clickhouse_connect
import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from services.store import connect
from services.store.connect import Connection
from services.store.migrate import migrate
from services.store.model import Place, StoreUnavailableError
from services.store.store import Store
from tests.support.facts import accepted, reading
from tests.support.front import ROOT, ClickHouseFront
from tests.support.strategies import read

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseFront]:
    server = ClickHouseFront(tmp_path_factory.mktemp("front"))
    yield server
    server.kill()


@pytest.fixture
def store(server: ClickHouseFront) -> Iterator[Store]:
    connection = Connection(server.url("storing"))
    migrate(connection)
    store = Store(connection)
    yield store
    store.command("DROP DATABASE storing SYNC")
    connection.close()


def insert(store: Store, number: int, count: int = 20) -> None:
    events = read([reading(f"LOC-{n}", n) for n in range(count)])
    store.insert([accepted(one, NOW, Place(1, number, offset)) for offset, one in enumerate(events)])


def test_what_was_stored_outlives_a_kill_and_the_client_goes_on(server: ClickHouseFront, store: Store) -> None:
    insert(store, 0)
    server.kill()
    with pytest.raises(StoreUnavailableError):
        store.ping()
    with pytest.raises(StoreUnavailableError):
        insert(store, 1)
    server.start()
    store.command("OPTIMIZE TABLE gebeurtenis")  # on the old connection
    assert store.stored_count() == 20
    insert(store, 1)
    assert store.stored_count() == 40


def test_a_server_that_was_started_again_is_not_noticed(server: ClickHouseFront, store: Store) -> None:
    """The old connection is stale. The store opens a new one, for reads, inserts and statements alike."""
    for number, do in enumerate((store.ping, lambda: insert(store, 0), lambda: store.command("SELECT 1"))):
        store.ping()
        server.kill()
        server.start()
        do()
        assert number < 3


def test_a_server_that_hangs_is_given_up_on(
    server: ClickHouseFront, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "SILENT_SECONDS_MAX", 1)
    hasty = Store(Connection(store.connection.url))
    hasty.ping()
    server.pause()
    try:
        for do in (hasty.ping, lambda: insert(hasty, 0), lambda: Store(Connection(hasty.connection.url)).ping()):
            begin = time.monotonic()
            with pytest.raises(StoreUnavailableError):
                do()
            assert time.monotonic() - begin < 5
    finally:
        server.resume()
    hasty.ping()
    hasty.connection.close()


def test_a_full_disk_refuses_inserts_only_and_is_waited_for(server: ClickHouseFront, store: Store) -> None:
    server.full(True)
    try:
        with pytest.raises(StoreUnavailableError, match="243"):
            insert(store, 0)
        with pytest.raises(StoreUnavailableError, match="243"):
            store.command("INSERT INTO begonnen VALUES (1, 1, 1)")
        assert store.stored_count() == 0
    finally:
        server.full(False)
    insert(store, 0)
    assert store.stored_count() == 20


def test_settings_of_one_request_do_not_reach_the_next(server: ClickHouseFront, store: Store) -> None:
    client = store.connection.client()
    for _ in range(3):
        with pytest.raises(ClickHouseError, match="164"):
            client.command("INSERT INTO begonnen VALUES (1, 1, 1)", settings={"readonly": 1})
        client.query("SELECT 1", settings={"readonly": 1, "max_threads": 1})
        store.command("INSERT INTO begonnen VALUES (1, 1, 1)")
    assert client.query("SELECT getSetting('readonly')").result_rows == [(0,)]


@pytest.mark.parametrize("compress", [False, "lz4", "zstd", "gzip"])
@pytest.mark.parametrize("form", [False, True])
def test_every_way_of_sending_arrives(server: ClickHouseFront, store: Store, compress: str | bool, form: bool) -> None:
    client = clickhouse_connect.get_client(
        host="127.0.0.1", port=server.port, database="storing", compress=compress, form_encode_query_params=form
    )
    client.command(
        "CREATE TABLE proef (t DateTime64(6, 'UTC'), s Nullable(String), m Map(String, UInt8)) ENGINE Memory"
    )
    rows = [(NOW, "één 'quote' \\ en\ttab\n", {"a": 1}), (NOW, None, {}), (NOW, "", {"b": 2})] * 5_000
    client.insert("proef", rows)
    asked = client.query(
        "SELECT count() FROM proef WHERE t = {t:DateTime64(6)} AND s = {s:String}",
        parameters={"t": NOW, "s": rows[0][1]},
    )
    assert asked.result_rows == [(5_000,)]
    assert client.query("SELECT count() FROM proef WHERE s = {s:String}", parameters={"s": ""}).result_rows == [
        (5_000,)
    ]
    client.command("DROP TABLE proef SYNC")
    client.close()


def test_many_threads_and_processes_at_once(server: ClickHouseFront, store: Store) -> None:
    code = (
        "import sys; from tests.integration.test_front import *\n"
        f"store = Store(Connection({store.connection.url!r}))\n"
        "for n in range(5): insert(store, 100 * int(sys.argv[1]) + n)\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", code, str(n)], cwd=ROOT) for n in (1, 2)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: insert(store, number), range(40)))
    assert [one.wait(60) for one in others] == [0, 0]
    assert store.stored_count() == 50 * 20


def test_an_insert_that_is_cut_off_stores_nothing(server: ClickHouseFront, store: Store) -> None:
    query = "SELECT toUInt32(1) AS epoch, toUInt16(number) AS partition, number AS offset FROM numbers(1000)"
    content = store.connection.client().raw_query(query, fmt="Native")
    request = (
        "POST /?database=storing&query=INSERT+INTO+begonnen+FORMAT+Native HTTP/1.1\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(request.encode() + content[:-100])
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1000) == b"", "the server closes the connection once it is done with the insert"
    assert store.connection.client().command("SELECT count() FROM begonnen") == 0
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(request.encode() + content)
        assert b"200 OK" in client.recv(1000)
    assert store.connection.client().command("SELECT count() FROM begonnen") == 1000
