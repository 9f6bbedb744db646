"""Everything that rules can watch, each declared once, and what the rest of Opvangpeil asks about it.

To watch something new, add a row to TE_BEWAKEN in schemas/alarmregels.py and a `Bewaakt` to one of four files here:
`nederland` (the country and its gemeenten), `locaties` (each locatie), `toezicht` (what is for the desk of toezicht
alone) or `opvangpeil` (Opvangpeil itself). The state machine, the dry run, the API, the screens and the CLI follow.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from schemas.alarmregels import REGIMES, TE_BEWAKEN, AlarmRegel, Gebrekregel
from schemas.fields import TEXT_MAX
from services.core import genoemd
from services.core.alarms.beeld import Beeld, Waarden
from services.core.alarms.bewaakt.declaratie import Bewaakt
from services.core.alarms.bewaakt.locaties import VAN_LOCATIES
from services.core.alarms.bewaakt.nederland import VAN_NEDERLAND
from services.core.alarms.bewaakt.opvangpeil import VAN_OPVANGPEIL
from services.core.alarms.bewaakt.toezicht import VAN_TOEZICHT
from services.core.alarms.woorden import naam
from services.core.dutch import length, number, short_percentage
from services.core.registers import LANDELIJK


def by_name(te_bewaken: Collection[str], declared: Sequence[Bewaakt]) -> Mapping[str, Bewaakt]:
    """Returns the declarations by name. Raises LookupError, with a line for each one missing, unknown or double."""
    names = [one.naam for one in declared]
    wrong = [
        f"TE_BEWAKEN in schemas/alarmregels.py lists {one!r}, but no file in services/core/alarms/bewaakt/ declares it"
        for one in te_bewaken
        if one not in names
    ]
    wrong += [
        f"services/core/alarms/bewaakt/ declares {one!r}, but TE_BEWAKEN in schemas/alarmregels.py does not list it"
        for one in names
        if one not in te_bewaken
    ]
    wrong += [
        f"services/core/alarms/bewaakt/ declares {one!r} more than once"
        for n, one in enumerate(names)
        if one in names[:n]
    ]
    if wrong:
        raise LookupError("\n".join(wrong))
    return {one.naam: one for one in declared}


BEWAAKT = by_name(TE_BEWAKEN, (*VAN_NEDERLAND, *VAN_LOCATIES, *VAN_OPVANGPEIL, *VAN_TOEZICHT))
"""Every declaration, by name. When one is missing, this import raises LookupError, so no service starts."""


def waarden(regel: AlarmRegel, beeld: Beeld) -> Waarden | None:
    """Returns the value of each onderwerp that a rule watches, in the live view.

    Returns None while the extra work that the values need (`uitzoekwerk`) has not been done since the start. The rule
    is then skipped, so that a restart neither begins nor ends an alarm.
    """
    bewaakt = BEWAAKT[regel.grootheid]
    if bewaakt.uitzoekwerk is not None and beeld.uitgezocht is None:
        return None
    found = bewaakt.waarden(regel, beeld)
    if found is None or not regel.onderwerpen:
        return found
    wanted = [n for n, onderwerp in enumerate(found.onderwerpen) if onderwerp in regel.onderwerpen]
    return Waarden([found.onderwerpen[n] for n in wanted], found.waarden[wanted])


def getoond(regel: AlarmRegel, waarde: float) -> float | str | None:
    """Returns a value as a transition shows it: a number, a regime, a word for an infinite value, or None."""
    if np.isnan(waarde) or isinstance(regel, Gebrekregel):
        return None
    if regel.eenheid == "regime":
        return REGIMES[int(waarde)]
    if np.isinf(waarde):
        return BEWAAKT[regel.grootheid].oneindig
    if regel.eenheid == "seconden" or float(waarde).is_integer():
        return int(waarde)
    return float(waarde)


def toelichting(regel: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld) -> str:
    """Returns one Dutch sentence with the value of an onderwerp, or with why that is not known.

    A sentence that is too long is cut at TEXT_MAX characters.
    """
    bewaakt = BEWAAKT[regel.grootheid]
    if np.isnan(waarde):
        return _cut(bewaakt.onbekend(onderwerp, beeld), "" if regel.voor_regel is None else _cannot(regel.voor_regel))
    return _cut(bewaakt.zin(regel, onderwerp, waarde, beeld))


def toelichting_nu(regel: AlarmRegel, onderwerp: str, waarde: float, beeld: Beeld, *, wacht: bool) -> str:
    """Returns the same about the present of an alarm that goes on, or that still waits to be one (`wacht`)."""
    if regel.voor_regel is not None:
        return toelichting(regel, onderwerp, waarde, beeld)
    if not np.isnan(waarde):
        return _cut(
            BEWAAKT[regel.grootheid].zin(regel, onderwerp, waarde, beeld), "" if wacht else _ends(regel, waarde)
        )
    goes_on = "Zolang telt de wachttijd van het alarm niet door." if wacht else "Het alarm blijft zolang staan."
    return _cut(BEWAAKT[regel.grootheid].onbekend(onderwerp, beeld), goes_on)


def _ends(regel: AlarmRegel, waarde: float) -> str:
    """Says where an alarm ends, of a value between its threshold and there."""
    sign = 1 if regel.richting == "boven" else -1
    if not sign * regel.wist <= sign * waarde <= sign * regel.gaat_af or regel.wist == regel.gaat_af:
        return ""
    where = "onder" if sign == 1 else "boven"
    if regel.eenheid == "aandeel":
        return f"Het alarm eindigt pas {where} {short_percentage(regel.wist)}."
    return f"Het alarm eindigt pas {where} {length(regel.wist) if regel.eenheid == 'seconden' else number(regel.wist)}."


def _cannot(voor_regel: str) -> str:
    return f"De regel '{genoemd.regel(voor_regel)}' kan daardoor niet oordelen."


def _cut(text: str, more: str = "") -> str:
    """Adds a sentence, and cuts the first when both together are too long."""
    room = TEXT_MAX - (len(more) + 1 if more else 0)
    cut = text if len(text) <= room else f"{text[: room - 1]}…"
    return f"{cut} {more}".rstrip()


def verdwenen(onderwerp: str, beeld: Beeld) -> str:
    """Returns the sentence for an onderwerp that a rule no longer watches: its locatie closed, or its maximum ended."""
    return f"{naam(onderwerp, beeld)} telt hiervoor niet meer mee."


def verklaring(grootheid: str | None, onderwerp: str) -> str | None:
    """Returns the path that explains a value of this onderwerp. None when it is no figure of the log.

    What is explained without an onderwerp is of the country: a provincie is not explained by it.
    """
    bewaakt = BEWAAKT.get(grootheid or "")
    path = None if bewaakt is None else bewaakt.verklaring
    if path is None or ("{}" not in path and onderwerp != LANDELIJK):
        return None
    return path.format(onderwerp)


def telt_dagen(grootheid: str | None) -> bool:
    """Whether an alarm about it also tells how many days a locatie was above its maximum."""
    bewaakt = BEWAAKT.get(grootheid or "")
    return bewaakt is not None and bewaakt.telt_dagen


def waarschuwt(grootheid: str | None) -> bool:
    """Whether an alarm about it is a warning of `/gereed`."""
    bewaakt = BEWAAKT.get(grootheid or "")
    return bewaakt is not None and bewaakt.waarschuwt
