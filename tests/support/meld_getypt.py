"""What a person does with the form to report what an event says: pick, type, look on, and send."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from schemas.data import MOMENTEN
from schemas.fields import AMSTERDAM, parse_moment
from schemas.reference import PROVINCIES, gemeenten
from services.dashboard.melden.formulieren import FORMULIEREN, VAN_TYPE
from services.dashboard.melden.lezen import als_tekst
from tests.support.meld_help import Form

_NAMES = {one.code: one.naam for one in gemeenten()} | PROVINCIES | {"NL": "Nederland"}


def typed(data: Mapping[str, Any]) -> dict[str, str]:
    """Returns what a person types for the data of an event: names for codes, days and times, Dutch numbers."""
    return dict(pair for name, value in data.items() for pair in _field(f"data.{name}", name, value))


def _field(path: str, name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            if isinstance(one, str):
                yield f"{path}.{one}", "ja"
            else:
                rest = {key: it for key, it in one.items() if key != "soort"}
                row = f"{path}.{one.get('soort', number)}"
                yield from (pair for key, it in rest.items() for pair in _field(f"{row}.{key}", key, it))
    elif isinstance(value, bool):
        yield path, "ja" if value else "nee"
    elif isinstance(value, int | float):
        yield path, f"{value:,}".replace(",", "_").replace(".", ",").replace("_", ".").removesuffix(",0")
    elif name in MOMENTEN:
        yield from _moment(path, value)
    elif name == "gebeurtenisId":
        yield f"{path}.ander", value
    else:
        yield path, value if name == "toezichthouder" else _NAMES.get(value, value)


def _moment(path: str, value: str) -> Iterator[tuple[str, str]]:
    local = parse_moment(value).astimezone(AMSTERDAM)
    yield path, f"{local:%Y-%m-%d}"
    if local.time().isoformat() != "00:00:00":
        yield f"{path}.tijd", local.time().isoformat()


def as_program(event: Mapping[str, Any]) -> dict[str, str]:
    """Returns the same for the form for programs: a text for every field, which is empty where it says nothing."""
    texts = typed(event["data"])
    fields = FORMULIEREN[VAN_TYPE[event["type"]]].velden()
    rows = len(event["data"].get("cijfers", ()))
    told = {veld.naam: als_tekst(veld, texts) for veld in fields if not _beyond(veld.naam, rows)}
    return {"over": _NAMES.get(event["subject"], event["subject"])} | told


def _beyond(name: str, rows: int) -> bool:
    """Whether a field is in a row that the event does not have."""
    row = name.removeprefix("data.cijfers.").partition(".")[0]
    return row.isdecimal() and int(row) >= rows


def filled_in(client: httpx.Client, event: Mapping[str, Any], **options: Any) -> Form:
    """Goes through the steps of the form, filling in only what it asks, and returns the page to check."""
    left = typed(event["data"])
    fields = {"soort": VAN_TYPE[event["type"]], "over": ""}
    subject = _NAMES.get(event["subject"], event["subject"])
    page = _shown(client, fields, **options)
    if "over" in page.names:
        fields = page.asks | {"over": subject} | {name: left.pop(name) for name in page.names & left.keys()}
        page = _shown(client, fields, **options)
    if left.keys() - page.names and "data.cijfers.0.waarde" in page.names:
        page = _shown(client, page.asks | {"rijen": "8"}, **options)
    assert left.keys() <= page.names, "the form does not ask for all that the event says"
    fields = page.asks | {name: left.get(name, "") for name in page.names if name != "source"}
    return _shown(client, fields | {"controleer": "ja"}, **options)


def _shown(client: httpx.Client, fields: Mapping[str, str], **options: Any) -> Form:
    answer = client.get("/melden", params=fields, **options)
    assert answer.status_code == 200, answer.text
    return Form(answer.text)
