"""Every address of the API, of logging in and of the checks on a process, each declared once.

A router takes the path from here (`at`), the guard takes the right from here, and the proxy in front of the services
learns here which of them answers. A test compares this list with the routes of every service, both ways. The pages are
declared in `services/dashboard/pages.py`: all of them are read by GET, with the right to read.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypeVar

from fastapi import APIRouter
from starlette.routing import compile_path

API = "/v1"
"""How every path of the API begins."""
FILE_BYTES_MAX = 20 * 1024 * 1024
"""The largest file that people bring in on a page."""
_PARAMETER = re.compile(r"\{\w+\}")


class Right(StrEnum):
    """What an address may ask of its caller. `services/access/roles.py` says which roles have it."""

    READ = "lezen"
    SEND = "gebeurtenissen insturen"
    SEND_OLD = "gebeurtenissen van meer dan 24 uur oud insturen"
    CONFIRM = "alarmen bevestigen en stilleggen"
    METEN = "meten hoe Opvangpeil zelf draait"
    """What `/metrics` tells of processes and of the pipeline."""
    MANAGE = "beheren"
    """Tokens, unprocessable messages, locaties that are afgeschermd, and changing anything at an undeclared address."""


Owner = Literal["ingest", "alarms", "api", "every"]
"""The service that answers. `every`: each service answers for itself."""
About = Literal["figures", "events", "alarms", "receipt", "access", "unprocessable", "process", "files"]
"""What an answer speaks of. Figures, events and alarms could name a locatie, so the law of shielded places reads those.

A receipt says no more than its caller sent in, or whether that still stands.
"""
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Address:
    """One method on one path.

    Once access is set up, `open` and `asks` say who may come here:

    * `open=True`: anyone, without showing anything;
    * `asks=None`: anyone who shows a valid token or is logged in, with any role;
    * `asks=Right.READ`, or another right: whoever also has a role with that right.

    Until then every caller has all rights, and only requests to a name of this machine are answered.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    """With its parameters in braces, as a router has it."""
    asks: Right | None
    """The right that it takes; None: none."""
    owner: Owner
    about: About
    open: bool = False
    """Whether it also takes no token."""
    live: bool = False
    """Whether the answer goes on for as long as the caller listens."""
    costly: bool = False
    """Whether the answer takes so much computing that callers have to take turns. At an open address all strangers
    together are one caller, with a small share."""
    secret: bool = False
    """Whether its path holds what only its caller may know, so that it is logged by its form alone."""
    body_bytes_max: int | None = None
    """The longest body that it takes. None: that of every address (`services/web/edge.py`)."""

    def to(self, *values: str) -> str:
        """Returns the path with these values in the place of its parameters. Raises ValueError for another number."""
        if len(_PARAMETER.findall(self.path)) != len(values):
            raise ValueError(f"{self.path} does not take {len(values)} values")
        left = iter(values)
        return _PARAMETER.sub(lambda _: next(left), self.path)


def _read(path: str, about: About = "figures", *, costly: bool = False) -> Address:
    return Address("GET", path, Right.READ, "api", about, costly=costly)


# Checks on a process, and its description.
GEZOND = Address("GET", "/gezond", None, "every", "process", open=True)
GEREED = Address("GET", "/gereed", None, "every", "process", open=True)
METRICS = Address("GET", "/metrics", Right.READ, "every", "figures")
OPENAPI = Address("GET", "/v1/openapi.json", None, "every", "process", open=True)

# Events in.
INSTUREN = Address("POST", "/v1/gebeurtenissen", Right.SEND, "ingest", "receipt")
MELDEN = Address("POST", "/melden", Right.SEND, "api", "figures")
# A file of a source: what it would do, and sending that. Somewhat more than the file, so that one that is a little too
# large is refused on the page that it came from.
INLEZEN = Address(
    "POST", "/inlezen", Right.SEND, "api", "figures", body_bytes_max=FILE_BYTES_MAX + FILE_BYTES_MAX // 10
)
INLEZEN_VERSTUREN = Address("POST", "/inlezen/versturen", Right.SEND, "api", "figures")
NAMEN = Address("POST", "/namen", Right.SEND, "api", "figures")
VERGELIJKEN = Address("POST", "/v1/vergelijkingen", Right.SEND, "api", "figures", costly=True)
"""A dry run: what events would do, without storing any. It also asks for the right to read, as MELDEN does."""
# The form for programs. Whoever asks these must also be allowed to send (`services/dashboard/melden/antwoord.py`).
MELDFORMULIEREN = Address("GET", "/v1/meldformulieren", Right.READ, "api", "access")
MELDFORMULIER = Address("GET", "/v1/meldformulieren/{soort}", Right.READ, "api", "figures")

# Figures.
BEZETTING = _read("/v1/bezetting")
NALEVING = _read("/v1/naleving")
NALEVING_TELREGELS = _read("/v1/naleving/telregels")
TOEZICHT = _read("/v1/toezicht")
GEMEENTEN = _read("/v1/gemeenten")
GEMEENTE = _read("/v1/gemeenten/{code}")
PROVINCIES = _read("/v1/provincies")
PROVINCIE = _read("/v1/provincies/{code}")
LOCATIES = _read("/v1/locaties")
LOCATIE = _read("/v1/locaties/{id}")
BEZETTING_REEKS = _read("/v1/bezetting/reeks", costly=True)
NALEVING_REEKS = _read("/v1/naleving/reeks", costly=True)
TOEZICHT_REEKS = _read("/v1/toezicht/reeks", costly=True)
GEMEENTE_REEKS = _read("/v1/gemeenten/{code}/reeks", costly=True)
PROVINCIE_REEKS = _read("/v1/provincies/{code}/reeks", costly=True)
LOCATIE_REEKS = _read("/v1/locaties/{id}/reeks", costly=True)
BEZETTING_VOORUITBLIK = _read("/v1/bezetting/vooruitblik", costly=True)
GEMEENTE_VOORUITBLIK = _read("/v1/gemeenten/{code}/vooruitblik", costly=True)
PROVINCIE_VOORUITBLIK = _read("/v1/provincies/{code}/vooruitblik", costly=True)
BEZETTING_VERKLARING = _read("/v1/bezetting/verklaring", costly=True)
NALEVING_VERKLARING = _read("/v1/naleving/verklaring", costly=True)
TOEZICHT_VERKLARING = _read("/v1/toezicht/verklaring", costly=True)
GEMEENTE_VERKLARING = _read("/v1/gemeenten/{code}/verklaring", costly=True)
PROVINCIE_VERKLARING = _read("/v1/provincies/{code}/verklaring", costly=True)
LOCATIE_VERKLARING = _read("/v1/locaties/{id}/verklaring", costly=True)
VERSCHILLEN = _read("/v1/verschillen", costly=True)
AANSLUITING = _read("/v1/aansluiting", costly=True)
DEFINITIES = _read("/v1/definities")
CATALOGUS = _read("/v1/catalogus")
RAPPORT_BEZETTING = _read("/v1/rapporten/bezetting", costly=True)
RAPPORT_NALEVING = _read("/v1/rapporten/naleving", costly=True)
RAPPORT_TOEZICHT = _read("/v1/rapporten/toezicht", costly=True)
RAPPORT_KAMERBRIEF = _read("/v1/rapporten/kamerbrief", costly=True)
RAPPORT_GEMEENTE = _read("/v1/rapporten/gemeente/{code}", costly=True)
STROOM = Address("GET", "/v1/stroom", Right.READ, "api", "figures", live=True)

# Whether a report of a gemeente still stands. Whoever got the letter may ask, and hears nothing else.
CONTROLE = Address("GET", "/controle", None, "api", "receipt", open=True, costly=True)
CONTROLE_CODE = Address("GET", "/controle/{code}", None, "api", "receipt", open=True, costly=True, secret=True)

# The log.
LOGBOEK = _read("/v1/gebeurtenissen", "events")
GEBEURTENIS = _read("/v1/gebeurtenissen/{id}", "events")
ONVERWERKBAAR = Address("GET", "/v1/onverwerkbaar", Right.MANAGE, "api", "unprocessable")
ONVERWERKBAAR_EEN = Address("GET", "/v1/onverwerkbaar/{nummer}", Right.MANAGE, "api", "unprocessable")

# Alarms.
ALARMEN = _read("/v1/alarmen", "alarms")
STILTES = _read("/v1/stiltes", "alarms")
ALARM_BEVESTIGEN = Address("POST", "/v1/alarmen/{id}/bevestigingen", Right.CONFIRM, "alarms", "alarms")
STILTE_INSTELLEN = Address("POST", "/v1/stiltes", Right.CONFIRM, "alarms", "alarms")
STILTE_BEEINDIGEN = Address("DELETE", "/v1/stiltes/{id}", Right.CONFIRM, "alarms", "alarms")
ONTVANGERS = Address("GET", "/v1/ontvangers", Right.READ, "alarms", "alarms")
ONTVANGER = Address("GET", "/v1/ontvangers/{naam}", Right.READ, "alarms", "alarms")
ONTVANGER_GESCHIEDENIS = Address("GET", "/v1/ontvangers/{naam}/geschiedenis", Right.READ, "alarms", "alarms")
HERZENDEN = Address("POST", "/v1/ontvangers/{naam}/herzendingen", Right.CONFIRM, "alarms", "receipt")
PROEFBERICHT = Address("POST", "/v1/ontvangers/{naam}/proefberichten", Right.CONFIRM, "alarms", "receipt")
# The same by the forms of the pages. They answer with the page that they came from.
OPPAKKEN = Address("POST", "/alarmen/oppakken", Right.CONFIRM, "alarms", "alarms")
STILLEGGEN = Address("POST", "/alarmen/stilleggen", Right.CONFIRM, "alarms", "alarms")
EINDE_STILTES = Address("POST", "/stiltes/beeindigen", Right.CONFIRM, "alarms", "alarms")
PROEF_STUREN = Address("POST", "/ontvangers/proef", Right.CONFIRM, "alarms", "alarms")
OPNIEUW_STUREN = Address("POST", "/ontvangers/opnieuw", Right.CONFIRM, "alarms", "alarms")
ALARMTOETSEN = Address("POST", "/v1/alarmtoetsen", Right.READ, "api", "alarms", costly=True)
"""A question, although it takes a body."""

# Who may come in.
TOKEN_MAKEN = Address("POST", "/v1/toegang", Right.MANAGE, "api", "access")
TOKENS = Address("GET", "/v1/toegang", Right.MANAGE, "api", "access")
TOKEN_INTREKKEN = Address("DELETE", "/v1/toegang/{id}", Right.MANAGE, "api", "access")
INLOGGEN = Address("GET", "/inloggen", None, "api", "access", open=True)
INLOGGEN_TERUG = Address("GET", "/inloggen/terug", None, "api", "access", open=True)
UITLOGGEN = Address("POST", "/uitloggen", None, "api", "access")

# What a page loads. Open, since a page that refuses somebody needs them too.
STYLE = Address("GET", "/static/opvangpeil.css", None, "api", "files", open=True)
SCRIPT = Address("GET", "/static/opvangpeil.js", None, "api", "files", open=True)
ICON = Address("GET", "/static/opvangpeil.svg", None, "api", "files", open=True)

ADDRESSES = tuple(value for value in list(vars().values()) if isinstance(value, Address))
"""All of the above."""
_EXACT: dict[str, list[Address]] = defaultdict(list)
for _address in ADDRESSES:
    _EXACT[_address.path].append(_address)
_FORMS = [(compile_path(address.path)[0], address) for address in ADDRESSES if "{" in address.path]


def at(router: APIRouter, address: Address, **said: Any) -> Callable[[Function], Function]:
    """Makes the function below it the answer at an address.

    Args:
        router: the router of the service that owns the address.
        address: the address.
        said: what else FastAPI is told of a route, such as `response_model`.
    """
    return router.api_route(address.path, methods=[address.method], **said)


def page_of(path: str) -> str:
    """Returns the path of the page that shows what this answer of the API says."""
    return path.removeprefix(API)


def loggable(path: str) -> str:
    """Returns a path as a log may show it: without what only its caller may know."""
    return next((address.path for address in declared_at(path) if address.secret), path)


def declared_at(path: str) -> list[Address]:
    """Returns the addresses that a path may be, of any method, matched as a router matches them."""
    return _EXACT.get(path, []) or [address for form, address in _FORMS if form.match(path)]
