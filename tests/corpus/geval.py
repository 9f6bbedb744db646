"""What a file of the corpus is, what must come of it, and the profiles that most of them share."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

BRON = "urn:nld:oin:00000000000000000000:systeem:corpus"
LOCATIES = {
    "LOC-LINDE": "Azc De Linde",
    "LOC-HAVEN": "Noodopvang Haven",
    "LOC-ZEE": "Opvang Zuiderzee",
    "LOC-CAFE": "Café Zuid",
}
"""The locaties that exist where the corpus is read. All are made up."""
NAMEN = {("locatie", "De Linde, hoofdgebouw"): "LOC-LINDE", ("gemeente", "Den Bosch"): "GM0796"}
"""The names that somebody confirmed."""


class Geval(NamedTuple):
    """A file, and the essence of what comes of it. `verwacht.json` has the whole."""

    bestand: str
    """`familie/naam.ext`."""
    fout: str
    """What it imitates, in Dutch."""
    inhoud: bytes
    profiel: str
    goed: Mapping[int, Any] = {}
    """Row → its event, or a list of several: part of it, or the number `aanwezig` alone, or its moment alone."""
    mis: Mapping[int, str] = {}
    """Row → words of why it is refused."""
    over: int = 0
    """How many rows the profile skips."""
    heel: str = ""
    """Words of why the whole file is refused."""


def profiel(
    *gebeurtenissen: str, bestand: str = "", schrijfwijze: str = "", kennis: str = "", overslaan: str = ""
) -> str:
    """Returns the text of a profile."""
    parts = {"bestand": bestand, "schrijfwijze": schrijfwijze, "kennis": kennis}
    tables = "".join(f"\n[{name}]\n{text}\n" for name, text in parts.items() if text)
    skips = "".join(f"\n[[overslaan]]\n{text}\n" for text in overslaan.split("\n---\n") if text)
    events = "".join(f"\n[[gebeurtenis]]\n{text}\n" for text in gebeurtenissen)
    return f'versie = 1\nomschrijving = "Corpus"\nsource = "{BRON}"\n{tables}{skips}{events}'


BEZETTING = """type = "bezetting-gemeld"
onderwerp = {kolom = ["Locatie"], namen = "locatie"}
velden.peilmoment = {kolom = ["Datum"]}
velden.aanwezig = {kolom = ["Aanwezig"]}"""


def telling(
    bestand: str = "",
    schrijfwijze: str = 'datum = "dag-maand-jaar"',
    wissel: Callable[[str], str] = lambda text: text,
    **meer: str,
) -> str:
    """Returns a profile of counts, with the event changed where that is asked."""
    return profiel(wissel(BEZETTING), bestand=bestand, schrijfwijze=schrijfwijze, **meer)


def kern(gebeurtenis: Mapping[str, Any]) -> dict[str, Any]:
    """Returns an event without what all events have, flat."""
    rest = {name: gebeurtenis[name] for name in ("subject", "time") if name in gebeurtenis}
    return rest | {"soort": gebeurtenis["type"].split(".")[-2]} | gebeurtenis["data"]
