"""The sample set `simulatie`: an invented, repeatable network that follows the published totals.

`plannen` places per gemeente · `locaties` those places split over locaties · `tijdlijn` and `wet` what happens ·
`metingen` the readings · `stroom` all of it in order of time. What it is held to: `deploy/voorbeeld/simulatie/`.

It says invented things about real gemeenten: every name begins with `Simulatie`, every source ends in `:simulatie`.
"""

from services.voorbeeld.simulatie.stroom import RONDE, SimStand, genereer, stand, vervolg

__all__ = ["RONDE", "SimStand", "genereer", "stand", "vervolg"]
