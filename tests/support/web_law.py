"""A cyclus of the Spreidingswet for pages: who has a term ahead, gives what it lacks, or is suspended."""

from tests.support import wire
from tests.support.web_events import registered, sent

CYCLUS = {
    "raming": 1_000, "geldigVanaf": "2024-02-01", "beschikbaarTotMinstens": "2026-07-01",
    "meetellendeSoorten": ["regulier", "amv"], "realiserenVoor": "2025-07-01",
}  # fmt: skip
"""What the cyclus says."""
LAW = [
    registered("LOC-A", "Azc A", "GM0014"),
    sent("LOC-A", wire.capacity("regulier", 100, None, "2024-01-01", "2028-01-01")),
    registered("LOC-B", "Azc B", "GM0034"),
    sent("LOC-B", wire.capacity("regulier", 30, None, "2024-01-01", "2026-09-01")),
    sent("2024", wire.rule("streng", ["regulier", "amv"], "2024-02-01", nogMinstensMaanden=7, amvApart=True)),
    sent("2024", ("spreidingswet.cyclus-vastgesteld", CYCLUS)),
    sent("GM0014", wire.task("2024", "verdeelbesluit", 150, "2024-03-01", 10, voor="2027-01-01")),
    sent("GM0034", wire.task("2024", "verdeelbesluit", 20, "2024-03-01", 0)),
    sent("GM0037", wire.task("2024", "verdeelbesluit", 50, "2024-03-01")),
    sent("GM0037", wire.stand("2024", "geschorst", "2026-01-01", zaak="ECLI:NL:RBDHA:2025:1")),
    sent("GM0014", wire.transfer("2024", "GM0034", 130, "2024-04-01")),
]  # fmt: skip
"""A gemeente with a term ahead that promised more than it has, one whose places end soon, one that is suspended."""
