"""The sample set `publiek`: every real fact in `deploy/voorbeeld/publiek/` as one event, with its `bron`.

A fact that is exact and about one locatie or gemeente becomes an event that counts. A figure that is approximate,
national, provincial or a total made by others becomes `cijfers-gepubliceerd`: it is shown beside ours and counts
nowhere. The one thing that no source says whole is the telregel: it names what of it is our own assumption.
"""

import tomllib
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.voorbeeld.vorm import BRONMAP, PUBLIEK, CloudEvent, data, lees_csv, tekst, type_naam

PUBLIEKE_MAP = BRONMAP / "publiek"

_NAAMRUIMTE = uuid5(NAMESPACE_URL, PUBLIEK)
_MOMENTEN = ("peilmoment", "geldigVanaf", "peildatum", "gezetOp")
_SLEUTELVELDEN = ("cyclus", "status", "naar", "bron")
"""The fields that tell two facts about one subject at one moment apart. Values are not among them."""


def gebeurtenissen() -> list[CloudEvent]:
    """Returns all public facts, in order of `time`: 00:00 in Amsterdam of the day on which they were published."""
    bronnen = (_locaties, _maxima, _toegang, _overnachtingen, _spreidingswet, _opgaven, _cijfers)
    alles = [gebeurtenis for bron in bronnen for gebeurtenis in bron()]
    return sorted(alles, key=lambda gebeurtenis: (gebeurtenis["time"], gebeurtenis["id"]))


def periode(aanduiding: str) -> tuple[date, date]:
    """Returns the first and last day of a day, a month, a year, or two of those with a slash: `2024-12/2025-01`.

    A fact that is not dated to the day holds from the first day, and counts as known from the last.
    """
    begin, _, einde = aanduiding.partition("/")
    return _dagen(begin)[0], _dagen(einde or begin)[1]


def _dagen(aanduiding: str) -> tuple[date, date]:
    jaar, *rest = (int(deel) for deel in aanduiding.split("-"))
    if len(rest) == 2:
        return date(jaar, rest[0], rest[1]), date(jaar, rest[0], rest[1])
    begin, einde = (rest[0], rest[0]) if rest else (1, 12)
    return date(jaar, begin, 1), date(jaar, einde, monthrange(jaar, einde)[1])


def _vanaf(aanduiding: str | None) -> str:
    if aanduiding is None:
        raise ValueError("een datum ontbreekt in een bron; verwacht 2024, 2024-05 of 2024-05-10")
    return tekst(periode(aanduiding)[0])


def _maak(soort: str, onderwerp: str, gepubliceerd: str, /, **waarden: object) -> CloudEvent:
    inhoud = data(soort, **waarden)
    sleutel = [soort, onderwerp, *(str(inhoud[veld]) for veld in (*_MOMENTEN, *_SLEUTELVELDEN) if veld in inhoud)]
    return {
        "specversion": "1.0",
        "id": str(uuid5(_NAAMRUIMTE, "|".join(sleutel))),
        "source": PUBLIEK,
        "type": type_naam(soort),
        "subject": onderwerp,
        "time": tekst(periode(gepubliceerd)[1]),
        "data": inhoud,
    }


def _rijen(naam: str) -> Iterator[dict[str, Any]]:
    yield from lees_csv(PUBLIEKE_MAP / naam)


def _getal(cel: str | None) -> int | None:
    return None if cel is None else int(cel)


def _locaties() -> Iterator[CloudEvent]:
    """Yields the registrations, the places where they are exactly known, and the ends where they are known."""
    for rij in _rijen("locaties.csv"):
        locatie, gepubliceerd, bron = rij["locatie"], rij["gepubliceerd"], rij["bron"]
        vanaf, tot = _vanaf(rij["vanaf"]), _vanaf(rij["tot"]) if rij["tot"] else None
        yield _maak(
            "opvanglocaties.locatie-geregistreerd",
            locatie,
            gepubliceerd,
            naam=rij["naam"],
            gemeente=rij["gemeente"],
            soort=rij["soort"],
            zichtbaarheid="openbaar",
            geldigVanaf=vanaf,
            bron=bron,
        )
        if rij["plaatsen"]:
            plaatsen = [{"soort": rij["plaatsen_soort"], "aantal": int(rij["plaatsen"])}]
            yield _maak(
                "opvanglocaties.capaciteit-gewijzigd",
                locatie,
                gepubliceerd,
                geldigVanaf=vanaf,
                geldigTot=tot,
                plaatsen=plaatsen,
                bron=bron,
            )
        if tot:
            yield _maak("opvanglocaties.locatie-gesloten", locatie, gepubliceerd, geldigVanaf=tot, bron=bron)


def _maxima() -> Iterator[CloudEvent]:
    for rij in _rijen("maxima.csv"):
        yield _maak(
            "opvanglocaties.maximum-vastgesteld",
            rij["locatie"],
            rij["gepubliceerd"],
            geldigVanaf=_vanaf(rij["vanaf"]),
            maximum=int(rij["maximum"]),
            grondslag=rij["grondslag"],
            dwangsomPerDag=_getal(rij["dwangsom_per_dag"]),
            dwangsomPlafond=_getal(rij["dwangsom_plafond"]),
            bron=rij["bron"],
        )


def _toegang() -> Iterator[CloudEvent]:
    for rij in _rijen("toegang.csv"):
        yield _maak(
            "opvanglocaties.toegang-gewijzigd",
            rij["locatie"],
            rij["gepubliceerd"],
            geldigVanaf=_vanaf(rij["vanaf"]),
            regime=rij["regime"],
            bron=rij["bron"],
        )


def _overnachtingen() -> Iterator[CloudEvent]:
    """Yields the overnight counts of Ter Apel. A count belongs to the morning on which the night ends."""
    for rij in _rijen("terapel-overnachtingen.csv"):
        yield _maak(
            "opvanglocaties.bezetting-gemeld",
            "LOC-TER-APEL",
            rij["gepubliceerd"],
            peilmoment=_vanaf(rij["ochtend"]),
            aanwezig=int(rij["aanwezig"]),
            bron=rij["bron"],
        )


def _spreidingswet() -> Iterator[CloudEvent]:
    feiten = tomllib.loads((PUBLIEKE_MAP / "spreidingswet.toml").read_text(encoding="utf-8"))
    yield from _cyclus(feiten["cyclus"])
    yield from _telregels(feiten["telregel"])
    yield from _afspraken(feiten["overdracht"])
    yield from _standen(feiten["stand"])


def _cyclus(rijen: Iterable[Mapping[str, Any]]) -> Iterator[CloudEvent]:
    for cyclus in rijen:
        yield _maak(
            "spreidingswet.cyclus-vastgesteld",
            cyclus["id"],
            cyclus["gepubliceerd"],
            raming=cyclus["raming"],
            peildatum=_vanaf(cyclus["peildatum"]),
            beschikbaarTotMinstens=_vanaf(cyclus["beschikbaar_tot_minstens"]),
            meetellendeSoorten=cyclus["meetellende_soorten"],
            volledig=cyclus["volledig"],
            realiserenVoor=_vanaf(cyclus["realiseren_voor"]) if "realiseren_voor" in cyclus else None,
            telregel=cyclus.get("telregel"),
            geldigVanaf=_vanaf(cyclus["vanaf"]),
            bron=cyclus["bron"],
        )


def _afspraken(rijen: Iterable[Mapping[str, Any]]) -> Iterator[CloudEvent]:
    for overdracht in rijen:
        yield _maak(
            "spreidingswet.overdracht-afgesproken",
            overdracht["van"],
            overdracht["gepubliceerd"],
            cyclus=overdracht["cyclus"],
            naar=overdracht["naar"],
            aantal=overdracht["aantal"],
            geldigVanaf=_vanaf(overdracht["vanaf"]),
            geldigTot=_vanaf(overdracht["tot"]),
            bron=overdracht["bron"],
        )


def _telregels(rijen: Iterable[Mapping[str, Any]]) -> Iterator[CloudEvent]:
    for telregel in rijen:
        yield _maak(
            "spreidingswet.telregel-vastgesteld",
            telregel["cyclus"],
            telregel["gepubliceerd"],
            naam=telregel["naam"],
            omschrijving=telregel["omschrijving"],
            meetellendeSoorten=telregel["meetellende_soorten"],
            beschikbaarTotMinstens=_vanaf(telregel["beschikbaar_tot_minstens"]),
            nogMinstensMaanden=telregel["nog_minstens_maanden"],
            amvApart=telregel["amv_apart"],
            geldigVanaf=_vanaf(telregel["vanaf"]),
            bron=telregel["bron"],
        )


def _standen(rijen: Iterable[Mapping[str, Any]]) -> Iterator[CloudEvent]:
    """Yields what courts said of verdeelbesluiten."""
    for stand in rijen:
        yield _maak(
            "spreidingswet.opgave-stand-gewijzigd",
            stand["gemeente"],
            stand["gepubliceerd"],
            cyclus=stand["cyclus"],
            stand=stand["stand"],
            zaak=stand["zaak"],
            geldigVanaf=_vanaf(stand["vanaf"]),
            bron=stand["bron"],
        )


def _opgaven() -> Iterator[CloudEvent]:
    for rij in _rijen("opgaven.csv"):
        yield _maak(
            "spreidingswet.opgave-vastgesteld",
            rij["gemeente"],
            rij["gepubliceerd"],
            cyclus="2024",
            status=rij["status"],
            opgave=int(rij["opgave"]),
            waarvanAmv=_getal(rij["waarvan_amv"]),
            realiserenVoor=_vanaf(rij["realiseren_voor"]) if rij["realiseren_voor"] else None,
            geldigVanaf=_vanaf(rij["vanaf"] or rij["gepubliceerd"]),
            bron=rij["bron"],
        )


def _cijfers() -> Iterator[CloudEvent]:
    """Yields what others published. Consecutive rows with the same subject, day and source are one event."""
    for pad in sorted(PUBLIEKE_MAP.glob("cijfers-*.csv")):
        for (onderwerp, peildatum, gepubliceerd, bron), groep in groupby(_rijen(pad.name), _kop):
            yield _maak(
                "opvangcijfers.cijfers-gepubliceerd",
                onderwerp,
                gepubliceerd,
                peildatum=_vanaf(peildatum),
                cijfers=[_cijfer(rij) for rij in groep],
                bron=bron,
            )


def _kop(rij: dict[str, Any]) -> tuple[str, str, str, str]:
    return rij["onderwerp"], rij["peildatum"], rij["gepubliceerd"], rij["bron"]


def _cijfer(rij: dict[str, Any]) -> dict[str, Any]:
    getal = float(rij["waarde"]) if "." in rij["waarde"] else int(rij["waarde"])
    return {"grootheid": rij["grootheid"], "waarde": getal, "nauwkeurigheid": rij["nauwkeurigheid"]}
