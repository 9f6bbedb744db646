"""Plans what to send of a file that a profile describes: only what is new, or differs from what is in force.

The command line, the page and the folder that is watched plan by this one function, so the same file gives the same
events whichever way it comes in.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import NAMESPACE_URL, uuid5

import orjson

from schemas.fields import EARLIEST, END_OF_TIME, format_moment
from schemas.parsing import Invalid, parse_stored
from services.core.dutch import count
from services.core.fold import fold
from services.importer.columns import full_type
from services.importer.gezegd import Gezegd
from services.importer.model import ImporterError, dutch
from services.importer.profiel import Geweigerd, Kandidaat
from services.importer.vergelijk import IN_VERZOEK, MOST, Vergelijker, Vergelijking, snede, wereldmoment

_IDS = uuid5(NAMESPACE_URL, "urn:opvangpeil:importeer:profiel")
"""The namespace of ids made from source, profile, content and time. Never change it: a repeat must get the same id."""
PER_KEER = 4_000
"""How many events are compared at once."""
AHEAD = 2
"""How many groups are compared while the one before them is sent. With two, both cores of a small server have work."""
STUK = 100_000
"""How many events of a file are held at once. A longer file is planned and sent in pieces."""
_TELLING = full_type("bezetting-gemeld")


class Rijuitkomst(NamedTuple):
    """What becomes of one row, or of one of the events that it is."""

    blad: str
    rij: int
    plaats: str
    uitkomst: str
    """`nieuw`, `wijkt af`, `gelijk` or `geweigerd`."""
    zin: str
    """What it says, or why it is refused."""
    gebeurtenis: Mapping[str, Any] | None
    """The event that is sent; None when there is nothing to send."""
    vervangt: Sequence[Mapping[str, Any]] = ()
    inhoud: str = ""
    """The row as it stood: its cells with ; between."""


@dataclass(slots=True)
class Plan:
    """What a file comes to, before anything is sent."""

    bestand: str
    profiel: str
    rijen: list[Rijuitkomst] = field(default_factory=list)
    overgeslagen: int = 0
    opmerkingen: list[str] = field(default_factory=list)
    cijfers: Sequence[Mapping[str, Any]] | None = None
    """The figures before and after; None when they were not asked."""
    verdwenen: list[Mapping[str, Any]] = field(default_factory=list)
    """What is in force, and no longer in a list that is whole. Nothing is retracted by itself."""
    bekend_op: datetime | None = None
    """With what knowledge it was compared: the moment of asking. None when there was nothing to compare."""
    laatste: bool = False
    """Whether no other piece of the file comes after it."""

    @property
    def te_zenden(self) -> list[Mapping[str, Any]]:
        """The events to send, in the order of the file."""
        return [row.gebeurtenis for row in self.rijen if row.gebeurtenis is not None]

    def aantal(self, uitkomst: str) -> int:
        """How many have this outcome."""
        return sum(row.uitkomst == uitkomst for row in self.rijen)


class Bron(Protocol):
    """Makes events of the rows of one file."""

    naam: str
    """Of the profile, or `logboek`."""
    overgeslagen: int
    opmerkingen: list[str]

    @property
    def lijsten(self) -> Sequence[tuple[str, str]]:
        """The (source, type) of the events of which the file is the whole list."""

    def rijen(self, pad: Path, bestandsnaam: str | None = None) -> Iterator[Kandidaat | Geweigerd]:
        """Yields what each row becomes. Raises ImporterError when the file is of another kind."""


def maak_plannen(
    pad: Path,
    bron: Bron,
    vergelijk: Vergelijker,
    *,
    bestandsnaam: str | None = None,
    cijfers: bool = False,
    hoogstens: int | None = None,
    per_groep: Callable[[Sequence[Rijuitkomst]], None] = lambda _rows: None,
) -> Iterator[Plan]:
    """Reads a file and compares each row with what is in force. Yields a plan for each piece of it, at least one.

    What a piece asks must be sent before the next is read, since a piece is compared with what is in force by then.

    Args:
        pad: The file.
        bron: Makes events of its rows.
        vergelijk: Compares.
        bestandsnaam: What its sender calls the file.
        cijfers: Whether to tell the figures before and after too. Only a file of one piece has these.
        hoogstens: The most rows that the file may have, which are then held at once; None is any number.
        per_groep: Hears each time which rows were compared. Rows about the same subject come together, so what these
        ask may be sent before the rest is compared.

    Raises:
        ImporterError: The file is not one that `bron` can read, or it has too many rows.
    """
    pieces = _stukken(bron.rijen(pad, bestandsnaam), hoogstens, bestandsnaam or pad.name)
    piece, first, more, gezegd = next(pieces), True, True, Gezegd()
    while more:
        plan = Plan(bestandsnaam or pad.name, bron.naam)
        following = next(pieces, [])
        more = bool(following)
        found = [row for row in piece if isinstance(row, Kandidaat)]
        refused = [row for row in piece if isinstance(row, Geweigerd)]
        if more or not first:
            found, contradicting = gezegd.zeef(found)
            refused += contradicting
        plan.rijen = [_geweigerd(row) for row in refused]
        nu = EARLIEST
        for group, answer in _vergeleken(_groepen(found), vergelijk):
            rows_of_group = [
                _uitkomst(one, said, bron.naam, group) for one, said in zip(group, answer.rijen, strict=True)
            ]
            plan.rijen += rows_of_group
            nu = answer.nu
            per_groep(rows_of_group)
        if more:
            gezegd.onthoud((row.blad, row.rij) for row in plan.rijen if row.uitkomst == "geweigerd")
        plan.rijen.sort(key=lambda row: (row.blad, row.rij))
        plan.bekend_op, plan.laatste = nu if found else None, not more
        if not more:
            plan.overgeslagen, plan.opmerkingen = bron.overgeslagen, list(bron.opmerkingen)
        if ahead := sum(_ligt_vooruit(one, nu) for one in found):
            lies = count(ahead, "telling ligt", "tellingen liggen")
            plan.opmerkingen.append(f"{lies} na nu: klopt de datum?")
        if first and not more:
            _na(plan, bron, found, vergelijk, nu, cijfers=cijfers)
        elif not more:
            plan.opmerkingen.append(
                f"het bestand is in delen van {dutch(STUK)} gebeurtenissen gelezen; cijfers voor en na, en wat er niet "
                "meer in staat, zijn dan niet bepaald"
            )
        piece, first = following, False
        yield plan


def _vergeleken(
    groups: Iterable[list[Kandidaat]], vergelijk: Vergelijker
) -> Iterator[tuple[list[Kandidaat], Vergelijking]]:
    """Yields each group with what is said of it, while the next ones are compared.

    These are about other subjects, unless one subject has more than `MOST` rows.
    """
    with ThreadPoolExecutor(AHEAD, "vergelijken") as ahead:
        asked: deque[tuple[list[Kandidaat], Future[Vergelijking]]] = deque()
        for group in groups:
            asked.append((group, ahead.submit(vergelijk, [one.gebeurtenis for one in group])))
            if len(asked) > AHEAD:
                before, answer = asked.popleft()
                yield before, answer.result()
        for before, answer in asked:
            yield before, answer.result()


def _ligt_vooruit(one: Kandidaat, nu: datetime) -> bool:
    """Returns whether it says how many people were present at a moment that has yet to come."""
    return one.gebeurtenis["type"] == _TELLING and wereldmoment(one.gebeurtenis["data"]) > nu


def _stukken(
    rows: Iterable[Kandidaat | Geweigerd], most: int | None, bestand: str
) -> Iterator[list[Kandidaat | Geweigerd]]:
    """Yields the pieces of a file, at least one. The events of one row stay together.

    Raises ImporterError when there are more than `most` rows.
    """
    piece: list[Kandidaat | Geweigerd] = []
    number, last = 0, None
    for one in rows:
        if last is None or one.rij != last.rij or one.blad != last.blad:
            number += 1
            if most is not None and number > most:
                raise ImporterError(f"{bestand} heeft meer dan {dutch(most)} rijen.")
            if most is None and len(piece) >= STUK:
                yield piece
                piece = []
        piece.append(one)
        last = one
    yield piece


def _geweigerd(row: Geweigerd) -> Rijuitkomst:
    return Rijuitkomst(row.blad, row.rij, row.plaats, "geweigerd", row.reden, None, (), row.inhoud)


def _groepen(found: Iterable[Kandidaat]) -> Iterator[list[Kandidaat]]:
    """Yields the candidates in groups that are compared at once.

    Rows about the same subject see each other, in the order of the world, so they stay together.
    """
    ordered = sorted(found, key=lambda one: (str(one.gebeurtenis["subject"]), wereldmoment(one.gebeurtenis["data"])))
    group: list[Kandidaat] = []
    for one in ordered:
        if group and one.gebeurtenis["subject"] != group[-1].gebeurtenis["subject"] and len(group) >= PER_KEER:
            yield group
            group = []
        if len(group) >= MOST:
            cut = snede([one.gebeurtenis for one in group], MOST)
            yield group[:cut]
            group = group[cut:]
        group.append(one)
    if group:
        yield group


def _uitkomst(one: Kandidaat, said: Mapping[str, Any], profiel: str, groep: Sequence[Kandidaat]) -> Rijuitkomst:
    """`groep`: the candidates that were compared with it, as a refusal counts them."""
    outcome, zin = said["uitkomst"], said.get("zin") or ""
    sent: Mapping[str, Any] | None = None
    replaced: Sequence[Mapping[str, Any]] = ()
    if outcome == "geweigerd":
        told = ((one.waar(fout.get("veld") or ""), fout["melding"]) for fout in said["fouten"])
        why = "; ".join(f"{where}: {what}".removeprefix(": ").removeprefix("data: ") for where, what in told)
        zin = IN_VERZOEK.sub(lambda found: groep[int(found[1])].plaats, why)  # People know another event by its row.
    elif outcome != "gelijk":
        event = one.gebeurtenis | {"data": said["data"], "time": said["time"]}
        if "id" not in event:  # An event of a log has one, and stays what it was.
            content = [event["source"], profiel, event["type"], event["subject"], event["data"], event["time"]]
            unique = uuid5(_IDS, orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode())
            event, replaced = {"id": str(unique), **event}, said.get("vervangt") or ()
        sent = {"specversion": "1.0", **event}
    return Rijuitkomst(one.blad, one.rij, one.plaats, outcome, zin, sent, replaced, one.inhoud)


def _na(
    plan: Plan, bron: Bron, found: Sequence[Kandidaat], vergelijk: Vergelijker, nu: datetime, *, cijfers: bool
) -> None:
    """Adds what is told of the file as a whole: figures before and after, and what is no longer in a whole list."""
    if cijfers:
        counting = _die_tellen(plan.te_zenden, nu)
        if len(counting) > MOST:
            plan.opmerkingen.append("de cijfers voor en na zijn niet berekend: te veel veranderingen voor één keer")
        elif counting:
            plan.cijfers = vergelijk([_zonder_id(event) for event in counting], cijfers=True).cijfers
    if bron.lijsten and plan.aantal("geweigerd"):
        plan.opmerkingen.append(
            "wat er niet meer in het bestand staat, is niet bepaald: dat kan pas als geen rij geweigerd is"
        )
        return
    for source, kind in bron.lijsten:
        events = [row.gebeurtenis for row in found if row.gebeurtenis["type"] == kind]
        moments = sorted({format_moment(wereldmoment(event["data"])) for event in events})
        if len(moments) > MOST:
            plan.opmerkingen.append(
                f"wat er niet meer in het bestand staat, is niet bepaald: het noemt meer dan {dutch(MOST)} momenten"
            )
            continue
        subjects = sorted({str(event["subject"]) for event in events})
        whole = {"source": source, "type": kind, "onderwerpen": subjects, "momenten": moments}
        plan.verdwenen += vergelijk([], volledig=whole).verdwenen


def _zonder_id(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in {"id", "specversion"}}


def _die_tellen(events: Sequence[Mapping[str, Any]], nu: datetime) -> Sequence[Mapping[str, Any]]:
    """Returns the events that can make the figures of now: those in force then, if there are many.

    A long history of counts changes the figures of now by its last count alone.
    """
    if len(events) <= MOST:
        return events
    valid = [event for event in parse_stored(orjson.dumps(events)) if not isinstance(event, Invalid)]
    winners = {winner.event_id for winner in fold(valid, nu, END_OF_TIME).values()}
    return [event for event in events if event["id"] in winners]
