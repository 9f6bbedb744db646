"""The address of a Kafka, and how we identify ourselves there.

`kafka://h1:9092,h2:9092` without TLS; `kafkas://user:password@h1:9093,h2:9093` with TLS and a user.
"""

import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from schemas.told import ToldError
from services.seal import Seal

MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")
_PORT = 9092


class BrokerAddressError(ToldError, ValueError):
    """The address of the brokers can't be right. The message says what would be."""


class BrokerUnavailableError(ToldError):
    """The broker did not answer in time. What was sent may still arrive; sending it again is harmless."""


@dataclass(frozen=True, slots=True)
class Brokers:
    """Where the brokers are, and how we identify ourselves to them."""

    hosts: tuple[str, ...]
    tls: bool = False
    user: str | None = None
    password: str = field(default="", repr=False)
    mechanism: str = MECHANISMS[0]
    ca: Path | None = None
    """Certificate of the authority that signed those of the brokers. None: the authorities that the system trusts."""
    certificate: Path | None = None
    """Our own certificate, for brokers that ask for one (mutual TLS)."""
    key: Path | None = None
    seal: Seal | None = field(default=None, repr=False)
    """What messages are sealed with, on brokers that anybody on this machine can reach. None: they go as they are."""

    def __str__(self) -> str:
        return ",".join(self.hosts)

    @property
    def protocol(self) -> str:
        """The security protocol, by Kafka's name for it."""
        return ("SASL_" if self.user else "") + ("SSL" if self.tls else "PLAINTEXT")

    def ssl_context(self) -> ssl.SSLContext | None:
        """Returns a context that checks host name and certificate, or None without TLS.

        Raises BrokerAddressError when a file can't be read.
        """
        if not self.tls:
            return None
        try:
            context = ssl.create_default_context(cafile=self.ca)
            if self.certificate is not None:
                context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise BrokerAddressError(
                f"de certificaten zijn niet te lezen ({error}); kloppen OPVANGPEIL_KAFKA_CA, _CERT en _SLEUTEL?"
            ) from error
        return context

    def client_settings(self) -> dict[str, Any]:
        """Returns the keyword arguments that every client of kafka-python needs."""
        settings: dict[str, Any] = {"bootstrap_servers": list(self.hosts), "security_protocol": self.protocol}
        if self.tls:
            settings["ssl_context"] = self.ssl_context()
        if self.user:
            settings |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password,
            }
        return settings


def parse_brokers(
    url: str,
    *,
    mechanism: str | None = None,
    ca: Path | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
) -> Brokers:
    """Parses an address. Raises BrokerAddressError, whose message never contains the password."""
    scheme, _, rest = url.partition("://")
    secret, _, hosts = rest.rpartition("@")
    parts = [urlsplit(f"//{host}") for host in hosts.split(",")]
    if scheme not in ("kafka", "kafkas") or not all(_is_host(host) for host in hosts.split(",")):
        shown = f"{scheme}://***@{hosts}" if secret else url
        raise BrokerAddressError(
            f"OPVANGPEIL_KAFKA={shown!r} is geen adres van Kafka; verwacht kafka://host1:9092,host2:9092, "
            "of over TLS kafkas://gebruiker:wachtwoord@host1:9093"
        )
    if mechanism is not None and mechanism not in MECHANISMS:
        raise BrokerAddressError(f"OPVANGPEIL_KAFKA_SASL={mechanism!r} kan niet; kies uit {', '.join(MECHANISMS)}")
    user, _, password = secret.partition(":")
    return Brokers(
        hosts=tuple(f"{part.hostname}:{part.port or _PORT}" for part in parts),
        tls=scheme == "kafkas",
        user=unquote(user) or None,
        password=unquote(password),
        mechanism=mechanism or MECHANISMS[0],
        ca=ca,
        certificate=certificate,
        key=key,
    )


def _is_host(text: str) -> bool:
    match = re.fullmatch(r"([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::([0-9]{1,5}))?", text)
    return match is not None and (match[2] is None or 0 < int(match[2]) < 65536)
