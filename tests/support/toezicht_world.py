"""A caseload of the toezicht for tests: six gemeenten with a letter, of which one went on out of order."""

from typing import Any

from tests.support import wire
from tests.support.web_events import event

CODES = ("GM0014", "GM0034", "GM0037", "GM0344", "GM0363", "GM0518")
"""Of these GM0344 lies in PV26, and GM0014 and GM0037 in PV20."""


def said(subject: str, body: wire.Body, time: str) -> dict[str, Any]:
    """Returns an event as it is sent."""
    kind, data = body
    return event(kind, subject, time, **data)


LETTERS = [said(code, wire.step("brief", "2026-05-20", None, "2026-05-24"), "2026-05-20") for code in CODES]
DECIDED = said("GM0344", wire.step("besluit", "2026-05-25", None, "2026-06-30"), "2026-05-25")
"""It does not follow on a letter."""
ESTIMATE = said(
    "NL",
    (
        "spreidingswet.inzet-geraamd",
        {
            "stap": "brief",
            "urenPerGemeente": 40,
            "urenMinstens": 20,
            "urenHoogstens": 80,
            "geldigVanaf": "2026-01-01",
        },
    ),
    "2026-05-01",
)
ACTIVE = said(
    "NL",
    ("spreidingswet.inzet-geraamd", {"stap": "actief toezicht", "urenPerGemeente": 280, "geldigVanaf": "2026-01-01"}),
    "2026-05-01",
)
PEOPLE = said(
    "NL",
    ("spreidingswet.toezichtcapaciteit-vastgesteld", {"fte": 4.5, "urenPerFte": 1_400, "geldigVanaf": "2026-01-01"}),
    "2026-05-01",
)
CASELOAD = [*LETTERS, DECIDED, ESTIMATE, ACTIVE, PEOPLE]
