"""The desk of toezicht: who sees which gemeenten, and whether each choice lists as many as it says."""

import re
from collections.abc import Iterator
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from schemas.fields import parse_moment
from services.access import Role
from services.dashboard.toezicht.werklijst import LIJSTEN
from services.export.parsing import read_back
from services.store.tokens import TokenTable
from tests.support import wire
from tests.support.access_help import access_of, bearer, serving, token
from tests.support.html_page import Page
from tests.support.meld_help import fresh
from tests.support.web_events import EVENTS, event, sent
from tests.support.web_law import LAW

NOW = parse_moment("2026-05-26T08:00:00Z")
SHORT = ("GM0344", "GM0310", "GM0363", "GM0518", "GM0599", "GM0345")
STEPS = [
    ("GM0344", "brief", "2026-03-01", "2026-04-12"),
    ("GM0344", "besluit", "2026-05-20", "2026-06-10"),
    ("GM0310", "brief", "2026-05-01", "2026-05-20"),
    ("GM0363", "brief", "2026-05-04", None),
    ("GM0518", "brief", "2026-04-01", "2026-06-19"),
    ("GM1950", "actief toezicht", "2026-01-05", "2026-05-11"),
]


def by(subject: str, body: wire.Body, time: str) -> dict[str, Any]:
    kind, data = body
    return event(kind, subject, time, **data)


WORLD = [
    *EVENTS,
    *LAW,
    *(sent(code, wire.task("2024", "verdeelbesluit", 1_000, "2024-03-01")) for code in SHORT),
    *(by(code, wire.step(stap, op, None, termijn), op) for code, stap, op, termijn in STEPS),
    *(by("NL", wire.hours(stap, 40, "2026-01-01", urenMinstens=20, urenHoogstens=80), "2026-01-01") for stap in (
        "brief", "actief toezicht", "besluit",
    )),
    by("NL", wire.staff(4.5, 100, "2026-01-01"), "2026-01-01"),
]  # fmt: skip


@pytest.fixture(scope="module")
def as_role(chdb_folder, fill) -> Iterator[Any]:
    """Asks a page as a caller with this role, about these subjects only."""
    with fresh(chdb_folder, WORLD, fill) as store:
        table, clock = TokenTable(store.connection), lambda: NOW
        headers = {
            who: bearer(token(table, clock, role, **bereik))
            for who, role, bereik in (
                ("lezer", Role.LEZER, {}),
                ("toezicht", Role.TOEZICHT, {}),
                ("provincie", Role.TOEZICHT, {"subjects": ["PV26"]}),
            )
        }
        with serving(store, access_of(table, clock), clock) as client:

            def ask(who: str, path: str, status: int = 200) -> httpx.Response:
                answer = client.get(path, headers=headers[who])
                assert answer.status_code == status, answer.text
                return answer

            yield ask


def listed(answer: httpx.Response) -> list[str]:
    """Returns the codes of the gemeenten on the list of a page."""
    return re.findall(r'<tr id="rij-(GM\d{4})"', answer.text)


def test_the_toezicht_works_from_lists_and_the_tabs_say_how_long_these_are(as_role):
    ask = partial(as_role, "toezicht")
    found = {lijst: listed(ask(f"/toezicht?lijst={lijst}")) for lijst in LIJSTEN}
    assert found == {
        # Who is too late, and then by term: GM1950 has the oldest, and complies.
        "stappen": ["GM0310", "GM1950", "GM0344", "GM0518", "GM0363"],
        "zonder": ["GM0345", "GM0599", "GM0014"],
        "voldoet": ["GM1950"],
        "volgorde": ["GM1950", "GM0344"],
        "termijnen": ["GM0344", "GM0518"],
    }
    text = Page(ask("/toezicht").text).text
    for lijst, naam in LIJSTEN.items():
        assert f"{naam} {len(found[lijst])}" in text
    assert "20 mei 2026, verlopen" in text
    assert "Nodig naar raming: 2,0 fte (tussen 1,0 en 4,0) . Beschikbaar: 4,5 fte" in text


def test_from_one_list_to_another_the_provincie_is_kept(as_role):
    page = as_role("toezicht", "/toezicht?provincie=PV26&lijst=zonder")
    for lijst, naam in LIJSTEN.items():
        found = listed(as_role("toezicht", f"/toezicht?lijst={lijst}&provincie=PV26"))
        assert f"{naam} {len(found)}" in Page(page.text).text
        assert any(f"lijst={lijst}&provincie=PV26" in link for link in Page(page.text).links())


@pytest.mark.parametrize("lijst", LIJSTEN)
def test_each_choice_lists_as_many_as_it_says(as_role, lijst):
    answer, tried = as_role("toezicht", f"/toezicht?lijst={lijst}"), 0
    for named, block in re.findall(r'<select id="f-\w+" name="(\w+)">(.*?)</select>', answer.text, re.DOTALL):
        for value, many in re.findall(r'<option value="([^"]+)"[^>]*>[^<]*\((\d+)\)', block):
            if many != "0":
                tried += 1
                chosen = as_role("toezicht", f"/toezicht?lijst={lijst}&{named}={value}")
                assert len(listed(chosen)) == int(many), (named, value)
    assert tried > 1
    weeks = re.findall(r'<a href="([^"]+week=[^"]+)"[^>]*>[^<]*<span class="aantal">(\d+)<', answer.text)
    assert [many for _, many in weeks] == (["1", "1"] if lijst == "termijnen" else [])
    for link, many in weeks:
        assert len(listed(as_role("toezicht", unescape(link)))) == int(many)


def test_a_file_has_the_rows_of_the_list(as_role):
    answer = as_role("toezicht", "/toezicht?lijst=stappen&stap=brief&formaat=csv")
    rows = read_back(answer.content, "csv")
    assert "GM0310" in str(rows)
    assert "GM0344" not in str(rows)


def test_who_may_only_read_is_told_the_figures_and_why_no_more(as_role):
    answer = as_role("lezer", "/toezicht")
    text = Page(answer.text).text
    assert listed(answer) == []
    assert "Werklijst" not in text
    assert "brief signaleren niet genoemd" in text  # 3, from which the two steps with one gemeente would follow
    assert "vooraankondiging 0" in text
    assert "Onder toezicht 5" in text
    assert "besluit besluit met laatste termijn niet genoemd" in text
    public = r"Nodig naar raming: niet genoemd \. Beschikbaar: [0-9,]+ fte"
    assert re.search(public, text), "what there is of people is public"
    assert "zien de rollen toezicht en beheerder" in text
    assert "Als allen worden opgepakt" in text
    for path in ("/toezicht?stap=brief", "/toezicht?lijst=zonder", "/toezicht?formaat=csv", "/toezicht?sorteer=dagen"):
        as_role("lezer", path, 403)


def test_a_provincie_sees_its_own_gemeenten_and_the_figures_of_a_reader(as_role):
    ask = partial(as_role, "provincie")
    assert listed(ask("/toezicht")) == ["GM0310", "GM0344"]
    assert listed(ask("/toezicht?lijst=zonder")) == ["GM0345"]
    text = Page(ask("/toezicht").text).text
    assert "uw eigen gemeenten" in text
    assert "besluit besluit met laatste termijn niet genoemd" in text
    assert "Buiten volgorde" in Page(ask("/toezicht/GM0344").text).text
    assert "/toezicht/GM0344" in Page(ask("/gemeenten/GM0344").text).links()
    assert "/toezicht/GM0363" not in Page(ask("/gemeenten/GM0363").text).links()


def test_the_explanation_says_what_it_keeps_to_whoever_sees_the_steps(as_role):
    told = {who: "alleen uitgelegd aan" in as_role(who, "/toezicht/verklaring").text for who in ("toezicht", "lezer")}
    assert told == {"toezicht": False, "lezer": True}


@pytest.mark.parametrize("who", ["toezicht", "provincie", "lezer"])
def test_every_page_of_a_gemeente_opens_for_whoever_sees_its_steps_and_terms(as_role, who):
    for page in ("", "/verklaring", "/brief"):
        as_role(who, f"/gemeenten/GM0344{page}")


def test_what_a_caller_may_not_see_is_refused_alike_with_and_without_steps(as_role):
    told = {as_role("lezer", f"/toezicht/{code}", 403).text.replace(code, "") for code in ("GM0344", "GM0599")}
    told |= {as_role("provincie", f"/toezicht/{code}", 403).text.replace(code, "") for code in ("GM0363", "GM0599")}
    assert {re.search(r"Het toezicht op één gemeente[^<]+", one)[0] for one in told} == {
        "Het toezicht op één gemeente is alleen te zien met de rol toezicht of beheerder; een provincie ziet dat van "
        "haar eigen gemeenten."
    }
    as_role("toezicht", "/toezicht/GM9999", 404)


def test_the_page_of_a_gemeente_tells_every_step_and_leads_to_the_next(as_role):
    answer = as_role("toezicht", "/toezicht/GM0344")
    text = Page(answer.text).text
    assert "Alle stappen 2" in text
    assert "Buiten volgorde : na een brief volgt een ambtelijk gesprek, niet een besluit" in text
    assert "Termijn tot en met 10 jun 2026 : nog 15 dagen" in text
    asked = [parse_qs(urlsplit(link).query) for link in Page(answer.text).links() if link.startswith("/melden?")]
    assert [one.get("data.stap") for one in asked] == [["uitvoering"], ["beëindigd"], None]
    assert {(one["soort"][0], one["over"][0]) for one in asked} == {("toezichtstap", "GM0344")}
    then = Page(as_role("toezicht", "/toezicht/GM0344?geldigOp=2026-04-01").text)
    assert "Alle stappen 1" in then.text
    assert not [link for link in then.links() if "soort=toezichtstap" in link]


def test_a_provincie_is_told_which_alarms_are_not_there(as_role):
    said = "Alarmen over termijnen, terugval, plaatsen die aflopen en fte staan hier niet"
    told = {who: said in as_role(who, "/toezicht/GM0344").text for who in ("toezicht", "provincie")}
    assert told == {"toezicht": False, "provincie": True}


def test_at_another_moment_the_list_is_of_then(as_role):
    answer = as_role("toezicht", "/toezicht?geldigOp=2026-04-20")
    assert listed(answer) == ["GM0344", "GM1950", "GM0518"]
    assert "12 apr 2026, verlopen" in Page(answer.text).text
    assert "Zet stap" not in answer.text
    known = as_role("toezicht", "/toezicht?geldigOp=2026-05-26&bekendOp=2026-04-20")
    assert listed(known) == ["GM0344", "GM1950", "GM0518"]


def test_a_day_by_itself_is_its_beginning_and_leads_to_its_end(as_role):
    def ends(asked: str) -> list[str]:
        links = Page(as_role("lezer", f"/toezicht?{asked}").text).links()
        return [link.replace("%3A", ":") for link in links if "2026-05-11T22:00:00" in link.replace("%3A", ":")]

    both = ends("geldigOp=2026-05-11&bekendOp=2026-05-11")
    assert both[0].count("2026-05-11T22:00:00") == 2
    assert ends("geldigOp=2026-05-11")[0].count("2026-05-11T22:00:00") == 1
    assert "Naar het einde van 11 mei 2026" in as_role("lezer", "/toezicht?geldigOp=2026-05-11").text
    for none in ("geldigOp=2026-05-11T08:00", "geldigOp=2026-05-26"):  # At another time, and of a day that is not over.
        assert "Naar het einde van" not in as_role("lezer", f"/toezicht?{none}").text


def test_an_explanation_begins_with_the_estimates_and_leads_to_the_toezicht_on_a_gemeente(as_role):
    answer = as_role("toezicht", "/toezicht/verklaring?rol=telt")
    page = Page(answer.text)
    assert "Waarom deze cijfers: Toezicht op gemeenten" in page.text
    assert "/toezicht/GM0344" in page.links()
    first = page.text.partition("De meldingen erachter")[2]
    said = "kost naar raming 40 uur per jaar (tussen 20 en 80)"
    assert 0 < first.index(said) < first.index("toezicht: ")
    earlier = Page(as_role("toezicht", "/toezicht/verklaring?rol=vervangen").text).text
    assert "een eerdere stap; de volgende is toezicht: besluit" in earlier


def test_what_if_so_many_were_taken_up(as_role):
    text = Page(as_role("lezer", "/toezicht?stelGemeenten=250").text).text
    assert "250 gemeenten in 'actief toezicht': naar raming 100,0 fte (tussen 50,0 en 200,0)" in text
    assert "Met 4,5 fte kunnen naar raming 11 gemeenten (5 tot 22) in de stap 'actief toezicht' zijn." in text
    assert "Eén gemeente in 'besluit' 40 uur (tussen 20 en 80) een melding zonder bron" in text
    assert "Mensen van de minister 4,5 fte van 100 uur" in text
    assert "van deze stap is geen raming bekend" in as_role("lezer", "/toezicht?stelStap=uitvoering").text
