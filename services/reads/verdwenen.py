"""What a source told and no longer tells: events that are still in force about what its whole table leaves out."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from schemas.fields import Json, format_moment
from services.core.reasons.zin import zin_van
from services.core.registers import Key, Register, Winner, end_of_write
from services.reads.cijfers import Cijfers
from services.reads.question import Question
from services.reads.reader import Reader


class Volledig(NamedTuple):
    """What a source says to have told all of."""

    source: str
    type: str
    """The type of its events."""
    onderwerpen: Collection[str]
    """Whom or what it tells of."""
    momenten: Collection[datetime]
    """The moments that it tells of, where its events are each about one moment."""


def verdwenen(reader: Reader, question: Question, cijfers: Cijfers, volledig: Volledig) -> list[Json]:
    """Returns the events of this source and type that are in force and about something else, by subject."""
    positie = cijfers.herkomst.positie
    found: dict[str, list[tuple[Key, Winner]]] = {}
    for key, winner in _standing(reader, question, cijfers, volledig):
        if key[0] not in volledig.onderwerpen:
            found.setdefault(winner.event_id, []).append((key, winner))
    told = []
    for regel in reader.store.written_by(found, positie):
        if (regel.source, regel.type) != (volledig.source, volledig.type):
            continue
        (subject, register), winner = min(found[regel.id], key=lambda pair: pair[0])
        told.append(
            {
                "gebeurtenisId": regel.id,
                "type": regel.type,
                "subject": subject,
                "register": register,
                "waarde": winner.value,
                "zin": zin_van(regel, cijfers.naam_van).inhoud,
                "geldigVanaf": format_moment(winner.effective_at),
            }
        )
    return sorted(told, key=lambda one: (one["subject"], one["geldigVanaf"], one["gebeurtenisId"]))


def _standing(reader: Reader, question: Question, cijfers: Cijfers, volledig: Volledig) -> Iterator[tuple[Key, Winner]]:
    """Yields what holds now, and what was so at the moments that the source tells of."""
    now = question.now
    for key, winner in cijfers.registers.items():
        end = end_of_write(key, winner)
        if not Register.of(key).declared.of_moment and (end is None or end > now):
            yield key, winner
    if not volledig.momenten:
        return
    known = reader.unhidden(
        question.audience,
        lambda hidden: [
            (key, winner)
            for key, winner in reader.store.at_moments(volledig.momenten, cijfers.herkomst.positie)
            if key[0] not in hidden and Register.of(key) not in cijfers.unseen
        ],
        seen=cijfers,
    )
    yield from (pair for pair in known if pair[1].recorded_at <= now)
