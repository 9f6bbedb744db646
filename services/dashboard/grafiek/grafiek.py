"""Lines over time as a chart: the place of everything in the drawing, and the same in words and as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby, pairwise
from operator import itemgetter
from string import ascii_uppercase

from services.core.dutch import short_percentage
from services.dashboard.grafiek.assen import tijdstrepen, waardestrepen
from services.dashboard.grafiek.vorm import (
    WIJDTE,
    Baan,
    Getekend,
    Geval,
    Grafiek,
    Grafiekpunt,
    Kader,
    Lijn,
    Merk,
    Streep,
)
from services.dashboard.grafiek.woorden import asgetal, beschreven, bewaakt, tabel, veranderd_na
from services.reads.alarm_keuze import ERNSTEN

_EINDE_HOOGTE = 75
"""The part of WIJDTE that the name at the end of a line takes."""
_MERK_WIJDTE = 20
"""Things that happened closer together than this share one mark."""
_KORTST = 3
"""The least width of an alarm, however short it was."""


def grafiek(
    ident: str,
    titel: str,
    lijnen: Sequence[Lijn],
    *,
    van: datetime,
    tot: datetime,
    nu: datetime,
    eenheid: str,
    procent: bool = False,
) -> Grafiek:
    """Makes the chart of some lines from `van` to `tot`.

    `ident` is its id in the page. With `procent` a value of 1 is 100 %. Points outside are left out, but a stair begins
    with its value at `van`. Where nothing is known of a line, the axis begins at 0: the others do not tell its size.

    Raises:
        ValueError: `van` does not come before `tot`.
    """
    van, tot, nu = (moment.astimezone(UTC) for moment in (van, tot, nu))
    if van >= tot:
        raise ValueError(f"a chart from {van} to {tot} has no width")
    shown = [lijn._replace(punten=_in_sight(lijn, van, tot)) for lijn in lijnen]
    of_each = [[value for _, value in lijn.punten if value is not None] for lijn in shown]
    known = [value for values in of_each for value in values]
    ticks = waardestrepen(known if all(of_each) and known else [0, *known], procent=procent)
    kader = Kader(van, tot, ticks[0], ticks[-1])
    return Grafiek(
        id=ident,
        titel=titel,
        eenheid=eenheid,
        beschrijving=" ".join(beschreven(shown, kader, nu, eenheid, procent=procent)),
        leeg=not known,
        van=van,
        tot=tot,
        onder=kader.onder,
        boven=kader.boven,
        lijnen=_drawn(shown, kader),
        waarden=[Streep(kader.y(value), asgetal(value, procent=procent)) for value in ticks],
        tijd=[streep._replace(plek=kader.x(moment)) for moment, streep in tijdstrepen(van, tot)],
        honderd=Streep(kader.y(1), "" if 1 in ticks else short_percentage(1)) if procent and kader.boven >= 1 else None,
        nu=kader.x(nu) if van <= nu <= tot else None,
        later=kader.x(max(van, nu)) if any(veranderd_na(nu, lijn.punten) for lijn in shown) else None,
        rijen=tabel(shown, procent=procent),
        afgesneden=asgetal(kader.onder, procent=procent) if kader.onder > 0 else "",
    )


def gemarkeerd(
    drawn: Grafiek, gevallen: Sequence[Geval], gebeurd: Sequence[datetime], nu: datetime, sinds: datetime | None
) -> Grafiek:
    """Marks the alarms, until `nu` where they still go on, and the moments at which something happened.

    `sinds`: since when alarms are watched; None: nobody ever did.
    """
    kader = Kader(drawn.van, drawn.tot, drawn.onder, drawn.boven)
    seen = [moment for moment in gebeurd if drawn.van <= moment <= drawn.tot]
    banen, (legend, said) = _strips(gevallen, kader, nu), bewaakt(kader, nu, sinds)
    return replace(
        drawn,
        banen=banen,
        merken=_marks(seen, kader),
        alarmen=legend if banen or said else "",
        beschrijving=f"{drawn.beschrijving} {said}".rstrip(),
    )


def einde(lijnen: Sequence[Lijn], van: datetime, tot: datetime, nu: datetime) -> datetime:
    """Returns where a chart that runs until `tot` may end: at `nu`, when no line changes after that."""
    return tot if any(veranderd_na(nu, _in_sight(lijn, van, tot)) for lijn in lijnen) else nu


def _in_sight(lijn: Lijn, van: datetime, tot: datetime) -> list[Grafiekpunt]:
    """Sorts the points by time, one for each moment, in UTC: on the Dutch clock an hour comes twice each autumn."""
    points = sorted({moment.astimezone(UTC): value for moment, value in lijn.punten}.items(), key=itemgetter(0))
    within = [(moment, value) for moment, value in points if van <= moment <= tot]
    before = [value for moment, value in points if moment < van]
    if lijn.trap and before and (not within or within[0][0] > van):
        within.insert(0, (van, before[-1]))
    return within


# What happened ----------------------------------------------------------------------------------------------------


def _strips(gevallen: Sequence[Geval], kader: Kader, nu: datetime) -> list[Baan]:
    """Draws each alarm from its beginning until its end, those of one severity in one strip."""
    found: list[Baan] = []
    worst_first = sorted(gevallen, key=lambda one: ERNSTEN.index(one.ernst))
    for ernst, same in groupby(worst_first, key=lambda one: one.ernst):
        pieces = []
        for one in same:
            begin, eind = max(one.begin, kader.van), min(one.eind or max(nu, one.begin), kader.tot)
            if begin <= eind:
                first = min(kader.x(begin), WIJDTE - _KORTST)
                pieces.append(f"M{first:g} 0.5H{max(kader.x(eind), first + _KORTST):g}")
        if pieces:
            found.append(Baan(ernst, "".join(pieces)))
    return found


def _marks(moments: Sequence[datetime], kader: Kader) -> list[Merk]:
    """Gives a mark to each moment, and one to those that lie too close together to tell apart."""
    found: list[Merk] = []
    for plek in sorted(map(kader.x, moments)):
        if found and plek - found[-1].plek < _MERK_WIJDTE:
            found[-1] = found[-1]._replace(aantal=found[-1].aantal + 1)
        else:
            found.append(Merk(plek, 1))
    return found


# Lines ------------------------------------------------------------------------------------------------------------


def _drawn(lijnen: Sequence[Lijn], kader: Kader) -> list[Getekend]:
    found = []
    for at, lijn in enumerate(lijnen):
        pieces = [_places(piece, kader) for piece in _pieces(lijn, kader.tot)]
        path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in piece) for piece in pieces if len(piece) > 1)
        dots = [piece[0] for piece in pieces if len(piece) == 1]
        found.append(
            Getekend(ascii_uppercase[at % 26], lijn.naam, lijn.soort, path, dots, pieces[-1][-1][1] if pieces else None)
        )
    return _apart(found)


def _pieces(lijn: Lijn, tot: datetime) -> Iterator[list[tuple[datetime, float]]]:
    """Returns the pieces of a line that are drawn without lifting the pen."""
    piece: list[tuple[datetime, float]] = []
    for moment, value in _corners(lijn.punten, tot) if lijn.trap else lijn.punten:
        if value is not None:
            piece.append((moment, value))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _corners(points: Sequence[Grafiekpunt], tot: datetime) -> Iterator[Grafiekpunt]:
    """Returns a stair as points with straight lines between them."""
    changes = [*points[:1], *(new for old, new in pairwise(points) if new[1] != old[1])]
    for (moment, value), (until, _) in pairwise([*changes, (tot, None)]):
        yield moment, value
        yield until, value


def _places(piece: Sequence[tuple[datetime, float]], kader: Kader) -> list[tuple[float, float]]:
    places = [(kader.x(moment), kader.y(value)) for moment, value in piece]
    return places[:1] + [new for old, new in pairwise(places) if new != old]


def _apart(lijnen: Sequence[Getekend]) -> list[Getekend]:
    """Moves the names so far apart that each can be read, in the order in which the lines end."""
    named = sorted((lijn.einde, at) for at, lijn in enumerate(lijnen) if lijn.einde is not None)
    heights: list[float] = []
    for height, _ in named:
        heights.append(max(height, heights[-1] + _EINDE_HOOGTE) if heights else height)
    lowest = float(WIJDTE)
    for at in reversed(range(len(heights))):
        heights[at] = min(heights[at], lowest)
        lowest = heights[at] - _EINDE_HOOGTE
    height_of = {at: round(height, 1) for (_, at), height in zip(named, heights, strict=True)}
    return [lijn._replace(einde=height_of.get(at)) for at, lijn in enumerate(lijnen)]
