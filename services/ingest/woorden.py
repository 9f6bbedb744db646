"""Sees to it that a retraction of a step of toezicht says why in words of the list. Pure.

What was taken by an earlier version stays as it is, and is told nowhere (`services/store/entries.py`). So it is not
judged on the topic, where a retraction may also come before the step.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import orjson

from schemas.data import REDENEN_VAN_STAP
from schemas.errors import TEXTS, Fout
from schemas.fields import is_verwijzing
from services.access import Caller
from services.ingest.permit import Targets, sent_or_seen
from services.store.entries import STEP, Entry, retracts_in_own_words

_REDEN = f"is geen reden om een stap van toezicht in te trekken; verwacht een van: {', '.join(REDENEN_VAN_STAP)}"


def looked_up(events: Sequence[Entry]) -> set[str]:
    """Returns the ids of the stored events that decide whether these retractions may say what they say."""
    return {own_id for one in events if (target := _target(one)) for own_id in (one.event_id, target)}


def faults(events: Sequence[Entry], stored: Targets) -> list[Fout]:
    """Returns what is wrong with each new retraction of a step.

    `stored`: what those events say that `looked_up` names, as far as the caller may know of them.
    """
    types = {one.event_id: one.type for one in events} | {own_id: said[1] for own_id, said in stored.items()}
    return [
        fout
        for index, one in enumerate(events)
        if types.get(_target(one) or "") == STEP and stored.get(one.event_id) != one.said
        for fout in _faults(index, orjson.loads(one.data))
    ]


def faults_seen(
    events: Sequence[Entry], caller: Caller, known: Callable[[set[str]], Targets], hidden: Collection[str]
) -> list[Fout]:
    """Does what `faults` does, before anything is sent.

    Args:
        events: what may be sent.
        caller: who would send it.
        known: looks up what stored events say.
        hidden: the locaties and the types of events that the caller may not see.
    """
    ids = looked_up(events)
    stored = known(ids) if ids else {}
    return faults(events, sent_or_seen(stored, caller, lambda said: bool({*said[1:3]} & {*hidden})))


def _target(one: Entry) -> str | None:
    return retracts_in_own_words(one.type, one.data.decode())


def _faults(index: int, said: Mapping[str, str]) -> list[Fout]:
    found = [] if said["reden"] in REDENEN_VAN_STAP else [Fout(index, "data.reden", _REDEN)]
    return found if is_verwijzing(said.get("bron", "0")) else [*found, Fout(index, "data.bron", TEXTS["reference"])]
