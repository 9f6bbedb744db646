"""The declaration of a thing that rules can watch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from schemas.alarmregels import AlarmRegel
from services.core.alarms.beeld import Beeld, Uitzoekwerk, Waarden
from services.core.alarms.bewaakt.vergelijking import Nalevingen
from services.core.alarms.reeksen import Waardereeks
from services.core.alarms.woorden import naam
from services.core.delen import Grenzen
from services.core.history.sommen import Stappen

VERKLARING_NL = "/v1/bezetting/verklaring"
VERKLARING_LOCATIE = "/v1/locaties/{}/verklaring"
VERKLARING_GEMEENTE = "/v1/gemeenten/{}/verklaring"
VERKLARING_TOEZICHT = "/v1/toezicht/verklaring"


class Periode(NamedTuple):
    """A part of the past that is looked at."""

    van: int
    """Microseconds since 1970."""
    tot: int
    grenzen: Grenzen


class VanLocaties(NamedTuple):
    """Its past follows from the steps of the locaties."""

    reeks: Callable[[AlarmRegel, Stappen, Periode], Waardereeks]
    """(rule, steps, period) → series."""
    van_iedereen: bool = False
    """A sum over the country counts only the locaties that everybody may meet, whoever asks."""


class VanNalevingen(NamedTuple):
    """Its past follows from the classes of the gemeenten."""

    reeks: Callable[[Nalevingen, AlarmRegel, datetime], Waardereeks]
    """(classes, rule, from) → series."""


class GeenVerleden(NamedTuple):
    """Its past can't be told from the log."""

    reden: str
    """Why not, as the end of a Dutch sentence."""


Verleden = VanLocaties | VanNalevingen | GeenVerleden


def niet_bekend(zin: str) -> Callable[[str, Beeld], str]:
    """Makes the sentence for a value that is not known. `{}` in it becomes the name of the onderwerp."""
    return lambda onderwerp, beeld: zin.format(naam(onderwerp, beeld))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bewaakt:
    """One thing that rules can watch. Its unit and its settings are in schemas/alarmregels.py, under the same name."""

    naam: str
    waarden: Callable[[AlarmRegel, Beeld], Waarden | None]
    """What a rule sees in the live view. None: it was not found out yet."""
    verleden: Verleden
    """What a rule would have seen at any moment of the past, or why that can't be told."""
    zin: Callable[[AlarmRegel, str, float, Beeld], str]
    """(rule, onderwerp, value, view) → one Dutch sentence with the figures that the value rests on."""
    onbekend: Callable[[str, Beeld], str]
    """(onderwerp, view) → one Dutch sentence that says that the value is not known, and if possible why."""
    verklaring: str | None
    """The address that explains the value. None when it is no figure of the log."""
    uitzoekwerk: Uitzoekwerk | None = None
    """What has to be found out beside the live view."""
    oneindig: str = "geen"
    """How an infinite value is shown."""
    nul: str = ""
    """How 0 is shown, where a number would be a riddle."""
    erachter: str = ""
    """What stands behind a number, where its unit would mislead: 24 people too many are not 24 people."""
    telt_dagen: bool = False
    """Whether an alarm also tells how many days a locatie was above its maximum."""
    waarschuwt: bool = False
    """Whether such an alarm is a warning of `/gereed`: Opvangpeil itself does not work as it should."""
