"""One caller that asks for the dearest answers, fifty at a time.

`python -m tests.attack.crowd HOST PORT TOKEN SECONDS` runs it.
It is a process of its own, since it would hold up whoever measures beside it. It prints how many answers of each status
it got.
"""

import asyncio
import random
import sys
import time
from collections import Counter

import orjson

from services.web import addresses
from tests.attack.client import Connection
from tests.attack.inputs import JSON, RULES, request

AT_ONCE = 50
REFUSED_SECONDS = 0.2
"""How long it waits after a refusal: shorter than it is told."""


async def crowd(host: str, port: int, token: str, seconds: float) -> Counter[int]:
    """Asks until the time is up, and returns how many answers of each status came."""
    seen: Counter[int] = Counter()
    until = time.monotonic() + seconds

    async def one(number: int) -> None:
        chance, connection = random.Random(number), Connection(host, port)
        while time.monotonic() < until:
            answer = await connection.send(_dear(chance, token))
            seen[answer.status] += 1
            if answer.status != 200:
                await asyncio.sleep(REFUSED_SECONDS)
        await connection.close()

    await asyncio.gather(*(one(number) for number in range(AT_ONCE)))
    return seen


def _dear(chance: random.Random, token: str) -> bytes:
    """A question that costs much. Its moment differs each time, so that nothing kept can answer it."""
    day = f"2026-{chance.randrange(6, 11):02}-{chance.randrange(1, 29):02}T{chance.randrange(24):02}:00:00Z"
    past = f"bekendOp={day}&geldigOp={day}"
    paths = (
        f"{addresses.NALEVING_VERKLARING.path}?{past}",
        f"{addresses.BEZETTING_VERKLARING.path}?{past}&formaat=xlsx",
        f"{addresses.VERSCHILLEN.path}?vanBekendOp=2026-01-{chance.randrange(1, 29):02}&naarBekendOp={day}",
        f"{addresses.BEZETTING_REEKS.path}?{past}&stap=uur",
        f"{addresses.NALEVING_REEKS.path}?{past}&stap=dag",
        f"{addresses.RAPPORT_KAMERBRIEF.path}?{past}",
        f"{addresses.AANSLUITING.path}?{past}",
    )
    if chance.random() < 0.1:
        body = orjson.dumps({"regels": RULES, "van": "2026-10-01", "tot": day})
        return request("POST", addresses.ALARMTOETSEN.path, token, body, JSON)
    return request("GET", chance.choice(paths), token)


if __name__ == "__main__":
    _host, _port, _token, _seconds = sys.argv[1:]
    print(
        orjson.dumps(
            {str(k): v for k, v in asyncio.run(crowd(_host, int(_port), _token, float(_seconds))).items()}
        ).decode()
    )
