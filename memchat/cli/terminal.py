"""The screen: what is printed where, in which colours, and how a person is asked.

The one house of output. Everything that reaches a terminal passes `clean`; `NO_COLOR`, `FORCE_COLOR`, `TERM=dumb` and
`--plain` are respected; what is no terminal gets UTF-8 without colour and without wrapping.
"""

import contextlib
import io
import os
import re
import sys
from collections.abc import Iterator, Mapping
from typing import TextIO

from memchat.cli.cells import PAINT, clean, cut, graphemes, one_line, pad, width
from memchat.cli.streams import is_piped, is_terminal, prepare, shows_signs, terminal_columns
from memchat.cli.wrapping import wrap
from memchat.errors import MemchatError, RefusedError

__all__ = ["Screen", "clean", "cut", "graphemes", "one_line", "pad", "said_yes", "width"]

YES = frozenset({"y", "yes", "是", "好"})
NO = frozenset({"n", "no", "不", "否"})
# The three signs of the frame that are not ASCII, and how they are written where they cannot be shown.
_ASCII_FORMS = str.maketrans({"·": "-", "…": "...", "█": "#"})
# Kept as they are in JSON these would still reach a terminal: written as \uXXXX they are the same document.
_JSON_UNSAFE = re.compile(
    r"[\x7f-\x9f\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_RESET = "\x1b[0m"


def said_yes(text: str) -> bool | None:
    """True for y, yes, 是, 好; False for n, no, 不, 否; None for anything else. Width and case do not matter."""
    from memchat.actions.references import fold

    word = fold(text)
    return True if word in YES else False if word in NO else None


class Screen:
    """Standard input, output and error as memchat uses them. Results go to `out`, everything else to `note`.

    `columns` is the terminal's width, 80 where there is none: lay out with it, but cut only what `is_terminal` shows
    (`fit` does both). `quiet` leaves out notes, never errors or questions.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        plain: bool = False,
    ) -> None:
        self.environ = environ
        # A stream that was closed before we started (`>&-`) is None: what goes there goes nowhere.
        self.stdin: TextIO = stdin or sys.stdin or io.StringIO()
        self.stdout: TextIO = stdout or sys.stdout or io.StringIO()
        self.stderr: TextIO = stderr or sys.stderr or io.StringIO()
        self.plain = plain
        self.quiet = False
        self.theme = "auto"
        self.ascii_wanted = False
        for stream in (self.stdin, self.stdout, self.stderr):
            prepare(stream)

    @property
    def is_terminal(self) -> bool:
        """Whether results are read on a terminal."""
        return is_terminal(self.stdout)

    @property
    def can_ask(self) -> bool:
        """Whether somebody is there to answer: input and one of the outputs are terminals."""
        return is_terminal(self.stdin) and (self.is_terminal or is_terminal(self.stderr))

    @property
    def piped(self) -> bool:
        """Whether standard input holds text from a pipe or a file (a closed input or /dev/null does not)."""
        return is_piped(self.stdin)

    @property
    def colour(self) -> bool:
        """Whether results may be painted."""
        return self._paints(self.stdout)

    @property
    def ascii(self) -> bool:
        """Whether the frame must do without `·`, `…` and `█`: `ui.ascii`, or a terminal that may not show them."""
        return self.ascii_wanted or (self.is_terminal and not shows_signs(self.environ, self.stdout))

    @property
    def columns(self) -> int:
        """Cells in a line; 80 where there is no terminal."""
        return terminal_columns() if self.is_terminal else 80

    # Printing

    def out(self, text: str = "") -> None:
        """Print a result and end the line."""
        self._print(self.stdout, f"{_closed(text)}\n")

    def write(self, text: str) -> None:
        """Print a piece of a result at once, without ending the line."""
        self._print(self.stdout, text)
        self._flush(self.stdout)

    def note(self, text: str = "") -> None:
        """Print a notice, a prompt or progress on standard error; `quiet` leaves it out."""
        if not self.quiet:
            self._print(self.stderr, f"{_closed(text)}\n")

    def error(self, error: MemchatError) -> None:
        """Two lines on standard error: what happened, what to do now; on a terminal folded at its edge."""
        for indent, text in (("", f"error: {one_line(error.message)}"), ("  ", one_line(error.hint))):
            for line in self._folded(text, indent) if text else ():
                head = "error" if line.startswith("error: ") and not indent else ""
                self._print(self.stderr, f"{indent}{self.red(head)}{line.removeprefix(head)}\n")

    def _folded(self, text: str, indent: str) -> list[str]:
        if not is_terminal(self.stderr):
            return [text]
        return wrap(text, max(terminal_columns() - len(indent), 8))

    def json(self, value: object) -> None:
        """Print one JSON document; non-ASCII as it is, what could steer a terminal as `\\uXXXX`."""
        self._put(self.stdout, _json(value) + "\n")

    def trace(self, text: str) -> None:
        """A traceback on standard error, for `--debug`."""
        self._print(self.stderr, clean(text))

    def flush(self) -> None:
        """Hand over what was printed; raises like printing does."""
        for stream in (self.stdout, self.stderr):
            if not stream.closed:
                self._flush(stream)

    def abandon(self, *streams: TextIO) -> None:
        """Nobody can read these any more: let the rest vanish, so that leaving does not fail as well."""
        for stream in streams:
            with contextlib.suppress(OSError, ValueError):  # no descriptor behind it: nothing to redirect
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)

    def json_error(self, error: MemchatError) -> None:
        """The error as scripts read it, on standard error."""
        body = {"code": error.code, "message": error.message, "hint": error.hint, "exit": error.exit_code}
        self._put(self.stderr, _json({"error": body}) + "\n")

    # Painting: without colour each returns its text as it is

    def bold(self, text: str) -> str:
        """The answer to the question asked."""
        return self._paint("\x1b[1m", text)

    def dim(self, text: str) -> str:
        """Receipts and hints."""
        return self._paint("\x1b[2m", text)

    def accent(self, text: str) -> str:
        """The prompt and ids."""
        return self._paint("\x1b[36m", text)

    def red(self, text: str) -> str:
        """The word `error`, nothing else."""
        return self._paint("\x1b[31m", text)

    def reverse(self, text: str) -> str:
        """The words that a memory rests on."""
        return self._paint("\x1b[7m", text)

    def frame(self, text: str) -> str:
        """memchat's own words and signs, in ASCII form where they must be; never for what people wrote."""
        return text.translate(_ASCII_FORMS) if self.ascii else text

    def fit(self, text: str, cells: int) -> str:
        """`text` on one line; on a terminal cut to `cells`, with an ellipsis where something is missing."""
        text = one_line(text)
        if not self.is_terminal or width(text) <= cells:
            return text
        sign = self.frame("…")
        return cut(text, cells - len(sign)) + cut(sign, max(cells, 0))

    # Asking

    def prompt(self, text: str = "") -> None:
        """A line that belongs to a question; `quiet` does not leave it out."""
        self._print(self._asking, f"{_closed(text)}\n")

    def ask(self, question: str) -> str:
        """The line a person types after `question`, without its end. Raises RefusedError when nobody can answer."""
        self._must_ask()
        self._print(self._asking, question)
        self._flush(self._asking)
        line = self.stdin.readline()
        if not line:
            self.prompt()
            raise RefusedError("No answer was given.", "Nothing was changed.")
        return line.rstrip("\r\n")

    def ask_hidden(self, question: str) -> str:
        """As `ask`, but what is typed does not appear."""
        self._must_ask()
        import getpass

        try:
            return getpass.getpass(self.frame(clean(question)))
        except EOFError:
            self.prompt()
            raise RefusedError("No answer was given.", "Nothing was changed.") from None

    @property
    def _asking(self) -> TextIO:
        return self.stderr if is_terminal(self.stderr) else self.stdout

    def _must_ask(self) -> None:
        if not self.can_ask:
            raise RefusedError(
                "This asks a question, and there is no terminal to answer it.",
                "Run it in a terminal, or give the answer as a flag or on standard input.",
            )

    def read_stdin(self) -> str:
        """All of standard input as text; bytes that are no UTF-8 become U+FFFD, with a notice."""
        raw = getattr(self.stdin, "buffer", None)
        if raw is None:
            return self.stdin.read()
        data: bytes = raw.read()
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.note("Standard input is not all UTF-8: what could not be read stands as \ufffd.")
            return data.decode("utf-8-sig", errors="replace")

    # What carries the above

    def _paint(self, code: str, text: str) -> str:
        painted = bool(text) and (self.colour or self._paints(self.stderr))
        return f"{code}{text}{_RESET}" if painted else text

    def _paints(self, stream: TextIO) -> bool:
        if self.plain or self.theme == "none" or self.environ.get("NO_COLOR"):
            return False
        if self.environ.get("FORCE_COLOR"):
            return True
        return is_terminal(stream) and self.environ.get("TERM") != "dumb"

    def _print(self, stream: TextIO, text: str) -> None:
        """Write `text`, cleaned of everything but our own paint, and without that where the stream has no colour."""
        if "\x1b" in text:
            keep = self._paints(stream)
            pieces = re.split(f"({PAINT.pattern})", text)
            text = "".join(clean(piece) if i % 2 == 0 else piece * keep for i, piece in enumerate(pieces))
        else:
            text = clean(text)
        self._put(stream, text)

    def _put(self, stream: TextIO, text: str) -> None:
        with self._failing(stream):
            stream.write(text)

    def _flush(self, stream: TextIO) -> None:
        with self._failing(stream):
            stream.flush()

    @contextlib.contextmanager
    def _failing(self, stream: TextIO) -> Iterator[None]:
        """A full disk is an error for people; a closed pipe stays BrokenPipeError, for the outermost handler."""
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            self.abandon(stream)
            raise MemchatError(
                f"The output could not be written: {error.strerror or type(error).__name__}.",
                "What memchat did is done; make room, or send the output elsewhere.",
            ) from error


def _closed(text: str) -> str:
    """`text` whose paint ends with it, whatever was quoted in it."""
    painted = PAINT.findall(text)
    return f"{text}{_RESET}" if painted and painted[-1] != _RESET else text


def _json(value: object) -> str:
    import json

    def escaped(found: re.Match[str]) -> str:
        return json.dumps(found.group())[1:-1]

    return _JSON_UNSAFE.sub(escaped, json.dumps(value, ensure_ascii=False, indent=2))
