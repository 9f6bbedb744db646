"""The last reading of a locatie as a page tells it: an old one says nothing of now."""

from datetime import datetime
from typing import NamedTuple

from services.core.delen import Grenzen
from services.core.dutch import dutch_date, number
from services.core.locaties import Locatie


class Telling(NamedTuple):
    """A locatie, and whether its last reading is recent at V."""

    locatie: Locatie
    actueel: bool

    @property
    def vol(self) -> bool:
        """Whether more people than usable places are known to be there now."""
        return self.actueel and self.locatie.boven_capaciteit

    @property
    def van_toen(self) -> str:
        """Says of when an old reading is, and what it said then. Empty for a recent one, and without a reading."""
        if self.actueel or self.locatie.peilmoment is None:
            return ""
        told = f"telling van {dutch_date(self.locatie.peilmoment)}"
        return f"{self.te_veel} volgens de {told}" if self.locatie.boven_capaciteit else told

    @property
    def te_veel(self) -> str:
        """Says how many more people than usable places there were at the last reading. Empty where there are places."""
        return f"{number(-(self.locatie.vrij or 0))} te veel" if self.locatie.boven_capaciteit else ""


def telling(locatie: Locatie, op: datetime, grenzen: Grenzen) -> Telling:
    """Looks at the last reading of a locatie at V."""
    return Telling(locatie, grenzen.is_recent(locatie.peilmoment, op))
