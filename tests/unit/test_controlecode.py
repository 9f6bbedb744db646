"""The code of a report: how people write it, and what it says to the store that sealed it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.fields import parse_moment
from services.reads.controle import LENGTE, NIETS, Uitgegeven, typed, written
from services.reads.question import Audience, question_of_now

NOW = parse_moment("2026-05-26T08:00:00.123456Z")
BYTES = LENGTE * 5 // 8


@given(st.binary(min_size=BYTES, max_size=BYTES), st.sampled_from((str.lower, str.upper)), st.sampled_from(("", " ")))
def test_a_code_is_read_whatever_its_case_and_its_hyphens(sealed, case, between):
    text = written(sealed)
    assert typed(text) == typed(case(text).replace("-", between)) == sealed
    assert {len(group) for group in text.split("-")} == {4}


def test_signs_that_look_alike_are_read_as_one():
    sealed = typed("01" * (LENGTE // 2))
    assert typed("O1" * (LENGTE // 2)) == typed("ol" * (LENGTE // 2)) == typed("0I" * (LENGTE // 2)) == sealed
    assert not {*"ILOU"} & {*"".join(written(bytes([n]) * BYTES) for n in range(256))}


@given(st.text(max_size=200))
def test_whatever_is_typed_gives_as_many_bytes(text):
    assert len(typed(text)) == BYTES


@pytest.mark.parametrize("audience", [Audience.LEZER, Audience.TOEZICHT])
@pytest.mark.parametrize("telregel", [None, "streng"])
def test_what_is_packed_is_read_back(audience, telregel):
    question = question_of_now(NOW, audience).counted_by(telregel)
    issued = Uitgegeven.of(question, "GM0344", bytes(range(16)))
    assert Uitgegeven.read(issued.packed()) == issued
    assert (issued.geldig_op, issued.dag, issued.toezicht) == (NOW, date(2026, 5, 26), bool(audience))
    assert len(issued.packed()) == len(NIETS)


def test_it_counts_for_so_many_days_and_what_is_no_code_never_does():
    issued = Uitgegeven.of(question_of_now(NOW, Audience.LEZER), "GM0344", bytes(16))
    assert issued.counts(NOW + timedelta(days=366), 366)
    assert not issued.counts(NOW + timedelta(days=367), 366)
    assert not Uitgegeven.read(NIETS).counts(parse_moment("2010-01-01T12:00:00Z"), 366)
