"""Clients that send their request slowly, or without end, are cut off and do not hinder others."""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from services.web.patience import PatientProtocol

SLOW_CLIENTS = 1000
WAIT_SECONDS_MAX = 20


class Impatient(PatientProtocol):
    HEAD_SECONDS_MAX = 1.0
    BODY_SECONDS_MAX = 2.0


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{len(await request.body())}")


@pytest.fixture
def port() -> Iterator[int]:
    app = Starlette(routes=[Route("/", echo, methods=["GET", "POST"])])
    server = uvicorn.Server(uvicorn.Config(app, http=Impatient, log_config=None, lifespan="off", timeout_keep_alive=30))
    with socket.create_server(("127.0.0.1", 0), backlog=2 * SLOW_CLIENTS) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


def connected(port: int, sent: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS_MAX)
    client.sendall(sent)
    return client


def answered(client: socket.socket) -> bytes:
    """Returns everything that the server sends until it closes the connection."""
    received = b""
    while piece := client.recv(4096):
        received += piece
    return received


def one_answer(client: socket.socket) -> bytes:
    """Returns the next answer on the connection, to the end of its body: it may arrive in pieces."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(client)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(re.findall(rb"(?i)\r\ncontent-length: (\d+)", head)[0])
    while len(body) < length:
        body += _some(client)
    assert len(body) == length, body
    return head + b"\r\n\r\n" + body


def _some(client: socket.socket) -> bytes:
    piece = client.recv(4096)
    assert piece, "the server closed the connection within an answer"
    return piece


WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
    ],
)
def test_half_a_request_is_cut_off(port: int, sent: bytes) -> None:
    with connected(port, sent) as client:
        assert answered(client).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("more", [b"\r\n", b"GET / HT"])
def test_half_a_request_after_a_whole_one_is_cut_off(port: int, more: bytes) -> None:
    with connected(port, WHOLE) as client:
        assert one_answer(client).startswith(b"HTTP/1.1 200 ")
        client.sendall(more)
        assert answered(client).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("line", "times"),
    [(b"a: b\r\n", 101), (b"a: b\r\n", 1_000_000), (b"a: " + b"x" * 40_000, 1), (b"x" * 1_000_000, 50)],
)
def test_a_head_without_end_is_refused(port: int, line: bytes, times: int) -> None:
    with connected(port, b"GET / HTTP/1.1\r\nHost: x\r\n") as client:
        with contextlib.suppress(ConnectionError):  # it was refused before all of it was sent
            client.sendall(line * times)
        with contextlib.suppress(ConnectionError):
            assert answered(client).startswith(b"HTTP/1.1 431 ")
    with connected(port, WHOLE) as client:
        assert one_answer(client).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\na: " + b"x" * 33_000 + b"\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\n" + (b"a: " + b"x" * 1_000 + b"\r\n") * 33,
        b"POST /" + b"x" * 33_000 + b" HTTP/1.1\r\nHost: x\r\n",
    ],
)
@pytest.mark.parametrize("before", [b"", WHOLE])
def test_a_long_head_is_refused_when_it_arrives_with_its_body(port: int, before: bytes, head: bytes) -> None:
    with connected(port, before + head + b"Content-Length: 3\r\n\r\nabc") as client:
        said = answered(client)
    assert b"HTTP/1.1 431 " in said
    assert said.count(b"HTTP/1.1 200 ") <= (1 if before else 0)


@pytest.mark.parametrize("size", [40_000, 1_000_000])
def test_a_body_is_no_part_of_the_head_however_it_arrives(port: int, size: int) -> None:
    with connected(port, b"") as client:
        for _ in range(2):
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size)
            assert one_answer(client).startswith(b"HTTP/1.1 200 ")


def test_a_hundred_headers_are_taken_of_each_request_on_a_connection(port: int) -> None:
    many = b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 99 + b"\r\n"
    with connected(port, many) as client:
        assert one_answer(client).startswith(b"HTTP/1.1 200 ")
        client.sendall(many)
        assert one_answer(client).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_trickles_in_time_is_taken(port: int) -> None:
    with connected(port, b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 15\r\n\r\n") as client:
        for _ in range(15):
            client.sendall(b"x")
            time.sleep(0.1)
        assert answered(client).endswith(b"15")


def test_a_thousand_slow_clients_hold_up_nobody(port: int) -> None:
    slow = [connected(port, b"GET / HTTP/1.1\r\nX: ") for _ in range(SLOW_CLIENTS)]
    try:
        with connected(port, WHOLE) as client:
            assert one_answer(client).startswith(b"HTTP/1.1 200 ")
        assert all(answered(client).startswith(b"HTTP/1.1 408 ") for client in slow)
    finally:
        for client in slow:
            client.close()
