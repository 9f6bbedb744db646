"""What the environment says: read here, and nowhere else. An empty variable counts as absent."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SECRET = ("OPVANGPEIL_TOKEN", "OPVANGPEIL_OIDC_GEHEIM", "OPVANGPEIL_SESSIESLEUTEL")
_WITH_PASSWORD = ("OPVANGPEIL_KAFKA", "OPVANGPEIL_CLICKHOUSE")


class ConfigError(ValueError):
    """A setting that can't be right; the message says which and what would be."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a service. None: not set, so the embedded form."""

    kafka: str | None
    """host:port,host:port of the Kafka brokers."""
    clickhouse: str | None
    """URL of the ClickHouse server, or chdb:///folder."""
    port: int
    """Port of whichever service is started, on 127.0.0.1."""
    data: Path
    """Folder of the embedded form."""
    partitions: int
    """How many partitions the topics of a Kafka have at least: so many processors can share the work."""


def read_config(environment: Mapping[str, str] = os.environ) -> Config:
    """Read OPVANGPEIL_*. Raises ConfigError."""
    return Config(
        kafka=_brokers(_get(environment, "OPVANGPEIL_KAFKA")),
        clickhouse=_get(environment, "OPVANGPEIL_CLICKHOUSE"),
        port=_number(environment, "OPVANGPEIL_PORT", 8080, 65_535, "een poort"),
        data=Path(_get(environment, "OPVANGPEIL_DATA") or "data"),
        partitions=_number(environment, "OPVANGPEIL_PARTITIES", 8, 1000, "een aantal partities"),
    )


def secrets(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """What the environment holds that must never be shown, in every form in which it may turn up."""
    found = {_get(environment, name) for name in _SECRET}
    for name in _WITH_PASSWORD:
        _, _, place = (_get(environment, name) or "").partition("://")
        for host in place.split(","):
            who, at, _ = host.rpartition("@")
            password = who.partition(":")[2] if at else ""
            found |= {password, unquote(password)}
    return frozenset(text for text in found if text)


def _get(environment: Mapping[str, str], name: str) -> str | None:
    return environment.get(name, "").strip() or None


def _brokers(url: str | None) -> str | None:
    if url is None:
        return None
    scheme, _, hosts = url.partition("://")
    parts = [urlsplit(f"//{host}") for host in hosts.split(",")]
    try:
        if scheme == "kafka" and all(part.hostname for part in parts):
            return ",".join(f"{part.hostname}:{part.port or 9092}" for part in parts)
    except ValueError:
        pass  # a port that is no number: the same answer
    raise ConfigError(f"OPVANGPEIL_KAFKA={url!r} is geen adres van Kafka; verwacht kafka://host1:9092,host2:9092")


def _number(environment: Mapping[str, str], name: str, default: int, maximum: int, meaning: str) -> int:
    text = _get(environment, name)
    if text is None:
        return default
    if not text.isdigit() or not 0 < int(text) <= maximum:
        raise ConfigError(f"{name}={text!r} is niet {meaning}; verwacht een getal van 1 tot en met {maximum}")
    return int(text)
