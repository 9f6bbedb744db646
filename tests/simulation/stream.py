"""The events of a run: a seeded stream of events of today, in batches, some of them twice and out of order."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.support.facts import access, capacity, event, reading, registered

Batch = list[dict[str, Any]]
LOCATIES = 12


def stream(chance: random.Random, batches: int) -> list[Batch]:
    """Makes batches of events. The first batch registers every locatie."""
    began = datetime.now(UTC) - timedelta(hours=2)
    sent: Batch = []

    def said(moment: datetime, one: dict[str, Any]) -> dict[str, Any]:
        known = one | {"id": str(UUID(int=chance.getrandbits(128), version=4)), "time": _text(moment)}
        sent.append(known)
        return known

    names = [f"LOC-{number}" for number in range(LOCATIES)]
    first = [said(began, registered(name)) for name in names] + [said(began, capacity(name, 100)) for name in names]
    made = [first]
    for number in range(1, batches):
        moment = began + timedelta(seconds=number)
        made.append([said(moment, _one(chance, names, moment, sent)) for _ in range(chance.randint(1, 30))])
    return made


def as_delivered(chance: random.Random, batches: list[Batch]) -> list[Batch]:
    """Repeats one batch in five and shuffles all batches, since no sender promises a better delivery."""
    arriving = [*enumerate(batches), *chance.sample(list(enumerate(batches)), len(batches) // 5)]
    arriving.sort(key=lambda numbered: numbered[0] + chance.uniform(0, 15))
    return [batch for _, batch in arriving]


def _one(chance: random.Random, names: list[str], moment: datetime, sent: Batch) -> dict[str, Any]:
    name, at = chance.choice(names), _text(moment)
    kind = chance.random()
    if kind < 0.80:
        return reading(name, chance.randint(60, 135), at)
    if kind < 0.90:
        return access(name, chance.choice(("open", "gecontroleerd", "beperkt")), at)
    if kind < 0.96:
        return capacity(name, chance.randint(80, 120))
    target = chance.choice(sent)
    data = {"gebeurtenisId": target["id"], "reden": "invoerfout"}
    return event("gebeurtenissen.ingetrokken", target["subject"], data)


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
