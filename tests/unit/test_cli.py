"""The command line: what it says without a server, and that it says it at once."""

import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from rich.console import Console

from services.access.roles import Role
from services.cli import app, cijfers, explain, momenten, pages, plain
from services.cli.access import Rol
from services.cli.inlezen import is_tabel
from services.core.bezetting import Overschrijding
from services.core.grootheden import BIJ_NAAM
from services.core.grootheden.declaratie import Eenheid
from services.core.grootheden.namen import cijfernaam
from services.core.grootheden.toezicht import NAMEN
from services.core.grootheden.wet import MEETELLEND, NALEVING, TOEZICHT
from services.core.locaties import Maximum
from services.core.reasons import zin
from services.core.reasons.formules import van_overschrijding
from services.dashboard.tekst import van_grootheid
from services.importer.bladen.tekst import BYTES_MAX
from tests.support.deploy_files import commands
from tests.support.taal import odd_in_terminal

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
        ("meld", "bezetting", "--over", "LOC-A", *AWAY),
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
        *cijfers.VAN_TOEZICHT,
        *(f"allen.{name}" for name in cijfers.ALS_ALLEN),
        *(f"{stap}.{name}" for stap in NAMEN.values() for name in cijfers.STAPPEN[1:]),
    }
    assert shown <= BIJ_NAAM.keys()
    none = {name for name in BIJ_NAAM if name.rpartition(".")[2] in cijfers.GEEN}
    assert {name for name, declared in BIJ_NAAM.items() if declared.geen} == none
    assert {rol: heading for rol, (heading, _) in explain.ROLLEN.items()} == zin.ROLLEN
    assert [*explain.ROLLEN] == [*zin.ROLLEN]
    assert {name: cijfers.naam(name) for name in BIJ_NAAM} == {name: cijfernaam(name) for name in BIJ_NAAM}
    of_unit = (
        (Eenheid.EURO, cijfers.EURO),
        (Eenheid.SECONDEN, cijfers.DUUR),
        (Eenheid.PER_1000, cijfers.PER_1000),
    )
    for eenheid, names in of_unit:
        assert {name for name, declared in BIJ_NAAM.items() if declared.eenheid is eenheid} == names
    shares = {name for name, declared in BIJ_NAAM.items() if declared.eenheid in (Eenheid.GRAAD, Eenheid.AANDEEL)}
    assert shares == cijfers.AANDELEN
    assert [one.naam for one in (MEETELLEND, NALEVING, TOEZICHT)] == [
        cijfers.MEETELLEND,
        cijfers.NALEVING,
        cijfers.TOEZICHT,
    ]
    assert [(one.value, one.value) for one in Role] == [(one.name, one.value) for one in Rol]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Runs a command in this process. Returns its code and all that it said."""
    with pytest.raises(SystemExit) as ended:
        app(arguments)
    return int(ended.value.code or 0), "".join(capsys.readouterr())


@pytest.mark.parametrize("command", ["", *sorted(commands())])
def test_all_help_is_dutch(command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain.say, "width", 500)  # so that every text is on one line
    code, text = said(capsys, *command.split(), "--help")
    assert code == 0
    assert text.startswith("Gebruik: ")
    assert "deze uitleg" in text
    assert not [*odd_in_terminal(re.sub(r"\d{4}-\d\d-\d\d", "x", text))], "a day is typed in digits"
    assert "] [standaard" not in " ".join(text.split()), text


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("staus",), "er is geen opdracht staus; bedoelt u status of start?"),
        (("verklaar",), "WAT ontbreekt; verwacht locatie|gemeente|provincie|landelijk|naleving|toezicht"),
        (("verklaar", "dorp"), "WAT klopt niet; verwacht locatie|gemeente|provincie|landelijk|naleving|toezicht"),
        (("verklaar", "landelijk", "a", "b", "c"), "dit hoort er niet bij: b c"),
        (("verklaar", "--bekend", "x"), "er is geen optie --bekend; bedoelt u --bekend-op?"),
        (("verklaar", "--bekend-op"), "--bekend-op vraagt om een waarde"),
        (("start", "--logboek=ja"), "--logboek krijgt geen waarde"),
        (("start", "--port", "99999"), "--port klopt niet; verwacht GETAL van 0 tot en met 65535"),
        (("simuleer", "--tot", "gisteren"), "--tot klopt niet; verwacht DAG, zoals 2026-05-21"),
        (("toegang", "maak", "--rol", "lezer"), "--naam ontbreekt; verwacht TEKST"),
        (("onverwerkbaar", "toon", "x"), "NUMMER klopt niet; verwacht GETAL minstens 1"),
        (("meld", "bezeting"), "er is geen opdracht bezeting; bedoelt u bezetting?"),
        (("meld", "bezetting", "--aantal", "3"), "er is geen optie --aantal"),
        (("meld", "--url", "x", "bezetting"), "zet opties achter de opdracht: meld bezetting --url …"),
        (("onverwerkbaar", "--data", "x", "toon", "1"), "zet opties achter de opdracht: onverwerkbaar toon --data …"),
    ],
)
def test_what_is_wrong_is_said_in_dutch(
    arguments: tuple[str, ...], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = said(capsys, *arguments)
    *before, told = text.splitlines()
    assert (code, told) == (2, f"Fout: {fault}")
    assert [line.partition(" ")[0] for line in before] in (["Gebruik:", "Wat"], [])


_HELP_OF = """
import contextlib, io, sys
from services.cli import app
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    app([*sys.argv[1:], "--help"])
print(*sorted({"chdb", "clickhouse_connect", "faust", "kafka", "numpy"} & sys.modules.keys()))
"""


@pytest.mark.parametrize("command", ["", *sorted(commands())])
def test_help_loads_nothing_that_takes_long(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HELP_OF, *command.split()], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("naam", "inhoud", "tabel"),
    [
        ("een.csv", "type,source,subject,time\ncafé\n".encode("cp1252"), False),
        ("een.csv", "naam van café\n".encode("cp1252"), False),
        ("een.csv", b"type,source,subject,time\n\x00\n", False),
        ("een.csv", b'type,"source', False),
        ("een.jsonl", b"", False),
        ("een.jsonl", b" \n", False),
        ("een.jsonl", b"{}", False),
        ("log.csv", b"\xef\xbb\xbfid,source,type,subject,time,data.aanwezig\n\xff", True),
        ("cijfers.csv", b"geldigOp,bekendOp,positie,id\r\n", True),
        ("log.parquet", b"PAR1", True),
    ],
)
def test_only_a_table_of_its_own_is_not_read_as_lines_of_events(
    naam: str, inhoud: bytes, tabel: bool, tmp_path: Path
) -> None:
    (tmp_path / naam).write_bytes(inhoud)
    assert is_tabel(str(tmp_path / naam)) == tabel


def test_events_may_fill_a_file_of_any_size(tmp_path: Path) -> None:
    (tmp_path / "groot.csv").write_bytes(b"type,source,subject,time\n")
    with (tmp_path / "groot.csv").open("r+b") as file:
        file.truncate(BYTES_MAX + 1)
    assert not is_tabel(str(tmp_path / "groot.csv"))


def test_a_profile_that_is_named_by_its_file_is_missed_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "telling.csv").write_bytes(b"Locatie\n")
    profile = str(tmp_path / "telling.toml")
    code, text = said(capsys, "importeer", str(tmp_path / "telling.csv"), "--profiel", profile, *AWAY)
    assert code == 2
    assert text.startswith(f"Fout: {profile} bestaat niet. Een naam zonder .toml"), text


def test_it_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--version") == (0, f"opvangpeil {version('opvangpeil')}\n")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        (AWAY[1], f"de server antwoordt niet op {AWAY[1]}; is Opvangpeil gestart en klopt --url?"),
        ("127.0.0.1:1", "--url 127.0.0.1:1 is geen adres van een server; verwacht bijvoorbeeld http://127.0.0.1:8080"),
    ],
)
def test_a_server_that_is_away_is_told_in_dutch(url: str, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "status", "--url", url) == (2, f"Fout: {fault}\n")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ver", {"verklaar", "verschil"}),
        ("toegang ", {"maak", "lijst", "trek-in"}),
        ("verklaar l", {"locatie", "landelijk"}),
        ("start --voorbeeld ", {"publiek", "simulatie"}),
        ("meld to", {"toegang", "toezichtstap", "toezichtcapaciteit"}),
        ("meld bezetting --aan", {"--aanwezig"}),
        ("status --h", {"--help"}),
    ],
)
def test_a_shell_completes(typed: str, offered: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, script = said(capsys, "aanvulling", "bash")
    words = [shlex.quote(word) for word in ["opvangpeil", *typed.split(" ")]]
    at = f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}"
    lines = f"{script}\n{at}\n_opvangpeil_completion opvangpeil\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, check=True, env={"PATH": path})
    assert (code, set(done.stdout.split()), done.stderr) == (0, offered, "")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-06-30T22:00:00Z", "1 jul 2026 00:00"),
        ("sinds 2026-12-01T11:30:00.123456+00:00, en nog", "sinds 1 dec 2026 12:30, en nog"),
        ({"a": ["2026-06-30T22:00:00Z", 1]}, {"a": ["1 jul 2026 00:00", 1]}),
        (datetime(2026, 6, 1, 12, tzinfo=UTC), "1 jun 2026 14:00"),
        ("2026-06-30", "2026-06-30"),
        (None, None),
    ],
)
def test_a_moment_is_shown_on_the_dutch_clock(value: object, shown: object) -> None:
    assert momenten.op_de_klok(value) == shown


@pytest.mark.parametrize(("program", "shown"), [("sed s/^/>/", ">veel\n>meer\n"), ("bestaat-niet", "veel\nmeer\n")])
def test_a_long_answer_is_shown_in_pages_at_a_terminal(
    program: str, shown: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "say", Console(force_terminal=True))
    monkeypatch.setenv("PAGER", program)
    with pages.in_pages():
        pages.say.print("veel\nmeer")
    assert capfd.readouterr().out == shown


def test_an_explanation_begins_with_how_much_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    old, new = "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"
    row = {"rol": "telt", "time": old, "reden": None, "id": "0190f1f5", "zin": "Ter Apel: open", "waarom": "telt mee"}
    row["register"] = "open"
    gone = row | {"rol": "vervangen", "reden": "door 0190", "waarom": "vervangen door een latere melding"}
    rows = [gone, row, row | {"time": new, "zin": "Ter Apel: gesloten"}]
    found = {"geldigOp": "2026-06-30T22:00:00Z", "bekendOp": "2026-06-30T22:00:00Z", "positie": "0-3", "volledig": True}
    found |= {"figuren": [], "gebeurtenissen": rows}
    explain._show(found, "landelijk", explain._counted(found, explain.TeVerklaren.landelijk, "nu"))
    first, second, *rest = capsys.readouterr().out.splitlines()
    known = "stand van 1 jul 2026 00:00, zoals bekend op 1 jul 2026 00:00 (Nederlandse tijd)"
    assert first == f"landelijk, {known}, positie 0-3"
    assert second == "3 regels: telt mee 2, vervangen 1"
    assert [line.strip() for line in rest if line.strip()][2:] == [
        "Telt mee (2)",
        *("Ter Apel: gesloten", "0190f1f5"),
        *("Ter Apel: open", "0190f1f5"),
        "Vervangen (1)",
        *("Ter Apel: open", "vervangen door een latere melding", "0190f1f5"),
    ]


@pytest.mark.parametrize(
    ("wat", "when", "more"),
    [
        ("landelijk", "nu", "hier staat alleen wat nu geldt; de rest staat bij elke locatie zelf."),
        (
            "gemeente",
            "op dat moment",
            "hier staat alleen wat op dat moment geldt; de rest staat bij elke locatie zelf.",
        ),
        ("locatie", "nu", "hier staat alleen wat nu geldt."),
    ],
)
def test_an_explanation_of_too_many_events_says_where_the_others_are(wat: str, when: str, more: str) -> None:
    found = {"gebeurtenissen": [{"rol": "telt"}], "volledig": False}
    said = explain._counted(found, explain.TeVerklaren(wat), when)
    assert said == f"1 regel: telt mee 1\nHet zijn er heel veel: {more}"


@pytest.mark.parametrize(
    ("days", "penalty"),
    [(3, "minstens € 45.000"), (400, "€ 5.000.000, het hoogste bedrag")],
)
def test_an_explanation_names_the_days_above_a_maximum_and_their_penalty_as_bounds(days: int, penalty: str) -> None:
    maximum = Maximum(2_000, "vonnis", datetime(2024, 3, 1, tzinfo=UTC), None, 15_000, 5_000_000)
    found = Overschrijding(days, 400, min(15_000 * days, 5_000_000), 5_000_000)
    figuren = van_overschrijding(maximum, found)
    on_page = [one.vorm.format(van_grootheid(one.waarde, one.grootheid)) for one in figuren]
    in_terminal = [explain._figure_text(one._asdict()) for one in figuren]
    assert on_page == in_terminal == [f"minstens {days}", penalty]
