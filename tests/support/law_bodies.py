"""Hypothesis strategies for the bodies of events about the law: cycli, rules, opgaven, transfers and supervision."""

from itertools import permutations, product
from typing import Any

from tests.support.bodies import (
    CYCLI,
    EARLY,
    GEMEENTEN,
    LOCATIES,
    MOMENTS,
    PERIODS,
    PLACES,
    PROVINCIES,
    SOORTEN,
    SUBSETS,
    TELREGELS,
    Body,
    body,
    choose,
    periods,
    registered_in,
)

_DEMANDED = (
    "beschikbaarTotMinstens",
    "nogMinstensMaanden",
    "duurMinstensMaanden",
    "zonderEinddatum",
    "amvApart",
    "termijn",
)
"""What a rule may ask for."""

_DUE = tuple(periods("realiserenVoor"))
"""geldigVanaf, mostly with a term."""

cycles = body(
    "spreidingswet.cyclus-vastgesteld",
    lambda due, until, soorten, whole, rule: {
        **due,
        "raming": 96_000,
        "beschikbaarTotMinstens": until,
        "meetellendeSoorten": soorten,
        **whole,
        **rule,
    },
    CYCLI,
    _DUE,
    MOMENTS,
    SUBSETS,
    ({}, {}, {"volledig": False}),
    ({}, {}, *({"telregel": name} for name in TELREGELS)),
)

_DEMANDS = tuple(
    {name: value for name, value in zip(_DEMANDED, demands, strict=True) if value is not None}
    for demands in product(
        (None, MOMENTS[8], MOMENTS[-1]),
        (None, 1, 6, 18),
        (None, 6, 24),
        (None, "telt niet"),
        (None, True),
        (None, False),
    )
    if demands[1] is None or demands[2] is None or demands[1] <= demands[2]
)

rules = body(
    "spreidingswet.telregel-vastgesteld",
    lambda vanaf, naam, soorten, demands: {
        "geldigVanaf": vanaf,
        "naam": naam,
        "omschrijving": "wat meetelt",
        "meetellendeSoorten": soorten,
        **demands,
    },
    CYCLI,
    EARLY,
    TELREGELS,
    SUBSETS,
    _DEMANDS,
)

tasks = body(
    "spreidingswet.opgave-vastgesteld",
    lambda due, cyclus, status, opgave, amv: {
        **due,
        "cyclus": cyclus,
        "status": status,
        "opgave": opgave,
        **({"waarvanAmv": opgave // amv} if amv else {}),
    },
    (*GEMEENTEN, *PROVINCIES),
    _DUE,
    CYCLI,
    ("verdeelbesluit", "verdeelbesluit", "verdeelbesluit", "provinciaal", "indicatief"),
    PLACES,
    range(3),
)

_STANDEN = ("geschorst", "vernietigd", "geschorst", "geldend", "bezwaar", "beroep")

stands = body(
    "spreidingswet.opgave-stand-gewijzigd",
    lambda period, cyclus, stand, zaak: {**period, "cyclus": cyclus, "stand": stand, **zaak},
    GEMEENTEN,
    PERIODS,
    CYCLI,
    _STANDEN,
    ({}, {"zaak": "ECLI:NL:RBDHA:2025:13423"}),
)

transfers = choose(tuple(permutations(GEMEENTEN, 2)), PERIODS, CYCLI, PLACES).map(
    lambda picked: [
        (
            "spreidingswet.overdracht-afgesproken",
            picked[0][0],
            picked[1] | {"cyclus": picked[2], "naar": picked[0][1], "aantal": picked[3]},
        )
    ]
)

steps = body(
    "spreidingswet.toezichtstap-gezet",
    lambda op, stap, who: {"gezetOp": op, "stap": stap, **who},
    GEMEENTEN,
    EARLY,
    ("brief", "ambtelijk gesprek", "besluit", "beëindigd"),
    ({}, {}, {"toezichthouder": "PV27"}, {"toezichthouder": "minister", "termijn": MOMENTS[-1]}),
)

estimates = body(
    "spreidingswet.inzet-geraamd",
    lambda vanaf, stap, uren: {"geldigVanaf": vanaf, "stap": stap, **uren},
    ("NL",),
    EARLY,
    ("brief", "actief toezicht"),
    ({"urenPerGemeente": 12}, {"urenPerGemeente": 0}, {"urenPerGemeente": 8, "urenMinstens": 4, "urenHoogstens": 40}),
)

capacities_of_supervision = body(
    "spreidingswet.toezichtcapaciteit-vastgesteld",
    lambda vanaf, fte: {"geldigVanaf": vanaf, "fte": fte, "urenPerFte": 1_350},
    ("NL", "PV27"),
    EARLY,
    (0, 2.5, 12),
)


def _bound(
    cyclus: str,
    soorten: list[str],
    until: str,
    gemeenten: tuple[str, ...],
    opgaven: tuple[int, ...],
    more: dict[str, Any],
    status: str,
) -> list[Body]:
    """Makes a cyclus with opgaven."""
    rule = {"raming": 96_000, "beschikbaarTotMinstens": until, "meetellendeSoorten": soorten, **more}
    task = {"cyclus": cyclus, "status": status, "geldigVanaf": MOMENTS[0]}
    return [
        ("spreidingswet.cyclus-vastgesteld", cyclus, rule | {"geldigVanaf": MOMENTS[0]}),
        *(
            ("spreidingswet.opgave-vastgesteld", gemeente, task | {"opgave": opgave})
            for gemeente, opgave in zip(gemeenten, opgaven, strict=True)
        ),
    ]


def _by_rule(
    cyclus: str,
    known: str,
    soorten: list[str],
    demands: dict[str, Any],
    place: tuple[str, str],
    counts: tuple[int, ...],
    more: dict[str, Any],
) -> list[Body]:
    """Makes a cyclus that names a rule, which may be set later, and a verdeelbesluit with places to hold against it."""
    (gemeente, locatie), (opgave, regulier, amv) = place, counts
    naam = TELREGELS[0]
    rule = {"naam": naam, "omschrijving": "wat meetelt", "meetellendeSoorten": soorten, "geldigVanaf": known}
    about = {"raming": 96_000, "beschikbaarTotMinstens": MOMENTS[0], "meetellendeSoorten": list(SOORTEN)}
    task = {"cyclus": cyclus, "status": "verdeelbesluit", "opgave": opgave, "geldigVanaf": MOMENTS[0]}
    amv_task = {"waarvanAmv": min(opgave, more["amv"])} if "amv" in more else {}
    room = [{"soort": soort, "aantal": many} for soort, many in (("regulier", regulier), ("amv", amv))]
    return [
        ("spreidingswet.cyclus-vastgesteld", cyclus, about | {"telregel": naam, "geldigVanaf": MOMENTS[0]}),
        ("spreidingswet.telregel-vastgesteld", cyclus, rule | demands),
        ("spreidingswet.opgave-vastgesteld", gemeente, task | amv_task | more["term"]),
        ("opvanglocaties.locatie-geregistreerd", locatie, registered_in(gemeente)),
        ("opvanglocaties.capaciteit-gewijzigd", locatie, {"plaatsen": room, "geldigVanaf": MOMENTS[0]} | more["end"]),
    ]


def _giving(place: tuple[str, str], soort: str, has: int, promised: int, cyclus: str, to: str) -> list[Body]:
    """Makes a gemeente with places that it promises to another."""
    gemeente, locatie = place
    room = {"plaatsen": [{"soort": soort, "aantal": has}], "geldigVanaf": MOMENTS[0]}
    promise = {"cyclus": cyclus, "naar": to, "aantal": promised, "geldigVanaf": MOMENTS[0]}
    return [
        ("opvanglocaties.locatie-geregistreerd", locatie, registered_in(gemeente)),
        ("opvanglocaties.capaciteit-gewijzigd", locatie, room),
        *([("spreidingswet.overdracht-afgesproken", gemeente, promise)] if to != gemeente else []),
    ]


def _in_a_circle(cyclus: str, gemeenten: tuple[str, ...], promised: tuple[int, ...]) -> list[Body]:
    """Makes gemeenten that give to each other, each to the next and the last to the first."""
    return [
        (
            "spreidingswet.overdracht-afgesproken",
            giver,
            {"cyclus": cyclus, "naar": receiver, "aantal": aantal, "geldigVanaf": MOMENTS[0]},
        )
        for giver, receiver, aantal in zip(gemeenten, (*gemeenten[1:], gemeenten[0]), promised, strict=False)
    ]


def _suspended(gemeente: str, cyclus: str, stands: tuple[str, str], decided: str, opgave: int) -> list[Body]:
    """Makes a stand, and a verdeelbesluit that may only come after it."""
    stand, vanaf = stands
    return [
        (
            "spreidingswet.opgave-stand-gewijzigd",
            gemeente,
            {"cyclus": cyclus, "stand": stand, "geldigVanaf": vanaf},
        ),
        (
            "spreidingswet.opgave-vastgesteld",
            gemeente,
            {"cyclus": cyclus, "status": "verdeelbesluit", "opgave": opgave, "geldigVanaf": decided},
        ),
    ]


cycles_with_tasks = choose(
    CYCLI,
    (list(SOORTEN), list(SOORTEN), *SUBSETS),
    EARLY,
    tuple(permutations(GEMEENTEN, 2)),
    tuple(permutations(PLACES, 2)),
    ({}, {}, {"volledig": False}, {"realiserenVoor": MOMENTS[2]}),
    ("verdeelbesluit", "verdeelbesluit", "provinciaal"),
).map(lambda picked: _bound(*picked))

_MORE = tuple(
    {**amv, "term": term, "end": end}
    for amv in ({}, {"amv": 2}, {"amv": 40})
    for term in ({}, *({"realiserenVoor": moment} for moment in (MOMENTS[2], MOMENTS[5], MOMENTS[8], MOMENTS[9])))
    for end in ({}, *({"geldigTot": moment} for moment in (MOMENTS[8], "2027-02-28")))
)
_AT = tuple((gemeente, locatie) for gemeente in GEMEENTEN for locatie in LOCATIES)
judged_by_rule = choose(CYCLI, EARLY, SUBSETS[::-1], _DEMANDS, _AT, tuple(permutations(PLACES, 3)), _MORE).map(
    lambda picked: _by_rule(*picked)
)

gifts = choose(_AT, SOORTEN, PLACES[3:], PLACES[1:], CYCLI, GEMEENTEN).map(lambda picked: _giving(*picked))

circles = choose(
    CYCLI,
    [codes for size in (2, 3, 4) for codes in permutations(GEMEENTEN, size)],
    tuple(permutations(PLACES, 4)),
).map(lambda picked: _in_a_circle(*picked))

suspensions = choose(GEMEENTEN, CYCLI, tuple(product(_STANDEN, MOMENTS[:6])), MOMENTS[:3], PLACES[1:]).map(
    lambda picked: _suspended(*picked)
)
