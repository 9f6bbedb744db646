"""Every form, declared once: one for each type of event that people send.

A form says what the model of its event can't: what people call it, in which order it asks, and what is filled in from
the value in force. tests/unit/test_meldformulieren.py names a type of event without a form.
"""

from collections.abc import Mapping
from typing import Literal

from schemas import events as e
from schemas.data import REDENEN_VAN_STAP
from schemas.reference.toezichtladder import toezichtladder
from services.core.registers import Register
from services.dashboard.melden.formulier import Formulier
from services.dashboard.melden.velden import Zeg

Meldsoort = Literal[
    "bezetting",
    "capaciteit",
    "toegang",
    "maximum",
    "registreren",
    "sluiting",
    "opgave",
    "stand",
    "overdracht",
    "toezichtstap",
    "cyclus",
    "telregel",
    "inzet",
    "toezichtcapaciteit",
    "cijfers",
    "intrekking",
]
_STAP = Zeg("Stap")
_TERMIJNEN = ", ".join(
    f"{stap} {trede.termijn_dagen}" for stap, trede in toezichtladder().items() if trede.termijn_dagen is not None
)
_SOORTEN = Zeg("Soorten die meetellen")
_PLAATSEN = {
    "aantal": Zeg("Aantal plaatsen", "Alle plaatsen van deze soort samen; niet ingevuld: er verandert niets"),
    "inzetbaar": Zeg(
        "Waarvan inzetbaar", "Nu bruikbaar: niet aangehouden, defect of in quarantaine; niet ingevuld: alle"
    ),
    "beschikbaarVanaf": Zeg(
        "Er sinds",
        "Sinds wanneer deze plaatsen er zijn; niet ingevuld: zoals nu bekend, of anders de dag van Geldig vanaf",
        dag=True,
    ),
}

FORMULIEREN: Mapping[Meldsoort, Formulier] = {
    "bezetting": Formulier(
        model=e.BezettingGemeld,
        groep="locatie",
        titel="Bezetting",
        zin="Hoeveel mensen er op een moment waren.",
        register=Register.AANWEZIG,
        waarde="aanwezig",
        over="Locatie",
        zeg={
            "peilmoment": Zeg("Peilmoment", "Wanneer er is geteld, in Nederlandse tijd", nu=True),
            "aanwezig": Zeg("Aanwezig", "Hoeveel mensen er toen waren"),
        },
        nu="Laatst geteld",
        nu_zin="De laatste telling is van {}.",
    ),
    "capaciteit": Formulier(
        model=e.CapaciteitGewijzigd,
        groep="locatie",
        titel="Plaatsen",
        zin="Hoeveel plaatsen er van elke soort zijn, vanaf een moment.",
        register=Register.PLAATSEN,
        over="Locatie",
        zeg=_PLAATSEN,
    ),
    "toegang": Formulier(
        model=e.ToegangGewijzigd,
        groep="locatie",
        titel="Toegang",
        zin="Wie er binnen mag, vanaf een moment.",
        register=Register.TOEGANG,
        waarde="regime",
        over="Locatie",
        zeg={
            "regime": Zeg("Toegang"),
            "reden": Zeg("Reden", "In een paar woorden. Geen namen van mensen"),
        },
    ),
    "maximum": Formulier(
        model=e.MaximumVastgesteld,
        groep="locatie",
        titel="Maximum",
        zin="Hoeveel mensen er hoogstens mogen zijn, en welke dwangsom daarop staat.",
        register=Register.MAXIMUM,
        over="Locatie",
        zeg={
            "maximum": Zeg("Maximum", "Het grootste aantal aanwezigen dat mag"),
            "grondslag": Zeg("Grondslag", "De uitspraak of afspraak waar dit op berust"),
            "dwangsomPerDag": Zeg("Dwangsom per dag", "In hele euro's, voor elke dag boven het maximum"),
            "dwangsomPlafond": Zeg("Hoogste dwangsom", "In hele euro's; hier houdt de dwangsom op"),
        },
        vult_in=frozenset({"maximum", "grondslag", "dwangsomPerDag", "dwangsomPlafond", "geldigTot"}),
    ),
    "registreren": Formulier(
        model=e.LocatieGeregistreerd,
        groep="locatie",
        titel="Locatie registreren",
        zin="Een nieuwe of heropende locatie, of een andere naam, gemeente of soort.",
        register=Register.REGISTRATIE,
        over="Locatie",
        hulp="Een nieuwe locatie krijgt van u een id: LOC- en hoogstens 40 letters, cijfers of streepjes.",
        zeg={
            "naam": Zeg("Naam", "Zoals mensen de locatie noemen, hoogstens 120 tekens"),
            "gemeente": Zeg("Gemeente", "Waar de locatie ligt: de naam of de code (GM…)"),
            "soort": Zeg(
                "Soort locatie",
                namen={
                    "azc": "Asielzoekerscentrum (azc)",
                    "pol": "Procesopvanglocatie (pol)",
                    "amv": "Opvang voor alleenstaande minderjarigen (amv)",
                },
            ),
            "zichtbaarheid": Zeg(
                "Zichtbaarheid",
                "Een afgeschermde locatie ziet alleen wie daar de rol voor heeft",
                namen={"openbaar": "Openbaar", "afgeschermd": "Afgeschermd"},
            ),
        },
        vult_in=frozenset({"naam", "gemeente", "soort", "zichtbaarheid"}),
    ),
    "sluiting": Formulier(
        model=e.LocatieGesloten,
        groep="locatie",
        titel="Locatie sluiten",
        zin="De locatie telt vanaf dat moment nergens meer mee.",
        register=Register.OPEN,
        over="Locatie",
    ),
    "opgave": Formulier(
        model=e.OpgaveVastgesteld,
        groep="gemeente",
        titel="Opgave",
        zin="Hoeveel plaatsen een gemeente of provincie in een cyclus mogelijk moet maken.",
        register=Register.OPGAVE,
        over="Gemeente of provincie",
        zeg={
            "status": Zeg("Status", "Alleen een verdeelbesluit bindt"),
            "opgave": Zeg("Opgave", "Het aantal plaatsen; 0 mag"),
            "waarvanAmv": Zeg("Waarvan voor amv", "Deel van de opgave voor alleenstaande minderjarige vreemdelingen"),
            "realiserenVoor": Zeg(
                "Te realiseren vóór", "De termijn van deze opgave; niet ingevuld: die van de cyclus", dag=True
            ),
        },
        vult_in=frozenset({"opgave", "waarvanAmv", "realiserenVoor"}),
    ),
    "stand": Formulier(
        model=e.OpgaveStandGewijzigd,
        groep="gemeente",
        titel="Stand van een verdeelbesluit",
        zin="Bezwaar, beroep, schorsing of vernietiging; geschorst of vernietigd bindt het niet.",
        register=Register.OPGAVESTAND,
        over="Gemeente",
        zeg={"stand": Zeg("Stand"), "zaak": Zeg("Zaak", "ECLI of ander kenmerk van de zaak, hoogstens 100 tekens")},
        vult_in=frozenset({"zaak"}),
    ),
    "overdracht": Formulier(
        model=e.OverdrachtAfgesproken,
        groep="gemeente",
        titel="Overdracht van plaatsen",
        zin="Plaatsen van de ene gemeente die, zo is afgesproken, voor een andere meetellen.",
        register=Register.OVERDRACHT,
        over="Gemeente die plaatsen geeft",
        zeg={
            "naar": Zeg("Gemeente die ze krijgt", "De naam of de code (GM…)"),
            "aantal": Zeg(
                "Aantal plaatsen", "Alle plaatsen samen die nu voor de andere tellen; 0 beëindigt de afspraak"
            ),
        },
        vult_in=frozenset({"aantal", "geldigTot"}),
    ),
    "toezichtstap": Formulier(
        model=e.ToezichtstapGezet,
        groep="gemeente",
        titel="Stap van toezicht",
        zin="Een stap van het interbestuurlijk toezicht op een gemeente; wat er gezegd is hoort hier niet.",
        register=Register.TOEZICHT,
        waarde="stap",
        over="Gemeente",
        zeg={
            "gezetOp": Zeg("Gezet op", "De dag van de stap, en de tijd als die ertoe doet"),
            "stap": _STAP,
            "toezichthouder": Zeg("Toezichthouder", "Wie de stap zet"),
            "termijn": Zeg(
                "Termijn",
                f"De dag waarop de gemeente uiterlijk moet hebben gehandeld. Gewoonlijk na zoveel dagen: {_TERMIJNEN}",
                dag=True,
            ),
            "bron": Zeg("Bron", "Een zaaknummer, een ECLI of een korte URL zonder ?, #, @ en %"),
        },
        vult_in=frozenset({"toezichthouder"}),
    ),
    "cyclus": Formulier(
        model=e.CyclusVastgesteld,
        groep="wet",
        titel="Cyclus van de Spreidingswet",
        zin="De raming van een cyclus, zijn termijn en welke plaatsen erin meetellen.",
        register=Register.CYCLUS,
        over="Cyclus",
        hulp="Het jaartal, zoals 2024",
        zeg={
            "raming": Zeg("Raming", "Het aantal plaatsen in heel Nederland"),
            "meetellendeSoorten": _SOORTEN,
            "beschikbaarTotMinstens": Zeg("Beschikbaar tot minstens", dag=True),
            "realiserenVoor": Zeg("Te realiseren vóór", dag=True),
            "volledig": Zeg(
                "Is alles van deze cyclus gemeld?",
                "Alle opgaven en alle plaatsen; zo niet, dan is wat bekend is een ondergrens",
            ),
            "telregel": Zeg(
                "Telregel", "De regel die geldt als er geen is gevraagd; niet ingevuld: die van de cyclus zelf"
            ),
            "peildatum": Zeg("Peildatum van de raming", "Ter informatie", dag=True),
        },
        vult_in=frozenset(
            {"raming", "beschikbaarTotMinstens", "meetellendeSoorten", "volledig", "realiserenVoor", "telregel"}
        ),
    ),
    "telregel": Formulier(
        model=e.TelregelVastgesteld,
        groep="wet",
        titel="Telregel",
        zin="Een regel voor welke plaatsen meetellen, zoals die van het ministerie.",
        register=Register.TELREGEL,
        over="Cyclus",
        hulp="Het jaartal, zoals 2024",
        zeg={
            "naam": Zeg(
                "Naam van de regel", "Kleine letters, cijfers of streepjes. Een regel met dezelfde naam wordt vervangen"
            ),
            "omschrijving": Zeg("Omschrijving", "Wat de regel vraagt, in één zin"),
            "meetellendeSoorten": _SOORTEN,
            "beschikbaarTotMinstens": Zeg("Beschikbaar tot minstens", dag=True),
            "nogMinstensMaanden": Zeg("Nog minstens zoveel maanden"),
            "duurMinstensMaanden": Zeg(
                "In totaal minstens zoveel maanden",
                "Zo lang moet een plaats er in totaal zijn, vanaf het begin; nooit korter dan het veld hierboven",
            ),
            "zonderEinddatum": Zeg("Plaatsen zonder einddatum"),
            "amvApart": Zeg("Telt de opgave voor amv apart?"),
            "termijn": Zeg("Geldt de termijn?", "Zo niet, dan is elke opgave meteen aan de orde"),
        },
        vult_in=frozenset(
            {
                "omschrijving",
                "meetellendeSoorten",
                "beschikbaarTotMinstens",
                "nogMinstensMaanden",
                "duurMinstensMaanden",
                "zonderEinddatum",
                "amvApart",
                "termijn",
            }
        ),
    ),
    "inzet": Formulier(
        model=e.InzetGeraamd,
        groep="wet",
        titel="Inzet voor een stap van toezicht",
        zin="Hoeveel uren per jaar één gemeente in een stap kost: een raming.",
        register=Register.INZET,
        over="Onderwerp",
        zeg={
            "stap": _STAP,
            "urenPerGemeente": Zeg("Uren per gemeente", "Per jaar"),
            "urenMinstens": Zeg("Minstens zoveel uren"),
            "urenHoogstens": Zeg("Hoogstens zoveel uren"),
        },
        vult_in=frozenset({"urenPerGemeente", "urenMinstens", "urenHoogstens"}),
        geen_gevolg="Dit is een raming voor het toezicht: geen cijfer van mensen, plaatsen of naleving verandert.",
    ),
    "toezichtcapaciteit": Formulier(
        model=e.ToezichtcapaciteitVastgesteld,
        groep="wet",
        titel="Capaciteit voor toezicht",
        zin="Hoeveel mensen de minister of een provincie voor het toezicht heeft.",
        register=Register.TOEZICHTCAPACITEIT,
        over="Toezichthouder",
        hulp="Nederland is de minister; anders de naam van een provincie",
        zeg={
            "fte": Zeg("Fte", "Voltijdbanen, met een komma: 2,5"),
            "urenPerFte": Zeg("Uren per fte", "Per jaar"),
        },
        vult_in=frozenset({"fte", "urenPerFte"}),
        geen_gevolg="Dit gaat over de toezichthouder: geen cijfer van mensen, plaatsen of naleving verandert.",
    ),
    "cijfers": Formulier(
        model=e.CijfersGepubliceerd,
        groep="wet",
        titel="Gepubliceerde cijfers",
        zin="Cijfers die anderen publiceerden; de onze worden ernaast gelegd.",
        register=Register.GEPUBLICEERD,
        over="Waarover",
        hulp="Nederland, een provincie, gemeente of locatie",
        zeg={
            "peildatum": Zeg("Peildatum", "Over welk moment de cijfers gaan", dag=True),
            "bron": Zeg("Bron", "Wie dit publiceerde en waar, zoals Kamerbrief van 10 jul 2026"),
            "grootheid": Zeg("Welk cijfer", "Uit de lijst, of een eigen naam in letters, cijfers en streepjes"),
            "waarde": Zeg("Waarde", "Een getal; een aandeel als deel van 1: 101,6 % is 1,016"),
            "nauwkeurigheid": Zeg("Hoe precies"),
        },
        geen_gevolg="Dit telt nergens mee: onze eigen cijfers worden ernaast gelegd.",
    ),
    "intrekking": Formulier(
        model=e.Ingetrokken,
        groep="herstel",
        titel="Intrekking",
        zin="Een melding die niet klopt, geldt niet meer. Wat erin stond blijft in het logboek.",
        register=None,
        over="Waar de melding over gaat",
        hulp="Een locatie, gemeente, provincie, cyclus of Nederland",
        zeg={
            "gebeurtenisId": Zeg("Welke melding"),
            "reden": Zeg(
                "Reden",
                f"Wat er niet klopte. Geen namen van mensen. Van een stap van toezicht: {', '.join(REDENEN_VAN_STAP)}",
            ),
        },
    ),
}
VAN_TYPE: Mapping[str, Meldsoort] = {one.type: soort for soort, one in FORMULIEREN.items()}
"""Type of an event → its form."""
NAMEN = frozenset(naam for one in FORMULIEREN.values() for veld in one.velden() for naam in veld.namen)
"""The name of every field that a form may send."""
