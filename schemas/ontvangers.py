"""The file that says who receives alarms. The docstrings of the models are Dutch, as their descriptions are."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Literal, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AliasChoices,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from schemas.alarmregels import read_duur, van_toezicht
from schemas.data import Ernst, LocatieSoort
from schemas.fields import ElkOnderwerp, GemeenteCode, ProvincieCode, Regel, Strict, Tekst
from schemas.reference import gemeente_van
from schemas.toml_lines import Fault, read_toml

BUNDEL_MAX = timedelta(hours=24)
"""No receiver can ask to wait for longer than this before it hears of an alarm."""
_ERNSTEN: tuple[Ernst, ...] = get_args(Ernst)
_METEEN: Ernst = "kritiek"
"""What is as serious as this is told at once, whatever a receiver asks."""


def _bundel(value: object) -> dict[Ernst, timedelta]:
    """Reads a duration for every ernst but the worst, or a table with one for each ernst."""
    if isinstance(value, str):
        wait = read_duur(value)
        found = {ernst: wait for ernst in _ERNSTEN if ernst != _METEEN}
    elif isinstance(value, dict) and value.keys() <= set(_ERNSTEN):
        found = {ernst: read_duur(value[ernst]) for ernst in _ERNSTEN if ernst in value}
    else:
        raise PydanticCustomError("bundle", "is geen bundel")
    if _METEEN in found:
        raise PydanticCustomError("bundle_critical", "kan niet voor kritiek")
    if any(wait > BUNDEL_MAX for wait in found.values()):
        raise PydanticCustomError("bundle_range", "is te lang", {"most": BUNDEL_MAX // timedelta(hours=1)})
    return found


Bundel = Annotated[
    dict[Ernst, timedelta],
    PlainValidator(_bundel),
    WithJsonSchema({"type": ["string", "object"], "description": "15m, of { waarschuwing = 15m, info = 1h }"}),
]


Item = TypeVar("Item")


def _not_empty(found: list[Item]) -> list[Item]:
    if not found:
        raise PydanticCustomError("filter_empty", "is leeg")
    return found


Alleen = Annotated[list[Item], Field(max_length=1000), AfterValidator(_not_empty)]
"""What a filter lets through. An empty list would silence a receiver, so whoever wants all leaves it out."""


class Filter(Strict):
    """Welke alarmen een ontvanger krijgt: van elk veld dat er staat moet één onderdeel kloppen.

    How each field is held against an alarm stands in services/core/alarms/filter.py, under the same name.
    """

    regels: list[Regel] = Field([], description="Alleen alarmen van deze regels; leeg: van alle")
    ernst: list[Ernst] = Field([], description="Alleen alarmen van deze ernst; leeg: van elke")
    onderwerpen: Alleen[ElkOnderwerp] = Field(
        [], description="Alleen alarmen die precies hierover gaan: NL, PV27, GM0363, LOC-12; ontbreekt het: over alles"
    )
    provincies: Alleen[ProvincieCode] = Field(
        [],
        description="Alleen alarmen over deze provincies en over gemeenten en locaties daarin, dus niet over heel "
        "Nederland; ontbreekt het: overal",
    )
    gemeenten: Alleen[GemeenteCode] = Field(
        [],
        description="Alleen alarmen over deze gemeenten en over locaties daarin; ontbreekt het: over alle",
    )
    locatiesoorten: Alleen[LocatieSoort] = Field(
        [],
        description="Alleen alarmen over locaties van deze soort, dus niet over een gebied; ontbreekt het: over alles",
    )


KINDS: tuple[str, ...] = tuple(Filter.model_fields)
"""The names of what a receiver can ask for."""
NIETS = "niets"
"""What a receiver gets that is not in the file."""


class Ontvanger(Filter):
    """Een systeem dat alarmen ontvangt."""

    naam: Regel
    soort: Literal["alertmanager", "webhook"]
    privaat: bool = Field(False, description="Het adres mag op een eigen netwerk liggen, en zonder https")
    url: Annotated[str, Field(max_length=2000)]
    geheimBestand: Tekst | None = Field(
        None, description="Van een webhook: een bestand met het geheim (whsec_…); bij wisselen beide, elk op een regel"
    )
    tokenBestand: Tekst | None = Field(None, description="Van een Alertmanager: een bestand met een bearer-token")
    bundel: Bundel = Field(
        {},
        description="Van een webhook: zo lang wordt gespaard wat van één ernst is, en dan in één bericht gemeld; "
        "wat kritiek is komt altijd meteen. Ontbreekt hij, dan krijgt elke melding een eigen bericht",
    )
    bevestigingen: bool = Field(False, description="Een webhook hoort ook dat iemand een alarm heeft opgepakt")
    vertrouwelijk: bool = Field(
        False,
        validation_alias=AliasChoices("vertrouwelijk", "zietAfgeschermd"),
        description="Hoort ook alarmen over afgeschermde locaties. Zo heette eerder: zietAfgeschermd",
    )
    toezicht: bool = Field(False, description="Hoort ook alarmen die alleen voor het toezicht op gemeenten zijn")

    @field_validator("url")
    @classmethod
    def _check_url(cls, url: str, info: ValidationInfo) -> str:
        try:
            parts = urlsplit(url)
            usable = bool(parts.hostname) and parts.port != 0 and url.isprintable() and " " not in url
        except ValueError:
            usable = False
        if not usable or parts.scheme not in ("http", "https"):
            raise PydanticCustomError("url", "is geen adres")
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise PydanticCustomError("url_secret", "bevat een naam of wachtwoord")
        if parts.scheme == "http" and not info.data.get("privaat"):
            raise PydanticCustomError("url_plain", "is niet versleuteld")
        return url

    def wacht_op(self, ernst: str) -> timedelta:
        """How long it waits for more before it is told of an alarm of this ernst."""
        return next((wait for other, wait in self.bundel.items() if other == ernst), timedelta(0))

    @property
    def krijgt(self) -> str:
        """A fingerprint of what decides of which alarms it hears. The same filter has the same, however it is written.

        What it leaves out is not in it, so a kind of filter that comes later changes none.
        """
        said: dict[str, object] = {kind: sorted(set(found)) for kind in KINDS if (found := getattr(self, kind))}
        said |= {name: True for name in ("bevestigingen", "vertrouwelijk", "toezicht") if getattr(self, name)}
        return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def adres(self) -> str:
        """The address as it may be shown: without what follows the host, which may be secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


class Ontvangerbestand(Strict):
    """Alle ontvangers."""

    ontvanger: Annotated[list[Ontvanger], Field(max_length=100)] = Field([], description="Niemand, als er geen staat")


def read_ontvangers(text: str, name: str, regels: Mapping[str, str | None]) -> tuple[Ontvanger, ...]:
    """Reads a file of receivers. Raises BestandError, which gives file, line and reason of every error.

    `regels`: the names that alarms can carry, each with what its rule watches.
    """
    return tuple(read_toml(text, name, Ontvangerbestand, lambda found: _check_together(found, regels)).ontvanger)


def _check_together(bestand: Ontvangerbestand, regels: Mapping[str, str | None]) -> Iterator[Fault]:
    names = [ontvanger.naam for ontvanger in bestand.ontvanger]
    for number, one in enumerate(bestand.ontvanger):
        if one.naam in names[:number]:
            yield ("ontvanger", number, "naam"), "komt vaker voor; elke naam mag één keer"
        if one.soort == "webhook" and one.geheimBestand is None:
            yield (
                ("ontvanger", number, "geheimBestand"),
                "ontbreekt; een webhook krijgt ondertekende berichten, verwacht een bestand met een geheim (whsec_…)",
            )
        if one.soort == "alertmanager" and one.bundel:
            yield ("ontvanger", number, "bundel"), "hoort bij een webhook; een Alertmanager bundelt zelf (group_by)"
        for unknown in sorted(set(one.regels) - regels.keys()):
            known = ", ".join(sorted(regels))
            yield ("ontvanger", number, "regels"), f"noemt {unknown!r}, en zo'n regel is er niet; wel: {known}"
        for regel in sorted(set(one.regels) & regels.keys()):
            if van_toezicht(regels[regel]) and not one.toezicht:
                why = f"noemt {regel!r}, en die alarmen zijn alleen voor toezicht; zet er toezicht = true bij"
                yield ("ontvanger", number, "regels"), why
        for field, why in _never(one):
            yield ("ontvanger", number, field), why


def _never(one: Filter) -> Iterator[tuple[str, str]]:
    """Yields (field, why) for what a filter names and its other fields never let through."""
    for code in one.gemeenten:
        if one.provincies and (provincie := gemeente_van(code).provincie) not in one.provincies:
            yield "gemeenten", f"noemt {code}, en dat ligt in {provincie}: die staat niet bij provincies"
    for onderwerp in one.onderwerpen:
        area = next((kind for kind in ("provincies", "gemeenten") if getattr(one, kind)), None)
        if area is not None and onderwerp.startswith(("NL", "20")):
            yield "onderwerpen", f"noemt {onderwerp}, en dat laat {area} nooit door; zet dat bij een andere ontvanger"
        elif one.locatiesoorten and not onderwerp.startswith("LOC-"):
            yield "onderwerpen", f"noemt {onderwerp}, en locatiesoorten laat alleen locaties door (LOC-12)"
