"""A dry run: which events would be taken in, and what each would do. It judges as `accept` does, and sends nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from schemas.errors import Fout
from schemas.events import FACT_TYPES, Event, Ingetrokken
from schemas.fields import Json, Moment, Source, Strict, format_moment
from schemas.moments import micros
from schemas.parsing import BATCH_MAX, Invalid, parse_facts
from services.access import Caller, Right
from services.ingest import woorden
from services.ingest.accept import faults_of
from services.ingest.permit import ForbiddenError, free, permit_seeing, too_old
from services.reads.question import Question, QuestionError, question_of_now
from services.reads.reader import Reader
from services.reads.verdwenen import Volledig
from services.reads.vergelijking import Fouten, Opdracht, Rij, vergelijking
from services.store.entries import NO_EVENT, entry

SUBJECTS_MAX = 20_000
_TOO_DEEP = "is te diep genest; een gebeurtenis heeft een paar lagen"


class VolledigIn(Strict):
    """Wat de bron in dit verzoek allemaal noemt: wat daar niet bij staat en nog geldt, is verdwenen."""

    source: Source
    type: Literal[tuple(FACT_TYPES)]  # type: ignore[valid-type]
    onderwerpen: Annotated[list[str], Field(max_length=SUBJECTS_MAX)] = Field(
        description="Elk onderwerp dat de bron noemt"
    )
    momenten: Annotated[list[Moment], Field(max_length=BATCH_MAX)] | None = Field(
        None, description="Over welke momenten, bij tellingen en andere waarden van één moment"
    )


class VergelijkingIn(Strict):
    """Welke gebeurtenissen, en wat er nog meer te zeggen is."""

    gebeurtenissen: Annotated[list[Any], Field(max_length=BATCH_MAX)] = Field(
        description="Elk als een gebeurtenis om in te sturen; id en time mogen ontbreken"
    )
    cijfers: bool = Field(False, description="Ook de cijfers die zouden veranderen, van nu en van daarna")
    zinnen: bool = Field(True, description="Ook in een zin wat elke gebeurtenis zegt; zonder is het antwoord er eerder")
    volledig: VolledigIn | None = Field(None, description="Ook wat de bron niet meer noemt")


def proef(reader: Reader, caller: Caller, asked: VergelijkingIn) -> tuple[Question, Json]:
    """Returns the question that was asked, of now, and what each event would do. Raises QuestionError."""
    question = question_of_now(reader.clock(), caller.audience)
    rijen = _permitted(reader, caller, question, _read(asked.gebeurtenissen, question))
    volledig = None
    if asked.volledig is not None:
        told = asked.volledig
        volledig = Volledig(told.source, told.type, frozenset(told.onderwerpen), told.momenten or ())
    mag = _nothing if caller.may(Right.SEND_OLD) else partial(_too_old, caller, question)
    opdracht = Opdracht(rijen, asked.cijfers, asked.zinnen, volledig, mag)
    return question, vergelijking(reader, question, opdracht)


def _read(items: Sequence[Any], question: Question) -> list[Rij]:
    """Reads each event as `POST /v1/gebeurtenissen` does, with an id and a `time` where it has none."""
    if not items:
        return []
    now = format_moment(question.now)
    try:
        body = orjson.dumps([_whole(item, now) for item in items])
    except orjson.JSONEncodeError as error:
        raise QuestionError([("gebeurtenissen", _TOO_DEEP)]) from error
    read = parse_facts(body)
    fouten = _by_index(faults_of([one if isinstance(one, Invalid) else micros(one.time) for one in read], question.now))
    return [_rij(item, one, fouten.get(index, [])) for index, (item, one) in enumerate(zip(items, read, strict=True))]


def _whole(item: Any, now: str) -> Any:
    """Returns an event with all of its envelope. What is no object stays as it is, and is refused."""
    if not isinstance(item, dict):
        return item
    own = {name: value for name, value in item.items() if value is not None or name not in ("id", "time")}
    return {"specversion": "1.0", "id": NO_EVENT, "time": now} | own


def _rij(item: Any, read: Event | Invalid, fouten: Fouten) -> Rij:
    if not isinstance(item, dict):
        return Rij(None, None, fouten)
    event = None if isinstance(read, Invalid) or fouten else read
    own_id, own_time = (item.get(name) is not None for name in ("id", "time"))
    return Rij(event, item.get("data"), fouten, own_id, own_time)


def _permitted(reader: Reader, caller: Caller, question: Question, rijen: list[Rij]) -> list[Rij]:
    """Refuses the events that the caller may not send, whenever they were logged, and what may not be said."""
    events = {index: rij.event for index, rij in enumerate(rijen) if rij.event is not None}
    if free(caller) and not any(isinstance(one, Ingetrokken) for one in events.values()):
        return rijen
    places, entries = list(events), [entry(one) for one in events.values()]
    known, hidden = reader.store.known, reader.hidden_from(caller.audience)
    wrong = woorden.faults_seen(entries, caller, known, hidden)
    if not free(caller):
        now = micros(question.now)
        try:
            permit_seeing([one._replace(recorded_at=now) for one in entries], caller, question.now, known, hidden)
        except ForbiddenError as error:
            wrong += error.fouten
    for place, fouten in _by_index(wrong).items():
        rijen[places[place]] = rijen[places[place]]._replace(event=None, fouten=fouten)
    return rijen


def _nothing(_event: Event) -> None:
    """Stands in nothing's way."""


def _too_old(caller: Caller, question: Question, event: Event) -> tuple[str, str] | None:
    """Returns (field, what is wrong) of an event whose `time` is too long ago for this caller; None otherwise."""
    wrong = too_old([micros(event.time)], caller, question.now)
    return (wrong[0].veld, wrong[0].melding) if wrong else None


def _by_index(fouten: Iterable[Fout]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for fout in fouten:
        found[fout.index or 0].append((fout.veld, fout.melding))
    return found
