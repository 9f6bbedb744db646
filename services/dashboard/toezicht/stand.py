"""The figures of the toezicht as the page tells them: each step, what that takes of people, and what if all were taken.

Everybody reads them. What somebody is not told says so, and a step is then drawn without a bar.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from schemas.fields import Json
from schemas.reference.toezichtladder import Trede, toezichtladder
from services.core.dutch import estimate, gemeenten, number
from services.core.grootheden import genoemd
from services.core.grootheden.declaratie import Eenheid, FigureOf
from services.core.grootheden.toezicht import FTE_BESCHIKBAAR, NAMEN, ONDER_TOEZICHT, VERLOPEN
from services.core.grootheden.vormen import NOT_STATED, naast_elkaar
from services.core.history.reeks import border_after, perioden
from services.core.stap import MINISTER
from services.core.toezicht import GRENZEN, HAALBAAR_VOLGENS, STAPPEN
from services.dashboard.grafiek.grafiek import grafiek
from services.dashboard.grafiek.lijnen import van_toen
from services.dashboard.grafiek.vorm import Grafiek, Lijn
from services.dashboard.page_request import Blad
from services.dashboard.tekst import van_eenheid
from services.reads import toezicht as reads
from services.reads.cijfers import Totaalcijfers
from services.reads.reeksen import van_weken
from services.reads.toezicht import Stel

ALLEEN_TOEZICHT = "alleen voor het toezicht"
NIET_GENOEMD = "niet genoemd"
_TERUG = timedelta(weeks=26)
_INSTANT = timedelta(microseconds=1)


class Trap(NamedTuple):
    """A step of the ladder, and who is on it."""

    stap: str
    plaats: Trede
    gemeenten: str
    deel: float | None
    """Its gemeenten as a share of the fullest step. None: how many there are is not told or not known."""
    laat: float
    """Those that are too late, as a share of the same."""
    verlopen: str
    uren: str
    grenzen: str
    """Between which bounds; empty where these are not known."""


class Mensen(NamedTuple):
    """The fte that are needed and those that there are, as they are read beside each other; empty: not known."""

    nodig: str
    beschikbaar: str


def mensen(nodig: Sequence[float | None], beschikbaar: float | None) -> Mensen:
    """Writes an estimate of fte, its lower and its upper bound, beside what there is."""
    *needed, there = naast_elkaar([*nodig, beschikbaar], Eenheid.FTE)
    return Mensen(estimate(needed, "fte"), "" if there is None else f"{there} fte")


class InWoorden:
    """The figures in words, as one audience is told them."""

    def __init__(self, cijfers: Totaalcijfers) -> None:
        self._stand = cijfers.toezicht
        self._all = cijfers.audience.sees_toezicht
        self._vertelt = cijfers.vertelt
        self.cijfers = cijfers.van_toezicht

    def van(self, naam: str) -> str:
        """Writes a figure, or why it has no value."""
        value = self.cijfers[naam]
        return (
            self._waarom_niet(naam) if value is None else van_eenheid(genoemd(naam, FigureOf.TOEZICHT).eenheid)(value)
        )

    def bereik(self, naam: str, woord: str) -> str:
        """Writes an estimate with its bounds, as far as these are known. `woord`: what it is an estimate of."""
        written = naast_elkaar(self.waarden(naam), genoemd(naam, FigureOf.TOEZICHT).eenheid)
        return estimate(written, woord) or self._waarom_niet(naam)

    def mensen(self) -> Mensen:
        """Writes the fte that are needed beside those that there are."""
        found = mensen(self.waarden("fteNodig"), self.cijfers[FTE_BESCHIKBAAR.naam])
        return Mensen(
            found.nodig or self._waarom_niet("fteNodig"), found.beschikbaar or self._waarom_niet(FTE_BESCHIKBAAR.naam)
        )

    def waarden(self, naam: str) -> list[Any]:
        """Returns an estimate, its lower and its upper bound."""
        return [self.cijfers[f"{naam}{einde}"] for einde in GRENZEN.values()]

    def grenzen(self, naam: str) -> str:
        """Writes the bounds of an estimate; empty where these are not both known, or are the estimate itself."""
        own, *bounds = self.waarden(naam)
        if None in bounds or bounds == [own, own]:
            return ""
        return " tot ".join(map(van_eenheid(genoemd(naam, FigureOf.TOEZICHT).eenheid), bounds))

    def _waarom_niet(self, naam: str) -> str:
        """Says why a figure has no value for this audience."""
        one = genoemd(naam, FigureOf.TOEZICHT)
        if self._all or not self._stand.bekend:
            return "geen" if one.geen else NOT_STATED
        if not self._vertelt(naam):
            return ALLEEN_TOEZICHT
        small = one.kleinste_aantal is not None or (one.verraadt is not None and one.verraadt(self._stand))
        return NIET_GENOEMD if small else NOT_STATED


def _haalbaar(ahead: Mapping[str, Any], most: int) -> str:
    """Writes how many gemeenten can be in the step, of the `most` that there are; empty when that is not known."""
    found = (ahead[f"haalbaar{einde}"] for einde in HAALBAAR_VOLGENS)
    own, *bounds = (None if one is None else min(one, most) for one in found)
    if own is None:
        return ""
    known = "" if None in bounds or bounds == [own, own] else f" ({' tot '.join(map(number, bounds))})"
    return f"{gemeenten(own)}{known}"


def stand(cijfers: Totaalcijfers, stel: Stel, houders: Sequence[Json]) -> dict[str, Any]:
    """Returns what the page tells everybody, each as far as the caller is told it. `houders`: the toezichthouders."""
    gezegd = InWoorden(cijfers)
    ahead = reads.als_allen(cijfers, stel)
    hours = [ahead[f"uren{one}"] for one in GRENZEN.values()]
    there = gezegd.cijfers[FTE_BESCHIKBAAR.naam]
    return {
        "trappen": _trappen(gezegd),
        "gezegd": gezegd,
        "stappen": STAPPEN,
        "stel": ahead,
        "gemeenten_max": reads.GEMEENTEN_MAX,
        "mensen": gezegd.mensen(),
        "stel_uren": estimate(naast_elkaar(hours, Eenheid.UREN), "uur"),
        "stel_fte": mensen([ahead[f"fte{one}"] for one in GRENZEN.values()], there),
        "haalbaar": _haalbaar(ahead, reads.GEMEENTEN_MAX),
        "in_stel_stap": gezegd.cijfers[f"{NAMEN[ahead['stap']]}.gemeenten"],
        "voorbehoud": reads.redenen(cijfers, houders),
        "houders": _houders(houders),
    }


def _trappen(gezegd: InWoorden) -> list[Trap]:
    ladder, found = toezichtladder(), gezegd.cijfers
    most = max((found[f"{NAMEN[stap]}.gemeenten"] or 0 for stap in STAPPEN), default=0) or 1
    return [
        Trap(
            stap,
            ladder[stap],
            gezegd.van(f"{naam}.gemeenten"),
            None if (many := found[f"{naam}.gemeenten"]) is None else many / most,
            (found[f"{naam}.verlopen"] or 0) / most,
            gezegd.van(f"{naam}.verlopen"),
            gezegd.van(f"{naam}.uren"),
            gezegd.grenzen(f"{naam}.uren"),
        )
        for stap, naam in NAMEN.items()
    ]


class Houder(NamedTuple):
    """A toezichthouder, what its steps take and what it has."""

    naam: str
    gemeenten: str
    nodig: str
    beschikbaar: str


def _houders(every: Sequence[Json]) -> list[Houder]:
    """Returns the toezichthouders, unless the minister is the only one: the page has his figures already."""
    return [
        Houder(
            str(one["naam"]).capitalize() if one["naam"] == one["toezichthouder"] else one["naam"],
            NOT_STATED if one["gemeenten"] is None else number(one["gemeenten"]),
            *(
                said or NOT_STATED
                for said in mensen([one[f"fteNodig{einde}"] for einde in GRENZEN.values()], one["fteBeschikbaar"])
            ),
        )
        for one in (every if [one["toezichthouder"] for one in every] != [MINISTER] else [])
    ]


def verloop(blad: Blad[Any], cijfers: Totaalcijfers) -> Grafiek | None:
    """Draws half a year, week by week, and now, of what the caller is told. None where no moment has a number."""
    gezegd, now = cijfers.van_toezicht, cijfers.herkomst.geldig_op
    weeks = perioden(border_after(now - _TERUG, "week"), now, "week")[:-1]  # those that are over
    drawn_of = [one for one in (ONDER_TOEZICHT, VERLOPEN) if cijfers.vertelt(one.naam)]
    lines = []
    found = van_weken(blad.reader, blad.question, cijfers, [one.naam for one in drawn_of], weeks)
    for one, values in zip(drawn_of, found, strict=True):
        points = [(border - _INSTANT, value) for border, value in zip(weeks[1:], values, strict=True)]
        points.append((now, gezegd[one.naam]))
        why = "" if cijfers.audience.sees_toezicht else "onbekend, of te klein om te noemen"
        lines.append(Lijn(one.label, one.naam, points, waarom={at: why for at, value in points if value is None}))
    if all(value is None for line in lines for _, value in line.punten):
        return None
    titel = "Onder toezicht, en te laat" if len(lines) > 1 else ONDER_TOEZICHT.label
    drawn = grafiek("toezicht", titel, lines, van=weeks[0], tot=now, nu=now, eenheid="gemeenten")
    return drawn if blad.nu else van_toen(drawn, now)
