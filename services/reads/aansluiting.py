"""What others published, beside what our events give for the same date."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from schemas.fields import AMSTERDAM, Json, format_moment
from services.core.grootheden import waarde_van
from services.core.grootheden.declaratie import FigureOf, Waarde
from services.core.grootheden.opvang import DAGEN, DWANGSOM
from services.core.reasons.aansluiting import klopt, onze_namen
from services.core.reasons.verschil import Cel
from services.core.registers import Key, Winner
from services.reads.cijfers import Cijfers
from services.reads.question import Question
from services.reads.reader import Reader
from services.reads.verschil import figures, names_of
from services.store.position import Position

_PENALTIES = {"dwangsomDagen": DAGEN, "dwangsomTotaal": DWANGSOM}
"""What others publish about the days above a maximum → our figure."""


class GepubliceerdCijfer(NamedTuple):
    """A figure that others published, and the register that holds it."""

    key: Key
    winner: Winner

    @property
    def order(self) -> tuple[str, str, str]:
        """Puts the newest peildatum last."""
        return format_moment(self.winner.effective_at), *self.key


def published(reader: Reader, question: Question) -> tuple[list[GepubliceerdCijfer], Position]:
    """Returns every figure of others with a peildatum until V that was known at K, and that this audience may see."""
    steps, at = reader.store.published(*question.point, question.positie)
    hidden = reader.hidden_from(question.audience)
    return [GepubliceerdCijfer(*step) for step in steps if step[0][0] not in hidden], at


def beside(reader: Reader, question: Question, page: Sequence[GepubliceerdCijfer]) -> list[Json]:
    """Puts our own figure at its peildatum beside each, all from the same stored events."""
    moments = sorted({one.winner.effective_at for one in page})
    cijfers = reader.several([question.at_point(moment, question.bekend_op) for moment in moments])
    at = {moment: (one, figures(one)) for moment, one in zip(moments, cijfers, strict=True)}
    names = names_of(cijfers)
    return [_row(one, _our(reader, *at[one.winner.effective_at], one), names) for one in page]


def _our(reader: Reader, cijfers: Cijfers, ours: Mapping[Cel, Waarde], one: GepubliceerdCijfer) -> int | float | None:
    subject, name = one.key[0], one.winner.value["grootheid"]
    if name in _PENALTIES:
        days = reader.breaches(cijfers, [locatie for locatie in cijfers.shown if locatie.id == subject])
        parts = [waarde_van(_PENALTIES[name], FigureOf.OVERSCHRIJDING, days[subject]) if subject in days else None]
    else:
        parts = [ours.get((subject, part)) for part in onze_namen(name, cijfers.cyclus)]
    numbers = [part for part in parts if isinstance(part, int | float) and not isinstance(part, bool)]
    return sum(numbers) if len(numbers) == len(parts) else None


def _row(one: GepubliceerdCijfer, our: int | float | None, names: Mapping[str, str]) -> Json:
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
