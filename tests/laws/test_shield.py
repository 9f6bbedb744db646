"""Which locaties are afgeschermd: what a source says shields, and no other source lifts it."""

import random
from datetime import timedelta
from typing import Any

import pytest

from schemas.fields import parse_moment
from services.store.derive import bring_up_to_date, rebuild
from services.store.store import Store
from tests.support.rondes import slice_of
from tests.support.strategies import read
from tests.support.web_events import event

NOW = parse_moment("2026-05-26T08:00:00Z")
SOURCES = [f"urn:nld:oin:{number:020}:systeem:bron" for number in (1, 2)]
RETRACTION = "gebeurtenissen.ingetrokken"
DAYS = ("2025-01-01", "2025-06-01", "2026-05-01", "2026-06-01", "2026-07-01")
"""Three before now, two after it."""


def registration(locatie: str, source: str, zichtbaarheid: str, vanaf: str, time: str) -> dict[str, Any]:
    data = {"naam": "X", "gemeente": "GM0344", "soort": "azc", "zichtbaarheid": zichtbaarheid, "geldigVanaf": vanaf}
    return event("opvanglocaties.locatie-geregistreerd", locatie, time, source, **data)


def history(seed: int) -> list[dict[str, Any]]:
    """Returns registrations of some locaties by two sources, and retractions of some, each at a moment of its own."""
    chance = random.Random(seed)
    events: list[dict[str, Any]] = []
    for number in range(24):
        time = f"2026-0{chance.choice('3456')}-{chance.randint(1, 28):02}T10:{number:02}:00Z"
        locatie, source = f"LOC-{chance.randint(1, 8)}", chance.choice(SOURCES)
        made = [one for one in events if one["type"].endswith("geregistreerd.v1")]
        if made and chance.random() < 0.3:
            target = chance.choice(made)
            own = chance.choice([target["source"], source])
            events.append(event(RETRACTION, locatie, time, own, gebeurtenisId=target["id"], reden="vergissing"))
        else:
            shows = chance.choice(["openbaar", "afgeschermd"])
            events.append(registration(locatie, source, shows, chance.choice(DAYS), time))
    return events


def by_hand(events: list[dict[str, Any]], now: Any) -> set[str]:
    """Says which locaties are afgeschermd, straight from the sentence in the design."""

    def at(one: dict[str, Any], name: str = "") -> Any:
        return parse_moment(f"{one['data'][name]}" if name else one["time"])

    gone = {(e["data"]["gebeurtenisId"], e["source"]) for e in events if RETRACTION in e["type"] and at(e) <= now}
    all_ = [one for one in events if RETRACTION not in one["type"]]
    stands = [one for one in all_ if (one["id"], one["source"]) not in gone]
    found = set()
    for locatie in {one["subject"] for one in all_}:
        own = [one for one in stands if one["subject"] == locatie]
        began = [one for one in own if at(one, "geldigVanaf") <= now and at(one) <= now]
        said = [one for one in own if one not in began]
        for source in SOURCES:
            of = [one for one in began if one["source"] == source]
            said += [max(of, key=lambda one: (at(one, "geldigVanaf"), at(one), one["id"]))] if of else []
        if not began:
            said += [one for one in all_ if one["subject"] == locatie]
        if any(one["data"]["zichtbaarheid"] == "afgeschermd" for one in said):
            found.add(locatie)
    return found


@pytest.mark.parametrize("seed", slice_of(range(4), every=4))
def test_an_open_store_a_new_one_and_a_rebuilt_one_agree_with_the_sentence(store, fill, seed):
    events = history(seed)
    chance = random.Random(seed)
    for number, one in enumerate(events):
        fill(store, read([one]), ontvangen_op=NOW)
        expected = by_hand(events[: number + 1], NOW)
        assert store.shielded(NOW) == expected, (seed, number)
        if chance.random() < 0.2:
            bring_up_to_date(store)
            assert Store(store.connection).shielded(NOW) == expected, (seed, number)
    rebuild(store)
    assert Store(store.connection).shielded(NOW) == by_hand(events, NOW)
    for days in (10, 20, 40, 60):  # what was announced begins, and retractions take effect
        later = NOW + timedelta(days=days)
        assert store.shielded(later) == Store(store.connection).shielded(later) == by_hand(events, later), days


def test_another_source_lifts_nothing_and_its_own_does(store, fill):
    mine, other = SOURCES
    fill(store, read([registration("LOC-A", mine, "afgeschermd", "2025-01-01", "2025-01-01")]), ontvangen_op=NOW)
    assert store.shielded(NOW) == {"LOC-A"}
    fill(store, read([registration("LOC-A", other, "openbaar", "2026-01-01", "2026-01-01")]), ontvangen_op=NOW)
    assert store.shielded(NOW) == {"LOC-A"}
    fill(store, read([registration("LOC-A", mine, "openbaar", "2026-01-02", "2026-01-02")]), ontvangen_op=NOW)
    assert store.shielded(NOW) == frozenset()
