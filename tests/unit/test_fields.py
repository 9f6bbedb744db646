"""The building blocks of events: moments, numbers and texts, each at its limits."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.errors import TEXTS
from schemas.fields import (
    AMSTERDAM,
    EARLIEST,
    END_OF_TIME,
    MOMENT_IN_JSON_SCHEMA,
    Verwijzing,
    format_moment,
    is_verwijzing,
    parse_moment,
)
from schemas.parsing import Invalid
from tests.support.examples import fields, minimal, read
from tests.support.strategies import LAW

# Moments -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-26T08:00:00Z", datetime(2026, 5, 26, 8, tzinfo=UTC)),
        ("2026-05-26T10:00:00+02:00", datetime(2026, 5, 26, 8, tzinfo=UTC)),
        ("2026-05-26t08:00:00z", datetime(2026, 5, 26, 8, tzinfo=UTC)),
        ("2026-05-26T08:00:00.000000Z", datetime(2026, 5, 26, 8, tzinfo=UTC)),
        ("2026-05-26T08:00:00.5-00:00", datetime(2026, 5, 26, 8, 0, 0, 500000, tzinfo=UTC)),
        ("2026-05-26T08:00:00.123456Z", datetime(2026, 5, 26, 8, 0, 0, 123456, tzinfo=UTC)),
        ("2026-01-15", datetime(2026, 1, 14, 23, tzinfo=UTC)),  # winter
        ("2026-07-15", datetime(2026, 7, 14, 22, tzinfo=UTC)),  # summer
        ("2026-03-29", datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the day the clock goes ahead begins in winter time
        ("2026-10-25", datetime(2026, 10, 24, 22, tzinfo=UTC)),  # and the day it goes back in summer time
        ("2024-02-29", datetime(2024, 2, 28, 23, tzinfo=UTC)),
        ("2010-01-01", datetime(2009, 12, 31, 23, tzinfo=UTC)),  # the first moment
        ("2009-12-31T23:00:00Z", datetime(2009, 12, 31, 23, tzinfo=UTC)),
        ("2050-12-31T23:59:59.999999+01:00", datetime(2050, 12, 31, 22, 59, 59, 999999, tzinfo=UTC)),  # the last
        ("2026-05-26T08:00:00.1234567Z", datetime(2026, 5, 26, 8, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment
    assert parse_moment(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gisteren",
        "2026",
        "2026-05",
        "26-05-2026",
        "20260526",
        "2026-5-26",
        "2026-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-W21-2",
        "2026-W21-2T08:00:00Z",
        "2026-146T08:00:00Z",
        "2026-05-26T08:00:00",
        "2026-05-26T08:00Z",
        "2026-05-26 08:00:00Z",
        "2026-05-26T08:00:00+0200",
        "2026-05-26T08:00:00+02",
        "2026-05-26T24:00:00Z",
        "2026-05-26T08:60:00Z",
        "2026-05-26T08:00:60Z",
        "2026-05-26T08:00:00.Z",
        "2026-05-26T08:00:00.1234567890Z",
        "2026-05-26T08:00:00,5Z",
        "2026-05-26T08:00:00+24:00",
        "2026-05-26T08:00:00+02:60",
        " 2026-05-26",
        "2026-05-26\n",
        "٢٠٢٦-٠٥-٢٦",
        "1716710400",
        1716710400,
        1716710400.5,
        None,
        True,
        [],
        {},
        ["2026-05-26"],
    ],
)
def test_what_is_no_moment_is_refused(text: Any) -> None:
    assert fields(minimal("bezetting-gemeld", peilmoment=text)) == ["data.peilmoment"]
    item = read(minimal("bezetting-gemeld", peilmoment=text))
    assert isinstance(item, Invalid)
    assert item.fouten[0].melding == TEXTS["moment"]


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+12:00",
        "1900-01-01",
        "2009-12-31",
        "2009-12-31T22:59:59.999999Z",
        "2051-01-01",
        "2050-12-31T23:00:00Z",
        "2999-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_moments_outside_2010_to_2050_are_refused(text: str) -> None:
    for event in (minimal("bezetting-gemeld", peilmoment=text), minimal("bezetting-gemeld") | {"time": text}):
        item = read(event)
        assert isinstance(item, Invalid)
        assert [fout.melding for fout in item.fouten] == [TEXTS["moment_range"]]


@LAW
@given(
    st.datetimes(EARLIEST.replace(tzinfo=None), END_OF_TIME.replace(tzinfo=None) - timedelta(microseconds=1)),
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_a_moment_is_the_same_in_every_offset_and_when_written_back(moment: datetime, minutes: int) -> None:
    moment = moment.replace(tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert parse_moment(elsewhere.isoformat()) == moment
    assert format_moment(elsewhere) == format_moment(moment)
    assert format_moment(moment).endswith("Z")
    assert parse_moment(format_moment(moment)) == moment


@LAW
@given(st.from_regex(str(MOMENT_IN_JSON_SCHEMA["pattern"]), fullmatch=True))
def test_what_the_schema_allows_is_a_moment_of_these_years(text: str) -> None:
    item = read(minimal("bezetting-gemeld", peilmoment=text))
    # A pattern knows no calendar, so a 30th of February is the one thing that it allows and the model doesn't.
    assert not isinstance(item, Invalid) or [fout.melding for fout in item.fouten] == [TEXTS["moment"]]


@pytest.mark.parametrize("day", ["2009-12-31", "2010-01-01", "2010-01-02", "2050-12-30", "2050-12-31", "2051-01-01"])
def test_at_the_borders_the_schema_allows_only_what_is_inside(day: str) -> None:
    offsets = ("Z", "+00:00", "+00:30", "+01:00", "+14:00", "-01:00", "-14:00")
    written = [day, *(f"{day}T{time}{offset}" for time in ("00:00:00", "12:00:00", "23:59:59") for offset in offsets)]
    allowed = {text for text in written if re.search(str(MOMENT_IN_JSON_SCHEMA["pattern"]), text)}
    assert allowed <= {text for text in written if not fields(minimal("bezetting-gemeld", peilmoment=text))}
    assert bool(allowed) == (day not in ("2009-12-31", "2051-01-01"))


# Numbers and texts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "field", "smallest", "largest"),
    [
        ("bezetting-gemeld", "aanwezig", 0, 100_000),
        ("maximum-vastgesteld", "maximum", 0, 100_000),
        ("maximum-vastgesteld", "dwangsomPerDag", 0, 1_000_000_000),
        ("maximum-vastgesteld", "dwangsomPlafond", 0, 1_000_000_000),
        ("cyclus-vastgesteld", "raming", 0, 1_000_000),
        ("opgave-vastgesteld", "opgave", 0, 100_000),
        ("overdracht-afgesproken", "aantal", 0, 100_000),
    ],
)
def test_numbers_are_bounded_and_whole(kind: str, field: str, smallest: int, largest: int) -> None:
    for value in (smallest, largest):
        assert not fields(minimal(kind, **{field: value}))
    for wrong in (smallest - 1, largest + 1, largest + 1.0, 0.5, str(largest), True, [largest], 2**63):
        assert fields(minimal(kind, **{field: wrong})) == [f"data.{field}"]


def test_a_whole_number_may_be_written_with_decimals_of_zero() -> None:
    with_zero, plain = (read(minimal("bezetting-gemeld", aanwezig=number)) for number in (5.0, 5))
    assert with_zero == plain
    assert with_zero.content == plain.content


@pytest.mark.parametrize(
    ("kind", "field", "longest"),
    [
        ("locatie-geregistreerd", "naam", 120),
        ("toegang-gewijzigd", "reden", 300),
        ("ingetrokken", "reden", 300),
        ("maximum-vastgesteld", "grondslag", 300),
        ("bezetting-gemeld", "bron", 300),
        ("cijfers-gepubliceerd", "bron", 300),
        ("alarm-geactiveerd", "waarde", 300),
    ],
)
def test_texts_are_bounded_and_plain(kind: str, field: str, longest: int) -> None:
    for text in ("x", "é" * longest, "🏠", '’s-Gravenhage & "zo" <b>', "a  b"):
        assert not fields(minimal(kind, **{field: text}))
    for text in (
        "",
        " ",
        "x" * (longest + 1),
        "a\nb",
        "a\tb",
        "a\x00",
        "\u200bx",
        "x\u202ey",
        "x\u2028y",
        "\ufeffx",
        "\x7f",
    ):
        assert fields(minimal(kind, **{field: text})) == [f"data.{field}"]


def test_the_two_hours_of_a_night_in_october_are_written_apart():
    wall = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM)
    assert format_moment(wall) == "2026-10-25T00:30:00Z"
    assert format_moment(wall.replace(fold=1)) == "2026-10-25T01:30:00Z"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        *((text, True) for text in ("2026-417", "Z-2026/00417", "1", "a.b-c/1", "A" * 39 + "1")),
        *((text, True) for text in ("ECLI:NL:RVS:2026:417", "ECLI:NL:RBDHA:2025:13423", "ECLI:EU:C:2013:11")),
        *(
            (text, True)
            for text in (
                "https://voorbeeld.nl",
                "http://intranet:8080/zaken/2026/417",
                "https://www.officielebekendmakingen.nl/stcrt-2024-3320.html",
                "https://voorbeeld.nl/" + "a" * 40 + "/" + "b" * 40,
                "https://voorbeeld.nl/" + "a/" * 49 + "b",
            )
        ),
        *(
            (f"https://voorbeeld.nl/{more}", False)
            for more in ("a" * 41, "a" * 41 + "/b", "a/" * 50, *(f"a{sign}b" for sign in ";=()+"))
        ),
        *((text, False) for text in ("", "-", "zaak", "zaak 417", "zaak_417", "A" * 40 + "1", "417\n", "417é")),
        *((text, False) for text in ("De wethouder zei 3 keer nee", "ECLI:NL:RVS:2026", "ecli:nl:rvs:2026:417")),
        *(
            (f"https://voorbeeld.nl{more}", False)
            for more in ("/a?b=c", "/a#b", "/a%20b", "/a b", "/jan@voorbeeld.nl", ":poort/", "?a", "#a", "/é", "/a\n")
        ),
        *(
            (text, False)
            for text in ("https://jan:geheim@voorbeeld.nl/1", "https://", "ftp://a.nl/1", "HTTPS://a.nl/1")
        ),
        *((text, False) for text in ("mailto:jan@voorbeeld.nl", "tel:0612345678", "javascript:1", "https:///1")),
    ],
)
def test_a_reference_has_the_form_of_one(text, right):
    pattern = TypeAdapter(Verwijzing).json_schema()["pattern"].replace("$", r"\Z")
    assert is_verwijzing(text) is (re.search(pattern, text) is not None) is right
