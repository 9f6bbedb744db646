"""What is in force where a form writes: the value of each of its fields, and since when."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from schemas.fields import format_moment
from services.core.registers import Register, Registers, Winner, end_of_write
from services.dashboard.melden.formulier import Formulier
from services.dashboard.melden.lezen import als_teksten, in_woorden
from services.dashboard.melden.velden import DATA
from services.dashboard.tekst import dag


class Geldend(NamedTuple):
    """The value in force of each field that has one."""

    waarden: Mapping[str, Any]
    """Name of the field → its value."""
    zinnen: Mapping[str, str]
    """How the names of some fields begin → what holds there, in a sentence."""

    def in_woorden(self, formulier: Formulier) -> dict[str, str]:
        """Writes the value of each field for people."""
        return {
            veld.naam: in_woorden(veld, self.waarden[veld.naam])
            for veld in formulier.velden()
            if veld.naam in self.waarden
        }

    def ingevuld(self, formulier: Formulier) -> dict[str, str]:
        """Returns the texts with which the form begins: of what it would otherwise lose, and of what has a default."""
        found: dict[str, str] = {}
        for veld in formulier.velden():
            if veld.naam in self.waarden and veld.naam.removeprefix(DATA) in formulier.vult_in:
                found |= als_teksten(veld, self.waarden[veld.naam])
            elif veld.standaard:
                found[veld.naam] = veld.standaard
        return found


NIETS = Geldend({}, {})


def geldend(
    formulier: Formulier, registers: Registers, onderwerp: str, sleutels: Sequence[str], op: datetime
) -> Geldend:
    """Returns what is in force at V of a subject, where the form with these keys would write."""
    waarden: dict[str, Any] = {}
    zinnen: dict[str, str] = {}
    for pad, stored, winner in _winners(formulier, registers, onderwerp, sleutels):
        ended = end_of_write((onderwerp, stored), winner)
        if ended is not None and ended <= op:
            zinnen[pad] = f"Nu geldt hier niets: het laatste liep tot {dag(ended)}."
            continue
        value = winner.value if isinstance(winner.value, Mapping) else {formulier.waarde: winner.value}
        waarden |= {f"{pad}.{name}": one for name, one in value.items() if name}
        if Register.of_name(stored) is Register.PLAATSEN:
            waarden.setdefault(f"{pad}.beschikbaarVanaf", format_moment(winner.effective_at))
        zinnen[pad] = _sentence(formulier, winner)
    return Geldend(waarden, zinnen)


def _sentence(formulier: Formulier, winner: Winner) -> str:
    since = dag(winner.effective_at)
    if isinstance(winner.value, bool):
        return f"Nu {'open' if winner.value else 'gesloten'}, sinds {since}."
    return formulier.nu_zin.format(since)


def _winners(
    formulier: Formulier, registers: Registers, onderwerp: str, sleutels: Sequence[str]
) -> Iterator[tuple[str, str, Winner]]:
    """Yields (how the names of its fields begin, the stored name, the write) of each register that is written."""
    register = formulier.register
    if register is None:
        return
    parts = register.declared.parts
    if len(sleutels) == len(parts):
        names = {"data": register.stored(*sleutels)}
    else:
        names = {f"{DATA}{register.declared.name}.{one}": register.stored(one) for one in register.declared.part_values}
    for pad, stored in names.items():
        winner = registers.get((onderwerp, stored))
        if winner is not None:
            yield pad, stored, winner
