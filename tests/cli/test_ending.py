"""Being told to go, within one process: raised once, told in words and as an exit code, and over when it is over."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.cli import ending
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.pasted import Line
from memchat.cli.terminal import Screen

from tests.cli.screens import Keys

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows ends programs otherwise")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Signals, and who was told, are the process's."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    with ending.heard():
        pass
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP"])
def test_it_is_raised_once(number: str) -> None:
    """As Ctrl-C is, so that all that a Ctrl-C leaves in order is left in order; a second one changes nothing."""
    kind = signal.Signals[number]
    with ending.heard():
        assert (ending.asked(), ending.exit_code(3)) == (False, 3)
        with pytest.raises(ending.EndedError) as told:
            signal.raise_signal(kind)
        signal.raise_signal(kind)
        assert isinstance(told.value, KeyboardInterrupt)
        assert (ending.asked(), ending.exit_code(0), ending.words()) == (True, 128 + kind, f"Ended by {number}.")
        assert Interrupts().hit()
    assert signal.getsignal(kind) is signal.SIG_IGN


def test_who_is_told_to_go_begins_nothing(app: App) -> None:
    """No summary, of which nobody would see the end, and no job: a chat that goes on with it would do it too early."""
    chat = Conversation(app, ChatRequest(), Screen({"TERM": "dumb"}, stdin=Keys("")), Interrupts())
    chat.say(Line("Please plan the trip to Porto"))
    chat.summing_up.begin()
    with ending.heard():
        with pytest.raises(ending.EndedError):
            signal.raise_signal(signal.SIGTERM)
        chat.leave()
        assert "memchat-background" not in [thread.name for thread in threading.enumerate()]
    chat.close()
    assert app.store.transcripts.session(1).summary == ""
    assert app.store.jobs.listing() == []
    assert app.store.jobs.sweep("the next chat", app.clock.now()) == 1


def test_what_was_not_asked_is_as_before() -> None:
    """Handlers of others are left alone, and ours go when it is over."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with ending.heard():
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is ending._told
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert ending.words() == "Interrupted by Ctrl-C."
    assert not Interrupts().hit()


def test_another_thread_hears_nothing() -> None:
    """Python lets only the main one handle signals."""
    heard: list[object] = []

    def listen() -> None:
        with ending.heard():
            heard.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=listen)
    thread.start()
    thread.join()
    assert heard == [signal.SIG_DFL]


def test_a_system_without_these_signals_has_nothing_to_hear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has no SIGHUP, POSIX no SIGBREAK."""
    monkeypatch.delattr(signal, "SIGHUP")
    with ending.heard():
        assert signal.getsignal(signal.SIGTERM) is ending._told
