"""What Opvangpeil writes it also reads: its own store does not change by it, and an empty one gets the same figures."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schemas.parsing import parse_facts
from services.api.app import api_router
from services.config import DEPLOY
from services.export.formats import text_of
from services.importer.eigen import zoals_het_was
from services.importer.logboek import Logomzetting, van_opvangpeil
from services.importer.model import ImporterError
from services.importer.profiel import Namen, Omzetting, vind_profiel
from services.reads.reader import Reader
from services.store.store import Store
from services.web import make_app
from tests.support.rondes import examples
from tests.support.spare import empty_store
from tests.support.strategies import event_lists, points, read
from tests.support.vergelijkend import exported, plan_van
from tests.support.web_client import client_of, fresh_metrics
from tests.support.web_events import registered

AFTER = datetime(2049, 1, 1, tzinfo=UTC)
FORMS = ("csv", "xlsx", "parquet")
DERIVED = (
    "/v1/bezetting",
    "/v1/naleving",
    "/v1/gemeenten",
    "/v1/provincies",
    "/v1/locaties",
    "/v1/bezetting/reeks?van=2026-01-01",
    "/v1/rapporten/bezetting",
)


@pytest.mark.parametrize("form", FORMS)
def test_an_exported_log_changes_nothing_in_its_own_store(client, tmp_path, form):
    plan = plan_van(client, exported(client, "/v1/gebeurtenissen", form, tmp_path), Logomzetting())
    assert [(row.plaats, row.zin) for row in plan.rijen if row.uitkomst != "gelijk"] == []
    assert len(plan.rijen) == len(client.get("/v1/gebeurtenissen", params={"aantal": 1000}).json()["items"]) > 0


@pytest.mark.parametrize("form", FORMS)
def test_the_table_of_locaties_changes_nothing_in_its_own_store(client, tmp_path, form):
    profiel = vind_profiel(DEPLOY / "profielen", "opvangpeil-locaties")
    plan = plan_van(client, exported(client, "/v1/locaties", form, tmp_path), Omzetting(profiel, Namen({})))
    assert [(row.plaats, row.zin) for row in plan.rijen if row.uitkomst != "gelijk"] == []
    assert plan.rijen


@pytest.mark.parametrize("kop", ["naam,gemeente,soort", "locatie,aanwezig,inzetbaar,peilmoment"])
def test_a_table_of_people_is_not_called_one_of_derived_figures(kop: str):
    assert not van_opvangpeil(kop.split(","))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", DERIVED)
def test_a_table_of_derived_figures_is_refused_with_the_way_out(client, tmp_path, path, form):
    answer = client.get(path, params={"formaat": form} | dict(httpx_params(path)))
    file = tmp_path / f"cijfers.{form}"
    file.write_bytes(answer.content)
    with pytest.raises(ImporterError, match=r"bevat cijfers die Opvangpeil uit gebeurtenissen afleidde"):
        plan_van(client, file, Logomzetting())


def httpx_params(path: str) -> list[tuple[str, str]]:
    """The query of a path, which `params` would otherwise replace."""
    return [tuple(part.split("=")) for part in path.partition("?")[2].split("&") if part]  # type: ignore[misc]


@settings(
    max_examples=examples(12),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(event_lists(max_size=12), st.sampled_from(FORMS), st.data())
def test_a_log_gives_an_empty_store_the_same_figures_at_every_moment(
    chdb_folder, fill, tmp_path_factory, events, form, data
):
    assume(events)
    folder = tmp_path_factory.mktemp("log")
    with (
        empty_store(chdb_folder) as first,
        empty_store(chdb_folder) as second,
        _serving(first) as client,
        _serving(second) as other,
    ):
        fill(first, events)
        file = exported(client, "/v1/gebeurtenissen", form, folder)
        assert plan_van(client, file, Logomzetting()).te_zenden == [], "in its own store it sends nothing"
        plan = plan_van(other, file, Logomzetting())
        assert [row.zin for row in plan.rijen if row.uitkomst == "geweigerd"] == []
        sent = parse_facts(orjson.dumps(plan.te_zenden)) if plan.te_zenden else ()
        fill(second, list(sent))
        moments = points(events)
        for _ in range(2):
            at = {
                "geldigOp": data.draw(st.sampled_from(moments)).isoformat(),
                "bekendOp": data.draw(st.sampled_from(moments)).isoformat(),
            }
            for path in ("/v1/locaties", "/v1/bezetting", "/v1/gebeurtenissen"):
                before, after = (_said(one.get(path, params=at)) for one in (client, other))
                assert before == after, (path, at)


def _serving(store: Store) -> AbstractContextManager[httpx.Client]:
    """Serves after every moment of the drawn events."""
    app = make_app("Proef", [api_router(Reader(store, lambda: AFTER))], metrics=fresh_metrics(), checks={})
    return client_of(app)


def _said(answer) -> object:
    said = answer.json()
    assert answer.status_code in (200, 404), answer.text
    for item in said.get("items", ()):
        item.pop("ontvangenop", None)
    return {name: value for name, value in said.items() if name not in ("positie", "gemaaktOp", "volgende")}


def test_the_same_file_through_a_path_that_is_read_twice_gives_the_same_plan(client, tmp_path):
    file = exported(client, "/v1/gebeurtenissen", "csv", tmp_path)
    once, again = (plan_van(client, Path(file), Logomzetting()) for _ in range(2))
    assert once == again


@given(st.text(st.sampled_from(" ;'\"=+-@\ta\r"), max_size=12))
def test_a_text_that_a_spreadsheet_would_run_comes_back_as_it_was(text):
    assert zoals_het_was(text_of(text)) == text


def test_so_does_the_name_of_a_locatie_in_every_form(store, fill, tmp_path):
    """Only a CSV is guarded, so only there is a guard undone."""
    (made,) = read([registered("LOC-NAAM", "'=1+1; =2; '@home", "GM0344", "azc", "2026-01-01")])
    fill(store, [made])
    profiel = vind_profiel(DEPLOY / "profielen", "opvangpeil-locaties")
    with _serving(store) as client:
        for form in FORMS:
            for path, bron in (("locaties", Omzetting(profiel, Namen({}))), ("gebeurtenissen", Logomzetting())):
                plan = plan_van(client, exported(client, f"/v1/{path}", form, tmp_path), bron)
                assert [(row.uitkomst, row.zin) for row in plan.rijen if row.uitkomst != "gelijk"] == [], (form, path)
                assert len(plan.rijen) == 1
