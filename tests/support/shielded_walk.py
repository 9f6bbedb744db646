"""Reads every address that could name a locatie, as a user who is not a beheerder."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import APIRouter

from services.access import Right
from services.alarms.acts import Daden
from services.alarms.deliver.app import receivers_router
from services.alarms.deliver.stand import Ontvangers
from services.clock import Clock
from services.dashboard.app import alarm_pages_router
from services.dashboard.page import PathKind
from services.dashboard.pages import PAGES
from services.eventlog.brokers import parse_brokers
from services.eventlog.producer import Producer
from services.reads.reader import Reader
from services.store.store import Store
from services.web.addresses import (
    ADDRESSES,
    ALARM_BEVESTIGEN,
    ALARMTOETSEN,
    EINDE_STILTES,
    GEMEENTEN,
    INLEZEN,
    INLEZEN_VERSTUREN,
    MELDEN,
    NAMEN,
    OPNIEUW_STUREN,
    OPPAKKEN,
    PROEF_STUREN,
    RAPPORT_GEMEENTE,
    STILLEGGEN,
    STILTE_BEEINDIGEN,
    STILTE_INSTELLEN,
    STROOM,
    VERGELIJKEN,
    Address,
)
from tests.support.bezorg_help import hears_all, lijst_of
from tests.support.declared import walk
from tests.support.web_events import SOURCE

_TELLING = frozenset({"figures", "events", "alarms"})
"""What an answer may be about (`Address.about`) that could name a locatie. This law reads all of those."""
_ACTS = ("integration/test_alarm_acts.py", "test_of_what_is_afgeschermd_an_operator_sees_and_takes_up_nothing")
_FORMS = ("integration/test_alarmdaden.py", "test_of_what_is_afgeschermd_a_form_says_and_does_nothing")
_FILES = ("web/test_inlezen_rechten.py", "test_what_is_afgeschermd_is_as_if_it_were_not_there")
MORE = (
    "/?geldigOp=2024-07-01",
    "/?kaart=bezettingsgraad",
    "/?bekendOp=2025-01-15",
    "/locaties?aantal=1000",
    "/locaties?aantal=1000&geldigOp=2024-07-01",
    "/locaties?zoek=onderkomen",
    "/locaties?vol=true",
    "/locaties?aantal=1000&formaat=csv",
    "/locaties?aantal=1000&formaat=parquet",
    "/gemeenten?formaat=csv",
    "/gemeenten/GM0344?geldigOp=2024-07-01&periode=jaar",
    "/provincies/PV26?geldigOp=2024-07-01",
    "/bezetting/verklaring?geldigOp=2024-07-01",
    "/alarmen?status=hersteld",
    "/alarmen?status=wachtend",
    "/alarmen?status=alle&groep=provincie&sorteer=-afwijking",
    "/alarmen?status=alle&groep=regel&zoek=loc",
    "/verschil?metGeldigOp=2024-03-01",
    "/verschil?metGeldigOp=2024-03-01&deel=aanwezig",
    "/verschil?metGeldigOp=2024-03-01&deel=verder",
    "/verschil?metBekendOp=2025-01-15",
    "/verschil?metGeldigOp=2031-01-01",
    "/v1/openapi.json",
    "/v1/meldformulieren/bezetting?over=onderkomen&data.aanwezig=40",
    "/v1/meldformulieren/bezetting?over=LOC-UTRECHT&data.aanwezig=40&data.peilmoment=2026-05-26",
    "/v1/meldformulieren/capaciteit?over=LOC-UTRECHT&data.geldigVanaf=2026-05-26&data.plaatsen.regulier.aantal=9",
    "/v1/meldformulieren/opgave?over=GM0344&data.cyclus=2024&data.status=verdeelbesluit&data.geldigVanaf=2026-05-26"
    "&data.opgave=90",
    "/v1/meldformulieren/toezichtstap?over=GM0344&data.stap=besluit&data.gezetOp=2026-05-20&data.toezichthouder=PV26",
    "/v1/meldformulieren/intrekking?over=LOC-UTRECHT",
    "/v1/meldformulieren/intrekking?over=GM0344",
)
"""Other forms of the pages, files that can be downloaded from them, and the description of the API."""
ASKED_FOR = ("LOC-UTRECHT", "LOC-GEHEIM-0", "LOC-GEHEIM-0-0", "LOC-VRIJ-0-A", "LOC-BESTAAT-NIET")
"""What a receiver asks for by name, of which others may know only some. Of two worlds that must look the same, each
has others of these (`tests/laws/test_noninterference.py`)."""
EVENTS_WALKED = 6
"""Of about how many events the page is read."""
ELSEWHERE = {
    STROOM: ("integration/test_stroom.py", "test_of_what_is_afgeschermd_only_a_beheerder_hears"),
    ALARMTOETSEN: ("integration/test_alarmtoets.py", "test_what_is_afgeschermd_is_for_a_beheerder_only"),
    INLEZEN: _FILES,
    INLEZEN_VERSTUREN: _FILES,
    NAMEN: _FILES,
    MELDEN: ("web/test_melden_roles.py", "test_what_is_afgeschermd_is_as_if_it_were_not_there"),
    VERGELIJKEN: ("web/test_vergelijkingen_rechten.py", "test_what_is_afgeschermd_is_as_if_it_were_not_there"),
    ALARM_BEVESTIGEN: _ACTS,
    STILTE_INSTELLEN: _ACTS,
    STILTE_BEEINDIGEN: _ACTS,
    OPPAKKEN: _FORMS,
    STILLEGGEN: _FORMS,
    EINDE_STILTES: _FORMS,
    PROEF_STUREN: _FORMS,
    OPNIEUW_STUREN: _FORMS,
}
"""Address that can name a locatie but can't be read with GET → the test that checks the same rule there."""


def walked(declared: Iterable[Address]) -> list[Address]:
    """Returns the API addresses that this law reads as a user who is not a beheerder."""
    return [one for one in declared if one.method == "GET" and not one.live and tells(one)]


def tells(address: Address) -> bool:
    """Whether an answer could name a locatie to a user who is not a beheerder."""
    return address.about in _TELLING and address.asks is not Right.MANAGE


def left_out(declared: Iterable[Address], elsewhere: Mapping[Address, tuple[str, str]]) -> list[str]:
    """Returns a sentence for each address that could name a locatie and that no test of shielded places reads."""
    known = {*walked(declared), *elsewhere}
    found = [
        f"{one.method} {one.path} speaks of {one.about} and this law can't read it: write a test that a locatie which "
        "is afgeschermd stays out of it, and name that in ELSEWHERE"
        for one in declared
        if tells(one) and one not in known
    ]
    for one, (file, test) in elsewhere.items():
        if f"def {test}(" not in (Path(__file__).parents[1] / file).read_text(encoding="utf-8"):
            found.append(f"ELSEWHERE says that {file} holds {one.path} to this law, but there is no {test} there")
    return found


def answers(client: httpx.Client, headers: dict[str, str], seen: Sequence[str]) -> Iterator[tuple[str, httpx.Response]]:
    """Yields the answer of every address that could name a locatie, with its possible queries, and of every page.

    `seen` lists the locaties that are not hidden.
    """
    for address in walked(ADDRESSES):
        if address.path.startswith("/v1/"):
            yield from answers_of_api(client, address, headers)
        else:
            yield address.path, client.get(address.path, headers=headers)
    for path in (*paths_of_pages(client, headers, seen), *MORE):
        yield path, client.get(path, headers=headers)


def answers_once(
    client: httpx.Client, headers: dict[str, str], seen: Sequence[str], *more: str
) -> Iterator[tuple[str, httpx.Response]]:
    """Yields the answer of each of those addresses and pages asked once, without a query, and of more paths."""
    paths = [one for address in walked(ADDRESSES) for one in filled_in(client, address.path, headers)[:1]]
    for path in (*paths, *paths_of_pages(client, headers, seen), *more):
        yield path, client.get(path, headers=headers)


def paths_of_pages(client: httpx.Client, headers: dict[str, str], seen: Sequence[str]) -> list[str]:
    """Returns where every page is read, about what the caller may see."""
    alarms = [one["id"] for one in client.get("/v1/alarmen", headers=headers).json()["items"]]
    named: dict[PathKind, Sequence[str]] = {
        "gemeente": ["GM0344"],
        "provincie": ["PV26"],
        "ontvanger": ["meldkamer", "uitgekozen"],
    }
    logged = client.get("/v1/gebeurtenissen", params={"aantal": 1000}, headers=headers).json()["items"]
    events = [one["id"] for one in logged[:: max(1, len(logged) // EVENTS_WALKED)]]
    return walk(PAGES, named | {"locatie": seen, "alarm": alarms, "gebeurtenis": events})


def answers_of_api(
    client: httpx.Client, address: Address, headers: dict[str, str]
) -> Iterator[tuple[str, httpx.Response]]:
    times: list[dict[str, Any]] = [{"geldigOp": "2024-03-01"}, {"bekendOp": "2024-03-01"}, {"geldigOp": "2031-01-01"}]
    between = [
        {"vanGeldigOp": "2024-03-01"},
        {"vanBekendOp": "2024-03-01"},
        {"vanBekendOp": "2025-01-15", "onderwerp": "NL"},
        {"vanGeldigOp": "2031-01-01", "naarBekendOp": "2025-01-15"},
    ]
    item = client.get("/v1/openapi.json").json()["paths"][address.path.removeprefix("/v1")]["get"]
    asks = {one["name"]: one["schema"] for one in item.get("parameters", ()) if one["in"] == "query"}
    names = asks.keys()
    states = [state for form in asks.get("status", {}).get("anyOf", ()) for state in form.get("enum", ())]
    orders = asks.get("sorteer", {}).get("enum", ())
    more: list[dict[str, Any]] = [
        asked
        for asked in (
            {},
            {"zoek": "onderkomen"},
            {"gemeente": "GM0344"},
            {"open": "true"},
            *({"sorteer": one} for one in ("-aanwezig", "naam", "-afwijking") if one in orders),
            {"provincie": "PV26"},
            {"aantal": 150 if address is GEMEENTEN else 7},
            {"type": "nl.gebeurtenissen.ingetrokken.v1"},
            {"bron": SOURCE},
            {"zinnen": "true"},
            *({"status": state} for state in states),
        )
        if asked.keys() <= names
    ]
    at_times = times if "geldigOp" in names else []
    for one in filled_in(client, address.path, headers):
        for asked in between if "vanGeldigOp" in names else [*more, *at_times]:
            yield from pages(client, one, asked, headers)


def filled_in(client: httpx.Client, path: str, headers: dict[str, str]) -> list[str]:
    """Fills in a path with ids from its list. For areas it uses those that contain all locaties of the test."""
    if "{" not in path:
        return [path]
    collection, _, parameter = path.partition("/{")
    key, _, rest = parameter.partition("}")
    listed = GEMEENTEN.path if path == RAPPORT_GEMEENTE.path else collection
    items = client.get(listed, params={"aantal": 1000} if key == "id" else {}, headers=headers).json()
    found = [one[key] for one in [*items["items"], *items.get("onbekend", [])]]
    return [f"{collection}/{one}{rest}" for one in [one for one in found if one in ("GM0344", "PV26")] or found[-3:]]


def pages(
    client: httpx.Client, path: str, asked: dict[str, Any], headers: dict[str, str]
) -> Iterator[tuple[str, httpx.Response]]:
    while True:
        answer = client.get(path, params=asked, headers=headers)
        yield f"{path} {asked}", answer
        following = answer.json().get("volgende") if answer.status_code == 200 else None
        if following is None:
            return
        assert len(answer.json()["items"]) == asked["aantal"], "every page but the last is full"
        asked = asked | {"na": following}


@contextmanager
def producer() -> Iterator[Producer]:
    """Gives a producer without a broker, since these tests send nothing."""
    made = Producer(parse_brokers("kafka://127.0.0.1:9"), message_bytes_max=1)
    yield made
    made.close()


def receivers(store: Store, clock: Clock, producer: Producer) -> list[APIRouter]:
    """Returns the addresses and the pages of a receiver that gets everything, also of what is afgeschermd."""
    reader = Reader(store, clock)
    ontvangers = Ontvangers(reader, producer, lijst_of(hears_all(), hears_all("uitgekozen", onderwerpen=[*ASKED_FOR])))
    return [receivers_router(ontvangers), alarm_pages_router(Daden(reader, producer, {}), ontvangers)]
