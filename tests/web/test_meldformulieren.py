"""The form for programs: it begins, warns, refuses and hides as the page does, whatever of it is filled in.

That it makes the same event for every example stands in `test_melden_types.py`.
"""

import html
import re

import orjson
import pytest

from services.access import Role
from services.core.registers import SubjectKind
from services.dashboard.melden.formulieren import FORMULIEREN
from services.dashboard.melden.lezen import als_tekst
from services.store.tokens import TokenTable
from tests.support.access_help import access_of, bearer, token
from tests.support.meld_help import (
    ACCESS,
    CAPACITY,
    HIDDEN,
    MAXIMUM,
    READING,
    SHIELDED,
    TASK,
    WORLD,
    Form,
    World,
    clock,
    fresh,
    look,
)
from tests.support.web_client import client_of, problem_of
from tests.support.web_events import EVENTS, SOURCE, event

OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"
_OWN_ID = re.compile(r'"gebeurtenis":\{"specversion":"1.0","id":"[0-9a-f-]{36}"')
READING_310 = next(one["id"] for one in EVENTS if one["data"].get("aanwezig") == 310)
RETRACTION = {"over": "LOC-UTRECHT", "data.gebeurtenisId": READING_310, "data.reden": "vergissing"}


KEYS = {
    "opgave": {"data.status": "verdeelbesluit"},
    "overdracht": {"data.naar": "Almere"},
    "telregel": {"data.naam": "krant"},
    "inzet": {"data.stap": "brief"},
    "cijfers": {"data.bron": "brief"},
}
"""What says which register is meant, where nothing does by itself."""


def over_of(soort):
    """Somebody or something that a form can be about, of which this world knows."""
    kinds = FORMULIEREN[soort].onderwerpen
    known = ((SubjectKind.LOCATIE, "LOC-TER-APEL"), (SubjectKind.GEMEENTE, "GM0344"), (SubjectKind.CYCLUS, "2024"))
    return next((subject for kind, subject in known if kind in kinds), "NL")


@pytest.fixture(scope="module")
def client(kept):
    with client_of(World(kept).app) as client:
        yield client


def asked(client, soort, _headers=None, **fields):
    answer = client.get(f"/v1/meldformulieren/{soort}", params=fields, headers=_headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def fields_of(form):
    return {name: text for name, text in form.items() if name != "soort"}


def veld(answer, name):
    return next(one for one in answer["velden"] if one["naam"] == name)


@pytest.mark.parametrize("form", [READING, CAPACITY, ACCESS, MAXIMUM, TASK], ids=lambda form: form["soort"])
def test_the_check_says_what_the_page_says(client, form):
    page, answer = look(client, form), asked(client, form["soort"], **fields_of(form))
    said = answer["melding"]
    assert said["zin"] in page.text
    for line in [*said["waarschuwingen"], *said["toelichting"], *said["verandert"]]:
        assert " ".join(line.split()) in page.text
    rows = {
        (groep["titel"], rij["label"]): [rij["zonder"], rij["met"], "ja" if rij["verandert"] else "nee"]
        for groep in said["gevolgen"]
        for rij in groep["rijen"]
    }
    assert rows == {
        key: [cell.replace("\xa0", " ") for cell in cells]
        for key, cells in page.rows.items()
        if cells[-1] in ("ja", "nee")
    }
    assert said["gebeurtenis"]["source"] == page.hidden["source"]
    assert answer["fouten"] == []


@pytest.mark.parametrize("soort", FORMULIEREN)
def test_it_begins_with_what_the_page_begins_with(client, soort):
    """Also with what is in force, so that a report of one number does not lose the others."""
    fields = {"over": over_of(soort), **KEYS.get(soort, {})}
    page = Form(client.get("/melden", params={"soort": soort, **fields}).text)
    told = {one["naam"]: one["tekst"] for one in asked(client, soort, **fields)["velden"]}
    begun = {name: text for name, text in page.asks.items() if name.startswith("data.") and text}
    assert {name.partition(".")[0] for name in told} <= {"data", "over", "source"}
    assert page.names - {"source"} <= {name for veld in FORMULIEREN[soort].velden() for name in veld.namen}
    for veld in FORMULIEREN[soort].velden():
        if veld.naam in told:
            assert told[veld.naam] == als_tekst(veld, begun), veld.naam


def test_a_field_that_is_empty_stays_empty_and_one_that_is_left_out_begins(client):
    keep = {"over": "LOC-TER-APEL", "data.geldigVanaf": "2026-05-26", "data.maximum": "1.900"}
    data = asked(client, "maximum", **keep)["melding"]["gebeurtenis"]["data"]
    assert (data["grondslag"], data["dwangsomPerDag"]) == ("uitspraak", 15_000)
    data = asked(client, "maximum", **keep, **{"data.dwangsomPerDag": "", "data.dwangsomPlafond": ""})
    assert "dwangsomPerDag" not in data["melding"]["gebeurtenis"]["data"]


def test_places_that_are_sent_again_keep_since_when_they_are_there(client):
    said = asked(client, "capaciteit", **fields_of(CAPACITY))["melding"]["gebeurtenis"]["data"]
    assert said["plaatsen"] == [{"soort": "regulier", "aantal": 350, "beschikbaarVanaf": "2023-12-31T23:00:00Z"}]


WRONG = {
    "geen dag": ({"data.peilmoment": "31-02-2026"}, "data.peilmoment", "is geen dag van 2010 tot en met 2050"),
    "te ver vooruit": ({"data.peilmoment": "01-01-2051"}, "data.peilmoment", "is geen dag van 2010 tot en met 2050"),
    "geen getal": ({"data.aanwezig": "2,5"}, "data.aanwezig", "moet een heel getal zijn: 2104 of 2.104"),
    "niets": ({"data.aanwezig": ""}, "data.aanwezig", "ontbreekt; dit veld is verplicht"),
    "geen locatie": ({"over": "nergens"}, "over", "komt in geen enkele naam voor; noem een locatie"),
    "meer locaties": ({"over": "azc"}, "over", "past bij 2 namen; kies er één"),
    "geen source": ({"source": "coa"}, "source", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_at_its_field_and_nothing_can_be_sent(client, name):
    fields, where, told = WRONG[name]
    answer = asked(client, "bezetting", **fields_of(READING) | fields)
    assert answer["melding"] is None
    assert answer["toegestaan"]
    (fout,) = answer["fouten"]
    assert fout["veld"] == where
    assert told in fout["melding"]


def test_a_field_is_one_text(client):
    """A moment has its time behind it, choices stand in a row, and a choice may be what people call it."""
    fields = {"data.aanwezig": "280", "data.peilmoment": "26-05-2026 09:30"}
    found = asked(client, "bezetting", over="LOC-UTRECHT", **fields)["melding"]["gebeurtenis"]["data"]
    assert found["peilmoment"] == "2026-05-26T07:30:00Z"
    rule = {"over": "2024", "data.naam": "x", "data.omschrijving": "x", "data.geldigVanaf": "2026-01-01"}
    found = asked(client, "telregel", **rule, **{"data.meetellendeSoorten": "Nood, regulier"})
    assert found["melding"]["gebeurtenis"]["data"]["meetellendeSoorten"] == ["regulier", "nood"]
    (fout,) = asked(client, "telregel", **rule, **{"data.meetellendeSoorten": "nood, x"})["fouten"]
    assert fout["melding"] == "kies een van de mogelijkheden: regulier, nood, amv"
    access = fields_of(ACCESS) | {"data.regime": "Beperkt"}
    assert asked(client, "toegang", **access)["melding"]["gebeurtenis"]["data"]["regime"] == "beperkt"


def test_it_asks_one_row_more_than_there_are(client):
    def rows(**fields):
        return {one["blok"] for one in asked(client, "cijfers", **fields)["velden"]} - {""}

    assert rows() == {"Cijfer 1"}
    assert rows(**{"data.cijfers.1.grootheid": "aanwezig"}) == {"Cijfer 1", "Cijfer 2", "Cijfer 3"}


def test_what_does_not_belong_there_is_refused(client):
    problem = problem_of(client.get("/v1/meldformulieren/dorp"), 404)
    assert problem["detail"].startswith("Er is geen formulier 'dorp'; wel: bezetting, capaciteit, ")
    for name, wrong in (("data.regime", "open"), ("geldigOp", "2026-01-01"), ("x", "")):
        (fout,) = problem_of(client.get("/v1/meldformulieren/bezetting", params={name: wrong}), 400)["fouten"]
        assert fout["veld"] == name
        assert "wel: over, source, telregel, data.peilmoment, data.aanwezig, data.bron" in fout["melding"]
    problem_of(client.get("/v1/meldformulieren/bezetting?over=a&over=b"), 400)
    (fout,) = problem_of(client.get("/v1/meldformulieren/bezetting", params={"data.bron": "x" * 3_000}), 400)["fouten"]
    assert fout["veld"] == "data.bron"
    problem_of(client.get("/v1/meldformulieren?x=1"), 400)
    problem_of(client.get("/v1/meldformulieren", headers={"accept": "text/csv"}), 406)


def test_what_can_be_retracted_is_offered_and_told_in_a_sentence(client):
    answer = asked(client, "intrekking", over="LOC-UTRECHT")
    offered = {one["waarde"]: one["naam"] for one in veld(answer, "data.gebeurtenisId")["keuzes"]}
    assert offered[READING_310] == "Bezetting: 310 mensen aanwezig (geteld op 20 mei 2026 10:00)"
    said = asked(client, "intrekking", **RETRACTION)["melding"]
    assert "ingetrokken: 310 mensen aanwezig (geteld op 20 mei 2026 10:00); reden: vergissing" in said["zin"]
    assert any("aanwezig gaat van 310 naar " in zin for zin in said["verandert"])
    assert said["gebeurtenis"]["source"] == SOURCE


def test_only_who_may_send_and_read_is_answered(kept):
    table = TokenTable(kept.connection)
    own = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=OTHER, types=[FORMULIEREN["bezetting"].type]))
    limited = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE, subjects=["GM0344"]))
    lacking = {
        tuple(bearer(token(table, clock, role, source=source)).items()): lacks
        for role, source, lacks in (
            (Role.LEZER, None, "Gebeurtenissen insturen vraagt"),
            (Role.INVOER, SOURCE, "Lezen vraagt"),
        )
    }
    with client_of(World(kept, access=access_of(table, clock)).app) as client:
        for path in ("/v1/meldformulieren", "/v1/meldformulieren/bezetting"):
            problem_of(client.get(path), 401)
            for headers, lacks in lacking.items():
                refused = problem_of(client.get(path, headers=dict(headers)), 403)
                assert refused["detail"].startswith(lacks)
        assert {one["soort"] for one in client.get("/v1/meldformulieren", headers=own).json()["items"]} == {
            "bezetting",
            "intrekking",
        }
        refused = problem_of(client.get("/v1/meldformulieren/opgave", headers=own), 403)
        assert "Dit kunt u hier niet melden" in refused["detail"]
        answer = asked(client, "bezetting", own, **fields_of(READING))
        assert answer["source"] == answer["melding"]["gebeurtenis"]["source"] == OTHER
        assert "source" not in {one["naam"] for one in answer["velden"]}
        refused = asked(client, "intrekking", own, **RETRACTION)
        assert refused["melding"] is None
        assert f"is van {SOURCE}; alleen die bron zelf of een beheerder" in refused["fouten"][0]["melding"]
        refused = client.get("/v1/meldformulieren/bezetting", headers=limited)
        assert refused.status_code == 403
        refused = asked(client, "opgave", limited, **fields_of(TASK))
        assert (refused["toegestaan"], refused["melding"]) == (False, None)


def test_what_is_afgeschermd_is_as_if_it_were_not_there(kept):
    table = TokenTable(kept.connection)
    own = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE))
    boss = bearer(token(table, clock, Role.BEHEERDER))
    secret, never = SHIELDED[-1]["id"], "00000000-0000-4000-8000-000000000000"
    with client_of(World(kept, access=access_of(table, clock)).app) as client:

        def told(soort, headers=own, **fields):
            answer = asked(client, soort, headers, **fields) | {"positie": "*"}
            text = orjson.dumps(answer).decode()
            for one in (fields["over"], fields.get("data.gebeurtenisId", "*")):
                text = text.replace(one, "*")
            return _OWN_ID.sub("", text)

        for form in (READING, CAPACITY, ACCESS):
            fields = fields_of(form)
            hidden, unknown = (told(form["soort"], **fields | {"over": one}) for one in ("LOC-GEHEIM", "LOC-NIET-ER"))
            assert hidden == unknown
            assert "is niets bekend, of u mag het niet zien" in hidden
        for known, other in (("LOC-GEHEIM", "LOC-NIET-ER"), ("LOC-UTRECHT", "LOC-UTRECHT")):
            of_secret = told("intrekking", **{"over": known, "data.gebeurtenisId": secret, "data.reden": "x"})
            assert of_secret == told("intrekking", **{"over": other, "data.gebeurtenisId": never, "data.reden": "x"})
        assert told("bezetting", over="schuilplek") == told("bezetting", over="bestaatniet")
        assert told("bezetting", over="schuilplek") != told("bezetting", boss, over="schuilplek")
        assert veld(asked(client, "bezetting", boss, over="schuilplek"), "over")["woorden"] == HIDDEN


def test_toezicht_on_a_gemeente_is_as_if_it_were_not_there(kept, fill, chdb_folder):
    step = {"stap": "brief", "gezetOp": "2026-05-10", "toezichthouder": "PV26"}
    known = event("spreidingswet.toezichtstap-gezet", "GM0344", "2026-05-20", OTHER, **step)
    fields = {"over": "GM0344", "data.stap": "besluit", "data.gezetOp": "2026-05-20", "data.toezichthouder": "PV26"}
    said = []
    for events in (WORLD, [known, *WORLD[:-1]]):
        with fresh(chdb_folder, events, fill) as store:
            table = TokenTable(store.connection)
            blind = bearer(token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE))
            sees = bearer(token(table, clock, Role.TOEZICHT, source=SOURCE))
            with client_of(World(store, access=access_of(table, clock)).app) as client:
                for headers in (blind, sees):
                    forms = [
                        asked(client, "toezichtstap", headers, **fields),
                        asked(client, "intrekking", headers, over="GM0344"),
                    ]
                    text = orjson.dumps([one | {"positie": "*"} for one in forms]).decode()
                    said.append(_OWN_ID.sub("", html.unescape(text)))
    assert said[0] == said[2]
    assert "te zien met de rol toezicht" in said[0]
    assert said[1] != said[3]
    assert "van brief naar besluit" in said[3]
