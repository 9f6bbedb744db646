"""Makes charts, and reads the drawn points back from their paths."""

from datetime import datetime, timedelta

from schemas.fields import AMSTERDAM
from services.dashboard.grafiek.grafiek import grafiek
from services.dashboard.grafiek.vorm import Lijn

VAN = datetime(2026, 1, 1, tzinfo=AMSTERDAM)
DAY = timedelta(days=1)
TOT = VAN + 10 * DAY


def chart(*lijnen, van=VAN, tot=TOT, nu=TOT, procent=False):
    return grafiek("g", "Titel", lijnen, van=van, tot=tot, nu=nu, eenheid="mensen", procent=procent)


def line(*values, trap=False, van=VAN):
    """Makes a line with one value a day."""
    return Lijn("Aanwezig", "aanwezig", [(van + at * DAY, value) for at, value in enumerate(values)], trap)


def pieces(drawn):
    """Returns the points of each piece of a line."""
    return [
        [tuple(map(float, place.split())) for place in piece.split("L")] for piece in drawn.pad.split("M") if piece
    ] + [[place] for place in drawn.stippen]


def places(drawn):
    return [place for piece in pieces(drawn) for place in piece]
