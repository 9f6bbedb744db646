"""What one event says, in one Dutch sentence for people: about whom, what, from when on, told by whom and when."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from schemas.events import Event
from schemas.fields import parse_moment
from services.core.dutch import dutch_day, number, plaatsen
from services.core.grootheden.namen import cijfernaam, eenheid_van_cijfer
from services.core.grootheden.vormen import geschreven
from services.core.reasons.verklaring import NEEDLESS, Gelogd, Logregel, Rol, logregel
from services.core.registers import Register, Write
from services.core.registerzinnen import Woorden

Naam = Callable[[str], str]
"""What a reader calls a subject, by what that reader may know."""
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
_CODE = re.compile(r"\b(?:LOC-[A-Z0-9-]+|GM\d{4}|PV\d{2})\b")
_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_MOMENT = re.compile(r"\b\d{4}-\d{2}-\d{2}T[\d:.]+Z")
ROLLEN: dict[Rol, str] = {
    "telt": "Telt mee",
    "telt niet mee": "Telt niet mee",
    "nog niet geldig": "Nog niet geldig",
    "verlopen": "Verlopen",
    "vervangen": "Vervangen",
    "ingetrokken": "Ingetrokken",
}
"""What became of a write, in the order in which people are told."""


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


def zin_van(event: Event | Logregel, naam: Naam, doel: Event | Logregel | None = None, register: str = "") -> Zin:
    """Returns what an event says. Raises LookupError for one that says nothing of reception, as of an alarm.

    Args:
        event: the event.
        naam: what its reader calls a subject.
        doel: what a retraction retracts, where its reader may know that.
        register: the stored name of the only register to tell of; empty for all that the event writes.
    """
    regel = event if isinstance(event, Logregel) else logregel(Gelogd(event, event.time))
    wie, over = bron_in_woorden(regel.source), naam(regel.subject)
    if regel.intrekking is not None:
        what = "een gebeurtenis die hier niet bekend is" if doel is None else zin_van(doel, naam).inhoud
        return Zin(wie, over, f"ingetrokken: {what}; reden: {regel.intrekking['reden']}", "", regel.time)
    told = [one for one in regel.schrijvingen if one.register == register] if register else _told(regel)
    if not told:
        raise LookupError(f"{regel.type} writes no register, so it has no sentence: see services/core/fold.py")
    woorden = Woorden(naam, _figure)
    said = [Register.of_name(one.register).says(one.register, one.value, woorden) for one in told[:FIGURES_MAX]]
    more = f"; en nog {number(len(told) - FIGURES_MAX)} cijfers" if len(told) > FIGURES_MAX else ""
    first = Register.of_name(told[0].register).declared
    since = "geldt zodra het bekend is" if first.lens else f"{first.geldt} {dutch_day(told[0].effective_at)}"
    return Zin(wie, over, "; ".join(said) + more, since, regel.time)


def zin_en_waarom(
    regel: Logregel, rol: Rol, reden: str | None, naam: Naam, door: Logregel | None = None, register: str = ""
) -> tuple[Zin, str]:
    """Returns what an event says of one register, and why that counts or not. `waarom` explains the arguments."""
    doel = door if regel.intrekking is not None else None
    return zin_van(regel, naam, doel, register), waarom(rol, reden, naam, regel, door, register)


def zonder_melding(waarde: Mapping[str, Any]) -> str:
    """Returns what is said of places that are told without an event, since they are afgeschermd."""
    return f"{plaatsen(waarde['plaatsen'])}, waarvan {number(waarde['waarvanAmv'])} voor amv"


def bron_in_woorden(source: str) -> str:
    """Returns what people call a source: the name of its system."""
    name = source.rpartition(":")[2]
    return (_SYSTEMS.get(name) if source == _OF_NOBODY + name else None) or name.replace("-", " ").replace("_", " ")


def waarom(
    rol: Rol,
    reden: str | None,
    naam: Naam,
    regel: Logregel | None = None,
    door: Logregel | None = None,
    register: str = "",
) -> str:
    """Returns why a write counts or not, for people: no ids, names for codes, Dutch moments.

    Args:
        rol: what became of the write.
        reden: why, as `regels` says it.
        naam: what its reader calls a subject.
        regel: its event.
        door: what replaced or retracted it; of a retraction, what it retracts.
        register: the stored name of its register.
    """
    if rol == "vervangen" and door is not None:
        zin = zin_van(door, naam, register=register)
        if _volgt(regel, door, register):
            return f"een eerdere stap; de volgende is {zin.inhoud}, gemeld door {zin.wie}"
        return f"vervangen door een latere melding van {zin.wie}: {zin.inhoud}"
    if rol == "ingetrokken" and door is not None and door.intrekking is not None:
        who = bron_in_woorden(door.source)
        return f"ingetrokken door {who} op {dutch_day(door.time)}: {door.intrekking['reden']}"
    if regel is not None and regel.intrekking is not None and (reden or "").startswith("trekt "):
        return "is zelf een intrekking: die wist niets, en haalt weg wat zij noemt"
    if (rol, reden) == NEEDLESS:
        return "telt niet mee: deze cijfers hangen hier niet van af"
    return gewone_taal(reden, naam) if reden else ROLLEN[rol].lower()


def _volgt(regel: Logregel | None, door: Logregel, register: str) -> bool:
    """Whether one step of toezicht came after another, instead of being told anew."""
    if regel is None or not register or Register.of_name(register) is not Register.TOEZICHT:
        return False
    before, after = (
        [write.effective_at for write in one.schrijvingen if write.register == register] for one in (regel, door)
    )
    return bool(before and after) and before < after


def gewone_taal(reden: str, naam: Naam) -> str:
    """Returns a reason with names for its codes, Dutch moments, and without ids."""
    said = _CODE.sub(lambda found: naam(found[0]), reden)
    said = _MOMENT.sub(lambda found: dutch_day(parse_moment(found[0])), said)
    return _ID.sub("een andere gebeurtenis", said)


def _told(regel: Logregel) -> list[Write]:
    """The writes to tell of. A registration opens its locatie: that is one thing to say."""
    found = [*regel.schrijvingen]
    registered = any(Register.of_name(one.register) is Register.REGISTRATIE for one in found)
    return [one for one in found if not (registered and Register.of_name(one.register) is Register.OPEN)]


def _figure(name: str, value: float) -> str:
    return f"{cijfernaam(name)} {geschreven(value, eenheid_van_cijfer(name))}"
