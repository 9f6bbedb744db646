"""From the query of a request to a question: what the reads of the API and the pages share."""

import re
from datetime import datetime
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from schemas.fields import MOMENT_IN_JSON_SCHEMA, parse_moment
from services.reads.question import Audience, Question
from services.web.problems import Veldfout, invalid, repeated_parameters

_LOST_PLUS = re.compile(r" (\d{2}:\d{2})$")


def parse_query_moment(value: object) -> datetime:
    """As `parse_moment`, for a query: a `+` that was not written as %2B arrives as a space."""
    return parse_moment(_LOST_PLUS.sub(r"+\1", value) if isinstance(value, str) else value)


def _bool(value: object) -> bool:
    if value not in ("true", "false"):
        raise PydanticCustomError("bool_type", "is geen true of false")
    return value == "true"


Tijdstip = Annotated[datetime, PlainValidator(parse_query_moment), WithJsonSchema(MOMENT_IN_JSON_SCHEMA)]
WaarOfNiet = Annotated[bool, PlainValidator(_bool), WithJsonSchema({"type": "boolean"})]


class Tijd(BaseModel):
    """Over welk moment, en met welke kennis."""

    model_config = ConfigDict(extra="forbid")

    geldigOp: Tijdstip | None = Field(
        default=None, description="Over welk moment in de wereld. Zonder: nu, of bekendOp als dat eerder is"
    )
    bekendOp: Tijdstip | None = Field(
        default=None, description="Met wat toen bekend was; niet later dan nu. Zonder: alles wat nu bekend is"
    )


def question_of(
    request: Request,
    tijd: Tijd,
    now: datetime,
    audience: Audience,
    *,
    positie: str | None = None,
    cyclus: str | None = None,
) -> Question:
    """What a request asks. Raises ProblemError 400 with everything that is wrong with it as a whole."""
    fouten = repeated_parameters(request) + not_known_yet(now, bekendOp=tijd.bekendOp)
    if fouten:
        raise invalid(fouten)
    return Question(*filled_in(tijd.geldigOp, tijd.bekendOp, now), now, audience, positie, cyclus)


def filled_in(geldig_op: datetime | None, bekend_op: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """(V, K). Without K it is now; without V it is K or now, whichever is first."""
    known = bekend_op or now
    return geldig_op or min(now, known), known


def not_known_yet(now: datetime, **bekend_op: datetime | None) -> list[Veldfout]:
    """The moments of knowledge that are still to come, each as what is wrong with its parameter."""
    return [
        Veldfout(veld=name, melding="ligt in de toekomst; wat dan bekend zal zijn weet nog niemand")
        for name, moment in bekend_op.items()
        if moment is not None and moment > now
    ]
