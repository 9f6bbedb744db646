"""The envelope of every event: CloudEvents 1.0, NL GOV profile 1.1.

`time` is when the source logged the event (knowledge time). The moment in the world stands in `data`.

A source may send the extension attributes that are listed here. They are judged and not kept: they say how an event
travelled, not what happened. So a repeat may have others. Any other attribute is refused, as a field of `data` is.
"""

from typing import Any, Literal

from pydantic import Field

from schemas.fields import (
    EventId,
    Moment,
    Source,
    Strict,
    Traceparent,
    Tracestate,
    Uri,
    Verdeelsleutel,
    Volgnummer,
)


class Envelope(Strict):
    """De envelop van elke gebeurtenis: CloudEvents 1.0 volgens het NL GOV-profiel."""

    specversion: Literal["1.0"]
    id: EventId
    source: Source
    type: str
    subject: str
    time: Moment = Field(
        description="Wanneer de bron het vastlegde (kennistijd); het moment in de wereld staat in data"
    )
    datacontenttype: Literal["application/json"] | None = None
    dataschema: Uri | None = None
    data: Any

    @property
    def content(self) -> bytes:
        """`data` as bytes in one fixed form. It is used to tell a repeat of an event from a conflict with it."""
        # `model_dump_json` would make a text of these bytes first, and this runs for every event.
        content: bytes = self.data.__pydantic_serializer__.to_json(self.data, exclude_none=True)
        return content


class Reported(Envelope):
    """De envelop van wat een bron meldt, met de uitbreidingen van CloudEvents die zij erbij mag sturen."""

    dataref: Uri | None = None
    partitionkey: Verdeelsleutel | None = None
    sequence: Volgnummer | None = None
    sequencetype: Literal["Integer"] | None = None
    traceparent: Traceparent | None = None
    tracestate: Tracestate | None = None
