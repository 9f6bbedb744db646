"""The figures of the core equal those of a naive implementation that follows the rules as people state them."""

from hypothesis import given

from services.core.fold import fold
from services.core.locaties import locaties
from tests.laws import oracle
from tests.support.figures import figures
from tests.support.strategies import LAW, asked, few_gemeenten


@LAW
@given(asked())
def test_the_last_statement_stands_in_every_register(case):
    events, valid_at, known_at = case
    in_force = {key: winner.event_id for key, winner in fold(events, valid_at, known_at).items()}
    assert in_force == oracle.world(events, valid_at, known_at).wrote


@LAW
@given(asked())
def test_every_locatie_is_as_the_sentences_say(case):
    events, valid_at, known_at = case
    world = oracle.world(events, valid_at, known_at)
    found = locaties(fold(events, valid_at, known_at), valid_at)
    assert [locatie.id for locatie in found] == sorted(s for s in world.held if s.startswith("LOC-"))
    for locatie in found:
        assert oracle.row(world, locatie.id) == {
            "bekend": locatie.registered,
            "open": locatie.open,
            "gemeente": locatie.gemeente,
            "soorten": {soort: (p.aantal, p.inzetbaar) for soort, p in locatie.plaatsen.items()},
            "totaal": locatie.totaal_plaatsen,
            "inzetbaar": locatie.inzetbaar,
            "aanwezig": locatie.aanwezig,
            "peilmoment": locatie.peilmoment,
            "graad": locatie.bezettingsgraad,
            "bovenCapaciteit": locatie.boven_capaciteit,
            "toegang": locatie.toegang,
            "maximum": locatie.maximum.maximum if locatie.maximum else None,
            "bovenMaximum": locatie.boven_maximum,
        }


@LAW
@given(asked())
def test_the_national_sums_are_as_the_sentences_say(case):
    events, valid_at, known_at = case
    landelijk = figures(events, valid_at, known_at).landelijk
    ours = {
        "locaties": landelijk.locaties,
        "aanwezig": landelijk.aanwezig,
        "plaatsen": landelijk.plaatsen,
        "inzetbaar": landelijk.inzetbaar,
        "graad": landelijk.bezettingsgraad,
        "dekking": landelijk.dekking,
        "oudste": landelijk.data_ouderdom_seconden,
        "mediaan": landelijk.data_ouderdom_mediaan_seconden,
    }
    assert ours == oracle.national(oracle.world(events, valid_at, known_at))


@LAW
@given(asked("spreidingswet"))
def test_naleving_is_as_the_sentences_say(case):
    events, valid_at, known_at = case
    world = oracle.world(events, valid_at, known_at)
    table = {gemeente.code: gemeente for gemeente in few_gemeenten()}
    found = figures(events, valid_at, known_at)
    assert (found.cyclus.id if found.cyclus else None) == oracle.cyclus(world)
    for row in found.naleving:
        assert oracle.municipality(world, row.gemeente.code, table) == {
            "opgave": (row.opgave.opgave, row.opgave.status, row.opgave.waarvan_amv) if row.opgave else None,
            "meetellend": row.meetellend,
            "naleving": row.naleving,
            "toezicht": row.toezicht,
        }


@LAW
@given(asked("maximum"))
def test_breach_days_and_penalty_are_as_the_sentences_say(case):
    events, valid_at, known_at = case
    world = oracle.world(events, valid_at, known_at)
    found = figures(events, valid_at, known_at).overschrijding
    for locatie in world.held:
        counted = found.get(locatie)
        expected = oracle.breaches(world, locatie)
        assert expected == ((counted.dagen, counted.dagen_met_meting, counted.dwangsom) if counted else None)
