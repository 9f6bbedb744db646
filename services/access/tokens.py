"""Our own tokens: `ovp_<id>_<secret>`. Only a hash of the secret is kept.

Argon2 makes verifying slow on purpose, so a token that was verified is remembered for a while, as a keyed digest that
is compared in constant time. Whether a token was withdrawn or has expired is checked on every request.
"""

import asyncio
import hashlib
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schemas.fields import format_moment
from services.access.refusals import WrongCredentialError
from services.access.roles import SENDERS, Caller, Role, known_roles
from services.clock import Clock
from services.store.tokens import TokenRow, TokenTable
from services.web.problems import Veldfout, unavailable

PREFIX = "ovp_"
ANYWHERE = re.compile(r"ovp_[a-z2-7]{8,}_[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_.-]*")
"""Finds what looks like a token of ours or of an issuer, wherever it does not belong."""
REMEMBERED_SECONDS = 30.0
REMEMBERED_MAX = 10_000
_FORM = re.compile(r"ovp_([a-z2-7]{10})_([A-Za-z0-9_-]{43})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")
_SOURCE = re.compile(r"urn:nld:oin:[0-9]{20}:systeem:[A-Za-z0-9._-]{1,60}")
_ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
# The secret is 256 random bits, so nobody can guess it from its hash. The lowest cost that OWASP advises is plenty.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_UNKNOWN = "Dit token is niet bekend. Klopt het helemaal, en is het voor dit systeem gemaakt?"


def make(
    name: str, roles: Collection[Role], source: str | None, expires_at: datetime | None, now: datetime
) -> tuple[TokenRow, str]:
    """Makes a token. Returns its row and its text; the text is kept nowhere."""
    own_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(10))
    secret = secrets.token_urlsafe(32)
    row = TokenRow(own_id, name, tuple(sorted(roles)), source, _HASHER.hash(secret), now, expires_at)
    return row, f"{PREFIX}{own_id}_{secret}"


def faults(
    name: str, roles: Collection[str], source: str | None, expires_at: datetime | None, now: datetime
) -> list[Veldfout]:
    """Returns everything that is wrong with a token that is asked for."""
    found = []
    if _NAME.fullmatch(name) is None:
        found.append(
            Veldfout(
                veld="naam",
                melding="is geen naam van een systeem; verwacht 1 tot 60 letters, cijfers, spaties, punten of "
                "streepjes, zoals grafana-kantoor. Geen naam of mailadres van een mens",
            )
        )
    unknown = [role for role in roles if not known_roles([role])]
    if unknown or not roles:
        found.append(Veldfout(veld="rollen", melding=f"kies uit: {', '.join(Role)}"))
    senders = known_roles(roles) & SENDERS
    if Role.INVOER in senders and not source:
        found.append(Veldfout(veld="source", melding="ontbreekt; de rol invoer stuurt in onder één source"))
    elif source and not senders:
        found.append(Veldfout(veld="source", melding="hoort alleen bij de rollen invoer en importeur; laat hem weg"))
    elif source and _SOURCE.fullmatch(source) is None:
        found.append(
            Veldfout(veld="source", melding="is geen source; verwacht urn:nld:oin:<OIN van 20 cijfers>:systeem:<naam>")
        )
    if expires_at is not None and expires_at <= now:
        found.append(Veldfout(veld="geldigTot", melding="ligt niet in de toekomst"))
    return found


class Tokens:
    """The tokens as last read from the store, and the secrets that were verified lately."""

    def __init__(self, table: TokenTable, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._table, self._clock, self._monotonic = table, clock, monotonic
        self._known: dict[str, TokenRow] | None = None
        self._verified: dict[str, tuple[bytes, str, float]] = {}
        self._key = secrets.token_bytes(32)
        # One at a time, so that somebody who guesses can't take all cores and memory.
        self._hashing = ThreadPoolExecutor(1, thread_name_prefix="argon2")
        self._looking = threading.Lock()
        self._nobody = ""

    @property
    def known(self) -> bool | None:
        """Whether a token was ever made. None: the store never answered."""
        return None if self._known is None else bool(self._known)

    def refresh(self) -> None:
        """Reads the store. Blocks. When the store is away, the tokens that are known stay valid."""
        with self._looking:  # tokens that were read before a change must not replace those read after it
            self._known = {row.id: row for row in self._table.all()}

    def all(self) -> list[TokenRow]:
        """Returns every token, read from the store now."""
        self.refresh()
        return list((self._known or {}).values())

    def add(self, row: TokenRow) -> None:
        """Stores a new token, which is valid here at once."""
        self._table.add(row)
        self.refresh()

    def withdraw(self, id_: str) -> TokenRow | None:
        """Withdraws a token: here at once, elsewhere within seconds. Returns None when no token has this id."""
        row = self._table.withdraw(id_, self._clock())
        self.refresh()
        return row

    def remembers(self, text: str) -> bool:
        """Whether a token was verified lately, so that verifying it again costs nothing."""
        form = _FORM.fullmatch(text)
        return form is not None and self._recall(form[1], text)

    async def verify(self, text: str) -> Caller:
        """Returns whose token it is. Raises WrongCredentialError, and ProblemError 503 while no store has answered."""
        if self._known is None:
            raise unavailable("Nog niet bekend wie wat mag: de gegevensopslag antwoordt niet. Probeer het zo weer.")
        form = _FORM.fullmatch(text)
        if form is None:
            raise WrongCredentialError(_UNKNOWN)
        own_id, secret = form.groups()
        row = self._known.get(own_id)
        if not self._recall(own_id, text):
            held = row.hash if row else ""
            if not await asyncio.get_running_loop().run_in_executor(self._hashing, self._matches, held, secret):
                raise WrongCredentialError(_UNKNOWN)
            self._remember(own_id, text, held)
        if row is None:  # it was remembered and has gone from the store since
            raise WrongCredentialError(_UNKNOWN)
        caller = Caller("token", own_id, known_roles(row.roles), row.source, row.name)
        if row.withdrawn_at is not None:
            raise WrongCredentialError(f"Dit token is ingetrokken op {format_moment(row.withdrawn_at)}.", caller)
        if row.expires_at is not None and self._clock() >= row.expires_at:
            told = f"Dit token is verlopen op {format_moment(row.expires_at)}; vraag een nieuw."
            raise WrongCredentialError(told, caller)
        return caller

    def _matches(self, held: str, secret: str) -> bool:
        """Whether the secret belongs to the hash. For an unknown id it takes as long and never matches."""
        if not held and not self._nobody:
            self._nobody = _HASHER.hash(secrets.token_urlsafe(32))
        try:
            return _HASHER.verify(held or self._nobody, secret) and bool(held)
        except (VerificationError, InvalidHashError):
            return False

    def _recall(self, own_id: str, text: str) -> bool:
        digest, held, until = self._verified.get(own_id, (b"", "", 0.0))
        row = (self._known or {}).get(own_id)
        fresh = row is not None and row.hash == held and self._monotonic() < until
        return hmac.compare_digest(digest, self._digest(text)) and fresh

    def _remember(self, own_id: str, text: str, held: str) -> None:
        if len(self._verified) >= REMEMBERED_MAX:
            self._verified.clear()
        self._verified[own_id] = self._digest(text), held, self._monotonic() + REMEMBERED_SECONDS

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=32).digest()
