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
FRESH = timedelta(hours=26)
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
    """Put the statements in order and let each overwrite what was there. A rule may be held against any moment."""
    said = {
        event.id: json.loads(event.model_dump_json(exclude_none=True)) for event in events if event.time <= known_at
    }
    withdrawn = set()
    for one in said.values():
        target = said.get(one["data"].get("gebeurtenisId", ""))
        if target and target["source"] == one["source"]:
            withdrawn.add(target["id"])
    facts = [one for one in said.values() if "ingetrokken" not in one["type"] and one["id"] not in withdrawn]
    in_force = [one for one in facts if when(one) <= valid_at or "telregel-vastgesteld" in one["type"]]
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
        since = {"beschikbaarVanaf": data["geldigVanaf"]}
        return [(f"plaatsen.{soort['soort']}", since | soort | ends) for soort in data["plaatsen"]]
    if kind == "cijfers-gepubliceerd":
        return [(f"gepubliceerd.{data['bron']}.{cijfer['grootheid']}", cijfer) for cijfer in data["cijfers"]]
    register = {
        "bezetting-gemeld": "aanwezig",
        "toegang-gewijzigd": "toegang",
        "maximum-vastgesteld": "maximum",
        "cyclus-vastgesteld": "cyclus",
        "telregel-vastgesteld": f"telregel.{data.get('naam')}",
        "opgave-vastgesteld": f"opgave.{data.get('cyclus')}.{data.get('status')}",
        "overdracht-afgesproken": f"overdracht.{data.get('cyclus')}.{data.get('naar')}",
        "opgave-stand-gewijzigd": f"opgavestand.{data.get('cyclus')}",
        "toezichtstap-gezet": "toezicht",
        "inzet-geraamd": f"inzet.{data.get('stap')}",
        "toezichtcapaciteit-vastgesteld": "toezichtcapaciteit",
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
    return area(world, [subject for subject in world.held if subject.startswith("LOC-")])


def area(world: World, locaties: Iterable[str]) -> dict[str, Any]:
    """Returns the sums over the open ones among these locaties, and what is known of those that closed."""
    locaties = list(locaties)
    rows = [row(world, subject) for subject in locaties if is_open(world, subject)]
    measured = [r for r in rows if r["aanwezig"] is not None]
    both = [r for r in measured if r["inzetbaar"] is not None]
    ages = sorted(world.valid_at - r["peilmoment"] for r in measured)
    usable = sum(r["inzetbaar"] or 0 for r in rows)
    stated = enough(world, rows)
    top, under = sum(r["aanwezig"] for r in both), sum(r["inzetbaar"] for r in both)
    fresh = sum(r["inzetbaar"] for r in both if world.valid_at - r["peilmoment"] <= FRESH)
    two_middles = ages[(len(ages) - 1) // 2] + ages[len(ages) // 2] if ages else None
    people = sum(r["aanwezig"] for r in measured)
    return {
        "locaties": len(rows),
        "locatiesGemeten": len(measured),
        "aanwezig": people if stated and len(measured) == len(rows) else None,
        "aanwezigGemeten": people,
        "plaatsen": sum(r["totaal"] or 0 for r in rows),
        "inzetbaar": usable,
        "graad": top / under if stated and under else None,
        "graadGemeten": top / under if under else None,
        "dekking": fresh / usable if usable else None,
        "oudste": ages[-1] // timedelta(seconds=1) if ages else None,
        "mediaan": two_middles // timedelta(seconds=2) if two_middles is not None else None,
        **left_behind(world, locaties),
    }


def enough(world: World, rows: list[dict[str, Any]]) -> bool:
    """Whether four in five locaties, and of the known usable places, reported within three times the limit."""
    recent = [r for r in rows if r["peilmoment"] is not None and world.valid_at - r["peilmoment"] <= 3 * FRESH]
    places, reported = (sum(r["inzetbaar"] or 0 for r in those) for those in (rows, recent))
    return bool(rows) and len(recent) * 5 >= len(rows) * 4 and reported * 5 >= places * 4


def left_behind(world: World, locaties: Iterable[str]) -> dict[str, Any]:
    """Returns the people at closed locaties, and how many of these have a count that was too old when they closed."""
    people = too_old = 0
    for locatie in locaties:
        r, said = row(world, locatie), {one["id"]: one for one in world.said}
        if r["bekend"] and world[locatie].get("open") is False and r["aanwezig"]:
            closed = when(said[world.wrote[locatie, "open"]])
            if closed - r["peilmoment"] <= FRESH:
                people += r["aanwezig"]
            else:
                too_old += 1
    return {"aanwezigGesloten": people, "zonderTelling": too_old}


def became(code: str, table: dict[str, Gemeente], day: Any) -> str:
    """Returns the gemeente itself, or the successor of one that has ended."""
    row = table[code]
    return became(row.opvolger, table, day) if row.geldig_tot and row.geldig_tot <= day else code


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
