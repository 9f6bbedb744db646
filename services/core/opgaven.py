"""What a gemeente must make possible: the strongest opgave known, and the verdeelbesluit by which it is judged."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from services.core.gemeenten import Indeling
from services.core.registers import Register, Registers, Winner, end_of, moment_in
from services.core.telregel import Cyclus

STATUSSEN = ("verdeelbesluit", "provinciaal", "indicatief")
"""The strongest first."""
STANDEN = ("geldend", "bezwaar", "beroep", "geschorst", "vernietigd")
"""What may become of a verdeelbesluit, the heaviest last."""
BINDT_NIET = frozenset({"geschorst", "vernietigd"})


@dataclass(frozen=True, slots=True)
class Opgave:
    """A task as it is shown: the strongest that is known of a gemeente or provincie."""

    opgave: int
    status: str
    waarvan_amv: int | None


@dataclass(frozen=True, slots=True)
class Besluit:
    """The verdeelbesluit by which a gemeente is judged; after a merger, those of its parts together."""

    opgave: int
    waarvan_amv: int | None
    """None when that of any part is not known."""
    realiseren_voor: datetime | None
    """The last term of its parts; None when a part has none."""
    stand: str
    zaak: str | None

    @property
    def bindt(self) -> bool:
        """Whether it stands. If not, a court suspended or annulled it."""
        return self.stand not in BINDT_NIET


def opgave_of(registers: Registers, subject: str, cyclus: str) -> Opgave | None:
    """The strongest status known of a subject: verdeelbesluit, else provinciaal, else indicatief."""
    for status in STATUSSEN:
        if (winner := Register.OPGAVE.get(registers, subject, cyclus, status)) is not None:
            return Opgave(winner.value["opgave"], status, winner.value.get("waarvanAmv"))
    return None


def besluit_of(registers: Registers, code: str, now: Indeling, cyclus: Cyclus, valid_at: datetime) -> Besluit | None:
    """The verdeelbesluit of a gemeente at V; None when it has none, or when that of a part of it is not known."""
    found = {part: _verdeelbesluit(registers, part, cyclus) for part in onderdelen(registers, code, now, cyclus)}
    known = [
        _besluit(registers, part, winner, cyclus, valid_at) for part, winner in found.items() if winner is not None
    ]
    missing = {part for part, winner in found.items() if winner is None}
    if not known or _needed(missing, now, cyclus):
        return None
    return _together([one for one in known if one.bindt] or known)


def getoond(registers: Registers, code: str, now: Indeling, cyclus: Cyclus, besluit: Besluit | None) -> Opgave | None:
    """The task that is shown of a gemeente: that of its verdeelbesluit, else the strongest of its parts, added."""
    if besluit is not None:
        return Opgave(besluit.opgave, STATUSSEN[0], besluit.waarvan_amv)
    found = {part: opgave_of(registers, part, cyclus.id) for part in onderdelen(registers, code, now, cyclus)}
    known = [opgave for opgave in found.values() if opgave is not None]
    missing = {part for part, opgave in found.items() if opgave is None}
    return _added(known) if known and not _needed(missing, now, cyclus) else None


def _verdeelbesluit(registers: Registers, code: str, cyclus: Cyclus) -> Winner | None:
    return Register.OPGAVE.get(registers, code, cyclus.id, STATUSSEN[0])


def onderdelen(registers: Registers, code: str, now: Indeling, cyclus: Cyclus) -> Iterator[str]:
    """The gemeenten that a gemeente consists of: itself, and those that merged into it.

    A verdeelbesluit from a merger on is about the whole, so it takes the place of those of the parts.
    """
    yield code
    own = _verdeelbesluit(registers, code, cyclus)
    for before, merged_at in now.predecessors(code):
        if own is None or own.effective_at < merged_at:
            yield from onderdelen(registers, before, now, cyclus)


def _needed(missing: Collection[str], now: Indeling, cyclus: Cyclus) -> bool:
    """Whether a part without a task leaves the sum open: a cyclus that is complete gave it none."""
    return not cyclus.volledig and any(now.existed(part, cyclus.geldig_vanaf) for part in missing)


def _besluit(registers: Registers, code: str, winner: Winner, cyclus: Cyclus, valid_at: datetime) -> Besluit:
    stand, zaak = "geldend", None
    held = Register.OPGAVESTAND.get(registers, code, cyclus.id)
    if held is not None and held.effective_at >= winner.effective_at:
        end = end_of(held)
        if end is None or end > valid_at:
            stand, zaak = held.value["stand"], held.value.get("zaak")
    term = moment_in(winner.value, "realiserenVoor") or cyclus.realiseren_voor
    return Besluit(winner.value["opgave"], winner.value.get("waarvanAmv"), term, stand, zaak)


def _together(parts: list[Besluit]) -> Besluit:
    if len(parts) == 1:
        return parts[0]
    amv = [part.waarvan_amv for part in parts if part.waarvan_amv is not None]
    terms = [part.realiseren_voor for part in parts if part.realiseren_voor is not None]
    heaviest = max(parts, key=lambda part: STANDEN.index(part.stand))
    return Besluit(
        sum(part.opgave for part in parts),
        sum(amv) if len(amv) == len(parts) else None,
        max(terms) if len(terms) == len(parts) else None,
        heaviest.stand,
        heaviest.zaak,
    )


def _added(parts: list[Opgave]) -> Opgave:
    """Adds opgaven. The sum is as strong as its weakest part; its amv is known only when every part has one."""
    if len(parts) == 1:
        return parts[0]
    amv = [part.waarvan_amv for part in parts if part.waarvan_amv is not None]
    weakest = max(parts, key=lambda part: STATUSSEN.index(part.status)).status
    return Opgave(sum(part.opgave for part in parts), weakest, sum(amv) if len(amv) == len(parts) else None)
