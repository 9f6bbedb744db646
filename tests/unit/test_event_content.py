"""Which events have the same content despite another spelling, and what one event may combine."""

from typing import Any

import orjson
import pytest

from schemas.events import Event
from schemas.fields import format_moment
from tests.support.examples import TYPES, fields, minimal, read


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("bezetting-gemeld", {"peilmoment": "2026-05-26"}, {"peilmoment": "2026-05-25T22:00:00.000Z"}),
        ("bezetting-gemeld", {"bron": None}, {}),
        ("capaciteit-gewijzigd", {"geldigTot": "2050-12-31"}, {"geldigTot": "2050-12-31T00:00:00+01:00"}),
        ("cyclus-vastgesteld", {"volledig": True, "peildatum": None}, {}),
        ("cyclus-vastgesteld", {"realiserenVoor": None, "telregel": None}, {}),
        ("telregel-vastgesteld", {"zonderEinddatum": "telt", "amvApart": False, "termijn": True}, {}),
        ("toezichtstap-gezet", {"toezichthouder": "minister", "termijn": None}, {}),
        ("toezichtcapaciteit-vastgesteld", {"fte": 2.0}, {"fte": 2}),
        (
            "cijfers-gepubliceerd",
            {"cijfers": [{"grootheid": "a", "waarde": 92.0}]},
            {"cijfers": [{"waarde": 92, "nauwkeurigheid": "exact", "grootheid": "a"}]},
        ),
        (
            "cijfers-gepubliceerd",
            {"cijfers": [{"grootheid": "a", "waarde": -0.0}]},
            {"cijfers": [{"grootheid": "a", "waarde": 0}]},
        ),
        (
            "ingetrokken",
            {"gebeurtenisId": "0190163D-8694-739B-AEA5-966C26F8AD91"},
            {"gebeurtenisId": "0190163d-8694-739b-aea5-966c26f8ad91"},
        ),
        ("alarm-geactiveerd", {"waarde": 1.0}, {"waarde": 1}),
    ],
)
def test_two_spellings_say_the_same(kind: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = read(minimal(kind, **one)), read(minimal(kind, **other))
    assert isinstance(first, Event), first
    assert isinstance(second, Event), second
    assert first.content == second.content
    assert first == second


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("bezetting-gemeld", {"aanwezig": 0}, {"aanwezig": 1}),
        ("bezetting-gemeld", {"bron": "a"}, {}),
        ("bezetting-gemeld", {"bron": "a"}, {"bron": "A"}),
        ("bezetting-gemeld", {"peilmoment": "2026-05-26"}, {"peilmoment": "2026-05-26T00:00:00Z"}),
        (
            "capaciteit-gewijzigd",
            {"plaatsen": [{"soort": "amv", "aantal": 3}]},
            {"plaatsen": [{"soort": "amv", "aantal": 3, "inzetbaar": 3}]},
        ),
        (
            "cijfers-gepubliceerd",
            {"cijfers": [{"grootheid": "a", "waarde": 1.5}]},
            {"cijfers": [{"grootheid": "a", "waarde": 1}]},
        ),
        (
            "capaciteit-gewijzigd",
            {"plaatsen": [{"soort": "amv", "aantal": 3}]},
            {"plaatsen": [{"soort": "amv", "aantal": 3, "beschikbaarVanaf": "2026-05-01"}]},
        ),
        ("toezichtstap-gezet", {"toezichthouder": "PV26"}, {}),
        ("alarm-geactiveerd", {"waarde": 1}, {"waarde": "1"}),
    ],
)
def test_what_differs_says_something_else(kind: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = read(minimal(kind, **one)), read(minimal(kind, **other))
    assert isinstance(first, Event), first
    assert isinstance(second, Event), second
    assert first.content != second.content


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (
            "cyclus-vastgesteld",
            b'{"geldigVanaf":"2025-06-30T22:00:00Z","raming":96000,"beschikbaarTotMinstens":"2026-01-31T23:00:00Z",'
            b'"meetellendeSoorten":["regulier","amv"],"volledig":true}',
        ),
        (
            "capaciteit-gewijzigd",
            b'{"geldigVanaf":"2026-04-30T22:00:00Z","plaatsen":[{"soort":"regulier","aantal":300}]}',
        ),
        (
            "opgave-vastgesteld",
            b'{"geldigVanaf":"2024-12-19T23:00:00Z","cyclus":"2024","status":"verdeelbesluit","opgave":0}',
        ),
        ("toezichtstap-gezet", b'{"stap":"brief","gezetOp":"2026-05-21T22:00:00Z"}'),
    ],
)
def test_a_field_that_is_new_leaves_the_content_of_stored_events_as_it_was(kind: str, content: bytes) -> None:
    """Otherwise an event that is sent again would seem to say something else than the one in the log."""
    event = read(minimal(kind))
    assert isinstance(event, Event)
    assert event.content == content


def test_content_is_the_data_with_its_moments_in_utc_and_what_is_left_out_filled_in() -> None:
    event = read(
        minimal("cyclus-vastgesteld", beschikbaarTotMinstens="2026-02-01", geldigVanaf="2025-07-01T12:00:00.5Z")
    )
    assert isinstance(event, Event)
    assert orjson.loads(event.content) == {
        "geldigVanaf": format_moment(event.data.geldigVanaf),
        "raming": 96000,
        "volledig": True,
        "meetellendeSoorten": ["regulier", "amv"],
        "beschikbaarTotMinstens": "2026-01-31T23:00:00Z",
    }
    assert format_moment(event.data.geldigVanaf) == "2025-07-01T12:00:00.500000Z"


def test_an_id_is_lower_case() -> None:
    event = read(minimal("bezetting-gemeld") | {"id": "0190163D-8694-739B-AEA5-966C26F8AD91"})
    assert isinstance(event, Event)
    assert event.id == "0190163d-8694-739b-aea5-966c26f8ad91"


_LOCATIE = {"LOC-1", "LOC-" + "A" * 40, "LOC--"}
_GEMEENTE, _PROVINCIE, _CYCLUS = {"GM0363", "GM1696"}, {"PV20", "PV31"}, {"2024", "2099"}
_LAND = {"NL"}
_ALL = _LAND | _LOCATIE | _GEMEENTE | _PROVINCIE | _CYCLUS
_NEVER = {
    "",
    "nl",
    "NL ",
    "GM0000",
    "GM9999",
    "GM363",
    "gm0363",
    "PV19",
    "PV32",
    "PV2",
    "1924",
    "2100",
    "24",
    "LOC-",
    "loc-1",
    "LOC-a",
    "LOC-" + "A" * 41,
    "LOC-1\n",
    "LOC_1",
    "Amsterdam",
}


@pytest.mark.parametrize(
    ("domain", "subjects"),
    [
        ("opvanglocaties", _LOCATIE),
        ("spreidingswet.cyclus", _CYCLUS),
        ("spreidingswet.telregel", _CYCLUS),
        ("spreidingswet.opgave-vastgesteld", _GEMEENTE | _PROVINCIE),
        ("spreidingswet.opgave-stand", _GEMEENTE),
        ("spreidingswet.overdracht", _GEMEENTE),
        ("spreidingswet.toezichtstap", _GEMEENTE),
        ("spreidingswet.toezichtcapaciteit", _LAND | _PROVINCIE),
        ("spreidingswet.inzet", _LAND),
        ("opvangcijfers", _ALL - _CYCLUS),
        ("gebeurtenissen", _ALL),
        *((f"opvangalarmen.{kind}", _ALL) for kind in ("alarm", "ontvanger", "stilte")),
        ("opvangalarmen.bewaking", _LAND),
    ],
)
def test_subjects(domain: str, subjects: set[str]) -> None:
    types = [type_ for type_ in TYPES if type_.startswith(f"nl.{domain}")]
    assert types
    for type_ in types:
        event = minimal(type_.split(".")[2])
        assert {s for s in _ALL | _NEVER if not fields(event | {"subject": s})} == subjects
        assert all(fields(event | {"subject": s}) == ["subject"] for s in _ALL | _NEVER if s not in subjects)


@pytest.mark.parametrize("kind", ["capaciteit-gewijzigd", "maximum-vastgesteld", "overdracht-afgesproken"])
def test_an_end_lies_after_its_begin(kind: str) -> None:
    begin = "2026-06-01"
    for end in ("2026-05-31T22:00:00.000001Z", "2026-06-02", None):
        assert fields(minimal(kind, geldigVanaf=begin, geldigTot=end)) == []
    for end in ("2026-06-01", "2026-05-31T22:00:00Z", "2026-05-31"):
        assert fields(minimal(kind, geldigVanaf=begin, geldigTot=end)) == ["data.geldigTot"]
    assert fields(minimal(kind, geldigVanaf="x", geldigTot="2010-01-01")) == ["data.geldigVanaf"]


def test_a_part_is_never_more_than_the_whole() -> None:
    def plaatsen(aantal: Any, inzetbaar: Any) -> list[str]:
        return fields(
            minimal("capaciteit-gewijzigd", plaatsen=[{"soort": "amv", "aantal": aantal, "inzetbaar": inzetbaar}])
        )

    assert plaatsen(5, 5) == plaatsen(0, 0) == plaatsen(5, None) == []
    assert plaatsen(5, 6) == ["data.plaatsen.0.inzetbaar"]
    assert plaatsen("5", 6) == ["data.plaatsen.0.aantal"]
    assert fields(minimal("opgave-vastgesteld", opgave=5, waarvanAmv=5)) == []
    assert fields(minimal("opgave-vastgesteld", opgave=5, waarvanAmv=6)) == ["data.waarvanAmv"]


def test_a_transfer_goes_to_another_gemeente() -> None:
    event = minimal("overdracht-afgesproken", naar="GM0166")
    assert fields(event | {"subject": "GM0303"}) == []
    assert fields(event | {"subject": "GM0166"}) == ["data.naar"]
    assert fields(event | {"subject": "GM0166", "id": "x"}) == ["id", "data.naar"]
