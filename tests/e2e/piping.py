"""What is piped into memchat in the process of the test, where one of its own would prove nothing more."""

import os
import tempfile
from collections.abc import Mapping

import pytest
from memchat.cli.app import run

from tests.e2e.running import NOTEBOOK, Done


def fed(capsys: pytest.CaptureFixture[str], stdin: bytes, *words: str, env: Mapping[str, str] = NOTEBOOK) -> Done:
    """`memchat words < file` with these bytes in the file: a real descriptor, as a script's is."""
    capsys.readouterr()
    with tempfile.TemporaryFile() as file, pytest.MonkeyPatch.context() as patch:
        file.write(stdin)
        file.seek(0)
        with os.fdopen(os.dup(file.fileno()), encoding="utf-8") as text:
            patch.setattr("sys.stdin", text)
            code = run(words, {**os.environ, **env})
    out, err = capsys.readouterr()
    return Done(code, out, err)
