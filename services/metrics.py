"""The closed list of metrics, and the objects that count them. No other module adds a metric.

There are two kinds. The code that does the work keeps counters and timers. Figures (bezettingsgraad, naleving, alarmen)
are computed at the scrape, from the same view as the API, so that both always say the same. A figure that is not known
has no sample, since 0 would be a claim.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


@dataclass(frozen=True, slots=True)
class DeclaredMetric:
    """One metric: what it means, and what to do when it moves."""

    naam: str
    soort: str
    """`counter`, `gauge`, `histogram`, or `figuur`: a gauge computed at the scrape."""
    labels: tuple[str, ...]
    betekenis: str
    actie: str
    domein: bool = False
    """Whether it tells of the reception. The others tell how Opvangpeil itself runs."""

    @property
    def hulp(self) -> str:
        """The text beside the metric in `/metrics`."""
        return f"{self.betekenis} {self.actie}"


LIJST = (
    DeclaredMetric(
        "opvangpeil_bezettingsgraad",
        "figuur",
        (),
        "Landelijke bezettingsgraad: aanwezig gedeeld door inzetbare plaatsen, nu.",
        "Boven 1: er zijn meer mensen dan plaatsen; zie /v1/locaties?sorteer=-bezettingsgraad.",
        domein=True,
    ),
    DeclaredMetric(
        "opvangpeil_dekking",
        "figuur",
        (),
        "Aandeel van de inzetbare plaatsen waarvan de bezetting in de laatste 26 uur is gemeld.",
        "Daalt: bronnen melden niet; meldt te weinig in 78 uur, dan is de bezettingsgraad niet vast te stellen.",
        domein=True,
    ),
    DeclaredMetric(
        "opvangpeil_locaties_open",
        "figuur",
        (),
        "Aantal open locaties.",
        "Verspringt: kijk welke locatie geregistreerd of gesloten is.",
        domein=True,
    ),
    DeclaredMetric(
        "opvangpeil_aanwezig",
        "figuur",
        (),
        "Aanwezigen in open locaties, volgens de laatste meldingen.",
        "Ontbreekt: te weinig locaties meldden, of één meldde nooit; zie voorbehoud in /v1/bezetting.",
        domein=True,
    ),
    DeclaredMetric(
        "opvangpeil_inzetbare_plaatsen",
        "figuur",
        (),
        "Inzetbare plaatsen in open locaties.",
        "Daalt: plaatsen vervielen of werden uit gebruik genomen.",
        domein=True,
    ),
    DeclaredMetric(
        "opvangpeil_data_ouderdom_seconds",
        "figuur",
        ("maat",),
        "Ouderdom van de getelde meldingen: de oudste en de mediaan.",
        "De mediaan boven 86400: de meeste bronnen zwijgen langer dan een dag.",
        domein=True,
    ),
    DeclaredMetric(
        "opvangpeil_naleving_gemeenten",
        "figuur",
        ("klasse",),
        "Aantal gemeenten per klasse van naleving van de Spreidingswet, nu.",
        "Verspringt: vraag /v1/naleving voor en na het moment.",
        domein=True,
    ),
    DeclaredMetric(
        "opvangpeil_vast_te_stellen",
        "figuur",
        ("grootheid",),
        "1 als dit cijfer vast te stellen is; bij 0 ontbreekt het hier, want wat bekend is kan het niet dragen.",
        "0: zie voorbehoud in /v1/bezetting en /v1/naleving; vraag na waarom er niet wordt gemeld.",
        domein=True,
    ),
    DeclaredMetric(
        "opvangpeil_alarmen",
        "figuur",
        ("ernst", "status"),
        "Aantal alarmen dat nu openstaat.",
        "Meer dan 0: zie /v1/alarmen.",
        domein=True,
    ),
    DeclaredMetric(
        "opvangpeil_alarmen_toestand",
        "figuur",
        ("ernst", "toestand"),
        "Aantal alarmen dat niet voorbij is, elk één keer: actief, wachtend, onderdrukt, stil of opgepakt.",
        "actief boven 0: niemand heeft ze opgepakt; zie /v1/alarmen.",
        domein=True,
    ),
    DeclaredMetric(
        "opvangpeil_simulatie",
        "figuur",
        (),
        "1 als de cijfers (mede) uit een simulatie komen.",
        "1 in productie: simulatie is in het echte logboek geschreven; de cijfers niet gebruiken.",
        domein=True,
    ),
    DeclaredMetric(
        "opvangpeil_gebeurtenissen_opgeslagen",
        "figuur",
        (),
        "Aantal gebeurtenissen in het logboek.",
        "Staat stil terwijl er wordt ingevoerd: de verwerker schrijft niet.",
    ),
    DeclaredMetric(
        "opvangpeil_laatste_gebeurtenis_timestamp_seconds",
        "figuur",
        (),
        "Wanneer de laatste opgeslagen gebeurtenis is ontvangen, in seconden sinds 1970.",
        "Staat stil terwijl bronnen melden: kijk naar ingest, de broker en de verwerker.",
    ),
    DeclaredMetric(
        "opvangpeil_onverwerkbaar",
        "figuur",
        (),
        "Aantal berichten dat niet te verwerken was en met reden apart is gezet.",
        "Stijgt: een bron schrijft verkeerde berichten op het topic; zie `opvangpeil onverwerkbaar`.",
    ),
    DeclaredMetric(
        "opvangpeil_store_bereikbaar",
        "figuur",
        (),
        "1 als ClickHouse bij deze scrape antwoordde, anders 0; dan ontbreken alle andere cijfers.",
        "0: herstel ClickHouse; er gaat niets verloren, de verwerker wacht en haalt in.",
    ),
    DeclaredMetric(
        "opvangpeil_ingest_gebeurtenissen",
        "counter",
        ("uitkomst",),
        "Gebeurtenissen die over HTTP binnenkwamen: nieuw, herhaald of geweigerd.",
        "Geweigerd stijgt: een bron stuurt foute gebeurtenissen en kreeg dat als antwoord.",
    ),
    DeclaredMetric(
        "opvangpeil_verwerker_achterstand",
        "gauge",
        ("partitie",),
        "Berichten op het topic die nog niet zijn opgeslagen.",
        "Blijft stijgen: ClickHouse is weg of te traag, of er is een verwerker te weinig.",
    ),
    DeclaredMetric(
        "opvangpeil_verwerker_gebeurtenissen",
        "counter",
        ("uitkomst",),
        "Gebeurtenissen die de verwerker heeft afgehandeld: opgeslagen of onverwerkbaar.",
        "Staat stil bij een achterstand boven 0: de verwerker hangt; zie /gereed.",
    ),
    DeclaredMetric(
        "opvangpeil_insert_duur_seconds",
        "histogram",
        (),
        "Duur van een insert in ClickHouse.",
        "Boven 1 seconde: ClickHouse heeft het te druk, of voegt te veel kleine delen samen.",
    ),
    DeclaredMetric(
        "opvangpeil_insert_fouten",
        "counter",
        ("oorzaak",),
        "Mislukte inserts: onbereikbaar (wordt opnieuw gedaan) of geweigerd (de oorzaak wordt opgezocht).",
        "Stijgt: zie het logboek van de verwerker.",
    ),
    DeclaredMetric(
        "opvangpeil_alarm_kijkduur_seconds",
        "histogram",
        (),
        "Duur van een blik op de actuele cijfers, met alle alarmregels.",
        "p99 boven 0,25 seconde: alarmen komen later; kijk naar de store en naar het aantal locaties en regels.",
    ),
    DeclaredMetric(
        "opvangpeil_alarm_laatste_blik_timestamp_seconds",
        "gauge",
        (),
        "Wanneer er voor het laatst naar de alarmregels is gekeken, in seconden sinds 1970.",
        "Meer dan een minuut geleden: er komt geen alarm meer; kijk in het logboek van alarms.",
    ),
    DeclaredMetric(
        "opvangpeil_bezorging_pogingen",
        "counter",
        ("ontvanger", "uitkomst"),
        "Pogingen om een alarm te bezorgen: bezorgd, mislukt (wordt opnieuw geprobeerd) of opgegeven.",
        "Mislukt stijgt: de ontvanger is weg of weigert; zie /v1/ontvangers.",
    ),
    DeclaredMetric(
        "opvangpeil_bezorging_wachtend",
        "gauge",
        ("ontvanger", "status"),
        "Meldingen die nog bezorgd moeten worden (wacht), gespaard worden (bundel), of zijn opgegeven (mislukt).",
        "Wacht of mislukt meer dan 0 gedurende minuten: zie /v1/ontvangers; opnieuw sturen kan daar ook.",
    ),
    DeclaredMetric(
        "opvangpeil_bezorging_laatste_succes_timestamp_seconds",
        "gauge",
        ("ontvanger",),
        "Wanneer deze ontvanger voor het laatst iets aannam, in seconden sinds 1970.",
        "Staat stil terwijl er alarmen zijn: die komen daar niet aan.",
    ),
    DeclaredMetric(
        "opvangpeil_ontvangers_geldig",
        "gauge",
        (),
        "1 als het bestand van de ontvangers klopt; bij 0 blijven die van daarvoor gelden.",
        "0: de bladzijde Ontvangers en het logboek van alarms zeggen wat er niet klopt.",
    ),
    DeclaredMetric(
        "opvangpeil_stroom_lezers",
        "gauge",
        (),
        "Open verbindingen op /v1/stroom.",
        "Bij het maximum worden nieuwe lezers geweigerd: zet er meer diensten api naast.",
    ),
    DeclaredMetric(
        "opvangpeil_bestanden",
        "counter",
        ("profiel", "uitkomst"),
        "Bestanden uit de map die `opvangpeil volg` volgt: verwerkt of (als geheel) geweigerd.",
        "Geweigerd stijgt: het verslag naast het bestand, in geweigerd/, zegt waarom.",
    ),
    DeclaredMetric(
        "opvangpeil_bestand_rijen",
        "counter",
        ("profiel", "uitkomst"),
        "Wat er van de rijen van deze bestanden werd: nieuw, anders, gelijk, overgeslagen of geweigerd.",
        "Geweigerd stijgt: het verslag naast het bestand noemt elke rij en de reden.",
    ),
    DeclaredMetric(
        "opvangpeil_bestanden_gehinderd",
        "gauge",
        ("oorzaak",),
        "Wat het volgen van de map nu ophoudt: map, schijf, server, bestand, profiel, namen, of een bestand te laat.",
        "Boven 0: het logboek van `opvangpeil volg` zegt wat er is; het gaat verder zodra dat weg is.",
    ),
    DeclaredMetric(
        "opvangpeil_bestand_laatste_timestamp_seconds",
        "gauge",
        ("profiel",),
        "Wanneer het laatste bestand van dit profiel is verwerkt, in seconden sinds 1970.",
        "Staat stil: de bron levert niet, of levert wat blijft liggen of geweigerd wordt.",
    ),
    DeclaredMetric(
        "opvangpeil_bestand_verwacht_voor_timestamp_seconds",
        "gauge",
        ("profiel",),
        "Wanneer het volgende bestand er uiterlijk is (verwachtElke na het laatste), in seconden sinds 1970.",
        "Voorbij: het bestand blijft uit; vraag de bron ernaar.",
    ),
    DeclaredMetric(
        "opvangpeil_namen_wachtend",
        "gauge",
        ("soort",),
        "Namen in bestanden waarvan niemand nog zei welke id het is.",
        "Boven 0: `opvangpeil namen lijst`, en daarna het bestand nog eens in de map.",
    ),
    DeclaredMetric(
        "opvangpeil_http_verzoeken",
        "counter",
        ("methode", "route", "status"),
        "HTTP-verzoeken, per route van de API.",
        "Status 5xx stijgt: zie het logboek van de dienst bij hetzelfde moment.",
    ),
    DeclaredMetric(
        "opvangpeil_http_duur_seconds",
        "histogram",
        ("route",),
        "Duur van een HTTP-verzoek tot en met het laatste byte van het antwoord.",
        "p99 boven 1 seconde: kijk naar de store en naar het aantal gelijktijdige verzoeken.",
    ),
)
"""All metrics but the `process_…` ones of prometheus-client: memory, processor time, open files."""

_BY_NAME = {metric.naam: metric for metric in LIJST}
_Kind = TypeVar("_Kind", Counter, Gauge, Histogram)
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

Figuren = Mapping[str, Iterable[tuple[tuple[str, ...], float | None]]]
"""The samples of each figure, by name. A sample is the values of its labels and a number. None: not known, so none."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the services count with. LIJST has their labels. Moments are in seconds since 1970."""

    registry: CollectorRegistry
    ingest: Counter
    """`.labels("nieuw" | "herhaald" | "geweigerd").inc(n)`"""
    achterstand: Gauge
    verwerkt: Counter
    """`.labels("opgeslagen" | "onverwerkbaar").inc(n)`"""
    insert_duur: Histogram
    insert_fouten: Counter
    """`.labels("onbereikbaar" | "geweigerd").inc()`"""
    alarm_kijkduur: Histogram
    alarm_laatste_blik: Gauge
    bezorging_pogingen: Counter
    """`.labels(ontvanger, "bezorgd" | "mislukt" | "opgegeven").inc()`"""
    bezorging_wachtend: Gauge
    """`.labels(ontvanger, "wacht" | "bundel" | "mislukt").set(n)`"""
    bezorging_succes: Gauge
    ontvangers_geldig: Gauge
    stroom_lezers: Gauge
    bestanden: Counter
    """`.labels(profiel, "verwerkt" | "geweigerd").inc()`"""
    bestand_rijen: Counter
    """`.labels(profiel, "nieuw" | "anders" | "gelijk" | "overgeslagen" | "geweigerd").inc(n)`"""
    bestanden_gehinderd: Gauge
    """`.labels(oorzaak).set(n)`"""
    bestand_laatste: Gauge
    bestand_verwacht_voor: Gauge
    namen_wachtend: Gauge
    """`.labels(soort).set(n)`"""
    http_verzoeken: Counter
    http_duur: Histogram


def make_metrics(registry: CollectorRegistry) -> Metrics:
    """Makes the counters and timers of the closed list, in the caller's registry. A process has one registry."""
    # Otherwise every counter gets a second series, which nobody reads. The library gives this function no types.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    ProcessCollector(registry=registry)
    (geldig := _make(Gauge, "opvangpeil_ontvangers_geldig", registry)).set(float("nan"))  # until it read such a file
    return Metrics(
        registry=registry,
        ingest=_make(Counter, "opvangpeil_ingest_gebeurtenissen", registry),
        achterstand=_make(Gauge, "opvangpeil_verwerker_achterstand", registry),
        verwerkt=_make(Counter, "opvangpeil_verwerker_gebeurtenissen", registry),
        insert_duur=_make(Histogram, "opvangpeil_insert_duur_seconds", registry, buckets=_BUCKETS),
        insert_fouten=_make(Counter, "opvangpeil_insert_fouten", registry),
        alarm_kijkduur=_make(Histogram, "opvangpeil_alarm_kijkduur_seconds", registry, buckets=_BUCKETS),
        alarm_laatste_blik=_make(Gauge, "opvangpeil_alarm_laatste_blik_timestamp_seconds", registry),
        bezorging_pogingen=_make(Counter, "opvangpeil_bezorging_pogingen", registry),
        bezorging_wachtend=_make(Gauge, "opvangpeil_bezorging_wachtend", registry),
        bezorging_succes=_make(Gauge, "opvangpeil_bezorging_laatste_succes_timestamp_seconds", registry),
        ontvangers_geldig=geldig,
        stroom_lezers=_make(Gauge, "opvangpeil_stroom_lezers", registry),
        bestanden=_make(Counter, "opvangpeil_bestanden", registry),
        bestand_rijen=_make(Counter, "opvangpeil_bestand_rijen", registry),
        bestanden_gehinderd=_make(Gauge, "opvangpeil_bestanden_gehinderd", registry),
        bestand_laatste=_make(Gauge, "opvangpeil_bestand_laatste_timestamp_seconds", registry),
        bestand_verwacht_voor=_make(Gauge, "opvangpeil_bestand_verwacht_voor_timestamp_seconds", registry),
        namen_wachtend=_make(Gauge, "opvangpeil_namen_wachtend", registry),
        http_verzoeken=_make(Counter, "opvangpeil_http_verzoeken", registry),
        http_duur=_make(Histogram, "opvangpeil_http_duur_seconds", registry, buckets=_BUCKETS),
    )


def gathered(registry: CollectorRegistry, figures: Figuren, *, all_of_it: bool) -> CollectorRegistry:
    """Returns what one scrape shows: these figures, and with `all_of_it` also how Opvangpeil itself runs.

    Whoever asks for it gets a KeyError when the figures name a metric outside the list.
    """
    shown = CollectorRegistry()
    shown.register(_Gathered(registry, figures, all_of_it=all_of_it))
    return shown


class _Gathered(Collector):
    def __init__(self, registry: CollectorRegistry, figures: Figuren, *, all_of_it: bool) -> None:
        self._registry, self._figures, self._all = registry, figures, all_of_it

    def collect(self) -> Iterable[Metric]:
        if self._all:
            yield from self._registry.collect()
        for naam, samples in self._figures.items():
            declared = _BY_NAME[naam]
            if self._all or declared.domein:
                family = GaugeMetricFamily(declared.naam, declared.hulp, labels=declared.labels)
                for labels, value in samples:
                    if value is not None:
                        family.add_metric(labels, value)
                yield family


def _make(kind: type[_Kind], naam: str, registry: CollectorRegistry, **options: Any) -> _Kind:
    metric = _BY_NAME[naam]
    return kind(naam, metric.hulp, metric.labels, registry=registry, **options)
