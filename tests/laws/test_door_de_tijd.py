"""What is kept of a subject through time equals a new computation from the whole log, whatever came in meanwhile."""

import random
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from schemas.fields import format_moment, parse_moment
from schemas.reference import gemeenten
from services.core.grootheden.opvang import AANWEZIG, INZETBAAR
from services.core.grootheden.wet import MEETELLEND, OPGAVE
from services.core.history.reeks import at_moments, veranderingen
from services.dashboard.grafiek.periode import Periodevraag, periode
from services.reads.door_de_tijd import of_gebied, of_locatie
from services.reads.lijnen import of_area, of_naleving
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader
from tests.support import wire
from tests.support.strategies import read
from tests.support.web_events import event, opgave, places, reading, registered, sent

BEGIN = parse_moment("2026-03-27T20:00:00Z")
"""The clock goes forward in the second night from here."""
HERE, THERE = "GM0344", "GM0363"
WORLD = [
    registered("LOC-A", "A", HERE),
    places("LOC-A", 100, 100),
    registered("LOC-B", "B", THERE),
    places("LOC-B", 300, 300),
    sent(
        "2024",
        (
            "spreidingswet.cyclus-vastgesteld",
            {
                "raming": 1_000,
                "geldigVanaf": "2024-02-01",
                "beschikbaarTotMinstens": "2026-07-01",
                "meetellendeSoorten": ["regulier"],
            },
        ),
    ),
    opgave(HERE, 250),
    sent(THERE, wire.transfer("2024", HERE, 40, "2024-04-01")),
]
"""A gemeente with places of its own, and some of another."""
LOOKS = 8
PERIODS = ("week", "maand")


def at_random(chance):
    """Returns what came in: the minutes since the previous look, and events as (kind, minutes from now, number)."""
    later = chance.choice((0, 1, 7, 60, 300, 900))
    kinds = ("telling", "telling", "telling", "plaatsen", "elders", "stap", "opgave")
    some = [
        (chance.choice(kinds), chance.choice((0, 0, -1, -45, -700, -4_000, 30, 20_000)), chance.choice((99, 100, 130)))
        for _ in range(chance.choice((0, 1, 1, 2)))
    ]
    return later, some, chance.random() < 0.15


def made(kind, now, minutes, many):
    """Makes one of these events."""
    time, moment = format_moment(now), format_moment(now + timedelta(minutes=minutes))
    match kind:
        case "telling":
            return reading("LOC-A", many, moment, time)
        case "plaatsen" | "elders":
            return sent("LOC-A" if kind == "plaatsen" else "LOC-B", wire.capacity("regulier", many, None, moment), time)
        case "opgave":
            return sent(HERE, wire.task("2024", "verdeelbesluit", many, moment), time)
    return event("spreidingswet.toezichtstap-gezet", HERE, time, stap="brief", gezetOp=moment)


def lies_in(gemeente):
    return gemeente.code == HERE


def seen(reader, now):
    """Returns what pages draw of the gemeente and of its locatie."""
    question = question_of_now(now, Audience.EVERYTHING)
    cijfers = reader.figures(question)
    found = []
    for naam in PERIODS:
        tijdvak = periode(Periodevraag(periode=naam), now).tijdvak
        loop = of_gebied(reader, question, cijfers, HERE, lies_in, tijdvak)
        own = of_locatie(reader, question, cijfers, "LOC-A", tijdvak)
        read_there = [column.tolist() for column in own.metingen[1:]]
        found += [loop._replace(verloop=loop.verloop[:4]), own._replace(metingen=read_there)]
    return found


def whole(store, now, naam):
    """Returns the same lines of the gemeente, from every locatie in the log."""
    tijdvak = periode(Periodevraag(periode=naam), now).tijdvak
    verloop, _ = store.verloop(tijdvak.van, tijdvak.tot, now)
    people, task = of_area(verloop, lies_in), of_naleving(verloop, lies_in)
    counted = at_moments(people.moment, people.lijnen[AANWEZIG.naam][0], tijdvak.momenten)
    return [
        list(zip(tijdvak.momenten, counted, strict=True)),
        veranderingen(people.moment, people.lijnen[INZETBAAR.naam][0], tijdvak.van),
        *(veranderingen(task.moment, task.lijnen[one.naam][0], tijdvak.van) for one in (MEETELLEND, OPGAVE)),
    ]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)
def test_what_is_kept_equals_what_is_newly_computed(new_store, fill, seed):
    chance, now, said, store, ids = random.Random(seed), BEGIN, [], new_store(), count(1)
    assert any(lies_in(one) for one in gemeenten())
    fill(store, read(WORLD), ontvangen_op=now)
    clock = [now]
    reader = Reader(store, lambda: clock[0])
    seen(reader, now)
    for later, events, retracts in (at_random(chance) for _ in range(LOOKS)):
        now = clock[0] = now + timedelta(minutes=later, seconds=1)
        new = [made(kind, now, minutes, many) for kind, minutes, many in events]
        if retracts and said:
            gone = said.pop()
            time = format_moment(now)
            new.append(
                event("gebeurtenissen.ingetrokken", gone["subject"], time, gebeurtenisId=gone["id"], reden="fout")
            )
        new = [one | {"id": str(UUID(int=next(ids)))} for one in new]
        said += [one for one in new if not one["type"].endswith("ingetrokken.v1")]
        fill(store, read(new), ontvangen_op=now)
        found = seen(reader, now)
        assert found == seen(Reader(store, lambda: clock[0]), now)
        for naam, loop in zip(PERIODS, found[::2], strict=False):
            assert [loop.aanwezig, loop.inzetbaar, loop.meetellend, loop.opgave] == whole(store, now, naam)


@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)
def test_a_reading_of_today_changes_nothing_that_is_kept(new_store, fill):
    """Keeping it only helps if an ordinary new reading does not discard it."""
    store, now = new_store(), BEGIN
    fill(store, read(WORLD), ontvangen_op=now)
    reader, loops = Reader(store, lambda: now), []
    for people in (99, 100, 101):
        now += timedelta(minutes=1)
        fill(store, read([reading("LOC-A", people, format_moment(now))]), ontvangen_op=now)
        question = question_of_now(now, Audience.EVERYTHING)
        tijdvak = periode(Periodevraag(periode="kwartaal"), now).tijdvak
        loops.append(of_gebied(reader, question, reader.figures(question), HERE, lies_in, tijdvak))
    assert loops[1] is loops[2]
