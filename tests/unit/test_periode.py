"""The period of a page's charts: fixed or free, with the moments at which people are counted in it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from schemas.fields import AMSTERDAM, EARLIEST
from services.dashboard.grafiek.periode import Periodevraag, periode
from services.web.problems import ProblemError

NU = datetime(2026, 11, 29, 14, 30, tzinfo=AMSTERDAM)
MIDNIGHT = datetime(2026, 11, 29, tzinfo=AMSTERDAM)
DAY = timedelta(days=1)


def asked(**vraag: str):
    return periode(Periodevraag.model_validate(vraag), NU.astimezone(UTC))


@pytest.mark.parametrize(("naam", "days"), [("week", 7), ("maand", 31), ("kwartaal", 92), ("jaar", 366)])
def test_a_fixed_period_goes_back_whole_days_and_looks_no_further_ahead_than_half_a_year(naam, days):
    shown = asked(periode=naam)
    assert (shown.van, shown.tot, shown.gekozen) == (
        datetime.combine((MIDNIGHT - days * DAY).date(), MIDNIGHT.timetz()),
        NU.astimezone(UTC) + min(days, 183) * DAY,
        naam,
    )


def test_all_goes_back_to_the_beginning_of_time():
    assert asked(periode="alles").van == EARLIEST


def test_any_period_may_be_asked_and_then_none_is_chosen():
    shown = asked(van="2026-10-01", tot="2026-10-03", periode="jaar")
    assert (shown.van, shown.tot, shown.gekozen) == (
        datetime(2026, 10, 1, tzinfo=AMSTERDAM),
        datetime(2026, 10, 3, tzinfo=AMSTERDAM),
        None,
    )
    assert asked(van="2026-10-01").tot > NU
    assert asked(tot="2026-10-01").van == datetime(2026, 7, 1, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    "wrong", [{"van": "2026-10-05", "tot": "2026-10-03"}, {"van": "2026-10-05", "tot": "2026-10-05"}]
)
def test_a_period_that_ends_before_it_begins_is_refused_in_words(wrong):
    with pytest.raises(ProblemError) as refused:
        asked(**wrong)
    assert refused.value.status == 400
    assert [(one.veld, one.melding) for one in refused.value.fouten] == [
        ("van", "moet minstens een uur vóór tot liggen")
    ]


@pytest.mark.parametrize(
    ("vraag", "step"),
    [
        ({"periode": "week"}, timedelta(hours=1)),
        ({"periode": "jaar"}, DAY),
        ({"van": "2024-01-01"}, 7 * DAY),
    ],
)
def test_people_are_counted_more_often_in_a_shorter_period(vraag, step):
    moments = asked(**vraag).tijdvak.momenten
    assert len(moments) <= 400
    hour = timedelta(hours=1)  # a day on which the clock changes is longer or shorter
    assert {new - old for old, new in pairwise(moments[1:])} <= {step, step + hour, step - hour}


def test_by_the_day_nothing_of_the_day_of_now_is_among_them():
    """An event of today then changes nothing of what is kept; what is so now the figures of now say."""
    shown = asked(periode="kwartaal").tijdvak
    assert shown.over
    assert max(shown.momenten) == MIDNIGHT - DAY
    assert not asked(periode="week").tijdvak.over


def test_who_looks_only_ahead_counts_nobody():
    assert asked(van="2027-01-01").tijdvak.momenten == []


def test_the_links_lead_earlier_later_nearer_and_further():
    names = [one.naam for one in asked(van="2026-10-01", tot="2026-10-21").stappen]
    assert names == ["Eerder", "Later", "Inzoomen", "Uitzoomen"]
    now = asked(periode="week")._replace(tot=NU)
    assert [(one.naam, one.tot is None) for one in now.stappen] == [
        ("Eerder", False),
        ("Inzoomen", True),
        ("Uitzoomen", True),
    ]
    assert all(one.van.minute == 0 for one in now.stappen)
