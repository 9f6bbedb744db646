"""The paragraph about one gemeente, read whole: each sentence must be true for someone who knows only the letter."""

from datetime import datetime
from typing import Any

import pytest

from schemas.events import Event
from services.core import naleving
from services.core.fold import fold
from services.core.gemeenten import indeling
from services.core.locaties import locaties
from services.core.naleving import KLASSEN
from services.core.reasons.gemeentebrief import Feiten, Regelfeit, alinea, feiten, kern
from services.core.standen import standen
from services.core.stap import Stap
from services.core.telregel import Gevraagd, maatstaf
from tests.support.make import cycle, moment, places, registered, rule, stand, step, task, transfer
from tests.support.strategies import merging_gemeenten

V, DAY = moment("2026-05-25T22:00:00Z"), "2024-03-31T22:00:00Z"
HILVERSUM, WIJDEMEREN, UTRECHT = "GM0402", "GM1696", "GM0344"
HAD = "De gemeente Hilversum had, zoals bekend aan het begin van 26 mei 2026, in cyclus 2024 van de Spreidingswet"
DECIDED = "De opgave volgt uit het verdeelbesluit, dat geldt vanaf 1 april 2024. Een termijn was daarvoor niet bekend."
OWN_RULE = (
    "Plaatsen zijn geteld volgens de regel van cyclus 2024 zelf, die geldt vanaf 1 april 2024. Daarbij is niet bekeken "
    "of er genoeg plaatsen voor alleenstaande minderjarigen (amv) zijn en hoelang plaatsen na die dag nog blijven."
)
HUNDRED = f"{HAD} een opgave van 100 plaatsen. {DECIDED} Het besluit gold. {OWN_RULE}"


def counted(meetellend: int, eigen: int, gegeven: int = 0, ontvangen: int = 0, before: str = "Er telden") -> str:
    return (
        f"{before} {meetellend} plaatsen voor haar mee: {eigen} eigen, {gegeven} door overdracht gegeven aan en "
        f"{ontvangen} zo ontvangen van andere gemeenten."
    )


CYCLE, TASK = cycle(vanaf=DAY), task(100, vanaf=DAY)
HERE = (registered(vanaf=DAY), places(50, vanaf=DAY))
OPEN = cycle(vanaf=DAY, volledig=False)


def facts(*events: Event, code: str = HILVERSUM, telregel: str | None = None, at: datetime = V) -> Feiten:
    registers, table = fold(events, at, moment("2040-01-01")), merging_gemeenten()
    by = maatstaf(registers, Gevraagd(None, telregel))
    rows = naleving.naleving(registers, standen(locaties(registers, at)), table, at, by)
    return feiten(next(row for row in rows if row.gemeente.code == code), registers, indeling(table, at))


def told(found: Feiten, naam: str = "Hilversum", at: datetime = V, known: datetime = V, **also: bool) -> str:
    return alinea(found, naam, at, known, **also)


SAID = [
    (
        "onbekend",
        (),
        "Over de opgave van de gemeente Hilversum was, zoals bekend aan het begin van 26 mei 2026, niets te zeggen, "
        "want een geldende cyclus van de Spreidingswet was niet bekend.",
    ),
    (
        "geen opgave",
        (CYCLE,),
        f"{HAD} geen opgave. {OWN_RULE} Er telde geen enkele plaats voor haar mee. Zij had dus niets waaraan zij moest "
        "voldoen, en kwam geen plaatsen tekort.",
    ),
    (
        "geen opgave",
        (CYCLE, task(0, vanaf=DAY)),
        f"{HAD} een opgave van 0 plaatsen. {DECIDED} Het besluit gold. {OWN_RULE} Er telde geen enkele plaats voor "
        "haar mee. Zij had dus niets waaraan zij moest voldoen, en kwam geen plaatsen tekort.",
    ),
    (
        "geen opgave",
        (CYCLE, task(7, status="indicatief", vanaf=DAY)),
        f"{HAD} een opgave van 7 plaatsen. Die opgave is indicatief en geldt vanaf 1 april 2024; zij bindt niet, want "
        f"dat doet alleen een verdeelbesluit. {OWN_RULE} Er telde geen enkele plaats voor haar mee. Zij had dus niets "
        "waaraan zij moest voldoen, en kwam geen plaatsen tekort.",
    ),
    (
        "onbekend",
        (OPEN,),
        "Van de gemeente Hilversum was, zoals bekend aan het begin van 26 mei 2026, in cyclus 2024 van de "
        f"Spreidingswet geen opgave bekend. {OWN_RULE} Plaatsen die voor haar meetellen waren niet bekend. Van cyclus "
        "2024 is niet alles vastgelegd: er kunnen meer plaatsen meetellen. Of zij aan haar opgave voldeed was niet "
        "vast te stellen: geen verdeelbesluit bekend. Hoeveel plaatsen zij tekortkwam was niet vast te stellen.",
    ),
    (
        "onbekend",
        (OPEN, TASK, *HERE),
        f"{HUNDRED} {counted(50, 50, before='Voor zover bekend telden er')} Van cyclus 2024 is niet alles vastgelegd: "
        "er kunnen meer plaatsen meetellen. Of zij aan haar opgave voldeed was niet vast te stellen: niet alle "
        "plaatsen zijn bekend. Hoeveel plaatsen zij tekortkwam was niet vast te stellen; het waren er hoogstens 50.",
    ),
    (
        "onbekend",
        (cycle(vanaf=DAY, telregel="streng"), TASK, *HERE),
        f"{HAD} een opgave van 100 plaatsen. {DECIDED} Het besluit gold. Hoeveel plaatsen meetelden was niet te "
        "zeggen, want telregel streng was niet vastgesteld. Of zij aan haar opgave voldeed was niet vast te stellen: "
        "telregel streng is niet vastgesteld. Hoeveel plaatsen zij tekortkwam was niet vast te stellen; het waren er "
        "hoogstens 100.",
    ),
    (
        "voldoet",
        (CYCLE, TASK, *HERE, places(120, vanaf=DAY, time="2024-05-01")),
        f"{HUNDRED} {counted(120, 120)} Daarmee voldeed zij aan haar opgave, en kwam zij geen plaatsen tekort.",
    ),
    (
        "gedeeltelijk",
        (CYCLE, TASK, *HERE, transfer(20, HILVERSUM, UTRECHT, vanaf=DAY)),
        f"{HUNDRED} {counted(30, 50, gegeven=20)} Daarmee voldeed zij gedeeltelijk aan haar opgave. Zij kwam 70 "
        "plaatsen tekort.",
    ),
    (
        "voldoet niet",
        (CYCLE, TASK, *HERE, transfer(60, HILVERSUM, UTRECHT, vanaf=DAY)),
        f"{HUNDRED} {counted(0, 50, gegeven=50)} Voor 10 plaatsen die zij toezegde had zij geen eigen plaatsen; die "
        "tellen nergens mee. Daarmee voldeed zij niet aan haar opgave. Zij kwam 100 plaatsen tekort.",
    ),
    (
        "termijn loopt",
        (CYCLE, task(100, vanaf=DAY, voor="2026-06-30T22:00:00Z", amv=4), stand("bezwaar", vanaf=DAY)),
        f"{HAD} een opgave van 100 plaatsen, waarvan 4 voor amv. De opgave volgt uit het verdeelbesluit, dat geldt "
        "vanaf 1 april 2024. De opgave moet gerealiseerd zijn vóór 1 juli 2026. Tegen het besluit liep bezwaar; het "
        f"bleef intussen gelden. {OWN_RULE} Er telde geen enkele plaats voor haar mee. Zij voldeed daarmee nog niet "
        "aan haar opgave, en de termijn liep nog. Zij kwam 100 plaatsen tekort.",
    ),
    (
        "opgeschort",
        (CYCLE, TASK, *HERE, stand("geschorst", vanaf=DAY, zaak="ECLI:NL:RBDHA:2025:1")),
        f"{HAD} een opgave van 100 plaatsen. {DECIDED} Het besluit was geschorst (ECLI:NL:RBDHA:2025:1), en bond "
        f"daarom niet. {OWN_RULE} {counted(50, 50)} Omdat het besluit geschorst was, hoefde zij niet aan haar opgave "
        "te voldoen. Hoeveel plaatsen zij tekortkwam was niet vast te stellen; het waren er hoogstens 50.",
    ),
]


@pytest.mark.parametrize(("klasse", "events", "said"), SAID)
def test_each_class_and_each_thing_that_is_not_known_has_its_sentence(
    klasse: str, events: tuple[Event, ...], said: str
) -> None:
    found = facts(*events)
    assert (found.klasse, told(found)) == (klasse, said)


def test_every_class_has_a_letter() -> None:
    assert {klasse for klasse, _, _ in SAID} == {*KLASSEN}


STRICT = (cycle(vanaf=DAY), rule("streng", vanaf=DAY, nog=7, amv_apart=True), *HERE)
AMV = places(3, soort="amv", vanaf=DAY)


def by_the_rule(*events: Event) -> str:
    return told(facts(*STRICT, *events, telregel="streng"))


def test_a_rule_is_told_by_its_name_and_date_and_amv_where_it_asks_for_them() -> None:
    said = by_the_rule(task(50, vanaf=DAY, amv=4), AMV)
    assert "geteld volgens telregel streng, die geldt vanaf 1 april 2024: de telregel streng. Er telden 53" in said
    assert "Van haar eigen plaatsen die meetellen waren er 3 voor amv; nodig waren er 4." in said
    assert said.endswith("Daarmee voldeed zij gedeeltelijk aan haar opgave. Zij kwam 1 plaats tekort.")


def test_where_nobody_said_how_many_are_for_amv_the_tekort_is_bounded() -> None:
    assert by_the_rule(task(60, vanaf=DAY), AMV).endswith(
        "waren er 3 voor amv; hoeveel er daarvoor nodig zijn was niet bekend. Daarmee voldeed zij gedeeltelijk aan "
        "haar opgave. Hoeveel plaatsen zij tekortkwam was niet vast te stellen: amv-opgave onbekend; het waren er "
        "minstens 7 en hoogstens 57."
    )
    assert "Of zij aan haar opgave voldeed was niet vast te stellen: amv-opgave onbekend." in by_the_rule(
        task(50, vanaf=DAY), AMV
    )


def test_of_gemeenten_that_merged_no_single_date_is_told() -> None:
    after = moment("2027-05-01")
    parts = (CYCLE, TASK, task(40, WIJDEMEREN, vanaf="2024-06-01"))
    found = facts(*parts, at=after)
    assert (found.opgave, found.sinds) == (140, None)
    assert "De opgave volgt uit de verdeelbesluiten van de gemeenten die zijn samengegaan." in told(found)


def test_when_and_with_what_knowledge_is_told_and_that_it_is_invented() -> None:
    said = told(facts(CYCLE), known=moment("2026-05-27T08:30:00Z"), simulatie=True)
    assert "had aan het begin van 26 mei 2026, zoals bekend op 27 mei 2026 om 10:30, in cyclus 2024" in said
    assert said.startswith("Let op: in deze cijfers tellen gesimuleerde gegevens mee")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((), "Een stap van interbestuurlijk toezicht op haar was niet bekend."),
        (
            (step("brief", op=DAY),),
            "In het interbestuurlijk toezicht was de stap ‘brief’ van kracht, gezet op 1 april 2024 door de minister, "
            "zonder termijn.",
        ),
        (
            (step("besluit", op=DAY, toezichthouder="PV27", termijn="2026-07-01T12:00:00Z"),),
            "In het interbestuurlijk toezicht was de stap ‘besluit’ van kracht, gezet op 1 april 2024 door de "
            "provincie Noord-Holland, met een termijn tot en met 1 juli 2026.",
        ),
        (
            (step("brief", op=DAY, termijn="2026-05-01"),),
            "In het interbestuurlijk toezicht was de stap ‘brief’ van kracht, gezet op 1 april 2024 door de minister, "
            "met een termijn tot en met 1 mei 2026, die voorbij was.",
        ),
        (
            (step("brief", op="2024-01-01"), step("beëindigd", op=DAY)),
            "Het interbestuurlijk toezicht op haar is op 1 april 2024 beëindigd door de minister.",
        ),
    ],
)
def test_toezicht_is_told_to_who_may_know_and_not_mentioned_to_others(steps: tuple[Event, ...], said: str) -> None:
    found = facts(CYCLE, *steps)
    assert told(found, over_toezicht=True) == f"{told(found)} {said}"
    assert "toezicht" not in told(found)


OTHERWISE: dict[str, Any] = {
    "cyclus": "2026",
    "volledig": False,
    "regel": Regelfeit("los", "een andere", False, V, ()),
    "opgave": 101,
    "status": "provinciaal",
    "sinds": V,
    "amv_opgave": 9,
    "realiseren_voor": V,
    "stand": "beroep",
    "zaak": "zaak 1",
    "eigen": 51,
    "gegeven": 1,
    "ontvangen": 1,
    "ongedekt": 1,
    "meetellend": 51,
    "amv": 9,
    "klasse": "voldoet niet",
    "tekort": 49,
    "stap": Stap("brief", V, "minister", None),
}


@pytest.mark.parametrize("field", OTHERWISE)
def test_what_the_letter_says_and_its_digest_change_together(field: str) -> None:
    found = facts(CYCLE, TASK, *HERE, stand("bezwaar", vanaf=DAY))
    other = found._replace(**{field: OTHERWISE[field]})
    assert kern(other) != kern(found)
    assert told(other, over_toezicht=True) != told(found, over_toezicht=True)


def test_a_digest_is_of_the_facts_alone() -> None:
    at_once, later = facts(CYCLE, TASK, *HERE), facts(*HERE, TASK, CYCLE, step("brief", UTRECHT))
    assert kern(at_once) == kern(later)
    assert len(kern(at_once)) == 16
    assert {*OTHERWISE, "gemeente", "zonder_regel", "reden", "tekort_minstens", "tekort_hoogstens"} == {*Feiten._fields}
