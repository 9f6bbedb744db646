"""The dry run of `POST /v1/vergelijkingen`, as a caller asks it and sends what it is told to send."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx

from services.api.app import api_router
from services.reads.reader import Reader
from services.store.store import Store
from services.web import make_app
from tests.support import wire
from tests.support.web_client import client_of, fresh_metrics
from tests.support.web_events import SOURCE

PATH = "/v1/vergelijkingen"
READING, CAPACITY = "opvanglocaties.bezetting-gemeld", "opvanglocaties.capaciteit-gewijzigd"


def row(body: wire.Body, subject: str = "LOC-UTRECHT", **more: Any) -> dict[str, Any]:
    """An event that may be sent, without an id or a `time`."""
    kind, data = body
    return {"type": f"nl.{kind}.v1", "source": SOURCE, "subject": subject, "data": data} | more


def ask(client: httpx.Client, *rows: Any, **more: Any) -> dict[str, Any]:
    answer = client.post(PATH, json={"gebeurtenissen": rows} | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def outcomes(found: dict[str, Any]) -> list[str]:
    return [one["uitkomst"] for one in found["rijen"]]


def sent(rows: Sequence[dict[str, Any]], found: dict[str, Any]) -> list[dict[str, Any]]:
    """What a caller sends after that: what would do something, with the data and the `time` that it is told."""
    return [
        {"specversion": "1.0", "id": str(uuid5(NAMESPACE_URL, repr((one["data"], said["time"]))))}
        | one
        | {"data": said["data"], "time": said["time"]}
        for one, said in zip(rows, found["rijen"], strict=True)
        if said["uitkomst"] in ("nieuw", "wijkt af")
    ]


@contextmanager
def serving_at(store: Store, now: datetime) -> Iterator[httpx.Client]:
    app = make_app("Proef", [api_router(Reader(store, lambda: now))], metrics=fresh_metrics(), checks={})
    with client_of(app) as client:
        yield client
