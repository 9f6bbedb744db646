"""The columns of the tables, derived from the declared figures, and what stands under them for all rows together."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from services.core.bezetting import Bezetting
from services.core.delen import nu
from services.core.grootheden import van, waarde_van
from services.core.grootheden.declaratie import FigureOf, Grootheid
from services.core.grootheden.opvang import BEZETTINGSGRAAD, INZETBAAR, PLAATSEN
from services.core.grootheden.vormen import NOT_STATED, UNKNOWN
from services.core.grootheden.wet import MEETELLEND, OPGAVE, PLAATSEN_PER_1000, TEKORT
from services.core.naleving import GemeenteNaleving, opgeteld
from services.core.opgaven import Opgave
from services.core.telregel import Maatstaf
from services.core.voorbehoud import van_naleving, voorbehoud, waarom
from services.dashboard.kaart.kaart import inzetbaar_van
from services.dashboard.tabellen.lijst import Bladzijde, Celwaarde, Getoond, R, Som, Veld, schaal
from services.dashboard.tekst import getal, ondergrens, van_eenheid

GEEN_LOCATIE = "er is geen open locatie bekend"


def columns(
    soort: FigureOf,
    seen: Callable[[R], Any],
    eerst: Sequence[Grootheid] = (),
    zonder: Sequence[Grootheid] = (),
    named: Mapping[Grootheid, str] = MappingProxyType({}),
) -> list[Veld[R]]:
    """The columns of the figures of a kind of subject: `eerst` these, then the others in the order of declaration.

    `seen` gives what a figure follows from, of a row. `named` are those that have another name in the address.
    """
    shown = [one for one, how in van(soort) if how.kolom and one not in zonder]
    return [
        Veld(
            named.get(one, one.naam),
            one.kop or one.label,
            partial(_value, one, soort, seen),
            one.eenheid.value.kolom,
            van_eenheid(one.eenheid),
            "–" if one.geen else NOT_STATED if soort is FigureOf.GEBIED or one is TEKORT else UNKNOWN,
            cel="balk" if one is BEZETTINGSGRAAD else "",
        )
        for one in dict.fromkeys((*eerst, *shown))
    ]


def _value(one: Grootheid, soort: FigureOf, seen: Callable[[R], Any], row: R) -> Celwaarde:
    return waarde_van(one, soort, seen(row))


def of_area(
    sums: Callable[[R], Bezetting], eerst: Sequence[Grootheid] = (), zonder: Sequence[Grootheid] = ()
) -> list[Veld[R]]:
    """The columns of the people and places of an area. Usable places are told as far as they are known."""
    return [
        veld._replace(waarde=lambda row: _inzetbaar(sums(row)), in_rij=lambda row: inzetbaar_van(sums(row)))
        if veld.naam == INZETBAAR.naam
        else veld._replace(waarom=lambda row: _why_not(sums(row)))
        for veld in columns(FigureOf.GEBIED, sums, eerst, zonder)
    ]


def _inzetbaar(sums: Bezetting) -> int | None:
    """The known usable places of an area; None where it has open locaties and nothing is known of their places."""
    return None if sums.locaties and not sums.delen.geplaatst else sums.inzetbaar


def why(sums: Bezetting) -> list[str]:
    """Why figures of an area can't be stated, and who was left behind. Without a locatie there is nothing to tell."""
    found = [one.tekst for one in voorbehoud(sums)] if sums.locaties else []
    if sums.delen.aanwezig_gesloten:
        found.append(f"{getal(sums.delen.aanwezig_gesloten)} mensen op gesloten locaties")
    return found


def _why_not(sums: Bezetting) -> str:
    return waarom(sums) if sums.locaties else GEEN_LOCATIE


def sommen_van_gebied(sums: Bezetting) -> dict[str, Som]:
    """What stands under the columns of people and places, for the locaties of all rows together."""
    found = {}
    for one, _ in van(FigureOf.GEBIED):
        value = waarde_van(one, FigureOf.GEBIED, sums)
        deel = value if one is BEZETTINGSGRAAD and isinstance(value, float) else None
        found[one.naam] = Som(None if value is None else van_eenheid(one.eenheid)(value), _why_not(sums), deel)
    for one in (INZETBAAR, PLAATSEN):
        known = found[one.naam].tekst if sums.delen.geplaatst or not sums.locaties else None
        least = "minstens " if known and sums.delen.geplaatst < sums.locaties else ""
        found[one.naam] = Som(known and f"{least}{known}", "van geen van de locaties zijn plaatsen bekend")
    return found


def sommen_van_wet(rows: Sequence[GemeenteNaleving], maatstaf: Maatstaf) -> dict[str, Som]:
    """What stands under the columns of the law, for the gemeenten of all rows together."""
    parts = opgeteld(rows)
    reasons = "; ".join(one.tekst for one in van_naleving(maatstaf, rows)) or "er is geen gemeente"
    found = {}
    for one, how in van(FigureOf.GEMEENTE):
        if how.over_gemeenten is None:
            continue
        value = nu(how.over_gemeenten, parts)
        text = None if value is None else van_eenheid(one.eenheid)(value)
        if one in (MEETELLEND, PLAATSEN_PER_1000) and value is not None and parts.onvolledig:
            text = ondergrens(value, van_eenheid(one.eenheid))
        found[one.naam] = Som(text, "niet van elke gemeente is een verdeelbesluit bekend" if one is OPGAVE else reasons)
    if len(rows) == 1 and found[OPGAVE.naam].tekst:
        found[OPGAVE.naam] = Som(opgave_in_rij(rows[0].opgave))
    return found


def opgave_in_rij(opgave: Opgave | None) -> str:
    """Writes an opgave, with its status where that does not bind."""
    if opgave is None:
        return UNKNOWN
    many = getal(opgave.opgave)
    return many if opgave.status == "verdeelbesluit" else f"{many} {opgave.status}"


def getoond(velden: Sequence[Veld[R]], breedten: Mapping[str, int], *, alle: bool) -> list[Getoond]:
    """Returns the columns that a page shows, in the order of `breedten`, which says from which width on each is there.

    With `alle` it is every column of the table, in its own order and at every width.
    """
    if alle:
        return [Getoond(veld, 0) for veld in velden]
    by_name = {veld.naam: veld for veld in velden}
    return [Getoond(by_name[naam], breed) for naam, breed in breedten.items() if naam in by_name]


def redenen(shown: Sequence[Getoond], samen: Mapping[str, Som], rows: Sequence[object]) -> dict[str, list[str]]:
    """Returns why figures of all rows together can't be said → the columns under which none stands for that."""
    found: dict[str, list[str]] = {}
    for veld, _ in shown if rows else ():
        som = samen.get(veld.naam)
        if som is not None and som.tekst is None:
            found.setdefault(som.waarom, []).append(veld.kop.lower())
    return found


def tabel(
    page: Bladzijde[R],
    breedten: Mapping[str, int],
    samen: Mapping[str, Som],
    *,
    alle: bool,
    getekend: Sequence[Veld[R]] = (),
) -> dict[str, Any]:
    """Returns what the template of each table shows. `getekend` are columns that are only drawn, and in no file."""
    shown = getoond(page.velden if alle else (*page.velden, *getekend), breedten, alle=alle)
    return {
        "bladzijde": page,
        "getoond": shown,
        "samen": samen,
        "redenen": redenen(shown, samen, page.gevonden),
        "hoogst": schaal(page.rijen, page.velden),
        "geen_locatie": GEEN_LOCATIE,
    }
