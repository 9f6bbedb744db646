"""Sums over locaties through time.

They change where a register gets another write in force, and where what was written ends: also at a moment at which
nothing was reported. The numbers are whole, so the sums are exact.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from schemas.alarmregels import REGIMES
from schemas.moments import NEVER, micros
from schemas.reference import Gemeente
from services.core.delen import STANDAARD, Bekend, Bools, Delen, Grenzen, Ints, Wetsdelen, per_locatie
from services.core.gemeenten import indeling, overgangen
from services.core.history.verloop import Verloop
from services.core.locaties import SOORTEN
from services.core.registers import Key, Register, SubjectKind, Winner, end_of
from services.core.standen import NUMMERS, nummer

_MICROSECOND = timedelta(microseconds=1)
_SAME, _UNKNOWN = -1, -2
_GEMEENTE, _OPEN, _GESLOTEN_OP, _AANWEZIG, _PEILMOMENT = range(5)
_AANTAL, _INZETBAAR = slice(5, 5 + len(SOORTEN)), slice(5 + len(SOORTEN), 5 + 2 * len(SOORTEN))
_WIDTH = 5 + 2 * len(SOORTEN)
_TOEGANG, _MAXIMUM = _WIDTH, _WIDTH + 1
_WIDEST = _WIDTH + 2
"""The lines of a row with those that no sum needs."""
_PLACES = {Register.PLAATSEN.stored(soort): (5 + n, 5 + len(SOORTEN) + n) for n, soort in enumerate(SOORTEN)}


D = TypeVar("D", Delen[Ints], Wetsdelen[Ints])


class Trap(NamedTuple, Generic[D]):
    """Parts that change at the same moments: from each moment on they hold until the next."""

    moment: Ints
    """Ascending; the first is where it begins."""
    delen: D


class Gebied(NamedTuple):
    """The gemeenten of an area through time: a merger changes them."""

    begins: Ints
    """When they change; the first is where it begins."""
    within: Bools
    """For each of those times, by number of a gemeente: whether a locatie registered there lies in the area then."""


def gebied(table: Sequence[Gemeente], verloop: Verloop, lies_in: Callable[[Gemeente], bool]) -> Gebied:
    """Finds the gemeenten for which `lies_in` is true."""
    begins = [verloop.van, *overgangen(table, verloop.van, verloop.tot)]
    by_code = {gemeente.code: gemeente for gemeente in table}
    within = np.zeros((len(begins), NUMMERS), dtype=np.bool_)
    for row, begin in zip(within, begins, strict=True):
        current = indeling(table, begin).current
        row[[nummer(code) for code in by_code if lies_in(by_code[current(code)])]] = True
    return Gebied(np.array([micros(begin) for begin in begins], dtype=np.int64), within)


def sommen(verloop: Verloop, area: Gebied | None = None, grenzen: Grenzen = STANDAARD) -> Trap[Delen[Ints]]:
    """Sums the parts over the registered locaties in the area.

    Without an area it sums over all locaties as if they were open.
    """
    number = {subject: n for n, subject in enumerate(sorted(_subjects(verloop)))}
    turns = area.begins[1:] if area else np.array([], dtype=np.int64)
    ages = (grenzen.vers // _MICROSECOND, grenzen.recent // _MICROSECOND)
    rows = _in_order(
        _written(verloop, number, _WIDTH), _read(verloop, number, _WIDTH, ages), _turns(turns, len(number))
    )
    return _summed(rows, micros(verloop.van), area, grenzen)


class Stappen(NamedTuple):
    """What each locatie is by itself: a row for each moment at which that changes, in order of locatie and moment.

    Its readings are in it, with a row where one is no longer recent. Their age is not, for that changes all the time.
    """

    locaties: Sequence[str]
    """The ids, by number."""
    nummer: Ints
    moment: Ints
    """Microseconds since 1970. No locatie has one twice."""
    telt: Bools
    """Whether it is registered and open."""
    gesloten_op: Ints
    """When it closed, in microseconds since 1970; negative unless it is registered and closed."""
    gemeten: Bools
    """Whether it has a reading. Without one, `aanwezig` and `peilmoment` mean nothing."""
    aanwezig: Ints
    peilmoment: Ints
    geplaatst: Bools
    """Whether its places are known. If not, `inzetbaar` means nothing."""
    inzetbaar: Ints
    toegang: Ints
    """The regime, as its place in REGIMES; negative when it was never reported."""
    maximum: Ints
    """Negative when no maximum is in force."""

    def rows(self, which: Ints | Bools) -> "Stappen":
        """Gives these rows only, in this order."""
        columns: Any = [column[which] for column in self[1:]]
        return Stappen(self.locaties, *columns)


def stappen(verloop: Verloop, grenzen: Grenzen = STANDAARD) -> Stappen:
    """Gives each locatie through time, also while it is closed or not registered."""
    ids = sorted(_subjects(verloop))
    number = {subject: n for n, subject in enumerate(ids)}
    rows = _in_order(
        _written(verloop, number, _WIDEST), _read(verloop, number, _WIDEST, (grenzen.recent // _MICROSECOND,))
    )
    is_last = np.append((rows.number[1:] != rows.number[:-1]) | (rows.moment[1:] != rows.moment[:-1]), True)
    kept = np.flatnonzero(is_last[: len(rows.number)])
    state = rows.state[:, kept]
    written = state[_AANTAL] != _UNKNOWN
    return Stappen(
        ids,
        rows.number[kept],
        rows.moment[kept],
        telt=(state[_GEMEENTE] != _UNKNOWN) & (state[_OPEN] == 1),
        gesloten_op=np.where(state[_GEMEENTE] != _UNKNOWN, state[_GESLOTEN_OP], _UNKNOWN),
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
    """A line for each thing known of a locatie, in the order of the numbers above; _SAME where it does not change."""


def _subjects(verloop: Verloop) -> set[str]:
    keys = [*verloop.begin, *(key for key, _ in verloop.steps)]
    start = SubjectKind.LOCATIE.value  # A call of `holds` for each step takes twice as long.
    return {subject for subject, _ in keys if subject.startswith(start)} | set(verloop.metingen.locaties)


def _written(verloop: Verloop, number: Mapping[str, int], width: int) -> _Rows:
    """Makes rows of all registers except the readings. Places become 0 when they end.

    `width` is how many lines each row has: sums need fewer than alarms.
    """
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
    register = Register.of_name(stored)
    if register is Register.PLAATSEN:
        for moment, value in _until_it_ends(steps, tot):
            yield moment, dict(zip(_PLACES[stored], _counts(value), strict=True))
    elif register is Register.OPEN:
        for moment, one in steps:
            closed_at = _UNKNOWN if one.value else micros(one.effective_at)
            yield moment, {_OPEN: int(one.value), _GESLOTEN_OP: closed_at}
    elif register in _LINES:
        line, said = _LINES[register]
        ends = _until_it_ends(steps, tot) if register.declared.ends else ((at, one.value) for at, one in steps)
        for moment, value in ends:
            yield moment, {line: _UNKNOWN if value is None else said(value)}


_LINES: Mapping[Register, tuple[int, Callable[[Any], int]]] = {
    Register.REGISTRATIE: (_GEMEENTE, lambda value: nummer(value["gemeente"])),
    Register.TOEGANG: (_TOEGANG, REGIMES.index),
    Register.MAXIMUM: (_MAXIMUM, lambda value: int(value["maximum"])),
}
"""The line that a register fills, and the number that it says. Places and opening have more lines; readings come in
`_read`."""
SUMMED = frozenset({*_LINES, Register.OPEN, Register.PLAATSEN, Register.AANWEZIG})
"""The registers that sums and alarms are made of. A test holds them to what the figures of a locatie rest on."""


def _counts(places: Any) -> tuple[int, int]:
    """All and usable places; 0 once they have ended."""
    return (0, 0) if places is None else (places["aantal"], places["inzetbaar"])


def _until_it_ends(steps: Sequence[tuple[int, Winner]], tot: int) -> Iterator[tuple[int, Any]]:
    """Gives the value from each moment on; None from where it ends."""
    following = [*(moment for moment, _ in steps[1:]), NEVER]
    for (moment, winner), then in zip(steps, following, strict=True):
        end = end_of(winner)
        ends = NEVER if end is None else micros(end)
        if moment < ends:
            yield moment, winner.value
        if ends < min(then, tot):
            yield max(moment, ends), None


def _read(verloop: Verloop, number: Mapping[str, int], width: int, ages: Sequence[int] = ()) -> _Rows:
    """Makes rows of the readings: the one in force at `van`, and those after it.

    There is a row too where a reading becomes older than one of `ages`, in microseconds, before the next reading.
    """
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
    following = np.append(np.where(locatie[1:] == locatie[:-1], moment[1:], NEVER), NEVER)[: len(moment)]
    numbers, moments = [locatie], [moment]
    for age in ages:
        old_at = peilmoment + age + 1
        old = (old_at < following) & (old_at > micros(verloop.van)) & (old_at < micros(verloop.tot))
        numbers.append(locatie[old])
        moments.append(old_at[old])
    state = np.full((width, sum(map(len, moments))), _SAME, dtype=np.int64)
    state[_AANWEZIG, : len(moment)], state[_PEILMOMENT, : len(moment)] = aanwezig, peilmoment
    return _Rows(np.concatenate(numbers), np.concatenate(moments), state)


def _turns(moments: Ints, count: int) -> _Rows:
    """Makes a row for each locatie at each of these moments, for it may lie in another area from there on."""
    numbers = np.tile(np.arange(count, dtype=np.int64), len(moments))
    return _Rows(numbers, np.repeat(moments, count), np.full((_WIDTH, len(numbers)), _SAME, dtype=np.int64))


def _in_order(*parts: _Rows) -> _Rows:
    """Orders all rows by locatie and moment, and gives each the whole state of its locatie from then on."""
    numbers, moments, states = zip(*parts, strict=True)
    number, moment, state = np.concatenate(numbers), np.concatenate(moments), np.concatenate(states, axis=1)
    order = np.lexsort((moment, number))
    number, moment = number[order], moment[order]
    starts = np.searchsorted(number, number)  # Where the rows of this locatie begin.
    return _Rows(number, moment, np.array([_carried(line[order], starts) for line in state]))


def _carried(column: Ints, starts: Ints) -> Ints:
    """Fills in what a row leaves as it was, from the row before it of the same locatie; _UNKNOWN before the first."""
    last = np.maximum.accumulate(np.where(column == _SAME, -1, np.arange(len(column))))
    return np.where(last >= starts, column[last], _UNKNOWN)


def _summed(rows: _Rows, van: int, area: Gebied | None, grenzen: Grenzen) -> Trap[Delen[Ints]]:
    state = rows.state
    within = np.ones(len(rows.moment), dtype=np.bool_) if area is None else _within(rows, area)
    written = state[_AANTAL] != _UNKNOWN
    plaatsen, inzetbaar = (np.where(written, state[which], 0).sum(axis=0) for which in (_AANTAL, _INZETBAAR))
    bekend = Bekend(
        telt=within if area is None else within & (state[_OPEN] == 1),
        gesloten=within & (area is not None) & (state[_GESLOTEN_OP] != _UNKNOWN),
        gemeten=state[_AANWEZIG] != _UNKNOWN,
        geplaatst=written.any(axis=0),
        leeftijd=rows.moment - state[_PEILMOMENT],
        leeftijd_bij_sluiting=state[_GESLOTEN_OP] - state[_PEILMOMENT],
        aanwezig=state[_AANWEZIG],
        plaatsen=plaatsen,
        inzetbaar=inzetbaar,
    )
    parts = per_locatie(bekend, grenzen)
    moment, sums = opgeteld(rows.number, rows.moment, parts, van)
    return Trap(moment, Delen(*sums))


def opgeteld(number: Ints, moment: Ints, parts: Iterable[Ints], van: int) -> tuple[Ints, list[Ints]]:
    """Sums parts over all locaties through time: the moments, and each part from each of them on.

    The rows stand in order of locatie and moment. Before the first row of a locatie its parts are 0.
    """
    same = np.append(False, number[1:] == number[:-1])[: len(number)]
    order = np.argsort(moment, kind="stable")
    moment = moment[order]
    last = np.append(moment[1:] != moment[:-1], True)[: len(moment)]
    sums = []
    for part in parts:
        before = np.where(same, np.append(0, part[:-1])[: len(part)], 0)
        sums.append(np.append(0, np.cumsum((part - before)[order])[last]))
    return np.append(np.int64(van) - 1, moment[last]), sums


def _within(rows: _Rows, area: Gebied) -> Bools:
    """Whether each row is about a locatie that is registered in the area."""
    gemeente = rows.state[_GEMEENTE]
    period = np.searchsorted(area.begins, rows.moment, "right") - 1
    within: Bools = (gemeente != _UNKNOWN) & area.within[period, gemeente]
    return within
