"""The file that says who receives alarms. The docstrings of the models are Dutch, as their descriptions are."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, PlainValidator, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from schemas.alarmregels import read_duur
from schemas.data import Ernst
from schemas.fields import Regel, Strict, Tekst
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


class Ontvanger(Strict):
    """Een systeem dat alarmen ontvangt."""

    naam: Regel
    soort: Literal["alertmanager", "webhook"]
    privaat: bool = Field(False, description="Het adres mag op een eigen netwerk liggen, en zonder https")
    url: Annotated[str, Field(max_length=2000)]
    geheimBestand: Tekst | None = Field(
        None, description="Van een webhook: een bestand met het geheim (whsec_…); bij wisselen beide, elk op een regel"
    )
    tokenBestand: Tekst | None = Field(None, description="Van een Alertmanager: een bestand met een bearer-token")
    regels: list[Regel] = Field([], description="Alleen alarmen van deze regels; leeg: van alle")
    ernst: list[Ernst] = Field([], description="Alleen alarmen van deze ernst; leeg: van elke")
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
    def adres(self) -> str:
        """The address as it may be shown: without what follows the host, which may be secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


class Ontvangerbestand(Strict):
    """Alle ontvangers."""

    ontvanger: Annotated[list[Ontvanger], Field(max_length=100)] = Field([], description="Niemand, als er geen staat")


def read_ontvangers(text: str, name: str, regels: frozenset[str]) -> tuple[Ontvanger, ...]:
    """Reads a file of receivers. Raises BestandError, which gives file, line and reason of every error."""
    return tuple(read_toml(text, name, Ontvangerbestand, lambda found: _check_together(found, regels)).ontvanger)


def _check_together(bestand: Ontvangerbestand, regels: frozenset[str]) -> Iterator[Fault]:
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
        for unknown in sorted(set(one.regels) - regels):
            yield ("ontvanger", number, "regels"), f"noemt {unknown!r}, en zo'n regel is er niet"
