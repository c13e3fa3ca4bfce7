"""Processes that need litellm and die, or are one of many: each is forked from one that has imported it already.

    with forked("tests.e2e.dying", "after:lease", env=env) as process:
        assert process.wait() == -9

Each has its own pid, environment and streams, and ends by itself or by a signal, as any other; what it does not have is
the two seconds of importing. One at a time. `python -m tests.e2e.forking FD` is the process they come from.
"""

import atexit
import importlib
import json
import os
import random
import runpy
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from typing import TextIO

from tests.e2e.running import PATIENCE, ROOT, environment

LARGEST = 1 << 20  # bytes of one request
# What is loaded on the way anyway: by litellm's side, by the store's, by a chat.
READY = (
    "memchat.bootstrap.app",
    "memchat.chat.consolidating",
    "memchat.chat.engine",
    "memchat.cli.app",
    "memchat.llm.litellm_model",
    "memchat.llm.notebook.model",
    "memchat.memory.context",
    "memchat.memory.recalling",
    "memchat.store.connection",
    "tests.builders",
)


class Forked:
    """One such process; what it writes is read from `out`, what it reads is written to `into`, both by lines."""

    def __init__(self, parent: socket.socket, into: TextIO, out: TextIO) -> None:
        self._parent = parent
        self._code: int | None = None
        self.into = into
        self.out = out
        self.pid = int(parent.recv(LARGEST))

    def kill(self) -> None:
        """`kill -9`, unless it has ended."""
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit code, the negative of the signal that ended it. Raises TimeoutError where it does not end."""
        if self._code is None:
            self._code = int(self._parent.recv(LARGEST))
        return self._code


@contextmanager
def forked(module: str, *words: str, env: Mapping[str, str]) -> Iterator[Forked]:
    """`python -m module words`, as it were; killed at the end, where it did not end by itself."""
    parent = _parent()
    asked, told = os.pipe(), os.pipe()
    request = {"argv": [module, *words], "env": environment(env)}
    socket.send_fds(parent, [json.dumps(request).encode()], [asked[0], told[1]])
    for end in (asked[0], told[1]):
        os.close(end)
    with os.fdopen(asked[1], "w") as into, os.fdopen(told[0]) as out:
        process = Forked(parent, into, out)
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            with suppress(BrokenPipeError):
                into.close()


@cache
def _parent() -> socket.socket:
    """The line to the process they come from, which ends with this one."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with closing(its):
        command = [sys.executable, "-m", "tests.e2e.forking", str(its.fileno())]
        process = subprocess.Popen(command, env=environment({}), cwd=ROOT, pass_fds=[its.fileno()])
    ours.settimeout(PATIENCE)

    def leave() -> None:
        ours.close()
        process.wait(PATIENCE)

    atexit.register(leave)
    return ours


def main(line: int) -> None:
    """Fork for each request that comes, tell its pid and then how it ended."""
    from memchat.llm import loading, notebook

    loading.warm()
    notebook.warm()
    for name in READY:
        importlib.import_module(name)
    with socket.socket(fileno=line) as asking:
        while True:
            data, files, _, _ = socket.recv_fds(asking, LARGEST, 2)
            if not data:
                return
            request = json.loads(data)
            child = os.fork()
            if not child:
                asking.close()
                live(request["argv"], request["env"], files)
            for file in files:
                os.close(file)
            asking.send(str(child).encode())
            asking.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def live(argv: list[str], env: dict[str, str], files: list[int]) -> None:
    """Be that process; this function never comes back."""
    code = 1
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        # New ones: those that are there know of what they were opened on whether one can seek in it.
        sys.stdin, sys.stdout = os.fdopen(0, encoding="utf-8"), os.fdopen(1, "w", encoding="utf-8")
        os.environ.clear()
        os.environ.update(env)
        random.seed()
        sys.argv[:] = argv
        runpy.run_module(argv[0], run_name="__main__", alter_sys=True)
        sys.stdout.flush()
        code = 0
    except SystemExit as end:
        sys.stdout.flush()
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it was is told, and must not go on in the parent's loop
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(int(sys.argv[1]))
