"""A page states what is known, names a bound as a bound, and says what is missing. Nobody vanishes from it."""

import re

import pytest

from schemas.fields import parse_moment
from services.cli import plain
from services.core.alarms.bewaking import bewaking_begonnen
from services.core.grootheden import KLASSENAMEN
from services.dashboard import page_request
from services.dashboard.pages import PAGES
from services.dashboard.tekst import punten
from tests.support import wire
from tests.support.alarm_help import keep, look, shipped, view
from tests.support.html_page import Page, headline, row_of
from tests.support.reads import serving_pages
from tests.support.strategies import read
from tests.support.web_events import CURRENT, EVENTS, NOW, places, reading, registered, sent
from tests.support.web_law import CYCLUS, LAW

LEFT = [
    registered("LOC-WEG", "Azc met 506 mensen", "GM0344"),
    places("LOC-WEG", 600, 600),
    reading("LOC-WEG", 506, "2026-05-20T06:00:00Z"),
    sent("LOC-WEG", wire.closing("2026-05-20T12:00:00Z"), "2026-05-20T12:00:00Z"),
    registered("LOC-OUD", "Azc met oude telling", "GM0344"),
    reading("LOC-OUD", 7, "2026-01-20T06:00:00Z"),
    sent("LOC-OUD", wire.closing("2026-05-20T12:00:00Z"), "2026-05-20T12:00:00Z"),
]
"""Two locaties that closed with people in their last count: one of the same day, one of months before."""


def test_what_too_few_reported_is_not_stated(shown):
    found = shown(EVENTS, "/")
    assert headline(found) == ""
    assert found.all("title")
    assert "Bezettingsgraad niet vast te stellen – Opvangpeil" in found.text
    assert (
        "Bezettingsgraad en aantal mensen zijn niet vast te stellen: 1 van 3 locaties meldde in de laatste 78 uur; "
        "nodig is 80 % van de locaties." in found.text
    )
    assert "Gemeten: 96,5 % en 2.210 aanwezig over 2 locaties; de oudste meting is 6 dagen oud" in found.text
    assert "Aanwezig niet vast te stellen Inzetbare plaatsen minstens 2.290 bekend van 2 van de 3" in found.text
    assert "Vrije plaatsen" not in found.text
    assert "Hierover is niets bekend in deze periode." in found.text  # no line in the chart either


def test_what_enough_reported_is_stated(shown):
    found = shown(CURRENT, "/")
    assert headline(found) == str(2_250 / 2_390)
    assert "Aanwezig 2.250 " in found.text
    assert "Vrije plaatsen 160 Mensen zonder plaats 20 op 1 locatie" in found.text
    assert "niet vast te stellen:" not in found.text


def test_a_locatie_without_a_current_count_has_none_in_large_letters(shown):
    assert "Nooit gemeten" in shown(EVENTS, "/locaties/LOC-LEEG").text
    found = shown(EVENTS, "/locaties/LOC-UTRECHT")
    assert "Geen actuele meting De laatste meting is 6 dagen oud." in found.text
    assert "Aanwezig 310 bij de laatste meting" in found.text
    assert "Meer mensen dan inzetbare plaatsen." not in found.text
    now = shown(CURRENT, "/locaties/LOC-UTRECHT").text
    assert "Bezetting 106,9 % Meer mensen dan inzetbare plaatsen." in now


def test_a_table_and_a_map_show_no_figure_that_can_not_be_stated(shown):
    found = shown(EVENTS, "/gemeenten?kaart=bezettingsgraad&zoek=utrecht&kolommen=alle")
    (row,) = [row for row in found.rows if row[0] == "Utrecht"]
    assert row.count("niet vast te stellen") == 2
    (why,) = [cell for cell in row if "in de laatste 78 uur" in cell]
    (vak,) = [a for a in found.all("a") if a.get("id") == "vak-GM0344"]
    assert vak["aria-label"] == "Utrecht: bezettingsgraad niet vast te stellen"
    people, _, ratio, _, *_, said = vak["data-kaart"].split("|")[1:]
    assert (people, ratio, said) == ("niet vast te stellen", "niet vast te stellen", why)
    assert "106,9" not in found.text


def test_people_on_a_closed_locatie_do_not_vanish(shown):
    events = [*CURRENT, *LEFT]
    for path in ("/", "/gemeenten/GM0344", "/provincies/PV26"):
        found = shown(events, path)
        assert "En 506 mensen op gesloten locaties: Azc met 506 mensen (506)" in found.text, path
        assert "Van 1 gesloten locatie is niet bekend of er nog mensen zijn" in found.text, path
        assert {"/locaties/LOC-WEG", "/locaties/LOC-OUD"} <= set(found.links()), path
    assert "Gesloten op 20 mei 2026 14:00, met 506 mensen." in shown(events, "/locaties/LOC-WEG").text
    assert "Of er nog mensen zijn is niet bekend." in shown(events, "/locaties/LOC-OUD").text
    assert "506 mensen op gesloten locaties" in shown(events, "/gemeenten?zoek=utrecht").text


def test_a_gemeente_shows_its_term_what_became_of_its_decision_and_what_it_can_not_give(shown):
    text = shown(LAW, "/gemeenten/GM0014").text
    assert "termijn loopt Te realiseren vóór 1 jan 2027." in text
    assert "Gegeven aan anderen 100 30 toegezegd en niet gedekt" in text
    assert "Voor 's-Gravenhage" not in text
    assert "Afspraken over plaatsen Voor Almere : 130" in text
    assert "Voor 30 toegezegde plaatsen zijn hier geen eigen meetellende plaatsen" in text
    text = shown(LAW, "/gemeenten/GM0037").text
    assert "opgeschort Geschorst (ECLI:NL:RBDHA:2025:1)." in text
    assert "Verdeelbesluit geschorst ECLI:NL:RBDHA:2025:1" in text
    assert "Tekort niet vast te stellen hoogstens 50" in text
    assert "Afspraken over plaatsen Van Groningen : 130" in shown(LAW, "/gemeenten/GM0034").text


def test_the_chart_of_a_gemeente_counts_what_it_gets_from_others_as_the_page_does(shown):
    for code, counted in (("GM0034", 130), ("GM0014", 0)):
        text = shown(LAW, f"/gemeenten/{code}").text
        assert f"Telt mee {counted} " in text, code
        assert f"eenheid: plaatsen. Telt mee: steeds {counted}, vanaf" in text, code


def test_seven_classes_stand_on_the_overview_and_the_map(shown):
    found = shown(LAW, "/")
    counts = {row[0].split(maxsplit=1)[1]: row[1] for row in found.rows if len(row) == 3 and len(row[0].split()) > 1}
    assert list(counts) == [
        "voldoet", "gedeeltelijk", "voldoet niet", "geen opgave", "termijn loopt", "opgeschort", "onbekend"
    ]  # fmt: skip
    assert (counts["termijn loopt"], counts["opgeschort"], counts["voldoet"]) == ("1", "1", "1")
    assert "Van 1 gemeente is het verdeelbesluit geschorst of vernietigd; die telt niet in het tekort." in found.text
    assert "T termijn loopt" in found.text


def test_while_a_term_runs_the_cyclus_before_it_is_told(shown):
    newer = {
        "raming": 2_000,
        "geldigVanaf": "2026-05-01",
        "beschikbaarTotMinstens": "2028-07-01",
        "meetellendeSoorten": ["regulier"],
        "realiserenVoor": "2027-07-01",
    }
    text = shown([*LAW, sent("2026", ("spreidingswet.cyclus-vastgesteld", newer), "2026-04-01")], "/").text
    assert "Cyclus 2026 van de Spreidingswet" in text
    assert "De termijn van deze cyclus loopt nog. Volgens cyclus 2024: voldoet 1, " in text
    assert "De termijn van deze cyclus loopt nog." not in shown([], "/", parse_moment("2026-04-30")).text


def test_a_telregel_is_named_and_goes_along(shown):
    for path in ("/", "/gemeenten", "/gemeenten/GM0034", "/provincies", "/naleving/verklaring"):
        found = shown(LAW, f"{path}?telregel=streng")
        assert "Geteld volgens telregel streng." in found.text, path
        inside = {link for link in found.links() if link.startswith(("/gemeenten", "/provincies", "/locaties"))}
        assert all("telregel=streng" in link for link in inside if link.partition("?")[0] != path), path
    assert "Eigen plaatsen 30" in shown(LAW, "/gemeenten/GM0034").text
    assert "Eigen plaatsen 0" in shown(LAW, "/gemeenten/GM0034?telregel=streng").text  # they end within seven months
    assert ",streng" in shown(LAW, "/gemeenten?telregel=streng&zoek=almere&formaat=csv").text
    unknown = shown(LAW, "/gemeenten?telregel=niemands", status=404)
    assert "Geen telregel 'niemands'" in unknown.text
    assert "Wel bekend: cyclus, streng." in unknown.text


def test_a_rule_without_a_term_names_none(shown):
    told = "Te realiseren vóór 1 jul 2025."
    no_term = sent("2024", wire.rule("krant", ["regulier"], "2024-02-01", termijn=False))
    paths = ("/", "/gemeenten", "/gemeenten/GM0034", "/provincies", "/provincies/PV20", "/naleving/telregels")
    for path in paths:
        assert told in shown([*LAW, no_term], path).text, path
        by_it = shown([], f"{path}?telregel=krant").text
        assert "telregel krant: de telregel krant ." in by_it, path
        assert told not in by_it, path


@pytest.mark.parametrize(
    ("ratio", "told"),
    [
        (None, "onbekend"),
        (0.0, "geen verschil"),
        (0.0004, "minder dan 0,1 procentpunt hoger"),
        (-0.0004, "minder dan 0,1 procentpunt lager"),
        (0.001, "+0,1 procentpunt"),
        (-0.0234, "−2,3 procentpunt"),
    ],
)
def test_a_small_difference_is_not_none(ratio, told):
    assert punten(ratio) == told


@pytest.mark.parametrize("since", ["2026-05-25T20:00:00Z", "2026-05-20"], ids=["today", "before"])
@pytest.mark.parametrize("asked", ["/?kaart=naleving", "/?geldigOp=2026-05-26T08:00&bekendOp=2026-05-26T08:00"])
def test_a_change_of_rule_is_no_change_of_a_gemeente(shown, since, asked):
    """Almere meets its opgave by the rule of the cyclus and not by `streng`. What its places do since is told."""
    promised_nothing = LAW[:-1]
    other = sent("2024", ("spreidingswet.cyclus-vastgesteld", CYCLUS | {"telregel": "streng"}), since)
    gone = sent("LOC-B", wire.capacity("regulier", 0, None, "2026-05-26T00:00:00Z"), "2026-05-26T00:00:00Z")
    told = (
        "De telregel is sindsdien anders. Ook de naleving van toen is hier geteld volgens telregel streng, "
        "zoals die nu is."
    )
    quiet = shown([*promised_nothing, other], asked).text
    assert "Almere : naleving van" not in quiet
    assert (told in quiet) == (since == "2026-05-25T20:00:00Z")
    by_own = shown([*promised_nothing, other, gone], f"{asked}&telregel=cyclus").text
    assert "Almere : naleving van voldoet naar voldoet niet" in by_own


def test_a_cyclus_that_counts_otherwise_itself_is_said(shown):
    """What the rule of a cyclus itself was a day before is not known any more, so nothing is compared."""
    other = sent("2024", ("spreidingswet.cyclus-vastgesteld", CYCLUS | {"meetellendeSoorten": ["amv"]}), "2026-05-25")
    text = shown([*LAW[:-1], other], "/", parse_moment("2026-05-25T12:00:00Z")).text
    assert "Almere : naleving van" not in text
    assert "Naleving: niet te vergelijken, want toen gold een andere cyclus of telregel." in text


def test_the_parts_of_a_difference_between_two_counts_add_up(shown):
    later = [
        sent("LOC-B", wire.capacity("regulier", 5, None, "2026-03-01", "2028-01-01"), "2026-04-01"),
        sent("LOC-A", wire.capacity("regulier", 160, None, "2026-05-01", "2028-01-01"), "2026-05-02"),
    ]
    asked = "vanGeldigOp=2026-03-15&vanBekendOp=2026-03-15&naarGeldigOp=2026-05-26&naarBekendOp=2026-05-26"
    found = shown(
        [*LAW, *later], f"/naleving/telregels?{asked}&vanTelregel=cyclus&naarTelregel=streng&klasse=gedeeltelijk"
    )
    rows = [row for row in found.rows if len(row) == 6 and row[1].isdigit()]
    assert len(rows) == 7
    for row in rows:
        first, *parts, last = (int(cell.replace("−", "-")) for cell in row[1:])
        assert first + sum(parts) == last, row
    assert sum(int(row[1]) for row in rows) == sum(int(row[5]) for row in rows) == 342
    assert "De stand aan het begin van 15 mrt 2026" in found.text


def test_while_classes_are_unknown_a_number_is_a_bound_and_their_number_stands_beside_it(shown):
    open_law = [sent("2024", ("spreidingswet.cyclus-vastgesteld", CYCLUS | {"volledig": False})), *LAW[:-1]]
    open_law.remove(next(one for one in LAW if one["type"].endswith("cyclus-vastgesteld.v1")))
    told = sent("NL", wire.published("2026-05-26", "Kamerbrief", "voldoet", 119), "2026-05-20")
    found = shown([*open_law, told], "/naleving/telregels?van=2026-03-15&naar=2026-05-26")
    assert row_of(found, "Van de cyclus zelf 340 gemeenten onbekend")[1:3] == ["minstens 1", "niet bekend"]
    assert "Voldoet: van minstens 1 naar minstens 1" in found.text
    assert "Van 340 gemeenten in de eerste en 340 in de tweede telling is de klasse onbekend." in found.text
    assert (
        "zoals bekend aan het begin van 26 mei 2026; de telregel van de cyclus zelf "
        "gepubliceerd: 119 voldoet, Kamerbrief" in found.text
    )
    assert "wat gepubliceerd is, is hiermee niet na te tellen" in found.text
    assert "Het verschil is niet te splitsen: van 340 gemeenten is de klasse niet bekend." in found.text
    assert "Van geen enkele gemeente is bekend dat zij in deze klasse kwam of eruit ging." in found.text
    assert row_of(found, "✓ voldoet")[1:] == ["minstens 1", "minstens 1"]
    assert row_of(found, "✕ voldoet niet")[1:] == ["niet bekend", "niet bekend"]
    assert row_of(found, "? onbekend")[1:] == ["340", "340"]
    assert "werkelijk veranderd" not in found.text.casefold()


def test_what_made_a_class_unknown_is_not_told_as_a_change_of_the_world(shown):
    """Almere meets its opgave on the first day. A place fewer on the second, and nobody knows whether it does."""
    known = {"spreidingswet.cyclus-vastgesteld": CYCLUS | {"volledig": False}}
    law = [one for one in LAW[:-1] if not one["type"].endswith("cyclus-vastgesteld.v1")]
    gone = sent("LOC-B", wire.capacity("regulier", 10, None, "2026-05-01"), "2026-05-01")
    asked = "/naleving/telregels?van=2026-03-15&naar=2026-05-26"
    found = shown([sent("2024", *known.items()), *law, gone], asked)
    assert "Voldoet: van minstens 1 naar niet bekend – Opvangpeil" in found.text
    row = row_of(found, "Almere")
    assert row[1:6] == ["voldoet", "voldoet", "onbekend", "onbekend", "niet vast te stellen"]
    assert "werkelijk veranderd" not in found.text.casefold()


def test_a_change_of_the_rule_that_a_cyclus_names_is_told_apart_in_counts(shown):
    other = sent("2024", ("spreidingswet.cyclus-vastgesteld", CYCLUS | {"telregel": "streng"}), "2026-05-25")
    found = shown([*LAW[:-1], other], "/naleving/telregels?van=2026-05-20&naar=2026-05-26")
    assert "De cyclus noemde eerst de telregel van de cyclus zelf en daarna telregel streng" in found.text
    (apart,) = [link for link in found.links() if "vanTelregel=cyclus" in link]
    assert row_of(shown([], apart.partition("#")[0]), "✓ voldoet")[1:] == ["1", "0", "0", "−1", "0"]


def test_without_a_cyclus_no_rule_is_told(shown):
    found = shown([], "/naleving/telregels?van=2026-05-20&naar=2026-05-26")
    assert "zoals bekend aan het begin van 20 mei 2026; geen telregel bekend" in found.text
    assert "Van 342 gemeenten in de eerste en 342 in de tweede telling is de klasse onbekend." in found.text


def test_the_parts_are_those_of_the_api(store, fill):
    grown = sent("LOC-A", wire.capacity("regulier", 300, None, "2026-05-01", "2028-01-01"), "2026-05-02")
    fill(store, read([*LAW, grown]), ontvangen_op=NOW)
    asked = "vanGeldigOp=2026-03-15&vanBekendOp=2026-03-15&naarGeldigOp=2026-05-26&naarBekendOp=2026-05-26"
    rules = "vanTelregel=cyclus&naarTelregel=streng"
    with serving_pages(store) as client:
        said = client.get(f"/v1/verschillen?{asked}&{rules}").json()["verschillen"]
        found = Page(client.get(f"/naleving/telregels?{asked}&{rules}").text)
    shown_there = {row[0].split(maxsplit=1)[1]: row[1:] for row in found.rows if len(row) == 6 and row[1].isdigit()}
    of_country = {one["grootheid"]: one for one in said if one["onderwerp"] == "NL"}
    assert {"voldoet", "termijnLoopt"} <= set(of_country)
    for klasse, name in KLASSENAMEN.items():
        first, *parts, last = (int(cell.replace("−", "-")) for cell in shown_there[klasse])
        one = of_country.get(name)
        if one is None:
            assert (first, parts) == (last, [0, 0, 0]), klasse
        else:
            assert [first, last] == [one["van"], one["naar"]]
            assert parts == [one["wereld"], one["inzicht"], one["regel"]], klasse


def test_a_page_of_before_anybody_watched_says_so(shown):
    past = shown(EVENTS, "/?geldigOp=2024-05-10&bekendOp=2024-05-11")
    assert "Toen werden alarmen niet bewaakt." in past.text
    assert "opvangpeil alarm toets REGELBESTAND --van 2024-04-10 --tot 2024-05-11 --url http://" in past.text
    assert "Geef het bestand met uw regels op; de meegeleverde staan in deploy/alarmregels.toml ." in past.text
    assert "Er staat geen alarm open." not in past.text
    assert "Toen werden alarmen niet bewaakt" not in shown(EVENTS, "/").text


@pytest.mark.parametrize(
    ("address", "told"),
    [("http://127.0.0.1:8080", ""), ("http://127.0.0.1:8090", " --url http://127.0.0.1:8090"),
     ("https://opvang.example", " --url https://opvang.example")],
)  # fmt: skip
def test_the_command_of_a_dry_run_asks_the_server_of_the_page(store, fill, address, told):
    fill(store, read(EVENTS), ontvangen_op=NOW)
    with serving_pages(store) as client:
        found = Page(client.get(f"{address}/alarmen").text).text
    days = "--van 2026-04-26 --tot 2026-05-27"
    assert f"opvangpeil alarm toets REGELBESTAND {days}{told} Geef het bestand met uw regels op;" in found


def test_a_page_knows_which_server_the_commands_ask():
    assert page_request.DEFAULT_URL == plain.DEFAULT_URL


@pytest.mark.parametrize("path", ["/", "/?weergave=wand", "/alarmen", "/locaties/LOC-UTRECHT"])
def test_a_page_of_now_says_so_until_somebody_watches(store, fill, path):
    fill(store, read(EVENTS), ontvangen_op=NOW)
    with serving_pages(store) as client:
        unwatched = Page(client.get(path).text).text
        assert "Alarmen worden niet bewaakt: er is nog nooit naar gekeken." in unwatched
        for wrong in ("Er staat geen alarm open.", "Er gaat geen alarm af.", "Toen werden alarmen niet bewaakt"):
            assert wrong not in unwatched
        keep(store, [bewaking_begonnen(NOW)])
        watched = Page(client.get(path).text).text
        assert "Alarmen worden niet bewaakt" not in watched


def test_what_goes_off_is_counted_apart_from_what_nobody_is_told(store, fill):
    fill(store, read(EVENTS), ontvangen_op=NOW)
    keep(store, look([shipped("toegang")], view(read(EVENTS), NOW), []))
    with serving_pages(store) as client:
        found = Page(client.get("/alarmen").text)
        assert "1 niet opgepakt 0 opgepakt 0 onderdrukt 0 stilgelegd 0 wacht nog" in found.text
        assert "Waarde nu" in found.text
        (own,) = [link for link in found.links() if re.fullmatch(r"/alarmen/[0-9a-f-]{36}", link)]
        assert "Toen Opvangpeil het zag:" in Page(client.get(own).text).text
        assert "Er is geen alarm dat hierbij past." in Page(client.get("/alarmen?status=stil").text).text


def test_where_nothing_is_current_the_overview_tells_what_was_last_known(shown):
    old = [one for one in EVENTS if one["data"].get("peilmoment") != "2026-05-26T07:00:00Z"]
    told = [
        sent("NL", wire.published("2026-05-26", "Kamerbrief", name, many), "2026-07-10")
        for name, many in (("voldoet", 119), ("gedeeltelijk", 116), ("voldoetNiet", 107))
    ]
    full = sent("NL", wire.published("2026-07-10", "Kamerbrief", "bezettingsgraad", 1, "minstens"), "2026-07-10")
    found = shown([*old, *told, full], "/", parse_moment("2026-11-28T08:00:00Z"))
    assert "Geen actuele metingen Geen enkele van de 3 open locaties meldde" in found.text
    assert "Voldoet 119 Gedeeltelijk 116 Voldoet niet 107 Op 26 mei 2026 . Bron: Kamerbrief ." in found.text
    assert "Bezettingsgraad minstens 100,0 % Op 10 jul 2026 . Bron: Kamerbrief ." in found.text
    assert "op 25 mei 2026 10:00: 1.900 mensen." in found.text
    assert "na de meeste mensen die er zijn gemeten (2.463)" in found.text
    assert any("geldigOp=2024-05-09T22" in link for link in found.links())
    assert "opvangpeil start --voorbeeld simulatie" not in found.text  # these are not the sample


def test_a_page_counts_until_the_begin_of_a_day(shown):
    found = shown(EVENTS, "/?bekendOp=2026-05-20T00:00")
    assert "zoals bekend aan het begin van 20 mei 2026" in found.text


def test_every_page_takes_a_telregel():
    assert all("telregel" in page.vraag.model_fields for page in PAGES)
