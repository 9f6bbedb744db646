"""Gives the value of a cell its meaning, as a field needs it and the profile says it is written. Nothing is guessed.

A number or a moment of a workbook needs no reading. A text does, and what can be read in two ways is refused unless the
profile says which of the two it is.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from schemas.fields import AMSTERDAM, NUMBER_MAX, format_moment
from services.importer.bladen import Fout, LeesError, Waarde, getoond, is_leeg
from services.importer.columns import Column, Kind
from services.importer.profiel.model import Datumvorm, Schrijfwijze, Waardebron

_SPACES = "\u00a0\u202f\u2009"
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?|-?\d{1,3}(?:(?P<sep>[.,' ])\d{3})+(?:[.,]\d+)?")
_DIGITS_MAX = 40
"""More signs than any number of an event has."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?")
_WEEKDAY = r"(?:(?:ma|di|wo|do|vr|za|zo|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\.? )?"
_PARTS = re.compile(_WEEKDAY + r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})")
_WORDS = re.compile(_WEEKDAY + r"(\d{1,2})[ -]([a-z]{3,9})\.?[ -](\d{4}|\d\d)")
_CLOCK = r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?: ?uur)?(?: (zomertijd|wintertijd))?"
_TIME = re.compile(rf"(.*?)[ ,t]+(?:om )?{_CLOCK}")
_ONLY_TIME = re.compile(_CLOCK)
_TOGETHER = re.compile(r"(\d{4})(\d\d)(\d\d)")
_MONTHS = {name: n for n, names in enumerate(
    (("januari", "jan"), ("februari", "feb"), ("maart", "mrt"), ("april", "apr"), ("mei",), ("juni", "jun"),
     ("juli", "jul"), ("augustus", "aug"), ("september", "sep", "sept"), ("oktober", "okt"), ("november", "nov"),
     ("december", "dec")), 1) for name in names}  # fmt: skip
_SERIAL_DAY_0 = datetime.combine(date(1899, 12, 30), time())
SERIAL_MIN, SERIAL_MAX = 40_179, 55_154
"""From when a workbook counts days, and 2010 and 2050 counted so."""
_ORDERS: dict[Datumvorm, tuple[int, int, int]] = {
    "dag-maand-jaar": (2, 1, 0),
    "maand-dag-jaar": (2, 0, 1),
    "jaar-maand-dag": (0, 1, 2),
}
"""Where year, month and day stand."""
_TRUTH = {"ja": True, "waar": True, "true": True, "nee": False, "onwaar": False, "false": False}


def waarde_van(cel: Waarde, bron: Waardebron, column: Column, wijze: Schrijfwijze) -> Any:
    """Returns the JSON value of a field; None for an empty cell. Raises LeesError, in Dutch."""
    if isinstance(cel, Fout):
        raise LeesError(cel.tekst)
    if is_leeg(cel):
        return bron.anders
    if bron.vertaal:
        return _vertaald(cel, bron, column, wijze)
    return _LEZERS[column.kind](cel, bron, column, wijze)


def tekst_van(cel: Waarde) -> str:
    """Returns what a cell shows, with single spaces."""
    if cel is None:
        return ""
    if isinstance(cel, Fout):
        raise LeesError(cel.tekst)
    if isinstance(cel, bool):
        return "ja" if cel else "nee"
    if isinstance(cel, float) and cel.is_integer():
        cel = int(cel)
    return " ".join(str(cel).split())


def _vertaald(cel: Waarde, bron: Waardebron, column: Column, wijze: Schrijfwijze) -> Any:
    """Returns what the profile makes of a cell. What it doesn't name is read as any other cell, but for free text."""
    said = tekst_van(cel)
    for name, value in bron.vertaal.items():
        if name.casefold() == said.casefold():
            return value
    known = ", ".join([*bron.vertaal, *column.words])
    wrong = LeesError(f"{getoond(said)} staat niet in vertaal van het profiel; wel: {known}")
    if column.kind == "tekst":
        raise wrong
    try:
        return _LEZERS[column.kind](cel, bron, column, wijze)
    except LeesError as error:
        raise wrong from error


# Numbers --------------------------------------------------------------------------------------------------------------


def _geheel(cel: Waarde, _bron: Waardebron, _column: Column, wijze: Schrijfwijze) -> int:
    found = _number(cel, wijze)
    if found != int(found):
        raise LeesError(f"{getoond(cel)} is geen geheel getal")
    return int(found)


def _getal(cel: Waarde, bron: Waardebron, _column: Column, wijze: Schrijfwijze) -> int | float:
    percent = isinstance(cel, str) and cel.strip().endswith("%")
    if percent and bron.eenheid is None:
        raise LeesError(f'{getoond(cel)} is een percentage; zet eenheid = "procent" bij dit veld in het profiel')
    found = _number(cel.strip().removesuffix("%").strip() if percent and isinstance(cel, str) else cel, wijze)
    if percent or bron.eenheid == "procent":
        # The percentage as a share, without the noise of dividing binary fractions.
        found = round(found / 100, 12)
    return int(found) if found == int(found) else found


def _number(cel: Waarde, wijze: Schrijfwijze) -> int | float:
    if isinstance(cel, int | float) and not isinstance(cel, bool):
        return _not_too_large(cel, cel)
    if not isinstance(cel, str):
        raise LeesError(f"{getoond(cel)} is geen getal, zoals {_voorbeeld(wijze)}")
    text = cel.strip().translate(dict.fromkeys(map(ord, _SPACES), " "))
    if len(text) > _DIGITS_MAX or not _NUMBER.fullmatch(text):
        raise LeesError(f"{getoond(cel)} is geen getal, zoals {_voorbeeld(wijze)}")
    return _not_too_large(_read_number(text, wijze), cel)


def _voorbeeld(wijze: Schrijfwijze) -> str:
    """Returns a number as the profile writes them."""
    return f"1{wijze.duizendtallen or ''}234" + (f"{wijze.decimalen}5" if wijze.decimalen else "")


def _not_too_large(number: float, cel: Waarde) -> int | float:
    if not -NUMBER_MAX <= number <= NUMBER_MAX:
        raise LeesError(f"{getoond(cel)} is te groot")
    return number


def _read_number(text: str, wijze: Schrijfwijze) -> int | float:
    signs = [sign for sign in text if not sign.isdigit() and sign != "-"]
    if not signs:
        return int(text)
    for sign in dict.fromkeys(signs):
        if sign not in (wijze.duizendtallen, wijze.decimalen):
            raise LeesError(_dubbelzinnig(text, sign))
    whole, _, fraction = text.partition(wijze.decimalen) if wijze.decimalen else (text, "", "")
    groups = whole.lstrip("-").split(wijze.duizendtallen) if wijze.duizendtallen else [whole.lstrip("-")]
    if not all(group.isdigit() for group in groups) or any(len(group) != 3 for group in groups[1:]):
        raise LeesError(f"'{text}' is geen getal zoals het profiel ze schrijft: {_voorbeeld(wijze)}")
    if (len(groups) > 1 and not 1 <= len(groups[0]) <= 3) or (fraction and not fraction.isdigit()):
        raise LeesError(f"'{text}' is geen getal zoals het profiel ze schrijft: {_voorbeeld(wijze)}")
    digits = "".join(groups)
    number = float(f"{digits}.{fraction}") if fraction.strip("0") else int(digits)
    return -number if whole.startswith("-") else number


def _dubbelzinnig(text: str, sign: str) -> str:
    if sign in ".,":
        return (
            f"'{text}' is dubbelzinnig; zet in [schrijfwijze] van het profiel duizendtallen = \"{sign}\" "
            f'of decimalen = "{sign}"'
        )
    return (
        f"'{text}' heeft '{sign}' tussen de cijfers; zet duizendtallen = \"{sign}\" in [schrijfwijze] van het profiel"
    )


# Moments --------------------------------------------------------------------------------------------------------------


def moment_van(cel: Waarde, tijd: str | None, wijze: Schrijfwijze) -> str:
    """Returns a moment as an event holds it: a date, or RFC 3339. Raises LeesError, in Dutch."""
    found, fold = _wall(cel, wijze)
    if tijd is not None and not isinstance(found, datetime):
        found = datetime.combine(found, time.fromisoformat(tijd))
    if not isinstance(found, datetime):
        return found.isoformat()
    return format_moment(found if found.tzinfo is not None else _on_the_clock(found, fold))


def met_tijd(cel: Waarde, tijd: Waarde, wijze: Schrijfwijze) -> str:
    """Returns a moment of which the date and the time stand in two cells. Raises LeesError, in Dutch."""
    day, _ = _wall(cel, wijze)
    if isinstance(day, datetime) and day.time() != time():
        raise LeesError(f"{getoond(cel)} heeft zelf al een tijd, naast die in de tijdkolom")
    return moment_van(f"{day:%Y-%m-%d} {_clock(tijd, wijze)}", None, wijze)


def _clock(cel: Waarde, wijze: Schrijfwijze) -> str:
    """Returns a time as text that can stand behind a date."""
    if isinstance(cel, Fout):
        raise LeesError(cel.tekst)
    if isinstance(cel, float) and wijze.datum == "serieel" and 0 <= cel < 1:
        return (_SERIAL_DAY_0 + timedelta(seconds=round(cel * 86_400))).time().isoformat()
    if isinstance(cel, time):
        return cel.isoformat("seconds")
    text = tekst_van(cel).lower()
    if not _ONLY_TIME.fullmatch(text):
        raise LeesError(f"{getoond(cel)} is geen tijd, zoals 7:30")
    return text


def _moment(cel: Waarde, bron: Waardebron, _column: Column, wijze: Schrijfwijze) -> str:
    return moment_van(cel, bron.tijd, wijze)


def _wall(cel: Waarde, wijze: Schrijfwijze) -> tuple[datetime | date, int | None]:
    """Returns a date, or a moment, which without a zone is one on the Dutch clock; and which of two hours it is."""
    if isinstance(cel, Fout):
        raise LeesError(cel.tekst)
    if isinstance(cel, datetime | date):
        return cel, None
    if isinstance(cel, int | float) and not isinstance(cel, bool):
        return _of_number(cel, wijze), None
    if not isinstance(cel, str):
        raise LeesError(f"{getoond(cel)} is geen datum, zoals 28-11-2026 of 28 november 2026")
    text = " ".join(cel.split())
    if _ISO.fullmatch(text):
        return _of_iso(text), None
    if wijze.datum == "serieel" and _NUMBER.fullmatch(text):
        return _of_number(_number(text, wijze), wijze), None
    clock = _TIME.fullmatch(text.lower())
    day = _of_text((clock[1] if clock else text).strip().lower(), cel, wijze)
    if clock is None:
        return day, None
    try:
        moment = datetime.combine(day, time(int(clock[2]), int(clock[3]), int(clock[4] or 0)))
    except ValueError as error:
        raise LeesError(f"{getoond(cel)} heeft geen tijd die bestaat: van 00:00 tot en met 23:59") from error
    return moment, {None: None, "zomertijd": 0, "wintertijd": 1}[clock[5]]


def _of_iso(text: str) -> datetime | date:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text.replace(" ", "T", 1))
    except ValueError as error:
        raise LeesError(f"'{text}' is geen datum die bestaat") from error


def _of_number(cel: float, wijze: Schrijfwijze) -> datetime | date:
    if wijze.datum == "jaarmaanddag" and (found := _TOGETHER.fullmatch(str(cel))):
        return _day(int(found[1]), int(found[2]), int(found[3]), str(cel))
    if wijze.datum != "serieel":
        raise LeesError(
            f'{getoond(cel)} is een getal; zet in [schrijfwijze] datum = "serieel" als Excel zo de dagen telt'
        )
    if not SERIAL_MIN <= cel < SERIAL_MAX:
        raise LeesError(f"{getoond(cel)} is als datum van Excel buiten 2010 tot en met 2050")
    moment = _SERIAL_DAY_0 + timedelta(seconds=round(cel * 86_400))
    return moment.date() if float(cel).is_integer() else moment


def _of_text(text: str, cel: Waarde, wijze: Schrijfwijze) -> date:
    if named := _WORDS.fullmatch(text):
        month = _MONTHS.get(named[2])
        if month is None:
            raise LeesError(f"{getoond(cel)}: '{named[2]}' is geen maand")
        return _day(jaar_van(named[3]), month, int(named[1]), text)
    if wijze.datum == "jaarmaanddag" and (found := _TOGETHER.fullmatch(text)):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if _ISO.fullmatch(text) and len(text) == 10:
        return _day(int(text[:4]), int(text[5:7]), int(text[8:]), text)
    found = _PARTS.fullmatch(text)
    if found is None:
        raise LeesError(f"{getoond(cel)} is geen datum, zoals 28-11-2026 of 28 november 2026")
    order = _ORDERS.get(wijze.datum) if wijze.datum else None
    if order is None:
        raise LeesError(
            f"{getoond(cel)}: het profiel zegt niet wat dag en wat maand is; zet in [schrijfwijze] bijvoorbeeld "
            'datum = "dag-maand-jaar"'
        )
    parts = found[1], found[3], found[4]
    year, month_, day = (parts[at] for at in order)
    if len(year) not in (2, 4) or max(len(month_), len(day)) > 2:
        raise LeesError(f"{getoond(cel)} is geen datum als {wijze.datum}, zoals het profiel zegt")
    return _day(jaar_van(year), int(month_), int(day), text)


def jaar_van(text: str) -> int:
    """Returns a year of two or four digits. Events lie between 2010 and 2050, so two digits leave no doubt."""
    return int(text) if len(text) == 4 else 2000 + int(text)


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise LeesError(f"'{text}' is geen datum die bestaat") from error


def _on_the_clock(wall: datetime, fold: int | None) -> datetime:
    """Returns the moment at which the Dutch clock shows this. Raises LeesError when it never does, or does twice."""
    first, second = (wall.replace(tzinfo=AMSTERDAM, fold=n) for n in (0, 1))
    same = first.utcoffset() == second.utcoffset()
    if same and fold is not None and bool(first.dst()) == bool(fold):
        raise LeesError(f"op {wall:%d-%m-%Y} is het {'zomertijd' if fold else 'wintertijd'}, anders dan er staat")
    if not same and first.astimezone(UTC) > second.astimezone(UTC):
        raise LeesError(f"{wall:%d-%m-%Y %H:%M} bestaat niet: die nacht ging de klok van 02:00 naar 03:00")
    if not same and fold is None:
        raise LeesError(f"{wall:%d-%m-%Y %H:%M} komt die nacht twee keer; zet er 'zomertijd' of 'wintertijd' achter")
    return second if fold and not same else first


# Words ----------------------------------------------------------------------------------------------------------------


def _waarheid(cel: Waarde, _bron: Waardebron, _column: Column, _wijze: Schrijfwijze) -> bool:
    if isinstance(cel, bool):
        return cel
    found = _TRUTH.get(tekst_van(cel).lower())
    if found is None:
        raise LeesError(f"{getoond(cel)} moet ja of nee zijn; zet anders vertaal bij dit veld in het profiel")
    return found


def _woord(cel: Waarde, _bron: Waardebron, column: Column, _wijze: Schrijfwijze) -> str:
    said = tekst_van(cel)
    found = next((word for word in column.words if word.casefold() == said.casefold()), None)
    if found is None:
        raise LeesError(
            f"{getoond(said)} is geen van {', '.join(column.words)}; zet anders vertaal bij dit veld in het profiel"
        )
    return found


def _woorden(cel: Waarde, bron: Waardebron, column: Column, wijze: Schrijfwijze) -> list[str]:
    return [_woord(one, bron, column, wijze) for one in re.split(r"[ ,;]+", tekst_van(cel)) if one]


def _tekst(cel: Waarde, _bron: Waardebron, _column: Column, _wijze: Schrijfwijze) -> str:
    if isinstance(cel, datetime | date):
        return cel.isoformat()
    return tekst_van(cel)


_LEZERS: dict[Kind, Callable[[Waarde, Waardebron, Column, Schrijfwijze], Any]] = {
    "geheel": _geheel,
    "getal": _getal,
    "waarheid": _waarheid,
    "woord": _woord,
    "woorden": _woorden,
    "moment": _moment,
    "tekst": _tekst,
}
