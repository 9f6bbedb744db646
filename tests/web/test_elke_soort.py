"""Every kind of event is told in full: on its own page, in an explanation and in a difference, in words for people."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
import pytest

from schemas.events import FACT_TYPES
from tests.support.examples import cases, name
from tests.support.html_page import Page
from tests.support.reads import serving_pages
from tests.support.spare import empty_store
from tests.support.strategies import read
from tests.support.web_events import NOW, registered

LOCATIES = {"LOC-TER-APEL": "GM1950", "LOC-12": "GM0344", "LOC-BIDDINGHUIZEN": "GM0303"}
EXAMPLES = {
    name(path): orjson.loads(path.read_bytes()) | {"id": str(uuid5(NAMESPACE_URL, name(path)))}
    for path in cases("valid")
    if path.parts[-3] in FACT_TYPES
}
"""Each kind of event with as little as it may say, and with everything. Each has an id of its own."""
_TECHNICAL = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}|\b(LOC-|GM\d|PV\d)|urn:|\dT\d\d|\bNone\b|\bnull\b|\b[a-z]+[a-z]*[A-Z]\w*|[a-z]\.\w+\.\w|[{}\[\]]"
)
"""An id, a code, a source, a moment of a machine, a missing value, a field or a register."""
_EMPTY = re.compile(r"[:;,(]\s*[;,.)]|\(\s*\)|: *$|\s,")
"""A place where something should stand."""
NOT_TOLD = ("bron", "gebeurtenisId")
EXPLAINED = (
    *(f"/locaties/{one}" for one in LOCATIES),
    *(f"/gemeenten/{one}" for one in ("GM0344", "GM0363", "GM0303", "GM0518")),
    "/provincies/PV26",
    "/bezetting",
    "/naleving",
)


@pytest.fixture(scope="module")
def client(chdb_folder, fill):
    """A client of a store with every example, that no test writes to."""
    names = [registered(own_id, own_id.removeprefix("LOC-").title(), code) for own_id, code in LOCATIES.items()]
    with empty_store(chdb_folder) as store:
        fill(store, read([*names, *EXAMPLES.values()]), ontvangen_op=NOW)
        with serving_pages(store, max(NOW, *(one.time for one in read([*EXAMPLES.values()])))) as client:
            yield client


def shown(client, path) -> Page:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return Page(re.sub(r"<pre.*?</pre>|<a href=\"https.*?</a>|Bron: <bdi>.*?</bdi>", "", answer.text, flags=re.DOTALL))


def odd(text: str) -> list[str]:
    return [found[0] for kind in (_TECHNICAL, _EMPTY) for found in kind.finditer(text)]


def leaves(data: Any) -> Iterator[str]:
    """Yields the name of each value in `data`. The soort of places is told with its numbers."""
    for key, value in data.items():
        for one in value if isinstance(value, list) and value and isinstance(value[0], dict) else ():
            yield from (inner for inner in leaves(one) if not (key == "plaatsen" and inner == "soort"))
        if key not in NOT_TOLD and not (isinstance(value, list) and value and isinstance(value[0], dict)):
            yield key


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_page_of_an_event_says_all_of_it_and_nothing_empty(client, example):
    event = EXAMPLES[example]
    page = client.get(f"/gebeurtenissen/{event['id']}").text
    (sentence,) = re.findall(r'<p class="melding"><bdi>(.*?)</bdi>', page)
    assert sentence
    assert not odd(sentence), sentence
    stored = client.get(f"/v1/gebeurtenissen/{event['id']}").json()["data"]
    told = dict(re.findall(r"<div><dt>(.*?)</dt><dd><bdi>(.*?)</bdi></dd></div>", page.partition("Alles wat")[2]))
    assert len(told) == (len([*leaves(stored)]) if len([*leaves(stored)]) > 2 else 0)
    assert all(label and value for label, value in told.items())
    assert not [found for pair in told.items() for text in pair if (found := odd(text))], told
    main = shown(client, f"/gebeurtenissen/{event['id']}").text.partition("Melding over")[2].partition("Stand van")[0]
    assert not _TECHNICAL.findall(main.partition("Technisch:")[0]), main


@pytest.mark.parametrize("path", EXPLAINED)
def test_every_row_of_an_explanation_is_a_full_sentence(client, path):
    rows = shown(client, f"{path}/verklaring").rows
    head = next(n for n, row in enumerate(rows) if row[0] == "Over")
    end = next(n for n, row in enumerate(rows) if row[0] == "Onderwerp")
    told = [row for row in rows[head + 1 : end] if len(row) > 1]
    assert told
    for row in told:
        assert all(row), row
        assert not odd(" | ".join(row)), row


@pytest.mark.parametrize("onderwerp", [*LOCATIES, "GM0344", "GM0303", "GM0518", "PV26", "NL"])
def test_every_event_behind_a_difference_is_a_full_sentence(client, onderwerp):
    found = client.get(
        f"/verschil?metGeldigOp=2023-01-01&metBekendOp=2023-01-01&onderwerp={onderwerp}&deel=verder"
    ).text
    told = re.findall(r'<a href="/gebeurtenissen/[^"]*"><bdi>(.*?)</bdi></a>', found)
    assert told
    assert not [one for one in told if not one or odd(one)]
