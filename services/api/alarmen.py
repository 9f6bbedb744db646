"""The alarms and the silences, as they stood at K."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.access import caller_of
from services.api.answering import answer
from services.api.pages import alarm_page
from services.api.params import AlarmVraag, Momenten, StilteVraag
from services.core.alarms.bewaakt import telt_dagen
from services.core.alarms.stiltes import by_key
from services.reads import alarm_answers, answers, models
from services.reads.reader import Reader


def add_alarmen(router: APIRouter, reader: Reader) -> None:
    """`GET /v1/alarmen` and `GET /v1/stiltes`."""

    def head(momenten: Momenten, positie: str | None) -> dict[str, Any]:
        at = reader.store.position_of(positie)
        return answers.head(at.herkomst(momenten.geldig_op, momenten.bekend_op))

    @router.get("/alarmen", response_model=models.Alarmen, tags=["alarmen"])
    def alarmen(request: Request, vraag: Annotated[AlarmVraag, Query()]) -> Response:
        """Alarmen zoals zij op bekendOp stonden, het nieuwste eerst."""
        momenten = Momenten.of(request, vraag, reader.clock())
        with reader.alarmboek(momenten) as boek:
            shown = reader.shown(boek.alarmen(), caller_of(request))
            page, volgende = alarm_page(shown, vraag)
            still_open = by_key(shown)
            items = [alarm_answers.alarm_of_boek(boek, one, still_open, momenten.bekend_op) for one in page]
        above = {one.onderwerp for one in page if one.open and telt_dagen(one.grootheid)}
        days = reader.overschrijdingen(above, momenten, vraag.positie)
        for item, one in zip(items, page, strict=True):
            now = days.get(one.onderwerp) if one.open and telt_dagen(one.grootheid) else None
            item["overschrijding"] = None if now is None else answers.days_above(now)
        return answer(request, momenten, head(momenten, vraag.positie) | {"items": items, "volgende": volgende})

    @router.get("/stiltes", response_model=models.Stiltes, tags=["alarmen"])
    def stiltes(request: Request, vraag: Annotated[StilteVraag, Query()]) -> Response:
        """Stiltes zoals zij op bekendOp waren ingesteld, die het laatst eindigt eerst."""
        momenten = Momenten.of(request, vraag, reader.clock())
        found = [alarm_answers.stilte(one, momenten.bekend_op) for one in reader.stiltes(momenten, caller_of(request))]
        items = [one for one in found if vraag.status in (None, one["status"])]
        return answer(request, momenten, head(momenten, vraag.positie) | {"items": items, "volgende": None})
