"""What an edition says of itself: for which moment it holds, what it was made from, and each of its files."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Self

import orjson
from pydantic import Field, ValidationError

from schemas.told import ToldError
from services.reads.models import Model, Moment

NAAM = "editie.json"
HANDTEKENING = "editie.json.sig"
_EDITIE = r"20\d\d-W\d\d(-r[1-9]\d{0,3})?"
_NAAM_VAN_EDITIE = re.compile(_EDITIE)
_BESTAND = r"[a-z]{1,40}\.[a-z]{2,10}"


class ManifestError(ToldError):
    """A file is not the manifest of an edition. The message says what is wrong with it."""


class Inhoud(NamedTuple):
    """A file of an edition, before it is written."""

    inhoud: bytes
    rijen: int | None = None
    """The number of its rows; None for a file that is no table."""
    kolommen: Sequence[str] | None = None


class Bestand(Model):
    """A file of an edition."""

    naam: str = Field(pattern=f"^{_BESTAND}$")
    """In the folder of the edition itself: a manifest of somebody else can't point elsewhere."""
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)
    rijen: int | None
    kolommen: list[str] | None

    @classmethod
    def of(cls, naam: str, one: Inhoud) -> Self:
        """Describes a file."""
        columns = None if one.kolommen is None else list(one.kolommen)
        return cls(
            naam=naam,
            sha256=hashlib.sha256(one.inhoud).hexdigest(),
            bytes=len(one.inhoud),
            rijen=one.rijen,
            kolommen=columns,
        )


class Vorige(Model):
    """The edition with which another one is compared."""

    editie: str = Field(pattern=f"^{_EDITIE}$")
    geldigOp: Moment
    bekendOp: Moment


class Manifest(Model):
    """What `editie.json` says."""

    editie: str = Field(pattern=f"^{_EDITIE}$")
    week: str
    herziening: int = Field(ge=1)
    """The how manieth edition of this week it is."""
    geldigOp: Moment
    bekendOp: Moment
    positie: str
    """The stored events that were counted. An edition that is made at it again is the same."""
    omvat: Literal["zichtbaar"]
    simulatie: bool
    gemaaktOp: Moment
    versie: str
    betekenis: str
    """The version of what the figures mean."""
    cyclus: str | None
    telregel: str | None
    licentie: str
    """The URI of the licence, or words that say that there is none."""
    uitgever: str | None
    vorige: Vorige | None
    """The edition that `verschil.json` compares with; None for the first one in a folder."""
    nagekomen: list[str]
    """The tables of the edition before it that would be other ones by now, since something came in late."""
    herziet: str | None
    """The edition of the same week in whose place this one comes."""
    gewijzigd: list[str]
    """The tables in which it differs from the one that it revises."""
    bestanden: list[Bestand]

    @property
    def punt(self) -> Vorige:
        """Itself, as the one that a later edition is compared with."""
        return Vorige(editie=self.editie, geldigOp=self.geldigOp, bekendOp=self.bekendOp)

    @property
    def per_bestand(self) -> Mapping[str, Bestand]:
        """Its files by name."""
        return {one.naam: one for one in self.bestanden}

    def text(self) -> bytes:
        """Returns it as a file: indented, so that each statement has a line."""
        return orjson.dumps(self.model_dump(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def parse(text: bytes) -> Manifest:
    """Reads a manifest. Raises ManifestError."""
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "de tekst"
        raise ManifestError(f"is geen manifest van een editie: {where} klopt niet") from error


def order(editie: str) -> tuple[str, int]:
    """Orders editions by week, and those of one week by revision. Raises ValueError for another name."""
    if _NAAM_VAN_EDITIE.fullmatch(editie) is None:
        raise ValueError(editie)
    week, _, revision = editie.partition("-r")
    return week, int(revision or 1)
