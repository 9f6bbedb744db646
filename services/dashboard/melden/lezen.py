"""Reads what a person typed in a field, and writes a value back: for a field, or in words."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import cache
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from schemas.fields import AMSTERDAM, format_moment, parse_moment
from schemas.reference import gemeente_codes, gemeenten
from services.core.grootheden import GROOTHEDEN
from services.dashboard.melden.velden import WAAR, Invoer, Veld, ander_van, optie_van, tijd_van
from services.dashboard.page_request import leesbaar_moment
from services.dashboard.tekst import dag, getal, grootheid, janee

_HEEL = re.compile(r"[-−]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,15})")
_GETAL = re.compile(rf"({_HEEL.pattern})(,[0-9]{{1,12}})?")
_DAG = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_JAAR = re.compile(r"20[0-9]{2}")
_DAG_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIJD = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(:[0-9]{2}(\.[0-9]{1,6})?)?")
GEEN_MOMENT = "is geen dag van 2010 tot en met 2050; schrijf bijvoorbeeld 26-05-2026, en de tijd als 10:00"
GEEN_HEEL = "moet een heel getal zijn: 2104 of 2.104"
GEEN_GETAL = "moet een getal zijn, met een komma voor de decimalen: 2,5 of 2.104"
GEEN_KEUZE = "kies een van de mogelijkheden"
GEEN_CYCLUS = "moet een jaartal zijn, zoals 2024"
GENOEMD_MAX = 5


class Gelezen(NamedTuple):
    """What a field holds as JSON; None where nothing was filled in. `fout` says what is wrong with it, if anything."""

    waarde: Any
    fout: str = ""


def lees(veld: Veld, teksten: Mapping[str, str]) -> Gelezen:
    """Reads a field. A text that can't be read stays as it is, so that the model of the event refuses it too."""
    if veld.invoer is Invoer.MEER:
        chosen = [value for value, _ in veld.keuzes if teksten.get(optie_van(veld.naam, value))]
        return Gelezen(chosen or None)
    text = teksten.get(veld.naam, "").strip()
    if veld.invoer is Invoer.GEBEURTENIS:
        text = teksten.get(ander_van(veld.naam), "").strip() or text
    if veld.invoer is Invoer.MOMENT:
        return _moment(text, teksten.get(tijd_van(veld.naam), "").strip())
    return _VAN[veld.invoer](veld, text) if text else Gelezen(None)


def _heel(_: Veld, text: str) -> Gelezen:
    return Gelezen(_number(text)) if _HEEL.fullmatch(text) else Gelezen(text, GEEN_HEEL)


def _getal(_: Veld, text: str) -> Gelezen:
    return Gelezen(_number(text)) if _GETAL.fullmatch(text) else Gelezen(text, GEEN_GETAL)


def _number(text: str) -> int | float:
    plain = text.replace("−", "-").replace(".", "")
    return float(plain.replace(",", ".")) if "," in plain else int(plain)


def _ja_nee(veld: Veld, text: str) -> Gelezen:
    known = text in {value for value, _ in veld.keuzes}
    return Gelezen(text == WAAR) if known else Gelezen(text, GEEN_KEUZE)


def _keuze(veld: Veld, text: str) -> Gelezen:
    return Gelezen(text, "" if text in {value for value, _ in veld.keuzes} else GEEN_KEUZE)


def _gemeente(_: Veld, text: str) -> Gelezen:
    if text.upper() in gemeente_codes():
        return Gelezen(text.upper())
    if code := _by_name().get(text.casefold()):
        return Gelezen(code)
    like = [one.naam for one in gemeenten() if text.casefold() in one.naam.casefold()]
    named = ", ".join(like[:GENOEMD_MAX]) + (", …" if len(like) > GENOEMD_MAX else "")
    hint = f"; bedoelt u {named}?" if like else "; kies een naam uit de lijst"
    return Gelezen(text, f"is geen gemeente{hint}")


def _grootheid(_: Veld, text: str) -> Gelezen:
    return Gelezen(_by_label().get(text.casefold(), text))


_VAN: Mapping[Invoer, Callable[[Veld, str], Gelezen]] = dict.fromkeys(Invoer, lambda _, text: Gelezen(text)) | {
    Invoer.HEEL: _heel,
    Invoer.GETAL: _getal,
    Invoer.JA_NEE: _ja_nee,
    Invoer.KEUZE: _keuze,
    Invoer.GEMEENTE: _gemeente,
    Invoer.GROOTHEID: _grootheid,
    Invoer.CYCLUS: lambda _, text: Gelezen(text, "" if _JAAR.fullmatch(text) else GEEN_CYCLUS),
    Invoer.GEBEURTENIS: lambda _, text: Gelezen(text.lower()),
}


def _moment(day: str, clock: str) -> Gelezen:
    if not day:
        return Gelezen(clock, "mist de dag; schrijf bijvoorbeeld 26-05-2026") if clock else Gelezen(None)
    text = plaatselijk(day, clock)
    try:
        return Gelezen(format_moment(leesbaar_moment(text)))
    except PydanticCustomError:
        return Gelezen(f"{day} {clock}".strip(), GEEN_MOMENT)


def plaatselijk(day: str, clock: str) -> str:
    """Returns a day and a time as one text, as an ISO moment on the Dutch clock where they can be read."""
    if said := _DAG.fullmatch(day):
        day = f"{said[3]}-{int(said[2]):02}-{int(said[1]):02}"
    if not clock or not _DAG_ISO.fullmatch(day):
        return day if not clock else f"{day} {clock}"
    told = _TIJD.fullmatch(clock)
    return f"{day} {clock}" if told is None else f"{day}T{int(told[1]):02}:{told[2]}{told[3] or ':00'}"


def als_teksten(veld: Veld, value: Any) -> dict[str, str]:
    """Writes a value for the field that holds it: the texts by the names that the form sends."""
    match veld.invoer:
        case Invoer.MOMENT:
            return _dag_en_tijd(veld.naam, parse_moment(value))
        case Invoer.MEER:
            return {optie_van(veld.naam, one): WAAR for one in value}
        case Invoer.JA_NEE:
            return {veld.naam: WAAR if value else "nee"}
        case Invoer.GEMEENTE | Invoer.GROOTHEID:
            return {veld.naam: in_woorden(veld, value)}
    return {veld.naam: str(value).replace(".", ",") if isinstance(value, float) else str(value)}


def _dag_en_tijd(naam: str, moment: datetime) -> dict[str, str]:
    local = moment.astimezone(AMSTERDAM).replace(tzinfo=None)
    whole = local.second == local.microsecond == 0
    clock = "" if local.time() == time() else local.time().isoformat("minutes" if whole else "auto")
    return {naam: local.date().isoformat()} | ({tijd_van(naam): clock} if clock else {})


def in_woorden(veld: Veld, value: Any) -> str:
    """Writes a value as people read it."""
    return _WOORDEN[veld.invoer](veld, value)


def _namen(veld: Veld, value: Any) -> str:
    names = dict(veld.keuzes)
    return ", ".join(names.get(one, one) for one in value).lower()


def _gemeentenaam(_: Veld, value: Any) -> str:
    return next((one.naam for one in gemeenten() if one.code == value), str(value))


_WOORDEN: Mapping[Invoer, Callable[[Veld, Any], str]] = dict.fromkeys(Invoer, lambda _, value: str(value)) | {
    Invoer.MOMENT: lambda _, value: dag(value),
    Invoer.HEEL: lambda _, value: getal(value),
    Invoer.GETAL: lambda _, value: getal(value),
    Invoer.JA_NEE: lambda _, value: janee(value),
    Invoer.KEUZE: lambda veld, value: dict(veld.keuzes).get(value, str(value)),
    Invoer.MEER: _namen,
    Invoer.GEMEENTE: _gemeentenaam,
    Invoer.GROOTHEID: lambda _, value: grootheid(value),
}


@cache
def _by_name() -> Mapping[str, str]:
    """Returns the code of a gemeente by its name; of two with one name that which still exists."""
    ended_first = sorted(gemeenten(), key=lambda one: one.geldig_tot is None)
    return {one.naam.casefold(): one.code for one in ended_first}


@cache
def _by_label() -> Mapping[str, str]:
    return {grootheid(one.naam).casefold(): one.naam for one in GROOTHEDEN}
