"""Places that count for another gemeente by agreement, as far as the giver has them.

A promise is covered by the giver's own counted places, in the order in which the promises were made. What is not
covered counts nowhere, so agreements never change how many places there are in the country.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
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


class Toezegging(NamedTuple):
    """One promise in force, and how much of it is covered."""

    winner: Winner
    geeft: str
    ontvangt: str
    gedekt: int


def overgedragen(
    registers: Registers, now: Indeling, cyclus: str, valid_at: datetime, te_geven: Mapping[str, int]
) -> Overgedragen:
    """Adds what is covered, and what is not, of the agreements that are in force at V."""
    found = Overgedragen(Counter(), Counter(), Counter())
    for one in gedekt(registers, now, cyclus, valid_at, te_geven):
        found.gegeven[one.geeft] += one.gedekt
        found.ontvangen[one.ontvangt] += one.gedekt
        found.ongedekt[one.geeft] += one.winner.value["aantal"] - one.gedekt
    return found


def gedekt(
    registers: Registers, now: Indeling, cyclus: str, valid_at: datetime, te_geven: Mapping[str, int]
) -> Iterator[Toezegging]:
    """Covers the agreements that are in force at V.

    `te_geven` is what each gemeente can give: its own counted places other than amv.
    """
    for giver, promised_to in toezeggingen(registers, now, cyclus, valid_at).items():
        left = te_geven.get(giver, 0)
        for winner, receiver in sorted(promised_to, key=lambda one: one[0].rank):
            covered = min(winner.value["aantal"], left)
            left -= covered
            yield Toezegging(winner, giver, receiver, covered)


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
