"""The toezicht on all gemeenten through time. A term that passes changes it without an event."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from schemas.moments import micros
from schemas.reference import Gemeente
from services.core.delen import Floats, Ints, Reekslijn
from services.core.history.naleving_verloop import nalevingen
from services.core.history.verloop import Toestanden, Verloop
from services.core.registers import Key, Register, Winner
from services.core.telregel import NIETS_GEVRAAGD, Gevraagd
from services.core.toezicht import Groep, Toezichtstand, capaciteiten, groepen, ramingen, zaak

_VAN_DE_TOEZICHTHOUDER = frozenset({Register.INZET, Register.TOEZICHTCAPACITEIT})


class Toezichttrap(NamedTuple):
    """Figures of the toezicht that change at moments: from each moment on they hold until the next."""

    moment: Ints
    """Ascending, in microseconds since 1970; the first is where it begins."""
    lijnen: Sequence[Reekslijn]
    """Each figure at each of these moments, and whether it is known there."""
    dekking: Floats
    """Share (0 to 1) of the gemeenten with a known class; NaN without gemeenten."""


def toezicht_trap(
    verloop: Verloop,
    found: Toestanden,
    table: Sequence[Gemeente],
    waarden: Sequence[Callable[[Toezichtstand], Any]],
    wanted: Gevraagd = NIETS_GEVRAAGD,
) -> Toezichttrap:
    """Gives figures at each moment at which they may change. The other arguments are those of `naleving_trap`.

    `waarden`: how each figure follows.
    """
    moments, covered = [micros(verloop.van) - 1], [np.nan]
    values: list[list[Any]] = [[None] for _ in waarden]
    for moment, stand, gemeenten in toezichtstanden(verloop, found, table, wanted):
        moments.append(micros(moment))
        covered.append(1 - stand.van("onbekend") / gemeenten if gemeenten else np.nan)
        for column, waarde in zip(values, waarden, strict=True):
            column.append(waarde(stand))
    return Toezichttrap(np.array(moments, dtype=np.int64), [_lijn(column) for column in values], np.array(covered))


def _lijn(values: Sequence[Any]) -> Reekslijn:
    known = np.array([value is not None for value in values])
    return np.array([0 if value is None else value for value in values]), known


def toezichtstanden(
    verloop: Verloop, found: Toestanden, table: Sequence[Gemeente], wanted: Gevraagd = NIETS_GEVRAAGD
) -> Iterator[tuple[datetime, Toezichtstand, int]]:
    """Yields the toezicht at each moment at which it may change, with how many gemeenten there are.

    Only the gemeenten that changed are counted again. What is yielded holds until the next is asked for.
    """
    own: dict[Key, Winner] = {}
    to_come = _writes(verloop)
    aantallen, of_each = Counter[Groep](), dict[str, list[Groep]]()
    raming, capaciteit = ramingen(own), capaciteiten(own)
    for moment, judged in nalevingen(verloop, found, table, wanted):
        while to_come and to_come[-1][0] <= moment:
            _, key, winner = to_come.pop()
            own[key] = winner
            raming, capaciteit = ramingen(own), capaciteiten(own)
        for code, row in judged.items():
            aantallen.subtract(of_each.pop(code, ()))
            if row is not None:
                of_each[code] = list(groepen(zaak(row, row.stap)))
                aantallen.update(of_each[code])
        yield moment, Toezichtstand(aantallen, raming, capaciteit), len(of_each)


def _writes(verloop: Verloop) -> list[tuple[datetime, Key, Winner]]:
    """What toezichthouders said of hours and people, the last first."""
    said = [(verloop.van, key, winner) for key, winner in verloop.begin.items()]
    said += [(winner.effective_at, key, winner) for key, winner in verloop.steps]
    mine = [one for one in said if Register.of(one[1]) in _VAN_DE_TOEZICHTHOUDER]
    return sorted(mine, key=lambda one: (one[0], one[2].rank), reverse=True)
