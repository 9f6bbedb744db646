"""The last reading of a locatie as a page tells it: an old one says nothing of now."""

from datetime import datetime
from typing import NamedTuple

from services.core.delen import Grenzen
from services.core.dutch import dutch_date
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
        day = dutch_date(self.locatie.peilmoment)
        return f"vol volgens de telling van {day}" if self.locatie.boven_capaciteit else f"telling van {day}"


def telling(locatie: Locatie, op: datetime, grenzen: Grenzen) -> Telling:
    """Looks at the last reading of a locatie at V."""
    return Telling(locatie, grenzen.is_recent(locatie.peilmoment, op))
