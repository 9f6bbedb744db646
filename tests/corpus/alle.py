"""All files of the corpus."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from tests.corpus import cellen, geheel, regels, teksten, waarden, werkmappen
from tests.corpus.geval import Geval
from tests.corpus.voorbeelden import voorbeelden

HIER = Path(__file__).parent
VERWACHT = HIER / "verwacht.json"
PROFIELEN = HIER.parents[1] / "deploy" / "profielen"
LEESMIJ = PROFIELEN / "README.md"


@cache
def alle() -> tuple[Geval, ...]:
    """Returns every file, by kind."""
    return tuple(one for module in (teksten, waarden, werkmappen, cellen, regels, geheel) for one in module.gevallen())


def verwacht() -> Mapping[str, Any]:
    """Returns what must come of each file, by its name."""
    return orjson.loads(VERWACHT.read_bytes())


def van_de_profielen() -> Iterator[tuple[Path, bytes]]:
    """Yields the example files of the profiles that come with Opvangpeil."""
    yield from ((PROFIELEN / "voorbeeld" / name, content) for name, content in voorbeelden())
