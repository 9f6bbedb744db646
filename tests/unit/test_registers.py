"""What events write, which write is in force, what a retraction hides, and what the declaration of a register says."""

from datetime import timedelta
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from hypothesis import given
from pydantic import ConfigDict, TypeAdapter, ValidationError, create_model

from schemas.events import Envelope
from services.core.fold import fold, history, writes
from services.core.registers import Register
from tests.support.alarm_help import live, one, shipped
from tests.support.examples import cases, name, read_bytes
from tests.support.make import (
    BEGIN,
    LOC,
    access,
    closed,
    event,
    limit,
    moment,
    published,
    reading,
    registered,
    retracted,
)
from tests.support.strategies import LAW, event_lists

INSTANT = timedelta(microseconds=1)
LATER, LAST = "2025-01-01T00:00:00Z", moment("2030-01-01T00:00:00Z")
LOW, HIGH = "0A000000-0000-4000-8000-000000000000", "0b000000-0000-4000-8000-000000000000"


def aanwezig(events, valid_at=LAST, known_at=LAST):
    winner = fold(events, valid_at, known_at).get((LOC, "aanwezig"))
    return winner.value if winner else None


def test_the_greatest_effective_at_is_in_force():
    assert aanwezig([reading(2, LATER, time=BEGIN), reading(1, BEGIN, time=LATER)]) == 2


def test_of_equal_effective_at_the_greatest_recorded_at_is_in_force():
    assert aanwezig([reading(2, time=LATER), reading(1, time=BEGIN)]) == 2


def test_of_equal_moments_the_greatest_event_id_as_lower_case_text_is_in_force():
    """As capitals, 0A would come before 0b too, but 0B before 0a. The id is made lower case when it is read."""
    for greatest, smallest in ((HIGH, LOW), (HIGH.upper(), LOW.lower())):
        both = [reading(2, own_id=greatest), reading(1, own_id=smallest)]
        assert (aanwezig(both), aanwezig(both[::-1])) == (2, 2)


def test_a_moment_in_another_offset_is_the_same_moment():
    same = [reading(2, "2024-07-01T02:00:00+02:00", own_id=HIGH), reading(1, "2024-07-01T00:00:00Z", own_id=LOW)]
    assert aanwezig(same) == 2


def test_a_date_without_a_time_means_midnight_in_amsterdam():
    summer, winter = reading(1, "2024-07-01"), reading(2, "2024-12-01")
    assert summer.data.peilmoment == moment("2024-06-30T22:00:00Z")
    assert winter.data.peilmoment == moment("2024-11-30T23:00:00Z")


def test_a_write_is_in_force_from_its_effective_at_on():
    assert aanwezig([reading(1, LATER)], valid_at=moment(LATER)) == 1
    assert aanwezig([reading(1, LATER)], valid_at=moment(LATER) - INSTANT) is None


def test_a_write_is_known_from_its_recorded_at_on():
    assert aanwezig([reading(1, time=LATER)], known_at=moment(LATER)) == 1
    assert aanwezig([reading(1, time=LATER)], known_at=moment(LATER) - INSTANT) is None


def test_repeats_are_harmless():
    once = [reading(1), registered()]
    assert fold([*once, *once], LAST, LAST) == fold(once, LAST, LAST)


def test_capaciteit_sets_only_the_soorten_named():
    two = {"geldigVanaf": LATER, "plaatsen": [{"soort": "regulier", "aantal": 3}, {"soort": "amv", "aantal": 1}]}
    one = {"geldigVanaf": BEGIN, "plaatsen": [{"soort": "nood", "aantal": 9}, {"soort": "amv", "aantal": 8}]}
    kind = "opvanglocaties.capaciteit-gewijzigd"
    found = fold([event(kind, LOC, two), event(kind, LOC, one)], LAST, LAST)
    counts = {register: winner.value["aantal"] for (_, register), winner in found.items()}
    assert counts == {"plaatsen.regulier": 3, "plaatsen.amv": 1, "plaatsen.nood": 9}


def test_inzetbaar_defaults_to_aantal():
    data = {
        "geldigVanaf": BEGIN,
        "plaatsen": [{"soort": "nood", "aantal": 9}, {"soort": "amv", "aantal": 8, "inzetbaar": 0}],
    }
    values = [write.value for write in writes(event("opvanglocaties.capaciteit-gewijzigd", LOC, data))]
    assert values == [{"aantal": 9, "inzetbaar": 9}, {"aantal": 8, "inzetbaar": 0}]


def test_registratie_writes_both_what_a_locatie_is_and_that_it_is_open():
    assert {write.register: write.effective_at for write in writes(registered(vanaf=LATER))} == {
        "registratie": moment(LATER),
        "open": moment(LATER),
    }


def test_what_was_announced_takes_effect_at_its_moment_without_an_event():
    announced = [access("open", vanaf=BEGIN), access("gesloten", vanaf=LATER, time=BEGIN)]
    before, after = (fold(announced, at, LAST)[LOC, "toegang"].value for at in (moment(LATER) - INSTANT, moment(LATER)))
    assert (before, after) == ("open", "gesloten")


def test_a_published_figure_has_a_register_per_bron_and_grootheid():
    figures = [
        published(1, bron="COA"),
        published(2, bron="Kamerbrief"),
        published(3, bron="COA", grootheid="locaties"),
    ]
    assert {key: winner.value["waarde"] for key, winner in fold(figures, LAST, LAST).items()} == {
        ("NL", "gepubliceerd.COA.bezetting"): 1,
        ("NL", "gepubliceerd.Kamerbrief.bezetting"): 2,
        ("NL", "gepubliceerd.COA.locaties"): 3,
    }


def test_a_retraction_hides_its_target_for_k_from_its_own_time_on():
    target = reading(1)
    both = [target, retracted(target, LATER)]
    assert aanwezig(both, known_at=moment(LATER)) is None
    assert aanwezig(both, known_at=moment(LATER) - INSTANT) == 1


def test_a_retraction_hides_its_target_for_any_v():
    target = reading(1, BEGIN)
    assert aanwezig([target, retracted(target, LATER)], valid_at=moment(BEGIN)) is None


def test_after_a_retraction_the_write_before_it_is_in_force_again():
    first, second = reading(1, BEGIN), reading(2, LATER)
    assert aanwezig([first, second, retracted(second)]) == 1


def test_a_retraction_works_only_under_the_source_of_its_target():
    target = reading(1)
    assert aanwezig([target, retracted(target, source="urn:nld:oin:00000000000000000002:systeem:ander")]) == 1


def test_a_retraction_may_come_and_be_dated_before_its_target():
    target = reading(1, time=LATER)
    assert aanwezig([retracted(target, BEGIN), target]) is None


def test_a_retraction_of_an_unknown_id_is_harmless():
    assert aanwezig([retracted(HIGH), reading(1)]) == 1


def test_retractions_can_not_be_retracted():
    target = reading(1)
    first = retracted(target)
    assert aanwezig([target, first, retracted(first)]) is None


def test_a_retraction_hides_every_write_of_its_target():
    target = registered()
    assert fold([target, retracted(target)], LAST, LAST) == {}


def test_a_retraction_counts_whatever_its_subject():
    """It works by id and source. Its subject only says where to look for the target."""
    target = registered("LOC-2")
    assert retracted(target).subject != target.subject
    assert fold([target, retracted(target)], LAST, LAST) == {}


def test_history_keeps_of_each_moment_the_write_that_stands():
    corrected = [reading(5, BEGIN, time=BEGIN), reading(6, BEGIN, time=LATER), reading(7, LATER)]
    steps = history(corrected, LAST, LAST)
    assert {at: winner.value for (_, _, at), winner in steps.items()} == {moment(BEGIN): 6, moment(LATER): 7}
    assert {at: winner.value for (_, _, at), winner in history(corrected, LAST, moment(BEGIN)).items()} == {
        moment(BEGIN): 5,
        moment(LATER): 7,
    }


def test_retractions_and_alarms_write_nothing():
    alarm = one(shipped("toegang"), live(registered(), access("gesloten")))
    assert [writes(said) for said in (retracted(HIGH), alarm)] == [[], []]


def test_a_type_without_a_rule_is_named_and_not_skipped():
    class Nieuw(Envelope):
        """A type without a rule."""

    with pytest.raises(TypeError, match=r"Nieuw has no rule: add a case for it to writes\(\) in services/core/fold.py"):
        writes(Nieuw.model_construct())


def test_optional_values_are_left_out_and_moments_are_utc():
    value = writes(limit(5, tot="2026-07-01", per_dag=15_000))[0].value
    assert value == {
        "maximum": 5,
        "grondslag": "uitspraak",
        "dwangsomPerDag": 15_000,
        "geldigTot": "2026-06-30T22:00:00Z",
    }
    assert writes(closed())[0].value is False


# What a register declares ---------------------------------------------------------------------------------------------


@cache
def adapter_of(register):
    """Returns a strict validator for a register's value. Pydantic takes a TypedDict only from Python 3.12 on."""
    value = register.declared.value
    if is_typeddict(value):
        return TypeAdapter(model_of(value))
    if get_origin(value) in {Union, UnionType}:
        value = reduce(or_, (model_of(one) if is_typeddict(one) else one for one in get_args(value)))
    return TypeAdapter(value, config=ConfigDict(strict=True))


def model_of(value):
    """Returns a strict model with the fields of a TypedDict."""
    required = value.__required_keys__
    fields = {field: (hint, ... if field in required else None) for field, hint in get_type_hints(value).items()}
    return create_model(value.__name__, __config__=ConfigDict(strict=True, extra="forbid"), **fields)


def check(event):
    """Checks that each write has a register of this kind of subject, its exact name, and a value of its type."""
    for write in writes(event):
        register = Register.of_name(write.register)
        assert register.stored(*register.parts(write.register)) == write.register
        assert any(kind.holds(event.subject) for kind in register.declared.subjects), (event.subject, register)
        adapter_of(register).validate_python(write.value)


@pytest.mark.parametrize("path", cases("valid"), ids=name)
def test_what_an_example_writes_is_what_its_register_holds(path):
    check(read_bytes(path.parts[-3], path.read_bytes()))


@LAW
@given(event_lists())
def test_what_any_event_writes_is_what_its_register_holds(events):
    for said in events:
        check(said)


def test_a_value_of_another_type_is_seen():
    wrong = {
        Register.AANWEZIG: True,
        Register.OPEN: 1,
        Register.PLAATSEN: {"aantal": 1, "inzetbaar": 1, "meer": 1},
        Register.TOEZICHT: {"stap": "telefoontje"},
    }
    for register, value in wrong.items():
        with pytest.raises(ValidationError):
            adapter_of(register).validate_python(value)


def test_a_bron_may_have_dots_in_it():
    stored = Register.GEPUBLICEERD.stored("https://www.coa.nl/x.pdf", "bezetting")
    assert stored == "gepubliceerd.https://www.coa.nl/x.pdf.bezetting"
    assert Register.GEPUBLICEERD.parts(stored) == ("https://www.coa.nl/x.pdf", "bezetting")


def test_a_name_wants_all_of_its_parts():
    with pytest.raises(TypeError, match=r"opgave has the parts \('cyclus', 'status'\), not \('2024',\)"):
        Register.OPGAVE.stored("2024")


def test_a_register_finds_its_own_writes():
    events = [registered(), registered("LOC-2"), limit(5), published(1), reading(3)]
    found = fold(events, LAST, LAST)
    assert {key for key, _ in Register.REGISTRATIE.among(found)} == {(LOC, "registratie"), ("LOC-2", "registratie")}
    assert {key for key, _ in Register.GEPUBLICEERD.among(found)} == {("NL", "gepubliceerd.COA.bezetting")}
    assert not list(Register.OPGAVE.among(found, "2024"))
    assert Register.AANWEZIG.get(found, LOC).value == 3
    assert Register.AANWEZIG.get(found, "LOC-2") is None
    assert {Register.of(key) for key in found} == {
        Register.REGISTRATIE,
        Register.OPEN,
        Register.MAXIMUM,
        Register.GEPUBLICEERD,
        Register.AANWEZIG,
    }


def test_what_a_write_and_its_end_say():
    places = {"aantal": 1, "inzetbaar": 0, "geldigTot": "2029-12-31T23:00:00Z"}
    assert Register.PLAATSEN.said("plaatsen.amv", places) == "1 plaats amv, waarvan 0 inzetbaar, tot 1 jan 2030"
    assert Register.PLAATSEN.said_at_end("plaatsen.amv", places) == "einde van 1 plaats amv"
    assert Register.PLAATSEN.said_at_end("plaatsen.amv", places | {"aantal": 0}) is None
    assert Register.OVERDRACHT.said("overdracht.2024.GM0363", {"aantal": 9}) == "overdracht van 9 plaatsen aan GM0363"
    assert (
        Register.OPGAVE.said("opgave.2024.provinciaal", {"opgave": 9}) == "opgave 9 plaatsen (provinciaal, cyclus 2024)"
    )
    assert Register.AANWEZIG.said("aanwezig", 3) is None, "a reading is no news"
    assert Register.AANWEZIG.says("aanwezig", 3) == "3 mensen aanwezig"
