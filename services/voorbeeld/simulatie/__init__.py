"""The sample set `simulatie`: an invented, repeatable network that follows the published totals.

`constanten` reads the totals from `deploy/voorbeeld/simulatie/` · `opgaven` and `plannen` give each gemeente its task
and its places · `locaties` splits those places over locaties · `tijdlijn`, `wet` and `toezicht` let things happen, in a
`logboek` · `metingen` makes the readings · `stroom` puts all of it in order of time · `verdeling` splits whole numbers
and draws lots.

It says invented things about real gemeenten. So every name ends in `(simulatie)`, and every source ends in
`:simulatie`.
"""

from services.voorbeeld.simulatie.stroom import RONDE, SimStand, genereer, stand, vervolg

__all__ = ["RONDE", "SimStand", "genereer", "stand", "vervolg"]
