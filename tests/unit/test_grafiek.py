"""A chart shows what is known, nothing more, and says the same in its words and in its table."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader, StrictUndefined

from schemas.fields import AMSTERDAM
from services.core.dutch import dutch_day
from services.dashboard.grafiek import WIJDTE, Lijn, Streep, grafiek
from tests.support.strategies import LAW

VAN = datetime(2026, 1, 1, tzinfo=AMSTERDAM)
DAY = timedelta(days=1)
TOT = VAN + 10 * DAY

moments = st.integers(0, 10 * 86_400).map(lambda seconds: VAN.astimezone(UTC) + timedelta(seconds=seconds))
people = st.integers(0, 100_000) | st.floats(0, 1e12, allow_subnormal=False)
shares = st.floats(0, 3, allow_subnormal=False) | st.floats(0.5, 1.1)


def lines(values, *, known=False):
    points = st.lists(st.tuples(moments, values if known else st.none() | values), max_size=12)
    own = st.builds(Lijn, st.sampled_from(["Aanwezig", "Maximum"]), st.just("aanwezig"), points, st.booleans())
    return st.lists(own, min_size=1, max_size=4)


def chart(*lijnen, van=VAN, tot=TOT, nu=TOT, procent=False):
    return grafiek("g", "Titel", lijnen, van=van, tot=tot, nu=nu, eenheid="mensen", procent=procent)


def line(*values, trap=False, van=VAN):
    """A value a day."""
    return Lijn("Aanwezig", "aanwezig", [(van + at * DAY, value) for at, value in enumerate(values)], trap)


def pieces(drawn):
    """The places that a line passes, of each piece."""
    return [
        [tuple(map(float, place.split())) for place in piece.split("L")] for piece in drawn.pad.split("M") if piece
    ] + [[place] for place in drawn.stippen]


def places(drawn):
    return [place for piece in pieces(drawn) for place in piece]


def last_of_each(lijn):
    return dict(lijn.punten)


@pytest.fixture
def draw():
    """The HTML of charts, as the page makes it."""
    environment = Environment(
        loader=PackageLoader("services.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("grafiek.html").module.teken


# Laws -------------------------------------------------------------------------------------------------------------


@LAW
@given(lines(people), moments)
def test_what_is_known_is_drawn_within_the_frame_where_it_belongs(lijnen, nu):
    shown = chart(*lijnen, nu=nu)
    for lijn, drawn in zip(lijnen, shown.lijnen, strict=True):
        own = places(drawn)
        assert all(0 <= x <= WIJDTE and 0 <= y <= WIJDTE for x, y in own)
        known = {moment: value for moment, value in last_of_each(lijn).items() if value is not None}
        assert bool(own) == bool(known) == bool(drawn.einde)
        assert len({y for _, y in own}) <= len(set(known.values()))
        if not lijn.trap:
            wanted = {round(WIJDTE * ((moment - VAN) / (TOT - VAN)), 1) for moment in known}
            assert {x for x, _ in own} == wanted


@LAW
@given(lines(people))
def test_a_line_never_goes_back_in_time_and_higher_is_more(lijnen):
    shown = chart(*lijnen)
    for lijn, drawn in zip(lijnen, shown.lijnen, strict=True):
        for piece in pieces(drawn):
            assert all(old[0] <= new[0] for old, new in pairwise(piece))
        known = {value for value in last_of_each(lijn).values() if value is not None}
        if known:
            scale = float(number_of(shown.waarden[-1].tekst) - number_of(shown.waarden[0].tekst))
            for value, place in ((max(known), min), (min(known), max)):
                assert place(y for _, y in places(drawn)) == pytest.approx(WIJDTE * (1 - value / scale), abs=0.06)


@LAW
@given(lines(people))
def test_a_gap_lifts_the_pen_and_nothing_else_does(lijnen):
    for lijn, drawn in zip(lijnen, chart(*lijnen).lijnen, strict=True):
        told = [value for _, value in sorted(last_of_each(lijn).items())]
        begins = [value is not None and (at == 0 or told[at - 1] is None) for at, value in enumerate(told)]
        assert len(pieces(drawn)) == sum(begins)


@LAW
@given(lines(people) | lines(shares, known=True), st.booleans())
def test_the_marks_enclose_all_values_at_even_distances(lijnen, procent):
    known = [value for lijn in lijnen for value in last_of_each(lijn).values() if value is not None]
    assume(not procent or max(known, default=0) < 100)
    shown = chart(*lijnen, procent=procent)
    values = [number_of(streep.tekst) / (100 if procent else 1) for streep in shown.waarden]
    assert 2 <= len(values) <= 9
    assert [streep.plek for streep in shown.waarden][::-1] == sorted(streep.plek for streep in shown.waarden)
    assert (shown.waarden[0].plek, shown.waarden[-1].plek) == (WIJDTE, 0)
    assert values[0] <= min(known, default=0)
    assert values[-1] >= max(known, default=0)
    steps = [new - old for old, new in pairwise(values)]
    assert steps == pytest.approx([steps[0]] * len(steps), abs=1e-4)
    if procent:
        assert shown.honderd is not None
        assert 0 <= shown.honderd.plek <= WIJDTE
    else:
        assert values[0] == 0


@LAW
@given(lines(people))
def test_the_table_has_every_point_once(lijnen):
    shown = chart(*lijnen)
    moments = all_moments(lijnen)
    assert [rij.moment for rij in shown.rijen] == [dutch_day(moment) for moment in moments]
    for at, lijn in enumerate(lijnen):
        told = {moment: rij.waarden[at] for moment, rij in zip(moments, shown.rijen, strict=True)}
        for moment, value in last_of_each(lijn).items():
            if value is None:
                assert told[moment] == "onbekend"
            else:
                assert number_of(told[moment]) == pytest.approx(value, abs=0.006)
        others = [moment for moment in moments if moment not in last_of_each(lijn)]
        before = {moment: max((own for own in last_of_each(lijn) if own < moment), default=None) for moment in others}
        assert all(told[moment] == (told.get(before[moment], "–") if lijn.trap else "–") for moment in others)


@LAW
@given(lines(people))
def test_the_words_name_the_lowest_and_the_highest_with_their_moments(lijnen):
    shown = chart(*lijnen)
    for at, lijn in enumerate(lijnen):
        known = [(value, moment) for moment, value in sorted(last_of_each(lijn).items()) if value is not None]
        said = [sentence for sentence in shown.beschrijving.split(". ") if sentence.startswith(f"{lijn.naam}: ")]
        if not known:
            assert any("niets bekend" in sentence for sentence in said)
            continue
        texts = {moment: rij.waarden[at] for moment, rij in zip(all_moments(lijnen), shown.rijen, strict=True)}
        (_, lowest), (_, highest) = min(known), max(known, key=lambda pair: (pair[0], -pair[1].timestamp()))
        assert any(texts[lowest] in sentence and texts[highest] in sentence for sentence in said)
        if texts[lowest] != texts[highest]:
            ends = f"laagst {texts[lowest]} op {dutch_day(lowest)}, hoogst {texts[highest]} op {dutch_day(highest)}"
            assert any(ends in sentence for sentence in said)


@LAW
@given(
    st.datetimes(datetime(2010, 1, 1), datetime(2050, 1, 1)),  # noqa: DTZ001 - made aware below
    st.floats(0, 1).map(lambda share: 3_600 * (350_000**share)),
)
def test_four_to_eight_marks_along_the_time_at_their_own_moments(begin, seconds):
    van = begin.replace(tzinfo=AMSTERDAM).astimezone(UTC)
    shown = chart(line(1), van=van, tot=van + timedelta(seconds=seconds))
    places_of = [streep.plek for streep in shown.tijd]
    assert 4 <= len(places_of) <= 8
    assert all(old < new for old, new in pairwise(places_of))
    assert all(0 <= plek <= WIJDTE for plek in places_of)
    assert all(streep.tekst for streep in shown.tijd)


@LAW
@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=12))
def test_names_at_the_ends_never_cover_one_another(values):
    lijnen = [Lijn(str(value), "klasse", [(TOT, value)]) for value in values]
    ends = sorted(lijn.einde[1] for lijn in chart(*lijnen).lijnen)
    assert all(new - old >= 70 for old, new in pairwise(ends))
    assert 0 <= ends[0] <= ends[-1] <= WIJDTE


def all_moments(lijnen):
    return sorted({moment for lijn in lijnen for moment, _ in lijn.punten})


def number_of(text):
    return float(text.removesuffix(" %").replace(".", "").replace(",", "."))


# Examples ---------------------------------------------------------------------------------------------------------


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
    assert (drawn.pad, drawn.stippen, drawn.einde) == ("", [(0, 0)], (0, 0))


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
    told = "Aanwezig wordt 4 op 5 januari 2026, 5 op 6 januari 2026, nog 3 veranderingen en 9 op 10 januari 2026."
    assert shown.beschrijving.endswith(f"Aangekondigd na 4 januari 2026: {told}")
    assert chart(line(1, 2, 2, 2), nu=VAN + 3 * DAY).beschrijving.endswith("Aangekondigd na 4 januari 2026: niets.")


@pytest.mark.parametrize(
    ("nu", "at", "later"), [(VAN - DAY, None, 0), (VAN, 0, 0), (TOT, 1000, None), (TOT + DAY, None, None)]
)
def test_now_may_be_out_of_sight(nu, at, later):
    shown = chart(line(1, 2), nu=nu)
    assert (shown.nu, shown.later) == (at, later)
    assert ("Aangekondigd" in shown.beschrijving) == (later is not None)


def test_the_words_tell_what_an_eye_sees():
    assert chart(line(1200, 1100.5, 1300)).beschrijving == (
        "Van 1 januari 2026 tot 11 januari 2026; eenheid: mensen. Aanwezig: eerst 1.200 op 1 januari 2026, "
        "laatst 1.300 op 3 januari 2026; laagst 1.100,5 op 2 januari 2026, hoogst 1.300 op 3 januari 2026."
    )
    assert "Aanwezig: alleen 7 op 1 januari 2026." in chart(line(7)).beschrijving
    assert "Aanwezig: steeds 7, vanaf 1 januari 2026." in chart(line(7, trap=True)).beschrijving
    assert "Aanwezig: steeds 7, vanaf 1 januari 2026 tot en met 2 januari 2026." in chart(line(7, 7)).beschrijving


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
def test_shares_always_stand_beside_100_percent_and_a_cut_axis_is_told(values, marks):
    shown = chart(line(*values), procent=True)
    assert [streep.tekst for streep in shown.waarden] == marks
    assert shown.honderd == Streep(shown.waarden[marks.index("100 %")].plek, "")
    told = f"De verticale as begint niet bij 0 %, maar bij {marks[0]}." in shown.beschrijving
    assert told == (marks[0] != "0 %")


def test_100_percent_is_named_where_no_mark_does():
    assert chart(line(0.4, 12), procent=True).honderd.tekst == "100 %"


def test_whole_people_have_whole_marks():
    assert [streep.tekst for streep in chart(line(0, 2)).waarden] == ["0", "1", "2"]
    assert [streep.tekst for streep in chart(line(0.003)).waarden] == ["0", "1"]
    assert [streep.tekst for streep in chart(line(0)).waarden] == ["0", "1"]
    assert [streep.tekst for streep in chart(line(61_234)).waarden] == ["0", "20.000", "40.000", "60.000", "80.000"]


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


def test_a_chart_of_no_time_is_refused():
    with pytest.raises(ValueError, match="no width"):
        chart(line(1), tot=VAN)


# Drawn ------------------------------------------------------------------------------------------------------------


def test_all_of_it_can_be_read_without_eyes(draw):
    shown = chart(line(4, None, 8), line(2, trap=True)._replace(naam="Maximum <b>"), nu=VAN + DAY)
    root = ElementTree.fromstring(draw(shown))
    drawing = root.find("svg")
    assert drawing.get("role") == "img"
    named = [root.find(f".//*[@id='{one}']").text for one in drawing.get("aria-labelledby").split()]
    assert named == [shown.titel, shown.beschrijving]
    assert [cell.text for cell in root.findall(".//thead/tr/th[@scope='col']")] == ["Moment", "Aanwezig", "Maximum <b>"]
    rows = [[cell.text for cell in row] for row in root.findall(".//tbody/tr")]
    assert rows == [[rij.moment, *rij.waarden] for rij in shown.rijen]
    assert len(root.findall(".//tbody/tr/th[@scope='row']")) == len(rows)
    assert len(root.findall(".//circle")) == 2
    assert "aangekondigd" in "".join(drawing.itertext()).removeprefix(shown.titel)


def test_nothing_in_it_needs_a_weaker_policy_and_no_name_is_there_twice(draw):
    html = draw(chart(line(1, 2), nu=VAN)) + draw(replace(chart(line(1, 2), nu=VAN), id="h"))
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 8
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)


def test_without_a_value_it_says_so(draw):
    html = draw(chart(line(None)))
    assert "Hierover is niets bekend." in html
    assert "<svg" not in html


def test_lines_stand_out_on_both_grounds():
    static = files("services.dashboard").joinpath("static")
    page, own = (static.joinpath(name).read_text(encoding="utf-8") for name in ("opvangpeil.css", "grafiek.css"))
    grounds = re.findall(r"--(?:grond|vlak): light-dark\((#\w{6}), (#\w{6})\)", page)
    assert len(grounds) == 2
    found = re.findall(r"--kleur: (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}))", own)
    assert len(found) >= 8
    for light, dark, both in found:
        for on_light, on_dark in grounds:
            assert contrast(light or both, on_light) >= 3, (light or both, on_light)
            assert contrast(dark or both, on_dark) >= 3, (dark or both, on_dark)


def contrast(one, other):
    """Of WCAG 2.2."""
    low, high = sorted(luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
