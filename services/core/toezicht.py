"""How the toezicht stands on gemeenten together: how many in each step, what that takes, and what is due.

Hours are hours a year. One fte is as many of them as its toezichthouder says. A number is None where what is known does
not carry it: where no step is known at all, where an estimate is missing, or where a naleving is `onbekend`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import zip_longest
from typing import Literal, NamedTuple, get_args

from schemas.data import Toezichtstap
from schemas.reference import Gemeente
from services.core.naleving import NIET_NAGEKOMEN, GemeenteNaleving, Klasse
from services.core.registers import LANDELIJK, Register, Registers
from services.core.stap import BEEINDIGD, MINISTER, Stap
from services.core.values import InzetValue, ToezichtcapaciteitValue

STAPPEN: tuple[Toezichtstap, ...] = tuple(stap for stap in get_args(Toezichtstap) if stap != BEEINDIGD)
"""The steps in which a gemeente is under toezicht, in the order of the ladder."""
ACTIEF: Toezichtstap = "actief toezicht"
"""The step that is asked of when all gemeenten are taken up, unless another is named."""
KLEINSTE = 3
"""The least number of gemeenten, other than 0, that is told to others than the toezicht."""
Grens = Literal["urenPerGemeente", "urenMinstens", "urenHoogstens"]
"""Which of the three numbers of an estimate: itself, its lower bound or its upper bound."""
GRENZEN: Mapping[Grens, str] = {"urenPerGemeente": "", "urenMinstens": "Minstens", "urenHoogstens": "Hoogstens"}
"""Each of them → how the names of figures by it end."""
HAALBAAR_VOLGENS: Mapping[str, Grens] = {
    "": "urenPerGemeente",
    "Minstens": "urenHoogstens",
    "Hoogstens": "urenMinstens",
}
"""How the name of the number of gemeenten that can be done ends → by which number of an estimate. The more hours a
gemeente takes, the fewer can be done."""


class Zaak(NamedTuple):
    """A gemeente as a toezichthouder sees it."""

    gemeente: Gemeente
    naleving: Klasse
    stap: Stap | None
    """The latest step, also when it ended the toezicht; None when none is known."""
    op: datetime
    """V."""

    @property
    def lopend(self) -> Stap | None:
        """The step it is in; None when it is in none."""
        return self.stap if self.stap is not None and self.stap.loopt else None

    @property
    def niet_nagekomen(self) -> bool:
        """Whether it does not do what it must, as far as is known."""
        return self.naleving in NIET_NAGEKOMEN

    @property
    def verlopen(self) -> bool | None:
        """Whether its term passed and it still does not comply. None in no step, or when its naleving is unknown."""
        if self.lopend is None or self.naleving == "onbekend":
            return None
        ends = self.lopend.verloopt_op
        return ends is not None and self.op >= ends and self.niet_nagekomen


def zaak(row: GemeenteNaleving, stap: Stap | None) -> Zaak:
    """Puts the naleving of a gemeente beside its latest step."""
    return Zaak(row.gemeente, row.naleving, stap, row.op)


Groepsoort = Literal[
    "onbekend",
    "niet nagekomen",
    "met stap",
    "niet in toezicht",
    "in stap",
    "verlopen",
    "voldoet in toezicht",
    "onbekend in toezicht",
]


class Groep(NamedTuple):
    """Gemeenten that are counted together: of which kind, in which step, and under whom."""

    soort: Groepsoort
    stap: str = ""
    houder: str = ""


def groepen(een: Zaak) -> Iterator[Groep]:
    """Yields every group that a gemeente is in."""
    if een.naleving == "onbekend":
        yield Groep("onbekend")
    if een.niet_nagekomen:
        yield Groep("niet nagekomen")
    if een.stap is not None:
        yield Groep("met stap")
    lopend = een.lopend
    if lopend is None:
        if een.niet_nagekomen:
            yield Groep("niet in toezicht")
        return
    yield Groep("in stap", lopend.stap, lopend.toezichthouder)
    if een.verlopen:
        yield Groep("verlopen", lopend.stap)
    if een.naleving == "voldoet":
        yield Groep("voldoet in toezicht", lopend.stap)
    elif een.naleving == "onbekend":
        yield Groep("onbekend in toezicht", lopend.stap)


class Toezichtstand(NamedTuple):
    """The toezicht on gemeenten together, from which its figures follow."""

    aantallen: Mapping[Groep, int]
    raming: Mapping[str, InzetValue]
    """Step → the hours that one gemeente takes in it, where that was estimated."""
    capaciteit: Mapping[str, ToezichtcapaciteitValue]
    """Toezichthouder → what it has, where that was said."""
    oudste: Mapping[str, datetime] = {}
    """Step → the earliest moment at which the last step of a gemeente in it was taken. Empty where only numbers are
    wanted."""

    @property
    def bekend(self) -> bool:
        """Whether any step is known at all. If not, there may be some, so nothing can be said."""
        return self.van("met stap") > 0

    def van(self, soort: Groepsoort) -> int:
        """Gives a number of gemeenten, over all steps."""
        return sum(many for groep, many in self.aantallen.items() if groep.soort == soort)

    def in_stap(self, stap: str | None = None, houder: str | None = None) -> int | None:
        """Gives the gemeenten in a step, or in any; under one toezichthouder, or under any."""
        if not self.bekend:
            return None
        return sum(
            many
            for groep, many in self.aantallen.items()
            if groep.soort == "in stap" and stap in (None, groep.stap) and houder in (None, groep.houder)
        )

    def verlopen(self, stap: str | None = None) -> int | None:
        """Gives the gemeenten of a step, or of any, whose term passed and that do not comply."""

        def many(soort: Groepsoort) -> int:
            return sum(n for groep, n in self.aantallen.items() if groep.soort == soort and stap in (None, groep.stap))

        return many("verlopen") if self.bekend and not many("onbekend in toezicht") else None

    @property
    def niet_in_toezicht(self) -> int | None:
        """Gives the gemeenten that do not comply and are in no step."""
        return self.van("niet in toezicht") if self.bekend and not self.van("onbekend") else None

    @property
    def voldoet_in_toezicht(self) -> int | None:
        """Gives the gemeenten that comply and still are in a step."""
        return self.van("voldoet in toezicht") if self.bekend and not self.van("onbekend in toezicht") else None

    @property
    def niet_nagekomen(self) -> int | None:
        """Gives the gemeenten that do not comply."""
        return None if self.van("onbekend") else self.van("niet nagekomen")

    def uren(self, grens: Grens, stap: str | None = None, houder: str | None = None) -> int | None:
        """Gives the hours that the gemeenten in a step take, or in all steps; under one toezichthouder, or all."""
        asked = STAPPEN if stap is None else (stap,)
        found = [self.uren_voor(self.in_stap(one, houder), one, grens) for one in asked]
        known = [one for one in found if one is not None]
        return sum(known) if len(known) == len(found) else None

    def uren_voor(self, gemeenten: int | None, stap: str, grens: Grens) -> int | None:
        """Gives the hours that so many gemeenten would take in a step. None of them take none."""
        if not gemeenten:
            return gemeenten
        each = self.per_gemeente(stap, grens)
        return None if each is None else gemeenten * each

    def per_gemeente(self, stap: str, grens: Grens) -> int | None:
        """Gives the hours that one gemeente takes in a step."""
        return self.raming[stap].get(grens) if stap in self.raming else None

    def haalbaar(self, stap: str, grens: Grens) -> int | None:
        """Gives how many gemeenten the minister has the people for in a step. There is no end to it at 0 hours each."""
        held, each = self.capaciteit.get(MINISTER), self.per_gemeente(stap, grens)
        if held is None or not each:
            return None
        return int(Fraction(str(held["fte"])) * held["urenPerFte"] // each)  # Exact: 0.29 fte of 100 hours carries 29.

    def fte(self, uren: int | None, houder: str = MINISTER) -> float | None:
        """Gives how many fte of a toezichthouder these hours take."""
        if not uren:
            return uren
        held = self.capaciteit.get(houder)
        return None if held is None else uren / held["urenPerFte"]

    def fte_nodig(self, grens: Grens, houder: str = MINISTER) -> float | None:
        """Gives the fte that the steps of a toezichthouder take; by default those of the minister."""
        return self.fte(self.uren(grens, houder=houder), houder)

    def fte_beschikbaar(self, houder: str = MINISTER) -> float | None:
        """Gives the fte that a toezichthouder has; by default the minister."""
        held = self.capaciteit.get(houder)
        return None if held is None else held["fte"]

    @property
    def houders(self) -> list[str]:
        """The toezichthouders that have gemeenten or fte: the minister first, then the provincies by code."""
        found = {groep.houder for groep, many in self.aantallen.items() if groep.soort == "in stap" and many}
        return sorted(found | self.capaciteit.keys(), key=lambda houder: (houder != MINISTER, houder))

    @property
    def heeft_kleine_stap(self) -> bool:
        """Whether a step holds so few gemeenten that a number over all steps would tell of them."""
        return any(_klein(self.in_stap(stap)) for stap in STAPPEN)

    @property
    def heeft_kleine_stap_van_houder(self) -> bool:
        """Whether a step holds so few gemeenten of one toezichthouder that what another needs would tell of them."""
        return any(_klein(many) for groep, many in self.aantallen.items() if groep.soort == "in stap")

    @property
    def klein_naast_naleving(self) -> bool:
        """Whether so few gemeenten are alike in their naleving and in being under toezicht.

        Everybody may know which gemeenten comply, so that number would say something of each of them.
        """
        buiten = self.van("niet in toezicht")
        binnen = self.van("niet nagekomen") - buiten
        return any(map(_klein, (buiten, binnen, (self.in_stap() or 0) - binnen)))


def _klein(many: int | None) -> bool:
    return many is not None and 0 < many < KLEINSTE


def toezichtstand(zaken: Iterable[Zaak], registers: Registers) -> Toezichtstand:
    """Takes the toezicht on these gemeenten together. `registers` hold the estimates and what there is of people."""
    aantallen, oudste = Counter[Groep](), dict[str, datetime]()
    for een in zaken:
        aantallen.update(groepen(een))
        if een.lopend is not None:
            own, held = een.lopend.gezet_op, oudste.get(een.lopend.stap)
            oudste[een.lopend.stap] = own if held is None else min(own, held)
    return Toezichtstand(aantallen, ramingen(registers), capaciteiten(registers), oudste)


def ramingen(registers: Registers) -> dict[str, InzetValue]:
    """Gives the estimate of each step that has one."""
    return {Register.INZET.parts(stored)[0]: winner.value for (_, stored), winner in Register.INZET.among(registers)}


def capaciteiten(registers: Registers) -> dict[str, ToezichtcapaciteitValue]:
    """Gives what each toezichthouder has that said so. That of the country is the minister's."""
    return {
        MINISTER if subject == LANDELIJK else subject: winner.value
        for (subject, _), winner in Register.TOEZICHTCAPACITEIT.among(registers)
    }


class Termijn(NamedTuple):
    """A term that is to pass."""

    zaak: Zaak
    """With the step that has this term, which may begin after V."""
    verloopt_op: datetime
    """The first moment at which the gemeente is too late."""


def komende_termijnen(
    zaken: Iterable[Zaak], aangekondigd: Mapping[str, Sequence[Stap]], binnen: timedelta
) -> list[Termijn]:
    """Gives the terms that pass after V and at most so long after it, the first one first.

    `aangekondigd`: by gemeente the steps that begin after V, in order. Their terms pass too, and the term of a step
    that another replaced by then does not.
    """
    found = []
    for een in zaken:
        steps = [*filter(None, [een.stap]), *aangekondigd.get(een.gemeente.code, ())]
        for step, after in zip_longest(steps, steps[1:]):
            ends = step.verloopt_op
            if ends is None or not step.loopt or not een.op < ends <= een.op + binnen:
                continue
            if after is None or ends < after.gezet_op:
                found.append(Termijn(een._replace(stap=step), ends))
    return sorted(found, key=lambda one: (one.verloopt_op, one.zaak.gemeente.code))
