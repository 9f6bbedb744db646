"""Nothing is lost when every part can fail, at seeded moments, in a world of real processes."""

from pathlib import Path

import pytest

from tests.simulation.outage import outages
from tests.simulation.run import simulate
from tests.support.kafka_node import missing
from tests.support.missing import without

SEEDS = (3,)
SHORT_SEED = 4

pytestmark = pytest.mark.timeout(900)
OUTAGE_SECONDS = 12
"""Longer than the session of a processor, and longer than the timeout of a request."""


@pytest.fixture(autouse=True)
def _kafka_is_here() -> None:
    if reason := missing():
        without("Apache Kafka", reason)


def test_a_few_faults_lose_nothing(tmp_path: Path) -> None:
    simulate(SHORT_SEED, tmp_path, share=3)


@pytest.mark.volledig
@pytest.mark.parametrize("seed", SEEDS)
def test_faults_lose_nothing(tmp_path: Path, seed: int) -> None:
    simulate(seed, tmp_path)


@pytest.mark.volledig
def test_a_part_that_is_away_is_waited_for(tmp_path: Path) -> None:
    outages(tmp_path, OUTAGE_SECONDS)
