"""The examples and commands in the README work as shown."""

import json
import re
from pathlib import Path

import httpx

from tests.support.server import Server

README = Path(__file__).parents[2] / "README.md"


def test_what_the_readme_shows_of_an_answer_is_in_the_answer(tmp_path: Path) -> None:
    shown = re.search(
        r"\$ curl -s 'http://127\.0\.0\.1:8080([^']+)'\n```.+?```json\n(.+?)```", README.read_text(), re.DOTALL
    )
    assert shown is not None
    with Server(tmp_path / "data", "--voorbeeld", "publiek") as server:
        answer = httpx.get(f"{server.url}{shown[1]}").json()
    expected = json.loads(shown[2])
    assert {name: answer[name] for name in expected} == expected
    assert (expected["aanwezig"], expected["maximum"]) == (2463, 2000)


def test_the_commands_of_the_readme_exist() -> None:
    makefile = (README.parent / "Makefile").read_text()
    for target in re.findall(r"^make ([a-z]+)", README.read_text(), re.MULTILINE):
        assert f"\n{target}:" in makefile, f"README names make {target}, the Makefile has no such target"
