"""The names of the figures that commands show.

The figures are declared in services/core/grootheden. That takes long to import, and a command should answer at once. A
test holds these names to those declarations.
"""

STATUS = ("aanwezig", "aanwezigGemeten", "inzetbaar", "bezettingsgraad", "bezettingsgraadGemeten", "dekking")
"""What `status` shows of the whole country."""
MEETELLEND, NALEVING, TOEZICHT = "meetellend", "naleving", "toezicht"
KOLOMMEN = {
    "bezetting": ("onderwerp", "naam", "aanwezig", "inzetbaar", "bezettingsgraad", "dekking"),
    "naleving": ("code", "naam", "opgave", MEETELLEND, "tekort", NALEVING, TOEZICHT),
    "kamerbrief": ("grootheid", "onderwerp", "waarde", "gebeurtenissen"),
}
"""The columns of a report that fit on a screen. The other formats hold everything."""
VAN_HET_LAND = ("opgave", "opgaveMinstens", "tekort", "tekortMinstens", "tekortHoogstens", "spreidingsindex")
"""What a report says of the whole country, above its rows."""
AANDELEN = frozenset({"bezettingsgraad", "bezettingsgraadGemeten", "dekking", "spreidingsindex"})
"""The figures that are a share of a whole, which people read as a percentage."""
GEEN = frozenset({"stand", "realiserenVoor", "tekortMinstens", "tekortHoogstens", "reden", "toezicht"})
"""Of these null says that there is none. Of every other figure it says that it can't be stated."""
