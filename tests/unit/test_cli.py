"""The command line: what it says without a server, and that it says it at once."""

import subprocess
import sys

import pytest

from services.access.roles import Role
from services.cli import cijfers
from services.cli.access import Rol
from services.core.grootheden import BIJ_NAAM
from services.core.grootheden.wet import MEETELLEND, NALEVING, TOEZICHT

HEAVY = ("aiohttp", "argon2", "chdb", "clickhouse_connect", "fastapi", "faust", "kafka", "numpy", "pyarrow", "uvicorn")
"""What a command that only asks a server has no use for. Each of these takes long to import."""
RUN = """
import sys
from services.cli import app
try:
    app(sys.argv[1:])
except SystemExit:
    print(*sys.modules, file=sys.stderr)
"""
AWAY = ("--url", "http://127.0.0.1:1")


@pytest.mark.parametrize(
    "command",
    [
        ("--help",),
        ("status", "--help"),
        ("status", *AWAY),
        ("verklaar", "landelijk", *AWAY),
        ("verschil", "--van", "2026-05-21", *AWAY),
        ("rapport", "naleving", *AWAY),
        ("alarm", "toets", "deploy/alarmregels.toml", *AWAY),
        ("onverwerkbaar", "lijst", *AWAY),
        ("toegang", "lijst", *AWAY),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_command_that_only_asks_imports_little(command: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-c", RUN, *command], capture_output=True, text=True, check=True)
    assert "--help" in command or "de server antwoordt niet" in done.stderr
    *_, imported = done.stderr.splitlines()
    assert not {name.partition(".")[0] for name in imported.split()} & set(HEAVY)


def test_the_names_that_it_does_not_import_are_those_that_are_declared() -> None:
    shown = {
        *cijfers.STATUS,
        *cijfers.VAN_HET_LAND,
        *cijfers.KOLOMMEN["bezetting"][2:],
        *cijfers.KOLOMMEN["naleving"][2:],
    }
    assert shown <= BIJ_NAAM.keys()
    assert {name for name, declared in BIJ_NAAM.items() if declared.geen} == cijfers.GEEN
    assert [one.naam for one in (MEETELLEND, NALEVING, TOEZICHT)] == [
        cijfers.MEETELLEND,
        cijfers.NALEVING,
        cijfers.TOEZICHT,
    ]
    assert [(one.value, one.value) for one in Role] == [(one.name, one.value) for one in Rol]
