"""How many gemeenten the people of the minister can do, to the gemeente."""

import pytest

from services.core.telregel import Maatstaf
from services.core.toezicht import Toezichtstand
from services.core.voorbehoud import van_toezicht


def stand(fte: float, per_fte: int, uren: int, **bounds: int) -> Toezichtstand:
    """What the minister has, and what one gemeente takes in actief toezicht. No step is known."""
    raming = {"actief toezicht": {"urenPerGemeente": uren, **bounds}}
    return Toezichtstand({}, raming, {"minister": {"fte": fte, "urenPerFte": per_fte}})


@pytest.mark.parametrize(
    ("fte", "per_fte", "uren", "many"),
    [
        (9.5, 1_400, 160, 83),
        (0.29, 100, 29, 1),  # 0.29 × 100 is a little below 29 in floating point.
        (0, 1_400, 160, 0),
        (1, 10, 11, 0),
    ],
)
def test_it_is_rounded_down_and_exactly(fte, per_fte, uren, many):
    assert stand(fte, per_fte, uren).haalbaar("actief toezicht", "urenPerGemeente") == many


def test_without_an_end_to_it_there_is_a_reason_and_no_number():
    found = stand(1, 1_400, 10, urenMinstens=0, urenHoogstens=20)
    assert found.haalbaar("actief toezicht", "urenMinstens") is None
    said = [one.tekst for one in van_toezicht(Maatstaf(None, None), found, klein=True)]
    assert any("gaat tot 0 uur" in one for one in said)
