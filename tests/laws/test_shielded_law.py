"""Nobody without the right to meets a locatie that is afgeschermd, at any address.

Which locaties these are stands in `test_shield.py`.
"""

import random
import threading
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
import pytest

from schemas.events import StilteIngesteld, type_name
from schemas.fields import parse_moment
from services.access import Right, Role
from services.core.alarms.alarmen import Transition
from services.dashboard.pages import PAGES
from services.store.connect import Connection
from services.store.derive import bring_up_to_date
from services.store.tokens import TokenTable
from services.web.addresses import (
    ADDRESSES,
    LOCATIE,
    Address,
)
from tests.support.access_help import access_of, bearer, serving, token
from tests.support.alarm_help import confirmed, keep, look, shipped, view
from tests.support.rondes import only_whole
from tests.support.shielded_walk import ELSEWHERE, answers, left_out, producer, receivers
from tests.support.strategies import read
from tests.support.web_events import EVENTS, SOURCE, event, places, reading, registered

NOW = parse_moment("2026-05-26T08:00:00Z")
OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"
KINDS = (
    "altijd",
    "later",
    "straks",
    "ingetrokken",
    "herzien",
    "een ander opent",
    "een ander wil openen",
    "een ander schermt af",
    "niet meer",
    "ooit",
    "ieder opent",
)
"""How a locatie came to be afgeschermd. By what is known now, the last three are not."""
each_place = pytest.mark.parametrize(
    ("filled", "new_store"), [("in de tabellen", "chdb"), only_whole("nog in het logboek", "http")], indirect=True
)
"""Marks a test that runs on derived tables in this process, and in `make volledig` on the log alone over HTTP."""
SHIELDED = KINDS[:-3]


def clock():
    return NOW


def about(locatie: str, naam: str, zichtbaarheid: str, time: str, vanaf: str, source: str = SOURCE) -> dict[str, Any]:
    data = {"naam": naam, "gemeente": "GM0344", "soort": "azc", "zichtbaarheid": zichtbaarheid, "geldigVanaf": vanaf}
    return event("opvanglocaties.locatie-geregistreerd", locatie, time, source, **data)


def retraction(of: dict[str, Any], subject: str, time: str) -> dict[str, Any]:
    return event("gebeurtenissen.ingetrokken", subject, time, gebeurtenisId=of["id"], reden="vergissing")


def registrations(kind: str, locatie: str, naam: str) -> list[dict[str, Any]]:
    """Returns the events that make a locatie of this kind."""
    first = about(locatie, naam, "openbaar", "2024-01-01", "2024-01-01")
    hidden = about(locatie, naam, "afgeschermd", "2024-06-01", "2024-06-01")
    always = about(locatie, naam, "afgeschermd", "2024-01-01", "2024-01-01")
    announced = about(locatie, naam, "afgeschermd", "2026-05-01", "2030-01-01")
    back = about(locatie, naam, "openbaar", "2025-01-01", "2025-01-01")
    other = about(locatie, naam, "openbaar", "2025-03-01", "2025-03-01", OTHER)
    later = about(locatie, naam, "openbaar", "2025-03-02", "2030-01-01", OTHER)
    covers = about(locatie, naam, "afgeschermd", "2023-01-01", "2023-01-01", OTHER)
    return {
        "altijd": [always],
        "later": [first, hidden],
        "straks": [first, announced],
        "ingetrokken": [hidden, retraction(hidden, "LOC-UTRECHT", "2025-01-01")],
        "herzien": [hidden, back, retraction(back, locatie, "2025-02-01")],
        "een ander opent": [hidden, other],
        "een ander wil openen": [hidden, later],
        "een ander schermt af": [first, covers],
        "niet meer": [hidden, back],
        "ooit": [about(locatie, naam, "afgeschermd", "2020-01-01", "2020-01-01"), first],
        "ieder opent": [hidden, covers, other, back],
    }[kind]


def world(seed: int) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Returns events, and locatie → kind for each locatie that is made here."""
    chance = random.Random(seed)
    events, kinds = [], {}
    for number, kind in enumerate([*KINDS, *chance.choices(KINDS, k=2)]):
        locatie, naam = f"LOC-{seed}-{number}-X", f"Onderkomen {seed}-{number}-Y"
        kinds[locatie] = kind
        full = chance.random() < 0.5
        events += [
            *registrations(kind, locatie, naam),
            places(locatie, 100, 90),
            reading(locatie, 200 if full else 50, "2026-05-25T08:00:00Z"),
            event(
                "opvanglocaties.toegang-gewijzigd", locatie, "2026-05-01", geldigVanaf="2026-05-01", regime="beperkt"
            ),
            event(
                "opvanglocaties.maximum-vastgesteld",
                locatie,
                "2024-02-01",
                geldigVanaf="2024-02-22",
                maximum=60,
                grondslag=f"afspraak over {naam}",
            ),
            event(
                "opvangcijfers.cijfers-gepubliceerd",
                locatie,
                "2026-01-10",
                peildatum="2026-01-01",
                bron=f"brief over {naam}",
                cijfers=[{"grootheid": "aanwezig", "waarde": 70}],
            ),
        ]
    chance.shuffle(events)
    return [*EVENTS, *events], kinds


@pytest.fixture
def filled(request, store, fill):
    """Returns a store with that world and alarms about every locatie. Its derived tables are filled or still empty."""
    events, kinds = world(len(request.param))
    fill(store, read(events), ontvangen_op=NOW)
    if request.param == "in de tabellen":
        bring_up_to_date(store)
    once = [one for one in events if one["type"] != "nl.gebeurtenissen.ingetrokken.v1"]
    made = look([shipped("toegang"), shipped("boven-maximum")], view(read(once), NOW), [])
    about = [one for one in made if one.data.regel == "toegang" and one.subject in kinds]
    assert {one.subject for one in about} == kinds.keys()
    keep(store, made)
    keep(store, [confirmed(one, "2026-05-26T08:00:00Z", "medewerker-7") for one in made])
    keep(store, map(silence, about))
    return store, events, kinds


def silence(alarm: Transition) -> StilteIngesteld:
    """Makes a silence about the onderwerp of this alarm."""
    own_id = str(uuid5(NAMESPACE_URL, f"stilte {alarm.id}"))
    return StilteIngesteld.model_validate(
        {
            "specversion": "1.0",
            "id": own_id,
            "source": alarm.source,
            "type": type_name(StilteIngesteld),
            "subject": alarm.subject,
            "time": "2026-05-26T08:00:00Z",
            "data": {
                "stilteId": own_id,
                "onderwerp": alarm.subject,
                "vanaf": "2026-05-26",
                "tot": "2026-05-27",
                "reden": f"Er is iets met {alarm.subject}",
                "doorWie": "medewerker-7",
            },
        }
    )


def test_every_address_that_tells_something_is_read():
    assert left_out(ADDRESSES, ELSEWHERE) == []


def test_an_address_that_this_law_would_miss_is_named():
    stream = Address("GET", "/v1/wachtlijst", Right.READ, "api", "figures", live=True)
    (said,) = left_out([*ADDRESSES, stream], ELSEWHERE)
    assert said.startswith("GET /v1/wachtlijst speaks of figures and this law can't read it: write a test that")
    (said,) = left_out(ADDRESSES, ELSEWHERE | {stream: ("integration/test_stroom.py", "test_of_the_waiting_list")})
    assert said.startswith("ELSEWHERE says that integration/test_stroom.py holds /v1/wachtlijst to this law, but there")


@pytest.mark.parametrize(("filled", "new_store"), [("nog in het logboek", "chdb")], indirect=True)  # it takes minutes
def test_nobody_but_a_beheerder_meets_it_anywhere(filled):
    store, events, kinds = filled
    table = TokenTable(store.connection)
    hidden = [locatie for locatie, kind in kinds.items() if kind in SHIELDED]
    secret_ids = {one["id"] for one in events if one["subject"] in hidden}
    secret_ids |= {one["id"] for one in events if one["data"].get("gebeurtenisId") in secret_ids}
    names = [locatie.replace("LOC-", "Onderkomen ").replace("-X", "-Y") for locatie in hidden]
    headers = bearer(token(table, clock, Role.LEZER, Role.OPERATOR, Role.INVOER, source=SOURCE))
    shown = [one for one, kind in kinds.items() if kind not in SHIELDED]
    with (
        producer() as nowhere,
        serving(store, access_of(table, clock), clock, *receivers(store, clock, nowhere)) as client,
    ):
        seen = ""
        for path, answer in answers(client, headers, shown):
            known = (200, 404) if "/toezicht" not in path else (200, 403, 404)  # Steps are not for everybody.
            assert answer.status_code in known, (path, answer.text)
            said = answer.text + str(answer.headers)
            for word in (*hidden, *names, *secret_ids):
                assert word not in said, (path, word)
            seen += said
        for locatie, kind in kinds.items():
            assert (locatie in seen) == (kind not in SHIELDED), kind


@each_place
def test_people_and_places_are_counted_over_what_the_caller_may_meet_and_the_law_over_all(filled):
    store, _, kinds = filled
    table = TokenTable(store.connection)
    lezer, beheerder = (bearer(token(table, clock, role)) for role in (Role.LEZER, Role.BEHEERDER))
    with serving(store, access_of(table, clock), clock) as client:

        def told(path, who, **asked):
            return client.get(path, params=asked, headers=who).json()

        for who, omvat in ((lezer, "zichtbaar"), (beheerder, "alles")):
            for asked in ({}, {"geldigOp": "2024-07-01"}, {"bekendOp": "2025-01-15"}):
                rows = [row for row in told("/v1/locaties", who, aantal=1000, **asked)["items"] if row["open"]]
                land = told("/v1/bezetting", who, **asked)
                assert (land["locaties"], land["omvat"]) == (len(rows), omvat)
                assert land["plaatsen"] == sum(row["totaalPlaatsen"] or 0 for row in rows)
                assert land["aanwezigGemeten"] == sum(row["aanwezig"] or 0 for row in rows)
                areas = told("/v1/provincies", who, **asked)["items"]
                assert sum(row["locaties"] for row in areas) == len(rows)
                assert {row["omvat"] for row in areas} == {omvat}
        for asked in ({}, {"geldigOp": "2024-07-01"}, {"bekendOp": "2025-01-15"}):
            mine, theirs = (told("/v1/naleving", who, **asked) for who in (lezer, beheerder))
            law = ("totalen", "tekort", "tekortMinstens", "spreidingsindex", "omvat")
            assert {name: mine[name] for name in law} == {name: theirs[name] for name in law}
            assert [{**row, "toezicht": None} for row in mine["gemeenten"]] == [
                {**row, "toezicht": None} for row in theirs["gemeenten"]
            ]
            assert mine["omvat"] == "alles"
        rows = told("/v1/locaties", beheerder, aantal=1000)
        assert kinds.keys() <= {row["id"] for row in rows["items"] + rows["onbekend"]}


@each_place
def test_by_its_id_it_is_not_there_just_as_one_that_never_was(filled):
    store, events, kinds = filled
    table = TokenTable(store.connection)
    headers = bearer(token(table, clock, Role.LEZER))
    never = "00000000-0000-4000-8000-000000000000"
    with serving(store, access_of(table, clock), clock) as client:

        def answer(path: str, secret: str) -> tuple[int, str, dict[str, str]]:
            found = client.get(path.format(secret), headers=headers)
            said = {k: v for k, v in found.headers.items() if k not in ("content-length", "date")}
            return found.status_code, found.text.replace(secret, "*"), said

        one_locatie = [one.path.replace("{id}", "{}") for one in ADDRESSES if one.path.startswith(LOCATIE.path)]
        one_locatie += [page.path.replace("{code}", "{}") for page in PAGES if page.path_names == "locatie"]
        assert len(one_locatie) >= 5
        for locatie, kind in kinds.items():
            for path in one_locatie:
                same = answer(path, locatie) == answer(path, "LOC-BESTAAT-NIET")
                assert same == (kind in SHIELDED), (path, kind)
            for path in ("/v1/gebeurtenissen?onderwerp={}", "/v1/alarmen?onderwerp={}", "/v1/locaties?zoek={}"):
                nothing = orjson.loads(answer(path, "LOC-BESTAAT-NIET")[1])["items"]
                assert nothing == []
                if kind in SHIELDED:
                    assert orjson.loads(answer(path, locatie)[1])["items"] == []
        for one in events:
            if kinds.get(one["subject"]) in SHIELDED and one["type"].endswith("geregistreerd.v1"):
                for path in ("/v1/gebeurtenissen/{}", "/gebeurtenissen/{}"):
                    assert answer(path, one["id"]) == answer(path, never)
        for one in client.get("/v1/alarmen", headers=headers).json()["items"]:
            assert kinds.get(one["onderwerp"]) not in SHIELDED


@each_place
def test_nothing_is_read_of_an_id_that_may_not_be_met(filled, monkeypatch):
    """Then its time can't tell it from one that nobody named. `make bench DEEL=afscherming` measures that."""
    store, _, kinds = filled
    headers = bearer(token(TokenTable(store.connection), clock, Role.LEZER))
    asked: list[str] = []
    rows = Connection.rows

    def counting(self: Connection, query: str, *more: Any, **named: Any) -> Any:
        asked.append(query)
        return rows(self, query, *more, **named)

    monkeypatch.setattr(Connection, "rows", counting)
    secret = next(locatie for locatie, kind in kinds.items() if kind in SHIELDED)
    shown = next(locatie for locatie, kind in kinds.items() if kind not in SHIELDED)
    with serving(store, access_of(TokenTable(store.connection), clock), clock) as client:
        for _ in range(2):  # the first one loads the present, and the next one finds nothing new
            client.get("/v1/bezetting", headers=headers)

        def queries(path: str) -> list[str]:
            asked.clear()
            client.get(path, headers=headers)
            return list(asked)

        for path in ("", "/reeks", "/verklaring", "?bekendOp=2025-01-01", "/reeks?bekendOp=2025-01-01"):
            of_hidden, of_unknown = (queries(f"/v1/locaties/{one}{path}") for one in (secret, "LOC-BESTAAT-NIET"))
            assert of_hidden == of_unknown, path
            assert not any("FROM writes" in query for query in of_hidden), path
        assert any("FROM writes" in query for query in queries(f"/v1/locaties/{shown}?bekendOp=2025-06-01"))
        assert queries(f"/locaties/{secret}") == queries("/locaties/LOC-BESTAAT-NIET")


@pytest.mark.http_later
def test_it_is_hidden_while_its_registration_is_still_being_written(store, fill, monkeypatch):
    """Its rows can be read before the write is over."""
    fill(store, read([registered("LOC-EERST", "Eerst zichtbaar", "GM0344")]), NOW)
    headers = bearer(token(TokenTable(store.connection), clock, Role.LEZER))
    secret = about("LOC-GEHEIM", "Geheim", "afgeschermd", "2026-05-01", "2026-05-01")
    written, answered = threading.Event(), threading.Event()
    writer = threading.Thread(target=fill, args=(store, read([secret]), NOW))
    client_of = Connection.client

    class Slow:
        """A client whose insert takes long to say that it is done."""

        def __init__(self, client: Any) -> None:
            self._client = client

        def insert(self, *asked: Any, **more: Any) -> None:
            self._client.insert(*asked, **more)
            written.set()
            answered.wait(60)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._client, name)

    def client(self: Connection) -> Any:
        found = client_of(self)
        return Slow(found) if threading.current_thread() is writer else found

    with serving(store, access_of(TokenTable(store.connection), clock), clock) as asking:
        for _ in range(2):
            asking.get("/v1/bezetting", headers=headers)
        monkeypatch.setattr(Connection, "client", client)
        writer.start()
        try:
            assert written.wait(60)
            for _ in range(2):
                logged = asking.get("/v1/gebeurtenissen?onderwerp=LOC-GEHEIM", headers=headers).json()
                assert logged["items"] == []
        finally:
            answered.set()
            writer.join()
        assert asking.get("/v1/gebeurtenissen?onderwerp=LOC-GEHEIM", headers=headers).json()["items"] == []


@pytest.mark.http_later
def test_it_is_hidden_from_the_moment_that_it_is_known(store, fill):
    """This also holds for a store that is already open, and for moments before that one."""
    fill(store, read([registered("LOC-EERST", "Eerst zichtbaar", "GM0344"), places("LOC-EERST", 10, 10)]), NOW)
    table = TokenTable(store.connection)
    headers = bearer(token(table, clock, Role.LEZER))
    with serving(store, access_of(table, clock), clock) as client:
        assert client.get("/v1/locaties/LOC-EERST", headers=headers).status_code == 200
        fill(store, read([about("LOC-EERST", "Eerst zichtbaar", "afgeschermd", "2026-05-26T07:59:00Z", "2026-05-26")]))
        for asked in ({}, {"bekendOp": "2025-01-01"}, {"geldigOp": "2025-01-01"}):
            assert client.get("/v1/locaties/LOC-EERST", params=asked, headers=headers).status_code == 404
            assert "LOC-EERST" not in client.get("/v1/gebeurtenissen", params=asked, headers=headers).text
