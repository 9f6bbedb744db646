"""A step of toezicht that is reported: as whom, and its place on the ladder by its usual term and the step before it.

No field begins with the usual term: it is an assumption, and what a form begins with may be sent without a look at it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from schemas import events as e
from schemas.data import ToezichtData, Toezichtstap
from schemas.moments import day_of, start_of_day
from schemas.reference.toezichtladder import toezichtladder
from services.access import Caller
from services.core.registers import Register
from services.core.stap import Stap, laatste_stap
from services.dashboard.melden.formulier import Formulier
from services.dashboard.melden.velden import DATA
from services.dashboard.melden.vraag import Meldvraag
from services.dashboard.page_request import Blad
from services.reads.cijfers import Cijfers


class Vorige(NamedTuple):
    """What was in force when a step is taken."""

    stap: Stap | None
    """The step before it, also against what merged into the gemeente; None when there was none yet."""


def vorige(blad: Blad[Meldvraag], cijfers: Cijfers, event: e.Event) -> Vorige | None:
    """Returns what was before the step that is reported; None for another event, or where the caller may not see it."""
    if not isinstance(event, e.ToezichtstapGezet) or Register.TOEZICHT in cijfers.unseen:
        return None
    counted = blad.question.counted_at(cijfers.herkomst.positie)
    then = blad.reader.figures(counted.at_point(event.data.gezetOp, blad.question.now))
    return Vorige(laatste_stap(then.registers, then.indeling.current(event.subject), then.indeling))


def als_wie(formulier: Formulier, caller: Caller) -> dict[str, str]:
    """Returns with which toezichthouder the form of a step begins, where the caller takes steps as one only."""
    own = caller.toezichthouders
    return (
        {f"{DATA}toezichthouder": min(own)} if formulier.register is Register.TOEZICHT and own and len(own) == 1 else {}
    )


def stap_in(data: ToezichtData) -> Stap:
    """Returns the step that a report takes."""
    return Stap(data.stap, data.gezetOp, data.toezichthouder, data.termijn)


def gewone_termijn(stap: Toezichtstap, gezet_op: datetime) -> tuple[int, datetime] | None:
    """Returns how many days a step usually gives and the last of them, as its beginning; None without a usual term."""
    days = toezichtladder()[stap].termijn_dagen
    return None if days is None else (days, start_of_day(day_of(gezet_op) + timedelta(days=days)))
