"""What was last known, on the overview, is kept only as long as it is so."""

import re

from tests.support.reads import serving_pages
from tests.support.strategies import read
from tests.support.web_events import event, places, reading, registered

FIRST = reading("LOC-OUD", 50, "2026-01-10T08:00:00Z", bron="telling een")
WORLD = [registered("LOC-OUD", "Oud", "GM0344"), places("LOC-OUD", 100, 90), FIRST]


def test_a_reading_that_comes_in_or_goes_is_in_it_at_once(store, fill):
    fill(store, read(WORLD))
    with serving_pages(store) as client:

        def said() -> tuple[str, bool]:
            text = client.get("/", headers={"accept": "text/html"}).text
            return re.search(r"er zijn gemeten \(([0-9.]+)\)", text)[1], "telling twee" in text

        assert [said(), said()] == [("50", False)] * 2
        earlier = reading("LOC-OUD", 80, "2026-01-05T08:00:00Z", "2026-02-01")
        fill(store, read([earlier]))
        assert said() == ("80", False)
        corrected = reading("LOC-OUD", 95, "2026-01-10T08:00:00Z", "2026-02-02", bron="telling twee")
        fill(store, read([corrected]))
        assert said() == ("95", True)
        gone = {"gebeurtenisId": corrected["id"], "reden": "vergissing"}
        fill(store, read([event("gebeurtenissen.ingetrokken", "LOC-OUD", "2026-02-03", **gone)]))
        assert said() == ("80", False)
