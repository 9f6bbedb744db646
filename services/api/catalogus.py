"""`/v1/catalogus`: what can be had here, in the words by which catalogues find data (DCAT-AP-NL 3.0).

A catalogue that names no licence, publisher or contact is none by that profile, so without these there is no catalogue.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, NamedTuple
from typing import Literal as OneOf

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from schemas.fields import AMSTERDAM
from services.access import caller_of
from services.api.answering import Responses
from services.export import FORMATS
from services.export.rdf import Literal, Node, Value, as_json_ld, as_turtle, nl
from services.reads.question import question_of_now
from services.reads.reader import Reader
from services.web import addresses
from services.web.addresses import API, Address, at, page_of
from services.web.formats import JSON, best
from services.web.problems import ProblemError, invalid, repeated_parameters
from services.web.publicatie import Publicatie, publicatie_of

JSON_LD, TURTLE = "application/ld+json", "text/turtle"
_EU = "http://publications.europa.eu/resource/authority"
_IANA = "https://www.iana.org/assignments/media-types"
_FORMS = {"json": JSON, **{naam: form.media_type for naam, form in FORMATS.items()}}
"""`formaat` → its media type."""
_SIMULATED = "Let op: deze gegevens zijn verzonnen en zeggen niets over echte gemeenten, locaties of mensen."


class Dataset(NamedTuple):
    """Something that can be taken away, whole or page by page."""

    address: Address
    titel: str
    beschrijving: str
    trefwoorden: Sequence[str]
    pagina: str | None
    """The page that shows it to people; None: there is none."""
    whole: str | None = ""
    """The query by which one file holds all of it. None: it is read page by page, so there is no such file."""


DATASETS: Sequence[Dataset] = (
    Dataset(
        addresses.RAPPORT_BEZETTING,
        "Bezetting van de asielopvang",
        "Mensen, plaatsen en bezettingsgraad van Nederland, elke provincie, elke gemeente met een open locatie en elke "
        "open locatie. Wat niet vast te stellen is staat er zonder getal, met de reden.",
        ("asielopvang", "bezetting", "opvangplaatsen"),
        "/",
    ),
    Dataset(
        addresses.RAPPORT_NALEVING,
        "Naleving van de Spreidingswet",
        "Van elke gemeente de opgave, de plaatsen die meetellen, het tekort en de klasse van naleving.",
        ("Spreidingswet", "asielopvang", "gemeenten", "opgave"),
        page_of(addresses.GEMEENTEN.path),
    ),
    Dataset(
        addresses.LOCATIES,
        "Opvanglocaties",
        "Elke locatie met haar gemeente, plaatsen per soort, laatste meting, toegang en maximum. Hoogstens 1.000 "
        "regels per bestand; zijn er meer, dan zegt `volgende` van het antwoord in JSON waar de rest staat.",
        ("asielopvang", "locaties", "opvangplaatsen"),
        page_of(addresses.LOCATIES.path),
        "aantal=1000",
    ),
    Dataset(
        addresses.GEMEENTEN,
        "Asielopvang per gemeente",
        "Van elke gemeente hoe zij ervoor staat volgens de Spreidingswet, en de sommen over haar locaties.",
        ("asielopvang", "gemeenten", "Spreidingswet"),
        page_of(addresses.GEMEENTEN.path),
    ),
    Dataset(
        addresses.PROVINCIES,
        "Asielopvang per provincie",
        "Van elke provincie de sommen over haar locaties, haar eigen opgave, en haar gemeenten per klasse.",
        ("asielopvang", "provincies", "Spreidingswet"),
        page_of(addresses.PROVINCIES.path),
    ),
    Dataset(
        addresses.LOGBOEK,
        "Logboek van de asielopvang",
        "Elke melding waaruit de cijfers volgen, zoals de bron haar vastlegde, als CloudEvent. Per bladzijde te lezen.",
        ("asielopvang", "gebeurtenissen", "logboek"),
        None,
        None,
    ),
)
"""What is in the catalogue. Each can also be asked at another moment, and with the knowledge of then."""


class CatalogusVraag(BaseModel):
    """In welke vorm."""

    model_config = ConfigDict(extra="forbid")

    formaat: OneOf["jsonld", "turtle"] | None = Field(
        default=None, description="Vorm van het antwoord; gaat voor Accept"
    )


class Feiten(NamedTuple):
    """What a catalogue says that depends on who reads it, and when."""

    begin: str
    """How the reader reaches us, without a path."""
    vrij: bool
    """Whether nothing is asked of the reader."""
    simulatie: bool
    sinds: datetime | None
    """When the first event was recorded that the reader may see; None without one."""


_SAID: Responses = {
    200: {"content": {JSON_LD: {"schema": {"type": "object"}}, TURTLE: {"schema": {"type": "string"}}}},
    404: {"description": "Niet opgegeven is wie publiceert, onder welke licentie, of waar vragen heen kunnen."},
}


def catalogus_router(reader: Reader) -> APIRouter:
    """The catalogue, which is no answer to a question about figures, so it has forms of its own."""
    router = APIRouter(tags=["catalogus"])

    @at(router, addresses.CATALOGUS, response_class=Response, responses=_SAID)
    def catalogus(request: Request, vraag: Annotated[CatalogusVraag, Query()]) -> Response:
        """Wat hier te halen is, volgens DCAT-AP-NL 3.0."""
        if fouten := repeated_parameters(request):
            raise invalid(fouten)
        media_type = _chosen(request, vraag)
        said = publicatie_of(request)
        caller = caller_of(request)
        question = question_of_now(reader.clock(), caller.audience)
        simulatie, sinds = reader.herkomst(question).simulatie, reader.begin(question)
        feiten = Feiten(said.begin(request), caller.kind == "lokaal", simulatie, sinds)
        root = catalogus_van(said, feiten)
        content = as_json_ld(root) if media_type == JSON_LD else as_turtle(root)
        return Response(content, headers={"Vary": "Accept"}, media_type=media_type)

    return router


def _chosen(request: Request, vraag: CatalogusVraag) -> str:
    if vraag.formaat is not None:
        return JSON_LD if vraag.formaat == "jsonld" else TURTLE
    liked = best(request.headers.get("accept", ""), [JSON_LD, TURTLE])
    if liked is None:
        raise ProblemError(406, f"Dit adres antwoordt als {JSON_LD} of {TURTLE}; vraag een daarvan in Accept.")
    return liked


def ontbreekt(said: Publicatie) -> list[str]:
    """Returns the settings without which there is no catalogue."""
    needed = {
        "OPVANGPEIL_LICENTIE": said.licentie,
        "OPVANGPEIL_UITGEVER": said.uitgever,
        "OPVANGPEIL_CONTACT": said.contact,
    }
    return [name for name, value in needed.items() if value is None]


def catalogus_van(said: Publicatie, feiten: Feiten) -> Node:
    """Returns the catalogue. Raises ProblemError 404 while the operator has not said what it needs."""
    if missing := ontbreekt(said):
        raise ProblemError(
            404,
            "Er is hier nog geen catalogus: DCAT-AP-NL vraagt een licentie, een uitgever en een contactpunt, en die "
            f"zijn niet alle opgegeven. Wie Opvangpeil beheert stelt in: {', '.join(missing)}.",
        )
    begin = feiten.begin
    own = _Own(said, feiten)
    service = own.resource(
        f"{begin}{API}",
        "dcat:DataService",
        "API van Opvangpeil",
        "Alle cijfers, hun verklaring en hun verloop, over elk moment en met de kennis van elk moment.",
        ("asielopvang", "API", "Spreidingswet"),
    )
    datasets = [_dataset(one, own, Node(service.iri)) for one in DATASETS]
    more = {
        "dcat:endpointURL": [Node(f"{begin}{API}")],
        "dcat:endpointDescription": [Node(f"{begin}{addresses.OPENAPI.path}")],
        "dcat:servesDataset": [Node(one.iri) for one in datasets],
        "dct:license": [own.licentie],
        "foaf:page": [own.definities],
    }
    service = service._replace(said={**service.said, **more})
    return Node(
        f"{begin}{addresses.CATALOGUS.path}",
        "dcat:Catalog",
        {
            "dct:title": [nl(own.named("Catalogus van Opvangpeil"))],
            "dct:description": [
                nl(own.told("Cijfers over de asielopvang en de Spreidingswet, die na te rekenen zijn."))
            ],
            "dct:publisher": [own.uitgever],
            "dct:creator": [own.uitgever],
            "dcat:contactPoint": [own.contact],
            "dct:license": [own.licentie],
            "dct:language": [NEDERLANDS],
            "foaf:homepage": [Node(f"{begin}/", "foaf:Document")],
            "dcat:dataset": datasets,
            "dcat:service": [service],
        },
    )


def _dataset(one: Dataset, own: "_Own", service: Node) -> Node:
    url = f"{own.feiten.begin}{one.address.path}"
    found = own.resource(f"{url}#dataset", "dcat:Dataset", one.titel, one.beschrijving, one.trefwoorden)
    more: dict[str, Sequence[Value]] = {
        "dct:accrualPeriodicity": [Node(f"{_EU}/frequency/UPDATE_CONT", "dct:Frequency")],
        "dct:spatial": [Node(f"{_EU}/country/NLD", "dct:Location")],
        "dct:temporal": own.tijd,
        "dct:language": [NEDERLANDS],
        "foaf:page": [own.definities],
        "dcat:landingPage": [] if one.pagina is None else [Node(f"{own.feiten.begin}{one.pagina}", "foaf:Document")],
        "dcat:distribution": [_distribution(one, formaat, own, service) for formaat in _FORMS],
    }
    if own.feiten.simulatie:
        more["dct:provenance"] = [Node(None, "dct:ProvenanceStatement", {"rdfs:label": [nl(_SIMULATED)]})]
    return found._replace(said={**found.said, **more})


def _distribution(one: Dataset, formaat: str, own: "_Own", service: Node) -> Node:
    url = f"{own.feiten.begin}{one.address.path}"
    download = None if one.whole is None else f"{url}?{one.whole}{'&' if one.whole else ''}formaat={formaat}"
    return Node(
        f"{url}#{formaat}",
        "dcat:Distribution",
        {
            "dct:title": [nl(own.named(f"{one.titel} ({formaat.upper()})"))],
            "dcat:accessURL": [Node(download or f"{url}?formaat={formaat}")],
            "dcat:downloadURL": [] if download is None else [Node(download)],
            "dcat:accessService": [service],
            "dct:format": [Node(f"{_EU}/file-type/{formaat.upper()}", "dct:MediaTypeOrExtent")],
            "dcat:mediaType": [Node(f"{_IANA}/{_FORMS[formaat]}", "dct:MediaType")],
            "dct:license": [own.licentie],
            "dct:language": [NEDERLANDS],
        },
    )


NEDERLANDS = Node(f"{_EU}/language/NLD", "dct:LinguisticSystem")


class _Own:
    """What every part of one catalogue says alike."""

    def __init__(self, said: Publicatie, feiten: Feiten) -> None:
        self.feiten = feiten
        self.licentie = Node(said.licentie, "dct:LicenseDocument")
        self.uitgever = Node(said.uitgever_uri, "foaf:Agent", {"foaf:name": [nl(said.uitgever or "")]})
        self.contact = _contact(said)
        self.definities = Node(f"{feiten.begin}{addresses.DEFINITIES.path}", "foaf:Document")
        right = "PUBLIC" if feiten.vrij else "RESTRICTED"
        self._right = Node(f"{_EU}/access-right/{right}", "dct:RightsStatement")
        self._theme = Node(
            f"{_EU}/data-theme/SOCI", "skos:Concept", {"skos:prefLabel": [nl("Bevolking en samenleving")]}
        )

    @property
    def tijd(self) -> list[Node]:
        """From when on something is known, with no end: it goes on."""
        sinds = self.feiten.sinds
        if sinds is None:
            return []
        day = Literal(sinds.astimezone(AMSTERDAM).date().isoformat(), datatype="xsd:date")
        return [Node(None, "dct:PeriodOfTime", {"dcat:startDate": [day]})]

    def named(self, titel: str) -> str:
        """Returns a title, which says so when it is about what was invented."""
        return f"{titel} (simulatie)" if self.feiten.simulatie else titel

    def told(self, text: str) -> str:
        """Returns a description that does."""
        return f"{_SIMULATED} {text}" if self.feiten.simulatie else text

    def resource(self, iri: str, kind: str, titel: str, text: str, trefwoorden: Sequence[str]) -> Node:
        """Returns what datasets and services say alike."""
        said: dict[str, Sequence[Value]] = {
            "dct:title": [nl(self.named(titel))],
            "dct:description": [nl(self.told(text))],
            "dct:identifier": [Literal(iri)],
            "dcat:keyword": [nl(one) for one in trefwoorden],
            "dcat:theme": [self._theme],
            "dct:publisher": [self.uitgever],
            "dct:creator": [self.uitgever],
            "dcat:contactPoint": [self.contact],
            "dct:accessRights": [self._right],
        }
        return Node(iri, kind, said)


def _contact(said: Publicatie) -> Node:
    contact = said.contact or ""
    name, where = ("vcard:hasURL", contact) if contact.startswith("http") else ("vcard:hasEmail", f"mailto:{contact}")
    about: dict[str, Sequence[Value]] = {"vcard:fn": [nl(said.uitgever or "")], name: [Node(where)]}
    return Node(None, "vcard:Kind", about)
