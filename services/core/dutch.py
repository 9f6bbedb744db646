"""Numbers, shares, amounts, lengths of time and moments as the Dutch write them: one way, wherever people read.

Programs get other forms: JSON and CSV have `-`, a decimal point and UTC.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from schemas.moments import AMSTERDAM

TEXTS_MAX = 65_536
"""How many texts are remembered as they are searched and sorted: the names and places of a large network."""

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
_PROCENT = re.compile(r" %(?<=\d %)(?![^<]*>)")
_EURO = re.compile(r"€ (?=\d)(?![^<]*>)")
_DUTCH = str.maketrans({",": ".", ".": ",", "-": "−"})


def number(value: float | None, decimals: int | None = None) -> str:
    """Writes a number. Without `decimals`, a fraction gets as many as it needs, at most four."""
    if value is None:
        return "onbekend"
    if isinstance(value, int) and not decimals:
        return f"{value:,}".translate(_DUTCH)
    if decimals is not None:
        return f"{value:,.{decimals}f}".translate(_DUTCH)
    return f"{value:,.{_DECIMALS_MAX}f}".rstrip("0").rstrip(".").translate(_DUTCH)


def side_by_side(values: Sequence[float | None], decimals: int) -> list[str | None]:
    """Writes numbers that are read beside each other, all with the same decimals: at least so many, and at most four.

    More are used until numbers that differ look different, and until one below 1 has two digits. Numbers that four
    decimals do not tell apart look the same. What is None stays so.
    """
    known = {value for value in values if value is not None}

    def enough(places: int) -> bool:
        shown = {value: round(value, places) for value in known}
        apart = len(set(shown.values())) == len(known)
        return apart and all(own == value or abs(value) >= 10.0 ** (1 - places) for value, own in shown.items())

    wanted = next((places for places in range(decimals, _DECIMALS_MAX) if enough(places)), _DECIMALS_MAX)
    return [None if value is None else number(value, wanted) for value in values]


def estimate(written: Sequence[str | None], unit: str) -> str:
    """Writes an estimate with its lower and its upper bound, as far as known: 160 uur (tussen 100 en 260).

    Empty without one.
    """
    own, least, most = written
    if own is None:
        return ""
    said = f"{own} {unit}"
    if (least, most) in ((None, None), (own, own)):
        return said
    if least is None or most is None:
        return f"{said} ({f'hoogstens {most}' if least is None else f'minstens {least}'})"
    return f"{said} (tussen {least} en {most})"


def signed(value: float, decimals: int | None = None) -> str:
    """Writes a change with its sign: +3, −4. Nothing changed is written in words."""
    return f"{'+' if value > 0 else ''}{number(value, decimals)}" if value else "geen verschil"


def percentage(share: float, besides: float | None = None) -> str:
    """Writes a share (1 is 100,0 %) with one decimal.

    It takes as many more decimals as are needed to tell it from `besides`: 100,001 % beside 100 %.
    """
    for decimals in range(1, _DECIMALS_MAX + 1):
        hundredths = round(100.0 * share, decimals)
        if besides is None or share == besides or hundredths != round(100.0 * besides, decimals):
            break
    return f"{number(hundredths, decimals)} %"


def short_percentage(share: float) -> str:
    """Writes a share that somebody chose, such as a threshold, with no more decimals than it has: 96 %."""
    return f"{number(round(100.0 * share, _DECIMALS_MAX))} %"


def points(difference: float) -> str:
    """Writes a difference between two shares, in points of a percent."""
    shown = round(100.0 * difference, 1)
    if not shown:
        way = "hoger" if difference > 0 else "lager"
        return f"minder dan 0,1 procentpunt {way}" if difference else "geen verschil"
    return f"{signed(shown, 1)} procentpunt"


def euros(amount: float) -> str:
    """Writes an amount of money."""
    return f"€ {number(amount)}"


def length(seconds: float) -> str:
    """Writes a length of time in the largest unit that fits twice, rounded down: 47 uur, 3 dagen."""
    size, one, more = next((unit for unit in UNITS if seconds >= 2 * unit[0]), UNITS[-1])
    return count(int(seconds // size), one, more)


def count(many: int, one: str, more: str, none: str = "0") -> str:
    """Writes how many there are of something: `geen aanwezigen`, `1 aanwezige`, `2 aanwezigen`."""
    said = number(many) if many else none
    return f"{said} {one if many == 1 else more}"


def locaties(many: int) -> str:
    """Writes a number of locaties."""
    return count(many, "locatie", "locaties")


def gemeenten(many: int) -> str:
    """Writes a number of gemeenten."""
    return count(many, "gemeente", "gemeenten")


def plaatsen(many: int) -> str:
    """Writes a number of places."""
    return count(many, "plaats", "plaatsen")


def dutch_date(day: date) -> str:
    """Writes a day, or the Dutch day of a moment: 29 nov 2026."""
    local = day.astimezone(AMSTERDAM) if isinstance(day, datetime) else day
    return f"{local.day} {MAANDEN_KORT[local.month - 1]} {local.year}"


def dutch_moment(moment: datetime) -> str:
    """Writes a moment on the Dutch clock: 29 nov 2026 05:57."""
    return f"{dutch_date(moment)} {moment.astimezone(AMSTERDAM):%H:%M}"


@lru_cache(maxsize=8192)  # What very many events say is often of the same moment.
def dutch_day(moment: datetime) -> str:
    """Writes a moment as people say it: the day, and the time if that is not midnight."""
    return dutch_date(moment) if _is_midnight(moment) else dutch_moment(moment)


def dutch_begin(moment: datetime) -> str:
    """Writes until when something counts: 'aan het begin van' a day, or 'op' a day at a time."""
    return f"{_at(moment)} {dutch_day(moment)}"


def letter_day(moment: datetime) -> str:
    """Writes a moment as a letter does, with the month in full: 29 november 2026 om 05:57."""
    local = moment.astimezone(AMSTERDAM)
    day = f"{local.day} {_MAANDEN[local.month - 1]} {local.year}"
    return day if _is_midnight(moment) else f"{day} om {local:%H:%M}"


def letter_begin(moment: datetime) -> str:
    """Writes for a letter until when something counts."""
    return f"{_at(moment)} {letter_day(moment)}"


def _at(moment: datetime) -> str:
    return "aan het begin van" if _is_midnight(moment) else "op"


def _is_midnight(moment: datetime) -> bool:
    local = moment.astimezone(AMSTERDAM)
    return (local.hour, local.minute) == (0, 0)


@lru_cache(TEXTS_MAX)
def plain(text: str) -> str:
    """Returns a text as it is searched and sorted: without case and accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def bijeen(html: str) -> str:
    """Keeps each number of a page and its sign on one line: a space between them is one that never breaks.

    Attributes stay as they are, since a field of a form is sent back.
    """
    return _EURO.sub("€\u00a0", _PROCENT.sub("\u00a0%", html))
