"""Everything that rules can watch is declared once, and a forgotten part gives an error."""

import dataclasses

import pytest

from schemas.alarmregels import TE_BEWAKEN, TeBewaken, read_regels, van_toezicht
from schemas.toml_lines import BestandError
from services.core.alarms.bewaakt import BEWAAKT, by_name, verklaring
from services.core.alarms.bewaakt.declaratie import Bewaakt, VanLocaties
from services.dashboard.tekst import gemeten
from tests.support.alarm_help import live

DECLARED = tuple(BEWAAKT.values())
EXTRA = "het-weer"


def test_what_a_rule_can_name_is_what_is_declared():
    assert BEWAAKT.keys() == TE_BEWAKEN.keys()


def test_a_row_without_a_declaration_says_which_is_missing_and_where():
    listed = TE_BEWAKEN | {EXTRA: TeBewaken(EXTRA, "personen", "NL")}
    with pytest.raises(LookupError) as found:
        by_name(listed, DECLARED)
    assert str(found.value) == (
        "TE_BEWAKEN in schemas/alarmregels.py lists 'het-weer', "
        "but no file in services/core/alarms/bewaakt/ declares it"
    )


def test_a_declaration_without_a_row_or_a_second_one_says_so_too():
    extra = dataclasses.replace(BEWAAKT["toegang"], naam=EXTRA)
    with pytest.raises(LookupError) as found:
        by_name(TE_BEWAKEN, (*DECLARED, extra, extra))
    assert str(found.value).splitlines() == [
        *[
            "services/core/alarms/bewaakt/ declares 'het-weer', "
            "but TE_BEWAKEN in schemas/alarmregels.py does not list it"
        ]
        * 2,
        "services/core/alarms/bewaakt/ declares 'het-weer' more than once",
    ]


def test_a_declaration_that_leaves_something_out_is_refused():
    fields = {field.name: getattr(BEWAAKT["toegang"], field.name) for field in dataclasses.fields(Bewaakt)}
    for name in ("waarden", "verleden", "zin", "onbekend", "verklaring"):
        with pytest.raises(TypeError, match=name):
            Bewaakt(**{other: value for other, value in fields.items() if other != name})


@pytest.mark.parametrize("naam", TE_BEWAKEN)
def test_the_parts_of_a_declaration_fit_what_it_is_about(naam):
    row, bewaakt = TE_BEWAKEN[naam], BEWAAKT[naam]
    assert ("ernstPerSoort" in row.neemt) == (row.over == "LOC-"), "only locaties have a soort"
    unknown = bewaakt.onbekend("LOC-9", live())
    assert ("LOC-9" in unknown) == (row.over != "NL"), "a sentence names what it is about, unless that is NL"
    assert unknown.endswith(".")
    if bewaakt.verklaring is not None:
        assert ("{}" in bewaakt.verklaring) == (row.over in ("LOC-", "GM")), "figures of many have one explanation"
    if isinstance(bewaakt.verleden, VanLocaties):
        assert bewaakt.verleden.van_iedereen == (row.over == "NL"), "a sum is over what everybody may meet"


@pytest.mark.parametrize(
    ("grootheid", "onderwerp", "path"),
    [
        ("landelijke-bezettingsgraad", "NL", "/v1/bezetting/verklaring"),
        ("toegang", "LOC-1", "/v1/locaties/LOC-1/verklaring"),
        ("naleving-verslechterd", "GM0344", "/v1/gemeenten/GM0344/verklaring"),
        ("fte-tekort", "NL", "/v1/toezicht/verklaring"),
        ("fte-tekort", "PV26", None),
        ("achterstand", "NL", None),
        ("van-een-latere-versie", "NL", None),
        (None, "NL", None),
    ],
)
def test_an_alarm_points_at_what_explains_it(grootheid, onderwerp, path):
    assert verklaring(grootheid, onderwerp) == path


@pytest.mark.parametrize(
    ("grootheid", "value", "text"),
    [
        ("aandeel-onverwerkbaar", 0.05, "5,0 %"),
        ("landelijke-bezettingsgraad", 1.012, "101,2 %"),
        ("locatie-bezettingsgraad", "geen plaatsen", "geen plaatsen"),
        ("stilte-van-stroom", 7_200, "2 uur"),
        ("personen-boven-maximum", 1_234, "1.234 te veel"),
        ("gesloten-met-mensen", 1, "1 mens"),
        ("fte-tekort", 4.1286, "4,1 fte te weinig"),
        ("fte-tekort", 0.04, "0,04 fte te weinig"),
        ("fte-tekort", 0, "0 fte te weinig"),
        ("dagen-tot-tekort", 0, "nu al"),
        ("dagen-tot-tekort", 30, "30 dagen"),
        ("toegang", "beperkt", "beperkt"),
        ("achterstand", None, "niet bekend"),
        ("van-een-latere-versie", 3, "3"),
    ],
)
def test_a_screen_shows_a_value_in_its_unit(grootheid, value, text):
    assert gemeten(value, grootheid) == text


def test_no_alarm_that_all_may_see_tells_of_one_that_only_toezicht_may_see():
    """An alarm that another holds back would tell of that other."""
    one = '[[regel]]\nnaam = "{}"\nomschrijving = "x"\ngrootheid = "{}"\ndrempel = 0\nernst = "info"\nrunbook = "x"\n'
    secret, seen = one.format("te-laat", "dagen-over-termijn"), one.format("slechter", "naleving-verslechterd")
    assert len(read_regels(secret + 'onderdruktDoor = ["slechter"]\n' + seen, "r.toml")) == 2
    with pytest.raises(BestandError, match="noemt 'te-laat', en die regel is alleen voor toezicht: wie zijn alarmen"):
        read_regels(secret + seen + 'onderdruktDoor = ["te-laat"]\n', "r.toml")


def test_only_what_is_about_areas_is_only_for_toezicht():
    """What is about a locatie may be afgeschermd too, and an alarm is for those who may see one of the two."""
    found = {one.naam for one in TE_BEWAKEN.values() if one.alleen_toezicht}
    assert found == {"dagen-over-termijn", "teruggevallen-na-voldoet", "dagen-tot-onder-opgave", "fte-tekort"}
    assert all(van_toezicht(naam) and TE_BEWAKEN[naam].over in ("GM", "") for naam in found)
    assert not any(map(van_toezicht, (None, "van-een-latere-versie", "toegang")))
