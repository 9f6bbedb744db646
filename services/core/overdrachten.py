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
    for giver, promised_to in toezeggingen(registers, now, cyclus, valid_at).items():
        left = te_geven.get(giver, 0)
        for winner, receiver in sorted(promised_to, key=lambda one: one[0].rank):
            promised = winner.value["aantal"]
            covered = min(promised, left)
            left -= covered
            found.gegeven[giver] += covered
            found.ontvangen[receiver] += covered
            found.ongedekt[giver] += promised - covered
    return found


def givers(
    registers: Registers, now: Indeling, cyclus: str, receivers: Collection[str], valid_at: datetime
) -> frozenset[str]:
    """The gemeenten with a promise in force at V to any of these, also where it is not covered."""
    return frozenset(
        giver
        for giver, promised_to in toezeggingen(registers, now, cyclus, valid_at).items()
        if any(receiver in receivers for _, receiver in promised_to)
    )


def waarom_zonder_gevolg(giver: str, receiver: str, now: Indeling) -> str | None:
    """Says in Dutch why a promise between these codes has no effect at V; None when it has."""
    van, naar = now.current(giver), now.current(receiver)
    if van == naar:
        return f"{giver} en {receiver} zijn dezelfde gemeente"
    missing = [code for code in (van, naar) if not now.exists(code)]
    return f"{' en '.join(missing)} bestaat niet als gemeente" if missing else None


def toezeggingen(
    registers: Registers, now: Indeling, cyclus: str, valid_at: datetime
) -> Mapping[str, list[tuple[Winner, str]]]:
    """The promises of each gemeente that are in force at V, with their receivers.

    Mergers are followed, and pool the promises of the parts.
    """
    promises: dict[str, list[tuple[Winner, str]]] = defaultdict(list)
    for (subject, stored), winner in Register.OVERDRACHT.among(registers, cyclus):
        end = end_of(winner)
        if end is None or end > valid_at:
            receiver = Register.OVERDRACHT.parts(stored)[1]
            if waarom_zonder_gevolg(subject, receiver, now) is None:
                promises[now.current(subject)].append((winner, now.current(receiver)))
    return promises
