"""The course of the toezicht on a gemeente: in which order steps came, how long one lasts, and what does not follow."""

from datetime import timedelta

from schemas.fields import parse_moment
from services.core.registers import Winner
from services.core.toezichtstappen import misstappen, op_volgorde

BEGIN = parse_moment("2026-01-05T08:00:00Z")
OWN, MERGED = "GM0402", "GM1696"


def course(*steps):
    """Makes the course of steps, each a week after the one before. `!` before a step: against what merged later."""
    written = []
    for week, said in enumerate(steps):
        moment = BEGIN + timedelta(weeks=week)
        stap = said.removeprefix("!")
        written.append((MERGED if said != stap else OWN, Winner(stap, moment, moment, f"{week:03}")))
    return op_volgorde(reversed(written))


def test_steps_stand_in_the_order_in_which_they_were_taken_whoever_they_were_against():
    found = course("!brief", "!ambtelijk gesprek", "bestuurlijk gesprek")
    assert [(one.stap.stap, one.tegen) for one in found] == [
        ("brief", MERGED),
        ("ambtelijk gesprek", MERGED),
        ("bestuurlijk gesprek", OWN),
    ]
    assert [one.buiten for one in found] == [None] * 3
    assert [one.tot for one in found] == [one.stap.gezet_op for one in found[1:]] + [None]


def test_a_new_term_is_the_same_step_once_more():
    found = course("brief", "ambtelijk gesprek", "ambtelijk gesprek", "ambtelijk gesprek")
    now = BEGIN + timedelta(weeks=10)
    assert found[-1].sinds == found[1].stap.gezet_op
    assert found[-1].dagen(now) == 63
    assert [one.buiten for one in found] == [None] * 4


def test_a_step_that_came_back_is_a_new_one():
    found = course("brief", "ambtelijk gesprek", "brief")
    assert found[-1].sinds == found[-1].stap.gezet_op
    assert found[-1].buiten is not None


def test_what_ended_has_no_steps_out_of_order_and_what_begins_again_has_its_own():
    assert [one.stap.stap for one in misstappen(course("!brief", "!besluit"))] == ["besluit"]
    assert misstappen(course("!brief", "!besluit", "beëindigd")) == []
    assert [one.stap.stap for one in misstappen(course("besluit", "beëindigd", "brief", "besluit"))] == ["besluit"]
    assert misstappen(()) == []
