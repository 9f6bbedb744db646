"""Computes the same figures in another way: naively, from the rules as people state them, on plain JSON.

It shares no code with services/core. It sorts all statements and applies them one after the other, so the last one
wins. Each figure is then looked up in the result, with loops that follow the wording of the rules.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from schemas.events import Event
from schemas.reference import Gemeente

NL = ZoneInfo("Europe/Amsterdam")
WHEN = ("geldigVanaf", "peilmoment", "gezetOp", "peildatum")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def when(statement: dict[str, Any]) -> datetime:
    """Returns the moment in the world. A cyclus has a peildatum too, but its geldigVanaf decides."""
    return at(next(statement["data"][name] for name in WHEN if name in statement["data"]))


@dataclass
class World:
    """What holds at (V, K), by subject and then by register. `wrote` says which event put it there."""

    valid_at: datetime
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrote: dict[tuple[str, str], str] = field(default_factory=dict)
    said: list[dict[str, Any]] = field(default_factory=list)

    def __getitem__(self, subject: str) -> dict[str, Any]:
        return self.held.get(subject, {})

    def expired(self, value: dict[str, Any]) -> bool:
        return "geldigTot" in value and self.valid_at >= at(value["geldigTot"])


def world(events: Iterable[Event], valid_at: datetime, known_at: datetime) -> World:
    """Put the statements in order and let each overwrite what was there."""
    said = {
        event.id: json.loads(event.model_dump_json(exclude_none=True)) for event in events if event.time <= known_at
    }
    withdrawn = set()
    for one in said.values():
        target = said.get(one["data"].get("gebeurtenisId", ""))
        if target and target["source"] == one["source"]:
            withdrawn.add(target["id"])
    facts = [one for one in said.values() if "ingetrokken" not in one["type"] and one["id"] not in withdrawn]
    in_force = [one for one in facts if when(one) <= valid_at]
    result = World(valid_at)
    for one in sorted(in_force, key=lambda s: (when(s), at(s["time"]), s["id"])):
        result.said.append(one)
        for register, value in statements(one):
            result.held.setdefault(one["subject"], {})[register] = value
            result.wrote[one["subject"], register] = one["id"]
    return result


def statements(one: dict[str, Any]) -> list[tuple[str, Any]]:
    """Returns what an event writes. The last part of its type decides what that is."""
    data, kind = one["data"], one["type"].split(".")[2]
    if kind == "locatie-geregistreerd":
        return [("registratie", data), ("open", True)]
    if kind == "locatie-gesloten":
        return [("open", False)]
    if kind == "capaciteit-gewijzigd":
        ends = {"geldigTot": data["geldigTot"]} if "geldigTot" in data else {}
        return [(f"plaatsen.{soort['soort']}", soort | ends) for soort in data["plaatsen"]]
    if kind == "cijfers-gepubliceerd":
        return [(f"gepubliceerd.{data['bron']}.{cijfer['grootheid']}", cijfer) for cijfer in data["cijfers"]]
    register = {
        "bezetting-gemeld": "aanwezig",
        "toegang-gewijzigd": "toegang",
        "maximum-vastgesteld": "maximum",
        "cyclus-vastgesteld": "cyclus",
        "opgave-vastgesteld": f"opgave.{data.get('cyclus')}.{data.get('status')}",
        "overdracht-afgesproken": f"overdracht.{data.get('cyclus')}.{data.get('naar')}",
        "toezichtstap-gezet": "toezicht",
    }
    return [(register[kind], data)]


def places(world: World, locatie: str) -> dict[str, tuple[int, int]]:
    """Returns (aantal, inzetbaar) by soort. Expired places count as 0."""
    found = {}
    for register, value in world[locatie].items():
        if register.startswith("plaatsen."):
            gone = world.expired(value)
            usable = value.get("inzetbaar", value["aantal"])
            found[value["soort"]] = (0, 0) if gone else (value["aantal"], usable)
    return found


def is_open(world: World, locatie: str) -> bool:
    return "registratie" in world[locatie] and world[locatie]["open"] is True


def row(world: World, locatie: str) -> dict[str, Any]:
    """Returns the row of one locatie."""
    here, soorten = world[locatie], places(world, locatie)
    usable = sum(inzetbaar for _, inzetbaar in soorten.values()) if soorten else None
    aanwezig = here["aanwezig"]["aanwezig"] if "aanwezig" in here else None
    limit = here.get("maximum")
    if limit is not None and world.expired(limit):
        limit = None
    return {
        "bekend": "registratie" in here,
        "open": here.get("open", False),
        "gemeente": here["registratie"]["gemeente"] if "registratie" in here else None,
        "soorten": soorten,
        "totaal": sum(aantal for aantal, _ in soorten.values()) if soorten else None,
        "inzetbaar": usable,
        "aanwezig": aanwezig,
        "peilmoment": at(here["aanwezig"]["peilmoment"]) if "aanwezig" in here else None,
        "graad": None if aanwezig is None or not usable else aanwezig / usable,
        "bovenCapaciteit": aanwezig is not None and usable is not None and aanwezig > usable,
        "toegang": here["toegang"]["regime"] if "toegang" in here else None,
        "maximum": limit["maximum"] if limit else None,
        "bovenMaximum": limit is not None and aanwezig is not None and aanwezig > limit["maximum"],
    }


def national(world: World) -> dict[str, Any]:
    """Returns the sums over all open locaties."""
    rows = [row(world, subject) for subject in world.held if subject.startswith("LOC-") and is_open(world, subject)]
    present = [r["aanwezig"] for r in rows if r["aanwezig"] is not None]
    ages = sorted(world.valid_at - r["peilmoment"] for r in rows if r["peilmoment"] is not None)
    top = under = usable = fresh = total = 0
    for r in rows:
        usable += r["inzetbaar"] or 0
        total += r["totaal"] or 0
        if r["aanwezig"] is not None and r["inzetbaar"] is not None:
            top += r["aanwezig"]
            under += r["inzetbaar"]
            if world.valid_at - r["peilmoment"] <= timedelta(hours=24):
                fresh += r["inzetbaar"]
    two_middles = ages[(len(ages) - 1) // 2] + ages[len(ages) // 2] if ages else None
    return {
        "locaties": len(rows),
        "aanwezig": sum(present) if present else None,
        "plaatsen": total,
        "inzetbaar": usable,
        "graad": top / under if under else None,
        "dekking": fresh / usable if usable else None,
        "oudste": ages[-1] // timedelta(seconds=1) if ages else None,
        "mediaan": two_middles // timedelta(seconds=2) if two_middles is not None else None,
    }


def became(code: str, table: dict[str, Gemeente], day: Any) -> str:
    """Returns the gemeente itself, or the successor of one that has ended."""
    row = table[code]
    return became(row.opvolger, table, day) if row.geldig_tot and row.geldig_tot <= day else code


def cyclus(world: World) -> str | None:
    """Returns the cyclus with the latest geldigVanaf. If two share it, returns the later cyclus."""
    starts = [(at(held["cyclus"]["geldigVanaf"]), subject) for subject, held in world.held.items() if "cyclus" in held]
    return max(starts)[1] if starts else None


def opgave(world: World, subject: str, cyclus: str) -> tuple[int, str, int | None] | None:
    for status in ("verdeelbesluit", "provinciaal", "indicatief"):
        if found := world[subject].get(f"opgave.{cyclus}.{status}"):
            return found["opgave"], status, found.get("waarvanAmv")
    return None


def municipality(world: World, code: str, table: dict[str, Gemeente]) -> dict[str, Any]:
    """Returns the naleving row of one gemeente."""
    now = cyclus(world)
    step = world[code].get("toezicht", {}).get("stap")
    task = added(world, code, now, table) if now else None
    counted = max(0, own_places(world, code, now, table) + balance(world, code, now, table)) if now else 0
    if task is not None and task[0] == 0:
        klasse = "geen opgave"
    elif task is not None and counted >= task[0]:
        klasse = "voldoet"
    elif now and not world[now]["cyclus"]["volledig"]:
        klasse = "onbekend"
    elif task is None:
        klasse = "geen opgave"
    else:
        klasse = "gedeeltelijk" if counted > 0 else "voldoet niet"
    return {
        "opgave": task,
        "meetellend": counted,
        "naleving": klasse,
        "toezicht": None if step == "beëindigd" else step,
    }


def own_places(world: World, code: str, now: str, table: dict[str, Gemeente]) -> int:
    """Counts the places, by the rule of the cyclus, of the open locaties that lie in this gemeente on that day."""
    rule, day, own = world[now]["cyclus"], world.valid_at.astimezone(NL).date(), 0
    for locatie in [subject for subject in world.held if subject.startswith("LOC-") and is_open(world, subject)]:
        if became(world[locatie]["registratie"]["gemeente"], table, day) == code:
            own += sum(
                aantal
                for soort, (aantal, _) in places(world, locatie).items()
                if soort in rule["meetellendeSoorten"] and lasts(world[locatie][f"plaatsen.{soort}"], rule)
            )
    return own


def balance(world: World, code: str, now: str, table: dict[str, Gemeente]) -> int:
    """Returns the places received minus the places given."""
    day, saldo = world.valid_at.astimezone(NL).date(), 0
    for giver, held in world.held.items():
        for register, value in held.items():
            if register.startswith(f"overdracht.{now}.") and not world.expired(value):
                saldo += value["aantal"] if became(value["naar"], table, day) == code else 0
                saldo -= value["aantal"] if became(giver, table, day) == code else 0
    return saldo


def lasts(value: dict[str, Any], rule: dict[str, Any]) -> bool:
    return "geldigTot" not in value or at(value["geldigTot"]) >= at(rule["beschikbaarTotMinstens"])


def added(world: World, code: str, now: str, table: dict[str, Gemeente]) -> tuple[int, str, int | None] | None:
    """Adds up the opgaven of a gemeente and of those merged into it.

    In an incomplete cyclus, one unknown part makes the sum unknown.
    """
    day, start = (moment.astimezone(NL).date() for moment in (world.valid_at, at(world[now]["cyclus"]["geldigVanaf"])))
    found, missing = [], False
    for old in table.values():
        if became(old.code, table, day) == code:
            part = opgave(world, old.code, now)
            alive = old.geldig_vanaf <= start and (old.geldig_tot is None or start < old.geldig_tot)
            missing = missing or (part is None and alive)
            found += [part] if part else []
    if not found or (missing and not world[now]["cyclus"]["volledig"]):
        return None
    weakness = ["verdeelbesluit", "provinciaal", "indicatief"]
    counts, states, amv = zip(*found, strict=True)
    return sum(counts), max(states, key=weakness.index), None if None in amv else sum(amv)


def breaches(world: World, locatie: str) -> tuple[int, int, int | None] | None:
    """Returns (days above the maximum in force, days with a reading, penalty)."""
    limit = world[locatie].get("maximum")
    if limit is None or world.expired(limit):
        return None
    by_moment = {
        when(one): one["data"]["aanwezig"]
        for one in world.said
        if one["subject"] == locatie and "aanwezig" in one["data"]
    }
    days: dict[Any, bool] = {}
    for moment, present in by_moment.items():
        if moment >= at(limit["geldigVanaf"]):
            day = moment.astimezone(NL).date()
            days[day] = days.get(day, False) or present > limit["maximum"]
    above = sum(days.values())
    per_day = limit.get("dwangsomPerDag")
    return above, len(days), None if per_day is None else min(above * per_day, limit.get("dwangsomPlafond", 10**12))
