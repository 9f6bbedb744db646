"""What the registers say to people: a sentence for each, from its value. `registers` declares which is whose."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from schemas.data import Toezichtstap
from services.core import dutch
from services.core.dutch import dutch_date, dutch_day, number
from services.core.genoemd import telregel as genoemd
from services.core.values import (
    CyclusValue,
    GepubliceerdValue,
    InzetValue,
    MaximumValue,
    OpgavestandValue,
    OpgaveValue,
    OverdrachtValue,
    PlaatsenValue,
    RegistratieValue,
    TelregelValue,
    ToezichtcapaciteitValue,
    ToezichtValue,
)

Parts = tuple[str, ...]
"""What follows the first part of a stored name: ("2024", "verdeelbesluit") of `opgave.2024.verdeelbesluit`."""


def _figure(name: str, value: float) -> str:
    return f"{name} {number(value)}"


class Woorden(NamedTuple):
    """What people call what is stored as a code."""

    naam: Callable[[str], str] = str
    """What a subject is called. By itself: its code."""
    cijfer: Callable[[str, float], str] = _figure
    """How a figure that others published is written, given its name and its value."""


NO_NAMES = Woorden()
"""Everything by its code."""


def registratie(value: RegistratieValue, _parts: Parts, woorden: Woorden) -> str:
    """A locatie: what it is, where it lies, and what it is called."""
    shielded = ", afgeschermd" if value["zichtbaarheid"] == "afgeschermd" else ""
    return (
        f"geregistreerd als {value['soort']} in {woorden.naam(value['gemeente'])} met de naam {value['naam']}{shielded}"
    )


def open_of_gesloten(value: bool, _parts: Parts, _woorden: Woorden) -> str:
    """Whether a locatie is open."""
    return "open" if value else "gesloten"


def plaatsen(value: PlaatsenValue, parts: Parts, _woorden: Woorden) -> str:
    """The places of one soort."""
    usable = "" if value["inzetbaar"] == value["aantal"] else f", waarvan {number(value['inzetbaar'])} inzetbaar"
    return f"{dutch.plaatsen(value['aantal'])} {parts[0]}{usable}{_until(value)}"


def plaatsen_einde(value: PlaatsenValue, parts: Parts, _woorden: Woorden) -> str | None:
    """The end of places; None where there were none."""
    return f"einde van {dutch.plaatsen(value['aantal'])} {parts[0]}" if value["aantal"] else None


def aanwezig(value: int, _parts: Parts, _woorden: Woorden) -> str:
    """A reading."""
    return "1 mens aanwezig" if value == 1 else f"{number(value)} mensen aanwezig"


def toegang(value: str, _parts: Parts, _woorden: Woorden) -> str:
    """Who may enter a locatie."""
    return f"toegang {value}"


def maximum(value: MaximumValue, _parts: Parts, _woorden: Woorden) -> str:
    """The most people that may be present."""
    return f"maximum {number(value['maximum'])} ({value['grondslag']}){_until(value)}"


def maximum_einde(value: MaximumValue, _parts: Parts, _woorden: Woorden) -> str:
    """The end of a maximum."""
    return f"einde van het maximum van {number(value['maximum'])}"


def cyclus(value: CyclusValue, _parts: Parts, _woorden: Woorden) -> str:
    """A cyclus."""
    return f"cyclus van de Spreidingswet, raming {number(value['raming'])} plaatsen"


def opgave(value: OpgaveValue, parts: Parts, _woorden: Woorden) -> str:
    """The places that a gemeente or provincie must make possible."""
    of_cyclus, status = parts
    return f"opgave {dutch.plaatsen(value['opgave'])} ({status}, cyclus {of_cyclus})"


def overdracht(value: OverdrachtValue, parts: Parts, woorden: Woorden) -> str:
    """Places that count for another gemeente."""
    return f"overdracht van {dutch.plaatsen(value['aantal'])} aan {woorden.naam(parts[1])}{_until(value)}"


def overdracht_einde(value: OverdrachtValue, parts: Parts, woorden: Woorden) -> str:
    """The end of that."""
    return f"einde van de overdracht van {dutch.plaatsen(value['aantal'])} aan {woorden.naam(parts[1])}"


def telregel(value: TelregelValue, parts: Parts, _woorden: Woorden) -> str:
    """A rule of what counts."""
    return f"{genoemd(parts[0])}: {value['omschrijving']}"


def opgavestand(value: OpgavestandValue, parts: Parts, _woorden: Woorden) -> str:
    """What became of a verdeelbesluit."""
    zaak = f" ({value['zaak']})" if "zaak" in value else ""
    return f"verdeelbesluit van cyclus {parts[0]}: {value['stand']}{zaak}{_until(value)}"


def opgavestand_einde(value: OpgavestandValue, parts: Parts, _woorden: Woorden) -> str | None:
    """The end of what kept it from binding; None where it did bind."""
    if value["stand"] == "geldend":
        return None
    return f"verdeelbesluit van cyclus {parts[0]}: niet meer {value['stand']}"


def toezicht(value: ToezichtValue | Toezichtstap, _parts: Parts, woorden: Woorden) -> str:
    """A step of supervision, by whom where that is not the minister, and its term."""
    said: ToezichtValue = {"stap": value} if isinstance(value, str) else value
    by = f", door de provincie {woorden.naam(said['toezichthouder'])}" if "toezichthouder" in said else ""
    until = f", termijn tot en met {dutch_date(datetime.fromisoformat(said['termijn']))}" if "termijn" in said else ""
    return f"toezicht: {said['stap']}{by}{until}"


def inzet(value: InzetValue, parts: Parts, _woorden: Woorden) -> str:
    """The hours that a gemeente takes in a step."""
    written = dutch.side_by_side([value["urenPerGemeente"], value.get("urenMinstens"), value.get("urenHoogstens")], 0)
    return f"één gemeente in de stap {parts[0]} kost naar raming {dutch.estimate(written, 'uur per jaar')}"


def toezichtcapaciteit(value: ToezichtcapaciteitValue, _parts: Parts, _woorden: Woorden) -> str:
    """The people that a supervisor has."""
    return f"{number(value['fte'])} fte voor het toezicht, van {number(value['urenPerFte'])} uur per jaar"


def gepubliceerd(value: GepubliceerdValue, _parts: Parts, woorden: Woorden) -> str:
    """A figure that others published."""
    about = "" if value["nauwkeurigheid"] == "exact" else f" ({value['nauwkeurigheid']})"
    return f"{woorden.cijfer(value['grootheid'], value['waarde'])}{about} volgens {value['bron']}"


def _until(value: Mapping[str, Any]) -> str:
    tot = value.get("geldigTot")
    return "" if tot is None else f", tot {dutch_day(datetime.fromisoformat(tot))}"
