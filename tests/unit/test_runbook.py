"""The runbook names only what exists: commands, metrics, paths, settings, files, words in the log and in /gereed."""

import re

import pytest

from schemas.alarmregels import read_regels
from services.eventlog import topics
from services.metrics import LIJST
from services.processor.worker import GROUP
from tests.support.deploy_files import DEPLOY, ROOT, commands, documents, health_paths, settings_of_the_program

TEXT = (DEPLOY / "runbook.md").read_text(encoding="utf-8")
SECTIONS = {
    title.strip(): body
    for title, _, body in (part.partition("\n") for part in re.split(r"^#{2,3} ", TEXT, flags=re.MULTILINE)[1:])
}
ANCHORS = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in SECTIONS}
PARTS = (
    "Ingest",
    "Verwerker (processor)",
    "Alarmen (alarms)",
    "API",
    "Kafka",
    "ClickHouse",
    "Keeper",
    "Ingebouwde vorm",
    "Bestanden van bronnen",
)
SOURCES = "".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "services").rglob("*.py")))


@pytest.mark.parametrize("part", PARTS)
def test_each_part_says_how_it_fails_how_one_sees_it_and_what_to_do(part: str) -> None:
    said = SECTIONS[part]
    places = [said.index(f"**{heading}**") for heading in ("Hoe het stuk gaat", "Hoe u het ziet", "Wat u doet")]
    assert places == sorted(places)
    seen = said[places[1] : places[2]]
    assert re.search(r"opvangpeil_\w+|/gereed|in het logboek", seen)


def test_every_command_is_one() -> None:
    named = {match.strip() for match in re.findall(r"`opvangpeil ([a-z-]+(?: [a-z]+)?)", TEXT)}
    for command in named:
        first = command.split()[0]
        assert command in commands() or (first in commands() and first != "onverwerkbaar"), command
    assert {"status", "bewaar", "herstel", "controleer", "herbouw", "migreer", "onverwerkbaar opnieuw"} <= commands()


def test_every_metric_is_one_of_the_list() -> None:
    known = {meting.naam for meting in LIJST} | {"opvangpeil_achterstand"}  # the adapter makes it from a metric
    assert set(re.findall(r"\bopvangpeil_[a-z_]+\b", TEXT)) <= known


def test_every_setting_path_file_and_name_is_there() -> None:
    assert set(re.findall(r"\bOPVANGPEIL_[A-Z_]+\b", TEXT)) <= settings_of_the_program()
    assert {"/gereed"} <= health_paths()
    for file in re.findall(r"deploy/[\w./-]*\w", TEXT):
        assert (ROOT / file).exists() or file == "deploy/.env", file
    (compose,) = documents(DEPLOY / "compose.yaml")
    for line in re.findall(r"`dc ([^`]+)`", TEXT):
        verb, *names = line.split()
        assert verb in {"ps", "logs", "up", "stop", "restart"}, line
        plain = {name.partition("=")[0] for name in names if not name.startswith("-")}
        assert plain <= compose["services"].keys(), line
    for deployment in re.findall(r"deployment/(\w+)", TEXT):
        assert deployment in {"ingest", "processor", "alarms", "api"}
    assert f"--group {GROUP} " in TEXT
    for topic in set(re.findall(r"\bopvang\.\w+\.v1\b", TEXT)):
        assert topic in {topics.EVENTS, topics.ALARMS, topics.UNPROCESSABLE}


def test_what_it_quotes_is_what_is_said() -> None:
    """Quoted words are in the program. An … stands for a part that varies."""
    said = SOURCES.replace('"\n            "', "").replace('"\n        "', "")
    for quoted in re.findall(r'"([a-z][^"]+)"', TEXT, re.IGNORECASE):
        for piece in " ".join(quoted.split()).split("…"):
            assert piece.strip() in said, quoted


def test_every_link_leads_somewhere() -> None:
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= ANCHORS


def test_every_alarm_has_its_section() -> None:
    for regel in read_regels((DEPLOY / "alarmregels.toml").read_text(encoding="utf-8"), "alarmregels.toml"):
        file, _, section = regel.runbook.partition("#")
        assert file == "deploy/runbook.md"
        assert section in ANCHORS, f"runbook.md heeft geen stuk {section!r}, en de regel {regel.naam} verwijst ernaar"


def test_it_begins_with_what_is_on_the_screen_and_not_with_programs() -> None:
    """An officer reads it from the top, at night."""
    first = SECTIONS["Alarmen oppakken en stilleggen"]
    headings = ("Op het scherm", "Wie u belt", "Met een programma", "Regels")
    places = [first.index(f"**{heading}**") for heading in headings]
    assert places == sorted(places)
    assert not re.findall(r"/v1/|OPVANGPEIL_|\.toml|\.yml", first[: places[2]])


def test_an_alarm_is_called_by_a_name_in_words() -> None:
    named = [regel.naam for regel in read_regels((DEPLOY / "alarmregels.toml").read_text(encoding="utf-8"), "x")]
    assert not [naam for naam in named if "-" in naam and re.search(rf"^#+ {naam}|\[{naam}\]", TEXT, re.MULTILINE)]
