"""Every type of event that people send can be made with the form, and is stored as if a system had sent it.

The form for programs makes the same event of the same texts.
"""

import orjson
import pytest

from schemas.events import FACT_TYPES
from schemas.parsing import parse_facts
from services.dashboard.melden.formulieren import FORMULIEREN, VAN_TYPE
from tests.support.examples import cases, name
from tests.support.meld_getypt import as_program, filled_in
from tests.support.meld_help import WORLD, Form, World, fresh
from tests.support.web_client import client_of

SENT = [path for path in cases("valid") if path.parts[-3] in FACT_TYPES]


@pytest.fixture(scope="module")
def world(chdb_folder, fill):
    """A system to report to."""
    with fresh(chdb_folder, WORLD, fill) as store:
        yield World(store)


@pytest.mark.parametrize("path", SENT, ids=name)
def test_every_valid_example_can_be_made_with_the_form(world, path):
    written = orjson.loads(path.read_bytes())
    (example,) = parse_facts(orjson.dumps(written))
    with client_of(world.app) as client:
        page = filled_in(client, written)
        assert page.hidden is not None, page.text
        answer = client.get(f"/v1/meldformulieren/{VAN_TYPE[example.type]}", params=as_program(written)).json()
        sent = client.post("/melden", data=page.hidden)
        assert sent.status_code == 303, sent.text
        assert FORMULIEREN[VAN_TYPE[example.type]].titel in Form(client.get(sent.headers["location"]).text).text
        (stored,) = parse_facts(world.log.messages[-1])
        assert (stored.type, stored.subject, stored.data) == (example.type, example.subject, example.data)
    (made,) = parse_facts(orjson.dumps(answer["melding"]["gebeurtenis"]))
    assert (made.type, made.subject, made.source, made.data) == (
        stored.type,
        stored.subject,
        stored.source,
        stored.data,
    )
