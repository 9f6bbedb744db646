"""The figures of the Spreidingswet: what gemeenten must make possible, what counts, and how they stand.

The order of declaration is the order in which figures are told, except where one says `na`.
"""

from collections.abc import Callable
from typing import Any

from schemas.data import OpgaveStatus, Toezichtstap
from services.core import delen
from services.core.delen import Wetsdelen
from services.core.grootheden import zinnen
from services.core.grootheden.declaratie import Eenheid, Grootheid, Meter, Van
from services.core.naleving import Klasse
from services.core.registers import Register

_TAAK = frozenset({Register.CYCLUS, Register.OPGAVE})
_EIGEN = frozenset({Register.CYCLUS, Register.REGISTRATIE, Register.OPEN, Register.PLAATSEN})
_OVERDRACHT = frozenset({Register.CYCLUS, Register.OVERDRACHT})


def _klasse(klasse: Klasse, naam: str, betekenis: str, part: Callable[[Wetsdelen[Any]], Any]) -> Grootheid:
    """The number of gemeenten in a class."""
    return Grootheid(
        naam=naam,
        eenheid=Eenheid.GEMEENTEN,
        label=klasse.capitalize(),
        betekenis=betekenis,
        rust_op=_EIGEN | _OVERDRACHT | _TAAK,
        totalen=Van(
            waarde=part,
            formule=zinnen.van_klasse(klasse),
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
        formule=zinnen.opgave_van_gemeente,
        over_gemeenten=delen.opgave,
    ),
    provincie=Van(waarde=lambda opgave: opgave.opgave if opgave else None, formule=zinnen.opgave),
)
OPGAVE_STATUS = Grootheid(
    naam="opgaveStatus",
    eenheid=Eenheid.KLASSE,
    keuze=OpgaveStatus,
    label="Opgave status",
    kop="Status",
    betekenis="Hoe vast de opgave staat: indicatief, provinciaal of verdeelbesluit",
    rust_op=_TAAK,
    gemeente=Van(waarde=lambda row: row.opgave.status if row.opgave else None, formule=None),
    provincie=Van(waarde=lambda opgave: opgave.status if opgave else None, formule=None, kolom=False),
)
WAARVAN_AMV = Grootheid(
    naam="waarvanAmv",
    eenheid=Eenheid.PLAATSEN,
    label="Waarvan amv",
    betekenis="Deel van de opgave voor alleenstaande minderjarige vreemdelingen",
    rust_op=_TAAK,
    gemeente=Van(
        waarde=lambda row: row.opgave.waarvan_amv if row.opgave else None, formule=None, verschil=False, kolom=False
    ),
)
EIGEN = Grootheid(
    naam="eigen",
    eenheid=Eenheid.PLAATSEN,
    label="Eigen",
    betekenis="Meetellende plaatsen in de gemeente zelf",
    rust_op=_EIGEN,
    gemeente=Van(waarde=lambda row: row.eigen, formule=None, bekend=True, kolom=False),
)
ONTVANGEN = Grootheid(
    naam="ontvangen",
    eenheid=Eenheid.PLAATSEN,
    label="Ontvangen",
    betekenis="Plaatsen van een andere gemeente die volgens afspraak hier meetellen",
    rust_op=_OVERDRACHT,
    gemeente=Van(waarde=lambda row: row.ontvangen, formule=None, bekend=True, kolom=False),
)
GEGEVEN = Grootheid(
    naam="gegeven",
    eenheid=Eenheid.PLAATSEN,
    label="Gegeven",
    betekenis="Plaatsen hier die volgens afspraak voor een andere gemeente meetellen",
    rust_op=_OVERDRACHT,
    gemeente=Van(waarde=lambda row: row.gegeven, formule=None, bekend=True, kolom=False),
)
MEETELLEND = Grootheid(
    naam="meetellend",
    eenheid=Eenheid.PLAATSEN,
    label="Telt mee",
    betekenis="Plaatsen die volgens de cyclus meetellen: eigen + ontvangen − gegeven",
    rust_op=_EIGEN | _OVERDRACHT,
    gemeente=Van(
        waarde=lambda row: row.meetellend,
        formule=zinnen.meetellend,
        over_gemeenten=delen.van_gemeenten(lambda d: d.meetellend),
        bekend=True,
        na="waarvanAmv",
        beschrijving="eigen + ontvangen - gegeven, minstens 0",
    ),
)
TEKORT = Grootheid(
    naam="tekort",
    eenheid=Eenheid.PLAATSEN,
    label="Tekort",
    betekenis="Plaatsen te weinig voor de opgave",
    rust_op=_EIGEN | _OVERDRACHT | _TAAK,
    gemeente=Van(waarde=lambda row: row.tekort, formule=zinnen.tekort, over_gemeenten=delen.tekort),
)
NALEVING = Grootheid(
    naam="naleving",
    eenheid=Eenheid.KLASSE,
    keuze=Klasse,
    label="Naleving",
    betekenis="voldoet, gedeeltelijk, voldoet niet, geen opgave, of onbekend",
    rust_op=_EIGEN | _OVERDRACHT | _TAAK,
    gemeente=Van(waarde=lambda row: row.naleving, formule=zinnen.naleving, bekend=True),
)
TOEZICHT = Grootheid(
    naam="toezicht",
    eenheid=Eenheid.KLASSE,
    keuze=Toezichtstap,
    label="Toezicht",
    betekenis="Laatste stap van het interbestuurlijk toezicht; leeg als er geen is",
    rust_op=frozenset({Register.TOEZICHT}),
    geen=True,
    gemeente=Van(waarde=lambda row: row.toezicht, formule=zinnen.toezicht),
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
ONBEKEND = _klasse("onbekend", "onbekend", "Gemeenten waarvan te weinig bekend is", lambda d: d.onbekend)
GEMEENTEN = Grootheid(
    naam="gemeenten",
    eenheid=Eenheid.GEMEENTEN,
    label="Gemeenten",
    betekenis="Alle gemeenten",
    land=Van(waarde=len, formule=None, bekend=True, antwoord=False, verschil=False),
)
ONDER_TOEZICHT = Grootheid(
    naam="onderToezicht",
    eenheid=Eenheid.GEMEENTEN,
    label="Onder toezicht",
    betekenis="Gemeenten onder interbestuurlijk toezicht",
    rust_op=frozenset({Register.TOEZICHT}),
    land=Van(
        waarde=lambda rows: sum(row.toezicht is not None for row in rows), formule=None, bekend=True, antwoord=False
    ),
)
