"""Records the numbers of a report as published, so that later figures are held against what was said."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx
import orjson

from schemas.events import CijfersGepubliceerd, type_name
from schemas.parsing import BATCH
from services.cli.asking import answered
from services.cli.plain import complain
from services.clock import system_clock
from services.core.dutch import count
from services.core.grootheden import KLASSENAMEN, in_reeks, van
from services.core.grootheden.declaratie import FigureOf
from services.core.grootheden.opvang import PLAATSEN, TOTAAL_PLAATSEN
from services.core.grootheden.wet import GEMEENTEN, ONBEKEND, TEKORT_HOOGSTENS
from services.core.reasons.aansluiting import EIGEN_BRON, GRENZEN
from services.core.registers import LANDELIJK
from services.store.position import SEALED

_BRON_MAX = 300
_TOGETHER = 1_000
"""The most events in one message."""
_SUMS, _OF_LAND = in_reeks(FigureOf.GEBIED), in_reeks(FigureOf.LAND)
_OF_GEMEENTE = (*in_reeks(FigureOf.GEMEENTE), TEKORT_HOOGSTENS.naam)


def record(server: httpx.Client, answer: dict[str, Any], source: str) -> None:
    """Sends the numbers of a report as events, one for each subject, to compare later figures with."""
    said: dict[str, list[dict[str, Any]]] = {}
    bounds = _bounds(answer)
    for subject, name, value in _numbers(answer):
        exactly, _ = GRENZEN.get(name, ("minstens" if subject == LANDELIJK and name in bounds else "exact", name))
        said.setdefault(subject, []).append({"grootheid": name, "waarde": value, "nauwkeurigheid": exactly})
    events = [_published(answer, source, subject, cijfers) for subject, cijfers in said.items()]
    for first in range(0, len(events), _TOGETHER):
        answered(
            server.post(
                "/v1/gebeurtenissen",
                content=orjson.dumps(events[first : first + _TOGETHER]),
                headers={"content-type": BATCH},
            )
        )
    told = sum(map(len, said.values()))
    complain.print(
        f"vastgelegd als gepubliceerd: {count(told, 'cijfer', 'cijfers')} over "
        f"{count(len(events), 'onderwerp', 'onderwerpen')}, "
        f"van {source}",
        markup=False,
    )


def _bounds(answer: dict[str, Any]) -> frozenset[str]:
    """The classes of which the number of gemeenten is only a lower bound: of some the class is not known."""
    counts = answer.get("totalen") or {row.get("grootheid"): row.get("waarde") for row in answer["rijen"]}
    return frozenset(KLASSENAMEN.values()) - {ONBEKEND.naam} if counts.get(ONBEKEND.naam) else frozenset()


def _published(answer: dict[str, Any], source: str, subject: str, cijfers: list[dict[str, Any]]) -> dict[str, Any]:
    about = "|".join(str(answer[name]) for name in ("rapport", "geldigOp", "bekendOp", "positie", "gemaaktOp"))
    by = f", telregel {answer['telregel']}" if answer.get("telregel") else ""
    of_what = f"{EIGEN_BRON} {answer['rapport']}, betekenis {answer['betekenis']}{by}"
    sealed = answer["positie"].startswith(SEALED)  # It is another one at each answer, so it names nothing.
    bron = f"{of_what}, bekend op {answer['bekendOp']}" + ("" if sealed else f", positie {answer['positie']}")
    if len(bron) > _BRON_MAX:
        bron = bron.rpartition(",")[0]
    return {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, f"opvangpeil rapport {about}|{subject}")),
        "source": source,
        "type": type_name(CijfersGepubliceerd),
        "subject": subject,
        "time": system_clock().isoformat().replace("+00:00", "Z"),
        "data": {"peildatum": answer["geldigOp"], "bron": bron, "cijfers": cijfers},
    }


_OF_LOCATIE = {PLAATSEN.naam: TOTAAL_PLAATSEN.naam}
"""The figures of a locatie that have another name by themselves."""
_ALONE = frozenset(one.naam for one, _ in van(FigureOf.LOCATIE))
"""The figures that a locatie has by itself."""


def _numbers(answer: dict[str, Any]) -> Iterator[tuple[str, str, float]]:
    """Yields (subject, figure, value) for each number that others could publish too."""
    national = answer.get("totalen", {}) | {name: answer[name] for name in _OF_LAND if name in answer}
    yield from ((LANDELIJK, name, value) for name, value in national.items() if value is not None)
    for row in answer["rijen"]:
        match answer["rapport"]:
            case "bezetting":
                said, subject = {name: row[name] for name in _SUMS}, row["onderwerp"]
                if row["soort"] == "locatie":
                    own = {_OF_LOCATIE.get(name, name): value for name, value in said.items()}
                    said = {name: value for name, value in own.items() if name in _ALONE}
            case "naleving":
                said, subject = {name: row[name] for name in _OF_GEMEENTE}, row["code"]
            case _:  # The number of gemeenten is left out, since no later figure is compared with it.
                said = {row["grootheid"]: row["waarde"]} if row["grootheid"] != GEMEENTEN.naam else {}
                subject = row["onderwerp"]
        for name, value in said.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield subject, name, value
