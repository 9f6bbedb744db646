"""The page of the toezicht on one gemeente: where it stands, every step against it, what comes, and what may follow."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from schemas.data import Toezichtstap
from schemas.moments import day_of
from schemas.reference.toezichtladder import Trede, toezichtladder
from services.core.naleving import GemeenteNaleving
from services.core.toezicht import Zaak
from services.core.toezichtstappen import Gezet, Stappen
from services.dashboard.kaart.kaart import STIJLEN
from services.dashboard.onderwerp import Onderwerpvraag, van_gebied
from services.dashboard.page_request import Blad
from services.dashboard.toezicht.werklijst import houder, zet
from services.reads import toezicht as reads
from services.reads.cijfers import Cijfers
from services.reads.door_de_tijd import Loop
from services.reads.question import NotKnownError
from services.web.problems import ProblemError

NIET_VAN_GEMEENTE = (
    "Het toezicht op één gemeente is alleen te zien met de rol toezicht of beheerder; een provincie ziet dat van haar "
    "eigen gemeenten."
)
VERANDERINGEN_MAX = 8


class Regel(NamedTuple):
    """A step as the course tells it."""

    gezet: Gezet
    plaats: Trede
    houder: str
    dagen: int
    """How many days it lasted, or lasts, until another step or another term."""
    duurt: bool
    """Whether it is the step in force."""
    tegen: str | None
    """The gemeente that it was taken against, where that merged into this one."""


class Volgende(NamedTuple):
    """A step that may follow."""

    plaats: Trede
    zet: str | None
    """Where the caller reports it; None where it may not."""


class Verandering(NamedTuple):
    """From a moment on other places count, or the opgave is another."""

    op: datetime
    meetellend: float | None
    """None where no rule to count by is known then."""
    opgave: float | None
    """None where it is not known, as under a cyclus that begins."""

    @property
    def tekort(self) -> float | None:
        """Places short; None where that can't be said."""
        return None if self.opgave is None or self.meetellend is None else max(0, self.opgave - self.meetellend)


def gemeente(blad: Blad[Onderwerpvraag]) -> dict[str, Any]:
    """Returns the toezicht on a gemeente. Raises NotKnownError, and ProblemError 403 for who may not see its steps."""
    code, now = blad.code, blad.totalen().indeling
    if not now.exists(code):
        raise NotKnownError("gemeente", code, blad.question, successor=now.current(code))
    if code not in blad.caller.toezicht_over(now.geldig):
        raise ProblemError(403, NIET_VAN_GEMEENTE)
    cijfers = blad.cijfers()
    een, row = next(
        (een, row) for een, row in zip(cijfers.zaken, cijfers.naleving, strict=True) if row.gemeente.code == code
    )
    steps = reads.stappen_van_gemeenten(blad.reader, blad.question, cijfers).tot_nu.get(code, ())
    here = {one.id for one in cijfers.locaties_in([code])}
    area = van_gebied(blad, cijfers, here, lambda one: one.code == code, code, row.opgave)
    loop = area["tijd"].loop
    return area | {
        "gemeente": row.gemeente,
        "provincie": cijfers.naam_van(row.gemeente.provincie),
        "row": row,
        "zaak": een,
        "lopend_trede": None if een.lopend is None else toezichtladder()[een.lopend.stap].trede,
        "stijlen": STIJLEN,
        "houder": None if een.lopend is None else houder(een.lopend),
        "resteert": _resteert(een),
        "maatstaf": cijfers.maatstaf,
        "stappen": _regels(cijfers, een, steps),
        "sinds": steps[-1].sinds if steps else None,
        "dagen": steps[-1].dagen(een.op) if steps else None,
        "volgende": _volgende(blad, een),
        "anders": zet(blad, code) if blad.nu else None,
        "veranderingen": _veranderingen(row, loop.meetellend, loop.opgave),
        "alles": cijfers.audience.sees_toezicht,
    }


def _resteert(een: Zaak) -> int | None:
    """How many days are left until the last day of the term, below 0 when that is over; None without a term."""
    termijn = None if een.lopend is None else een.lopend.termijn
    return None if termijn is None else (day_of(termijn) - day_of(een.op)).days


def _regels(cijfers: Cijfers, een: Zaak, steps: Stappen) -> list[Regel]:
    """Returns every step, the latest first."""
    ladder = toezichtladder()
    return [
        Regel(
            one,
            ladder[one.stap.stap],
            houder(one.stap),
            (day_of(one.tot or een.op) - day_of(one.stap.gezet_op)).days,
            one.tot is None and one.stap.loopt,
            None if one.tegen == een.gemeente.code else cijfers.naam_van(one.tegen),
        )
        for one in reversed(steps)
    ]


def _volgende(blad: Blad[Onderwerpvraag], een: Zaak) -> list[Volgende]:
    """Returns the steps that may follow by the ladder, or with which toezicht begins."""
    ladder = toezichtladder()
    begin: Sequence[Toezichtstap] = [stap for stap, trede in ladder.items() if trede.eerste]
    steps = begin if een.lopend is None else ladder[een.lopend.stap].volgende
    code = een.gemeente.code
    return [Volgende(ladder[stap], zet(blad, code, stap) if blad.nu else None) for stap in steps]


def _veranderingen(row: GemeenteNaleving, meetellend: Loop, opgave: Loop) -> list[Verandering]:
    """Returns how what counts and the opgave change from V on, by what is known now."""
    before: tuple[float | None, float | None]
    before = (float(row.meetellend), None if row.opgave is None else float(row.opgave.opgave))
    found = []
    for op in sorted({moment for loop in (meetellend, opgave) for moment, _ in loop if moment > row.op}):
        after = _op(meetellend, op), _op(opgave, op)
        if after != before:
            found.append(Verandering(op, *after))
            before = after
    return found[:VERANDERINGEN_MAX]


def _op(loop: Loop, moment: datetime) -> float | None:
    return next((value for at, value in reversed(loop) if at <= moment), None)
