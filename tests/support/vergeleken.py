"""Random events, and the figures at the four points that a difference compares."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from services.core.fold import fold, writes
from services.core.registers import Register
from services.core.telregel import NIETS_GEVRAAGD, Gevraagd
from services.reads.cijfers import Cijfers
from services.reads.verschil import counted_by
from services.store.model import View
from services.store.position import Herkomst
from tests.support.strategies import event_lists, few_gemeenten, pairs

NOW = datetime(2050, 1, 1, tzinfo=UTC)


def cijfers_of(registers, valid_at, known_at=NOW, gevraagd=NIETS_GEVRAAGD):
    return Cijfers(View(Herkomst(valid_at, known_at, "", False), registers), gevraagd, table=few_gemeenten())


def compared(events, van, naar, regels=(None, None)):
    """Returns the figures at the four points, each (V, K) folded from the events."""
    (v1, k1), (v2, k2) = van, naar
    three = [cijfers_of(fold(events, v, k), v, k) for v, k in ((v1, k1), (v1, k2), (v2, k2))]
    return counted_by(three, *(Gevraagd(None, regel) for regel in regels))


def drawn(data):
    """Returns random events, and the figures at the four points."""
    events = data.draw(event_lists())
    rules = {
        Register.TELREGEL.parts(write.register)[0]
        for event in events
        for write in writes(event)
        if Register.of_name(write.register) is Register.TELREGEL
    }
    regels = [data.draw(st.sampled_from([None, None, "cyclus", *sorted(rules)])) for _ in range(2)]
    return events, compared(events, data.draw(pairs(events)), data.draw(pairs(events)), regels)
