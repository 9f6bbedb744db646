"""What the README shows is what a reader gets."""

import json
import re
from pathlib import Path

import httpx

from tests.support.server import Server

README = Path(__file__).parents[2] / "README.md"


def test_the_curl_of_the_readme_gives_the_answer_of_the_readme(tmp_path: Path) -> None:
    shown = re.search(r"\$ curl -s '(http://127\.0\.0\.1:8080)([^']+)'\n(.+)\n```", README.read_text())
    assert shown is not None
    with Server(tmp_path / "data", "--voorbeeld", "publiek") as server:
        answer = httpx.get(f"{server.url}{shown[2]}").json()
    expected = json.loads(shown[3])
    assert answer.pop("positie")
    assert expected.pop("positie")
    assert answer == expected
    assert (answer["aanwezig"], answer["maximum"]) == (2463, 2000)


def test_the_commands_of_the_readme_exist() -> None:
    makefile = (README.parent / "Makefile").read_text()
    for target in re.findall(r"^make ([a-z]+)", README.read_text(), re.MULTILINE):
        assert f"\n{target}:" in makefile, f"README names make {target}, the Makefile has no such target"
