"""Why a figure can't be stated, or what it leaves out: a code for programs and a sentence for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from services.core.bezetting import Bezetting
from services.core.delen import Wetsdelen
from services.core.dutch import dutch_day, gemeenten, locaties, number, short_percentage
from services.core.genoemd import telregel as genoemd
from services.core.locaties import Locatie
from services.core.naleving import AMV_OPGAVE_ONBEKEND, GemeenteNaleving, Klasse, Wetstand, totalen
from services.core.opgaven import Opgave
from services.core.stap import MINISTER
from services.core.telregel import Maatstaf
from services.core.toezicht import ACTIEF, STAPPEN, Toezichtstand

Code = Literal[
    "dekking",
    "niet allen gemeten",
    "geen plaatsen",
    "niet alle plaatsen",
    "geen meting",
    "geen registratie",
    "telregel-onvolledig",
    "geen telregel",
    "geen cyclus",
    "cyclus-onvolledig",
    "opgeschort",
    "onbekend",
    "amv-opgave onbekend",
    "geen meetellende plaatsen",
    "geen opgave",
    "kleine-aantallen",
    "alleen-toezicht",
    "geen toezichtstap",
    "geen raming",
    "geen capaciteit",
]


class Voorbehoud(NamedTuple):
    """One reason."""

    code: Code
    tekst: str


def voorbehoud(bezetting: Bezetting) -> list[Voorbehoud]:
    """Why the figures of an area can't be stated; empty when they can."""
    parts = bezetting.delen
    if not bezetting.vast_te_stellen:
        return [Voorbehoud("dekking", _too_few(bezetting))]
    found = []
    if parts.gemeten < parts.locaties:
        missing = locaties(parts.locaties - parts.gemeten)
        found.append(Voorbehoud("niet allen gemeten", f"van {missing} is geen meting bekend"))
    if not parts.plaatsen_met_meting:
        sentence = "de locaties met een meting hebben geen inzetbare plaatsen, of die zijn niet bekend"
        found.append(Voorbehoud("geen plaatsen", sentence))
    return found


def zonder_meting(recent: timedelta) -> str:
    """Why the people of a locatie can't be stated when its last reading is older than this."""
    return f"langer dan {int(recent.total_seconds()) // 3600} uur geen meting"


def waarom(bezetting: Bezetting) -> str:
    """Why the figures of an area can't be stated, in one clause; empty when they can."""
    return "; ".join(one.tekst for one in voorbehoud(bezetting))


def van_locatie(locatie: Locatie) -> list[Voorbehoud]:
    """Why figures of a locatie can't be stated; empty when they can."""
    found = []
    if not locatie.registered:
        found.append(Voorbehoud("geen registratie", "de registratie is niet bekend; de locatie telt nergens mee"))
    if locatie.aanwezig is None:
        found.append(Voorbehoud("geen meting", "er is geen meting bekend"))
    if not locatie.inzetbaar:
        which = "inzetbare plaatsen" if locatie.plaatsen else "plaatsen bekend"
        found.append(Voorbehoud("geen plaatsen", f"er zijn geen {which}"))
    return found


def van_provincie(maatstaf: Maatstaf, opgave: Opgave | None) -> list[Voorbehoud]:
    """Why the opgave of a provincie itself can't be stated; empty when it can."""
    cyclus = maatstaf.cyclus
    if cyclus is None or opgave is not None:
        return []
    return [Voorbehoud("geen opgave", f"van de provincie zelf is in cyclus {cyclus.id} geen opgave bekend")]


def van_maatstaf(maatstaf: Maatstaf) -> list[Voorbehoud]:
    """Why there is nothing to judge gemeenten by; empty when there is."""
    cyclus, regel = maatstaf
    if cyclus is None:
        return [Voorbehoud("geen cyclus", "er is geen geldende cyclus van de Spreidingswet bekend")]
    if regel is None:
        return [Voorbehoud("geen telregel", f"{genoemd(cyclus.telregel, cyclus.id)} is niet vastgesteld")]
    return []


def van_gemeente(row: GemeenteNaleving) -> list[Voorbehoud]:
    """Why figures of a gemeente can't be stated; empty when they can."""
    found = van_maatstaf(row.maatstaf)
    if row.naleving == "opgeschort":
        found.append(Voorbehoud("opgeschort", f"het verdeelbesluit is {row.reden}"))
    elif row.naleving == "onbekend" and not found and row.oordeel.reden != AMV_OPGAVE_ONBEKEND:
        found.append(Voorbehoud("onbekend", row.oordeel.reden))
    cyclus = row.maatstaf.cyclus
    if cyclus is not None and not cyclus.volledig:
        sentence = f"van cyclus {cyclus.id} is niet alles vastgelegd: er kunnen meer plaatsen meetellen"
        found.append(Voorbehoud("cyclus-onvolledig", sentence))
    if row.opgave is not None and row.opgave.waarvan_amv is None:
        sentence = "hoeveel plaatsen van de opgave voor amv zijn, is niet bekend"
        so = "; daarom is het tekort niet vast te stellen" if row.tekort_wacht_op_amv else ""
        found.append(Voorbehoud("amv-opgave onbekend", f"{sentence}{so}"))
    return found


def van_land(maatstaf: Maatstaf, land: Wetstand) -> list[Voorbehoud]:
    """What the figures of all gemeenten leave out, and why the spreidingsindex can't be stated."""
    found = van_naleving(maatstaf, land.rijen)
    why = None if maatstaf.regel is None else _geen_spreidingsindex(land.delen, maatstaf)
    if why is not None and why.code not in [one.code for one in found]:
        found.append(why._replace(tekst=f"de spreidingsindex is niet vast te stellen: {why.tekst}"))
    return found


def van_naleving(maatstaf: Maatstaf, rows: Sequence[GemeenteNaleving]) -> list[Voorbehoud]:
    """What the classes and the tekort of these gemeenten leave out; empty when nothing."""
    found = van_maatstaf(maatstaf)
    regel = maatstaf.regel
    if found or regel is None:
        return found
    if not regel.volledig:
        sentence = f"volgens {genoemd(regel.naam)} is niet bekeken {' en '.join(regel.niet_bekeken)}"
        found.append(Voorbehoud("telregel-onvolledig", sentence))
    found += van_klassen(totalen(rows))
    amv = sum(row.tekort_wacht_op_amv for row in rows)
    if amv:
        short = "het tekort niet vast te stellen: hoeveel plaatsen van de opgave voor amv zijn, is niet bekend"
        found.append(Voorbehoud("amv-opgave onbekend", f"van {gemeenten(amv)} is {short}"))
    return found


def van_klassen(aantallen: Mapping[Klasse, int]) -> list[Voorbehoud]:
    """What follows from the number of gemeenten in each class alone."""
    found = []
    opgeschort, onbekend = aantallen["opgeschort"], aantallen["onbekend"]
    if opgeschort:
        decided, count = (
            ("is het verdeelbesluit", "telt") if opgeschort == 1 else ("zijn de verdeelbesluiten", "tellen")
        )
        sentence = f"van {gemeenten(opgeschort)} {decided} geschorst of vernietigd; die {count} niet in het tekort"
        found.append(Voorbehoud("opgeschort", sentence))
    if onbekend:
        found.append(Voorbehoud("onbekend", f"van {gemeenten(onbekend)} is te weinig bekend"))
    return found


def van_maand(aantallen: Mapping[Klasse, int], gesteld: bool) -> list[Voorbehoud]:
    """Why the tekort of gemeenten in a coming month can't be stated, or what it leaves out. `gesteld`: it is stated."""
    found = van_klassen(aantallen)
    judged = sum(aantallen.values()) - aantallen["opgeschort"]
    if not gesteld and judged and not aantallen["onbekend"]:
        sentence = "hoeveel plaatsen van de opgave voor amv zijn, is niet van elke gemeente bekend"
        found.append(Voorbehoud("amv-opgave onbekend", sentence))
    return found


def zonder_plaatsen(many: int, op: datetime) -> Voorbehoud:
    """Why it can't be said from when on there are too few places: so many open locaties have no known places."""
    known = f"van {locaties(many)} zijn op {dutch_day(op)} geen plaatsen bekend"
    return Voorbehoud("niet alle plaatsen", f"{known}, dus is niet te zeggen of er dan te weinig zijn")


def van_toezicht(maatstaf: Maatstaf, stand: Toezichtstand, *, klein: bool) -> list[Voorbehoud]:
    """Why figures of the toezicht can't be stated; empty when they can.

    `klein`: for whoever may know that a step holds a few gemeenten.
    """
    found = van_maatstaf(maatstaf)
    unknown = 0 if found else stand.van("onbekend")
    if not stand.bekend:
        sentence = "er is geen stap van het toezicht bekend; of gemeenten onder toezicht staan, is niet te zeggen"
        found.append(Voorbehoud("geen toezichtstap", sentence))
    if unknown:
        sentence = (
            f"van {gemeenten(unknown)} is de naleving onbekend; niet te zeggen is hoeveel gemeenten in geen stap zijn"
        )
        found.append(Voorbehoud("onbekend", sentence))
    found += _van_ramingen(stand, klein=klein)
    if MINISTER not in stand.capaciteit:
        found.append(Voorbehoud("geen capaciteit", "hoeveel fte de minister voor het toezicht heeft, is niet bekend"))
    return found


def _van_ramingen(stand: Toezichtstand, *, klein: bool) -> list[Voorbehoud]:
    """Of which steps the hours or their bounds are not known: those in use, and that in which all would be."""
    told = klein or not stand.heeft_kleine_stap
    asked = [stap for stap in STAPPEN if (told and stand.in_stap(stap)) or stap == ACTIEF]
    found = []
    if without := [f"'{stap}'" for stap in asked if stap not in stand.raming]:
        found.append(Voorbehoud("geen raming", f"van {_of_steps(without)} is geen raming van de uren bekend"))
    if open_ := [
        f"'{stap}'"
        for stap in asked
        if stap in stand.raming and not {"urenMinstens", "urenHoogstens"} <= stand.raming[stap].keys()
    ]:
        bounds = f"van {_of_steps(open_)} is van de uren geen onder- en bovengrens bekend"
        found.append(Voorbehoud("geen raming", bounds))
    if 0 in stand.raming.get(ACTIEF, {}).values():
        sentence = f"de raming van de stap '{ACTIEF}' gaat tot 0 uur: de fte kan dan elk aantal gemeenten aan"
        found.append(Voorbehoud("geen raming", sentence))
    return found


def _of_steps(names: Sequence[str]) -> str:
    return f"de stap {names[0]}" if len(names) == 1 else f"de stappen {', '.join(names[:-1])} en {names[-1]}"


ALLEEN_TOEZICHT = Voorbehoud(
    "alleen-toezicht",
    "termijnen, hoe lang een stap al duurt en wat over één gemeente gaat, zijn alleen voor het toezicht",
)
"""Why figures of the toezicht are not told to everybody."""
ANDERS_GETELD = Voorbehoud(
    "alleen-toezicht",
    "volgens een gekozen telregel of cyclus ziet alleen het toezicht hoeveel gemeenten in geen stap zijn",
)
"""Why one of them is told by the rule and the cyclus that apply alone."""


def van_kleine_aantallen(minstens: int) -> Voorbehoud:
    """Why a number of people or gemeenten is left out for whoever may only read."""
    sentence = f"een aantal onder de {minstens} wordt niet genoemd (0 wel), en ook niet wat zo'n aantal zou verraden"
    return Voorbehoud("kleine-aantallen", sentence)


def waarom_geen_spreidingsindex(delen: Wetsdelen[int], maatstaf: Maatstaf) -> str:
    """Why the spreidingsindex can't be stated, in one clause; empty when it can."""
    found = _geen_spreidingsindex(delen, maatstaf)
    return "" if found is None else found.tekst


def _geen_spreidingsindex(delen: Wetsdelen[int], maatstaf: Maatstaf) -> Voorbehoud | None:
    cyclus = maatstaf.cyclus
    if cyclus is None:
        return Voorbehoud("geen cyclus", "er is geen cyclus van kracht")
    if not cyclus.volledig:
        return Voorbehoud("cyclus-onvolledig", f"van cyclus {cyclus.id} is niet alles vastgelegd")
    if delen.onbekend:
        return Voorbehoud("onbekend", f"van {gemeenten(delen.onbekend)} is te weinig bekend")
    if delen.geen_opgave == delen.gemeenten:
        return Voorbehoud("geen opgave", "er is geen opgave")
    return None if delen.meetellend else Voorbehoud("geen meetellende plaatsen", "er zijn geen plaatsen die meetellen")


def _too_few(bezetting: Bezetting) -> str:
    parts, grenzen = bezetting.delen, bezetting.grenzen
    if not parts.locaties:
        return "er is geen open locatie bekend"
    hours = grenzen.recent // timedelta(hours=1)
    reported = f"{number(parts.gemeld)} van {locaties(parts.locaties)} {'meldde' if parts.gemeld == 1 else 'meldden'}"
    if not parts.gemeld:
        one = parts.locaties == 1
        reported = (
            "de enige locatie meldde niets"
            if one
            else f"geen van de {number(parts.locaties)} open locaties meldde iets"
        )
    least = short_percentage(grenzen.minimale_dekking)
    about = "van de locaties" if parts.marge_locaties < 0 else "van de inzetbare plaatsen"
    return f"{reported} in de laatste {hours} uur; nodig is {least} {about}"
