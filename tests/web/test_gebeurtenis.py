"""The page of an event says only what was looked up: what became of it, or that this can't be looked up."""

import pytest

from services.access import Role
from services.reads import gebeurtenis
from services.store.tokens import TokenTable
from tests.support.access_help import access_of, bearer, token
from tests.support.html_page import Page
from tests.support.meld_help import SHIELDED, WORLD, World, clock, fresh
from tests.support.web_client import client_of
from tests.support.web_events import EVENTS, SOURCE, event

READING = next(one["id"] for one in EVENTS if one["data"].get("aanwezig") == 310)
OLDER = event("opvanglocaties.bezetting-gemeld", "LOC-UTRECHT", "2026-05-20", peilmoment="2026-05-20", aanwezig=301)
WRONG = event("opvanglocaties.bezetting-gemeld", "LOC-UTRECHT", "2026-05-21", peilmoment="2026-05-21", aanwezig=999)
GONE = event("gebeurtenissen.ingetrokken", "LOC-UTRECHT", "2026-05-22", gebeurtenisId=WRONG["id"], reden="een tikfout")
SECRET = SHIELDED[-1]["id"]
NOT_SAID = ("eerste melding hierover", "laatste melding hierover", "in geen enkel cijfer", "Ingetrokken nee")
"""What would be a guess about an event that was not looked up."""


@pytest.fixture(scope="module")
def client(chdb_folder, fill):
    """A client with tokens of a beheerder and of the source, of a store that no test writes to."""
    with fresh(chdb_folder, [*WORLD, OLDER, WRONG, GONE], fill) as store:
        table = TokenTable(store.connection)
        tokens = {
            "beheerder": token(table, clock, Role.BEHEERDER),
            "bron": token(table, clock, Role.LEZER, Role.INVOER, source=SOURCE),
        }
        with client_of(World(store, access=access_of(table, clock)).app) as client:
            client.tokens = tokens
            yield client


def seen(client, own_id, who="bron"):
    answer = client.get(f"/gebeurtenissen/{own_id}", headers=bearer(client.tokens[who]))
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def retracts(page):
    return [link for link in page.links() if link.startswith("/melden?soort=intrekking")]


def test_of_what_was_looked_up_a_page_says_yes_or_no(client):
    stands, gone = seen(client, READING), seen(client, WRONG["id"])
    assert "Ingetrokken nee" in stands.text
    assert "Vervangen door: niets: het is de laatste melding hierover" in stands.text
    assert "Telt mee in de cijfers van" in stands.text
    assert retracts(stands)
    assert "Ingetrokken ja" in gone.text
    assert "Deze melding telt daarom nergens meer mee." in gone.text
    assert "een tikfout" in gone.text
    assert not retracts(gone)


def test_of_too_many_events_it_says_what_is_certain_and_that_the_rest_was_not_looked_up(client, monkeypatch):
    monkeypatch.setattr(gebeurtenis, "EVENTS_MAX", 2)
    in_force = seen(client, READING)
    assert "Telt mee in de cijfers van" in in_force.text
    assert "Ingetrokken nee" in in_force.text, "what counts was not retracted"
    assert retracts(in_force)
    for own_id in (OLDER["id"], WRONG["id"]):
        page = seen(client, own_id)
        assert "Ingetrokken niet opgezocht" in page.text
        assert "er zijn te veel meldingen over dit onderwerp" in page.text
        assert not [guess for guess in NOT_SAID if guess in page.text]
        assert not retracts(page), "it may be retracted already"


def test_of_its_own_event_about_what_is_afgeschermd_a_source_reads_what_it_said_and_no_more(client):
    own, all_of_it = seen(client, SECRET), seen(client, SECRET, "beheerder")
    assert "55 mensen aanwezig" in own.text
    assert "Ingetrokken niet te zien" in own.text
    assert "is met uw rechten niet te zien" in own.text
    assert not [guess for guess in NOT_SAID if guess in own.text]
    assert not retracts(own)
    assert "/locaties/LOC-GEHEIM" not in own.links(), "it has no page for this caller"
    assert "Ingetrokken nee" in all_of_it.text
    assert "Telt mee in de cijfers van Schuilplek" in all_of_it.text
    assert "/locaties/LOC-GEHEIM" in all_of_it.links()


def test_of_where_it_is_said_only_the_address_is_a_link(shown):
    said = OLDER["data"] | {"bron": "https://voorbeeld.nl/stuk (bladzijde 3); en een krant"}
    page = shown([*EVENTS, OLDER | {"data": said}], f"/gebeurtenissen/{OLDER['id']}")
    assert "https://voorbeeld.nl/stuk" in page.links()
    assert "Bron: https://voorbeeld.nl/stuk (bladzijde 3); en een krant" in page.text


def test_the_places_of_what_is_afgeschermd_are_said_in_words_without_an_event(client):
    path, mine = "/v1/gemeenten/GM0344/verklaring?zinnen=true", bearer(client.tokens["bron"])
    *_, last = client.get(path, headers=mine).json()["gebeurtenissen"]
    assert last["zin"] == "Utrecht: 77 plaatsen, waarvan 0 voor amv, zonder melding"
    assert last["waarom"] == last["reden"]
    assert "LOC-GEHEIM" not in client.get(path, headers=mine).text
