"""The ladder of supervision: each step has its place, and a step that does not follow the former one is told."""

from importlib.resources import files
from itertools import pairwise, product
from typing import get_args

import pytest

from schemas.data import Toezichtstap
from schemas.reference.toezichtladder import read_toezichtladder, toezichtladder
from services.core.toezichtladder import buiten_volgorde

STAPPEN: tuple[Toezichtstap, ...] = get_args(Toezichtstap)
TABLE = files("schemas.reference").joinpath("toezichtladder.csv").read_text(encoding="utf-8")


# The table as it is --------------------------------------------------------------------------------------------------


def test_every_step_has_a_place_and_the_ladder_only_goes_up() -> None:
    ladder = toezichtladder()
    assert tuple(ladder) == STAPPEN
    assert [one.trede for one in ladder.values()] == [1, 2, 2, 3, 4, 5, 6, None]
    assert len({one.fase for one in ladder.values() if one.fase}) == 6
    for stap, one in ladder.items():
        assert one.stap == stap
        assert stap not in one.volgende, "the same step again is always in order, so it need not be said"
        assert one.termijn_dagen is None or one.termijn_dagen > 0
    for lower, higher in product(STAPPEN, STAPPEN):
        if higher in ladder[lower].volgende and lower != "beëindigd" != higher:
            assert STAPPEN.index(higher) > STAPPEN.index(lower)


def test_supervision_can_end_after_any_step_and_begin_again() -> None:
    ladder = toezichtladder()
    first = tuple(stap for stap, one in ladder.items() if one.eerste)
    assert first == ladder["beëindigd"].volgende == ("brief",)
    assert all("beëindigd" in one.volgende for stap, one in ladder.items() if stap != "beëindigd")


def test_the_highest_step_is_reached_from_the_first_and_by_every_step() -> None:
    ladder = toezichtladder()
    assert all(higher in ladder[lower].volgende for lower, higher in pairwise(STAPPEN))


# A table that can't be right -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "melding"),
    [
        ("besluit,5", "beslissing,5", "regel 7: 'beslissing' is geen stap; wel: brief, ambtelijk gesprek"),
        ("uitvoering;beëindigd", "uitvoering;einde", "regel 7: 'einde' is geen stap"),
        ("besluit,5", "brief,5", "regel 7: brief staat er al in"),
        ("besluit,5", "besluit,", "regel 7: een stap heeft een trede en een fase, of geen van beide"),
        ("besluit,5", "besluit,vijf", "regel 7: invalid literal"),
        (",84,", ",twaalf weken,", "regel 7: invalid literal"),
        ("uitvoering;beëindigd,nee", "uitvoering;beëindigd,soms", "regel 7: eerste is 'soms'; verwacht ja of nee"),
        ("brief,1,signaleren,42,ambtelijk gesprek;beëindigd,ja\n", "", "deze stappen ontbreken: brief"),
    ],
)
def test_a_wrong_table_is_refused(old: str, new: str, melding: str) -> None:
    assert TABLE.count(old) == 1, old
    with pytest.raises(ValueError, match=melding):
        read_toezichtladder(TABLE.replace(old, new))


# A step out of order -------------------------------------------------------------------------------------------------


def test_a_step_is_in_order_when_it_may_follow_begin_or_is_the_same() -> None:
    ladder = toezichtladder()
    for vorige, stap in product(STAPPEN, STAPPEN):
        assert (buiten_volgorde(vorige, stap) is None) == (stap == vorige or stap in ladder[vorige].volgende)
    assert [stap for stap in STAPPEN if buiten_volgorde(None, stap) is None] == ["brief"]


@pytest.mark.parametrize(
    ("vorige", "stap", "zin"),
    [
        ("brief", "besluit", "na een brief volgt een ambtelijk gesprek, niet een besluit"),
        (
            "ambtelijk gesprek",
            "uitvoering",
            "na een ambtelijk gesprek volgt een bestuurlijk gesprek of actief toezicht, niet de uitvoering",
        ),
        ("actief toezicht", "brief", "na actief toezicht volgt een vooraankondiging, niet een brief"),
        ("uitvoering", "besluit", "na de uitvoering volgt het einde van het toezicht, niet een besluit"),
        ("beëindigd", "vooraankondiging", "na het einde van het toezicht volgt een brief, niet een vooraankondiging"),
        (None, "bestuurlijk gesprek", "het toezicht begint met een brief, niet met een bestuurlijk gesprek"),
        (None, "beëindigd", "het toezicht begint met een brief, niet met het einde van het toezicht"),
    ],
)
def test_it_says_what_would_be_in_order(vorige: Toezichtstap | None, stap: Toezichtstap, zin: str) -> None:
    assert buiten_volgorde(vorige, stap) == zin
