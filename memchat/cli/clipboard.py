"""The clipboard: through a program of this computer, or through the terminal itself (OSC 52), as over SSH."""

import base64
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress

from memchat import system
from memchat.cli.editor import without_keys
from memchat.cli.terminal import Screen
from memchat.errors import MemchatError

# What terminals take in one sequence at most, as far as they say: 100,000 characters of base64 (xterm, hterm).
LONGEST = 74_000
_PATIENCE = 5.0


def copy(text: str, screen: Screen, environ: Mapping[str, str]) -> str:
    """Put `text` there; returns where it is, in words. Raises MemchatError where there is no way."""
    data = text.encode("utf-8", "replace")
    if not _remote(environ) and any(_through(words, data, environ) for words in _programs(environ)):
        return "on the clipboard"
    tmux = bool(environ.get("TMUX")) and _through(["tmux", "load-buffer", "-w", "-"], data, environ)
    if screen.is_terminal and len(data) <= LONGEST:
        screen.stdout.write(f"\x1b]52;c;{base64.b64encode(data).decode()}\x07")
        screen.stdout.flush()
        return "sent to your terminal's clipboard (OSC 52)"
    if tmux:
        return "in tmux's buffer"
    if screen.is_terminal:
        raise MemchatError(
            f"This is too long for a terminal's clipboard: {len(data):,} bytes, and {LONGEST:,} fit.",
            "/copy code takes the last code block only; memchat sessions export writes all of it.",
        )
    raise MemchatError("There is no clipboard here.", "memchat sessions export writes a conversation into a file.")


def _remote(environ: Mapping[str, str]) -> bool:
    """Whether the person sits elsewhere: then the clipboard of this computer is of no use to him."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def _programs(environ: Mapping[str, str]) -> list[list[str]]:
    """What could take it on this computer, best first."""
    if system.mac():
        return [["pbcopy"]]
    if system.windows():
        return [["clip"]]
    found = []
    if environ.get("WAYLAND_DISPLAY"):
        found.append(["wl-copy"])
    if environ.get("DISPLAY"):
        found += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    return [*found, ["termux-clipboard-set"]] if environ.get("TERMUX_VERSION") else found


def _through(words: list[str], data: bytes, environ: Mapping[str, str]) -> bool:
    """Whether a program took it; what does not end in time did not."""
    path = shutil.which(words[0], path=environ.get("PATH"))
    if path is None:
        return False
    if words == ["clip"]:
        data = data.decode().encode("utf-16")
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(  # noqa: S603 - a program of the system, without a shell
            [path, *words[1:]],
            input=data,
            env=without_keys(environ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
        return done.returncode == 0
    return False
