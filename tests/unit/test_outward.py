"""HTTP to receivers: only allowed addresses are asked, and no answer can do harm."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest

from services.alarms.deliver.outward import Outward, RefusedAddressError, Reply, UnreachableError, allowed
from tests.support.webhook_receiver import Answer, WebhookReceiver

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NEVER = [
    "169.254.169.254",
    "169.254.1.1",
    "fe80::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "192.88.99.1",
    "2002:c058:6301::",
    "3fff::1",
    "100.100.100.200",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "240.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "::ffff:0.0.0.0",
    "::a9fe:a9fe",
    "64:ff9b:1::a9fe:a9fe",
    "::ffff:0:a9fe:a9fe",
    "fec0::1",
    "192.0.0.192",
    "168.63.129.16",
]
"""Cloud metadata addresses in every notation, multicast groups, and reserved addresses."""
OWN = [
    "127.0.0.1",
    "::1",
    "10.0.0.1",
    "172.16.9.9",
    "192.168.1.1",
    "100.64.0.1",
    "fd12::1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
]
"""Addresses of a private network."""
PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("private", [False, True])
def test_some_addresses_are_never_asked(address: str, private: bool) -> None:
    assert not allowed(ip_address(address), private=private)


@pytest.mark.parametrize("address", OWN)
def test_a_network_of_ones_own_only_if_so_wished(address: str) -> None:
    assert allowed(ip_address(address), private=True)
    assert not allowed(ip_address(address), private=False)


@pytest.mark.parametrize("address", PUBLIC)
def test_the_internet_may_be_asked(address: str) -> None:
    assert allowed(ip_address(address), private=False)


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as one:
        yield one


def post(url: str, *, private: bool = True, seconds: float = 10, times: int = 1) -> list[Reply]:
    """Returns the answers of a receiver."""

    async def scenario() -> list[Reply]:
        outward = Outward(private=private, seconds_max=seconds)
        try:
            return [await outward.post(url, b"{}", {"X-Proef": "1"}, NOW) for _ in range(times)]
        finally:
            await outward.close()

    return asyncio.run(scenario())


def test_it_is_sent_as_it_was_given_and_under_its_own_name(receiver: WebhookReceiver) -> None:
    url = f"http://localhost:{receiver.port}/pad?sleutel=waarde"
    assert post(url) == [Reply(200, None)]
    (request,) = receiver.requests
    assert (request.method, request.path, request.body) == ("POST", "/pad?sleutel=waarde", b"{}")
    assert (request.headers["host"], request.headers["x-proef"]) == (f"localhost:{receiver.port}", "1")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "127.1", "0x7f.1", "017700000001", "0177.0.0.1"]
)
def test_a_private_address_is_refused_however_it_is_written(receiver: WebhookReceiver, host: str) -> None:
    with pytest.raises((RefusedAddressError, UnreachableError)):
        post(f"http://{host}:{receiver.port}/", private=False)
    assert receiver.requests == []


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:169.254.169.254]", "2852039166"])
def test_the_keys_of_a_cloud_are_refused_even_on_a_network_of_ones_own(host: str) -> None:
    with pytest.raises(RefusedAddressError, match=r"leidt naar .*169\.254\.169\.254|leidt naar .*a9fe:a9fe"):
        post(f"http://{host}/latest/meta-data/")


def test_of_a_name_every_address_is_judged_and_the_judged_one_is_asked(
    receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second lookup of a name may give another address, so there is no second lookup."""
    asked = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        addresses = ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]
        return [(2, 1, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert post(f"http://intern.example:{receiver.port}/") == [Reply(200, None)]
    assert asked == ["intern.example"]

    def mixed(host: str, port: int, **_: Any) -> list[Any]:
        return [(2, 1, 6, "", (address, port)) for address in ("127.0.0.1", "169.254.169.254")]

    monkeypatch.setattr(socket, "getaddrinfo", mixed)
    with pytest.raises(RefusedAddressError, match=r"intern\.example leidt naar 169\.254\.169\.254"):
        post(f"http://intern.example:{receiver.port}/")


def test_a_redirect_is_an_answer_and_not_followed(receiver: WebhookReceiver) -> None:
    receiver.answer(Answer(302, headers={"Location": f"{receiver.url}/elders"}))
    assert post(f"{receiver.url}/hier") == [Reply(302, None)]
    assert [request.path for request in receiver.requests] == ["/hier"]


def test_an_answer_of_10_mb_is_not_read(receiver: WebhookReceiver) -> None:
    receiver.answer(Answer(200, body=b"x" * 10_000_000))
    assert post(f"{receiver.url}/") == [Reply(200, None)]


def test_who_hangs_is_given_up_on(receiver: WebhookReceiver) -> None:
    receiver.otherwise(Answer(hang=True))
    with pytest.raises(UnreachableError, match=r"geen antwoord binnen|niet bereikbaar"):
        post(f"{receiver.url}/", seconds=0.3)


def test_who_is_not_there_is_said_to_be_so(receiver: WebhookReceiver) -> None:
    receiver.stop()
    with pytest.raises(UnreachableError, match="niet bereikbaar: ConnectError"):
        post(f"{receiver.url}/")
    receiver.start()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("120", timedelta(seconds=120)),
        ("Wed, 25 Nov 2026 12:02:00 GMT", timedelta(minutes=2)),
        ("Wed, 25 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("straks", None),
        ("-5", None),
        ("9" * 30, timedelta(seconds=10**6)),
    ],
)
def test_how_long_it_asks_to_be_left_alone(receiver: WebhookReceiver, said: str, meant: timedelta | None) -> None:
    receiver.answer(Answer(429, headers={"Retry-After": said}))
    assert post(f"{receiver.url}/") == [Reply(429, meant)]


@pytest.mark.parametrize("url", ["https://a..b/", "http://" + "x" * 64 + ".example/", "http://\udcff.example/"])
def test_a_name_that_can_be_none_is_a_failed_attempt(url: str) -> None:
    with pytest.raises(UnreachableError):
        post(url)


def test_a_wait_of_5000_digits_is_a_long_one(receiver: WebhookReceiver) -> None:
    receiver.answer(Answer(503, headers={"Retry-After": "9" * 5000}))
    assert post(f"{receiver.url}/") == [Reply(503, timedelta(seconds=10**6))]


def test_a_cookie_is_forgotten(receiver: WebhookReceiver) -> None:
    receiver.answer(Answer(200, headers={"Set-Cookie": "sessie=1"}))
    post(f"{receiver.url}/", times=2)
    assert "cookie" not in receiver.requests[1].headers
