"""Whoever adds an event or a register and forgets a part of it gets an error that says what is missing and where."""

from collections.abc import Iterator
from enum import Enum
from typing import Literal, NotRequired, TypedDict

import pytest

from schemas.events import ALARMS, FACTS, Envelope, Ingetrokken, type_name
from services.core.fold import writes
from services.core.grootheden import rust_op, rusten_op, van
from services.core.grootheden.declaratie import FigureOf
from services.core.history.sommen import SUMMED
from services.core.locaties import SOORTEN
from services.core.reasons.verklaring import forgotten_rules
from services.core.registers import Declaration, Register, SubjectKind, forgotten
from services.store.queries import NOT_LISTED, Query
from tests.support.examples import EXAMPLES, cases, read_bytes

IN = "services/core/registers.py"
EVENTS = [read_bytes(path.parts[-3], path.read_bytes()) for path in cases("valid")]
WRITTEN = {Register.of_name(write.register).declared.name for event in EVENTS for write in writes(event)}
"""The registers that an example writes."""
RESTED_ON = {
    register.declared.name for soort in FigureOf for one, _ in van(soort) for register in rust_op(one.naam, soort)
}
"""The registers that a figure uses."""
IN_NO_FIGURE = {
    Register.GEPUBLICEERD.declared.name: "what others say stands beside our figures",
    Register.INZET.declared.name: "it is kept, and no figure tells yet what supervision takes",
    Register.TOEZICHTCAPACITEIT.declared.name: "it is kept, and no figure tells yet what supervision takes",
}


def missing_of_register(declared: Declaration) -> Iterator[str]:
    """Yields a sentence for each thing that the declaration of a register lacks."""
    name = declared.name
    if not declared.subjects:
        yield f"{name} is about nothing: name its `subjects` in {IN}"
    if declared.ends != ("geldigTot" in getattr(declared.value, "__annotations__", {})):
        yield f"{name} says `ends={declared.ends}` and its value says otherwise: give both or none in {IN}"
    if declared.says is None:
        yield f"{name} has no sentence for people: give it `says` in {IN}"
    if (declared.says_at_end is None) != (bool(declared.no_news) or not declared.ends):
        yield f"{name} ends and is news, or neither: give it `says_at_end` in that case only, in {IN}"
    if declared.part_values and len(declared.parts) != 1:
        yield f"{name} has `part_values`, which are those of its only part, and not one part: see to it in {IN}"
    if declared.of_moment != (declared.geldt != "geldt vanaf"):
        yield f"{name} says `of_moment={declared.of_moment}` and `geldt` says otherwise: see to both in {IN}"
    if name not in WRITTEN:
        yield f"{name} is written by no example: see to writes() in services/core/fold.py; give its event an example"
    if name not in RESTED_ON and name not in IN_NO_FIGURE:
        yield f"{name} is in no figure: name it in `rust_op` of a Grootheid, or in IN_NO_FIGURE with the reason"


def missing_of_event(model: type[Envelope]) -> Iterator[str]:
    """Yields a sentence for each thing that a type of event lacks."""
    if model not in (*FACTS, *ALARMS):
        yield f"{model.__name__} is in no union: add it to Fact or AlarmEvent in schemas/events.py"
    folder = EXAMPLES / type_name(model)
    for kind in ("valid", "invalid", "golden"):
        if not list(folder.glob(f"{kind}/*.json")):
            yield f"{model.__name__} has no example: add one to schemas/examples/{folder.name}/{kind}"
    try:
        writes(model.model_construct(data=None))
    except TypeError as error:
        yield str(error)
    except AttributeError:
        pass  # the rule exists; it only fails on the absent data


@pytest.mark.parametrize("register", Register, ids=lambda register: register.name)
def test_a_register_lacks_nothing(register):
    assert list(missing_of_register(register.declared)) == []


def test_no_two_registers_have_one_name():
    names = [register.declared.name for register in Register]
    assert len(set(names)) == len(names)
    assert not any("." in name for name in names), "the first dot of a stored name ends the name of its register"


@pytest.mark.parametrize("model", [*FACTS, *ALARMS])
def test_an_event_lacks_nothing(model):
    assert list(missing_of_event(model)) == []


@pytest.mark.parametrize("model", [model for model in FACTS if model is not Ingetrokken])
def test_a_fact_writes_something(model):
    """Only a retraction writes nothing. Otherwise a fact could be listed as writing nothing, to silence mypy."""
    assert all(writes(event) for event in EVENTS if isinstance(event, model))


class Ending(TypedDict):
    """A value with an end."""

    aantal: int
    geldigTot: NotRequired[str]


def test_a_forgotten_part_of_a_register_is_named():
    bare = Declaration("nieuw", frozenset(), Ending, no_news="it is new", of_moment=False)
    assert list(missing_of_register(bare)) == [
        "nieuw is about nothing: name its `subjects` in services/core/registers.py",
        "nieuw says `ends=False` and its value says otherwise: give both or none in services/core/registers.py",
        "nieuw has no sentence for people: give it `says` in services/core/registers.py",
        "nieuw is written by no example: see to writes() in services/core/fold.py; give its event an example",
        "nieuw is in no figure: name it in `rust_op` of a Grootheid, or in IN_NO_FIGURE with the reason",
    ]
    no_part = Declaration(
        "open",
        frozenset(SubjectKind),
        bool,
        part_values=("a",),
        says=lambda _value, _parts, _woorden: "nieuw",
        of_moment=False,
    )
    assert list(missing_of_register(no_part)) == [
        "open has `part_values`, which are those of its only part, and not one part: see to it in "
        "services/core/registers.py"
    ]
    silent_end = Declaration(
        "open",
        frozenset(SubjectKind),
        Ending,
        ends=True,
        says=lambda _value, _parts, _woorden: "nieuw",
        of_moment=False,
    )
    assert list(missing_of_register(silent_end)) == [
        "open ends and is news, or neither: give it `says_at_end` in that case only, in services/core/registers.py"
    ]


def test_whether_a_register_is_about_one_moment_cannot_be_forgotten():
    with pytest.raises(TypeError, match="of_moment"):
        Declaration("nieuw", frozenset(SubjectKind), int)
    count = Declaration("open", frozenset(SubjectKind), int, says=str, geldt="geteld op", of_moment=False)
    assert list(missing_of_register(count)) == [
        "open says `of_moment=False` and `geldt` says otherwise: see to both in services/core/registers.py"
    ]


def test_a_forgotten_part_of_an_event_is_named():
    class Nieuw(Envelope):
        """A type without a rule."""

        type: Literal["nl.nieuw.v1"]

    assert list(missing_of_event(Nieuw)) == [
        "Nieuw is in no union: add it to Fact or AlarmEvent in schemas/events.py",
        "Nieuw has no example: add one to schemas/examples/nl.nieuw.v1/valid",
        "Nieuw has no example: add one to schemas/examples/nl.nieuw.v1/invalid",
        "Nieuw has no example: add one to schemas/examples/nl.nieuw.v1/golden",
        "Nieuw has no rule: add a case for it to writes() in services/core/fold.py, "
        "which says what registers an event writes",
    ]


def test_a_member_without_a_case_is_named():
    class More(Enum):
        NIEUW = 1

    assert str(forgotten(More.NIEUW, "f() in f.py")) == "NIEUW has no rule: add a case for it to f() in f.py"


def test_a_register_without_a_rule_in_an_explanation_is_named():
    rules, where = {Register.OPEN, Register.TOEGANG}, "services/core/reasons"
    assert forgotten_rules(rules, {Register.OPEN, Register.MAXIMUM}, "locatie") == [
        f"figures of a locatie rest on MAXIMUM: say in {where} which writes to it count",
        f"no figure of a locatie rests on TOEGANG: take its rule out of {where}",
    ]


def test_the_sums_through_time_are_made_of_what_the_figures_of_a_locatie_rest_on():
    missing = rusten_op(FigureOf.LOCATIE) ^ SUMMED
    assert not missing, f"services/core/history/sommen.py: give each of {missing} a line in _LINES, or take it out"


def test_a_name_that_no_register_has_is_named():
    with pytest.raises(ValueError, match=r"'nieuw\.x' is the name of no register: declare it in services/core/reg"):
        Register.of_name("nieuw.x")


def test_a_register_whose_stored_names_cannot_be_listed_is_named():
    assert Register.OPEN.stored_names() == ("open",)
    assert Register.PLAATSEN.stored_names() == tuple(f"plaatsen.{soort}" for soort in SOORTEN)
    with pytest.raises(TypeError, match=r"names of overdracht can't be listed.*`part_values`.*NOT_LISTED in services/"):
        Register.OVERDRACHT.stored_names()


def test_sql_leaves_out_by_their_prefix_only_registers_that_cannot_be_listed():
    for register in NOT_LISTED:
        with pytest.raises(TypeError, match="can't be listed"):
            register.stored_names()
    text = Query("registers/standen").sql()
    assert all(f"startsWith(register, '{register.prefix()}')" in text for register in NOT_LISTED)
