"""What the registers say from one moment until another, and the state of every locatie through that time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from services.core.delen import Ints
from services.core.locaties import Locatie, locaties
from services.core.registers import Key, Registers, SubjectKind, Winner, end_of_write


class Verloop(NamedTuple):
    """All that registers say from one moment until another, as known at K."""

    van: datetime
    tot: datetime
    begin: Registers
    """The writes in force at `van`."""
    steps: Sequence[tuple[Key, Winner]]
    """The writes that take effect after `van` and before `tot`, without readings: at most one a register and moment."""
    metingen: "Metingen"


Toestanden = Mapping[str, Sequence[tuple[datetime, Locatie]]]
"""Id of a locatie → what it is from each moment on, apart from its readings."""


class Metingen(NamedTuple):
    """The readings that take effect after `van` and before `tot`, in order of locatie and moment."""

    locaties: Sequence[str]
    """The ids, by number."""
    nummer: Ints
    moment: Ints
    """Microseconds since 1970."""
    aanwezig: Ints


def zonder(verloop: Verloop, hidden: Collection[str]) -> Verloop:
    """Gives the same without these locaties."""
    if not hidden:
        return verloop
    read = verloop.metingen
    left = [(number, own_id) for number, own_id in enumerate(read.locaties) if own_id not in hidden]
    renumbered = np.full(len(read.locaties), -1, dtype=np.int64)
    renumbered[[number for number, _ in left]] = np.arange(len(left))
    kept = renumbered[read.nummer] >= 0
    return verloop._replace(
        begin={key: winner for key, winner in verloop.begin.items() if key[0] not in hidden},
        steps=[step for step in verloop.steps if step[0][0] not in hidden],
        metingen=Metingen(
            [own_id for _, own_id in left],
            renumbered[read.nummer[kept]],
            read.moment[kept],
            read.aanwezig[kept],
        ),
    )


def toestanden(verloop: Verloop, also: Iterable[datetime] = ()) -> Toestanden:
    """Gives every locatie from `van` on, at each moment at which something other than a reading changes.

    `also` are further moments to look at, where the gemeenten change.
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
            end = end_of_write(key, winner)
            if end is not None and end > verloop.van:
                changes[subject].setdefault(end, {})
    return {
        subject: list(_through(begin[subject], changes[subject], verloop))
        for subject in changes
        if SubjectKind.LOCATIE.holds(subject)
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
