"""What changed lately, and what is announced: the writes behind it, each as a sentence for people."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.core.dutch import dutch_day, number
from services.core.registers import Key, Registers, Winner, end_of_write

_INSTANT = timedelta(microseconds=1)


class Bericht(NamedTuple):
    """One thing that changed or will."""

    onderwerp: str
    moment: datetime
    """When it took effect, or will."""
    zin: str
    event_id: str


def wijzigingen(registers: Registers, since: datetime) -> list[Bericht]:
    """What is in force that was not yet at `since`: because it began after that, or was known only after that.

    The latest first.
    """
    found = [
        (max(winner.effective_at, winner.recorded_at), key, winner)
        for key, winner in registers.items()
        if (winner.recorded_at > since or winner.effective_at > since) and _is_said(key)
    ]
    # A registration opens its locatie: that is one thing to say.
    registered = {(key[0], winner.event_id) for _, key, winner in found if key[1] == "registratie"}
    told = [one for one in found if not (one[1][1] == "open" and (one[1][0], one[2].event_id) in registered)]
    told.sort(key=lambda one: (one[0], one[2].event_id, one[1]), reverse=True)
    return [Bericht(key[0], winner.effective_at, zin(key[1], winner), winner.event_id) for _, key, winner in told]


def aankondigingen(
    registers: Registers, ahead: Iterable[tuple[Key, Winner]], valid_at: datetime, until: datetime
) -> list[Bericht]:
    """What will take effect or end after V and until then, as far as it is known. The first to come first.

    `ahead`: the writes that are not in force yet.
    """
    coming: dict[tuple[Key, datetime], Winner] = {}
    for key, winner in ahead:
        if valid_at < winner.effective_at <= until and _is_said(key):
            held = coming.get((key, winner.effective_at))
            if held is None or winner.rank > held.rank:  # of what is announced for one moment the greatest holds
                coming[key, winner.effective_at] = winner
    begins: dict[Key, datetime] = {}
    for key, moment in coming:
        begins[key] = min(begins.get(key, moment), moment)
    found = [Bericht(key[0], moment, zin(key[1], winner), winner.event_id) for (key, moment), winner in coming.items()]
    found += _ends(registers, begins, valid_at, until)
    return sorted(found, key=lambda one: (one.moment, one.onderwerp, one.zin))


def _ends(registers: Registers, begins: dict[Key, datetime], valid_at: datetime, until: datetime) -> Iterator[Bericht]:
    """What is in force and will be no longer; unless something else takes its place before that."""
    for key, winner in registers.items():
        end = end_of_write(key, winner) if key[1].startswith(("plaatsen.", "maximum", "overdracht.")) else None
        if end is None or not valid_at < end <= until or begins.get(key, until + _INSTANT) <= end:
            continue
        if (said := _ended(key[1], winner.value)) is not None:
            yield Bericht(key[0], end, said, winner.event_id)


def zin(register: str, winner: Winner) -> str:
    """What a write says."""
    name, _, rest = register.partition(".")
    return _SENTENCES[name](winner.value, rest)


def _opgave(value: Any, rest: str) -> str:
    cyclus, _, status = rest.partition(".")
    return f"opgave {_places(value['opgave'])} ({status}, cyclus {cyclus})"


def _plaatsen(value: Any, soort: str) -> str:
    usable = "" if value["inzetbaar"] == value["aantal"] else f", waarvan {number(value['inzetbaar'])} inzetbaar"
    return f"{_places(value['aantal'])} {soort}{usable}{_until(value)}"


_SENTENCES: Mapping[str, Callable[[Any, str], str]] = {
    "registratie": lambda value, _: f"geregistreerd als {value['soort']}",
    "open": lambda value, _: "open" if value else "gesloten",
    "plaatsen": _plaatsen,
    "toegang": lambda value, _: f"toegang {value}",
    "maximum": lambda value, _: f"maximum {number(value['maximum'])} ({value['grondslag']}){_until(value)}",
    "cyclus": lambda value, _: f"cyclus van de Spreidingswet, raming {number(value['raming'])} plaatsen",
    "opgave": _opgave,
    "overdracht": lambda value, rest: (
        f"overdracht van {_places(value['aantal'])} aan {rest.rpartition('.')[2]}{_until(value)}"
    ),
    "toezicht": lambda value, _: f"toezicht: {value}",
}
"""The first part of a register → what a write to it says; the rest of its name comes along.

Readings come all day, and what others published is no change: neither is news.
"""


def _ended(register: str, value: Any) -> str | None:
    """What ends, None when that is nothing."""
    if register.startswith("plaatsen."):
        soort = register.removeprefix("plaatsen.")
        return f"einde van {_places(value['aantal'])} {soort}" if value["aantal"] else None
    if register == "maximum":
        return f"einde van het maximum van {number(value['maximum'])}"
    return f"einde van de overdracht van {_places(value['aantal'])} aan {register.rpartition('.')[2]}"


def _is_said(key: Key) -> bool:
    return key[1].partition(".")[0] in _SENTENCES


def _places(many: int) -> str:
    return "1 plaats" if many == 1 else f"{number(many)} plaatsen"


def _until(value: Any) -> str:
    tot = value.get("geldigTot")
    return "" if tot is None else f", tot {dutch_day(datetime.fromisoformat(tot))}"
