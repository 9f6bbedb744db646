"""A file gives the same events whether it comes in by command, on the page or through a folder that is watched."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.config import DEPLOY
from services.importer.plan import maak_plannen
from services.importer.profiel import Omzetting, lees_namen, vind_profiel
from services.importer.profiel.namen import NAMEN
from services.importer.vergelijk import VanServer
from tests.support.inlees_help import drop, events_of
from tests.support.server import Server, opvangpeil
from tests.support.vergelijkend import InDitProces
from tests.support.volgt import leg_neer, volger

SHIPPED = DEPLOY / "profielen"
EXAMPLES = sorted((SHIPPED / "voorbeeld").iterdir())


@pytest.fixture(scope="module")
def profielen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profiles that come along, in a folder where names may be written."""
    folder = tmp_path_factory.mktemp("drie") / "profielen"
    shutil.copytree(SHIPPED, folder)
    (folder / "opvangpeil-locaties.toml").unlink()  # a folder asks names of files, and its files have none
    return folder


@pytest.fixture(scope="module")
def server(profielen: Path) -> Iterator[Server]:
    with Server(profielen.parent / "data", environment={"OPVANGPEIL_PROFIELEN": str(profielen)}) as running:
        yield running


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.stem for one in EXAMPLES])
def test_by_command_by_page_and_by_folder_it_is_the_same(
    server: Server, profielen: Path, tmp_path: Path, example: Path
) -> None:
    (genoemd,) = [
        one
        for one in (vind_profiel(profielen, pad.stem) for pad in sorted(profielen.glob("*.toml")))
        if one.profiel.past_op(example.name)
    ]
    with httpx.Client(base_url=server.url, timeout=60) as client:
        here = VanServer(InDitProces(client))  # type: ignore[arg-type]  # it asks the server itself
        namen = lees_namen(profielen / NAMEN, here.locaties())
        (plan,) = maak_plannen(example, Omzetting(genoemd, namen), here)
        by_command = [_said(one) for one in plan.te_zenden]
        by_page = [_said(one) for one in events_of(drop(client, example.read_bytes(), example.name, genoemd.naam))]
        assert by_command
        assert by_page == by_command
        folder = tmp_path / "map"
        folder.mkdir()
        leg_neer(folder, example.name, example.read_bytes())
        watcher, heard = volger(folder, profielen, server.url)
        watcher.ronde()
        watcher.ronde()
        assert heard.mappen == ["verwerkt"]
        stored = client.get("/v1/gebeurtenissen", params={"bron": genoemd.profiel.source, "aantal": 1000})
        assert sorted(map(repr, map(_said, stored.json()["items"]))) == sorted(map(repr, by_command))
        if genoemd.profiel.kennis.uit != "nu":
            assert {one["id"] for one in stored.json()["items"]} == {one["id"] for one in plan.te_zenden}
    again = opvangpeil(
        "importeer",
        str(example),
        "--profiel",
        genoemd.naam,
        "--url",
        server.url,
        "--afgewezen",
        str(tmp_path / "afgewezen.jsonl"),
        environment={"OPVANGPEIL_PROFIELEN": str(profielen)},
    )
    assert (again.returncode, "0 opgeslagen" in again.stdout) == (0, True), again.stdout + again.stderr


def _said(event: Mapping[str, Any]) -> dict[str, Any]:
    """What an event says, without the moment at which it was made, which may be now."""
    data = {name: value for name, value in sorted(event["data"].items()) if name != "geldigVanaf"}
    return {name: event[name] for name in ("type", "source", "subject")} | {"data": data}
