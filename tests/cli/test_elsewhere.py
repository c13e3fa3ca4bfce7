"""A conversation in two terminals, and the picker of conversations, without a terminal."""

import io
from collections.abc import Iterator

import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.pasted import Line
from memchat.cli.session_picker import SessionPicker
from memchat.cli.terminal import Screen
from memchat.domain import INCOGNITO, Erasing, Mode
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from tests.builders import add_turn

ANOTHER = "elsewhere:1"  # another computer's process, which nobody can ask whether it lives


def a_chat(app: App, *, resume: str | None = None, mode: Mode | None = None) -> tuple[Conversation, io.StringIO]:
    """A conversation, and what it prints."""
    out = io.StringIO()
    screen = Screen({"TERM": "dumb"}, stdin=io.StringIO(), stdout=out, stderr=out)
    return Conversation(app, ChatRequest(resume=resume, mode=mode, shared=True), screen, Interrupts()), out


def test_what_came_elsewhere_is_shown_once(app: App) -> None:
    """Whole turns, with question and reply; what was there when it was opened is known."""
    add_turn(app.store, "First question.", "First reply.")
    ours, out = a_chat(app, resume="s1")
    assert not ours.elsewhere.waiting()
    theirs, _ = a_chat(app, resume="s1")
    theirs.say(Line("I live in Taipei."))
    assert ours.elsewhere.waiting()
    ours.elsewhere.show()
    assert "s1.2, in another terminal:" in out.getvalue()
    assert "> I live in Taipei." in out.getvalue()
    assert "First" not in out.getvalue()
    told = len(out.getvalue())
    ours.elsewhere.show()
    assert out.getvalue()[told:] == ""
    ours.say(Line("And I like tea."))
    assert not ours.elsewhere.waiting()


def test_a_turn_under_way_is_shown_when_it_is_over(app: App) -> None:
    """Until then nothing of it stands here, and what is sent here waits."""
    session = add_turn(app.store, "First question.", "First reply.").session_id
    ours, out = a_chat(app, resume="s1")
    assert not ours.elsewhere.waiting()
    assert app.store.transcripts.begin_turn(session, ANOTHER)
    add_turn(app.store, "Second question.", "Second reply.", session_id=session)
    assert not ours.elsewhere.waiting()
    app.store.transcripts.end_turn(session, ANOTHER)
    assert ours.elsewhere.wait()
    assert "Second reply." in out.getvalue()


def test_who_does_not_wait_has_the_line_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C: nothing was sent."""
    session = add_turn(app.store, "First question.", "First reply.").session_id
    ours, out = a_chat(app, resume="s1")
    app.store.transcripts.begin_turn(session, ANOTHER)

    def pressed(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", pressed)
    ours.say(Line("Mine."))
    assert ours.draft == Line("Mine.", unsent=True)
    assert "then comes yours." in out.getvalue()
    assert len(app.store.transcripts.turns(session)) == 1


def test_what_was_forgotten_elsewhere_ends_nothing(app: App) -> None:
    """The conversation is gone; the next message begins another."""
    session = add_turn(app.store, "First question.", "First reply.").session_id
    ours, out = a_chat(app, resume="s1")
    assert not ours.elsewhere.waiting()
    app.store.erasure.erase(Erasing(sessions=(session,)), app.clock.now())
    assert not ours.elsewhere.waiting()
    assert ours.elsewhere.wait()
    assert out.getvalue() == ""


def test_a_chat_that_keeps_nothing_looks_nowhere(app: App) -> None:
    """Incognito: there is no other terminal."""
    ours, _ = a_chat(app, mode=INCOGNITO)
    ours.say(Line("Hello"))
    assert not ours.elsewhere.waiting()
    assert ours.elsewhere.wait()


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    """What is pressed in the picker."""
    with create_pipe_input() as pressed, create_app_session(input=pressed, output=DummyOutput()):
        yield pressed


@pytest.mark.parametrize(
    ("pressed", "chosen"),
    [("\r", 0), ("\x1b[B\r", 1), ("jjk\r", 1), ("\x1b[F\r", 11), ("\x1b[F\x1b[H\r", 0), ("\x1b[6~\r", 8), ("q", None)],
)
def test_a_conversation_is_picked_by_keys(app: App, keys: PipeInput, pressed: str, chosen: int | None) -> None:
    """Arrows, letters and pages; Enter takes the one that is marked, q none."""
    for number in range(12):
        add_turn(app.store, f"Question {number}?", f"Answer {number}.")
    chat, _ = a_chat(app)
    found = app.store.transcripts.sessions()
    keys.send_text(pressed)
    assert SessionPicker(chat, found).pick() == (None if chosen is None else found[chosen])


def test_the_picker_shows_the_end_of_what_is_marked(app: App) -> None:
    """Its last question and reply, always in as many rows."""
    add_turn(app.store, "What is a burst?", "Some requests at once. " * 30)
    add_turn(app.store, "茶好嗎？", "好。")
    chat, _ = a_chat(app)
    picker = SessionPicker(chat, app.store.transcripts.sessions())
    first = "".join(text for _, text, *_ in picker._shown())
    picker._move(1)(None)
    second = "".join(text for _, text, *_ in picker._shown())
    assert "> 茶好嗎？" in first
    assert "What is a burst?" in second
    assert first.count("\n") == second.count("\n")
