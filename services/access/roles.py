"""Roles, the rights that they give, and which right an address asks. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from services.web.addresses import Right, declared_at


class Role(StrEnum):
    """What a token or an account may be."""

    LEZER = "lezer"
    INVOER = "invoer"
    IMPORTEUR = "importeur"
    OPERATOR = "operator"
    BEHEERDER = "beheerder"


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
    """Returns the right that a request needs; None when being known is enough.

    Everything that is declared asks what its declaration says. Everything else is closed: reading it asks what the
    other methods on the same path ask at least, and changing it is for a beheerder. The pages are no part of the
    declared addresses, since each of them asks the right to read.
    """
    here = declared_at(path)
    verb = "GET" if method in _READING else method
    for address in here:
        if address.method == verb:
            return address.asks
    if verb == "GET" and not (here and all(address.asks is Right.MANAGE for address in here)):
        return Right.READ
    return Right.MANAGE


def is_open(path: str) -> bool:
    """Whether a caller may come here without showing anything."""
    return any(address.open for address in declared_at(path))


def roles_with(right: Right) -> str:
    """The roles that give a right, in words."""
    return " of ".join(role for role in Role if right in RIGHTS[role])


def known_roles(names: Iterable[str]) -> frozenset[Role]:
    """Of these names, those that are roles here."""
    return frozenset(Role(name) for name in names if name in list(Role))
