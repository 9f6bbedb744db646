"""Counts the toezicht in another way: naively, gemeente by gemeente as the sentences say it, on plain JSON.

It shares no code with services/core, apart from the names of the figures.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tests.laws.law_oracle import Table, municipality, now_called
from tests.laws.oracle import NL, World, at

STEPS = {
    "brief": "brief",
    "ambtelijkGesprek": "ambtelijk gesprek",
    "bestuurlijkGesprek": "bestuurlijk gesprek",
    "actiefToezicht": "actief toezicht",
    "vooraankondiging": "vooraankondiging",
    "besluit": "besluit",
    "uitvoering": "uitvoering",
}
BOUNDS = {"": "urenPerGemeente", "Minstens": "urenMinstens", "Hoogstens": "urenHoogstens"}
Case = dict[str, Any]


def last_step(world: World, code: str, table: Table) -> Case | None:
    """Returns what was said last of a gemeente, or of one that merged into it."""
    by_id = {one["id"]: one for one in world.said}
    said = [
        (at(world[old]["toezicht"]["gezetOp"]), at(by_id[own_id]["time"]), own_id, world[old]["toezicht"])
        for (old, register), own_id in world.wrote.items()
        if register == "toezicht" and now_called(old, world, table) == code
    ]
    return max(said, key=lambda one: one[:3])[3] if said else None


def after_the_day(text: str) -> datetime:
    """Returns the first moment after the Dutch day of a moment."""
    return datetime.combine(at(text).astimezone(NL).date() + timedelta(days=1), time(), NL)


def cases(world: World, codes: list[str], table: Table, wanted: tuple[str | None, str | None]) -> list[Case]:
    """Returns how each gemeente stands: its class, its step, and whether it is too late."""
    found = []
    for code in codes:
        klasse, step = municipality(world, code, table, wanted)["naleving"], last_step(world, code, table)
        runs = step is not None and step["stap"] != "beëindigd"
        case = {"klasse": klasse, "known": step is not None, "step": step if runs else None, "late": None}
        if runs:
            passed = "termijn" in step and world.valid_at >= after_the_day(step["termijn"])
            case["late"] = None if klasse == "onbekend" else passed and klasse in ("gedeeltelijk", "voldoet niet")
        found.append(case)
    return found


def figures(world: World, codes: list[str], table: Table, wanted: tuple[str | None, str | None]) -> dict[str, Any]:
    """Returns every figure of the toezicht by name, as the toezicht itself is told it."""
    all_ = cases(world, codes, table, wanted)
    short = [case for case in all_ if case["klasse"] in ("gedeeltelijk", "voldoet niet")]
    unknown = any(case["klasse"] == "onbekend" for case in all_)
    many = None if unknown else len(short)
    found: dict[str, Any] = {"allen.gemeenten": many}
    for end, bound in BOUNDS.items():
        found[f"allen.uren{end}"] = hours(world, many, "actief toezicht", bound)
        found[f"allen.fte{end}"] = people(world, found[f"allen.uren{end}"])
    has = world["NL"].get("toezichtcapaciteit")
    found["fteBeschikbaar"] = None if has is None else has["fte"]
    for end, bound in (("", "urenPerGemeente"), ("Minstens", "urenHoogstens"), ("Hoogstens", "urenMinstens")):
        found[f"allen.haalbaar{end}"] = within(has, world["NL"].get("inzet.actief toezicht", {}).get(bound))
    if not any(case["known"] for case in all_):
        return found
    inside = [case for case in all_ if case["step"] is not None]
    found["onderToezicht"] = len(inside)
    found["termijnenVerlopen"] = counted(case["late"] for case in inside)
    found["nietInToezicht"] = None if unknown else sum(case["step"] is None for case in short)
    classes = [case["klasse"] for case in inside]
    found["voldoetInToezicht"] = None if "onbekend" in classes else classes.count("voldoet")
    for name, stap in STEPS.items():
        here = [case for case in inside if case["step"]["stap"] == stap]
        found[f"{name}.gemeenten"] = len(here)
        found[f"{name}.oudste"] = min((at(case["step"]["gezetOp"]) for case in here), default=None)
        found[f"{name}.verlopen"] = counted(case["late"] for case in here)
        for end, bound in BOUNDS.items():
            found[f"{name}.uren{end}"] = hours(world, len(here), stap, bound)
    for end, bound in BOUNDS.items():
        of_minister = [case for case in inside if case["step"].get("toezichthouder", "minister") == "minister"]
        mine = [
            hours(world, sum(case["step"]["stap"] == stap for case in of_minister), stap, bound)
            for stap in STEPS.values()
        ]
        found[f"urenNodig{end}"] = added(mine)
        found[f"fteNodig{end}"] = people(world, added(mine))
    return found


def within(has: Case | None, each: int | None) -> int | None:
    """Returns how many times the hours of one gemeente fit in those that the minister has."""
    if has is None or not each:
        return None
    return int(Decimal(repr(has["fte"])) * has["urenPerFte"] / each)


def hours(world: World, many: int | None, stap: str, bound: str) -> int | None:
    """Returns what so many gemeenten take in a step; nothing for none of them."""
    if many is None or many == 0:
        return many
    each = world["NL"].get(f"inzet.{stap}", {}).get(bound)
    return None if each is None else many * each


def people(world: World, many: int | None) -> float | None:
    """Returns the fte of the minister for so many hours."""
    if many is None or many == 0:
        return many
    has = world["NL"].get("toezichtcapaciteit")
    return None if has is None else many / has["urenPerFte"]


def added(numbers: Any) -> int | None:
    """Adds numbers; None when one of them is not known."""
    found = list(numbers)
    return None if None in found else sum(found)


def counted(answers: Any) -> int | None:
    """Counts what is so; None when that is not known of one of them."""
    found = list(answers)
    return None if None in found else sum(found)
