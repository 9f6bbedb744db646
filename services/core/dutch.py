"""Numbers, shares, lengths of time and moments as the Dutch write them."""

import unicodedata
from datetime import datetime

from schemas.fields import AMSTERDAM

_MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)

MAANDEN_KORT = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
UNITS = ((86_400, "dag", "dagen"), (3_600, "uur", "uur"), (60, "minuut", "minuten"), (1, "seconde", "seconden"))
"""(seconds, one, more) of each unit of time, the longest first."""
_DECIMALS_MAX = 4


def number(value: float | None, decimals: int = 4) -> str:
    """Writes a number as the Dutch do."""
    if value is None:
        return "onbekend"
    english = f"{value:,}" if isinstance(value, int) else f"{value:,.{decimals}f}"
    return english.translate({ord(","): ".", ord("."): ","})


def percentage(share: float, besides: float | None = None) -> str:
    """Writes a share (1 is 100 %) as 101,2 %.

    It takes as many more decimals as are needed to tell it from `besides`: 100,001 % beside 100 %.
    """
    for decimals in range(1, _DECIMALS_MAX + 1):
        hundredths = round(100.0 * share, decimals)
        if besides is None or share == besides or hundredths != round(100.0 * besides, decimals):
            break
    return f"{number(int(hundredths) if hundredths.is_integer() else hundredths, decimals)} %"


def length(seconds: float) -> str:
    """Writes a length of time in the largest unit that fits twice, rounded down: 47 uur, 3 dagen."""
    size, one, more = next((unit for unit in UNITS if seconds >= 2 * unit[0]), UNITS[-1])
    return count(int(seconds // size), one, more)


def count(many: int, one: str, more: str, none: str = "0") -> str:
    """Writes how many there are of something: `geen aanwezigen`, `1 aanwezige`, `2 aanwezigen`."""
    said = number(many) if many else none
    return f"{said} {one if many == 1 else more}"


def dutch_moment(moment: datetime) -> str:
    """Writes a moment on the Dutch clock."""
    return moment.astimezone(AMSTERDAM).strftime("%d-%m-%Y %H:%M")


def dutch_begin(moment: datetime) -> str:
    """Writes until when something counts: 'aan het begin van' a day, or 'op' a day at a time."""
    local = moment.astimezone(AMSTERDAM)
    return f"{'aan het begin van' if (local.hour, local.minute) == (0, 0) else 'op'} {dutch_day(moment)}"


def dutch_day(moment: datetime) -> str:
    """Writes a moment as people say it: the day, and the time if that is not midnight."""
    local = moment.astimezone(AMSTERDAM)
    day = f"{local.day} {_MAANDEN[local.month - 1]} {local.year}"
    return day if (local.hour, local.minute) == (0, 0) else f"{day} om {local:%H:%M}"


def plain(text: str) -> str:
    """Returns a text as it is searched and sorted: without case and accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
