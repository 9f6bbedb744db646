"""The formulas of figures in words, with the numbers filled in: sentences that an official can follow.

Each function takes what a figure is made of, and gives one sentence. Which figure has which sentence stands in
`grootheden`.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from services.core.bezetting import Bezetting, Overschrijding
from services.core.delen import STANDAARD, Delen
from services.core.dutch import count, dutch_day, dutch_moment, euros, number, percentage
from services.core.locaties import Locatie, Maximum, Plaatsen
from services.core.voorbehoud import waarom


class LocatieOp(NamedTuple):
    """A locatie at a moment, with its parts."""

    locatie: Locatie
    op: datetime
    delen: Delen[int]


class Geteld(NamedTuple):
    """The sums of an area, and the locaties that they count."""

    bezetting: Bezetting
    geregistreerd: int
    """Locaties, the closed ones too."""
    met_beide: int
    """Open locaties with a reading and known places."""
    oudste: datetime | None
    """The oldest peilmoment that counts."""
    op: datetime


class Overschreden(NamedTuple):
    """The days above a maximum."""

    maximum: Maximum
    gevonden: Overschrijding


def gezien(locatie: Locatie, op: datetime) -> LocatieOp:
    """Looks at a locatie at V."""
    return LocatieOp(locatie, op, locatie.delen)


def geteld(area: Iterable[Locatie], sums: Bezetting, op: datetime) -> Geteld:
    """Counts the locaties behind the sums of an area."""
    registered = [locatie for locatie in area if locatie.registered]
    open_ones = [locatie for locatie in registered if locatie.open]
    both = [locatie for locatie in open_ones if locatie.aanwezig is not None and locatie.inzetbaar is not None]
    oldest = min((locatie.peilmoment for locatie in open_ones if locatie.peilmoment is not None), default=None)
    return Geteld(sums, len(registered), len(both), oldest, op)


def ouderdom_van(een: LocatieOp) -> int | None:
    """Whole seconds since the last reading."""
    moment = een.locatie.peilmoment
    return None if moment is None else int((een.op - moment).total_seconds())


# Of a locatie -------------------------------------------------------------------------------------------------------


def open_van_locatie(_: LocatieOp) -> str:
    """Whether it is open."""
    return "open is wat het laatst over openen en sluiten is vastgelegd"


def aanwezig_van_locatie(gezien_: LocatieOp) -> str:
    """The people present."""
    locatie = gezien_.locatie
    if locatie.aanwezig is None or locatie.peilmoment is None:
        return "geen melding bekend"
    return f"de laatste meting: {number(locatie.aanwezig)} op {dutch_moment(locatie.peilmoment)}"


def plaatsen_van_locatie(which: Callable[[Plaatsen], int]) -> Callable[[LocatieOp], str]:
    """The places of all soorten, added; `which` of their numbers."""

    def said(gezien_: LocatieOp) -> str:
        plaatsen = gezien_.locatie.plaatsen
        if not plaatsen:
            return "geen melding bekend"
        terms = [_term(soort, which(places), places.geldig_tot, gezien_.op) for soort, places in plaatsen.items()]
        return f"{' + '.join(terms)} = {number(sum(which(places) for places in plaatsen.values()))}"

    return said


def bezettingsgraad_van_locatie(gezien_: LocatieOp) -> str:
    """How full it is."""
    return _ratio("aanwezig", gezien_.locatie.aanwezig, "inzetbaar", gezien_.locatie.inzetbaar)


def boven_capaciteit(gezien_: LocatieOp) -> str:
    """Whether there are more people than usable places."""
    return _above("aanwezig", gezien_.locatie.aanwezig, "inzetbaar", gezien_.locatie.inzetbaar)


def toegang(gezien_: LocatieOp) -> str:
    """The access regime."""
    return "het laatst gemelde regime" if gezien_.locatie.toegang else "geen melding bekend"


def maximum(gezien_: LocatieOp) -> str:
    """The most people that may be there."""
    found = gezien_.locatie.maximum
    return "geen van kracht" if found is None else f"grondslag: {found.grondslag}"


def boven_maximum(gezien_: LocatieOp) -> str:
    """Whether there are more people than the maximum."""
    found = gezien_.locatie.maximum
    if found is None:
        return "er geldt geen maximum"
    return _above("aanwezig", gezien_.locatie.aanwezig, "maximum", found.maximum)


def dagen_boven_maximum(boven: Overschreden) -> str:
    """The days above the maximum."""
    since = dutch_day(boven.maximum.geldig_vanaf)
    many = f"{count(boven.gevonden.dagen_met_meting, 'dag', 'dagen')} met een meting sinds {since}"
    return f"dagen met een meting boven {number(boven.maximum.maximum)}, van {many}"


def dwangsom(boven: Overschreden) -> str | None:
    """What those days cost; None where no penalty was set."""
    found = boven.gevonden
    if boven.maximum.dwangsom_per_dag is None or found.dwangsom is None:
        return None
    most = "" if found.plafond is None else f", hoogstens {euros(found.plafond)}"
    each = f"{count(found.dagen, 'dag', 'dagen')} × {euros(boven.maximum.dwangsom_per_dag)}{most}"
    return f"{each} = {euros(found.dwangsom)}"


# Of an area ---------------------------------------------------------------------------------------------------------


def locaties(g: Geteld) -> str:
    """The open locaties."""
    registered = count(g.geregistreerd, "geregistreerde locatie", "geregistreerde locaties")
    return f"{number(g.bezetting.locaties)} open van {registered}"


def aanwezig(g: Geteld) -> str:
    """The people present."""
    return aanwezig_gemeten(g) if g.bezetting.aanwezig is not None else _not_stated(g)


def aanwezig_gemeten(g: Geteld) -> str:
    """The people present where there is a reading."""
    return f"som over {_measured(g)} = {number(g.bezetting.delen.aanwezig)}"


def locaties_gemeten(g: Geteld) -> str:
    """The locaties with a reading."""
    return f"{_measured(g)}, van {number(g.bezetting.locaties)}"


def aanwezig_gesloten(_: Geteld) -> str:
    """The people of closed locaties."""
    hours = int(STANDAARD.vers / timedelta(hours=1))
    return f"som over gesloten locaties met een meting van hoogstens {hours} uur voor het sluiten, of van daarna"


def gesloten_zonder_telling(_: Geteld) -> str:
    """The closed locaties with an old reading."""
    hours = int(STANDAARD.vers / timedelta(hours=1))
    return f"gesloten locaties waarvan de laatste meting mensen telt en bij het sluiten ouder was dan {hours} uur"


def plaatsen(g: Geteld) -> str:
    """The places."""
    return f"som over {_placed(g)} = {number(g.bezetting.plaatsen)}"


def inzetbaar(g: Geteld) -> str:
    """The usable places."""
    return f"som over {_placed(g)} = {number(g.bezetting.inzetbaar)}"


def bezettingsgraad(g: Geteld) -> str:
    """How full it is."""
    return bezettingsgraad_gemeten(g) if g.bezetting.vast_te_stellen else _not_stated(g)


def bezettingsgraad_gemeten(g: Geteld) -> str:
    """How full the locaties with a reading are."""
    parts = g.bezetting.delen
    over = f"over {count(g.met_beide, 'open locatie', 'open locaties')} met een meting en bekende plaatsen"
    return f"{_ratio('aanwezig', parts.aanwezig_op_plaatsen, 'inzetbaar', parts.plaatsen_met_meting)}, {over}"


def dekking(g: Geteld) -> str:
    """How much of it was reported in time."""
    hours = int(STANDAARD.vers / timedelta(hours=1))
    fresh = f"inzetbaar met een meting van hoogstens {hours} uur oud"
    return _ratio(fresh, g.bezetting.delen.vers, "inzetbaar", g.bezetting.inzetbaar)


def ouderdom(g: Geteld) -> str:
    """The age of the oldest reading."""
    age = "geen meting geteld" if g.oudste is None else f"van {dutch_moment(g.oudste)} tot {dutch_moment(g.op)}"
    return f"ouderdom van de oudste getelde meting: {age}"


def ouderdom_mediaan(g: Geteld) -> str:
    """The age of the reading in the middle."""
    return f"de middelste ouderdom van de metingen, van {_measured(g)}"


def _not_stated(g: Geteld) -> str:
    return f"niet vast te stellen: {waarom(g.bezetting)}"


def _measured(g: Geteld) -> str:
    return f"{count(g.bezetting.delen.gemeten, 'open locatie', 'open locaties')} met een meting"


def _placed(g: Geteld) -> str:
    return f"{count(g.bezetting.delen.geplaatst, 'open locatie', 'open locaties')} met bekende plaatsen"


def _term(soort: str, many: int, geldig_tot: datetime | None, op: datetime) -> str:
    over = geldig_tot is not None and geldig_tot <= op
    until = f" (gold tot {dutch_moment(geldig_tot)})" if over and geldig_tot else ""
    return f"{soort} {number(many)}{until}"


def _ratio(part_name: str, part: int | None, whole_name: str, whole: int | None) -> str:
    said = f"{part_name} {number(part)} / {whole_name} {number(whole)}"
    if part is None or not whole:
        return f"{said}: niet te bepalen"
    return f"{said} = {percentage(part / whole)}"


def _above(part_name: str, part: int | None, whole_name: str, whole: int | None) -> str:
    if part is None or whole is None:
        return f"niet vast te stellen: {part_name} {number(part)}, {whole_name} {number(whole)}"
    return f"{part_name} {number(part)} {'>' if part > whole else '≤'} {whole_name} {number(whole)}"
