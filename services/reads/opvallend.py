"""What stands out at V: the fullest locaties, the silent ones, and where most people came or left."""

from datetime import datetime

from services.core.ranglijst import Ranglijst, Verschuiving, ranglijst, verschuivingen
from services.reads.cijfers import Cijfers
from services.reads.memory import revision
from services.reads.question import Question
from services.reads.reader import Reader


def rangen(cijfers: Cijfers, most: int | None = None) -> Ranglijst:
    """Ranks the locaties that the audience of these figures may meet."""
    return ranglijst(cijfers.standen, cijfers.ids, cijfers.herkomst.geldig_op, cijfers.grenzen, most)


def verschoven(reader: Reader, question: Question, cijfers: Cijfers, sinds: datetime) -> list[Verschuiving]:
    """Returns where most people came or left since a moment, by what is known now of both.

    For now, what was so at that moment is read once, until something that is over is revised.
    """
    at = cijfers.herkomst

    def then() -> dict[str, int]:
        positie = at.positie if cijfers.nu is None else None
        return reader.store.aanwezig_op(sinds - cijfers.grenzen.vers, sinds, at.bekend_op, positie)

    source = None if cijfers.nu is None else (sinds, revision(cijfers))
    toen = reader.memory.given("aanwezig toen", question, source, then) if source else then()
    return verschuivingen(cijfers.standen, cijfers.ids, at.geldig_op, toen, cijfers.grenzen)
