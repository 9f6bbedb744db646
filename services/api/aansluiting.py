"""What others published beside what our events give for that date, with the difference."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from schemas.fields import AMSTERDAM, format_moment
from services.access import Caller, caller_of
from services.api.answering import answer
from services.api.params import AansluitingVraag, Momenten, read_cursor, write_cursor, wrong_cursor
from services.api.verschil import figures, names_of
from services.core.reasons.aansluiting import Getal, klopt, onze_namen
from services.core.reasons.verschil import Cel, Waarde
from services.core.registers import Key, Winner
from services.reads import answers
from services.reads import derived_models as models
from services.reads.cijfers import Cijfers
from services.reads.reader import Reader

Json = dict[str, Any]
_PENALTIES = {"dwangsomDagen": "dagen", "dwangsomTotaal": "dwangsom"}
"""What is published of the breach days of a locatie → what it is called in ours."""


class Gepubliceerd(NamedTuple):
    """A figure of others, and where it stands."""

    key: Key
    winner: Winner

    @property
    def order(self) -> tuple[str, str, str]:
        """Newest first when reversed."""
        return format_moment(self.winner.effective_at), *self.key


def add_aansluiting(router: APIRouter, reader: Reader) -> None:
    """The reconciliation."""

    @router.get("/aansluiting", response_model=models.Aansluiting, tags=["verklaringen"])
    def aansluiting(request: Request, vraag: Annotated[AansluitingVraag, Query()]) -> Response:
        """Wat anderen publiceerden naast wat onze gebeurtenissen voor die datum geven, de nieuwste peildatum eerst."""
        momenten = Momenten.of(request, vraag, reader.clock())
        caller = caller_of(request)
        steps, at = reader.store.published(momenten.geldig_op, momenten.bekend_op, vraag.positie)
        hidden = reader.hidden_from(caller)
        found = [Gepubliceerd(*step) for step in steps if step[0][0] not in hidden]
        page, volgende = _page([one for one in found if _wanted(one, vraag)], vraag)
        head = answers.head(at.herkomst(momenten.geldig_op, momenten.bekend_op))
        items = beside(reader, caller, page, momenten.bekend_op, str(at))
        return answer(request, momenten, head | {"items": items, "volgende": volgende})


def _wanted(one: Gepubliceerd, vraag: AansluitingVraag) -> bool:
    return vraag.onderwerp in (None, one.key[0]) and vraag.grootheid in (None, one.winner.value["grootheid"])


def _page(found: Sequence[Gepubliceerd], vraag: AansluitingVraag) -> tuple[list[Gepubliceerd], str | None]:
    ordered = sorted(found, key=lambda one: one.order, reverse=True)
    if vraag.na is not None:
        last = read_cursor(vraag.na)
        if len(last) != len(ordered[0].order if ordered else last) or not all(isinstance(part, str) for part in last):
            raise wrong_cursor()
        ordered = [one for one in ordered if list(one.order) < last]
    page = ordered[: vraag.aantal]
    return page, write_cursor(page[-1].order) if len(ordered) > len(page) else None


def beside(
    reader: Reader, caller: Caller, page: Sequence[Gepubliceerd], known_at: datetime, positie: str
) -> list[Json]:
    """Each with our figure at its peildatum, all of them from the same stored events."""
    moments = sorted({one.winner.effective_at for one in page})
    cijfers = reader.several([(moment, known_at) for moment in moments], caller, positie)
    at = {moment: (one, figures(one)) for moment, one in zip(moments, cijfers, strict=True)}
    names = names_of(cijfers)
    return [_row(one, _our(reader, *at[one.winner.effective_at], one), names) for one in page]


def _our(reader: Reader, cijfers: Cijfers, ours: Mapping[Cel, Waarde], one: Gepubliceerd) -> Getal | None:
    subject, name = one.key[0], one.winner.value["grootheid"]
    if name in _PENALTIES:
        days = reader.breaches(cijfers, [locatie for locatie in cijfers.shown if locatie.id == subject])
        found = getattr(days[subject], _PENALTIES[name]) if subject in days else None
    else:
        parts = [ours.get((subject, part)) for part in onze_namen(name, cijfers.cyclus)]
        numbers = [part for part in parts if isinstance(part, int | float) and not isinstance(part, bool)]
        found = sum(numbers) if len(numbers) == len(parts) else None
    return found


def _row(one: Gepubliceerd, our: Getal | None, names: Mapping[str, str]) -> Json:
    said = one.winner.value
    theirs, precision = said["waarde"], said["nauwkeurigheid"]
    return {
        "onderwerp": one.key[0],
        "onderwerpNaam": names.get(one.key[0]),
        "grootheid": said["grootheid"],
        "peildatum": one.winner.effective_at.astimezone(AMSTERDAM).date().isoformat(),
        "bron": said["bron"],
        "nauwkeurigheid": precision,
        "gepubliceerd": theirs,
        "onze": our,
        "verschil": None if our is None else our - theirs,
        "klopt": None if our is None else klopt(our, theirs, precision),
        "bekendSinds": format_moment(one.winner.recorded_at),
        "gebeurtenis": one.winner.event_id,
    }
