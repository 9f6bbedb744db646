"""A chart shows what is known and nothing more. Its words and its table say the same."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from xml.etree import ElementTree

import pytest
from jinja2 import Environment, PackageLoader, StrictUndefined

from schemas.fields import AMSTERDAM
from services.core.naleving import KLASSEN
from services.dashboard.grafiek.grafiek import einde, gemarkeerd
from services.dashboard.grafiek.lijnen import uitgedund, van_metingen, van_toen
from services.dashboard.grafiek.vorm import Geval, Lijn, Merk, Streep
from services.dashboard.kaart.kaart import STIJLEN
from services.dashboard.tekst import FILTERS
from tests.support.charts import DAY, TOT, VAN, chart, line


@pytest.fixture
def draw():
    """Returns the HTML of charts, made as a page makes it."""
    environment = Environment(
        loader=PackageLoader("services.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    return environment.get_template("grafiek.html").module.teken


def test_people_change_gradually_and_places_at_once():
    gradual, stair = chart(line(0, 10), line(0, 10, trap=True)).lijnen
    assert gradual.pad == "M0 1000L100 0"
    assert stair.pad == "M0 1000L100 1000L100 0L1000 0"


def test_what_is_unknown_is_neither_zero_nor_bridged():
    shown = chart(line(4, None, 8, 8), line(4, None, 8, trap=True))
    gradual, stair = shown.lijnen
    assert (gradual.pad, gradual.stippen) == ("M200 0L300 0", [(0, 500)])
    assert (stair.pad, stair.stippen) == ("M0 500L100 500M200 0L1000 0", [])
    assert [rij.waarden for rij in shown.rijen[:2]] == [["4", "4"], ["onbekend", "onbekend"]]
    assert "Onbekend: 1 van de 4 punten." in shown.beschrijving


def test_one_single_point_is_a_dot():
    (drawn,) = chart(line(5)).lijnen
    assert (drawn.pad, drawn.stippen, drawn.einde) == ("", [(0, 0)], 0)


def test_a_stair_is_drawn_by_its_corners_only():
    assert chart(line(5, 5, 5, 5, trap=True)).lijnen[0].pad == "M0 0L1000 0"
    (drawn,) = chart(Lijn("Plaatsen", "plaatsen", [(TOT, 5)], trap=True)).lijnen
    assert (drawn.pad, drawn.stippen) == ("", [(1000, 0)])


def test_the_hour_that_comes_twice_is_there_twice():
    half_past = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM)
    twice = Lijn("Aanwezig", "aanwezig", [(half_past, 5), (half_past.replace(fold=1), 10)])
    shown = chart(twice, van=half_past.replace(hour=0), tot=half_past.replace(hour=5))  # 6 hours
    assert shown.lijnen[0].pad == "M333.3 500L500 0"
    assert len(shown.rijen) == 2


def test_a_stair_begins_with_what_was_before_it():
    before = [(VAN - 2 * DAY, 1), (VAN - DAY, 5), (VAN + 5 * DAY, 10), (TOT + DAY, 99)]
    shown = chart(Lijn("Plaatsen", "plaatsen", before, trap=True), Lijn("Aanwezig", "aanwezig", before))
    assert shown.lijnen[0].pad == "M0 500L500 500L500 0L1000 0"
    assert shown.lijnen[1].stippen == [(500, 0)]
    assert [rij.waarden for rij in shown.rijen] == [["5", "–"], ["10", "10"]]
    at_once = [(VAN - DAY, 5), (VAN, 10)]
    assert chart(Lijn("Plaatsen", "plaatsen", at_once, trap=True)).lijnen[0].pad == "M0 0L1000 0"


def test_what_is_announced_is_apart_and_told():
    shown = chart(line(*range(10), trap=True), nu=VAN + 3 * DAY)
    assert (shown.nu, shown.later) == (300, 300)
    told = "Aanwezig wordt 4 op 5 jan 2026, 5 op 6 jan 2026, nog 3 veranderingen en 9 op 10 jan 2026."
    assert shown.beschrijving.endswith(f"Aangekondigd na 4 jan 2026: {told}")
    assert chart(line(1, 2, 2, 2), nu=VAN + 3 * DAY).beschrijving.endswith("Aangekondigd na 4 jan 2026: niets.")


def test_where_nothing_is_announced_nothing_is_hatched_and_the_chart_may_end():
    same, nu = line(1, 2, 2, 2), VAN + 3 * DAY
    assert chart(same, nu=nu).later is None
    assert einde([same], VAN, TOT, nu) == nu
    assert einde([same, line(*range(10), trap=True)], VAN, TOT, nu) == TOT


def test_another_moment_is_not_called_now(draw):
    shown = chart(line(1, 2), nu=VAN + DAY)
    assert ">nu</text>" in draw(shown)
    then = draw(van_toen(shown, VAN + DAY))
    assert ">2 jan 2026</text>" in then
    assert ">nu" not in then


def test_a_line_lifts_the_pen_where_readings_stay_away():
    readings = [(VAN, 4), (VAN + DAY, 5), (VAN + 6 * DAY, 6)]
    points = van_metingen(readings, 3 * DAY, TOT)
    assert points == [*readings[:2], (VAN + 4 * DAY, None), readings[2], (VAN + 9 * DAY, None)]
    (drawn,) = chart(Lijn("Aanwezig", "aanwezig", points)).lijnen
    assert drawn.pad.count("M") == 1
    assert drawn.stippen == [(600, 0)]
    assert van_metingen(readings, 3 * DAY, VAN + 7 * DAY)[-1] == readings[2]
    assert van_metingen([], DAY, TOT) == []


def test_a_thinned_line_keeps_every_gap():
    hour = timedelta(hours=1)
    points = [(VAN + at * hour, None if at == 100 else at) for at in range(640)]
    kept = uitgedund(points, [VAN + 7 * at * DAY for at in range(8)])
    assert (VAN + 100 * hour, None) in kept
    assert len(kept) <= 2 * 8
    assert kept[-1] == points[-1]
    assert uitgedund(points[:10], []) == points[:10]
    few = [(VAN + at * DAY, at) for at in range(10)]
    assert uitgedund(few, [VAN, VAN + 7 * DAY], most=9) == [few[6], few[9]]


@pytest.mark.parametrize(
    ("nu", "at", "later"), [(VAN - DAY, None, 0), (VAN, 0, 0), (TOT, 1000, None), (TOT + DAY, None, None)]
)
def test_now_may_be_out_of_sight(nu, at, later):
    shown = chart(line(1, 2), nu=nu)
    assert (shown.nu, shown.later) == (at, later)
    assert ("Aangekondigd" in shown.beschrijving) == (later is not None)


def test_the_words_tell_what_an_eye_sees():
    assert chart(line(1200, 1100.5, 1300)).beschrijving == (
        "Van 1 jan 2026 tot 11 jan 2026; eenheid: mensen. De verticale as begint niet bij 0, maar bij 1.050. "
        "Aanwezig: eerst 1.200 op 1 jan 2026, laatst 1.300 op 3 jan 2026; "
        "laagst 1.100,5 op 2 jan 2026, hoogst 1.300 op 3 jan 2026."
    )
    assert "Aanwezig: alleen 7 op 1 jan 2026." in chart(line(7)).beschrijving
    assert "Aanwezig: steeds 7, vanaf 1 jan 2026." in chart(line(7, trap=True)).beschrijving
    assert "Aanwezig: steeds 7, vanaf 1 jan 2026 tot en met 2 jan 2026." in chart(line(7, 7)).beschrijving


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        ((0.2, 0.7), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]),
        ((0.96, 1.04), ["94 %", "96 %", "98 %", "100 %", "102 %", "104 %"]),
        ((1, 1), ["96 %", "97 %", "98 %", "99 %", "100 %"]),
        ((1.1, 1.2), ["95 %", "100 %", "105 %", "110 %", "115 %", "120 %"]),
        ((0.5,), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]),
    ],
)
def test_shares_of_a_half_or_more_stand_beside_100_percent_and_a_cut_axis_is_told(values, marks):
    shown = chart(line(*values), procent=True)
    assert [streep.tekst for streep in shown.waarden] == marks
    assert shown.honderd == Streep(shown.waarden[marks.index("100 %")].plek, "")
    told = f"De verticale as begint niet bij 0 %, maar bij {marks[0]}." in shown.beschrijving
    assert told == (marks[0] != "0 %")


def test_smaller_shares_fill_the_chart_and_nothing_speaks_of_100_percent():
    shown = chart(line(0.19, 0.21), procent=True)
    assert [streep.tekst for streep in shown.waarden] == ["0 %", "5 %", "10 %", "15 %", "20 %", "25 %"]
    assert shown.honderd is None
    assert "100 %" not in shown.beschrijving


def test_100_percent_is_named_where_no_mark_does():
    assert chart(line(0.4, 12), procent=True).honderd.tekst == "100 %"


def test_whole_people_have_whole_marks():
    assert [streep.tekst for streep in chart(line(0, 2)).waarden] == ["0", "1", "2"]
    assert [streep.tekst for streep in chart(line(0.003)).waarden] == ["0", "1"]
    assert [streep.tekst for streep in chart(line(0)).waarden] == ["0", "1"]
    assert [streep.tekst for streep in chart(line(0, 61_234)).waarden] == ["0", "20.000", "40.000", "60.000", "80.000"]


@pytest.mark.parametrize(
    ("values", "first", "cut"),
    [
        ((2010, 2090), "2.000", "2.000"),  # from 0 it would be flat
        ((2000, 2000), "1.920", "1.920"),  # and of nothing not much is made
        ((900, 2000), "0", ""),
        ((9, 11), "0", ""),  # of few people each one counts
    ],
)
def test_an_axis_of_people_is_cut_where_it_would_flatten_them_and_says_so(draw, values, first, cut):
    shown = chart(line(*values))
    assert (shown.waarden[0].tekst, shown.afgesneden) == (first, cut)
    html = draw(shown)
    assert (f"de as begint bij {cut}" in html) == (cut != "")
    assert html.count('class="g-breuk"') == (2 if cut else 0)


def test_why_it_can_not_be_stated_stands_in_the_table():
    told = line(4, None, None)._replace(waarom={VAN + DAY: "langer dan 78 uur geen meting"})
    texts = [rij.waarden for rij in chart(told).rijen]
    assert texts == [["4"], ["niet vast te stellen: langer dan 78 uur geen meting"], ["onbekend"]]


def test_alarms_have_a_strip_for_each_severity_from_their_beginning_until_their_end():
    cases = [
        Geval(VAN + DAY, VAN + 3 * DAY, "waarschuwing"),
        Geval(VAN - DAY, None, "kritiek"),  # still goes on, until now
        Geval(VAN + 5 * DAY, VAN + 5 * DAY, "kritiek"),  # over at once, and still seen
        Geval(TOT + DAY, None, "hoog"),  # after all that is shown
    ]
    shown = gemarkeerd(chart(line(1, 2)), cases, [], VAN + 4 * DAY, VAN)
    assert [(one.ernst, one.pad) for one in shown.banen] == [
        ("kritiek", "M0 0.5H400M500 0.5H503"),
        ("waarschuwing", "M100 0.5H300"),
    ]


BEFORE = "of er daarvoor een was, is niet bekend."


@pytest.mark.parametrize(
    ("since", "legend", "said"),
    [
        (VAN - DAY, "alarm", ""),
        (VAN, "alarm", ""),
        (VAN + 2 * DAY, "alarm (bewaakt sinds 3 jan 2026)", f" Alarmen: bewaakt sinds 3 jan 2026; {BEFORE}"),
        (VAN + 6 * DAY, "alarmen: niet bewaakt", " Alarmen: niet bewaakt; of er een was, is niet bekend."),
        (None, "alarmen: niet bewaakt", " Alarmen: niet bewaakt; of er een was, is niet bekend."),
    ],
)
def test_of_a_time_that_nobody_watched_it_does_not_look_as_if_there_was_no_alarm(draw, since, legend, said):
    plain, nu = chart(line(1, 2)), VAN + 5 * DAY
    cases = [Geval(VAN + 3 * DAY, None, "hoog")] if since is not None and since < nu else []
    marked, quiet = (gemarkeerd(plain, some, [], nu, since) for some in (cases, []))
    assert marked.beschrijving == quiet.beschrijving == plain.beschrijving + said
    items = [re.sub(r"<.*?>|\n", "", one) for one in re.findall(r"<li>.*?</li>", draw(marked), re.DOTALL)]
    assert items[-1] == legend
    assert (legend in draw(quiet)) == bool(said), "where somebody watched all the time, there was none"
    assert draw(marked).count("g-baan") == 2 * len(cases)


def test_what_happened_close_together_has_one_mark():
    hour = timedelta(hours=1)
    moments = [VAN - DAY, VAN + DAY, VAN + DAY + hour, VAN + DAY + 2 * hour, VAN + 6 * DAY, TOT + DAY]
    assert gemarkeerd(chart(line(1)), [], moments, TOT, VAN).merken == [Merk(100, 3), Merk(600, 1)]


@pytest.mark.parametrize(
    ("van", "length", "marks"),
    [
        (VAN, DAY, ["00:00|1 jan", "06:00|", "12:00|", "18:00|", "00:00|2 jan"]),
        (VAN, 30 * DAY, ["5 jan|2026", "12 jan|", "19 jan|", "26 jan|"]),
        (
            datetime(2025, 12, 27, tzinfo=AMSTERDAM),
            6 * DAY,
            ["27 dec|2025", "28 dec|", "29 dec|", "30 dec|", "31 dec|", "1 jan|2026", "2 jan|"],
        ),
        (datetime(2025, 11, 15, tzinfo=AMSTERDAM), 150 * DAY, ["dec|", "jan|2026", "feb|", "mrt|", "apr|"]),
        (VAN, 18 * DAY, ["1 jan|2026", "5 jan|", "9 jan|", "13 jan|", "17 jan|"]),
        (
            datetime(2025, 12, 1, tzinfo=AMSTERDAM),
            220 * DAY,
            ["dec|", "jan|2026", "feb|", "mrt|", "apr|", "mei|", "jun|", "jul|"],
        ),
        (VAN, 8 * 365 * DAY, ["2026|", "2027|", "2028|", "2029|", "2030|", "2031|", "2032|", "2033|"]),
        # The clock goes from 2 to 3: a day of 23 hours.
        (
            datetime(2026, 3, 29, tzinfo=AMSTERDAM),
            timedelta(hours=23),
            ["00:00|29 mrt", "06:00|", "12:00|", "18:00|", "00:00|30 mrt"],
        ),
    ],
)
def test_the_time_is_marked_at_round_dutch_moments(van, length, marks):
    van = van.astimezone(UTC)
    assert [f"{streep.tekst}|{streep.onder}" for streep in chart(line(1), van=van, tot=van + length).tijd] == marks


def test_without_a_value_there_is_nothing_to_draw():
    assert chart().leeg
    shown = chart(line(None))
    assert shown.leeg
    assert shown.rijen[0].waarden == ["onbekend"]
    assert "Aanwezig: niets bekend." in shown.beschrijving


def test_of_a_line_without_a_value_it_says_so_and_the_others_make_no_axis_for_it(draw):
    places = line(2000, trap=True)._replace(naam="Inzetbaar")
    assert chart(places).afgesneden == "1.920"
    shown = chart(line(None, None), places)
    assert (shown.waarden[0].tekst, shown.afgesneden) == ("0", "")
    assert "Niets bekend in deze periode: <strong>Aanwezig</strong>." in draw(shown)
    assert "Niets bekend" not in draw(chart(line(1, None), places))


def test_a_chart_of_no_time_is_refused():
    with pytest.raises(ValueError, match="no width"):
        chart(line(1), tot=VAN)


def test_all_of_it_can_be_read_without_eyes(draw):
    shown = chart(line(4, None, 8), line(2, trap=True)._replace(naam="Maximum <b>"), nu=VAN + DAY)
    root = ElementTree.fromstring(draw(shown))
    drawing = root.find("div/svg")
    assert drawing.get("role") == "img"
    named = [root.find(f".//*[@id='{one}']").text for one in drawing.get("aria-labelledby").split()]
    assert named == [shown.titel, shown.beschrijving]
    assert [cell.text for cell in root.findall(".//thead/tr/th[@scope='col']")] == ["Moment", "Aanwezig", "Maximum <b>"]
    rows = [["".join(cell.itertext()) for cell in row] for row in root.findall(".//tbody/tr")]
    assert rows == [[rij.moment, *rij.waarden] for rij in shown.rijen]
    assert len(root.findall(".//tbody/tr/th[@scope='row']")) == len(rows)
    assert len(root.findall(".//circle")) == 2
    assert "aangekondigd" in "".join(root.find("figcaption").itertext())


def test_nothing_in_it_needs_a_weaker_policy_and_no_name_is_there_twice(draw):
    html = draw(chart(line(1, 2), nu=VAN)) + draw(replace(chart(line(1, 2), nu=VAN), id="h"))
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 8
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)


def test_without_a_value_it_says_so(draw):
    html = draw(chart(line(None)))
    assert "Hierover is niets bekend in deze periode." in html
    assert "<svg" not in html


def test_lines_stand_out_on_both_grounds():
    static = files("services.dashboard").joinpath("static")
    page, own = (static.joinpath(name).read_text(encoding="utf-8") for name in ("basis.css", "grafiek.css"))
    grounds = re.findall(r"--(?:grond|vlak): light-dark\((#\w{6}), (#\w{6})\)", page)
    assert len(grounds) == 2
    found = re.findall(r"--kleur: (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}))", own)
    assert len(found) >= 8
    for light, dark, both in found:
        for on_light, on_dark in grounds:
            assert contrast(light or both, on_light) >= 3, (light or both, on_light)
            assert contrast(dark or both, on_dark) >= 3, (dark or both, on_dark)


@pytest.mark.parametrize("klasse", STIJLEN)
def test_each_class_of_naleving_has_a_colour_on_which_its_sign_can_be_read(klasse):
    page = files("services.dashboard").joinpath("static", "basis.css").read_text(encoding="utf-8")
    own, used = STIJLEN[klasse].stijl, re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", page)
    colours = {name: (light, dark) for name, light, dark in used}
    (rule,) = re.findall(rf"^\.{own} {{ fill: var\(--(\w+)\);.* --op: var\(--([\w-]+)\); }}", page, re.MULTILINE)
    for ground, sign in zip(colours[rule[0]], colours[rule[1]], strict=True):
        assert contrast(ground, sign) >= 4.5, (klasse, ground, sign)


def test_each_class_of_naleving_has_a_sign_of_its_own():
    assert len({one.teken for one in STIJLEN.values()}) == len({one.stijl for one in STIJLEN.values()}) == len(KLASSEN)


def contrast(one, other):
    """Returns the contrast ratio of WCAG 2.2."""
    low, high = sorted(luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
