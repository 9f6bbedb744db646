"""Access for an operator: which addresses are refused, tokens from the command line, a server that requires tokens."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from tests.support.facts import SOURCE, reading, registered
from tests.support.server import Server, made, opvangpeil, with_token
from tests.support.web_client import problem_of

FAR = ("--host", "0.0.0.0")


def test_any_address_but_loopback_is_refused_until_access_is_set_up(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    start = ("start", "--data", str(folder), "--port", "0")
    refused = opvangpeil(*start, *FAR)
    assert refused.returncode == 2
    assert "opvangpeil toegang maak" in refused.stderr
    assert "gereed" not in refused.stdout
    for env in ({"OPVANGPEIL_HOST": "0.0.0.0"}, {"OPVANGPEIL_HOST": "::"}):
        assert opvangpeil(*start, environment=env).returncode == 2
    wrong = opvangpeil(*start, "--host", "kantoor.example")
    assert wrong.returncode == 2
    assert "IP-adres" in wrong.stderr


def test_with_a_token_it_listens_further_away_and_asks_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    where = ("--data", str(folder))
    beheer = made("--naam", "beheer", "--rol", "beheerder", *where)
    with Server(folder, *FAR, "--voorbeeld", "publiek") as server:  # the server imports the sample with its own token
        elsewhere = server.url.replace("127.0.0.1", _address())
        problem_of(httpx.get(f"{elsewhere}/v1/bezetting"), 401)
        seen = httpx.get(f"{elsewhere}/v1/bezetting", headers={"Authorization": f"Bearer {beheer}"})
        assert seen.json()["aanwezigGemeten"] > 0
        held = opvangpeil("toegang", "lijst", *where)
        assert held.returncode == 2
        assert "in gebruik" in held.stderr
        at = ("--url", server.url)
        nobody = opvangpeil("toegang", "lijst", *at)
        assert (nobody.returncode, "OPVANGPEIL_TOKEN" in nobody.stderr) == (2, True)
        source = made("--naam", "bron", "--rol", "invoer", "--source", SOURCE, *at, **with_token(beheer))
        history = made("--naam", "archief", "--rol", "importeur", *at, **with_token(beheer))
        events = tmp_path / "nu.jsonl"
        events.write_bytes(_lines(registered("LOC-A"), reading("LOC-A", 1)))
        old = tmp_path / "oud.jsonl"
        old.write_bytes(_lines(reading("LOC-A", 1, time="2020-01-01T00:00:00Z")))
        rejects = ("--afgewezen", str(tmp_path / "afgewezen.jsonl"))
        importing = ("importeer", *at, *rejects)
        assert opvangpeil(*importing, str(events)).returncode == 2
        assert opvangpeil(*importing, str(events), **with_token(source)).returncode == 0
        refused = opvangpeil(*importing, str(old), **with_token(source))
        assert refused.returncode == 2
        assert "importeur" in refused.stderr
        assert opvangpeil(*importing, str(old), **with_token(history)).returncode == 0
        _reads_and_writes_only_what_it_may(at, beheer, (*importing, str(events)))
        shut = opvangpeil("status", *at)
        assert (shut.returncode, "de server antwoordt 401" in shut.stderr) == (2, True), shut.stderr
        assert "zet een token in OPVANGPEIL_TOKEN" in shut.stderr
        assert opvangpeil("status", *at, **with_token(beheer)).returncode == 0
        own_id = source.split("_")[1]
        whole = opvangpeil("toegang", "trek-in", source, *at, **with_token(beheer))
        assert whole.returncode == 2
        assert opvangpeil("toegang", "trek-in", own_id, *at, **with_token(beheer)).returncode == 0
        assert "ingetrokken" in opvangpeil(*importing, str(events), **with_token(source)).stderr
        listed = opvangpeil("toegang", "lijst", *at, **with_token(beheer)).stdout
        assert own_id in listed
        said = server.output.read_text()
        for text in (beheer, source, history):
            assert text not in said + listed
        assert '"message": "geweigerd"' in said
        assert '"message": "token ingetrokken"' in said


def _reads_and_writes_only_what_it_may(at: tuple[str, str], beheer: str, importing: tuple[str, ...]) -> None:
    """Tries a token with a type and a subject, and one without the role toezicht."""
    limits = ("--type", "nl.opvanglocaties.bezetting-gemeld.v1", "--onderwerp", "LOC-*")
    narrow = made("--naam", "smal", "--rol", "invoer", "--source", SOURCE, *limits, *at, **with_token(beheer))
    refused = opvangpeil(*importing, **with_token(narrow))
    assert (refused.returncode, "hier mag alleen van type" in refused.stderr) == (2, True), refused.stderr
    wrong = opvangpeil("toegang", "maak", "--naam", "x", "--rol", "lezer", *limits, *at, **with_token(beheer))
    assert (wrong.returncode, "onderwerpen" in wrong.stderr) == (2, True), wrong.stderr
    reads = made("--naam", "lezer", "--rol", "lezer", *at, **with_token(beheer))
    reports = [opvangpeil("rapport", "naleving", *at, **with_token(one)) for one in (reads, beheer)]
    assert [one.returncode for one in reports] == [0, 0], reports[0].stderr
    assert ["toezicht" in one.stdout for one in reports] == [False, True]


def test_the_first_token_can_be_made_on_loopback_and_then_all_ask_for_it(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        at = ("--url", server.url)
        assert server.get("/v1/bezetting")["locaties"] == 0
        beheer = made("--naam", "beheer", "--rol", "beheerder", *at)
        problem_of(server.client.get(f"{server.url}/v1/bezetting"), 401)
        assert opvangpeil("toegang", "trek-in", beheer.split("_")[1], *at, **with_token(beheer)).returncode == 0
        problem_of(server.client.get(f"{server.url}/v1/bezetting"), 401)
    folder = str(tmp_path / "data")
    assert beheer.split("_")[1] in opvangpeil("toegang", "lijst", "--data", folder).stdout
    assert opvangpeil("toegang", "trek-in", "nergens", "--data", folder).returncode == 2


def test_with_oidc_it_listens_further_away_and_says_503_while_its_keys_are_unknown(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("OPVANGPEIL_OIDC_UITGEVER", f"http://127.0.0.1:{_free_port()}")
    monkeypatch.setenv("OPVANGPEIL_OIDC_PUBLIEK", "opvangpeil")
    with Server(tmp_path / "data", *FAR) as server:
        problem_of(server.client.get(f"{server.url}/v1/bezetting"), 401)
        shown = {"Authorization": "Bearer eyJhbGciOiJSUzI1NiJ9.e30.AAAA"}
        problem_of(server.client.get(f"{server.url}/v1/bezetting", headers=shown), 503)


@pytest.mark.parametrize("service", ["ingest", "api"])
def test_a_service_by_itself_is_refused_elsewhere_too(tmp_path: Path, service: str) -> None:
    opvangpeil("migreer", "--data", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", f"services.{service}"],
        env=os.environ
        | {
            "OPVANGPEIL_HOST": "0.0.0.0",
            "OPVANGPEIL_PORT": str(_free_port()),
            "OPVANGPEIL_KAFKA": "kafka://127.0.0.1:9",
            "OPVANGPEIL_CLICKHOUSE": f"chdb://{tmp_path / 'clickhouse'}",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "toegang" in done.stderr


def _lines(*events: dict[str, Any]) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in events)


def _address() -> str:
    """An address of this machine that others could reach; loopback when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
