"""Our own tokens: `ovp_<id>_<secret>`. Only a hash of the secret is kept.

A secret is 256 random bits, so nobody finds it from its SHA-256, and verifying a token costs next to nothing. Earlier
versions kept argon2, which is slow on purpose. Such a hash is replaced the first time that its token is used.
"""

import asyncio
import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schemas.events import FACT_TYPES, Ingetrokken, type_name
from schemas.reference import gemeente_codes, provincie_codes
from services.access.refusals import WrongCredentialError
from services.access.roles import SENDERS, Caller, Role, known_roles
from services.clock import Clock
from services.core.dutch import dutch_moment
from services.store.model import StoreUnavailableError
from services.store.tokens import TokenRow, TokenTable
from services.web.addresses import GEMEENTEN, PROVINCIES
from services.web.problems import Veldfout, unavailable

PREFIX = "ovp_"
ANYWHERE = re.compile(r"ovp_[a-z2-7]{8,}_[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_.-]*")
"""Finds what looks like a token of ours or of an issuer, wherever it does not belong."""
SLOW_MAX = 4
"""How many secrets may wait for argon2 at once, so that old tokens can't take all cores."""
_FORM = re.compile(r"ovp_([a-z2-7]{10})_([A-Za-z0-9_-]{43})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")
_SOURCE = re.compile(r"urn:nld:oin:[0-9]{20}:systeem:[A-Za-z0-9._-]{1,60}")
_SUBJECT = re.compile(r"(?=.)[A-Z0-9-]{0,60}\*?")
_CODE = re.compile(r"(GM|PV)[^*]*")
WRITABLE = sorted(FACT_TYPES.keys() - {type_name(Ingetrokken)})
"""The types that a token can be limited to. Who may send an event may also retract it."""
_ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_FAST = "sha256:"
_ARGON2 = PasswordHasher()
_log = structlog.get_logger("toegang")
_UNKNOWN = "Dit token is niet bekend. Klopt het helemaal, en is het voor dit systeem gemaakt?"


@dataclass(frozen=True, slots=True)
class Bereik:
    """What a token may write. Empty: whatever its roles allow."""

    types: Sequence[str] = ()
    subjects: Sequence[str] = ()


ALLES = Bereik()


def make(
    name: str,
    roles: Collection[Role],
    source: str | None,
    expires_at: datetime | None,
    now: datetime,
    bereik: Bereik = ALLES,
) -> tuple[TokenRow, str]:
    """Makes a token. Returns its row and its text; the text is kept nowhere."""
    own_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(10))
    secret = secrets.token_urlsafe(32)
    types, subjects = (tuple(dict.fromkeys(each)) for each in (bereik.types, bereik.subjects))
    row = TokenRow(
        own_id, name, tuple(sorted(roles)), source, _hash(secret), now, expires_at, types=types, subjects=subjects
    )
    return row, f"{PREFIX}{own_id}_{secret}"


def faults(
    name: str,
    roles: Collection[str],
    source: str | None,
    expires_at: datetime | None,
    now: datetime,
    bereik: Bereik = ALLES,
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
        found.append(Veldfout(veld="source", melding="hoort alleen bij toezicht, invoer en importeur; laat hem weg"))
    elif source and _SOURCE.fullmatch(source) is None:
        found.append(
            Veldfout(veld="source", melding="is geen source; verwacht urn:nld:oin:<OIN van 20 cijfers>:systeem:<naam>")
        )
    if expires_at is not None and expires_at <= now:
        found.append(Veldfout(veld="geldigTot", melding="ligt niet in de toekomst"))
    return found + _faults_of(bereik, senders)


def _faults_of(bereik: Bereik, senders: Collection[Role]) -> list[Veldfout]:
    """Returns everything that is wrong with what it may write."""
    given = {"types": bereik.types, "onderwerpen": bereik.subjects}
    if not senders:
        melding = "hoort alleen bij toezicht, invoer en importeur; laat het weg"
        return [Veldfout(veld=veld, melding=melding) for veld, names in given.items() if names]
    found = []
    if unknown := [one for one in bereik.types if one not in WRITABLE]:
        melding = f"{unknown[0][:100]!r} is geen type om in te sturen; kies uit: {', '.join(WRITABLE)}"
        found.append(Veldfout(veld="types", melding=melding))
    may = Caller("token", "", frozenset(senders), types=frozenset(bereik.types) or None)
    if not found and may.sends_only == frozenset():
        found.append(Veldfout(veld="types", melding="noemt niets dat deze rollen mogen insturen"))
    if unknown := [one for one in bereik.subjects if not _is_subject(one)]:
        melding = (
            f"{unknown[0][:100]!r} is geen onderwerp; verwacht een heel id, of het begin ervan met een * erachter: "
            "LOC-*, LOC-UTRECHT, GM0344, PV26, NL of 2024. "
            f"De codes staan in {GEMEENTEN.path} en {PROVINCIES.path}"
        )
        found.append(Veldfout(veld="onderwerpen", melding=melding))
    return found


def _is_subject(text: str) -> bool:
    """Whether this is how subjects begin, or one: of a gemeente or provincie one that there is or was."""
    code = _CODE.fullmatch(text) is not None
    return _SUBJECT.fullmatch(text) is not None and (not code or text in gemeente_codes() | provincie_codes())


class Tokens:
    """The tokens as last read from the store."""

    def __init__(self, table: TokenTable, clock: Clock) -> None:
        self._table, self._clock = table, clock
        self._known: dict[str, TokenRow] | None = None
        self._slow = ThreadPoolExecutor(1, thread_name_prefix="argon2")
        self._waiting: dict[tuple[str, str], asyncio.Future[bool]] = {}
        """The (hash, secret) pairs that argon2 looks at. Whoever asks the same meanwhile shares the outcome."""
        self._looking = threading.Lock()

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

    async def verify(self, text: str) -> Caller:
        """Returns whose token it is.

        Raises WrongCredentialError, and ProblemError 503 while no store has answered or when too many tokens of an
        earlier version are verified at once.
        """
        if self._known is None:
            raise unavailable("Nog niet bekend wie wat mag: de gegevensopslag antwoordt niet. Probeer het zo weer.")
        form = _FORM.fullmatch(text)
        row = self._known.get(form[1]) if form else None
        if form is None or row is None or not await self._belongs(form[2], row):
            raise WrongCredentialError(_UNKNOWN)
        types, subjects = frozenset(row.types) or None, row.subjects or None
        caller = Caller("token", row.id, known_roles(row.roles), row.source, row.name, types, subjects)
        if row.withdrawn_at is not None:
            raise WrongCredentialError("Dit token is ingetrokken.", caller)
        if row.expires_at is not None and self._clock() >= row.expires_at:
            since = dutch_moment(row.expires_at)
            raise WrongCredentialError(f"Dit token is verlopen op {since}; vraag een nieuw.", caller)
        return caller

    async def _belongs(self, secret: str, row: TokenRow) -> bool:
        if row.hash.startswith(_FAST):
            return hmac.compare_digest(_hash(secret), row.hash)
        asked = row.hash, secret
        if asked not in self._waiting:
            if len(self._waiting) >= SLOW_MAX:
                raise unavailable("Er worden al te veel oude tokens nagekeken. Probeer het zo weer.")
            loop = asyncio.get_running_loop()
            self._waiting[asked] = loop.run_in_executor(self._slow, self._belongs_to_old, secret, row)
            self._waiting[asked].add_done_callback(lambda _: self._waiting.pop(asked))
        return await asyncio.shield(self._waiting[asked])

    def _belongs_to_old(self, secret: str, row: TokenRow) -> bool:
        """Verifies by argon2, and keeps SHA-256 from then on. A row that was withdrawn meanwhile stays withdrawn."""
        try:
            _ARGON2.verify(row.hash, secret)
        except (VerificationError, InvalidHashError):
            return False
        if row.withdrawn_at is None:
            try:
                self.add(replace(row, hash=_hash(secret)))
            except StoreUnavailableError as error:
                _log.warning("het token is goed, maar kon niet worden vernieuwd", token=row.id, reden=str(error))
        return True


def _hash(secret: str) -> str:
    return _FAST + hashlib.sha256(secret.encode()).hexdigest()
