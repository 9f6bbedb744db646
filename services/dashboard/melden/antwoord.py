"""The form for programs: what it asks, what is filled in, what is wrong, what would change, and the event to send.

It goes through the steps of the page: the form begins as it does there, what was filled in takes the place of what it
began with, and the check tells the rest. Sending is for who asked: the event goes to the address of all events.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field, ValidationError

from schemas.errors import describe, field_path
from services.access import Right, caller_of
from services.access.refusals import forbidden
from services.dashboard.melden.controle import Controle, Nagekeken
from services.dashboard.melden.formulier import Formulier, Groep
from services.dashboard.melden.formulieren import FORMULIEREN, Meldsoort
from services.dashboard.melden.lezen import als_tekst, in_woorden, lees
from services.dashboard.melden.melden import mag
from services.dashboard.melden.velden import RIJEN_MAX, Blok, Invoer, Veld
from services.dashboard.melden.vraag import Meldvraag
from services.dashboard.page import check_right
from services.dashboard.page_request import Blad
from services.reads import answers
from services.reads.question import Omvat
from services.reads.reader import Reader
from services.web.addresses import INSTUREN, MELDFORMULIER, MELDFORMULIEREN, at
from services.web.asked import Tijd, question_of
from services.web.formats import require_json
from services.web.problems import ProblemError, Veldfout, invalid, refuse_parameters, unknown_parameter

OVER, SOURCE = "over", "source"
ONDERWERP = "onderwerp"
"""What a person fills in to say whom or what a report is about."""


class Formuliervraag(BaseModel):
    """Wat er is ingevuld, naast de velden zelf."""

    over: str = Field(default="", max_length=200, description="Over wie of wat: een naam, een deel ervan, of een id")
    source: str = Field(
        default="", max_length=200, description="Namens welk systeem, voor wie onder elke source mag insturen"
    )
    telregel: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9-]{1,40}$",
        description="Volgens welke telregel de naleving is geteld. Zonder: de regel die de cyclus noemt",
    )


class Keuzewaarde(BaseModel):
    """Een mogelijkheid van een veld."""

    waarde: str
    naam: str = Field(description="Hoe mensen haar noemen")


class Formulierveld(BaseModel):
    """Een veld, met wat er is ingevuld."""

    naam: str = Field(description="Waaronder het in de vraag staat, zoals data.plaatsen.nood.aantal")
    blok: str = Field(description="De kop boven de velden waar het bij hoort; leeg zonder kop")
    label: str
    hulp: str
    invoer: str = Field(description="Wat men invult: tekst, heel, moment, keuze, meer, onderwerp …")
    verplicht: bool = Field(description="Of het moet. In een blok: als het eerste veld van dat blok is ingevuld")
    sleutel: bool = Field(description="Of het zegt waarover de melding gaat; de andere velden beginnen daarna anders")
    keuzes: list[Keuzewaarde] = Field(description="De mogelijkheden; bij over: wat de tekst kan betekenen")
    tekst: str = Field(description="Wat er is ingevuld, of waarmee het veld begint")
    woorden: str | None = Field(description="Wat daarin is gelezen; null waar niets staat of niets te lezen is")
    nu: str | None = Field(description="Wat nu geldt; null als niets geldt of dat niet te zeggen is")


class Formuliersoort(BaseModel):
    """Een formulier dat men kan invullen."""

    soort: Meldsoort
    type: str = Field(description="Het type van de gebeurtenis die het wordt")
    groep: Groep
    titel: str
    zin: str


class Formulieren(BaseModel):
    """De formulieren waarmee men hier mag melden."""

    items: list[Formuliersoort]


class Meldregel(BaseModel):
    """Een regel van wat men meldt."""

    label: str
    waarde: str
    was: str | None = Field(description="Wat nu geldt; null waar niets geldt")


class Meldgevolg(BaseModel):
    """Een cijfer zonder en met de melding."""

    grootheid: str
    label: str
    zonder: str
    met: str
    verandert: bool


class Meldgevolgen(BaseModel):
    """De cijfers van één onderwerp."""

    onderwerp: str
    titel: str
    rijen: list[Meldgevolg]


class Melding(BaseModel):
    """Een melding die verzonden kan worden. Er is nog niets verzonden."""

    zin: str = Field(description="Wat er gemeld wordt, in één zin")
    regels: list[Meldregel]
    waarschuwingen: list[str] = Field(description="Wat op een vergissing lijkt")
    toelichting: list[str] = Field(description="Van welk moment de cijfers zijn, of waarom er geen staan")
    verandert: list[str] = Field(description="Wat er verandert, in zinnen")
    gevolgen: list[Meldgevolgen]
    gebeurtenis: dict[str, Any] = Field(
        description=f"Om ongewijzigd te sturen naar {INSTUREN.path}; vaker sturen is onschadelijk"
    )


class Ingevuld(Formuliersoort):
    """Een formulier zoals het is ingevuld."""

    geldigOp: str
    bekendOp: str
    positie: str
    omvat: Omvat
    simulatie: bool = False
    source: str = Field(description="Namens welk systeem de melding gaat; leeg als dat er geen is")
    nu: str = Field(description="Sinds wanneer geldt wat bij de velden staat, of waarom daar niets staat")
    velden: list[Formulierveld] = Field(description="In de volgorde van het formulier")
    fouten: list[Veldfout]
    toegestaan: bool = Field(description="False als men dit niet mag insturen; fouten zegt waarom")
    melding: Melding | None = Field(description="Null zolang er fouten zijn")


SoortInPath = Annotated[str, Path(description="Welk formulier", examples=["bezetting"])]
_FIELDS = {
    "parameters": [
        {
            "name": "velden",
            "in": "query",
            "description": "De velden van het formulier, elk onder zijn eigen naam, zoals data.aanwezig=280. Een leeg "
            "veld blijft leeg; wat er niet bij staat begint zoals op het formulier. Elk hoogstens 2.000 tekens",
            "style": "form",
            "explode": True,
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        }
    ]
}


def meldformulieren_router(reader: Reader) -> APIRouter:
    """Returns the two addresses."""
    router = APIRouter(dependencies=[Depends(require_json)], tags=["melden"])

    @at(router, MELDFORMULIEREN, response_model=Formulieren, dependencies=[Depends(refuse_parameters)])
    def meldformulieren(request: Request) -> Formulieren:
        """De formulieren waarmee u mag melden."""
        check_right(request, Right.SEND)
        caller = caller_of(request)
        return Formulieren(items=[Formuliersoort(**_head(soort)) for soort in FORMULIEREN if mag(caller, soort)])

    @at(
        router,
        MELDFORMULIER,
        response_model=Ingevuld,
        response_model_exclude_defaults=True,
        responses={404: {"description": "Er is geen formulier of geen telregel van die naam."}},
        openapi_extra=_FIELDS,
    )
    def meldformulier(request: Request, soort: SoortInPath, vraag: Annotated[Formuliervraag, Query()]) -> Ingevuld:
        """Eén formulier: wat het vraagt, wat er mis is, wat er zou veranderen, en de gebeurtenis om te sturen."""
        check_right(request, Right.SEND)
        known = next((one for one in FORMULIEREN if one == soort), None)
        if known is None:
            raise ProblemError(404, f"Er is geen formulier '{soort}'; wel: {', '.join(FORMULIEREN)}.")
        caller = caller_of(request)
        if not mag(caller, known):
            raise forbidden(f"Dit kunt u hier niet melden; {caller.writes}.")
        question = question_of(request, Tijd(), reader.clock(), caller.audience).counted_by(vraag.telregel)
        reader.check_rule(question)
        formulier, given = FORMULIEREN[known], _given(request, FORMULIEREN[known])

        def opened(**form: Any) -> Controle:
            asked = _asked(**vraag.model_dump(exclude_none=True), soort=known, **form)
            return Controle(Blad(request, reader, caller, question, asked), formulier)

        begun = opened(velden={name: text for name, text in given.items() if text}).teksten
        texts = _filled_in(formulier, begun, given)
        return _answer(known, opened(velden=texts, gezien="velden", controleer="ja"))

    return router


def _head(soort: Meldsoort) -> dict[str, Any]:
    one = FORMULIEREN[soort]
    return {"soort": soort, "type": one.type, "groep": one.groep, "titel": one.titel, "zin": one.zin}


def _given(request: Request, formulier: Formulier) -> dict[str, str]:
    """Returns the fields in the query. Raises ProblemError 400 for one that this form does not have."""
    given = {
        name: text.strip() for name, text in request.query_params.items() if name not in Formuliervraag.model_fields
    }
    known = {name for veld in formulier.velden() for name in veld.namen}
    if wrong := [name for name in given if name not in known]:
        wanted = [*Formuliervraag.model_fields, *(veld.naam for veld in formulier.velden(1))]
        raise invalid(unknown_parameter(name, wanted) for name in wrong)
    return given


def _asked(**form: Any) -> Meldvraag:
    """Returns the form as the page would be sent it. Raises ProblemError 400 for a text that is too long."""
    try:
        return Meldvraag.model_validate(form)
    except ValidationError as error:
        raise invalid(
            Veldfout(veld=field_path(one["loc"], tagged=False).removeprefix("velden."), melding=describe(one))
            for one in error.errors()
        ) from error


def _filled_in(formulier: Formulier, begun: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Returns the texts of the form: of each field what was given, and else what it begins with."""
    texts: dict[str, str] = {}
    for veld in formulier.velden():
        of_field = given if any(name in given for name in veld.namen) else begun
        texts |= {name: of_field[name] for name in veld.namen if of_field.get(name)}
    return texts


def _answer(soort: Meldsoort, controle: Controle) -> Ingevuld:
    said = controle.toon()
    nagekeken = said["nagekeken"]
    head = answers.head(controle.cijfers.herkomst)
    return Ingevuld(
        **_head(soort),
        **head | {"positie": controle.blad.getoond(head["positie"])},
        omvat=controle.cijfers.omvat,
        source=controle.source,
        nu=controle.nu_zin,
        velden=list(_velden(controle)),
        fouten=said["fouten"],
        toegestaan=controle.toegestaan,
        melding=None if nagekeken is None else _melding(controle, nagekeken),
    )


def _velden(controle: Controle) -> Iterator[Formulierveld]:
    """Yields the fields in the order in which the page asks them."""
    formulier = controle.formulier
    known = controle.id is not None
    yield Formulierveld(
        naam=OVER,
        blok="",
        label=formulier.over,
        hulp=formulier.over_hulp,
        invoer=ONDERWERP,
        verplicht=True,
        sleutel=True,
        keuzes=[Keuzewaarde(waarde=one.id, naam=one.naam) for one in controle.kandidaten],
        tekst=controle.over,
        woorden=controle.naam if known else None,
        nu=None,
    )
    for blok in formulier.alle_blokken(_rows(controle)):
        yield from (_veld(controle, blok, veld) for veld in blok.velden)
    if controle.kiest_source:
        yield Formulierveld(
            naam=SOURCE,
            blok="",
            label=controle.labels[SOURCE],
            hulp="Het systeem waarvoor u meldt",
            invoer=Invoer.TEKST.value,
            verplicht=True,
            sleutel=False,
            keuzes=[],
            tekst=controle.source,
            woorden=controle.source,
            nu=None,
        )


def _rows(controle: Controle) -> int:
    """Returns how many rows to ask, where fields repeat: one more than are filled in."""
    begun = [
        number
        for number, blok in enumerate((blok for blok in controle.formulier.blokken() if blok.titel), 1)
        if any(als_tekst(veld, controle.teksten) for veld in blok.velden[:2])
    ]
    return min(RIJEN_MAX, max(begun, default=0) + 1)


def _veld(controle: Controle, blok: Blok, veld: Veld) -> Formulierveld:
    texts = controle.invoer
    value, wrong = lees(veld, texts)
    events = controle.aangeboden if veld.invoer is Invoer.GEBEURTENIS else []
    return Formulierveld(
        naam=veld.naam,
        blok=blok.titel,
        label=veld.label,
        hulp=veld.hulp,
        invoer=veld.invoer.value,
        verplicht=veld.verplicht,
        sleutel=veld in controle.formulier.sleutels,
        keuzes=[
            *(Keuzewaarde(waarde=waarde, naam=naam) for waarde, naam in veld.keuzes),
            *(Keuzewaarde(waarde=one.id, naam=f"{one.titel}: {one.gezegd}") for one in events),
        ],
        tekst=als_tekst(veld, texts),
        woorden=None if value is None or wrong else in_woorden(veld, value),
        nu=controle.nu_bij(veld),
    )


def _melding(controle: Controle, nagekeken: Nagekeken) -> Melding:
    gevolgen = nagekeken.gevolgen
    about = " ".join(filter(None, (controle.naam, controle.code and f"({controle.code})")))
    return Melding(
        zin=nagekeken.zin,
        regels=[
            Meldregel(label=controle.formulier.over, waarde=about, was=None),
            *(Meldregel(**one._asdict()) for one in nagekeken.regels),
            Meldregel(label=controle.labels[SOURCE], waarde=controle.source, was=None),
        ],
        waarschuwingen=nagekeken.waarschuwingen,
        toelichting=nagekeken.toelichting,
        verandert=[] if gevolgen is None else gevolgen.zinnen,
        gevolgen=[
            Meldgevolgen(
                onderwerp=groep.onderwerp,
                titel=groep.titel,
                rijen=[
                    Meldgevolg(
                        grootheid=rij.naam,
                        label=rij.label,
                        zonder=rij.toon(rij.eerst),
                        met=rij.toon(rij.straks),
                        verandert=rij.verandert,
                    )
                    for rij in groep.rijen
                ],
            )
            for groep in ([] if gevolgen is None else gevolgen.groepen)
        ],
        gebeurtenis=nagekeken.gebeurtenis,
    )
