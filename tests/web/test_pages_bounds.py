"""What a page says of an old count, of a class while others are unknown, and of what binds nobody or counts nowhere."""

import re

from tests.support import wire
from tests.support.html_page import Page, headline, row_of
from tests.support.reads import serving_pages
from tests.support.strategies import read
from tests.support.web_events import CURRENT, EVENTS, NOW, places, reading, registered, sent
from tests.support.web_law import LAW


def test_an_old_count_makes_no_locatie_full_now(shown):
    listed = row_of(shown(EVENTS, "/locaties?zoek=utrecht"), "Azc Utrecht <script>")
    there = row_of(shown(EVENTS, "/gemeenten/GM0344"), "Azc Utrecht <script>")
    asked = shown(EVENTS, "/locaties?vol=true&open=true").text
    for row in (listed, there):
        assert "106,9 % 20 te veel volgens de telling van 20 mei 2026" in row
    assert listed[listed.index("290") + 1] == "niet vast te stellen"  # the free places of now
    assert "Van 2 locaties is niet vast te stellen of er nu meer mensen dan plaatsen zijn" in asked
    assert "er is geen meting van de laatste 78 uur" in asked
    assert "Azc Utrecht" not in asked
    for path in ("/locaties?vol=true&open=true", "/gemeenten/GM0344"):
        assert "106,9 % 20 te veel" in row_of(shown(CURRENT, path), "Azc Utrecht <script>")
    assert "is niet vast te stellen of er nu" not in shown(CURRENT, "/locaties?vol=true&open=true").text


def test_free_places_are_those_of_recent_counts(shown):
    more = [
        one
        for number in range(7)
        for one in (
            registered(f"LOC-{number}", f"Azc {number}", "GM0014"),
            places(f"LOC-{number}", 10, 10),
            reading(f"LOC-{number}", 9, "2026-05-26T06:00:00Z"),
        )
    ]
    today = reading("LOC-UTRECHT", 310, "2026-05-26T06:00:00Z")
    found = shown([*(one for one in CURRENT if one != today), *more], "/")
    assert headline(found)
    assert "Vrije plaatsen 167 Mensen zonder plaats 0 op 0 locaties" in found.text
    told = "Vrije plaatsen en mensen zonder plaats zijn geteld over 9 van de 10 open locaties"
    assert f"{told}: die met een meting van de laatste 78" in found.text


WHOLE = {
    "raming": 1_000, "geldigVanaf": "2024-02-01", "beschikbaarTotMinstens": "2026-07-01",
    "meetellendeSoorten": ["regulier"],
}  # fmt: skip
OPEN_LAW = [
    sent("2024", ("spreidingswet.cyclus-vastgesteld", WHOLE | {"volledig": False})),
    registered("LOC-A", "Azc A", "GM0344"),
    sent("LOC-A", wire.capacity("regulier", 100, None, "2024-01-01", "2028-01-01")),
    sent("GM0344", wire.task("2024", "verdeelbesluit", 90, "2024-03-01")),
    sent("GM0307", wire.task("2024", "indicatief", 40, "2024-03-01")),
    sent("PV26", wire.task("2024", "indicatief", 700, "2024-03-01")),
]  # fmt: skip
"""A cyclus of which not all is known: one gemeente meets its task, one has only an indicative one."""


def test_a_number_of_gemeenten_in_a_class_is_a_bound_while_others_are_unknown(shown):
    found = shown(OPEN_LAW, "/")
    assert "voldoet minstens 1" in found.text
    assert "gedeeltelijk niet bekend" in found.text
    assert "Naleving Minstens 1 van 342 gemeenten voldoen;" in shown([], "/?weergave=wand").text
    text = shown([], "/provincies/PV26").text
    assert "Voldoet minstens 1 gemeente ± Gedeeltelijk niet bekend gemeenten" in text
    assert "Onbekend 25 gemeenten" in text
    row = row_of(shown([], "/provincies"), "Utrecht")
    assert row[row.index("25") - 6 : row.index("25") + 1] == ["minstens 1", *["niet bekend"] * 5, "25"]
    text = shown([], "/gemeenten?naleving=voldoet&provincie=PV26").text
    assert "voldoet minstens 1 ± gedeeltelijk niet bekend ✕ voldoet niet niet bekend" in text  # the legend of the map
    assert "Van 25 gemeenten is de naleving onbekend; die staan hier niet bij." in text
    assert "Er kunnen dus meer gemeenten 'voldoet' zijn." in text
    assert "die staan hier niet bij" not in shown([], "/gemeenten?naleving=onbekend").text


def test_the_legend_of_the_map_has_no_zero_while_others_are_unknown(shown):
    nothing = shown([], "/").text
    assert "voldoet niet bekend ± gedeeltelijk niet bekend" in nothing
    assert "? onbekend 342" in nothing
    nowhere = shown([], "/gemeenten?kaart=bezettingsgraad").text
    assert "boven 115 % niet bekend geen open locatie bekend 342" in nowhere
    short = shown(OPEN_LAW, "/gemeenten?kaart=tekort").text
    assert "geen tekort minstens 1 1 tot en met 100 niet bekend 101 tot en met 250 niet bekend" in short
    assert "niet vast te stellen 341" in short
    full = shown(EVENTS, "/gemeenten?kaart=bezettingsgraad").text
    assert "tot en met 80 % niet bekend" in full
    assert "geen open locatie bekend 339 niet vast te stellen" in full


def test_an_opgave_that_does_not_bind_is_named_as_such(shown):
    found = shown(OPEN_LAW, "/gemeenten?zoek=amersfoort&kolommen=alle")
    cards = {a["id"]: a["data-kaart"] for a in found.all("a") if "data-kaart" in a}
    assert (
        "|onbekend (geen verdeelbesluit bekend); bekend: 0 plaatsen die meetellen; de indicatieve opgave is 40 en "
        "bindt niet|" in cards["vak-GM0307"]
    )
    assert "|voldoet, 100 van 90 plaatsen|geen|" in cards["vak-GM0344"]
    assert row_of(found, "Amersfoort")[3:5] == ["40 indicatief", "indicatief"]
    assert "40 indicatief" in row_of(shown(OPEN_LAW, "/gemeenten?zoek=amersfoort"), "Amersfoort")
    assert "700 indicatief" in row_of(shown([], "/provincies"), "Utrecht")
    text = shown([], "/gemeenten/GM0307").text
    assert "Opgave 40 indicatief, bindt niet" in text
    assert "Telt mee (niets bekend) B Opgave, indicatief" in text  # the legend of the chart
    assert "Opgave 90 verdeelbesluit" in shown([], "/gemeenten/GM0344").text
    assert "Opgave van de provincie 700 indicatief, bindt niet" in shown([], "/provincies/PV26").text


def test_places_that_count_are_a_bound_by_a_cyclus_of_which_not_all_is_known(shown):
    none_asked = sent("GM0202", wire.task("2024", "verdeelbesluit", 0, "2024-03-01", 0))
    found = shown([*OPEN_LAW, none_asked], "/gemeenten/GM0344")
    assert "Telt mee minstens 100 " in found.text
    assert "Eigen plaatsen minstens 100 Ontvangen van anderen niet bekend Gegeven aan anderen niet bekend" in found.text
    assert "A Telt mee, minstens B Opgave" in found.text
    nowhere = shown([], "/gemeenten/GM0202")
    assert "Telt mee niet bekend Tekort" in nowhere.text
    assert "Eigen plaatsen niet bekend" in nowhere.text
    assert "Plaatsen per 1.000 inwoners niet bekend" in nowhere.text
    table = shown([], "/gemeenten?kolommen=alle&aantal=500")
    assert "minstens 100" in row_of(table, "Utrecht")
    assert row_of(table, "Arnhem")[3:6] == ["0", "verdeelbesluit", "niet bekend"]
    apart = sent("2024", wire.rule("apart", ["regulier", "amv"], "2024-02-01", amvApart=True))
    asked = sent("GM0344", wire.task("2024", "verdeelbesluit", 90, "2024-03-01", 20), "2024-04-01")
    assert "amv niet bekend hoeveel van 20" in shown([apart, asked], "/gemeenten?telregel=apart&zoek=utrecht").text
    whole = shown([sent("2024", ("spreidingswet.cyclus-vastgesteld", WHOLE), "2026-05-01")], "/gemeenten/GM0202").text
    assert "Telt mee 0 " in whole
    assert "Eigen plaatsen 0 Ontvangen van anderen 0" in whole


def test_the_spread_of_places_is_told_or_why_it_can_not_be(shown):
    text = shown(OPEN_LAW, "/gemeenten").text
    assert "(de spreidingsindex) is niet vast te stellen: van cyclus 2024 is niet alles vastgelegd." in text
    text = shown([], "/gemeenten/GM0344").text
    assert re.search(
        r"Plaatsen per 1\.000 inwoners minstens 0,\d\d over ongeveer 3\d\d\.\d{3} inwoners, 1 jan 2026", text
    )
    text = shown([], "/gemeenten/GM0307").text
    assert "Plaatsen per 1.000 inwoners niet vast te stellen geen verdeelbesluit bekend" in text
    text = shown([], "/provincies/PV26").text
    assert "Plaatsen per 1.000 inwoners niet vast te stellen van 25 gemeenten is de naleving onbekend" in text


def test_the_spread_of_places_is_that_of_the_api(store, fill):
    fill(store, read(LAW), ontvangen_op=NOW)
    with serving_pages(store) as client:
        index = client.get("/v1/naleving").json()["spreidingsindex"]
        many = client.get("/v1/provincies/PV20").json()["plaatsenPer1000Inwoners"]
        text = Page(client.get("/gemeenten").text).text
        assert f"Spreiding. {index * 100:.1f} %".replace(".", ",", 2).replace("Spreiding,", "Spreiding.") in text
        row = row_of(Page(client.get("/provincies").text), "Groningen")
        assert f"{many:.2f}".replace(".", ",") in row


def test_an_agreement_without_effect_is_named_as_such(shown):
    text = shown(LAW, "/gemeenten/GM0014").text
    assert "Voor Almere : 130. Ongedekt : 30; die tellen nergens mee." in text
    text = shown([], "/gemeenten/GM0034").text
    assert "Van Groningen : 130. Ongedekt : 30; die tellen nergens mee." in text
    unruled = {
        "raming": 2_000, "geldigVanaf": "2026-05-01", "beschikbaarTotMinstens": "2028-07-01",
        "meetellendeSoorten": ["regulier"], "telregel": "nog-niet",
    }  # fmt: skip
    newer = [
        sent("2026", ("spreidingswet.cyclus-vastgesteld", unruled), "2026-04-01"),
        sent("GM0014", wire.transfer("2026", "GM0034", 130, "2026-05-01"), "2026-04-01"),
    ]
    found = shown(newer, "/gemeenten/GM0014")
    assert "Voor Almere: 130. Heeft geen gevolg : telregel nog niet is niet vastgesteld." in found.text


def test_places_that_are_not_known_of_every_locatie_are_a_bound_or_unknown(shown):
    text = shown(EVENTS, "/provincies/PV20").text
    assert "Inzetbaar minstens 2.000 bekend van 1 van de 2 locaties" in text
    assert "minstens 2.000" in row_of(shown([], "/provincies"), "Groningen")
    text = shown([], "/gemeenten/GM0014").text
    assert "Inzetbaar onbekend Plaatsen onbekend" in text
    row = row_of(shown([], "/gemeenten?zoek=groningen&kolommen=alle"), "Groningen")
    assert row[-5:] == ["1", "niet vast te stellen", "niet vast te stellen", "niet vast te stellen", "GM0014"]


def test_no_line_is_drawn_where_nothing_is_known(shown):
    assert "Inzetbaar, minstens" in shown(EVENTS, "/provincies/PV20").text
    assert (
        shown([], "/gemeenten/GM0014").text.count("Hierover is niets bekend in deze periode.") == 1
    )  # its places are not known
    found = shown([], "/gemeenten/GM0307")
    assert found.text.count("Hierover is niets bekend in deze periode.") == 1
    drawn = {one["class"] for one in found.all("path") if "g-pad" in (one.get("class") or "") and one["d"] != "M1 6H31"}
    assert drawn == {"g-pad lijn-1 lijn-meetellend"}  # no place counts there, by a cyclus of which all is known


def test_what_was_learned_long_after_a_moment_is_no_news_of_the_day_before_it(shown):
    late = [
        registered("LOC-LAAT", "Azc van lang daarvoor", "GM0344", time="2025-01-01"),
        sent("LOC-LEEG", wire.capacity("regulier", 70, None, "2024-05-09T08:00:00Z"), "2025-01-01"),
    ]
    text = shown([*EVENTS, *late], "/?geldigOp=2024-05-10").text
    told = text[text.index("De laatste 24 uur") : text.index("Aangekondigd, het komende halfjaar")]
    assert "Azc zonder cijfers : 70 plaatsen regulier (9 mei 2024 10:00)" in told
    assert "Azc van lang daarvoor" not in told
    learned = shown([], "/?geldigOp=2024-05-10&bekendOp=2025-01-01T12:00").text
    assert "Azc van lang daarvoor : geregistreerd als azc" in learned


def test_an_explanation_says_of_when_a_count_is_and_what_is_a_bound(shown):
    text = shown(EVENTS, "/locaties/LOC-UTRECHT/verklaring").text
    assert "De laatste meting is van 20 mei 2026 10:00. Wat hier over mensen staat is van toen" in text
    text = shown(CURRENT, "/locaties/LOC-UTRECHT/verklaring").text
    assert "Wat hier over mensen staat is van toen" not in text


def test_an_explanation_of_the_classes_says_what_is_a_bound(shown):
    found = shown(OPEN_LAW, "/naleving/verklaring")
    assert row_of(found, "Voldoet")[1] == "minstens 1"
    assert row_of(found, "Gedeeltelijk")[1] == "niet bekend"
    assert row_of(found, "Onbekend")[1] == "341"
    assert row_of(found, "Tekort, hoogstens")[1] == "niet vast te stellen"


def test_a_page_of_another_moment_says_nothing_of_now(shown):
    text = shown(EVENTS, "/?geldigOp=2026-06-20").text
    assert "Hoeveel mensen er op dat moment zijn is niet vast te stellen" in text
    assert " er nu" not in text
    text = shown([], "/locaties/LOC-UTRECHT?geldigOp=2026-05-25T08:00").text
    assert "Hoeveel mensen er op dat moment zijn is niet vast te stellen" in text
    before = shown([], "/gemeenten?geldigOp=2022-06-01").text
    assert "Welke gemeenten er op dit moment waren is niet bekend: de lijst begint op 1 jan 2023." in before
    assert "onbekend 0" not in before


def test_a_little_too_full_looks_otherwise_than_far_too_full(shown):
    rates = {"GM0344": 79, "GM0363": 97, "GM0599": 104, "GM1950": 110, "GM0014": 130}
    events = [
        event
        for code, people in rates.items()
        for event in (
            registered(f"LOC-{code}", f"Azc {code}", code),
            places(f"LOC-{code}", 100, 100),
            reading(f"LOC-{code}", people, "2026-05-26T06:00:00Z"),
        )
    ]
    found = shown(events, "/gemeenten?kaart=bezettingsgraad")
    classes = {a["id"]: a["class"].split()[1] for a in found.all("a") if (a.get("id") or "").startswith("vak-")}
    assert len({classes[f"vak-{code}"] for code in rates}) == len(rates)
    for told in ("tot en met 105 %", "tot en met 115 %", "boven 115 %"):
        assert told in found.text


def test_only_what_is_not_there_has_the_sign_for_that(shown):
    marked = [found for tag, found in shown(OPEN_LAW, "/provincies").elements if tag == "span" and found.get("title")]
    signs = {(found["class"], found["title"]) for found in marked}
    assert ("niets", "niet bekend") in signs
    assert ("niets leeg", "niet bekend") not in signs
