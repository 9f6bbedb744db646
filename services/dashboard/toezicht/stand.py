"""The figures of the toezicht as the page tells them: each step, what that takes of people, and what if all were taken.

Everybody reads them. What somebody is not told says so, and a step is then drawn without a bar.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from schemas.reference.toezichtladder import Trede, toezichtladder
from services.core.grootheden import genoemd
from services.core.grootheden.declaratie import Eenheid, FigureOf
from services.core.grootheden.toezicht import NAMEN, NIET_IN_TOEZICHT, ONDER_TOEZICHT, VERLOPEN
from services.core.grootheden.vormen import NOT_STATED
from services.core.history.reeks import border_after, perioden
from services.core.toezicht import GRENZEN, STAPPEN
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
    oudste: str
    uren: str
    grenzen: str
    """Between which bounds; empty where these are not known."""


class Gezegd:
    """The figures in words, as one audience is told them."""

    def __init__(self, cijfers: Totaalcijfers) -> None:
        self._stand = cijfers.toezicht
        self._all = cijfers.audience.sees_toezicht
        self._chosen = reads.anders_geteld(cijfers)
        self.cijfers = reads.figuren(cijfers)

    def van(self, naam: str) -> str:
        """Writes a figure, or why it has no value."""
        value = self.cijfers[naam]
        return self._why(naam) if value is None else van_eenheid(genoemd(naam, FigureOf.TOEZICHT).eenheid)(value)

    def bereik(self, naam: str, woord: str) -> str:
        """Writes an estimate with its bounds, as far as these are known. `woord`: what it is an estimate of."""
        waarden = [self.cijfers[f"{naam}{einde}"] for einde in GRENZEN.values()]
        return bereik(waarden, genoemd(naam, FigureOf.TOEZICHT).eenheid, woord) or self._why(naam)

    def grenzen(self, naam: str) -> str:
        """Writes the bounds of an estimate; empty where these are not both known, or are the estimate itself."""
        own, *bounds = (self.cijfers[f"{naam}{einde}"] for einde in GRENZEN.values())
        if None in bounds or bounds == [own, own]:
            return ""
        return " tot ".join(map(van_eenheid(genoemd(naam, FigureOf.TOEZICHT).eenheid), bounds))

    def _why(self, naam: str) -> str:
        one = genoemd(naam, FigureOf.TOEZICHT)
        if self._all or not self._stand.bekend:
            return "geen" if one.geen else NOT_STATED
        if one.vertrouwelijk or (self._chosen and one is NIET_IN_TOEZICHT):
            return ALLEEN_TOEZICHT
        small = one.kleinste_aantal is not None or (one.verraadt is not None and one.verraadt(self._stand))
        return NIET_GENOEMD if small else NOT_STATED


def bereik(waarden: Sequence[float | None], eenheid: Eenheid, woord: str) -> str:
    """Writes an estimate, its lower and its upper bound. Empty when the estimate itself is not known."""
    own, low, high = (None if one is None else van_eenheid(eenheid)(one) for one in waarden)
    if own is None:
        return ""
    said = f"{own} {woord}"
    if (low, high) in ((None, None), (own, own)):
        return said
    if low is None or high is None:
        return f"{said} ({'hoogstens' if low is None else 'minstens'} {low or high})"
    return f"{said} (tussen {low} en {high})"


def stand(cijfers: Totaalcijfers, stel: Stel) -> dict[str, Any]:
    """Returns what the page tells everybody, each as far as the caller is told it."""
    gezegd = Gezegd(cijfers)
    ahead = reads.als_allen(cijfers.toezicht, stel)
    return {
        "trappen": _trappen(gezegd),
        "gezegd": gezegd,
        "stappen": STAPPEN,
        "stel": ahead,
        "stel_uren": bereik([ahead[f"uren{one}"] for one in GRENZEN.values()], Eenheid.UREN, "uur"),
        "stel_fte": bereik([ahead[f"fte{one}"] for one in GRENZEN.values()], Eenheid.FTE, "fte"),
        "voorbehoud": reads.redenen(cijfers),
        "houders": _houders(cijfers),
    }


def _trappen(gezegd: Gezegd) -> list[Trap]:
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
            gezegd.van(f"{naam}.oudste"),
            gezegd.van(f"{naam}.uren"),
            gezegd.grenzen(f"{naam}.uren"),
        )
        for stap, naam in NAMEN.items()
    ]


class Houder(NamedTuple):
    """A toezichthouder, what its steps take and what it has."""

    naam: str
    gemeenten: int
    nodig: str
    beschikbaar: str


def _houders(cijfers: Totaalcijfers) -> list[Houder]:
    """Returns the toezichthouders, where there are others than the minister and the caller may see them."""
    every = reads.houders(cijfers.toezicht) if cijfers.audience.sees_toezicht else []
    return [
        Houder(
            str(one["naam"]).capitalize() if one["naam"] == one["toezichthouder"] else one["naam"],
            one["gemeenten"] or 0,
            bereik([one[f"fteNodig{einde}"] for einde in GRENZEN.values()], Eenheid.FTE, "fte") or NOT_STATED,
            NOT_STATED if (fte := one["fteBeschikbaar"]) is None else van_eenheid(Eenheid.FTE)(fte),
        )
        for one in (every if len(every) > 1 else [])
    ]


def verloop(blad: Blad[Any], cijfers: Totaalcijfers) -> Grafiek | None:
    """Draws half a year, week by week, and now. None for whoever may not see the steps."""
    if not cijfers.audience.sees_toezicht:
        return None
    gezegd, now = reads.figuren(cijfers), cijfers.herkomst.geldig_op
    weeks = perioden(border_after(now - _TERUG, "week"), now, "week")[:-1]  # those that are over
    drawn_of, lines = (ONDER_TOEZICHT, VERLOPEN), []
    found = van_weken(blad.reader, blad.question, cijfers, [one.naam for one in drawn_of], weeks)
    for one, values in zip(drawn_of, found, strict=True):
        points = [(border - _INSTANT, value) for border, value in zip(weeks[1:], values, strict=True)]
        lines.append(Lijn(one.label, one.naam, [*points, (now, gezegd[one.naam])]))
    drawn = grafiek("toezicht", "Onder toezicht, en te laat", lines, van=weeks[0], tot=now, nu=now, eenheid="gemeenten")
    return drawn if blad.nu else van_toen(drawn, now)
