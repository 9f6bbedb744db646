"""A bounded form of `make aanval`: fewer inputs, and nothing about time, which a busy machine decides."""

import pytest

from tests.attack.run import Size, attack

SMALL = Size(requests=1_000, files=250, seconds=4.0, settle_seconds=1.0, sample=12_000)


@pytest.mark.volledig
def test_hostile_input_never_ends_in_a_fault_of_ours() -> None:
    found = attack(SMALL, seed=2)
    assert not found.faults
    assert sum(found.inputs.values()) >= SMALL.requests + SMALL.files
    assert all(times.count for times in found.crowded.values())
