"""Writes the files of the corpus, and the examples and tables of `deploy/profielen`: `python -m tests.corpus`.

With `--verwacht` it also writes down what comes of each, in `verwacht.json`: read the difference before you keep it.
"""

import sys

import orjson

from tests.corpus.alle import HIER, LEESMIJ, VERWACHT, alle, van_de_profielen
from tests.corpus.uitkomst import lees_uit
from tests.corpus.velden import met_velden


def main() -> None:
    for one in alle():
        pad = HIER / one.bestand
        pad.parent.mkdir(exist_ok=True)
        pad.write_bytes(one.inhoud)
        pad.with_name(f"{pad.name}.toml").write_text(one.profiel, encoding="utf-8")
    for pad, content in van_de_profielen():
        pad.parent.mkdir(exist_ok=True)
        pad.write_bytes(content)
    LEESMIJ.write_text(met_velden(LEESMIJ.read_text(encoding="utf-8")), encoding="utf-8")
    if "--verwacht" in sys.argv:
        found = {one.bestand: {"fout": one.fout} | lees_uit(HIER / one.bestand, one.profiel) for one in alle()}
        VERWACHT.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")


main()
