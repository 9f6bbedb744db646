"""Which events a caller may send: of which source, type, toezichthouder and age."""

from dataclasses import replace

import pytest

from schemas.fields import parse_moment
from schemas.moments import micros
from services.access import Caller, Role
from services.ingest.permit import ForbiddenError, free, looked_up, permit
from services.store.entries import Entry, entry
from tests.support.strategies import read
from tests.support.web_events import SOURCE, event, reading

NOW = parse_moment("2026-05-26T08:00:00Z")
STEP = {"stap": "brief", "gezetOp": "2026-05-26"}
OTHER = "urn:nld:oin:00000000000000000009:systeem:ander"


def caller(*roles: Role, source: str | None = None) -> Caller:
    return Caller("token", "proef", frozenset(roles), source)


def sent(*changed):
    return [entry(one) for one in read([reading("LOC-A", 1, "2026-05-26T07:00:00Z") | each for each in changed])]


def test_invoer_sends_under_its_own_source_and_nothing_old():
    events = sent({}, {"source": OTHER}, {"time": "2026-05-25T07:59:59Z"}, {"time": "2026-05-25T08:00:00Z"})
    permit([events[0], events[3]], caller(Role.INVOER, source=SOURCE), NOW)
    with pytest.raises(ForbiddenError) as refused:
        permit(events, caller(Role.INVOER, source=SOURCE), NOW)
    assert [(fout.index, fout.veld) for fout in refused.value.fouten] == [(1, "source"), (2, "time")]
    assert SOURCE in refused.value.fouten[0].melding
    assert "importeur" in refused.value.fouten[1].melding
    assert "importeur" in str(refused.value)


def test_invoer_without_a_source_sends_nothing():
    with pytest.raises(ForbiddenError, match="geen enkele source"):
        permit(sent({}), caller(Role.INVOER), NOW)


def test_toezicht_sends_toezichtstappen_of_its_own_source_only():
    (step,) = map(entry, read([event("spreidingswet.toezichtstap-gezet", "GM0344", "2026-05-26T07:00:00Z", **STEP)]))
    permit([step], caller(Role.TOEZICHT, source=SOURCE), NOW)
    with pytest.raises(ForbiddenError, match="geen enkele source"):
        permit([step], caller(Role.TOEZICHT), NOW)
    both = [*sent({}), step]
    with pytest.raises(
        ForbiddenError, match=r"hier mag alleen van type nl\.spreidingswet\.toezichtstap-gezet\.v1"
    ) as refused:
        permit(both, caller(Role.TOEZICHT, source=SOURCE), NOW)
    assert [(fout.index, fout.veld) for fout in refused.value.fouten] == [(0, "type")]
    permit(both, caller(Role.TOEZICHT, Role.INVOER, source=SOURCE), NOW)


def step_as(houder: str | None, gemeente: str = "GM0344") -> Entry:
    said = STEP | ({} if houder is None else {"toezichthouder": houder})
    (found,) = map(entry, read([event("spreidingswet.toezichtstap-gezet", gemeente, "2026-05-26T07:00:00Z", **said)]))
    return found


HOUDERS = {
    (): {"minister", "PV26", "PV27"},
    ("PV26",): {"PV26"},
    ("PV26", "GM0599"): {"PV26"},
    ("PV26", "PV27"): {"PV26", "PV27"},
    ("PV26", "NL"): {"minister", "PV26"},
    ("PV*",): {"PV26", "PV27"},
    ("*",): {"minister", "PV26", "PV27"},
    ("GM0344",): {"minister", "PV26", "PV27"},
}
"""The subjects of a token → as whom it takes a step."""


@pytest.mark.parametrize("subjects", HOUDERS, ids=str)
def test_a_provincie_takes_steps_as_itself_only(subjects):
    who = replace(caller(Role.TOEZICHT, source=SOURCE), subjects=subjects or None)
    for houder in ("minister", "PV26", "PV27"):
        step = step_as(None if houder == "minister" else houder)
        if houder in HOUDERS[subjects]:
            permit([step], who, NOW)
            continue
        with pytest.raises(
            ForbiddenError, match="namens een andere toezichthouder: een stap kan hier alleen"
        ) as refused:
            permit([step], who, NOW)
        (fout,) = refused.value.fouten
        assert (fout.veld, fout.index) == ("data.toezichthouder", 0)
        assert fout.melding.startswith(f"mag hier niet {houder} zijn; een stap kan hier alleen namens ")
        assert all(one in fout.melding for one in HOUDERS[subjects])


def test_a_step_that_an_earlier_version_took_of_a_provincie_is_still_a_repeat():
    who, step = replace(caller(Role.TOEZICHT, source=SOURCE), subjects=("PV26",)), step_as("minister")
    assert looked_up([step, step_as("PV26")], who) == {step.event_id}
    for one in (step, step._replace(recorded_at=micros(NOW))):  # A dry run judges it as logged now.
        permit([one], who, NOW, {step.event_id: step.said})
    with pytest.raises(ForbiddenError):
        permit([step], who, NOW, {step.event_id: step_as("minister", "GM0307").said})


def test_of_other_callers_no_toezichthouder_is_asked():
    for roles, subjects in (((Role.INVOER,), ("GM0344", "PV26")), ((Role.BEHEERDER,), None), (tuple(Role), None)):
        who = replace(caller(*roles, source=SOURCE), subjects=subjects)
        permit([step_as("minister"), step_as("PV27")], who, NOW)


def test_importeur_sends_old_events_of_any_source_or_of_its_own():
    events = sent({"time": "2020-01-01T00:00:00Z"}, {"source": OTHER})
    assert free(caller(Role.IMPORTEUR))
    assert not free(caller(Role.IMPORTEUR, source=SOURCE))
    assert free(caller(Role.BEHEERDER, source=SOURCE))
    with pytest.raises(ForbiddenError) as refused:
        permit(events, caller(Role.IMPORTEUR, source=SOURCE), NOW)
    assert [fout.index for fout in refused.value.fouten] == [1]
    permit(events[:1], caller(Role.IMPORTEUR, source=SOURCE), NOW)
