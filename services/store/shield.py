"""Which locaties are afgeschermd by what is known now. Pure.

What one source says shields, and another source lifts nothing: else whoever may write anything about a locatie could
open it to all. The registers hold one registration of a locatie, so the one in force of each source is kept here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.core.registers import Winner

Said = tuple[str, str]
"""(locatie, source) of a registration."""


@dataclass(frozen=True, slots=True)
class Shield:
    """What registrations say of who may see a locatie."""

    ever: frozenset[str] = frozenset()
    """The locaties that any registration ever called afgeschermd, retracted registrations included."""
    standing: Mapping[Said, Winner] = field(default_factory=dict)
    """The registration of each source that is in force now."""
    announced: frozenset[str] = frozenset()
    """The locaties that a registration calls afgeschermd which is not in force yet."""
    locaties: frozenset[str] = field(init=False)
    """The locaties that are afgeschermd: a source says so or will, or no registration stands and one ever said so."""

    def __post_init__(self) -> None:
        says = {locatie for (locatie, _), winner in self.standing.items() if says_shielded(winner.value)}
        registered = {locatie for locatie, _ in self.standing}
        object.__setattr__(self, "locaties", self.announced | says | (self.ever - registered))

    def after(self, said: frozenset[str], begun: Iterable[tuple[Said, Winner]], announced: frozenset[str]) -> "Shield":
        """Returns what holds later.

        Args:
            said: the locaties that were called afgeschermd meanwhile.
            begun: the registrations that began meanwhile.
            announced: the locaties that are called afgeschermd by what is not in force yet.
        """
        standing = dict(self.standing)
        for said_by, winner in begun:
            held = standing.get(said_by)
            if held is None or winner.rank > held.rank:
                standing[said_by] = winner
        return Shield(self.ever | said, standing, announced)


def says_shielded(registration: Any) -> bool:
    """Whether this value of a registration says that its locatie is afgeschermd."""
    return bool(registration["zichtbaarheid"] == "afgeschermd")
