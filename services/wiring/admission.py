"""Who is let in: access as the environment sets it up, and on which addresses we listen without it."""

from services.access import Access
from services.access.access import Limits
from services.access.oidc import Issuer, IssuerSettings
from services.access.session import Seals
from services.access.tokens import Tokens
from services.clock import Clock
from services.config import Config, is_loopback
from services.store.connect import Connection
from services.store.tokens import TokenTable
from services.wiring.folder import StartError

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - names it, does not listen on it
"""Addresses that stand for all of this machine → one to reach them at."""


def make_access(config: Config, connection: Connection, clock: Clock) -> Access:
    """Tokens of the store, and of the issuer if there is one."""
    oidc = config.oidc
    settings = oidc and IssuerSettings(oidc.issuer, oidc.audience, oidc.role_claim, oidc.client, oidc.secret)
    return Access(
        Tokens(TokenTable(connection), clock),
        Seals(config.session_secret, clock),
        Issuer(settings, clock) if settings else None,
        public_url=config.url,
        limits=Limits(per_second=config.requests_per_second),
        local_hosts=frozenset({config.host}) if is_loopback(config.host) else frozenset(),
    )


async def keep_up(access: Access, host: str) -> None:
    """Follow the tokens, for ever. Raises StartError once it shows that access was never set up for this address."""
    async for _ in access.looks():
        check_set_up(access, host)


def check_set_up(access: Access, host: str) -> None:
    """Raises StartError when others can reach this address, and nobody asks who they are.

    Not known yet is no reason: until the store was seen, every request is refused.
    """
    if access.set_up is False and not is_loopback(host):
        raise StartError(
            f"op {host} kan iedereen erbij, en er is nog geen toegang ingesteld: maak eerst een token met "
            "`opvangpeil toegang maak --naam beheer --rol beheerder` (met --data voor deze gegevensmap), of stel OIDC "
            "in met OPVANGPEIL_OIDC_UITGEVER; of luister op 127.0.0.1"
        )


def reached_at(host: str, port: int) -> str:
    """The URL of a server that listens here."""
    name = ANY_ADDRESS.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
