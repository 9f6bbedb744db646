"""Every earlier answer can be given again, whatever events came later.

First comes a year of random later events, with corrections and retractions of earlier ones. They change no answer for
an earlier K, apart from `gemaaktOp` and `positie`. Then events are imported that were logged before K. They do change
the answers, but a question at the `positie` of its first answer still gives that same answer. The test asks every read
that the API describes, and checks that each of them differs where it should.
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
from tests.support.strategies import INSTANT, Pair, read
from tests.support.web_client import client_of, fresh_metrics
from tests.support.web_events import event

Json = dict[str, Any]
Pick = Callable[[Sequence[Any]], Any]

BEGIN = datetime(2025, 3, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
"""The time at which every question is asked first."""
A_YEAR_LATER = NOW + timedelta(days=365)
OF_NOW = 3
"""Each seed asks one in this many questions of now, and every question of another moment."""
LIVE: Pair = (NOW, NOW)
"""The first answer comes from memory; later ones come from the derived tables or from the log."""
LOOKED_BACK_ON: Pair = (NOW - timedelta(days=150), NOW - timedelta(days=60))
ANNOUNCED: Pair = (NOW + timedelta(days=90), NOW - timedelta(days=20))
"""A V that is later than its K and later than NOW."""


class Kind(NamedTuple):
    """How to make random events of a type."""

    weight: int
    subjects: Sequence[str]
    since: str
    """The field with the moment from which the event is valid."""
    data: Callable[[Pick], Json]
    ends: bool = False
    term: str = ""
    """The field with a moment after that, which some have."""


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
            **pick(({}, {}, {"telregel": "ministerie"})),
        },
        term="realiserenVoor",
    ),
    "spreidingswet.telregel-vastgesteld": Kind(
        2,
        CYCLI,
        "geldigVanaf",
        lambda pick: {
            "naam": pick(("ministerie", "krant")),
            "omschrijving": "wat meetelt",
            "meetellendeSoorten": pick((["regulier", "amv"], list(SOORTEN))),
            "amvApart": pick((True, False)),
            "termijn": pick((True, False)),
            **pick(({}, {"nogMinstensMaanden": 6}, {"duurMinstensMaanden": 12})),
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
            **pick(({}, {"waarvanAmv": 0})),
        },
        term="realiserenVoor",
    ),
    "spreidingswet.opgave-stand-gewijzigd": Kind(
        2,
        GEMEENTEN,
        "geldigVanaf",
        lambda pick: {"cyclus": pick(CYCLI), "stand": pick(("geldend", "beroep", "geschorst", "vernietigd"))},
        ends=True,
    ),
    "spreidingswet.overdracht-afgesproken": Kind(
        2,
        GEMEENTEN[:2],
        "geldigVanaf",
        lambda pick: {"cyclus": pick(CYCLI), "naar": pick(GEMEENTEN[2:]), "aantal": pick(range(100))},
        ends=True,
    ),
    "spreidingswet.toezichtstap-gezet": Kind(
        2,
        GEMEENTEN,
        "gezetOp",
        lambda pick: {
            "stap": pick(("brief", "besluit", "beëindigd")),
            "toezichthouder": pick(("minister", PROVINCIES[1])),
        },
        term="termijn",
    ),
    "spreidingswet.inzet-geraamd": Kind(
        1, ("NL",), "geldigVanaf", lambda pick: {"stap": pick(("brief", "besluit")), "urenPerGemeente": pick(range(90))}
    ),
    "spreidingswet.toezichtcapaciteit-vastgesteld": Kind(
        1, ("NL", PROVINCIES[1]), "geldigVanaf", lambda pick: {"fte": pick((1, 2.5)), "urenPerFte": 1_350}
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
"""Every type except the retraction. There are few subjects, so that events affect each other."""


def one_of(chance: random.Random, name: str, subject: str, time: datetime, about: datetime) -> Json:
    """Makes an event of this type with this `time`, valid from another moment."""
    kind = KINDS[name]
    data = kind.data(chance.choice) | {kind.since: format_moment(about)}
    if kind.ends and chance.random() < 0.4:
        data["geldigTot"] = format_moment(about + timedelta(days=chance.randint(5, 300)))
    if kind.term and chance.random() < 0.4:
        data[kind.term] = format_moment(about + timedelta(days=chance.randint(5, 300)))
    return event(name, subject, format_moment(time), chance.choice((*SOURCES, SOURCES[0])), **data)


def retracted(chance: random.Random, target: Json, time: datetime) -> Json:
    """Makes a retraction of an event. Most have the source of that event; the others have no effect."""
    source = target["source"] if chance.random() < 0.8 else chance.choice(SOURCES)
    said = {"gebeurtenisId": target["id"], "reden": "vergissing"}
    return event("gebeurtenissen.ingetrokken", target["subject"], format_moment(time), source, **said)


def logged(
    chance: random.Random, count: int, begin: datetime, end: datetime, asked: datetime, known: Sequence[Json]
) -> list[Json]:
    """Makes random events with `time` from begin to end, both included, and retractions of these and of known events.

    They are valid from around `time`, from long before, from later, or from the weeks before the V that is asked.
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
    """Makes one event of each type for each subject, so that there is something to count, and then random events."""
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
    """Stores the events in random order, in ten inserts. The tables are rebuilt after one, updated after some."""
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
    """A path and its parameters."""

    path: str
    asked: dict[str, str]

    def beside(self, **more: str) -> "Question":
        """Returns the same question with more parameters."""
        return Question(self.path, self.asked | more)

    def with_knowledge_of(self, known_at: datetime) -> "Question":
        """Returns the same question with another K."""
        last = "naarBekendOp" if "naarBekendOp" in self.asked else "bekendOp"
        return self.beside(**{last: format_moment(known_at)})


NO_FIGURES = {"/alarmen", "/stiltes", "/gebeurtenissen/{id}", "/catalogus"}
"""Reads that are left out. An alarm speaks of its own moment only, an event never changes, and a catalogue tells where
figures are."""
LETTER, LETTERS = "/rapporten/gemeente/{code}", "/v1/rapporten/gemeente/"
"""Whoever asks it, it names nothing that is afgeschermd by now. So the events that it lists yield to a later shield."""
ROWS = {"/gebeurtenissen": "1000", "/aansluiting": "3"}
"""Numbers of rows to ask for: the whole log, and only a few where each row needs all figures of another day."""


def questions_about(point: Pair, client: httpx.Client, chance: random.Random, form: str) -> list[Question]:
    """Returns every read that the API describes, about one (V, K). Each report is also asked in this form."""
    described = client.get("/v1/openapi.json").json()["paths"]
    found = []
    for path in sorted(described.keys() - NO_FIGURES):
        if "get" in described[path]:
            code = PROVINCIES[1] if path.startswith("/provincies") else GEMEENTEN[0]
            own = "/v1" + path.replace("{id}", LOCATIES[0]).replace("{code}", code)
            parameters = {one["name"]: one["schema"] for one in described[path]["get"]["parameters"]}
            question = Question(own, asked_of(path, parameters, point, chance))
            in_files = path.startswith("/rapporten/") and path != LETTER
            found += [question, question.beside(formaat=form)] if in_files else [question]
    return found


def asked_of(path: str, parameters: Json, point: Pair, chance: random.Random) -> dict[str, str]:
    """Returns values for these parameters of a path."""
    valid_at, known_at = point
    v, k = format_moment(valid_at), format_moment(known_at)
    if "naarBekendOp" in parameters:
        before = format_moment(valid_at - timedelta(days=60)), format_moment(known_at - timedelta(days=100))
        return {"vanGeldigOp": before[0], "vanBekendOp": before[1], "naarGeldigOp": v, "naarBekendOp": k}
    asked = {"geldigOp": v, "bekendOp": k}
    if {"stap", "van"} <= parameters.keys():
        begin = format_moment(valid_at - timedelta(days=200))
        asked |= {"van": begin, "tot": v, "stap": "week", "grootheid": chance.choice(parameters["grootheid"]["enum"])}
    return asked | ({"aantal": ROWS[path]} if path in ROWS else {})


def ask(client: httpx.Client, question: Question) -> Any:
    """Returns the answer without the moment at which it was made."""
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
    if question.path.startswith(LETTERS):
        said = without(said, "gebeurtenissen")
    return without(said, "gemaaktOp")


def without(said: Any, *names: str) -> Any:
    """Returns the answer without the fields of these names, at every depth."""
    match said:
        case dict():
            return {name: without(value, *names) for name, value in said.items() if name not in names}
        case list():
            return [without(value, *names) for value in said]
    return said


NEW_EACH_TIME = ("positie", "code", "controle")


def figures(said: Any) -> Any:
    """Returns the answer without its positie, and without the code of a letter, which is another one each time."""
    return without(said, *NEW_EACH_TIME)


def bare_figures(said: Any) -> Any:
    """Returns the same without the fields that mention K."""
    return without(said, *NEW_EACH_TIME, "bekendOp", "alinea", "zin")


@pytest.mark.volledig
@pytest.mark.parametrize("new_store", ["chdb"], indirect=True)  # the SQL is the same over HTTP
@pytest.mark.parametrize(
    ("seed", "point"), [pytest.param(1, LOOKED_BACK_ON, id="terug"), pytest.param(2, ANNOUNCED, id="vooruit")]
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
        which = random.Random(seed)  # a separate generator, so that the paths of the API do not change the events
        asked = questions_about(point, client, which, "parquet")[seed % 2 :: 2]
        other = [(one, ask(client, one)) for one in asked]
        live = questions_about(LIVE, client, which, "csv")[seed::OF_NOW]
        first = [*other, *((one, ask(client, one)) for one in live)]
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
        for question, before in other:  # shows that the year does change the figures for a later K
            learned = ask(client, question.with_knowledge_of(A_YEAR_LATER))
            assert bare_figures(learned) != bare_figures(before), question

        late = logged(chance, 250, BEGIN, point[1], point[0], [*known, *year])
        deliver(store, fill, chance, late, A_YEAR_LATER)
        for question, before in first:
            then = ask(client, question.beside(positie=positie))
            sealed = question.path.startswith(LETTERS)  # Its code and its positie are new each time.
            assert figures(then) == figures(before) if sealed else then == before, question
        for question, before in other:
            assert figures(ask(client, question)) != figures(before), question
