"""Where the model reads a summary in place of older turns: the line on the screen, /compact and /expand."""

import io
from pathlib import Path

import pytest
from memchat.bootstrap import App
from memchat.chat.events import Compacted, Event, Text, TurnFinished
from memchat.cli.compact_view import boundary, nothing
from memchat.cli.terminal import Screen
from memchat.cli.turn_view import TurnView
from memchat.domain import INCOGNITO, SessionKind, Usage

from tests.builders import add_turn
from tests.cli.chatting import chatted
from tests.cli.screens import Tty
from tests.conftest import NOW

FOLDED = Compacted(20, "s1.1", "s1.20", 0, 11, summed_up=True, fewer=False, why="over 30 turns")


def a_terminal(monkeypatch: pytest.MonkeyPatch, columns: int = 80) -> Screen:
    """A terminal whose standard error is the same screen."""
    monkeypatch.setenv("COLUMNS", str(columns))
    both = Tty()
    return Screen({"TERM": "xterm", "NO_COLOR": "1"}, stdin=Tty(), stdout=both, stderr=both)


def test_one_line_says_what_the_model_reads_from_here_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that prints the rest at its end; on a narrow terminal below it."""
    (line,) = boundary(a_terminal(monkeypatch), FOLDED)
    assert line.startswith("  From here on 20 older turns are a summary (s1.1 to s1.20).  ")
    assert line.endswith("/expand")
    assert boundary(a_terminal(monkeypatch, 40), FOLDED) == [
        "  From here on 20 older turns are a",
        "  summary (s1.1 to s1.20).",
        "  /expand",
    ]


@pytest.mark.parametrize(
    ("compacted", "said"),
    [
        (
            Compacted(1, "s1.1", "s1.1", 1, 4, summed_up=False, fewer=True, why=""),
            (
                "From here on 1 older turn is a list of what was asked and decided (s1.1). They are long: the newest 4 "
                "fit. 1 large piece of a newer one is left out; the model can look it up. /expand"
            ),
        ),
        (
            Compacted(1, "s1.1", "s1.1", 0, 1, summed_up=True, fewer=True, why=""),
            "From here on 1 older turn is a summary (s1.1). They are long: the newest 1 fits. /expand",
        ),
        (
            Compacted(0, "", "", 3, 9, summed_up=False, fewer=False, why=""),
            "3 large pieces of newer ones are left out; the model can look them up.",
        ),
    ],
)
def test_what_else_was_left_out_is_said(monkeypatch: pytest.MonkeyPatch, compacted: Compacted, said: str) -> None:
    """No model's summary, fewer turns than wanted, pieces of the turns that stay."""
    lines = boundary(a_terminal(monkeypatch), compacted)
    assert " ".join(" ".join(lines).split()) == said


@pytest.mark.parametrize("first", [True, False], ids=["before the reply", "after its first words"])
def test_the_line_stands_beside_the_reply(monkeypatch: pytest.MonkeyPatch, *, first: bool) -> None:
    """Above it; below it, where the reply had begun."""
    screen = a_terminal(monkeypatch)
    view = TurnView(screen, NOW, show_memory=True, saved=True)
    view.wait("waiting for m ...")
    events: list[Event] = [Text("Hello.")]
    events.insert(0 if first else 1, FOLDED)
    for event in (*events, TurnFinished("Hello.", "stop", Usage(), 0, (), ())):
        view.take(event)
    view.finish()
    out = screen.stdout
    assert isinstance(out, io.StringIO)
    seen = out.getvalue()
    assert seen.count("From here on 20 older turns") == 1
    assert (seen.index("From here on") < seen.index("Hello.")) == first


def test_compact_folds_and_expand_prints(app: App) -> None:
    """All but the newest ten; the transcript is whole."""
    talk = add_turn(app.store, "My first question.", "My first answer.", kind=SessionKind.CHAT).session_id
    for number in range(2, 14):
        add_turn(app.store, f"Question {number}.", f"Answer {number}.", session_id=talk)
    seen = chatted(app, "/compact", "/expand", "Hello.", "/compact", resume="s1")
    assert "From here on 3 older turns are a summary (s1.1 to s1.3)." in seen
    told = seen.split("/expand", 1)[1]
    assert "My first question." in told
    assert "Answer 3." in told
    assert "Question 4." not in told
    assert "From here on 4 older turns are a summary (s1.1 to s1.4)." in told
    assert app.store.transcripts.session(1).summary
    assert len(app.store.transcripts.turns(1)) == 14


def test_compact_says_why_it_does_nothing(app: App) -> None:
    """Nothing said yet, or no more than stays anyway."""
    seen = chatted(app, "/compact", "/expand", "Hello.", "/compact", "/expand")
    assert "\n  Nothing to fold: this conversation has no message yet." in seen
    assert "error:" not in seen
    assert "Nothing to fold: the model reads 1 turn, and the newest 10 stay as they are." in seen
    assert seen.count("Nothing is folded: the model reads every turn of this conversation.") == 2


@pytest.mark.parametrize("line", ["/compact now", "/expand 1", "/usage x", "/redo 2", "/new talk"])
def test_what_takes_no_argument_refuses_one(app: App, line: str) -> None:
    """Whoever wrote it meant more than the command does: it is said, and nothing is done."""
    name = line.split(maxsplit=1)[0]
    seen = chatted(app, "Hello.", line)
    assert f"error: {name} takes nothing after it.\n  Like this: {name}\n" in seen
    assert seen.count("Nothing") == 0
    assert "begins with your next message" not in seen


def test_an_incognito_chat_is_folded_by_code(app: App, home: Path) -> None:
    """No model sums it up, and no file is made for it."""
    lines = [f"Question {number}." for number in range(1, 13)]
    seen = chatted(app, *lines, "/compact", "/expand", mode=INCOGNITO)
    assert "From here on 2 older turns are a list of what was asked and decided (s1.1 to s1.2)." in seen
    assert "Question 2." in seen.split("/expand", 1)[1]
    assert not app.paths.db.exists()


def test_many_turns_are_counted_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """`8 turns`."""
    assert nothing(a_terminal(monkeypatch), 8, 10) == [
        "  Nothing to fold: the model reads 8 turns, and the newest 10 stay as they are."
    ]
