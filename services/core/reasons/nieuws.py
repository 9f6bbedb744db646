"""What changed lately, and what is announced: the writes behind it, each as a sentence for people."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from services.core.registers import Key, Register, Registers, Winner, counts_from, end_of_write
from services.core.registerzinnen import NO_NAMES, Woorden

_INSTANT = timedelta(microseconds=1)


class Bericht(NamedTuple):
    """One thing that changed or will change."""

    onderwerp: str
    moment: datetime
    """When it took effect, or will. A rule of what counts does so as soon as it is known."""
    zin: str
    event_id: str


def wijzigingen(registers: Registers, since: tuple[datetime, datetime], woorden: Woorden = NO_NAMES) -> list[Bericht]:
    """What is in force now and was not in force, or not known, at the (V, K) of `since`. The latest comes first.

    `woorden`: what its reader calls what is stored as a code.
    """
    found = [
        (counts_from(key, winner), key, winner, said)
        for key, winner in registers.items()
        if _is_new(key, winner, *since) and (said := _said(key, winner, woorden)) is not None
    ]
    # A registration opens its locatie: that is one thing to say.
    registered = {(key[0], winner.event_id) for _, key, winner, _ in found if Register.of(key) is Register.REGISTRATIE}
    told = [
        one
        for one in found
        if not (Register.of(one[1]) is Register.OPEN and (one[1][0], one[2].event_id) in registered)
    ]
    told.sort(key=lambda one: (one[0], one[2].event_id, one[1]), reverse=True)
    return [Bericht(key[0], _takes_effect(key, winner), said, winner.event_id) for _, key, winner, said in told]


def aankondigingen(
    registers: Registers,
    ahead: Iterable[tuple[Key, Winner]],
    valid_at: datetime,
    until: datetime,
    woorden: Woorden = NO_NAMES,
) -> list[Bericht]:
    """What takes effect or ends after V and not after `until`, as far as it is known. The earliest comes first.

    `ahead` holds the writes that are not in force yet. A rule of what counts is not among what is announced: it is in
    force as soon as it is known.
    """
    coming: dict[tuple[Key, datetime], Winner] = {}
    for key, winner in ahead:
        if not Register.of(key).declared.lens and valid_at < winner.effective_at <= until:
            held = coming.get((key, winner.effective_at))
            if held is None or winner.rank > held.rank:  # Among the writes for one moment, the greatest will stand.
                coming[key, winner.effective_at] = winner
    begins: dict[Key, datetime] = {}
    for key, moment in coming:
        begins[key] = min(begins.get(key, moment), moment)
    found = [
        Bericht(key[0], moment, said, winner.event_id)
        for (key, moment), winner in coming.items()
        if (said := _said(key, winner, woorden)) is not None
    ]
    found += _ends(registers, begins, valid_at, until, woorden)
    return sorted(found, key=lambda one: (one.moment, one.onderwerp, one.zin))


def gebeurd(
    begin: Registers,
    steps: Iterable[tuple[Key, Winner]],
    between: tuple[datetime, datetime],
    woorden: Woorden = NO_NAMES,
) -> list[Bericht]:
    """What took effect or ended after the first of two moments and not after the second. The latest comes first.

    `begin` is what was in force at the first, and `steps` are the writes after it, in the order of their moments.
    """
    van, tot = between
    written: dict[Key, list[Winner]] = {key: [winner] for key, winner in begin.items()}
    for key, winner in steps:
        written.setdefault(key, []).append(winner)
    registered = {
        (key[0], one.event_id)
        for key, winners in written.items()
        if Register.of(key) is Register.REGISTRATIE
        for one in winners
    }
    found = []
    for key, winners in written.items():
        opens = Register.of(key) is Register.OPEN
        for one, then in zip(winners, [*winners[1:], None], strict=True):
            once = opens and (key[0], one.event_id) in registered  # A registration opens its locatie.
            if van < one.effective_at <= tot and not once and (said := _said(key, one, woorden)) is not None:
                found.append(Bericht(key[0], one.effective_at, said, one.event_id))
            end = end_of_write(key, one)
            if end is None or not max(van, one.effective_at) < end <= tot or (then and then.effective_at <= end):
                continue
            if (said := Register.of(key).said_at_end(key[1], one.value, woorden)) is not None:
                found.append(Bericht(key[0], end, said, one.event_id))
    return sorted(found, key=lambda one: (one.moment, one.onderwerp, one.zin), reverse=True)


def _ends(
    registers: Registers, begins: dict[Key, datetime], valid_at: datetime, until: datetime, woorden: Woorden
) -> Iterator[Bericht]:
    """What is in force and ends, unless another write takes its place before that."""
    for key, winner in registers.items():
        end = end_of_write(key, winner)
        if end is None or not valid_at < end <= until or begins.get(key, until + _INSTANT) <= end:
            continue
        if (said := Register.of(key).said_at_end(key[1], winner.value, woorden)) is not None:
            yield Bericht(key[0], end, said, winner.event_id)


def _is_new(key: Key, winner: Winner, valid_at: datetime, known_at: datetime) -> bool:
    later = winner.effective_at > valid_at and not Register.of(key).declared.lens
    return later or winner.recorded_at > known_at


def _takes_effect(key: Key, winner: Winner) -> datetime:
    return winner.recorded_at if Register.of(key).declared.lens else winner.effective_at


def _said(key: Key, winner: Winner, woorden: Woorden) -> str | None:
    return Register.of(key).said(key[1], winner.value, woorden)
