"""The figures of a paragraph to Parliament, each with the number of events it rests on, and the paragraph itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from services.core.bezetting import Bezetting
from services.core.dutch import dutch_day, number
from services.core.gemeenten import Indeling
from services.core.grootheden import KLASSENAMEN
from services.core.grootheden.opvang import BEZETTINGSGRAAD, TOEGANG
from services.core.grootheden.wet import GEMEENTEN, ONDER_TOEZICHT
from services.core.locaties import Locatie
from services.core.naleving import GemeenteNaleving, totalen
from services.core.reasons.verklaring import Telt, in_bezetting, in_naleving
from services.core.registers import LANDELIJK, Register, Registers
from services.core.telregel import Cyclus

AANMELDCENTRUM = "aanmeldcentrum"


class Alineacijfer(NamedTuple):
    """A figure of the paragraph."""

    grootheid: str
    onderwerp: str
    waarde: int | float | str | None
    gebeurtenissen: int
    """The number of events it rests on."""


class Briefstand(NamedTuple):
    """What the paragraph is made of, at (V, K)."""

    valid_at: datetime
    known_at: datetime
    registers: Registers
    locaties: Sequence[Locatie]
    landelijk: Bezetting
    naleving: Sequence[GemeenteNaleving]
    indeling: Indeling
    cyclus: Cyclus | None


def cijfers(stand: Briefstand, shown: Iterable[Locatie]) -> list[Alineacijfer]:
    """Gives the figures: gemeenten by class, in all and under supervision, how full it is, and who may enter where.

    `shown` are the locaties that may be named.
    """
    found = [
        Alineacijfer(
            KLASSENAMEN[klasse],
            LANDELIJK,
            aantal,
            _of_gemeenten(stand, [row for row in stand.naleving if row.naleving == klasse]),
        )
        for klasse, aantal in totalen(stand.naleving).items()
    ]
    found.append(Alineacijfer(GEMEENTEN.naam, LANDELIJK, len(stand.naleving), _of_gemeenten(stand, stand.naleving)))
    supervised = [row.gemeente.code for row in stand.naleving if row.toezicht is not None]
    found.append(Alineacijfer(ONDER_TOEZICHT.naam, LANDELIJK, len(supervised), _steps(stand, supervised)))
    both = [loc for loc in stand.locaties if loc.aanwezig is not None and loc.inzetbaar is not None]
    counted = in_bezetting(stand.registers, both, stand.valid_at)
    found.append(
        Alineacijfer(
            BEZETTINGSGRAAD.naam, LANDELIJK, stand.landelijk.bezettingsgraad, _events(stand.registers, counted)
        )
    )
    return found + [
        Alineacijfer(
            TOEGANG.naam, locatie.id, locatie.toegang, int(Register.TOEGANG.key(locatie.id) in stand.registers)
        )
        for locatie in shown
        if locatie.counts and locatie.soort == AANMELDCENTRUM
    ]


def alinea(stand: Briefstand, shown: Iterable[Locatie]) -> str:
    """Writes the paragraph."""
    counts = totalen(stand.naleving)
    of_when = "" if stand.valid_at == stand.known_at else f" over {dutch_day(stand.valid_at)}"
    said = [
        f"Op basis van de informatie die op {dutch_day(stand.known_at)} bekend was{of_when}, "
        f"{_many('voldeed', 'voldeden', counts['voldoet'])} aan {'zijn' if counts['voldoet'] == 1 else 'hun'} opgave, "
        f"{number(counts['gedeeltelijk'])} gedeeltelijk en {number(counts['voldoet niet'])} niet."
    ]
    if counts["onbekend"]:
        said.append(f"Van {_many('', '', counts['onbekend'])} is dat met wat bekend was niet te zeggen.")
    if counts["geen opgave"]:
        said.append(f"Geen opgave {_many('had', 'hadden', counts['geen opgave'])}.")
    supervised = sum(row.toezicht is not None for row in stand.naleving)
    said.append(f"Onder interbestuurlijk toezicht {_many('stond', 'stonden', supervised)}.")
    rate = stand.landelijk.bezettingsgraad
    full = "was niet te bepalen" if rate is None else f"was {number(rate * 100, 1)} %"
    said.append(f"De landelijke bezettingsgraad {full}.")
    said += [
        f"De toegang tot {locatie.naam} was {locatie.toegang or 'niet gemeld'}."
        for locatie in shown
        if locatie.counts and locatie.soort == AANMELDCENTRUM
    ]
    return " ".join(said)


def _many(one: str, more: str, count: int) -> str:
    """Counts gemeenten, after the verb in singular or plural."""
    return f"{one if count == 1 else more} {number(count)} {'gemeente' if count == 1 else 'gemeenten'}".lstrip()


def _of_gemeenten(stand: Briefstand, rows: Iterable[GemeenteNaleving]) -> int:
    codes = [row.gemeente.code for row in rows]
    wanted, current = set(codes), stand.indeling.current
    here = [loc for loc in stand.locaties if loc.gemeente is not None and current(loc.gemeente) in wanted]
    telt = in_naleving(stand.registers, here, stand.indeling, stand.cyclus, codes, stand.valid_at)
    law = {key: write for key, write in stand.registers.items() if Register.of(key) is not Register.TOEZICHT}
    return _events(law, telt) if codes else 0


def _steps(stand: Briefstand, codes: Sequence[str]) -> int:
    return sum(Register.TOEZICHT.key(code) in stand.registers for code in codes)


def _events(registers: Registers, telt: Telt) -> int:
    return len({write.event_id for key, write in registers.items() if telt(key, write)[0] == "telt"})
