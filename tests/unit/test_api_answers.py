"""Answers over generated sets of events have the declared form and add up. They use the fold, not a store."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import Event
from schemas.reference import PROVINCIES
from services.api.pages import gemeente_page, locatie_page, provincie_page
from services.api.params import (
    SORTERINGEN,
    SORTERINGEN_GEMEENTEN,
    SORTERINGEN_PROVINCIES,
    Bladvraag,
    GemeenteVraag,
    LocatieVraag,
    ProvincieVraag,
    write_cursor,
)
from services.core.bezetting import overschrijding
from services.core.fold import fold
from services.core.grootheden import KLASSENAMEN
from services.core.opgaven import STATUSSEN
from services.reads import answers, models
from services.reads.cijfers import Cijfers
from services.store.model import View
from services.store.position import Herkomst
from services.web.problems import ProblemError
from tests.support.figures import readings
from tests.support.strategies import LAW, asked, merging_gemeenten


def cijfers_of(events: list[Event], valid_at: datetime, known_at: datetime) -> Cijfers:
    view = View(Herkomst(valid_at, known_at, "1-0", simulatie=False), fold(events, valid_at, known_at))
    return Cijfers(view, table=merging_gemeenten())


def declared(model: type[models.Model], answer: dict[str, Any]) -> None:
    """Checks that the answer, as it is sent, matches the API description exactly."""
    model.model_validate_json(orjson.dumps(answer), strict=True)


@LAW
@given(asked())
def test_every_answer_is_as_declared(case):
    events, valid_at, known_at = case
    cijfers = cijfers_of(*case)
    declared(models.Bezetting, answers.landelijk(cijfers))
    declared(models.Naleving, answers.naleving(cijfers))
    declared(models.Gemeenten, answers.gemeenten(cijfers, cijfers.naleving))
    declared(models.Provincies, answers.provincies(cijfers))
    for code in PROVINCIES:
        declared(models.Provincie, answers.provincie(cijfers, code))
    for row in cijfers.naleving[:5]:
        declared(models.Gemeente, answers.gemeente(cijfers, row))
    for locatie in cijfers.locaties:
        found = readings(events, locatie.id, valid_at, known_at)
        breach = overschrijding(locatie.maximum, found) if locatie.maximum else None
        declared(models.Locatie, answers.locatie(cijfers, locatie, breach))


@LAW
@given(asked())
def test_gemeenten_and_provincies_add_up_to_the_country_also_after_a_merger(case):
    cijfers = cijfers_of(*case)
    country = answers.landelijk(cijfers)
    gemeenten = [row["bezetting"] for row in answers.gemeenten(cijfers, cijfers.naleving)["items"]]
    provincies = answers.provincies(cijfers)["items"]
    for field in (
        "locaties",
        "locatiesGemeten",
        "plaatsen",
        "inzetbaar",
        "aanwezigGemeten",
        "aanwezigGesloten",
        "locatiesGeslotenZonderTelling",
    ):
        assert sum(row[field] for row in gemeenten) == country[field] == sum(row[field] for row in provincies)
    assert country["aanwezig"] in (None, country["aanwezigGemeten"])


@LAW
@given(asked())
def test_totals_count_the_rows(case):
    answer = answers.naleving(cijfers_of(*case))
    keys = [KLASSENAMEN[row["naleving"]] for row in answer["gemeenten"]]
    assert {key: keys.count(key) for key in answer["totalen"]} == answer["totalen"]
    assert sum(answer["totalen"].values()) == len(answer["gemeenten"])
    names = ("eigen", "gegeven", "ontvangen", "ongedekt", "meetellend", "amvMeetellend")
    if answer["telregel"] is None:
        assert {row[name] for row in answer["gemeenten"] for name in names} == {None}, "nothing to count them by"
        return
    places = [(row["meetellend"], row["eigen"]) for row in answer["gemeenten"]]
    assert sum(counted for counted, _ in places) == sum(own for _, own in places), "transfers make no places"


class Listed(NamedTuple):
    """A list of the API: what it may be asked, its pages, and a row as it is answered."""

    vraag: type[Bladvraag]
    page: Callable[[Any, Any], tuple[list[Any], str | None]]
    row: Callable[[Any, Any], dict[str, Any]]
    own_id: str
    beside: str = ""
    """The field of a row in which further figures stand."""


LISTS = {
    "locaties": Listed(LocatieVraag, locatie_page, lambda cijfers, one: answers.locatie_row(cijfers, one, None), "id"),
    "gemeenten": Listed(
        GemeenteVraag,
        gemeente_page,
        lambda cijfers, one: answers.gemeenten(cijfers, [one])["items"][0],
        "code",
        "bezetting",
    ),
    "provincies": Listed(ProvincieVraag, provincie_page, answers.provincie_row, "code", "totalen"),
}
ORDERS = [("locaties", one) for one in SORTERINGEN]
ORDERS += [("gemeenten", one) for one in SORTERINGEN_GEMEENTEN]
ORDERS += [("provincies", one) for one in SORTERINGEN_PROVINCIES]


@LAW
@given(asked(), st.sampled_from(ORDERS), st.integers(1, 3), st.data())
def test_pages_together_are_the_whole_list_once_and_in_order(case, order, aantal, data):
    cijfers, (name, sorteer) = cijfers_of(*case), order
    listed = LISTS[name]
    filters, left = data.draw(_filters(name))
    asked_for = {"sorteer": sorteer, **filters}
    whole, volgende = listed.page(cijfers, listed.vraag(**asked_for, aantal=1000))
    assert volgende is None
    paged, cursor, first = [], None, True
    while first or cursor is not None:
        page, cursor = listed.page(cijfers, listed.vraag(**asked_for, aantal=aantal * 40, na=cursor))
        assert len(page) == aantal * 40 or cursor is None
        assert len(paged) <= len(whole)
        paged, first = paged + page, False
    assert paged == whole
    every, _ = listed.page(cijfers, listed.vraag(aantal=1000))
    rows = [listed.row(cijfers, one) for one in every]
    shown = [listed.row(cijfers, one) for one in whole]
    assert sorted(row[listed.own_id] for row in shown) == [row[listed.own_id] for row in rows if left(row)]
    _in_order(shown, sorteer, listed)


def _filters(name: str) -> st.SearchStrategy[tuple[dict[str, Any], Callable[[dict[str, Any]], bool]]]:
    """What a list can be narrowed by, and whether that leaves a row in it."""
    every: list[Any] = [({}, lambda _: True), ({"zoek": "AR"}, lambda row: "ar" in row["naam"].casefold())]
    match name:
        case "locaties":
            every += [({"open": one}, lambda row, one=one: row["open"] is (one == "true")) for one in ("true", "false")]
        case "gemeenten":
            every += [({"naleving": one}, lambda row, one=one: row["naleving"] == one) for one in KLASSENAMEN]
            every += [({"opgaveStatus": one}, lambda row, one=one: row["opgaveStatus"] == one) for one in STATUSSEN]
            every += [({"provincie": "PV25"}, lambda row: row["provincie"] == "PV25")]
    return st.sampled_from(every)


def _in_order(rows: list[dict[str, Any]], sorteer: str, listed: Listed) -> None:
    name = sorteer.removeprefix("-")
    values = [(row if name in row else row[listed.beside])[name] for row in rows]
    if name == "naam":
        values = [value.casefold() for value in values]
    known = [value for value in values if value is not None]
    assert values[: len(known)] == known, "what is not known stands at the end"
    assert known == sorted(known, reverse=sorteer.startswith("-"))
    for (value, row), (next_value, next_row) in pairwise(zip(values, rows, strict=True)):
        assert value != next_value or row[listed.own_id] < next_row[listed.own_id]


_value = (
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(-9, 9)
    | st.sampled_from(("", "LOC-2", "locatie in gm0402", "GM0402", "PV25"))
)
_parts = st.lists(_value, max_size=4) | st.tuples(
    st.sampled_from([one for _, one in ORDERS]), _value, _value | st.just([])
)


@LAW
@given(asked(), st.sampled_from(ORDERS), _parts)
def test_a_made_up_cursor_is_refused_or_starts_somewhere(case, order, parts):
    cijfers, (name, sorteer) = cijfers_of(*case), order
    listed = LISTS[name]
    whole, _ = listed.page(cijfers, listed.vraag(sorteer=sorteer, aantal=1000))
    refusal, rest = None, []
    try:
        rest, _ = listed.page(cijfers, listed.vraag(sorteer=sorteer, aantal=1000, na=write_cursor(parts)))
    except ProblemError as problem:
        refusal = problem
    assert rest == whole[len(whole) - len(rest) :]
    assert refusal is None or [fout.veld for fout in refusal.fouten] == ["na"]


@pytest.mark.parametrize(("simulatie", "said"), [(True, {"simulatie": True}), (False, {})])
def test_every_answer_says_when_it_is_made_of_a_simulation(simulatie, said):
    moment = datetime.fromisoformat("2026-01-01T00:00:00Z")
    cijfers = Cijfers(View(Herkomst(moment, moment, "1-0", simulatie), {}))
    everything = [
        answers.landelijk(cijfers),
        answers.naleving(cijfers),
        answers.gemeenten(cijfers, cijfers.naleving),
        answers.provincies(cijfers),
        answers.provincie(cijfers, "PV20"),
        answers.gemeente(cijfers, cijfers.naleving[0]),
        answers.gemeente(cijfers, cijfers.naleving[0])["bezetting"],
    ]
    for answer in everything:
        assert {key: value for key, value in answer.items() if key == "simulatie"} == said
