"""Every type of event that people send has a form, and every form says in Dutch what it asks."""

import re
from typing import Any, get_args

import orjson
import pytest
from pydantic import BaseModel

from schemas.events import FACT_TYPES
from services.cli import app, plain
from services.cli.meldopties import opties
from services.core.registers import Register, SubjectKind
from services.dashboard.melden.formulieren import FORMULIEREN, NAMEN, VAN_TYPE, Meldsoort
from services.dashboard.melden.lezen import als_teksten, in_woorden, lees
from services.dashboard.melden.velden import Invoer, Veld, velden_van
from tests.support.examples import cases
from tests.support.taal import odd_in_terminal

DECLARED = "declare its form in services/dashboard/melden/formulieren.py"


def _subject(path: Any) -> str:
    return str(orjson.loads(path.read_bytes())["subject"])


@pytest.mark.parametrize("type_", FACT_TYPES)
def test_every_type_that_people_send_has_a_form(type_):
    assert type_ in VAN_TYPE, f"{type_}: {DECLARED}"


def test_every_form_has_its_name_and_its_place():
    assert FORMULIEREN.keys() == set(get_args(Meldsoort))
    assert len(VAN_TYPE) == len(FORMULIEREN)
    for soort, form in FORMULIEREN.items():
        assert form.zin.endswith("."), soort
        assert form.titel[0].isupper(), soort


@pytest.mark.parametrize("soort", FORMULIEREN)
def test_a_form_asks_every_field_of_its_event_once(soort):
    form = FORMULIEREN[soort]
    names = [veld.naam for veld in form.velden(1)]
    assert len(names) == len(set(names))
    data = form.model.model_fields["data"].annotation
    asked = {name.split(".")[1] for name in names}
    assert asked == set(data.model_fields)


@pytest.mark.parametrize("soort", FORMULIEREN)
def test_what_a_form_says_of_a_field_is_about_a_field(soort):
    """A name that its event does not have says nothing to anybody."""
    form = FORMULIEREN[soort]
    known = {veld.naam.rpartition(".")[2] for veld in form.velden(1)}
    assert form.zeg.keys() <= known
    assert form.vult_in <= known
    assert not form.vult_in or form.register is not None


@pytest.mark.parametrize("soort", FORMULIEREN)
def test_every_field_has_words_of_its_own(soort):
    for veld in FORMULIEREN[soort].velden(1):
        assert veld.label[0].isupper()
        choices = [naam for _, naam in veld.keuzes]
        assert (veld.invoer in (Invoer.KEUZE, Invoer.MEER, Invoer.JA_NEE)) == bool(choices), veld.naam
        assert all(naam[0].isupper() for naam in choices), veld.naam
        assert not {"beschikbaarVanaf", "nogMinstensMaanden", "realiserenVoor", "geldigVanaf"} & set(veld.hulp.split())


@pytest.mark.parametrize("soort", FORMULIEREN)
def test_a_form_is_about_what_its_event_may_be_about(soort):
    """The register and the model each say what an event is about; both must say the same."""
    form = FORMULIEREN[soort]
    for path in cases("valid"):
        if path.parts[-3] == form.type:
            kinds = {kind for kind in form.onderwerpen if kind.holds(_subject(path))}
            assert kinds, path


def test_what_overwrites_a_whole_register_begins_with_all_of_it():
    """Whoever changes one number must not lose the others. A reading and the places of a soort begin empty."""
    alone = {"bezetting", "capaciteit", "toegang", "sluiting", "cijfers", "intrekking", "stand", "toezichtstap"}
    for soort, form in FORMULIEREN.items():
        if soort in alone or form.register is None:
            continue
        value = form.register.declared.value
        assert form.vult_in == set(value.__annotations__), soort


def test_a_type_of_field_without_an_input_is_named():
    class Nieuw(BaseModel):
        kleur: bytes

    with pytest.raises(TypeError, match=r"Nieuw.kleur has no input: add its type to _OF_TYPE"):
        list(velden_van(Nieuw, {}))


def test_no_field_has_the_name_of_a_parameter_of_the_page():
    assert all(name.startswith("data.") for name in NAMEN)


READ: list[tuple[Invoer, dict[str, str], Any]] = [
    (Invoer.HEEL, {"x": "2.104"}, 2104),
    (Invoer.HEEL, {"x": "2104"}, 2104),
    (Invoer.HEEL, {"x": "−5"}, -5),
    (Invoer.GETAL, {"x": "2,5"}, 2.5),
    (Invoer.GETAL, {"x": "-1.234,5"}, -1234.5),
    (Invoer.GETAL, {"x": "1.000.000"}, 1_000_000),
    (Invoer.GEMEENTE, {"x": "'s-gravenhage"}, "GM0518"),
    (Invoer.GEMEENTE, {"x": "gm0363"}, "GM0363"),
    (Invoer.GROOTHEID, {"x": "bezettingsgraad"}, "bezettingsgraad"),
    (Invoer.MOMENT, {"x": "1-7-2025"}, "2025-06-30T22:00:00Z"),
    (Invoer.MOMENT, {"x": "2025-07-01", "x.tijd": "09:30:15.5"}, "2025-07-01T07:30:15.500000Z"),
    (Invoer.GEBEURTENIS, {"x": "AB", "x.ander": "CD"}, "cd"),
    (Invoer.TEKST, {"x": "  "}, None),
    (Invoer.MOMENT, {"x": "1-7-2025 9:30"}, "2025-07-01T07:30:00Z"),
    (Invoer.MOMENT, {"x": "2025-07-01T09:30:00 02:00"}, "2025-07-01T07:30:00Z"),
]


@pytest.mark.parametrize(("invoer", "texts", "value"), READ)
def test_a_field_is_read_as_people_write_it_and_written_back(invoer, texts, value):
    veld = Veld("x", "X", "", invoer, verplicht=True)
    assert lees(veld, texts) == (value, "")
    if value is not None and invoer is not Invoer.GEBEURTENIS:
        assert lees(veld, als_teksten(veld, value)) == (value, "")
        assert in_woorden(veld, value)


WRONG = [
    (Invoer.HEEL, "2,5", "moet een heel getal zijn: 2104 of 2.104"),
    (Invoer.HEEL, "21.04", "moet een heel getal zijn: 2104 of 2.104"),
    (Invoer.GETAL, "2.5", "moet een getal zijn, met een komma voor de decimalen: 2,5 of 2.104"),
    (Invoer.GEMEENTE, "almer", "is geen gemeente; bedoelt u Almere?"),
    (Invoer.GEMEENTE, "xyzzy", "is geen gemeente; kies een naam uit de lijst"),
    (Invoer.MOMENT, "31-6-2025", "is geen dag van 2010 tot en met 2050"),
    (Invoer.CYCLUS, "24", "moet een jaartal zijn, zoals 2024"),
    (Invoer.KEUZE, "x", "kies een van de mogelijkheden"),
]


@pytest.mark.parametrize(("invoer", "text", "told"), WRONG)
def test_what_can_not_be_read_stays_and_is_told_with_what_would_be_right(invoer, text, told):
    value, wrong = lees(Veld("x", "X", "", invoer, verplicht=True), {"x": text})
    assert value == text
    assert told in wrong


def test_kinds_of_subjects_come_from_the_register():
    assert FORMULIEREN["opgave"].onderwerpen == {SubjectKind.GEMEENTE, SubjectKind.PROVINCIE}
    assert FORMULIEREN["intrekking"].onderwerpen == set(SubjectKind)
    assert {form.register for form in FORMULIEREN.values()} >= set(Register)


@pytest.mark.parametrize("soort", FORMULIEREN)
def test_every_field_has_an_option_of_its_own(soort):
    found = list(opties(FORMULIEREN[soort]))
    assert [one.veld for one in found] == ["over", *(veld.naam for veld in FORMULIEREN[soort].velden()), "source"]
    names = [one.naam for one in found]
    assert len({*names, "--ja", "--url", "--help"}) == len(names) + 3
    assert all(re.fullmatch(r"--[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)
    assert sum(not one.verborgen for one in found) == len(FORMULIEREN[soort].velden(1)) + 2


@pytest.mark.parametrize("soort", FORMULIEREN)
def test_the_help_of_a_form_is_dutch(soort, capsys, monkeypatch):
    monkeypatch.setattr(plain.say, "width", 500)
    with pytest.raises(SystemExit):
        app(["meld", soort, "--help"])
    text = capsys.readouterr().out
    assert re.match(rf"Gebruik: \S+ meld {soort} \[OPTIES\]\n", text)
    assert not [*odd_in_terminal(re.sub(r"\d{1,2}-\d{1,2}-\d{4}", "x", text))]
