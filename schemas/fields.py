"""The building blocks of every event: bounded texts, numbers, codes and moments.

Strict by design: what is not described here can't enter, so that personal data can't slip in (AVG art. 5, 1c).
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from schemas.reference import gemeente_codes, provincie_codes

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EARLIEST = datetime(2010, 1, 1, tzinfo=AMSTERDAM).astimezone(UTC)
"""The first moment that an event may name: before it no figure of Opvangpeil has a meaning."""
END_OF_TIME = datetime(2051, 1, 1, tzinfo=AMSTERDAM).astimezone(UTC)
"""The first moment that an event may no longer name."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})")


class Strict(BaseModel):
    """A model that refuses unknown fields and wrong types, and never changes once made."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def parse_moment(value: object) -> datetime:
    """Read an RFC 3339 moment, or a date (00:00 in Europe/Amsterdam), as UTC.

    Raises PydanticCustomError `moment` when it is neither, `moment_range` outside 2010–2050.
    """
    if not isinstance(value, str):
        raise PydanticCustomError("moment", "is geen moment")
    try:
        if _MOMENT.fullmatch(value):
            moment = datetime.fromisoformat(value.upper()).astimezone(UTC)
        elif _DATE.fullmatch(value):
            moment = datetime.fromisoformat(value).replace(tzinfo=AMSTERDAM).astimezone(UTC)
        else:
            raise PydanticCustomError("moment", "is geen moment")
    except (ValueError, OverflowError) as error:  # PydanticCustomError is a ValueError too: the same answer
        raise PydanticCustomError("moment", "is geen moment") from error
    if not EARLIEST <= moment < END_OF_TIME:
        raise PydanticCustomError("moment_range", "ligt buiten 2010 tot en met 2050")
    return moment


def format_moment(moment: datetime) -> str:
    """Write a moment in UTC with `Z`; microseconds only when there are any."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _one_of(codes: frozenset[str], kind: str) -> AfterValidator:
    def check(code: str) -> str:
        if code not in codes:
            raise PydanticCustomError("unknown_code", "is geen bekende {kind}", {"kind": kind})
        return code

    return AfterValidator(check)


def _plain_text(text: str) -> str:
    if not text.isprintable():
        raise PydanticCustomError("control_characters", "bevat onzichtbare of besturingstekens")
    return text


def _schema(**schema: Any) -> WithJsonSchema:
    return WithJsonSchema(schema)


Moment = Annotated[
    datetime,
    PlainValidator(parse_moment),
    PlainSerializer(format_moment, return_type=str, when_used="json"),
    _schema(
        anyOf=[{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}],
        description="RFC 3339, 2010 tot en met 2050; een datum zonder tijd is 00:00 in Europe/Amsterdam",
    ),
]

EventId = Annotated[
    str,
    Field(pattern=r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"),
    AfterValidator(str.lower),
]
"""A UUID. Lower case, since the order of writes compares it as lower-case text (design §2)."""

Source = Annotated[str, Field(pattern=r"^urn:nld:oin:[0-9]{20}:systeem:[A-Za-z0-9._-]{1,60}$")]
LocatieId = Annotated[str, Field(pattern=r"^LOC-[A-Z0-9-]{1,40}$")]
GemeenteCode = Annotated[str, Field(pattern=r"^GM[0-9]{4}$"), _one_of(gemeente_codes(), "gemeente")]
ProvincieCode = Annotated[str, Field(pattern=r"^PV[0-9]{2}$"), _one_of(provincie_codes(), "provincie")]
CyclusId = Annotated[str, Field(pattern=r"^20[0-9]{2}$")]


def _known_subject(code: str) -> str:
    if (code.startswith("GM") and code not in gemeente_codes()) or (
        code.startswith("PV") and code not in provincie_codes()
    ):
        raise PydanticCustomError("unknown_code", "is geen bekende {kind}", {"kind": "gemeente of provincie"})
    return code


def _subject(pattern: str) -> Any:
    return Annotated[str, Field(pattern=pattern), AfterValidator(_known_subject)]


GemeenteOfProvincie = _subject(r"^(GM[0-9]{4}|PV[0-9]{2})$")
CijferOnderwerp = _subject(r"^(NL|GM[0-9]{4}|PV[0-9]{2}|LOC-[A-Z0-9-]{1,40})$")
ElkOnderwerp = _subject(r"^(NL|20[0-9]{2}|GM[0-9]{4}|PV[0-9]{2}|LOC-[A-Z0-9-]{1,40})$")

Naam = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_plain_text)]
Tekst = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_plain_text)]
Bron = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_plain_text)]
Grootheid = Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9-]{0,79}$")]
Aantal = Annotated[int, Field(ge=0, le=100_000)]
"""People or places at one locatie or in one task. The largest known figure is 101,500, a national one."""
LandelijkAantal = Annotated[int, Field(ge=0, le=1_000_000)]
Euro = Annotated[int, Field(ge=0, le=1_000_000_000)]
