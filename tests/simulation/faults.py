"""Plans which part fails when, and how. The plan follows from a seed alone."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["kill", "pause", "cut", "hang", "full", "clock"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong for a while. Moments are seconds since the begin of the run."""

    begin: float
    end: float
    kind: Kind
    target: str
    size: float = 0.0
    """By how many seconds a clock is off."""

    def __str__(self) -> str:
        size = f" {self.size:+.0f} s" if self.size else ""
        return f"{self.begin:5.2f}–{self.end:5.2f} s {self.kind} {self.target}{size}"


HOLDERS = ("processor-1", "processor-2")
"""Who has events that are nowhere else yet, but for the broker."""
COMMIT_SECONDS = 1.5
"""After this much a processor has told the broker what it acknowledged: a little over its `broker_commit_interval`."""

Possible = Sequence[Sequence[tuple[Kind, str]]]
"""What can fail, by what is away then: each of these is as likely."""


def plan(
    chance: random.Random, possible: Possible, *, victims: Sequence[str], count: int, seconds: float
) -> list[Fault]:
    """`count` faults that begin within so many seconds; of one target never two at once.

    Most are followed by a kill, of a victim: what a process has only in memory is at stake while another part is away.
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
    """The store is full, and every processor is killed before there is room: what it acknowledged too early is lost."""
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
