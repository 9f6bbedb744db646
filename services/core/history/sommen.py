"""Sums over locaties through time.

They change at the moments at which a register gets another write in force, or what was written ends; never only at
those at which something was reported (design §3, time law). Numbers are whole, so the sums are exact.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.alarmregels import REGIMES
from schemas.moments import NEVER, micros
from schemas.reference import Gemeente
from services.core.bezetting import FRESHNESS_LIMIT
from services.core.gemeenten import indeling, overgangen
from services.core.history.verloop import Verloop
from services.core.locaties import LOCATIE, SOORTEN
from services.core.registers import Key, Register, Winner, end_of, forgotten
from services.core.standen import NUMMERS, Bools, Ints, nummer

SOMMEN = (
    "locaties",
    "gemeten",
    "geplaatst",
    "aanwezig",
    "plaatsen",
    "inzetbaar",
    "aanwezigOpPlaatsen",
    "plaatsenMetMeting",
    "vers",
)
"""What is summed: the locaties, those with a reading and those of which the places are known; people, places and usable
places; people and usable places where both are known; and usable places with a fresh reading."""
_LIMIT = FRESHNESS_LIMIT // timedelta(microseconds=1)
_SAME, _UNKNOWN = -1, -2
_GEMEENTE, _OPEN, _AANWEZIG, _PEILMOMENT = range(4)
_AANTAL, _INZETBAAR = slice(4, 4 + len(SOORTEN)), slice(4 + len(SOORTEN), 4 + 2 * len(SOORTEN))
_WIDTH = 4 + 2 * len(SOORTEN)
_TOEGANG, _MAXIMUM = _WIDTH, _WIDTH + 1
_WIDEST = _WIDTH + 2
"""With what no sum is made of."""
_PLACES = {Register.PLAATSEN.stored(soort): (4 + n, 4 + len(SOORTEN) + n) for n, soort in enumerate(SOORTEN)}


class Trap(NamedTuple):
    """Whole numbers that change at the same moments: from each moment on they are so much."""

    moment: Ints
    """Ascending; the first is where it begins."""
    waarden: Mapping[str, Ints]


class Gebied(NamedTuple):
    """The gemeenten of an area, which are others after a merger."""

    begins: Ints
    """When they change; the first is where it begins."""
    within: Bools
    """Of each of those times: by number, whether a locatie that was registered there now lies in the area."""


def gebied(table: Sequence[Gemeente], verloop: Verloop, lies_in: Callable[[Gemeente], bool]) -> Gebied:
    """Those gemeenten of which `lies_in` says so."""
    begins = [verloop.van, *overgangen(table, verloop.van, verloop.tot)]
    by_code = {gemeente.code: gemeente for gemeente in table}
    within = np.zeros((len(begins), NUMMERS), dtype=np.bool_)
    for row, begin in zip(within, begins, strict=True):
        current = indeling(table, begin).current
        row[[nummer(code) for code in by_code if lies_in(by_code[current(code)])]] = True
    return Gebied(np.array([micros(begin) for begin in begins], dtype=np.int64), within)


def sommen(verloop: Verloop, area: Gebied | None = None) -> Trap:
    """The sums over the locaties that are registered and open, and lie in the area; None: of all, also closed ones."""
    number = {subject: n for n, subject in enumerate(sorted(_subjects(verloop)))}
    turns = area.begins[1:] if area else np.array([], dtype=np.int64)
    rows = _in_order(_written(verloop, number, _WIDTH), _read(verloop, number), _turns(turns, len(number)))
    return _summed(rows, micros(verloop.van), area)


class Stappen(NamedTuple):
    """What each locatie is by itself, from each moment on at which that changes: a row of each, in that order.

    Its readings too; only their age, which changes always, is left to who asks.
    """

    locaties: Sequence[str]
    """Of whom, by number."""
    nummer: Ints
    moment: Ints
    """Microseconds since 1970; of one locatie each is there once."""
    telt: Bools
    """It is registered and open."""
    gemeten: Bools
    """It has a reading: so many people, at that moment. Without one neither says anything."""
    aanwezig: Ints
    peilmoment: Ints
    geplaatst: Bools
    """Its places are known: so many usable ones. Without, that says nothing."""
    inzetbaar: Ints
    toegang: Ints
    """Its place in REGIMES; negative when it was never said."""
    maximum: Ints
    """Negative when there is none in force."""

    def rows(self, which: Ints | Bools) -> "Stappen":
        """Of these rows only, in this order."""
        columns: Any = [column[which] for column in self[1:]]
        return Stappen(self.locaties, *columns)


def stappen(verloop: Verloop) -> Stappen:
    """What each locatie is through time, those that are closed or not registered too."""
    ids = sorted(_subjects(verloop))
    number = {subject: n for n, subject in enumerate(ids)}
    rows = _in_order(_written(verloop, number, _WIDEST), _read(verloop, number, _WIDEST, ages=False))
    is_last = np.append((rows.number[1:] != rows.number[:-1]) | (rows.moment[1:] != rows.moment[:-1]), True)
    kept = np.flatnonzero(is_last[: len(rows.number)])
    state = rows.state[:, kept]
    written = state[_AANTAL] != _UNKNOWN
    return Stappen(
        ids,
        rows.number[kept],
        rows.moment[kept],
        telt=(state[_GEMEENTE] != _UNKNOWN) & (state[_OPEN] == 1),
        gemeten=state[_AANWEZIG] != _UNKNOWN,
        aanwezig=state[_AANWEZIG],
        peilmoment=state[_PEILMOMENT],
        geplaatst=written.any(axis=0),
        inzetbaar=np.where(written, state[_INZETBAAR], 0).sum(axis=0),
        toegang=state[_TOEGANG],
        maximum=state[_MAXIMUM],
    )


class _Rows(NamedTuple):
    """What changes of a locatie at a moment."""

    number: Ints
    moment: Ints
    state: Ints
    """Gemeente, open, people, reading and places, a line of each, or more; _SAME where a row says nothing of that."""


def _subjects(verloop: Verloop) -> set[str]:
    keys = [*verloop.begin, *(key for key, _ in verloop.steps)]
    return {subject for subject, _ in keys if subject.startswith(LOCATIE)} | set(verloop.metingen.locaties)


def _written(verloop: Verloop, number: Mapping[str, int], width: int) -> _Rows:
    """What registers but those of readings say, in so many lines, and that places are 0 once they end."""
    van, tot = micros(verloop.van), micros(verloop.tot)
    writes = defaultdict[Key, list[tuple[int, Winner]]](list)
    for key, winner in verloop.begin.items():
        writes[key].append((van, winner))
    for key, winner in verloop.steps:
        writes[key].append((micros(winner.effective_at), winner))
    numbers, moments, columns, values = [], [], [], []
    for (subject, register), steps in writes.items():
        if subject in number:
            for moment, said in _of_register(register, steps, tot):
                for column, value in said.items():
                    if column < width:
                        numbers.append(number[subject])
                        moments.append(moment)
                        columns.append(column)
                        values.append(value)
    state = np.full((width, len(numbers)), _SAME, dtype=np.int64)
    state[np.array(columns, dtype=np.int64), np.arange(len(numbers))] = values
    return _Rows(np.array(numbers, dtype=np.int64), np.array(moments, dtype=np.int64), state)


_Said = Iterator[tuple[int, dict[int, int]]]
"""What a register says from a moment on, by the line that says it."""


def _of_register(stored: str, steps: Sequence[tuple[int, Winner]], tot: int) -> _Said:
    match Register.of_name(stored):
        case Register.PLAATSEN:
            for moment, value in _until_it_ends(steps, tot):
                yield moment, dict(zip(_PLACES[stored], _counts(value), strict=True))
        case Register.REGISTRATIE:
            yield from ((moment, {_GEMEENTE: nummer(winner.value["gemeente"])}) for moment, winner in steps)
        case Register.OPEN:
            yield from ((moment, {_OPEN: int(winner.value is True)}) for moment, winner in steps)
        case Register.TOEGANG:
            yield from ((moment, {_TOEGANG: REGIMES.index(winner.value)}) for moment, winner in steps)
        case Register.MAXIMUM:
            for moment, value in _until_it_ends(steps, tot):
                yield moment, {_MAXIMUM: _UNKNOWN if value is None else value["maximum"]}
        case (
            Register.AANWEZIG  # readings come apart, in `_read`
            | Register.CYCLUS
            | Register.OPGAVE
            | Register.OVERDRACHT
            | Register.TOEZICHT
            | Register.GEPUBLICEERD
        ):
            return
        case _ as left:
            raise forgotten(left, "_of_register() in services/core/history/sommen.py")


def _counts(places: Any) -> tuple[int, int]:
    """All and usable places; 0 once they have ended."""
    return (0, 0) if places is None else (places["aantal"], places["inzetbaar"])


def _until_it_ends(steps: Sequence[tuple[int, Winner]], tot: int) -> Iterator[tuple[int, Any]]:
    """What is written from each moment on; None once that has ended."""
    following = [*(moment for moment, _ in steps[1:]), NEVER]
    for (moment, winner), then in zip(steps, following, strict=True):
        end = end_of(winner)
        ends = NEVER if end is None else micros(end)
        if moment < ends:
            yield moment, winner.value
        if ends < min(then, tot):
            yield max(moment, ends), None


def _read(verloop: Verloop, number: Mapping[str, int], width: int = _WIDTH, *, ages: bool = True) -> _Rows:
    """The readings in force at `van`, those after it, and the moments at which one becomes old before the next."""
    first = [
        (number[subject], micros(verloop.van), winner.value, micros(winner.effective_at))
        for (subject, register), winner in verloop.begin.items()
        if Register.of_name(register) is Register.AANWEZIG
    ]
    begin = np.array(first, dtype=np.int64).reshape(-1, 4).T
    metingen = verloop.metingen
    of = np.array([number[subject] for subject in metingen.locaties], dtype=np.int64)[metingen.nummer]
    later = (of, metingen.moment, metingen.aanwezig, metingen.moment)
    locatie, moment, aanwezig, peilmoment = (np.concatenate(pair) for pair in zip(begin, later, strict=True))
    order = np.lexsort((peilmoment, locatie))
    locatie, moment, aanwezig, peilmoment = (a[order] for a in (locatie, moment, aanwezig, peilmoment))
    old_at = peilmoment + _LIMIT + 1
    following = np.append(np.where(locatie[1:] == locatie[:-1], moment[1:], NEVER), NEVER)[: len(moment)]
    old = ages & (old_at < following) & (old_at > micros(verloop.van)) & (old_at < micros(verloop.tot))
    state = np.full((width, len(moment) + int(old.sum())), _SAME, dtype=np.int64)
    state[_AANWEZIG, : len(moment)], state[_PEILMOMENT, : len(moment)] = aanwezig, peilmoment
    return _Rows(np.concatenate((locatie, locatie[old])), np.concatenate((moment, old_at[old])), state)


def _turns(moments: Ints, count: int) -> _Rows:
    """Each locatie at each of these moments, at which it may come to lie elsewhere."""
    numbers = np.tile(np.arange(count, dtype=np.int64), len(moments))
    return _Rows(numbers, np.repeat(moments, count), np.full((_WIDTH, len(numbers)), _SAME, dtype=np.int64))


def _in_order(*parts: _Rows) -> _Rows:
    """All rows in order of locatie and moment, each with the whole state of its locatie from then on."""
    numbers, moments, states = zip(*parts, strict=True)
    number, moment, state = np.concatenate(numbers), np.concatenate(moments), np.concatenate(states, axis=1)
    order = np.lexsort((moment, number))
    number, moment = number[order], moment[order]
    starts = np.searchsorted(number, number)  # where the rows of this locatie begin
    return _Rows(number, moment, np.array([_carried(line[order], starts) for line in state]))


def _carried(column: Ints, starts: Ints) -> Ints:
    """Each row that changes nothing gets what the one before it of the same locatie says; _UNKNOWN before the first."""
    last = np.maximum.accumulate(np.where(column == _SAME, -1, np.arange(len(column))))
    return np.where(last >= starts, column[last], _UNKNOWN)


def _summed(rows: _Rows, van: int, area: Gebied | None) -> Trap:
    state = rows.state
    counts = np.ones(len(rows.moment), dtype=np.bool_) if area is None else _counted(rows, area)
    written = state[_AANTAL] != _UNKNOWN
    plaatsen, inzetbaar = (np.where(written, state[which], 0).sum(axis=0) for which in (_AANTAL, _INZETBAAR))
    read, placed = counts & (state[_AANWEZIG] != _UNKNOWN), counts & written.any(axis=0)
    both = read & placed
    fresh = both & (rows.moment - state[_PEILMOMENT] <= _LIMIT)
    parts = (
        counts,
        read,
        placed,
        np.where(read, state[_AANWEZIG], 0),
        np.where(placed, plaatsen, 0),
        np.where(placed, inzetbaar, 0),
        np.where(both, state[_AANWEZIG], 0),
        np.where(both, inzetbaar, 0),
        np.where(fresh, inzetbaar, 0),
    )
    return opgeteld(rows.number, rows.moment, dict(zip(SOMMEN, parts, strict=True)), van)


def opgeteld(number: Ints, moment: Ints, parts: Mapping[str, npt.NDArray[Any]], van: int) -> Trap:
    """What these are together, over all of whom there are rows, which are in order of who and when."""
    same = np.append(False, number[1:] == number[:-1])[: len(number)]
    order = np.argsort(moment, kind="stable")
    moment = moment[order]
    last = np.append(moment[1:] != moment[:-1], True)[: len(moment)]
    sums = {}
    for name, part in parts.items():
        after = part.astype(np.int64)
        before = np.where(same, np.append(0, after[:-1])[: len(after)], 0)
        sums[name] = np.append(0, np.cumsum((after - before)[order])[last])
    return Trap(np.append(np.int64(van) - 1, moment[last]), sums)


def _counted(rows: _Rows, area: Gebied) -> Bools:
    gemeente, opened = rows.state[_GEMEENTE], rows.state[_OPEN]
    period = np.searchsorted(area.begins, rows.moment, "right") - 1
    counts: Bools = (gemeente != _UNKNOWN) & (opened == 1) & area.within[period, gemeente]
    return counts
