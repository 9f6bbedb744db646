"""`python -m tests.simulation N [FIRST]` does N runs with faults, from seed FIRST on and prints those that fail."""

import sys
import tempfile
import time
from pathlib import Path

from tests.simulation.run import simulate


def main(count: int, first: int) -> int:
    """Returns the number of runs that failed."""
    failed = []
    for seed in range(first, first + count):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            try:
                simulate(seed, Path(folder))
            except AssertionError as error:
                failed.append(seed)
                print(f"ZAAD {seed} FAALT\n{error}", flush=True)
        print(f"{seed - first + 1} van {count} klaar, {len(failed)} fout, {time.monotonic() - began:.0f} s", flush=True)
    if failed:
        print(f"nog eens: make simuleer-storingen N=1 ZAAD={failed[0]}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
