"""The figures of the Spreidingswet: what gemeenten must make possible, what counts, and how they stand.

The order of declaration is the order in which figures are told, except where one says `na`.
"""

from collections.abc import Callable
from typing import Any

from schemas.data import Opgavestand, OpgaveStatus, Toezichtstap
from schemas.fields import format_known
from schemas.reference import INWONERS_OP
from services.core import delen
from services.core.delen import Wetsdelen, Wetsluiting
from services.core.dutch import dutch_date
from services.core.grootheden import wetszinnen
from services.core.grootheden.declaratie import Eenheid, Grootheid, Meter, Van
from services.core.naleving import (
    GemeenteNaleving,
    Klasse,
    Wetstand,
)
from services.core.registers import Register

_TAAK = frozenset({Register.CYCLUS, Register.OPGAVE, Register.OPGAVESTAND})
"""Of a merged gemeente only the decisions that bind are added, so the task depends on how they stand too."""
_EIGEN = frozenset({Register.CYCLUS, Register.TELREGEL, Register.REGISTRATIE, Register.OPEN, Register.PLAATSEN})
_OVERDRACHT = _EIGEN | {Register.OVERDRACHT}
_NALEVING = _TAAK | _OVERDRACHT


def _over_land(
    sluit: Wetsluiting, formule: Callable[[wetszinnen.Ingedeeld], str], **more: Any
) -> Van[Wetstand, wetszinnen.Ingedeeld]:
    """A sum over all gemeenten."""
    return Van(waarde=lambda land: delen.nu(sluit, land.delen), formule=formule, over_gemeenten=sluit, **more)


def _geteld(part: Callable[[GemeenteNaleving], int]) -> Callable[[GemeenteNaleving], int | None]:
    """The value of a figure of counted places; None without a rule to count them by."""
    return lambda row: part(row) if row.geteld else None


def _klasse(klasse: Klasse, naam: str, betekenis: str, part: Callable[[Wetsdelen[Any]], Any]) -> Grootheid:
    """The number of gemeenten in a class."""
    return Grootheid(
        naam=naam,
        eenheid=Eenheid.GEMEENTEN,
        label=klasse.capitalize(),
        betekenis=betekenis,
        rust_op=_NALEVING,
        totalen=Van(
            waarde=part,
            formule=wetszinnen.van_klasse(klasse),
            over_gemeenten=delen.van_gemeenten(part),
            bekend=True,
            meter=Meter("opvangpeil_naleving_gemeenten", (klasse,)),
        ),
    )


OPGAVE = Grootheid(
    naam="opgave",
    eenheid=Eenheid.PLAATSEN,
    label="Opgave",
    betekenis="Plaatsen die een gemeente volgens de Spreidingswet mogelijk moet maken",
    rust_op=_TAAK,
    gemeente=Van(
        waarde=lambda row: row.opgave.opgave if row.opgave else None,
        formule=wetszinnen.opgave_van_gemeente,
        over_gemeenten=delen.opgave,
    ),
    provincie=Van(
        waarde=lambda provincie: provincie.opgave.opgave if provincie.opgave else None,
        formule=wetszinnen.opgave_van_provincie,
    ),
    land=_over_land(
        delen.opgave,
        wetszinnen.opgave_van_land,
        beschrijving="Som van de verdeelbesluiten, ook van geschorste en vernietigde; indicatieve en provinciale "
        "opgaven tellen niet mee. null als niet alle verdeelbesluiten bekend zijn",
    ),
)
OPGAVE_MINSTENS = Grootheid(
    naam="opgaveMinstens",
    eenheid=Eenheid.PLAATSEN,
    label="Opgave, minstens",
    betekenis="Som van de verdeelbesluiten die bekend zijn",
    rust_op=_TAAK,
    land=_over_land(delen.opgave_minstens, wetszinnen.opgave_minstens),
)
OPGAVE_STATUS = Grootheid(
    naam="opgaveStatus",
    eenheid=Eenheid.KLASSE,
    keuze=OpgaveStatus,
    label="Status van de opgave",
    kop="Status",
    betekenis="Hoe vast de opgave staat: indicatief, provinciaal of verdeelbesluit",
    rust_op=_TAAK,
    gemeente=Van(waarde=lambda row: row.opgave.status if row.opgave else None, formule=None),
    provincie=Van(waarde=lambda provincie: provincie.opgave.status if provincie.opgave else None, formule=None),
)
STAND = Grootheid(
    naam="stand",
    eenheid=Eenheid.KLASSE,
    keuze=Opgavestand,
    label="Stand",
    betekenis="Wat er van het verdeelbesluit werd: geldend, bezwaar, beroep, geschorst of vernietigd",
    rust_op=_TAAK,
    geen=True,
    gemeente=Van(waarde=lambda row: row.besluit.stand if row.besluit else None, formule=wetszinnen.stand, kolom=False),
)
REALISEREN_VOOR = Grootheid(
    naam="realiserenVoor",
    eenheid=Eenheid.MOMENT,
    label="Realiseren vóór",
    betekenis="Vóór dit moment moet de opgave zijn gerealiseerd; leeg zonder termijn",
    rust_op=_TAAK,
    geen=True,
    gemeente=Van(
        waarde=lambda row: format_known(row.besluit.realiseren_voor) if row.besluit else None,
        formule=wetszinnen.realiseren_voor,
        kolom=False,
    ),
)
EIGEN = Grootheid(
    naam="eigen",
    eenheid=Eenheid.PLAATSEN,
    label="Eigen",
    betekenis="Meetellende plaatsen in de gemeente zelf",
    rust_op=_EIGEN,
    gemeente=Van(waarde=_geteld(lambda row: row.eigen), formule=wetszinnen.eigen, kolom=False),
)
GEGEVEN = Grootheid(
    naam="gegeven",
    eenheid=Eenheid.PLAATSEN,
    label="Gegeven",
    betekenis="Plaatsen hier die volgens afspraak voor een andere gemeente meetellen",
    rust_op=_OVERDRACHT,
    gemeente=Van(waarde=_geteld(lambda row: row.gegeven), formule=wetszinnen.gegeven, kolom=False),
)
ONTVANGEN = Grootheid(
    naam="ontvangen",
    eenheid=Eenheid.PLAATSEN,
    label="Ontvangen",
    betekenis="Plaatsen van een andere gemeente die volgens afspraak hier meetellen",
    rust_op=_OVERDRACHT,
    gemeente=Van(waarde=_geteld(lambda row: row.ontvangen), formule=wetszinnen.ontvangen, kolom=False),
)
ONGEDEKT = Grootheid(
    naam="ongedekt",
    eenheid=Eenheid.PLAATSEN,
    label="Ongedekt",
    betekenis="Plaatsen die zijn toegezegd aan een andere gemeente en er niet zijn; ze tellen nergens mee",
    rust_op=_OVERDRACHT,
    gemeente=Van(waarde=_geteld(lambda row: row.ongedekt), formule=wetszinnen.ongedekt, kolom=False),
)
MEETELLEND = Grootheid(
    naam="meetellend",
    eenheid=Eenheid.PLAATSEN,
    label="Telt mee",
    betekenis="Plaatsen die volgens de telregel meetellen: eigen − gegeven + ontvangen",
    rust_op=_OVERDRACHT,
    gemeente=Van(
        waarde=_geteld(lambda row: row.meetellend),
        formule=wetszinnen.meetellend,
        over_gemeenten=delen.meetellend,
        beschrijving="eigen - gegeven + ontvangen",
    ),
)
PLAATSEN_PER_1000 = Grootheid(
    naam="plaatsenPer1000Inwoners",
    eenheid=Eenheid.PER_1000,
    label="Plaatsen per 1.000 inwoners",
    betekenis=f"Meetellende plaatsen per 1.000 inwoners, altijd over ongeveer het aantal inwoners van "
    f"{dutch_date(INWONERS_OP)}; leeg als van een gemeente de naleving onbekend is",
    rust_op=_NALEVING,
    gemeente=Van(
        waarde=lambda row: delen.nu(delen.per_1000_inwoners, row.delen),
        formule=wetszinnen.per_1000_inwoners,
        over_gemeenten=delen.per_1000_inwoners,
    ),
    provincie=Van(
        waarde=lambda provincie: delen.nu(delen.per_1000_inwoners, provincie.delen),
        formule=lambda provincie: wetszinnen.per_1000_inwoners_samen(provincie.gemeenten),
        over_gemeenten=delen.per_1000_inwoners,
        beschrijving="Meetellende plaatsen van haar gemeenten per 1.000 inwoners; null zolang er een onbekend is",
    ),
    land=_over_land(
        delen.per_1000_inwoners,
        wetszinnen.per_1000_inwoners_samen,
        beschrijving="Meetellende plaatsen van alle gemeenten per 1.000 inwoners; null zolang er een onbekend is",
    ),
)
AMV_OPGAVE = Grootheid(
    naam="amvOpgave",
    eenheid=Eenheid.PLAATSEN,
    label="Amv-opgave",
    betekenis="Deel van de opgave voor alleenstaande minderjarige vreemdelingen",
    rust_op=_TAAK,
    gemeente=Van(
        waarde=lambda row: row.opgave.waarvan_amv if row.opgave else None, formule=wetszinnen.amv_opgave, kolom=False
    ),
)
AMV_MEETELLEND = Grootheid(
    naam="amvMeetellend",
    eenheid=Eenheid.PLAATSEN,
    label="Amv telt mee",
    betekenis="Eigen meetellende plaatsen voor alleenstaande minderjarige vreemdelingen",
    rust_op=_EIGEN,
    gemeente=Van(waarde=_geteld(lambda row: row.amv), formule=wetszinnen.amv_meetellend, kolom=False),
)
TEKORT = Grootheid(
    naam="tekort",
    eenheid=Eenheid.PLAATSEN,
    label="Tekort",
    betekenis="Plaatsen te weinig voor de opgave; leeg als dat niet vast te stellen is",
    rust_op=_NALEVING,
    gemeente=Van(waarde=lambda row: row.tekort, formule=wetszinnen.tekort, over_gemeenten=delen.tekort),
    land=_over_land(
        delen.tekort, wetszinnen.tekort_van_land, beschrijving="Zonder geschorste en vernietigde verdeelbesluiten"
    ),
)
TEKORT_MINSTENS = Grootheid(
    naam="tekortMinstens",
    eenheid=Eenheid.PLAATSEN,
    label="Tekort, minstens",
    betekenis="Het tekort dat er minstens is, waar het zelf niet vast te stellen is",
    rust_op=_NALEVING,
    geen=True,
    gemeente=Van(waarde=lambda row: row.tekort_minstens, formule=wetszinnen.tekort_minstens_daarvan, kolom=False),
    land=_over_land(
        delen.tekort_minstens,
        wetszinnen.tekort_minstens,
        beschrijving="Met wat het minstens is waar het niet vaststaat",
    ),
)
TEKORT_HOOGSTENS = Grootheid(
    naam="tekortHoogstens",
    eenheid=Eenheid.PLAATSEN,
    label="Tekort, hoogstens",
    betekenis="Het tekort dat het hoogstens kan zijn, waar het zelf niet vast te stellen is",
    rust_op=_NALEVING,
    geen=True,
    gemeente=Van(waarde=lambda row: row.tekort_hoogstens, formule=wetszinnen.tekort_hoogstens_daarvan, kolom=False),
    land=_over_land(
        delen.tekort_hoogstens,
        wetszinnen.tekort_hoogstens,
        beschrijving="Met wat het hoogstens kan zijn waar het niet vaststaat",
    ),
)
SPREIDINGSINDEX = Grootheid(
    naam="spreidingsindex",
    eenheid=Eenheid.AANDEEL,
    label="Spreidingsindex",
    betekenis="Deel van de plaatsen dat elders zou moeten zijn om naar de opgaven verdeeld te zijn; 0 is precies zo",
    rust_op=_NALEVING,
    land=_over_land(delen.spreidingsindex, wetszinnen.spreidingsindex),
)
NALEVING = Grootheid(
    naam="naleving",
    eenheid=Eenheid.KLASSE,
    keuze=Klasse,
    label="Naleving",
    betekenis="voldoet, gedeeltelijk, voldoet niet, geen opgave, termijn loopt, opgeschort, of onbekend",
    rust_op=_NALEVING,
    gemeente=Van(waarde=lambda row: row.naleving, formule=wetszinnen.naleving, bekend=True),
)
REDEN = Grootheid(
    naam="reden",
    eenheid=Eenheid.TEKST,
    label="Reden",
    betekenis="Waarom de naleving onbekend of opgeschort is, of wanneer de termijn afloopt",
    rust_op=_NALEVING,
    geen=True,
    gemeente=Van(waarde=lambda row: row.reden, formule=None, verschil=False, kolom=False),
)
TOEZICHT = Grootheid(
    naam="toezicht",
    eenheid=Eenheid.KLASSE,
    keuze=Toezichtstap,
    label="Toezicht",
    betekenis="Laatste stap van het interbestuurlijk toezicht; leeg als er geen is",
    rust_op=frozenset({Register.TOEZICHT}),
    geen=True,
    gemeente=Van(waarde=lambda row: row.toezicht, formule=wetszinnen.toezicht),
)
VOLDOET = _klasse(
    "voldoet", "voldoet", "Gemeenten met genoeg meetellende plaatsen voor hun opgave", lambda d: d.voldoet
)
GEDEELTELIJK = _klasse(
    "gedeeltelijk", "gedeeltelijk", "Gemeenten met meetellende plaatsen, maar te weinig", lambda d: d.gedeeltelijk
)
VOLDOET_NIET = _klasse(
    "voldoet niet",
    "voldoetNiet",
    "Gemeenten met een opgave en geen meetellende plaatsen",
    lambda d: d.voldoet_niet,
)
GEEN_OPGAVE = _klasse("geen opgave", "geenOpgave", "Gemeenten zonder opgave", lambda d: d.geen_opgave)
TERMIJN_LOOPT = _klasse(
    "termijn loopt",
    "termijnLoopt",
    "Gemeenten die hun opgave nog niet gerealiseerd hoeven te hebben",
    lambda d: d.termijn_loopt,
)
OPGESCHORT = _klasse(
    "opgeschort",
    "opgeschort",
    "Gemeenten waarvan het verdeelbesluit is geschorst of vernietigd",
    lambda d: d.opgeschort,
)
ONBEKEND = _klasse("onbekend", "onbekend", "Gemeenten waarvan te weinig bekend is", lambda d: d.onbekend)
GEMEENTEN = Grootheid(
    naam="gemeenten",
    eenheid=Eenheid.GEMEENTEN,
    label="Gemeenten",
    betekenis="Gemeenten die op dat moment bestaan, ook die zonder opgave",
    land=Van(waarde=lambda land: land.delen.gemeenten, formule=None, bekend=True, antwoord=False, verschil=False),
)
