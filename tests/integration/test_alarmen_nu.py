"""What the rules of open alarms see at V = K, from a store: now and in the past, and what takes longer to find out."""

from datetime import UTC, datetime, timedelta

import pytest

from services.core.alarms.beeld import Uitgezocht
from services.reads.alarm_nu import NIETS, Regelblik
from services.reads.cijfers import Cijfers
from services.reads.question import Audience, Question
from services.reads.reader import Reader
from services.reads.uitzoeken import Uitzoeker
from tests.support.alarm_help import keep, look, rule, shipped, view
from tests.support.make import LOC, closed, cycle, places, published, reading, registered, stand, task
from tests.support.rondes import on_both_stores

NOW = datetime(2026, 5, 20, 8, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FULL = [registered(), places(100), reading(90, "2026-05-18T08:00:00Z", time="2026-05-18T08:00:00Z")]
LATER = reading(120, "2026-05-20T07:00:00Z", time="2026-05-20T07:00:00Z")
GEMEENTE = "GM0402"


def at(moment: datetime, now: datetime = NOW) -> Question:
    return Question(moment, moment, now, Audience.EVERYTHING)


class Counting(Reader):
    """A reader that knows how often it was asked for figures."""

    asked = 0

    def figures(self, question: Question) -> Cijfers:
        self.asked += 1
        return super().figures(question)


@pytest.fixture
def held(store, fill):
    """Makes a reader of these events, by which these alarms began, and what the rules saw at each moment asked for."""

    def made(events, regels, began, *, asked=(NOW,), **found):
        fill(store, events, NOW)
        log = []
        look(regels, view(events, began, **found), log)
        keep(store, log)
        reader = Reader(store, lambda: NOW, regels=regels)
        answers = []
        for moment in asked:
            with reader.alarmboek(at(moment)) as boek:
                alarmen = list(boek.alarmen())
            seen = Regelblik(reader, at(moment), alarmen)
            answers.append({(one.voor_regel or one.regel, one.onderwerp): seen.nu(one, {}) for one in alarmen})
        return answers

    return made


@on_both_stores
def test_now_and_in_the_past_it_is_what_was_so_then(held):
    regel = rule(drempel=0.8)
    now, then = held([*FULL, LATER], [regel], NOW - DAY, asked=(NOW, NOW - DAY))
    assert (then["proef", LOC].waarde, now["proef", LOC].waarde) == (0.9, 1.2)
    assert now["proef", LOC].toelichting == (
        "LOC-1 (LOC-1) is voor 120,0 % bezet (drempel 80 %): 120 aanwezigen op 100 inzetbare plaatsen."
    )
    assert "90 aanwezigen" in then["proef", LOC].toelichting


def test_where_it_is_not_known_or_no_longer_there_the_sentence_says_so(held):
    regel = rule(drempel=0.8, versBinnen="1d")
    (old,) = held(FULL, [regel], NOW - 2 * DAY + HOUR)
    assert old["proef", LOC].waarde is None
    assert old["proef", LOC].toelichting == (
        "De bezettingsgraad van LOC-1 (LOC-1) is niet bekend: de laatste meting is van 18 mei 2026 10:00. "
        "Het alarm blijft zolang staan."
    )


def test_of_a_locatie_that_closed_it_says_that_it_no_longer_counts(held):
    shut = closed(vanaf="2026-05-20T07:30:00Z", time="2026-05-20T07:30:00Z")
    (now,) = held([*FULL, shut], [rule(drempel=0.8)], NOW - DAY)
    assert now["proef", LOC] == (None, "LOC-1 (LOC-1) telt hiervoor niet meer mee.")


def test_a_lack_of_data_says_what_is_known_again(held):
    regel = rule(drempel=2, versBinnen="1d", geenGegevens="alarm")
    now, then = held([*FULL, LATER], [regel], NOW - 2 * HOUR, asked=(NOW, NOW - 2 * HOUR))
    assert then["proef", LOC] == (
        None,
        "De bezettingsgraad van LOC-1 (LOC-1) is niet bekend: de laatste meting is van 18 mei 2026 10:00. "
        "De regel 'proef' kan daardoor niet oordelen.",
    )
    assert (now["proef", LOC].waarde, "voor 120,0 % bezet" in now["proef", LOC].toelichting) == (None, True)


def test_what_only_the_present_tells_is_not_told_of_the_past(held):
    now, then = held(
        FULL,
        [rule(grootheid="stilte-van-stroom", drempel="1s")],
        NOW - DAY,
        asked=(NOW, NOW - DAY),
        uitgezocht=Uitgezocht(laatste_ontvangst=NOW - 2 * DAY),
    )
    assert now["proef", "NL"].waarde is not None
    assert then["proef", "NL"] == NIETS


def test_a_rule_that_is_not_in_the_file_shows_nothing(store, fill):
    fill(store, FULL, NOW)
    log = []
    look([rule(drempel=0.8)], view(FULL, NOW - DAY), log)
    keep(store, log)
    reader = Counting(store, lambda: NOW)
    alarmen = reader.alarmen(at(NOW))
    seen = Regelblik(reader, at(NOW), alarmen)
    assert [(seen.waarde(one), seen.nu(one, {})) for one in alarmen] == [(None, NIETS)]
    assert reader.asked == 0


@pytest.mark.parametrize("moment", [NOW, NOW - DAY])
def test_values_and_sentences_come_from_one_look(store, fill, moment):
    fill(store, [*FULL, LATER], NOW)
    regels, log = [rule(drempel=0.8), rule(naam="andere", drempel=0.7)], []
    look(regels, view(FULL, NOW - DAY), log)
    keep(store, log)
    reader = Counting(store, lambda: NOW, regels=regels)
    alarmen = reader.alarmen(at(moment))
    seen = Regelblik(reader, at(moment), alarmen)
    assert len(alarmen) == 2
    for one in alarmen:
        assert seen.waarde(one) == seen.nu(one, {}).waarde is not None
    assert reader.asked == 1


LAW = [cycle(), task(1000), registered()]


def test_naleving_is_compared_by_the_rule_that_the_cyclus_names(held):
    fewer = places(1, vanaf="2026-05-15", time="2026-05-15T00:00:00Z")
    suspended = stand("geschorst", vanaf="2026-05-20", time="2026-05-20T00:00:00Z")
    events, regel = [*LAW, places(1000), fewer], shipped("naleving-verslechterd")
    before = Uitgezocht(nalevingen_toen={7 * 86_400.0: {GEMEENTE: "voldoet"}})
    (now,) = held(events, [regel], NOW - DAY, uitgezocht=before)
    assert now[regel.naam, GEMEENTE] == (
        1,
        "De naleving van Hilversum (GM0402) is 'gedeeltelijk' (1 van 1.000 plaatsen); 7 dagen geleden was dat "
        "'voldoet'.",
    )
    (later,) = held([suspended], [regel], NOW - DAY, uitgezocht=before)
    assert later[regel.naam, GEMEENTE].waarde == 0, "that a court suspended it makes nobody worse off"


def test_what_others_put_at_about_is_held_against_ours_by_the_same_share(store, fill):
    about = published(100, LOC, grootheid="aanwezig", peildatum="2026-05-19", bron="krant", nauwkeurigheid="ongeveer")
    fill(store, [*FULL, about], NOW)
    regel = shipped("afwijking-van-publicatie")
    found = Uitzoeker(Reader(store, lambda: NOW), [regel]).find(NOW)
    (made,) = look([regel], view(FULL, NOW, uitgezocht=found), [])
    assert (made.subject, made.data.waarde) == (LOC, pytest.approx(0.1))
    assert (
        "volgens krant ongeveer 100 en volgens ons 90, een verschil van 10,0 % (drempel 5 %)" in made.data.toelichting
    )


def test_figures_of_others_are_held_against_ours_the_last_of_each(store, fill):
    theirs = [
        published(99, LOC, grootheid="aanwezig", peildatum="2026-05-18T08:00:00Z", bron="krant"),
        published(100, LOC, grootheid="aanwezig", peildatum="2026-05-19", bron="krant"),
        published(5, "NL", grootheid="buitenCoa", peildatum="2026-05-19", bron="COA"),
        published(7, LOC, grootheid="aanwezig", peildatum="2026-05-19", bron="Opvangpeil, rapport bezetting"),
    ]
    fill(store, [*FULL, *theirs], NOW)
    regel = shipped("afwijking-van-publicatie")
    found = Uitzoeker(Reader(store, lambda: NOW), [regel]).find(NOW)
    assert found.afwijkend is not None
    (of_locatie,) = found.afwijkend[LOC]
    assert (of_locatie.gepubliceerd, of_locatie.onze, of_locatie.bron) == (100, 90, "krant")
    assert of_locatie.aandeel == pytest.approx(0.1)
    assert [one.onze for one in found.afwijkend["NL"]] == [None], "what nobody here counts is not compared"
    log = []
    (made,) = look([regel], view(FULL, NOW, uitgezocht=found), log)
    assert (made.subject, made.data.waarde) == (LOC, pytest.approx(0.1))
    assert made.data.toelichting == (
        "Van LOC-1 (LOC-1) is 'aanwezig' op 19 mei 2026 volgens krant 100 en volgens ons 90, een verschil van 10,0 % "
        "(drempel 5 %)."
    )
