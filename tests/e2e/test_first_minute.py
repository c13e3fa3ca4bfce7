"""README's first minute, typed at a real shell from nothing: the terminal shows what README shows, row by row."""

import re
import sys
from pathlib import Path

import pytest

from tests.e2e.at_a_shell import FIRST_DAY, Shell, a_shell
from tests.e2e.terminal import kept

README = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")
A_MINUTE = 200  # keys: forty words of five letters, as people type who never learnt to
SHELL, QUESTION, CHAT, LEAVES = "$ ", "  Choice [1]: ", "> ", ">"
PROMPTS = (SHELL, QUESTION, CHAT)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="README shows where Linux keeps the file")


def shown() -> list[str]:
    """The terminal as README shows it, row by row."""
    blocks = re.findall(r"^```minute\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    return str(blocks[0]).rstrip("\n").split("\n")


def typed(rows: list[str]) -> list[tuple[str, str]]:
    """What somebody types there, in order: at the shell's prompt, at a question, at memchat's prompt."""
    found = [next((prompt for prompt in (*PROMPTS, LEAVES) if row.startswith(prompt)), "") for row in rows]
    return [(prompt, row.removeprefix(prompt)) for prompt, row in zip(found, rows, strict=True) if prompt]


def sits_down(shell: Shell, rows: list[str]) -> None:
    """Type all of it, each piece where and when a person would."""
    for prompt, text in typed(rows):
        if prompt == SHELL:
            shell.runs(text)
        elif prompt == QUESTION:
            shell.person.sees(QUESTION.rstrip())
            shell.person.types(f"{text}\r")
        elif prompt == CHAT:
            shell.person.says(text)
        else:
            shell.leaves_chat()
    shell.sees_shell()


def test_from_nothing_to_a_remembered_fact_as_readme_shows_it(tmp_path: Path) -> None:
    """Nothing is set, no key, no file: one question, one fact, the window closed, and the fact is there again."""
    rows = shown()
    with a_shell(tmp_path / "new") as shell:
        sits_down(shell, rows)
        assert shell.person.everything[: len(rows)] == rows
        assert not [row for row in shell.person.everything[len(rows) :] if row]
        shell.person.types("exit\r")


def test_what_was_said_is_kept_with_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fact of that minute rests on the words that were typed."""
    with a_shell(tmp_path / "new") as shell:
        sits_down(shell, shown())
        shell.person.types("exit\r")
    monkeypatch.delenv("MEMCHAT_HOME", raising=False)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "new"))
    said = [text for prompt, text in typed(shown()) if prompt == CHAT]
    memories = kept().memories.active(FIRST_DAY)
    assert [source.quote in said[0] for memory in memories for source in memory.sources] == [True]


def test_it_is_a_minute_of_typing() -> None:
    """The line that installs it and all that is typed after it: no more keys than a slow typist has in a minute."""
    install = re.findall(r"^```\n(.*?)^```", README, re.MULTILINE | re.DOTALL)[0].strip()
    keys = len(install) + 1 + sum(len(text) + 1 for _, text in typed(shown()))
    assert keys <= A_MINUTE
