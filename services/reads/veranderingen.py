"""Which figures many events would change together, as the form `/melden` tells it of one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from schemas.events import Event, Ingetrokken
from schemas.fields import Json, format_moment
from services.core.fold import writes
from services.core.grootheden.wet import NALEVING
from services.core.reasons.verklaring import Logregel
from services.core.reasons.vooraf import met, zonder
from services.core.registers import Register, Registers
from services.reads.cijfers import Cijfers
from services.reads.gevolgen import gevolgen, verborgen, wissels
from services.reads.question import Question, QuestionError
from services.reads.reader import Reader
from services.reads.verklaring import EVENTS_MAX

Doelen = Mapping[str, Logregel]
"""Id → a stored event that is to be retracted, of those that the caller may see."""


def veranderingen(
    reader: Reader, question: Question, eerst: Cijfers, sent: Sequence[Event], doelen: Doelen
) -> list[Json]:
    """Returns the figures of now that differ once these events are stored, each once, by subject.

    Events of which the form hides what they change are left out. Raises QuestionError where that can't be told.
    """
    touched = [(event, *_touched(event, doelen)) for event in sent]
    counted = [(event, subject, register) for event, subject, register in touched if not verborgen(register, eerst)]
    straks = eerst.met(_after(reader, question, eerst, [event for event, _, _ in counted], doelen), eerst.gevraagd)
    found: dict[tuple[str, str], Json] = {}

    def tell(onderwerp: str, naam: str, label: str, van: Any, naar: Any) -> None:
        known = straks if straks.naam_van(onderwerp) != onderwerp else eerst
        found.setdefault(
            (onderwerp, naam),
            {
                "onderwerp": onderwerp,
                "onderwerpNaam": known.naam_van(onderwerp),
                "grootheid": naam,
                "label": label,
                "van": _plain(van),
                "naar": _plain(naar),
            },
        )

    for subject, register in dict.fromkeys((subject, register) for _, subject, register in counted):
        for groep in gevolgen(eerst, straks, subject, register):
            for one in groep.cijfers:
                if one.verandert:
                    tell(groep.onderwerp, one.grootheid.naam, one.label, one.eerst, one.straks)
    for wissel in wissels(eerst, straks):
        tell(wissel.code, NALEVING.naam, NALEVING.label, wissel.van, wissel.naar)
    return [found[key] for key in sorted(found, key=lambda key: key[0])]


def _touched(event: Event, doelen: Doelen) -> tuple[str, Register | None]:
    """Returns whom or what an event changes something of, and in which register; of a retraction, its target."""
    if isinstance(event, Ingetrokken):
        doel = doelen.get(event.data.gebeurtenisId)
        return (event.subject, None) if doel is None else (doel.subject, _register(doel.schrijvingen))
    return event.subject, _register(writes(event))


def _register(written: Sequence[Any]) -> Register | None:
    return Register.of_name(written[0].register) if written else None


def _after(reader: Reader, question: Question, eerst: Cijfers, counted: Sequence[Event], doelen: Doelen) -> Registers:
    """The registers with these events too."""
    at = eerst.herkomst
    gone = [one for one in counted if isinstance(one, Ingetrokken)]
    subjects = {doelen[one.data.gebeurtenisId].subject for one in gone if one.data.gebeurtenisId in doelen}
    registers = eerst.registers
    if subjects:
        behind = reader.unhidden(
            question.audience,
            lambda hidden: reader.store.behind(subjects - hidden, "", at.bekend_op, at.positie, EVENTS_MAX + 1, hidden),
            seen=eerst,
        )
        if len(behind) > EVENTS_MAX:
            wrong = f"te veel gebeurtenissen (meer dan {EVENTS_MAX}) over wat wordt ingetrokken; vraag het in delen"
            raise QuestionError([("cijfers", wrong)])
        events = [one.event for one in behind]
        registers = zonder(registers, subjects, events, gone, at.geldig_op, at.bekend_op)
    return met(registers, counted, at.geldig_op, at.bekend_op)


def _plain(value: Any) -> Any:
    return format_moment(value) if isinstance(value, datetime) else value
