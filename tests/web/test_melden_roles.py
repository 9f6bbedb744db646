"""Who may report, with which source and from which page, and what stays hidden from other roles."""

import asyncio
import re

import pytest

from services.access import Role
from services.core.registers import SubjectKind
from services.dashboard.melden.formulieren import FORMULIEREN
from services.dashboard.melden.vraag import STANDAARD_SOURCE
from services.store.tokens import TokenTable
from tests.support.access_help import FakeIssuer, access_of, audited, bearer, token
from tests.support.meld_help import ACCESS, CAPACITY, HIDDEN, READING, SHIELDED, Form, World, clock, look
from tests.support.web_client import client_of, problem_of
from tests.support.web_events import EVENTS, SOURCE, event

OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"


ROLES = {
    (Role.LEZER,): (403, 403),
    (Role.OPERATOR,): (403, 403),
    (Role.INVOER,): (403, 403),
    (Role.IMPORTEUR,): (403, 403),
    (Role.LEZER, Role.INVOER): (200, 303),
    (Role.OPERATOR, Role.IMPORTEUR): (200, 303),
    (Role.BEHEERDER,): (200, 303),
}


@pytest.mark.parametrize("roles", ROLES, ids=str)
def test_it_takes_a_role_to_send_and_one_to_read(writable, roles):
    table = TokenTable(writable.connection)
    headers = bearer(token(table, clock, *roles, source=SOURCE if Role.INVOER in roles else None))
    boss = bearer(token(table, clock, Role.BEHEERDER))
    with client_of(World(writable, access=access_of(table, clock)).app) as client, audited() as lines:
        sent = look(client, READING | {"source": SOURCE}, headers=boss).hidden
        seen = client.get("/melden", headers=headers)
        done = client.post("/melden", data=sent, headers=headers)
        assert (seen.status_code, done.status_code) == ROLES[roles]
        assert client.get("/melden").status_code == client.post("/melden", data=sent).status_code == 401
    if ROLES[roles] == (403, 403):
        missing = (
            "Lezen vraagt de rol lezer"
            if Role.LEZER not in roles and Role.OPERATOR not in roles
            else "insturen vraagt de rol"
        )
        assert missing in seen.text
        assert "280" not in seen.text + done.text
        assert [line["reden"] != "" for line in lines if line["status"] == 403] == [True, True]


def test_each_sends_under_its_own_source(writable):
    table = TokenTable(writable.connection)
    own = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=OTHER))
    boss = bearer(token(table, clock, Role.BEHEERDER))
    target = next(one["id"] for one in EVENTS if one["data"].get("aanwezig") == 310)
    retraction = {
        "soort": "intrekking",
        "over": "LOC-UTRECHT",
        "data.gebeurtenisId": target,
        "data.reden": "vergissing",
    }
    with client_of(World(writable, access=access_of(table, clock)).app) as client:
        page = look(client, READING | {"source": SOURCE}, headers=own)
        assert page.hidden["source"] == OTHER
        assert f"Namens systeem {OTHER}" in page.text
        foreign = client.post("/melden", data=page.hidden | {"source": SOURCE}, headers=own)
        assert foreign.status_code == 403
        assert f"mag alleen insturen als {OTHER}" in Form(foreign.text).text
        refused = look(client, retraction, headers=own)
        assert (refused.faults, refused.hidden) == ({"data.gebeurtenisId"}, None)
        assert f"is van {SOURCE}; alleen die bron zelf of een beheerder" in refused.text
        assert look(client, retraction, headers=boss).hidden["source"] == SOURCE
        assert look(client, READING, headers=boss).hidden["source"] == STANDAARD_SOURCE


OFFERED = {
    "alles": ((Role.LEZER, Role.INVOER), {}, set(FORMULIEREN)),
    "toezicht": ((Role.TOEZICHT,), {}, {"toezichtstap", "intrekking"}),
    "twee types": (
        (Role.LEZER, Role.INVOER),
        {"types": [FORMULIEREN["bezetting"].type, FORMULIEREN["opgave"].type]},
        {"bezetting", "opgave", "intrekking"},
    ),
    "een locatie": (
        (Role.LEZER, Role.INVOER),
        {"subjects": ["LOC-UTRECHT"]},
        {one for one, form in FORMULIEREN.items() if SubjectKind.LOCATIE in form.onderwerpen},
    ),
    "gemeenten": (
        (Role.LEZER, Role.INVOER),
        {"subjects": ["GM*"], "types": [FORMULIEREN["stand"].type, FORMULIEREN["bezetting"].type]},
        {"stand", "intrekking"},
    ),
}


@pytest.mark.parametrize("name", OFFERED)
def test_only_what_the_caller_may_send_is_offered(writable, name):
    roles, limits, soorten = OFFERED[name]
    table = TokenTable(writable.connection)
    headers = bearer(token(table, clock, *roles, source=SOURCE, **limits))
    with client_of(World(writable, access=access_of(table, clock)).app) as client:
        page = Form(client.get("/melden", headers=headers).text)
        assert {link.partition("soort=")[2] for link in page.links() if "soort=" in link} == soorten
        for soort in FORMULIEREN.keys() - soorten:
            other = Form(client.get("/melden", params={"soort": soort, "over": "GM0344"}, headers=headers).text)
            assert "Dit kunt u hier niet melden" in other.text
            assert other.names == set()


def test_subjects_that_the_caller_may_not_write_about_are_not_offered(writable):
    table = TokenTable(writable.connection)
    headers = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE, subjects=["LOC-UTRECHT", "GM0344"]))
    with client_of(World(writable, access=access_of(table, clock)).app) as client:
        for soort, only in (("bezetting", "Azc Utrecht <script> (LOC-UTRECHT)"), ("opgave", "Utrecht")):
            page = Form(client.get("/melden", params={"soort": soort}, headers=headers).text)
            assert page.lists["lijst-over"] == [only]


def test_toezicht_on_a_gemeente_is_as_if_it_were_not_there(writable):
    """Whoever may send a step but not see one gets the same pages whatever is known of it."""
    table = TokenTable(writable.connection)
    blind = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE))
    sees = bearer(token(table, clock, Role.TOEZICHT, source=SOURCE))
    asked = {"soort": "toezichtstap", "over": "GM0344", "data.stap": "besluit", "data.gezetOp": "2026-05-20"}
    asked |= {"data.toezichthouder": "PV26"}
    with client_of(World(writable, access=access_of(table, clock)).app) as client:

        def shown(headers: dict[str, str]) -> str:
            start = client.get("/melden", params={"soort": "toezichtstap", "over": "GM0344"}, headers=headers).text
            check = client.get("/melden", params=asked | {"controleer": "ja"}, headers=headers).text
            retract = client.get("/melden", params={"soort": "intrekking", "over": "GM0344"}, headers=headers).text
            return re.sub(r'(?<=name="id" value=")[^"]+', "*", start + check + retract)

        before = shown(blind), shown(sees)
        step = {"stap": "brief", "gezetOp": "2026-05-10", "toezichthouder": "PV26", "termijn": "2026-06-01"}
        sent = client.post(
            "/v1/gebeurtenissen",
            json=event("spreidingswet.toezichtstap-gezet", "GM0344", "2026-05-26T07:00:00Z", **step),
            headers=sees,
        )
        assert sent.status_code == 201, sent.text
        after = shown(blind), shown(sees)
        assert before[0] == after[0]
        assert "te zien met de rol toezicht" in after[0]
        assert "Toezicht" in after[1]
        assert "<bdi>Nu: Brief</bdi>" in after[1]
        assert '<option value="PV26" selected>' in after[1]
        assert "van brief naar besluit" in after[1]
        assert "van geen naar besluit" in before[1]
        assert "na een brief volgt een ambtelijk gesprek, niet een besluit" in after[1]
        assert "Buiten de volgorde" not in after[0]
        told = asked | {"data.stap": "brief", "data.gezetOp": "2026-05-10", "data.termijn": "2026-06-01"}
        for fields, doubted in ((told, True), (told | {"data.termijn": "2026-07-01"}, False)):
            text = client.get("/melden", params=fields | {"controleer": "ja"}, headers=sees).text
            assert ("Geen enkel cijfer hieronder verandert" in text) is doubted


def test_a_provincie_takes_a_step_as_itself_and_as_nobody_else(writable):
    """What an earlier version took of it as the minister's counts, and sent once more it is a repeat."""
    table = TokenTable(writable.connection)
    boss = bearer(token(table, clock, Role.BEHEERDER))
    own = bearer(token(table, clock, Role.TOEZICHT, source=SOURCE, subjects=["PV26"]))
    step = {"stap": "brief", "gezetOp": "2026-05-10"}
    before = event("spreidingswet.toezichtstap-gezet", "GM0344", "2026-05-26T07:00:00Z", **step)
    again = event("spreidingswet.toezichtstap-gezet", "GM0344", "2026-05-26T07:30:00Z", **step)
    asked = {"over": "GM0344", "data.stap": "ambtelijk gesprek", "data.gezetOp": "2026-05-20"}
    form = {"soort": "toezichtstap", **asked}
    with client_of(World(writable, access=access_of(table, clock)).app) as client:
        assert client.post("/v1/gebeurtenissen", json=before, headers=boss).status_code == 201
        for headers, chosen in ((own, "PV26"), (boss, "minister")):
            start = client.get("/melden", params=form, headers=headers).text
            assert f'<option value="{chosen}" selected>' in start
            said = client.get("/v1/meldformulieren/toezichtstap", params=asked, headers=headers).json()
            assert said["melding"]["gebeurtenis"]["data"].get("toezichthouder", "minister") == chosen
            assert next(one["tekst"] for one in said["velden"] if one["naam"] == "data.toezichthouder") == chosen
        for wrong in ({}, {"data.toezichthouder": "minister"}, {"data.toezichthouder": "PV27"}):
            page = look(client, form | wrong, headers=own)
            assert (page.faults, page.hidden) == ({"data.toezichthouder"}, None)
            assert "alleen namens PV26" in page.text
        assert client.post("/v1/gebeurtenissen", json=before, headers=own).status_code == 200
        refused = problem_of(client.post("/v1/gebeurtenissen", json=[before, again], headers=own), 403)
        assert [(one["index"], one["veld"]) for one in refused["fouten"]] == [(1, "1.data.toezichthouder")]
        assert "een stap kan hier alleen namens PV26" in refused["detail"]
        tried = client.post("/v1/vergelijkingen", json={"gebeurtenissen": [again]}, headers=own).text
        assert "data.toezichthouder" in tried
        again["data"]["toezichthouder"] = "PV26"
        assert client.post("/v1/gebeurtenissen", json=[before, again], headers=own).status_code == 201


RULES_TYPE = FORMULIEREN["telregel"].type
RULE = {
    "soort": "telregel",
    "over": "2024",
    "data.naam": "proef",
    "data.omschrijving": "x",
    "data.geldigVanaf": "2025-01-01",
    "data.meetellendeSoorten.nood": "ja",
    "controleer": "ja",
}


def test_the_page_of_an_event_leads_to_retracting_it_for_who_may(writable):
    table = TokenTable(writable.connection)
    own_id = next(one["id"] for one in EVENTS if one["data"].get("aanwezig") == 310)
    wanted = f"/melden?soort=intrekking&over=LOC-UTRECHT&data.gebeurtenisId={own_id}"
    callers = {
        "eigen": (token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE), True),
        "ander": (token(table, clock, Role.LEZER, Role.INVOER, source=OTHER), False),
        "andere types": (token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE, types=[RULES_TYPE]), False),
        "lezer": (token(table, clock, Role.LEZER), False),
        "beheerder": (token(table, clock, Role.BEHEERDER), True),
    }
    with client_of(World(writable, access=access_of(table, clock)).app) as client:
        for name, (text, may) in callers.items():
            page = Form(client.get(f"/gebeurtenissen/{own_id}", headers=bearer(text)).text)
            assert (wanted in page.links()) == may, name
        boss = bearer(callers["beheerder"][0])
        assert Form(client.get(wanted, headers=boss).text).asks["data.gebeurtenisId"] == own_id


def test_nobody_tries_rules_to_learn_what_is_afgeschermd(writable):
    """Naleving counts every locatie, so each rule that is tried would tell something of the places that are hidden."""
    table = TokenTable(writable.connection)
    own = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE))
    boss = bearer(token(table, clock, Role.BEHEERDER))
    with client_of(World(writable, access=access_of(table, clock)).app) as client:
        page = Form(client.get("/melden", params=RULE, headers=own).text)
        assert "vooraf alleen te zien met de rol vertrouwelijk" in page.text
        assert page.rows == {}
        assert page.hidden is not None
        seen = Form(client.get("/melden", params=RULE, headers=boss).text)
        assert "Geteld volgens telregel proef" in seen.text
        assert "Utrecht gaat van gedeeltelijk naar voldoet niet." in seen.text


def test_who_belongs_to_no_source_is_told(writable):
    issuer = FakeIssuer(clock)
    access = access_of(TokenTable(writable.connection), clock, issuer.issuer())
    nobody = bearer(issuer.sign(roles=["lezer", "invoer"]))
    with client_of(World(writable, access=access).app) as client:
        page = look(client, READING, headers=nobody)
        assert page.faults == {"source"}
        assert "u kunt voor geen enkel systeem melden" in page.text


def test_what_is_afgeschermd_is_as_if_it_were_not_there(writable):
    """A reporter without the role can't choose, find or see it, and gets the same answer as for an unknown id."""
    table = TokenTable(writable.connection)
    own = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE))
    boss = bearer(token(table, clock, Role.BEHEERDER))
    secret = SHIELDED[-1]["id"]
    with client_of(World(writable, access=access_of(table, clock)).app) as client:

        def asked(fields: dict[str, str]) -> str:
            answer = client.get("/melden", params=fields | {"controleer": "ja"}, headers=own).text
            answer = answer.replace(fields["over"], "*").replace(fields.get("data.gebeurtenisId.ander", "*"), "*")
            return re.sub(r'(?<=name="id" value=")[^"]+', "*", answer)

        never = "00000000-0000-4000-8000-000000000000"
        for fields in (READING, CAPACITY, ACCESS):
            assert asked(fields | {"over": "LOC-GEHEIM"}) == asked(fields | {"over": "LOC-BESTAAT-NIET"})
        retraction = {"soort": "intrekking", "data.reden": "x"}
        for known, unknown in (("LOC-GEHEIM", "LOC-BESTAAT-NIET"), ("LOC-UTRECHT", "LOC-UTRECHT")):
            assert asked(retraction | {"over": known, "data.gebeurtenisId.ander": secret}) == (
                asked(retraction | {"over": unknown, "data.gebeurtenisId.ander": never})
            )
        assert asked(READING | {"over": "schuilplek"}) == asked(READING | {"over": "bestaatniet"})
        assert "GEHEIM" not in client.get("/melden", headers=own).text
        open_to_boss = look(client, READING | {"over": "schuilplek"}, headers=boss)
        assert open_to_boss.rows[HIDDEN, "Aanwezig"] == ["55", "280", "ja"]


def test_a_page_elsewhere_sends_nothing(writable):
    world = World(writable, access=access_of(TokenTable(writable.connection), clock))
    with client_of(world.app) as client:
        sent = look(client, READING).hidden
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            problem_of(client.post("/melden", data=sent, headers=headers), 403)
        assert world.log.messages == []
        assert client.post("/melden", data=sent, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_with_a_session_only_our_own_page_sends(writable):
    issuer = FakeIssuer(clock)
    access = access_of(TokenTable(writable.connection), clock, issuer.issuer())
    world = World(writable, access=access)
    caller = asyncio.run(issuer.issuer().caller(issuer.sign(roles=["lezer", "invoer"], source=SOURCE)))
    with client_of(world.app) as client:
        client.cookies.set("opvangpeil-sessie", access.seals.session(caller))
        sent = look(client, READING).hidden
        assert sent["source"] == SOURCE
        for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            problem_of(client.post("/melden", data=sent, headers=headers), 403)
        assert world.log.messages == []
        assert client.post("/melden", data=sent, headers={"Origin": "http://testserver"}).status_code == 303
