"""What the overview shows where no reading is current: what was last known, by whom, and where there is more to see."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from schemas.fields import Json
from schemas.moments import day_of, start_of_day
from services.core.grootheden import KLASSENAMEN
from services.core.grootheden.opvang import AANWEZIG, BEZETTINGSGRAAD
from services.core.history.reeks import perioden
from services.core.locaties import Locatie
from services.core.reasons.kamerbrief import AANMELDCENTRUM
from services.core.registers import LANDELIJK, Register
from services.dashboard.grafiek.grafiek import grafiek
from services.dashboard.grafiek.lijnen import uitgedund, van_metingen, van_toen
from services.dashboard.grafiek.vorm import Grafiek, Lijn
from services.dashboard.page_request import Blad
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.memory import revision
from services.store.model import LogEntry

PUBLIC_SAMPLE = ":systeem:publieke-bronnen"
"""The end of the source of the events in the public sample."""
_SHOWN = (*KLASSENAMEN.values(), BEZETTINGSGRAAD.naam)
"""What others publish about the country and we have a word for."""


class Bericht(NamedTuple):
    """What others said of one day in one source."""

    peildatum: str
    bron: str
    cijfers: Sequence[Json]


class Regime(NamedTuple):
    """Who may enter an aanmeldcentrum, and who said so."""

    locatie: Locatie
    sinds: datetime
    bron: str | None


class Verloop(NamedTuple):
    """The readings of the locatie that was measured last."""

    locatie: Locatie
    bron: str | None
    grafiek: Grafiek
    hoogste: int
    op: datetime
    """When there were most."""
    daarna: datetime
    """The first midnight after that: a moment at which there is something to see."""


class Laatst(NamedTuple):
    """What was last known."""

    verloop: Verloop | None
    """None when nothing was ever measured."""
    gepubliceerd: Sequence[Bericht]
    toegang: Sequence[Regime]
    voorbeeld: bool
    """Whether this is the public sample, so that a visitor may want to see a whole network."""


def laatst_bekend(blad: Blad[Any], cijfers: Cijfers) -> Laatst | None:
    """Returns what was last known; None when some locatie reported recently."""
    if cijfers.landelijk.delen.gemeld:
        return None
    measured = [one for one in cijfers.locaties if one.registered and one.peilmoment is not None]
    last = max(measured, key=lambda one: (one.peilmoment, one.id), default=None)
    said = None if last is None else _event(blad, cijfers, Register.AANWEZIG, last.id)
    return Laatst(
        verloop=None if last is None else _verloop(blad, cijfers, last, said),
        gepubliceerd=gepubliceerd(answers.published(cijfers, LANDELIJK)["gepubliceerd"]),
        toegang=[
            Regime(one, winner.effective_at, _bron(_event(blad, cijfers, Register.TOEGANG, one.id)))
            for one in cijfers.locaties
            if one.counts and one.soort == AANMELDCENTRUM
            if (winner := Register.TOEGANG.get(cijfers.registers, one.id)) is not None
        ],
        voorbeeld=said is not None and said.source.endswith(PUBLIC_SAMPLE),
    )


def gepubliceerd(rows: Sequence[Json]) -> list[Bericht]:
    """Returns the newest that others published of the classes of naleving, and of how full it is. Newest first."""
    known = [row for row in rows if row["grootheid"] in _SHOWN]
    known.sort(key=itemgetter("peildatum", "bron"), reverse=True)
    found: dict[bool, Bericht] = {}
    for (peildatum, bron), same in groupby(known, key=itemgetter("peildatum", "bron")):
        by_kind: dict[bool, list[Json]] = {}
        for row in same:
            by_kind.setdefault(row["grootheid"] == BEZETTINGSGRAAD.naam, []).append(row)
        for kind, some in by_kind.items():
            found.setdefault(kind, Bericht(peildatum, bron, sorted(some, key=_place)))
    return [found[kind] for kind in (True, False) if kind in found]


def _place(row: Mapping[str, Any]) -> int:
    return _SHOWN.index(row["grootheid"])


def _verloop(blad: Blad[Any], cijfers: Cijfers, last: Locatie, said: LogEntry | None) -> Verloop:
    question, readings = blad.question, _readings(blad, cijfers, last.id)
    op, hoogste = max(readings, key=lambda reading: (reading[1], reading[0]))
    now, first = question.geldig_op, readings[0][0]
    points = van_metingen(readings, blad.reader.grenzen.recent, now)
    line = Lijn(AANWEZIG.label, "aanwezig", uitgedund(points, perioden(first, now, "week")))
    drawn = grafiek(
        "laatst-verloop",
        f"Elke meting van {last.naam}",
        [line],
        van=first - timedelta(days=1),
        tot=now,
        nu=now,
        eenheid="personen",
    )
    midnight = start_of_day(day_of(op) + timedelta(days=1))
    shown = drawn if blad.nu else van_toen(drawn, now)
    return Verloop(last, _bron(said), shown, hoogste, op, min(midnight, now))


def _readings(blad: Blad[Any], cijfers: Cijfers, locatie: str) -> list[tuple[datetime, int]]:
    """Returns every reading of a locatie. Those of now are kept until one is added or revised."""
    question, winner, revised = blad.question, Register.AANWEZIG.get(cijfers.registers, locatie), revision(cijfers)
    source = None if winner is None or revised is None else (winner.event_id, revised)
    return blad.reader.memory.given(
        ("readings", locatie),
        question,
        source,
        lambda: blad.reader.store.readings([locatie], *question.point, question.positie)[locatie],
    )


def _event(blad: Blad[Any], cijfers: Cijfers, register: Register, subject: str) -> LogEntry | None:
    """Returns the event behind what is in force. That of now is kept, for an event never changes."""
    question, winner = blad.question, register.get(cijfers.registers, subject)
    if winner is None:
        return None
    hidden = None if cijfers.nu is None else blad.reader.hidden_in(cijfers, question.audience)
    return blad.reader.memory.given(
        ("event", register, subject),
        question,
        None if hidden is None else (winner.event_id, hidden),
        lambda: blad.reader.event(question, winner.event_id)[0],
    )


def _bron(said: LogEntry | None) -> str | None:
    return None if said is None else said.data.get("bron")
