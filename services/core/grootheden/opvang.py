"""The figures of the reception: how many people and places there are, how full it is, and who may enter.

The order of declaration is the order in which figures are told, except where one says `na`.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from schemas.data import LocatieSoort, Regime
from schemas.fields import format_known
from services.core import delen
from services.core.bezetting import Bezetting
from services.core.delen import Sluiting
from services.core.grootheden import zinnen
from services.core.grootheden.declaratie import Eenheid, Grootheid, Meter, Van
from services.core.grootheden.zinnen import Geteld, LocatieOp
from services.core.registers import Register

_REGISTRATIE = frozenset({Register.REGISTRATIE})
_PLAATSEN = frozenset({Register.PLAATSEN})
_AANWEZIG = frozenset({Register.AANWEZIG})
_MAXIMUM = frozenset({Register.MAXIMUM})


def _som(sluit: Sluiting, formule: Callable[[Geteld], str], **more: Any) -> Van[Bezetting, Geteld]:
    """A sum over the locaties of an area."""
    return Van(waarde=lambda b: delen.nu(sluit, b.delen), formule=formule, sluit=sluit, **more)


def _eigen(sluit: Sluiting, formule: Callable[[LocatieOp], str], **more: Any) -> Van[LocatieOp, LocatieOp]:
    """The same figure of one locatie by itself."""
    return Van(waarde=lambda one: delen.nu(sluit, one.delen), formule=formule, sluit=sluit, **more)


NAAM = Grootheid(
    naam="naam",
    eenheid=Eenheid.TEKST,
    label="Naam",
    betekenis="Zoals men het noemt",
    rust_op=_REGISTRATIE,
    locatie=Van(waarde=lambda one: one.locatie.naam, formule=None),
)
GEMEENTE = Grootheid(
    naam="gemeente",
    eenheid=Eenheid.TEKST,
    label="Gemeente",
    betekenis="CBS-code van de gemeente",
    rust_op=_REGISTRATIE,
    locatie=Van(waarde=lambda one: one.locatie.gemeente, formule=None),
)
# This name has two meanings on the wire, and so one sentence for both. The contract keeps it.
SOORT = Grootheid(
    naam="soort",
    eenheid=Eenheid.KLASSE,
    keuze=LocatieSoort,
    label="Soort",
    betekenis="Waarvan deze regel is (landelijk, provincie, gemeente, locatie), of wat voor locatie het is",
    rust_op=_REGISTRATIE,
    locatie=Van(waarde=lambda one: one.locatie.soort, formule=None),
)
OPEN = Grootheid(
    naam="open",
    eenheid=Eenheid.JA_NEE,
    label="Open",
    betekenis="De locatie is open",
    rust_op=frozenset({Register.OPEN}),
    locatie=Van(waarde=lambda one: one.locatie.open, formule=zinnen.open_van_locatie, bekend=True),
)
LOCATIES = Grootheid(
    naam="locaties",
    eenheid=Eenheid.LOCATIES,
    label="Locaties",
    betekenis="Aantal open locaties",
    gebied=_som(
        delen.locaties,
        zinnen.locaties,
        bekend=True,
        beschrijving="Aantal open locaties",
        meter=Meter("opvangpeil_locaties_open"),
    ),
)
LOCATIES_GEMETEN = Grootheid(
    naam="locatiesGemeten",
    eenheid=Eenheid.LOCATIES,
    label="Locaties met een meting",
    betekenis="Aantal open locaties waarvan ooit een meting is gemeld, hoe oud ook",
    rust_op=_AANWEZIG,
    gebied=_som(delen.locaties_gemeten, zinnen.locaties_gemeten, bekend=True, kolom=False, reeks=False),
)
AANWEZIG = Grootheid(
    naam="aanwezig",
    eenheid=Eenheid.PERSONEN,
    label="Aanwezig",
    betekenis="Mensen aanwezig, volgens de laatste meting van elke locatie",
    rust_op=_AANWEZIG | _PLAATSEN,
    veroudert=True,
    gebied=_som(
        delen.aanwezig,
        zinnen.aanwezig,
        beschrijving="Volgens de laatste metingen; null als te weinig locaties meldden of van één niets bekend is",
        meter=Meter("opvangpeil_aanwezig"),
    ),
    locatie=_eigen(delen.aanwezig_van_locatie, zinnen.aanwezig_van_locatie, na="inzetbaar"),
)
AANWEZIG_GEMETEN = Grootheid(
    naam="aanwezigGemeten",
    eenheid=Eenheid.PERSONEN,
    label="Gemeten aanwezig",
    betekenis="Mensen op de open locaties met een meting, hoe oud ook: een ondergrens",
    rust_op=_AANWEZIG,
    gebied=_som(delen.aanwezig_gemeten, zinnen.aanwezig_gemeten, bekend=True, kolom=False),
)
AANWEZIG_GESLOTEN = Grootheid(
    naam="aanwezigGesloten",
    eenheid=Eenheid.PERSONEN,
    label="Aanwezig op gesloten locaties",
    betekenis="Mensen in de laatste meting van locaties die daarna of kort daarop sloten",
    rust_op=_AANWEZIG,
    gesloten=True,
    gebied=_som(delen.aanwezig_gesloten, zinnen.aanwezig_gesloten, bekend=True, kolom=False),
)
GESLOTEN_ZONDER_TELLING = Grootheid(
    naam="locatiesGeslotenZonderTelling",
    eenheid=Eenheid.LOCATIES,
    label="Gesloten zonder telling",
    betekenis="Gesloten locaties met mensen in een laatste meting die bij het sluiten te oud was",
    rust_op=_AANWEZIG,
    gesloten=True,
    gebied=_som(delen.gesloten_zonder_telling, zinnen.gesloten_zonder_telling, bekend=True, kolom=False),
)
PEILMOMENT = Grootheid(
    naam="peilmoment",
    eenheid=Eenheid.MOMENT,
    label="Peilmoment",
    kop="Gemeten op",
    betekenis="Wanneer de laatste meting gold",
    rust_op=_AANWEZIG,
    locatie=Van(waarde=lambda one: format_known(one.locatie.peilmoment), formule=None, na="aanwezig", verschil=False),
)
TOTAAL_PLAATSEN = Grootheid(
    naam="totaalPlaatsen",
    eenheid=Eenheid.PLAATSEN,
    label="Plaatsen",
    betekenis="Plaatsen van alle soorten, ook die nu niet bruikbaar zijn",
    rust_op=_PLAATSEN,
    locatie=_eigen(delen.plaatsen_van_locatie, zinnen.plaatsen_van_locatie(attrgetter("aantal"))),
)
PLAATSEN = Grootheid(
    naam="plaatsen",
    eenheid=Eenheid.PLAATSEN,
    label="Plaatsen",
    betekenis="Bekende plaatsen van alle soorten, ook die nu niet bruikbaar zijn",
    rust_op=_PLAATSEN,
    gebied=_som(delen.plaatsen, zinnen.plaatsen, bekend=True, kolom=False),
)
INZETBAAR = Grootheid(
    naam="inzetbaar",
    eenheid=Eenheid.PLAATSEN,
    label="Inzetbaar",
    betekenis="Plaatsen die nu bruikbaar zijn",
    rust_op=_PLAATSEN,
    gebied=_som(
        delen.inzetbaar,
        zinnen.inzetbaar,
        bekend=True,
        beschrijving="Plaatsen die nu te gebruiken zijn",
        meter=Meter("opvangpeil_inzetbare_plaatsen"),
    ),
    locatie=_eigen(delen.inzetbaar_van_locatie, zinnen.plaatsen_van_locatie(attrgetter("inzetbaar"))),
)
VRIJ = Grootheid(
    naam="vrij",
    eenheid=Eenheid.OVER,
    label="Vrij",
    betekenis="Plaatsen die nu bruikbaar en vrij zijn; onder 0: mensen zonder plaats",
    rust_op=_AANWEZIG | _PLAATSEN,
    locatie=Van(
        waarde=lambda one: delen.nu(delen.vrij_van_locatie, one.delen), formule=None, antwoord=False, verschil=False
    ),
)
BEZETTINGSGRAAD = Grootheid(
    naam="bezettingsgraad",
    eenheid=Eenheid.GRAAD,
    label="Bezettingsgraad",
    betekenis="aanwezig / inzetbaar, over open locaties waarvan beide bekend zijn; 100 % is vol",
    rust_op=_AANWEZIG | _PLAATSEN,
    veroudert=True,
    gebied=_som(
        delen.bezettingsgraad,
        zinnen.bezettingsgraad,
        beschrijving="bezettingsgraadGemeten, of null als te weinig locaties meldden; kan boven 1 zijn",
        meter=Meter("opvangpeil_bezettingsgraad"),
    ),
    locatie=_eigen(delen.bezettingsgraad_gemeten, zinnen.bezettingsgraad_van_locatie),
)
BEZETTINGSGRAAD_GEMETEN = Grootheid(
    naam="bezettingsgraadGemeten",
    eenheid=Eenheid.GRAAD,
    label="Gemeten bezettingsgraad",
    betekenis="aanwezig / inzetbaar, over de open locaties met een meting, hoe oud ook, en bekende plaatsen",
    rust_op=_AANWEZIG | _PLAATSEN,
    gebied=_som(delen.bezettingsgraad_gemeten, zinnen.bezettingsgraad_gemeten, kolom=False),
)
DEKKING = Grootheid(
    naam="dekking",
    eenheid=Eenheid.AANDEEL,
    label="Gemeld in 26 uur",
    betekenis="Deel van de inzetbare plaatsen waarvan de bezetting in de laatste 26 uur is gemeld",
    rust_op=_AANWEZIG | _PLAATSEN,
    veroudert=True,
    gebied=_som(
        delen.dekking,
        zinnen.dekking,
        reeks=False,  # Every point of every series already carries it.
        beschrijving="Aandeel van de inzetbare plaatsen waarvan de bezetting hoogstens 26 uur oud is",
        meter=Meter("opvangpeil_dekking"),
    ),
)
OUDERDOM = Grootheid(
    naam="dataOuderdomSeconden",
    eenheid=Eenheid.SECONDEN,
    label="Ouderdom, oudste meting",
    betekenis="Ouderdom van de oudste meting die meetelt",
    rust_op=_AANWEZIG,
    loopt=True,
    gebied=Van(
        waarde=lambda b: b.data_ouderdom_seconden,
        formule=zinnen.ouderdom,
        kolom=False,
        beschrijving="Ouderdom van de oudste getelde melding",
        meter=Meter("opvangpeil_data_ouderdom_seconds", ("oudste",)),
    ),
    locatie=Van(waarde=zinnen.ouderdom_van, formule=None, na="peilmoment", verschil=False, kolom=False),
)
OUDERDOM_MEDIAAN = Grootheid(
    naam="dataOuderdomMediaanSeconden",
    eenheid=Eenheid.SECONDEN,
    label="Ouderdom, middelste meting",
    betekenis="De middelste ouderdom van de metingen die meetellen",
    rust_op=_AANWEZIG,
    loopt=True,
    gebied=Van(
        waarde=lambda b: b.data_ouderdom_mediaan_seconden,
        formule=zinnen.ouderdom_mediaan,
        kolom=False,
        meter=Meter("opvangpeil_data_ouderdom_seconds", ("mediaan",)),
    ),
)
BOVEN_CAPACITEIT = Grootheid(
    naam="bovenCapaciteit",
    eenheid=Eenheid.JA_NEE,
    label="Boven capaciteit",
    betekenis="Meer mensen dan inzetbare plaatsen",
    rust_op=_AANWEZIG | _PLAATSEN,
    locatie=Van(
        waarde=lambda one: one.locatie.boven_capaciteit, formule=zinnen.boven_capaciteit, bekend=True, kolom=False
    ),
)
TOEGANG = Grootheid(
    naam="toegang",
    eenheid=Eenheid.KLASSE,
    keuze=Regime,
    label="Toegang",
    betekenis="Toegangsregime: open, gecontroleerd, beperkt of gesloten",
    rust_op=frozenset({Register.TOEGANG}),
    locatie=Van(waarde=lambda one: one.locatie.toegang, formule=zinnen.toegang),
)
# This name has two meanings on the wire as well: a limit, and the highest value of a period.
MAXIMUM = Grootheid(
    naam="maximum",
    eenheid=Eenheid.PERSONEN,
    label="Maximum",
    betekenis="Het hoogste: hoeveel mensen er mogen zijn, of in een reeks het meeste dat er waren",
    rust_op=_MAXIMUM,
    locatie=Van(
        waarde=lambda one: one.locatie.maximum.maximum if one.locatie.maximum else None,
        formule=zinnen.maximum,
        kolom=False,
    ),
)
MAXIMUM_GRONDSLAG = Grootheid(
    naam="maximumGrondslag",
    eenheid=Eenheid.TEKST,
    label="Grondslag van het maximum",
    betekenis="Waarop dat maximum berust",
    rust_op=_MAXIMUM,
    locatie=Van(
        waarde=lambda one: one.locatie.maximum.grondslag if one.locatie.maximum else None,
        formule=None,
        verschil=False,
        kolom=False,
    ),
)
BOVEN_MAXIMUM = Grootheid(
    naam="bovenMaximum",
    eenheid=Eenheid.JA_NEE,
    label="Boven maximum",
    betekenis="Meer mensen dan het maximum dat geldt",
    rust_op=_AANWEZIG | _MAXIMUM,
    locatie=Van(waarde=lambda one: one.locatie.boven_maximum, formule=zinnen.boven_maximum, bekend=True, kolom=False),
)
DAGEN = Grootheid(
    naam="dagen",
    eenheid=Eenheid.DAGEN,
    label="Dagen boven het maximum",
    betekenis="Dagen met een meting boven het maximum",
    rust_op=_AANWEZIG | _MAXIMUM,
    overschrijding=Van(waarde=lambda found: found.dagen, formule=zinnen.dagen_boven_maximum, bekend=True),
)
DAGEN_MET_METING = Grootheid(
    naam="dagenMetMeting",
    eenheid=Eenheid.DAGEN,
    label="Dagen met een meting",
    betekenis="Dagen waarop minstens één keer is geteld sinds het maximum geldt; van de andere is niets bekend",
    rust_op=_AANWEZIG | _MAXIMUM,
    overschrijding=Van(waarde=lambda found: found.dagen_met_meting, formule=None, bekend=True),
)
DWANGSOM = Grootheid(
    naam="dwangsom",
    eenheid=Eenheid.EURO,
    label="Dwangsom daarover",
    betekenis="Euro: dagen × dwangsom per dag, hoogstens het plafond",
    rust_op=_AANWEZIG | _MAXIMUM,
    overschrijding=Van(
        waarde=lambda found: found.dwangsom,
        formule=zinnen.dwangsom,
        beschrijving="Euro: dagen × dwangsom per dag, hoogstens het plafond",
    ),
)
PLAFOND = Grootheid(
    naam="plafond",
    eenheid=Eenheid.EURO,
    label="Plafond",
    betekenis="Het bedrag in euro waar de dwangsom over de dagen boven het maximum ophoudt",
    rust_op=_MAXIMUM,
    overschrijding=Van(waarde=lambda found: found.plafond, formule=None, beschrijving="Euro"),
)
