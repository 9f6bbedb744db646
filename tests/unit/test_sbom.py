"""`make sbom`: what is in it, by the locks, without a moment or a random number."""

import subprocess
from pathlib import Path

import orjson
import pytest

from deploy.adviezen import locked
from tests.support.deploy_files import ROOT


def _made(folder: Path) -> dict[str, bytes]:
    """Runs `make sbom` as it is, with the .venv that runs this test."""
    command = ["make", "--silent", "--old-file=.venv/klaar", "sbom", f"SBOM={folder}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.volledig
def test_it_holds_exactly_what_is_locked_and_nothing_that_differs_each_time(tmp_path: Path) -> None:
    made = _made(tmp_path)
    for name, lock in (("image", "deploy/requirements.lock"), ("alles", "requirements.lock")):
        bom = orjson.loads(made[f"{name}.cdx.json"])
        assert bom["bomFormat"] == "CycloneDX"
        assert "serialNumber" not in bom
        assert "timestamp" not in bom["metadata"]
        assert bom["metadata"]["component"]["name"] == "opvangpeil"
        found = [(one["name"], one["version"]) for one in bom["components"]]
        assert sorted(found) == sorted(locked((ROOT / lock).read_text()))
        assert all(one["externalReferences"][0]["hashes"] for one in bom["components"])
