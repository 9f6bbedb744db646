"""What a reader keeps of now between two looks equals a new computation, whatever came in meanwhile.

Two things are compared with the log: the days above a maximum, and the bezettingsgraad of past days.
"""

import random
from datetime import timedelta
from functools import partial
from itertools import count
from uuid import UUID

import pytest

from schemas.fields import format_moment, parse_moment
from services.core.bezetting import overschrijding
from services.core.history.reeks import laatste_dagen
from services.dashboard.overzicht import TREND_DAYS
from services.reads.lijnen import Compute, of_area, points_known_at
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader
from services.reads.reeksen import trend
from tests.support.strategies import read
from tests.support.web_events import event, places, reading, registered

BEGIN = parse_moment("2026-03-27T20:00:00Z")
"""The clock goes forward in the second night from here."""
LOCATIE = "LOC-A"
WORLD = [
    registered(LOCATIE, "A", "GM0344"),
    places(LOCATIE, 100, 100),
    event(
        "opvanglocaties.maximum-vastgesteld",
        LOCATIE,
        "2026-03-01",
        geldigVanaf="2026-03-01",
        maximum=100,
        grondslag="uitspraak",
        dwangsomPerDag=10,
    ),
]
LOOKS, DAYS = 25, 3


def at_random(seed):
    """Yields looks: the minutes since the previous one, the new readings, and whether one is retracted."""
    chance = random.Random(seed)
    for _ in range(LOOKS):
        later = chance.choice((0, 1, 7, 60, 300))
        some = [
            (chance.choice((0, 0, -1, -45, -700, -4000, 30)), chance.choice((100, 99, 101)))
            for _ in range(chance.choice((0, 1, 1, 2)))
        ]
        yield later, some, chance.random() < 0.1


CASES = {
    "laat, van vandaag": [(0, [(0, 100)], False), (60, [(-70, 101)], False)],
    "twee tegelijk": [(0, [(0, 100)], False), (60, [(-20, 101), (0, 100)], False)],
    "van gisteren, en toch het nieuwst": [(0, [(0, 100)], False), (300, [], False), (1, [(-200, 50)], False)],
    "gaat nog in": [(0, [(0, 100), (30, 101)], False), (60, [], False), (60, [(-45, 99)], False)],
    "ingetrokken": [(0, [(0, 101)], False), (1, [(0, 100)], False), (1, [], True), (1, [], True)],
} | {f"toeval {seed}": list(at_random(seed)) for seed in range(1)}
"""For each look: the minutes since the previous one, the readings that came in (minutes from then, people), and
whether an earlier reading is retracted."""


def seen(reader, now):
    """Returns what is shown of now, and the figures it comes from."""
    cijfers = reader.figures(question_of_now(now, Audience.EVERYTHING))
    (locatie,) = cijfers.locaties
    borders = laatste_dagen(now, TREND_DAYS)[-DAYS:]
    return reader.breaches(cijfers, [locatie]), trend(reader, cijfers.question, cijfers, borders), cijfers


def anew(store, cijfers):
    """Computes the same straight from the log."""
    at = cijfers.herkomst
    (locatie,) = cijfers.locaties
    readings = store.readings([LOCATIE], at.geldig_op, at.bekend_op, at.positie)
    compute = Compute(partial(of_area, lies_in=lambda _: True))
    points, _ = points_known_at(
        store, compute, "bezettingsgraad", laatste_dagen(at.geldig_op, TREND_DAYS)[-DAYS:], at.bekend_op
    )
    return {LOCATIE: overschrijding(locatie.maximum, readings[LOCATIE])}, [point.laatste for point in points]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)
def test_kept_answers_of_now_equal_newly_computed_ones(new_store, fill, case):
    now, said, store, ids = BEGIN, [], new_store(), count(1)
    fill(store, read(WORLD), ontvangen_op=now)
    clock = [now]
    reader = Reader(store, lambda: clock[0])
    seen(reader, now)
    for later, readings, retracts in case:
        now = clock[0] = now + timedelta(minutes=later, seconds=1)
        time = format_moment(now)
        new = [reading(LOCATIE, many, format_moment(now + timedelta(minutes=at)), time) for at, many in readings]
        if retracts and said:
            new += [event("gebeurtenissen.ingetrokken", LOCATIE, time, gebeurtenisId=said.pop(), reden="vergissing")]
        new = [one | {"id": str(UUID(int=next(ids)))} for one in new]
        said += [one["id"] for one in new if one["type"].endswith("gemeld.v1")]
        fill(store, read(new), ontvangen_op=now)
        days, line, cijfers = seen(reader, now)
        assert (days, line) == anew(store, cijfers)


@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)
def test_a_reading_of_now_revises_nothing(new_store, fill):
    """Keeping results only helps if an ordinary new reading does not discard them."""
    store, now = new_store(), BEGIN
    fill(store, read(WORLD), ontvangen_op=now)
    seen_by = []
    for people in (99, 100, 101):
        now += timedelta(minutes=1)
        fill(store, read([reading(LOCATIE, people, format_moment(now))]), ontvangen_op=now)
        seen_by.append(store.heden(now).herzien)
    assert len(set(seen_by[1:])) == 1
