"""The last fortnight of some locaties: how full each was at the end of each day, and since when it is overfull.

Ask it for the rows that are shown, and not for all: what it costs follows from how many are asked. After the first
time only those with news are read again.
"""

from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta

from services.core.history.loop import Loop, lopen
from services.core.history.reeks import laatste_dagen
from services.core.locaties import Locatie, writes_of
from services.reads.cijfers import Cijfers
from services.reads.memory import revision
from services.reads.question import Question
from services.reads.reader import Reader

DAGEN = 14
"""How many days that are over are looked at."""
_INSTANT = timedelta(microseconds=1)


def lopen_van(reader: Reader, question: Question, cijfers: Cijfers, asked: Sequence[Locatie]) -> dict[str, Loop]:
    """Returns the id of each of these locaties → its last fortnight, from the events of these figures.

    `Loop.dagen` has the bezettingsgraad at the end of each of the last DAGEN Dutch days that are over at V, oldest
    first; None where it can't be said. The present belongs to the row itself, and is not in it.
    """
    borders = laatste_dagen(cijfers.herkomst.geldig_op, DAGEN)
    sources = {one.id: _source(cijfers, one, borders[-1]) for one in asked}
    held = {own_id: reader.memory.find(("loop", own_id), question, source) for own_id, source in sources.items()}
    found: dict[str, Loop] = {own_id: loop for own_id, loop in held.items() if loop is not None}
    missing = [own_id for own_id in sources if own_id not in found]
    if missing:
        for own_id, loop in zip(missing, _read(reader, cijfers, missing, borders), strict=True):
            found[own_id] = loop
            reader.memory.keep(("loop", own_id), question, sources[own_id], loop)
    return found


def _read(reader: Reader, cijfers: Cijfers, ids: Sequence[str], borders: Sequence[datetime]) -> list[Loop]:
    at, recent = cijfers.herkomst, reader.grenzen.recent
    verloop = reader.store.verloop_van(
        ids, borders[0] - recent, at.geldig_op + _INSTANT, at.bekend_op, at.positie if cijfers.nu is None else None
    )
    return lopen(verloop, ids, borders, reader.grenzen)


def _source(cijfers: Cijfers, one: Locatie, midnight: datetime) -> Hashable:
    """Returns what the fortnight of a locatie follows from; None at another (V, K) than now."""
    revised = revision(cijfers)
    vol = cijfers.grenzen.is_recent(one.peilmoment, cijfers.herkomst.geldig_op) and one.boven_capaciteit
    return None if revised is None else (midnight, revised, vol, writes_of(cijfers.registers, one.id))
