"""Access for tests: a store with tokens, an app behind the guard, and an issuer that signs any claims."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import structlog
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from services.access import Access, Guard, Role
from services.access import tokens as own
from services.access.access import Limits
from services.access.app import access_router
from services.access.browser import browser_router
from services.access.guard import scraper_of
from services.access.oidc import Issuer, IssuerSettings
from services.access.session import Seals
from services.access.tokens import Bereik, Tokens
from services.api.app import api_router
from services.api.controle import controle_router
from services.api.gauges import live_figures
from services.clock import Clock
from services.config import CONTROLE_DAGEN
from services.dashboard.app import dashboard_router
from services.reads.reader import Reader
from services.store.model import StoreUnavailableError
from services.store.store import Store
from services.store.tokens import TokenRow
from services.web import make_app
from services.web.health import Scraped
from services.web.publicatie import Publicatie
from tests.support.web_client import client_of, fresh_metrics

ISSUER = "http://127.0.0.1:9/uitgever"
PUBLISHED = Publicatie("https://example.org/licentie", "Ministerie van Voorbeelden", contact="opvang@example.org")
"""What the operator says of publishing, so that there is a catalogue."""
AUDIENCE, CLIENT, SECRET = "opvangpeil", "opvangpeil-pagina", "geheim%van de client"


class FakeTable:
    """A table of tokens in memory. A test can make it unreachable."""

    def __init__(self) -> None:
        self.rows: dict[str, TokenRow] = {}
        self.away = False

    def all(self) -> list[TokenRow]:
        if self.away:
            raise StoreUnavailableError("weg")
        return list(self.rows.values())

    def add(self, row: TokenRow) -> None:
        self.rows[row.id] = row

    def withdraw(self, id_: str, now: Any) -> TokenRow | None:
        row = self.rows.get(id_)
        if row is not None:
            self.rows[id_] = row = replace(row, withdrawn_at=now)
        return row


def token(table: Any, clock: Clock, *roles: Role, source: str | None = None, until: Any = None, **bereik: Any) -> str:
    """Puts a token in the table, and returns its text. `types` and `subjects`: what it may write."""
    row, text = own.make("proef", roles, source, until, clock(), Bereik(**bereik))
    table.add(row)
    return text


def old_token(table: FakeTable, clock: Clock, *roles: Role) -> str:
    """Puts a token in the table as earlier versions kept it: with a hash by argon2."""
    text = token(table, clock, *roles)
    _, own_id, secret = text.split("_", 2)
    hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # as they did
    table.rows[own_id] = replace(table.rows[own_id], hash=hasher.hash(secret))
    return text


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def access_of(table: Any, clock: Clock, issuer: Issuer | None = None, **options: Any) -> Access:
    options.setdefault("limits", Limits(100_000, 100_000, 100_000))
    made = Access(
        Tokens(table, clock), Seals("s" * 32, clock), issuer, local_hosts=frozenset({"testserver"}), **options
    )
    if not getattr(table, "away", False):
        made.tokens.refresh()
    return made


@contextmanager
def serving(store: Store, access: Access, clock: Clock, *more: Any) -> Iterator[httpx.Client]:
    """Serves all read addresses, behind the guard."""
    reader, around = Reader(store, clock), [Middleware(Guard, access=access)]
    routers = [
        api_router(reader),
        controle_router(reader, CONTROLE_DAGEN),
        dashboard_router(reader),
        access_router(access, clock),
        browser_router(access),
        *more,
    ]
    scraped = Scraped(live_figures(reader), scraper_of)
    app = make_app("Proef", routers, metrics=fresh_metrics(), checks={}, around=around, scraped=scraped)
    app.state.publicatie = PUBLISHED
    with client_of(app) as client:
        yield client


@contextmanager
def audited() -> Iterator[list[dict[str, Any]]]:
    """Collects what is written to the audit log during the block."""
    lines: list[dict[str, Any]] = []
    with structlog.testing.capture_logs() as said:
        yield lines
    lines += [line for line in said if line.get("logboek") == "audit"]


@cache
def _first_key() -> RSAKey:
    """Returns the first key of an issuer. It is made once, since that takes a while."""
    return RSAKey.generate_key(2048, {"kid": "een", "use": "sig"})


@dataclass
class FakeIssuer:
    """An OIDC issuer: discovery, keys, authorization and token endpoint (code flow with PKCE)."""

    clock: Clock
    key: RSAKey = field(default_factory=_first_key)
    away: bool = False
    asked: int = 0
    """How many times its keys were requested."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Claims of an ID token beyond the required ones."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    exchanged: list[dict[str, str]] = field(default_factory=list)

    def issuer(self, **settings: Any) -> Issuer:
        chosen = {"client": CLIENT, "secret": SECRET} | settings
        return Issuer(IssuerSettings(ISSUER, AUDIENCE, **chosen), self.clock, httpx.ASGITransport(self.app()))

    def sign(self, key: Any = None, header: dict[str, Any] | None = None, **changed: Any) -> str:
        """Signs a token that is correct except for the given claims. None leaves a claim out."""
        now = int(self.clock().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "af31",
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "roles": ["lezer"],
        } | changed
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(
            {"alg": "RS256", "kid": "een"} | (header or {}),
            kept,
            key or self.key,
            algorithms=["RS256", "ES256", "HS256"],
        )

    def app(self) -> Starlette:
        base = urlsplit(ISSUER).path

        async def discovery(_: Request) -> Response:
            if self.away:
                return Response(status_code=503)
            return JSONResponse(
                {
                    "issuer": ISSUER,
                    "jwks_uri": f"{ISSUER}/sleutels",
                    "token_endpoint": f"{ISSUER}/token",
                    "authorization_endpoint": f"{ISSUER}/aanmelden",
                }
            )

        async def keys(_: Request) -> Response:
            self.asked += 1
            return JSONResponse({"keys": [self.key.as_dict(private=False), {"kty": "oct", "k": "AAAA"}]})

        async def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            code = f"code{len(self.codes)}"
            self.codes[code] = asked
            return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}")

        async def exchange(request: Request) -> Response:
            form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
            self.exchanged.append(form | {"authorization": request.headers.get("authorization", "")})
            begun = self.codes.pop(form["code"], None)  # each code works once
            verified = begun is not None and _challenge(form.get("code_verifier", "")) == begun["code_challenge"]
            if begun is None or not verified or form["redirect_uri"] != begun["redirect_uri"]:
                return JSONResponse({"error": "invalid_grant"}, 400)
            said = {"aud": CLIENT, "nonce": begun["nonce"]} | self.claims
            return JSONResponse({"id_token": self.sign(**said), "access_token": self.sign(), "token_type": "Bearer"})

        return Starlette(
            routes=[
                Route(f"{base}/.well-known/openid-configuration", discovery),
                Route(f"{base}/sleutels", keys),
                Route(f"{base}/aanmelden", authorize),
                Route(f"{base}/token", exchange, methods=["POST"]),
            ]
        )


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
