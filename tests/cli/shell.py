"""Running memchat inside a test as a shell would: its exit code, its output, its database to seed."""

import json
import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from memchat import config
from memchat.cli.app import run
from memchat.store.connection import SqliteStore, open_store


@dataclass(frozen=True, slots=True)
class Done:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)

    @property
    def errors(self) -> list[str]:
        """The lines on standard error."""
        return self.err.splitlines()


class Shell:
    """Runs commands in the test's own home."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *argv: str) -> Done:
        """`memchat ARGV...` in this process."""
        self._capsys.readouterr()
        code = run(argv)
        out, err = self._capsys.readouterr()
        return Done(code, out, err)

    @property
    def paths(self) -> config.Paths:
        """Where this home keeps its files."""
        return config.paths(os.environ)

    def store(self) -> SqliteStore:
        """The database of this home, to seed it; close it before running a command."""
        return open_store(self.paths.db)

    def drafts(self) -> list[Path]:
        """Drafts that were kept."""
        return sorted(self.paths.state.glob("drafts/*/*"))


def after_setup(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """memchat where memory is on and the notebook answers; nothing is on stdin, and nothing was ever said."""
    monkeypatch.setattr("sys.stdin", None)
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    return Shell(capsys)


def unprivileged() -> list[str]:
    """What goes before a command so that read-only files are read-only, also for root. Skips where that cannot be."""
    if os.name != "posix" or os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write everywhere, and setpriv is not here to take that away")
    rights = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]


def script(folder: Path, body: str) -> str:
    """An editor made of Python: `body` sees the draft as `path`. Returns what EDITOR shall be."""
    file = folder / "editor.py"
    file.write_text(f"import pathlib, sys\npath = pathlib.Path(sys.argv[-1])\n{body}\n", "utf-8")
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(file))}"
