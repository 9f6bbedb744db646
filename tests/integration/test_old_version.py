"""Today's code opens the data of commit 0630fa6 and gives the same answers, at every (V, K) and every positie.

`tests/fixtures/0630fa6/README.md` tells how the data was made. The test asks over HTTP, as users do.
"""

import lzma
import re
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from services.dashboard.page import PathKind
from services.dashboard.pages import PAGES
from tests.support.changed_since import CHANGED, Change, meant
from tests.support.declared import walk
from tests.support.rondes import WHOLE, slice_of
from tests.support.server import Server, opvangpeil

FIXTURE = Path(__file__).parents[1] / "fixtures" / "0630fa6"
TABLE = FIXTURE / "met_fusie.py"
"""Starts today's command with the table of gemeenten on which the answers are based."""
OWN_MOMENT = ("gemaaktOp", "versie")
"""Fields of a report that say when and by which version it was made. They are no figures."""
pytestmark = pytest.mark.timeout(1200)
SLICE = 9
"""`make test` asks one in this many questions of the folder. `make volledig` asks all of them."""
OF_BACKUP = 9
"""A backup holds the same log, so one in this many questions is asked of it."""

Json = dict[str, Any]


@pytest.fixture(scope="module")
def kept() -> Json:
    """The tokens, moments and posities, and every question with its answer from that commit."""
    found: Json = orjson.loads(lzma.decompress((FIXTURE / "antwoorden.json.xz").read_bytes()))
    return found


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings with the rules and the receivers of that commit."""
    folder = tmp_path_factory.mktemp("instellingen")
    for name in ("alarmregels.toml", "ontvangers.toml", "meldkamer.geheim"):
        shutil.copy(FIXTURE / name, folder)
    return {
        "OPVANGPEIL_ALARMREGELS": str(folder / "alarmregels.toml"),
        "OPVANGPEIL_ONTVANGERS": str(folder / "ontvangers.toml"),
    }


@pytest.fixture(scope="module")
def opened(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Today's server on a copy of the data folder."""
    place = tmp_path_factory.mktemp("oud")
    with tarfile.open(FIXTURE / "gegevensmap.tar.xz") as archive:
        archive.extractall(place, filter="data")
    with Server(place / "gegevensmap", environment=environment, program=(str(TABLE),)) as server:
        yield server


@pytest.fixture(scope="module")
def restored(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Json]]:
    """Today's server on the restored backup, with new tokens: a backup holds no tokens."""
    folder = tmp_path_factory.mktemp("hersteld") / "gegevens"
    done = opvangpeil("herstel", str(FIXTURE / "bewaard.zip"), "--ongetekend", "--data", str(folder))
    assert done.returncode == 0, done.stderr
    tokens = {}
    for role in ("beheerder", "lezer"):
        made = opvangpeil("toegang", "maak", "--naam", role, "--rol", role, "--data", str(folder))
        tokens[role] = made.stdout.strip()
    with Server(folder, environment=environment, program=(str(TABLE),)) as server:
        yield server, tokens


def said(server: Server, tokens: Json, question: Json) -> Json:
    """Returns the answer of today's server."""
    answer: httpx.Response = server.client.request(
        "POST" if "body" in question else "GET",
        f"{server.url}{question['path']}",
        params=question.get("query"),
        json=question.get("body"),
        headers={"authorization": f"Bearer {tokens[question['wie']]}"},
    )
    return {
        name: value
        for name, value in ({"status": answer.status_code} | answer.json()).items()
        if name not in OWN_MOMENT
    }


ID = re.compile("[0-9a-f]{8}-")
NAMES = (("id", "register"), ("grootheid",), ("grootheid", "onderwerp"), ("regel", "onderwerp"))
"""The fields by which the items of a list are told apart, where they have them."""


def named(items: Sequence[Any]) -> Json | None:
    """Returns the items of a list by what they are about; None where nothing tells them apart."""
    for names in NAMES:
        if all(isinstance(one, dict) and set(names) <= one.keys() for one in items):
            found = {" ".join(str(one[name]) for name in names): one for one in items}
            if len(found) == len(items):
                return found
    return None


def differences(then: Any, now: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yields (path of the field with its numbers and ids as `#`, difference)."""
    if isinstance(then, list) and isinstance(now, list):
        if len(then) == len(now):
            for one, other in zip(then, now, strict=True):
                yield from differences(one, other, f"{path}.#")
            return
        then, now = named(then) or then, named(now) or now
    if isinstance(then, dict) and isinstance(now, dict):
        for name in then.keys() | now.keys():
            inner = f"{path}.{'#' if ID.match(name) else name}".removeprefix(".")
            if name not in now:
                yield inner, "is weg"
            elif name not in then:
                yield inner, f"is nieuw: {now[name]!r:.80}"
            else:
                yield from differences(then[name], now[name], inner)
    elif then != now or type(then) is not type(now):
        yield path, f"was {then!r:.160}, is {now!r:.160}"


def kind_of(path: str) -> str:
    """Returns the path of a question with its ids as `ID`."""
    parts = path.split("/")
    return "/".join("ID" if any(c.isdigit() for c in part[2:]) or part.startswith("LOC-") else part for part in parts)


def check(server: Server, tokens: Json, questions: Sequence[Json], *, every: bool) -> None:
    """Checks that every answer is the same as at that commit. Exactly one change explains each difference.

    `every`: whether these are all questions, so that each change has to be met.
    """
    assert questions
    wrong: list[str] = []
    met: set[Change] = set()
    for question in questions:
        if question["wie"] == "lezer":  # Each names a positie, as answers to a lezer had it then.
            check_refused(server, tokens, question)
            continue
        for field, what in differences(question["antwoord"], said(server, tokens, question)):
            changes = meant(kind_of(question["path"]), field, what)
            met.update(changes)
            if len(changes) != 1:
                why = " en ".join(change.why for change in changes)
                wrong.append(f"{question['wie']} {question['path']} {question.get('query')}: {field} {what} ({why})")
    assert not wrong, f"{len(wrong)} verschillen:\n" + "\n".join(wrong[:20])
    if every:
        assert not set(CHANGED) - met, f"verschilt nergens: {set(CHANGED) - met}"


def check_refused(server: Server, tokens: Json, question: Json) -> None:
    """A lezer may not ask with a positie that is not sealed: a beheerder can check that answer."""
    answer = said(server, tokens, question)
    assert (answer["status"], [one["veld"] for one in answer["fouten"]]) == (400, ["positie"])
    assert "alleen na te rekenen door een beheerder" in answer["fouten"][0]["melding"]


@pytest.mark.deel
def test_the_data_folder_answers_as_it_did(opened: Server, kept: Json) -> None:
    """Uses the tokens of that commit, which are still valid."""
    check(opened, kept["tokens"], slice_of(kept["vragen"], SLICE), every=WHOLE)


def test_the_backup_answers_as_what_it_was_made_of(restored: tuple[Server, Json], kept: Json) -> None:
    server, tokens = restored
    check(server, tokens, kept["vragen"][1::OF_BACKUP], every=False)


def test_what_a_lezer_took_away_then_is_for_a_beheerder_to_check(opened: Server, kept: Json) -> None:
    theirs = [one for one in kept["vragen"] if one["wie"] == "lezer"]
    assert theirs
    for one in theirs[:3]:
        check_refused(opened, kept["tokens"], one)
        assert said(opened, kept["tokens"], one | {"wie": "beheerder"})["status"] in (200, 404)


@pytest.mark.parametrize("form", ["gegevensmap", "bewaard bestand"])
def test_data_of_before_gets_a_key_and_seals_with_it(
    form: str, opened: Server, kept: Json, request: pytest.FixtureRequest
) -> None:
    server, tokens = (opened, kept["tokens"]) if form == "gegevensmap" else request.getfixturevalue("restored")
    first = said(server, tokens, {"wie": "lezer", "path": "/v1/locaties"})
    then = {name: first[name] for name in ("geldigOp", "bekendOp", "positie")}
    again = said(server, tokens, {"wie": "lezer", "path": "/v1/locaties", "query": then})
    assert first["positie"].startswith("z")
    assert again["items"] == first["items"]
    assert again["positie"] != first["positie"]


def test_rules_and_receivers_of_then_still_hold(opened: Server, kept: Json) -> None:
    headers = {"authorization": f"Bearer {kept['tokens']['beheerder']}"}
    listed = opened.client.get(f"{opened.url}/v1/ontvangers", headers=headers).json()["items"]
    assert {(one["naam"], one["ingeschakeld"]) for one in listed} == {
        ("meldkamer", True),
        ("opgeheven", False),
        ("hapert", True),
    }
    open_now = opened.client.get(f"{opened.url}/v1/alarmen?status=herstellend", headers=headers).json()["items"]
    assert [one["regel"] for one in open_now] == ["boven-maximum-lang"], "an alarm of then goes on where it was"
    assert opened.client.get(f"{opened.url}/v1/bezetting").status_code == 401


@pytest.mark.parametrize(
    "when", ["", "geldigOp=2026-10-27T00:00:00Z&bekendOp=2026-10-27T00:00:00Z"], ids=["nu", "toen"]
)
def test_every_page_shows_the_data_of_then(opened: Server, kept: Json, when: str) -> None:
    headers = {"authorization": f"Bearer {kept['tokens']['beheerder']}"}

    def first(path: str) -> str:
        answer = opened.client.get(f"{opened.url}{path}", headers=headers).json()
        assert "items" in answer, answer
        return str(answer["items"][0]["id"])

    named: dict[PathKind, list[str]] = {
        "locatie": ["LOC-TER-APEL", "LOC-PLAS"],
        "gemeente": ["GM1950", "GM0402"],
        "provincie": ["PV20"],
        "alarm": [first("/v1/alarmen?status=herstellend")],
        "gebeurtenis": [first("/v1/gebeurtenissen?onderwerp=LOC-TER-APEL")],
        "ontvanger": ["meldkamer", "opgeheven"],
    }
    of_any_moment = [page for page in PAGES if not (page.example or page.also_needs)]
    wrong = {}
    for path in walk(of_any_moment if when else PAGES, named):
        answer = opened.client.get(f"{opened.url}{path}{'&' if '?' in path else '?'}{when}", headers=headers)
        of_then = (
            404 if "/alarmen/" in path else 303 if path.startswith("/ontvangers") else 200
        )  # receivers are those of now
        if answer.status_code != (of_then if when else 200):
            wrong[path] = answer.status_code
    assert not wrong


def test_tokens_of_then_are_limited_to_no_types_and_subjects(opened: Server, kept: Json) -> None:
    """The table that the data folder holds had no columns for those."""
    headers = {"authorization": f"Bearer {kept['tokens']['beheerder']}"}
    listed = opened.client.get(f"{opened.url}/v1/toegang", headers=headers).json()["items"]
    assert {one["id"] for one in listed} >= {text.split("_")[1] for text in kept["tokens"].values()}
    assert {(one["types"], one["onderwerpen"]) for one in listed} == {(None, None)}


def test_an_event_of_then_that_is_sent_again_is_a_repeat(opened: Server, kept: Json) -> None:
    """Fields that came later leave its content as it was, so nobody's id is suddenly in use for something else."""
    headers = {"authorization": f"Bearer {kept['tokens']['beheerder']}"}
    items: list[Json] = []
    page: Json = {"volgende": ""}
    while page["volgende"] is not None:
        after = {"na": page["volgende"]} if page["volgende"] else {}
        page = opened.client.get(
            f"{opened.url}/v1/gebeurtenissen", params={"aantal": 100} | after, headers=headers
        ).json()
        items += page["items"]
    names = ("id", "source", "type", "subject", "time", "data")
    again = [{"specversion": "1.0"} | {name: item[name] for name in names} for item in items]
    assert len({one["type"] for one in again}) == 12
    answer = opened.client.post(f"{opened.url}/v1/gebeurtenissen", json=again, headers=headers)
    assert (answer.status_code, answer.json().get("fouten")) == (200, None)


def test_the_fixture_holds_what_may_go_wrong(kept: Json) -> None:
    """It has every type of event of that commit, and answers that differ by V, K, positie and role."""
    log, alarms = set(), set()
    for question in kept["vragen"]:
        if question["path"] == "/v1/gebeurtenissen":
            log |= {item["type"] for item in question["antwoord"]["items"]}
        elif question["path"] == "/v1/alarmen":
            alarms |= {item["status"] for item in question["antwoord"]["items"]}
    assert len(log) == 12
    assert alarms == {"wachtend", "actief", "herstellend", "hersteld"}
    figures = [q for q in kept["vragen"] if q["path"] == "/v1/bezetting" and q["wie"] == "beheerder"]
    for name in ("geldigOp", "bekendOp", "positie"):
        others = [other for other in ("geldigOp", "bekendOp", "positie") if other != name]
        groups: dict[tuple[str, ...], set[Any]] = {}
        for one in figures:
            groups.setdefault(tuple(one["query"][other] for other in others), set()).add(one["antwoord"]["aanwezig"])
        assert any(len(values) > 1 for values in groups.values()), f"no figure differs with {name} alone"
