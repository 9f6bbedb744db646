"""A running server with alarms, people who may act on them and people who may not, and a receiver."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support.facts import access, registered
from tests.support.server import Server, made, with_token
from tests.support.webhook_receiver import WebhookReceiver

ROLES = ("lezer", "operator", "beheerder")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LOCATIES = 12


class World:
    """A server that asks for tokens, a receiver, and a client for each role."""

    def __init__(self, server: Server, hook: WebhookReceiver, tokens: dict[str, str]) -> None:
        self.server, self.hook, self.tokens = server, hook, tokens
        self.of = {
            role: httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {text}"}, timeout=30)
            for role, text in tokens.items()
        }

    def alarm(self, onderwerp: str) -> dict[str, Any]:
        found = self.of["beheerder"].get("/v1/alarmen", params={"onderwerp": onderwerp, "regel": "toegang"})
        return dict(found.json()["items"][0])

    def send(self, path: str, role: str = "operator", **fields: str) -> httpx.Response:
        return self.of[role].post(path, data={"terug": "/alarmen", "doel": "x"} | fields)


@contextmanager
def alarm_world(folder: Path) -> Iterator[World]:
    """Gives a server with alarms about locaties that are not freely entered, of which one is afgeschermd."""
    with WebhookReceiver() as hook:
        (folder / "geheim").write_text(SECRET)
        (folder / "ontvangers.toml").write_text(
            f'[[ontvanger]]\nnaam = "meldkamer"\nsoort = "webhook"\nurl = "{hook.url}/alarm"\nprivaat = true\n'
            'geheimBestand = "geheim"\nregels = ["achterstand"]\n'
            f'[[ontvanger]]\nnaam = "prometheus"\nsoort = "alertmanager"\nurl = "{hook.url}/am"\nprivaat = true\n'
            'regels = ["achterstand"]\n'
        )
        beheer = made("--naam", "beheer", "--rol", "beheerder", "--data", str(folder / "data"))
        setting = {"OPVANGPEIL_ONTVANGERS": str(folder / "ontvangers.toml")}
        with Server(folder / "data", environment=setting) as server:
            server.client.headers["Authorization"] = f"Bearer {beheer}"
            tokens = {"beheerder": beheer} | {
                role: made("--naam", f"dienst-{role}", "--rol", role, "--url", server.url, **with_token(beheer))
                for role in ROLES[:-1]
            }
            hidden = registered("LOC-GEHEIM")
            hidden["data"]["zichtbaarheid"] = "afgeschermd"
            server.post([registered(f"LOC-{n}") for n in range(LOCATIES)] + [hidden])
            server.post([access(f"LOC-{n}", "beperkt") for n in range(LOCATIES)] + [access("LOC-GEHEIM", "gesloten")])
            server.until("/v1/alarmen", lambda found: len(found["items"]) > LOCATIES, regel="toegang")
            world = World(server, hook, tokens)
            yield world
            for client in world.of.values():
                client.close()
