"""The test of rules on the past, in cases that laws seldom reach, and the drawing of its answer."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.fields import AMSTERDAM, format_moment
from schemas.reference import gemeenten
from services.cli.tijdlijn import als_tekst, lengte, strepen, tijdlijn
from services.cli.tijdlijn_svg import als_svg
from services.core.alarms.toets import EPISODES_MAX, Toets, niet_te_toetsen
from tests.support.alarm_help import SHIPPED, rule
from tests.support.figures import verloop_of
from tests.support.strategies import read
from tests.support.web_events import event, places, reading, registered

VAN, TOT = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def held_against(events, *regels, van=VAN, tot=TOT):
    """Tests rules on these events, with every event known from the start."""
    said = [one for first in range(0, len(events), 10_000) for one in read(events[first : first + 10_000])]
    toets = Toets(regels, gemeenten(), van, tot)
    toets.see(verloop_of(said, van, tot, tot))
    if toets.terugblik is not None:
        toets.see_naleving(verloop_of(said, van - toets.terugblik, tot, tot))
    return toets, toets.outcome()


def about(soort, time, naam="Een"):
    data = {"naam": naam, "gemeente": "GM0344", "soort": soort, "zichtbaarheid": "openbaar", "geldigVanaf": time}
    return event("opvanglocaties.locatie-geregistreerd", "LOC-1", "2024-01-01", **data)


def test_how_serious_it_is_stays_what_it_was_when_it_began():
    events = [
        about("azc", "2025-01-01"),
        about("aanmeldcentrum", "2026-02-01", naam="Twee"),
        places("LOC-1", 10, 10),
        reading("LOC-1", 11, "2026-01-10"),
    ]
    regel = rule(ernstPerSoort={"aanmeldcentrum": "kritiek"}, ernst="info")
    toets, (found,) = held_against(events, regel)
    assert [one.ernst for one in found.episodes] == ["info"]
    _, (later,) = held_against(events, regel, van=datetime(2026, 2, 2, tzinfo=UTC))
    assert [one.ernst for one in later.episodes] == ["kritiek"]
    assert (toets.naam("LOC-1"), toets.naam("NL"), toets.naam("GM0344")) == ("Twee", "Nederland", "Utrecht")
    assert toets.naam("LOC-9") is None


def cyclus(own_id, vanaf):
    said = {"raming": 1, "beschikbaarTotMinstens": "2026-12-01", "meetellendeSoorten": ["regulier"]}
    return event("spreidingswet.cyclus-vastgesteld", own_id, "2024-01-01", geldigVanaf=vanaf, **said)


def task(own_id, opgave, vanaf="2024-01-02"):
    said = {"cyclus": own_id, "status": "verdeelbesluit", "opgave": opgave, "geldigVanaf": vanaf}
    return event("spreidingswet.opgave-vastgesteld", "GM0344", "2024-01-02", **said)


def of_utrecht(events, **fields):
    """Returns the Dutch days on which the alarms became active and ended."""
    (found,) = of_rules(events, **fields)
    return found


def of_rules(events, **fields):
    """Returns these days of a rule, and of its lack of data when it tells of that."""
    regel = rule(grootheid="naleving-verslechterd", terugblik="30d", onderwerpen=["GM0344"], **fields)
    begin = [registered("LOC-1", "Een", "GM0344"), places("LOC-1", 10, 10)]
    _, outcomes = held_against(begin + events, regel, tot=datetime(2026, 5, 1, tzinfo=UTC))
    return [
        [
            tuple(
                moment and moment.astimezone(AMSTERDAM).date().isoformat()
                for moment in (one.actief_sinds, one.hersteld_op)
            )
            for one in found.episodes
        ]
        for found in outcomes
    ]


def test_at_the_turn_of_a_cyclus_nobody_is_worse_off_but_later_they_are():
    """Two moments are compared only if the same cyclus is in force at both."""
    events = [
        cyclus("2024", "2024-01-02"),
        task("2024", 5),
        cyclus("2026", "2026-01-10"),
        task("2026", 50),
        task("2026", 5, "2026-02-01"),
        task("2026", 50, "2026-02-15"),
    ]
    assert of_utrecht(events, drempel=0) == [("2026-03-03", "2026-03-17")]


def test_from_the_turn_of_a_cyclus_on_it_is_not_known_how_it_was():
    """This holds even if the class stays the same, since it belonged to another cyclus."""
    events = [cyclus("2024", "2024-01-02"), task("2024", 5), cyclus("2026", "2026-01-10"), task("2026", 5)]
    known, lacking = of_rules(events, drempel=-1, geenGegevens="alarm")
    assert known == [("2026-01-01", None)], "a lack of data ends nothing"
    assert lacking == [("2026-01-10", "2026-02-09")]


def test_of_very_many_the_first_are_listed_and_all_are_counted():
    many = 2 * EPISODES_MAX + 5
    begin = [about("azc", "2025-01-01"), places("LOC-1", 10, 10)]
    minute = timedelta(minutes=1)
    readings = [reading("LOC-1", 11 - n % 2, format_moment(VAN + n * minute)) for n in range(2 * many)]
    _, (found,) = held_against(begin + readings, rule())
    assert (found.aantal, found.duur, found.langste) == (many, many * minute, minute)
    assert [one.sinds for one in found.episodes] == [VAN + 2 * n * minute for n in range(EPISODES_MAX)]


def test_what_has_no_past_in_the_log_is_told_with_a_reason():
    toets, outcomes = held_against([], *SHIPPED)
    tested, reasons = {one.regel.naam for one in outcomes}, dict(niet_te_toetsen(SHIPPED))
    assert tested | reasons.keys() == {regel.naam for regel in SHIPPED}
    assert not tested & reasons.keys()
    assert all(reasons.values())
    assert toets.leest_metingen


# How the answer is drawn ----------------------------------------------------------------------------------------------


def alarm(onderwerp, naam, *steps, regel="proef"):
    verloop = [{"status": status, "sinds": format_moment(VAN + timedelta(days=day))} for status, day in steps]
    return {"regel": regel, "onderwerp": onderwerp, "onderwerpNaam": naam, "verloop": verloop}


def answer(*alarmen, more=0):
    """Returns the part of an answer that is drawn."""
    return {
        "van": format_moment(VAN),
        "tot": format_moment(TOT),
        "alarmen": list(alarmen),
        "regels": [{"regel": "proef", "aantal": len(alarmen) + more, "wacht": 0}],
    }


NASTY = '<script>"Ter Apel" & [bold]co[/bold] 東京東京東京東京'
EXAMPLE = answer(
    alarm("LOC-1", NASTY, ("wachtend", 5), ("actief", 10), ("herstellend", 20), ("hersteld", 25)),
    alarm("LOC-2", "Twee", ("actief", 40.1), ("hersteld", 40.2)),
    alarm("LOC-1", NASTY, ("actief", 50)),
)


@pytest.mark.parametrize("width", [80, 84, 140])
def test_a_terminal_shows_it_in_its_width(width):
    lines = list(als_tekst(tijdlijn(EXAMPLE), width))
    assert max(line.cell_len for line in lines) <= width
    _, first, second, axis, labels, *_ = [line.plain for line in lines]
    assert first.startswith('  <script>"Ter Apel" & ')
    assert len(axis) == width
    cells = len(axis.strip())
    assert first.count("█") == pytest.approx(19 / 59 * cells, abs=2)
    assert (second.count("█"), second.count("▄")) == (0, 1)
    assert first.count("░") == pytest.approx(10 / 59 * cells, abs=1)
    assert first.rstrip().endswith("█")
    assert labels.split()[0] == "5"  # Monday 5 January
    assert ("[bold]co[/bold]" in first) == (width == 140)


def test_where_there_is_nothing_words_say_so():
    text = [line.plain for line in als_tekst(tijdlijn(answer()), 80)]
    assert text[1].startswith("  geen alarm             ···")


def test_beyond_the_last_that_is_listed_nothing_is_drawn():
    cut = answer(alarm("LOC-1", "Een", ("actief", 10), ("hersteld", 12)), more=1_233)
    head, line, *_ = [line.plain for line in als_tekst(tijdlijn(cut), 80)]
    assert head == "proef: de eerste 1 van 1.234 keer"
    assert line.endswith(" " * 40)
    assert ET.fromstring(als_svg(tijdlijn(cut), "Toets", "Niets")).tag == f"{SVG}svg"


def test_of_many_lines_the_shortest_are_put_together():
    rows = [alarm(f"LOC-{n}", f"Nummer {n}", ("actief", 0), ("hersteld", 1 + n)) for n in range(30)]
    (groep,) = tijdlijn(answer(*rows)).groepen
    assert [line.naam for line in groep.lijnen] == [*(f"Nummer {n}" for n in range(29, 18, -1)), "en 19 andere"]
    assert sum(len(line.blokken) for line in groep.lijnen) == 30


def test_a_picture_can_be_read_aloud_and_without_colours():
    root = ET.fromstring(als_svg(tijdlijn(EXAMPLE), f"Toets van {NASTY}", "proef: 3 keer afgegaan"))
    named = [root.find(f".//*[@id='{own_id}']") for own_id in root.get("aria-labelledby").split()]
    assert [one.tag for one in named] == [f"{SVG}title", f"{SVG}desc"]
    assert [one.text for one in named] == [f"Toets van {NASTY}", "proef: 3 keer afgegaan"]
    assert (root.get("role"), root.get("lang")) == ("img", "nl")
    assert not list(root.iter(f"{SVG}script"))
    blocks = [rect for rect in root.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]
    assert len(blocks) == 5
    assert {rect.get("fill") for rect in blocks} == {"#D55E00", "url(#wacht)"}
    assert root.find(f".//{SVG}pattern").get("id") == "wacht"
    said = [rect.find(f"{SVG}title").text for rect in blocks]
    assert f"{NASTY}: alarm van 11 jan 2026 01:00 tot 21 jan 2026 01:00, 10 dagen" in said
    assert all(float(rect.get("width")) >= 2 for rect in blocks)


@settings(deadline=None)
@given(
    st.datetimes(datetime(2011, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.one_of(st.timedeltas(timedelta(minutes=1), timedelta(days=4)), st.timedeltas(timedelta(4), timedelta(9_000))),
    st.integers(3, 14),
)
def test_marks_are_round_dutch_dates_in_order_and_not_too_many(van, duration, most):
    marks = strepen(van, van + duration, most)
    assert len(marks) <= most
    assert all(van <= mark.moment < van + duration for mark in marks)
    assert all(before.moment < after.moment for before, after in pairwise(marks))
    assert {mark.moment.astimezone(AMSTERDAM).strftime("%H:%M") for mark in marks} <= {"00:00"}
    assert marks or duration < timedelta(days=1) or duration > timedelta(days=30 * most)


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(0), "0 seconden"),
        (timedelta(seconds=1), "1 seconde"),
        (timedelta(seconds=59.99), "1 minuut"),
        (timedelta(minutes=90), "1,5 uur"),
        (timedelta(days=3, microseconds=-1), "3 dagen"),
        (timedelta(days=1), "1 dag"),
        (timedelta(days=1.5), "1,5 dag"),
        (timedelta(days=967.4), "967 dagen"),
        (timedelta(days=1_967), "1.967 dagen"),
    ],
)
def test_a_length_of_time_is_rounded_as_people_say_it(duration, said):
    assert lengte(duration) == said
