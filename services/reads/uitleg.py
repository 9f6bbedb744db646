"""An explanation for people: what became of each write behind some figures, a page at a time.

It reads less than the answer of the API, which is whole: of the events it tells of a page only, it reads what they say.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.core.reasons.formules import Uitgelegd
from services.core.reasons.verklaring import Logregel, Rol
from services.core.reasons.zin import ROLLEN
from services.core.registers import Register
from services.reads.cijfers import Cijfers
from services.reads.question import Question
from services.reads.reader import Reader
from services.reads.uitlegbaar import Explained
from services.reads.verklaring import AFGESCHERMD, afgeschermd, explained, in_force, rows_of, written_behind

EVENTS_MAX = 4_000
"""With more events than this, a page tells those in force only. To judge 4,000 takes some 80 ms."""
_EERST = {one.declared.name for one in (Register.INZET, Register.TOEZICHTCAPACITEIT)}
"""The registers of which a few events decide all hours and fte: they would be lost among the many steps and places."""
_ORDER = {rol: n for n, rol in enumerate(ROLLEN)}


class Regel(NamedTuple):
    """What one event says of one register, and what became of that."""

    id: str | None
    """Its event; None for the places that are told without one, since they are afgeschermd."""
    subject: str
    register: str | None
    """Its stored name; None for a retraction."""
    waarde: Any
    geldt: datetime | None
    time: datetime | None
    rol: Rol
    reden: str | None
    door: str | None
    """The id of the event that replaced or retracted it; of a retraction, of what it retracts."""


class Uitleg(NamedTuple):
    """Some figures, and every write behind them: by role, estimates of the toezicht first, then the newest first."""

    figuren: Sequence[Uitgelegd]
    regels: Sequence[Regel]
    volledig: bool
    """Whether writes are told that are no longer in force."""
    gelezen: Mapping[str, Logregel]
    """The events of all rows, by id, where `volledig`; empty where it is not."""


def uitleg(reader: Reader, question: Question, kind: str, code: str = "") -> tuple[Cijfers, Uitleg]:
    """Explains what stands at an address, and gives the figures that it explains. Raises NotKnownError.

    `kind` and `code` are those of `services.reads.verklaring.verklaring`.
    """
    cijfers, found = explained(reader, question, kind, code)
    told, logged = reader.unhidden(question.audience, lambda hidden: _told(reader, cijfers, found, hidden))
    if found.law_of is not None and not question.audience.sees_shielded:
        own, amv = afgeschermd(cijfers, found.law_of)
        places = {"plaatsen": own, "waarvanAmv": amv}
        told.append(Regel(None, found.law_of, "afgeschermd", places, None, None, "telt", AFGESCHERMD, None))
    told.sort(key=lambda one: one.id or "")
    told.sort(key=lambda one: one.time or cijfers.herkomst.bekend_op, reverse=True)
    told.sort(key=lambda one: (one.register or "").partition(".")[0] not in _EERST)
    told.sort(key=lambda one: _ORDER[one.rol])
    read = {one.id: one for one in logged or ()}
    return cijfers, Uitleg(found.figuren, told, logged is not None, read)


def gebeurtenissen(reader: Reader, cijfers: Cijfers, said: Uitleg, regels: Iterable[Regel]) -> Mapping[str, Logregel]:
    """Returns the events of these rows by id, and of what replaced or retracted them as far as that was read."""
    if said.volledig:
        return said.gelezen
    wanted = {one.id for one in regels if one.id is not None}
    return {one.id: one for one in reader.store.written_by(wanted, cijfers.herkomst.positie)}


def _told(
    reader: Reader, cijfers: Cijfers, found: Explained, hidden: frozenset[str]
) -> tuple[list[Regel], list[Logregel] | None]:
    logged = written_behind(reader, cijfers, found, hidden, EVENTS_MAX)
    if logged is None:
        return [
            Regel(
                winner.event_id,
                *key,
                winner.value,
                winner.effective_at,
                winner.recorded_at,
                *found.telt(key, winner),
                None,
            )
            for key, winner in in_force(cijfers, found, hidden)
        ], None
    return [
        Regel(
            one.gelogd.id,
            one.gelogd.subject,
            one.register,
            one.waarde,
            one.geldt,
            one.gelogd.time,
            one.rol,
            one.reden,
            one.door,
        )
        for one in rows_of(cijfers, found, logged)
    ], logged
