"""The parameters of the API: moments, cursors and the rows of a page, and what is refused."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from schemas.fields import EARLIEST, END_OF_TIME, format_moment, parse_moment
from services.api.params import read_cursor, write_cursor
from services.web.asked import parse_query_moment
from services.web.problems import ProblemError

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))
JSON = st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), st.lists, max_leaves=5)


@given(st.datetimes(EARLIEST.replace(tzinfo=None), END_OF_TIME.replace(tzinfo=None)), OFFSETS)
def test_a_plus_that_became_a_space_is_still_an_offset(moment, offset):
    """In a query, the + of `?geldigOp=2026-05-26T08:00:00+02:00`, typed by hand, is read as a space."""
    instant = moment.replace(tzinfo=UTC)
    if instant >= END_OF_TIME:
        return
    sign, minutes = ("-", -offset) if offset < timedelta() else ("+", offset)
    text = (moment + offset).isoformat() + f"{sign}{minutes.seconds // 3600:02}:{minutes.seconds // 60 % 60:02}"
    typed = dict(parse_qsl(f"geldigOp={text}"))["geldigOp"]
    encoded = dict(parse_qsl(urlencode({"geldigOp": text})))["geldigOp"]
    assert parse_query_moment(typed) == parse_query_moment(encoded) == instant


@pytest.mark.parametrize(
    "text", ["2026-05-26T08:00:00 2:00", "2026-05-26 08:00:00", " 02:00", "", "morgen", "2026-13-01"]
)
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(PydanticCustomError):
        parse_query_moment(text)


def test_a_date_means_midnight_in_amsterdam():
    assert format_moment(parse_query_moment("2026-05-26")) == "2026-05-25T22:00:00Z"
    assert (
        parse_query_moment("2026-01-26")
        == parse_moment("2026-01-25T23:00:00Z")
        == datetime(2026, 1, 25, 23, tzinfo=UTC)
    )


@given(st.lists(JSON))
def test_a_cursor_is_read_as_it_was_written_and_stands_in_a_url_unchanged(parts):
    cursor = write_cursor(parts)
    assert dict(parse_qsl(f"na={cursor}", keep_blank_values=True)) == {"na": cursor}
    assert read_cursor(cursor) == parts


@given(st.text() | st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_="))
def test_a_cursor_that_was_made_up_is_refused_or_a_list(text):
    refusal = None
    try:
        assert isinstance(read_cursor(text), list)
    except ProblemError as problem:
        refusal = problem
    assert refusal is None or (refusal.status, [fout.veld for fout in refusal.fouten]) == (400, ["na"])
