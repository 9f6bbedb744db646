"""A small world of which everybody may see a part: a locatie is afgeschermd, and a gemeente is under toezicht."""

from tests.support import wire
from tests.support.web_events import CURRENT, event, places, reading
from tests.support.web_law import LAW

_KIND, _DATA = wire.registration("Onderkomen", "GM0344", "azc", "2024-01-01")
STEP = event(
    "spreidingswet.toezichtstap-gezet", "GM0344", "2026-05-01", stap="bestuurlijk gesprek", gezetOp="2026-05-01"
)
SECRET = event(_KIND, "LOC-GEHEIM", "2024-01-01", **_DATA | {"zichtbaarheid": "afgeschermd"})
WORLD = [
    *CURRENT,
    *LAW,
    STEP,
    SECRET,
    places("LOC-GEHEIM", 100, 100),
    reading("LOC-GEHEIM", 90, "2026-05-21T06:00:00Z"),
    reading("LOC-GEHEIM", 91, "2026-05-26T06:00:00Z"),
]
