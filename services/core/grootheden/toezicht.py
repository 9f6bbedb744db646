"""The figures of the toezicht: how many gemeenten in each step, which are due, and what that takes of people.

The figures of a step are declared for every step alike, under a name that begins with that of the step. Others than the
toezicht itself are told how many gemeenten are in each step. What would give one of few away they are not told.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.data import Toezichtstap
from schemas.fields import format_known
from services.core.grootheden import toezichtzinnen as zinnen
from services.core.grootheden.declaratie import Eenheid, Grootheid, Van
from services.core.grootheden.wet import NALEVING
from services.core.kleine_aantallen import Som, Tabel
from services.core.registers import Register
from services.core.stap import MINISTER
from services.core.toezicht import ACTIEF, GRENZEN, HAALBAAR_VOLGENS, KLEINSTE, STAPPEN, Grens, Toezichtstand

_STAP = frozenset({Register.TOEZICHT})
_UREN = frozenset({Register.INZET})
_FTE = _UREN | {Register.TOEZICHTCAPACITEIT}
_LAW = NALEVING.rust_op
_ONDER_TOEZICHT = "onderToezicht"
NAMEN: Mapping[Toezichtstap, str] = {
    "brief": "brief",
    "ambtelijk gesprek": "ambtelijkGesprek",
    "bestuurlijk gesprek": "bestuurlijkGesprek",
    "actief toezicht": "actiefToezicht",
    "vooraankondiging": "vooraankondiging",
    "besluit": "besluit",
    "uitvoering": "uitvoering",
}
"""Step → how the names of its figures begin. Import fails for a step that is missing."""


def _van(waarde: Any, formule: zinnen.Formule, **more: Any) -> Van[Toezichtstand, Toezichtstand]:
    return Van(waarde=waarde, formule=formule, kolom=False, **more)


def _ends(grens: Grens) -> tuple[str, str, str]:
    """Which number of an estimate it is, as it ends a name, a label and a meaning."""
    end = GRENZEN[grens]
    return end, f" {end.lower()}" if end else "", f", {end.lower()}" if end else ""


def naast(stand: Toezichtstand) -> Tabel[str]:
    """The gemeenten in each step, and all of them together, as they are told side by side."""
    parts = {f"{NAMEN[stap]}.gemeenten": stand.in_stap(stap) or 0 for stap in STAPPEN}
    return Tabel({**parts, _ONDER_TOEZICHT: sum(parts.values())}, [Som(_ONDER_TOEZICHT, tuple(parts))])


def _van_stap(stap: Toezichtstap) -> Iterator[Grootheid]:
    naam = NAMEN[stap]
    yield Grootheid(
        naam=f"{naam}.gemeenten",
        eenheid=Eenheid.GEMEENTEN,
        label=f"Gemeenten in de stap {stap}",
        betekenis=f"Gemeenten waarvan de laatste stap van het toezicht '{stap}' is",
        rust_op=_STAP,
        kleinste_aantal=KLEINSTE,
        naast=naast,
        toezicht=_van(lambda stand: stand.in_stap(stap), zinnen.in_stap(stap)),
    )
    yield Grootheid(
        naam=f"{naam}.oudste",
        eenheid=Eenheid.MOMENT,
        label=f"Oudste in de stap {stap}",
        betekenis=f"De vroegste dag waarop een geldende stap '{stap}' is gezet; een nieuwe termijn zet de stap opnieuw",
        rust_op=_STAP,
        geen=True,
        vertrouwelijk=True,
        toezicht=_van(
            lambda stand: format_known(stand.oudste.get(stap)), zinnen.oudste(stap), reeks=False, verschil=False
        ),
    )
    yield Grootheid(
        naam=f"{naam}.verlopen",
        eenheid=Eenheid.GEMEENTEN,
        label=f"Verlopen in de stap {stap}",
        betekenis=f"Gemeenten in de stap '{stap}' waarvan de termijn voorbij is en die gedeeltelijk of niet voldoen",
        rust_op=_STAP | _LAW,
        vertrouwelijk=True,
        toezicht=_van(lambda stand: stand.verlopen(stap), zinnen.verlopen(stap)),
    )
    for grens in GRENZEN:
        end, what, said = _ends(grens)
        yield Grootheid(
            naam=f"{naam}.uren{end}",
            eenheid=Eenheid.UREN,
            label=f"Uren{what} in de stap {stap}",
            betekenis=f"Uren per jaar die de gemeenten in de stap '{stap}' naar raming kosten{said}",
            rust_op=_STAP | _UREN,
            verraadt=lambda stand: stand.heeft_kleine_stap,
            toezicht=_van(lambda stand, grens=grens: stand.uren(grens, stap), zinnen.uren(stap, grens)),
        )


def _samen(grens: Grens) -> Iterator[Grootheid]:
    """The hours and fte of all steps, and those if all were taken up that do not comply, by one number of estimates."""
    end, what, said = _ends(grens)
    allen = f"elke gemeente die gedeeltelijk of niet voldoet bij de minister in '{ACTIEF}' was"
    yield Grootheid(
        naam=f"urenNodig{end}",
        eenheid=Eenheid.UREN,
        label=f"Uren nodig{what}",
        betekenis=f"Uren per jaar die de stappen van de minister naar raming kosten{said}",
        rust_op=_STAP | _UREN,
        verraadt=lambda stand: stand.heeft_kleine_stap or stand.heeft_kleine_stap_van_houder,
        toezicht=_van(lambda stand: stand.uren(grens, houder=MINISTER), zinnen.uren_samen(grens)),
    )
    yield Grootheid(
        naam=f"fteNodig{end}",
        eenheid=Eenheid.FTE,
        label=f"Fte nodig{what}",
        betekenis=f"Fte die de stappen van de minister naar raming kosten{said}",
        rust_op=_STAP | _FTE,
        verraadt=lambda stand: stand.heeft_kleine_stap or stand.heeft_kleine_stap_van_houder,
        toezicht=_van(lambda stand: stand.fte_nodig(grens), zinnen.fte_nodig(grens)),
    )
    yield Grootheid(
        naam=f"allen.uren{end}",
        eenheid=Eenheid.UREN,
        label=f"Uren{what} als allen worden opgepakt",
        betekenis=f"Uren per jaar, naar raming, als {allen}{said}",
        rust_op=_LAW | _UREN,
        toezicht=_van(lambda stand: stand.uren_voor(stand.niet_nagekomen, ACTIEF, grens), zinnen.uren_van_allen(grens)),
    )
    yield Grootheid(
        naam=f"allen.fte{end}",
        eenheid=Eenheid.FTE,
        label=f"Fte{what} als allen worden opgepakt",
        betekenis=f"Fte, naar raming, als {allen}{said}",
        rust_op=_LAW | _FTE,
        toezicht=_van(
            lambda stand: stand.fte(stand.uren_voor(stand.niet_nagekomen, ACTIEF, grens)), zinnen.fte_van_allen(grens)
        ),
    )


def _haalbaar(einde: str, grens: Grens) -> Grootheid:
    """How many gemeenten the people there are can do. The highest estimate gives the least of them."""
    said = f", {einde.lower()}" if einde else ""
    return Grootheid(
        naam=f"allen.haalbaar{einde}",
        eenheid=Eenheid.GEMEENTEN,
        label=f"Gemeenten die de fte aankan{said}",
        betekenis=f"Gemeenten die de minister met de beschikbare fte naar raming in '{ACTIEF}' kan hebben{said}",
        rust_op=_FTE,
        toezicht=_van(lambda stand: stand.haalbaar(ACTIEF, grens), zinnen.haalbaar(grens)),
    )


ONDER_TOEZICHT = Grootheid(
    naam=_ONDER_TOEZICHT,
    eenheid=Eenheid.GEMEENTEN,
    label="Onder toezicht",
    betekenis="Gemeenten onder interbestuurlijk toezicht",
    rust_op=_STAP,
    kleinste_aantal=KLEINSTE,
    naast=naast,
    toezicht=_van(lambda stand: stand.in_stap(), zinnen.in_stap(None)),
)
VERLOPEN = Grootheid(
    naam="termijnenVerlopen",
    eenheid=Eenheid.GEMEENTEN,
    label="Termijnen verlopen",
    betekenis="Gemeenten waarvan de termijn van hun stap voorbij is en die gedeeltelijk of niet voldoen",
    rust_op=_STAP | _LAW,
    vertrouwelijk=True,
    toezicht=_van(lambda stand: stand.verlopen(), zinnen.verlopen(None)),
)
NIET_IN_TOEZICHT = Grootheid(
    naam="nietInToezicht",
    eenheid=Eenheid.GEMEENTEN,
    label="Niet in toezicht",
    betekenis="Gemeenten die gedeeltelijk of niet voldoen en in geen stap van het toezicht zijn",
    rust_op=_STAP | _LAW,
    verraadt=lambda stand: stand.heeft_kleine_stap or stand.klein_naast_naleving,
    toezicht=_van(lambda stand: stand.niet_in_toezicht, zinnen.niet_in_toezicht),
)
VOLDOET_IN_TOEZICHT = Grootheid(
    naam="voldoetInToezicht",
    eenheid=Eenheid.GEMEENTEN,
    label="Voldoet in toezicht",
    betekenis="Gemeenten die voldoen en nog in een stap van het toezicht zijn",
    rust_op=_STAP | _LAW,
    vertrouwelijk=True,
    toezicht=_van(lambda stand: stand.voldoet_in_toezicht, zinnen.voldoet_in_toezicht),
)
FTE_BESCHIKBAAR = Grootheid(
    naam="fteBeschikbaar",
    eenheid=Eenheid.FTE,
    label="Fte beschikbaar",
    betekenis="Fte die de minister voor het toezicht heeft",
    rust_op=frozenset({Register.TOEZICHTCAPACITEIT}),
    toezicht=_van(lambda stand: stand.fte_beschikbaar(), zinnen.fte_beschikbaar),
)
NIET_NAGEKOMEN = Grootheid(
    naam="allen.gemeenten",
    eenheid=Eenheid.GEMEENTEN,
    label="Gemeenten als allen worden opgepakt",
    betekenis="Gemeenten die gedeeltelijk of niet voldoen",
    rust_op=_LAW,
    toezicht=_van(lambda stand: stand.niet_nagekomen, zinnen.niet_nagekomen),
)
VAN_STAPPEN: Mapping[Toezichtstap, tuple[Grootheid, ...]] = {stap: tuple(_van_stap(stap)) for stap in STAPPEN}
"""The figures of each step, in the order in which they are told."""
SAMEN: tuple[Grootheid, ...] = tuple(one for grens in GRENZEN for one in _samen(grens))
"""The hours and fte, for each of the three numbers of an estimate."""
HAALBAAR: tuple[Grootheid, ...] = tuple(_haalbaar(einde, grens) for einde, grens in HAALBAAR_VOLGENS.items())
"""How many gemeenten the people there are can do, and its bounds."""
GROOTHEDEN: tuple[Grootheid, ...] = (
    *(one for those in VAN_STAPPEN.values() for one in those),
    ONDER_TOEZICHT,
    VERLOPEN,
    NIET_IN_TOEZICHT,
    VOLDOET_IN_TOEZICHT,
    *(one for one in SAMEN if not one.naam.startswith("allen.")),
    FTE_BESCHIKBAAR,
    NIET_NAGEKOMEN,
    *(one for one in SAMEN if one.naam.startswith("allen.")),
    *HAALBAAR,
)
"""Every figure of the toezicht."""
