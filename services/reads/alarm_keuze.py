"""Which alarms somebody asks for, and in which order. The API and the pages choose by this."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar, get_args

from schemas.alarmregels import van_toezicht, voorbij
from schemas.data import Ernst
from services.core.alarms.alarmen import Alarm
from services.core.dutch import plain
from services.reads.cijfers import Cijfers

ERNSTEN: tuple[str, ...] = get_args(Ernst)[::-1]
"""From worst to mildest."""
LAND = "NL"
"""Stands for the provincie of an alarm that is about no provincie."""
Veld = Literal["status", "ernst", "regel", "provincie"]
"""What a list can be narrowed by, from a short list of choices."""
Volgorde = Literal["ernst", "-sinds", "sinds", "naam", "-naam", "-afwijking", "afwijking"]
"""`ernst`: the worst first, of equals what is farthest beyond its threshold, and then the newest."""
_T = TypeVar("_T")


class Rij(NamedTuple):
    """An alarm, and what it can be chosen by."""

    alarm: Alarm
    naam: str
    """What people call its onderwerp."""
    provincie: str
    """The code of its provincie, or LAND."""
    toestand: str
    """How it stands, `hersteld` when it is over."""
    binnen: frozenset[str] = frozenset()
    """Its onderwerp, and the gemeente and the provincie in which that lies."""


def rijen_van(cijfers: Cijfers, alarmen: Iterable[Alarm], toestand: Mapping[str, str]) -> list[Rij]:
    """Returns the alarms with what they can be chosen by. What is not in `toestand` is over."""
    known: dict[str, tuple[str, str, frozenset[str]]] = {}
    found = []
    for alarm in alarmen:
        about = alarm.onderwerp
        if about not in known:
            provincie, gemeente = cijfers.provincie_of(about), cijfers.gemeente_waarin(about)
            binnen = frozenset(one for one in (about, gemeente and gemeente.code, provincie) if one)
            known[about] = cijfers.naam_van(about), provincie or LAND, binnen
        naam, provincie, binnen = known[about]
        found.append(Rij(alarm, naam, provincie, toestand.get(alarm.id, "hersteld"), binnen))
    return found


@dataclass(frozen=True, slots=True)
class Keuze:
    """What alarms must be to be listed. None asks nothing."""

    status: str | None = None
    """`open`: it goes off; else how it stands."""
    ernst: str | None = None
    regel: str | None = None
    provincie: str | None = None
    onderwerp: str | None = None
    binnen: str | None = None
    """An onderwerp, with all that lies in it."""
    zoek: str = ""
    """Words that each stand in its name, its id or its rule."""

    def past(self, rij: Rij, zonder: Veld | None = None) -> bool:
        """Whether an alarm is asked for. `zonder`: whatever it is in this respect."""
        alarm = rij.alarm
        return (
            (zonder == "status" or self.status is None or self.status in staten(rij))
            and (zonder == "ernst" or self.ernst in (None, alarm.ernst))
            and (zonder == "regel" or self.regel in (None, alarm.regel))
            and (zonder == "provincie" or self.provincie in (None, rij.provincie))
            and self.onderwerp in (None, alarm.onderwerp)
            and (self.binnen is None or self.binnen in rij.binnen)
            and self._found(rij)
        )

    def _found(self, rij: Rij) -> bool:
        if not self.zoek.strip():
            return True
        text = plain(f"{rij.naam} {rij.alarm.onderwerp} {rij.alarm.regel} {rij.alarm.regel.replace('-', ' ')}")
        return all(word in text for word in plain(self.zoek).split())


def staten(rij: Rij) -> tuple[str, ...]:
    """Returns all that an alarm can be called by how it stands."""
    return ("open", rij.toestand) if rij.alarm.open else (rij.toestand,)


def in_volgorde(
    rijen: Iterable[_T], volgorde: Volgorde, rij_van: Callable[[_T], Rij], waarde: Callable[[Alarm], float | str | None]
) -> list[_T]:
    """Returns them in an order. `waarde` gives the value that is held against the threshold.

    Whatever it can't be sorted by stands last, in either direction.
    """
    listed = list(rijen)
    name, descending = volgorde.removeprefix("-"), volgorde.startswith("-")
    if name == "ernst":
        return sorted(listed, key=lambda one: ergste_eerst(rij_van(one).alarm, waarde(rij_van(one).alarm)))
    keys: dict[str, Callable[[Rij], Any]] = {
        "sinds": lambda rij: rij.alarm.sinds,
        "naam": lambda rij: plain(rij.naam),
        "afwijking": lambda rij: afwijking(rij.alarm, waarde(rij.alarm)),
    }
    found = [(keys[name](rij_van(one)), one) for one in listed]
    known = sorted((one for one in found if one[0] is not None), key=lambda one: one[0], reverse=descending)
    return [one for _, one in known] + [one for key, one in found if key is None]


def afwijking(alarm: Alarm, waarde: float | str | None) -> float | None:
    """Returns how far a value of an alarm is beyond its threshold, as a part of that. None: not known."""
    return voorbij(alarm.grootheid, alarm.drempel, alarm.overgangen[0].data.waarde, waarde)


def ergste_eerst(alarm: Alarm, waarde: float | str | None) -> tuple[int, bool, float, float, str]:
    """The order of alarms by ernst. `waarde`: what is held against the threshold.

    Of one ernst those of the toezicht come last: a term that passed can wait for the morning.
    """
    beyond, of_toezicht = afwijking(alarm, waarde), van_toezicht(alarm.grootheid)
    return ERNSTEN.index(alarm.ernst), of_toezicht, -(beyond or 0.0), -alarm.sinds.timestamp(), alarm.id


def geteld(rijen: Sequence[Rij], keuze: Keuze, veld: Veld, van: Callable[[Rij], Iterable[str]]) -> dict[str, int]:
    """Counts what each choice of a field would list, with the rest of what is asked as it is."""
    found: dict[str, int] = {}
    for rij in rijen:
        if keuze.past(rij, veld):
            for name in van(rij):
                found[name] = found.get(name, 0) + 1
    return found
