"""A positie tells whoever may not see all nothing: not how much is stored, nor that anything was added."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from pyarrow import parquet

from schemas.fields import parse_moment
from services.access import Role
from services.store.position import PositionError
from services.store.store import Store
from services.store.tokens import TokenTable
from services.web.addresses import ADDRESSES
from tests.support.access_help import access_of, bearer, serving, token
from tests.support.strategies import read
from tests.support.web_events import EVENTS, places

NOW = parse_moment("2026-05-26T08:00:00Z")
RAW = re.compile(r"(?<![\w.:-])\d+-\d+(?:\.\d+)*(?![\w.:-])")
READS = (
    "/v1/bezetting",
    "/v1/naleving",
    "/v1/locaties",
    "/v1/gemeenten/GM0344",
    "/v1/gebeurtenissen",
    "/v1/alarmen",
    "/v1/stiltes",
    "/v1/bezetting/reeks",
    "/v1/bezetting/verklaring",
    "/v1/bezetting/vooruitblik",
    "/v1/aansluiting",
    "/v1/rapporten/bezetting",
    "/v1/naleving/telregels",
    "/v1/verschillen?vanBekendOp=2025-01-01",
)


def clock():
    return NOW


@pytest.fixture
def filled(store: Store, fill) -> Store:
    fill(store, read(EVENTS), ontvangen_op=NOW)
    return store


@pytest.fixture
def asking(filled: Store) -> Iterator[Callable[..., Any]]:
    """Asks as a role: `asking(role, path, **parameters)`."""
    table = TokenTable(filled.connection)
    headers = {role: bearer(token(table, clock, role)) for role in (Role.LEZER, Role.VERTROUWELIJK, Role.BEHEERDER)}
    with serving(filled, access_of(table, clock), clock) as client:

        def ask(role: Role, path: str, **parameters: str) -> Any:
            return client.get(path, params=parameters or None, headers=headers[role])

        yield ask


@pytest.mark.parametrize("path", READS)
def test_a_lezer_gets_another_seal_each_time_and_who_sees_all_the_positie(asking, path):
    raw = asking(Role.BEHEERDER, path).json()["positie"]
    assert RAW.fullmatch(raw)
    assert asking(Role.VERTROUWELIJK, path).json()["positie"] == raw
    sealed = [asking(Role.LEZER, path).json()["positie"] for _ in range(2)]
    assert len({*sealed}) == 2
    assert all(re.fullmatch(r"z[\w-]{150,170}", one) for one in sealed)


def test_no_read_answers_with_a_positie_that_is_not_sealed(asking):
    raw = asking(Role.BEHEERDER, "/v1/bezetting").json()["positie"]
    for one in ADDRESSES:
        if one.method == "GET" and "{" not in one.path and not one.live:
            for more in ({}, {"bekendOp": "2026-01-01"}):
                answer = asking(Role.LEZER, one.path, **more)
                assert f'"{raw}"' not in answer.text, one.path


def test_a_seal_asks_for_what_it_was_made_of_and_everybody_may_ask_with_it(asking, filled, fill):
    before = asking(Role.LEZER, "/v1/locaties").json()
    fill(filled, read([places("LOC-NIEUW", 10, 10)]))
    for role in Role.LEZER, Role.BEHEERDER:
        again = asking(role, "/v1/locaties", positie=before["positie"]).json()
        assert (again["items"], again["onbekend"]) == (before["items"], before["onbekend"])
    assert asking(Role.LEZER, "/v1/locaties").json()["onbekend"] != before["onbekend"]


def test_a_positie_that_is_not_sealed_is_refused_to_whoever_may_not_see_all(asking):
    raw = asking(Role.BEHEERDER, "/v1/bezetting").json()["positie"]
    for path in ("/v1/bezetting", "/v1/rapporten/bezetting", "/v1/verschillen"):
        more = {"vanBekendOp": "2025-01-01"} if "verschil" in path else {}
        assert asking(Role.BEHEERDER, path, positie=raw, **more).status_code == 200
        refused = asking(Role.LEZER, path, positie=raw, **more)
        assert refused.status_code == 400
        (fout,) = refused.json()["fouten"]
        assert fout["veld"] == "positie"
        assert "alleen na te rekenen door een beheerder" in fout["melding"]
    page = asking(Role.LEZER, "/", positie=raw)
    assert page.status_code == 400
    assert "alleen na te rekenen door een beheerder" in page.text
    for other in ("0-", "9-99999", "wat dan ook"):
        assert asking(Role.LEZER, "/v1/bezetting", positie=other).json() == asking(
            Role.LEZER, "/v1/bezetting", positie=raw
        ).json() | {"fouten": [fout]}


def test_what_is_damaged_or_of_another_store_is_refused(asking, new_store):
    sealed = asking(Role.LEZER, "/v1/bezetting").json()["positie"]
    other = new_store().sealed.positie("1-5")
    for text in (sealed[:-4], sealed[:40] + "AAAA" + sealed[44:], "z", "zéé", other):
        for role in Role.LEZER, Role.BEHEERDER:
            refused = asking(role, "/v1/bezetting", positie=text)
            assert refused.status_code == 400
            assert "beschadigd of van een andere opslag" in refused.json()["fouten"][0]["melding"]


def test_files_and_pages_carry_a_seal_that_opens_the_same_figures(asking):
    raw = asking(Role.BEHEERDER, "/v1/bezetting").json()["positie"]
    table = parquet.read_table(BytesIO(asking(Role.LEZER, "/v1/locaties", formaat="parquet").content))
    assert table.schema.metadata[b"positie"].startswith(b"z")
    page = asking(Role.LEZER, "/locaties").text
    assert raw not in page
    links = set(re.findall(r'href="([^"]*positie=[^"]*)"', page))
    assert links
    for link in links:
        assert "positie=z" in link
        assert asking(Role.LEZER, link.replace("&amp;", "&")).status_code == 200
    assert f"positie={raw}" in asking(Role.BEHEERDER, "/locaties").text


def test_an_etag_says_nothing_of_the_positie(asking, filled, fill):
    first = asking(Role.LEZER, "/v1/bezetting", bekendOp="2026-05-01")
    fill(filled, read([places("LOC-NIEUW", 10, 10)]))
    second = asking(Role.LEZER, "/v1/bezetting", bekendOp="2026-05-01")
    assert first.headers["etag"] == second.headers["etag"]
    assert first.json()["positie"] != second.json()["positie"]


def test_its_length_says_nothing_of_what_it_counts(store: Store):
    texts = ["0-", "1-0", "1-x.3", "123456789-" + ".".join(["1099511627774"] * 16)]
    lengths = {len(store.sealed.positie(text)) for text in texts}
    assert len(lengths) == 1
    assert {store.sealed.asked(store.sealed.positie(text), raw=False) for text in texts} == {*texts}
    assert len({len(store.sealed.place(place)) for place in ((0, 0), (4_000_000_000, 2**63))}) == 1
    with pytest.raises(PositionError):
        store.sealed.asked(store.sealed.place((1, 2)), raw=False)


def test_every_process_with_this_store_opens_what_another_one_sealed(filled: Store):
    sealed = filled.sealed.positie("1-5")
    assert Store(filled.connection).sealed.asked(sealed, raw=False) == "1-5"
    # Two may have made a key at once: each opens what the other sealed.
    filled.connection.client().insert("zegel", [["00" * 32]], column_names=["key"])
    assert Store(filled.connection).sealed.asked(sealed, raw=False) == "1-5"
