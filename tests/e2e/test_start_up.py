"""Start-up is a feature: what a command loads, and what it leaves alone."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"litellm", "openai", "tiktoken", "wordllama", "httpx", "keyring", "textual"}
IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)\s*$", re.MULTILINE)

NEEDS_NO_MODEL = [
    ["--version"],
    ["--help"],
    ["profile", "show"],
    ["profile", "set", "display_name", "Alice"],
    ["memory", "list"],
    ["memory", "add", "allergic to peanuts"],
    ["sessions", "list"],
    ["config", "show"],
    ["config", "path"],
    ["ask", "--no-stream", "hello there"],
]


def loaded(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The top-level packages that a command imported, as the interpreter itself reports them."""
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    command = [sys.executable, "-X", "importtime", "-m", "memchat", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    names = {name.split(".")[0] for name in IMPORTED.findall(done.stderr)}
    assert "memchat" in names
    return names


@pytest.mark.parametrize("arguments", NEEDS_NO_MODEL, ids=" ".join)
def test_what_needs_no_model_loads_none(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """litellm costs seconds: a command that calls no model over the wire imports neither it nor a tokenizer."""
    assert not loaded(arguments, monkeypatch) & HEAVY


OPENED = """
import os, sys
from memchat.bootstrap import ChatRequest, open_app
app = open_app(os.environ)
app.open_chat(ChatRequest())
print(*{name.split(".")[0] for name in sys.modules})
"""


def test_a_chat_opens_without_the_tables_of_its_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tokenizer's tables take as long as all the rest before the first prompt: nothing is counted until then."""
    monkeypatch.setenv("MEMCHAT_MODEL", "openai/gpt-4o")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    done = subprocess.run([sys.executable, "-c", OPENED], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & HEAVY


def test_a_piped_command_loads_no_screen_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain text needs neither prompt-toolkit nor rich."""
    assert not loaded(["profile", "show"], monkeypatch) & {"prompt_toolkit", "rich"}


def test_the_version_help_and_the_configuration_make_no_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is kept on purpose makes a folder: the version, help and configuration do not."""
    for arguments in (["--version"], ["--help"], ["config", "show"], ["config", "path"]):
        loaded(arguments, monkeypatch)
    assert not home.exists()
