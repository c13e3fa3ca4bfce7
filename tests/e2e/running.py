"""memchat as a script starts it: a process of its own, its two streams and its exit code."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.servers.openai_server import Server
from tests.servers.replies import Reply

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0  # seconds; two cores may be busy with other tests
NOTEBOOK = {"MEMCHAT_MODEL": "notebook", "MEMCHAT_MEMORY__ENABLED": "true"}


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout; raises when there is anything beside it."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error that `--json` tells on stderr; stdout must be empty."""
        assert self.out == ""
        return json.loads(self.err)["error"]


def with_server(server: Server, **more: str) -> dict[str, str]:
    """The environment in which the loopback server answers; failures are not tried again."""
    return {
        **NOTEBOOK,
        "MEMCHAT_MODEL": "openai/test",
        "MEMCHAT_MODEL__RETRIES": "0",
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": server.url,
        **more,
    }


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a process of memchat's own code.

    Which lines run there is not measured: it would take each of hundreds as long again, for lines that other tests run
    in their own process. And on a full disk the measurement could not be written, and says so.
    """
    unmeasured = {name: "" for name in os.environ if name.startswith("COVERAGE_")}
    return {**os.environ, **unmeasured, **env, "PYTHONPATH": str(ROOT)}


def memchat(
    *words: str | bytes,
    stdin: bytes | None = None,
    env: Mapping[str, str] = NOTEBOOK,
    before: Callable[[], None] | None = None,
) -> Done:
    """Run `memchat words` to its end; without `stdin` it is empty, as under cron. `before` runs in the child."""
    done = subprocess.run(
        [sys.executable, "-m", "memchat", *words],
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        env=environment(env),
        preexec_fn=before,
        timeout=PATIENCE,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


@contextmanager
def asking(server: Server, *flags: str) -> Iterator[subprocess.Popen[bytes]]:
    """An `ask` in a pipe whose answer would take longer to come than any test waits."""
    server.script(Reply("word " * 10_000, delay=0.02))
    process = subprocess.Popen(
        [sys.executable, "-m", "memchat", "ask", *flags, "Talk."],
        stdin=subprocess.DEVNULL,
        bufsize=0,  # else what is read ahead would be lost to `communicate`
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(with_server(server)),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def begun(process: subprocess.Popen[bytes]) -> bytes:
    """Wait for the first two words of its answer; what was read of it."""
    assert process.stdout is not None
    words = b""
    while words.count(b"word") < 2:
        words += process.stdout.read(9)
    return words


def here(capsys: pytest.CaptureFixture[str], *words: str, env: Mapping[str, str] = NOTEBOOK) -> Done:
    """The same in this process, where one of its own would prove nothing more: to look at what another has done."""
    from memchat.cli.app import run

    capsys.readouterr()
    with Path(os.devnull).open(encoding="utf-8") as nothing, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", nothing)
        code = run(words, {**os.environ, **env})
    out, err = capsys.readouterr()
    return Done(code, out, err)


def seen_within(seconds: float, what: Callable[[], bool]) -> bool:
    """Look again and again until it is so, or the time is over."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def fails(done: Done, code: int, *words: str) -> None:
    """It failed as promised: this exit code, nothing on stdout, two lines on stderr that hold the words."""
    assert done.code == code, done
    assert done.out == ""
    lines = done.err.splitlines()
    assert len(lines) == 2, done.err
    assert lines[0].startswith("error: ")
    assert lines[1].startswith("  ")
    for word in words:
        assert word in done.err


def tree(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file below a folder: its content's hash and when it was last written."""
    return {
        str(path.relative_to(folder)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
