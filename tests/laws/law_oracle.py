"""Judges gemeenten in another way: naively, sentence by sentence as the rules are told, on plain JSON.

It shares no code with services/core. Nothing is kept from one gemeente to the next, and nothing is computed at once.
"""

from calendar import monthrange
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from schemas.reference import Gemeente
from tests.laws.oracle import NL, World, at, became, is_open

Row = dict[str, Any]
Table = dict[str, Gemeente]
CLASSES = ("voldoet", "gedeeltelijk", "voldoet niet", "geen opgave", "termijn loopt", "opgeschort", "onbekend")
STATUSES = ("verdeelbesluit", "provinciaal", "indicatief")


def cyclus(world: World, wanted: str | None = None) -> str | None:
    """Returns the greatest id among the cycli in force, or the one asked for."""
    known = [subject for subject, held in world.held.items() if "cyclus" in held and wanted in (None, subject)]
    return max(known) if known else None


def rule(world: World, now: str, wanted: str | None = None) -> Row | None:
    """Returns the rule asked for, else the one that the cyclus names, else its own; None when nobody set it."""
    about = world[now]["cyclus"]
    naam = wanted or about.get("telregel") or "cyclus"
    if naam == "cyclus":
        return {name: about[name] for name in ("meetellendeSoorten", "beschikbaarTotMinstens")}
    return world[now].get(f"telregel.{naam}")


def months_later(moment: datetime, months: int) -> datetime:
    """Returns 00:00 in Amsterdam of its Amsterdam day that many months on, at most the last of that month."""
    day = moment.astimezone(NL).date()
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    last = monthrange(year, month)[1]
    return datetime.combine(date(year, month, min(day.day, last)), time(), NL)


def counts(world: World, place: Row, asked: Row) -> bool:
    """Whether places of one soort of an open locatie count."""
    if place["soort"] not in asked["meetellendeSoorten"] or world.expired(place):
        return False
    if "geldigTot" not in place:
        return asked.get("zonderEinddatum", "telt") == "telt"
    end = at(place["geldigTot"])
    if "beschikbaarTotMinstens" in asked and end < at(asked["beschikbaarTotMinstens"]):
        return False
    if "nogMinstensMaanden" in asked and end < months_later(world.valid_at, asked["nogMinstensMaanden"]):
        return False
    lasts = asked.get("duurMinstensMaanden")
    return lasts is None or end >= months_later(at(place["beschikbaarVanaf"]), lasts)


def own_places(world: World, code: str, asked: Row | None, table: Table) -> tuple[int, int]:
    """Returns the counted places of the open locaties that lie in this gemeente on that day: all, and those for amv."""
    total = amv = 0
    for locatie in [subject for subject in world.held if subject.startswith("LOC-") and is_open(world, subject)]:
        if asked is None or now_called(world[locatie]["registratie"]["gemeente"], world, table) != code:
            continue
        for register, place in world[locatie].items():
            if register.startswith("plaatsen.") and counts(world, place, asked):
                total += place["aantal"]
                amv += place["aantal"] if place["soort"] == "amv" else 0
    return total, amv


def now_called(code: str, world: World, table: Table) -> str:
    return became(code, table, world.valid_at.astimezone(NL).date())


def exists(code: str, world: World, table: Table) -> bool:
    day = world.valid_at.astimezone(NL).date()
    one = table.get(code)
    return one is not None and one.geldig_vanaf <= day and (one.geldig_tot is None or day < one.geldig_tot)


def promises(world: World, now: str, table: Table) -> list[tuple[str, str, int]]:
    """Returns the transfers that may have effect: giver, receiver and places, in the order in which they were made."""
    by_id = {one["id"]: one for one in world.said}
    found = []
    for (subject, register), own_id in world.wrote.items():
        if not register.startswith(f"overdracht.{now}."):
            continue
        value = world[subject][register]
        giver, receiver = (now_called(code, world, table) for code in (subject, value["naar"]))
        if world.expired(value) or giver == receiver:
            continue
        if exists(giver, world, table) and exists(receiver, world, table):
            order = at(value["geldigVanaf"]), at(by_id[own_id]["time"]), own_id
            found.append((order, giver, receiver, value["aantal"]))
    return [one[1:] for one in sorted(found)]


def transferred(world: World, code: str, now: str, asked: Row, table: Table) -> tuple[int, int, int]:
    """Returns what a gemeente gives, receives, and promised without having it."""
    left: dict[str, int] = {}
    given = received = uncovered = 0
    for giver, receiver, promised in promises(world, now, table):
        if giver not in left:
            total, amv = own_places(world, giver, asked, table)
            left[giver] = total - amv
        covered = min(promised, left[giver])
        left[giver] -= covered
        if giver == code:
            given, uncovered = given + covered, uncovered + promised - covered
        if receiver == code:
            received += covered
    return given, received, uncovered


def decisions(world: World, code: str, now: str, table: Table) -> tuple[list[Row], bool]:
    """Returns the verdeelbesluiten that a gemeente consists of, each with its stand, and whether one is not known.

    Its own from a merger on replaces those of the gemeenten that merged into it.
    """
    own = world[code].get(f"opgave.{now}.verdeelbesluit")
    found, unknown = ([judged_by(world, code, now, own)], False) if own else ([], was_there(world, code, now, table))
    for old in merged_into(world, code, now, table):
        more, also = decisions(world, old, now, table)
        found, unknown = found + more, unknown or also
    return found, unknown


def was_there(world: World, code: str, now: str, table: Table) -> bool:
    """Whether a gemeente existed when the cyclus began."""
    one, started = table[code], at(world[now]["cyclus"]["geldigVanaf"]).astimezone(NL).date()
    return one.geldig_vanaf <= started and (one.geldig_tot is None or started < one.geldig_tot)


def merged_into(world: World, code: str, now: str, table: Table) -> list[str]:
    """Returns the gemeenten that merged into this one, unless it got a verdeelbesluit of its own from then on."""
    own, day = world[code].get(f"opgave.{now}.verdeelbesluit"), world.valid_at.astimezone(NL).date()
    return [
        old.code
        for old in table.values()
        if old.opvolger == code
        and old.geldig_tot is not None
        and old.geldig_tot <= day
        and (own is None or at(own["geldigVanaf"]) < datetime.combine(old.geldig_tot, time(), NL))
    ]


def judged_by(world: World, code: str, now: str, decision: Row) -> Row:
    stand = world[code].get(f"opgavestand.{now}")
    acts = stand is not None and not world.expired(stand) and at(stand["geldigVanaf"]) >= at(decision["geldigVanaf"])
    return {
        "opgave": decision["opgave"],
        "amv": decision.get("waarvanAmv"),
        "term": decision.get("realiserenVoor", world[now]["cyclus"].get("realiserenVoor")),
        "stand": stand["stand"] if acts else "geldend",
    }


def decision(world: World, code: str, now: str, table: Table) -> Row | None:
    """Returns the verdeelbesluit by which a gemeente is judged; after a merger the sum of those that bind."""
    found, unknown = decisions(world, code, now, table)
    if not found or (unknown and not world[now]["cyclus"]["volledig"]):
        return None
    binding = [one for one in found if one["stand"] not in ("geschorst", "vernietigd")]
    those = binding or found
    amv, terms = [one["amv"] for one in those], [one["term"] for one in those]
    return {
        "opgave": sum(one["opgave"] for one in those),
        "amv": None if None in amv else sum(amv),
        "term": None if None in terms else max(at(term) for term in terms),
        "binds": bool(binding),
    }


def shown(world: World, code: str, now: str, table: Table) -> tuple[int, str, int | None] | None:
    """Returns the strongest opgave known of a gemeente, and of those that merged into it."""
    judged = decision(world, code, now, table)
    if judged is not None:
        return judged["opgave"], "verdeelbesluit", judged["amv"]
    found, missing = [], False
    for part in parts(world, code, now, table):
        known = [(s, value) for s in STATUSES if (value := world[part].get(f"opgave.{now}.{s}"))]
        if known:
            found.append(known[0])
        else:
            missing = missing or was_there(world, part, now, table)
    if not found or (missing and not world[now]["cyclus"]["volledig"]):
        return None
    amv = [value.get("waarvanAmv") for _, value in found]
    return (
        sum(value["opgave"] for _, value in found),
        max((status for status, _ in found), key=STATUSES.index),
        None if None in amv else sum(amv),
    )


def parts(world: World, code: str, now: str, table: Table) -> list[str]:
    """Returns a gemeente, and those that its opgave comes from too."""
    return [code, *(part for old in merged_into(world, code, now, table) for part in parts(world, old, now, table))]


def supervision(world: World, code: str, table: Table) -> str | None:
    """Returns the latest step of any gemeente that went into this one, unless it ended the supervision."""
    by_id = {one["id"]: one for one in world.said}
    steps = [
        (at(world[old]["toezicht"]["gezetOp"]), at(by_id[own_id]["time"]), own_id, world[old]["toezicht"]["stap"])
        for (old, register), own_id in world.wrote.items()
        if register == "toezicht" and now_called(old, world, table) == code
    ]
    step = max(steps)[-1] if steps else None
    return None if step == "beëindigd" else step


def municipality(world: World, code: str, table: Table, wanted: tuple[str | None, str | None] = (None, None)) -> Row:
    """Returns the row of one gemeente, judged by the cyclus and the rule that are asked for."""
    now = cyclus(world, wanted[0])
    asked = rule(world, now, wanted[1]) if now else None
    task = decision(world, code, now, table) if now else None
    own, amv = own_places(world, code, asked, table)
    given, received, uncovered = transferred(world, code, now, asked, table) if now and asked else (0, 0, 0)
    found = {
        "opgave": shown(world, code, now, table) if now else None,
        "eigen": own,
        "amv": amv,
        "gegeven": given,
        "ontvangen": received,
        "ongedekt": uncovered,
        "meetellend": own - given + received,
        "toezicht": supervision(world, code, table),
    }
    found["naleving"] = klasse(world, now, asked, task, found)
    return found | short(asked, task, found)


def klasse(world: World, now: str | None, asked: Row | None, task: Row | None, found: Row) -> str:
    """Returns the first that holds."""
    whole = now is not None and world[now]["cyclus"]["volledig"]
    if now is None or asked is None or (task is None and not whole):
        return "onbekend"
    if task is None or task["opgave"] == 0:
        return "geen opgave"
    if not task["binds"]:
        return "opgeschort"
    return by_places(world, asked, task, found, whole)


def by_places(world: World, asked: Row, task: Row, found: Row, whole: bool) -> str:
    """Returns the class of a gemeente with a verdeelbesluit that binds."""
    apart, enough = asked.get("amvApart", False), found["meetellend"] >= task["opgave"]
    if enough and apart and task["amv"] is None:
        return "onbekend"
    if enough and (not apart or found["amv"] >= task["amv"]):
        return "voldoet"
    if not whole:
        return "onbekend"
    if task["term"] is not None and world.valid_at < task["term"] and asked.get("termijn", True):
        return "termijn loopt"
    return "voldoet niet" if found["meetellend"] == 0 else "gedeeltelijk"


def short(asked: Row | None, task: Row | None, found: Row) -> Row:
    """Returns the tekort, or the most that it can be.

    A tekort that also depends on an amv number is not known without that number, which is at most the opgave.
    """
    if found["naleving"] == "geen opgave":
        return {"tekort": 0, "tekortMinstens": None, "tekortHoogstens": None}
    if task is None:
        return {"tekort": None, "tekortMinstens": None, "tekortHoogstens": None}
    apart = asked is not None and asked.get("amvApart", False)
    amv_short = [(task["opgave"] if task["amv"] is None else task["amv"]) - found["amv"]] if apart else []
    most = max([0, task["opgave"] - found["meetellend"], *amv_short])
    if found["naleving"] in ("onbekend", "opgeschort"):
        return {"tekort": None, "tekortMinstens": 0, "tekortHoogstens": most}
    if apart and task["amv"] is None:
        return {"tekort": None, "tekortMinstens": task["opgave"] - found["meetellend"], "tekortHoogstens": most}
    return {"tekort": most, "tekortMinstens": None, "tekortHoogstens": None}


def country(rows: list[Row], decided: list[int | None], whole: bool) -> Row:
    """Returns the figures of all gemeenten together.

    `decided` are the places of the verdeelbesluit of each, and `whole` is whether a gemeente without one has no task.
    """
    judged = [row for row in rows if row["naleving"] != "opgeschort"]
    known = [row["tekort"] for row in rows if row["tekort"] is not None]
    bounds = [row["tekortHoogstens"] for row in rows if row["tekort"] is None]
    at_least = [row["tekortMinstens"] for row in rows if row["tekortMinstens"] is not None]
    return {
        "totalen": {name: sum(row["naleving"] == name for row in rows) for name in CLASSES},
        "opgave": sum(one or 0 for one in decided) if whole or None not in decided else None,
        "opgaveMinstens": sum(one or 0 for one in decided),
        "tekort": None if any(row["tekort"] is None for row in judged) else sum(known),
        "tekortMinstens": sum(known) + sum(at_least),
        "tekortHoogstens": None if None in bounds else sum(known) + sum(bounds),
    }


def spread(world: World, rows: dict[str, Row], now: str | None, table: Table) -> Fraction | None:
    """Returns half the sum of the differences between the shares of the places and of the opgaven."""
    if now is None or not world[now]["cyclus"]["volledig"] or any(r["naleving"] == "onbekend" for r in rows.values()):
        return None
    tasks = {
        code: 0 if row["naleving"] == "geen opgave" else (decision(world, code, now, table) or {"opgave": 0})["opgave"]
        for code, row in rows.items()
    }
    places, asked = sum(row["meetellend"] for row in rows.values()), sum(tasks.values())
    if not places or not asked:
        return None
    return sum(abs(Fraction(rows[code]["meetellend"], places) - Fraction(tasks[code], asked)) for code in rows) / 2


def per_thousand(world: World, rows: dict[str, Row], table: Table) -> Fraction | None:
    """Returns the places for each thousand inhabitants, also those of the gemeenten that merged into these."""
    people = sum(one.inwoners for one in table.values() if now_called(one.code, world, table) in rows)
    if not people or any(row["naleving"] == "onbekend" for row in rows.values()):
        return None
    return Fraction(1000 * sum(row["meetellend"] for row in rows.values()), people)
