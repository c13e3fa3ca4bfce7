"""How far something is: a bar on a terminal, lines elsewhere, nothing with -q."""

import io

import pytest
from memchat.cli.progress import Progress
from memchat.cli.terminal import Screen

from tests.cli.screens import pipe, terminal


def told(screen: Screen) -> str:
    """What stands on standard error."""
    assert isinstance(screen.stderr, io.StringIO)
    return screen.stderr.getvalue()


def test_a_bar_grows_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line that is drawn over, only where it changes, and is empty at the end."""
    screen = terminal(monkeypatch, 80)
    with Progress(screen, "Indexing") as progress:
        for done in (500, 500, 2_000):
            progress.show(done, 2_000)
    half, whole = "█" * 5 + " " * 15, "█" * 20
    assert told(screen) == (
        f"\r\x1b[K  Indexing  {half}  500 of 2,000\r\x1b[K  Indexing  {whole}  2,000 of 2,000\r\x1b[K"
    )
    assert (progress.done, progress.total) == (2_000, 2_000)


def test_a_narrow_terminal_and_an_unknown_end_have_their_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut before the edge; without a whole there is no bar; in ASCII it is #."""
    screen = terminal(monkeypatch, 24)
    with Progress(screen, "Indexing") as progress:
        progress.show(5, 10)
    assert told(screen) == f"\r\x1b[K  Indexing  {'█' * 10} \r\x1b[K"
    screen = terminal(monkeypatch, 80, lang="zh_TW.UTF-8")
    with Progress(screen, "Vectors") as progress:
        progress.show(1_234)
        progress.show(1, 2)
    assert "  Vectors  1,234\r" in told(screen)
    assert "#" * 10 + " " in told(screen)


def test_without_a_terminal_there_is_a_line_now_and_then() -> None:
    """Ten for the whole, however often it is told."""
    screen = pipe()
    with Progress(screen, "Indexing") as progress:
        for done in range(1, 1_001):
            progress.show(done, 1_000)
    lines = told(screen).splitlines()
    assert lines[0] == "  Indexing: 1 of 1,000"
    assert lines[-1] == "  Indexing: 1,000 of 1,000"
    assert len(lines) == 11


def test_quiet_shows_nothing_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """-q, and --json."""
    quiet = terminal(monkeypatch, 80)
    quiet.quiet = True
    for screen, silent in ((quiet, False), (terminal(monkeypatch, 80), True)):
        with Progress(screen, "Indexing", silent=silent) as progress:
            progress.show(3, 10)
        assert told(screen) == ""
        assert progress.done == 3


@pytest.mark.parametrize(("plain", "term"), [(True, "xterm"), (False, "dumb")])
def test_a_terminal_that_cannot_be_steered_gets_lines(monkeypatch: pytest.MonkeyPatch, plain: bool, term: str) -> None:
    """Nothing is drawn over."""
    screen = terminal(monkeypatch, 80)
    screen.plain, screen.environ = plain, {"TERM": term}
    with Progress(screen, "Indexing") as progress:
        progress.show(1, 2)
    assert told(screen) == "  Indexing: 1 of 2\n"
