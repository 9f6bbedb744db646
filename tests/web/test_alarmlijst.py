"""The list of alarms: which, in which groups and order, and how many each choice would list."""

import re
from datetime import timedelta

import httpx
import pytest

from schemas.alarmregels import voorbij
from schemas.fields import format_moment
from services.core.alarms.bezorging import switch
from services.dashboard.app import dashboard_router
from services.reads.reader import Reader
from services.web.app import make_app
from tests.support import wire
from tests.support.alarm_help import confirmed, crowd, keep, look, rule, shipped, view
from tests.support.bezorg_help import hears_all
from tests.support.html_page import Page
from tests.support.reads import serving_pages
from tests.support.strategies import read
from tests.support.web_client import client_of, fresh_metrics
from tests.support.web_events import EVENTS, NOW, registered, sent

FULL = rule(naam="vol", drempel=0.5, ernst="waarschuwing")
MORE = [
    registered("LOC-EEN", "Azc Één", "GM0014"),
    registered("LOC-TWEE", "Azc Twee", "GM0034"),
    *(sent(one, wire.capacity("regulier", 100, None, "2024-01-01")) for one in ("LOC-EEN", "LOC-TWEE")),
    sent("LOC-EEN", wire.reading(90, "2026-05-26T06:00:00Z")),
    sent("LOC-TWEE", wire.reading(70, "2026-05-26T06:00:00Z")),
]
ROW = re.compile(r'<tr id="alarm-[^"]+".*?</tr>', re.DOTALL)


@pytest.fixture
def client(store, fill):
    """Three locaties that are too full (one of them taken up) and one that is not freely entered."""
    fill(store, read([*EVENTS, *MORE]), ontvangen_op=NOW)
    log: list = []
    seen = view(read([*EVENTS, *MORE]), NOW)
    look([FULL, shipped("toegang")], seen, log)
    twee = next(one for one in log if one.subject == "LOC-TWEE")
    log.append(confirmed(twee, format_moment(NOW + timedelta(microseconds=1)), "dienst", "gebeld"))
    keep(store, log)
    with serving_pages(store, NOW + timedelta(seconds=1)) as client:
        yield client


def shown(client: httpx.Client, query: str = "") -> list[str]:
    """Returns the name of the onderwerp in each row."""
    answer = client.get(f"/alarmen?{query}")
    assert answer.status_code == 200, answer.text
    return [Page(f"<table>{row}</table>").rows[0][2] for row in ROW.findall(answer.text)]


def choices(client: httpx.Client, field: str, query: str = "") -> dict[str, int]:
    """Returns how many each choice of a field would list."""
    text = client.get(f"/alarmen?{query}").text
    (listed,) = re.findall(rf'<select id="f-{field}".*?</select>', text, re.DOTALL)
    return {word.strip(): int(many) for word, many in re.findall(r">([^<(]+)\((\d+)\)</option>", listed)}


def test_the_worst_stand_first_each_on_a_line(client):
    names = shown(client)
    assert names[0] == "Aanmeldcentrum Ter Apel"
    assert set(names) >= {"Azc Één", "Azc Twee"}


def test_each_choice_says_how_many_it_would_list_beside_the_rest_that_is_asked(client):
    all_of_it = len(shown(client))
    assert choices(client, "status")["alle open"] == all_of_it
    assert choices(client, "status")["opgepakt"] == 1
    assert sum(choices(client, "regel").values()) == sum(choices(client, "ernst").values()) == all_of_it
    of_rule = choices(client, "regel")["Toegang"]
    for field in ("ernst", "provincie", "status"):
        narrowed = choices(client, field, "regel=toegang")
        assert max(narrowed.values()) == of_rule
    assert choices(client, "regel", "regel=toegang") == choices(client, "regel"), (
        "the rest of what is asked, not itself"
    )
    for value, many in (
        ("hoog", choices(client, "ernst")["hoog"]),
        ("waarschuwing", choices(client, "ernst")["waarschuwing"]),
    ):
        assert len(shown(client, f"ernst={value}")) == many


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zoek=azc+een", ["Azc Één"]),
        ("zoek=LOC-TWEE", ["Azc Twee"]),
        ("zoek=nergens", []),
        ("status=opgepakt", ["Azc Twee"]),
        ("status=actief&regel=vol&zoek=azc", ["Azc Utrecht <script>", "Azc Één"]),
        ("provincie=PV20&regel=vol", ["Aanmeldcentrum Ter Apel", "Azc Één"]),
        ("provincie=NL", []),
        ("onderwerp=LOC-EEN&status=alle", ["Azc Één"]),
        ("onderwerp=GM0014&status=alle", ["Azc Één"]),
        ("onderwerp=PV20&status=alle&regel=vol", ["Aanmeldcentrum Ter Apel", "Azc Één"]),
        ("onderwerp=GM0599", []),
    ],
)
def test_what_is_asked_is_listed(client, query, found):
    assert sorted(shown(client, query)) == found


@pytest.mark.parametrize(
    "query", ["", "regel=vol", "ernst=hoog", "onderwerp=GM0014&status=alle", "zoek=azc&groep=regel"]
)
def test_each_number_at_the_top_is_what_its_link_shows(client, query):
    page = client.get(f"/alarmen?{query}").text
    (top,) = re.findall(r'aria-label="Alarmen naar staat">(.*?)</p>', page, re.DOTALL)
    numbers = re.findall(r'href="/alarmen\?([^"]+)"[^>]*>(\d+) ', top)
    assert len(numbers) == 5
    assert {link: int(many) for link, many in numbers} == {
        link: len(shown(client, link.replace("&amp;", "&"))) for link, _ in numbers
    }


def test_it_is_ordered_by_name_either_way(client):
    by_name = shown(client, "sorteer=naam&regel=vol")
    assert by_name == sorted(by_name, key=lambda name: name.replace("É", "E"))
    assert shown(client, "sorteer=-naam&regel=vol") == by_name[::-1]


@pytest.mark.parametrize(
    ("query", "sorted_by"),
    [
        ("", [("Ernst", "descending")]),
        ("sorteer=ernst&status=alle", [("Ernst", "descending")]),
        ("sorteer=naam", [("Onderwerp", "ascending")]),
        ("sorteer=-afwijking", [("Waarde nu", "descending")]),
        ("status=alle", [("Alarm sinds", "descending")]),
    ],
)
def test_the_head_of_the_column_that_the_order_goes_by_says_so(client, query, sorted_by):
    text = client.get(f"/alarmen?{query}").text
    heads = re.findall(r'<th[^>]* aria-sort="(\w+)"[^>]*><a[^>]*>(.+?)<span class="pijl"', text)
    assert [(re.sub("<[^>]+>", "", name), way) for way, name in heads] == sorted_by


ALARMS = {"LOC-EEN": 130, "LOC-TWEE": 150, "LOC-DRIE": 110, "LOC-VIER": 140}
"""People on 100 places. Of LOC-TWEE somebody took the alarm up."""


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["LOC-KRITIEK", "LOC-VIER", "LOC-EEN", "LOC-DRIE", "LOC-TWEE"]),
        ("sorteer=ernst", ["LOC-KRITIEK", "LOC-VIER", "LOC-EEN", "LOC-DRIE", "LOC-TWEE"]),
        ("sorteer=-afwijking", ["LOC-TWEE", "LOC-VIER", "LOC-EEN", "LOC-DRIE", "LOC-KRITIEK"]),
        ("sorteer=afwijking", ["LOC-KRITIEK", "LOC-DRIE", "LOC-EEN", "LOC-VIER", "LOC-TWEE"]),
    ],
)
def test_the_page_lists_by_ernst_or_by_what_is_now_farthest_beyond_its_threshold(store, fill, query, names):
    """Of equals in ernst what was taken up comes last."""
    people = ALARMS | {"LOC-KRITIEK": 105}
    events = read([one for own_id, many in people.items() for one in overfull(own_id, many)])
    fill(store, events, ontvangen_op=NOW)
    log: list = []
    seen = view(events, NOW)
    look([regel := shipped("locatie-bezetting")], seen, log)
    twee, kritiek = (next(one for one in log if one.subject == name) for name in ("LOC-TWEE", "LOC-KRITIEK"))
    log[log.index(kritiek)] = kritiek.model_copy(update={"data": kritiek.data.model_copy(update={"ernst": "kritiek"})})
    log.append(confirmed(twee, format_moment(NOW + timedelta(microseconds=1)), "dienst", "gebeld"))
    keep(store, log)
    with serving_pages(store, NOW + timedelta(seconds=1), [regel]) as client:
        assert shown(client, query) == [f"Azc {name}" for name in names]


def test_of_a_moment_that_nobody_watched_the_overview_shows_no_alarm_of_now(client):
    link = re.compile(r'href="/alarmen/[0-9a-f]')
    for moment in ("geldigOp=2024-05-10", "geldigOp=2024-05-10&bekendOp=2024-05-10"):
        past = client.get(f"/?{moment}").text
        assert "Toen werden alarmen niet bewaakt." in Page(past).text
        assert not link.search(past)
    assert link.search(client.get("/").text)


def overfull(own_id: str, people: int) -> list[dict]:
    """Says that a locatie with 100 places has this many people."""
    return [
        registered(own_id, f"Azc {own_id}", "GM0014"),
        sent(own_id, wire.capacity("regulier", 100, None, "2024-01-01")),
        sent(own_id, wire.reading(people, "2026-05-26T06:00:00Z")),
    ]


@pytest.mark.parametrize("groep", ["regel", "provincie", "ernst"])
def test_groups_hold_every_alarm_once_with_their_number_and_the_worst_first(client, groep):
    text = client.get(f"/alarmen?groep={groep}").text
    counted = [int(many) for many in re.findall(r'class="groepsnaam">[^<]+</span> <span class="aantal">(\d+)<', text)]
    assert sum(counted) == len(shown(client))
    assert sorted(shown(client, f"groep={groep}")) == sorted(shown(client))
    assert len(counted) > 1


def test_a_group_says_how_many_before_anything_is_done(client):
    text = Page(client.get("/alarmen?regel=vol").text).text
    many = len(shown(client, "regel=vol"))
    assert f"Alle {many} oppakken of stilleggen" in text
    assert f"Pak {many - 1} alarmen op" in text, "one was taken up already"
    assert f"Leg {many} alarmen stil" in text


HERE = ("/", "/alarmen?regel=vol", "/locaties/LOC-EEN", "/gemeenten/GM0014", "/provincies/PV20")


@pytest.mark.parametrize("path", HERE)
def test_where_an_alarm_stands_it_is_taken_up_and_its_silence_is_a_click_away(client, path):
    page = client.get(path).text
    rows = {
        own_id: row
        for row, own_id in re.findall(r'(<(?:li|tr) id="alarm-([^"]+)".*?</(?:li|tr)>)', page, re.DOTALL)
        if "opgepakt door" not in row and ">opgepakt<" not in row and "Opgepakt<" not in row
    }
    assert rows
    assert page.count(f'name="terug" value="{path}"') >= 1, "what is done leads back here"
    for own_id, row in rows.items():
        assert f'name="alarm" value="{own_id}"' in row, "it is taken up here"
        assert f'href="/alarmen/{own_id}#stilleggen"' in row
        assert 'id="stilleggen"' in client.get(f"/alarmen/{own_id}").text
    after = client.get(f"{path}{'&' if '?' in path else '?'}gedaan=opgepakt.{own_id}").text
    assert "Opgepakt: " in Page(after).text


@pytest.mark.parametrize("path", HERE)
def test_of_another_moment_nothing_can_be_done(client, path):
    page = client.get(f"{path}{'&' if '?' in path else '?'}bekendOp={format_moment(NOW)}").text
    assert 'id="alarm-' in page
    assert 'method="post"' not in page
    assert "#stilleggen" not in page


def test_the_history_of_an_onderwerp_is_reached_from_its_alarm(client):
    (own,) = [
        link
        for link in Page(client.get("/alarmen?onderwerp=LOC-EEN").text).links()
        if re.fullmatch(r"/alarmen/[0-9a-f-]{36}", link)
    ]
    page = Page(client.get(own).text)
    assert "/alarmen?onderwerp=LOC-EEN&status=alle" in page.links()
    assert "Alarmen over Azc Één" in Page(client.get("/alarmen?onderwerp=LOC-EEN&status=alle").text).text


@pytest.mark.parametrize(
    ("path", "others"),
    [
        ("/gemeenten/GM0014", {"Azc Één": 1}),
        ("/provincies/PV20", {"Azc Één": 1, "Aanmeldcentrum Ter Apel": 2}),
        ("/locaties/LOC-EEN", {}),
    ],
)
def test_an_area_shows_the_alarms_of_what_lies_in_it_and_says_whose_they_are(client, path, others):
    page = client.get(path).text
    listed = re.findall(r'<li id="alarm-.*?</p>', page, re.DOTALL)
    assert listed
    for name, many in others.items():
        assert sum(name in one for one in listed) == many
    history = next(link for link in Page(page).links() if link.startswith("/alarmen?onderwerp="))
    assert len(shown(client, history.partition("?")[2])) >= len(listed)


def test_of_more_than_can_be_done_at_once_it_says_so_before_anybody_presses(store):
    """Of 1,002 alarms two are taken up already: taking up the others is one act, silencing them all is too much."""
    log: list = []
    look([FULL], crowd(NOW, {f"LOC-{n}": 120 for n in range(1_002)}), log)
    log += [confirmed(one, format_moment(NOW + timedelta(microseconds=1)), "dienst") for one in log[:2]]
    keep(store, log)
    with serving_pages(store, NOW + timedelta(seconds=1)) as client:
        page = client.get("/alarmen").text
        assert "Pak 1.000 alarmen op" in page
        assert "Stilleggen kan met hoogstens 1.000 alarmen tegelijk, en dit zijn er 1.002." in Page(page).text
        assert "/alarmen/stilleggen" not in page, "what can only be refused can't be asked"
        assert "/alarmen?groep=provincie" in Page(page).links()
        grouped = Page(client.get("/alarmen?groep=regel&status=actief").text).text
        assert "Alle 1.000 oppakken of stilleggen" in grouped


def test_what_to_do_stands_in_the_page_of_the_alarm(client):
    (own,) = [
        link
        for link in Page(client.get("/alarmen?regel=toegang").text).links()
        if re.fullmatch(r"/alarmen/[0-9a-f-]{36}", link)
    ]
    page = client.get(own).text
    assert "<strong>Doen</strong> Mensen die zich melden elders opvangen" in page
    assert '<a href="/draaiboek#toegang">Het hele draaiboek</a>' in page


@pytest.mark.parametrize(
    ("receivers", "query", "told"), [(0, "", 1), (2, "", 0), (None, "", 0), (0, "bekendOp=2026-05-26T08:00Z", 0)]
)
def test_the_overview_says_when_nobody_is_told_of_alarms(store, receivers, query, told):
    """None: another process knows who is told. Of the past nobody knows it."""
    reader = Reader(store, lambda: NOW + timedelta(hours=1))
    router = dashboard_router(reader, receivers=None if receivers is None else lambda: receivers)
    with client_of(make_app("Proef", [router], metrics=fresh_metrics(), checks={})) as client:
        page = Page(client.get(f"/?{query}").text)
        assert page.text.count("Niemand krijgt bericht: geen ontvangers") == told
        assert page.links().count("/ontvangers") == 1 + told, "the menu has it too"


def test_without_receivers_the_page_says_whom_to_ask(client):
    text = Page(client.get("/ontvangers").text).text
    assert text.index("Vraag de beheerder om ontvangers in te stellen.") < text.index("OPVANGPEIL_ONTVANGERS")


def test_what_changed_of_a_receiver_names_who_did_it_if_somebody_did_so_here(store):
    own_id = "00000000-0000-7000-8000-00000000000{}"
    said = [("staat nieuw in het bestand", None, "0123456789abcdef"), ("opnieuw sturen gevraagd", "m-7", None)]
    keep(
        store,
        [
            switch("meldkamer", actief=True, reden=why, door=who, own_id=own_id.format(n), now=NOW, krijgt=gets)
            for n, (why, who, gets) in enumerate(said)
        ],
    )
    with serving_pages(store, NOW + timedelta(hours=1), receivers=[hears_all()]) as client:
        rows = Page(client.get("/ontvangers/meldkamer").text).rows
    assert [row[1:] for row in rows if row[1] in {why for why, *_ in said}] == [
        ["opnieuw sturen gevraagd", "m-7"],
        ["staat nieuw in het bestand", "–"],
    ]


@pytest.mark.parametrize(
    ("grootheid", "drempel", "begin", "waarde", "expected"),
    [
        ("locatie-bezettingsgraad", 1.0, 1.2, 1.5, 0.5),
        ("stilte-van-locatie", 86_400, 90_000, 172_800, 1.0),
        ("dagen-tot-tekort", 90, 80, 45, 0.5),
        ("gesloten-met-mensen", 0, 5, 50, 0.5),
        ("toegang", "open", "beperkt", "gesloten", 3.0),
        ("landelijke-bezettingsgraad", 1.0, 1.1, 0.98, -0.02),
        ("locatie-bezettingsgraad", 1.0, 1.2, None, None),
        ("bestaat-niet", 1.0, 1.2, 1.3, None),
    ],
)
def test_how_far_beyond_a_threshold_is_a_part_of_it(grootheid, drempel, begin, waarde, expected):
    found = voorbij(grootheid, drempel, begin, waarde)
    assert found == (expected if expected is None else pytest.approx(expected))
