"""Somebody at a shell of their own: a new home, nothing set, `memchat` installed, and a day that can be moved on."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from memchat.llm.providers import PROVIDERS

from tests.e2e.dated import MOMENT
from tests.e2e.terminal import Terminal

ROOT = Path(__file__).parent.parent.parent
# Whoever runs the tests may have a server of their own: where it usually listens is not looked.
NO_SERVERS = {one.addresses[0]: "http://127.0.0.1:9" for one in PROVIDERS.values() if one.local and one.addresses}
FIRST_DAY = datetime.fromisoformat("2026-11-22T09:14:00+00:00")


@dataclass(frozen=True, slots=True)
class Shell:
    """`person` sits at the terminal; `home` is what is theirs."""

    person: Terminal
    home: Path

    def puts_clock(self, moment: datetime) -> None:
        """The moment at which the next memchat runs."""
        (self.home / "moment").write_text(moment.isoformat(), "utf-8")

    def sees_shell(self) -> None:
        """Wait for the shell's empty prompt."""
        self.person.waits(lambda: self._last() == "$", "the shell did not come back")

    def runs(self, command: str) -> None:
        """Type a command at the shell's prompt."""
        self.sees_shell()
        self.person.types(command)
        self.person.waits(lambda: self._last() == f"$ {command}", f"{command!r} was not echoed")
        self.person.presses("enter")
        self.person.waits(lambda: self._last() != f"$ {command}", f"{command!r} did not start")

    def leaves_chat(self) -> None:
        """Ctrl-D at memchat's empty prompt, until the shell is back."""
        self.person.sees_prompt()
        self.person.presses("ctrl-d")
        self.sees_shell()

    def _last(self) -> str:
        return next((row for row in reversed(self.person.screen) if row), "")


@contextmanager
def a_shell(home: Path, *, rows: int = 44, columns: int = 80, env: Mapping[str, str] | None = None) -> Iterator[Shell]:
    """A shell in `home`, with nothing of whoever runs the test in its environment but what `env` says."""
    home.mkdir(parents=True, exist_ok=True)
    tools = home / ".tools"
    tools.mkdir()
    shim = tools / "memchat"
    shim.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m tests.e2e.dated "$@"\n', "utf-8")
    shim.chmod(0o755)
    settings = {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        MOMENT: str(home / "moment"),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PS1": "$ ",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        **NO_SERVERS,
        **(env or {}),
    }
    command = ["env", "-i", *(f"{name}={value}" for name, value in settings.items()), "sh"]
    with Terminal(command, rows=rows, columns=columns, cwd=str(home)) as person:
        shell = Shell(person, home)
        shell.puts_clock(FIRST_DAY)
        yield shell
