"""Says what somebody did just now, on the page that they came back to.

The URL names it as a kind and what it was about: an alarm or a receiver by its name, others by how many. So the
sentence is one of a few, whoever made the link.
"""

from collections.abc import Callable, Mapping
from typing import Any

from schemas.fields import parse_moment
from services.core.dutch import dutch_day
from services.dashboard.page_request import GEDAAN, Blad
from services.dashboard.tekst import geteld, regelnaam

OPGEPAKT, STIL, BEEINDIGD, PROEF, OPNIEUW = "opgepakt", "stil", "beeindigd", "proef", "opnieuw"
ANKER = f"#{GEDAAN}"
"""Where the page says it: a browser goes there, so that it is read aloud and the keyboard goes on from there."""
_VORMEN = {
    OPGEPAKT: "Opgepakt: {}.",
    STIL: "Stilgelegd: {}.",
    BEEINDIGD: "Beëindigd: {}.",
    PROEF: "Proefbericht aangenomen door {}.",
    OPNIEUW: "Opnieuw sturen gevraagd voor {}.",
}
INGELEZEN, AANGENOMEN, BEVESTIGD = "ingelezen", "aangenomen", "bevestigd"
_OVER_BESTANDEN: Mapping[str, Callable[[int, int], str]] = {
    INGELEZEN: lambda nieuw, bekend: f"{_gebeurtenissen(nieuw)} opgeslagen{_al_bekend(bekend)}.",
    AANGENOMEN: lambda nieuw, bekend: (
        f"{_gebeurtenissen(nieuw)} veilig aangenomen{_al_bekend(bekend)}. De cijfers volgen zo."
    ),
    BEVESTIGD: lambda namen, _: f"{geteld(namen, 'naam', 'namen')} bevestigd. Lees het bestand nu nog eens in.",
}
_OVER_ONTVANGERS = frozenset({PROEF, OPNIEUW})
_GETELD = {BEEINDIGD: ("stilte", "stiltes")}
"""What is counted where that is not alarms."""


def gedaan(soort: str, *over: object) -> str:
    """Returns what stands in the URL after an act: what it was about, or how much."""
    return ".".join([soort, *map(str, over)])


def zin(blad: Blad[Any]) -> str:
    """Returns the sentence for this page; empty when nothing was done, or when nobody knows what it was about."""
    said = getattr(blad.vraag, GEDAAN, None)
    soort, _, over = (said or "").partition(".")
    if soort not in {*_VORMEN, *_OVER_BESTANDEN} or not blad.nu:
        return ""
    first, _, tot = over.partition(".")
    if soort in _OVER_BESTANDEN:
        counted = [int(one) for one in (first, tot or "0") if one.isdecimal() and len(one) < 7]
        return _OVER_BESTANDEN[soort](*counted) if len(counted) == 2 else ""
    wat = first if soort in _OVER_ONTVANGERS else _wat(blad, first, *_GETELD.get(soort, ("alarm", "alarmen")))
    until = f" tot {_until(tot)}" if tot.isdecimal() else ""
    return _VORMEN[soort].format(f"{wat}{until}") if wat else ""


def _gebeurtenissen(many: int) -> str:
    return geteld(many, "gebeurtenis", "gebeurtenissen")


def _al_bekend(many: int) -> str:
    return f"; {geteld(many, 'was', 'waren')} al bekend" if many else ""


def _wat(blad: Blad[Any], over: str, een: str, meer: str) -> str:
    if over.isdecimal() and len(over) < 7:
        return geteld(int(over), een, meer)
    found = next((one for one in blad.reader.alarmen(blad.question) if one.id == over), None)
    return "" if found is None else f"{regelnaam(found.regel)}, {blad.cijfers().naam_van(found.onderwerp)}"


def _until(day: str) -> str:
    """Writes the moment that stands in the URL as digits: 202611290700, in UTC."""
    try:
        return dutch_day(parse_moment(f"{day[:4]}-{day[4:6]}-{day[6:8]}T{day[8:10]}:{day[10:12]}:00Z"))
    except ValueError:
        return "dan"
