"""Every answer is available in every form, and each form has its own ETag."""

import csv
import io
from importlib.metadata import version

import pytest

from schemas.fields import format_moment
from services.export import FORMATS
from tests.support.reads import READS, serving
from tests.support.web_client import problem_of
from tests.support.web_events import NOW


@pytest.mark.parametrize("path", READS)
def test_another_format_is_refused_before_anything_is_asked_of_the_store(away, path):
    with serving(away) as client:
        problem_of(client.get(path, headers={"Accept": "text/html"}), 406)


@pytest.mark.parametrize("path", READS)
def test_every_answer_can_be_taken_away_as_a_table(client, path):
    asked = {"bekendOp": "2026-05-01"} if "alarmen" not in path else {}
    for name, form in FORMATS.items():
        by_name = client.get(path, params=asked | {"formaat": name})
        by_accept = client.get(path, params=asked, headers={"Accept": f"{form.media_type}, application/json;q=0.5"})
        for answer in (by_name, by_accept):
            assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, form.media_type)
            assert answer.headers["content-disposition"].endswith(f'.{form.extension}"')
            assert "Accept" in answer.headers["vary"]
    rows = list(csv.DictReader(io.StringIO(client.get(path, params=asked | {"formaat": "csv"}).text, newline="")))
    said = client.get(path, params=asked | {"formaat": "json"}).json()
    for row in rows:
        assert (row["geldigOp"], row["bekendOp"], row["positie"]) == tuple(
            said[name] for name in ("geldigOp", "bekendOp", "positie")
        )
        assert (row["gemaaktOp"], row["versie"]) == (format_moment(NOW), version("opvangpeil"))


def test_each_form_of_an_answer_has_an_etag_of_its_own(client):
    asked = {"bekendOp": "2026-05-01"}
    tags = [client.get("/v1/naleving", params=asked | {"formaat": name}).headers["etag"] for name in ("json", *FORMATS)]
    assert len(set(tags)) == 4
    again = client.get("/v1/naleving", params=asked | {"formaat": "csv"}, headers={"If-None-Match": tags[1]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_form_that_is_not_there_is_told(client):
    problem = problem_of(client.get("/v1/bezetting", params={"formaat": "pdf"}), 400)
    assert [fout["veld"] for fout in problem["fouten"]] == ["formaat"]
