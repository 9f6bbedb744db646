"""Profiles: how the files of one source become events.

`model` is what a file of TOML says · `kop` finds the heading and its columns · `waarden` gives cells their meaning ·
`namen` turns names into ids, as people confirmed them · `omzetten` makes events of rows · `rij` is what a row becomes ·
`voorstel` proposes a profile from a file, by what `herkennen` makes of its heading.
"""

from services.importer.profiel.model import Genoemd, Profiel, alle_profielen, lees_profiel, read_profiel, vind_profiel
from services.importer.profiel.namen import Namen, Wachtend, lees_namen
from services.importer.profiel.omzetten import Omzetting
from services.importer.profiel.rij import Geweigerd, Kandidaat, als_regel, gelezen, getoetst
from services.importer.profiel.voorstel import stel_voor

__all__ = [
    "Genoemd",
    "Geweigerd",
    "Kandidaat",
    "Namen",
    "Omzetting",
    "Profiel",
    "Wachtend",
    "alle_profielen",
    "als_regel",
    "gelezen",
    "getoetst",
    "lees_namen",
    "lees_profiel",
    "read_profiel",
    "stel_voor",
    "vind_profiel",
]
