"""ClickHouse's HTTP interface over chDB, for tests: a store that several processes share, and that can be broken.

A thin front without any state of its own: it may be killed, paused and started again at any moment. A test and
development aid, no product: it listens on 127.0.0.1 only, and lets in whoever gives no password, or PASSWORD.
Usage: python -m tests.support.clickhouse_front --folder DIR [--port N] [--quota-file PATH]
"""

import argparse
import re
import socketserver
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes
from itertools import chain
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qsl

import chdb
import cramjam

NOT_SETTINGS = {
    "buffer_size",
    "client_protocol_version",
    "compress",
    "database",
    "decompress",
    "default_format",
    "enable_http_compression",
    "http_headers_progress_interval_ms",
    "password",
    "query",
    "query_id",
    "quota_key",
    "role",
    "send_progress_in_http_headers",
    "session_check",
    "session_id",
    "session_timeout",
    "user",
    "wait_end_of_query",
}
"""Parameters meant for the HTTP interface itself."""
INSERT = re.compile(rb"\s*(INSERT\s+INTO\s+[^\s(]+\s*(?:\([^)]*\))?)\s*FORMAT\s+(\w+)[ \t]*(?:\n|$)", re.IGNORECASE)
"""An insert whose data follows the statement, in some format."""
WRITES = re.compile(rb"\s*INSERT\b", re.IGNORECASE)
READS = re.compile(rb"[\s(]*(SELECT|WITH)\b.*\bFORMAT\s+(\w+)\s*", re.IGNORECASE | re.DOTALL)
CODE = re.compile(r"Code: (\d+)\. ")
STATUS = {"60": 404, "81": 404, "62": 400, "497": 403, "516": 403}
PASSWORD = "geheim"
DENIED = "Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)"
FULL = "Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)"
UNPACK = {"lz4": cramjam.lz4, "zstd": cramjam.zstd, "gzip": cramjam.gzip, "br": cramjam.brotli}
PIECE = 1 << 20


class Engine:
    """A connection to chDB. Only its database changes: settings go with a query, or the connection ends after them."""

    def __init__(self, folder: str) -> None:
        self.connection = chdb.connect(folder)
        self._database = "default"

    def use(self, database: str) -> None:
        if database != self._database:
            self.connection.query(f"USE `{database}`")
            self._database = database

    def insert(self, into: str, form: str, pieces: Iterable[bytes]) -> None:
        """Inserts rows as they come in. If the stream breaks off, nothing is written."""
        with self.connection.send_insert(into, form) as inserter:
            for piece in pieces:
                inserter.append(piece)
            inserter.finish()


class Front(socketserver.ThreadingTCPServer):
    """One engine, and the connections to it that are free now."""

    allow_reuse_address = daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, folder: Path, quota_file: Path | None) -> None:
        self._folder, self._quota_file = str(folder), quota_file
        self._holder = Engine(self._folder)  # stays open, since an engine without connections releases its folder
        self._idle: list[Engine] = []
        super().__init__(("127.0.0.1", port), Client)

    def full(self) -> bool:
        return self._quota_file is not None and self._quota_file.exists()

    @contextmanager
    def engine(self, settings: str) -> Iterator[Engine]:
        """Gives a connection. One with settings serves once, since some settings can't be undone."""
        try:
            engine = Engine(self._folder) if settings else self._idle.pop()
        except IndexError:  # all connections are in use
            engine = Engine(self._folder)
        try:
            if settings:
                engine.connection.query(f"SET {settings}")
            yield engine
        finally:
            if settings:
                engine.connection.close()
            else:
                self._idle.append(engine)


class Client(socketserver.StreamRequestHandler):
    """The connection of a client, which handles one request after the other."""

    server: Front
    disable_nagle_algorithm = True
    rbufsize = 1 << 17
    timeout = 30.0  # ClickHouse also closes a connection that is idle for this long

    def handle(self) -> None:
        try:
            while self._one():
                pass
        except (TimeoutError, ConnectionError, EOFError):
            return  # the client left, or sent nothing for a while

    def _one(self) -> bool:
        """Answers one request. Returns False if no more will come."""
        line = self.rfile.readline()
        if not line:
            return False
        headers = dict(self._headers())
        path, _, query = line.split()[1].decode().partition("?")
        pieces = body(self.rfile, headers)
        try:
            if not _let_in(headers.get("authorization", "")):
                raise RuntimeError(DENIED)
            answer = (
                b"Ok.\n"
                if path == "/ping"
                else self._run(dict(parse_qsl(query, keep_blank_values=True)), headers, pieces)
            )
            self._answer("200 OK", answer)
        except RuntimeError as error:  # an error of chDB itself
            said = str(error)
            code = found[1] if (found := CODE.search(said)) else "1002"
            text = said[found.start() :] if found else said
            self._answer(f"{STATUS.get(code, 500)} Error", text.encode(), f"\r\nX-ClickHouse-Exception-Code: {code}")
        for _ in pieces:
            pass  # the rest of this request must not be read as the next one
        return headers.get("connection", "").lower() != "close"

    def _headers(self) -> Iterator[tuple[str, str]]:
        while line := self.rfile.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            yield name.lower(), value.strip()

    def _answer(self, status: str, content: bytes, more: str = "") -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}{more}\r\n\r\n".encode()
        self.connection.sendall(head + content)

    def _run(self, asked: dict[str, str], headers: Mapping[str, str], pieces: Iterator[bytes]) -> bytes:
        statement = asked.get("query", "").encode()
        if headers.get("content-type", "").startswith("multipart/"):
            asked |= fields(headers["content-type"], b"".join(pieces))
            statement = asked["query"].encode()
        given = {k: v for k, v in asked.items() if k not in NOT_SETTINGS and not k.startswith("param_")}
        settings = ", ".join(f"{name} = {quoted(value)}" for name, value in given.items())
        clause = f" SETTINGS {settings}" if settings else ""
        if not INSERT.fullmatch(statement):  # after a complete INSERT the body is data
            statement += next(pieces, b"")
        if self.server.full() and WRITES.match(statement):
            raise RuntimeError(FULL)
        database = asked.get("database", "default")
        if insert := INSERT.match(statement):
            with self.server.engine("") as engine:
                engine.use(database)
                data = chain([statement[insert.end() :]], pieces)
                engine.insert(insert[1].decode() + clause, insert[2].decode(), data)
            return b""
        statement += b"".join(pieces)
        inline = READS.fullmatch(statement) is not None
        parameters = {name[6:]: value for name, value in asked.items() if name.startswith("param_")}
        with self.server.engine("" if inline else settings) as engine:
            engine.use(database)
            text = statement.decode() + (clause if inline else "")
            return engine.connection.query(text, "TabSeparated", params=parameters).bytes()


def _let_in(authorization: str) -> bool:
    _, _, encoded = authorization.partition(" ")
    _, _, password = b64decode(encoded).decode().partition(":")
    return password in ("", PASSWORD)


def body(stream: BinaryIO, headers: Mapping[str, str]) -> Iterator[bytes]:
    """Yields the body of a request, in pieces as it arrives. A compressed body comes as a whole."""
    chunked = headers.get("transfer-encoding", "").lower() == "chunked"
    raw = _chunks(stream) if chunked else _sized(stream, int(headers.get("content-length", 0)))
    if encoding := headers.get("content-encoding"):
        raw = iter([UNPACK[encoding].decompress(b"".join(raw)).read()])
    yield from raw


def _sized(stream: BinaryIO, left: int) -> Iterator[bytes]:
    while left:
        piece = stream.read(min(left, PIECE))
        if not piece:
            raise EOFError
        left -= len(piece)
        yield piece


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while size := int(stream.readline() or b"-1", 16):
        if size < 0:
            raise EOFError
        yield from _sized(stream, size)
        stream.readline()
    stream.readline()


def fields(content_type: str, content: bytes) -> dict[str, str]:
    """Returns the fields of a form."""
    form = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + content)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True).decode()
        for part in form.get_payload()
    }


def quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--quota-file", type=Path, help="while it exists, the disk is full")
    asked = options.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with Front(asked.port, asked.folder, asked.quota_file) as front:
        print(f"luistert op http://127.0.0.1:{front.server_address[1]}", flush=True)
        front.serve_forever()


if __name__ == "__main__":
    main()
