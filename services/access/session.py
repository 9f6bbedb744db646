"""Sealed values that a browser keeps for us: nobody else can read or make them, and they expire.

They are encrypted (JWE) and the server keeps nothing, so several processes with one key share them. They hold who
somebody is, never a token of the issuer.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey

from services.access.roles import Caller, known_roles
from services.clock import Clock

SESSION_MAX = timedelta(hours=8)
LOGIN_MAX = timedelta(minutes=10)
"""How long somebody may take to log in at the issuer."""
_HEADER = {"alg": "dir", "enc": "A256GCM"}
_REGISTRY = JWERegistry(algorithms=list(_HEADER.values()))
_TEXT_MAX = 3_800
"""Browsers keep a cookie of 4,096 bytes, its name and its settings included."""


class TooLongError(ValueError):
    """What is to be sealed is too long for a cookie. Its text tells people what to do."""


class Seals:
    """Seals and opens values. Each kind has its own key."""

    def __init__(self, secret: str | None, clock: Clock) -> None:
        """Without a `secret` this process makes its own, and a restart ends every session."""
        self._secret = secret.encode() if secret else secrets.token_bytes(32)
        self._clock = clock

    def seal(self, kind: str, values: dict[str, Any], lasting: timedelta) -> str:
        """Returns the values as text for a cookie, which opens for as long as `lasting`. Raises TooLongError."""
        ends = int((self._clock() + lasting).timestamp())
        text = jwt.encode(_HEADER, values | {"exp": ends}, self._key(kind), registry=_REGISTRY)
        if len(text) > _TEXT_MAX:
            raise TooLongError(
                "Uw account mag over te veel onderwerpen of types insturen om in te loggen met een browser. "
                "Gebruik een token, of vraag de beheerder om minder onderwerpen, bijvoorbeeld met een * (LOC-*)."
            )
        return text

    def open(self, kind: str, text: str) -> dict[str, Any] | None:
        """Returns the values; None when this text is no seal of this kind, or has expired."""
        if len(text) > _TEXT_MAX:
            return None
        try:
            values = jwt.decode(text, self._key(kind), registry=_REGISTRY).claims
        except (JoseError, ValueError):
            return None
        ends = values.pop("exp", 0)
        return values if isinstance(ends, int) and self._clock().timestamp() < ends else None

    def session(self, caller: Caller) -> str:
        """Seals the session of somebody who logged in. Raises TooLongError."""
        values = {
            "sub": caller.id,
            "rollen": sorted(caller.roles),
            "source": caller.source,
            "types": None if caller.types is None else sorted(caller.types),
            "onderwerpen": caller.subjects,
        }
        return self.seal("sessie", values, SESSION_MAX)

    def caller(self, text: str) -> Caller | None:
        """Returns whose session it is; None when it is no session, or has expired."""
        values = self.open("sessie", text)
        if values is None:
            return None
        types, subjects = values.get("types"), values.get("onderwerpen")  # an earlier version sealed none
        return Caller(
            "sessie",
            values["sub"],
            known_roles(values["rollen"]),
            values["source"],
            types=None if types is None else frozenset(types),
            subjects=None if subjects is None else tuple(subjects),
        )

    def _key(self, kind: str) -> OctKey:
        return OctKey.import_key(hashlib.blake2b(kind.encode(), key=self._secret[:64], digest_size=32).digest())
