"""memchat at a terminal that is too plain for a line editor, played in this process: each line is one that is typed."""

import os
from collections.abc import Mapping

import pytest

from tests.cli.screens import Tty, TtyKeys
from tests.e2e.running import NOTEBOOK, Done


def plainly(*words: str, typed: tuple[str, ...] = (), env: Mapping[str, str] = NOTEBOOK) -> Done:
    """`memchat words`, these lines typed at it, then Ctrl-D; `^C` is Ctrl-C. What it asks stands in `err`."""
    from memchat.cli.app import run

    keys, out, err = TtyKeys("".join(f"{line}\n" for line in typed)), Tty(), Tty()
    with pytest.MonkeyPatch.context() as patch:
        for name, stream in (("stdin", keys), ("stdout", out), ("stderr", err)):
            patch.setattr(f"sys.{name}", stream)
        code = run(words, {**os.environ, **env, "TERM": "dumb"})
    return Done(code, out.getvalue(), err.getvalue())
