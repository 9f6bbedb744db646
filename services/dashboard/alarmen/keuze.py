"""Which alarms the list shows, in which groups, and what can be done about all of a group at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

from pydantic import Field

from schemas.data import Ernst
from schemas.reference import PROVINCIES
from services.core.dutch import plain
from services.dashboard.page_request import Daadvraag
from services.dashboard.tekst import regelnaam
from services.dashboard.woorden import STATEN
from services.reads.alarm_keuze import ERNSTEN, LAND, Keuze, Rij, Veld, Volgorde, geteld, staten

ROWS_MAX = 100
SAMEN_MAX = 1_000
"""So many alarms can be taken up or silenced by one act."""
Staat = Literal["open", "actief", "opgepakt", "onderdrukt", "stil", "wachtend", "hersteld", "alle"]
_STATEN: Mapping[str, str] = {"open": "alle open", **STATEN, "alle": "alle, ook van eerder"}
"""What can be chosen of how alarms stand → the words for it."""
NIET_GEMELD = frozenset({"onderdrukt", "stil"})
"""How an alarm stands of which nobody is told."""
GROEPEN: Mapping[str, str] = {"geen": "niet", "regel": "regel", "provincie": "provincie", "ernst": "ernst"}
VELDEN: tuple[Veld, ...] = ("status", "ernst", "regel", "provincie")


class Alarmvraag(Daadvraag):
    """Which alarms the list shows. `open`: all that go off, also those of which nobody is told."""

    status: Staat | None = "open"
    ernst: Ernst | None = None
    regel: str | None = Field(default=None, max_length=60)
    provincie: Literal[(LAND, *PROVINCIES)] | None = None  # type: ignore[valid-type]
    onderwerp: str | None = Field(default=None, max_length=60)
    zoek: str | None = Field(default=None, max_length=120)
    groep: Literal["geen", "regel", "provincie", "ernst"] = "geen"
    sorteer: Volgorde | None = None
    bladzijde: int = Field(default=1, ge=1, le=10_000)

    @property
    def keuze(self) -> Keuze:
        """Which alarms these are. Those about a gemeente or a provincie are also those about what lies in it."""
        status = None if self.status == "alle" else self.status
        return Keuze(status, self.ernst, self.regel, self.provincie, binnen=self.onderwerp, zoek=self.zoek or "")

    @property
    def volgorde(self) -> Volgorde:
        """In which order: the worst first, and those of which some are over the newest first."""
        return self.sorteer or ("-sinds" if self.status in ("hersteld", "wachtend", "alle", None) else "ernst")


class Groep(NamedTuple):
    """Alarms with something in common."""

    sleutel: str
    """The value that they share; empty when all stand in one list."""
    naam: str
    rijen: Sequence[Rij]
    """Those that are shown."""
    totaal: int
    ernst: str
    """The worst of them."""
    samen: "Samen"


class Samen(NamedTuple):
    """What can be done about some alarms at once."""

    doel: str
    """Names the form among those of a page."""
    keus: str
    """Asks for these alarms, as a query."""
    op_te_pakken: Sequence[str]
    """The ids of those that nobody took up yet."""
    stil_te_leggen: Sequence[str]
    """The ids of those that are not silenced."""


def merk(ids: Iterable[str]) -> str:
    """Returns what tells whether some alarms are still the same that somebody saw."""
    return sha256("|".join(sorted(ids)).encode()).hexdigest()[:12]


def wie_wacht_eerst(rijen: Iterable[Rij]) -> list[Rij]:
    """Puts those of which nobody is told last, and within an ernst those that somebody took up after the others."""

    def key(rij: Rij) -> tuple[bool, int, bool]:
        return rij.toestand in NIET_GEMELD, ERNSTEN.index(rij.alarm.ernst), rij.alarm.bevestiging is not None

    return sorted(rijen, key=key)


def facetten(rijen: Sequence[Rij], keuze: Keuze) -> dict[Veld, dict[str, int]]:
    """Returns for each field how many alarms each of its choices would list."""
    of: dict[Veld, Callable[[Rij], Iterable[str]]] = {
        "status": lambda rij: (*dict.fromkeys(staten(rij)), "alle"),
        "ernst": lambda rij: (rij.alarm.ernst,),
        "regel": lambda rij: (rij.alarm.regel,),
        "provincie": lambda rij: (rij.provincie,),
    }
    return {veld: geteld(rijen, keuze, veld, of[veld]) for veld in VELDEN}


def keuzes(facetten: Mapping[Veld, Mapping[str, int]]) -> dict[Veld, list[tuple[str, str, int]]]:
    """Returns for each field its choices: (value, words, how many)."""
    words: dict[Veld, list[tuple[str, str]]] = {
        "status": [*_STATEN.items()],
        "ernst": [(one, one) for one in ERNSTEN],
        "regel": [(one, regelnaam(one)) for one in sorted(facetten["regel"])],
        "provincie": [*sorted(PROVINCIES.items(), key=lambda one: plain(one[1])), (LAND, "heel Nederland")],
    }
    return {veld: [(one, word, facetten[veld].get(one, 0)) for one, word in words[veld]] for veld in VELDEN}


def groepen(rijen: Sequence[Rij], vraag: Alarmvraag, gevraagd: Mapping[str, str]) -> list[Groep]:
    """Returns the alarms in groups, the worst group first. `gevraagd`: what the URL asks."""
    naar = vraag.groep
    if naar == "geen":
        return [_groep("", "", rijen, gevraagd)]
    by_key: dict[str, list[Rij]] = {}
    for rij in rijen:
        by_key.setdefault(_sleutel(rij, naar), []).append(rij)
    made = [_groep(key, _naam(key, naar), some, {**gevraagd, naar: key}) for key, some in by_key.items()]
    return sorted(made, key=lambda one: (ERNSTEN.index(one.ernst), -one.totaal, plain(one.naam)))


def _sleutel(rij: Rij, naar: str) -> str:
    if naar == "provincie":
        return rij.provincie
    return rij.alarm.regel if naar == "regel" else rij.alarm.ernst


def _naam(key: str, naar: str) -> str:
    if naar == "provincie":
        return PROVINCIES.get(key, "Heel Nederland")
    return regelnaam(key) if naar == "regel" else key.capitalize()


def _groep(key: str, naam: str, rijen: Sequence[Rij], asked: Mapping[str, str]) -> Groep:
    worst = min((rij.alarm.ernst for rij in rijen), key=ERNSTEN.index, default=ERNSTEN[-1])
    return Groep(key, naam, rijen[:ROWS_MAX], len(rijen), worst, samen_van(rijen, asked))


_VAN_KEUS = ("status", "ernst", "regel", "provincie", "onderwerp", "zoek")


def samen_van(rijen: Iterable[Rij], asked: Mapping[str, Any]) -> Samen:
    """Returns what can be done about these alarms, which `asked` asks for."""
    listed = list(rijen)
    keus = urlencode({name: asked[name] for name in _VAN_KEUS if asked.get(name)})
    pick = [rij.alarm.id for rij in listed if rij.alarm.open and rij.alarm.bevestiging is None]
    hush = [rij.alarm.id for rij in listed if rij.toestand not in ("hersteld", "stil")]
    return Samen(f"g-{merk([keus])}", keus, pick, hush)
