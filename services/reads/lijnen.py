"""Turns what registers say through time into the figures of an area, a locatie or the law, each as a stair."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from schemas.moments import micros
from schemas.reference import Gemeente, gemeenten
from services.core.delen import STANDAARD, Floats, Grenzen, Ints, Reekslijn, dekking, naleving_bekend, of_nan
from services.core.gemeenten import indeling, overgangen
from services.core.grootheden import genoemd, in_reeks, sluiting
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.wet import OPGAVE
from services.core.history.naleving_verloop import naleving_trap, provincie_opgave
from services.core.history.reeks import Reekspunt, lijn, only_since, punten
from services.core.history.sommen import D, Trap, gebied, sommen
from services.core.history.toezicht_verloop import toezicht_trap
from services.core.history.verloop import Verloop, toestanden, zonder
from services.core.telregel import NIETS_GEVRAAGD, Gevraagd
from services.reads.question import NotKnownError, Question
from services.store.position import Position
from services.store.store import Store

READINGS_MAX = 1_000_000
"""Readings at once: each takes some 0.5 kB while a series is made."""


class Lijnen(NamedTuple):
    """Several figures that change at the same moments. Each has a name and a dekking."""

    moment: Ints
    lijnen: Mapping[str, tuple[Reekslijn, Floats]]

    def points(self, grootheid: str, borders: Sequence[datetime]) -> list[Reekspunt]:
        """The points of one of them."""
        return punten(self.moment, *self.lijnen[grootheid], borders)


class Compute(NamedTuple):
    """How lines are made of what registers say through time."""

    make: Callable[[Verloop], Lijnen]
    readings: bool = True
    """Whether they rest on readings, which are nearly all that there is to read."""


def verlopen(
    store: Store, compute: Compute, borders: Sequence[datetime], known_at: datetime, positie: str | None
) -> Iterator[tuple[Sequence[datetime], Lijnen, Position]]:
    """Yields the lines of these periods, in parts that hold not too many readings, all from one positie.

    Without a positie that is the one of the first part.
    """
    for part in in_parts(store, borders) if compute.readings else [borders]:
        verloop, at = store.verloop(
            part[0], part[-1], known_at, positie=positie, metingen=None if compute.readings else ()
        )
        yield part, compute.make(verloop), at
        positie = str(at)


def in_parts(store: Store, borders: Sequence[datetime], most: int | None = None) -> Iterator[Sequence[datetime]]:
    """Cuts the periods in parts that hold at most so many readings each (READINGS_MAX), but at least one period."""
    limit = READINGS_MAX if most is None else most
    counts = store.readings_count(borders[0], borders[-1]) if len(borders) > 2 else []
    days = [day for day, _ in counts]
    before = [0, *accumulate(count for _, count in counts)]
    until = [before[bisect_left(days, micros(border))] for border in borders]
    first = 0
    for last in range(1, len(borders)):
        if last + 1 == len(borders) or until[last + 1] - until[first] > limit:
            yield borders[first : last + 1]
            first = last


def points_known_at(
    store: Store,
    compute: Compute,
    grootheid: str,
    borders: Sequence[datetime],
    known_at: datetime,
    positie: str | None = None,
) -> tuple[list[Reekspunt], Position]:
    """The points of a figure with the knowledge of any moment, all from one positie."""
    found: list[Reekspunt] = []
    for part, lines, one in verlopen(store, compute, borders, known_at, positie):
        found += lines.points(grootheid, part)
        at = one
    return found, at


def of_area(
    verloop: Verloop,
    lies_in: Callable[[Gemeente], bool],
    since: datetime | None = None,
    grenzen: Grenzen = STANDAARD,
    hidden: Collection[str] = (),
) -> Lijnen:
    """The figures of the locaties that lie in these gemeenten, not known before `since`.

    `hidden`: the locaties to leave out.
    """
    seen = zonder(verloop, hidden)
    sums = sommen(seen, gebied(gemeenten(), seen, lies_in), grenzen)
    if since is not None:
        sums = only_since(since, sums)
    there = sums.moment >= (0 if since is None else micros(since))
    lines = {name: (waarde, known & there) for name, (waarde, known) in _lijnen(FigureOf.GEBIED, sums).items()}
    covered = of_nan(dekking, sums.delen)
    return Lijnen(sums.moment, {name: (line, covered) for name, line in lines.items()})


def of_naleving(
    verloop: Verloop,
    lies_in: Callable[[Gemeente], bool],
    wanted: Gevraagd = NIETS_GEVRAAGD,
    provincie: str | None = None,
) -> Lijnen:
    """How many of these gemeenten there are in each class, and sums over them. A provincie has an opgave of its own."""
    table = gemeenten()
    found = toestanden(verloop, overgangen(table, verloop.van, verloop.tot))
    stairs = naleving_trap(verloop, found, table, lies_in, wanted)
    covered = of_nan(naleving_bekend, stairs.delen)
    lines = _lijnen(FigureOf.TOTALEN, stairs) | _lijnen(FigureOf.LAND, stairs) | _lijnen(FigureOf.GEMEENTE, stairs)
    if provincie is not None:
        lines[OPGAVE.naam] = provincie_opgave(verloop, provincie, stairs.moment, wanted)
    return Lijnen(stairs.moment, {name: (line, covered) for name, line in lines.items()})


def of_toezicht(
    verloop: Verloop, grootheden: Sequence[str], wanted: Gevraagd = NIETS_GEVRAAGD, *, klein: bool = False
) -> Lijnen:
    """Figures of the toezicht on all gemeenten. With `klein` as the toezicht itself is told them at each moment."""
    table = gemeenten()
    how = [genoemd(naam, FigureOf.TOEZICHT).van(FigureOf.TOEZICHT, klein=klein) for naam in grootheden]
    found = toestanden(verloop, overgangen(table, verloop.van, verloop.tot))
    stairs = toezicht_trap(verloop, found, table, [one.waarde for one in how if one is not None], wanted)
    return Lijnen(
        stairs.moment, {naam: (lijn, stairs.dekking) for naam, lijn in zip(grootheden, stairs.lijnen, strict=True)}
    )


def of_locatie(verloop: Verloop, own_id: str) -> Lijnen | None:
    """The figures of the only locatie in `verloop`, open or not. Returns None when nothing is known of it."""
    known = {subject for subject, _ in [*verloop.begin, *(key for key, _ in verloop.steps)]}
    if own_id not in known | set(verloop.metingen.locaties):
        return None
    sums = sommen(verloop)
    covered = of_nan(dekking, sums.delen)
    return Lijnen(sums.moment, {name: (line, covered) for name, line in _lijnen(FigureOf.LOCATIE, sums).items()})


def _lijnen(soort: FigureOf, trap: Trap[D]) -> dict[str, Reekslijn]:
    """Every figure of this kind that can be asked through time."""
    return {name: lijn(sluiting(name, soort), trap) for name in in_reeks(soort)}


def gemeente_at(moment: datetime, code: str, question: Question) -> Gemeente:
    """The gemeente of this code at a moment. Raises NotKnownError, which names what it became."""
    there = indeling(gemeenten(), moment)
    own = next((gemeente for gemeente in there.geldig if gemeente.code == code), None)
    if own is None:
        raise NotKnownError("gemeente", code, question, successor=there.current(code))
    return own
