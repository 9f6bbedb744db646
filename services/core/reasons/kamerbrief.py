"""The figures of a paragraph to Parliament, each with the number of events it rests on, and the paragraph itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from services.core.bezetting import Bezetting
from services.core.dutch import dutch_begin, number
from services.core.gemeenten import Indeling
from services.core.grootheden import KLASSENAMEN
from services.core.grootheden.opvang import BEZETTINGSGRAAD, TOEGANG
from services.core.grootheden.wet import GEMEENTEN, ONDER_TOEZICHT
from services.core.locaties import Locatie
from services.core.naleving import GemeenteNaleving, onder_toezicht, totalen
from services.core.overdrachten import givers
from services.core.reasons.verklaring import Telt, in_bezetting, in_naleving
from services.core.registers import LANDELIJK, Register, Registers
from services.core.telregel import Maatstaf
from services.core.voorbehoud import voorbehoud

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
    maatstaf: Maatstaf


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
    steps = [row.gemeente.code for row in stand.naleving if row.stap is not None]
    found.append(Alineacijfer(ONDER_TOEZICHT.naam, LANDELIJK, onder_toezicht(stand.naleving), _steps(stand, steps)))
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
    """Writes the paragraph. Each sentence states a figure, bounds it, or says what is missing."""
    of_when = "" if stand.valid_at == stand.known_at else f", over de stand {dutch_begin(stand.valid_at)}"
    said = [f"Zoals bekend {dutch_begin(stand.known_at)}{of_when}:", *_of_law(stand), _of_supervision(stand)]
    rate = stand.landelijk.bezettingsgraad
    if rate is None:
        said.append(f"De landelijke bezettingsgraad is niet vast te stellen: {_why(stand.landelijk)}.")
    else:
        said.append(f"De landelijke bezettingsgraad was {number(rate * 100, 1)} %.")
    said += [
        f"De toegang tot {locatie.naam} was {locatie.toegang or 'niet gemeld'}."
        for locatie in shown
        if locatie.counts and locatie.soort == AANMELDCENTRUM
    ]
    return " ".join(said)


def _of_law(stand: Briefstand) -> list[str]:
    cyclus, regel = stand.maatstaf
    if cyclus is None:
        return ["er was geen cyclus van de Spreidingswet van kracht, dus over opgaven is niets te zeggen."]
    if regel is None:
        return [f"de telregel {cyclus.telregel} was niet vastgesteld, dus over opgaven is niets te zeggen."]
    counts, many = totalen(stand.naleving), len(stand.naleving)
    unknown = counts["onbekend"]
    least = "minstens " if unknown else ""
    said = [
        f"{_verb('voldeed', 'voldeden', counts['voldoet'])} {least}{_gemeenten(counts['voldoet'])} "
        f"aan {'zijn' if counts['voldoet'] == 1 else 'hun'} opgave, "
        f"{number(counts['gedeeltelijk'])} gedeeltelijk en {number(counts['voldoet niet'])} niet."
    ]
    if unknown == many:
        said = [f"van geen van de {number(many)} gemeenten was te zeggen of zij aan de opgave voldeed."]
    elif unknown:
        said.append(f"Van {_gemeenten(unknown)} is dat met wat bekend was niet te zeggen.")
    if counts["termijn loopt"]:
        said.append(f"Van {_gemeenten(counts['termijn loopt'])} liep de termijn nog.")
    if counts["opgeschort"]:
        verb = "was het verdeelbesluit" if counts["opgeschort"] == 1 else "waren de verdeelbesluiten"
        said.append(f"Van {_gemeenten(counts['opgeschort'])} {verb} geschorst of vernietigd.")
    if counts["geen opgave"]:
        said.append(f"Geen opgave {_verb('had', 'hadden', counts['geen opgave'])} {_gemeenten(counts['geen opgave'])}.")
    if not regel.own:
        said.append(f"Geteld is volgens telregel {regel.naam}.")
    return said


def _of_supervision(stand: Briefstand) -> str:
    supervised = onder_toezicht(stand.naleving)
    if supervised is None:
        return "Over het interbestuurlijk toezicht was niets bekend."
    return f"Onder interbestuurlijk toezicht {_verb('stond', 'stonden', supervised)} {_gemeenten(supervised)}."


def _why(landelijk: Bezetting) -> str:
    """Why the figure can't be stated. With readings enough there are no places to divide by."""
    return "; ".join(one.tekst for one in voorbehoud(landelijk)) or "er zijn geen inzetbare plaatsen bekend"


def _verb(one: str, more: str, count: int) -> str:
    return one if count == 1 else more


def _gemeenten(count: int) -> str:
    return f"{number(count)} {'gemeente' if count == 1 else 'gemeenten'}"


def _of_gemeenten(stand: Briefstand, rows: Iterable[GemeenteNaleving]) -> int:
    codes = [row.gemeente.code for row in rows]
    current, cyclus = stand.indeling.current, stand.maatstaf.cyclus
    wanted = set(codes) | (givers(stand.registers, stand.indeling, cyclus.id, codes) if cyclus else set())
    here = [loc for loc in stand.locaties if loc.gemeente is not None and current(loc.gemeente) in wanted]
    telt = in_naleving(stand.registers, here, stand.indeling, stand.maatstaf, codes, stand.valid_at)
    law = {key: write for key, write in stand.registers.items() if Register.of(key) is not Register.TOEZICHT}
    return _events(law, telt) if codes else 0


def _steps(stand: Briefstand, codes: Sequence[str]) -> int:
    return sum(Register.TOEZICHT.key(code) in stand.registers for code in codes)


def _events(registers: Registers, telt: Telt) -> int:
    return len({write.event_id for key, write in registers.items() if telt(key, write)[0] == "telt"})
