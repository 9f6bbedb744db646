"""A chart of any lines shows each known value in its place and nothing else; its words and its table agree with it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.fields import AMSTERDAM
from services.core.dutch import dutch_day
from services.dashboard.grafiek.vorm import WIJDTE, Lijn
from tests.support.charts import TOT, VAN, chart, line, pieces, places
from tests.support.strategies import LAW

moments = st.integers(0, 10 * 86_400).map(lambda seconds: VAN.astimezone(UTC) + timedelta(seconds=seconds))
people = st.integers(0, 100_000) | st.floats(0, 1e12, allow_subnormal=False)
shares = st.floats(0, 3, allow_subnormal=False) | st.floats(0.5, 1.1)


def lines(values, *, known=False):
    points = st.lists(st.tuples(moments, values if known else st.none() | values), max_size=12)
    own = st.builds(Lijn, st.sampled_from(["Aanwezig", "Maximum"]), st.just("aanwezig"), points, st.booleans())
    return st.lists(own, min_size=1, max_size=4)


@LAW
@given(lines(people), moments)
def test_what_is_known_is_drawn_within_the_frame_where_it_belongs(lijnen, nu):
    shown = chart(*lijnen, nu=nu)
    for lijn, drawn in zip(lijnen, shown.lijnen, strict=True):
        own = places(drawn)
        assert all(0 <= x <= WIJDTE and 0 <= y <= WIJDTE for x, y in own)
        known = {moment: value for moment, value in last_of_each(lijn).items() if value is not None}
        assert bool(own) == bool(known) == (drawn.einde is not None)
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
            bottom, top = (float(number_of(shown.waarden[end].tekst)) for end in (0, -1))
            for value, place in ((max(known), min), (min(known), max)):
                height = (value - bottom) / (top - bottom)
                assert place(y for _, y in places(drawn)) == pytest.approx(WIJDTE * (1 - height), abs=0.06)


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
    lowest, highest = (
        min([*known, 1] if procent else known, default=0),
        max([*known, 1] if procent else known, default=0),
    )
    if 2 * lowest <= (1 if procent else highest) or (not procent and highest < 20):
        assert values[0] == 0
    assert bool(shown.afgesneden) == (values[0] > 0)


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
    ends = sorted(lijn.einde for lijn in chart(*lijnen).lijnen)
    assert all(new - old >= 70 for old, new in pairwise(ends))
    assert 0 <= ends[0] <= ends[-1] <= WIJDTE


def last_of_each(lijn):
    return dict(lijn.punten)


def all_moments(lijnen):
    return sorted({moment for lijn in lijnen for moment, _ in lijn.punten})


def number_of(text):
    return float(text.removesuffix(" %").replace(".", "").replace(",", "."))
