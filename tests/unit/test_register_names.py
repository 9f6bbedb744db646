"""No text in `services` names a register, since code must use the members of `Register`.

`open`, `aanwezig` and `cyclus` are also names of figures and of fields, so the rule looks at how a text is used.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.cli import explain
from services.core.registers import Register

ROOT = Path(__file__).parents[2]
DECLARED_IN = "services/core/registers.py"
NAMES = {register.declared.name: register for register in Register}
COMPOUND = tuple(f"{name}." for name, register in NAMES.items() if register.declared.parts)
"""How the stored names of registers with further parts begin."""
ONLY_A_REGISTER = {"registratie"}
"""Words that name nothing else."""
BY_PREFIX = ("services/cli/explain.py", "inzet.")
"""The command line sorts by how a register begins, and does not load the registers: that would take half its time."""
ALSO_ELSE = {
    BY_PREFIX,
    ("services/dashboard/uitleg.py", "toezicht"),
} | {
    (path, "toezicht")
    for path in (
        "services/access/roles.py",
        "services/cli/access.py",
        "services/cli/explain.py",
        "services/cli/report.py",
        "services/core/grootheden/declaratie.py",
    )
}
"""(file, word) of what has the name of a register and is a role, a report, or a kind of figures."""
CALLED = {"register", "registers", "stored", "kind"}
"""The names that code uses for a register."""
IN_SQL = re.compile(rf"\bregister\b.*?'({'|'.join(NAMES)})(?:\.|')", re.DOTALL)

Found = Iterator[tuple[int, str]]
"""(line, the text that names a register)."""


def named_in(tree: ast.Module) -> Found:
    """Yields the texts that name a register, except docstrings."""
    docs = set(docstrings(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs:
            yield from in_text(node)
        elif isinstance(node, ast.JoinedStr):
            yield from in_sql(node)
        elif isinstance(node, ast.Tuple):
            yield from in_key(node)
        elif isinstance(node, ast.Compare):
            yield from in_comparison(node)
        elif isinstance(node, ast.Call):
            yield from in_call(node)
        elif isinstance(node, ast.Assign):
            yield from in_constant(node)


def docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    """Yields texts that are statements by themselves, such as docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield node.value


def in_text(node: ast.Constant) -> Found:
    """Finds `registratie`, texts that begin with `plaatsen.`, and register names in SQL."""
    if node.value in ONLY_A_REGISTER or (node.value.startswith(COMPOUND) and " " not in node.value):
        yield node.lineno, node.value
    elif (found := IN_SQL.search(node.value)) is not None:
        yield node.lineno, found[1]


def in_sql(node: ast.JoinedStr) -> Found:
    """Finds register names in SQL that is an f-string."""
    text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    if (found := IN_SQL.search(text)) is not None:
        yield node.lineno, found[1]


def in_key(node: ast.Tuple) -> Found:
    """Finds `(own_id, "open")`: a tuple of a subject that is not a literal, and a name."""
    if len(node.elts) == 2 and not isinstance(node.elts[0], ast.Constant):
        yield from names(node.elts[1])


def in_comparison(node: ast.Compare) -> Found:
    """Finds `register == "open"` and `key[1] in ("open", "toegang")`."""
    if any(map(is_register, (node.left, *node.comparators))):
        for side in (node.left, *node.comparators):
            yield from names(side)


def in_call(node: ast.Call) -> Found:
    """Finds `register.startswith("open")`."""
    if isinstance(node.func, ast.Attribute) and is_register(node.func.value):
        for argument in node.args:
            yield from names(argument)


def in_constant(node: ast.Assign) -> Found:
    """Finds `AANWEZIG = "aanwezig"`."""
    for target in node.targets:
        if isinstance(target, ast.Name) and names_itself(target.id, node.value):
            yield from names(node.value)


def names_itself(name: str, node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == name.strip("_").lower()


def is_register(node: ast.expr) -> bool:
    """Whether an expression is `register`, `write.register`, `key[1]` or the like."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and node.slice.value == 1
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in CALLED


def names(node: ast.expr) -> Found:
    """Yields the names in a text, or in a row of texts, that `in_text` does not find."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        for one in node.elts:
            yield from names(one)
    elif isinstance(node, ast.Constant) and node.value in NAMES.keys() - ONLY_A_REGISTER:
        yield node.lineno, node.value


def breaches(path: str, text: str) -> list[str]:
    """Returns each breach as `file:line  what is wrong and what would be right`."""
    return [
        f"{path}:{line}  names the register {found!r} in a text: use Register.{NAMES[found.partition('.')[0]].name} "
        f"of {DECLARED_IN}, with .stored() where its name is needed"
        for line, found in sorted(set(named_in(ast.parse(text))))
        if (path, found) not in ALSO_ELSE
    ]


def test_the_registers_that_the_command_line_sorts_by_are_there():
    assert all(any(name.startswith(begin.rstrip(".")) for name in NAMES) for begin in explain.REGISTERS_EERST)


def test_no_sql_names_a_register():
    """SQL gets their names as parameters."""
    found = [
        f"{path.relative_to(ROOT).as_posix()}  names the register {name!r}: let it be filled in from Register"
        for path in sorted((ROOT / "services").rglob("*.sql"))
        for name in sql_names(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n" + "\n".join(found)


def sql_names(text: str) -> list[str]:
    """Returns the registers that are a value in SQL."""
    return [name for name in NAMES if f"'{name}'" in text or f"'{name}." in text]


def test_sql_with_a_name_in_it_is_seen():
    assert sql_names("WHERE register = 'aanwezig' AND startsWith(register, 'opgave.')") == ["aanwezig", "opgave"]
    assert not sql_names("SELECT registers AS register WHERE register = {register:String}")


def test_no_text_outside_its_declaration_names_a_register():
    files = sorted((ROOT / "services").rglob("*.py"))
    paths = [(path.relative_to(ROOT).as_posix(), path) for path in files]
    found = [
        breach
        for name, path in paths
        if name != DECLARED_IN
        for breach in breaches(name, path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('x = "registratie"', '"""registratie"""'),
        ('register.startswith("plaatsen.")', 'x = "plaatsen en mensen"'),
        ('f"opgave.{cyclus}.{status}"', 'x = f"opgave {cyclus}"'),
        ('registers.get((own_id, "open"))', 'row["open"]'),
        ('registers[onderwerp, "toegang"]', 'x = Literal["open", "toegang"]'),
        ('register == "aanwezig"', 'grootheid == "aanwezig"'),
        ('key[1] in ("cyclus", "toezicht")', 'name in ("aanwezig", "aantal")'),
        ('key[1].startswith(("cyclus", "toezicht"))', 'name.startswith("opgave")'),
        ('_AANWEZIG = "aanwezig"', 'kolom = "aanwezig"'),
        ("x = \"WHERE register = 'aanwezig'\"", 'x = "WHERE register = {register:String}"'),
        ("x = f\"WHERE register IN ('open', {more})\"", "x = f\"register = '{name}' AND open\""),
    ],
)
def test_the_rule_sees_a_name_and_only_that(wrong, right):
    assert breaches("services/x.py", wrong)
    assert not breaches("services/x.py", right)


def test_a_breach_says_what_would_be_right():
    assert breaches("services/x.py", 'x = 1\nif register == "open": pass') == [
        "services/x.py:2  names the register 'open' in a text: use Register.OPEN of services/core/registers.py, "
        "with .stored() where its name is needed"
    ]
