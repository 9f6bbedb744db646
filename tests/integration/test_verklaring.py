"""Explanations from the store and the API name the right events, and add up to the figures that they explain."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import strategies as st

from schemas.events import Event, Ingetrokken
from services.core.grootheden import KLASSENAMEN
from services.core.reasons.verklaring import Gelogd, Registerregel, logregel, regels
from services.core.registers import Register
from services.reads import answers, uitlegbaar, verklaring
from services.reads.cijfers import Cijfers
from services.reads.question import Audience, Question
from services.reads.reader import Reader
from services.store.store import Store
from tests.support import make
from tests.support.arrivals import deliver, deliveries, emptied, law
from tests.support.bodies import GEMEENTEN, LOCATIES, PROVINCIES
from tests.support.strategies import few_gemeenten, pairs

NOW = datetime(2032, 1, 1, tzinfo=UTC)


def scopes(reader: Reader, cijfers: Cijfers) -> dict[str, uitlegbaar.Explained]:
    found = {
        "landelijk": uitlegbaar.of_country(cijfers),
        "naleving": uitlegbaar.of_naleving(cijfers),
        **{code: uitlegbaar.of_gemeente(reader, cijfers, code) for code in GEMEENTEN},
        **{code: uitlegbaar.of_provincie(reader, cijfers, code) for code in PROVINCIES},
        **{locatie: uitlegbaar.of_locatie(reader, cijfers, locatie) for locatie in LOCATIES},
    }
    return {name: one for name, one in found.items() if one is not None}


def concerned(events: list[Event], found: uitlegbaar.Explained, known_at: datetime) -> list[Event]:
    """Returns the events about the explained subject, and the retractions of those."""

    def about(event: Event) -> bool:
        return event.subject in found.subjects or bool(found.prefix and event.subject.startswith(found.prefix))

    mine = {event.id for event in events if about(event)}
    return [
        event
        for event in events
        if event.time <= known_at
        and (about(event) or (isinstance(event, Ingetrokken) and event.data.gebeurtenisId in mine))
    ]


@pytest.mark.http_later
@law(st.data(), examples=10)  # each example asks for every explanation
def test_the_events_behind_a_figure_are_those_about_it_and_their_retractions(store: Store, data: Any) -> None:
    events, batches = data.draw(deliveries())
    store = emptied(store)
    deliver(store, batches)
    reader = Reader(store, lambda: NOW)
    for valid_at, known_at in data.draw(st.lists(pairs(events), min_size=1, max_size=2)):
        view = store.view(valid_at, known_at, now=NOW)
        cijfers = Cijfers(view, table=few_gemeenten())
        for found in scopes(reader, cijfers).values():
            said = verklaring.explain(reader, Audience.EVERYTHING, cijfers, found)
            expected = regels(
                [logregel(Gelogd(event, NOW)) for event in concerned(events, found, known_at)],
                valid_at,
                known_at,
                found.telt,
                found.ook,
            )
            assert said["volledig"] is True
            told = {(row["id"], row["register"]): row["rol"] for row in said["gebeurtenissen"]}
            facts = {(r.gelogd.id, r.register): r.rol for r in expected if concerns(found, expected, r)}
            assert {key: rol for key, rol in told.items() if key[1] is not None} == facts
            about = {own_id for own_id, _ in facts}
            gone = {r.gelogd.id for r in expected if r.register is None and r.waarde in about}
            assert gone <= {own_id for own_id, register in told if register is None}


def concerns(found: uitlegbaar.Explained, every: Sequence[Registerregel], row: Registerregel) -> bool:
    """Tells whether a row is about what is explained: now, or about a locatie that once lay there."""
    if row.register is None:
        return False
    subject, register = row.gelogd.subject, Register.of_name(row.register)
    if found.concerns(subject, register) or register.gemeente(row.register, row.waarde) in found.ever:
        return True
    lay_in = {
        one.waarde["gemeente"]
        for one in every
        if one.register == Register.REGISTRATIE.stored() and one.gelogd.subject == subject
    }
    return any(register in registers for code, registers in found.ever.items() if code in lay_in)


@law(st.data(), examples=5)
def test_of_too_much_what_is_in_force_is_told(store: Store, data: Any) -> None:
    events, batches = data.draw(deliveries())
    store = emptied(store)
    deliver(store, batches)
    reader = Reader(store, lambda: NOW)
    ((valid_at, known_at),) = data.draw(st.lists(pairs(events), min_size=1, max_size=1))
    cijfers = Cijfers(store.view(valid_at, known_at, now=NOW), table=few_gemeenten())
    for found in scopes(reader, cijfers).values():
        whole = verklaring.explain(reader, Audience.EVERYTHING, cijfers, found)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(verklaring, "EVENTS_MAX", -1)
            part = verklaring.explain(reader, Audience.EVERYTHING, cijfers, found)
        assert part["volledig"] is False
        assert part["figuren"] == whole["figuren"]
        in_force = {winner.event_id for winner in cijfers.registers.values()}
        counted = [row for row in whole["gebeurtenissen"] if row["rol"] == "telt" and row["id"] in in_force]
        assert [row for row in part["gebeurtenissen"] if row["rol"] == "telt"] == counted


@law(st.data(), examples=5)
def test_the_figures_are_those_of_the_answer_itself(store: Store, data: Any) -> None:
    events, batches = data.draw(deliveries())
    store = emptied(store)
    deliver(store, batches)
    reader = Reader(store, lambda: NOW)
    ((valid_at, known_at),) = data.draw(st.lists(pairs(events), min_size=1, max_size=1))
    cijfers = Cijfers(store.view(valid_at, known_at, now=NOW), table=few_gemeenten())
    said: dict[str, dict[str, Any]] = {"landelijk": answers.landelijk(cijfers)}
    land = answers.naleving(cijfers)
    said["naleving"] = land | {klasse: land["totalen"][key] for klasse, key in KLASSENAMEN.items()}
    for row in cijfers.naleving:
        answer = answers.gemeente(cijfers, row)
        said[row.gemeente.code] = answer | answer["bezetting"]
    said |= {code: answers.provincie(cijfers, code) for code in PROVINCIES}
    for locatie in cijfers.locaties:
        above = reader.breaches(cijfers, [locatie]).get(locatie.id)
        said[locatie.id] = row = answers.locatie(cijfers, locatie, above)
        row |= {f"overschrijding.{name}": value for name, value in (row["overschrijding"] or {}).items()}
    for name, found in scopes(reader, cijfers).items():
        for figuur in found.figuren:
            assert said[name][figuur.grootheid] == figuur.waarde, (name, figuur)
            assert figuur.formule


V1_NOW = datetime(2026, 7, 1, tzinfo=UTC)


def explained(store: Store, events: Sequence[Event], code: str, fill: Any) -> dict[tuple[str, str | None], str]:
    """Returns (event, register) → role, of the explanation of a gemeente."""
    return {key: row["rol"] for key, row in rows_of(store, events, code, fill).items()}


def rows_of(store: Store, events: Sequence[Event], code: str, fill: Any) -> dict[tuple[str, str | None], Any]:
    """Returns (event, register) → its row, of the explanation of a gemeente."""
    fill(store, list(events), V1_NOW)
    reader = Reader(store, lambda: V1_NOW)
    question = Question(V1_NOW, V1_NOW, V1_NOW, Audience.EVERYTHING)
    _, said = verklaring.verklaring(reader, question, "gemeenten", code)
    return {(row["id"], row["register"]): row for row in said["gebeurtenissen"]}


def test_a_retracted_verdeelbesluit_is_told_though_nothing_else_is_known_of_the_gemeente(store, fill):
    task = make.task(100, "GM0014")
    gone = make.retracted(task)
    told = explained(store, [make.cycle(), task, gone], "GM0014", fill)
    assert (told[task.id, "opgave.2024.verdeelbesluit"], told[gone.id, None]) == ("ingetrokken", "telt niet mee")


def test_an_announced_verdeelbesluit_is_told(store, fill):
    task = make.task(100, "GM0014", vanaf="2026-09-01")
    told = explained(store, [make.cycle(), task], "GM0014", fill)
    assert told[task.id, "opgave.2024.verdeelbesluit"] == "nog niet geldig"


@pytest.mark.parametrize(
    ("vanaf", "retracted", "rol"), [("2026-09-01", False, "nog niet geldig"), (make.BEGIN, True, "ingetrokken")]
)
def test_a_promise_towards_a_gemeente_is_told_when_it_is_announced_or_retracted(store, fill, vanaf, retracted, rol):
    promise = make.transfer(20, "GM0037", "GM0014", vanaf=vanaf)
    events = [make.cycle(), promise, *([make.retracted(promise)] if retracted else [])]
    told = explained(store, events, "GM0014", fill)
    assert told[promise.id, "overdracht.2024.GM0014"] == rol


@pytest.mark.parametrize(
    ("vanaf", "retracted", "rol"), [("2026-09-01", False, "nog niet geldig"), (make.BEGIN, True, "ingetrokken")]
)
def test_a_cyclus_is_told_when_it_is_announced_or_retracted(store, fill, vanaf, retracted, rol):
    cycle = make.cycle(vanaf=vanaf)
    told = explained(store, [cycle, *([make.retracted(cycle)] if retracted else [])], "GM0014", fill)
    assert told[cycle.id, "cyclus"] == rol


def test_a_locatie_that_moved_away_is_told(store, fill):
    """Its hundred places are no longer in the gemeente: the events say where they went."""
    here, away = make.registered(gemeente="GM0014"), make.registered(gemeente="GM0037", vanaf="2026-01-01")
    places = make.places(100)
    told = explained(store, [make.cycle(), here, places, away], "GM0014", fill)
    assert told[here.id, "registratie"] == "vervangen"
    assert told[away.id, "registratie"] == told[places.id, "plaatsen.regulier"] == "telt niet mee"


def test_the_places_of_a_giver_and_all_its_promises_are_told(store, fill):
    begin = [make.cycle(), make.task(100, "GM0014"), make.registered(gemeente="GM0037")]
    places, amv = make.places(30), make.places(10, soort="amv", vanaf="2025-01-01")
    first = make.transfer(20, "GM0037", "GM0363")
    second = make.transfer(20, "GM0037", "GM0014", vanaf="2025-01-01")
    told = explained(store, [*begin, places, amv, first, second, make.reading(20)], "GM0014", fill)
    assert told[first.id, "overdracht.2024.GM0363"] == told[second.id, "overdracht.2024.GM0014"] == "telt"
    assert told[places.id, "plaatsen.regulier"] == "telt"
    assert told[amv.id, "plaatsen.amv"] == "telt niet mee"
    assert not [key for key in told if key[1] == "aanwezig"]


def test_a_promise_without_places_says_so(store, fill):
    begin = [make.cycle(), make.registered(gemeente="GM0037"), make.places(30)]
    promises = {
        naar: make.transfer(aantal, "GM0037", naar, vanaf=f"2025-01-0{day}")
        for day, (naar, aantal) in enumerate([("GM0363", 20), ("GM0014", 25), ("GM0034", 40)], 1)
    }

    def said(code: str, naar: str) -> tuple[str, str | None]:
        row = rows_of(store, [*begin, *promises.values()], code, fill)[promises[naar].id, f"overdracht.2024.{naar}"]
        return row["rol"], row["reden"]

    part = "ongedekt: voor 15 van de 25 plaatsen heeft GM0037 geen eigen meetellende plaatsen"
    none = "ongedekt: voor de 40 plaatsen heeft GM0037 geen eigen meetellende plaatsen"
    assert said("GM0037", "GM0363") == ("telt", None)
    assert said("GM0037", "GM0014") == said("GM0014", "GM0014") == ("telt", part)
    assert said("GM0037", "GM0034") == ("telt", none)  # it is what the giver is short of
    assert said("GM0034", "GM0034") == ("telt niet mee", none)
