"""What the environment says: read here, and nowhere else. An empty variable counts as absent."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

_SECRET = ("OPVANGPEIL_TOKEN", "OPVANGPEIL_OIDC_GEHEIM", "OPVANGPEIL_SESSIESLEUTEL")
_WITH_PASSWORD = ("OPVANGPEIL_KAFKA", "OPVANGPEIL_CLICKHOUSE")


class ConfigError(ValueError):
    """A setting that can't be right; the message says which and what would be."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a service. None: not set, so the embedded form."""

    kafka: str | None
    """URL of the Kafka brokers."""
    kafka_sasl: str | None
    """How a user of the brokers shows who they are."""
    kafka_ca: Path | None
    kafka_certificate: Path | None
    kafka_key: Path | None
    clickhouse: str | None
    """URL of the ClickHouse server, or chdb:///folder."""
    clickhouse_ca: Path | None
    """Who signed the certificate of that server; None: whom the system trusts."""
    port: int
    """Port of whichever service is started, on 127.0.0.1."""
    data: Path
    """Folder of the embedded form."""
    partitions: int
    """How many partitions the topics of a Kafka have at least: so many processors can share the work."""


def read_config(environment: Mapping[str, str] = os.environ) -> Config:
    """Read OPVANGPEIL_*. Raises ConfigError."""
    return Config(
        kafka=_get(environment, "OPVANGPEIL_KAFKA"),
        kafka_sasl=_get(environment, "OPVANGPEIL_KAFKA_SASL"),
        kafka_ca=_path(environment, "OPVANGPEIL_KAFKA_CA"),
        kafka_certificate=_path(environment, "OPVANGPEIL_KAFKA_CERT"),
        kafka_key=_path(environment, "OPVANGPEIL_KAFKA_SLEUTEL"),
        clickhouse=_get(environment, "OPVANGPEIL_CLICKHOUSE"),
        clickhouse_ca=_path(environment, "OPVANGPEIL_CLICKHOUSE_CA"),
        port=_number(environment, "OPVANGPEIL_PORT", 8080, 65_535, "een poort"),
        data=Path(_get(environment, "OPVANGPEIL_DATA") or "data"),
        partitions=_number(environment, "OPVANGPEIL_PARTITIES", 8, 1000, "een aantal partities"),
    )


def secrets(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """What the environment holds that must never be shown, in every form in which it may turn up."""
    found = {_get(environment, name) for name in _SECRET}
    for name in _WITH_PASSWORD:
        _, _, place = (_get(environment, name) or "").partition("://")
        password = place.rpartition("@")[0].partition(":")[2]
        found |= {password, unquote(password)}
    return frozenset(text for text in found if text)


def _get(environment: Mapping[str, str], name: str) -> str | None:
    return environment.get(name, "").strip() or None


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    """A file that must be there."""
    text = _get(environment, name)
    if text is None:
        return None
    if not Path(text).is_file():
        raise ConfigError(f"{name}={text!r} is geen bestand dat er is")
    return Path(text)


def _number(environment: Mapping[str, str], name: str, default: int, maximum: int, meaning: str) -> int:
    text = _get(environment, name)
    if text is None:
        return default
    if not text.isdigit() or not 0 < int(text) <= maximum:
        raise ConfigError(f"{name}={text!r} is niet {meaning}; verwacht een getal van 1 tot en met {maximum}")
    return int(text)
