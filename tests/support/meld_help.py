"""The form in which people report, as a browser sees it: its fields, what it would send, and the log behind it."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from starlette.middleware import Middleware

from services.access import Guard
from services.api.app import api_router
from services.dashboard.app import dashboard_router
from services.eventlog.brokers import BrokerUnavailableError
from services.eventlog.producer import Appended
from services.eventlog.topics import EVENTS as TOPIC
from services.ingest.accept import Ingest
from services.ingest.app import ingest_router
from services.processor.batch import Message
from services.processor.process import Outcomes, Processor
from services.reads.reader import Reader
from services.store.model import Place
from services.store.store import Store
from services.web import make_app
from tests.support.spare import empty_store
from tests.support.strategies import read
from tests.support.web_client import fresh_metrics
from tests.support.web_events import EVENTS, NOW, event, places, reading

_offsets = count(1_000_000)
"""Also used to name databases."""
LATER = "2026-06-01T10:00"
HIDDEN = 'Schuilplek "huis" <b> مأوى'
SHIELDED = [
    event(
        "opvanglocaties.locatie-geregistreerd",
        "LOC-GEHEIM",
        "2024-01-01",
        naam=HIDDEN,
        gemeente="GM0344",
        soort="azc",
        zichtbaarheid="afgeschermd",
        geldigVanaf="2024-01-01",
    ),
    places("LOC-GEHEIM", 77, 66),
    reading("LOC-GEHEIM", 55, "2026-05-26T06:00:00Z"),
]
WORLD = [*EVENTS, *SHIELDED]
READING = {
    "soort": "bezetting",
    "over": "LOC-UTRECHT",
    "data.peilmoment": "2026-05-26T09:30",
    "data.aanwezig": "280",
}
CAPACITY = {
    "soort": "capaciteit",
    "over": "LOC-UTRECHT",
    "data.geldigVanaf": "2026-05-26",
    "data.plaatsen.regulier.aantal": "350",
}
ACCESS = {"soort": "toegang", "over": "LOC-UTRECHT", "data.geldigVanaf": "2026-05-26", "data.regime": "beperkt"}
MAXIMUM = {
    "soort": "maximum",
    "over": "LOC-TER-APEL",
    "data.geldigVanaf": "2026-05-26",
    "data.maximum": "2.100",
    "data.grondslag": "uitspraak",
    "data.dwangsomPerDag": "15000",
}
TASK = {
    "soort": "opgave",
    "over": "Groningen",
    "data.cyclus": "2024",
    "data.status": "verdeelbesluit",
    "data.geldigVanaf": "2026-01-01",
    "data.opgave": "90",
}


def clock():
    return NOW


class Form(HTMLParser):
    """The form as a browser sees it: its fields, the data it would send, and its table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.rows: dict[tuple[str, str], list[str]] = {}
        self.options: dict[str, list[str]] = {}
        """Name of a select → the values that it offers."""
        self.lists: dict[str, list[str]] = {}
        """Id of a list beside a field → what it offers to type."""
        self._group, self._cells, self._cell, self._select, self._list = "", [], None, "", ""
        text = text.replace("\xa0", " ")
        self.feed(text)
        self.text = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag == "form":
            self.forms.append({"method": found["method"]})
        elif tag == "input" and "name" in found and self.forms:
            if found.get("type") not in ("radio", "checkbox") or "checked" in found:
                self.forms[-1][found["name"]] = found.get("value", "")
        elif tag in ("select", "datalist", "option"):
            self._chosen(tag, found)
        elif tag == "tr":
            self._cells = []
        elif tag in ("th", "td"):
            self._cell = ""

    def _chosen(self, tag: str, found: dict[str, str]) -> None:
        if tag == "select":
            self._select = found["name"]
            self.options[self._select] = []
        elif tag == "datalist":
            self._list = found["id"]
            self.lists[self._list] = []
        elif self._list:
            self.lists[self._list].append(found["value"])
        else:
            self.options[self._select].append(found["value"])
            if "selected" in found or len(self.options[self._select]) == 1:
                self.forms[-1][self._select] = found["value"]

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "datalist"):
            self._select = self._list = ""
        elif tag in ("th", "td"):
            self._cells.append(self._cell)
            self._cell = None
        elif tag == "tr" and len(self._cells) == 1:
            self._group = self._cells[0]
        elif tag == "tr":
            self.rows[self._group, self._cells[0]] = self._cells[1:]

    @property
    def names(self) -> set[str]:
        """Returns the names of what a person can fill in."""
        filled = [found for tag, found in self.elements if tag in ("input", "select") and "name" in found]
        return {found["name"] for found in filled if found.get("type") != "hidden"}

    @property
    def asks(self) -> dict[str, str]:
        """Returns what the form to fill in would send as it is."""
        found = next(form for form in self.forms if form["method"] == "get" and "soort" in form)
        return {name: value for name, value in found.items() if name != "method"}

    @property
    def hidden(self) -> dict[str, str] | None:
        """Returns what the button to send it would send; None without that button."""
        found = next((form for form in self.forms if form["method"] == "post" and "soort" in form), None)
        return found and {name: value for name, value in found.items() if name != "method"}

    @property
    def faults(self) -> set[str]:
        """Returns the fields that the error summary links to."""
        return {found["href"][1:] for tag, found in self.elements if tag == "a" and found["href"].startswith("#")} - {
            "inhoud"
        }

    def changed(self) -> set[tuple[str, str]]:
        return {key for key, cells in self.rows.items() if cells[-1] == "ja"}

    def links(self) -> list[str]:
        return [found["href"] for tag, found in self.elements if tag == "a"]


class Log:
    """A log whose messages the processor handles at once."""

    def __init__(self, store: Store, progress: Outcomes) -> None:
        self._processor = Processor(store, self._aside, progress, clock, fresh_metrics())
        self.away = False
        self.messages: list[bytes] = []

    def _aside(self, items: Any) -> None:
        raise AssertionError(f"niets hiervan is onverwerkbaar: {items}")

    async def append_async(self, topic: str, _key: str | None, body: bytes, headers: Any = ()) -> Appended:
        assert topic == TOPIC
        if self.away:
            raise BrokerUnavailableError("de broker is weg")
        self.messages.append(body)
        place = Place(1, 0, next(_offsets))
        parsed = await self._processor.parse([Message(topic, place, body, headers)])
        await self._processor.store(await self._processor.decide(parsed))
        return Appended(place.partition, place.offset)


class World:
    """A server with the form, and the log behind it."""

    def __init__(
        self,
        store: Store,
        *,
        waits: bool = True,
        access: Any = None,
        sends: bool = True,
        profielen: Path | None = None,
    ) -> None:
        progress = Outcomes()
        self.store, self.log = store, Log(store, progress)
        ingest = Ingest(self.log, store, clock, fresh_metrics(), progress.outcome if waits else None)  # type: ignore[arg-type]
        router = dashboard_router(Reader(store, clock), ingest.accept if sends else None, profielen=profielen)
        around = [Middleware(Guard, access=access)] if access else []
        routers = [router, api_router(Reader(store, clock)), ingest_router(ingest)]
        self.app = make_app("Proef", routers, metrics=fresh_metrics(), checks={}, around=around)


@contextmanager
def fresh(folder: Path, events: list[dict[str, Any]], fill: Any) -> Iterator[Store]:
    """Gives a store with these events, in this process."""
    with empty_store(folder) as store:
        fill(store, read(events), ontvangen_op=NOW)
        yield store


def look(client: httpx.Client, fields: dict[str, str], **options: Any) -> Form:
    answer = client.get("/melden", params=fields | {"controleer": "ja"}, **options)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8"), answer.text
    return Form(answer.text)
