"""Where a step of toezicht that is reported stands on the ladder: the step before it, and the term that it usually has.

No field begins with the usual term: it is an assumption, and what a form begins with may be sent without a look at it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from schemas import events as e
from schemas.data import Toezichtstap
from schemas.moments import day_of, start_of_day
from schemas.reference.toezichtladder import toezichtladder
from services.core.registers import Register
from services.dashboard.melden.vraag import Meldvraag
from services.dashboard.page_request import Blad
from services.reads.cijfers import Cijfers


class Vorige(NamedTuple):
    """The step in force when another is taken, also against what merged into the gemeente."""

    stap: Toezichtstap | None
    """None when there was none yet."""


def vorige(blad: Blad[Meldvraag], cijfers: Cijfers, event: e.Event) -> Vorige | None:
    """Returns the step before the one that is reported; None for another event, or where the caller may not see it."""
    if not isinstance(event, e.ToezichtstapGezet) or Register.TOEZICHT in cijfers.unseen:
        return None
    counted = blad.question.counted_at(cijfers.herkomst.positie)
    then = blad.reader.figures(counted.at_point(event.data.gezetOp, blad.question.now))
    code = then.indeling.current(event.subject)
    own = next((row.stap for row in then.naleving if row.gemeente.code == code), None)
    return Vorige(None if own is None else own.stap)


def gewone_termijn(stap: Toezichtstap, gezet_op: datetime) -> tuple[int, datetime] | None:
    """Returns how many days a step usually gives and the last of them, as its beginning; None without a usual term."""
    days = toezichtladder()[stap].termijn_dagen
    return None if days is None else (days, start_of_day(day_of(gezet_op) + timedelta(days=days)))
