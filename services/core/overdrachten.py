"""Places that count for another gemeente by agreement, as far as the giver has them.

A promise is covered by the giver's own counted places, in the order in which the promises were made. What is not
covered counts nowhere, so agreements never change how many places there are in the country.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from services.core.gemeenten import Indeling
from services.core.registers import Register, Registers, Winner, end_of


class Overgedragen(NamedTuple):
    """Places by code of the gemeente. A code that is not there has none."""

    gegeven: Counter[str]
    ontvangen: Counter[str]
    ongedekt: Counter[str]
    """Promised by this gemeente, without places of its own to cover it."""


def overgedragen(
    registers: Registers, now: Indeling, cyclus: str, valid_at: datetime, te_geven: Mapping[str, int]
) -> Overgedragen:
    """Covers the agreements that are in force at V.

    `te_geven` is what each gemeente can give: its own counted places other than amv.
    """
    found = Overgedragen(Counter(), Counter(), Counter())
    for giver, promises in _by_giver(registers, now, cyclus, valid_at).items():
        left = te_geven.get(giver, 0)
        for winner, receiver in sorted(promises, key=lambda one: one[0].rank):
            promised = winner.value["aantal"]
            covered = min(promised, left)
            left -= covered
            found.gegeven[giver] += covered
            found.ontvangen[receiver] += covered
            found.ongedekt[giver] += promised - covered
    return found


def givers(registers: Registers, now: Indeling, cyclus: str, receivers: Collection[str]) -> frozenset[str]:
    """The gemeenten that promised places to any of these, also when the promise has ended or is not covered."""
    found = (
        (now.current(subject), now.current(Register.OVERDRACHT.parts(stored)[1]))
        for (subject, stored), _ in Register.OVERDRACHT.among(registers, cyclus)
    )
    return frozenset(giver for giver, receiver in found if receiver in receivers)


def _by_giver(
    registers: Registers, now: Indeling, cyclus: str, valid_at: datetime
) -> Mapping[str, list[tuple[Winner, str]]]:
    """The promises of each gemeente, with their receivers. Mergers are followed, and pool the promises of the parts."""
    promises: dict[str, list[tuple[Winner, str]]] = defaultdict(list)
    for (subject, stored), winner in Register.OVERDRACHT.among(registers, cyclus):
        end = end_of(winner)
        if end is None or end > valid_at:
            giver, receiver = now.current(subject), now.current(Register.OVERDRACHT.parts(stored)[1])
            if giver != receiver and now.exists(giver) and now.exists(receiver):
                promises[giver].append((winner, receiver))
    return promises
