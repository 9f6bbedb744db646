"""The building blocks of every event: bounded texts, numbers, codes and moments.

They are strict: what is not described here can't enter, so that personal data can't slip in (AVG, article 5, 1c).
Descriptions are in Dutch, since the JSON Schema and the errors that a sender reads hold them.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetPydanticSchema,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError, core_schema

from schemas import moments
from schemas.reference import gemeente_codes, provincie_codes

AMSTERDAM = moments.AMSTERDAM
EARLIEST = datetime(2010, 1, 1, tzinfo=AMSTERDAM).astimezone(UTC)
"""The first moment that an event may name. Before it no figure of Opvangpeil has a meaning."""
END_OF_TIME = datetime(2051, 1, 1, tzinfo=AMSTERDAM).astimezone(UTC)
"""The first moment that an event may not name any more."""
FTE_MAX = 10_000
NUMBER_MAX = 10**12
"""The largest published number, positive or negative. Every JSON reader holds whole numbers up to this exactly."""
TEXT_MAX = 300
"""The most characters in a text or reference."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt](?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_MOMENT_UTC = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z")
# A pattern knows no time zones, so near both borders, which lie in Amsterdam, it allows only what is surely inside.
_MOMENT_PATTERN = (
    r"^(?!2010-01-01[Tt].*\+|2050-12-3[01][Tt].*(-|\+00:)|2050-12-31[Tt].*[Zz])20([1-4][0-9]|50)"
    r"-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"([Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?$"
)
_TEXT_IN_JSON_SCHEMA = r"^[^\u0000-\u001f\u007f-\u009f]*[^\u0000-\u0020\u007f-\u00a0][^\u0000-\u001f\u007f-\u009f]*$"

Json = dict[str, Any]
"""A JSON object."""

FORMS: dict[str, str] = {}
"""What each pattern of a text field asks for, in Dutch, since a sender should not have to read a regular expression."""


class Strict(BaseModel):
    """A model that refuses unknown fields and wrong types, and never changes after it is made."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def parse_moment(value: object) -> datetime:
    """Parses an RFC 3339 moment, or a date (00:00 in Europe/Amsterdam), and returns it in UTC.

    Raises PydanticCustomError: `moment` when the value is neither, `moment_range` outside 2010–2050.
    """
    if not isinstance(value, str):
        raise PydanticCustomError("moment", "is geen moment")
    return _parse(value)


# Cached, since `time` is often equal to the moment in `data`, and readings of many locaties share a moment.
@lru_cache(maxsize=8192)
def _parse(text: str) -> datetime:
    try:
        if _MOMENT_UTC.fullmatch(text):  # By far the most moments are in UTC, so these take the fewest steps.
            moment = datetime.fromisoformat(text)
        elif _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
        elif _DATE.fullmatch(text):
            moment = datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)
        else:
            raise PydanticCustomError("moment", "is geen moment")
    except OverflowError as error:  # The moment lies on the first or last day that Python knows.
        raise PydanticCustomError("moment_range", "ligt buiten 2010 tot en met 2050") from error
    except ValueError as error:  # A 30th of February. PydanticCustomError is a ValueError too, and stays what it was.
        raise PydanticCustomError("moment", "is geen moment") from error
    if not EARLIEST <= moment < END_OF_TIME:
        raise PydanticCustomError("moment_range", "ligt buiten 2010 tot en met 2050")
    return moment


def format_moment(moment: datetime) -> str:
    """Returns a moment as text in UTC with `Z`, with microseconds only when it has any."""
    return _format(moment.astimezone(UTC))


# In UTC, since the two hours that look alike in October are equal to Python in a zone that has both.
@lru_cache(maxsize=8192)
def _format(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat() + "Z"


def format_known(moment: datetime | None) -> str | None:
    """Returns a moment as `format_moment` does, or None for None."""
    return None if moment is None else format_moment(moment)


def _one_of(codes: frozenset[str], kind: str) -> AfterValidator:
    def check(code: str) -> str:
        if code not in codes:
            raise PydanticCustomError("unknown_code", "is geen bekende {kind}", {"kind": kind})
        return code

    return AfterValidator(check)


def _plain_text(text: str) -> str:
    if not text.isprintable():
        raise PydanticCustomError("control_characters", "bevat onzichtbare of besturingstekens")
    if text.isspace():
        raise PydanticCustomError("blank", "is leeg")
    return text


def _number(value: object) -> int | float:
    """Checks that a value is a finite number. 92.0 and 92 are the same number, so they become the same value."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("number", "is geen getal")
    if not -NUMBER_MAX <= value <= NUMBER_MAX:  # This is also true for NaN.
        raise PydanticCustomError("number_range", "is te groot")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _whole(value: object) -> object:
    """Turns 5.0 into 5, since both are the same integer in JSON Schema. Leaves all else to the model."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _fte(value: object) -> int | float:
    found = _number(value)
    if not 0 <= found <= FTE_MAX:
        raise PydanticCustomError("fte_range", "is te groot of negatief")
    return found


def _number_or_text(value: object) -> int | float | str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    if not isinstance(value, str) or not 1 <= len(value) <= TEXT_MAX:
        raise PydanticCustomError("number_or_text", "is geen getal en geen tekst")
    return _plain_text(value)


def _shape(pattern: str, form: str) -> Any:
    FORMS[pattern] = form
    return Field(pattern=pattern, description=form)


def _text(maximum: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": maximum, "pattern": _TEXT_IN_JSON_SCHEMA}


MOMENT_IN_JSON_SCHEMA = {
    "type": "string",
    "anyOf": [{"format": "date-time"}, {"format": "date"}],
    "pattern": _MOMENT_PATTERN,
    "description": "Moment volgens RFC 3339, 2010 tot en met 2050, met Z of een offset; "
    "hoogstens 9 decimalen, bewaard tot op de microseconde; een datum zonder tijd is 00:00 in Europe/Amsterdam",
}
Moment = Annotated[
    datetime,
    # Not a PlainValidator: that would write the moment as text in Python, at three times the cost.
    GetPydanticSchema(
        lambda _source, _handler: core_schema.no_info_plain_validator_function(
            parse_moment, serialization=core_schema.simple_ser_schema("datetime")
        )
    ),
    WithJsonSchema(MOMENT_IN_JSON_SCHEMA),
]

_UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
EventId = Annotated[
    str,
    StringConstraints(to_lower=True),
    _shape(_UUID, "een UUID, zoals 0190163d-8694-739b-aea5-966c26f8ad91; hoofdletters tellen niet"),
]
"""A UUID, in lower case, since the order of register writes compares ids as lower-case text."""

Source = Annotated[
    str,
    _shape(
        r"^urn:nld:oin:[0-9]{20}:systeem:[A-Za-z0-9._-]{1,60}$",
        "urn:nld:oin:<OIN van 20 cijfers>:systeem:<naam van hoogstens 60 letters, cijfers, punten of streepjes>",
    ),
]
LocatieId = Annotated[str, _shape(r"^LOC-[A-Z0-9-]{1,40}$", "LOC- en 1 tot 40 hoofdletters, cijfers of streepjes")]
GemeenteCode = Annotated[
    str,
    _shape(r"^GM[0-9]{4}$", "een gemeentecode van CBS: GM en vier cijfers, zoals GM0363"),
    _one_of(gemeente_codes(), "gemeente"),
]
ProvincieCode = Annotated[
    str,
    _shape(r"^PV[0-9]{2}$", "een provinciecode van CBS: PV en twee cijfers, zoals PV27"),
    _one_of(provincie_codes(), "provincie"),
]
CyclusId = Annotated[str, _shape(r"^20[0-9]{2}$", "een jaartal van 2000 tot en met 2099, zoals 2024")]


def _known_subject(code: str) -> str:
    if code.startswith("GM") and code not in gemeente_codes():
        raise PydanticCustomError("unknown_code", "is geen bekende {kind}", {"kind": "gemeente"})
    if code.startswith("PV") and code not in provincie_codes():
        raise PydanticCustomError("unknown_code", "is geen bekende {kind}", {"kind": "provincie"})
    return code


GemeenteOfProvincie = Annotated[
    str,
    _shape(r"^(GM[0-9]{4}|PV[0-9]{2})$", "een gemeente (GM0363) of provincie (PV27)"),
    AfterValidator(_known_subject),
]
NederlandOfProvincie = Annotated[
    str,
    _shape(r"^(NL|PV[0-9]{2})$", "NL of een provincie (PV27)"),
    AfterValidator(_known_subject),
]
CijferOnderwerp = Annotated[
    str,
    _shape(
        r"^(NL|GM[0-9]{4}|PV[0-9]{2}|LOC-[A-Z0-9-]{1,40})$",
        "NL, een provincie (PV27), gemeente (GM0363) of locatie (LOC-12)",
    ),
    AfterValidator(_known_subject),
]
ElkOnderwerp = Annotated[
    str,
    _shape(
        r"^(NL|20[0-9]{2}|GM[0-9]{4}|PV[0-9]{2}|LOC-[A-Z0-9-]{1,40})$",
        "NL, een cyclus (2024), provincie (PV27), gemeente (GM0363) of locatie (LOC-12)",
    ),
    AfterValidator(_known_subject),
]

Naam = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_plain_text), WithJsonSchema(_text(120))]
Tekst = Annotated[
    str, Field(min_length=1, max_length=TEXT_MAX), AfterValidator(_plain_text), WithJsonSchema(_text(TEXT_MAX))
]
Bron = Annotated[
    str,
    Field(min_length=1, max_length=TEXT_MAX),
    AfterValidator(_plain_text),
    WithJsonSchema(_text(TEXT_MAX) | {"description": "Waar dit feit staat: een URL of verwijzing"}),
]
TAKEN_BEFORE = "taken before"
"""The context in which a model also takes what only an earlier version took, for a repeat of it is a repeat."""


def is_verwijzing(text: str) -> bool:
    """Whether a text only points to something, and so can't hold what was said."""
    return _VERWIJZING.fullmatch(text) is not None


def _verwijzing(text: str, info: ValidationInfo) -> str:
    if info.context != TAKEN_BEFORE and not is_verwijzing(text):
        raise PydanticCustomError("reference", "is geen verwijzing")
    return text


_VERWIJZING = re.compile(
    r"(?=.{1,40}$)[A-Za-z./-]*[0-9][A-Za-z0-9./-]*"
    r"|ECLI:[A-Z]{2}:[A-Z0-9]{1,7}:[0-9]{4}:[A-Z0-9.]{1,25}"
    r"|(?=.{1,120}$)https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?(/[A-Za-z0-9._~:,-]{0,40})*"
)
Verwijzing = Annotated[
    str,
    Field(min_length=1, max_length=TEXT_MAX),
    AfterValidator(_plain_text),
    AfterValidator(_verwijzing),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": TEXT_MAX,
            "pattern": f"^({_VERWIJZING.pattern})$",
            "description": "Een zaaknummer, een ECLI of een korte URL zonder ?, #, @ en %",
        }
    ),
]
"""A reference by its form alone. A URL has no query, no fragment, no userinfo, nothing encoded, and no part in which a
sentence fits."""
Uri = Annotated[
    str, Field(max_length=TEXT_MAX), _shape(r"^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$", "een absolute URI, zonder spaties")
]
Traceparent = Annotated[
    str,
    _shape(
        r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
        "een traceparent van W3C, zoals 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ),
]
_TRACE = r"[a-z0-9_*/@-]{1,256}=[!-+.-<>-~-]{1,256}"
Tracestate = Annotated[
    str,
    Field(max_length=512),
    _shape(rf"^{_TRACE}(,{_TRACE}){{0,31}}$", "een tracestate van W3C: naam=waarde, met een komma ertussen"),
]
Volgnummer = Annotated[
    str,
    _shape(r"^[A-Za-z0-9._:-]{1,60}$", "een volgnummer van hoogstens 60 letters, cijfers, punten of streepjes"),
]
Verdeelsleutel = Annotated[
    str,
    _shape(r"^[A-Za-z0-9._:/-]{1,60}$", "een sleutel van hoogstens 60 letters, cijfers, punten, streepjes of schuine"),
]
Grootheidsnaam = Annotated[
    str, _shape(r"^[a-z][A-Za-z0-9-]{0,79}$", "een kleine letter en daarna hoogstens 79 letters, cijfers of streepjes")
]


def _not_reserved(naam: str) -> str:
    if naam == OWN_RULE:
        raise PydanticCustomError("reserved_name", "is de regel van de cyclus zelf")
    return naam


OWN_RULE = "cyclus"
"""The name of the telregel that a cyclus has of itself."""
TelregelNaam = Annotated[
    str,
    _shape(r"^[a-z0-9-]{1,40}$", "hoogstens 40 kleine letters, cijfers of streepjes"),
    Field(json_schema_extra={"not": {"const": OWN_RULE}}),
    AfterValidator(_not_reserved),
]
Toezichthouder = Annotated[
    str,
    _shape(r"^(minister|PV[0-9]{2})$", "minister of een provincie (PV27)"),
    AfterValidator(_known_subject),
]
Zaak = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_plain_text), WithJsonSchema(_text(100))]
"""The reference of a court case or a file, such as an ECLI."""
Regel = Annotated[str, _shape(r"^[a-z][a-z-]{0,59}$", "hoogstens 60 kleine letters of streepjes")]
Vingerafdruk = Annotated[str, _shape(r"^(niets|[0-9a-f]{16})$", "niets, of 16 hexadecimale cijfers")]
Pseudoniem = Annotated[
    str,
    _shape(
        r"^[A-Za-z0-9._-]{1,60}$",
        "een pseudoniem van hoogstens 60 letters, cijfers, punten of streepjes; nooit een naam of mailadres",
    ),
]
"""A pseudonym for a member of staff, who is named outside this system only (AVG)."""

_LABEL = r"^[a-z][a-z0-9_]{0,29}$"
LabelNaam = Annotated[str, _shape(_LABEL, "hoogstens 30 kleine letters, cijfers of liggende streepjes")]
Labels = Annotated[
    dict[LabelNaam, Tekst],
    Field(max_length=10),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": 10,
            "propertyNames": {"pattern": _LABEL},
            "additionalProperties": _text(TEXT_MAX),
        }
    ),
]
"""What a rule adds to its alarms for who receives them. The names are such that Alertmanager accepts them."""

Aantal = Annotated[int, Field(ge=0, le=100_000, description="Een aantal mensen of plaatsen"), BeforeValidator(_whole)]
"""People or places at one locatie or in one task. The largest known figure, 101,500, is a national one."""
LandelijkAantal = Annotated[
    int, Field(ge=0, le=1_000_000, description="Een aantal plaatsen in heel Nederland"), BeforeValidator(_whole)
]
Maanden = Annotated[int, Field(ge=1, le=600, description="Een aantal kalendermaanden"), BeforeValidator(_whole)]
Uren = Annotated[int, Field(ge=0, le=10_000, description="Uren per jaar"), BeforeValidator(_whole)]
UrenPerFte = Annotated[int, Field(ge=1, le=10_000, description="Uren per jaar"), BeforeValidator(_whole)]
Euro = Annotated[int, Field(ge=0, le=1_000_000_000, description="Hele euro's"), BeforeValidator(_whole)]

_NUMBER = {"type": "number", "minimum": -NUMBER_MAX, "maximum": NUMBER_MAX}
Getal = Annotated[int | float, PlainValidator(_number), WithJsonSchema(_NUMBER)]
GetalOfTekst = Annotated[
    int | float | str, PlainValidator(_number_or_text), WithJsonSchema({"anyOf": [_NUMBER, _text(TEXT_MAX)]})
]
Fte = Annotated[
    int | float,
    PlainValidator(_fte),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": FTE_MAX, "description": "Voltijdbanen"}),
]
