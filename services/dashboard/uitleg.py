"""The pages that explain: figures with their formula, and the events behind them as sentences."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from pydantic import Field

from services.core.dutch import plain
from services.core.grootheden import KLASSENAMEN
from services.core.reasons.verklaring import Logregel, Rol
from services.core.reasons.zin import ROLLEN, Naam, Zin, gewone_taal, waarom, zin_en_waarom, zonder_melding
from services.core.registers import LANDELIJK, Register
from services.dashboard.page_request import Blad, Bladtijd
from services.dashboard.tabellen.lijst import page_of_rows
from services.dashboard.telling import telling
from services.reads import uitleg as explanations
from services.reads.uitleg import Regel
from services.reads.uitlegbaar import pad_van_uitleg
from services.web.addresses import API

_CLASSES = frozenset(KLASSENAMEN.values())
"""The figures that are a number of gemeenten in a class."""
_TITELS = {"naleving": "Naleving in Nederland", "toezicht": "Toezicht op gemeenten"}
"""What is explained, where that is no subject by itself."""
ROWS_MAX = 200
"""Rows on one page."""


class Verklaringvraag(Bladtijd):
    """Which events are shown, and which page of them."""

    rol: Rol | None = None
    zoek: str | None = Field(default=None, max_length=120)
    """Words in the name or the code of what an event is about."""
    bladzijde: int = Field(default=1, ge=1, le=10_000)


class Rij(NamedTuple):
    """A row of an explanation, in words."""

    regel: Regel
    over: str
    zin: Zin | None
    """What its event says; None for the places that are told without an event."""
    waarom: str
    gelogd: Logregel | None


def verklaring(blad: Blad[Verklaringvraag], *, kind: str) -> dict[str, Any]:
    """Returns the figures of something, each with its formula, and the events behind them. Raises NotKnownError."""
    code, vraag = blad.code, blad.vraag
    cijfers, said = explanations.uitleg(blad.reader, blad.question, kind, code)
    own = cijfers.locatie(code)
    naam = cache(cijfers.naam_van)
    about = said.regels if vraag.zoek is None else [*filter(_wanted(vraag.zoek, naam), said.regels)]
    asked = about if vraag.rol is None else [one for one in about if one.rol == vraag.rol]
    page = page_of_rows(asked, vraag.bladzijde, ROWS_MAX)
    shown = rijen_van(explanations.gebeurtenissen(blad.reader, cijfers, said, page.rijen), page.rijen, naam)
    return {
        "herkomst": cijfers.herkomst,
        "onderwerp": code or LANDELIJK,
        "titel": _TITELS.get(kind) or naam(code or LANDELIJK),
        "terug": "/" if kind == "bezetting" else f"/{kind}/{code}" if code else f"/{kind}",
        "gegevens": f"{API}{pad_van_uitleg(kind, code)}",
        "naar_regel": kind not in ("bezetting", "locaties"),
        "figuren": [one._replace(formule=gewone_taal(one.formule, naam)) for one in said.figuren],
        "klassen": {one.grootheid: one.waarde for one in said.figuren if one.grootheid in _CLASSES},
        "zonder_stappen": kind == "toezicht" and Register.TOEZICHT in cijfers.unseen,
        "telling": None if own is None else telling(own, cijfers.herkomst.geldig_op, cijfers.grenzen),
        "volledig": said.volledig,
        "rollen": ROLLEN,
        "aantallen": Counter(one.rol for one in about),
        "groepen": [(rol, [*rows]) for rol, rows in groupby(shown, key=lambda row: row.regel.rol)],
        "naam": naam,
        "zonder_melding": zonder_melding,
        **page._asdict(),
    }


def rijen_van(events: Mapping[str, Logregel], regels: Iterable[Regel], naam: Naam) -> list[Rij]:
    """Puts rows in words, by the events that are given."""
    return [_rij(one, events, naam) for one in regels]


def _rij(regel: Regel, events: Mapping[str, Logregel], naam: Naam) -> Rij:
    event = None if regel.id is None else events[regel.id]
    door = None if regel.door is None else events.get(regel.door)
    if event is None:
        return Rij(regel, naam(regel.subject), None, waarom(regel.rol, regel.reden, naam), None)
    said = zin_en_waarom(event, regel.rol, regel.reden, naam, door, regel.register or "")
    return Rij(regel, naam(regel.subject), *said, event)


def _wanted(zoek: str, naam: Naam) -> Callable[[Regel], bool]:
    words = plain(zoek).split()
    found = cache(lambda subject: all(word in plain(f"{naam(subject)} {subject}") for word in words))
    return lambda one: found(one.subject)
