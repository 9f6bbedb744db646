"""What registers say from one moment until another: the state of every locatie through time, and their sums.

The sums change at the moments at which a register gets another write in force, or what was written ends; never only at
those at which something was reported (design §3, time law). Numbers are whole, so the sums are exact.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from schemas.moments import NEVER, micros
from services.core.bezetting import FRESHNESS_LIMIT
from services.core.locaties import Locatie, locaties
from services.core.registers import Registers, Winner
from services.core.standen import Ints
from services.core.verklaring import Key, end_of_write

AANWEZIG = "aanwezig"
_LIMIT = FRESHNESS_LIMIT // timedelta(microseconds=1)
_SAME, _UNKNOWN = -1, -2


class Verloop(NamedTuple):
    """All that registers say from one moment until another, as known at K."""

    van: datetime
    tot: datetime
    begin: Registers
    """Those in force at `van`."""
    steps: Sequence[tuple[Key, Winner]]
    """The writes that take effect after `van` and before `tot`, but for readings; of each register one a moment."""
    metingen: "Metingen"


Toestanden = Mapping[str, Sequence[tuple[datetime, Locatie]]]
"""Of every locatie what it is from each moment on, its readings apart."""


class Metingen(NamedTuple):
    """The readings that take effect after `van` and before `tot`, in order of locatie and moment."""

    locaties: Sequence[str]
    """Of whom, by number."""
    nummer: Ints
    moment: Ints
    """Microseconds since 1970."""
    aanwezig: Ints


class Trap(NamedTuple):
    """Whole numbers that change at the same moments: from each moment on they are so much."""

    moment: Ints
    """Ascending; the first is where it begins."""
    waarden: Mapping[str, Ints]


def toestanden(verloop: Verloop, also: Iterable[datetime] = ()) -> Toestanden:
    """Of every locatie: what it is from each moment on at which anything but a reading changes, from `van` on.

    `also`: moments at which to look besides, at which the gemeenten change.
    """
    begin: dict[str, dict[Key, Winner]] = defaultdict(dict)
    for key, winner in verloop.begin.items():
        begin[key[0]][key] = winner
    changes: dict[str, dict[datetime, dict[Key, Winner]]] = defaultdict(dict)
    for key, winner in verloop.steps:
        changes[key[0]].setdefault(winner.effective_at, {})[key] = winner
    for subject in begin.keys() | changes.keys() | set(verloop.metingen.locaties):
        for moment in also:
            changes[subject].setdefault(moment, {})
        for key, winner in [*begin[subject].items(), *(w for c in list(changes[subject].values()) for w in c.items())]:
            end = None if key[1] == AANWEZIG else end_of_write(key, winner)
            if end is not None and end > verloop.van:
                changes[subject].setdefault(end, {})
    return {
        subject: list(_through(begin[subject], changes[subject], verloop))
        for subject in changes
        if subject.startswith("LOC-")
    }


def _through(
    registers: dict[Key, Winner], changes: Mapping[datetime, Mapping[Key, Winner]], verloop: Verloop
) -> Iterator[tuple[datetime, Locatie]]:
    for moment in sorted({verloop.van, *changes}):
        if moment >= verloop.tot:
            return
        registers = {**registers, **changes.get(moment, {})}
        for locatie in locaties(registers, moment):
            yield moment, locatie


# Sums ------------------------------------------------------------------------------------------------------------

SOMMEN = (
    "locaties", "gemeten", "geplaatst", "aanwezig", "plaatsen", "inzetbaar", "aanwezigOpPlaatsen", "plaatsenMetMeting",
    "vers",
)  # fmt: skip
"""What is summed: the locaties, those with a reading and those of which the places are known; people, places and usable
places; people and usable places where both are known; and usable places with a fresh reading."""
Counts = Callable[[Locatie, datetime], bool]


def sommen(verloop: Verloop, found: Toestanden, counts: Counts | None = None) -> Trap:
    """The sums over these locaties while they count. Without `counts` always: a locatie by itself, open or not."""
    subjects = sorted(found)
    slow = _slow(found, subjects, counts or (lambda _locatie, _moment: True))
    readings = _readings(verloop, {subject: n for n, subject in enumerate(subjects)})
    return _summed(_in_order(slow, readings), micros(verloop.van), always=counts is None)


class _Rows(NamedTuple):
    """Changes of locaties; what a row does not change is -1."""

    number: Ints
    moment: Ints
    counts: Ints
    plaatsen: Ints
    inzetbaar: Ints
    """UNKNOWN (-2) for places that are not known."""
    aanwezig: Ints
    peilmoment: Ints


def _slow(
    found: Mapping[str, Sequence[tuple[datetime, Locatie]]], subjects: Sequence[str],
    counts: Callable[[Locatie, datetime], bool],
) -> _Rows:  # fmt: skip
    rows = [
        (
            n, micros(moment), int(counts(locatie, moment)),
            _UNKNOWN if locatie.totaal_plaatsen is None else locatie.totaal_plaatsen,
            _UNKNOWN if locatie.inzetbaar is None else locatie.inzetbaar, _SAME, _SAME,
        )
        for n, subject in enumerate(subjects)
        for moment, locatie in found[subject]
    ]  # fmt: skip
    return _Rows(*np.array(rows, dtype=np.int64).reshape(-1, len(_Rows._fields)).T)


def _readings(verloop: Verloop, number: Mapping[str, int]) -> _Rows:
    """Those that are in force at `van`, those after it, and the moments at which one becomes old before the next."""
    first = [
        (number[subject], micros(verloop.van), winner.value, micros(winner.effective_at))
        for (subject, register), winner in verloop.begin.items()
        if register == AANWEZIG and subject in number
    ]
    begin = np.array(first, dtype=np.int64).reshape(-1, 4).T
    metingen = verloop.metingen
    own = np.array([number.get(subject, _UNKNOWN) for subject in metingen.locaties] or [_UNKNOWN], dtype=np.int64)
    of = own[metingen.nummer]
    mine = of != _UNKNOWN
    later = (of[mine], metingen.moment[mine], metingen.aanwezig[mine], metingen.moment[mine])
    locatie, moment, aanwezig, peilmoment = (np.concatenate(pair) for pair in zip(begin, later, strict=True))
    order = np.lexsort((peilmoment, locatie))
    locatie, moment, aanwezig, peilmoment = (a[order] for a in (locatie, moment, aanwezig, peilmoment))
    old_at = peilmoment + _LIMIT + 1
    following = np.append(np.where(locatie[1:] == locatie[:-1], moment[1:], NEVER), NEVER)[: len(moment)]
    ages = (old_at < following) & (old_at > micros(verloop.van))
    same = np.full(len(moment) + int(ages.sum()), _SAME, dtype=np.int64)
    none = np.full(int(ages.sum()), _SAME, dtype=np.int64)
    return _Rows(
        np.concatenate((locatie, locatie[ages])), np.concatenate((moment, old_at[ages])), same, same, same,
        np.concatenate((aanwezig, none)), np.concatenate((peilmoment, none)),
    )  # fmt: skip


def _in_order(*parts: _Rows) -> _Rows:
    """All rows in order of locatie and moment, each with the whole state of its locatie from then on."""
    rows = _Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    order = np.lexsort((rows.moment, rows.number))
    number, moment, *state = (column[order] for column in rows)
    starts = np.searchsorted(number, number)  # where the rows of this locatie begin
    return _Rows(number, moment, *(_carried(column, starts) for column in state))


def _carried(column: Ints, starts: Ints) -> Ints:
    """Each row that changes nothing gets what the one before it of the same locatie says; UNKNOWN before the first."""
    last = np.maximum.accumulate(np.where(column == _SAME, -1, np.arange(len(column))))
    return np.where(last >= starts, column[last], _UNKNOWN)


def _summed(rows: _Rows, van: int, *, always: bool) -> Trap:
    counts = (rows.counts == 1) | always
    read, placed = counts & (rows.aanwezig != _UNKNOWN), counts & (rows.inzetbaar != _UNKNOWN)
    both = read & placed
    fresh = both & (rows.moment - rows.peilmoment <= _LIMIT)
    zero = np.int64(0)
    parts = (
        counts.astype(np.int64), read.astype(np.int64), placed.astype(np.int64), np.where(read, rows.aanwezig, zero),
        np.where(placed, rows.plaatsen, zero), np.where(placed, rows.inzetbaar, zero),
        np.where(both, rows.aanwezig, zero), np.where(both, rows.inzetbaar, zero),
        np.where(fresh, rows.inzetbaar, zero),
    )  # fmt: skip
    same = np.append(False, rows.number[1:] == rows.number[:-1])[: len(rows.number)]
    order = np.argsort(rows.moment, kind="stable")
    moment = rows.moment[order]
    last = np.append(moment[1:] != moment[:-1], True)[: len(moment)]
    sums = {}
    for name, part in zip(SOMMEN, parts, strict=True):
        before = np.where(same, np.append(zero, part[:-1])[: len(part)], zero)
        sums[name] = np.append(zero, np.cumsum((part - before)[order])[last])
    return Trap(np.append(np.int64(van) - 1, moment[last]), sums)
