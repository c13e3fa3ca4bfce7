"""Replies as they stream: each line printed once, in any pieces, at any width."""

import os
import re
from io import StringIO
from itertools import pairwise

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.cli.cells import width
from memchat.cli.markdown_blocks import BlockSplitter
from memchat.cli.markdown_render import MarkdownRenderer
from memchat.cli.stream_markdown import LiveTail, MarkdownStream, PieceCleaner, PlainStream, reflows
from memchat.cli.wrapping import _grapheme_offsets, break_offsets, wrap

REPLY = """\
# Rate limits

Then the **table** is complete, see [the notes](https://example.org/notes):

| Key   | per minute | burst |
|-------|-----------:|------:|
| paid  |        100 |    20 |
| trial |         30 |    20 |

- one
- two, which has
  a second line

  and a second paragraph
- three
  1. nested

> quoted words
> go on

```python
def limit(key):
    \"\"\"Two lines

    of words.\"\"\"
    return LIMITS[key]
```

中文也可以，例如「台北」的天氣很好，我們去走走吧，順便買一點水果回家。

1. first
2. second
"""


def blocks_of(text: str, pieces: int) -> list[tuple[str, bool]]:
    """The blocks of `text`, fed in pieces of that many characters."""
    splitter = BlockSplitter()
    found = []
    for start in range(0, len(text), pieces):
        found += splitter.feed(text[start : start + pieces])
    return [(block.text, block.gap) for block in [*found, *splitter.close()]]


def shown(text: str, *, rows: int = 24, columns: int = 80, pieces: int = 3, colour: bool = False) -> list[str]:
    """What a terminal shows in the end, scrollback first, blank rows at the end left out."""
    emulator = pyte.HistoryScreen(columns, rows, history=5000)
    emulator.set_mode(pyte.modes.LNM)
    stream = pyte.Stream(emulator)
    out = StringIO()
    reply = MarkdownStream(out, lambda: os.terminal_size((columns, rows)), colour=colour, theme="auto")
    for start in range(0, len(text), pieces):
        reply.feed(text[start : start + pieces])
        stream.feed(out.getvalue())
        out.seek(0)
        out.truncate()
    reply.close()
    stream.feed(out.getvalue())
    past = ["".join(line[x].data for x in range(columns)).rstrip() for line in emulator.history.top]
    return "\n".join([*past, *(row.rstrip() for row in emulator.display)]).rstrip("\n").split("\n")


def words(text: str) -> list[str]:
    """Runs of letters and digits; Han characters one by one."""
    return re.findall(r"[A-Za-z0-9]+|[\u4e00-\u9fff]", text)


# Blocks


@pytest.mark.parametrize("pieces", [1, 2, 7, 10_000])
def test_blocks_do_not_depend_on_how_the_text_was_cut(pieces: int) -> None:
    """A model sends syllables or pages: the blocks are the same."""
    assert blocks_of(REPLY, pieces) == blocks_of(REPLY, 5)


def test_blocks_end_where_markdown_says() -> None:
    """Headings and rules at once, lists item by item, fences at their end, all else at a blank line."""
    text = (
        "# A\nwords\nmore\n- x\n- y\n\n  z\n- w\n***\n```\na\n\nb\n```\nend\n---\n> q\n> r\n\n    code\n\n    c\nlast"
    )
    assert [text for text, _ in blocks_of(text, 1)] == [
        "# A",
        "words\nmore",
        "- x",
        "- y\n\n  z",
        "- w",
        "***",
        "```\na\n\nb\n```",
        "end\n---",
        "> q\n> r",
        "    code\n\n    c",
        "last",
    ]


def test_items_of_a_tight_list_stand_without_gaps() -> None:
    """A blank line stands between blocks, not between the items of a list that has none."""
    assert [gap for _, gap in blocks_of("a\n- x\n- y\n\n- z\n\nb", 1)] == [True, True, False, True, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- ```\n  a\n\n  b\n  ```\n- c", ["- ```\n  a\n\n  b\n  ```", "- c"]),
        ("1. x\n\n   ```\n   - a\n   ```\n2. y", ["1. x\n\n   ```\n   - a\n   ```", "2. y"]),
        ("- ```\n  a\nb\n\nc", ["- ```\n  a", "b", "c"]),
        ("~~~\n```\n~~~\nx", ["~~~\n```\n~~~", "x"]),
        ("``` a`b\nx\n\ny", ["``` a`b\nx", "y"]),
        ("- a\nlazy\n# b", ["- a\nlazy", "# b"]),
        ("> a\nlazy\n```\nx\n```", ["> a\nlazy", "```\nx\n```"]),
        ("words\n    not code", ["words\n    not code"]),
        ("year 1986.\n1986. A year", ["year 1986.\n1986. A year"]),
        ("a\r\n\r\nb", ["a", "b"]),
        ("\n\n\n", []),
        ("```\nnever closed\n\n# no heading", ["```\nnever closed\n\n# no heading"]),
    ],
)
def test_blocks_in_awkward_places(text: str, expected: list[str]) -> None:
    """Fences in items, lazy lines, numbers that begin a line, ends of lines from Windows."""
    assert [text for text, _ in blocks_of(text, 2)] == expected


@given(st.text(alphabet="ab1 \n-*>#`~|.\t", max_size=120), st.integers(1, 9))
@settings(max_examples=300, deadline=None)
def test_no_character_is_lost_between_blocks(text: str, pieces: int) -> None:
    """Blank lines aside, the blocks in order are the text, however it was cut."""
    found = blocks_of(text, pieces)
    kept = [line for line in text.split("\n") if line.strip()]
    assert [line for block, _ in found for line in block.split("\n") if line.strip()] == kept
    assert found == blocks_of(text, len(text) + 1)


# Lines


@given(st.text(max_size=80), st.integers(2, 40))
@settings(max_examples=300, deadline=None)
def test_no_line_is_wider_than_its_room(text: str, cells: int) -> None:
    """Cut anywhere, in any script, the pieces fit and are the text again."""
    line = text.replace("\n", " ")
    edges = [0, *break_offsets(line, cells), len(line)]
    pieces = [line[a:b] for a, b in pairwise(edges)]
    assert "".join(pieces) == line
    assert all(width(piece.rstrip()) <= cells for piece in pieces)
    code = [0, *break_offsets(line, cells, code=True), len(line)]
    assert all(width(line[a:b]) <= cells for a, b in pairwise(code))


def test_lines_break_at_spaces_and_between_wide_characters() -> None:
    """English at its spaces, Chinese anywhere but before a comma or after an opening bracket."""
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("我住在台北，好", 10) == ["我住在台", "北，好"]
    assert wrap("我住在「台北」好", 8) == ["我住在", "「台北」", "好"]
    assert wrap("unbreakable", 4) == ["unbr", "eaka", "ble"]
    assert wrap("a\tb\n", 80) == ["a    b", ""]


# Rendering


@pytest.mark.parametrize("cells", [16, 40, 76, 196])
@pytest.mark.parametrize("colour", [False, True])
def test_every_word_is_shown_and_every_line_fits(cells: int, colour: bool) -> None:
    """Tables, lists, code and links lose nothing on any terminal from 20 to 200 columns."""
    renderer = MarkdownRenderer(colour=colour)
    lines = [line for block, _ in blocks_of(REPLY, 9) for line in renderer.render(block, cells)]
    bare = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    assert all(width(line) <= cells for line in bare)
    wanted = [word for word in words(REPLY) if word != "python"]
    assert "".join(sorted("".join(words("".join(bare))))) == "".join(sorted("".join(wanted)))


def test_markup_becomes_paint_and_layout() -> None:
    """Headings, emphasis, code, links, tables and lists read as such, without their marks."""
    renderer = MarkdownRenderer(colour=False)
    assert renderer.render("# Rate *limits*", 40) == ["Rate limits"]
    assert renderer.render("a **b** `c` ~~d~~\ne  \nf", 40) == ["a b `c` d e", "f"]
    assert renderer.render("[x](http://y) <http://z> [http://w](http://w) <m@x.y>", 60) == [
        "x (http://y) http://z http://w m@x.y"
    ]
    assert renderer.render("![alt](p.png)", 40) == ["[image: alt] (p.png)"]
    assert renderer.render("| a | bb |\n|---|--:|\n| long | 1 |", 40) == ["a     bb", "long   1"]
    assert renderer.render("> a\n>\n> b", 40) == ["> a", ">", "> b"]
    assert renderer.render("***", 40) == ["-" * 20]
    assert renderer.render("3. x\n4. y", 40) == ["3. x", "4. y"]
    assert renderer.render("- x\n  - y\n\n- z", 40) == ["- x", "", "  - y", "", "- z"]
    assert renderer.render("-", 40) == ["-"]


def test_what_markdown_would_hide_stays_visible() -> None:
    """HTML, reference definitions and unknown languages are words a model wrote."""
    renderer = MarkdownRenderer(colour=True)
    assert renderer.render("List<String> <b>x</b>", 60) == ["List<String> <b>x</b>"]
    assert renderer.render("<div>\nx\n</div>", 60) == ["<div> x </div>"]
    assert renderer.render("[1]: http://x.y", 60) == ["[1]: http://x.y"]
    assert renderer.render("```nosuchlanguage\nx\n```", 60) == ["  x"]
    assert renderer.render("```\n\n  x\n```", 60) == ["", "    x"]


def test_code_is_painted_and_folded_where_it_must() -> None:
    """Colours by language; a line too long for the screen goes on below, every character in it."""
    painted = MarkdownRenderer(colour=True).render("```python\nreturn 1\n```", 40)
    assert "\x1b[" in painted[0]
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted[0]) == "  return 1"
    plain = MarkdownRenderer(colour=False).render("```python\nx = 'aaaa bbbb'\n```", 8)
    assert plain == ["  x = 'a", "  aaa bb", "  bb'"]
    long = "x" * 30_000
    assert "".join(MarkdownRenderer(colour=True).render(f"```python\n{long}\n```", 80)).count("x") == 30_000


def test_a_light_theme_takes_the_light_colours() -> None:
    """`ui.theme` chooses the colours of code."""
    code = "```python\n# words\nreturn 1\n```"
    assert MarkdownRenderer(colour=True, theme="light").render(code, 40) != MarkdownRenderer(colour=True).render(
        code, 40
    )


def test_a_table_wider_than_the_screen_wraps_and_then_gives_up() -> None:
    """Cells fold; where no column would be readable the row is shown as a line."""
    table = "| name | words |\n|---|---|\n| alpha | one two three four |"
    assert MarkdownRenderer(colour=False).render(table, 18) == [
        "name   words",
        "alpha  one two",
        "       three four",
    ]
    assert MarkdownRenderer(colour=False).render(table, 6) == [
        "name |",
        "words",
        "alpha",
        "| one",
        "two",
        "three",
        "four",
    ]


def test_escape_sequences_of_a_model_never_reach_the_terminal() -> None:
    """A reply cannot move the cursor, set a title or turn text around."""
    reply = "a\x1b[2Jb \x1b]0;title\x07c \u202eevil\n\n```\n\x1b[31mx\n```\n"
    lines = "\n".join(shown(reply, pieces=1))
    assert "\x1b" not in lines
    assert "\u202e" not in lines
    assert "ab c evil" in lines


# Streaming


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (24, 40), (24, 20), (5, 20), (60, 200)])
@pytest.mark.parametrize("pieces", [1, 11])
def test_the_scrollback_holds_each_line_once(rows: int, columns: int, pieces: int) -> None:
    """Whatever was live, in the end the screen shows the finished blocks and nothing twice."""
    renderer = MarkdownRenderer(colour=False)
    expected: list[str] = []
    for block, gap in blocks_of(REPLY, 100):
        lines = renderer.render(block, columns - 4)
        expected += [""] * (gap and bool(expected)) + [f"  {line}".rstrip() for line in lines]
    assert shown(REPLY, rows=rows, columns=columns, pieces=pieces) == expected


def test_a_block_longer_than_the_screen_is_live_and_then_printed_once() -> None:
    """The live part shows the newest lines; the whole block replaces it."""
    code = "```\n" + "\n".join(f"line {number}" for number in range(100)) + "\n```\nend"
    assert shown(code, rows=10) == [*(f"    line {number}" for number in range(100)), "", "  end"]


def test_what_is_unfinished_is_seen_at_once() -> None:
    """Words show as they come, before anything ends their block."""
    out = StringIO()
    reply = MarkdownStream(out, lambda: os.terminal_size((80, 24)), colour=False, theme="auto")
    assert reply.idle
    reply.feed("Hel")
    assert "Hel" in out.getvalue()
    reply.feed("lo **wor")
    assert out.getvalue().endswith("  Hello **wor")
    assert not reply.idle


@pytest.mark.parametrize("length", [1_000, 20_000])
def test_a_piece_costs_the_same_however_long_the_reply(length: int) -> None:
    """A token writes at most its line, or the live part once: not the reply so far."""
    out = StringIO()
    tail = LiveTail(out, lambda: os.terminal_size((80, 24)))
    tail.show("word " * (length // 5))
    before = out.tell()
    tail.show("more ")
    assert out.tell() - before < 24 * 80


def drawn(tail_of: StringIO, columns: int, emulator: pyte.HistoryScreen | None = None) -> list[str]:
    """The rows that a terminal shows of what was written."""
    screen = emulator or pyte.HistoryScreen(columns, 24, history=100)
    screen.set_mode(pyte.modes.LNM)
    pyte.Stream(screen).feed(tail_of.getvalue())
    return [row.rstrip() for row in screen.display if row.strip()]


def test_a_token_is_only_appended() -> None:
    """Where it fits into the row, nothing but itself is written; a word that moves takes only itself along."""
    out = StringIO()
    tail = LiveTail(out, lambda: os.terminal_size((20, 24)))
    tail.show("one two three")
    before = out.tell()
    tail.show(" 茶")
    assert out.getvalue()[before:] == " 茶"
    tail.show(" and")
    assert out.getvalue()[before:] == " 茶\n  and"
    tail.show(" so on wor")
    tail.show("dily")
    assert out.getvalue().endswith("\x1b[4D\x1b[K\n  wordily")
    assert drawn(out, 20) == ["  one two three 茶", "  and so on", "  wordily"]


@pytest.mark.parametrize(("reflows_", "rows"), [(True, 5), (False, 3)])
def test_what_a_narrower_window_folded_is_taken_back_whole(reflows_: bool, rows: int) -> None:
    """Where the terminal folds its lines anew they take more rows; where it cuts them off they do not."""
    size = [os.terminal_size((40, 24))]
    out = StringIO()
    tail = LiveTail(out, lambda: size[0], reflows=reflows_)
    tail.show("one two three four five six seven eight nine ten eleven twelve thirteen")
    size[0] = os.terminal_size((20, 24))
    assert tail.resized
    tail.erase()
    assert out.getvalue().endswith(f"\x1b[{rows - 1}A\r\x1b[J")


@pytest.mark.parametrize(
    ("environ", "folds"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-1/default,1,0"}, True),
        ({"TERM": "tmux-256color"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7000"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, True),
    ],
)
def test_terminals_that_fold_anew_are_known(environ: dict[str, str], folds: bool) -> None:
    """By what they say of themselves; of one that says nothing, nothing is taken back that may be above."""
    assert reflows(environ) is folds


@given(
    st.text(alphabet="ab .,-()", max_size=60) | st.text("a 台，「」。é", max_size=60), st.integers(1, 20), st.booleans()
)
def test_plain_letters_break_as_all_others_do(text: str, cells: int, code: bool) -> None:
    """The short ways for ASCII and for Chinese give what the long one does."""
    assert break_offsets(text, cells, code=code) == _grapheme_offsets(text, cells, code=code)


def test_without_a_live_part_only_whole_blocks_are_printed() -> None:
    """`--plain`: the same lines, and no sequence at all."""
    out = StringIO()
    reply = MarkdownStream(out, lambda: os.terminal_size((80, 24)), colour=False, theme="auto", live=False)
    for start in range(0, len(REPLY), 5):
        reply.feed(REPLY[start : start + 5])
    reply.close()
    assert "\x1b" not in out.getvalue()
    assert out.getvalue().rstrip("\n").split("\n") == shown(REPLY)


def test_endless_blanks_stay_cheap() -> None:
    """A model that sends nothing but spaces fills no line."""
    out = StringIO()
    tail = LiveTail(out, lambda: os.terminal_size((20, 5)))
    for _ in range(1_000):
        tail.show("   ")
    assert len(out.getvalue()) < 10_000


@given(st.text(alphabet="ab 台。\n-`*|#>", max_size=200), st.integers(3, 12), st.integers(20, 60), st.integers(1, 9))
@settings(max_examples=100, deadline=None)
def test_any_reply_ends_on_the_screen_as_its_blocks(text: str, rows: int, columns: int, pieces: int) -> None:
    """However it came, the screen holds what rendering the finished blocks gives, each line once."""
    renderer = MarkdownRenderer(colour=False)
    expected: list[str] = []
    for block, gap in blocks_of(text, 7):
        lines = renderer.render(block, columns - 4)
        if any(lines):
            expected += [""] * (gap and bool(expected)) + [f"  {line}".rstrip() for line in lines]
    assert shown(text, rows=rows, columns=columns, pieces=pieces) == ("\n".join(expected).rstrip("\n").split("\n"))


# Plain


@pytest.mark.parametrize("pieces", [1, 3, 1000])
def test_plain_is_what_the_model_wrote(pieces: int) -> None:
    """`--plain` and pipes get every character as it came, cleaned, and one newline at the end."""
    printed: list[str] = []
    reply = PlainStream(printed.append)
    text = "# A\r\n**b** \x1b[31mred\x1b[0m\n| c |"
    for start in range(0, len(text), pieces):
        reply.feed(text[start : start + pieces])
    assert not reply.idle
    reply.close()
    reply.close()
    assert "".join(printed) == "# A\n**b** red\n| c |\n"
    assert reply.idle


@given(st.text(alphabet="a\x1b[]0;31m\r\n\x07~ ", max_size=60), st.integers(1, 5))
@settings(max_examples=200, deadline=None)
def test_no_piece_smuggles_an_escape_through(text: str, pieces: int) -> None:
    """A sequence cut in two is as harmless as a whole one."""
    cleaner = PieceCleaner()
    out = "".join(cleaner.clean(text[start : start + pieces]) for start in range(0, len(text), pieces))
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", out)
