"""Roles, the rights they give, and the right that a request needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Literal

from schemas.events import Ingetrokken, ToezichtstapGezet, type_name
from schemas.reference import PROVINCIES, Gemeente, gemeente_codes, gemeente_van
from services.core.registers import LANDELIJK
from services.core.stap import MINISTER
from services.reads.question import Audience
from services.reads.reader import ReadsBack
from services.web.addresses import Right, declared_at


class Role(StrEnum):
    """A role of a token or an account."""

    LEZER = "lezer"
    VERTROUWELIJK = "vertrouwelijk"
    TOEZICHT = "toezicht"
    METER = "meter"
    INVOER = "invoer"
    IMPORTEUR = "importeur"
    OPERATOR = "operator"
    BEHEERDER = "beheerder"


RIGHTS = {
    Role.LEZER: {Right.READ},
    Role.VERTROUWELIJK: {Right.READ},
    Role.TOEZICHT: {Right.READ, Right.SEND},
    Role.METER: {Right.READ, Right.METEN},
    Role.INVOER: {Right.SEND},
    Role.IMPORTEUR: {Right.SEND, Right.SEND_OLD},
    Role.OPERATOR: {Right.READ, Right.CONFIRM},
    Role.BEHEERDER: set(Right),
}
"""The one table of who may do what. deploy/README.md shows it to people."""
SEES = {
    Role.VERTROUWELIJK: Audience.AFGESCHERMD,
    Role.TOEZICHT: Audience.TOEZICHT,
    Role.BEHEERDER: Audience.EVERYTHING,
}
"""What a role is shown beyond what a lezer sees. Every other role sees as much as a lezer."""
_STAP = type_name(ToezichtstapGezet)
SENDS_ONLY = {Role.TOEZICHT: frozenset({_STAP})}
"""The types of a role that may not send every type."""
_WIDENED = frozenset({_STAP, type_name(Ingetrokken)})
SENDERS = frozenset({Role.TOEZICHT, Role.INVOER, Role.IMPORTEUR})
"""The roles that send events under a source."""

_NAMED_MAX = 5
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. It never holds a person's name: it has the name of a token, or the `sub` that the issuer gave."""

    kind: Literal["onbekend", "lokaal", "token", "oidc", "sessie", "opvangpeil"]
    id: str
    roles: frozenset[Role]
    source: str | None = None
    """The only source it may send under. None: with the role invoer no source at all."""
    name: str | None = None
    types: frozenset[str] | None = None
    """The only types of events that it may send. None: those that its roles may send."""
    subjects: tuple[str, ...] | None = None
    """The only subjects that it may write about: an id, or how ids begin and then a `*`. None: any. They also limit
    whose toezicht it meets by the role toezicht, and there a provincie stands for its gemeenten."""

    def may(self, right: Right) -> bool:
        """Whether one of its roles gives a right."""
        return any(right in RIGHTS[role] for role in self.roles)

    @property
    def audience(self) -> Audience:
        """What it may be shown everywhere. Who meets the toezicht on some gemeenten only is asked `toezicht_over`."""
        roles = self.roles - {Role.TOEZICHT} if self.subjects is not None else self.roles
        return reduce(or_, (SEES.get(role, Audience.LEZER) for role in roles), Audience.LEZER)

    def audience_about(self, subject: str) -> Audience:
        """What it may be shown of one subject, where nothing about another can be read from it."""
        stands = Role.TOEZICHT in self.roles and self.may_write_about(subject, _STAP)
        return self.audience | Audience.TOEZICHT if stands else self.audience

    @property
    def reads_back(self) -> ReadsBack | None:
        """Says which events that are hidden from it elsewhere it may read by their id; None: none.

        These are the events that it sent itself, and the steps of a gemeente whose toezicht it may see.
        """
        return self._reads_back if self.source is not None or Role.TOEZICHT in self.roles else None

    def _reads_back(self, source: str, type_: str, subject: str) -> bool:
        seen = self.audience.unseen_types - self.audience_about(subject).unseen_types
        return source == self.source or type_ in seen

    def toezicht_over(self, gemeenten: Iterable[Gemeente]) -> frozenset[str]:
        """Returns the codes of those of these gemeenten whose toezicht it may see.

        Args:
            gemeenten: those that are valid at the V of the question, since a provincie stands for those.
        """
        if self.audience.sees_toezicht:
            return frozenset(one.code for one in gemeenten)
        if Role.TOEZICHT not in self.roles:
            return frozenset()
        return frozenset(one.code for one in gemeenten if self._names(one.code) or self._names(one.provincie))

    @property
    def sees_everything(self) -> bool:
        """Whether it may see all that there is."""
        return self.audience == Audience.EVERYTHING

    @property
    def sends_only(self) -> frozenset[str] | None:
        """The types that it may send. None: every type."""
        senders = [role for role in self.roles if Right.SEND in RIGHTS[role]]
        if any(role not in SENDS_ONLY for role in senders):
            return self.types
        of_roles = frozenset[str]().union(*(SENDS_ONLY[role] for role in senders))
        return of_roles if self.types is None else of_roles & self.types

    @property
    def limited(self) -> bool:
        """Whether there are types or subjects that it may not write."""
        return self.sends_only is not None or self.subjects is not None

    def may_write_type(self, type_: str) -> bool:
        """Whether it may send events of this type, and so retract them."""
        only = self.sends_only
        return only is None or type_ in only

    def may_write_about(self, subject: str, type_: str) -> bool:
        """Whether its subjects allow an event of this type about this subject, or a retraction about it."""
        return self._names(subject) or (
            self.widens(type_) and subject in gemeente_codes() and self._names(gemeente_van(subject).provincie)
        )

    def widens(self, type_: str) -> bool:
        """Whether in events of this type a provincie among its subjects stands for the gemeenten that lie there."""
        return Role.TOEZICHT in self.roles and type_ in _WIDENED

    @property
    def toezichthouders(self) -> frozenset[str] | None:
        """As whom it takes steps of toezicht: the provincies that it names, and the minister where it names NL.

        None: as anybody, for whoever names no provincie. So no provincie takes a step that counts as the minister's.
        """
        if self.subjects is None or Role.TOEZICHT not in self.roles:
            return None
        named = frozenset(one for one in PROVINCIES if self._names(one))
        return named | ({MINISTER} if self._names(LANDELIJK) else set()) if named else None

    def _names(self, subject: str) -> bool:
        """Whether its subjects name this one."""
        return self.subjects is None or any(
            subject.startswith(one[:-1]) if one.endswith("*") else subject == one for one in self.subjects
        )

    @property
    def writes(self) -> str:
        """What it may send, in words for people: they stand in each of very many faults, so only a few are named."""
        only = self.sends_only
        types = [] if only is None else [f"van type {_some(sorted(only)) or 'geen enkel'}"]
        subjects = [] if self.subjects is None else [f"over {_some(self.subjects) or 'niets'}"]
        return f"hier mag alleen {', '.join(types + subjects)}"

    @property
    def any_source(self) -> bool:
        """Whether it may send events of every source."""
        return Role.BEHEERDER in self.roles or (Role.IMPORTEUR in self.roles and self.source is None)

    @property
    def key(self) -> str:
        """Tells callers apart."""
        return f"{self.kind}:{self.id}"

    @property
    def has(self) -> str:
        """Its roles, in words for people."""
        return ", ".join(sorted(self.roles)) or "geen enkele rol"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED_MAX
    return ", ".join(names[:_NAMED_MAX]) + (f" en nog {more}" if more > 0 else "")


NOBODY = Caller("onbekend", "", frozenset())
"""The caller at an open address, once access is set up."""
EVERYBODY = Caller("lokaal", "lokaal", frozenset(Role))
"""The caller on loopback, as long as access is not set up."""


def right_for(method: str, path: str) -> Right | None:
    """Returns the right that a request needs; None when being known is enough.

    A declared address asks what its declaration says. The pages are declared elsewhere, and reading any of them asks
    the right to read. So does reading at an address that nobody declared, unless every other method there is for a
    beheerder. Changing something at such an address is for a beheerder.
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
    """Returns the roles that give a right, in words for people."""
    return " of ".join(role for role in Role if right in RIGHTS[role])


def known_roles(names: Iterable[str]) -> frozenset[Role]:
    """Returns the names that are roles."""
    return frozenset(Role(name) for name in names if name in list(Role))
