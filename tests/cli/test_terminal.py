"""The screen: nothing steers the terminal, nothing is cut inside a glyph, and it suits who reads it."""

import io
import json
import os
import pty
import re
import shlex
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pyte
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from memchat.cli.cells import clean, cut, graphemes, one_line, pad, width
from memchat.cli.terminal import Screen, said_yes
from memchat.errors import MemchatError, NotFoundError, RefusedError

FAMILY = "👨\u200d👩\u200d👧"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
HOSTILE = st.text(
    st.sampled_from("\x1b\x07\x9b\x9c\x9d\x90[]PX^_\\;mK?0123hl\r\n\tab\u202e\u2066\u200b\ufe0f\U000e0041\ud800京é")
    | st.characters(),
    max_size=40,
)
ANY = settings(max_examples=100, deadline=None)


class Terminal(io.StringIO):
    """Text output that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def screen(*, terminal: bool = True, **environ: str) -> Screen:
    """A screen whose outputs are in memory; input is a terminal where the outputs are."""
    made = Terminal if terminal else io.StringIO
    return Screen({"LANG": "en_US.UTF-8"} | environ, stdin=made(), stdout=made(), stderr=made())


def printed(of: Screen) -> str:
    """What went to standard output."""
    assert isinstance(of.stdout, io.StringIO)
    return of.stdout.getvalue()


def noted(of: Screen) -> str:
    """What went to standard error."""
    assert isinstance(of.stderr, io.StringIO)
    return of.stderr.getvalue()


# Cleaning


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("a\x1b[2Jb\x1b[31mc", "abc"),
        ("a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c", "abc"),
        ("a\x1bPdevice\x1b\\b\x1b_app\x1b\\c\x1b^x\x9cd", "abcd"),
        ("a\x9b31mb\x9d0;t\x9cc", "abc"),
        ("a\x1b(0b\x1b=c\x1bcd", "abcd"),
        ("a\x1b]0;no end", "a0;no end"),
        ("a\x1b[12", "a"),
        ("end\x1b", "end"),
        ("one\r\ntwo\rthree\x85four\u2028five\x0bsix", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("a\x08\x00\x7f\x81b", "ab"),
        ("user\u202egnp.exe\u202c \u2066x\u2069", "usergnp.exe x"),
        ("a\u200bb\u2060c\ufeffd\u180e", "abcd"),
        ("می\u200cخواهم \u200f!", "می\u200cخواهم \u200f!"),
        (f"{FAMILY} ❤\ufe0f 🇹🇼", f"{FAMILY} ❤\ufe0f 🇹🇼"),
        (ENGLAND, ENGLAND),
        ("see\U000e0068\U000e0069\U000e0001 this", "see this"),
        ("a\ufe0f\ufe01\U000e0101b", "a\ufe0fb"),
        ("lone \ud83d end", "lone \ufffd end"),
        ("\x1b[\x1b[31m31mred", "31mred"),
    ],
)  # fmt: skip
def test_cleaning_removes_what_steers_or_hides_and_nothing_else(dirty: str, expected: str) -> None:
    """Escape sequences go whole, line ends become one kind, tricks of bidi and tags vanish, emoji stay whole."""
    assert clean(dirty) == expected


@given(HOSTILE)
@example("\x1b]" + "x" * 200_000 + "\x07")
@ANY
def test_nothing_clean_can_steer_a_terminal(text: str) -> None:
    """No control but newline and tab, no bidi control, no lone surrogate; and cleaning twice changes nothing."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    for char in cleaned:
        assert char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}
        assert unicodedata.bidirectional(char) not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    cleaned.encode("utf-8")


@given(HOSTILE)
@ANY
def test_a_terminal_shows_a_hostile_line_within_its_own_line(text: str) -> None:
    """A real emulator fed with it: the cursor's line moves only by newlines, the title and the modes stay."""
    emulator = pyte.Screen(500, 60)
    before = (set(emulator.mode), emulator.title)
    pyte.Stream(emulator).feed(clean(text).replace("\n", "\r\n"))
    assert (set(emulator.mode), emulator.title) == before
    assert emulator.cursor.y == clean(text).count("\n")


def test_one_line_folds_white_space() -> None:
    """What stands in a cell of a table has no line ends."""
    assert one_line(" two\r\n\tlines \x1b[1m here ") == "two lines here"


# Widths


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("abc", 3),
        ("台北", 4),
        ("café", 4),
        ("cafe\u0301", 4),
        ("ｍ１２", 6),
        ("한국", 4),
        ("が", 2),
        ("か\u3099", 2),
        ("· … █", 5),
        (FAMILY, 2),
        ("👍🏽", 2),
        ("🇹🇼🇯🇵", 4),
        ("❤\ufe0f", 2),
        ("ไทย", 3),
        ("नमस्ते", 4),
        ("\x1b[1mbold\x1b[0m", 4),
    ],
)
def test_width_counts_cells(text: str, cells: int) -> None:
    """Wide characters two, marks none, joined emoji and flags two, paint none."""
    assert width(text) == cells


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("abc", 5, "abc"),
        ("abc", 2, "ab"),
        ("台北", 3, "台"),
        ("台北", 1, ""),
        (f"a{FAMILY}b", 2, "a"),
        (f"a{FAMILY}b", 3, f"a{FAMILY}"),
        ("cafe\u0301s", 4, "cafe\u0301"),
        ("🇹🇼🇯🇵", 3, "🇹🇼"),
        ("abc", 0, ""),
        ("abc", -1, ""),
        ("\x1b[1mbold\x1b[0m", 2, "\x1b[1mbo\x1b[0m"),
        ("\x1b[1mbo\x1b[0mld", 2, "\x1b[1mbo\x1b[0m"),
    ],
)
def test_cutting_never_splits_a_grapheme_and_closes_paint(text: str, cells: int, expected: str) -> None:
    """What does not fit whole is left out whole."""
    assert cut(text, cells) == expected


@given(st.text(max_size=30).map(clean), st.integers(0, 20))
@ANY
def test_cut_and_padded_text_fills_its_cells_and_no_more(text: str, cells: int) -> None:
    """cut is a prefix that fits; pad brings it to the width of the column exactly."""
    short = cut(text, cells)
    assert text.startswith(short)
    assert width(short) <= cells
    assert width(pad(short, cells)) == cells
    assert "".join(cluster for cluster, _ in graphemes(text)) == text


def test_plain_scripts_are_measured_without_tables() -> None:
    """ASCII, Latin, Greek, Cyrillic, Chinese, Japanese and Korean do not load wcwidth."""
    script = (
        "import sys; from memchat.cli.cells import width; width('aé Ж 台北 が 한 ・…'); print('wcwidth' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"
    )


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFFFF, categories=("L", "N", "P", "S")), max_size=10))
@ANY
def test_the_quick_way_agrees_with_the_tables(text: str) -> None:
    """Where both can measure, they measure the same."""
    from wcwidth import wcwidth

    assert sum(max(wcwidth(char), 0) for char in text) == sum(width(char) for char in text)


# Yes and no


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        *((word, True) for word in ("y", "YES", " ｙ ", "是", "好")),
        *((word, False) for word in ("n", "No", "不", "否")),
        *((word, None) for word in ("", "yes please", "maybe")),
    ],
)
def test_yes_and_no_are_read_in_any_width_and_case(word: str, meant: bool | None) -> None:
    """Everything else is neither."""
    assert said_yes(word) is meant


# Colour


@pytest.mark.parametrize(
    ("terminal", "environ", "coloured"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_follows_the_terminal_and_the_environment(
    terminal: bool, environ: dict[str, str], coloured: bool
) -> None:
    """NO_COLOR before FORCE_COLOR before what the output is."""
    of = screen(terminal=terminal, **environ)
    of.out(f"{of.bold('b')}{of.dim('d')}{of.accent('a')}{of.red('r')}")
    plain = printed(of) == "bdar\n"
    assert plain is not coloured
    assert of.colour is coloured


def test_plain_and_the_theme_none_take_the_colour_away() -> None:
    """A flag and a setting."""
    for name, value in (("plain", True), ("theme", "none")):
        of = screen(FORCE_COLOR="1")
        setattr(of, name, value)
        assert not of.colour
        assert of.bold("b") == "b"


def test_each_output_gets_paint_only_where_it_shows() -> None:
    """Notes on a terminal may be painted while results go to a file, and the file stays clean."""
    of = Screen({}, stdin=Terminal(), stdout=io.StringIO(), stderr=Terminal())
    of.out(of.bold("result"))
    of.note(of.bold("note"))
    assert printed(of) == "result\n"
    assert noted(of) == "\x1b[1mnote\x1b[0m\n"


def test_what_is_printed_is_clean_even_if_nobody_cleaned_it() -> None:
    """Escape sequences within painted text go; paint that was left open ends with the line."""
    of = screen()
    of.out(of.bold("a\x1b[2Jb") + "\x1b]0;title\x07c")
    of.out("\x1b[31mopen")
    of.write("str\x1b[5meam")
    assert printed(of) == "\x1b[1mab\x1b[0mc\n\x1b[31mopen\x1b[0m\nstream"


# What is printed where


def test_quiet_leaves_out_notes_never_errors_or_questions() -> None:
    """-q is about notices."""
    of = screen(NO_COLOR="1")
    of.quiet = True
    of.note("a notice")
    of.prompt("a question")
    of.error(NotFoundError("Nothing goes by m9.", "memchat memory list"))
    assert noted(of) == "a question\nerror: Nothing goes by m9.\n  memchat memory list\n"


def test_an_error_is_two_lines_whatever_is_in_it() -> None:
    """Line ends in a message would fake a third; without a hint it is one line."""
    of = screen(terminal=False)
    of.error(MemchatError("what\nhappened\x1b[2J", "do\nthis"))
    of.error(MemchatError("that"))
    assert noted(of) == "error: what happened\n  do this\nerror: that\n"


def test_json_is_the_same_document_and_steers_no_terminal() -> None:
    """Non-ASCII stays readable; C1, bidi controls and surrogates are escaped; reading it gives the text back."""
    of = screen(terminal=False)
    text = "台北 \x1b[2J \x9b31m \u202e \x7f \U000e0041 \ud800 é"
    of.json({"text": text})
    assert json.loads(printed(of)) == {"text": text}
    assert "台北" in printed(of)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\U000e0041\ud800]", printed(of))


def test_an_error_as_json_is_for_scripts() -> None:
    """code, message, hint, exit: nothing else, on standard error."""
    of = screen(terminal=False)
    of.json_error(NotFoundError("Nothing goes by m9.", "memchat memory list"))
    body = {"code": "not_found", "message": "Nothing goes by m9.", "hint": "memchat memory list", "exit": 6}
    assert json.loads(noted(of)) == {"error": body}
    assert printed(of) == ""


# The frame


@pytest.mark.parametrize(
    ("environ", "terminal", "ascii_"),
    [
        ({}, True, False),
        ({"LC_ALL": "C"}, True, True),
        ({"LANG": "en_US.ISO-8859-1"}, True, True),
        ({"LANG": "zh_TW.UTF-8"}, True, True),
        ({"LANG": "", "LC_CTYPE": "C.UTF-8"}, True, False),
        ({"LC_ALL": "C"}, False, False),
    ],
)
def test_the_frame_uses_ascii_where_its_signs_may_not_show(
    environ: dict[str, str], terminal: bool, ascii_: bool
) -> None:
    """A terminal that is not UTF-8, or may draw ambiguous characters wide; what is no terminal gets UTF-8."""
    of = screen(terminal=terminal, **environ)
    assert of.ascii is ascii_
    assert of.frame("a · b … █") == ("a - b ... #" if ascii_ else "a · b … █")


def test_ascii_can_be_wanted() -> None:
    """ui.ascii = "on"."""
    of = screen()
    of.ascii_wanted = True
    assert of.frame("…") == "..."


def test_a_cell_is_cut_with_an_ellipsis_on_a_terminal_only() -> None:
    """What goes into a pipe stays whole; at very few cells the sign itself is cut."""
    of = screen()
    assert of.fit("a long\nline", 8) == "a long …"
    assert of.fit("short", 8) == "short"
    assert of.fit("abc", 0) == ""
    of.ascii_wanted = True
    assert of.fit("a long line", 8) == "a lon..."
    assert of.fit("a long line", 2) == ".."
    assert screen(terminal=False).fit("a long line", 3) == "a long line"


def test_columns_are_the_terminals_and_80_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS is how a terminal of 20 columns is told to a program without one."""
    monkeypatch.setenv("COLUMNS", "20")
    assert screen().columns == 20
    assert screen(terminal=False).columns == 80


# Streams


def test_output_that_is_no_terminal_is_utf8_whatever_the_locale() -> None:
    """A pipe under a foreign code page still gets UTF-8, and a lone surrogate stops nothing."""
    script = (
        "import os; from memchat.cli.terminal import Screen; s = Screen(os.environ)\n"
        "s.out('台北 \\ud800'); s.stdout.write('\\ud800')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )
    assert done.stdout.decode("utf-8") == "台北 \ufffd\n?"


@pytest.mark.parametrize(
    ("data", "text", "notices"),
    [
        (b"caf\xc3\xa9", "café", 0),
        (b"\xef\xbb\xbfBOM", "BOM", 0),
        (b"a\xffb", "a\ufffdb", 1),
        (b"", "", 0),
    ],
)
def test_input_that_is_no_utf8_is_read_with_a_notice(data: bytes, text: str, notices: int) -> None:
    """Nothing is lost, and the person is told."""
    of = Screen({}, stdin=io.TextIOWrapper(io.BytesIO(data)), stdout=io.StringIO(), stderr=io.StringIO())
    assert of.read_stdin() == text
    assert noted(of).count("not all UTF-8") == notices


def test_input_handed_over_within_the_process_is_read() -> None:
    """Text without bytes behind it, as in tests of commands."""
    of = Screen({}, stdin=io.StringIO("hello"), stdout=io.StringIO(), stderr=io.StringIO())
    assert of.piped
    assert of.read_stdin() == "hello"


@pytest.mark.parametrize(
    ("kind", "piped"), [("file", True), ("pipe", True), ("null", False), ("closed", False), ("tty", False)]
)
def test_piped_input_is_a_pipe_or_a_file(kind: str, piped: bool, tmp_path: Path) -> None:
    """A terminal, /dev/null and a closed input hold no prompt."""
    (tmp_path / "prompt").write_text("hello")
    pipe_out, pipe_in = os.pipe()
    leader, follower = pty.openpty()
    places: dict[str, int | str] = {"file": str(tmp_path / "prompt"), "pipe": pipe_out, "tty": follower}
    place = places.get(kind, os.devnull)
    with open(place, encoding="utf-8", closefd=isinstance(place, str)) as stdin:
        if kind == "closed":
            stdin.close()
        assert Screen({}, stdin=stdin, stdout=io.StringIO(), stderr=io.StringIO()).piped is piped
    for descriptor in (pipe_out, pipe_in, leader, follower):
        os.close(descriptor)


class Broken(io.StringIO):
    """An output that fails like a full disk or a closed pipe."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def write(self, _text: str) -> int:
        raise self.error


def test_a_full_disk_behind_the_output_is_an_error_for_people() -> None:
    """What, and what to do."""
    full = Broken(OSError(28, "No space left on device"))
    of = Screen({}, stdin=io.StringIO(), stdout=full, stderr=io.StringIO())
    with pytest.raises(MemchatError, match="No space left on device"):
        of.out("result")


def test_closed_streams_are_no_failure() -> None:
    """`memchat config path >&- 2>&- <&-`: printing goes nowhere, nothing is piped, nobody can be asked."""
    script = (
        "import os; from memchat.cli.terminal import Screen; s = Screen(os.environ)\n"
        "s.out('x'); s.note('x'); s.flush(); s.abandon(s.stdout)\n"
        "raise SystemExit(7 if s.read_stdin() == '' and not s.can_ask else 1)"
    )
    command = f"exec {shlex.quote(sys.executable)} -c {shlex.quote(script)} >&- 2>&- <&-"
    assert subprocess.run(["sh", "-c", command], check=False).returncode == 7


def test_a_closed_pipe_behind_the_output_stays_one() -> None:
    """The outermost handler leaves quietly then."""
    of = Screen({}, stdin=io.StringIO(), stdout=Broken(BrokenPipeError(32, "Broken pipe")), stderr=io.StringIO())
    with pytest.raises(BrokenPipeError):
        of.json([])


# Asking


def test_nobody_is_asked_where_nobody_can_answer() -> None:
    """Input from a pipe, or no terminal to show the question on."""
    for stdin, out in ((io.StringIO("yes\n"), Terminal()), (Terminal("yes\n"), io.StringIO())):
        of = Screen({}, stdin=stdin, stdout=out, stderr=out)
        assert not of.can_ask
        for ask in (of.ask, of.ask_hidden):
            with pytest.raises(RefusedError, match="no terminal"):
                ask("Erase? ")


def test_a_question_is_shown_where_a_terminal_is() -> None:
    """On standard error, or on standard output when that alone is a terminal; the answer comes without its line end."""
    for stdout, stderr in ((io.StringIO(), Terminal()), (Terminal(), io.StringIO())):
        of = Screen({"NO_COLOR": "1"}, stdin=Terminal("ｙｅｓ\r\n"), stdout=stdout, stderr=stderr)
        assert of.ask("Erase? \x1b[2J") == "ｙｅｓ"
        assert {printed(of), noted(of)} == {"", "Erase? "}


def test_the_end_of_input_is_no_answer() -> None:
    """Ctrl-D at a question must not mean the choice that Enter means."""
    of = screen()
    with pytest.raises(RefusedError, match="No answer"):
        of.ask("Choice [1]: ")


@pytest.fixture
def hidden() -> Iterator[pexpect.spawn]:
    """A hidden question on a real terminal."""
    script = (
        "import os; from memchat.cli.terminal import Screen; from memchat.errors import MemchatError\n"
        "s = Screen(os.environ)\n"
        "try: s.out('got ' + s.ask_hidden('Key: ')[::-1])\nexcept MemchatError as e: s.error(e)"
    )
    child = pexpect.spawn(sys.executable, ["-c", script], encoding="utf-8", timeout=60)
    child.expect_exact("Key: ")
    yield child
    child.expect(pexpect.EOF)
    child.close()


def test_what_is_typed_at_a_hidden_question_does_not_show(hidden: pexpect.spawn) -> None:
    """A key is not left on the screen."""
    hidden.sendline("sk-12345")
    hidden.expect_exact("got 54321-ks")
    assert "sk-12345" not in hidden.before


def test_the_end_of_input_at_a_hidden_question_is_no_answer(hidden: pexpect.spawn) -> None:
    """Ctrl-D is told in one line, without a traceback."""
    hidden.sendeof()
    hidden.expect_exact("No answer was given.")


@pytest.mark.parametrize("columns", [80, 40, 20])
def test_an_error_is_folded_at_the_edge_of_a_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """At words, the hint indented throughout, every word still there."""
    monkeypatch.setenv("COLUMNS", str(columns))
    of = screen(TERM="xterm")
    message = "The server at 127.0.0.1 could not be reached, and so nothing at all was sent to it this time."
    hint = "Look whether it runs there, or choose another model: memchat -m notebook"
    of.error(MemchatError(message, hint))
    text = noted(of)
    assert text.startswith("\x1b[31merror\x1b[0m: The")
    lines = text.replace("\x1b[31m", "").replace("\x1b[0m", "").splitlines()
    assert max(width(line) for line in lines) <= columns
    assert " ".join(" ".join(lines).split()) == f"error: {message} {hint}"
    assert all(line.startswith("  ") for line in lines[lines.index(next(x for x in lines if "Look" in x)) :])
