"""How full each locatie was at the end of each day, and since when it holds more people than it has usable places."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from schemas.moments import from_micros, micros
from services.core.delen import STANDAARD, Bools, Druk, Grenzen, Ints, bezettingsgraad_gemeten
from services.core.history.sommen import Stappen, stappen
from services.core.history.verloop import Verloop

_MICROSECOND = timedelta(microseconds=1)


class Loop(NamedTuple):
    """The last days of one locatie."""

    dagen: Sequence[float | None]
    """Its bezettingsgraad at the last instant of each day, oldest first.

    None where it can't be said: it was not open, its last reading was not recent, or it had no known places.
    """
    vol_sinds: datetime | None
    """Since when it has more people than usable places, without a break. None: it has not, or that is not known."""
    langer: bool
    """Whether it was so already when these days began. Then `vol_sinds` is the beginning of these days."""


def lopen(
    verloop: Verloop, ids: Sequence[str], borders: Sequence[datetime], grenzen: Grenzen = STANDAARD
) -> list[Loop]:
    """Gives the days between these borders for each of these locaties.

    Args:
        verloop: until just after V: of these locaties every write, and the readings that may be recent at the first
            border or later.
        ids: the locaties, in the order of the answer.
        borders: where each day begins, and where the last one ends.
        grenzen: how old a reading may be.
    """
    found = stappen(verloop, grenzen)
    known = _known(found, grenzen)
    above = known & (found.aanwezig > found.inzetbaar)
    parts = Druk(np.where(known, found.aanwezig, 0), np.where(known, found.inzetbaar, 0))
    graad, has = bezettingsgraad_gemeten(parts)
    begins = np.searchsorted(found.nummer, np.arange(len(found.locaties) + 1))
    number = {own_id: n for n, own_id in enumerate(found.locaties)}
    ends = np.array([micros(border) for border in borders[1:]], dtype=np.int64)
    answer = []
    for own_id in ids:
        n = number.get(own_id)
        if n is None:
            answer.append(Loop([None] * len(ends), None, langer=False))
            continue
        own = slice(int(begins[n]), int(begins[n + 1]))
        rows = np.searchsorted(found.moment[own], ends, "left") - 1
        days = [graad[own][row].item() if row >= 0 and has[own][row] else None for row in rows.tolist()]
        answer.append(Loop(days, *_since(found.moment[own], above[own], borders[0])))
    return answer


def _known(found: Stappen, grenzen: Grenzen) -> Bools:
    """Tells of each row whether it says how full the locatie is. A row ends where its reading is no longer recent."""
    recent = found.moment - found.peilmoment <= grenzen.recent // _MICROSECOND
    return found.telt & found.gemeten & found.geplaatst & recent


def _since(moment: Ints, above: Bools, begin: datetime) -> tuple[datetime | None, bool]:
    """Finds since when the last row is so. Before `begin` not every reading is known."""
    if not len(above) or not above[-1]:
        return None, False
    others = np.flatnonzero(~above)
    since = from_micros(int(moment[others[-1] + 1 if len(others) else 0]))
    return (since, False) if since > begin else (begin, True)
