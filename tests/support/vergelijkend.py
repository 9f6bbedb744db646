"""Plans what to send of a file, with a service in this process that compares, as `importeer` does over HTTP."""

from pathlib import Path

import httpx

from services.importer.plan import Bron, Plan, maak_plannen
from services.importer.vergelijk import VanServer


class InDitProces:
    """In the place of the connection with a server. `client` reaches the service through its whole ASGI stack."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def post(self, path: str, body: bytes, kind: str) -> httpx.Response:
        return self._client.post(path, content=body, headers={"content-type": kind})

    def get(self, path: str, **query: str) -> httpx.Response:
        return self._client.get(path, params=query)

    def unexpected(self, answer: httpx.Response) -> str:
        return f"{answer.status_code}: {answer.text}"


def plan_van(client: httpx.Client, pad: Path, bron: Bron, *, cijfers: bool = False) -> Plan:
    """The plan for a file of one piece."""
    (plan,) = maak_plannen(pad, bron, VanServer(InDitProces(client)), cijfers=cijfers)
    return plan


def exported(client: httpx.Client, path: str, form: str, folder: Path) -> Path:
    """A table that the service writes, as a file."""
    answer = client.get(path, params={"formaat": form, "aantal": 1000})
    assert answer.status_code == 200, answer.text
    file = folder / f"{path.rpartition('/')[2]}.{form}"
    file.write_bytes(answer.content)
    return file
