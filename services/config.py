"""Reads the settings from the environment; no other module does. An empty variable counts as absent."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from schemas.told import ToldError

SECRET_MIN = 32
CONTROLE_DAGEN = 366
DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
"""The folder with the files that come with Opvangpeil."""
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
_SECRET = ("OPVANGPEIL_TOKEN", "OPVANGPEIL_OIDC_GEHEIM", "OPVANGPEIL_SESSIESLEUTEL")
_URI = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[!#-;=?-\[\]_a-z~]*)?")
"""A URI of the web, without the signs that RFC 3986 forbids: it stands between < and > in a header and in Turtle."""
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_WITH_PASSWORD = ("OPVANGPEIL_KAFKA", "OPVANGPEIL_CLICKHOUSE")


class ConfigError(ToldError, ValueError):
    """A setting that can't be right. The message says which one, and what would be right."""


@dataclass(frozen=True, slots=True)
class Oidc:
    """The issuer whose tokens are trusted."""

    issuer: str
    audience: str
    role_claim: str
    client: str | None
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a service. Without an address for Kafka or ClickHouse, that part is embedded."""

    kafka: str | None
    """URL of the Kafka brokers."""
    kafka_sasl: str | None
    """The SASL mechanism for the user of the brokers."""
    kafka_ca: Path | None
    kafka_certificate: Path | None
    kafka_key: Path | None
    clickhouse: str | None
    """URL of the ClickHouse server, or chdb:///folder."""
    clickhouse_ca: Path | None
    """Certificate of the authority that signed that of the server. None: the authorities that the system trusts."""
    port: int
    """The port of the service that is started."""
    data: Path
    """The data folder of the embedded form."""
    partitions: int
    """The fewest partitions that the topics of a Kafka may have: so many processors can share the work."""
    host: str = "127.0.0.1"
    """The address to listen on. Beyond loopback, access must be set up."""
    url: str | None = None
    """The URL by which browsers reach us through a proxy, such as https://opvangpeil.example.org."""
    proxies: str = "127.0.0.1"
    """The addresses of proxies whose X-Forwarded headers are believed."""
    requests_per_second: int = 100
    """The limit for one token, over time. A burst may have twice as many."""
    token: str | None = field(default=None, repr=False)
    """The token that the command line shows to the server of --url."""
    session_secret: str | None = field(default=None, repr=False)
    """Seals the sessions of browsers. None: each process makes a secret of its own."""
    oidc: Oidc | None = None
    alarm_rules: Path = DEPLOY / "alarmregels.toml"
    """The file with the rules for alarms."""
    minimale_dekking: float = 0.8
    """The least share of locaties and places with a recent reading, before a figure of an area is stated."""
    pager: str = "less -FRX"
    """The program that shows a long answer in pages."""
    receivers: Path | None = None
    """The file that says who receives alarms. None: the file beside the rules, if it is there."""
    licentie: str | None = None
    """The URI of the licence by which others may use what is answered. None: the operator chose none."""
    uitgever: str | None = None
    """The name of the organisation that publishes."""
    uitgever_uri: str | None = None
    """The URI by which authority lists know that organisation."""
    contact: str | None = None
    """Where people ask about the data: an e-mail address, or the URL of a page."""
    profielen: Path = DEPLOY / "profielen"
    """The folder with the profiles of files, and the table of names."""
    cors: tuple[str, ...] = ()
    """The origins whose pages may read the API; `*` among them: pages of any site."""
    controle_dagen: int = CONTROLE_DAGEN
    """For how many days after it was issued the report of a gemeente can be checked by its code."""


def read_config(environment: Mapping[str, str] = os.environ) -> Config:
    """Reads the variables OPVANGPEIL_*. Raises ConfigError."""
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
        host=address(_get(environment, "OPVANGPEIL_HOST") or "127.0.0.1", "OPVANGPEIL_HOST"),
        url=_base_url(environment, "OPVANGPEIL_URL"),
        proxies=_get(environment, "OPVANGPEIL_PROXY") or "127.0.0.1",
        requests_per_second=_number(environment, "OPVANGPEIL_VERZOEKEN", 100, 100_000, "een aantal verzoeken"),
        token=_get(environment, "OPVANGPEIL_TOKEN"),
        session_secret=_secret(environment, "OPVANGPEIL_SESSIESLEUTEL"),
        oidc=_oidc(environment),
        alarm_rules=_path(environment, "OPVANGPEIL_ALARMREGELS") or DEPLOY / "alarmregels.toml",
        minimale_dekking=_share(environment, "OPVANGPEIL_MINIMALE_DEKKING", 0.8),
        pager=_get(environment, "PAGER") or "less -FRX",
        receivers=_path(environment, "OPVANGPEIL_ONTVANGERS"),
        licentie=_uri(environment, "OPVANGPEIL_LICENTIE", "http://creativecommons.org/publicdomain/zero/1.0/deed.nl"),
        uitgever=_get(environment, "OPVANGPEIL_UITGEVER"),
        uitgever_uri=_uri(environment, "OPVANGPEIL_UITGEVER_URI", "https://identifier.overheid.nl/tooi/id/…"),
        contact=_contact(environment, "OPVANGPEIL_CONTACT"),
        profielen=_folder(environment, "OPVANGPEIL_PROFIELEN") or DEPLOY / "profielen",
        cors=_origins(environment, "OPVANGPEIL_CORS"),
        controle_dagen=_number(environment, "OPVANGPEIL_CONTROLE_DAGEN", CONTROLE_DAGEN, 36_500, "een aantal dagen"),
    )


def address(text: str, name: str) -> str:
    """Checks and returns an address to listen on; `name` is the setting. Raises ConfigError."""
    try:
        return "127.0.0.1" if text == "localhost" else str(ip_address(text.strip("[]")))
    except ValueError as error:
        raise ConfigError(
            f"{name}={text!r} is geen adres om op te luisteren; verwacht een IP-adres: 127.0.0.1, of 0.0.0.0 voor alle"
        ) from error


def is_loopback(host: str) -> bool:
    """Returns whether only this machine can reach an address."""
    found = ip_address(host)
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback


def secrets(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """Returns the secrets in the environment, in every form in which they may turn up in a text."""
    found = {_get(environment, name) for name in _SECRET}
    for name in _WITH_PASSWORD:
        _, _, place = (_get(environment, name) or "").partition("://")
        password = place.rpartition("@")[0].partition(":")[2]
        found |= {password, unquote(password)}
    return frozenset(text for text in found if text)


def _get(environment: Mapping[str, str], name: str) -> str | None:
    return environment.get(name, "").strip() or None


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    """Returns the file that a setting names. Raises ConfigError when it is not there."""
    text = _get(environment, name)
    if text is None:
        return None
    if not Path(text).is_file():
        raise ConfigError(f"{name}={text!r} is geen bestand dat er is")
    return Path(text)


def _folder(environment: Mapping[str, str], name: str) -> Path | None:
    """Returns the folder that a setting names. Raises ConfigError when it is not there."""
    text = _get(environment, name)
    if text is None:
        return None
    if not Path(text).is_dir():
        raise ConfigError(f"{name}={text!r} is geen map die er is")
    return Path(text)


def _number(environment: Mapping[str, str], name: str, default: int, maximum: int, meaning: str) -> int:
    text = _get(environment, name)
    if text is None:
        return default
    if not text.isdigit() or not 0 < int(text) <= maximum:
        raise ConfigError(f"{name}={text!r} is niet {meaning}; verwacht een getal van 1 tot en met {maximum}")
    return int(text)


def _share(environment: Mapping[str, str], name: str, default: float) -> float:
    text = _get(environment, name)
    if text is None:
        return default
    if not re.fullmatch(r"0[.,][0-9]{1,4}|1([.,]0+)?", text):
        raise ConfigError(f"{name}={text!r} is geen deel van het geheel; verwacht een getal van 0.0 tot en met 1")
    return float(text.replace(",", "."))


def _oidc(environment: Mapping[str, str]) -> Oidc | None:
    issuer = _get(environment, "OPVANGPEIL_OIDC_UITGEVER")
    audience = _get(environment, "OPVANGPEIL_OIDC_PUBLIEK")
    claim = _get(environment, "OPVANGPEIL_OIDC_ROLCLAIM")
    client = _get(environment, "OPVANGPEIL_OIDC_CLIENT")
    secret = _get(environment, "OPVANGPEIL_OIDC_GEHEIM")
    if issuer is None:
        if audience or client or secret:
            raise ConfigError("OPVANGPEIL_OIDC_UITGEVER ontbreekt; verwacht het adres van de uitgever, met https://")
        return None
    if audience is None:
        raise ConfigError(
            "OPVANGPEIL_OIDC_PUBLIEK ontbreekt; verwacht hoe de uitgever dit systeem noemt (aud), zoals opvangpeil"
        )
    if secret and not client:
        raise ConfigError("OPVANGPEIL_OIDC_CLIENT ontbreekt; OPVANGPEIL_OIDC_GEHEIM hoort bij een client")
    _check_https(issuer, "OPVANGPEIL_OIDC_UITGEVER")
    return Oidc(issuer, audience, claim or "roles", client, secret)


def _base_url(environment: Mapping[str, str], name: str) -> str | None:
    url = _get(environment, name)
    if url is None:
        return None
    _check_https(url, name)
    parts = urlsplit(url)
    if parts.path.strip("/") or parts.query:
        raise ConfigError(f"{name}={url!r} heeft een pad; verwacht alleen het begin: https://opvangpeil.example.org")
    return url.rstrip("/")


def _uri(environment: Mapping[str, str], name: str, example: str) -> str | None:
    """Returns a URI as it is written: as a name, http://… is not https://…, so nothing is mended."""
    uri = _get(environment, name)
    if uri is not None and not _URI.fullmatch(uri):
        raise ConfigError(f"{name}={uri!r} is geen volledige URI; verwacht http(s)://… zoals {example}")
    return uri


def _contact(environment: Mapping[str, str], name: str) -> str | None:
    contact = _get(environment, name)
    if contact is not None and not (_EMAIL.fullmatch(contact) or _URI.fullmatch(contact)):
        raise ConfigError(f"{name}={contact!r} is geen e-mailadres en geen webadres; verwacht opvang@example.org")
    return contact


def _origins(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Returns origins as browsers write them. One with a path or a slash at its end would never be one of those."""
    origins = tuple(one.strip() for one in (_get(environment, name) or "").split(",") if one.strip())
    for origin in origins:
        if origin != "*" and not _is_origin(origin):
            raise ConfigError(
                f"{name}={origin!r} is geen origin; verwacht * of https://kaart.example.org, in kleine letters, zonder "
                "pad, gebruiker of de gewone poort, met komma's ertussen"
            )
        if origin != "*":
            _check_https(origin, name)
    return origins


def _is_origin(text: str) -> bool:
    """Returns whether a browser sends this in `Origin` (RFC 6454): ASCII, and no port where it is the usual one."""
    try:
        parts = urlsplit(text)
        usual = {"https": 443, "http": 80}.get(parts.scheme) == parts.port
    except ValueError:  # no address at all
        return False
    return text.isascii() and "@" not in text and not usual and text == f"{parts.scheme}://{parts.netloc}".lower()


def _check_https(url: str, name: str) -> None:
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in _LOCAL_HOSTS
    if not parts.hostname or not (parts.scheme == "https" or local):
        raise ConfigError(f"{name}={url!r} is geen veilig adres; verwacht https://… (http alleen op deze machine zelf)")


def _secret(environment: Mapping[str, str], name: str) -> str | None:
    secret = _get(environment, name)
    if secret is not None and len(secret) < SECRET_MIN:
        raise ConfigError(
            f"{name} is te kort; verwacht {SECRET_MIN} willekeurige tekens of meer, zoals van `openssl rand -base64 32`"
        )
    return secret
