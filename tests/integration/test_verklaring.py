"""Explanations from the store and the API name the right events, and add up to the figures that they explain."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import strategies as st

from schemas.events import Event, Ingetrokken
from services.core.grootheden import KLASSENAMEN
from services.core.reasons.verklaring import Gelogd, regels
from services.reads import answers, verklaring
from services.reads.cijfers import Cijfers
from services.reads.question import Audience
from services.reads.reader import Reader
from services.store.store import Store
from tests.support.arrivals import deliver, deliveries, emptied, law
from tests.support.bodies import GEMEENTEN, LOCATIES, PROVINCIES
from tests.support.strategies import few_gemeenten, pairs

NOW = datetime(2032, 1, 1, tzinfo=UTC)


def scopes(reader: Reader, cijfers: Cijfers) -> dict[str, verklaring.Explained]:
    found = {
        "landelijk": verklaring.of_country(cijfers),
        "naleving": verklaring.of_naleving(cijfers),
        **{code: verklaring.of_gemeente(cijfers, code) for code in GEMEENTEN},
        **{code: verklaring.of_provincie(cijfers, code) for code in PROVINCIES},
        **{locatie: verklaring.of_locatie(reader, cijfers, locatie) for locatie in LOCATIES},
    }
    return {name: one for name, one in found.items() if one is not None}


def concerned(events: list[Event], found: verklaring.Explained, known_at: datetime) -> list[Event]:
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
@law(st.data(), examples=15)  # each example asks for every explanation
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
                [Gelogd(event, NOW) for event in concerned(events, found, known_at)],
                valid_at,
                known_at,
                found.telt,
                found.ook,
            )
            assert said["volledig"] is True
            assert sorted((row["id"], str(row["register"]), row["rol"]) for row in said["gebeurtenissen"]) == sorted(
                (regel.gelogd.event.id, str(regel.register), regel.rol)
                for regel in expected
                if regel.register is None or found.concerns(regel.gelogd.event.subject, regel.register)
            )


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
    said["naleving"] = {klasse: answers.naleving(cijfers)["totalen"][key] for klasse, key in KLASSENAMEN.items()}
    for row in cijfers.naleving:
        answer = answers.gemeente(cijfers, row)
        said[row.gemeente.code] = answer | answer["bezetting"]
    said |= {code: answers.provincie(cijfers, code) for code in PROVINCIES}
    for locatie in cijfers.shown:
        above = reader.breaches(cijfers, [locatie]).get(locatie.id)
        said[locatie.id] = row = answers.locatie(cijfers, locatie, above)
        row |= {f"overschrijding.{name}": value for name, value in (row["overschrijding"] or {}).items()}
    for name, found in scopes(reader, cijfers).items():
        for figuur in found.figuren:
            assert said[name][figuur.grootheid] == figuur.waarde, (name, figuur)
            assert figuur.formule
