"""Who may check which report: one over visible locaties who sees those, one that is not sealed who sees all."""

from pathlib import Path

from tests.support import wire
from tests.support.access_help import bearer
from tests.support.one_june import EVENTS
from tests.support.server import Server, made, opvangpeil, with_token
from tests.support.web_events import CURRENT, event, places, reading

WHEN = ("--geldig-op", "2026-06-08", "--bekend-op", "2026-06-08T12:00:00Z")


def test_who_may_check_which_report(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with Server(folder) as server:
        assert server.post(EVENTS).status_code == 201
    tokens = {
        role: made("--naam", role, "--rol", role, "--data", str(folder)) for role in ("beheerder", "lezer", "meter")
    }
    with Server(folder) as server:

        def ask(role: str, *arguments: str) -> tuple[int, str]:
            done = opvangpeil("rapport", *arguments, "--url", server.url, **with_token(tokens[role]))
            return done.returncode, " ".join((done.stdout + done.stderr).split())

        for role in ("beheerder", "lezer"):
            for form in ("json", "csv"):
                place = str(tmp_path / f"{role}.{form}")
                code, text = ask(role, "bezetting", *WHEN, "--formaat", form, "--uitvoer", place)
                assert code == 0, text
        for form in ("json", "csv"):
            for role in ("lezer", "meter"):
                code, text = ask(role, "--controleer", str(tmp_path / f"lezer.{form}"))
                assert (code, "nog precies zo" in text) == (0, True), text
            code, text = ask("beheerder", "--controleer", str(tmp_path / f"lezer.{form}"))
            assert (code, "controleer het met een rol die dezelfde locaties ziet" in text) == (2, True), text
            code, text = ask("beheerder", "--controleer", str(tmp_path / f"beheerder.{form}"))
            assert (code, "nog precies zo" in text) == (0, True), text
            code, text = ask("lezer", "--controleer", str(tmp_path / f"beheerder.{form}"))
            assert code == 2, text
            assert "alleen na te rekenen door een beheerder" in text


def test_what_a_beheerder_records_as_published_tells_of_no_locatie_that_is_afgeschermd(tmp_path: Path) -> None:
    """Whatever is recorded everybody sees, so it holds the figures that everybody sees."""
    folder = tmp_path / "data"
    kind, data = wire.registration("Onderkomen", "GM0344", "azc", "2024-01-01")
    secret = [
        event(kind, "LOC-GEHEIM", "2024-01-01", **data | {"zichtbaarheid": "afgeschermd"}),
        places("LOC-GEHEIM", 100, 100),
        reading("LOC-GEHEIM", 90, "2026-05-26T06:00:00Z"),
    ]
    with Server(folder) as server:
        assert server.post([*CURRENT, *secret]).status_code == 201
    tokens = {role: made("--naam", role, "--rol", role, "--data", str(folder)) for role in ("beheerder", "lezer")}
    with Server(folder) as server:
        at = ("--geldig-op", "2026-05-26T08:00:00Z", "--url", server.url)
        done = opvangpeil("rapport", "bezetting", *at, "--vastleggen", **with_token(tokens["beheerder"]))
        assert done.returncode == 0, done.stderr
        server.client.headers.update(bearer(tokens["lezer"]))
        said = server.get("/v1/bezetting?geldigOp=2026-05-26T08:00:00Z")
        told = {one["grootheid"]: one["waarde"] for one in said["gepubliceerd"] if one["bron"].startswith("Opvangpeil")}
        assert {name: said[name] for name in ("locaties", "plaatsen", "aanwezigGemeten")} == {
            name: told[name] for name in ("locaties", "plaatsen", "aanwezigGemeten")
        }
        assert "LOC-GEHEIM" not in server.client.get(f"{server.url}/v1/gebeurtenissen?aantal=1000").text
