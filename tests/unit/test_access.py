"""Roles, tokens, limits and sessions: each rule of access by itself."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schemas.fields import parse_moment
from schemas.reference import gemeente_van
from services.access import Caller, Right, Role
from services.access import tokens as own
from services.access.access import REMEMBERED_MAX, Buckets
from services.access.refusals import WrongCredentialError
from services.access.roles import EVERYBODY, RIGHTS, right_for
from services.access.session import LOGIN_MAX, SESSION_MAX, Seals, TooLongError
from services.access.tokens import Bereik, Tokens, faults
from services.reads.question import Audience
from services.web import ProblemError
from tests.support.access_help import FakeTable, old_token, token
from tests.support.web_events import SOURCE

NOW = parse_moment("2026-05-26T08:00:00Z")
COUNT, STEPPED = "nl.opvanglocaties.bezetting-gemeld.v1", "nl.spreidingswet.toezichtstap-gezet.v1"
OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self):
        return self.now


def verify(tokens: Tokens, text: str) -> Caller:
    return asyncio.run(tokens.verify(text))


def caller(*roles: Role, source: str | None = None) -> Caller:
    return Caller("token", "proef", frozenset(roles), source)


def test_every_role_may_something_and_only_a_beheerder_everything():
    assert set(RIGHTS) == set(Role)
    assert all(RIGHTS[role] < set(Right) for role in Role if role is not Role.BEHEERDER)
    assert [role for role in Role if caller(role).may(Right.METEN)] == [Role.METER, Role.BEHEERDER]
    assert all(EVERYBODY.may(right) for right in Right)
    assert EVERYBODY.sends_only is None


def test_what_only_some_may_see_is_seen_by_their_roles_and_by_a_beheerder():
    sees = {role: caller(role).audience for role in Role}
    assert {role: found for role, found in sees.items() if found is not Audience.LEZER} == {
        Role.VERTROUWELIJK: Audience.AFGESCHERMD,
        Role.TOEZICHT: Audience.TOEZICHT,
        Role.BEHEERDER: Audience.EVERYTHING,
    }
    assert (Audience.AFGESCHERMD.sees_shielded, Audience.AFGESCHERMD.sees_toezicht) == (True, False)
    assert (Audience.TOEZICHT.sees_shielded, Audience.TOEZICHT.sees_toezicht) == (False, True)
    assert caller(Role.VERTROUWELIJK, Role.TOEZICHT).audience is EVERYBODY.audience is Audience.EVERYTHING
    assert all(RIGHTS[role] >= RIGHTS[Role.LEZER] for role in sees if sees[role] is not Audience.LEZER)


def about(*roles: Role, subjects: tuple[str, ...] | None) -> Caller:
    return replace(caller(*roles, source=SOURCE), subjects=subjects)


@pytest.mark.parametrize(
    ("roles", "subjects", "seen"),
    [
        ([Role.TOEZICHT], None, {"GM0344", "GM0307", "GM0363"}),
        ([Role.BEHEERDER, Role.TOEZICHT], ("PV26",), {"GM0344", "GM0307", "GM0363"}),
        ([Role.TOEZICHT], ("PV26",), {"GM0344", "GM0307"}),
        ([Role.TOEZICHT], ("PV26", "GM0363"), {"GM0344", "GM0307", "GM0363"}),
        ([Role.TOEZICHT, Role.INVOER], ("GM03*",), {"GM0344", "GM0307", "GM0363"}),
        ([Role.TOEZICHT, Role.VERTROUWELIJK], ("GM034*",), {"GM0344"}),
        ([Role.TOEZICHT], ("*",), {"GM0344", "GM0307", "GM0363"}),
        ([Role.TOEZICHT], ("PV2", "GM034", "NL", "LOC-*"), set()),
        ([Role.TOEZICHT], (), set()),
        ([Role.LEZER, Role.INVOER, Role.IMPORTEUR], ("PV26",), set()),
        ([Role.VERTROUWELIJK], None, set()),
    ],
)
def test_the_role_toezicht_meets_the_steps_of_the_gemeenten_that_its_subjects_name(roles, subjects, seen):
    who = about(*roles, subjects=subjects)
    named = [gemeente_van(code) for code in ("GM0344", "GM0307", "GM0363")]
    assert who.toezicht_over(named) == seen
    everywhere = subjects is None or Role.BEHEERDER in roles
    assert who.audience.sees_toezicht is (everywhere and bool(seen))
    assert who.audience.sees_shielded is bool({Role.VERTROUWELIJK, Role.BEHEERDER} & {*roles})


def test_toezicht_over_a_gemeente_goes_by_the_provincie_that_a_question_says_it_lies_in():
    moved = replace(gemeente_van("GM0363"), provincie="PV26")
    assert about(Role.TOEZICHT, subjects=("PV26",)).toezicht_over([moved]) == {"GM0363"}


@pytest.mark.parametrize("role", [Role.TOEZICHT, Role.INVOER, Role.IMPORTEUR])
def test_a_provincie_stands_for_its_gemeenten_in_steps_of_the_role_toezicht_only(role):
    who = about(role, subjects=("PV26",))
    by_it = role is Role.TOEZICHT
    assert [who.may_write_about(code, STEPPED) for code in ("GM0344", "GM0363", "GM9999", "PV26")] == [
        by_it,
        False,
        False,
        True,
    ]
    assert not who.may_write_about("GM0344", COUNT)
    both = about(role, Role.INVOER, subjects=("PV26",))
    assert (both.may_write_about("GM0344", STEPPED), both.may_write_about("GM0344", COUNT)) == (by_it, False)


@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        ("GET", "/v1/bezetting", Right.READ),
        ("HEAD", "/metrics", Right.READ),
        ("GET", "/", Right.READ),
        ("GET", "/v1/nergens", Right.READ),
        ("POST", "/v1/gebeurtenissen", Right.SEND),
        ("POST", "/v1/alarmen/x/bevestigingen", Right.CONFIRM),
        ("GET", "/v1/toegang", Right.MANAGE),
        ("DELETE", "/v1/toegang/x", Right.MANAGE),
        ("POST", "/v1/nergens", Right.MANAGE),
        ("PUT", "/v1/gebeurtenissen", Right.MANAGE),
        ("POST", "/uitloggen", None),
    ],
)
def test_every_address_asks_a_right(method, path, right):
    assert right_for(method, path) is right


def test_a_token_is_believed_by_its_secret_and_its_text_stands_nowhere():
    table, clock = FakeTable(), Clock()
    text = token(table, clock, Role.INVOER, source=SOURCE)
    (row,) = table.rows.values()
    secret = text.split("_", 2)[2]
    assert len(secret) == 43
    assert row.hash == f"sha256:{hashlib.sha256(secret.encode()).hexdigest()}"
    assert secret not in str(vars(own)) + repr(row)
    tokens = Tokens(table, clock)
    tokens.refresh()
    found = verify(tokens, text)
    assert (found.id, found.roles, found.source) == (row.id, {Role.INVOER}, SOURCE)


def test_an_unknown_id_and_a_wrong_secret_answer_alike():
    table, clock = FakeTable(), Clock()
    text = token(table, clock, Role.LEZER)
    tokens = Tokens(table, clock)
    tokens.refresh()
    verify(tokens, text)
    _, own_id, secret = text.split("_", 2)
    told = set()
    for wrong in (f"ovp_aaaaaaaaaa_{secret}", f"ovp_{own_id}_{'A' * 43}", f"ovp_{own_id}", "x", text + "x", ""):
        with pytest.raises(WrongCredentialError) as refused:
            verify(tokens, wrong)
        told.add(refused.value.detail)
    assert len(told) == 1


def test_a_token_ends_when_it_is_withdrawn_or_expires():
    table, clock = FakeTable(), Clock()
    text = token(table, clock, Role.LEZER, until=NOW + timedelta(hours=1))
    other = token(table, clock, Role.LEZER)
    tokens = Tokens(table, clock)
    tokens.refresh()
    assert verify(tokens, text)
    clock.now += timedelta(hours=1)
    with pytest.raises(WrongCredentialError, match="verlopen op 26 mei 2026 11:00"):
        verify(tokens, text)
    assert verify(tokens, other)
    table.withdraw(other.split("_")[1], clock.now)  # as another process would
    assert verify(tokens, other)
    tokens.refresh()
    with pytest.raises(WrongCredentialError, match="ingetrokken"):
        verify(tokens, other)


def test_the_last_known_tokens_go_on_while_the_store_is_away():
    table, clock = FakeTable(), Clock()
    tokens = Tokens(table, clock)
    assert tokens.known is None
    with pytest.raises(ProblemError) as unsure:
        verify(tokens, "ovp_x")
    assert unsure.value.status == 503
    tokens.refresh()
    assert tokens.known is False
    text = token(table, clock, Role.LEZER)
    tokens.refresh()
    table.away = True
    with pytest.raises(Exception, match="weg"):
        tokens.refresh()
    assert verify(tokens, text)


def test_access_stays_set_up_when_the_last_token_is_withdrawn():
    table, clock = FakeTable(), Clock()
    text = token(table, clock, Role.BEHEERDER)
    table.withdraw(text.split("_")[1], NOW)
    tokens = Tokens(table, clock)
    tokens.refresh()
    assert tokens.known is True


def test_a_token_of_an_earlier_version_is_kept_by_its_new_hash_from_its_first_use_on():
    table, clock = FakeTable(), Clock()
    text = old_token(table, clock, Role.LEZER)
    own_id = text.split("_")[1]
    tokens = Tokens(table, clock)
    tokens.refresh()
    with pytest.raises(WrongCredentialError):
        verify(tokens, f"ovp_{own_id}_{'A' * 43}")
    assert table.rows[own_id].hash.startswith("$argon2id$"), "a wrong secret renews nothing"
    assert verify(tokens, text).roles == {Role.LEZER}
    assert table.rows[own_id].hash.startswith("sha256:")
    assert verify(tokens, text).roles == {Role.LEZER}


def test_at_most_four_tokens_of_an_earlier_version_are_verified_at_once_and_new_ones_never_wait():
    table, clock = FakeTable(), Clock()
    old, new = old_token(table, clock, Role.LEZER), token(table, clock, Role.LEZER)
    own_id = old.split("_")[1]
    tokens = Tokens(table, clock)
    tokens.refresh()
    wrong = [f"ovp_{own_id}_{letter * 43}" for letter in "ABC"]

    async def together() -> list[Any]:
        asked = [*wrong, old, old, f"ovp_{own_id}_{'D' * 43}", new]
        return await asyncio.gather(*map(tokens.verify, asked), return_exceptions=True)

    answers = asyncio.run(together())
    assert [type(one) for one in answers[:3]] == [WrongCredentialError] * 3
    assert answers[3] == answers[4], "who asks the same shares the outcome"
    assert answers[3].roles == {Role.LEZER}
    assert (answers[5].status, "Retry-After" in answers[5].headers) == (503, True)
    assert answers[6].roles == {Role.LEZER}


@pytest.mark.parametrize(
    ("naam", "rollen", "source", "days", "wrong"),
    [
        ("grafana", ["lezer"], None, 1, []),
        ("coa", ["invoer"], SOURCE, None, []),
        ("coa", ["invoer", "lezer"], SOURCE, None, []),
        ("archief", ["importeur"], None, None, []),
        ("minister", ["toezicht"], None, None, []),
        ("minister", ["toezicht"], SOURCE, None, []),
        ("meldkamer", ["vertrouwelijk"], SOURCE, None, ["source"]),
        ("prometheus", ["meter"], None, None, []),
        ("coa", ["invoer"], None, None, ["source"]),
        ("coa", ["invoer"], "coa", None, ["source"]),
        ("coa", ["lezer"], SOURCE, None, ["source"]),
        ("iemand@example.org", ["lezer"], None, None, ["naam"]),
        ("", ["baas"], None, -1, ["naam", "rollen", "geldigTot"]),
        ("a", [], None, None, ["rollen"]),
    ],
)
def test_all_that_is_wrong_with_a_new_token_is_told(naam, rollen, source, days, wrong):
    until = None if days is None else NOW + timedelta(days=days)
    assert [fout.veld for fout in faults(naam, rollen, source, until, NOW)] == wrong


@pytest.mark.parametrize(
    ("rollen", "types", "subjects", "wrong"),
    [
        (["invoer"], [COUNT], ["LOC-*", "LOC-1", "GM0344", "PV26", "NL", "2024", "*"], []),
        (["toezicht"], [STEPPED], ["GM*"], []),
        (["invoer"], ["nl.gebeurtenissen.ingetrokken.v1"], [], ["types"]),
        (["invoer"], ["bezetting"], ["loc-1"], ["types", "onderwerpen"]),
        (["invoer"], [], ["LOC-*-X"], ["onderwerpen"]),
        (["invoer"], [], [""], ["onderwerpen"]),
        (["toezicht"], [], ["PV26", "PV2*", "GM0344"], []),
        (["toezicht"], [], ["PV99"], ["onderwerpen"]),
        (["toezicht"], [], ["PV2"], ["onderwerpen"]),
        (["toezicht"], [], ["GM9999"], ["onderwerpen"]),
        (["toezicht"], [COUNT], [], ["types"]),
        (["lezer"], [COUNT], ["NL"], ["types", "onderwerpen"]),
    ],
)
def test_what_a_new_token_may_write_is_of_our_types_and_subjects(rollen, types, subjects, wrong):
    source = None if rollen == ["lezer"] else SOURCE
    found = faults("coa", rollen, source, None, NOW, Bereik(types, subjects))
    assert [fout.veld for fout in found] == wrong


def test_a_bucket_lets_through_a_burst_and_then_a_rate():
    now = [0.0]
    buckets = Buckets(2, 3, lambda: now[0])
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 0.5, 0.5]
    assert buckets.take("b") == 0
    now[0] = 0.5
    assert (buckets.take("a"), buckets.take("a")) == (0, 0.5)
    now[0] = 1000
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    for number in range(REMEMBERED_MAX):
        buckets.take(str(number))
    assert buckets.take("a") == 0  # its bucket was forgotten


def test_a_session_is_sealed_ends_and_is_of_its_kind():
    clock = Clock()
    seals = Seals("k" * 32, clock)
    who = Caller("oidc", "af31", frozenset({Role.OPERATOR}), None)
    limited = Caller("sessie", "af31", frozenset({Role.INVOER}), SOURCE, None, frozenset({"t"}), ("LOC-*", "GM0344"))
    assert seals.caller(seals.session(limited)) == limited
    nothing = replace(limited, types=frozenset(), subjects=())
    assert seals.caller(seals.session(nothing)) == nothing
    older = {"sub": "af31", "rollen": ["operator"], "source": None}
    assert seals.caller(seals.seal("sessie", older, SESSION_MAX)) == Caller(
        "sessie", "af31", frozenset({Role.OPERATOR})
    )
    many = replace(limited, subjects=tuple(f"GM{number:04}" for number in range(342)))
    assert many.writes.endswith("GM0004 en nog 337")
    with pytest.raises(TooLongError, match="Gebruik een token"):  # a browser would drop it, and log in for ever
        seals.session(many)
    sealed = seals.session(who)
    assert "af31" not in sealed
    assert seals.caller(sealed) == Caller("sessie", "af31", frozenset({Role.OPERATOR}), None)
    assert Seals("k" * 32, clock).caller(sealed) is not None  # another process with the same key
    assert Seals("x" * 32, clock).caller(sealed) is None
    assert Seals(None, clock).caller(sealed) is None
    assert (
        seals.caller(seals.seal("inlog", {"sub": "af31", "rollen": ["beheerder"], "source": None}, LOGIN_MAX)) is None
    )
    for wrong in ("", "x", "a.b.c.d.e", sealed[:-2], "x" * 10_000):
        assert seals.caller(wrong) is None
    clock.now += SESSION_MAX
    assert seals.caller(sealed) is None
