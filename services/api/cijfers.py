"""The figures of a view. API, page and `/metrics` all take them from here, so that they show one number (law 5)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from schemas.reference import Gemeente, gemeenten
from services.core import bezetting, naleving
from services.core.bezetting import Bezetting, Locatie
from services.core.gemeenten import indeling
from services.core.naleving import Cyclus, GemeenteNaleving
from services.store.model import View


class Cijfers:
    """Every figure at (V, K), each computed when it is first asked for."""

    def __init__(
        self, view: View, cyclus: str | None = None, table: Sequence[Gemeente] | None = None,
        hidden: Collection[str] = (),
    ) -> None:  # fmt: skip
        """`cyclus`: another than the one in force at V. `table`: another reference table than ours.

        `hidden`: locaties that whoever asks may meet inside sums only.
        """
        self.view = view
        self.hidden = hidden
        self._wanted = cyclus
        self._table = gemeenten() if table is None else table
        self._by_code = {gemeente.code: gemeente for gemeente in self._table}
        self.indeling = indeling(self._table, view.geldig_op)

    @cached_property
    def locaties(self) -> list[Locatie]:
        """Every locatie that any event speaks of, in order of id: for sums. To show rows of: `shown`."""
        return bezetting.locaties(self.view.registers, self.view.geldig_op)

    @cached_property
    def shown(self) -> list[Locatie]:
        """The locaties that may be shown on their own to whoever asks."""
        return [locatie for locatie in self.locaties if locatie.id not in self.hidden]

    @cached_property
    def landelijk(self) -> Bezetting:
        """The sums of the whole country."""
        return self.sums(self.locaties)

    @cached_property
    def by_gemeente(self) -> Mapping[str, list[Locatie]]:
        """Code as it is at V → its registered locaties."""
        found: dict[str, list[Locatie]] = defaultdict(list)
        for locatie in self.locaties:
            if (gemeente := self.gemeente_of(locatie)) is not None:
                found[gemeente.code].append(locatie)
        return found

    @cached_property
    def cyclus(self) -> Cyclus | None:
        """The cyclus in force at V, or the one asked for."""
        return naleving.cyclus_in_force(self.view.registers, self._wanted)

    @cached_property
    def naleving(self) -> list[GemeenteNaleving]:
        """A row for every gemeente that exists at V, in order of code."""
        return naleving.naleving(self.view.registers, self.locaties, self._table, self.view.geldig_op, self.cyclus)

    def gemeente_of(self, locatie: Locatie) -> Gemeente | None:
        """In which gemeente a locatie lies at V, after mergers; None when its registration is unknown."""
        return None if locatie.gemeente is None else self._by_code[self.indeling.current(locatie.gemeente)]

    def in_provincie(self, code: str) -> list[Locatie]:
        """The registered locaties of a provincie."""
        return [loc for loc in self.locaties if (g := self.gemeente_of(loc)) is not None and g.provincie == code]

    def sums(self, locaties: Iterable[Locatie]) -> Bezetting:
        """The sums over those of these that are registered and open."""
        return bezetting.bezetting(locaties, self.view.geldig_op)
