"""The figures of a paragraph to Parliament, each with the number of events it rests on, and the paragraph itself."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from services.core.bezetting import Bezetting
from services.core.dutch import gemeenten, letter_begin, letter_day, number, percentage
from services.core.gemeenten import Indeling
from services.core.genoemd import telregel as genoemd
from services.core.grootheden import KLASSENAMEN
from services.core.grootheden.opvang import BEZETTINGSGRAAD, TOEGANG
from services.core.grootheden.toezicht import ONDER_TOEZICHT
from services.core.grootheden.wet import GEMEENTEN
from services.core.locaties import Locatie
from services.core.naleving import GemeenteNaleving, onder_toezicht, totalen
from services.core.overdrachten import givers
from services.core.reasons.aansluiting import EIGEN_BRON
from services.core.reasons.verklaring import Telt, in_bezetting
from services.core.reasons.wet import Case, in_naleving
from services.core.registers import LANDELIJK, Register, Registers, Winner
from services.core.telregel import Cyclus, Maatstaf, Telregel
from services.core.voorbehoud import voorbehoud, waarom

AANMELDCENTRUM = "aanmeldcentrum"
GESIMULEERD = "Let op: in deze cijfers tellen gesimuleerde gegevens mee; zij zeggen niets over de werkelijkheid."
NIET_OVER_TOEZICHT = (
    "Over het interbestuurlijk toezicht zegt dit rapport niets. Hoeveel gemeenten in welke stap zijn, staat in het "
    "rapport toezicht."
)
_TELLING = timedelta(days=366)
"""For how long a figure of others still tells something of the present."""


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
    simulatie: bool = False
    """Whether simulated events count in it."""
    unseen: frozenset[Register] = frozenset()
    """The registers that its reader may not see."""

    @property
    def over_toezicht(self) -> bool:
        """Whether it tells how many gemeenten are under supervision."""
        return not ONDER_TOEZICHT.rust_op & self.unseen


def cijfers(stand: Briefstand, shown: Iterable[Locatie]) -> list[Alineacijfer]:
    """Gives the figures: gemeenten by class, in all and under supervision, how full it is, and who may enter where.

    While the class of some gemeenten is not known, neither is how many are in any other. `shown` are the locaties that
    may be named.
    """
    counts = totalen(stand.naleving)
    found = [
        Alineacijfer(
            KLASSENAMEN[klasse],
            LANDELIJK,
            aantal if klasse == "onbekend" or not counts["onbekend"] else None,
            _of_gemeenten(stand, [row for row in stand.naleving if row.naleving == klasse]),
        )
        for klasse, aantal in counts.items()
    ]
    found.append(Alineacijfer(GEMEENTEN.naam, LANDELIJK, len(stand.naleving), _of_gemeenten(stand, stand.naleving)))
    if stand.over_toezicht:
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
    warning = [GESIMULEERD] if stand.simulatie else []
    access = [
        f"Het toegangsregime van {locatie.naam} was {_access(stand, locatie)}."
        for locatie in shown
        if locatie.counts and locatie.soort == AANMELDCENTRUM
    ]
    return " ".join([*warning, *_of_law(stand), _of_supervision(stand), _of_rate(stand), *access])


def _access(stand: Briefstand, locatie: Locatie) -> str:
    said = Register.TOEGANG.get(stand.registers, locatie.id)
    return "niet bekend" if said is None else f"‘{said.value}’, sinds {letter_day(said.effective_at)}"


def _of_law(stand: Briefstand) -> list[str]:
    cyclus, regel = stand.maatstaf
    of_when = "" if stand.valid_at == stand.known_at else f" {letter_begin(stand.valid_at)}"
    when = f"{of_when}, zoals bekend {letter_begin(stand.known_at)},"
    if cyclus is None:
        return [
            f"Over de opgaven van gemeenten was{when} niets te zeggen, want een geldende cyclus van de Spreidingswet "
            "was niet bekend."
        ]
    if regel is None:
        return [
            f"Over de opgaven van gemeenten was{when} niets te zeggen, want {genoemd(cyclus.telregel)} was niet "
            "vastgesteld."
        ]
    first, *rest = _classes(stand.naleving)
    said = [first.format(wanneer=when), *(one.format(wanneer="") for one in rest)]
    unknown = totalen(stand.naleving)["onbekend"]
    said += _of_rule(cyclus, regel)
    return said + _classes_of_others(stand) if unknown else said


def _classes(rows: Sequence[GemeenteNaleving]) -> list[str]:
    """What is said of each class that has gemeenten. `{wanneer}` is where the first of them says of when it is."""
    counts, many = totalen(rows), len(rows)
    why = "de plaatsen die zij voor amv mogelijk moeten maken waren niet bekend"
    if not all(row.volledig for row in rows):
        why = "niet alle verdeelbesluiten en plaatsen waren bekend"
    unknown, running, suspended = counts["onbekend"], counts["termijn loopt"], counts["opgeschort"]
    said = _by_places(counts["voldoet"], counts["gedeeltelijk"], counts["voldoet niet"], bound=bool(unknown))
    if unknown == many:
        said.append(f"Van geen enkele gemeente was{{wanneer}} vast te stellen of zij aan haar opgave voldeed: {why}.")
    elif unknown:
        met = "zij aan haar opgave voldeed" if unknown == 1 else "zij aan hun opgave voldeden"
        said.append(
            f"Van {number(unknown)} van de {gemeenten(many)} was{{wanneer}} niet vast te stellen of {met}: {why}."
        )
    least = "minstens " if unknown else ""
    if running:
        said.append(f"Voor {least}{gemeenten(running)} liep{{wanneer}} de termijn nog.")
    if suspended:
        decisions = "was{wanneer} het verdeelbesluit" if suspended == 1 else "waren{wanneer} de verdeelbesluiten"
        said.append(f"Van {least}{gemeenten(suspended)} {decisions} geschorst of vernietigd.")
    if counts["geen opgave"]:
        had = _verb("had", "hadden", counts["geen opgave"])
        said.append(f"Er {had}{{wanneer}} {least}{gemeenten(counts['geen opgave'])} geen opgave.")
    return said


def _by_places(enough: int, part: int, none: int, *, bound: bool) -> list[str]:
    """What is said of the three classes that places decide. `bound`: of other gemeenten the class is not known."""
    found = [(enough, ""), (part, " gedeeltelijk"), (none, " niet")]
    if bound or not part + none:
        found = [one for one in found if one[0]]
    if not found:
        return []
    least = "minstens " if bound else ""
    (count, how), *others = found
    met = f"{least}{gemeenten(count)}{how} aan {_verb('haar', 'hun', count)} opgave"
    also = " en ".join(f"{least}{number(more)}{other}" for more, other in others)
    said = [f"Er {_verb('voldeed', 'voldeden', count)}{{wanneer}} {met}{', ' if also else ''}{also}."]
    if none:
        said.append(f"{'Die ene had' if none == 1 else f'Die {number(none)} hadden'} geen enkele plaats die meetelt.")
    return said


def _of_rule(cyclus: Cyclus, regel: Telregel) -> list[str]:
    """For which cyclus and by which rule places were counted, and what that rule does not ask."""
    left_out = " en ".join(regel.niet_bekeken)
    how = regel.omschrijving if regel.own else f"{genoemd(regel.naam)}: {regel.omschrijving.rstrip('.')}"
    said = [f"Dit gaat over cyclus {cyclus.id} van de Spreidingswet, geteld volgens {how}."]
    return [*said, f"Daarbij is niet bekeken {left_out}."] if left_out else said


def _of_supervision(stand: Briefstand) -> str:
    if not stand.over_toezicht:
        return NIET_OVER_TOEZICHT
    supervised = onder_toezicht(stand.naleving)
    if supervised is None:
        return "Over het interbestuurlijk toezicht was niets bekend."
    who = gemeenten(supervised) if supervised else "geen enkele gemeente"
    return f"Onder interbestuurlijk toezicht {_verb('stond', 'stonden', supervised or 1)} {who}."


def _of_rate(stand: Briefstand) -> str:
    landelijk = stand.landelijk
    if landelijk.bezettingsgraad is not None:
        why = "".join(f"; {one.tekst}" for one in voorbehoud(landelijk))
        return f"De landelijke bezettingsgraad was {percentage(landelijk.bezettingsgraad)}{why}."
    # With readings enough there are no places to divide by.
    why = waarom(landelijk) or "er zijn geen inzetbare plaatsen bekend"
    said = f"De landelijke bezettingsgraad was niet vast te stellen: {why}."
    found = _of_others(stand, [BEZETTINGSGRAAD.naam])
    if not found:
        return said
    one = found[BEZETTINGSGRAAD.naam]
    about = letter_day(one.effective_at)
    return f"{said} Volgens {one.value['bron']} was die op {about} {_told(one, percentage)}."


def _classes_of_others(stand: Briefstand) -> list[str]:
    """What others published last about the classes that places decide."""
    voldoet, gedeeltelijk, niet = (KLASSENAMEN[klasse] for klasse in ("voldoet", "gedeeltelijk", "voldoet niet"))
    found = _of_others(stand, [voldoet, gedeeltelijk, niet])
    if voldoet not in found:
        return []
    one = found[voldoet]
    also = [
        f"{_told(found[name])} {how}" for name, how in ((gedeeltelijk, "gedeeltelijk"), (niet, "niet")) if name in found
    ]
    return [
        f"Volgens {one.value['bron']} {_verb('voldeed', 'voldeden', one.value['waarde'])} {_told(one)} "
        f"{_verb('gemeente', 'gemeenten', one.value['waarde'])} op {letter_day(one.effective_at)} aan "
        f"{_verb('haar', 'hun', one.value['waarde'])} opgave{', ' if also else ''}{' en '.join(also)}."
    ]


def _of_others(stand: Briefstand, names: Sequence[str]) -> dict[str, Winner]:
    """What one source published last about the country under these names: the name of each figure → what it said."""
    by_source: dict[tuple[datetime, str], dict[str, Winner]] = defaultdict(dict)
    for (subject, _), winner in Register.GEPUBLICEERD.among(stand.registers):
        name, bron = winner.value["grootheid"], winner.value["bron"]
        recent = stand.valid_at - winner.effective_at <= _TELLING
        if recent and subject == LANDELIJK and name in names and not bron.startswith(EIGEN_BRON):
            by_source[winner.effective_at, bron][name] = winner
    return by_source[max(by_source)] if by_source else {}


def _told(one: Winner, written: Callable[[float], str] = number) -> str:
    """A published number, with how exact it is."""
    exactly = one.value["nauwkeurigheid"]
    return f"{'' if exactly == 'exact' else f'{exactly} '}{written(one.value['waarde'])}"


def _verb(one: str, more: str, count: int) -> str:
    return one if count == 1 else more


def _of_gemeenten(stand: Briefstand, rows: Iterable[GemeenteNaleving]) -> int:
    codes = [row.gemeente.code for row in rows]
    current, cyclus = stand.indeling.current, stand.maatstaf.cyclus
    wanted = set(codes) | (
        givers(stand.registers, stand.indeling, cyclus.id, codes, stand.valid_at) if cyclus else set()
    )
    here = [loc for loc in stand.locaties if loc.gemeente is not None and current(loc.gemeente) in wanted]
    telt = in_naleving(Case(stand.registers, here, stand.indeling, stand.maatstaf, codes, stand.valid_at))
    law = {key: write for key, write in stand.registers.items() if Register.of(key) is not Register.TOEZICHT}
    return _events(law, telt) if codes else 0


def _steps(stand: Briefstand, codes: Sequence[str]) -> int:
    parts = [part for code in codes for part in stand.indeling.parts(code)]
    return sum(Register.TOEZICHT.key(part) in stand.registers for part in parts)


def _events(registers: Registers, telt: Telt) -> int:
    return len({write.event_id for key, write in registers.items() if telt(key, write)[0] == "telt"})
