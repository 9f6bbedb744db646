"""The list that the toezicht works from: gemeenten in a step, and those that are in none, in one table with filters."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any, Literal, NamedTuple

from fastapi.responses import Response
from pydantic import Field

from schemas.data import Toezichtstap
from schemas.events import ToezichtstapGezet, type_name
from schemas.fields import ProvincieCode, format_known, format_moment
from schemas.moments import day_of
from schemas.reference import PROVINCIES
from schemas.reference.toezichtladder import toezichtladder
from services.access import Right
from services.core.grootheden.wet import MEETELLEND, NALEVING, OPGAVE, TEKORT
from services.core.naleving import KLASSEN, GemeenteNaleving
from services.core.stap import Stap
from services.core.toezicht import ACTIEF, STAPPEN, Zaak, komende_termijnen
from services.core.toezichtstappen import Gezet, Stappen, misstappen
from services.dashboard.kaart.kaart import STIJLEN
from services.dashboard.page_request import Blad, address_of
from services.dashboard.tabellen.gebieden import GEMEENTEN, bijzonderheden
from services.dashboard.tabellen.keuze import Filter, Keuze, Keuzelijst, gekozen
from services.dashboard.tabellen.lijst import Bladzijde, Lijstvraag, Veld, bladzijde, meenemen, zoek
from services.dashboard.tabellen.velden import sommen_van_wet, tabel
from services.dashboard.tekst import dag, datum, janee
from services.reads import toezicht as reads
from services.reads.cijfers import Totaalcijfers
from services.reads.toezicht import GEMEENTEN_MAX, WEKEN, Stel
from services.web.addresses import MELDEN
from services.web.problems import ProblemError

NIET_OP_TOEZICHT = (
    "Kiezen tussen gemeenten onder toezicht kan alleen met de rol toezicht of beheerder; "
    "een provincie kiest tussen haar eigen gemeenten."
)
Lijst = Literal["stappen", "zonder", "voldoet", "volgorde", "termijnen"]
LIJSTEN: Mapping[Lijst, str] = {
    "stappen": "In een stap",
    "zonder": "Voldoet niet, in geen stap",
    "voldoet": "Voldoet, nog in een stap",
    "volgorde": "Buiten volgorde",
    "termijnen": f"Termijnen, {WEKEN} weken",
}
"""Each list to work from, and what it is called."""
_EERST: Mapping[Lijst, str] = {
    "stappen": "-dagenTeLaat",
    "zonder": f"-{TEKORT.naam}",
    "voldoet": "-dagenInStap",
    "volgorde": "-dagenInStap",
    "termijnen": "termijn",
}
"""How each list is sorted by itself: what can wait least stands first."""
_DAGEN = (7, 14, 28, 42, 56, 91, 182, 365)
"""The numbers of days that are offered."""
_VERLOPEN = {"ja": "verlopen", "nee": "niet verlopen", "onbekend": "niet vast te stellen"}
_STAP, _WEEK = type_name(ToezichtstapGezet), "week"


class Toezichtvraag(Lijstvraag):
    """Which list, which of its rows, and how many gemeenten would be taken up."""

    aantal: int = 25
    lijst: Lijst = "stappen"
    stap: Literal[STAPPEN] | None = None  # type: ignore[valid-type]
    provincie: ProvincieCode | None = None
    verlopen: Literal[tuple(_VERLOPEN)] | None = None  # type: ignore[valid-type]
    dagen: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """At least so many days in the step."""
    naleving: Literal[KLASSEN] | None = None  # type: ignore[valid-type]
    week: Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")] | None = None
    """In which week the term passes, by its Monday."""
    stelGemeenten: Annotated[int, Field(ge=0, le=GEMEENTEN_MAX)] | None = None
    stelStap: Literal[STAPPEN] = ACTIEF  # type: ignore[valid-type]

    @property
    def stel(self) -> Stel:
        """What if so many were taken up."""
        return Stel(self.stelGemeenten, self.stelStap)

    @property
    def kiest(self) -> bool:
        """Whether it asks for single gemeenten."""
        figures = {"geldigOp", "bekendOp", "positie", "telregel", "stelGemeenten", "stelStap"}
        return bool(self.model_fields_set - figures)


class Toezichtrij(NamedTuple):
    """A gemeente as the list shows it."""

    zaak: Zaak
    naleving: GemeenteNaleving
    stappen: Stappen
    """Every step against it, the first one first."""

    @property
    def misstappen(self) -> list[Gezet]:
        """The steps out of order of the toezicht that runs, the latest first."""
        return misstappen(self.stappen)[::-1]

    @property
    def dagen(self) -> int | None:
        """How many days it is in its step without a break; None in no step."""
        return self.stappen[-1].dagen(self.zaak.op) if self.stappen and self.stap is not None else None

    @property
    def dagen_te_laat(self) -> int | None:
        """How many days it is past its term without complying; None when it is not too late."""
        if not self.zaak.verlopen or self.stap is None or self.stap.termijn is None:
            return None
        return (day_of(self.zaak.op) - day_of(self.stap.termijn)).days

    @property
    def stap(self) -> Stap | None:
        """The step it is in."""
        return self.zaak.lopend

    @property
    def vanaf(self) -> datetime | None:
        """From when on it is in its step, where that is yet to begin; None otherwise."""
        return self.stap.gezet_op if self.stap is not None and self.stap.gezet_op > self.zaak.op else None

    @property
    def code(self) -> str:
        """Its code."""
        return self.naleving.gemeente.code

    @property
    def trede(self) -> int | None:
        """The place of its step on the ladder."""
        return None if self.stap is None else toezichtladder()[self.stap.stap].trede

    @property
    def buiten_volgorde(self) -> str | None:
        """Which steps are out of order, and why; None when none is."""
        found = (f"{one.stap.stap} van {dag(one.stap.gezet_op)}: {one.buiten}" for one in self.misstappen)
        return "; ".join(found) or None

    @property
    def bijzonderheden(self) -> str | None:
        """What its class does not say by itself."""
        return bijzonderheden(self.naleving)


def werklijst(
    blad: Blad[Toezichtvraag], cijfers: Totaalcijfers, over: Collection[str]
) -> dict[str, Any] | Response | None:
    """Returns the list that is asked for, or a file of it; None for whoever may see the steps of no gemeente.

    `over`: the codes of the gemeenten whose steps the caller may see. Without any, a choice raises ProblemError 403.
    """
    vraag = blad.vraag
    if not over:
        if vraag.kiest:
            raise ProblemError(403, NIET_OP_TOEZICHT)
        return None
    bekend = cijfers.toezicht.bekend
    lijsten = _lijsten(blad, cijfers, over if bekend else ())
    page = _bladzijde(lijsten[vraag.lijst], vraag)
    if vraag.formaat is not None:
        return meenemen("toezicht", vraag.formaat, page, cijfers.herkomst, blad)
    sommen = sommen_van_wet([row.naleving for row in page.gevonden], cijfers.maatstaf)
    breedten, alle = _breedten(vraag.lijst), vraag.kolommen == "alle"
    return {
        **tabel(page, breedten, sommen, alle=alle, getekend=_zetten(blad)),
        "lijsten": {
            lijst: (naam, _aantal(lijsten[lijst], vraag) if bekend else None) for lijst, naam in LIJSTEN.items()
        },
        "weken": page.keuzes[_WEEK].keuzes if vraag.lijst == "termijnen" else (),
        "stijlen": STIJLEN,
        "alle_gemeenten": len(over) == len(cijfers.zaken),
    }


def _aantal(rows: Sequence[Toezichtrij], vraag: Toezichtvraag) -> int:
    """How many of these a list shows by what is kept of the choice from one list to another."""
    found = zoek(rows, vraag.zoek, _text_of)
    return sum(vraag.provincie in (None, row.naleving.gemeente.provincie) for row in found)


def _lijsten(
    blad: Blad[Toezichtvraag], cijfers: Totaalcijfers, over: Collection[str]
) -> dict[Lijst, list[Toezichtrij]]:
    """Returns who stands on each list. A gemeente may stand on several."""
    steps, aangekondigd = reads.stappen_van_gemeenten(blad.reader, blad.question, cijfers, timedelta(weeks=WEKEN))
    every = [
        Toezichtrij(een, row, steps.get(row.gemeente.code, ()))
        for een, row in zip(cijfers.zaken, cijfers.naleving, strict=True)
        if row.gemeente.code in over
    ]
    straks = _termijnen(every, aangekondigd)
    lopend = sorted((row for row in every if row.stap is not None), key=lambda row: _termijn(row) or "9")
    return {
        "stappen": lopend,
        "zonder": [row for row in every if row.stap is None and row.zaak.niet_nagekomen],
        "voldoet": [row for row in lopend if row.zaak.naleving == "voldoet"],
        "volgorde": [row for row in lopend if row.misstappen],
        "termijnen": straks,
    }


def _termijnen(every: Sequence[Toezichtrij], aangekondigd: Mapping[str, Sequence[Stap]]) -> list[Toezichtrij]:
    """Returns who has a term to come, with the step of the first one. That step may be one that is announced."""
    by_code = {row.code: row for row in every}
    due = komende_termijnen((row.zaak for row in every), aangekondigd, timedelta(weeks=WEKEN))
    first = {one.zaak.gemeente.code: one.zaak for one in reversed(due)}
    return [
        by_code[code] if zaak.stap == by_code[code].stap else by_code[code]._replace(zaak=zaak, stappen=())
        for code, zaak in first.items()
    ]


def _bladzijde(rows: Sequence[Toezichtrij], vraag: Toezichtvraag) -> Bladzijde[Toezichtrij]:
    filters = _filters(rows, vraag)
    left = [row for row in rows if vraag.dagen is None or (row.dagen or 0) >= vraag.dagen]
    page = bladzijde(left, VELDEN, vraag, _EERST[vraag.lijst], _text_of, filters)
    if vraag.lijst == "zonder" and vraag.dagen is None:
        return page
    without, _ = gekozen(zoek(rows, vraag.zoek, _text_of), filters, vraag)
    return page._replace(keuzes={**page.keuzes, "dagen": _dagen(without, vraag.dagen)})


def _dagen(rows: Sequence[Toezichtrij], asked: int | None) -> Keuzelijst:
    """Returns how many of these rows are in their step for at least each number of days."""
    many = sorted({*_DAGEN} if asked is None else {*_DAGEN, asked})
    dagen = [row.dagen or 0 for row in rows]
    choices = [
        Keuze(str(days), f"minstens {days} {'dag' if days == 1 else 'dagen'}", sum(one >= days for one in dagen))
        for days in many
    ]
    return Keuzelijst("dagen", "Dagen in de stap", None if asked is None else str(asked), len(rows), choices)


def _filters(rows: Sequence[Toezichtrij], vraag: Toezichtvraag) -> list[Filter[Toezichtrij]]:
    """What rows can be chosen by: by what no row has only where that was asked."""
    weeks = sorted({week for row in rows if (week := _week(row))})
    every: list[Filter[Toezichtrij]] = [
        Filter("stap", "Stap", lambda row: "" if row.stap is None else row.stap.stap, {one: one for one in STAPPEN}),
        Filter("provincie", "Provincie", lambda row: row.naleving.gemeente.provincie, PROVINCIES),
        Filter("verlopen", "Termijn", _verlopen, _VERLOPEN),
        Filter(NALEVING.naam, NALEVING.label, lambda row: row.naleving.naleving, {one: one for one in KLASSEN}),
        Filter(_WEEK, "Termijn in", _week, {one: f"week van {datum(one)}" for one in weeks}),
    ]
    of_steps = {"stap", "verlopen"} if vraag.lijst == "zonder" else set[str]()
    hidden = of_steps | (set() if vraag.lijst == "termijnen" else {_WEEK})
    return [one for one in every if one.naam not in hidden or getattr(vraag, one.naam) is not None]


def _verlopen(row: Toezichtrij) -> str:
    if row.stap is None:
        return ""
    return {True: "ja", False: "nee", None: "onbekend"}[row.zaak.verlopen]


def _week(row: Toezichtrij) -> str:
    """The Monday of the week in which the term passes; empty without a term."""
    termijn = None if row.stap is None else row.stap.termijn
    if termijn is None:
        return ""
    day = day_of(termijn)
    return (day - timedelta(days=day.weekday())).isoformat()


def _text_of(row: Toezichtrij) -> str:
    return f"{row.naleving.gemeente.naam} {row.code}"


def _zetten(blad: Blad[Toezichtvraag]) -> list[Veld[Toezichtrij]]:
    """The column from which a step is taken, for whoever may send one: at another moment than now nobody does."""
    if not (blad.nu and blad.mag(Right.SEND) and blad.caller.may_write_type(_STAP)):
        return []
    return [Veld("zet", "Stap zetten", partial(_zet, blad), leeg="–", cel="zet")]


def _zet(blad: Blad[Toezichtvraag], row: Toezichtrij) -> str | None:
    first = [one for one, trede in toezichtladder().items() if trede.eerste]
    return zet(blad, row.code, first[0] if row.stap is None and len(first) == 1 else None)


def zet(blad: Blad[Any], code: str, stap: Toezichtstap | None = None) -> str | None:
    """Returns where the caller reports a step against a gemeente; None where it may not."""
    if not (blad.mag(Right.SEND) and blad.caller.may_write_type(_STAP) and blad.caller.may_write_about(code, _STAP)):
        return None
    return address_of(MELDEN.path, {"soort": "toezichtstap", "over": code, "data.stap": stap})


def _gezet_op(row: Toezichtrij) -> str | None:
    return None if row.stap is None else format_moment(row.stap.gezet_op)


def _termijn(row: Toezichtrij) -> str | None:
    return None if row.stap is None else format_known(row.stap.termijn)


def _termijn_in_rij(row: Toezichtrij) -> str:
    over = row.stap is not None and row.stap.verloopt_op is not None and row.zaak.op >= row.stap.verloopt_op
    late = {True: ", verlopen", None: ", te laat niet vast te stellen"}.get(row.zaak.verlopen, "") if over else ""
    return f"{dag(_termijn(row))}{late}"


def houder(stap: Stap) -> str:
    """Writes who supervises by a step."""
    return PROVINCIES.get(stap.toezichthouder, stap.toezichthouder)


_WET: Mapping[str, Veld[Any]] = {veld.naam: veld for veld in GEMEENTEN}
"""The columns that this list has in common with that of all gemeenten: its rows have a naleving too."""
VELDEN: Sequence[Veld[Toezichtrij]] = (
    _WET["naam"],
    _WET["provincie"],
    Veld(
        "stap",
        "Stap",
        lambda row: None if row.stap is None else row.stap.stap,
        leeg="–",
        rang=lambda row: None if row.stap is None else STAPPEN.index(row.stap.stap),
        cel="stap",
    ),
    Veld("gezetOp", "Gezet op", _gezet_op, "moment", dag, "–"),
    Veld("dagenInStap", "Dagen", lambda row: row.dagen, "heel", leeg="–"),
    Veld("toezichthouder", "Toezichthouder", lambda row: None if row.stap is None else houder(row.stap), leeg="–"),
    Veld("termijn", "Termijn tot en met", _termijn, "moment", dag, "–", _termijn_in_rij),
    Veld("verlopen", "Verlopen", lambda row: row.zaak.verlopen, "waar", janee, "–"),
    Veld("dagenTeLaat", "Dagen te laat", lambda row: row.dagen_te_laat, "heel", leeg="–"),
    _WET[NALEVING.naam],
    _WET[OPGAVE.naam],
    _WET[MEETELLEND.naam],
    _WET[TEKORT.naam],
    Veld("buitenVolgorde", "Buiten volgorde", lambda row: row.buiten_volgorde, leeg="–", cel="lang"),
    Veld("code", "Code", lambda row: row.code),
)
_BREEDTEN: Mapping[str, int] = {
    "naam": 0,
    "stap": 0,
    "dagenInStap": 1,
    "termijn": 0,
    NALEVING.naam: 1,
    TEKORT.naam: 1,
    "gezetOp": 2,
    "provincie": 3,
    OPGAVE.naam: 3,
    MEETELLEND.naam: 4,
    "toezichthouder": 4,
    "zet": 0,
}
"""The columns that a page shows by itself, and from which width on."""


def _breedten(lijst: Lijst) -> Mapping[str, int]:
    """Which columns a list shows: what sets it apart among them, and no step where nobody is in one."""
    if lijst == "zonder":
        shown = ("naam", "provincie", NALEVING.naam, OPGAVE.naam, MEETELLEND.naam, TEKORT.naam, "zet")
        return dict.fromkeys(shown, 0) | {"provincie": 1, OPGAVE.naam: 1}
    if lijst == "volgorde":
        return {"naam": 0, "stap": 0, "buitenVolgorde": 0, "dagenInStap": 1, NALEVING.naam: 1, "termijn": 2, "zet": 0}
    return _BREEDTEN
