"""Roles, the rights that they give, and which right an address asks. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    """What a token or an account may be."""

    LEZER = "lezer"
    INVOER = "invoer"
    IMPORTEUR = "importeur"
    OPERATOR = "operator"
    BEHEERDER = "beheerder"


class Right(StrEnum):
    """What may be done."""

    READ = "lezen"
    SEND = "gebeurtenissen insturen"
    SEND_OLD = "gebeurtenissen van meer dan 24 uur oud insturen"
    CONFIRM = "alarmen bevestigen en stilleggen"
    MANAGE = "beheren"
    """Tokens, everything unforeseen, and what is afgeschermd."""


RIGHTS = {
    Role.LEZER: {Right.READ},
    Role.INVOER: {Right.SEND},
    Role.IMPORTEUR: {Right.SEND, Right.SEND_OLD},
    Role.OPERATOR: {Right.READ, Right.CONFIRM},
    Role.BEHEERDER: set(Right),
}
"""The one table of who may do what; the README shows the same."""
SENDERS = frozenset({Role.INVOER, Role.IMPORTEUR})
"""The roles for which a source means something."""

OPEN = frozenset(
    {
        "/gezond",
        "/gereed",
        "/v1/openapi.json",
        "/inloggen",
        "/inloggen/terug",
        "/static/opvangpeil.css",
        "/static/opvangpeil.js",
        "/static/opvangpeil.svg",
    }
)
"""Addresses that ask nothing: alive, ready, the description, the way in, and what a page loads."""
FOR_ANYBODY_KNOWN = frozenset({"/uitloggen"})
_MANAGED = ("/v1/toegang", "/v1/onverwerkbaar")
"""Also to read: who may come in, and messages that nobody judged, which may name what is afgeschermd."""
_WRITES = (
    ("POST", re.compile(r"/v1/gebeurtenissen"), Right.SEND),
    ("POST", re.compile(r"/melden"), Right.SEND),  # and to read, since it shows figures: the page sees to that
    ("POST", re.compile(r"/v1/alarmen/.*"), Right.CONFIRM),
    ("POST", re.compile(r"/v1/stiltes"), Right.CONFIRM),
    ("DELETE", re.compile(r"/v1/stiltes/.*"), Right.CONFIRM),
    ("POST", re.compile(r"/v1/ontvangers/.*"), Right.CONFIRM),
    ("POST", re.compile(r"/v1/alarmtoetsen"), Right.READ),  # a question, though it takes a body
)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. Never a person's name: the name of a token, or the `sub` that the issuer gave."""

    kind: Literal["onbekend", "lokaal", "token", "oidc", "sessie", "opvangpeil"]
    id: str
    roles: frozenset[Role]
    source: str | None = None
    """The only source to send under; None with the role invoer: none at all."""
    name: str | None = None

    def may(self, right: Right) -> bool:
        """Whether one of the roles gives this right."""
        return any(right in RIGHTS[role] for role in self.roles)

    @property
    def sees_shielded(self) -> bool:
        """Whether a locatie that is afgeschermd may be shown on its own."""
        return Role.BEHEERDER in self.roles

    @property
    def any_source(self) -> bool:
        """Whether events of every source may be sent."""
        return Role.BEHEERDER in self.roles or (Role.IMPORTEUR in self.roles and self.source is None)

    @property
    def key(self) -> str:
        """What tells callers apart."""
        return f"{self.kind}:{self.id}"

    @property
    def has(self) -> str:
        """The roles, in words."""
        return ", ".join(sorted(self.roles)) or "geen enkele rol"


NOBODY = Caller("onbekend", "", frozenset())
"""At an address that asks nothing, once access is set up."""
EVERYBODY = Caller("lokaal", "lokaal", frozenset(Role))
"""On loopback, as long as access was not set up."""


def right_for(method: str, path: str) -> Right | None:
    """The right that an address asks; None: being known is enough. What is not named here is for a beheerder."""
    if path in FOR_ANYBODY_KNOWN:
        return None
    if any(path == managed or path.startswith(f"{managed}/") for managed in _MANAGED):
        return Right.MANAGE
    if method in _READING:
        return Right.READ
    return next((right for verb, form, right in _WRITES if verb == method and form.fullmatch(path)), Right.MANAGE)


def roles_with(right: Right) -> str:
    """The roles that give a right, in words."""
    return " of ".join(role for role in Role if right in RIGHTS[role])


def known_roles(names: Iterable[str]) -> frozenset[Role]:
    """Of these names, those that are roles here."""
    return frozenset(Role(name) for name in names if name in list(Role))
