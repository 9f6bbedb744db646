"""Writes linked data as Turtle and as JSON-LD, both from one model. Pure.

A node says things of itself, by property: texts, dates, or other nodes. A name such as `dct:title` is short for a URI,
by `PREFIXES`. Both forms are read back to the same graph (`tests/contract/test_catalogus.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, Union
from urllib.parse import quote

import orjson

PREFIXES: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_IN_IRI = "!#$%&'()*+,/:;=?@[]-._~"
"""The signs that stand in an IRI as they are. Whatever else is no letter or digit gets a percent sign."""


class Literal(NamedTuple):
    """A text, in a language or of a datatype."""

    text: str
    language: str = ""
    datatype: str = ""


class Node(NamedTuple):
    """Something that things are said of. Without an IRI it has no name outside this document."""

    iri: str | None
    type: str = ""
    """What it is, such as `dcat:Dataset`. Empty: that is said elsewhere."""
    said: Mapping[str, Sequence["Value"]] = {}


Value: TypeAlias = Union[Literal, Node]  # noqa: UP007 - Node is defined by it


def nl(text: str) -> Literal:
    """Returns a Dutch text."""
    return Literal(text, "nl")


def as_json_ld(root: Node) -> bytes:
    """Returns JSON-LD 1.1: each node once in full, where it is first named, and by its IRI after that."""
    said: set[str] = set()
    return orjson.dumps({"@context": dict(PREFIXES), **_object(root, said)}, option=orjson.OPT_INDENT_2)


def as_turtle(root: Node) -> bytes:
    """Returns Turtle 1.1, a block for each node with an IRI."""
    blocks: dict[str, str] = {}
    for node in _named(root):
        block = _block(node)
        if node.iri is not None and block and node.iri not in blocks:
            blocks[node.iri] = f"{_iri(node.iri)} {block} ."
    lines = [f"@prefix {name}: <{uri}> ." for name, uri in PREFIXES.items()]
    return "\n\n".join(["\n".join(lines), *blocks.values()]).encode() + b"\n"


def _object(node: Node, said: set[str]) -> dict[str, Any]:
    about: dict[str, Any] = {} if node.iri is None else {"@id": _escaped(node.iri)}
    if node.iri is not None and node.iri in said:
        return about
    if node.iri is not None and (node.type or node.said):
        said.add(node.iri)
    if node.type:
        about["@type"] = node.type
    for name, values in node.said.items():
        if values:
            about[name] = [_object(one, said) if isinstance(one, Node) else _value(one) for one in values]
    return about


def _value(one: Literal) -> dict[str, str]:
    about = {"@value": one.text}
    if one.language:
        about["@language"] = one.language
    if one.datatype:
        about["@type"] = one.datatype
    return about


def _named(node: Node) -> Iterator[Node]:
    """Yields this node and every node below it that has an IRI."""
    if node.iri is not None:
        yield node
    for values in node.said.values():
        for one in values:
            if isinstance(one, Node):
                yield from _named(one)


def _block(node: Node) -> str:
    """What stands behind the name of a node: its type and all it says."""
    parts = [f"a {node.type}"] if node.type else []
    parts += [f"{name} {', '.join(map(_term, values))}" for name, values in node.said.items() if values]
    return " ;\n    ".join(parts)


def _term(one: Value) -> str:
    if isinstance(one, Node):
        return f"[ {_block(one)} ]" if one.iri is None else _iri(one.iri)
    text = f'"{_in_string(one.text)}"'
    return f"{text}@{one.language}" if one.language else f"{text}^^{one.datatype}" if one.datatype else text


def _in_string(text: str) -> str:
    """Writes a text between quotes: what JSON escapes, Turtle reads in the same way."""
    return orjson.dumps(text).decode()[1:-1]


def _iri(iri: str) -> str:
    return f"<{_escaped(iri)}>"


def _escaped(iri: str) -> str:
    return quote(iri, safe=_IN_IRI)
