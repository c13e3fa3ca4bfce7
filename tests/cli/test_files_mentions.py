"""@path in a message: which words name a file, what was typed, and what lies outside the current folder."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.cli.mentions import mentions, real
from memchat.cli.pasted import Line, PastedSpans, Span


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with some files, the current one."""
    folder = tmp_path / "here"
    (folder / "src").mkdir(parents=True)
    for name in ("notes.md", "筆記.md", "a b.md", "party 🎉.md", "Makefile", "src/app.py", "x.y.", "what"):
        (folder / name).write_text("x", "utf-8")
    (tmp_path / "secret.txt").write_text("x", "utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "inner.txt").symlink_to(folder / "notes.md")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    return folder


def named(text: str, *, pasted: tuple[Span, ...] = (), small: tuple[Span, ...] = ()) -> list[str]:
    """The names of the files that a line names."""
    return [one.name for one in mentions(Line(text, pasted, small=small))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@notes.md", ["notes.md"]),
        ("What does @notes.md say?", ["notes.md"]),
        ("Is it in @notes.md?", ["notes.md"]),
        ("(see @src/app.py).", ["src/app.py"]),
        ("Compare @notes.md, @Makefile; and @src/app.py!", ["notes.md", "Makefile", "src/app.py"]),
        ('Read @"a b.md" and @"party 🎉.md"', ["a b.md", "party 🎉.md"]),
        ("請看@筆記.md。", ["筆記.md"]),
        ("請看@筆記.md，謝謝", ["筆記.md"]),
        ("@notes.md這是什麼？", ["notes.md"]),
        ("first line\n@notes.md\nlast", ["notes.md"]),
        ("@./notes.md", ["./notes.md"]),
        ("@x.y.", ["x.y."]),
        ("twice @notes.md and @./notes.md", ["notes.md"]),
        ("a folder: @src", ["src"]),
        # Plain words
        ("write to me@notes.md", []),
        ("@nobody knows @what?", ["what"]),
        ("@", []),
        ("@ notes.md", []),
        ("@. @.. @/ @~ @./", []),
        ("@@notes.md", []),
        ("pkg/@notes.md", []),
        ("`@notes.md`", []),
        ('@"no such file"', []),
        ("@gone.md", []),
        ("@notes.md/below", []),
        ("@" + "x" * 5_000, []),
        ("notes.md", []),
        ("@\ud800", []),
    ],
)
def test_only_a_word_that_is_a_path_names_a_file(text: str, names: list[str]) -> None:
    """All else stays what it is: words."""
    assert named(text) == names


def test_a_pasted_at_names_nothing() -> None:
    """Neither in a large paste nor in a small one; what was typed beside it does."""
    text = "@notes.md @Makefile"
    assert named(text, pasted=((0, 9),)) == ["Makefile"]
    assert named(text, small=((10, 19),)) == ["notes.md"]
    assert named(text, pasted=((0, 19),)) == []
    # The @ is what counts: a path may be pasted behind it, as terminals do with a file dragged into them.
    assert named(text, small=((1, 9), (11, 19))) == ["notes.md", "Makefile"]


@pytest.mark.parametrize(
    ("name", "outside"),
    [
        ("notes.md", False),
        ("src/app.py", False),
        ("src/../notes.md", False),
        ("inner.txt", False),
        ("../here/notes.md", False),
        ("~/here/notes.md", False),
        ("../secret.txt", True),
        ("link.txt", True),
        ("~/secret.txt", True),
        ("src/../../secret.txt", True),
        ("/etc/hosts", True),
    ],
)
def test_links_and_dots_are_followed_to_where_a_file_is(name: str, outside: bool) -> None:
    """Where it really is decides, not how it is written."""
    (one,) = mentions(Line(f"@{name}"))
    assert one.outside is outside
    assert one.path == Path(name).expanduser().resolve()


def test_where_the_current_folder_is_gone_all_is_outside(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can say that it is inside."""
    (one,) = mentions(Line(f"@{here}/notes.md"))
    gone = here / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert one.outside
    os.chdir("/")  # where pytest can go on from


def test_a_folder_beside_with_the_same_beginning_is_outside(here: Path) -> None:
    """`/home/me/here2` is not in `/home/me/here`."""
    other = here.parent / "here2"
    other.mkdir()
    (other / "x.md").write_text("x", "utf-8")
    (one,) = mentions(Line("@../here2/x.md"))
    assert one.outside


@pytest.mark.parametrize("name", ["a\x00b", "~nobody-of-that-name/x", "", "x" * 10_000])
def test_what_can_be_no_path_is_none(name: str) -> None:
    """Nothing is raised for it."""
    assert real(name) in {None, Path.cwd()}


@given(st.text(st.sampled_from('@ "./~ab筆。,(\n'), max_size=24))
@settings(max_examples=200)
def test_any_line_is_looked_through(text: str) -> None:
    """And what it names is there."""
    for one in mentions(Line(text)):
        assert one.path.exists()


def test_small_pastes_are_followed_through_edits() -> None:
    """Where the terminal says that it pastes, the place is known, even where the letters beside it are the same."""
    spans = PastedSpans()
    spans.changed("@")
    spans.changed("@notes.md @", pasted_at=0)
    assert (spans.small, spans.spans) == ([(0, 10)], [])
    spans.changed("see @notes.md @")
    assert spans.small == [(4, 14)]
    spans.changed("see @")
    assert spans.small == [(4, 5)]  # which of the two is left nobody can tell: the one that names nothing


def test_a_large_paste_stays_one_however_it_is_told() -> None:
    """By its size it is a paste already."""
    spans = PastedSpans()
    spans.changed("x" * 300, pasted_at=0)
    assert (spans.spans, spans.small) == ([(0, 300)], [])
    spans.begin(Line("ab", ((0, 1),), small=((1, 2),)))
    assert (spans.spans, spans.small) == ([(0, 1)], [(1, 2)])


def test_a_line_goes_on_below() -> None:
    """With what was typed ahead, pasted or not."""
    line = Line("one", ((0, 3),), unsent=True).then("two", pasted=True)
    assert line == Line("one\ntwo", ((0, 3), (4, 7)), unsent=True)
    assert line.then("x", pasted=False).pasted == ((0, 3), (4, 7))
