"""The tables of the pages: search, sorting, filters and paging. A download holds the rows that the page shows."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.dutch import plain
from services.dashboard.tabellen.gebieden import GEMEENTEN, PROVINCIES_VELDEN
from services.dashboard.tabellen.lijst import Lijstvraag, Veld, bladzijde
from services.dashboard.tabellen.locaties import LOCATIES
from services.dashboard.tekst import gesteld, getal, janee, moment
from services.export.parsing import read_back
from tests.support.html_page import Page
from tests.support.meld_help import fresh
from tests.support.reads import serving_pages
from tests.support.web_events import EVENTS, registered

VELDEN = {"/locaties": LOCATIES, "/gemeenten": GEMEENTEN, "/provincies": PROVINCIES_VELDEN}


@pytest.fixture(scope="module")
def client(chdb_folder, fill):
    """A client of a store that no test writes to."""
    names = [("LOC-A", "Ésbjerg"), ("LOC-B", "esdoorn"), ("LOC-C", "=Formule"), ("LOC-D", 'Aan "de" Škoda & zo')]
    events = [*EVENTS, *(registered(own, naam, "GM0014") for own, naam in names)]
    with fresh(chdb_folder, events, fill) as store, serving_pages(store) as client:
        yield client


def rows(client, path):
    """Returns the rows of the whole table of a page. Each row has its cells by the name of the column."""
    answer = client.get(f"{path}{'&' if '?' in path else '?'}kolommen=alle")
    assert answer.status_code == 200, answer.text
    velden = VELDEN[path.partition("?")[0]]
    found = [row for row in Page(answer.text).rows if len(row) == len(velden)]
    named = [dict(zip((veld.naam for veld in velden), row, strict=True)) for row in found[1:]]
    return [row for row in named if not row["naam"].startswith("Samen ")]


def names(client, path):
    return [row["naam"].removesuffix(" gesloten") for row in rows(client, path)]


def test_search_knows_no_case_and_no_accents(client):
    assert names(client, "/locaties?zoek=%C3%89SD") == ["esdoorn"]
    assert names(client, "/locaties?zoek=ESB") == ["Ésbjerg"]  # accents in the name do not matter
    assert names(client, "/locaties?zoek=%22de%22+skoda") == ['Aan "de" Škoda & zo']
    assert names(client, "/locaties?zoek=niets") == []
    assert "Niets gevonden" in client.get("/locaties?zoek=niets").text
    assert names(client, "/gemeenten?zoek=sudwest") == ["Súdwest-Fryslân"]


def test_sorting_puts_unknown_last_either_way(client):
    for order in ("aanwezig", "-aanwezig"):
        found = [row["aanwezig"] for row in rows(client, f"/locaties?open=true&sorteer={order}")]
        known = [float(one.replace(".", "")) for one in found if one != "onbekend"]
        assert found[len(known) :] == ["onbekend"] * (len(found) - len(known))
        now, old = known[:-1], known[-1]
        assert now == sorted(now, reverse=order.startswith("-"))
        assert old == 310  # a count of long ago says nothing of now, so it has no place among the others
    text = Page(client.get("/locaties?open=true&sorteer=-bezettingsgraad").text).text
    assert "Gesorteerd op wat nu vast te stellen is: 1 locatie met een oude telling staat achteraan." in text
    assert "staat achteraan" not in Page(client.get("/locaties?sorteer=naam").text).text
    assert names(client, "/locaties?sorteer=weg") == names(client, "/locaties")  # an old address still works


def test_the_header_says_how_it_is_sorted_and_leads_to_the_other_way(client):
    found = Page(client.get("/locaties?sorteer=-aanwezig&zoek=azc").text)
    (sorted_by,) = [one for one in found.all("th") if "aria-sort" in one]
    assert sorted_by["aria-sort"] == "descending"
    assert "/locaties?sorteer=aanwezig&zoek=azc" in found.links()


@pytest.mark.parametrize(
    ("path", "names_of"),
    [
        ("/locaties?open=false", ["9999-99-99T99:99:99Z"]),
        ("/locaties?vol=true", []),
        ("/locaties?vol=false", ["Aanmeldcentrum Ter Apel"]),
        ("/locaties?gemeente=GM1950", ["Aanmeldcentrum Ter Apel"]),
        ("/locaties?provincie=PV26&open=true", ["Azc Utrecht <script>"]),
        ("/locaties?toegang=gecontroleerd", ["Aanmeldcentrum Ter Apel"]),
        ("/locaties?soort=aanmeldcentrum", ["Aanmeldcentrum Ter Apel"]),
        ("/gemeenten?naleving=voldoet", ["Westerwolde"]),
        ("/gemeenten?toezicht=true", []),
    ],
)
def test_filters_keep_what_they_say(client, path, names_of):
    assert names(client, path) == names_of


def test_pages_hold_every_row_once_and_an_odd_page_is_the_last(client):
    whole = names(client, "/gemeenten?aantal=500")
    assert len(whole) == 342
    paged = [name for number in range(1, 5) for name in names(client, f"/gemeenten?aantal=100&bladzijde={number}")]
    assert paged == whole
    assert names(client, "/gemeenten?aantal=100&bladzijde=99") == whole[300:]
    text = Page(client.get("/gemeenten?aantal=100&bladzijde=2").text).text
    assert "Rij 101 tot en met 200 van 342" in text


@pytest.mark.parametrize("formaat", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize(
    "path",
    [
        "/locaties?sorteer=-aanwezig",
        "/locaties?zoek=groningen&aantal=1&bladzijde=2",
        "/locaties?zoek=formule",
        "/gemeenten?provincie=PV20&sorteer=-tekort",
        "/provincies",
        "/locaties?geldigOp=2024-05-10T00:00",
    ],
)
def test_what_is_taken_away_is_what_is_shown(client, path, formaat):
    shown = rows(client, path)
    answer = client.get(f"{path}{'&' if '?' in path else '?'}formaat={formaat}")
    assert "attachment" in answer.headers["content-disposition"]
    taken = read_back(answer.content, formaat).regels
    velden = VELDEN[path.partition("?")[0]]
    assert len(taken) == len(shown)
    for line, row in zip(taken, shown, strict=True):
        for veld in velden:
            shown_there = re.sub(r" (\d+ te veel|telling|gesloten|indicatief)\b.*", "", row[veld.naam])
            shown_there = re.sub("^(minstens|[✓±✕–T‖?]) ", "", shown_there)
            if shown_there == "geen open locatie":  # A page has room to say why a cell of a file is empty.
                assert not line.cellen[veld.naam]
            else:
                assert shown_there == written(line.cellen[veld.naam], veld), (veld.naam, line)


def moment_of(cell):
    """Reads a moment from a cell of a file. A spreadsheet has a number of days, in UTC."""
    if "-" in cell:
        return datetime.fromisoformat(cell)
    moment = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=float(cell), milliseconds=1)
    return moment.replace(microsecond=0)


def written(cell, veld):
    """Writes a cell of a file as the page shows it."""
    if cell == "":
        return veld.leeg
    if veld.soort == "moment":
        return moment(moment_of(cell))
    if veld.soort == "waar":
        return janee(cell.lower() in ("true", "1"))
    if veld.soort == "breuk":
        return " ".join(veld.vorm(float(cell)).split())
    if veld.soort == "heel":
        return f"{int(float(cell)):,}".replace(",", ".").replace("-", "−")
    return cell.removeprefix("'")


VALUE = st.none() | st.integers(-5, 5)
FIELDS = (Veld("a", "A", lambda row: row[0], "heel"), Veld("b", "B", lambda row: row[1]))


@given(
    st.lists(st.tuples(VALUE, st.text("aÁbß ", max_size=3)), max_size=30),
    st.integers(1, 7),
    st.sampled_from(["a", "-a", "b", "-b"]),
    st.text("aáB ", max_size=2),
)
def test_every_row_that_is_found_stands_on_one_page_in_order(found, aantal, order, zoek):
    def at(number):
        vraag = Lijstvraag(aantal=aantal, bladzijde=number, sorteer=order, zoek=zoek or None)
        return bladzijde(found, FIELDS, vraag, "a", lambda row: row[1])

    first = at(1)
    every = [row for number in range(1, first.laatste + 1) for row in at(number).rijen]
    words = plain(zoek).split()
    assert Counter(every) == Counter(row for row in found if all(word in plain(row[1]) for word in words))
    assert first.totaal == len(every)
    values = [FIELDS["ab".index(order[-1])].waarde(row) for row in every]
    known = [plain(value) if isinstance(value, str) else value for value in values if value is not None]
    assert all(value is None for value in values[len(known) :])
    assert all(b <= a if order.startswith("-") else a <= b for a, b in pairwise(known))


# All rows together ---------------------------------------------------------------------------------------------------


def together(client, path):
    """Returns what stands under each column for all that is found, by the name of the column."""
    velden = VELDEN[path.partition("?")[0]]
    found = Page(client.get(f"{path}{'&' if '?' in path else '?'}kolommen=alle").text).rows
    (row,) = [row for row in found if row[:1] and row[0].startswith("Samen ")]
    return dict(zip((veld.naam for veld in velden), row, strict=True))


def of_api(client, path):
    answer = client.get(path).json()
    return answer.get("bezetting", answer)


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("/locaties", "/v1/bezetting"),
        ("/locaties?provincie=PV20", "/v1/provincies/PV20"),
        ("/locaties?gemeente=GM1950", "/v1/gemeenten/GM1950"),
        ("/gemeenten", "/v1/bezetting"),
        ("/gemeenten?provincie=PV20", "/v1/provincies/PV20"),
        ("/gemeenten?zoek=GM1950", "/v1/gemeenten/GM1950"),
        ("/provincies", "/v1/bezetting"),
        ("/provincies?zoek=PV20", "/v1/provincies/PV20"),
    ],
)
def test_the_row_of_all_is_the_declared_figure_over_the_rows_that_are_found(client, path, same):
    shown, figures = together(client, path), of_api(client, same)
    assert shown["aanwezig"] == gesteld(figures["aanwezig"], "aanwezig")
    assert " ".join(shown["bezettingsgraad"].split()) == " ".join(
        gesteld(figures["bezettingsgraad"], "bezettingsgraad").split()
    )
    assert shown["inzetbaar"].removeprefix("minstens ") in (getal(figures["inzetbaar"]), "niet vast te stellen")
    if figures["aanwezig"] is None:
        (why,) = [one["tekst"] for one in figures["voorbehoud"] if one["code"] == "dekking"]
        assert f": {why}." in Page(client.get(path).text).text


def test_the_law_adds_up_over_the_gemeenten_that_are_found(client):
    naleving = client.get("/v1/naleving").json()
    shown = together(client, "/gemeenten")
    assert shown["tekort"] == gesteld(naleving["tekort"], "tekort")
    assert shown["naam"] == "Samen 342"
    one = together(client, "/gemeenten?zoek=westerwolde")
    row = next(row for row in naleving["gemeenten"] if row["code"] == "GM1950")
    assert (one["opgave"], one["meetellend"], one["tekort"]) == tuple(
        getal(row[naam]) for naam in ("opgave", "meetellend", "tekort")
    )
    classes = together(client, "/provincies")
    assert {naam: classes[naam] for naam in naleving["totalen"]} == {
        naam: getal(many) for naam, many in naleving["totalen"].items()
    }


def choices(client, path, naam):
    """Returns the number beside each choice of a filter, by its value."""
    text = client.get(path).text
    (select,) = re.findall(rf'<select id="f-{naam}".*?</select>', text, re.DOTALL)
    found = re.findall(r'<option value="([^"]*)"[^>]*>.*? \(([\d.]+)\)</option>', select)
    return {value: int(many.replace(".", "")) for value, many in found}


@pytest.mark.parametrize(
    "path", ["/locaties?", "/locaties?zoek=a&open=true", "/gemeenten?", "/gemeenten?provincie=PV20"]
)
def test_a_choice_leads_to_as_many_rows_as_stand_beside_it(client, path):
    naam = "vol" if path.startswith("/locaties") else "naleving"
    found = choices(client, path, naam)
    assert found.pop("") == sum(found.values()) == len(rows(client, f"{path}&aantal=500"))
    for value, many in found.items():
        assert len(rows(client, f"{path}&aantal=500&{naam}={value}")) == many, value


def test_a_sign_of_a_closed_locatie_says_what_the_legend_says(client):
    """A dash: it is not there. A question mark: it is not known."""
    found = Page(client.get("/locaties?open=false").text)
    (row,) = rows(client, "/locaties?open=false")
    assert (row["peilmoment"], row["aanwezig"], row["bezettingsgraad"]) == ("–", "onbekend", "onbekend")
    assert "? niet bekend of niet vast te stellen; – is er niet, zoals een som zonder open locatie" in found.text
    assert "Geen som (" in found.text
    assert "Samen niet vast te stellen" not in found.text
