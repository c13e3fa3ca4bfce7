"""Every row of what the command line promises is held by a test that is there and names it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from memchat.cli.routes import COMMANDS
from memchat.cli.slash_commands import COMMANDS as SLASH_COMMANDS

from tests import interface_rows
from tests.interface_rows import EXIT_CODES, ROWS, SLASH

TESTS = Path(__file__).parent
# `--option` is the long name of `-o`.
GLOBAL = {"--option", "--help", "--version", "--debug", "--config", "--db", "--quiet", "--show-completion"}


@cache
def functions(module: str) -> dict[str, str]:
    """The tests of a module, `folder/module` below tests/, with their sources; none where there is no such module."""
    folder, _, name = module.rpartition("/")
    path = TESTS / folder / f"test_{name}.py"
    if not path.exists():
        return {}
    text = path.read_text("utf-8")
    return {
        node.name.removeprefix("test_"): ast.get_source_segment(text, node) or ""
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def source(module: str) -> str:
    """All of a module that is there."""
    folder, _, name = module.rpartition("/")
    return (TESTS / folder / f"test_{name}.py").read_text("utf-8")


@pytest.mark.parametrize("row", ROWS)
def test_a_row_has_a_test_that_is_there(row: str) -> None:
    """One that was renamed or deleted takes its row with it, and this fails."""
    assert ROWS[row], f"no test exercises: {row}"
    for one in ROWS[row]:
        module, _, name = one.partition("::")
        assert name in functions(module), f"{row}: there is no {one}"


@pytest.mark.parametrize("row", [row for row in ROWS if row.startswith(("memchat ", "/"))])
def test_a_row_of_a_command_is_named_by_its_tests(row: str) -> None:
    """Every word and flag of it stands in the modules of its tests: a wrong name would hold nothing."""
    text = "".join(source(one.partition("::")[0]) for one in ROWS[row])
    words = re.findall(r"--[a-z-]+|(?<= )-(?= |$)|^/[a-z]+|(?<= )[a-z]+(?= |$)", row)
    missing = [word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)]
    assert not missing, f"{row}: {missing}"


def test_no_row_stands_twice() -> None:
    """A name that two sections share would hide one of them."""
    sections = [vars(interface_rows)[name] for name in vars(interface_rows) if name.isupper() and name != "ROWS"]
    assert sum(len(section) for section in sections) == len(ROWS)


def test_every_command_has_a_row() -> None:
    """A command that is added without one fails here."""
    named = {row.split()[1] for row in interface_rows.COMMANDS if len(row.split()) > 1}
    assert {name for name, entry in COMMANDS.items() if not entry.hidden} <= named


def test_every_slash_command_has_a_row() -> None:
    """The same in the chat."""
    named = {row.split()[0].removeprefix("/") for row in SLASH}
    assert {command.name for command in SLASH_COMMANDS} <= named


def test_every_exit_code_has_a_row() -> None:
    """Those that errors have, and 0 and 130 besides."""
    from memchat import errors

    codes = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")}
    named = {int(row.split()[0]) for row in EXIT_CODES if row[0].isdigit()}
    assert codes | {0, 130} == named


def test_every_option_of_a_command_has_a_row() -> None:
    """As the commands declare them; flags that all of them take have theirs among the rules."""
    import importlib

    import typer

    told = " ".join([*ROWS, *GLOBAL])
    missing = []
    for name, entry in COMMANDS.items():
        found = importlib.import_module(f"memchat.cli.{entry.module}").COMMANDS[name]
        if not isinstance(found, typer.Typer):
            single = typer.Typer()
            single.command(name)(found)
            found = single
        command = typer.main.get_command(found)
        for one in (command, *getattr(command, "commands", {}).values()):
            flags = [option for param in one.params for option in param.opts if option.startswith("--")]
            missing += [f"{name} {flag}" for flag in flags if not re.search(rf"{flag}(?![\w-])", told)]
    assert missing == []
