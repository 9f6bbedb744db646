"""How evenly places are spread: for each thousand inhabitants, and against the shares of the opgaven."""

from datetime import timedelta

import pytest

from services.core import delen
from services.core import naleving as core
from services.core.fold import fold
from services.core.locaties import locaties
from services.core.standen import standen
from services.core.telregel import maatstaf
from tests.support.make import cycle, moment, places, registered, stand, task, transfer
from tests.support.strategies import merging_gemeenten

INSTANT = timedelta(microseconds=1)
V = moment("2026-05-26T08:00:00Z")
MERGER = moment("2027-01-01")
HILVERSUM, WIJDEMEREN, ROTTERDAM = "GM0402", "GM1696", "GM0599"


def rows(*events, at=V):
    registers = fold(events, at, moment("2040-01-01"))
    return core.naleving(registers, standen(locaties(registers, at)), merging_gemeenten(), at, maatstaf(registers))


def index(found):
    return delen.nu(delen.spreidingsindex, core.opgeteld(found))


def per_1000(found):
    return delen.nu(delen.per_1000_inwoners, core.opgeteld(found))


def test_places_for_each_thousand_inhabitants():
    """Those of Hilversum are, after the merger, those of Wijdemeren too."""
    events = [cycle(), task(100), registered(), places(30), transfer(10, HILVERSUM, ROTTERDAM)]
    table = {gemeente.code: gemeente.inwoners for gemeente in merging_gemeenten()}
    before = rows(*events, at=MERGER - INSTANT)
    one, after = (
        next(found for found in when if found.gemeente.code == HILVERSUM) for when in (before, rows(*events, at=MERGER))
    )
    assert per_1000([one]) == 20_000 / table[HILVERSUM]
    assert per_1000([after]) == 20_000 / (table[HILVERSUM] + table[WIJDEMEREN])
    assert per_1000(before) == 30_000 / sum(table.values())
    assert per_1000([]) is None


def test_what_is_not_known_has_no_places_for_each_thousand_inhabitants():
    found = rows(cycle(volledig=False), task(100), registered(), places(30))
    assert per_1000(found[:1]) is None
    assert per_1000(rows()) is None


def test_the_spreidingsindex_is_0_when_every_gemeente_has_its_share():
    share = [registered(), places(30), registered("LOC-R", ROTTERDAM), places(60, locatie="LOC-R")]
    assert index(rows(cycle(), task(10), task(20, ROTTERDAM), *share)) == 0
    assert index(rows(cycle(), task(20), *share)) == pytest.approx(2 / 3)
    suspended = [task(10), task(20, ROTTERDAM), stand(gemeente=ROTTERDAM)]
    assert index(rows(cycle(), *suspended, *share)) == 0, "a suspended decision keeps its number"
    for nothing in ([cycle(), task(10)], [cycle(), *share], [cycle(volledig=False), task(10), *share], share):
        assert index(rows(*nothing)) is None
