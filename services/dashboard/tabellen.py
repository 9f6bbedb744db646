"""The three tables: locaties, gemeenten and provincies, each with its columns and its filters."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from fastapi.responses import Response

from schemas.fields import GemeenteCode, ProvincieCode, format_known
from schemas.reference import PROVINCIES, Gemeente
from services.core.bezetting import Bezetting
from services.core.locaties import Locatie
from services.core.naleving import KLASSE_KEYS, KLASSEN, GemeenteNaleving
from services.dashboard.blad import Blad
from services.dashboard.kaart import Kleuring, kaart
from services.dashboard.lijst import Lijstvraag, Veld, bladzijde, meenemen
from services.dashboard.tekst import janee, kort, procent, streepje
from services.reads import answers
from services.web.asked import WaarOfNiet


class Locatiesvraag(Lijstvraag):
    """Which locaties."""

    gemeente: GemeenteCode | None = None
    provincie: ProvincieCode | None = None
    soort: str | None = None
    toegang: Literal["open", "gecontroleerd", "beperkt", "gesloten"] | None = None
    open: WaarOfNiet | None = None
    vol: WaarOfNiet | None = None
    """Only those with more people than usable places, or only the others."""


class Gemeentenvraag(Lijstvraag):
    """Which gemeenten, and how the map is coloured."""

    aantal: int = 500
    provincie: ProvincieCode | None = None
    naleving: Literal[KLASSEN] | None = None  # type: ignore[valid-type]
    toezicht: WaarOfNiet | None = None
    kaart: Kleuring = "naleving"


class Locatierij(NamedTuple):
    """A locatie, and where it lies at V."""

    locatie: Locatie
    gemeente: Gemeente | None

    @property
    def vol(self) -> bool:
        """More people than usable places."""
        return self.locatie.boven_capaciteit


class Gemeenterij(NamedTuple):
    """A gemeente: its opgave, and its people."""

    naleving: GemeenteNaleving
    bezetting: Bezetting


LOCATIES: Sequence[Veld[Locatierij]] = (
    Veld("naam", "Locatie", lambda r: r.locatie.naam, "tekst"),
    Veld("gemeente", "Gemeente", lambda r: r.gemeente.naam if r.gemeente else None),
    Veld("provincie", "Provincie", lambda r: PROVINCIES[r.gemeente.provincie] if r.gemeente else None),
    Veld("soort", "Soort", lambda r: r.locatie.soort),
    Veld("bezettingsgraad", "Bezettingsgraad", lambda r: r.locatie.bezettingsgraad, "breuk", procent),
    Veld("aanwezig", "Aanwezig", lambda r: r.locatie.aanwezig, "heel"),
    Veld("inzetbaar", "Inzetbaar", lambda r: r.locatie.inzetbaar, "heel"),
    Veld("vrij", "Vrij", lambda r: r.locatie.vrij, "heel"),
    Veld("plaatsen", "Plaatsen", lambda r: r.locatie.totaal_plaatsen, "heel"),
    Veld("toegang", "Toegang", lambda r: r.locatie.toegang),
    Veld("open", "Open", lambda r: r.locatie.open, "waar", janee),
    Veld("peilmoment", "Gemeten op", lambda r: format_known(r.locatie.peilmoment), "moment", kort),
    Veld("id", "Id", lambda r: r.locatie.id),
)
GEMEENTEN: Sequence[Veld[Gemeenterij]] = (
    Veld("naam", "Gemeente", lambda r: r.naleving.gemeente.naam),
    Veld("provincie", "Provincie", lambda r: PROVINCIES[r.naleving.gemeente.provincie]),
    Veld("naleving", "Naleving", lambda r: r.naleving.naleving),
    Veld("opgave", "Opgave", lambda r: r.naleving.opgave.opgave if r.naleving.opgave else None, "heel"),
    Veld("opgaveStatus", "Status", lambda r: r.naleving.opgave.status if r.naleving.opgave else None),
    Veld("meetellend", "Telt mee", lambda r: r.naleving.meetellend, "heel"),
    Veld("tekort", "Tekort", lambda r: r.naleving.tekort, "heel"),
    Veld("toezicht", "Toezicht", lambda r: r.naleving.toezicht, "tekst", streepje),
    Veld("locaties", "Locaties", lambda r: r.bezetting.locaties, "heel"),
    Veld("aanwezig", "Aanwezig", lambda r: r.bezetting.aanwezig, "heel"),
    Veld("inzetbaar", "Inzetbaar", lambda r: r.bezetting.inzetbaar, "heel"),
    Veld("bezettingsgraad", "Bezettingsgraad", lambda r: r.bezetting.bezettingsgraad, "breuk", procent),
    Veld("code", "Code", lambda r: r.naleving.gemeente.code),
)


def _total(key: str) -> Callable[[Mapping[str, Any]], int]:
    return lambda r: int(r["totalen"][key])


PROVINCIES_VELDEN: Sequence[Veld[Mapping[str, Any]]] = (
    Veld("naam", "Provincie", lambda r: r["naam"]),
    Veld("bezettingsgraad", "Bezettingsgraad", lambda r: r["bezettingsgraad"], "breuk", procent),
    Veld("aanwezig", "Aanwezig", lambda r: r["aanwezig"], "heel"),
    Veld("inzetbaar", "Inzetbaar", lambda r: r["inzetbaar"], "heel"),
    Veld("locaties", "Locaties", lambda r: r["locaties"], "heel"),
    Veld("dekking", "Gemeld in 24 uur", lambda r: r["dekking"], "breuk", procent),
    Veld("opgave", "Opgave", lambda r: r["opgave"], "heel"),
    *(Veld(key, klasse.capitalize(), _total(key), "heel") for klasse, key in KLASSE_KEYS.items()),
    Veld("code", "Code", lambda r: r["code"]),
)


def locaties(blad: Blad[Locatiesvraag]) -> dict[str, Any] | Response:
    """The page of locaties."""
    cijfers, vraag = blad.cijfers(), blad.vraag
    every = [Locatierij(one, cijfers.gemeente_of(one)) for one in cijfers.shown]
    registered = [row for row in every if row.locatie.registered]
    rows = [row for row in registered if _wanted(row, vraag)]
    page = bladzijde(rows, LOCATIES, vraag, "naam", _text_of)
    if vraag.formaat is not None:
        return meenemen("locaties", vraag.formaat, page, cijfers.herkomst, blad.question)
    return {
        "herkomst": cijfers.herkomst,
        "bladzijde": page,
        "soorten": sorted({row.locatie.soort for row in registered if row.locatie.soort}),
        "provincies": PROVINCIES,
        "onbekend": [row.locatie.id for row in every if not row.locatie.registered],
    }


def gemeenten(blad: Blad[Gemeentenvraag]) -> dict[str, Any] | Response:
    """The page of gemeenten, with the map."""
    cijfers, vraag = blad.totalen(), blad.vraag
    rows = [
        Gemeenterij(row, cijfers.in_gemeente(row.gemeente.code))
        for row in cijfers.naleving
        if vraag.provincie in (None, row.gemeente.provincie)
        and vraag.naleving in (None, row.naleving)
        and vraag.toezicht in (None, row.toezicht is not None)
    ]
    page = bladzijde(rows, GEMEENTEN, vraag, "naam", lambda r: f"{r.naleving.gemeente.naam} {r.naleving.gemeente.code}")
    if vraag.formaat is not None:
        return meenemen("gemeenten", vraag.formaat, page, cijfers.herkomst, blad.question)
    return {
        "herkomst": cijfers.herkomst,
        "bladzijde": page,
        "cyclus": cijfers.cyclus,
        "klassen": KLASSEN,
        "provincies": PROVINCIES,
        "kaart": kaart(cijfers, vraag.kaart),
        "op_bladzijde": frozenset(row.naleving.gemeente.code for row in page.rijen),
    }


def provincies(blad: Blad[Lijstvraag]) -> dict[str, Any] | Response:
    """The page of provincies."""
    cijfers, vraag = blad.totalen(), blad.vraag
    rows: list[Mapping[str, Any]] = [answers.provincie_row(cijfers, code) for code in PROVINCIES]
    page = bladzijde(rows, PROVINCIES_VELDEN, vraag, "naam", lambda row: f"{row['naam']} {row['code']}")
    if vraag.formaat is not None:
        return meenemen("provincies", vraag.formaat, page, cijfers.herkomst, blad.question)
    return {"herkomst": cijfers.herkomst, "bladzijde": page}


def _text_of(row: Locatierij) -> str:
    place = "" if row.gemeente is None else f"{row.gemeente.naam} {PROVINCIES[row.gemeente.provincie]}"
    return f"{row.locatie.naam} {row.locatie.id} {place}"


def _wanted(row: Locatierij, vraag: Locatiesvraag) -> bool:
    one, where = row.locatie, row.gemeente
    return (
        vraag.open in (None, one.open)
        and (vraag.vol is None or (one.vrij is not None and vraag.vol == one.boven_capaciteit))
        and vraag.soort in (None, one.soort)
        and vraag.toegang in (None, one.toegang)
        and vraag.gemeente in (None, where and where.code)
        and vraag.provincie in (None, where and where.provincie)
    )
