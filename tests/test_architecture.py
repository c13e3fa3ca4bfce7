"""The rules of the house, checked: imports, sizes, SQL and lazy libraries."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "memchat").rglob("*.py"))
MODULE_LINES = 300
FUNCTION_LINES = 40
SQL = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE|PRAGMA\s)\b")
# One house a library, and only inside functions there: what a module may import at its top.
LAZY = {
    "litellm",
    "tiktoken",
    "openai",
    "wordllama",
    "keyring",
    "tomlkit",
    "httpx",
    "json_repair",
    "numpy",
    "tokenizers",
}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, methods included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def strings(tree: ast.AST) -> Iterator[str]:
    """Every string constant that is no docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_imports_follow_the_agreed_direction() -> None:
    """import-linter's contracts hold: the layers, the four independent memory layers, one house a library."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    """A module under 300 lines, a function under 40, each module's first line saying what lives there."""
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    assert source.count("\n") < MODULE_LINES
    assert ast.get_docstring(tree), "the first line says what lives here"
    long = [f.name for f in functions(tree) if (f.end_lineno or 0) - f.lineno + 1 > FUNCTION_LINES]
    assert not long


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_sql_stays_in_its_house(path: Path) -> None:
    """No statement of SQL outside store/."""
    if "store" in path.relative_to(ROOT / "memchat").parts:
        return
    assert not [text for text in strings(ast.parse(path.read_text("utf-8"))) if SQL.search(text)]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_heavy_libraries_are_imported_inside_functions(path: Path) -> None:
    """Nothing heavy at import: start-up is a feature."""
    top = ast.parse(path.read_text("utf-8")).body
    names = {alias.name.split(".")[0] for node in top if isinstance(node, ast.Import) for alias in node.names}
    names |= {(node.module or "").split(".")[0] for node in top if isinstance(node, ast.ImportFrom)}
    assert not names & LAZY


def test_each_lint_ignore_carries_its_reason() -> None:
    """A `noqa` or `type: ignore` without a reason is a riddle for the next maintainer."""
    bare = re.compile(r"#\s*(noqa|type:\s*ignore|pragma: no cover)(:?\s*[\w\[\], -]*?)?\s*$")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (*MODULES, *sorted((ROOT / "tests").rglob("*.py")))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if bare.search(line) and " - " not in line
    ]
    assert not found


def test_the_top_level_holds_what_was_agreed_and_nothing_else() -> None:
    """A test that writes into the current folder leaves a file there, and the next commit takes it along."""
    agreed = {"memchat", "tests", "pyproject.toml", "README.md", "config.example.toml"}
    agreed |= {"LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "build", "dist"}
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} <= agreed
