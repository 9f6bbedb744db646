"""ClickHouse's HTTP interface over the engine of this process, for tests of what goes through the real HTTP driver.

As much of it as clickhouse-connect uses without bound parameters; a test aid, no server.
"""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import clickhouse_connect
import lz4.frame
from clickhouse_connect.driver.exceptions import ClickHouseError

_PLAIN = {"": bytes, "identity": bytes, "gzip": gzip.decompress, "lz4": lz4.frame.decompress}


@contextmanager
def http_front(folder: Path) -> Iterator[str]:
    """`host:port` of the interface to the engine in a folder."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(200, b"Ok.\n")

        def do_POST(self) -> None:
            asked = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
            body = _PLAIN[self.headers.get("content-encoding", "")](self._body())
            client = clickhouse_connect.get_client(
                interface="chdb", path=str(folder), database=asked.get("database", "default")
            )
            try:
                self._answer(200, _run(client, asked.get("query", ""), body))
            except ClickHouseError as error:
                self._answer(500, str(error).encode(), code=str(getattr(error, "code", None) or 1000))
            finally:
                client.close()

        def _body(self) -> bytes:
            if self.headers.get("transfer-encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("content-length", 0)))
            whole = b""
            while size := int(self.rfile.readline(), 16):
                whole += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return whole

        def _answer(self, status: int, body: bytes, code: str | None = None) -> None:
            self.send_response(status)
            if code:
                self.send_header("X-ClickHouse-Exception-Code", code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _run(client: clickhouse_connect.driver.Client, query: str, body: bytes) -> bytes:
    """The statement stands in the address, or begins the body; the data of an INSERT follow it there."""
    if not query and body.lstrip()[:6].upper() == b"INSERT" and b"FORMAT" in (first := body.partition(b"\n"))[0]:
        query, body = first[0].decode(), first[2]
    if not query:
        return client.raw_query(body.decode())
    if query.lstrip().upper().startswith("INSERT") and body:
        before, _, format_ = query.rpartition("FORMAT ")
        table, _, columns = before.strip().removeprefix("INSERT INTO ").partition("(")
        names = [name.strip(" `") for name in columns.rstrip(") ").split(",")]
        client.raw_insert(table.strip(), names, body, fmt=format_.strip())
        return b""
    return client.raw_query(query)
