"""HTTP to receivers: only to an address that was judged, and no further.

The URL of a receiver comes from a file, but what its name leads to can change. So the name is resolved, each of its
addresses is judged, and the connection goes to one of those. Redirects are not followed and answers are not used.
"""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import httpx

CONNECT_SECONDS_MAX = 5.0
SECONDS_MAX = 15.0
"""A whole attempt takes no longer. A receiver that hangs longer has failed."""
ANSWER_BYTES_MAX = 64 * 1024
"""Only the status of an answer counts. A short answer is read so that the connection can be used again."""
CONNECTIONS_MAX = 8
IpAddress = IPv4Address | IPv6Address
_METADATA = frozenset(
    map(ip_address, ("fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"))
)
"""Where clouds keep their keys, besides 169.254.169.254, which is refused as link-local."""
_NOBODY = tuple(map(ip_network, ("192.88.99.0/24", "3fff::/20")))
"""Networks that lead to nobody (RFC 7526, RFC 9637), and that Python does not know as such."""
_DIGITS_MAX = 18
_SHARED = ip_network("100.64.0.0/10")
_WRAPPING = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96")))
"""The IPv6 networks with an IPv4 address in the last 32 bits (RFC 6052, RFC 8215, RFC 2765, RFC 4291)."""


class UnreachableError(Exception):
    """No answer came. The message says why."""


class RefusedAddressError(Exception):
    """The name leads to an address that may not be asked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a receiver answered."""

    status: int
    retry_after: timedelta | None

    @property
    def taken(self) -> bool:
        """Whether the receiver accepted it."""
        return 200 <= self.status < 300


class Outward:
    """The connections to one receiver."""

    def __init__(self, *, private: bool, seconds_max: float = SECONDS_MAX) -> None:
        """`private`: whether addresses on a private network may be asked."""
        self._private, self._seconds = private, seconds_max
        self._resolver = ThreadPoolExecutor(1, thread_name_prefix="namen")
        self._client = httpx.AsyncClient(
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(seconds_max, connect=min(CONNECT_SECONDS_MAX, seconds_max)),
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX, keepalive_expiry=30),
        )

    async def close(self) -> None:
        """Closes the connections."""
        self._resolver.shutdown(wait=False, cancel_futures=True)
        await self._client.aclose()

    async def post(self, url: str, body: bytes, headers: dict[str, str], now: datetime) -> Reply:
        """Sends. Raises UnreachableError, RefusedAddressError."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._post(httpx.URL(url), body, headers, now)
        except TimeoutError as error:
            raise UnreachableError(f"geen antwoord binnen {self._seconds:.0f} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:  # ValueError: an impossible name.
            raise UnreachableError(f"niet bereikbaar: {type(error).__name__} {error}".strip()) from error

    async def _post(self, url: httpx.URL, body: bytes, headers: dict[str, str], now: datetime) -> Reply:
        address = await self._judged(url.host, url.port or (443 if url.scheme == "https" else 80))
        request = self._client.build_request(
            "POST",
            url.copy_with(host=str(address)),
            content=body,
            headers={"Host": url.netloc.decode("ascii"), **headers},
            extensions={"sni_hostname": url.host},  # The certificate must be for the name, not for the address.
        )
        response = await self._client.send(request, stream=True)
        try:
            read = 0
            async for part in response.aiter_raw():
                read += len(part)
                if read > ANSWER_BYTES_MAX:
                    break
        finally:
            await response.aclose()
            self._client.cookies.clear()
        return Reply(response.status_code, _retry_after(response.headers.get("retry-after"), now))

    async def _judged(self, host: str, port: int) -> IpAddress:
        """Returns the address to connect to. Raises RefusedAddressError when any of them may not be asked."""
        # In a thread of its own, so that a resolver that hangs holds up nobody else.
        found = await asyncio.get_running_loop().run_in_executor(
            self._resolver, partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        )
        addresses = [ip_address(str(place[0]).partition("%")[0]) for *_, place in found]
        for address in addresses:
            _judge(host, address, private=self._private)
        return addresses[0]


def check_literal(url: str, *, private: bool) -> None:
    """Judges a URL that holds an address itself. `private`: as `Outward` has it.

    Raises RefusedAddressError when that address may not be asked, or when it is no URL at all. What follows the host
    may be secret, so it is not in the message.
    """
    try:
        host = httpx.URL(url).host
    except (httpx.InvalidURL, ValueError) as error:
        raise RefusedAddressError(f"{urlsplit(url).hostname} is geen adres: {error}") from error
    try:
        address = ip_address(host)
    except ValueError:
        return  # It is a name: where that leads is judged at every attempt.
    _judge(host, address, private=private)


def _judge(host: str, address: IpAddress, *, private: bool) -> None:
    if not allowed(address, private=private):
        more = "" if private else "; voor een eigen netwerk: privaat = true"
        raise RefusedAddressError(f"{host} leidt naar {address}, en dat adres wordt niet gevraagd{more}")


def allowed(address: IpAddress, *, private: bool) -> bool:
    """Whether an address may be asked: one on the internet or, if `private`, one on a private network.

    Link-local addresses, where clouds keep their keys, multicast and unspecified addresses never may.
    """
    inner = _inner(address)
    if inner in _METADATA or inner.is_link_local or inner.is_multicast or inner.is_unspecified:
        return False
    if any(inner in network for network in _NOBODY):
        return False
    if inner.is_loopback:
        return private
    if inner.is_reserved or (isinstance(inner, IPv6Address) and inner.is_site_local):
        return False
    return inner.is_global or (private and (inner.is_private or inner in _SHARED))


def _inner(address: IpAddress) -> IpAddress:
    """Returns the IPv4 address that is wrapped in an IPv6 address, or the address itself."""
    if isinstance(address, IPv6Address):
        if any(address in network for network in _WRAPPING) and not address.is_loopback:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        return inner or address
    return address


def _retry_after(text: str | None, now: datetime) -> timedelta | None:
    """Reads Retry-After (RFC 9110): seconds or a date. Returns None for anything else."""
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:_DIGITS_MAX]), 10**6))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(timedelta(0), (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now)
