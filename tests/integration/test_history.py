"""History is safe: what was ever answered can be answered again, whatever came after.

A year of random later events, corrections and retractions of what was known before among them, changes nothing in any
answer for an earlier K: the same question gives the same answer, apart from `gemaaktOp` and `positie`. Imports of what
was logged before K, but came only now, do change them; asked at the `positie` of its first answer, each is wholly the
same. Every read that the API describes is asked, and each of them is seen to differ where it should.
"""

import csv
import io
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import httpx
import orjson
import pytest
from pyarrow import BufferReader, parquet

from schemas.events import FACT_TYPES
from schemas.fields import format_moment
from services.api.app import api_router
from services.reads.reader import Reader
from services.store.derive import bring_up_to_date, rebuild
from services.store.store import Store
from services.web import make_app
from tests.conftest import Fill
from tests.support.bodies import CYCLI, GEMEENTEN, LOCATIES, PROVINCIES, SOORTEN, SOURCES
from tests.support.rondes import only_whole
from tests.support.strategies import INSTANT, Pair, read
from tests.support.web_client import client_of, fresh_metrics
from tests.support.web_events import event

Json = dict[str, Any]
Pick = Callable[[Sequence[Any]], Any]

BEGIN = datetime(2025, 3, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
"""When everything is asked first."""
A_YEAR_LATER = NOW + timedelta(days=365)
LIVE: Pair = (NOW, NOW)
"""When it is asked first, this is answered from memory; later from the tables, or from the log."""
LOOKED_BACK_ON: Pair = (NOW - timedelta(days=150), NOW - timedelta(days=60))
ANNOUNCED: Pair = (NOW + timedelta(days=90), NOW - timedelta(days=20))
"""Ahead of its K, and of NOW."""


class Kind(NamedTuple):
    """What an event of some type may say."""

    weight: int
    subjects: Sequence[str]
    since: str
    """The field that names its moment in the world."""
    data: Callable[[Pick], Json]
    ends: bool = False


def places(pick: Pick) -> Json:
    aantal = pick(range(20, 400))
    line = {"soort": pick(SOORTEN), "aantal": aantal}
    return {"plaatsen": [line | pick(({}, {"inzetbaar": aantal // 2}, {"inzetbaar": 0}))]}


KINDS = {
    "opvanglocaties.locatie-geregistreerd": Kind(
        4,
        LOCATIES,
        "geldigVanaf",
        lambda pick: {
            "naam": f"Locatie {pick(range(99))}",
            "gemeente": pick(GEMEENTEN[:1] * 3 + GEMEENTEN),
            "soort": pick(("azc", "noodopvang")),
            "zichtbaarheid": pick(("openbaar", "openbaar", "afgeschermd")),
        },
    ),
    "opvanglocaties.locatie-gesloten": Kind(1, LOCATIES, "geldigVanaf", lambda _: {}),
    "opvanglocaties.capaciteit-gewijzigd": Kind(6, LOCATIES, "geldigVanaf", places, ends=True),
    "opvanglocaties.bezetting-gemeld": Kind(12, LOCATIES, "peilmoment", lambda pick: {"aanwezig": pick(range(500))}),
    "opvanglocaties.toegang-gewijzigd": Kind(
        3, LOCATIES, "geldigVanaf", lambda pick: {"regime": pick(("open", "gecontroleerd", "gesloten"))}
    ),
    "opvanglocaties.maximum-vastgesteld": Kind(
        2,
        LOCATIES,
        "geldigVanaf",
        lambda pick: {"maximum": pick(range(50, 300)), "grondslag": "uitspraak", "dwangsomPerDag": 900},
        ends=True,
    ),
    "spreidingswet.cyclus-vastgesteld": Kind(
        2,
        CYCLI,
        "geldigVanaf",
        lambda pick: {
            "raming": 96_000,
            "beschikbaarTotMinstens": pick(("2026-02-01", "2026-10-01", "2027-04-01")),
            "meetellendeSoorten": pick((["regulier", "amv"], list(SOORTEN))),
            "volledig": pick((True, True, False)),
        },
    ),
    "spreidingswet.opgave-vastgesteld": Kind(
        6,
        (*GEMEENTEN, *PROVINCIES),
        "geldigVanaf",
        lambda pick: {
            "cyclus": pick(CYCLI),
            "status": pick(("indicatief", "provinciaal", "verdeelbesluit")),
            "opgave": pick((0, 40, 150, 300, 600)),
        },
    ),
    "spreidingswet.overdracht-afgesproken": Kind(
        2,
        GEMEENTEN[:2],
        "geldigVanaf",
        lambda pick: {"cyclus": pick(CYCLI), "naar": pick(GEMEENTEN[2:]), "aantal": pick(range(100))},
        ends=True,
    ),
    "spreidingswet.toezichtstap-gezet": Kind(
        2, GEMEENTEN, "gezetOp", lambda pick: {"stap": pick(("brief", "besluit", "beëindigd"))}
    ),
    "opvangcijfers.cijfers-gepubliceerd": Kind(
        3,
        ("NL", PROVINCIES[1], GEMEENTEN[0], LOCATIES[0]),
        "peildatum",
        lambda pick: {
            "bron": pick(("COA", "Kamerbrief")),
            "cijfers": [{"grootheid": pick(("aanwezig", "voldoet")), "waarde": pick(range(900))}],
        },
    ),
}
"""Every type but the retraction. Few subjects, so that events meet."""


def one_of(chance: random.Random, name: str, subject: str, time: datetime, about: datetime) -> Json:
    """An event of this type, logged at `time` about another moment."""
    kind = KINDS[name]
    data = kind.data(chance.choice) | {kind.since: format_moment(about)}
    if kind.ends and chance.random() < 0.4:
        data["geldigTot"] = format_moment(about + timedelta(days=chance.randint(5, 300)))
    return event(name, subject, format_moment(time), chance.choice((*SOURCES, SOURCES[0])), **data)


def retracted(chance: random.Random, target: Json, time: datetime) -> Json:
    """The retraction of an event; mostly by its source, or else it has no effect."""
    source = target["source"] if chance.random() < 0.8 else chance.choice(SOURCES)
    said = {"gebeurtenisId": target["id"], "reden": "vergissing"}
    return event("gebeurtenissen.ingetrokken", target["subject"], format_moment(time), source, **said)


def logged(
    chance: random.Random, count: int, begin: datetime, end: datetime, asked: datetime, known: Sequence[Json]
) -> list[Json]:
    """Random events with `time` from begin to end, both included, and retractions of them and of what was known.

    They are about then, about long before, about what is still to come, or about the weeks before the V that is asked.
    """
    found: list[Json] = []
    names, weights = list(KINDS), [kind.weight for kind in KINDS.values()]
    for number in range(count):
        time = (begin, end)[number] if number < 2 else begin + chance.random() * (end - begin)
        if known and chance.random() < 0.15:
            found.append(retracted(chance, chance.choice([*known, *found]), time))
            continue
        (name,) = chance.choices(names, weights)
        since, days = chance.choice(((time, -400), (time, -2), (time, 300), (asked, -40)))
        about = since + chance.random() * timedelta(days=days)
        found.append(one_of(chance, name, chance.choice(KINDS[name].subjects), time, about))
    return found


def known_at_first(chance: random.Random, asked: datetime) -> list[Json]:
    """Of every subject everything is said once, or there would be little to count; and then what happens."""
    once = [one_of(chance, name, subject, BEGIN, BEGIN) for name, kind in KINDS.items() for subject in kind.subjects]
    return [*once, *logged(chance, 250, BEGIN, NOW, asked, once)]


def deliver(
    store: Store,
    fill: Fill,
    chance: random.Random,
    events: list[Json],
    received: datetime,
    look: Callable[[], None] = lambda: None,
) -> None:
    """Store them in any order, in ten inserts, after which the tables follow, are made anew (once), or neither."""
    events = chance.sample(events, len(events))
    borders = sorted(chance.sample(range(1, len(events)), 9))
    made_anew = chance.randrange(10)
    for number, (begin, end) in enumerate(pairwise([0, *borders, len(events)])):
        fill(store, read(events[begin:end]), received)
        if number == made_anew:
            rebuild(store)
        elif chance.random() < 0.4:
            bring_up_to_date(store)
        look()


class Question(NamedTuple):
    """An address, and what is asked of it."""

    path: str
    asked: dict[str, str]

    def beside(self, **more: str) -> "Question":
        """The same, with this asked too."""
        return Question(self.path, self.asked | more)

    def with_knowledge_of(self, known_at: datetime) -> "Question":
        """The same, with what is known at another K."""
        last = "naarBekendOp" if "naarBekendOp" in self.asked else "bekendOp"
        return self.beside(**{last: format_moment(known_at)})


NO_FIGURES = {"/alarmen", "/stiltes", "/gebeurtenissen/{id}"}
"""Reads that this is not about: an alarm is a statement of its own moment, and an event never changes."""
ROWS = {"/gebeurtenissen": "1000", "/aansluiting": "3"}
"""The whole log; and few of those that each take all figures of another day."""


def questions_about(point: Pair, client: httpx.Client, chance: random.Random, form: str) -> list[Question]:
    """Every read that the API describes, about one point: some figure of each series, each report also in this form."""
    described = client.get("/v1/openapi.json").json()["paths"]
    found = []
    for path in sorted(described.keys() - NO_FIGURES):
        if "get" in described[path]:
            code = PROVINCIES[1] if path.startswith("/provincies") else GEMEENTEN[0]
            own = "/v1" + path.replace("{id}", LOCATIES[0]).replace("{code}", code)
            parameters = {one["name"]: one["schema"] for one in described[path]["get"]["parameters"]}
            question = Question(own, asked_of(path, parameters, point, chance))
            found += [question, question.beside(formaat=form)] if path.startswith("/rapporten/") else [question]
    return found


def asked_of(path: str, parameters: Json, point: Pair, chance: random.Random) -> dict[str, str]:
    """What to ask of an address that takes these parameters."""
    valid_at, known_at = point
    v, k = format_moment(valid_at), format_moment(known_at)
    if "naarBekendOp" in parameters:
        before = format_moment(valid_at - timedelta(days=60)), format_moment(known_at - timedelta(days=100))
        return {"vanGeldigOp": before[0], "vanBekendOp": before[1], "naarGeldigOp": v, "naarBekendOp": k}
    asked = {"geldigOp": v, "bekendOp": k}
    if "stap" in parameters:
        begin = format_moment(valid_at - timedelta(days=200))
        asked |= {"van": begin, "tot": v, "stap": "week", "grootheid": chance.choice(parameters["grootheid"]["enum"])}
    return asked | ({"aantal": ROWS[path]} if path in ROWS else {})


def ask(client: httpx.Client, question: Question) -> Any:
    """What is answered, without when it was made."""
    answer = client.get(question.path, params=question.asked)
    assert answer.status_code == 200, f"{question}: {answer.text}"
    match question.asked.get("formaat"):
        case "csv":
            said: Any = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        case "parquet":
            table = parquet.read_table(BufferReader(answer.content))
            about = {name.decode(): value.decode() for name, value in (table.schema.metadata or {}).items()}
            said = [about, str(table.schema.remove_metadata()), table.to_pylist()]
        case _:
            said = orjson.loads(answer.content)
    return without(said, "gemaaktOp")


def without(said: Any, *names: str) -> Any:
    """The same without the fields of these names, wherever they stand."""
    match said:
        case dict():
            return {name: without(value, *names) for name, value in said.items() if name not in names}
        case list():
            return [without(value, *names) for value in said]
    return said


def figures(said: Any) -> Any:
    """All but from which stored events it was counted."""
    return without(said, "positie")


def bare_figures(said: Any) -> Any:
    """All that does not speak of K itself either."""
    return without(said, "positie", "bekendOp", "alinea", "zin")


@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)  # over HTTP the SQL is the same
@pytest.mark.parametrize(
    ("seed", "point"), [only_whole(1, LOOKED_BACK_ON, id="terug"), pytest.param(2, ANNOUNCED, id="vooruit")]
)
def test_what_was_answered_is_answered_again_whatever_came_after(
    store: Store, fill: Fill, seed: int, point: Pair
) -> None:
    chance = random.Random(seed)
    clock = [NOW]
    known = known_at_first(chance, point[0])
    deliver(store, fill, chance, known, NOW)
    app = make_app("Proef", [api_router(Reader(store, lambda: clock[-1]))], metrics=fresh_metrics(), checks={})
    with client_of(app) as client:
        which = random.Random(seed)  # of its own: what the API offers changes no event
        other = [(one, ask(client, one)) for one in questions_about(point, client, which, "parquet")]
        first = [*other, *((one, ask(client, one)) for one in questions_about(LIVE, client, which, "csv"))]
        positie = str(store.position())

        def look() -> None:
            question, before = chance.choice(first)
            assert figures(ask(client, question)) == figures(before), question

        clock.append(A_YEAR_LATER)
        year = logged(chance, 500, NOW + INSTANT, A_YEAR_LATER, point[0], known)
        assert {one["type"] for one in year} == set(FACT_TYPES)
        deliver(store, fill, chance, year, A_YEAR_LATER, look)
        for question, before in first:
            assert figures(ask(client, question)) == figures(before), question
        for question, before in other:  # or all of this would hold for a year in which nothing happens
            learned = ask(client, question.with_knowledge_of(A_YEAR_LATER))
            assert bare_figures(learned) != bare_figures(before), question

        late = logged(chance, 250, BEGIN, point[1], point[0], [*known, *year])
        deliver(store, fill, chance, late, A_YEAR_LATER)
        for question, before in first:
            assert ask(client, question.beside(positie=positie)) == before, question
        for question, before in other:
            assert figures(ask(client, question)) != figures(before), question
