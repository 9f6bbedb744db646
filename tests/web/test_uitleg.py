"""The pages that explain speak in Dutch sentences, and leave nothing out."""

import re

import pytest

from services.cli import explain
from services.core.begrippen import BEGRIPPEN
from services.core.grootheden import GROOTHEDEN
from services.core.reasons.zin import ROLLEN
from services.dashboard import uitleg
from services.dashboard.pages import PAGES
from services.reads import uitleg as explanations
from services.reads.uitlegbaar import EXPLANATIONS, pad_van_uitleg
from services.web.addresses import ADDRESSES, API
from tests.support import wire
from tests.support.html_page import Page
from tests.support.reads import serving_pages
from tests.support.spare import empty_store
from tests.support.strategies import read
from tests.support.web_events import NOW, event, places, reading, registered, sent

MAKEN = {
    "hier": registered("LOC-A", "De Weide", "GM0344"),
    "plaatsen": places("LOC-A", 300, 290),
    "eerste": reading("LOC-A", 210, "2026-05-24T08:00:00Z"),
    "tweede": reading("LOC-A", 250, "2026-05-25T08:00:00Z"),
    "fout": reading("LOC-A", 999, "2026-05-25T09:00:00Z"),
    "later": event(
        "opvanglocaties.toegang-gewijzigd", "LOC-A", "2026-05-20", geldigVanaf="2026-09-01", regime="gesloten"
    ),
    "elders": registered("LOC-B", "Het Bos", "GM0166"),
    "hoogstens": sent("LOC-B", wire.limit(100, "2024-01-01")),
}
MAKEN["weg"] = event(
    "gebeurtenissen.ingetrokken", "LOC-A", "2026-05-25T10:00:00Z", gebeurtenisId=MAKEN["fout"]["id"], reden="tikfout"
)
IDS = {name: one["id"] for name, one in MAKEN.items()}


@pytest.fixture(scope="module")
def client(chdb_folder, fill):
    """A client of a store that no test writes to."""
    with empty_store(chdb_folder) as store:
        fill(store, read([*MAKEN.values()]), ontvangen_op=NOW)
        with serving_pages(store) as client:
            yield client


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def rows_of(client, query=""):
    found = shown(client, f"/locaties/LOC-A/verklaring{query}")
    head = next(n for n, row in enumerate(found.rows) if row[0] == "Over")
    end = next(n for n, row in enumerate(found.rows) if row[0] == "Onderwerp")
    return [row for row in found.rows[head + 1 : end] if len(row) > 1]


def test_what_can_be_explained_has_a_page_an_answer_and_a_command():
    def bare(paths):
        return {re.sub(r"\{\w+\}", "{}", path) for path in paths}

    declared = {pad_van_uitleg(kind, "{}" if one.van else "") for kind, one in EXPLANATIONS.items()}
    assert bare(page.path for page in PAGES if page.template == "verklaring.html") == declared
    answers = {f"{API}{path}" for path in declared}
    assert bare(one.path for one in ADDRESSES if one.path.endswith("/verklaring")) == answers
    assert bare(explain._PATHS.values()) == answers


@pytest.mark.parametrize(
    ("locatie", "said"),
    [
        ("LOC-A", ["Boven maximum", "nee", "er geldt geen maximum"]),
        ("LOC-B", ["Boven maximum", "niet vast te stellen", "niet vast te stellen: aanwezig onbekend, maximum 100"]),
    ],
)
def test_what_is_not_known_is_not_answered_with_no(client, locatie, said):
    assert said in shown(client, f"/locaties/{locatie}/verklaring").rows


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/locaties", {"bezettingsgraad", "aanwezig", "inzetbaar", "vrij"}),
        ("/gemeenten", {"naleving", "opgave", "meetellend", "tekort", "bezettingsgraad"}),
        ("/provincies", {"opgave", "voldoetNiet", "plaatsenPer1000Inwoners"}),
        ("/locaties/LOC-A", {"aanwezig", "inzetbaar", "toegang"}),
        ("/gemeenten/GM0344", {"opgave", "meetellend", "tekort", "eigen", "bezettingsgraad", "dekking"}),
        ("/provincies/PV26", {"opgave", "bezettingsgraad", "plaatsen"}),
    ],
)
def test_a_word_on_a_page_leads_to_what_it_means(client, path, named):
    found = {link.partition("#cijfer-")[2] for link in shown(client, path).links() if link.startswith("/begrippen#")}
    assert named <= found
    meant = client.get("/begrippen").text
    assert all(f'id="cijfer-{one}"' in meant for one in found)


def test_an_explanation_says_who_told_what_and_when_and_why_it_counts(client):
    rows = {row[1]: row for row in rows_of(client)}
    told = "250 mensen aanwezig geteld op 25 mei 2026 10:00"
    assert rows[told][0] == "De Weide"
    assert rows[told][2].startswith("25 mei 2026 10:00 door")
    assert rows[told][3] == "telt mee"
    why = {what.partition(" gel")[0].partition(" get")[0]: row[3] for what, row in rows.items()}
    assert re.fullmatch(
        r"vervangen door een latere melding van .*: 250 mensen aanwezig \(.*\)", why["210 mensen aanwezig"]
    )
    assert re.fullmatch(r"ingetrokken door .* op 25 mei 2026 12:00: tikfout", why["999 mensen aanwezig"])
    assert why["toegang gesloten"] == "geldt vanaf 1 sep 2026"


def test_what_people_read_names_no_id_no_register_and_no_moment_of_a_machine(client):
    text = " ".join(cell for row in rows_of(client) for cell in row)
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|LOC-|GM\d{4}|\dT\d\d|Z\b|plaatsen\.regulier|urn:", text)


def test_an_answer_for_a_program_says_the_same_in_words_when_it_is_asked_to(client):
    bare = client.get("/v1/locaties/LOC-A/verklaring").json()["gebeurtenissen"]
    told = client.get("/v1/locaties/LOC-A/verklaring?zinnen=true").json()["gebeurtenissen"]
    assert [{name: row[name] for name in one} for one, row in zip(bare, told, strict=True)] == bare
    assert {*told[0]} - {*bare[0]} == {"zin", "waarom"}
    shown_why = {row[1]: row[3] for row in rows_of(client)}
    for row in told:
        what = re.sub(r"[()]", "", row["zin"].removeprefix("De Weide: ").partition(", gemeld door ")[0])
        assert {re.sub(r"[()]", "", key): why for key, why in shown_why.items()}[what] == row["waarom"]
    formulas = {row["formule"] for row in client.get("/v1/gemeenten/GM0344/verklaring?zinnen=true").json()["figuren"]}
    assert not [one for one in formulas if re.search(r"LOC-|GM\d{4}", one)]


def test_rows_are_grouped_by_what_became_of_them_and_the_newest_comes_first(client):
    found = shown(client, "/locaties/LOC-A/verklaring")
    groups = [row[0] for row in found.rows if len(row) == 1]
    assert [one.rpartition(" ")[0] for one in groups] == [
        name
        for name in ROLLEN.values()
        if name in ("Telt mee", "Telt niet mee", "Nog niet geldig", "Vervangen", "Ingetrokken")
    ]
    said = client.get("/v1/locaties/LOC-A/verklaring").json()["gebeurtenissen"]
    counts = {one.rpartition(" ")[0]: int(one.rpartition(" ")[2]) for one in groups}
    assert counts == {ROLLEN[rol]: sum(row["rol"] == rol for row in said) for rol in {row["rol"] for row in said}}
    only = rows_of(client, "?rol=vervangen")
    assert [row[1].partition(" ")[0] for row in only] == ["210"]


def test_rows_can_be_sought_by_what_they_are_about(client):
    all_of = shown(client, "/bezetting/verklaring").text
    assert "Het Bos" in all_of
    assert "De Weide" in all_of
    some = shown(client, "/bezetting/verklaring?zoek=bos").text
    assert "Het Bos" in some
    assert "De Weide" not in some
    assert "Er is geen melding die hierbij past" in shown(client, "/bezetting/verklaring?zoek=niets").text


def test_paging_shows_each_row_once(client, monkeypatch):
    monkeypatch.setattr(uitleg, "ROWS_MAX", 2)
    whole = [row["id"] for row in client.get("/v1/locaties/LOC-A/verklaring").json()["gebeurtenissen"]]
    seen = []
    for number in range(1, 1 + -(-len(whole) // 2)):
        links = shown(client, f"/locaties/LOC-A/verklaring?bladzijde={number}").links()
        seen += [link.rpartition("/")[2] for link in links if link.startswith("/v1/gebeurtenissen/")]
    assert sorted(seen) == sorted(whole)


def test_of_too_many_events_a_page_tells_those_in_force(client, monkeypatch):
    monkeypatch.setattr(explanations, "EVENTS_MAX", 2)
    text = shown(client, "/locaties/LOC-A/verklaring").text
    assert "hier staat alleen wat nu geldt" in text
    assert "250 mensen aanwezig" in text
    assert "210 mensen aanwezig" not in text


def test_the_page_of_an_event_leads_both_ways_and_to_what_it_counts_in(client):
    found = shown(client, f"/gebeurtenissen/{IDS['tweede']}")
    assert "250 mensen aanwezig (geteld op 25 mei 2026 10:00)" in found.text
    assert f"/gebeurtenissen/{IDS['eerste']}" in found.links()
    assert {"/locaties/LOC-A/verklaring", "/gemeenten/GM0344/verklaring", "/bezetting/verklaring"} <= {*found.links()}
    assert "Telt mee in de cijfers van De Weide" in found.text
    before = shown(client, f"/gebeurtenissen/{IDS['eerste']}")
    assert f"/gebeurtenissen/{IDS['tweede']}" in before.links()
    assert "Telt niet mee in de cijfers van De Weide : vervangen" in before.text


def test_the_page_of_an_event_says_that_it_was_retracted_and_by_what(client):
    gone = shown(client, f"/gebeurtenissen/{IDS['fout']}")
    assert "Ingetrokken. " in gone.text
    assert "tikfout" in gone.text
    assert f"/gebeurtenissen/{IDS['weg']}" in gone.links()
    retraction = shown(client, f"/gebeurtenissen/{IDS['weg']}")
    assert "Ingetrokken: 999 mensen aanwezig" in retraction.text
    assert f"/gebeurtenissen/{IDS['fout']}" in retraction.links()
    assert "Nog niet geldig. Dit geldt pas vanaf 1 sep 2026" in shown(client, f"/gebeurtenissen/{IDS['later']}").text


@pytest.mark.parametrize("own_id", ["00000000-0000-4000-8000-000000000000", "geen-id", "%22%3E"])
def test_an_event_that_never_was_has_no_page(client, own_id):
    assert client.get(f"/gebeurtenissen/{own_id}").status_code == 404
    assert client.get(f"/gebeurtenissen/{IDS['tweede'].upper()}").status_code == 200


def test_every_word_and_every_figure_is_explained_once(client):
    found = shown(client, "/begrippen")
    ids = [one["id"] for one in found.all("dt")]
    assert ids == [*dict.fromkeys(ids)]
    assert {one.anker for one in BEGRIPPEN} | {f"cijfer-{one.naam}" for one in GROOTHEDEN} == {*ids}
    inside = {link[1:] for link in found.links() if link.startswith("#")}
    assert inside - {"inhoud"} <= {*ids, "cijfers"}
    for one in GROOTHEDEN:
        assert one.betekenis in found.text
    assert "100 % is vol" in found.text


def test_the_figures_of_an_explanation_lead_to_what_they_mean(client):
    ids = {one["id"] for one in shown(client, "/begrippen").all("dt")}
    led = {
        link.rpartition("#")[2] for link in shown(client, "/locaties/LOC-A/verklaring").links() if "/begrippen#" in link
    }
    assert "cijfer-bezettingsgraad" in led
    assert led <= ids


def test_there_is_at_most_one_hint_and_none_on_a_wall(client):
    for path in ("/", "/alarmen", "/verschil", "/gemeenten?geldigOp=2026-05-25"):
        assert len([one for one in shown(client, path).all("details") if one.get("class") == "hint"]) == 1
    for path in ("/?weergave=wand", "/locaties"):
        assert not [one for one in shown(client, path).all("details") if one.get("class") == "hint"]
