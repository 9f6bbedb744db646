"""Reports of a running server, asked for with the command."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.one_june import EVENTS
from tests.support.server import Server, opvangpeil
from tests.support.web_events import event

TER_APEL = [
    event(
        "opvanglocaties.locatie-geregistreerd",
        "LOC-TER-APEL",
        "2026-01-01",
        naam="Ter Apel",
        gemeente="GM1950",
        soort="aanmeldcentrum",
        zichtbaarheid="openbaar",
        geldigVanaf="2024-01-01",
    ),
    event(
        "opvanglocaties.toegang-gewijzigd",
        "LOC-TER-APEL",
        "2026-05-01",
        geldigVanaf="2026-05-01",
        regime="gecontroleerd",
    ),
    event("spreidingswet.toezichtstap-gezet", "GM0344", "2026-05-01", stap="brief", gezetOp="2026-05-01"),
]
WHEN = ("--geldig-op", "2026-06-08", "--bekend-op", "2026-06-15")
FORMS = ("json", "csv", "xlsx", "parquet")
STRICT = event(
    "spreidingswet.telregel-vastgesteld",
    "2024",
    "2026-05-01",
    naam="streng",
    omschrijving="alleen voor vijf jaar",
    meetellendeSoorten=["regulier"],
    duurMinstensMaanden=60,
    zonderEinddatum="telt niet",
    geldigVanaf="2026-01-01",
)


@contextmanager
def report_server(folder: Path) -> Iterator[Server]:
    """A server with one locatie in Utrecht, and Ter Apel, of which nothing was measured."""
    with Server(folder) as server:
        answer = server.post([*EVENTS, *TER_APEL])
        assert answer.status_code == 201, answer.text
        yield server


def ask(server: Server, *arguments: str) -> tuple[int, str]:
    return command(server, "rapport", *arguments)


def command(server: Server, *arguments: str) -> tuple[int, str]:
    """The exit code of a command, and what it said, on one line and without the lines of tables."""
    done = opvangpeil(*arguments, "--url", server.url)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def taken(server: Server, folder: Path, wat: str, form: str) -> Path:
    path = folder / f"{wat}.{form}"
    code, text = ask(server, wat, *WHEN, "--formaat", form, "--uitvoer", str(path))
    assert code == 0, text
    return path
