"""What one event says, in one Dutch sentence for people: about whom, what, from when on, told by whom and when."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from schemas.events import Event, Ingetrokken
from services.core.dutch import dutch_day, number
from services.core.fold import writes
from services.core.grootheden import BIJ_NAAM
from services.core.grootheden.vormen import geschreven
from services.core.registers import Register, Write, forgotten
from services.core.registerzinnen import Woorden

FIGURES_MAX = 5
"""How many things one event may say before the rest is only counted."""
_OF_NOBODY = "urn:nld:oin:00000000000000000000:systeem:"
"""How a source begins that is of no organisation."""
_SYSTEMS = {
    "melden": "het meldformulier",
    "opvangpeil": "Opvangpeil",
    "publieke-bronnen": "openbare bronnen",
    "simulatie": "de simulatie",
}
"""What people call the systems of no organisation."""


class Zin(NamedTuple):
    """One event in words."""

    wie: str
    """Who told it."""
    over: str
    """Whom it is about, by name."""
    wat: str
    geldt: str
    """From when on it holds in the world, or at what moment it was so. Empty for a retraction."""
    verteld: datetime
    """When its source logged it."""

    @property
    def inhoud(self) -> str:
        """What it says, and from when on."""
        return f"{self.wat} ({self.geldt})" if self.geldt else self.wat

    @property
    def tekst(self) -> str:
        """The whole sentence."""
        return f"{self.over}: {self.inhoud}, gemeld door {self.wie} op {dutch_day(self.verteld)}"


def zin_van(event: Event, naam: Callable[[str], str], doel: Event | None = None, register: str | None = None) -> Zin:
    """Returns what an event says. Raises TypeError for one that says nothing about reception, as of an alarm.

    Args:
        event: the event.
        naam: what its reader calls a subject, by what that reader may know.
        doel: what a retraction retracts, where its reader may know that.
        register: the stored name of the only register to tell of; None for all that the event writes.
    """
    wie, over = bron_in_woorden(event.source), naam(event.subject)
    if isinstance(event, Ingetrokken):
        what = "een gebeurtenis die hier niet bekend is" if doel is None else zin_van(doel, naam).inhoud
        return Zin(wie, over, f"ingetrokken: {what}; reden: {event.data.reden}", "", event.time)
    told = [write for write in _told(event) if register in (None, write.register)]
    if not told:
        raise forgotten(event, "writes() in services/core/fold.py, or call this only for what writes registers")  # type: ignore[arg-type]
    woorden = Woorden(naam, _figure)
    said = [Register.of_name(one.register).says(one.register, one.value, woorden) for one in told[:FIGURES_MAX]]
    more = f"; en nog {number(len(told) - FIGURES_MAX)} cijfers" if len(told) > FIGURES_MAX else ""
    first = Register.of_name(told[0].register).declared
    since = "geldt zodra het bekend is" if first.lens else f"{first.geldt} {dutch_day(told[0].effective_at)}"
    return Zin(wie, over, "; ".join(said) + more, since, event.time)


def bron_in_woorden(source: str) -> str:
    """Returns what people call a source: the name of its system."""
    name = source.rpartition(":")[2]
    return (_SYSTEMS.get(name) if source == _OF_NOBODY + name else None) or name.replace("-", " ").replace("_", " ")


def _told(event: Event) -> list[Write]:
    """The writes to tell of. A registration opens its locatie: that is one thing to say."""
    found = writes(event)
    return found[:1] if found and Register.of_name(found[0].register) is Register.REGISTRATIE else found


def _figure(name: str, value: float) -> str:
    found = BIJ_NAAM.get(name)
    if found is None:
        return f"{name} {number(value)}"
    return f"{found.label.lower()} {geschreven(value, found.eenheid)}"
