"""Numbers and moments as the Dutch write them."""

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


def number(value: float | None, decimals: int = 4) -> str:
    """Writes a number as the Dutch do."""
    if value is None:
        return "onbekend"
    english = f"{value:,}" if isinstance(value, int) else f"{value:,.{decimals}f}"
    return english.translate({ord(","): ".", ord("."): ","})


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
