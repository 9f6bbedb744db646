"""A subject through time, as a page draws it: what holds from each moment on, also beyond now from what is announced.

Only the locaties that can matter are read. Of now it is kept until something of it changes: a reading of today changes
none of it, since the figures of now tell that one.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from schemas.fields import EARLIEST
from schemas.reference import Gemeente, gemeenten
from services.core.bezetting import Bezetting
from services.core.delen import Delen
from services.core.grootheden import sluiting
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import AANWEZIG, INZETBAAR
from services.core.grootheden.wet import MEETELLEND, OPGAVE, SPREIDINGSINDEX
from services.core.history.reeks import at_moment, at_moments, lijn, veranderingen
from services.core.history.sommen import gebied, sommen
from services.core.history.verloop import Metingen, Verloop, zonder
from services.core.registers import Key, Register, SubjectKind
from services.core.standen import Standen
from services.core.voorbehoud import waarom
from services.reads.cijfers import Cijfers
from services.reads.lijnen import of_naleving
from services.reads.memory import revision
from services.reads.question import Question
from services.reads.reader import Reader
from services.store.present import Loaded

_INSTANT = timedelta(microseconds=1)
_GEEN = Metingen([], *(np.array([], dtype=np.int64) for _ in range(3)))
_READ = np.array([2, 3])
"""The rows of `Standen` that a reading changes."""
Loop = Sequence[tuple[datetime, float | None]]
"""Moments, each with the value from there on. None: not known."""


class Tijdvak(NamedTuple):
    """From when until when something is read, and the moments at which people are counted."""

    van: datetime
    tot: datetime
    momenten: Sequence[datetime]
    """Not before `van`, and none later than V."""
    over: bool
    """Whether each of these moments lies in a day that is over or at its end."""


class Gebiedsloop(NamedTuple):
    """An area through time."""

    aanwezig: Loop
    """People at each of the moments of the question."""
    waarom: Mapping[datetime, str]
    """Why they can't be stated, at the moments at which they can't."""
    inzetbaar: Loop
    meetellend: Loop
    opgave: Loop
    verloop: Verloop
    """The writes behind it that the audience may meet, without readings."""


def of_gebied(
    reader: Reader,
    question: Question,
    cijfers: Cijfers,
    code: str,
    lies_in: Callable[[Gemeente], bool],
    tijdvak: Tijdvak,
) -> Gebiedsloop:
    """Returns a gemeente or a provincie through time; `lies_in` is true for its gemeenten."""

    def read() -> Gebiedsloop:
        return reader.unhidden(
            question.audience,
            lambda hidden: _read(reader, question, cijfers, code, lies_in, tijdvak, hidden),
            seen=cijfers,
        )

    name, source = ("door de tijd", code), _source(reader, question, cijfers, tijdvak)
    return read() if source is None else reader.memory.given(name, question, source, read)


def of_land(reader: Reader, question: Question, cijfers: Cijfers, tot: datetime) -> Loop:
    """Returns the spreidingsindex of the country until `tot`. Naleving counts every locatie, and no reading."""

    def read() -> Loop:
        verloop, _ = reader.store.verloop(EARLIEST, tot, question.bekend_op, positie=question.positie, metingen=())
        law = of_naleving(verloop, lambda _: True, question.gevraagd)
        return veranderingen(law.moment, law.lijnen[SPREIDINGSINDEX.naam][0], EARLIEST)

    if cijfers.nu is None:
        return read()
    source = (tot, revision(cijfers), *_of_now(cijfers.nu, readings=False), _announced(cijfers))
    return reader.memory.given("spreiding door de tijd", question, source, read)


def of_locatie(reader: Reader, question: Question, cijfers: Cijfers, own_id: str, tijdvak: Tijdvak) -> Verloop:
    """Returns what the registers of one locatie say, readings too."""

    def read() -> Verloop:
        found, _ = reader.store.verloop(
            tijdvak.van, tijdvak.tot, question.bekend_op, locatie=own_id, positie=question.positie
        )
        return found

    if cijfers.nu is None:
        return read()
    own = tuple(sorted(winner.event_id for winner in cijfers.about(own_id).values()))
    source = (tijdvak.van, tijdvak.tot, own, revision(cijfers), _announced(cijfers))
    return reader.memory.given(("door de tijd", own_id), question, source, read)


def _read(
    reader: Reader,
    question: Question,
    cijfers: Cijfers,
    code: str,
    lies_in: Callable[[Gemeente], bool],
    tijdvak: Tijdvak,
    hidden: frozenset[str],
) -> Gebiedsloop:
    van, tot, momenten, _ = tijdvak
    codes = {part for one in gemeenten() if lies_in(one) for part in cijfers.indeling.parts(one.code)}
    verloop, _ = reader.store.verloop(
        van,
        tot,
        question.bekend_op,
        positie=question.positie,
        alleen=_concerned(reader, cijfers, codes),
    )
    seen = zonder(verloop, hidden)
    sums = sommen(seen, gebied(gemeenten(), seen, lies_in), reader.grenzen)
    people, places = (lijn(sluiting(one.naam, FigureOf.GEBIED), sums) for one in (AANWEZIG, INZETBAAR))
    counted = list(zip(momenten, at_moments(sums.moment, people, momenten), strict=True))
    open_ = [moment for moment, value in counted if value is None]
    delen = {moment: Delen(*map(int, at_moment(sums.moment, sums.delen, moment))) for moment in open_}
    task = of_naleving(verloop, lies_in, question.gevraagd, code if SubjectKind.PROVINCIE.holds(code) else None)
    (counts, _), (asked, _) = task.lijnen[MEETELLEND.naam], task.lijnen[OPGAVE.naam]
    return Gebiedsloop(
        aanwezig=counted,
        waarom={moment: waarom(Bezetting(parts, None, None, reader.grenzen)) for moment, parts in delen.items()},
        inzetbaar=veranderingen(sums.moment, places, van),
        meetellend=veranderingen(task.moment, counts, van),
        opgave=veranderingen(task.moment, asked, van),
        verloop=_without_readings(seen, cijfers, {code, *codes}),
    )


def _concerned(reader: Reader, cijfers: Cijfers, codes: Collection[str]) -> frozenset[str]:
    """Returns the locaties that ever lay in these gemeenten, or in one that gives places to them; and maybe others."""
    named = reader.store.named(codes)
    givers = {part for one in named if SubjectKind.GEMEENTE.holds(one) for part in cijfers.indeling.parts(one)}
    named |= reader.store.named(givers - set(codes)) if givers else frozenset()
    return frozenset(one for one in named if SubjectKind.LOCATIE.holds(one))


def _without_readings(verloop: Verloop, cijfers: Cijfers, codes: Collection[str]) -> Verloop:
    """Keeps what the page may tell: of the area itself and of locaties, as far as the caller may see it."""

    def told(key: Key) -> bool:
        register = Register.of(key)
        about = key[0] in codes or SubjectKind.LOCATIE.holds(key[0])
        return about and register is not Register.AANWEZIG and register not in cijfers.unseen

    return verloop._replace(
        begin={key: winner for key, winner in verloop.begin.items() if told(key)},
        steps=[step for step in verloop.steps if told(step[0])],
        metingen=_GEEN,
    )


def _source(reader: Reader, question: Question, cijfers: Cijfers, tijdvak: Tijdvak) -> Hashable:
    """Returns what an area through time follows from; None at another (V, K)."""
    if cijfers.nu is None:
        return None
    asked = (tijdvak.van, tijdvak.tot, tuple(tijdvak.momenten))
    hidden = reader.hidden_in(cijfers, question.audience)
    return asked, hidden, revision(cijfers), *_of_now(cijfers.nu, readings=not tijdvak.over), _announced(cijfers)


def _of_now(nu: Loaded, *, readings: bool) -> tuple[bytes, frozenset[str]]:
    """Returns what is in force now: of locaties, with readings or without, and of the law."""
    law = frozenset(winner.event_id for winner in nu.heden.wet.values())
    return _digest(nu.heden.standen, readings=readings), law


def _announced(cijfers: Cijfers) -> frozenset[str]:
    """Returns the events of now that are not in force yet and are known by now."""
    known_at = cijfers.herkomst.bekend_op
    ahead = () if cijfers.nu is None else cijfers.nu.ahead
    return frozenset(one.winner.event_id for one in ahead if one.winner.recorded_at <= known_at)


def _digest(stand: Standen, *, readings: bool) -> bytes:
    tabel = stand.tabel if readings else np.delete(stand.tabel, _READ, axis=0)
    return blake2b(np.ascontiguousarray(tabel).tobytes(), digest_size=16).digest()
