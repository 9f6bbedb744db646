"""The SQL that goes to ClickHouse is exactly what is checked in, and every SQL file says what it returns."""

import ast
import re
from pathlib import Path

import pytest

import services.store
from services.core.registers import Register
from services.store.queries import Query, When
from tests.contract import golden_sql
from tests.contract.golden_sql import QUESTIONS, expected, laid_out, questions, states

STORE = Path(services.store.__file__).parent


@pytest.mark.parametrize("file", questions())
def test_a_question_is_exactly_what_is_checked_in(file: str) -> None:
    path = golden_sql.FOLDER / f"{file}.sql"
    assert path.exists(), f"{path} is missing: run python -m tests.contract.golden_sql"
    assert golden_sql.golden(file) == path.read_text(encoding="utf-8")


def test_what_is_fingerprinted_and_nothing_else_is_checked_in() -> None:
    found = {path: path.read_text(encoding="utf-8") for path in golden_sql.FOLDER.rglob("*.sql")}
    assert found == expected()


@pytest.mark.parametrize(
    "path", sorted(QUESTIONS.rglob("*.sql")), ids=lambda path: path.relative_to(QUESTIONS).as_posix()
)
def test_a_file_begins_with_what_it_gives(path: Path) -> None:
    assert re.match(r"-- [A-Z]", path.read_text(encoding="utf-8"))


def test_every_question_is_asked_and_every_one_that_is_asked_is_there() -> None:
    asked = [
        call.args[0].value
        for path in sorted(STORE.glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Query"
        if isinstance(call.args[0], ast.Constant)
    ]
    assert sorted(asked) == questions()


def test_no_other_module_of_the_store_makes_sql() -> None:
    """`position` may make conditions for ranges of the log: they contain only our own numbers, and no statements."""
    statement = re.compile(r"\b(SELECT|INSERT INTO|CREATE|DROP|ALTER|TRUNCATE|EXCHANGE)\b")
    for path in sorted(STORE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not statement.search(node.value), f"{path.name}:{node.lineno}  put this in a file of sql/"


def test_a_text_is_the_same_however_it_is_laid_out() -> None:
    for when in states():
        text = Query("registers/standen").sql(when)
        assert " ".join(laid_out(text).split()) == text


def test_what_can_not_matter_is_left_out() -> None:
    view = Query("registers/view")
    assert "gebeurtenis" not in view.sql()
    assert "gebeurtenis" in view.sql({When.REST})
    assert "spoiled" not in view.sql({When.REST})
    assert "spoiled" in view.sql({When.RETRACTED})
    assert "cel" not in view.sql({When.LOG_ALONE}).split()


@pytest.mark.parametrize("value", ["a'b", "a\\b", "a  b", "a\nb", "a -- b", "{rest}", "{{ x }}", "{k:String}"])
def test_a_key_stays_what_it_is(value: str) -> None:
    key = [("topic", "String", value)]
    text = Query("backup/count").sql(table="alarm", within="1", after=[], last=key)
    (literal,) = re.findall(r"CAST\('(.*)', 'String'\)", text)
    assert literal.encode().decode("unicode_escape") == value


@pytest.mark.parametrize("register", Register)
def test_no_file_names_a_register(register: Register) -> None:
    """The name of a register comes from its declaration: `'{{ Register.OPEN.stored() }}'`."""
    named = re.compile(rf"'{register.declared.name}['.]")
    for path in sorted(QUESTIONS.rglob("*.sql")):
        found = named.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.relative_to(QUESTIONS)}: {found}"
