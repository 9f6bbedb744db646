"""The words that the sentences about alarms are made of: shares, lengths of time, counts, names. All of it Dutch."""

from schemas.reference import PROVINCIES, gemeenten
from services.core.alarms.beeld import Beeld
from services.core.dutch import number
from services.core.registers import LANDELIJK, Register

UNITS = ((86_400, "dag", "dagen"), (3_600, "uur", "uur"), (60, "minuut", "minuten"), (1, "seconde", "seconden"))
"""(seconds, one, more) of each unit of time, the longest first."""
_DECIMALS_MAX = 4


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


def people(many: int) -> str:
    """Writes how many people are present."""
    return count(many, "aanwezige", "aanwezigen", "geen")


def days(many: float) -> str:
    """Writes a number of days, which need not be whole."""
    return f"{plain(many)} {'dag' if many == 1 else 'dagen'}"


def plain(value: float) -> str:
    """Writes a number, without decimals when it is whole."""
    return number(int(value)) if float(value).is_integer() else number(value)


def naam(onderwerp: str, beeld: Beeld) -> str:
    """Returns what an onderwerp is called, with its code: `Utrecht (GM0344)`."""
    if onderwerp == LANDELIJK:
        return "Nederland"
    registratie = Register.REGISTRATIE.get(beeld.registers, onderwerp)
    if registratie is not None:
        return f"{registratie.value['naam']} ({onderwerp})"
    names = PROVINCIES | {gemeente.code: gemeente.naam for gemeente in gemeenten()}
    return f"{names[onderwerp]} ({onderwerp})" if onderwerp in names else onderwerp
