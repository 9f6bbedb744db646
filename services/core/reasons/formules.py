"""Figures with the formula that gives them, its numbers filled in: sentences that an official can follow."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.core.bezetting import FRESHNESS_LIMIT, Bezetting, Overschrijding
from services.core.dutch import dutch_day, dutch_moment, number
from services.core.locaties import Locatie, Maximum, Plaatsen
from services.core.naleving import KLASSEN, Cyclus, GemeenteNaleving, Opgave, totalen


class Figuur(NamedTuple):
    """A figure, and how it comes about."""

    grootheid: str
    waarde: Any
    formule: str


def van_locatie(locatie: Locatie, valid_at: datetime) -> list[Figuur]:
    """Those of a locatie by itself."""
    aanwezig, inzetbaar, maximum = locatie.aanwezig, locatie.inzetbaar, locatie.maximum
    limit = None if maximum is None else maximum.maximum
    return [
        Figuur("open", locatie.open, "open is wat het laatst over openen en sluiten is vastgelegd"),
        Figuur("aanwezig", aanwezig, _present(locatie)),
        Figuur("totaalPlaatsen", locatie.totaal_plaatsen, _places(locatie, valid_at, "aantal")),
        Figuur("inzetbaar", inzetbaar, _places(locatie, valid_at, "inzetbaar")),
        Figuur("bezettingsgraad", locatie.bezettingsgraad, _ratio("aanwezig", aanwezig, "inzetbaar", inzetbaar)),
        Figuur("bovenCapaciteit", locatie.boven_capaciteit, _above("aanwezig", aanwezig, "inzetbaar", inzetbaar)),
        Figuur("toegang", locatie.toegang, "het laatst gemelde regime" if locatie.toegang else "nooit gemeld"),
        Figuur("maximum", limit, "geen van kracht" if maximum is None else f"grondslag: {maximum.grondslag}"),
        Figuur("bovenMaximum", locatie.boven_maximum, _above("aanwezig", aanwezig, "maximum", limit)),
    ]


def van_overschrijding(maximum: Maximum, found: Overschrijding) -> list[Figuur]:
    """The days above the maximum in force, and what that costs."""
    many = f"{_count(found.dagen_met_meting, 'dag', 'dagen')} met een meting sinds {dutch_day(maximum.geldig_vanaf)}"
    days = Figuur(
        "overschrijding.dagen", found.dagen, f"dagen met een meting boven {number(maximum.maximum)}, van {many}"
    )
    if maximum.dwangsom_per_dag is None:
        return [days]
    most = "" if found.plafond is None else f", hoogstens {number(found.plafond)}"
    each = f"{_count(found.dagen, 'dag', 'dagen')} × {number(maximum.dwangsom_per_dag)} euro{most}"
    return [days, Figuur("overschrijding.dwangsom", found.dwangsom, f"{each} = {number(found.dwangsom)}")]


def van_bezetting(area: Iterable[Locatie], sums: Bezetting, valid_at: datetime) -> list[Figuur]:
    """The sums of an area."""
    registered = [locatie for locatie in area if locatie.registered]
    open_ones = [locatie for locatie in registered if locatie.open]
    read = [locatie for locatie in open_ones if locatie.aanwezig is not None]
    known = [locatie for locatie in open_ones if locatie.inzetbaar is not None]
    both = [locatie for locatie in read if locatie.inzetbaar is not None]
    fresh = [loc for loc in both if loc.peilmoment is not None and valid_at - loc.peilmoment <= FRESHNESS_LIMIT]
    people, places = sum(loc.aanwezig or 0 for loc in both), sum(loc.inzetbaar or 0 for loc in both)
    usable = sum(loc.inzetbaar or 0 for loc in fresh)
    oldest = min((loc.peilmoment for loc in read if loc.peilmoment is not None), default=None)
    measured = f"{_count(len(read), 'open locatie', 'open locaties')} met een meting"
    placed = f"{_count(len(known), 'open locatie', 'open locaties')} met bekende plaatsen"
    with_both = f"over {_count(len(both), 'open locatie', 'open locaties')} met een meting en bekende plaatsen"
    hours = int(FRESHNESS_LIMIT / timedelta(hours=1))
    age = "geen meting geteld" if oldest is None else f"van {dutch_moment(oldest)} tot {dutch_moment(valid_at)}"
    return [
        Figuur("locaties", sums.locaties, f"{len(open_ones)} open van {len(registered)} geregistreerde locaties"),
        Figuur("aanwezig", sums.aanwezig, f"som over {measured} = {number(sums.aanwezig)}"),
        Figuur("plaatsen", sums.plaatsen, f"som over {placed} = {number(sums.plaatsen)}"),
        Figuur("inzetbaar", sums.inzetbaar, f"som over {placed} = {number(sums.inzetbaar)}"),
        Figuur(
            "bezettingsgraad", sums.bezettingsgraad, f"{_ratio('aanwezig', people, 'inzetbaar', places)}, {with_both}"
        ),
        Figuur(
            "dekking",
            sums.dekking,
            f"{_ratio(f'inzetbaar met een meting van hoogstens {hours} uur oud', usable, 'inzetbaar', sums.inzetbaar)}",
        ),
        Figuur("dataOuderdomSeconden", sums.data_ouderdom_seconden, f"ouderdom van de oudste getelde meting: {age}"),
        Figuur(
            "dataOuderdomMediaanSeconden",
            sums.data_ouderdom_mediaan_seconden,
            f"de middelste ouderdom van de metingen, van {measured}",
        ),
    ]


def van_gemeente(row: GemeenteNaleving, cyclus: Cyclus | None) -> list[Figuur]:
    """How a gemeente stands against its opgave."""
    opgave = None if row.opgave is None else row.opgave.opgave
    counted = f"max(0; {number(row.eigen)} eigen + {number(row.ontvangen)} ontvangen − {number(row.gegeven)} gegeven)"
    short = "zonder opgave is er geen tekort"
    if opgave is not None:
        short = f"max(0; {number(opgave)} − {number(row.meetellend)}) = {number(row.tekort)}"
    return [
        Figuur("opgave", opgave, _task(row.opgave, cyclus)),
        Figuur("meetellend", row.meetellend, f"{counted} = {number(row.meetellend)}"),
        Figuur("tekort", row.tekort, short),
        Figuur("naleving", row.naleving, _class(row, opgave)),
        Figuur("toezicht", row.toezicht, "de laatste stap" if row.toezicht else "geen stap van kracht"),
    ]


def van_provincie(opgave: Opgave | None, cyclus: Cyclus | None) -> list[Figuur]:
    """The opgave of a provincie itself."""
    return [Figuur("opgave", None if opgave is None else opgave.opgave, _task(opgave, cyclus))]


def van_naleving(rows: Sequence[GemeenteNaleving], cyclus: Cyclus | None) -> list[Figuur]:
    """How many gemeenten in each class."""
    counts = totalen(rows)
    added = " + ".join(str(count) for count in counts.values())
    of_which = f"cyclus {cyclus.id}" if cyclus else "geen cyclus van kracht"
    return [
        Figuur(
            klasse, counts[klasse], f"gemeenten waarvan de naleving '{klasse}' is ({of_which}); {added} = {len(rows)}"
        )
        for klasse in KLASSEN
    ]


class Stand(NamedTuple):
    """How a gemeente stands at one (V, K). Class None: it does not exist there."""

    valid_at: datetime
    known_at: datetime
    naleving: str | None
    opgave: int | None
    meetellend: int | None


def zin_van_klasse(naam: str, van: Stand, tussen: Stand, naar: Stand) -> str:
    """What an official can say of a gemeente that is in another class."""
    if van.naleving == tussen.naleving:
        why = "Dat komt door wat er in de wereld veranderde."
    else:
        less = naar.known_at < van.known_at
        known = "wat toen nog niet bekend was" if less else "wat later over het eerste moment bekend werd"
        rest = (
            f"{'Zonder' if less else 'Met'} {known}, {_said(naam, tussen)}; de rest is wat er in de wereld veranderde."
        )
        why = f"Dat komt door {known}." if tussen.naleving == naar.naleving else rest
    return f"{_when(van)} {_said(naam, van)}. {_when(naar)} {_said(naam, naar)}. {why}"


def _when(stand: Stand) -> str:
    same = stand.valid_at == stand.known_at
    return (
        f"Op {dutch_day(stand.valid_at)}, met wat {'toen' if same else f'op {dutch_day(stand.known_at)}'} bekend was,"
    )


def _said(naam: str, stand: Stand) -> str:
    said = {
        None: f"bestond {naam} niet als gemeente",
        "geen opgave": f"had {naam} geen opgave",
        "onbekend": f"was niet te zeggen of {naam} aan de opgave voldeed",
        "voldoet": f"voldeed {naam} aan de opgave",
        "gedeeltelijk": f"voldeed {naam} gedeeltelijk aan de opgave",
        "voldoet niet": f"voldeed {naam} niet aan de opgave",
    }[stand.naleving]
    if stand.opgave:
        said += f" ({number(stand.meetellend)} van {number(stand.opgave)} plaatsen)"
    return said


def _present(locatie: Locatie) -> str:
    if locatie.aanwezig is None or locatie.peilmoment is None:
        return "nooit gemeld"
    return f"de laatste meting: {number(locatie.aanwezig)} op {dutch_moment(locatie.peilmoment)}"


def _places(locatie: Locatie, valid_at: datetime, which: str) -> str:
    if not locatie.plaatsen:
        return "nooit gemeld"
    terms = [_term(soort, places, valid_at, which) for soort, places in locatie.plaatsen.items()]
    return f"{' + '.join(terms)} = {number(sum(getattr(places, which) for places in locatie.plaatsen.values()))}"


def _term(soort: str, places: Plaatsen, valid_at: datetime, which: str) -> str:
    over = places.geldig_tot is not None and places.geldig_tot <= valid_at
    until = f" (gold tot {dutch_moment(places.geldig_tot)})" if over and places.geldig_tot else ""
    return f"{soort} {number(getattr(places, which))}{until}"


def _ratio(part_name: str, part: int | None, whole_name: str, whole: int | None) -> str:
    said = f"{part_name} {number(part)} / {whole_name} {number(whole)}"
    if part is None or not whole:
        return f"{said}: niet te bepalen"
    return f"{said} = {number(part / whole)}"


def _above(part_name: str, part: int | None, whole_name: str, whole: int | None) -> str:
    if part is None or whole is None:
        return f"{part_name} {number(part)}, {whole_name} {number(whole)}: niet te bepalen, dus niet"
    return f"{part_name} {number(part)} {'>' if part > whole else '≤'} {whole_name} {number(whole)}"


def _task(opgave: Opgave | None, cyclus: Cyclus | None) -> str:
    if cyclus is None:
        return "er is geen cyclus van kracht"
    if opgave is None:
        return f"in cyclus {cyclus.id} is geen opgave bekend"
    return f"{opgave.status} in cyclus {cyclus.id}: {number(opgave.opgave)}"


def _class(row: GemeenteNaleving, opgave: int | None) -> str:
    if opgave == 0 or (opgave is None and row.volledig):
        return f"er is geen opgave: {row.naleving}"
    part, lower = number(row.meetellend), "" if row.volledig else ", en wat bekend is, is een ondergrens"
    if opgave is None:
        return f"de opgave is niet bekend: {row.naleving}"
    if row.meetellend >= opgave:
        return f"meetellend {part} ≥ opgave {number(opgave)}: {row.naleving}"
    return f"meetellend {part} < opgave {number(opgave)}{lower}: {row.naleving}"


def _count(many: int, one: str, more: str) -> str:
    return f"{many} {one if many == 1 else more}"
