"""Why a figure can't be stated, or what it leaves out: a code for programs and a sentence for people."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, NamedTuple

from services.core.bezetting import Bezetting
from services.core.delen import Wetsdelen
from services.core.dutch import number
from services.core.naleving import GemeenteNaleving
from services.core.telregel import Maatstaf

Code = Literal[
    "dekking",
    "niet allen gemeten",
    "geen plaatsen",
    "telregel-onvolledig",
    "geen telregel",
    "geen cyclus",
    "opgeschort",
    "onbekend",
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
        missing = _locaties(parts.locaties - parts.gemeten)
        found.append(Voorbehoud("niet allen gemeten", f"van {missing} is geen meting bekend"))
    if not parts.plaatsen_met_meting:
        sentence = "de locaties met een meting hebben geen inzetbare plaatsen, of die zijn niet bekend"
        found.append(Voorbehoud("geen plaatsen", sentence))
    return found


def waarom(bezetting: Bezetting) -> str:
    """Why the figures of an area can't be stated, in one clause; empty when they can."""
    return "; ".join(one.tekst for one in voorbehoud(bezetting))


def van_naleving(maatstaf: Maatstaf, rows: Sequence[GemeenteNaleving]) -> list[Voorbehoud]:
    """What the classes and the tekort of these gemeenten leave out; empty when nothing."""
    cyclus, regel = maatstaf
    if cyclus is None:
        return [Voorbehoud("geen cyclus", "er is geen geldende cyclus van de Spreidingswet bekend")]
    if regel is None:
        return [
            Voorbehoud("geen telregel", f"de telregel {cyclus.telregel} van cyclus {cyclus.id} is niet vastgesteld")
        ]
    found = []
    if not regel.volledig:
        sentence = f"volgens telregel {regel.naam} is niet bekeken {' en '.join(regel.niet_bekeken)}"
        found.append(Voorbehoud("telregel-onvolledig", sentence))
    opgeschort = sum(row.naleving == "opgeschort" for row in rows)
    if opgeschort:
        decided, count = (
            ("is het verdeelbesluit", "telt") if opgeschort == 1 else ("zijn de verdeelbesluiten", "tellen")
        )
        sentence = f"van {_gemeenten(opgeschort)} {decided} geschorst of vernietigd; die {count} niet in het tekort"
        found.append(Voorbehoud("opgeschort", sentence))
    onbekend = sum(row.naleving == "onbekend" for row in rows)
    if onbekend:
        found.append(Voorbehoud("onbekend", f"van {_gemeenten(onbekend)} is te weinig bekend"))
    return found


def waarom_geen_spreidingsindex(delen: Wetsdelen[int], maatstaf: Maatstaf) -> str:
    """Why the spreidingsindex can't be stated, in one clause; empty when it can."""
    cyclus = maatstaf.cyclus
    if cyclus is None:
        return "er is geen cyclus van kracht"
    if not cyclus.volledig:
        return f"van cyclus {cyclus.id} is niet alles vastgelegd"
    if delen.onbekend:
        return f"van {_gemeenten(delen.onbekend)} is te weinig bekend"
    if delen.geen_opgave == delen.gemeenten:
        return "er is geen opgave"
    return "" if delen.meetellend else "er zijn geen plaatsen die meetellen"


def _too_few(bezetting: Bezetting) -> str:
    parts, grenzen = bezetting.delen, bezetting.grenzen
    if not parts.locaties:
        return "er is geen open locatie bekend"
    hours = grenzen.recent // timedelta(hours=1)
    reported = f"{number(parts.gemeld)} van {_locaties(parts.locaties)} {'meldde' if parts.gemeld == 1 else 'meldden'}"
    if not parts.gemeld:
        one = parts.locaties == 1
        reported = "de enige locatie meldde niets" if one else f"geen van de {_locaties(parts.locaties)} meldde iets"
    least = f"{number(grenzen.minimale_dekking * 100, 0)} %"
    about = "van de locaties" if parts.marge_locaties < 0 else "van de inzetbare plaatsen"
    return f"{reported} in de laatste {hours} uur; nodig is {least} {about}"


def _locaties(many: int) -> str:
    return "1 locatie" if many == 1 else f"{number(many)} locaties"


def _gemeenten(many: int) -> str:
    return "1 gemeente" if many == 1 else f"{number(many)} gemeenten"
