"""Whoever has the code of a letter hears whether it still stands, and nobody hears anything else."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import services
from services.access import Role
from services.config import CONTROLE_DAGEN
from services.reads.controle import issued_by, typed, written
from services.store.store import Store
from tests.support import wire
from tests.support.access_help import FakeTable, access_of, bearer, serving, token
from tests.support.html_checker import html_errors
from tests.support.html_checker import missing as no_checker
from tests.support.missing import without
from tests.support.rondes import only_whole
from tests.support.shielded_world import STEP, WORLD
from tests.support.strategies import read
from tests.support.web_client import problem_of
from tests.support.web_events import NOW, SOURCE, event, sent
from tests.support.web_law import LAW

HTML = {"Accept": "text/html"}
LETTER = "/v1/rapporten/gemeente/GM0344"
CODE = re.compile(r"([0-9A-HJKMNP-TV-Z]{4}-){23}[0-9A-HJKMNP-TV-Z]{4}")
STANDS, OVERTAKEN = "staat nog", "is achterhaald"
GM0344 = next(one for one in WORLD if one["subject"] == "GM0344" and "opgave" in one["data"])
STRICT = next(one for one in LAW if one["data"].get("naam") == "streng")


class Desk:
    """A store, and who asks it at a moment."""

    client: httpx.Client

    def __init__(self, store: Store, fill: Callable[..., Any]) -> None:
        self.now = NOW
        self._store, self._fill = store, fill
        self._table = FakeTable()
        roles = (Role.LEZER, Role.TOEZICHT, Role.BEHEERDER)
        self.headers: dict[str, dict[str, str]] = {role: self._who(role) for role in roles}
        self.headers["provincie"] = self._who(Role.TOEZICHT, subjects=("PV26",))

    def _who(self, role: Role, **bereik: Any) -> dict[str, str]:
        return bearer(token(self._table, lambda: NOW, role, source=SOURCE, **bereik))

    @contextmanager
    def serving(self, store: Store | None = None) -> Iterator[httpx.Client]:
        with serving(store or self._store, access_of(self._table, lambda: self.now), lambda: self.now) as client:
            yield client

    def letter(self, role: str = Role.LEZER, path: str = LETTER, **asked: str) -> dict[str, Any]:
        answer = self.client.get(path, params=asked, headers=self.headers[role])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def checked(self, code: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.client.get(f"/controle/{code}", headers=dict(headers or {}))

    def outcome(self, code: str) -> str:
        answer = self.checked(code)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["uitkomst"])

    def learns(self, *events: dict[str, Any], after: timedelta = timedelta(minutes=1)) -> None:
        """Stores more events, and lets time pass."""
        self.now += after
        self._fill(self._store, read(events), ontvangen_op=self.now)


@pytest.fixture
def desk(store, fill) -> Iterator[Desk]:
    fill(store, read(WORLD), ontvangen_op=NOW)
    found = Desk(store, fill)
    with found.serving() as found.client:
        yield found


def retraction(of: dict[str, Any], time: str = "2026-05-26T08:00:30Z") -> dict[str, Any]:
    return event("gebeurtenissen.ingetrokken", of["subject"], time, gebeurtenisId=of["id"], reden="vergissing")


def extra(gemeente: str, time: str, vanaf: str = "2026-05-01") -> dict[str, Any]:
    return sent(gemeente, wire.transfer("2024", "GM0034" if gemeente != "GM0034" else "GM0014", 5, vanaf), time)


LATE = extra("GM0344", "2026-05-26T07:59:00Z")


def test_a_letter_has_a_paragraph_its_events_and_a_code_that_anybody_can_have_checked(desk):
    said = desk.letter()
    assert (said["rapport"], said["omvat"], said["gemeente"]) == ("gemeente", "alles", "GM0344")
    assert "een opgave van 1.805 plaatsen" in said["alinea"]
    assert GM0344["id"] in [one["id"] for one in said["gebeurtenissen"]]
    assert said["gebeurtenissen"][-1]["zin"].startswith("Utrecht: 100 plaatsen, waarvan 0 voor amv, van locaties")
    assert CODE.fullmatch(said["code"])
    assert said["controle"] == f"http://testserver/controle/{said['code']}"
    assert desk.outcome(said["code"]) == desk.outcome(said["code"].lower().replace("-", "")) == STANDS
    assert desk.letter()["code"] != said["code"]


def test_the_events_of_a_letter_are_those_that_count_in_it(desk):
    ids = {one["id"] for one in desk.letter()["gebeurtenissen"]}
    known = {one["id"]: one for one in WORLD}
    assert {known[one]["type"].split(".")[1] for one in ids - {None}} == {"opvanglocaties", "spreidingswet"}
    assert not {one["id"] for one in WORLD if "peilmoment" in one["data"]} & ids
    assert STEP["id"] not in ids
    assert STEP["id"] in {one["id"] for one in desk.letter(Role.TOEZICHT)["gebeurtenissen"]}


@pytest.mark.parametrize("role", [Role.BEHEERDER, *map(only_whole, (Role.LEZER, Role.TOEZICHT))])
def test_no_letter_names_what_is_afgeschermd_and_each_can_be_made_again_by_anybody(desk, role):
    said = desk.letter(role)
    assert "GEHEIM" not in str(said)
    assert said["positie"].startswith("z")
    again = desk.letter(Role.TOEZICHT if role is Role.BEHEERDER else role, positie=said["positie"])
    assert (again["alinea"], again["gebeurtenissen"]) == (said["alinea"], said["gebeurtenissen"])


def test_what_becomes_known_later_about_its_moment_overtakes_it_and_nothing_else_does(desk):
    code = desk.letter()["code"]
    desk.learns(extra("GM1950", "2026-05-26T08:00:10Z"))  # of another gemeente
    desk.learns(extra("GM0344", "2026-05-26T08:01:10Z", vanaf="2026-05-26T08:01:00Z"))  # of a later moment
    desk.learns(event("opvanglocaties.bezetting-gemeld", "LOC-UTRECHT", "2026-05-26T08:02:00Z",
                      peilmoment="2026-05-25T08:00:00Z", aanwezig=9))  # fmt: skip
    assert desk.outcome(code) == STANDS
    desk.learns(LATE)  # logged before, and came in after
    assert desk.outcome(code) == OVERTAKEN
    assert desk.outcome(desk.letter()["code"]) == STANDS
    desk.learns(retraction(LATE, "2026-05-26T08:05:00Z"))
    assert desk.outcome(code) == STANDS


def test_a_retraction_overtakes_it(desk):
    codes = [desk.letter()["code"], desk.letter(geldigOp="2026-01-01", bekendOp="2026-02-01")["code"]]
    desk.learns(retraction(GM0344))
    assert [desk.outcome(code) for code in codes] == [OVERTAKEN, OVERTAKEN]


def test_a_letter_of_another_moment_knowledge_or_positie_is_checked_by_all_that_is_known_now(desk):
    before = desk.letter()
    old = desk.letter(geldigOp="2024-01-15", bekendOp="2026-01-01")
    ahead = desk.letter(geldigOp="2027-01-01")
    desk.learns(LATE)
    assert [desk.outcome(one["code"]) for one in (old, ahead)] == [STANDS, OVERTAKEN]
    assert desk.outcome(desk.letter(positie=before["positie"], geldigOp=before["geldigOp"])["code"]) == OVERTAKEN


def test_a_rule_that_was_asked_for_is_held_to_and_without_it_a_letter_no_longer_stands(desk):
    strict, plain = desk.letter(telregel="streng"), desk.letter()
    assert "telregel streng" in strict["alinea"]
    assert [desk.outcome(one["code"]) for one in (strict, plain)] == [STANDS, STANDS]
    desk.learns(retraction(STRICT))
    assert [desk.outcome(one["code"]) for one in (strict, plain)] == [OVERTAKEN, STANDS]


def test_a_letter_with_the_step_of_toezicht_is_checked_with_it_and_one_without_is_not(desk):
    told, plain = desk.letter(Role.TOEZICHT), desk.letter()
    assert "de stap ‘bestuurlijk gesprek’ van kracht, gezet op 1 mei 2026 door de minister" in told["alinea"]
    assert "toezicht" not in str(plain)
    desk.learns(retraction(STEP))
    assert [desk.outcome(one["code"]) for one in (told, plain)] == [OVERTAKEN, STANDS]


def test_a_provincie_reads_the_step_in_letters_about_its_own_gemeenten(desk):
    own, other = (desk.letter("provincie", f"/v1/rapporten/gemeente/{code}") for code in ("GM0344", "GM0014"))
    assert "de stap ‘bestuurlijk gesprek’ van kracht" in own["alinea"]
    assert "toezicht" not in str(other)
    assert "toezicht" not in str(desk.letter("provincie", omvat="zichtbaar"))


def all_of(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    return answer.status_code, dict(answer.headers), answer.content


@pytest.mark.parametrize("headers", [{}, HTML], ids=["programma", "mens"])
def test_unknown_wrong_expired_and_of_another_store_are_answered_alike_to_the_last_byte(desk, new_store, headers):
    code = desk.letter()["code"]
    last = "0" if code[-1] != "0" else "1"
    wrong = [
        written(bytes(60)),
        written(bytes(range(60))),
        code[:-1] + last,
        code[:-2],
        f"{code}0",
        "x",
        "'; DROP TABLE gebeurtenis --",
        "é" * 99,
        "9" * 5_000,
    ]
    found = [all_of(desk.checked(one, headers)) for one in wrong]
    with desk.serving(new_store()) as elsewhere:
        found.append(all_of(elsewhere.get(f"/controle/{code}", headers=headers)))
    desk.now += timedelta(days=CONTROLE_DAGEN)
    assert desk.checked(code, headers).status_code == 200
    desk.now += timedelta(days=1)
    found.append(all_of(desk.checked(code, headers)))
    assert {status for status, _, _ in found} == {404}
    assert [one for one in found if one != found[0]] == []
    assert (found[0][1]["cache-control"], found[0][1]["referrer-policy"]) == ("no-store", "no-referrer")


def calls(act: Callable[[], Any]) -> list[str]:
    """Returns the functions of ours that are called, in order."""
    home, seen = str(Path(services.__file__).parent), list[str]()

    def watch(frame: Any, kind: str, _: Any) -> None:
        if kind == "call" and frame.f_code.co_filename.startswith(home):
            seen.append(frame.f_code.co_qualname)

    sys.setprofile(watch)
    try:
        act()
    finally:
        sys.setprofile(None)
    return seen


def test_unknown_wrong_and_expired_take_the_same_steps(desk, store):
    """So how long an answer takes tells no more than what it says."""
    code = desk.letter()["code"]
    store.sealed.load()
    year = NOW + timedelta(days=CONTROLE_DAGEN + 1)

    def steps(text: str, now: datetime) -> list[str]:
        return calls(lambda: issued_by(store.sealed, text).counts(now, CONTROLE_DAGEN))

    taken = [steps(code, year), *(steps(text, NOW) for text in ("x", "9" * 5_000, written(bytes(60)), code[:-1]))]
    assert taken == [taken[0]] * len(taken)
    assert "Seal.open" in taken[0]


@pytest.mark.parametrize("headers", [HTML, only_whole({})])
def test_an_answer_is_one_bit(desk, headers):
    """It is the same for each gemeente, moment, rule and audience."""
    letters = [
        desk.letter(),
        desk.letter(path="/v1/rapporten/gemeente/GM0034", telregel="streng"),
        desk.letter(Role.TOEZICHT, geldigOp="2025-01-01"),
    ]
    stands = [all_of(desk.checked(one["code"], headers)) for one in letters]
    assert stands[1:] == [stands[0]] * 2
    desk.learns(
        retraction(GM0344), retraction(next(one for one in LAW if one["subject"] == "GM0034")), retraction(STEP)
    )
    desk.learns(retraction(next(one for one in WORLD if one["subject"] == "2024")))
    desk.learns(retraction(next(one for one in LAW if "cyclus-vastgesteld" in one["type"])))
    later = [all_of(desk.checked(one["code"], headers)) for one in letters]
    assert later == [later[0]] * 3
    assert later[0] != stands[0]
    assert not re.search(rb"GM\d|Utrecht|20\d\d", later[0][2])


def test_a_person_types_a_code_on_a_page_that_needs_no_script(desk):
    code, client = desk.letter()["code"], desk.client
    empty = client.get("/controle", headers=HTML)
    typed_in = client.get("/controle", params={"code": f" {code.lower()} "}, headers=HTML)
    wrong = client.get("/controle", params={"code": "abc/d"}, headers=HTML)
    assert (empty.status_code, typed_in.status_code, wrong.status_code) == (200, 200, 404)
    assert all_of(client.get(f"/controle/{code}", headers=HTML)) == all_of(typed_in)
    assert all_of(client.get("/controle/x", headers=HTML)) == all_of(wrong)
    assert problem_of(client.get("/controle"), 404) == problem_of(client.get("/controle/x"), 404)
    for path in ("/controle?token=x", "/controle?code=a&code=b", f"/controle/{code}?token=x"):
        assert client.get(path).status_code == 400, path
    assert "<script" not in empty.text
    assert '<label for="code">' in empty.text
    assert "Het rapport met deze code staat nog" in typed_in.text
    assert "<title>Dit rapport staat nog – Opvangpeil</title>" in typed_in.text
    assert code.lower() not in typed_in.text
    assert code not in typed_in.text


def test_what_a_mail_system_adds_to_a_link_changes_nothing_and_no_answer_is_kept_or_told_on(desk):
    code, client = desk.letter()["code"], desk.client
    plain, tracked = f"/controle/{code}", f"/controle/{code}?utm_source=brief&utm_id=7&utm_id=8&geldigOp=2026-01-01"
    for headers in ({}, HTML):
        assert all_of(client.get(tracked, headers=headers)) == all_of(client.get(plain, headers=headers))
        assert all_of(client.get(f"/controle?code={code}&fbclid=x", headers=headers)) == all_of(
            client.get(plain, headers=headers)
        )
    answers = [
        client.get(tracked),
        client.get(f"{plain}?token=x"),
        client.get("/controle?code=a&code=b"),
        client.get("/controle/x"),
        client.post(plain),
    ]
    assert [one.status_code for one in answers] == [200, 400, 400, 404, 405]
    for one in answers:
        assert (one.headers["cache-control"], one.headers["referrer-policy"]) == ("no-store", "no-referrer")


@pytest.mark.volledig
def test_its_pages_are_good_html(desk):
    if reason := no_checker():
        without("de HTML-checker", reason)
    paths = ("/controle", f"/controle/{desk.letter()['code']}", "/controle/x")
    assert html_errors({path: desk.client.get(path, headers=HTML).text for path in paths}) == []


def test_the_page_of_a_gemeente_leads_to_its_letter(desk):
    headers, client = HTML | desk.headers[Role.LEZER], desk.client
    assert 'href="/gemeenten/GM0344/brief"' in client.get("/gemeenten/GM0344", headers=headers).text
    page = client.get("/gemeenten/GM0344/brief", headers=headers)
    assert page.status_code == 200, page.text
    assert "een opgave van 1.805 plaatsen" in page.text
    (code,) = {found[0] for found in re.finditer(CODE, page.text)}
    assert client.get(f"/controle/{code}").json()["uitkomst"] == STANDS
    assert client.get("/gemeenten/GM9999/brief", headers=headers).status_code == 404


def test_only_who_may_read_gets_a_letter(desk):
    assert desk.client.get(LETTER).status_code == 401
    unknown = desk.client.get("/v1/rapporten/gemeente/GM9999", headers=desk.headers[Role.LEZER])
    assert "GM9999" in problem_of(unknown, 404)["detail"]


def test_a_letter_of_the_past_has_an_etag_whatever_its_code(desk):
    asked, headers = {"bekendOp": "2026-05-26"}, desk.headers[Role.LEZER]
    first = desk.client.get(LETTER, params=asked, headers=headers)
    again = desk.client.get(LETTER, params=asked, headers=headers | {"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_a_code_that_was_sealed_can_only_be_read_by_the_store(desk, store, new_store):
    code = desk.letter()["code"]
    assert store.sealed.opened_code(typed(code)) is not None
    assert new_store().sealed.opened_code(typed(code)) is None
    assert SOURCE not in code
