"""What events would do that may be sent: each held against what is in force, as one audience may see that.

To whoever may not see a locatie or a step of toezicht, all is answered as if nothing were stored about it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import orjson

from schemas.events import Event, Ingetrokken
from schemas.fields import Json, format_moment
from schemas.moments import micros
from services.core.fold import writes
from services.core.reasons.vergelijken import NO_ID, Geschreven, Kandidaat, Mag, Oordeel, Vervangen, vergelijk
from services.core.reasons.verklaring import Logregel
from services.core.reasons.zin import Naam, zin_van
from services.core.registers import Register
from services.core.registerzinnen import Woorden
from services.reads import answers
from services.reads.cijfers import Cijfers
from services.reads.question import Question
from services.reads.reader import Reader
from services.reads.veranderingen import veranderingen
from services.reads.verdwenen import Volledig, verdwenen
from services.store.entries import Said
from services.store.model import IN_USE
from services.store.queries import RETRACTION_TYPE
from services.store.written import Wanted

Fouten = Sequence[tuple[str, str]]
"""What is wrong with an event: (field, what is wrong and what would be right)."""


class Rij(NamedTuple):
    """An event of the request, or what is wrong with it."""

    event: Event | None
    """None for one that is not valid, or that the caller may not send."""
    data: Any
    """Its data as it came."""
    fouten: Fouten = ()
    eigen_id: bool = False
    """Whether it says its id itself."""
    eigen_tijd: bool = False
    """Whether it says itself when it was logged."""


class Opdracht(NamedTuple):
    """What is to be compared."""

    rijen: Sequence[Rij]
    cijfers: bool
    """Whether figures are wanted too."""
    zinnen: bool
    """Whether each event is told in a sentence too."""
    volledig: Volledig | None
    """What the source says to have told all of; None where it says nothing of that."""
    mag: Mag
    """Says what of events, as they would be sent, the caller may not send."""


class _Opgeslagen(NamedTuple):
    """What the store says of the events of a request, as far as the caller may see it."""

    bekend: Mapping[str, Said]
    """Id → what the event with it says."""
    geschreven: Geschreven
    doelen: Mapping[str, Logregel]
    """Id → the event that is to be retracted."""
    ingetrokken: frozenset[tuple[str, str]]


def vergelijking(reader: Reader, question: Question, opdracht: Opdracht) -> Json:
    """Returns what each event would do. Nothing is stored."""
    cijfers = reader.figures(question)
    at = cijfers.herkomst
    seen = reader.unhidden(
        question.audience, lambda hidden: _read(reader, cijfers, opdracht.rijen, hidden), seen=cijfers
    )
    found = _oordelen(opdracht, seen, question.now)
    told = list(_told(opdracht.rijen, found, seen, cijfers.naam_van, zinnen=opdracht.zinnen))
    sent = [one for one in found.values() if one.zendt]
    counts = Counter(one["uitkomst"] for one in told)
    return answers.head(at) | {
        "omvat": cijfers.omvat,
        "rijen": told,
        "aantallen": {
            "nieuw": counts["nieuw"],
            "gelijk": counts["gelijk"],
            "wijktAf": counts["wijkt af"],
            "geweigerd": counts["geweigerd"],
        },
        "cijfers": (
            veranderingen(reader, question, cijfers, [one.event for one in sent], seen.doelen)
            if opdracht.cijfers
            else None
        ),
        "later": sum(_later(one, question.now) for one in sent),
        "verdwenen": [] if opdracht.volledig is None else verdwenen(reader, question, cijfers, opdracht.volledig),
    }


def _later(oordeel: Oordeel, now: datetime) -> bool:
    """Whether an event counts only after now: it takes effect later, or it is known later."""
    return oordeel.event.time > now or any(
        one.effective_at > now and not Register.of_name(one.register).declared.lens for one in oordeel.schrijvingen
    )


def _read(reader: Reader, cijfers: Cijfers, rijen: Sequence[Rij], hidden: frozenset[str]) -> _Opgeslagen:
    """Reads what the store says about a request, without what is hidden."""
    store, positie, unseen = reader.store, cijfers.herkomst.positie, cijfers.unseen
    events = [rij.event for rij in rijen if rij.event is not None]
    known = store.known([rij.event.id for rij in rijen if rij.event is not None and rij.eigen_id])
    targets = {one.data.gebeurtenisId for one in events if isinstance(one, Ingetrokken)}
    targets |= {target for said in known.values() if (target := _retracts(said)) is not None}
    stored = {one.id: one for one in store.written_by(targets, positie)}
    doelen = {own_id: one for own_id, one in stored.items() if not hidden & {one.subject, one.type}}
    gone = store.retractions_of(doelen, cijfers.herkomst.bekend_op, positie) if doelen else []
    places = {
        Wanted(one.subject, write.register, write.effective_at)
        for one in events
        if one.subject not in hidden
        for write in writes(one)
        if Register.of_name(write.register) not in unseen
    }
    return _Opgeslagen(
        {own_id: said for own_id, said in known.items() if not _hides(said, hidden, stored)},
        store.written(places, positie),
        doelen,
        frozenset(
            (one.event.data.gebeurtenisId, one.event.source) for one in gone if isinstance(one.event, Ingetrokken)
        ),
    )


def _retracts(said: Said) -> str | None:
    """Returns the id of the event that a stored event retracts; None for one that is no retraction."""
    return str(orjson.loads(said[4])["gebeurtenisId"]) if said[1] == RETRACTION_TYPE else None


def _hides(said: Said, hidden: frozenset[str], stored: Mapping[str, Logregel]) -> bool:
    """Whether a stored event is hidden: by its subject, by its type, or as the retraction of a hidden one."""
    target = stored.get(_retracts(said) or "")
    return bool(hidden & {said[2], said[1]}) or (target is not None and bool(hidden & {target.subject, target.type}))


# What each would do ---------------------------------------------------------------------------------------------------


def _oordelen(opdracht: Opdracht, seen: _Opgeslagen, now: datetime) -> dict[int, Oordeel]:
    """Returns what each valid event would do, by its index."""
    found: dict[int, Oordeel] = {}
    asked: list[Kandidaat] = []
    said: dict[str, Said] = dict(seen.bekend)
    for index, rij in enumerate(opdracht.rijen):
        if rij.event is None:
            continue
        if rij.eigen_id:
            own = _said(rij.event)
            there = said.setdefault(rij.event.id, own)
            if rij.event.id in seen.bekend or there is not own:
                same = _without_time(own) == _without_time(there) and (not rij.eigen_tijd or own == there)
                fout = None if same else ("id", IN_USE)
                found[index] = Oordeel("gelijk" if same else "geweigerd", rij.event, writes(rij.event), fout=fout)
                continue
        time = rij.event.time if rij.eigen_tijd else None
        asked.append(Kandidaat(index, rij.event, time, vast=rij.eigen_id and rij.eigen_tijd))
    weighed = vergelijk(asked, seen.geschreven, now, seen.ingetrokken, opdracht.mag)
    return found | {one.nummer: oordeel for one, oordeel in zip(asked, weighed, strict=True)}


def _said(event: Event) -> Said:
    return event.source, event.type, event.subject, micros(event.time), event.content


def _without_time(said: Said) -> tuple[str, str, str, bytes]:
    source, type_, subject, _, data = said
    return source, type_, subject, data


# How it is told -------------------------------------------------------------------------------------------------------


def _told(
    rijen: Sequence[Rij], found: Mapping[int, Oordeel], seen: _Opgeslagen, naam: Naam, *, zinnen: bool
) -> Iterator[Json]:
    woorden = Woorden(naam)
    for index, rij in enumerate(rijen):
        oordeel = found.get(index)
        if oordeel is None:
            yield _row(index, "geweigerd", rij.data, fouten=rij.fouten)
            continue
        yield _row(
            index,
            oordeel.uitkomst,
            orjson.Fragment(oordeel.event.content),
            time=format_moment(oordeel.event.time) if oordeel.zendt else None,
            vervangt=[_replaced(one, woorden) for one in oordeel.vervangt],
            zin=_zin(oordeel, seen, naam) if zinnen else None,
            fouten=[] if oordeel.fout is None else [oordeel.fout],
        )


def _zin(oordeel: Oordeel, seen: _Opgeslagen, naam: Naam) -> str:
    event = oordeel.event
    retraction = event.data.model_dump() if isinstance(event, Ingetrokken) else None
    doel = None if retraction is None else seen.doelen.get(retraction["gebeurtenisId"])
    written = oordeel.schrijvingen
    regel = Logregel(event.id, event.source, event.type, event.subject, event.time, event.time, written, retraction)
    return zin_van(regel, naam, doel).inhoud


def _row(
    index: int,
    uitkomst: Literal["nieuw", "gelijk", "wijkt af", "geweigerd"],
    data: Any,
    *,
    time: str | None = None,
    vervangt: Sequence[Json] = (),
    zin: str | None = None,
    fouten: Fouten = (),
) -> Json:
    return {
        "index": index,
        "uitkomst": uitkomst,
        "time": time,
        "data": data,
        "vervangt": vervangt,
        "zin": zin,
        "fouten": [{"veld": veld, "melding": melding} for veld, melding in fouten],
    }


def _replaced(one: Vervangen, woorden: Woorden) -> Json:
    winner = one.winner
    return {
        "register": one.register,
        "waarde": winner.value,
        "geldigVanaf": format_moment(winner.effective_at),
        "vastgelegdOp": format_moment(winner.recorded_at),
        "gebeurtenisId": None if winner.event_id == NO_ID else winner.event_id,
        "zin": Register.of_name(one.register).says(one.register, winner.value, woorden),
    }
