"""Tokens of an OIDC issuer (OIDC NLGOV, OAuth NL): fetches its keys and decides which tokens to believe."""

import asyncio
import math
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key
from joserfc.jws import JWSRegistry, extract_compact
from joserfc.jwt import JWTClaimsRegistry

from services.access.refusals import WrongCredentialError
from services.access.roles import Caller, Role, known_roles
from services.clock import Clock
from services.web.problems import unavailable

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
"""Only asymmetric ones: with HS256 anybody who knows the public key could sign."""
TYPES = frozenset({None, "jwt", "at+jwt", "application/at+jwt"})
LEEWAY_SECONDS = 30
KEYS_SECONDS_MAX = 900.0
"""Older keys are fetched again, so that a key that was withdrawn stops working."""
RETRY_SECONDS = 10.0
"""We ask the issuer at most this often, however many unknown keys we are sent, also while it is away."""
TOKEN_TEXT_MAX = 8192
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_TIMEOUT = httpx.Timeout(3.0)
_REGISTRY = JWSRegistry(algorithms=ALGORITHMS)
_log = structlog.get_logger("toegang")


class IssuerAwayError(Exception):
    """The issuer does not answer, or does not answer as an issuer."""


@dataclass(frozen=True, slots=True)
class IssuerSettings:
    """Which issuer is believed, and its name for us."""

    issuer: str
    audience: str
    role_claim: str = "roles"
    """The name of a claim, or a path with dots: `realm_access.roles`."""
    client: str | None = None
    """Our client id for browsers. None: browsers can't log in."""
    secret: str | None = field(default=None, repr=False)
    """None: a public client, which proves itself with PKCE only."""


class Issuer:
    """An issuer, with its metadata and keys as last fetched. Only for the event loop."""

    def __init__(self, settings: IssuerSettings, clock: Clock, http: httpx.AsyncBaseTransport | None = None) -> None:
        self.settings = settings
        self._clock = clock
        local = urlsplit(settings.issuer).hostname in LOCAL_HOSTS
        self.client = httpx.AsyncClient(timeout=_TIMEOUT, transport=http, trust_env=not local)
        self._metadata: dict[str, Any] = {}
        self._keys: list[Key] = []
        self._fetched = self._tried = -math.inf
        self._lock = asyncio.Lock()

    async def metadata(self) -> dict[str, Any]:
        """Returns its metadata. Raises ProblemError 503 while it has never answered."""
        if not self._metadata:
            await self._refresh()
        if not self._metadata:
            raise unavailable("De uitgever van de tokens (OIDC) antwoordt niet. Probeer het zo weer.")
        return self._metadata

    async def caller(self, text: str) -> Caller:
        """Returns whose token it is. Raises WrongCredentialError, and ProblemError 503 while no keys are known."""
        return self.caller_of(await self.claims(text, self.settings.audience))

    def caller_of(self, claims: dict[str, Any]) -> Caller:
        """Returns the caller whom these claims are about, with the roles they give."""
        source, types, subjects = claims.get("source"), claims.get("types"), claims.get("onderwerpen")
        return Caller(
            "oidc",
            str(claims.get("sub", ""))[:200],
            self.roles(claims),
            source if isinstance(source, str) else None,
            types=frozenset(_names(types)) if "types" in claims else None,
            subjects=tuple(_names(subjects)) if "onderwerpen" in claims else None,
        )

    def roles(self, claims: dict[str, Any]) -> frozenset[Role]:
        """Returns the roles in the claims that exist here."""
        found: Any = claims.get(self.settings.role_claim)
        if found is None:
            found = claims
            for name in self.settings.role_claim.split("."):
                found = found.get(name) if isinstance(found, dict) else None
        return known_roles(_names(found))

    async def claims(self, text: str, audience: str, nonce: str | None = None) -> dict[str, Any]:
        """Returns the claims of a token that our issuer made, for us, and that is valid now. Raises as `caller`."""
        header = _header(text)
        key = await self._key(header.get("kid"), header["alg"])
        try:
            token = jwt.decode(text, key, algorithms=ALGORITHMS, registry=_REGISTRY)
        except (JoseError, ValueError) as error:
            raise WrongCredentialError(
                "De handtekening van dit token klopt niet: het is niet van deze uitgever, of het is veranderd."
            ) from error
        self._believe(token.claims, audience, nonce)
        return token.claims

    def _believe(self, claims: dict[str, Any], audience: str, nonce: str | None) -> None:
        wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": audience},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
        }
        if nonce is not None:
            wanted["nonce"] = {"essential": True, "value": nonce}
        try:
            now = int(self._clock().timestamp())
            JWTClaimsRegistry(now=now, leeway=LEEWAY_SECONDS, **wanted).validate(claims)
        except ExpiredTokenError as error:
            raise WrongCredentialError(
                "Dit token is verlopen; vraag bij de uitgever een nieuw aan.", self.caller_of(claims)
            ) from error
        except (InvalidClaimError, MissingClaimError) as error:
            raise WrongCredentialError(self._wrong(error.claim, audience)) from error
        except JoseError as error:
            raise WrongCredentialError("De inhoud van dit token klopt niet.") from error

    def _wrong(self, claim: str | None, audience: str) -> str:
        told = {
            "aud": f"Dit token is voor een ander systeem bedoeld; verwacht een token met aud {audience}.",
            "iss": f"Dit token is van een andere uitgever; verwacht iss {self.settings.issuer}.",
            "nbf": "Dit token geldt nog niet (nbf ligt in de toekomst).",
            "iat": "Dit token is volgens iat in de toekomst gemaakt, of zegt niet wanneer; klopt de klok?",
        }
        return told.get(claim or "", f"In dit token ontbreekt {claim}, of het klopt niet.")

    async def _key(self, kid: str | None, algorithm: str) -> Key:
        if time.monotonic() - self._fetched > KEYS_SECONDS_MAX or self._find(kid, algorithm) is None:
            await self._refresh()
        if not self._keys:
            raise unavailable("De sleutels van de uitgever (OIDC) zijn niet op te halen. Probeer het zo weer.")
        key = self._find(kid, algorithm)
        if key is None:
            raise WrongCredentialError(
                f"Dit token is ondertekend met een sleutel die niet van {self.settings.issuer} is."
            )
        return key

    def _find(self, kid: str | None, algorithm: str) -> Key | None:
        """Returns the key that a header names; without a name, the only key that fits."""
        fitting = [
            key
            for key in self._keys
            if kid in (None, key.kid) and _kind(algorithm) is type(key) and key.alg in (None, algorithm)
        ]
        return fitting[0] if len(fitting) == 1 or (fitting and kid is not None) else None

    async def _refresh(self) -> None:
        """Fetches metadata and keys, unless that was done just now. Keeps what is known when the issuer is away."""
        async with self._lock:
            if time.monotonic() - self._tried < RETRY_SECONDS:
                return
            self._tried = time.monotonic()
            try:
                metadata = await self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
                if metadata.get("issuer") != self.settings.issuer:
                    raise IssuerAwayError(f"noemt zichzelf {metadata.get('issuer')!r}")
                keys = _keys(await self._get(trusted(metadata.get("jwks_uri"))))
            except (httpx.HTTPError, IssuerAwayError) as error:
                _log.warning("uitgever antwoordt niet", uitgever=self.settings.issuer, fout=str(error) or repr(error))
                return
            self._metadata, self._keys, self._fetched = metadata, keys, time.monotonic()

    async def _get(self, url: str) -> dict[str, Any]:
        answer = (await self.client.get(url, headers={"Accept": "application/json"})).raise_for_status()
        try:
            found = answer.json()
        except ValueError as error:
            raise IssuerAwayError(f"{url} geeft geen JSON") from error
        if not isinstance(found, dict):
            raise IssuerAwayError(f"{url} geeft geen object")
        return found


def trusted(url: object) -> str:
    """Returns an address that the issuer names. Raises IssuerAwayError when others could read what goes there."""
    parts = urlsplit(url if isinstance(url, str) else "")
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS):
        return str(url)
    raise IssuerAwayError(f"{url!r} is geen https-adres")


def looks_like_one(text: str) -> bool:
    """Whether a text can be a signed token: it has three parts."""
    return text.count(".") == 2


def _names(claim: object) -> list[str]:
    """Returns the names in a claim: a list, or a text with spaces. Anything else holds none."""
    names = claim.split() if isinstance(claim, str) else claim if isinstance(claim, list) else []
    return [name for name in names if isinstance(name, str)]


def _header(text: str) -> dict[str, Any]:
    if len(text) > TOKEN_TEXT_MAX or not looks_like_one(text):
        raise WrongCredentialError("Dit is geen token van de uitgever (een ondertekende JWT).")
    try:
        header = dict(extract_compact(text.encode()).protected)
    except (JoseError, ValueError) as error:
        raise WrongCredentialError("De kop van dit token is niet te lezen.") from error
    algorithm, kind, kid = header.get("alg"), header.get("typ"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise WrongCredentialError("Dit token is niet ondertekend op een manier die wij vertrouwen (alg).")
    if (kind.lower() if isinstance(kind, str) else kind) not in TYPES or not isinstance(kid, str | None):
        raise WrongCredentialError("Dit is een ander soort token (typ); verwacht een access token.")
    return header


def _kind(algorithm: str) -> type[Key]:
    if algorithm.startswith("Ed"):
        return OKPKey
    return ECKey if algorithm.startswith("ES") else RSAKey


def _keys(jwks: dict[str, Any]) -> list[Key]:
    """Returns the public signing keys. Skips other keys and what can't be read."""
    found: list[Key] = []
    for one in jwks.get("keys") or ():
        if not isinstance(one, dict) or one.get("use", "sig") != "sig" or one.get("kty") not in ("RSA", "EC", "OKP"):
            continue
        try:
            found.append(import_key(one))
        except (JoseError, ValueError) as error:
            _log.warning("sleutel van de uitgever is niet te lezen", fout=str(error))
    return found
