"""The invented network as tests look at it: its events, and the figures at one (V, K) by the fold of the core.

Only readings of the last two counting days up to V are folded. Every open locatie has one there, and the latest wins.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

import pytest

from schemas.events import Event
from schemas.fields import AMSTERDAM, parse_moment
from schemas.parsing import parse_facts
from schemas.reference import gemeenten
from services.core import bezetting, naleving, registers
from services.core.fold import fold
from services.core.locaties import locaties
from services.core.standen import standen
from services.core.telregel import NIETS_GEVRAAGD, Gevraagd, maatstaf
from services.voorbeeld import naar_jsonl
from services.voorbeeld.simulatie import genereer
from tests.support.rondes import only_whole

TOT = date(2026, 6, 2)
METING = "nl.opvanglocaties.bezetting-gemeld.v1"
NETWERKEN = [(310, 1), (310, 2), (235, 3), (1000, 1)]
TELDAGEN = 2
VOOR, NA = (92, 140, 110, 0, 0, 0, 0), (119, 116, 107, 0, 0, 0, 0)
"""The classes on 21 and 26 May 2026, in the order of KLASSEN."""
DEN_HAAG = "GM0518"
"""Its verdeelbesluit was found after the network was made. Another number would change the task of all others."""


def lees(regels: Iterable[bytes]) -> list[Event]:
    """Validates every event with its model."""
    gelezen: list[Event] = []
    wachtend = iter(regels)
    while batch := list(islice(wachtend, 5000)):
        for feit in parse_facts(b"[" + b",".join(batch) + b"]"):
            assert isinstance(feit, Event), feit
            gelezen.append(feit)
    return gelezen


@cache
def dag_van(moment: str) -> date:
    return parse_moment(moment).astimezone(AMSTERDAM).date()


class Netwerk:
    """A generated network: its readings by day of logging (as JSON, parsed when needed), and all its other events."""

    def __init__(self, rijen: Iterable[dict[str, Any]]) -> None:
        structuur: list[dict[str, Any]] = []
        self._per_dag: dict[date, list[bytes]] = {}
        for rij in rijen:
            if rij["type"] == METING:
                dag = dag_van(rij["time"])
                self._per_dag.setdefault(dag, []).extend(naar_jsonl([rij]))
            else:
                structuur.append(rij)
        self.structuur = lees(naar_jsonl(structuur))
        self.dagen = list(self._per_dag)

        self._gelezen: dict[date, list[Event]] = {}

    def metingen(self, dag: date) -> list[Event]:
        if dag not in self._gelezen:
            self._gelezen[dag] = lees(self._per_dag[dag])
        return self._gelezen[dag]

    def beeld(
        self, geldig: datetime, bekend_op: datetime | None = None, gevraagd: Gevraagd = NIETS_GEVRAAGD
    ) -> "Beeld":
        vandaag = geldig.astimezone(AMSTERDAM).date()
        recent = [dag for dag in self.dagen if dag <= vandaag][-TELDAGEN:]
        metingen = [meting for dag in recent for meting in self.metingen(dag)]
        gevouwen = fold([*self.structuur, *metingen], geldig, bekend_op or geldig)
        return Beeld(gevouwen, geldig, gevraagd)


class Beeld:
    """The figures at one (V, K)."""

    def __init__(self, gevouwen: registers.Registers, geldig: datetime, gevraagd: Gevraagd) -> None:
        self.locaties = locaties(gevouwen, geldig)
        self.landelijk = bezetting.bezetting(standen(self.locaties), geldig)
        self.maatstaf = maatstaf(gevouwen, gevraagd)
        rijen = naleving.naleving(gevouwen, standen(self.locaties), gemeenten(), geldig, self.maatstaf)
        self.naleving = {rij.gemeente.code: rij for rij in rijen}
        self.klassen = tuple(naleving.totalen(rijen).values())


@cache
def netwerk(aantal: int, zaad: int) -> Netwerk:
    return Netwerk(genereer(locaties=aantal, zaad=zaad, tot=TOT))


def zonder_metingen(**keuzes: Any) -> Netwerk:
    return Netwerk(rij for rij in genereer(**keuzes) if rij["type"] != METING)


def begin(dag: date) -> datetime:
    return datetime(dag.year, dag.month, dag.day, tzinfo=AMSTERDAM).astimezone(UTC)


def eind(dag: date) -> datetime:
    return begin(dag + timedelta(days=1)) - timedelta(microseconds=1)


def momenten(dag: date) -> tuple[datetime, ...]:
    """Returns the first moment, one in the middle, and the last moment of a day in Amsterdam."""
    return begin(dag), begin(dag) + timedelta(hours=13, minutes=7), eind(dag)


alle_netwerken = pytest.mark.parametrize(
    ("aantal", "zaad"), [NETWERKEN[0], *(only_whole(*netwerk) for netwerk in NETWERKEN[1:])]
)
