"""Plans which part fails when, and how. The plan follows from a seed alone."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["kill", "pause", "cut", "hang", "full", "clock"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that goes wrong for a while. Moments are seconds since the begin of the run."""

    begin: float
    end: float
    kind: Kind
    target: str
    size: float = 0.0
    """How many seconds a clock is off."""

    def __str__(self) -> str:
        size = f" {self.size:+.0f} s" if self.size else ""
        return f"{self.begin:5.2f}–{self.end:5.2f} s {self.kind} {self.target}{size}"


HOLDERS = ("processor-1", "processor-2")
"""Processors hold events that are not in the store yet, only in the broker."""
COMMIT_SECONDS = 1.5
"""After this time a processor has committed what it acknowledged: a little over its `broker_commit_interval`."""

Possible = Sequence[Sequence[tuple[Kind, str]]]
"""The faults that can happen, grouped by the part they take away. Each group is equally likely."""


def plan(
    chance: random.Random, possible: Possible, *, victims: Sequence[str], count: int, seconds: float
) -> list[Fault]:
    """Plans `count` faults that begin within `seconds`. One target never has two faults at once.

    A kill of a victim follows most faults: while another part is away, a process may lose what it has only in memory.
    """
    faults = ambush(chance, seconds)
    free_from = {fault.target: fault.end + 0.2 for fault in faults}

    def add(kind: Kind, target: str, earliest: float, latest: float) -> Fault:
        begin = max(chance.uniform(earliest, latest), free_from.get(target, 0.0))
        end = begin + chance.uniform(0.1, 4.0)
        size = chance.choice((-7200.0, -90.0, 30.0, 3600.0)) if kind == "clock" else 0.0
        free_from[target] = end + 0.2
        fault = Fault(round(begin, 3), round(end, 3), kind, target, size)
        faults.append(fault)
        return fault

    while len(faults) < count:
        first = add(*chance.choice(chance.choice(possible)), 0.2, seconds)
        if chance.random() < 0.6:
            add("kill", chance.choice([target for target in victims if target != first.target]), first.begin, first.end)
    return sorted(faults)


def ambush(chance: random.Random, seconds: float) -> list[Fault]:
    """Fills the store and kills every processor before there is room. Events acknowledged too early are then lost."""
    begin = round(chance.uniform(0.5, seconds / 2), 3)
    end = round(begin + chance.uniform(COMMIT_SECONDS + 0.5, 4.0), 3)
    killed = [round(chance.uniform(begin + COMMIT_SECONDS, end), 3) for _ in HOLDERS]
    return [
        Fault(begin, end, "full", "front"),
        *(
            Fault(at, round(at + chance.uniform(0.1, 4.0), 3), "kill", who)
            for who, at in zip(HOLDERS, killed, strict=True)
        ),
    ]
