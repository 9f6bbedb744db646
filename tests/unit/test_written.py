"""How the places of very many writes are cut into questions that the store takes."""

from datetime import timedelta

from schemas.fields import EARLIEST
from schemas.moments import micros
from services.core.registers import Register
from services.store.written import BYTES_MAX, Wanted, asked_for

DAY = timedelta(days=1)


def test_each_place_is_asked_for_and_each_list_fits_in_a_parameter():
    counts = [Wanted(f"LOC-{'X' * 30}{n % 3_000}", "aanwezig", EARLIEST + n % 7 * DAY) for n in range(10_000)]
    named = [Register.GEPUBLICEERD.stored(f"brief {n} {'x' * 280}", "aanwezig") for n in range(500)]
    published = [Wanted("NL", name, EARLIEST) for name in named]
    lasting = [Wanted("LOC-1", "toegang", EARLIEST)]
    asked = asked_for([*counts, *published, *lasting])
    assert [one["always"] for one in asked].count(True) == 1, "what lasts is asked of every moment"
    told = [(set(one["subjects"]), set(one["registers"]), set(one["moments"])) for one in asked if not one["always"]]
    assert len(told) > 3
    for place in {*counts, *published}:
        assert any(
            place.subject in subjects and place.register in registers and micros(place.moment) in moments
            for subjects, registers, moments in told
        ), place
    for one in asked:
        for listed in (one["registers"], one["subjects"], one["moments"]):
            assert sum(len(str(each).encode()) + 3 for each in listed) <= BYTES_MAX


def test_of_nothing_nothing_is_asked():
    assert asked_for([]) == []
