"""What stands above the first prompt: the last conversation, what was learned since, what failed."""

import io
import os
from datetime import timedelta

import pytest
from memchat.bootstrap import App, ChatRequest, open_app
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.slash import find
from memchat.cli.slash_commands import COMMANDS
from memchat.cli.slash_commands import run as run_command
from memchat.cli.terminal import Screen
from memchat.cli.welcome import last_exchange, welcome
from memchat.domain import INCOGNITO, NO_LEARN, JobStatus, Memory, MemoryStatus, Mode, NewMemory, Origin, Source
from memchat.memory.consolidate import VERSION

from tests.builders import add_turn
from tests.cli.screens import terminal, widest

SUMMARY = "Wanted: a table of limits.\nResolved: paid keys get 100.\nPending: tell Ines about trial keys."


def lines(app: App, screen: Screen, *, mode: Mode | None = None, resume: str | None = None) -> list[str]:
    """What the welcome says besides the version and the invitation."""
    chat = Conversation(app, ChatRequest(mode=mode, resume=resume), screen, Interrupts())
    said = welcome(chat, greet=False)
    chat.close()
    return [" ".join(line.split()) for line in said[:-2] if line]


def talk(app: App, *, days: int = 0, title: str = "The rate-limit table", summary: str = SUMMARY) -> None:
    """A conversation so many days ago."""
    turn = add_turn(app.store, "Please make a table of limits", at=app.clock.now() - timedelta(days=days))
    app.store.transcripts.entitle(turn.session_id, title)
    app.store.transcripts.summarise(turn.session_id, summary, ())


def learn(app: App, text: str, status: MemoryStatus = MemoryStatus.ACTIVE) -> Memory:
    """As if a consolidation had kept it."""
    now = app.clock.now()
    source = Source(Origin.TYPED, now, f"{text}!", 1, 1, prompt_version=VERSION)
    return app.store.memories.add(NewMemory(text, source, status=status), now)


def test_the_first_start_has_nothing_to_tell(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """No empty headings."""
    assert lines(app, terminal(monkeypatch, 80)) == []


def test_the_last_conversation_is_told_with_what_is_pending(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its title, or without one what was wanted, or what was asked."""
    screen = terminal(monkeypatch, 80)
    talk(app)
    assert lines(app, screen) == ["Last time: The rate-limit table; pending: tell Ines about trial keys."]
    talk(app, title="")
    assert lines(app, screen) == ["Last time: a table of limits; pending: tell Ines about trial keys."]
    talk(app, title="", summary="")
    assert lines(app, screen) == ["Last time: Please make a table of limits"]
    talk(app, summary="Wanted: a table of limits.")
    assert lines(app, screen) == ["Last time: The rate-limit table"]


def test_the_last_conversation_takes_two_lines_at_most(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it was, in Chinese too, whatever signs are in it."""
    long = "把費率表的每一列都寫完，再請伊內絲看過試用金鑰的限制，" * 8
    talk(app, title=long, summary=f"Wanted: {long}\nPending: {long}\x1b[2J")
    for columns in (20, 40, 80):
        chat = Conversation(app, ChatRequest(), terminal(monkeypatch, columns), Interrupts())
        said = [line for line in welcome(chat, greet=False) if line][:2]
        assert said[0].startswith("  Last time: ")
        assert said[1].endswith("…")
        assert widest(said) <= columns
        assert "\x1b" not in "".join(said)
        if columns == 80:
            assert "pending:" in "".join(said)
        chat.close()


@pytest.mark.parametrize(("days", "word"), [(0, "last time"), (1, "yesterday")])
@pytest.mark.parametrize(("resume", "mode"), [(None, None), ("", None), (None, NO_LEARN)])
def test_what_was_learned_since_is_counted_once(
    app: App, monkeypatch: pytest.MonkeyPatch, days: int, word: str, resume: str | None, mode: Mode | None
) -> None:
    """From the day of the last conversation; before -c's last words, too. The next start does not say it again."""
    screen = terminal(monkeypatch, 80)
    talk(app, days=days)
    for text in ("likes tea", "bakes with rye", "sings bass"):
        learn(app, text)
    learn(app, "treats children", MemoryStatus.PENDING)
    wanted = f"Since {word}: 3 learned (m1 to m3), 1 waits for you. /memory new"
    assert lines(app, screen, resume=resume, mode=mode)[0] == wanted
    assert not [line for line in lines(app, screen, resume=resume, mode=mode) if "Since" in line]


def test_what_was_counted_is_listed_in_that_chat(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """`/memory new`, once; what was taken back or replaced meanwhile is left out."""
    screen = terminal(monkeypatch, 80)
    talk(app)
    for text in ("likes tea", "bakes with rye"):
        learn(app, text)
    chat = Conversation(app, ChatRequest(), screen, Interrupts())
    assert "2 learned" in welcome(chat, greet=False)[0]
    app.store.memories.withdraw(1, app.clock.now())
    for _ in range(2):
        run_command(chat, find("memory", COMMANDS), "new")
        assert isinstance(screen.stdout, io.StringIO)
        assert screen.stdout.getvalue().count("bakes with rye") == 1
    assert isinstance(screen.stdout, io.StringIO)
    assert "likes tea" not in screen.stdout.getvalue()
    chat.close()


def test_what_failed_is_told_with_where_to_look(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for all of it; what only waits is nobody's trouble."""
    screen, jobs = terminal(monkeypatch, 80), app.store.jobs
    for _ in range(3):
        talk(app)
    jobs.sweep("elsewhere:1", app.clock.now())
    assert not [line for line in lines(app, screen) if "doctor" in line]
    for wanted in ("1 conversation could", "2 conversations could"):
        job = jobs.lease(app.owner, app.clock.now())
        assert job is not None
        jobs.fail(job, "the answer could not be read")
        assert lines(app, screen)[-1].startswith(f"{wanted} not be summed up: memchat doctor")
    assert len(jobs.listing((JobStatus.FAILED,))) == 2


def test_a_mode_is_told_no_more_than_it_may(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Conversations only: what it was called. Incognito: nothing."""
    screen = terminal(monkeypatch, 80)
    talk(app)
    learn(app, "likes tea")
    assert lines(app, screen, mode=INCOGNITO) == []
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "false")
    other = open_app(os.environ)
    assert lines(other, screen) == ["Last time: The rate-limit table"]
    assert lines(other, screen, resume="") == [
        "s1 The rate-limit table, 1 turn",
        "> Please make a table of limits",
        "Hello!",
    ]
    other.close()


def test_a_conversation_gone_on_with_shows_what_was_pending(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below its title, above its newest turn; before there is a conversation there is nothing."""
    screen = terminal(monkeypatch, 80)
    talk(app)
    assert lines(app, screen, resume="s1") == [
        "s1 The rate-limit table, 1 turn",
        "pending: tell Ines about trial keys.",
        "> Please make a table of limits",
        "Hello!",
    ]
    chat = Conversation(app, ChatRequest(), screen, Interrupts())
    assert last_exchange(chat) == []
    chat.close()


def test_listed_news_are_no_news(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """`/memory new` tells all of it, in any case and width; what waits goes on waiting."""
    screen = terminal(monkeypatch, 80)
    talk(app)
    learn(app, "likes tea")
    learn(app, "treats children", MemoryStatus.PENDING)
    chat = Conversation(app, ChatRequest(), screen, Interrupts())
    run_command(chat, find("memory", COMMANDS), "ＮＥＷ")
    assert isinstance(screen.stdout, io.StringIO)
    shown = screen.stdout.getvalue()
    assert "likes tea" in shown
    assert "treats children" in shown
    assert app.store.memories.untold() == []
    run_command(chat, find("memory", COMMANDS), "new")
    again = screen.stdout.getvalue().removeprefix(shown)
    assert "likes tea" not in again
    assert "treats children" in again
    chat.close()
    assert not [line for line in lines(app, screen) if "Since" in line]
