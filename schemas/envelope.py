"""The envelope of every event: CloudEvents 1.0, NL GOV profile 1.1.

`time` is when the source logged the event (knowledge time). The moment in the world stands in `data`.
"""

from typing import Any, Literal

from pydantic import Field

from schemas.fields import EventId, Moment, SchemaUri, Source, Strict


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
    dataschema: SchemaUri | None = None
    data: Any

    @property
    def content(self) -> bytes:
        """`data` as bytes in one fixed form. It is used to tell a repeat of an event from a conflict with it."""
        # `model_dump_json` would make a text of these bytes first, and this runs for every event.
        content: bytes = self.data.__pydantic_serializer__.to_json(self.data, exclude_none=True)
        return content
