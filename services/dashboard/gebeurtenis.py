"""The page of one event: what it says, what became of it, and which figures it counts in."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import orjson

from services.core.reasons.verklaring import Logregel
from services.core.reasons.zin import ROLLEN, Naam, Zin, gewone_taal, zin_van
from services.core.registers import LANDELIJK, Register
from services.dashboard.melden.gezegd import gezegd
from services.dashboard.melden.intrekking import intrekbaar_op
from services.dashboard.page_request import Blad, Bladtijd
from services.dashboard.tekst import pad_van
from services.reads import answers
from services.reads.gebeurtenis import Plek, Schakel
from services.reads.gebeurtenis import gebeurtenis as read
from services.reads.uitlegbaar import pad_van_uitleg
from services.web.addresses import GEBEURTENIS


class Ander(NamedTuple):
    """Another event, in words, and where it stands."""

    id: str
    zin: Zin


class Verband(NamedTuple):
    """What the event says of one thing, and what was said of that before and after."""

    wat: str
    ervoor: Ander | None
    erna: Ander | None
    stappen: bool
    """Whether they are steps of toezicht, of which one follows on another and replaces none."""


class Telt(NamedTuple):
    """Figures, and whether the event counts in them."""

    naam: str
    pad: str
    telt: bool
    waarom: str


def gebeurtenis(blad: Blad[Bladtijd]) -> dict[str, Any]:
    """Returns an event in words. Raises NotKnownError for one that the caller may not see, or that there never was."""
    caller = blad.caller
    cijfers, found = read(blad.reader, blad.question, blad.code, caller.reads_back, caller.audience_about)
    naam: Naam = cache(cijfers.naam_van)
    regel = found.regel
    zin = zin_van(regel, naam, found.trekt_in)
    return {
        "herkomst": cijfers.herkomst,
        "zin": zin,
        "pad": pad_van(regel.subject) if found.opgezocht or not found.volledig else None,
        "entry": found.entry,
        "gezegd": gezegd(regel.type, found.entry.data),
        "bron": found.entry.data.get("bron"),
        "geldt_vanaf": _ahead(regel, cijfers.herkomst.geldig_op),
        "verbanden": _verbanden(regel, found.schakels, naam),
        "ingetrokken": None if found.ingetrokken_door is None else _ander(found.ingetrokken_door, naam, regel),
        "trekt_in": None if found.trekt_in is None else _ander(found.trekt_in, naam),
        "plekken": [_telt(one, naam) for one in found.plekken],
        "volledig": found.volledig,
        "opgezocht": found.opgezocht,
        "staat": found.staat,
        "trek_in": intrekbaar_op(blad, found.entry) if found.staat else None,
        "gegevens": GEBEURTENIS.to(regel.id),
        "json": orjson.dumps(answers.log_entry(found.entry), option=orjson.OPT_INDENT_2).decode(),
    }


def _ahead(regel: Logregel, op: datetime) -> datetime | None:
    """Returns from when on it holds; None when that has begun, or when it holds as soon as it is known."""
    ahead = [
        one.effective_at
        for one in regel.schrijvingen
        if one.effective_at > op and not Register.of_name(one.register).declared.lens
    ]
    return min(ahead, default=None)


def _ander(event: Logregel, naam: Naam, doel: Logregel | None = None, register: str = "") -> Ander:
    return Ander(event.id, zin_van(event, naam, doel, register))


def _verbanden(regel: Logregel, schakels: Sequence[Schakel], naam: Naam) -> list[Verband]:
    return [
        Verband(
            zin_van(regel, naam, register=one.register).wat,
            None if one.ervoor is None else _ander(one.ervoor, naam, register=one.register),
            None if one.erna is None else _ander(one.erna, naam, register=one.register),
            Register.of_name(one.register) is Register.TOEZICHT,
        )
        for one in schakels
    ]


def _telt(plek: Plek, naam: Naam) -> Telt:
    about = naam(plek.code or LANDELIJK)
    names = {"bezetting": "de bezetting van Nederland", "naleving": "de naleving in Nederland"}
    counts = plek.rol == "telt"
    why = gewone_taal(plek.reden, naam) if plek.reden else ""
    if not counts and plek.rol != "telt niet mee":
        why = ROLLEN[plek.rol].lower()
    return Telt(names.get(plek.kind, f"de cijfers van {about}"), pad_van_uitleg(plek.kind, plek.code), counts, why)
