"""Finding ids that the log holds already, for any number of ids, both in the derived tables and after them."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.store import consistent as consistent_module
from services.store.derive import bring_up_to_date
from services.store.ids import FEW, PART_MAX, Recent
from services.store.model import Accepted, Place
from services.store.store import Store
from tests.support.facts import accepted, reading
from tests.support.strategies import read

NOW = datetime(2026, 5, 26, tzinfo=UTC)


def events(count: int, first: int) -> list[Accepted]:
    made = read([reading(f"LOC-{number % 50}", number) for number in range(count)])
    return [accepted(event, NOW, Place(1, 0, first + number)) for number, event in enumerate(made)]


def ids_of(stored: list[Accepted]) -> list[str]:
    return [entry.event_id for one in stored for entry in one.entries.values()]


@pytest.mark.parametrize("count", [1, FEW, FEW + 1, 2 * PART_MAX + 1])
def test_known_finds_exactly_the_ids_in_the_log(new_store: Callable[[], Store], count: int) -> None:
    store = new_store()
    derived, rest = events(30, 0), events(30, 30)
    store.insert(derived)
    bring_up_to_date(store)
    store.insert(rest)
    own = [*ids_of(derived), *ids_of(rest)][:count]
    asked = [*own, *(str(uuid4()) for _ in range(count - len(own)))]
    known = Store(store.connection, Recent(seconds=0)).known(asked)
    assert sorted(known) == sorted(own)
    said = {entry.event_id: entry.said for one in [*derived, *rest] for entry in one.entries.values()}
    assert known == {own_id: said[own_id] for own_id in own}


def test_who_only_looks_up_follows_what_others_derive(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise each look-up of an ingest service would read every event since that service started."""
    looking = Store(store.connection, Recent(seconds=0))
    assert looking.known([str(uuid4())]) == {}
    first = events(20, 0)
    store.insert(first)
    bring_up_to_date(store)
    monkeypatch.setattr(consistent_module, "_LATELY_SECONDS", 0)
    ranges: list[str] = []
    asked = looking._rows
    monkeypatch.setattr(looking, "_rows", lambda query, *more: ranges.append(query) or asked(query, *more))
    assert list(looking.known(ids_of(first)[:1])) == ids_of(first)[:1]
    assert any(store.derived_to().beyond() in query for query in ranges)
