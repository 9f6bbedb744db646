"""The catalogue is one by the shapes of DCAT-AP-NL 3.0 itself, and both of its forms say the same."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import SH, Graph, URIRef
from rdflib.compare import isomorphic

from services.api.catalogus import DATASETS, Feiten, catalogus_van
from services.export.rdf import PREFIXES, Literal, Node, as_json_ld, as_turtle, nl
from services.web.problems import ProblemError
from services.web.publicatie import Publicatie

SHAPES = Path(os.environ.get("DCAT_AP_NL_SHAPES", Path(__file__).parent / "dcat-ap-nl"))
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/deed.nl"
URI = "https://identifier.overheid.nl/tooi/id/ministerie/mnre0000"
SAID = Publicatie(CC0, "Ministerie van Voorbeelden", URI, "opvang@example.org")
FEITEN = Feiten("https://opvangpeil.example.org", vrij=False, simulatie=True, sinds=datetime(2024, 1, 1, tzinfo=UTC))
NEEDED = ("dct:license", "dct:publisher", "dcat:contactPoint")


def graph_of(said: Publicatie = SAID, feiten: Feiten = FEITEN) -> Graph:
    return Graph().parse(data=as_turtle(catalogus_van(said, feiten)), format="turtle")


@cache
def shapes() -> Graph:
    """The shapes, without what they name and do not have."""
    found = Graph()
    for file in sorted(SHAPES.glob("*.ttl")):
        found.parse(file, format="turtle")
    assert len(found) > 2000, f"{SHAPES} does not hold the shapes"
    for shape, part in list(found.subject_objects(SH.property)):
        if (part, SH.path, None) not in found:
            found.remove((shape, SH.property, part))
    return found


def wrong_with(graph: Graph) -> str:
    """Returns what the shapes find wrong; empty when nothing is."""
    conforms, _, text = validate(graph, shacl_graph=shapes())
    return "" if conforms else text


@pytest.mark.parametrize(
    ("said", "feiten"),
    [
        (SAID, FEITEN),
        (
            Publicatie(CC0, 'De "balie"\nen meer \\', None, "https://example.org/vragen?a=1&b=2"),
            Feiten("http://127.0.0.1:8080", vrij=True, simulatie=False, sinds=None),
        ),
    ],
)
def test_the_catalogue_conforms_and_its_forms_say_the_same(said, feiten):
    graph = graph_of(said, feiten)
    assert not wrong_with(graph)
    assert isomorphic(graph, Graph().parse(data=as_json_ld(catalogus_van(said, feiten)), format="json-ld"))


@pytest.mark.parametrize("name", NEEDED)
def test_the_profile_asks_for_what_the_catalogue_waits_for(name):
    prefix, _, rest = name.partition(":")
    graph = graph_of()
    graph.remove((None, URIRef(f"{PREFIXES[prefix]}{rest}"), None))
    assert "MinCountConstraintComponent" in wrong_with(graph)


@pytest.mark.parametrize("missing", ["licentie", "uitgever", "contact"])
def test_without_what_the_profile_asks_there_is_no_catalogue_and_it_says_what_to_set(missing):
    with pytest.raises(ProblemError, match=f"OPVANGPEIL_{missing.upper()}") as refused:
        catalogus_van(replace(SAID, **{missing: None}), FEITEN)
    assert refused.value.status == 404


def test_what_is_invented_says_so_in_every_title_and_description():
    graph = graph_of()
    titles = [str(one) for one in graph.objects(None, URIRef(f"{PREFIXES['dct']}title"))]
    texts = [str(one) for one in graph.objects(None, URIRef(f"{PREFIXES['dct']}description"))]
    assert all("(simulatie)" in one for one in titles)
    assert all("verzonnen" in one for one in texts)
    assert len(titles) > 4 * len(DATASETS)
    real = as_turtle(catalogus_van(SAID, FEITEN._replace(simulatie=False))).decode()
    assert "simulatie" not in real
    assert "verzonnen" not in real


def test_no_text_and_no_address_can_break_out_of_a_document():
    odd = 'a"b\\c\nd\re\tf\x00\x7f\u2028{}<>"@nl .'
    root = Node(
        'https://example.org/a b<>"{}|\\^`é',
        "dcat:Catalog",
        {
            "dct:title": [nl(odd), Literal(odd, datatype="xsd:string")],
            "foaf:page": [Node("https://x/<y> .", "foaf:Document")],
        },
    )
    graph = Graph().parse(data=as_turtle(root), format="turtle")
    assert len(graph) == 5
    assert {str(one) for one in graph.objects(None, URIRef(f"{PREFIXES['dct']}title"))} == {odd}
    assert isomorphic(graph, Graph().parse(data=as_json_ld(root), format="json-ld"))
