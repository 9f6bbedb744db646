"""The file of rules: the shipped one is valid, and an invalid one is refused with file, line and reason."""

import re
import tomllib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alarmregels import REGIMES, TE_BEWAKEN, AlarmRegel, read_regels
from schemas.toml_lines import BestandError, line_of, lines_in
from tests.support.alarm_help import RULES_FILE, SHIPPED, rule
from tests.support.strategies import LAW

GOOD = """\
# Een opmerking.

[[regel]]
naam = "eerste"
omschrijving = "Een eerste regel"
grootheid = "landelijke-bezettingsgraad"
drempel = 1.0
wisdrempel = 0.97
ernst = "hoog"
runbook = "deploy/runbook.md#eerste"

[[regel]]
naam = "tweede"
omschrijving = "Een tweede regel"
grootheid = "toegang"
drempel = "open"
ernst = "info"
runbook = "deploy/runbook.md#tweede"
"""
LAST = len(GOOD.splitlines())
UNKNOWN = "is geen bekend veld; weghalen (alleen beschreven velden worden aangenomen)"
ALLEEN_BIJ = "zegt niets bij deze grootheid, alleen bij"
NOT_HERE = (
    f"{ALLEEN_BIJ} gesloten-met-mensen of locatie-bezettingsgraad of personen-boven-"
    "maximum of stilte-van-locatie of toegang"
)
GEBREK = "is de naam van het alarm over een gebrek aan gegevens; kies een andere"
DUUR = 'is geen duur; verwacht een getal en s, m, h of d, tussen aanhalingstekens: "30s", "24h" of "7d"'
ERNST = "moet zijn: 'info', 'waarschuwing', 'hoog' of 'kritiek'"
BEYOND = (
    "ligt voorbij de drempel: dan zou een alarm afgaan en meteen weer eindigen; "
    "verwacht bij richting boven hoogstens de drempel, bij onder minstens"
)
MISSING = "ontbreekt; dit veld is verplicht"
REGIME = "is geen regime van toegang; verwacht 'open' of 'gecontroleerd' of 'beperkt' of 'gesloten'"
TABLE = "moet een tabel zijn, of namen met waarden tussen accolades"
LABEL = "heeft niet de juiste vorm; verwacht: hoogstens 30 kleine letters, cijfers of liggende streepjes"


def refused(text):
    """Returns (line, where, why) of every error, in the order of the message."""
    with pytest.raises(BestandError) as error:
        read_regels(text, "regels.toml")
    lines = str(error.value).splitlines()
    found = [re.fullmatch(r"regels\.toml, regel (\d+): (.*?): (.*)", line) for line in lines]
    assert all(found), lines
    return [(int(one[1]), one[2], one[3]) for one in found]


def changed(old, new):
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


# What is right --------------------------------------------------------------------------------------------------------


def test_the_shipped_file_reads_and_says_of_each_rule_what_it_says():
    assert len(SHIPPED) >= 10
    raw = tomllib.loads(RULES_FILE.read_text(encoding="utf-8"))["regel"]
    for regel, said in zip(SHIPPED, raw, strict=True):
        assert regel.naam == said["naam"]
        assert set(said) == {name for name in AlarmRegel.model_fields if name in regel.model_fields_set}
        assert regel.runbook == f"deploy/runbook.md#{regel.naam}"
        assert set(regel.onderdruktDoor) <= {one.naam for one in SHIPPED}


def test_every_grootheid_has_a_shipped_rule():
    assert {regel.grootheid for regel in SHIPPED} == set(TE_BEWAKEN)


def test_the_rules_come_in_the_order_of_the_file():
    assert [regel.naam for regel in read_regels(GOOD, "regels.toml")] == ["eerste", "tweede"]


def test_what_is_left_out_waits_for_nothing_and_keeps_what_is_not_known():
    regel = rule()
    assert (regel.voor, regel.blijfActief, regel.geenGegevens, regel.richting) == (
        timedelta(),
        timedelta(),
        "houd",
        "boven",
    )
    assert (regel.gaat_af, regel.wist) == (1, 1)
    assert (regel.versBinnen, regel.onderwerpen, regel.onderdruktDoor, regel.labels) == (None, [], [], {})


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0s", timedelta()),
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("24h", timedelta(days=1)),
        ("7d", timedelta(days=7)),
        ("3650d", timedelta(days=3650)),
    ],
)
def test_a_length_of_time_is_a_number_with_a_unit(text, length):
    assert rule(voor=text).voor == length
    assert rule(grootheid="stilte-van-stroom", drempel=text).gaat_af == length.total_seconds()


def test_a_regime_counts_by_how_restricted_it_is():
    thresholds = [rule(grootheid="toegang", drempel=regime).gaat_af for regime in REGIMES]
    assert (REGIMES[0], REGIMES[-1]) == ("open", "gesloten")
    assert thresholds == sorted(thresholds)
    assert rule(grootheid="toegang", drempel="beperkt", wisdrempel="open").wist == 0


def test_a_rule_that_looks_below_clears_above():
    regel = rule(richting="onder", drempel=0.5, wisdrempel=0.6)
    assert (regel.gaat_af, regel.wist) == (0.5, 0.6)


@pytest.mark.parametrize(
    "labels",
    [
        'labels = { team = "regio", piket_2 = "ja" }',
        'labels.team = "regio"\nlabels.piket_2 = "ja"',
        '[regel.labels]\nteam = "regio"\npiket_2 = "ja"',
        '[ regel . "labels" ]\n"team" = "regio"\npiket_2 = """ja"""',
    ],
    ids=["inline", "dotted", "table", "quoted"],
)
def test_labels_may_be_written_in_every_way_that_toml_knows(labels):
    assert read_regels(GOOD + labels, "regels.toml")[1].labels == {"team": "regio", "piket_2": "ja"}


def test_an_ernst_of_its_own_for_a_soort():
    regel = rule(ernst="info", ernstPerSoort={"aanmeldcentrum": "hoog"})
    assert [regel.ernst_bij(soort) for soort in ("aanmeldcentrum", "azc", None)] == ["hoog", "info", "info"]


# What is refused, where, and why --------------------------------------------------------------------------------------

ONE, TWO = "[[regel]] 'eerste', ", "[[regel]] 'tweede', "
END = LAST + 1


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (changed("drempel = 1.0", "drempl = 1.0"), [(3, f"{ONE}drempel", MISSING), (7, f"{ONE}drempl", UNKNOWN)]),
        (changed("0.97", "1.01"), [(8, f"{ONE}wisdrempel", BEYOND)]),
        (changed("wisdrempel = 0.97", 'richting = "onder"\nwisdrempel = 0.97'), [(9, f"{ONE}wisdrempel", BEYOND)]),
        (changed('"hoog"', '"ramp"'), [(9, f"{ONE}ernst", ERNST)]),
        (changed('"hoog"', "3"), [(9, f"{ONE}ernst", ERNST)]),
        (GOOD + 'voor = "5 minuten"', [(END, f"{TWO}voor", DUUR)]),
        (GOOD + "blijfActief = 5", [(END, f"{TWO}blijfActief", DUUR)]),
        (GOOD + 'voor = "3651d"', [(END, f"{TWO}voor", "is te lang; verwacht hoogstens 3650d")]),
        (changed('drempel = "open"', 'drempel = "dicht"'), [(16, f"{TWO}drempel", REGIME)]),
        (changed('drempel = "open"', "drempel = 1"), [(16, f"{TWO}drempel", REGIME)]),
        (
            changed("drempel = 1.0", 'drempel = "vol"'),
            [(7, f"{ONE}drempel", "moet een getal zijn, zonder aanhalingstekens")],
        ),
        (
            changed("drempel = 1.0", "drempel = nan"),
            [(7, f"{ONE}drempel", "moet liggen tussen −1.000.000.000.000 en 1.000.000.000.000")],
        ),
        (
            changed("drempel = 1.0", "drempel = 2026-01-01"),
            [(7, f"{ONE}drempel", "moet een getal zijn, of een tekst van 1 tot 300 tekens")],
        ),
        (
            changed("landelijke-bezettingsgraad", "stilte-van-stroom"),
            [(7, f"{ONE}drempel", DUUR), (8, f"{ONE}wisdrempel", DUUR)],
        ),
        (
            changed("landelijke-bezettingsgraad", "dagen-tot-tekort").replace("= 1.0", "= 4000"),
            [(7, f"{ONE}drempel", "moet liggen tussen 0 en 3650 dagen")],
        ),
        (
            changed('naam = "tweede"', 'naam = "eerste"'),
            [(13, "[[regel]] 'eerste', naam", "komt vaker voor; elke naam mag één keer")],
        ),
        (
            changed('naam = "tweede"', 'naam = "te-weinig-gegevens"'),
            [(13, "[[regel]] 'te-weinig-gegevens', naam", GEBREK)],
        ),
        (
            changed('naam = "tweede"', 'naam = "De Tweede"'),
            [
                (
                    13,
                    "[[regel]] 'De Tweede', naam",
                    "heeft niet de juiste vorm; verwacht: hoogstens 60 kleine letters of streepjes",
                )
            ],
        ),
        (changed('naam = "tweede"\n', ""), [(12, "[[regel]] nummer 2, naam", MISSING)]),
        (
            GOOD + 'onderdruktDoor = ["eerste", "derde"]',
            [(END, f"{TWO}onderdruktDoor", "noemt 'derde', en zo'n regel is er niet")],
        ),
        (
            GOOD + 'onderdruktDoor = ["tweede"]',
            [(END, f"{TWO}onderdruktDoor", "laat de regel zichzelf onderdrukken, misschien via een andere")],
        ),
        (
            changed("wisdrempel = 0.97", 'onderdruktDoor = ["tweede"]') + 'onderdruktDoor = ["eerste"]',
            [
                (8, f"{ONE}onderdruktDoor", "laat de regel zichzelf onderdrukken, misschien via een andere"),
                (END, f"{TWO}onderdruktDoor", "laat de regel zichzelf onderdrukken, misschien via een andere"),
            ],
        ),
        (
            GOOD + f"onderdruktDoor = {['eerste'] * 21}",
            [(END, f"{TWO}onderdruktDoor", "heeft te veel onderdelen; verwacht hoogstens 20")],
        ),
        (
            GOOD + 'labels = { ernst = "hoog" }',
            [(END, f"{TWO}labels", "'ernst' geeft Opvangpeil zelf; kies een andere naam")],
        ),
        (GOOD + "labels = 3", [(END, f"{TWO}labels", TABLE)]),
        (GOOD + 'labels = { Team = "x" }', [(END, f"{TWO}labels, Team", LABEL)]),
        (GOOD + 'labels.Team = "x"', [(END, f"{TWO}labels, Team", LABEL)]),
        (GOOD + '[regel.labels]\nteam = "x"\nTeam = "x"', [(END + 2, f"{TWO}labels, Team", LABEL)]),
        (GOOD + 'ernstPerSoort = { azc = "rood" }', [(END, f"{TWO}ernstPerSoort, azc", ERNST)]),
        (GOOD + '[regel.ernstPerSoort]\nazc = "rood"', [(END + 1, f"{TWO}ernstPerSoort, azc", ERNST)]),
        (
            changed("wisdrempel = 0.97", 'ernstPerSoort = { azc = "info" }'),
            [(8, f"{ONE}ernstPerSoort", NOT_HERE)],
        ),
        (
            GOOD + 'versBinnen = "1h"',
            [(END, f"{TWO}versBinnen", f"{ALLEEN_BIJ} locatie-bezettingsgraad of personen-boven-maximum")],
        ),
        (
            GOOD + 'terugblik = "1h"',
            [(END, f"{TWO}terugblik", f"{ALLEEN_BIJ} naleving-verslechterd of teruggevallen-na-voldoet")],
        ),
        (
            GOOD + 'onderwerpen = ["NL"]',
            [(END, f"{TWO}onderwerpen", "noemt NL, en deze grootheid gaat over locaties (LOC-12)")],
        ),
        (
            changed("wisdrempel = 0.97", 'onderwerpen = [\n  "PV27", # alleen hier\n]'),
            [(8, f"{ONE}onderwerpen", "noemt PV27, en deze grootheid gaat over heel Nederland (NL)")],
        ),
        (GOOD + "geenGegevens = true", [(END, f"{TWO}geenGegevens", "moet zijn: 'alarm', 'houd' of 'niets'")]),
        ("", [(1, "[[regel]]", MISSING)]),
        ("# niets\n", [(1, "[[regel]]", MISSING)]),
        ("regel = []", [(1, "[[regel]]", "heeft te weinig onderdelen; verwacht minstens 1")]),
        ("\nregel = 3", [(2, "regel", "moet een lijst zijn")]),
        ("\nregel = [3]", [(2, "[[regel]] nummer 1", TABLE)]),
        ("[regel]\nnaam = 'a'", [(1, "regel", "moet dubbele haken hebben, bij elke opnieuw: [[regel]]")]),
        ("\n\nversie = 2\n" + GOOD, [(3, "versie", UNKNOWN)]),
        (GOOD + "[ontvanger]\nnaam = 'x'", [(END, "ontvanger", UNKNOWN)]),
    ],
)
def test_a_file_that_can_not_be_right_is_refused_with_line_and_why(text, faults):
    assert refused(text) == faults


def test_a_grootheid_that_is_none_is_refused_with_all_that_there_are():
    ((line, where, why),) = refused(changed("landelijke-bezettingsgraad", "het-weer"))
    assert (line, where) == (6, f"{ONE}grootheid")
    assert set(re.findall("'([a-z-]+)'", why)) == {regel.grootheid for regel in SHIPPED}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (changed('"hoog"', '"hoog'), 9),
        (changed('[[regel]]\nnaam = "tweede"', '[[regel]\nnaam = "tweede"'), 12),
        (GOOD + "naam = 'nog eens'", END),
        (GOOD + "labels = {\n", END),
        (GOOD + "onderwerpen = [\n'a',\n", None),
        (GOOD + "x", END),
        (changed("1.0", "1,0"), 7),
        ("\x00", 1),
    ],
)
def test_what_is_no_toml_is_refused_at_its_line(text, line):
    with pytest.raises(BestandError, match=r"^regels\.toml, regel \d+: is geen geldige TOML: \w") as error:
        read_regels(text, "regels.toml")
    assert line is None or f", regel {line}: " in str(error.value)
    assert "at line" not in str(error.value)


def test_all_errors_are_said_at_once_in_the_order_of_the_file():
    text = changed('"hoog"', '"ramp"').replace('"info"', '"ook"').replace('"open"', '"dicht"') + "extra = 1\nvoor = 1\n"
    assert [line for line, _, _ in refused(text)] == [9, 16, 17, END, END + 1]


def test_a_text_of_more_lines_hides_no_line_and_shows_none():
    """A text inside the value that looks like a table or a key does not count as one."""
    text = changed('omschrijving = "Een eerste regel"', "omschrijving = '''Een\n[[regel]]\nernst = \"ramp\"\n# '''")
    (fault,) = [one for one in refused(text.replace('"info"', '"ramp"')) if one[1] == f"{TWO}ernst"]
    assert fault[0] == 20
    text = changed('"Een eerste regel"', '"""\\\n  Een "eerste" \\\n  regel"""').replace('"info"', '"ramp"')
    assert refused(text) == [(19, f"{TWO}ernst", ERNST)]


def test_a_list_of_more_lines_hides_no_line_and_shows_none():
    text = changed("wisdrempel = 0.97", 'onderdruktDoor = [ # "[\n  "tweede", # ]\n]').replace('"info"', '"ramp"')
    assert refused(text) == [(19, f"{TWO}ernst", ERNST)]


def test_windows_line_ends_count_once():
    text = changed('"info"', '"ramp"').replace("\n", "\r\n")
    assert refused(text) == [(17, f"{TWO}ernst", ERNST)]


# Where a key stands, in any file --------------------------------------------------------------------------------------

NAMES = ("naam", "ernst", "x", "regel", "a b", "labels", "7", "é")
VALUES = (
    "1",
    '"een # tekst"',
    "'[[regel]]'",
    '"""\nnaam = 1\n[[regel]]\n"""',
    "'''\n''x = \"\"\"\n'''",
    "[]",
    '[\n  "[[regel]]", # ]\n  [1],\n]',
    "{ naam = 1, x = { ernst = 2 } }",
    '"\\"\\\\"',
    "2026-01-01T00:00:00Z",
    '""""x"""""',
)
AROUND = ("", "\n", "# [[regel]]\n", "  # naam = 1 '''\n\n", "\n\n")


def written(name, quoted):
    return f'"{name}"' if quoted or not re.fullmatch(r"[A-Za-z0-9_-]+", name) else name


@st.composite
def files(draw):
    """Draws a file of tables, and the line of every key: the line after all text before it."""
    text, places, count = "", {}, {"regel": 0, "ander": 0}

    def line():
        return text.count("\n") + 1

    def keys(prefix):
        nonlocal text
        for name in draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True)):
            text += draw(st.sampled_from(AROUND))
            below = draw(st.sampled_from(((), ("p",), ("p", "q r"))))
            places[*prefix, name, *below] = line()
            shown = [written(part, draw(st.booleans())) for part in (name, *below)]
            text += draw(st.sampled_from(("", "  ", "\t"))) + draw(st.sampled_from((".", " . "))).join(shown)
            text += draw(st.sampled_from((" = ", "=", "   = "))) + draw(st.sampled_from(VALUES))
            text += draw(st.sampled_from(("\n", " # naam = 1\n")))

    keys(())
    for name in draw(st.lists(st.sampled_from(("regel", "ander")), max_size=5)):
        if any(path[0] == name and (len(path) == 1 or isinstance(path[1], str)) for path in places):
            continue
        text += draw(st.sampled_from(AROUND))
        path = (name, count[name])
        count[name] += 1
        places[path] = line()
        text += draw(st.sampled_from(("[[{}]]\n", "[[ {} ]] # x\n", '  [["{}"]]\n'))).format(name)
        keys(path)
        if draw(st.booleans()):
            text += draw(st.sampled_from(AROUND))
            places[*path, "onder"] = line()
            text += draw(st.sampled_from(("[{}.onder]\n", '[ {} . "onder" ] # [\n'))).format(name)
            keys((*path, "onder"))
    return text, places


@LAW
@given(files())
def test_the_line_that_is_found_holds_the_key(made):
    text, places = made
    parsed, lines = tomllib.loads(text), lines_in(text)
    for path, line in places.items():
        at = parsed
        for part in path:
            at = at[part]  # fails if a line was recorded for a key that is not in the file
        assert line_of(lines, path) == line
        assert line_of(lines, (*path, "nergens", 3)) == line
