"""Writes the files that follow from the models: a JSON Schema for each type, and the AsyncAPI document of the topics.

`python -m schemas.generate` writes the files. With `--check` it only says which files differ, and exits with 1 when one
does.
"""

import argparse
import difflib
import json
import sys
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from schemas.asyncapi import REF_TEMPLATE, asyncapi
from schemas.events import ALARMS, FACTS, Envelope, type_name

FOLDER = Path(__file__).parent
BASE = "https://opvangpeil.example.org/schemas/"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_HINT_LINES = 40


class _Plain(GenerateJsonSchema):
    """Makes a JSON Schema in which a field has no title: its name says enough."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic passes it
        """Returns False for every field."""
        return False


def json_schema(model: type[Envelope]) -> dict[str, Any]:
    """Returns the JSON Schema of one type of event: its envelope and its data."""
    name = type_name(model)
    schema = model.model_json_schema(schema_generator=_Plain)
    return {"$schema": DIALECT, "$id": f"{BASE}{name}.json"} | schema | {"title": title(model)}


def title(model: type[Envelope]) -> str:
    """Returns the type in words for people: `Bezetting gemeld`."""
    return type_name(model).split(".")[2].replace("-", " ").capitalize()


def generated() -> dict[Path, str]:
    """Returns every file that follows from the models, with its text."""
    models: tuple[type[Envelope], ...] = (*FACTS, *ALARMS)
    files = {FOLDER / "jsonschema" / f"{type_name(model)}.json": _text(json_schema(model)) for model in models}
    _, definitions = models_json_schema(
        [(model, "validation") for model in models], schema_generator=_Plain, ref_template=REF_TEMPLATE
    )
    titles = {model: title(model) for model in models}
    return files | {FOLDER / "asyncapi.json": _text(asyncapi(titles, definitions["$defs"]))}


def differences(files: dict[Path, str]) -> list[str]:
    """Returns how the files on disk differ from what the models say: a text for each file that does."""
    found = []
    for path, text in files.items():
        name = path.relative_to(FOLDER.parent)
        if not path.exists():
            found.append(f"{name} ontbreekt")
        elif (present := path.read_text(encoding="utf-8")) != text:
            lines = difflib.unified_diff(
                present.splitlines(), text.splitlines(), "nu", "volgens de modellen", lineterm=""
            )
            found.append(f"{name} verschilt van de modellen:\n" + "\n".join([*lines][:_HINT_LINES]))
    return found + [f"{path.relative_to(FOLDER.parent)} hoort bij geen type" for path in _stray(files)]


def write(files: dict[Path, str]) -> None:
    """Writes the files, and removes those of types that do not exist any more."""
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in _stray(files):
        path.unlink()


def main(arguments: list[str] | None = None) -> int:
    """Runs the command, and returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m schemas.generate", description="JSON Schema en AsyncAPI uit de modellen"
    )
    parser.add_argument("--check", action="store_true", help="niets schrijven; met 1 stoppen als er iets verschilt")
    files = generated()
    if not parser.parse_args(arguments).check:
        write(files)
        sys.stdout.write(f"{len(files)} bestanden geschreven in {FOLDER.name}/\n")
        return 0
    if found := differences(files):
        sys.stderr.write("\n".join(found) + "\n\nBijwerken: make schemas\n")
    return 1 if found else 0


def _stray(files: dict[Path, str]) -> list[Path]:
    return sorted(path for path in (FOLDER / "jsonschema").glob("*.json") if path not in files)


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
