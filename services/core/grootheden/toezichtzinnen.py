"""The formulas in words of the figures of the toezicht, as `wetszinnen` has those of the law."""

from collections.abc import Callable

from services.core.dutch import gemeenten, number
from services.core.stap import MINISTER
from services.core.toezicht import ACTIEF, STAPPEN, Grens, Toezichtstand

Formule = Callable[[Toezichtstand], str]
_GEEN = "niet vast te stellen: er is geen stap van het toezicht bekend"


def _bij_een_stap(formule: Formule) -> Formule:
    """Says that nothing can be said while no step is known."""
    return lambda stand: formule(stand) if stand.bekend else _GEEN


def in_stap(stap: str | None) -> Formule:
    """The gemeenten in a step, or in any."""
    which = "nog loopt" if stap is None else f"'{stap}' is"
    return _bij_een_stap(lambda stand: f"gemeenten waarvan de laatste stap {which} = {number(stand.in_stap(stap))}")


def oudste(stap: str) -> Formule:
    """The earliest day on which such a step was taken."""
    return _bij_een_stap(lambda stand: f"de vroegste datum van {gemeenten(stand.in_stap(stap) or 0)} in deze stap")


def verlopen(stap: str | None) -> Formule:
    """The gemeenten that are too late."""
    where = " in een stap" if stap is None else f" in de stap '{stap}'"
    how = f"gemeenten{where} waarvan de termijn voorbij is en die gedeeltelijk of niet voldoen"

    def said(stand: Toezichtstand) -> str:
        many = stand.verlopen(stap)
        return f"niet vast te stellen: van een gemeente{where} is de naleving onbekend" if many is None else how

    return _bij_een_stap(said)


def niet_in_toezicht(stand: Toezichtstand) -> str:
    """The gemeenten that nobody took up."""
    if stand.bekend and stand.van("onbekend"):
        return f"niet vast te stellen: van {gemeenten(stand.van('onbekend'))} is de naleving onbekend"
    return _bij_een_stap(lambda _: "gemeenten die gedeeltelijk of niet voldoen en in geen stap zijn")(stand)


def voldoet_in_toezicht(stand: Toezichtstand) -> str:
    """The gemeenten that were not let go."""
    if stand.bekend and stand.van("onbekend in toezicht"):
        many = gemeenten(stand.van("onbekend in toezicht"))
        return f"niet vast te stellen: van {many} in een stap is de naleving onbekend"
    return _bij_een_stap(lambda _: "gemeenten die voldoen en nog in een stap zijn")(stand)


def niet_nagekomen(stand: Toezichtstand) -> str:
    """The gemeenten that do not comply."""
    if stand.van("onbekend"):
        return f"niet vast te stellen: van {gemeenten(stand.van('onbekend'))} is de naleving onbekend"
    return f"gemeenten die gedeeltelijk of niet voldoen = {number(stand.van('niet nagekomen'))}"


def uren(stap: str, grens: Grens) -> Formule:
    """The hours of a step."""
    return _bij_een_stap(lambda stand: keer(stand, stand.in_stap(stap), stap, grens))


def uren_samen(grens: Grens) -> Formule:
    """The hours of all steps of the minister."""

    def said(stand: Toezichtstand) -> str:
        terms = [keer(stand, many, stap, grens) for stap in STAPPEN if (many := stand.in_stap(stap, MINISTER))]
        return " + ".join(terms) or "geen gemeente is in een stap van de minister"

    return _bij_een_stap(said)


def keer(stand: Toezichtstand, aantal: int | None, stap: str, grens: Grens) -> str:
    """So many gemeenten times what one of them takes in a step."""
    if aantal is None:
        return "niet vast te stellen: niet van elke gemeente is de naleving bekend"
    if not aantal:
        return "0 gemeenten: 0 uur"
    each = stand.per_gemeente(stap, grens)
    hours = f"een onbekend aantal uren ({zonder_raming(stap, grens)})" if each is None else f"{number(each)} uur"
    return f"{gemeenten(aantal)} × {hours}"


def zonder_raming(stap: str, grens: Grens) -> str:
    """Why the hours of a step are not known."""
    bound = {"urenPerGemeente": "", "urenMinstens": " met een ondergrens", "urenHoogstens": " met een bovengrens"}[
        grens
    ]
    return f"van de stap '{stap}' is geen raming{bound} bekend"


def fte_nodig(grens: Grens) -> Formule:
    """The fte that the steps of the minister take."""
    return _bij_een_stap(lambda stand: per_fte(stand, stand.uren(grens, houder=MINISTER)))


def fte_beschikbaar(stand: Toezichtstand) -> str:
    """The fte that the minister has."""
    held = stand.capaciteit.get(MINISTER)
    return f"vastgesteld voor de minister: {number(held['fte'])} fte" if held else _GEEN_CAPACITEIT


def per_fte(stand: Toezichtstand, uren: int | None) -> str:
    """Hours of the minister, by what one of his people works."""
    if uren is None:
        return "niet vast te stellen: de uren zijn niet bekend"
    held = stand.capaciteit.get(MINISTER)
    if held is None and uren:
        return _GEEN_CAPACITEIT
    return f"{number(uren)} uur" + ("" if held is None else f" / {number(held['urenPerFte'])} uur per fte")


def uren_van_allen(grens: Grens) -> Formule:
    """The hours if all that do not comply were taken up."""
    return lambda stand: keer(stand, stand.niet_nagekomen, ACTIEF, grens)


def fte_van_allen(grens: Grens) -> Formule:
    """The fte that these take."""
    return lambda stand: per_fte(stand, stand.uren_voor(stand.niet_nagekomen, ACTIEF, grens))


def haalbaar(grens: Grens) -> Formule:
    """The gemeenten that the minister has the people for."""

    def said(stand: Toezichtstand) -> str:
        held, each = stand.capaciteit.get(MINISTER), stand.per_gemeente(ACTIEF, grens)
        if held is None:
            return _GEEN_CAPACITEIT
        if each is None:
            return f"niet vast te stellen: {zonder_raming(ACTIEF, grens)}"
        if not each:
            return f"niet vast te stellen: {zonder_uren(ACTIEF, grens)}"
        hours = f"{number(held['fte'])} fte × {number(held['urenPerFte'])} uur per fte"
        return f"{hours} / {number(each)} uur per gemeente, naar beneden afgerond"

    return said


def zonder_uren(stap: str, grens: Grens) -> str:
    """Why there is no end to how many gemeenten can be in a step."""
    least = {"urenPerGemeente": "", "urenMinstens": "minstens ", "urenHoogstens": "hoogstens "}[grens]
    return f"een gemeente in de stap '{stap}' kost naar raming {least}0 uur, dus aan hun aantal is geen grens"


_GEEN_CAPACITEIT = "niet vast te stellen: hoeveel uur per fte de minister rekent, is niet bekend"
