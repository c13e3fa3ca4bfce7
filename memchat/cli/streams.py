"""What standard input, output and error can do: a terminal or not, which text they take, what reaches them."""

import contextlib
import os
from collections.abc import Mapping
from typing import TextIO


def is_piped(stdin: TextIO) -> bool:
    """Whether `stdin` is a pipe, a file or a socket; False for a terminal, a device or no input at all."""
    if stdin.closed or is_terminal(stdin):
        return False
    import stat

    try:
        mode = os.fstat(stdin.fileno()).st_mode
    except (OSError, ValueError):  # no descriptor behind it: text handed over within the process
        return True
    return not stat.S_ISCHR(mode)


def is_terminal(stream: TextIO) -> bool:
    return not stream.closed and stream.isatty()


def terminal_columns() -> int:
    """Cells in a line of the terminal; 80 where it does not tell."""
    import shutil

    return max(shutil.get_terminal_size((80, 24)).columns, 1)


def prepare(stream: TextIO) -> None:
    """No character may stop us: what is no terminal has UTF-8, a terminal `?` for what it cannot show or say."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None:
        return
    with contextlib.suppress(ValueError):  # closed, or already being read: it stays as it is
        reconfigure(errors="replace") if stream.isatty() else reconfigure(encoding="utf-8", errors="replace")


def shows_signs(environ: Mapping[str, str], stdout: TextIO) -> bool:
    """Whether a terminal speaks UTF-8 and draws ambiguous characters in one cell.

    No terminal tells the latter; East Asian locales are where it happens, so there the ASCII forms are used.
    """
    encoding = (getattr(stdout, "encoding", "") or "").lower().replace("-", "")
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    speaks = encoding == "utf8" and (not locale or "utf" in locale.lower())
    return speaks and not locale.lower().startswith(("zh", "ja", "ko"))
