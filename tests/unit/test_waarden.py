"""Cells get their meaning by what the profile says, and by nothing else."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.fields import AMSTERDAM, parse_moment
from services.importer.bladen import Fout, LeesError
from services.importer.columns import Column, data_columns, full_type
from services.importer.profiel.model import Schrijfwijze, Waardebron
from services.importer.profiel.waarden import met_tijd, moment_van, waarde_van

AANWEZIG = next(one for one in data_columns(full_type("bezetting-gemeld")) if one.name == "aanwezig")
WAARDE = next(one for one in data_columns(full_type("cijfers-gepubliceerd")) if one.name == "waarde")
KOLOMMEN = [one for name in ("cyclus-vastgesteld", "cijfers-gepubliceerd") for one in data_columns(full_type(name))]
VORMEN = {"dag-maand-jaar": "{2:02}-{1:02}-{0}", "maand-dag-jaar": "{1}/{2}/{0}", "jaar-maand-dag": "{0}/{1}/{2}",
          "jaarmaanddag": "{0}{1:02}{2:02}"}  # fmt: skip
MAANDEN = ("jan", "februari", "mrt", "april", "mei", "juni", "juli", "aug.", "september", "okt", "nov", "december")
BRON = Waardebron(kolom=["Kolom"])
wijzen = st.builds(
    lambda groups, decimals: Schrijfwijze(duizendtallen=groups, decimalen=decimals if decimals != groups else None),
    st.sampled_from([None, ".", ",", " ", "'"]),
    st.sampled_from([None, ".", ","]),
)
dagen = st.dates(date(2010, 1, 2), date(2050, 12, 30))
cellen = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.text("0123456789.,-/ :%'tuwzomeri", max_size=24),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.just(Fout("fout")),
)


def lees(cel: Any, column: Column, wijze: Schrijfwijze, **bron: Any) -> Any:
    return waarde_van(cel, BRON.model_copy(update=bron), column, wijze)


def geschreven(getal: int, teken: str | None) -> str:
    return f"{getal:,}".replace(",", teken or "")


@given(getal=st.integers(-(10**9), 10**9), wijze=wijzen)
def test_a_whole_number_written_as_the_profile_says_reads_back(getal: int, wijze: Schrijfwijze):
    assert lees(geschreven(getal, wijze.duizendtallen), AANWEZIG, wijze) == getal
    assert lees(str(getal), AANWEZIG, wijze) == getal


@given(honderdsten=st.integers(-(10**8), 10**8), wijze=wijzen)
def test_a_number_with_decimals_written_as_the_profile_says_reads_back(honderdsten: int, wijze: Schrijfwijze):
    assume(wijze.decimalen)
    whole, part = divmod(abs(honderdsten), 100)
    text = f"{'-' if honderdsten < 0 else ''}{geschreven(whole, wijze.duizendtallen)}{wijze.decimalen}{part:02}"
    assert lees(text, WAARDE, wijze) == honderdsten / 100


@given(begin=st.integers(1, 999), rest=st.integers(0, 999), teken=st.sampled_from(".,"), wijze=wijzen)
def test_a_number_that_can_be_read_in_two_ways_is_read_only_if_the_profile_says_how(begin, rest, teken, wijze):
    text = f"{begin}{teken}{rest:03}"
    if teken == wijze.duizendtallen:
        assert lees(text, WAARDE, wijze) == begin * 1000 + rest
    elif teken == wijze.decimalen:
        assert lees(text, WAARDE, wijze) == pytest.approx(begin + rest / 1000)
    else:
        with pytest.raises(LeesError, match="dubbelzinnig"):
            lees(text, WAARDE, wijze)


@given(dag=dagen, vorm=st.sampled_from(sorted(VORMEN)))
def test_a_date_written_as_the_profile_says_reads_back(dag: date, vorm: str):
    text = VORMEN[vorm].format(dag.year, dag.month, dag.day)
    assert moment_van(text, None, Schrijfwijze(datum=vorm)) == dag.isoformat()


@given(dag=dagen)
def test_a_date_that_is_written_in_one_way_only_needs_no_word_of_the_profile(dag: date):
    for text in (dag.isoformat(), f"{dag.day} {MAANDEN[dag.month - 1]} {dag.year}", dag):
        assert moment_van(text, None, Schrijfwijze()) == dag.isoformat()


@given(dag=dagen, teken=st.sampled_from("-/. "))
def test_a_date_in_figures_is_refused_if_the_profile_gives_no_order(dag: date, teken: str):
    with pytest.raises(LeesError, match="wat dag en wat maand is"):
        moment_van(f"{dag.day}{teken}{dag.month}{teken}{dag.year}", None, Schrijfwijze())


@given(dagdeel=st.integers(40_179 * 48, 55_153 * 48))
def test_a_day_as_excel_counts_it_reads_back(dagdeel: int):
    number = dagdeel / 48
    text = moment_van(number, None, Schrijfwijze(datum="serieel"))
    assert moment_van(str(number), None, Schrijfwijze(datum="serieel", decimalen=".")) == text
    wall = datetime.fromisoformat(text).astimezone(AMSTERDAM) if "T" in text else datetime.fromisoformat(text)
    assert (wall.replace(tzinfo=None) - datetime(1899, 12, 30)).total_seconds() / 86_400 == number  # noqa: DTZ001


@given(moment=st.datetimes(datetime(2010, 1, 2), datetime(2050, 12, 30)))  # noqa: DTZ001 - clocks on a wall
def test_a_moment_is_what_the_dutch_clock_shows_or_is_refused_in_the_two_hours_of_a_year(moment: datetime):
    moment = moment.replace(microsecond=0)
    first, second = (moment.replace(tzinfo=AMSTERDAM, fold=fold).utcoffset() for fold in (0, 1))
    if first == second:
        read = parse_moment(moment_van(moment, None, Schrijfwijze()))
        assert read.astimezone(AMSTERDAM).replace(tzinfo=None) == moment
        assert read == parse_moment(met_tijd(moment.date(), moment.time(), Schrijfwijze()))
    else:
        with pytest.raises(LeesError, match=r"bestaat niet|twee keer"):
            moment_van(moment, None, Schrijfwijze())


@pytest.mark.parametrize("jaar", [2023, 2026, 2035])
def test_of_the_hour_that_comes_twice_the_word_behind_it_says_which(jaar: int):
    last = max(day for day in range(25, 32) if date(jaar, 10, day).weekday() == 6)
    summer, winter = (
        moment_van(f"{jaar}-10-{last} 2.30 uur {word}", None, Schrijfwijze()) for word in ("zomertijd", "wintertijd")
    )
    assert (parse_moment(winter) - parse_moment(summer)).total_seconds() == 3600
    with pytest.raises(LeesError, match="op 01-07-2026 is het zomertijd"):
        moment_van("1 juli 2026 2:30 wintertijd", None, Schrijfwijze())


def test_a_zone_in_a_cell_is_kept():
    moment = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
    assert moment_van(moment, "07:00", Schrijfwijze()) == "2026-11-28T06:30:00Z"
    assert moment_van("2026-11-28T07:30:00+01:00", None, Schrijfwijze()) == "2026-11-28T06:30:00Z"


@given(
    cel=cellen,
    tijd=cellen,
    column=st.sampled_from(KOLOMMEN),
    wijze=wijzen,
    vorm=st.sampled_from([None, *VORMEN, "serieel"]),
)
def test_whatever_stands_in_a_cell_gives_a_value_or_a_reason(cel, tijd, column, wijze, vorm):
    wijze = wijze.model_copy(update={"datum": vorm})
    for read in (
        lambda: lees(cel, column, wijze),
        lambda: met_tijd(cel, tijd, wijze),
        lambda: lees(cel, column, wijze, vertaal={"x": "y"}),
    ):
        try:
            value = read()
        except LeesError as error:
            value = str(error)
            assert 0 < len(value) < 400
        assert value is None or isinstance(value, str | int | float | list)
        assert not isinstance(value, float) or abs(value) <= 10**12


def test_a_time_column_beside_a_date():
    for clock in (time(7, 30), "7:30", "7.30 uur", "07:30:00"):
        assert met_tijd("28-11-2026", clock, Schrijfwijze(datum="dag-maand-jaar")) == "2026-11-28T06:30:00Z"
    assert met_tijd(46354, 0.3125, Schrijfwijze(datum="serieel")) == "2026-11-28T06:30:00Z"
