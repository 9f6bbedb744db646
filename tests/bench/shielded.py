"""Measures whether the time of an answer tells a locatie that is afgeschermd from one that does not exist.

Both are asked for by id, in shuffled order. What the times tell is how well the best limit on them guesses which of the
two was asked for: it is chosen on one half of the pairs and tried on the other. 50 % is a coin.
"""

import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from services.access import Role
from services.store.derive import bring_up_to_date
from services.store.model import Place
from services.store.store import Store
from services.store.tokens import TokenTable
from services.wiring import embedded_store
from tests.support.access_help import access_of, bearer, serving, token
from tests.support.facts import accepted
from tests.support.strategies import read
from tests.support.web_events import CURRENT, NOW, places, reading, registered

PAIRS = 1_000
LOCATIES = 200
GUESSED_MAX = 0.55
"""What the law asks: times tell the two apart in no more of the cases than this."""
PATHS = (
    "/v1/locaties/{}",
    "/v1/locaties/{}?bekendOp=2026-01-01",
    "/v1/locaties/{}/reeks",
    "/v1/locaties/{}/verklaring",
    "/locaties/{}",
)


def run() -> None:
    """Measures each address that takes the id of a locatie."""
    with tempfile.TemporaryDirectory() as temporary, embedded_store(Path(temporary)) as store:
        hidden = _fill(store)
        table = TokenTable(store.connection)
        headers = bearer(token(table, lambda: NOW, Role.LEZER))
        chance = random.Random(20260526)
        with serving(store, access_of(table, lambda: NOW), lambda: NOW) as client:
            for path in PATHS:
                asked = [(own_id, True) for own_id in hidden] + [(_unknown(own_id), False) for own_id in hidden]
                asked = asked * (PAIRS // len(hidden))
                chance.shuffle(asked)
                took: dict[bool, list[float]] = {True: [], False: []}
                for own_id, is_hidden in asked:
                    began = time.perf_counter()
                    answer = client.get(path.format(own_id), headers=headers)
                    took[is_hidden].append(time.perf_counter() - began)
                    if answer.status_code != 404:
                        raise SystemExit(f"{path.format(own_id)} antwoordt {answer.status_code}, en niet 404")
                share = guessed(took[True], took[False])
                print(f"{path:40} {1000 * np.median(took[True]):6.2f} ms, {share:.1%} goed geraden")
                if share > GUESSED_MAX:
                    print(f"  meer dan {GUESSED_MAX:.0%}: de tijd verraadt wat afgeschermd is")


def guessed(one: Sequence[float], other: Sequence[float]) -> float:
    """Returns in which share of the second halves the best limit of the first halves guesses right."""
    half = min(len(one), len(other)) // 2
    limits = np.unique(np.concatenate((one[:half], other[:half])))
    apart = [_below(one[:half], limit) - _below(other[:half], limit) for limit in limits]
    best = int(np.abs(apart).argmax())
    tried = _below(one[half:], limits[best]) - _below(other[half:], limits[best])
    return float(0.5 + np.sign(apart[best]) * tried / 2)


def _below(took: Sequence[float], limit: float) -> float:
    """Returns the share of these times up to a limit."""
    return float(np.mean(np.array(took) <= limit))


def _unknown(own_id: str) -> str:
    """Returns an id of the same length that nobody ever named."""
    return own_id.replace("GEHEIM", "NERGEN")


def _fill(store: Store) -> list[str]:
    """Stores locaties, half of them afgeschermd, and returns the ids of those."""
    hidden = [f"LOC-GEHEIM-{number:03}" for number in range(LOCATIES // 2)]
    shown = [f"LOC-BEKEND-{number:03}" for number in range(LOCATIES // 2)]
    events = [*CURRENT]
    for own_id in (*hidden, *shown):
        made = registered(own_id, f"Plek {own_id}", "GM0344")
        made["data"] |= {"zichtbaarheid": "afgeschermd" if own_id in hidden else "openbaar"}
        events += [made, places(own_id, 100, 100), reading(own_id, 90, "2026-05-26T06:00:00Z")]
    store.insert([accepted(one, NOW, Place(1, 0, offset)) for offset, one in enumerate(read(events))])
    bring_up_to_date(store)
    return hidden
