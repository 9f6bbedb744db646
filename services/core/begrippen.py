"""The words of the domain, each declared once: what pages and files say when somebody asks what a word means.

What a figure means stands with the figure, in `grootheden`.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

Kant = Literal["wereld", "inzicht", "regel"]
OORZAKEN: Mapping[Kant, str] = {
    "wereld": "werkelijk veranderd",
    "inzicht": "later bekend geworden",
    "regel": "anders geteld",
}
"""The three causes of a difference, in the order in which people are told of them → how they are said."""


class Begrip(NamedTuple):
    """A word and what it means."""

    woord: str
    betekenis: str
    """In Dutch sentences that say what it is, not what it is called."""
    cijfers: tuple[str, ...] = ()
    """The names of the figures that it is about."""

    @property
    def anker(self) -> str:
        """Where it stands in the list of words."""
        return "begrip-" + "".join(sign if sign.isalnum() else "-" for sign in self.woord.casefold())


BEGRIPPEN: Sequence[Begrip] = (
    Begrip(
        "afgeschermd",
        "Een locatie die alleen bepaalde gebruikers mogen zien. Voor anderen telt zij niet mee in "
        "mensen en plaatsen; in de naleving telt zij altijd mee.",
    ),
    Begrip(
        "alarm",
        "Een melding van Opvangpeil zelf dat een cijfer een grens voorbij is. Een alarm begint en "
        "eindigt nooit op een cijfer dat niet vast te stellen is.",
    ),
    Begrip(
        "alarm sinds",
        "Wanneer Opvangpeil zag wat er aan de hand is. Dat kan later zijn dan het begon: een meting komt "
        "binnen nadat zij is gedaan, en van vóór de bewaking is er geen alarm.",
    ),
    Begrip(
        "amv",
        "Alleenstaande minderjarige vreemdeling: een kind zonder ouders of voogd. Plaatsen voor amv tellen apart.",
        ("amvOpgave", "amvMeetellend"),
    ),
    Begrip(
        "bezettingsgraad",
        "Hoe vol het is: het aantal mensen gedeeld door het aantal inzetbare plaatsen. Boven 100 % "
        "zijn er meer mensen dan plaatsen. COA rekent met 96 % als norm.",
        ("bezettingsgraad", "bezettingsgraadGemeten"),
    ),
    Begrip(
        "cyclus",
        "Een ronde van de Spreidingswet, met een eigen raming, eigen opgaven en een eigen termijn. "
        "Zij heet naar het jaar waarin zij begint.",
    ),
    Begrip(
        "dekking",
        "Het deel van de inzetbare plaatsen waarvan de bezetting in de laatste 26 uur is gemeld. Bij "
        "een lage dekking zegt een cijfer minder; bij te weinig recente metingen wordt het niet "
        "gegeven.",
        ("dekking",),
    ),
    Begrip(
        "dwangsom",
        "Wat een dag boven het maximum kost, tot een plafond. Opvangpeil telt alleen dagen waarop dat"
        " is gemeten: een ondergrens.",
        ("dwangsom", "plafond"),
    ),
    Begrip(
        "gebeurtenis",
        "Eén melding van een bron: wat er vanaf welk moment geldt, en wanneer dat is vastgelegd. Elk "
        "cijfer volgt uit gebeurtenissen, en geen gebeurtenis wordt gewist.",
    ),
    Begrip(
        "intrekking",
        "De melding dat een eerdere melding van dezelfde bron niet klopt. Die telt dan niet meer mee,"
        " en blijft te zien voor wie terugkijkt.",
    ),
    Begrip(
        "inzetbaar",
        "Plaatsen die nu gebruikt kunnen worden: niet aangehouden, defect of in quarantaine.",
        ("inzetbaar",),
    ),
    Begrip(
        ", ".join(OORZAKEN.values()),
        "De drie oorzaken van een verschil tussen twee momenten: wat er gebeurde, wat pas later over het eerste moment "
        "bekend werd, en een telregel die andere plaatsen meetelt.",
    ),
    Begrip(
        "locatie",
        "Een opvanglocatie van COA, in één gemeente. Een gesloten locatie houdt haar plaatsen en "
        "metingen en telt in geen som mee.",
    ),
    Begrip(
        "maximum",
        "Het hoogste aantal mensen dat er mag zijn, volgens een vonnis of een afspraak.",
        ("maximum", "bovenMaximum"),
    ),
    Begrip(
        "meetellende plaatsen",
        "Plaatsen die volgens de telregel tellen voor de opgave van een gemeente: de eigen, min wat "
        "zij aan een andere gemeente geeft, plus wat zij ontvangt.",
        ("eigen", "gegeven", "ontvangen", "meetellend"),
    ),
    Begrip(
        "meting",
        "Een telling van de mensen op een locatie, op een peilmoment. Van elke locatie telt de laatste.",
        ("aanwezig", "peilmoment"),
    ),
    Begrip(
        "naleving",
        "Of een gemeente haar opgave haalt: voldoet, gedeeltelijk, voldoet niet, geen opgave, termijn"
        " loopt, opgeschort of onbekend.",
        ("naleving",),
    ),
    Begrip(
        "niet vast te stellen",
        "Er is te weinig bekend om het cijfer te geven. Er staat dan geen getal, ook geen 0, en wel waarom.",
    ),
    Begrip("onderdrukt", "Van een alarm: het wordt niet gemeld, omdat een ander alarm hetzelfde al zegt."),
    Begrip(
        "opgave",
        "Het aantal plaatsen dat een gemeente volgens de Spreidingswet mogelijk moet maken. Alleen "
        "een verdeelbesluit bindt; een indicatieve of provinciale opgave wordt getoond en niet "
        "beoordeeld.",
        ("opgave", "opgaveStatus"),
    ),
    Begrip(
        "overdracht",
        "Plaatsen in de ene gemeente die volgens afspraak meetellen voor een andere. Wat een gemeente"
        " niet zelf heeft, kan zij niet geven: dat heet ongedekt.",
        ("gegeven", "ontvangen", "ongedekt"),
    ),
    Begrip("peildatum", "De dag waarover een gepubliceerd cijfer gaat."),
    Begrip("peilmoment", "Het moment waarop de mensen op een locatie zijn geteld.", ("peilmoment",)),
    Begrip(
        "plaatsen",
        "Plek om te slapen voor één mens, van één soort: regulier, nood of amv.",
        ("plaatsen", "totaalPlaatsen"),
    ),
    Begrip("Spreidingswet", "De wet die asielopvang over alle gemeenten verdeelt."),
    Begrip(
        "stand",
        "Wat er van een verdeelbesluit werd: geldend, bezwaar, beroep, geschorst of vernietigd. "
        "Geschorst of vernietigd bindt het niet.",
        ("stand",),
    ),
    Begrip("stand van", "Over welk moment in de wereld een cijfer gaat."),
    Begrip(
        "stilte",
        "Een tijd waarin een alarm niet wordt gemeld, omdat iemand dat zo heeft ingesteld. Het alarm "
        "zelf blijft te zien.",
    ),
    Begrip(
        "te vol sinds",
        "Het peilmoment van de meting sinds welke een locatie zonder onderbreking meer mensen heeft dan "
        "inzetbare plaatsen. Het alarm erover begint als die meting binnen is.",
    ),
    Begrip(
        "tekort",
        "Plaatsen die een gemeente te weinig heeft voor haar opgave. Een tekort van gemeenten samen is de som daarvan: "
        "wat een andere gemeente over heeft, gaat er niet af.",
        ("tekort", "tekortMinstens", "tekortHoogstens"),
    ),
    Begrip(
        "telregel",
        "Een regel voor welke plaatsen meetellen: van welke soort, en hoe lang zij er moeten zijn. "
        "Door een andere telregel kan hetzelfde aantal plaatsen een andere naleving geven.",
    ),
    Begrip(
        "termijn",
        "Tot wanneer een gemeente heeft om haar opgave te halen. Zolang die loopt is er nog geen oordeel.",
        ("realiserenVoor",),
    ),
    Begrip("toegang", "Wie een locatie in mag: open, gecontroleerd, beperkt of gesloten.", ("toegang",)),
    Begrip(
        "toezicht",
        "Het interbestuurlijk toezicht op een gemeente, in stappen van brief tot uitvoering.",
        ("toezicht", "onderToezicht"),
    ),
    Begrip(
        "verdeelbesluit", "Het besluit dat de opgave van een gemeente vaststelt. Pas dan bindt zij.", ("opgaveStatus",)
    ),
    Begrip(
        "verklaring", "Een cijfer met zijn formule, en alle meldingen erachter: wat meetelt, en wat niet en waarom."
    ),
    Begrip(
        "voorbehoud", "Wat bij een cijfer te bedenken is: waarom het er niet is, of wat het buiten beschouwing laat."
    ),
    Begrip(
        "zoals bekend op",
        "Met welke kennis naar een moment wordt gekeken. Zoals bekend op 1 mei telt alleen wat op 1 "
        "mei was vastgelegd.",
    ),
)
"""All of them, in the order of the alphabet."""
