"""Reads TOML into a model. For every error it says on which line it is, what is wrong, and what would be right."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from schemas.errors import describe
from schemas.told import ToldError

TomlModel = TypeVar("TomlModel", bound=BaseModel)
Path = Sequence[int | str]
"""A place in the file: ('regel', 2, 'wisdrempel') is that key of the third [[regel]]."""
Fault = tuple[Path, str]
"""A place in the file, and what is wrong there and would be right."""
_AT = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
_TOKEN = re.compile(
    r""""{3}(?:[^\\]|\\.)*?"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*|[\[\]{}\n]""", re.DOTALL
)
"""The tokens that decide where a statement ends: texts, comments, brackets and line ends."""
_KEY = r"""(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_STATEMENT = re.compile(rf"[ \t]*(?:\[\[\s*(?P<one>{_KEYS})\s*\]\]|\[\s*(?P<table>{_KEYS})\s*\]|(?P<key>{_KEYS})\s*=)")
_TEXTS = dict.fromkeys(("dict_type", "model_type"), "moet een tabel zijn, of namen met waarden tussen accolades")
"""The errors that JSON and TOML have different words for."""


DOTS_MAX = 100
"""The most dots on a line. Reading a key takes a time that grows with the square of the names in it."""


class BestandError(ToldError, ValueError):
    """A file that can't be right. The message names the file, and each error with its line."""


def read_toml(text: str, name: str, model: type[TomlModel], check: Callable[[TomlModel], Iterable[Fault]]) -> TomlModel:
    """Reads a file as a model. `check` finds what is wrong with it as a whole.

    Raises BestandError with every error, in the order of the lines.
    """
    parsed = _parsed(text, name)
    try:
        found = model.model_validate(parsed)
        faults = list(check(found))
    except ValidationError as error:
        faults = [(one["loc"], _what(one)) for one in error.errors(include_url=False)]
    if faults:
        lines = lines_in(text)
        lists = {one.alias or key for key, one in model.model_fields.items() if get_origin(one.annotation) is list}
        wrong = sorted((line_of(lines, path), _where(path, parsed, lists), what) for path, what in faults)
        raise BestandError("\n".join(f"{name}, regel {line}: {where} {what}" for line, where, what in wrong))
    return found


def _parsed(text: str, name: str) -> dict[str, object]:
    """Reads TOML from anybody, in a time that grows with its length. Raises BestandError for what is no TOML."""
    for line, said in enumerate(text.split("\n"), 1):
        if (dots := said.count(".")) > DOTS_MAX:
            raise BestandError(f"{name}, regel {line}: heeft {dots} punten; ten hoogste {DOTS_MAX} op een regel")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BestandError(f"{name}, {_syntax(error, text)}") from error
    except RecursionError:
        raise BestandError(f"{name}: heeft te veel haken in elkaar; een regel heeft er ten hoogste twee") from None
    except ValueError as error:  # Python refuses to read a number of thousands of digits
        raise BestandError(f"{name}: heeft een getal met te veel cijfers") from error


def line_of(lines: Mapping[tuple[int | str, ...], int], path: Path) -> int:
    """Returns the line of a key, counted from 1. When the key has no line of its own, that of what holds it."""
    return next((lines[begin] for n in range(len(path), 0, -1) if (begin := tuple(path[:n])) in lines), 1)


def lines_in(text: str) -> dict[tuple[int | str, ...], int]:
    """Returns the line of every table, and of every key that begins a statement. The text must be valid TOML."""
    lines: dict[tuple[int | str, ...], int] = {}
    last: dict[tuple[int | str, ...], int] = {}
    inside: tuple[int | str, ...] = ()

    def within(keys: Iterable[str]) -> tuple[int | str, ...]:
        """Returns the path of a table. In a list of tables that is the last one so far."""
        path: tuple[int | str, ...] = ()
        for key in keys:
            path = (*path, key)
            path = (*path, last[path]) if path in last else path
        return path

    for line, begin in _statements(text):
        found = _STATEMENT.match(text, begin)
        if found is None:
            continue
        if found["one"]:
            *above, own = _parts(found["one"])
            path = (*within(above), own)
            lines.setdefault(path, line)
            last[path] = last.get(path, -1) + 1
            inside = (*path, last[path])
        elif found["table"]:
            inside = within(_parts(found["table"]))
        else:
            keys = _parts(found["key"])
            for n in range(1, len(keys) + 1):
                lines.setdefault((*inside, *keys[:n]), line)
            continue
        lines.setdefault(inside, line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """Yields each line that may begin a statement, and its first character. Lines within a value are left out."""
    line, depth = 1, 0
    yield line, 0
    for token in _TOKEN.finditer(text):
        said = token[0]
        line += said.count("\n")
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(said, 0)
        if said == "\n" and not depth:
            yield line, token.end()


def _parts(dotted: str) -> list[str]:
    """Returns the names in a dotted key, as TOML itself reads them."""
    at, parts = tomllib.loads(f"{dotted} = 0"), []
    while isinstance(at, dict):
        ((name, at),) = at.items()
        parts.append(name)
    return parts


def _what(error: ErrorDetails) -> str:
    if error["type"] == "list_type" and len(error["loc"]) == 1 and isinstance(error["input"], dict):
        return f"moet dubbele haken hebben, bij elke opnieuw: [[{error['loc'][0]}]]"
    return _TEXTS.get(error["type"]) or describe(error)


def _where(path: Path, parsed: object, lists: Collection[str]) -> str:
    """Returns a place in the words that people look for: `[[regel]] 'toegang', wisdrempel:`.

    `lists`: the names of lists of tables, also of one that the file lacks.
    """
    parts: list[str] = []
    at = parsed
    for part in path:
        at = _below(at, part)
        if isinstance(part, int) and isinstance(at, dict) and isinstance(at.get("naam"), str):
            parts[-1] += f" {at['naam']!r}"
        elif isinstance(part, int):
            parts[-1] += f" nummer {part + 1}"
        elif part != "[key]":
            many = not parts and (isinstance(at, list) or (at is None and part in lists))
            parts.append(f"[[{part}]]" if many else part)
    return ", ".join(parts) + ":" if parts else "het bestand:"


def _below(at: object, part: int | str) -> object:
    """Returns what lies one step down a path, or None when there is nothing."""
    if isinstance(at, dict):
        return at.get(part)
    return at[part] if isinstance(at, list) and isinstance(part, int) and part < len(at) else None


def _syntax(error: tomllib.TOMLDecodeError, text: str) -> str:
    found = _AT.search(str(error))
    line = found[1] if found and found[1] else text.rstrip().count("\n") + 1
    return f"regel {line}: is geen geldige TOML: {_AT.sub('', str(error)).strip()}"
