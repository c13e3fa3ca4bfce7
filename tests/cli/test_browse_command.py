"""memchat browse as a command: where it runs, what it says where it cannot, and that nothing else loads Textual."""

import ast
import subprocess
import sys
from pathlib import Path

import memchat
import pytest

from tests.cli.shell import Shell

ROOM = Path(memchat.__file__).parent


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ((), ["error: memchat browse needs a whole terminal.", "  Without one: memchat memory list"]),
        (("--plain",), ["error: memchat browse needs a whole terminal.", "  Without one: memchat memory list"]),
    ],
)
def test_without_a_terminal_it_is_two_lines_and_2(
    decided: Shell, home: Path, flags: tuple[str, ...], told: list[str]
) -> None:
    """What is wrong, and what shows the same."""
    done = decided("browse", *flags)
    assert (done.code, done.out) == (2, "")
    assert [line.startswith(start) for line, start in zip(done.errors, told, strict=True)] == [True, True]
    assert home.exists()


def test_it_has_no_json(decided: Shell) -> None:
    """A script is told what to use; the error is JSON as everywhere."""
    done = decided("browse", "--json")
    assert (done.code, done.out) == (2, "")
    assert '"memchat browse is a full screen: it has no JSON."' in done.err
    assert "memchat export" in done.err


def test_help_names_it_and_loads_no_textual() -> None:
    """`memchat --help` and `memchat browse --help` say what it is for, from the table of commands alone."""
    for arguments in (["--help"], ["browse", "--help"]):
        code = "import sys; from memchat.cli.app import run; run(sys.argv[1:]); sys.exit('textual' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "full screen" in " ".join(done.stdout.split())


def test_textual_has_one_house() -> None:
    """Only cli/browse imports it, and the rest of memchat imports cli/browse inside one function."""
    importing = set()
    entering = set()
    for path in sorted(ROOM.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        top = {id(node) for node in tree.body}
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "textual" for name in names):
                importing.add(path.parent)
            if any(name.startswith("memchat.cli.browse.") for name in names) and path.parent.name != "browse":
                entering.add((path.name, id(node) in top))
    assert importing == {ROOM / "cli" / "browse"}
    assert entering == {("browse_command.py", False)}
