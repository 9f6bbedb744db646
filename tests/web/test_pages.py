"""The pages show the figures of the API, and are readable without JavaScript, style sheets or colour."""

import re
from itertools import pairwise

import pytest

from schemas.fields import parse_moment
from services.core.reasons.zin import gewone_taal
from services.dashboard.kaart.kaart import KLEURINGEN
from services.dashboard.page import PathKind
from services.dashboard.pages import PAGES
from services.dashboard.woorden import veld
from services.store.connect import Connection
from services.store.migrate import migrate
from services.store.store import Store
from tests.support.alarm_help import keep, look, shipped, view
from tests.support.bezorg_help import hears_all
from tests.support.declared import walk
from tests.support.html_page import Page
from tests.support.reads import serving_pages
from tests.support.strategies import read
from tests.support.web_client import problem_of
from tests.support.web_events import EVENTS, NOW, SOURCE, event, reading, registered

NAMED: dict[PathKind, list[str]] = {
    "locatie": ["LOC-TER-APEL", "LOC-LEEG", "LOC-NIEUW"],
    "gemeente": ["GM1950", "GM0034"],
    "provincie": ["PV20"],
    "alarm": ["ALARM"],
    "ontvanger": ["meldkamer"],
    "gebeurtenis": [EVENTS[0]["id"], EVENTS[4]["id"], EVENTS[-1]["id"]],
}
"""Pages that exist with the store of this file. ALARM stands for the open alarm."""
SHOWN = (
    *walk(PAGES, NAMED),
    "/?weergave=wand",
    "/?kaart=tekort",
    "/?kaart=bezettingsgraad",
    "/?geldigOp=2024-05-10T00:00",
    "/alarmen?status=hersteld",
)
"""Every page, and other forms of it."""
NAMES = {"GM1950": "Westerwolde", "GM0344": "Utrecht"}
NOT_THERE = "/locaties/LOC-WEG"


@pytest.fixture(scope="module")
def client(chdb_folder, fill):
    """A client of a store that no test writes to."""
    connection = Connection(f"chdb://{chdb_folder}?database=alleen_bladen")
    migrate(connection)
    store = Store(connection)
    fill(store, read(EVENTS), ontvangen_op=NOW)
    keep(store, look([shipped("toegang")], view(read(EVENTS), NOW), []))
    with serving_pages(store, receivers=[hears_all()]) as client:
        yield client
    store.command(f"DROP DATABASE `{connection.database}` SYNC")
    connection.close()


def opened(client, path):
    if "ALARM" in path:
        path = path.replace("ALARM", client.get("/v1/alarmen").json()["items"][0]["id"])
    return client.get(path)


def page(client, path):
    answer = opened(client, path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.text
    return Page(answer.text)


def test_the_overview_shows_the_numbers_of_the_api(client):
    text = page(client, "/").text
    naleving = client.get("/v1/naleving").json()
    assert f"voldoet niet {naleving['totalen']['voldoetNiet']}" in text
    assert f"{naleving['totalen']['geenOpgave']}" in text
    assert "1.900 aanwezig, maximum 2.000" in text
    assert (
        "Minstens 2 dagen erboven, van 3 dagen met een meting. Dwangsom daarover: € 20.000, het hoogste bedrag" in text
    )
    assert "De toegang tot Aanmeldcentrum Ter Apel (LOC-TER-APEL) is gecontroleerd" in text
    assert "Niet nu" not in text
    assert "Simulatie" not in text


def test_of_a_year_the_overview_shows_the_end_of_each_week(client):
    weeks, days = (client.get(f"/?periode={one}").text.partition('id="trend"')[2] for one in ("jaar", "kwartaal"))
    assert "aan het eind van elke week" in weeks
    assert "aan het eind van elke dag" in days


def vakken(found):
    """The hexagons of the map of a page."""
    return [a for a in found.all("a") if "vak" in (a.get("class") or "").split()]


@pytest.mark.parametrize("path", ["/", "/gemeenten", "/gemeenten?naleving=voldoet&geldigOp=2026-05-20"])
def test_the_map_has_every_gemeente_and_leads_to_its_page(client, path):
    found = vakken(page(client, path))
    kept = "?geldigOp=2026-05-20" if "geldigOp" in path else ""
    expected = {f"/gemeenten/{row['code']}{kept}" for row in client.get("/v1/naleving").json()["gemeenten"]}
    assert len(expected) == 342
    assert {a["href"] for a in found} == expected


@pytest.mark.parametrize("kleuring", KLEURINGEN)
def test_the_legend_of_the_map_counts_its_hexagons(client, kleuring):
    answer = client.get(f"/gemeenten?kaart={kleuring}").text
    shapes = [a["class"].split()[1] for a in vakken(Page(answer))]
    assert len(shapes) == 342
    legend = re.findall(r'<g class="vak (\w+)">.*?</svg>\s*([^<]+) <strong>([^<]+)</strong>', answer, re.DOTALL)
    counted = {stijl: int(said.removeprefix("minstens ").replace("niet bekend", "0")) for stijl, _, said in legend}
    assert {stijl: shapes.count(stijl) for stijl in counted} == counted
    if kleuring == "naleving":
        totalen = client.get("/v1/naleving").json()["totalen"]
        assert sorted(counted.values()) == sorted(totalen.values())


def test_what_others_wrote_is_text_and_never_markup(store, fill):
    naam = 'مركز "الأمل" & <b>\'s'
    limit = event(
        "opvanglocaties.maximum-vastgesteld",
        "LOC-UTRECHT",
        "2026-01-01",
        geldigVanaf="2026-01-01",
        maximum=5,
        grondslag='<script>"',
    )
    fill(store, read([*EVENTS, limit, registered("LOC-RTL", naam, "GM0344")]), ontvangen_op=NOW)
    with serving_pages(store) as client:
        for path in ("/", "/locaties", "/locaties/LOC-RTL", "/gemeenten/GM0344", "/locaties/LOC-UTRECHT/verklaring"):
            text = client.get(path).text
            assert len(re.findall("<script", text)) == 1, path  # only our own script
            assert "<b>" not in text
        assert naam in page(client, "/locaties?zoek=الأمل").text
        assert "Azc Utrecht &lt;script&gt;" in client.get("/locaties?zoek=%3Cscript%3E").text
        assert client.get("/?geldigOp=%22%3E%3Cscript%3E").text.count("<script") == 1


def test_another_moment_says_that_it_is_not_now(client):
    found = page(client, "/?geldigOp=2024-05-10T00:00&bekendOp=2024-05-11T00:00:00")
    assert (
        "Niet nu. Dit is de stand aan het begin van 10 mei 2024, zoals bekend aan het begin van 11 mei 2024."
        in found.text
    )
    assert "2.001 aanwezig, maximum 2.000" in found.text
    fields = {
        field["id"]: field["value"] for field in found.all("input") if field.get("id", "") in ("geldigOp", "bekendOp")
    }
    assert fields == {"geldigOp": "2024-05-10T00:00:00", "bekendOp": "2024-05-11T00:00:00"}
    assert "data-levend" not in found.all("body")[0]
    same = page(client, "/?geldigOp=2024-05-09T22:00:00Z&bekendOp=2024-05-11")
    assert same.text == found.text
    assert "Niet nu" not in page(client, "/?geldigOp=&bekendOp=").text  # a form sends empty fields


def test_what_was_stored_then_is_not_now_either(store, fill):
    """Figures at a `positie` may have changed since. So they are not live, and the page says so."""
    fill(store, read(EVENTS), ontvangen_op=NOW)
    with serving_pages(store) as client:
        positie = client.get("/v1/bezetting").json()["positie"]
        pinned = next(link for link in page(client, "/").links() if "positie=" in link)
        before = page(client, pinned).text
        late = reading("LOC-TER-APEL", 1_000, "2026-05-25T07:00:00Z")  # logged a day ago, but it arrives only now
        fill(store, read([late, reading("LOC-UTRECHT", 7, "2026-05-26T07:59:00Z")]), ontvangen_op=NOW)
        assert page(client, pinned).text == before
        found = page(client, f"/locaties/LOC-UTRECHT?positie={positie}")
        assert "Aanwezig 310" in found.text
        assert "Niet nu." in found.text
        assert "data-levend" not in found.all("body")[0]
        assert f"positie={positie}" in " ".join(found.links())  # links keep the positie
        assert "Aanwezig 7" in page(client, "/locaties/LOC-UTRECHT").text


def test_what_is_taken_away_is_of_the_moment_that_is_shown(store, fill):
    fill(store, read(EVENTS), ontvangen_op=NOW)
    with serving_pages(store) as client:
        (link,) = [one for one in page(client, "/locaties").links() if "formaat=csv" in one]
        before = client.get(link).text
        assert ",310," in before
        fill(store, read([reading("LOC-UTRECHT", 7, "2026-05-26T07:59:00Z")]), ontvangen_op=NOW)
        assert client.get(link).text == before  # even the moment of making, since the clock stands still
        assert ",7," in client.get("/locaties?formaat=csv").text


def test_supervision_is_told_step_by_step(store, fill):
    steps = [
        event("spreidingswet.toezichtstap-gezet", "GM0344", f"2026-0{month}-01", stap=stap, gezetOp=f"2026-0{month}-01")
        for month, stap in ((2, "brief"), (3, "ambtelijk gesprek"), (5, "beëindigd"))
    ]
    fill(store, read([*EVENTS, *steps]), ontvangen_op=NOW)
    with serving_pages(store) as client:
        assert "Toezicht geen lopende stap bekend" in page(client, "/gemeenten/GM0344").text
        told = page(client, "/toezicht/GM0344").text.partition("Alle stappen 3")[2]
    said = [told.index(one) for one in ("1 mei 2026 beëindigd", "1 mrt 2026 2 ambtelijk gesprek", "1 feb 2026 1 brief")]
    assert said == sorted(said)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/?geldigOp=gisteren&bekendOp=2026-02-30T00:00", {"geldigOp", "bekendOp"}),
        ("/locaties?bekendOp=2030-01-01T00:00", {"bekendOp"}),
        ("/?geldigOp=2024-01-01&geldigOp=2025-01-01", {"geldigOp"}),
        ("/gemeenten?geldigOp=1900-01-01T00:00&wat=x", {"geldigOp", "wat"}),
        ("/locaties?bladzijde=0&aantal=x&provincie=PV99", {"bladzijde", "aantal", "provincie"}),
        ("/?kaart=roze", {"kaart"}),
        ("/?geldigOp=0001-01-01T00:00&bekendOp=9999-12-31T23:59", {"geldigOp", "bekendOp"}),
        ("/verschil?metGeldigOp=0001-01-01T00:00", {"metGeldigOp"}),
        ("/verschil?metBekendOp=2030-01-01", {"metBekendOp"}),
        ("/verschil?sinds=morgen&deel=alles&bladzijde=0", {"sinds", "deel", "bladzijde"}),
        ("/verschil?sinds=week&metGeldigOp=2024-05-10", {"sinds"}),
        ("/?positie=onzin", {"positie"}),
    ],
)
def test_what_can_not_be_shown_is_explained(client, path, fields):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert set(re.findall(r"<li><strong>([^<]+)</strong>", answer.text)) == {veld(field) for field in fields}
    assert [link for link in Page(answer.text).links() if "?" in link] == ["/?weergave=wand"]  # the others lead to now


@pytest.mark.parametrize(
    "path", ["/locaties/LOC-WEG", "/gemeenten/GM9999", "/provincies/PV99", "/alarmen/x", "/locaties/LOC-WEG/verklaring"]
)
def test_what_is_not_there_is_said_on_a_page(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Niet gevonden" in answer.text


@pytest.mark.parametrize(
    ("path", "status", "there"),
    [
        ("/locaties/LOC-UTRECHT?bekendOp=2011-01-01", 404, True),
        ("/locaties/LOC-UTRECHT/verklaring?bekendOp=2011-01-01", 404, True),
        ("/locaties/LOC-WEG?bekendOp=2011-01-01", 404, False),
        ("/locaties/LOC-WEG/verklaring?geldigOp=2024-01-01", 404, False),
        ("/gemeenten/GM9999?geldigOp=2024-01-01", 404, False),
        ("/gemeenten/GM9999?geldigOp=gisteren", 400, False),
        ("/gemeenten/GM0344?geldigOp=gisteren", 400, True),
        ("/gebeurtenissen/00000000-0000-4000-8000-000000000000?bekendOp=2025-01-01", 404, False),
        ("/?geldigOp=gisteren", 400, True),
        ("/locaties/LOC-WEG", 404, False),
    ],
)
def test_the_same_page_of_now_is_offered_where_it_is_there(client, path, status, there):
    answer = client.get(path)
    bare = path.partition("?")[0]
    assert (answer.status_code, bare in Page(answer.text).links()) == (status, there)
    assert not there or client.get(bare).status_code == 200


@pytest.mark.parametrize(("path", "status"), [("/nergens", 404), ("/locaties/", 404), ("/static/weg.css", 404)])
def test_a_person_at_no_page_at_all_is_told_so_on_one(client, path, status):
    person = client.get(path, headers={"Accept": "text/html,*/*"})
    assert (person.status_code, person.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "Niet gevonden" in person.text
    assert Page(person.text).links() == ["/"]
    problem_of(client.get(path), status)  # a program gets an error that it can parse
    problem_of(client.get(f"/v1{path}", headers={"Accept": "text/html"}), 404)


def test_a_simulation_is_named_on_the_page(store, fill):
    simulated = registered("LOC-SIM", "Simulatie", "GM0344") | {"source": SOURCE.replace(":proef", ":simulatie")}
    fill(store, read([*EVENTS, simulated]), ontvangen_op=NOW)
    with serving_pages(store) as client:
        assert "zeggen niets over echte gemeenten" in page(client, "/").text


def test_no_data_is_said_and_never_shown_as_zero(store):
    with serving_pages(store, parse_moment("2026-05-26")) as client:
        text = page(client, "/").text
        assert "Er zijn op dit moment geen open locaties bekend." in text
        assert "geen cyclus van de Spreidingswet bekend" in text
        assert "0,0 %" not in text
        assert page(client, "/gemeenten?aantal=500").text.count("onbekend") > 342


def test_without_a_store_the_page_says_so():
    away = Store(Connection("clickhouse://127.0.0.1:9/opvang"))
    with serving_pages(away) as client:
        answer = client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert answer.headers["retry-after"] == "5"
    assert "antwoordt niet" in answer.text


def test_a_page_of_something_shows_what_the_api_says_of_it(client):
    said = client.get("/v1/locaties/LOC-TER-APEL").json()
    text = page(client, "/locaties/LOC-TER-APEL").text
    assert f"{said['bezettingsgraad'] * 100:.1f} %".replace(".", ",") in text
    assert "Aanwezig 1.900 Inzetbaar 2.000 Vrij 100" in text
    assert "Toegang gecontroleerd Maximum 2.000 uitspraak" in text
    row = client.get("/v1/gemeenten/GM1950").json()
    text = page(client, "/gemeenten/GM1950").text
    assert f"Opgave {row['opgave']} verdeelbesluit" in text
    assert f"Telt mee {row['meetellend']:,}".replace(",", ".") in text
    assert "Aanmeldcentrum Ter Apel" in text
    provincie = client.get("/v1/provincies/PV20").json()
    text = page(client, "/provincies/PV20").text
    assert "Bezettingsgraad niet vast te stellen Aanwezig niet vast te stellen Inzetbaar minstens 2.000" in text
    assert f"niet vast te stellen: {provincie['voorbehoud'][0]['tekst']}." in text


@pytest.mark.parametrize("path", ["/bezetting", "/naleving", "/locaties/LOC-TER-APEL", "/gemeenten/GM1950"])
def test_an_explanation_shows_every_event_that_the_api_names(client, path):
    said = client.get(f"/v1{path}/verklaring").json()
    found = page(client, f"{path}/verklaring")
    told = sorted(row["id"] for row in said["gebeurtenissen"])
    for begin in ("/gebeurtenissen/", "/v1/gebeurtenissen/"):
        named = [link.rpartition("/")[2] for link in found.links() if link.startswith(begin)]
        assert sorted(named) == told, "once in words, and once among what is technical"
    formules = [row[2] for row in found.rows[1 : 1 + len(said["figuren"])]]
    assert formules == [gewone_taal(one["formule"], NAMES.get) for one in said["figuren"]]
    counts = page(client, f"{path}/verklaring?rol=telt")
    assert len([link for link in counts.links() if link.startswith("/gebeurtenissen/")]) == sum(
        row["rol"] == "telt" for row in said["gebeurtenissen"]
    )


def test_the_page_of_telregels_does_not_lead_to_itself(client):
    assert "Vergelijk met andere telregels" in page(client, "/gemeenten").text
    assert "Vergelijk met andere telregels" not in page(client, "/naleving/telregels").text


def test_a_sum_of_what_is_short_says_once_how_it_is_counted(client):
    for path in ("/", "/gemeenten", "/provincies/PV20"):
        found = page(client, path).text
        assert found.count("per gemeente geteld: wat een andere over heeft, gaat er niet af") == 1, path


def test_an_explanation_names_a_bound_as_the_other_pages_do(client):
    found = {row[0]: row[1] for row in page(client, "/locaties/LOC-TER-APEL/verklaring").rows if len(row) == 3}
    assert found["Dagen boven het maximum"] == "minstens 2"
    assert found["Dwangsom daarover"] == "€ 20.000, het hoogste bedrag"
    said = client.get("/v1/locaties/LOC-TER-APEL/verklaring").json()["figuren"]
    assert {one["grootheid"]: one["waarde"] for one in said}["overschrijding.dagen"] == 2


@pytest.mark.parametrize("declared", PAGES, ids=lambda declared: declared.path)
def test_the_page_is_live_where_it_says_so_and_the_menu_is_that_of_the_list(client, declared):
    found = page(client, walk([declared], NAMED)[0])
    assert ("data-levend" in found.all("body")[0]) is declared.live
    menu = [one.path for one in PAGES if one.menu is not None]
    linked = [one["href"] for one in found.all("a")]
    assert [path for path in dict.fromkeys(linked) if path in menu] == menu
    assert all(f"{one.menu} " in f"{found.text} " for one in PAGES if one.menu is not None)


@pytest.mark.parametrize("path", [*SHOWN, NOT_THERE])
def test_the_page_stands_on_its_structure(client, path):
    """WCAG 2.2: language, title, landmarks, headings without gaps, labels, table headers, a way past the header."""
    found = page(client, path)
    assert found.all("html") == [{"lang": "nl"}]
    assert [len(found.all(tag)) for tag in ("header", "main", "footer", "h1")] == [1] * 4
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert found.all("a")[0]["href"] == f"#{found.all('main')[0]['id']}"
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    controls = [one for tag in ("input", "select") for one in found.all(tag) if one.get("type") != "hidden"]
    assert {label["for"] for label in found.all("label")} == {control["id"] for control in controls}
    assert all(header["scope"] in ("col", "row", "rowgroup") for header in found.all("th"))
    named = {name for _, one in found.elements for name in (one.get("aria-labelledby") or "").split()}
    assert named <= set(ids)


@pytest.mark.parametrize("path", [*SHOWN, NOT_THERE])
def test_the_page_keeps_to_its_own_content_security_policy(client, path):
    """There are no inline styles or scripts, and nothing comes from elsewhere."""
    answer = opened(client, path)
    assert answer.status_code == (404 if path == NOT_THERE else 200)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    found = Page(answer.text)
    assert found.all("style") == []
    assert len(found.all("script")) == 1
    for tag, attributes in found.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")], tag
        assert all((attributes.get(name) or "/").startswith(("/", "#")) for name in ("href", "src", "action"))
