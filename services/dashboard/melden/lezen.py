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
        return _meer(veld, teksten)
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
    value, wrong = _keuze(veld, text)
    return Gelezen(text, wrong) if wrong else Gelezen(value == WAAR)


def _keuze(veld: Veld, text: str) -> Gelezen:
    """Reads one choice, by its value or by what people call it."""
    known = {one.casefold(): value for value, naam in veld.keuzes for one in (naam, value)}
    value = known.get(text.casefold())
    return (
        Gelezen(text, f"{GEEN_KEUZE}: {', '.join(value for value, _ in veld.keuzes)}")
        if value is None
        else Gelezen(value)
    )


def _meer(veld: Veld, teksten: Mapping[str, str]) -> Gelezen:
    """Reads several choices: each by its own name, or all under that of the field, with commas between."""
    listed = [_keuze(veld, one.strip()) for one in teksten.get(veld.naam, "").split(",") if one.strip()]
    if wrong := next((one for one in listed if one.fout), None):
        return wrong
    said = {one.waarde for one in listed}
    return Gelezen([one for one, _ in veld.keuzes if one in said or teksten.get(optie_van(veld.naam, one))] or None)


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
    """Returns a day and a time as one text, as an ISO moment on the Dutch clock where they can be read.

    The time may also stand behind the day.
    """
    if not clock:
        day, _, clock = day.partition(" ")
        clock = clock.strip()
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


def als_tekst(veld: Veld, teksten: Mapping[str, str]) -> str:
    """Writes the texts that a form sends for a field as one, which reads the same under the name of the field."""
    if veld.invoer is Invoer.MEER:
        value, wrong = lees(veld, teksten)
        return teksten[veld.naam] if wrong else ", ".join(value or ())
    if veld.invoer is Invoer.GEBEURTENIS:
        return teksten.get(ander_van(veld.naam), "") or teksten.get(veld.naam, "")
    return " ".join(filter(None, (teksten.get(name, "") for name in veld.namen)))


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
