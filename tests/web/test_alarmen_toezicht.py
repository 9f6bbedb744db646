"""Alarms that are only for the desk of toezicht, for each role at each address: for all others they do not exist."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from schemas.alarmregels import TE_WEINIG_GEGEVENS, van_toezicht
from schemas.fields import format_moment, parse_moment
from services.access import Role
from services.alarms.acts import Daden
from services.alarms.app import alarm_router
from services.alarms.deliver.app import receivers_router
from services.api.gauges import live_figures
from services.api.stroom import Stroom
from services.core.alarms.bewaking import bewaking_begonnen
from services.core.alarms.boek import Alarmboek
from services.dashboard.app import alarm_pages_router
from services.reads.alarm_keuze import ergste_eerst
from services.reads.alarm_nu import beeld_van
from services.reads.question import Audience, question_of_now
from services.reads.reader import Reader
from services.store.store import Store
from services.store.tokens import TokenTable
from services.wiring.parts import names_of
from tests.support import make
from tests.support.access_help import access_of, bearer, serving, token
from tests.support.alarm_help import RULES_FILE, SHIPPED, keep, look, shipped, view
from tests.support.bezorg_help import hears_all, lijst_of
from tests.support.desk_alarms import GROOTHEID, RULE, SILENCE, desk_alarms, lacks, went_off
from tests.support.reads import ontvangers_of
from tests.support.shielded_walk import producer
from tests.support.strategies import read
from tests.support.web_client import fresh_metrics, problem_of
from tests.support.web_events import EVENTS, NOW

ALARM, LACK = went_off(NOW)[0], lacks(NOW)[0]
DESK = frozenset({Role.TOEZICHT, Role.BEHEERDER})
READERS = (Role.LEZER, Role.VERTROUWELIJK, Role.TOEZICHT, Role.METER, Role.OPERATOR, Role.BEHEERDER)
LATER = format_moment(NOW + timedelta(days=1))


@pytest.fixture
def desk(store: Store, fill) -> Store:
    """A store with alarms for the desk around one that is for everybody."""
    fill(store, read(EVENTS), NOW)
    before, after = desk_alarms(NOW, ["meldkamer"])
    seen = look([shipped("toegang")], view(read(EVENTS), NOW), [])
    keep(store, [bewaking_begonnen(NOW - timedelta(days=9)), *before, *seen, *after])
    return store


@pytest.fixture
def asked(desk: Store) -> Iterator[tuple[httpx.Client, dict[str, dict[str, str]]]]:
    """A client of it, and the headers of each role; `utrecht` sees the toezicht on the gemeenten of one provincie."""
    table = TokenTable(desk.connection)
    of: dict[str, dict[str, str]] = {role: bearer(token(table, lambda: NOW, role)) for role in READERS}
    of["utrecht"] = bearer(token(table, lambda: NOW, Role.TOEZICHT, subjects=["PV26"]))
    reader = Reader(desk, lambda: NOW)
    with producer() as nowhere:
        daden, receivers = Daden(reader, nowhere, names_of(SHIPPED)), ontvangers_of(reader, lijst_of(hears_all()))
        routers = (alarm_router(daden), receivers_router(receivers), alarm_pages_router(daden, receivers))
        with serving(desk, access_of(table, lambda: NOW), lambda: NOW, *routers) as client:
            yield client, of


def test_of_one_ernst_they_come_after_those_of_people_and_places():
    (late,) = Alarmboek(went_off(NOW)).alarmen()
    access = replace(late, id="z", grootheid="toegang", sinds=late.sinds - timedelta(days=9))
    assert sorted([late, access], key=lambda one: ergste_eerst(one, one.waarde)) == [access, late]
    worse = replace(late, ernst="kritiek")
    assert sorted([access, worse], key=lambda one: ergste_eerst(one, one.waarde)) == [worse, access]


def test_each_role_meets_them_everywhere_or_nowhere(asked):
    """Whoever may not is answered as if there were none: 404 at an id, and no count that has them."""
    client, of = asked
    toets = {"regels": RULES_FILE.read_text(encoding="utf-8"), "alleen": [RULE, "teruggevallen-na-voldoet"]}
    for role, headers in of.items():
        may = role in DESK

        def get(path: str, headers: dict[str, str] = headers) -> httpx.Response:
            return client.get(path, headers=headers)

        listed = get("/v1/alarmen").json()
        assert {one["id"] for one in listed["items"]} >= {ALARM.id, LACK.id} if may else True, role
        assert any(one["grootheid"] == GROOTHEID for one in listed["items"]) == may, role
        counted = listed["aantallen"]
        assert sum(counted.values()) - 2 * may == sum(of_lezer(client, of).values()), role
        assert [one["id"] for one in get("/v1/stiltes").json()["items"]] == [SILENCE] * may, role
        pages = ("/alarmen?status=alle", "/alarmen?zoek=opgave&status=alle", "/stiltes", "/gemeenten/GM0344", "/")
        assert [RULE.replace("-", " ") in get(page).text.replace("-", " ").lower() for page in pages[:3]] == [may] * 3
        for page in pages:
            assert may or not {ALARM.id, LACK.id, RULE} & set(get(page).text.replace('"', " ").split()), (role, page)
        for one in (ALARM, LACK):
            assert get(f"/alarmen/{one.id}").status_code == (200 if may else 404), role
        waiting = get("/v1/ontvangers/meldkamer/geschiedenis").json()["items"]
        assert any(one["alarmId"] == LACK.id for one in waiting) == may, role
        assert (get("/v1/ontvangers/meldkamer").json()["laatsteSucces"] is not None) == may, role
        found = client.post("/v1/alarmtoetsen", json=toets, headers=headers).json()
        assert any(one["reden"].startswith("zegt iets van het toezicht") for one in found["nietTeToetsen"]) != may
        assert [one["regel"] for one in found["regels"]] == ["teruggevallen-na-voldoet"] * may, role


def of_lezer(client: httpx.Client, of: dict[str, dict[str, str]]) -> dict[str, int]:
    return client.get("/v1/alarmen", headers=of[Role.LEZER]).json()["aantallen"]


def test_an_operator_does_nothing_about_what_he_may_not_see(asked):
    """A rule of the desk is no rule to him, by the same words and without it in the list of those that are."""
    client, of = asked
    operator = of[Role.OPERATOR]
    problem_of(client.post(f"/v1/alarmen/{ALARM.id}/bevestigingen", json={}, headers=operator), 404)
    problem_of(client.delete(f"/v1/stiltes/{SILENCE}", headers=operator), 404)
    said = []
    for regel in (RULE, "geen-regel"):
        asked_for = {"regel": regel, "tot": LATER, "reden": "x"}
        said.append(problem_of(client.post("/v1/stiltes", json=asked_for, headers=operator), 400))
    assert said[0]["fouten"] == said[1]["fouten"]
    assert RULE not in str(said[0]["fouten"])
    assert "toegang" in str(said[0]["fouten"])


def test_a_silence_of_a_lack_that_is_for_the_desk_is_set_by_the_rule_that_cannot_judge(asked):
    """By the name of the lack itself everybody would see it. Whoever does not see the alarm hears nothing of that."""
    client, of = asked
    lack = {"regel": TE_WEINIG_GEGEVENS, "onderwerp": LACK.subject, "tot": LATER, "reden": "x"}
    (fout,) = problem_of(client.post("/v1/stiltes", json=lack, headers=of[Role.BEHEERDER]), 400)["fouten"]
    assert fout["veld"] == "regel"
    assert fout["melding"].endswith(f"leg de regel stil die niet kan oordelen: {RULE}")
    allowed = (of[Role.OPERATOR], lack), (of[Role.BEHEERDER], lack | {"onderwerp": "GM0344"})
    for headers, body in (*allowed, (of[Role.BEHEERDER], lack | {"regel": RULE})):
        assert client.post("/v1/stiltes", json=body, headers=headers).status_code == 503, (
            "nothing else stands in its way"
        )


def test_metrics_and_the_stream_count_them_for_the_desk_alone(desk):
    reader = Reader(desk, lambda: NOW)
    counts = {}
    for audience in (Audience.LEZER, Audience.AFGESCHERMD, Audience.TOEZICHT, Audience.EVERYTHING):
        figures = {name: dict(found) for name, found in live_figures(reader)(audience).items()}
        counts[audience] = figures["opvangpeil_alarmen"]["hoog", "actief"]
        stroom = Stroom(reader, fresh_metrics())
        since = "0.0" if audience == Audience.EVERYTHING else desk.sealed.place((0, 0))
        missed = stroom._missed(audience, since)
        about = {getattr(one.event.data, "grootheid", None) for one in missed}
        assert (GROOTHEID in about) == audience.sees_toezicht
        assert "toegang" in about
        if audience == Audience.AFGESCHERMD:
            assert stroom._missed(audience, "0.0") is None, "true places would show what lies between them"
    assert counts[Audience.TOEZICHT] == counts[Audience.LEZER] + 2 == counts[Audience.EVERYTHING]
    assert counts[Audience.AFGESCHERMD] == counts[Audience.LEZER]


def test_what_is_found_out_beside_the_live_view_is_what_the_rules_see(store: Store, fill):
    """From the store, as the watch and the pages find it: what is to come, and what was before."""
    ends, ended = "2026-08-01", "2026-05-01"
    law = [make.cycle(until=make.BEGIN), make.task(10), make.task(10, "GM0344"), make.registered()]
    law += [make.registered("LOC-2", "GM0344"), make.places(12, tot=ends), make.places(4, locatie="LOC-2", vanaf=ended)]
    law += [make.places(11, locatie="LOC-2"), make.step("beëindigd", "GM0344", "2026-04-01")]
    fill(store, law, NOW)
    regels = [one for one in SHIPPED if van_toezicht(one.grootheid)]
    reader = Reader(store, lambda: NOW, regels=regels)
    beeld = beeld_van(reader, question_of_now(NOW, Audience.TOEZICHT), regels)
    made = {(one.data.regel, one.subject): one for one in look(regels, beeld, [])}
    assert made.keys() == {
        (RULE, "GM0402"),
        ("onder-opgave-binnen-jaar", "GM0402"),
        ("teruggevallen-na-voldoet", "GM0344"),
    }
    assert made[RULE, "GM0402"].data.waarde == (parse_moment(ends) - NOW) / timedelta(days=1)
    assert "tot 1 mei 2026 'voldoet'" in made["teruggevallen-na-voldoet", "GM0344"].data.toelichting
    assert all(row.stap is None for row in beeld_van(reader, question_of_now(NOW, Audience.LEZER), []).naleving)
