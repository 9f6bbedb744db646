"""What lies ahead of a gemeente by all that is known at one moment: until when its places meet its opgave."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from schemas.reference import Gemeente
from services.core.gemeenten import overgangen
from services.core.history.naleving_verloop import nalevingen
from services.core.history.verloop import Verloop, toestanden
from services.core.naleving import GemeenteNaleving, Klasse
from services.core.telregel import Gevraagd, cyclus_in_force

_ENOUGH: frozenset[Klasse] = frozenset({"voldoet", "geen opgave", "opgeschort"})
"""The classes of a gemeente that is not short. While its term still runs a gemeente is short of its opgave too."""


class Vooruit(NamedTuple):
    """Until when a gemeente that complies has places enough, as far as is known."""

    tot: datetime | None
    """The first moment at which it is short, or at which that can't be said. None: there is none."""
    dan: GemeenteNaleving | None
    """How it stands from that moment on."""

    @property
    def bekend(self) -> bool:
        """Whether it can be said."""
        return self.dan is None or self.dan.naleving != "onbekend"


def vooruit(verloop: Verloop, table: Sequence[Gemeente]) -> Mapping[str, Vooruit]:
    """Returns what lies ahead of each gemeente that complies where `verloop` begins, until it ends.

    All is judged under the cyclus in force at its begin: it is about the opgave of now, and the opgaven of a cyclus
    that is yet to begin need not be known. A gemeente that ends meanwhile by merger is not short by that.
    """
    cyclus = cyclus_in_force(verloop.begin)
    if cyclus is None:
        return {}
    states = toestanden(verloop, overgangen(table, verloop.van, verloop.tot))
    found: dict[str, Vooruit] = {}
    left: set[str] = set()
    for moment, judged in nalevingen(verloop, states, table, Gevraagd(cyclus.id, None)):
        if moment <= verloop.van:
            left = {code for code, row in judged.items() if row is not None and row.naleving == "voldoet"}
            continue
        for code in left & judged.keys():
            row = judged[code]
            if row is None or row.naleving not in _ENOUGH:
                found[code] = Vooruit(None if row is None else moment, row)
        left -= found.keys()
    return found | dict.fromkeys(left, Vooruit(None, None))
