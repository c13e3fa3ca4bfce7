"""README's promises: its two commands are what CI runs, its examples run, its conversation is what the screen shows."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.running import Done, here
from tests.e2e.terminal import Terminal, chat

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SHELL = re.compile(r"[|<>&;$`\\*~]")  # what a shell does more with than part words
DAY = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b|\d{1,2} 月 \d{1,2} 日")


def blocks(kind: str) -> list[str]:
    """The fenced blocks of one kind, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """Every command of the console blocks with the output shown under it, in order."""
    found: list[tuple[str, str]] = []
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def dateless(text: str) -> str:
    """The text with every day replaced: the example was made on one day and runs on another."""
    return DAY.sub("DAY", text)


def test_the_two_commands_are_the_ones_ci_runs() -> None:
    """What README tells a newcomer to type is what every change has passed."""
    start, test = (block.strip() for block in blocks("")[:2])
    assert start == "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/memchat"
    assert test == ".venv/bin/pip install '.[test]' && .venv/bin/pytest -n auto"
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    for step in ("python3 -m venv .venv", ".venv/bin/pip install '.[test]'", ".venv/bin/pytest -n auto"):
        assert step in script


@pytest.mark.skipif(os.name != "posix", reason="the examples are for a POSIX shell")
def test_every_example_runs_and_prints_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One home for all of them, from top to bottom; what needs no shell but to part its words runs in this process."""
    shim = tmp_path / "memchat"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m memchat "$@"\n', "utf-8")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    monkeypatch.chdir(tmp_path)
    assert examples()
    for command, shown in examples():
        if command.startswith("memchat ") and not SHELL.search(command):
            done = here(capsys, *shlex.split(command)[1:])
        else:
            done = in_shell(command)
        assert done.code == 0, f"{command}\n{done.err}"
        if shown.strip():
            assert dateless(done.out).strip() == dateless(shown).strip(), command


def in_shell(command: str) -> Done:
    """As a reader types it."""
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def test_the_conversation_is_what_the_screen_shows() -> None:
    """Both days of README's first screen, typed into a real terminal; where a line breaks depends on the day's name."""
    for block in blocks("chat"):
        with chat(rows=40) as person:
            for line in block.splitlines():
                if line.startswith("> "):
                    person.sees_prompt()
                    person.says(line[2:])
            for paragraph in block.split("\n\n"):
                sees(person, flat(paragraph))
            person.sees_prompt()
            person.presses("ctrl-d")
            assert person.leaves() == 0


def flat(text: str) -> str:
    """The text on one line, days replaced."""
    return " ".join(dateless(text).split())


def sees(person: Terminal, paragraph: str) -> None:
    """Wait until a paragraph stands on the screen, however its lines are broken."""
    person.waits(lambda: paragraph in flat(person.text), f"{paragraph!r} did not appear")


def test_every_exit_code_is_named() -> None:
    """README's list holds each exit code that an error can have."""
    from memchat import errors

    codes = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")}
    sentence = re.search(r"Exit codes:(.*?)\n[A-Z]", README, re.DOTALL)
    assert sentence
    assert codes - {8} <= {int(number) for number in re.findall(r"\b\d+\b", sentence[1])}  # 8 comes with encryption
