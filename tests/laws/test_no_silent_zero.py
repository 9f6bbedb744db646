"""Missing or old data is shown as missing, with its age. It is never shown as 0 or as 'all well'."""

from hypothesis import given

from schemas.events import BezettingGemeld, CapaciteitGewijzigd, LocatieGeregistreerd, OpgaveVastgesteld
from services.core.voorbehoud import voorbehoud
from tests.support.figures import figures
from tests.support.strategies import LAW, asked


@LAW
@given(asked())
def test_every_number_of_people_was_reported(case):
    events, valid_at, known_at = case
    reported = {
        (event.subject, event.data.peilmoment, event.data.aanwezig)
        for event in events
        if isinstance(event, BezettingGemeld) and event.time <= known_at and event.data.peilmoment <= valid_at
    }
    for locatie in figures(events, valid_at, known_at).locaties:
        shown = (locatie.id, locatie.peilmoment, locatie.aanwezig)
        assert shown in reported or shown[1:] == (None, None)


@LAW
@given(asked())
def test_without_readings_there_are_no_people_no_rate_and_no_age(case):
    events, valid_at, known_at = case
    found = figures([event for event in events if not isinstance(event, BezettingGemeld)], valid_at, known_at)
    total = found.landelijk
    ages = total.data_ouderdom_seconden, total.data_ouderdom_mediaan_seconden
    assert (total.aanwezig, total.bezettingsgraad, *ages) == (None, None, None, None)
    assert total.dekking == (0 if total.inzetbaar else None)
    assert [one.code for one in voorbehoud(total)] == ["dekking"]
    for locatie in found.locaties:
        assert (locatie.aanwezig, locatie.peilmoment, locatie.bezettingsgraad) == (None, None, None)
        assert not locatie.boven_capaciteit
        assert not locatie.boven_maximum


@LAW
@given(asked())
def test_without_places_written_their_number_is_unknown_and_not_0(case):
    events, valid_at, known_at = case
    found = figures([event for event in events if not isinstance(event, CapaciteitGewijzigd)], valid_at, known_at)
    assert (found.landelijk.bezettingsgraad, found.landelijk.dekking) == (None, None)
    for locatie in found.locaties:
        assert (locatie.totaal_plaatsen, locatie.inzetbaar, locatie.bezettingsgraad) == (None, None, None)
        assert not locatie.boven_capaciteit


@LAW
@given(asked())
def test_a_locatie_that_nobody_registered_is_listed_and_counts_nowhere(case):
    events, valid_at, known_at = case
    found = figures([event for event in events if not isinstance(event, LocatieGeregistreerd)], valid_at, known_at)
    assert not any(locatie.registered for locatie in found.locaties)
    assert found.landelijk == figures([], valid_at, known_at).landelijk
    assert not any(row.eigen for row in found.naleving)
    seen = {event.subject for event in events if not isinstance(event, LocatieGeregistreerd)}
    assert {locatie.id for locatie in found.locaties} <= seen


@LAW
@given(asked())
def test_an_incomplete_cyclus_never_says_that_a_gemeente_falls_short(case):
    found = figures(*case)
    for row in found.naleving:
        if found.cyclus is None or row.maatstaf.regel is None:
            assert (row.naleving, row.tekort) == ("onbekend", None)
        elif not found.cyclus.volledig:
            assert row.naleving in ("voldoet", "geen opgave", "opgeschort", "onbekend")
            assert row.naleving == "onbekend" or row.besluit is not None
            assert not row.tekort
        elif row.besluit is None:
            assert row.naleving == "geen opgave"


@LAW
@given(asked())
def test_without_opgaven_nobody_is_said_to_meet_one(case):
    events, valid_at, known_at = case
    found = figures([event for event in events if not isinstance(event, OpgaveVastgesteld)], valid_at, known_at)
    by = found.naleving[0].maatstaf
    known = by.cyclus is not None and by.cyclus.volledig and by.regel is not None
    assert {row.naleving for row in found.naleving} == {"geen opgave" if known else "onbekend"}
    assert {(row.opgave, row.besluit) for row in found.naleving} == {(None, None)}
    assert {(row.tekort, row.tekort_hoogstens) for row in found.naleving} == {(0 if known else None, None)}


@LAW
@given(asked())
def test_only_a_verdeelbesluit_is_judged(case):
    events, valid_at, known_at = case
    weaker = [
        event
        for event in events
        if not (isinstance(event, OpgaveVastgesteld) and event.data.status == "verdeelbesluit")
    ]
    for row in figures(weaker, valid_at, known_at).naleving:
        assert row.naleving in ("geen opgave", "onbekend")
        assert not row.tekort
        assert row.tekort_hoogstens is None
